"""What is wrong with a claimed derivative: the tests in their order, each of one mistake that people make.

Each test compares the claim with the engine's derivative in the claim's own form. Tests of values use random points, and
points at which some matrix happens to be symmetric, definite, diagonal …; tests of terms compare the two sums as written out.
"""

from __future__ import annotations

from collections.abc import Callable

from matcalc.calculus import derive
from matcalc.checking.claims.layouts import (
    independent_entries,
    order_of_vec,
    transposed,
    unstructured,
    within_structure,
)
from matcalc.checking.comparison import Comparison, Finding
from matcalc.checking.diagnosis.edits import by_factors, by_steps
from matcalc.checking.diagnosis.factors import off_by_a_factor
from matcalc.checking.diagnosis.one_branch import only_one_branch
from matcalc.checking.diagnosis.special_cases import (
    only_commuting,
    only_normalised,
    only_positive,
    only_scalar,
    only_special,
    only_square,
    only_symmetric,
)
from matcalc.checking.diagnosis.term_faults import by_difference, by_terms
from matcalc.errors import MatcalcError
from matcalc.expr import add, diag, diagonal, scaled
from matcalc.simplify import cost, simplify
from matcalc.simplify.expansion import expanded

__all__ = ["diagnose"]


Test = Callable[[Comparison], Finding | None]


def diagnose(c: Comparison) -> Finding:
    """The first test that explains the difference."""
    for test in TESTS:
        found = test(c)
        if found is not None:
            return found
    return _difference(c)


def _difference(c: Comparison) -> Finding:
    gap = simplify(expanded(add(c.right, scaled(-1, c.claimed))))
    found = f"the derivative is {c.shown}"
    return Finding("different", found if cost(gap) > 3 * cost(c.right) else f"{found}: add {c.text(gap)} to the claim")


def _vanishes(c: Comparison) -> Finding | None:
    if c.claimed.is_zero:
        return Finding("missing term", f"the derivative is not zero: it is {c.shown}")
    if c.right.is_zero:
        return Finding("extra term", "the derivative is zero")
    return None


def _other_variable(c: Comparison) -> Finding | None:
    if len(c.wrt) > 1 or c.claimed.linear:
        return None
    for name, declaration in c.subject.variables.items():
        if name == c.wrt[0].data[0]:
            continue
        try:
            other = derive(c.subject.node, [declaration.node]).matrix
        except MatcalcError:
            continue
        if other is not None and other.shape == c.claimed.shape and c.agree(c.claimed, other):
            message = f"that is the derivative by {name}: by {c.wrt[0].data[0]} it is {c.shown}"
            return Finding("other variable", message)
    return None


def _only_the_diagonal(c: Comparison) -> Finding | None:
    """claim = diag(diag(derivative))"""
    if not c.right.is_square or c.right.is_scalar or c.claimed.linear or c.right.linear:
        return None
    if c.claimed.shape == c.right.shape and c.agree(c.claimed, diag(diagonal(c.right))):
        return Finding("only the diagonal", f"right on the diagonal only: the derivative is {c.shown}")
    return None


#: Tried in this order; the first that explains the difference is reported.
TESTS: tuple[Test, ...] = (
    _vanishes,
    off_by_a_factor,
    independent_entries,
    unstructured,
    within_structure,
    transposed,
    order_of_vec,
    _other_variable,
    only_symmetric,
    only_square,
    only_positive,
    only_normalised,
    _only_the_diagonal,
    by_factors,
    by_terms,
    by_difference,
    by_steps,
    only_one_branch,
    only_commuting,
    only_special,
    only_scalar,
)
