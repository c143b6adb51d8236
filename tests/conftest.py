"""Tests are a package beside the sources: `tests.strategies` is importable from everywhere."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
