"""Whether two expressions are equal: refuted by a point, proved by rules, or left open.

Only what is certain is said. A difference found in floating point counts where it exceeds by far what rounding can
explain; differences too small for that are looked for in rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np

from matcalc.budget import within
from matcalc.checking.branches import other_branches
from matcalc.checking.deciding.defined import only_where
from matcalc.checking.deciding.slopes import proof_by_slopes
from matcalc.checking.precise.precise import PART_OF_DIGITS, NotPrecise, Undefined, is_nonzero, sides_differ
from matcalc.checking.sampling import Point, nudge, points, refuse_too_large
from matcalc.checking.subject import LARGEST_CONDITION, LARGEST_VALUE, Subject, quietly, sample
from matcalc.checking.values.evaluate import Array
from matcalc.checking.values.exact import exact_difference
from matcalc.checking.values.margins import Margin
from matcalc.errors import LimitError
from matcalc.expr import Node, add, postorder, scaled, zeros
from matcalc.language import Declaration
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.proof.prover import Proof, prove_zero

__all__ = ["Decision", "decide"]

#: Values that differ by more than this, relative to their size, are different.
DIFFERENT = 1e-7
#: Values that differ by this much are different beyond doubt, unless numbers far from 1 occur.
CLEARLY_DIFFERENT = 1e-3
#: Numbers larger than this may cancel and leave nothing but rounding.
LARGEST_TAME = 1e6
#: A matrix with a larger condition number counts as singular.
SINGULAR = 1e8
#: The inputs are moved by so much to see how far the values follow; rounding moves them by 1e-16.
NUDGE = 1e-9
#: A difference counts where it is this many times what a rounding of the inputs makes of the values.
TIMES_ROUNDING = 1e4
#: Beyond the region that points are usually drawn from: inverse functions have other branches there.
FAR = 4.0
#: So many points are compared before it is left open whether the sides are equal.
MANY = 24
#: So many points are asked for one at which both sides have a value.
COMMON_POINTS = 200

Values = Mapping[str, Array]


@dataclass(frozen=True)
class Decision:
    """The verdict ("proved", "refuted", "undecided"), the reason, and the values that refute."""

    verdict: str
    reason: str
    values: Values | None = None


@dataclass(frozen=True)
class _Difference:
    """A point where the sides differ; ``is_certain`` where that is known in more digits than floating point has."""

    values: Values
    reason: str
    is_certain: bool


def decide(left: Subject, right: Subject) -> Decision:
    """Whether two functions of the same variables agree wherever both are defined."""
    gap = add(left.node, scaled(-1, right.node))
    short = simplify(gap)
    if short.is_zero:
        return Decision("proved", "by simplification" + _where(left, right))
    try:
        return _decide_by_values(left, right, gap, short)
    except LimitError as error:  # values of this size are not computed
        proof = prove_zero(gap)
        return (
            _proved(proof, left, right) if proof else Decision("undecided", f"{error.message}, and no proof was found")
        )


def _decide_by_values(left: Subject, right: Subject, gap: Node, short: Node) -> Decision:
    found, agreed = _random_difference(left, right, trials=4, seed=0)
    found = found or _special_difference(left, right)
    if found is not None and found.is_certain:
        return Decision("refuted", found.reason, found.values)
    proof = prove_zero(gap)
    if proof is not None and (agreed or _has_common_point(left, right)):
        return _proved(proof, left, right)
    if found is not None:
        return Decision("refuted", found.reason, found.values)
    found, more = _random_difference(left, right, trials=MANY, seed=9)
    agreed = agreed or more
    if found is not None and found.is_certain:
        return Decision("refuted", found.reason, found.values)
    exact = _exact_refutation(left, right, short) or _small_refutation(left, right, short)
    if exact is not None:
        return exact
    proof = proof_by_slopes(gap) if agreed else None
    if proof is not None:
        return _proved(proof, left, right)
    if agreed:
        return Decision("undecided", f"equal at {agreed} random points, but no proof was found")
    return Decision("undecided", "no point of both domains was found")


def _proved(proof: Proof, left: Subject, right: Subject) -> Decision:
    return Decision("proved", "by " + ", ".join(proof.steps) + _where(left, right))


def _where(left: Subject, right: Subject) -> str:
    conditions = only_where(left, right)
    return ", where " + ", ".join(conditions) if conditions else ""


def _has_common_point(left: Subject, right: Subject) -> bool:
    """Whether both sides have a value somewhere, if only where eigenvalues are equal."""
    both = _joined(left, right)
    drawn = points(both.declarations, both.dims | right.dims, np.random.default_rng(6), both.least_sizes)
    for point in islice(drawn, COMMON_POINTS):
        if _is_in_both(left, right, Point(point.values, _with_sizes(point.sizes, right))):
            return True
    return False


def _is_in_both(left: Subject, right: Subject, point: Point) -> bool:
    values = [quietly(lambda s=side: s.value(point.values, point.sizes)) for side in (left, right)]  # type: ignore[misc]
    return all(value is not None and _is_real(value) for value in values)


def _has_tame_numbers(*sides: Subject) -> bool:
    """Whether no number is so large that it may cancel and leave nothing but rounding."""
    coefficients = (c for side in sides for part in postorder(side.node) if part.op == "add" for c in part.data)
    return all(abs(c) <= LARGEST_TAME for c in coefficients)


def _random_difference(left: Subject, right: Subject, *, trials: int, seed: int) -> tuple[_Difference | None, int]:
    """(a point where the sides differ, at how many they agreed before)."""
    rng = np.random.default_rng(seed)
    both = _joined(left, right)
    agreed = 0
    for point in _on_every_branch(left, right, both, rng, trials):
        sizes = _with_sizes(point.sizes, right)
        refuse_too_large(right.shapes, sizes)
        margin = Margin()
        a, b = (
            quietly(lambda s=side, p=point, k=sizes, m=margin: s.value(p.values, k, m))  # type: ignore[misc]
            for side in (left, right)
        )
        if (
            a is None
            or b is None
            or not (_is_real(a) and _is_real(b))
            or margin.singular
            or margin.condition > SINGULAR
        ):
            continue
        if _relative_difference(a, b) > DIFFERENT:
            found = _difference(left, right, Point(point.values, sizes), (a, b), "random")
            if found is not None:
                return found, agreed
        agreed += 1
    return None, agreed


def _on_every_branch(
    left: Subject, right: Subject, both: Subject, rng: np.random.Generator, trials: int
) -> Iterator[Point]:
    """Random points, and those on the other sides of the thresholds of both sides of the equation."""
    drawn: list[Point] = []
    for point, _, _ in sample(both, rng, trials):
        drawn.append(point)
        yield point
    yield from other_branches(both, (left.node, right.node), drawn, rng)


def _difference(
    left: Subject, right: Subject, point: Point, values: tuple[Array, Array], place: str
) -> _Difference | None:
    """What is left of a difference in floating point once more digits are asked, where they can be."""
    reason = f"the two sides differ at a {place} point"
    try:
        differ = sides_differ(left, right, point.values, point.sizes)
    except Undefined:
        return None
    except NotPrecise:
        if not _exceeds_rounding(left, right, point, *values):
            return None
        clearly = _relative_difference(*values) > CLEARLY_DIFFERENT and _has_tame_numbers(left, right)
        return _Difference(point.values, reason, clearly)
    return _Difference(point.values, reason, True) if differ else None


def _joined(left: Subject, right: Subject) -> Subject:
    return Subject(left.node, {**right.declarations, **left.declarations}, left.tree)


def _with_sizes(known: Mapping[str, int], right: Subject) -> dict[str, int]:
    return {**dict.fromkeys(right.dims - known.keys(), 3), **known}


def _is_real(value: Array) -> bool:
    return not np.iscomplexobj(value) and bool(np.isfinite(value).all())


def _size(value: Array) -> float:
    return float(np.max(np.abs(value), initial=0.0))


def _relative_difference(a: Array, b: Array) -> float:
    return np.inf if a.shape != b.shape else _size(a - b) / max(_size(a), _size(b), 1e-3)


def _exceeds_rounding(left: Subject, right: Subject, point: Point, a: Array, b: Array) -> bool:
    """Whether the difference is far larger than what a rounding of the inputs makes of either side."""
    if a.shape != b.shape:
        return True
    rng = np.random.default_rng(1)
    declared = {**right.declarations, **left.declarations}
    nudged = {
        n: v if declared[n].is_function else v + NUDGE * nudge(declared[n], v, rng) for n, v in point.values.items()
    }
    follow = 0.0
    for side, before in ((left, a), (right, b)):
        after = quietly(lambda s=side: s.value(nudged, point.sizes))  # type: ignore[misc]
        if after is None or not _is_real(after):
            return False
        follow = max(follow, _size(after - before))
    return _size(a - b) > TIMES_ROUNDING * float(np.finfo(float).eps) / NUDGE * follow


# --- special points -----------------------------------------------------------------------------


def _special_difference(left: Subject, right: Subject) -> _Difference | None:
    """A difference far away, or where a variable is zero: what holds almost everywhere may fail there."""
    both = _joined(left, right)
    for point in islice(
        points(both.declarations, both.dims | right.dims, np.random.default_rng(2), both.least_sizes), 2
    ):
        for values in _moved(point, both.declarations):
            a, b = (_safe_value(side, values, _with_sizes(point.sizes, right)) for side in (left, right))
            if a is None or b is None or _relative_difference(a, b) <= CLEARLY_DIFFERENT:
                continue
            found = _difference(left, right, Point(values, _with_sizes(point.sizes, right)), (a, b), "special")
            if found is not None:
                return found
    return None


def _moved(point: Point, declared: Mapping[str, Declaration]) -> Iterator[Values]:
    fixed = ("orthogonal", "function")
    free = [n for n, d in declared.items() if d.kind not in fixed and "integer" not in d.assumptions]
    yield {n: FAR * v if n in free else v for n, v in point.values.items()}
    for name in free:
        d = declared[name]
        if "positive" not in d.assumptions and d.kind in (
            "scalar",
            "vector",
            "matrix",
            "symmetric",
            "skew",
            "diagonal",
        ):
            yield {**point.values, name: np.zeros_like(point.values[name])}


def _safe_value(side: Subject, values: Values, sizes: Mapping[str, int]) -> Array | None:
    """The value, where it is finite, of moderate size and free of ill-conditioned inverses."""
    margin = Margin()
    value = quietly(lambda: side.value(values, sizes, margin))
    fine = value is not None and _is_real(value) and _size(value) < LARGEST_VALUE
    return value if fine and not margin.singular and margin.condition < LARGEST_CONDITION else None


def _small_refutation(left: Subject, right: Subject, gap: Node) -> Decision | None:
    """A difference that is smaller than what floating point shows."""
    both = _joined(left, right)
    difference = Subject(gap, both.declarations)
    drawn = (Point(p.values, _with_sizes(p.sizes, right)) for p, _, _ in sample(both, np.random.default_rng(3), MANY))
    for point in islice((p for p in drawn if _is_in_both(left, right, p)), 2):
        try:
            at = point.values, point.sizes
            with within(PART_OF_DIGITS):
                if sides_differ(left, right, *at) or is_nonzero(difference, *at):
                    reason = "the two sides differ at a random point, by less than floating point shows"
                    return Decision("refuted", reason, point.values)
        except (NotPrecise, Undefined, LimitError):
            continue
    return None


def _exact_refutation(left: Subject, right: Subject, gap: Node) -> Decision | None:
    """A rational point at which the sides differ, where their values, or their difference, are rational."""
    variables = [d.node for d in _joined(left, right).variables.values()]
    names = sorted(left.dims | right.dims)
    for nodes in ((gap, zeros(*gap.shape)), (left.node, right.node)):
        found = exact_difference(nodes, variables, names)
        if found is not None:
            values = {name: np.array(table, dtype=float) for name, table in found[0].items()}
            return Decision("refuted", f"the two sides differ by {float(found[1]):.3g} in rational arithmetic", values)
    return None
