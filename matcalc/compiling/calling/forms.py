"""Compilation of a derivative into a linear map instead of its array: by its products, or by its structure."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.calculus import Reading
from matcalc.compiling.planning.contracting.terms import STACK, Factor, Indices, Term
from matcalc.compiling.planning.plan import Planner
from matcalc.compiling.planning.program import Value, needed
from matcalc.errors import UnsupportedError
from matcalc.expr import Node

__all__ = ["Layout", "boundary", "check_map", "structured_parts"]

#: For each part its kind, and for each of its arrays the place among the outputs or None for an identity.
Layout = list[tuple[str, tuple[int | None, ...]]]


#: Kinds of parts that multiply from both sides.
SANDWICHES = ("kronecker", "swapped")


def check_map(reading: Reading) -> Node:
    """The one direction of a derivative that is a linear map of its variable into itself."""
    if len(reading.directions) == 1 and reading.directions[0].is_row:
        raise UnsupportedError("a row has no linear map of its own", hint="declare its transpose, a vector")
    if len(reading.directions) != 1 or reading.operator.shape != reading.directions[0].shape:
        raise UnsupportedError(
            "only the second derivative of a scalar by one array is a linear map of its variable",
            hint='use form="dense"',
        )
    return reading.directions[0]


def boundary(outputs: Sequence[Value], moving: str) -> list[Value]:
    """The values that do not depend on one input but are needed beside it: they are computed once for a point."""
    values = needed(outputs)
    depends: set[Value] = set()
    for v in values:
        if (v.op == "input" and v.data[0] == moving) or any(a in depends for a in v.args):
            depends.add(v)
    ready = {a for v in depends for a in v.args if a not in depends}
    ready.update(v for v in outputs if v not in depends)
    return sorted((v for v in ready if v.op not in ("number", "size", "constant")), key=lambda v: v.number)


def structured_parts(planner: Planner, operator: Node, direction: Node) -> tuple[list[Value], Layout] | None:
    """Arrays of the parts, and how they are put together; None where a term has no such form."""
    values: list[Value] = []
    layout: Layout = []
    for term in planner.operator_terms(operator, [direction]):
        part = _part(planner, term)
        if part is None:
            return None
        kind, arrays = part
        places: list[int | None] = []
        for array in arrays:
            places.append(None if array is None else len(values))
            if array is not None:
                values.append(array)
        layout.append((kind, tuple(places)))
    return values, layout


def _part(planner: Planner, term: Term) -> tuple[str, list[Value | None]] | None:
    term = planner.contractor.settled(term)
    ((_, i, j),) = term.directions
    a, b = term.rows, term.cols
    arrays = [f for f in term.factors if f.indices]
    scalar = [Factor(f.value, ()) for f in term.factors if not f.indices]
    scalar.append(Factor(planner.program.number(term.coefficient), ()))
    if any(STACK in f.indices for f in term.factors) or any(len(side) > 1 for side in (a, b, i, j)):
        return None
    match = _matched(a, b, i, j, [set(f.indices) for f in arrays])
    if match is None:
        return None
    kind, groups = match
    built: list[Value | None] = []
    for number, (indices, members) in enumerate(groups):
        own = [arrays[k] for k in members] + (scalar if number == _smallest(groups) else [])
        if not members and _is_square(indices) and kind in SANDWICHES and number != _smallest(groups):
            built.append(None)
        else:
            built.append(_array(planner, own, indices, kind))
    return kind, built


def _smallest(groups: Sequence[tuple[Indices, list[int]]]) -> int:
    """The group that takes the scalars: the last one that has an array, else the last."""
    filled = [k for k, (_, members) in enumerate(groups) if members]
    return filled[-1] if filled else len(groups) - 1


def _array(planner: Planner, own: list[Factor], indices: Indices, kind: str) -> Value:
    """The array of a group; a factor from the left or right that is a multiple of the identity is that number."""
    distinct = list(dict.fromkeys(indices))
    compact = planner.contractor.contract(own, distinct)
    value = planner.contractor.broadcast(compact, distinct) if compact.indices else compact.value
    if _is_square(indices):
        if kind in SANDWICHES and not compact.indices:
            return value
        size = planner.algebra.sizes[indices[0]]
        return planner.program.spread(value, (0, 0), (size, size))
    if kind != "diagonal" and len(distinct) > len(compact.indices):
        axes = tuple(planner.algebra.sizes[i] for i in distinct)
        return planner.program.emit("broadcast", (value,), (), axes)
    return value


def _is_square(indices: Indices) -> bool:
    """One index for rows and columns: a diagonal matrix."""
    return len(indices) == 2 and len(set(indices)) == 1


def _matched(
    a: Indices, b: Indices, i: Indices, j: Indices, held: list[set[int]]
) -> tuple[str, list[tuple[Indices, list[int]]]] | None:
    """The kind of a term, and which arrays belong to which of its groups of axes."""
    candidates: list[tuple[str, list[Indices]]] = []
    if a == i and b == j:
        candidates.append(("diagonal", [(*a, *b)]))
    if b or j:
        candidates += [("kronecker", [(*a, *i), (*b, *j)]), ("swapped", [(*a, *j), (*b, *i)])]
    candidates.append(("low_rank", [(*a, *b), (*i, *j)]))
    if not b and not j:
        candidates.append(("dense", [(*a, *i)]))
    for kind, groups in candidates:
        sets = [set(g) for g in groups]
        if len(sets) == 2 and sets[0] & sets[1]:
            continue
        members = [[k for k, h in enumerate(held) if h <= s] for s in sets]
        if sum(map(len, members)) == len(held):
            return kind, list(zip(groups, members, strict=True))
    return None
