"""Derivatives and claims against directional differences of the function as it was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcalc.calculus import Reading
from matcalc.checking.differences import directional, remainder_order
from matcalc.checking.dual import Dual, NoDualRule
from matcalc.checking.evaluate import Array, evaluate
from matcalc.checking.geometry import PAIRINGS, Pairing
from matcalc.checking.report import CheckReport
from matcalc.checking.sampling import Point, direction
from matcalc.checking.subject import Subject, moved, quietly, sample
from matcalc.expr import Node, perturbation

__all__ = ["Formula", "check_claim", "check_derivative"]

#: Relative errors up to this are rounding, where the differences are exact.
TOLERANCE = 1e-8
#: The same for central differences, whose estimated error is itself rough.
ROUGH_TOLERANCE = 1e-6
#: A difference quotient with a larger estimated relative error decides nothing.
WORST_DIFFERENCE = 1e-5

#: Points that are added while the derivative is zero at every one: there, any multiple of it would pass.
MORE_TRIALS = 12
NO_POINT = {False: "no point of the function's domain was found", True: "the function has no finite value there"}

#: (values of variables, sizes, directions) -> what D^k f[E_1, …, E_k] should be
Formula = Callable[[Mapping[str, Array], Mapping[str, int], Sequence[Array]], Array]


@dataclass
class _Tally:
    error: float = 0.0
    worst: tuple[float, float] | None = None
    ok: bool = True
    method: str = ""
    order: float | None = None
    is_telling: bool = False


def check_derivative(
    subject: Subject, reading: Reading, *, trials: int = 3, seed: int = 0, at: Mapping[str, Array] | None = None
) -> CheckReport:
    """Every form of a derivative: the array or operator, the vec form, and the differential."""
    return compare(subject, reading.wrt, formulas_of(reading), trials=trials, seed=seed, at=at, pairing=reading.pairing)


def check_claim(
    subject: Subject,
    wrt: Sequence[Node],
    formula: Formula,
    *,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Array] | None = None,
) -> CheckReport:
    """One claimed form."""
    return compare(subject, wrt, [formula], trials=trials, seed=seed, at=at)


def formulas_of(reading: Reading) -> list[Formula]:
    """Each form of a derivative as a function of a point and directions."""
    result = [array_formula(reading.operator, reading)]
    if reading.directions and reading.matrix is not None:
        result.append(vec_formula(reading.matrix, reading))
    result.append(differential_formula(reading.differential, reading.wrt))
    return result


def gradient_place(reading: Reading) -> int | None:
    """The place of the variable by whose shape the derivative of a scalar function is shaped."""
    if not reading.f.is_scalar:
        return None
    return next((i for i, v in enumerate(reading.wrt) if not v.is_scalar), None)


def array_formula(node: Node, reading: Reading) -> Formula:
    """The array or operator contracted with one direction for each variable."""
    axis = gradient_place(reading)
    pairing = PAIRINGS[reading.pairing]

    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        env: dict[Node, Array] = {}
        open_ = iter(reading.directions)
        factor = 1.0
        for i, v in enumerate(reading.wrt):
            if v.is_scalar:
                factor *= float(e[i].item())
            elif i != axis:
                env[next(open_)] = e[i]
        result = evaluate(node, values, sizes, env) * factor
        if axis is None:
            return result
        return np.array([[pairing.product(values[reading.wrt[axis].data[0]], result, e[axis])]])

    return value


def vec_formula(matrix: Node, reading: Reading) -> Formula:
    """J vec(E) unstacked, contracted with the direction of the gradient axis where there is one."""
    axis = gradient_place(reading)

    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        factor, step = 1.0, None
        for i, v in enumerate(reading.wrt):
            if v.is_scalar:
                factor *= float(e[i].item())
            elif i != axis:
                step = e[i]
        assert step is not None
        stacked = evaluate(matrix, values, sizes) @ step.reshape((-1, 1), order="F") * factor
        if axis is not None:
            return np.sum(stacked * e[axis].reshape((-1, 1), order="F")).reshape(1, 1)
        rows, cols = (d.evaluate(sizes) for d in reading.f.shape)
        return stacked.reshape((rows, cols), order="F")

    return value


def differential_formula(node: Node, wrt: Sequence[Node]) -> Formula:
    """A differential with each perturbation replaced by its direction."""
    places = {perturbation(v, i + 1 if len(wrt) > 1 else 0): i for i, v in enumerate(wrt)}

    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        return evaluate(node, values, sizes, {d: e[i] for d, i in places.items()})

    return value


def compare(
    subject: Subject,
    wrt: Sequence[Node],
    formulas: Sequence[Formula],
    *,
    trials: int,
    seed: int,
    at: Mapping[str, Array] | None = None,
    pairing: str = "frobenius",
) -> CheckReport:
    """The formulas against differences of the function at random points of its domain, or at given values."""
    geometry = PAIRINGS[pairing]
    rng = np.random.default_rng(seed)
    tally = _Tally()
    used: list[Mapping[str, int]] = []
    analytic = subject.is_analytic
    unreliable = 0
    most = trials if at else trials + MORE_TRIALS
    for found, _, _ in sample(subject, rng, most, at):
        if len(used) >= trials and tally.is_telling:
            break
        point = _on_manifold(found, wrt, geometry)
        value = None if point is None else quietly(lambda p=point: subject.value(p.values, p.sizes))  # type: ignore[misc]
        if point is None or value is None:
            continue
        e = [direction(v, point.values[v.data[0]].shape, rng) for v in wrt]
        e = [geometry.tangent(point.values[v.data[0]], step) for v, step in zip(wrt, e, strict=True)]
        expected = _differences(subject, point, wrt, e, analytic)
        if expected is None:
            unreliable += 1
            continue
        tangent = _tangent(subject, point, wrt, e)
        if tangent is not None:
            if not _oracles_agree(expected, tangent, value):
                problem = f"{expected[2]} and dual numbers disagree"
                return CheckReport(False, np.nan, "", None, 0, seed, (), problem=problem)
            expected = _sharpened(expected, tangent)
        used.append(point.sizes)
        tally.method = expected[2]
        tally.is_telling = tally.is_telling or bool(np.any(expected[0]))
        for formula in formulas:
            _compare_one(tally, formula, point, wrt, e, expected, value)
        if tally.order is None:
            tally.order = _taylor(subject, point, wrt, e, formulas[0], value)
    if not used:
        problem = "the difference quotients did not settle" if unreliable else NO_POINT[bool(at)]
        return CheckReport(False, np.nan, "", None, 0, seed, (), problem=problem)
    return CheckReport(tally.ok, tally.error, tally.method, tally.order, len(used), seed, tuple(used), tally.worst)


def _on_manifold(point: Point, wrt: Sequence[Node], geometry: Pairing) -> Point | None:
    """The point with its variables brought onto the manifold, or None where their shapes admit none."""
    moved_to = {v.data[0]: geometry.point(point.values[v.data[0]]) for v in wrt}
    if any(x is None for x in moved_to.values()):
        return None
    return Point({**point.values, **{n: x for n, x in moved_to.items() if x is not None}}, point.sizes)


Differences = tuple[Array, float, str]


def _differences(
    subject: Subject, point: Point, wrt: Sequence[Node], e: Sequence[Array], analytic: bool
) -> Differences | None:
    moves = [(v.data[0], step) for v, step in zip(wrt, e, strict=True)]

    def g(steps: Sequence[complex]) -> Array:
        found = quietly(lambda: subject.value(moved(point.values, moves, steps), point.sizes))
        return np.full((1, 1), np.nan) if found is None else found

    with np.errstate(all="ignore"):
        value, error, method = directional(g, len(wrt), analytic)
    size = float(np.max(np.abs(value), initial=0.0))
    if not np.all(np.isfinite(value)) or not np.isfinite(error) or error > WORST_DIFFERENCE * max(size, 1e-2):
        return None
    return value, error, method


def _tangent(subject: Subject, point: Point, wrt: Sequence[Node], e: Sequence[Array]) -> Array | None:
    """The first derivative by dual numbers, or None where some function has no rule for them."""
    if len(wrt) > 1 or subject.tree is None:
        return None
    values: dict[str, Any] = dict(point.values)
    name = wrt[0].data[0]
    values[name] = Dual(values[name], e[0])
    try:
        found: Any = quietly(lambda: subject.value(values, point.sizes))
    except (NoDualRule, TypeError, AttributeError):
        return None
    if not isinstance(found, Dual) or not np.all(np.isfinite(found.tangent)):
        return None
    return found.tangent


def _oracles_agree(expected: Differences, tangent: Array, value: Array) -> bool:
    wanted, uncertainty, _ = expected
    gap = float(np.max(np.abs(wanted - tangent), initial=0.0))
    size = float(np.max(np.abs(wanted), initial=0.0))
    rounding = 1e-9 * (1 + float(np.max(np.abs(value), initial=0.0)))
    return gap <= max(ROUGH_TOLERANCE * size, 50 * uncertainty, rounding)


def _sharpened(expected: Differences, tangent: Array) -> Differences:
    """Differences that dual numbers confirm; where they are rough, the tangent has the digits that they miss."""
    value, error, method = expected
    if method.startswith("central"):
        return tangent, 1e-14 * float(np.max(np.abs(tangent), initial=0.0)), "dual numbers and central differences"
    return value, error, f"{method} and dual numbers"


def _compare_one(
    tally: _Tally,
    formula: Formula,
    point: Point,
    wrt: Sequence[Node],
    e: Sequence[Array],
    expected: Differences,
    value: Array,
) -> None:
    wanted, uncertainty, method = expected
    found = quietly(lambda: formula(point.values, point.sizes, e))
    if found is None or not np.all(np.isfinite(found)):
        tally.ok, tally.error = False, np.inf
        return
    if found.shape != wanted.shape:
        found = found * np.ones_like(wanted)
    difference = np.abs(found - wanted)
    floor = 1e-7 * (1 + float(np.max(np.abs(value), initial=0.0)))
    scale = max(float(np.max(np.abs(wanted), initial=0.0)), float(np.max(np.abs(found), initial=0.0)), floor)
    error = float(np.max(difference, initial=0.0)) / scale
    if error > tally.error or tally.worst is None:
        place = np.unravel_index(int(np.argmax(difference)), difference.shape)
        tally.worst = (float(wanted[place].real), float(found[place].real))
    tally.error = max(tally.error, error)
    # Each difference divides the rounding of f by a step: a derivative that vanishes is found up to this.
    rounding = 1e-12 * (1 + float(np.max(np.abs(value), initial=0.0))) * 30.0 ** (len(e) - 1)
    tolerance = ROUGH_TOLERANCE if method.startswith("central") else TOLERANCE
    tally.ok = tally.ok and error <= max(tolerance, 50 * uncertainty / scale, rounding / scale)


def _taylor(
    subject: Subject, point: Point, wrt: Sequence[Node], e: Sequence[Array], formula: Formula, value: Array
) -> float | None:
    """The observed order of the Taylor remainder in one direction, for a first derivative or a Hessian."""
    remainder = taylor_remainder(subject, point, wrt, e[0], formula, value)
    return None if remainder is None else remainder_order(remainder, float(np.max(np.abs(value), initial=0.0)))


def taylor_remainder(
    subject: Subject, point: Point, wrt: Sequence[Node], step: Array, formula: Formula, value: Array
) -> Callable[[float], float] | None:
    """h -> the largest entry of f(X + h E) minus its Taylor polynomial of the order of the derivative, 1 or 2."""
    if len({v.data[0] for v in wrt}) > 1 or len(wrt) > 2:
        return None
    name = wrt[0].data[0]
    first = _differences(subject, point, wrt[:1], [step], subject.is_analytic) if len(wrt) == 2 else None
    last = quietly(lambda: formula(point.values, point.sizes, [step] * len(wrt)))
    if last is None or (len(wrt) == 2 and first is None):
        return None

    def remainder(h: float) -> float:
        there = quietly(lambda: subject.value(moved(point.values, [(name, step)], [h]), point.sizes))
        if there is None:
            return float("nan")
        model = value + h * last if first is None else value + h * first[0] + h * h / 2 * last
        return float(np.max(np.abs(there - model)))

    return remainder
