"""Which rows and columns the unit columns of indices pick in a product, and relations between indices."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.expr import Dim, Index, Node

__all__ = ["MASKS", "TURNED", "Condition", "Place", "column_place", "condition_of", "row_place", "whole_place"]

#: An index or the number of a row, and how many factors it takes.
Place = tuple[str, int]


def row_place(chain: Sequence[Node], start: int = 0) -> Place | None:
    """The place of e_i^T and e_t^T S in a product, which pick a row of what follows."""
    first = chain[start]
    if first.op != "transpose" or first.args[0].op not in ("at", "unit"):
        return None
    if first.args[0].op == "at" and start + 1 < len(chain) and chain[start + 1].op == "selector":
        return _shifted(first.args[0], chain[start + 1]), 2
    return _place(first.args[0]), 1


def column_place(chain: Sequence[Node], start: int) -> Place | None:
    """The place of e_i and S^T e_t in a product, which pick a column of what precedes."""
    first = chain[start]
    if first.op in ("at", "unit"):
        return _place(first), 1
    if first.op == "transpose" and first.args[0].op == "selector" and start + 1 < len(chain):
        following = chain[start + 1]
        return (_shifted(following, first.args[0]), 2) if following.op == "at" else None
    return None


def _place(unit: Node) -> str:
    index = unit.data[0]
    return str(index.name if isinstance(index, Index) else index)


def _shifted(unit: Node, selector: Node) -> str:
    offset: Dim = selector.data[0]
    return _place(unit) if offset.value == 0 else f"{_place(unit)}+{offset}".replace(" ", "")


#: relation of row and column -> the mask that is 1 where it holds
MASKS = {
    "<": "strictly_upper",
    ">": "strictly_lower",
    "<=": "upper",
    ">=": "lower",
    "!=": "off_diagonal",
}
_RELATIONS = {pattern: sign for sign, pattern in MASKS.items()}
#: A relation read from its right side.
TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "!=", "=": "="}


#: Left side, sign, right side.
Condition = tuple[str, str, str]


def condition_of(chain: Sequence[Node]) -> Condition | None:
    """i = j of e_i^T e_j, i < j of e_i^T M e_j with the mask M of the upper triangle."""
    row = row_place(chain)
    if row is None or chain[0].args[0].op != "at" or row[1] >= len(chain):
        return None
    middle = chain[row[1]]
    place = row[1] + (middle.upright.op == "mask")
    column = column_place(chain, place) if place < len(chain) else None
    if column is None or place + column[1] < len(chain):
        return None
    if middle.upright.op != "mask":
        return row[0], "=", column[0]
    sign = _RELATIONS.get(middle.upright.data[0])
    return (row[0], TURNED[sign] if middle.op == "transpose" else sign, column[0]) if sign else None


def whole_place(chain: Sequence[Node]) -> str | None:
    """t+1 of S^T e_t and of its transpose, which pick nothing."""
    for place in (row_place(chain), column_place(chain, 0)):
        if place is not None and place[1] == len(chain) > 1:
            return place[0]
    return None
