"""Derivatives and claims against directional differences of the function as it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

import numpy as np

from matcalc.calculus import Reading
from matcalc.checking.branches import other_branches
from matcalc.checking.diagnosis.entries import worst_entry
from matcalc.checking.formulas import Formula, formulas_of
from matcalc.checking.geometry import PAIRINGS, Pairing
from matcalc.checking.oracles.differences import remainder_order
from matcalc.checking.oracles.routes import (
    ROUGH_TOLERANCE,
    Differences,
    differences,
    oracles_agree,
    sharpened,
    tangent,
    taylor_remainder,
)
from matcalc.checking.oracles.scalar_case import scalar_case
from matcalc.checking.report import CheckReport
from matcalc.checking.sampling import Point, direction
from matcalc.checking.subject import Subject, quietly, sample
from matcalc.checking.values.evaluate import Array
from matcalc.errors import LimitError
from matcalc.expr import Node
from matcalc.records import dataclass

__all__ = ["EVERY_SIZE_ONE", "Formula", "check_claim", "check_derivative", "compare", "undecided"]

#: Relative errors up to this are rounding, where the differences are exact.
TOLERANCE = 1e-8

#: Points that are added while the derivative is zero at every one: there, any multiple of it would pass.
MORE_TRIALS = 12
#: The place of an error that shows nowhere else.
EVERY_SIZE_ONE = "size 1 x 1"
NO_POINT = {
    False: "no point of the function's domain was found",
    True: "the function has no finite value or no derivative there",
}


@dataclass
class _Tally:
    """What the points compared so far have shown."""

    error: float = 0.0
    worst: tuple[float, float] | None = None
    ok: bool = True
    method: str = ""
    order: float | None = None
    is_telling: bool = False
    refuted: tuple[Formula, Point] | None = None
    used: list[Point] = field(default_factory=list)
    unreliable: int = 0
    compared: int = 0
    problem: str | None = None
    left_out: str | None = None

    def report(self, seed: int, derivative_order: int, given: str) -> CheckReport:
        """What is said of the points."""
        return CheckReport(
            self.ok,
            self.error,
            self.method,
            self.order,
            len(self.used),
            seed,
            tuple(point.sizes for point in self.used),
            self.worst,
            derivative_order=derivative_order,
            left_out=self.left_out,
            given=given,
        )


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


def compare(
    subject: Subject,
    wrt: Sequence[Node],
    formulas: Sequence[Formula],
    *,
    trials: int,
    seed: int,
    at: Mapping[str, Array] | None = None,
    pairing: str = "frobenius",
    written: Sequence[Node] = (),
) -> CheckReport:
    """The formulas against differences of the function at random points of its domain, or at given values.

    The random points lie on both sides of the thresholds of the function, and of those in what is ``written``.
    """
    rng = np.random.default_rng(seed)
    tally = _Tally()
    most = trials if at else trials + MORE_TRIALS
    try:
        for point in _points(tally, subject, written, rng, (trials, most), wrt, at):
            _compare_at(tally, subject, wrt, formulas, point, PAIRINGS[pairing], rng)
            if tally.problem:
                return undecided(tally.problem, seed)
    except LimitError as error:
        return undecided(error.message, seed)
    if not tally.compared:
        problem = "the difference quotients did not settle" if tally.unreliable else NO_POINT[bool(at)]
        return undecided(problem, seed)
    case = scalar_case(subject, wrt, formulas, rng) if pairing == "frobenius" and not at else None
    if case is not None and case.problem:
        return undecided(case.problem, seed)
    report = tally.report(seed, derivative_order=len(wrt), given=", ".join(at) if at else "")
    if case is not None:
        report = replace(report, scalar_case=case.error <= TOLERANCE)
        if report.ok and not report.scalar_case:
            worst = (case.wanted, case.found)
            return replace(report, ok=False, error=case.error, worst=worst, place=EVERY_SIZE_ONE)
    return _with_entry(report, subject, wrt, tally)


def _points(
    tally: _Tally,
    subject: Subject,
    written: Sequence[Node],
    rng: np.random.Generator,
    trials: tuple[int, int],
    wrt: Sequence[Node],
    at: Mapping[str, Array] | None,
) -> Iterator[Point]:
    """As many random points as are asked for, more while the derivative vanishes, and the other branches."""
    asked, most = trials
    for point, _, _ in sample(subject, rng, most, wrt, at):
        if len(tally.used) >= asked and tally.is_telling:
            break
        yield point
    if not at:
        yield from other_branches(subject, (subject.node, *written), tally.used, rng)


def undecided(problem: str, seed: int) -> CheckReport:
    """A check that could not be done, and why."""
    return CheckReport(False, np.nan, "", None, 0, seed, (), problem=problem)


def _with_entry(report: CheckReport, subject: Subject, wrt: Sequence[Node], tally: _Tally) -> CheckReport:
    """A refutation with the entry that is farthest off, where there are few enough to look at each."""
    if tally.refuted is None:
        return report
    formula, point = tally.refuted
    entry = worst_entry(subject, wrt, formula, point)
    return report if entry is None else replace(report, worst=(entry.expected, entry.found), place=entry.place)


def _compare_at(
    tally: _Tally,
    subject: Subject,
    wrt: Sequence[Node],
    formulas: Sequence[Formula],
    drawn: Point,
    geometry: Pairing,
    rng: np.random.Generator,
) -> None:
    """Every formula at one point, in one random direction for each variable."""
    point = _on_manifold(drawn, wrt, geometry)
    value = None if point is None else quietly(lambda: subject.value(point.values, point.sizes))
    if point is None or value is None:
        return
    e = [direction(v, point.values[v.data[0]].shape, rng) for v in wrt]
    e = [geometry.tangent(point.values[v.data[0]], step) for v, step in zip(wrt, e, strict=True)]
    expected = differences(subject, point, wrt, e, subject.is_analytic)
    if expected is None:
        tally.unreliable += 1
        return
    second = tangent(subject, point, wrt, e)
    if second is not None:
        if not oracles_agree(expected, second, value):
            tally.problem = f"{expected[2]} and dual numbers disagree"
            return
        expected = sharpened(expected, second)
    tally.used.append(point)
    tally.method = expected[2]
    tally.is_telling = tally.is_telling or bool(np.any(expected[0]))
    _compare_all(tally, formulas, point, e, expected, value)
    if tally.order is None and tally.compared:
        tally.order = _taylor(subject, point, wrt, e, formulas[0], value)


def _compare_all(
    tally: _Tally,
    formulas: Sequence[Formula],
    point: Point,
    e: Sequence[Array],
    expected: Differences,
    value: Array,
) -> None:
    """A form that is too large to compute is left out; where every form is, that is the problem."""
    for formula in formulas:
        try:
            _compare_one(tally, formula, point, e, expected, value)
        except LimitError as error:
            tally.left_out = error.message
        else:
            tally.compared += 1
    if not tally.compared:
        tally.problem = tally.left_out


def _on_manifold(point: Point, wrt: Sequence[Node], geometry: Pairing) -> Point | None:
    """The point with its variables brought onto the manifold, or None where their shapes admit none."""
    moved_to = {v.data[0]: geometry.point(point.values[v.data[0]]) for v in wrt}
    if any(x is None for x in moved_to.values()):
        return None
    return Point({**point.values, **{n: x for n, x in moved_to.items() if x is not None}}, point.sizes)


def _compare_one(
    tally: _Tally, formula: Formula, point: Point, e: Sequence[Array], expected: Differences, value: Array
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
    # Each difference divides the rounding of f by a step: a derivative that vanishes is found up to this.
    rounding = 1e-12 * (1 + float(np.max(np.abs(value), initial=0.0))) * 30.0 ** (len(e) - 1)
    tolerance = ROUGH_TOLERANCE if method.startswith("central") else TOLERANCE
    ok = error <= max(tolerance, 50 * uncertainty / scale, rounding / scale)
    if error > tally.error or tally.worst is None:
        place = np.unravel_index(int(np.argmax(difference)), difference.shape)
        tally.worst = (float(wanted[place].real), float(found[place].real))
        tally.refuted = tally.refuted if ok else (formula, point)
    tally.error = max(tally.error, error)
    tally.ok = tally.ok and ok


def _taylor(
    subject: Subject, point: Point, wrt: Sequence[Node], e: Sequence[Array], formula: Formula, value: Array
) -> float | None:
    """The observed order of the Taylor remainder in one direction, for a first derivative or a Hessian."""
    try:
        remainder = taylor_remainder(subject, point, wrt, e[0], formula, value)
    except LimitError:
        return None
    return None if remainder is None else remainder_order(remainder, float(np.max(np.abs(value), initial=0.0)))
