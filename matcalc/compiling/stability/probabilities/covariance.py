"""diag(p) - p p^T for probabilities p: its diagonal p_i (1 - p_i) as p_i Σ p_j, since 1 - p_i may have no digit left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import prod

from matcalc.compiling.planning.contracting.terms import STACK, Factor, Indices, Term, TermAlgebra
from matcalc.compiling.planning.program import Program, Value

__all__ = ["with_covariances"]

Flat = Callable[[Term], list[int]]


def with_covariances(algebra: TermAlgebra, terms: list[Term], flat: Flat) -> list[Term]:
    """The terms, with c δ_ij p_i - c p_i p_j as one term wherever p sums to 1.

    Of 2 p_i p_j p_k in a third derivative each half goes with another term.
    """
    if not algebra.program.unit_totals:
        return terms
    left = [_joined(algebra.program, _with_numbers(term)) for term in terms]
    for outer in tuple(left):
        for first, second in _probabilities(algebra.program, outer):
            diagonal = next((t for t in left if _matches(t, outer, first, second, flat)), None)
            if diagonal is None or outer not in left:
                continue
            left.remove(diagonal)
            place = left.index(outer)
            left[place] = _merged(algebra, replace(outer, coefficient=-diagonal.coefficient), first, second)
            outer = replace(outer, coefficient=outer.coefficient + diagonal.coefficient)
            if not outer.coefficient:
                break
            left.insert(place + 1, outer)
    return left


def _with_numbers(term: Term) -> Term:
    """The term with numbers among its factors as part of its coefficient."""
    numbers = [f.value.data[0] for f in term.factors if f.value.op == "number"]
    others = tuple(f for f in term.factors if f.value.op != "number")
    return replace(term, coefficient=prod(numbers, start=term.coefficient), factors=others) if numbers else term


def _joined(program: Program, term: Term) -> Term:
    """The term with weights and what they weigh as one factor, where they are probabilities together."""
    factors = list(term.factors)
    for parts in (p for p in program.unit_totals if len(p) > 1):
        for first in [f for f in factors if f.value in parts]:
            second = next((g for g in factors if {g.value, first.value} == parts and g.indices == first.indices), None)
            if second is not None and first in factors:
                factors.remove(first)
                factors.remove(second)
                factors.append(Factor(program.times(first.value, second.value), first.indices))
    return replace(term, factors=tuple(factors))


def _probabilities(program: Program, term: Term) -> list[tuple[Factor, Factor]]:
    """Pairs p[…, i], p[…, j] among the factors, for probabilities p along the last axis."""
    found = []
    for k, a in enumerate(term.factors):
        for b in term.factors[k + 1 :]:
            same = a.value is b.value and a.indices[:-1] == b.indices[:-1] and a.indices != b.indices
            if same and program.has_unit_total(a.value):
                found.append((a, b))
    return found


def _matches(term: Term, outer: Term, first: Factor, second: Factor, flat: Flat) -> bool:
    """Whether the term is -d δ_ij p_i … for the outer term c p_i p_j …, with d between 0 and c"""
    i, j = first.indices[-1], second.indices[-1]
    ours, theirs = flat(term), flat(outer)
    if not 0 < -term.coefficient / outer.coefficient <= 1:
        return False
    if i not in theirs or j not in theirs or len(ours) != len(theirs):
        return False

    def merged(index: int) -> int:
        return i if index == j else index

    names: dict[int, int] = {STACK: STACK}
    for own, other in zip(ours, theirs, strict=True):
        if names.setdefault(own, merged(other)) != merged(other):
            return False
    if len(set(names.values())) < len(names) or any(x not in names for f in term.factors for x in f.indices):
        return False
    found = sorted((f.value.number, tuple(names[x] for x in f.indices)) for f in term.factors)
    others = [f for f in outer.factors if f is not second]
    return found == sorted((f.value.number, tuple(merged(x) for x in f.indices)) for f in others)


def _merged(algebra: TermAlgebra, outer: Term, first: Factor, second: Factor) -> Term:
    indices: Indices = (*first.indices, second.indices[-1])
    value = _covariance(algebra.program, first.value)
    others = tuple(f for f in outer.factors if f is not first and f is not second)
    return replace(outer, coefficient=-outer.coefficient, factors=(*others, Factor(value, indices)))


def _covariance(program: Program, p: Value) -> Value:
    """diag(p) - p p^T along the last axis"""
    n, leading = p.axes[-1], [True] * (p.rank - 1)
    product = program.times(program.expand(p, [*leading, True, False]), program.expand(p, [*leading, False, True]))
    apart = program.times(product, program.leaf("mask", (n, n), "off_diagonal"))
    totals = program.sum(apart, (p.rank,))
    pattern = (*range(p.rank), p.rank - 1)
    return program.spread(totals, pattern, apart.axes, program.combine([(apart, Fraction(-1))]))
