"""Members and sums at the end of inference: the arrays that hold families, and what is written into the typed tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matcalc.expr import Dim, Index
from matcalc.language.declarations import Declaration
from matcalc.language.indices.ranges import Family, Related, Summed, array_of, index_of, of_members, range_of, use_of

if TYPE_CHECKING:
    from matcalc.language.meaning.items import Item, Program
    from matcalc.language.sizes.shapes import Shapes

__all__ = ["declared_array", "indexed", "is_power_of_size"]


def declared_array(
    program: Program, family: Family, shapes: Shapes, final: Mapping[str, Dim], known: Mapping[str, Declaration]
) -> Declaration:
    """The array that holds the members of a family."""
    letters = (program.bounds[p.bound].letter if p.bound is not None else "" for p in family.member.places)
    member = (family.member.base, *letters)
    if family.array is not None and family.declared is None:
        family.sizes = [shapes.sizes.resolve(d).substitute(final) for d in family.sizes]
        rows, cols = (shapes.sizes.resolve(d).substitute(final) for d in shapes.names[family.twins[family.array]])
        if cols.is_one:
            return Declaration(family.array, "vector", (rows,), of_members(family), True, member=member)
        return Declaration(family.array, "matrix", (rows, cols), of_members(family), True, member=member)
    shape = family.data.shape if isinstance(family.data, Declaration) else shapes.names[family.data]
    rows, cols = (shapes.sizes.resolve(d).substitute(final) for d in shape)
    sizes = tuple(shapes.sizes.resolve(d).substitute(final) for d in family.sizes)
    taken = {
        *program.order,
        *program.dimension_names,
        *program.definitions,
        *known,
        *(str(d) for d in final.values()),
    }
    array = array_of(family, (rows, cols), sizes, taken - {family.name})
    family.array, family.sizes = array.name, list(sizes)
    return replace(array, member=member)


def indexed(program: Program, item: Item, shapes: Shapes, size: Callable[[Dim], Dim]) -> tuple[str, Any]:
    """What a member, a sum or an index is in the typed tree."""
    ranges = {number: size(range_of(shapes, number)) for number in range(len(program.bounds))}
    indices = [index_of(program, number, ranges[number]) for number in ranges]
    value = item.node.value
    match item.kind:
        case "total":
            related = tuple(_related(program, r.sign, int(r.left), int(r.right), indices) for r in value.relations)
            return "total", Summed(tuple(indices[n] for n in value.bound), related)
        case "at":
            return "at", indices[value]
        case "place":
            return "place", (indices[value], program.bounds[value].first)
        case "same":
            return "same", _related(program, value.sign, int(value.left), int(value.right), indices)
        case "count":
            return "dimension", ranges[value]
    family = program.families[value.base, len(value.places)]
    assert family.array is not None, "arrays are named before their members"
    return "member", use_of(program, family, value, family.array, tuple(family.sizes), ranges)


def _related(program: Program, sign: str, left: int, right: int, indices: list[Index]) -> Related:
    more = program.bounds[left].first - program.bounds[right].first
    return Related(sign, indices[left], indices[right], more)


def is_power_of_size(program: Program, item: Item) -> bool:
    r"""(1 + y)^T of a number beside \sum_{t=1}^T, where T is the number of steps and nothing is transposed."""
    return (
        "T" in program.dimension_names
        and re.search(r"\^\s*\{?\s*T\s*\}?\s*$", program.text[slice(*item.node.span)]) is not None
    )
