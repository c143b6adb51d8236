"""The strings of a table's rows, read from its file: the values beside them may need libraries that are not there."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "extensions"))

__all__ = ["rows_of"]


def rows_of(file: str, name: str) -> list[tuple[str, ...]]:
    """(source, function, variable, declarations) of each row."""
    from gallery import table

    return [(row.source, row.text, row.wrt, row.where) for _, rows in table(file, name) for row in rows]
