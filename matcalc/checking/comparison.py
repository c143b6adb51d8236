"""A claim beside the right derivative, in the same form, with points at which their values are compared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from matcalc.budget import within
from matcalc.calculus import Reading, derive, derive_unstructured
from matcalc.calculus.structure import project_columns
from matcalc.checking.branches import one_sided, other_branches
from matcalc.checking.claims.claims import Claim
from matcalc.checking.precise.precise import PART_OF_DIGITS, NotPrecise, Undefined, is_nonzero, sides_differ
from matcalc.checking.sampling import Point, direction, refuse_too_large
from matcalc.checking.subject import Subject, quietly, sample
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.errors import LimitError, MatcalcError
from matcalc.expr import Node, add, postorder, scaled, transpose, vec
from matcalc.printing import text_by_name
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.proof.prover import prove_zero

__all__ = ["Comparison", "Finding", "compared", "equal", "in_form", "reading_of"]

#: Values that differ by less, relative to their size, are equal.
SAME = 1e-8
#: Points at which each test is made.
POINTS = 3


@dataclass(frozen=True)
class Finding:
    """What is wrong: ``fault`` is a word for programs, ``message`` a sentence for people."""

    fault: str
    message: str


class Comparison:
    """A claim and the derivative in the same form, with points at which to compare them."""

    def __init__(self, subject: Subject, wrt: Sequence[Node], claimed: Node, right: Node) -> None:
        self.subject = subject
        self.wrt = tuple(wrt)
        self.claimed = claimed
        self.right = right
        self.rng = np.random.default_rng(5)
        self.points = self._drawn()

    def _drawn(self) -> list[Point]:
        """Random points, and those on the other sides of the thresholds of the function and of the claim."""
        drawn = [p for p, _, _ in sample(self.subject, self.rng, POINTS, self.wrt)]
        kinked = (self.subject.node, self.claimed, self.right)
        return [*drawn, *other_branches(self.subject, kinked, drawn, self.rng)]

    @property
    def is_wrong_everywhere(self) -> bool:
        """Whether the claim is right at none of the points, so that it may be right in a special case only."""
        return not any(equal(self.value(self.claimed, p), self.value(self.right, p)) for p in self.points)

    def is_proved(self) -> bool:
        """Whether the claim is the derivative, by form or by the prover."""
        gap = self.gap
        return gap is None or gap.is_zero or prove_zero(gap) is not None

    @cached_property
    def gap(self) -> Node | None:
        """What the claim lacks, without the parts that are equal; None where the two have other shapes."""
        claimed, right = self._within(self.claimed), self._within(self.right)
        return simplify(add(right, scaled(-1, claimed))) if claimed.shape == right.shape else None

    def agree_in_digits(self) -> bool:
        """Whether nothing speaks against the claim in more digits than floating point has."""
        first, second = (
            Subject(side, self.subject.declarations, style=self.subject.style)
            for side in (self._within(self.claimed), self._within(self.right))
        )
        if any(self._differ(first, second, point) for point in self.points):
            return False
        return self.gap is None or not any(self._is_left(self.gap, point) for point in self.points)

    @property
    def not_seen(self) -> str:
        """What has one sign at all of the points and may have the other one elsewhere; empty where nothing has."""
        sides = one_sided((self.subject.node, self.claimed, self.right), self.points)
        return self.text(sides[0]) if sides else ""

    @property
    def is_right_within(self) -> bool:
        """Whether the two matrices of a vec form differ, and nowhere on the space of the variable."""
        return self._within(self.claimed) is not self.claimed and not self.agree(self.claimed, self.right)

    def _within(self, node: Node) -> Node:
        """The matrix of a vec form on the spaces of structured variables: what it is elsewhere is open."""
        if node.linear or self.subject.convention != "structured":
            return node
        last, first = self.wrt[-1], self.wrt[0]
        if node.cols == last.rows * last.cols and not last.is_column:
            node = project_columns(node, last)
        if len(self.wrt) > 1 and node.rows == first.rows * first.cols and not first.is_column:
            node = transpose(project_columns(transpose(node), first))
        return node

    def _differ(self, claimed: Subject, right: Subject, point: Point) -> bool:
        try:
            return sides_differ(claimed, right, point.values, point.sizes, self.directions(point))
        except (NotPrecise, Undefined):
            return False

    def _is_left(self, gap: Node, point: Point) -> bool:
        try:
            side = Subject(gap, self.subject.declarations)
            with within(PART_OF_DIGITS):
                return is_nonzero(side, point.values, point.sizes, self.directions(point))
        except (NotPrecise, Undefined, LimitError):
            return False

    @property
    def shown(self) -> str:
        """The right derivative as text."""
        return self.text(self.right)

    def text(self, node: Node) -> str:
        """An expression in the user's names."""
        return text_by_name(node, self.subject.style)

    def directions(self, point: Point) -> dict[Node, Array]:
        """A value for every perturbation in the two."""
        found = sorted(self.claimed.linear | self.right.linear)
        by_name = {v.data[0]: v for v in self.wrt}
        return {
            d: direction(by_name[d.data[0]], point.values[d.data[0]].shape, np.random.default_rng(d.data[1] + 11))
            for d in found
        }

    def value(self, node: Node, point: Point) -> Array | None:
        """The value of a node, None where it has none or a part of it is too large to compute."""
        try:
            refuse_too_large({n.shape for n in postorder(node)}, point.sizes)
        except LimitError:
            return None
        found = quietly(lambda: evaluate(node, point.values, point.sizes, self.directions(point)))
        return found if found is not None and np.all(np.isfinite(found)) else None

    def agree(self, a: Node, b: Node, points: Sequence[Point] | None = None) -> bool:
        """Whether two nodes have equal values at the points."""
        used = self.points if points is None else points
        return bool(used) and all(equal(self.value(a, p), self.value(b, p)) for p in used)


def equal(a: Array | None, b: Array | None) -> bool:
    """Whether two values agree up to rounding; what is undefined equals nothing."""
    if a is None or b is None or a.shape != b.shape:
        return False
    size = max(float(np.max(np.abs(a), initial=0.0)), float(np.max(np.abs(b), initial=0.0)))
    return bool(np.max(np.abs(a - b), initial=0.0) <= SAME * max(size, 1e-6))


def reading_of(subject: Subject, wrt: Sequence[Node]) -> Reading:
    """The engine's derivative of the function, by the convention that was asked for."""
    if subject.convention == "unstructured":
        return derive_unstructured(subject.node, [subject.declarations[v.data[0]].node for v in wrt])
    return derive(subject.node, wrt, convention=subject.convention)


def compared(subject: Subject, wrt: Sequence[Node], claim: Claim) -> Comparison | None:
    """The comparison of a claim, or None where the engine has nothing in its form."""
    try:
        reading = reading_of(subject, wrt)
    except MatcalcError:
        return None
    right = in_form(reading, claim)
    return None if right is None else Comparison(subject, wrt, claim.node, right)


def in_form(reading: Reading, claim: Claim) -> Node | None:
    """The derivative written as the claim is."""
    match claim.form:
        case "operator":
            return reading.operator
        case "differential":
            numbered = claim.node.is_zero or any(d.data[1] for d in claim.node.linear)
            moved = reading.differential if numbered or len(reading.wrt) == 1 else None
            return vec(moved) if moved is not None and moved.shape != claim.node.shape else moved
    candidates = [reading.operator if not reading.directions else None, reading.matrix]
    if reading.matrix is not None:
        candidates += [transpose(vec(reading.matrix)), transpose(reading.matrix)]
    return next((c for c in candidates if c is not None and c.shape == claim.node.shape), None)
