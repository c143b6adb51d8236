"""Names in code that are one row or one column: those that are declared so, and those that stand beside every row of a matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from types import MappingProxyType

from matcalc.language.foreign.code import Code, Fault
from matcalc.language.foreign.common.functions import transposed

__all__ = ["as_row", "declared_line", "lines_declared", "only_rows", "rows_taken", "unoriented"]

_lines: ContextVar[Mapping[str, str]] = ContextVar("names of rows and columns", default=MappingProxyType({}))
_rows: ContextVar[list[Code] | None] = ContextVar("names that are read as rows", default=None)


@contextmanager
def lines_declared(lines: Mapping[str, str]) -> Iterator[None]:
    """Within it these names are rows, r, or columns, c."""
    token = _lines.set(lines)
    try:
        yield
    finally:
        _lines.reset(token)


def declared_line(name: str) -> str | None:
    """The axes of a name that is declared as one row or one column."""
    return _lines.get().get(name)


@contextmanager
def rows_taken() -> Iterator[list[Code]]:
    """The names that are read as rows within it."""
    found: list[Code] = []
    token = _rows.set(found)
    try:
        yield found
    finally:
        _rows.reset(token)


def as_row(code: Code) -> Code:
    """The name of a vector beside every row of a matrix."""
    found = _rows.get()
    if found is not None:
        found.append(code)
    return replace(transposed(code, code.span), axes="r")


def only_rows(rows: Sequence[Code], body: str) -> tuple[str, ...]:
    """The names that were read as rows. Raises Fault for one that stands elsewhere, too: there it would be a column."""
    places = {(code.text, code.span) for code in rows}
    for code in rows:
        uses = len(re.findall(rf"(?<![\w.]){re.escape(code.text)}\b", body))
        if uses > sum(name == code.text for name, _ in places):
            raise unoriented(code)
    return tuple(dict.fromkeys(code.text for code in rows))


def unoriented(code: Code) -> Fault:
    """The error for a name of which nothing tells whether it is a row."""
    name = code.text
    hint = f"write {name}(:)' for a row, {name}(:) for a column"
    return Fault(f"{name} may be a row or a column here", code.span, hint)
