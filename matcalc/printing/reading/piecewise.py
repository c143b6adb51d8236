"""Relations and cases as layouts: ``x > 0`` in a condition, ``(x > 0)`` as entries 0 and 1, nested choices as one list."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from matcalc.printing.layout import Layout, lay

__all__ = ["cases", "in_line", "indicator"]

#: relation -> (its sign, the sign with the sides exchanged)
_SIGNS = {"greater": (">", "<"), "at_least": (">=", "<="), "equals": ("==", "=="), "differs": ("!=", "!=")}


def _sides(name: str, left: Layout, right: Layout) -> tuple[Layout, str, Layout]:
    """A number or a name beside something longer stands on the right: x < 0, abs(x) <= c."""
    sign, exchanged = _SIGNS[name]
    turned = left.degree == 0 < right.degree or (left.depth == 1 < right.depth and right.degree > 0)
    return (right, exchanged, left) if turned else (left, sign, right)


def indicator(name: str, left: Layout, right: Layout) -> Layout:
    """(x > 0), with the entries 0 and 1"""
    first, sign, second = _sides(name, left, right)
    return lay("indicator", first, second, value=(sign,))


def _condition_of(layout: Layout) -> Layout:
    """The layout of a value as that of a condition: entries 0 and 1 as the relation."""
    match layout.kind:
        case "indicator":
            return lay("relation", *layout.parts, value=layout.value)
        case "hadamard" | "product" if all(part.kind == "indicator" for part in layout.parts):
            return _all_of([_condition_of(part) for part in layout.parts])
        case "cases" if _is_disjunction(layout):
            return lay("disjunction", *layout.parts[1::2], _condition_of(layout.parts[-1]))
    return layout


def _all_of(relations: list[Layout]) -> Layout:
    """a < x and x <= b is a < x <= b"""
    chained = _chained(*relations) if len(relations) == 2 else None
    return chained if chained is not None else lay("conjunction", *relations)


def _chained(one: Layout, other: Layout) -> Layout | None:
    for before, after in ((one, other), (other, one)):
        for first, second in product(_both_ways(before), _both_ways(after)):
            if first.parts[1] is second.parts[0] and {"<", "<="}.issuperset((*first.value, *second.value)):
                return lay("relation", *first.parts, second.parts[1], value=(*first.value, *second.value))
    return None


def _both_ways(relation: Layout) -> list[Layout]:
    exchanged = {sign: other for pair in _SIGNS.values() for sign, other in (pair, pair[::-1])}
    return [relation, lay("relation", *relation.parts[::-1], value=(exchanged[relation.value[0]],))]


def _is_disjunction(layout: Layout) -> bool:
    """1 if a, 1 if b, else the entries 0 and 1 of c: a or b or c"""
    values = layout.parts[:-1:2]
    return all(v.kind == "number" and v.value == 1 for v in values) and layout.parts[-1].kind == "indicator"


def cases(condition: Layout, value: Layout, other: Layout) -> Layout:
    """A choice; one in its other value goes on with the list."""
    further = other.parts if other.kind == "cases" else (other,)
    return lay("cases", value, _condition_of(condition), *further)


def in_line(parts: list[str], signs: tuple[str, ...], shown: Mapping[str, str]) -> str:
    """a < x <= b, with the signs of a notation"""
    return parts[0] + "".join(f" {shown.get(s, s)} {part}" for s, part in zip(signs, parts[1:], strict=True))
