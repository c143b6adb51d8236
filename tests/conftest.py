"""Tests are a package beside the sources: `tests.strategies` is importable from everywhere."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.machine import asked_for


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave long sweeps to `.ci/run`, but for a slice of each."""
    items[:], left = asked_for(items)
    config.hook.pytest_deselected(items=left)
