"""LaTeX of sums over indices, of members and relations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.printing.layout import Layout
from matcalc.printing.notations.writer import Row, Writer

__all__ = ["CONSTANTS", "INDEX_ROWS", "RELATIONS", "index_text", "sum_sign"]

CONSTANTS = {"pi": r"\pi", "j": r"\mathrm{j}"}
RELATIONS = {">=": r"\ge", "<=": r"\le", "!=": r"\ne", "==": "="}


def index_text(size: object) -> str:
    """A size as a subscript."""
    return re.sub(r"min\((\w+),\s*(\w+)\)", r"\\min(\1, \2)", str(size).replace("*", " "))


def _member(writer: Writer, layout: Layout) -> str:
    return f"{writer.part(layout, 0)}_{{{_places(layout.value)}}}"


def _places(places: Sequence[str]) -> str:
    return ("" if all(len(place) == 1 for place in places) else ", ").join(places)


def _condition(writer: Writer, layout: Layout) -> str:
    left, sign, right = layout.value
    if sign == "=":
        return rf"\delta_{{{_places((left, right))}}}"
    return rf"\mathbb{{1}}[{left} {RELATIONS.get(sign, sign)} {right}]"


def sum_sign(layout: Layout) -> str:
    r"""\sum_{i=1}^{n}, \sum_{i,j}, \sum_{i < j}"""
    ranges, condition = layout.value
    if condition:
        left, sign, right = condition
        return rf"\sum_{{{left} {RELATIONS.get(sign, sign)} {right}}}"
    if len(ranges) == 1 or any(shown for _, _, shown in ranges):
        return " ".join(rf"\sum_{{{letter}=1}}^{{{index_text(size)}}}" for letter, size, _ in ranges)
    return rf"\sum_{{{', '.join(letter for letter, _, _ in ranges)}}}"


# fmt: off
INDEX_ROWS: dict[str, Row] = {
    "at":                lambda writer, layout: rf"\mathrm{{e}}_{{{layout.value}}}",
    "member":            _member,
    "condition":         _condition,
    "total":             lambda writer, layout: f"{sum_sign(layout)} {writer.part(layout, 0)}",
}
# fmt: on
