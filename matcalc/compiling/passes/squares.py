"""Sums of squares of what has more axes than any of its terms: Σ_k (x_ik - y_jk)^2 by a product of matrices, in n² and not n² d."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement

from matcalc.compiling.passes.fragile import fragile_values
from matcalc.compiling.planning.contracting.contraction import Contractor
from matcalc.compiling.planning.contracting.terms import STACK, Factor, TermAlgebra
from matcalc.compiling.planning.plan import Costs
from matcalc.compiling.planning.program import BATCH, Program, Value, needed

__all__ = ["opened_squares"]

#: The axes of the whole that a term has.
Places = tuple[int, ...]
#: A value, its coefficient, and where it stands.
Part = tuple[Value, Fraction, Places]


def opened_squares(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs, with sums of squares of differences of pairs as squares less products.

    Where a function magnifies small values of the sum, as a root does, the differences stay: their digits are lost otherwise.
    """
    values = needed(outputs)
    fragile = fragile_values(values)
    new: dict[Value, Value] = {}
    for v in values:
        parts = _parts(v) if v not in fragile else None
        if parts is None:
            new[v] = program.emit(v.op, [new[a] for a in v.args], v.data, v.axes)
        else:
            new[v] = _distributed(program, v, [(new[value], c, places) for value, c, places in parts])
    return [new[v] for v in outputs]


# --- which ones -----------------------------------------------------------------------------------------


def _parts(v: Value) -> list[Part] | None:
    """The terms of what is squared and summed, if none of them has all of its axes but each those of the sum."""
    root = _root(v.args[0]) if v.op == "sum" else None
    if root is None or root.op != "combine" or len(root.args) < 2:
        return None
    found: list[Part] = []
    for a, c in zip(root.args, root.data, strict=True):
        value, places = _laid(a, root.rank)
        if len(places) in (0, root.rank) or not set(v.data) <= set(places) or any(d.is_one for d in value.axes):
            return None
        found.append((value, c, places))
    return found


def _root(v: Value) -> Value | None:
    """x where the value is x²"""
    if v.op == "power" and v.data[0] == 2:
        return v.args[0]
    return v.args[0] if v.op == "times" and len(v.args) == 2 and v.args[0] is v.args[1] else None


def _laid(a: Value, rank: int) -> tuple[Value, Places]:
    """An operand without its axes of size 1, and the axes of the result at which it stands."""
    before = rank - a.rank
    if a.op == "expand":
        return a.args[0], tuple(before + k for k, place in enumerate(a.data) if place)
    return a, tuple(range(before, rank))


# --- and how --------------------------------------------------------------------------------------------


def _distributed(program: Program, v: Value, parts: Sequence[Part]) -> Value:
    """Σ_S (Σ_p g_p)^2 = Σ_p Σ_S g_p^2 + 2 Σ_p<q Σ_S g_p g_q"""
    algebra = TermAlgebra(program)
    whole = v.args[0].axes
    names = [STACK if d == BATCH else algebra.index(d) for d in whole]
    contractor = Contractor(algebra, Costs({}))
    kept = [name for k, name in enumerate(names) if k not in v.data]
    groups = [(g, c, tuple(names[k] for k in places)) for g, c, places in _shifted(program, v, _groups(program, parts))]
    pairs = []
    for (g, c, left), (h, e, right) in combinations_with_replacement(groups, 2):
        product = contractor.contract([Factor(g, left), Factor(h, right)], kept)
        pairs.append((contractor.broadcast(product, kept), c * e * (1 if g is h and left == right else 2)))
    return program.combine(pairs, v.axes)


def _groups(program: Program, parts: Sequence[Part]) -> list[Part]:
    """One part for each set of axes."""
    found: dict[Places, list[tuple[Value, Fraction]]] = defaultdict(list)
    for value, c, places in parts:
        found[places].append((value, c))
    groups = sorted(found.items())
    return [
        (*pairs[0], places) if len(pairs) == 1 else (program.combine(pairs), Fraction(1), places)
        for places, pairs in groups
    ]


def _shifted(program: Program, v: Value, groups: list[Part]) -> list[Part]:
    """x_i - y_j as (x_i - x_1) - (y_j - x_1): no digit is lost where all of them are far from 0."""
    if len(groups) != 2 or groups[0][1] != -groups[1][1] or any(len(p) != len(v.data) + 1 for _, _, p in groups):
        return groups
    x, _, places = groups[0]
    (axis,) = (k for k, place in enumerate(places) if place not in v.data)
    first = program.take(x, axis, 1)
    return [(_less(program, g, first, [p in v.data for p in at]), c, at) for g, c, at in groups]


def _less(program: Program, g: Value, first: Value, summed: Sequence[bool]) -> Value:
    return program.combine([(g, Fraction(1)), (program.expand(first, summed), Fraction(-1))], g.axes)
