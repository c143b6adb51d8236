"""Random data for a problem, and whether values of its unknowns solve it there.

What is asked are the oracles of `checking`: dual numbers and differences of the function as it was typed. They share nothing
with the way in which a solution was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from matcalc.calculus.validity.conditions import conditions
from matcalc.calculus.validity.requirements import DEFINITE, POSITIVE, Condition
from matcalc.checking.oracles.routes import differences, tangent
from matcalc.checking.sampling import Point, direction, nudge, points, project_numeric
from matcalc.checking.subject import Subject, quietly
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.errors import MatcalcError
from matcalc.expr import Node, is_number, postorder, substitute
from matcalc.functions.properties import Said
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.solving.problems import Problem

__all__ = ["Trial", "is_tame", "outside_of", "trials"]

#: So many data sets are tried, and so many have to agree.
WANTED = 3
#: What a residual may be beside the terms that cancel in it.
TOLERANCE = 1e-6
#: Larger values come from data that are too near to where the solution has none.
LARGEST, WORST_CONDITION = 1e5, 1e5
#: So far from the solution the slope is taken that a residual is compared with.
AWAY = 0.2

#: Of a value that does not lie in the linear space, or on the manifold, of the unknown.
STRUCTURED = Said("{0} has the structure of the unknown")

Values = Mapping[Node, Node]


@dataclass(frozen=True)
class Trial:
    """A solution at one random data set.

    Attributes:
        point: data, and the values of the unknowns.
        error: what is left of the equations, beside the terms that cancel in them.
        outside: what the unknowns would have to be, and are not there.
    """

    point: Point
    error: float
    outside: tuple[Condition, ...] = ()

    @property
    def solves(self) -> bool:
        return self.error <= TOLERANCE


def trials(
    problem: Problem, values: Values, *, seed: int = 0, wanted: int = WANTED, unlike: Values | None = None
) -> list[Trial]:
    """The values substituted back at random data, as far as they are defined there, and others ``unlike`` them are not."""
    rng = np.random.default_rng(seed)
    found: list[Trial] = []
    for point in _points(problem, values, rng):
        if unlike and all(is_tame(node, point) for node in unlike.values()):
            continue
        trial = _trial(problem, values, point, rng)
        if trial is not None:
            found.append(trial)
        if len([t for t in found if not t.outside]) == wanted or (found and not found[-1].solves):
            break
    return found


def _points(problem: Problem, values: Values, rng: np.random.Generator) -> Iterator[Point]:
    """Random data with the values of the unknowns that belong to them."""
    subject = problem.subject
    for point in points(problem.declarations, subject.dims, rng, subject.least_sizes, subject.shapes):
        if not all(is_tame(node, point) for node in values.values()):
            continue
        found = {x: quietly(lambda n=node, p=point: evaluate(n, p.values, p.sizes)) for x, node in values.items()}  # type: ignore[misc]
        shapes = {x: point.values[x.data[0]].shape for x in values}
        if all(v is not None and v.shape == shapes[x] and _is_usable(v) for x, v in found.items()):
            solved = {x.data[0]: np.real(v) for x, v in found.items() if v is not None}
            yield Point({**point.values, **solved}, point.sizes)


def _is_usable(value: Array) -> bool:
    return bool(
        np.all(np.isfinite(value)) and np.max(np.abs(value), initial=0.0) < LARGEST and not np.iscomplexobj(value)
    )


def is_tame(root: Node, point: Point) -> bool:
    """Whether what is inverted has an inverse there in floating point."""
    for node in postorder(root):
        if node.op == "matpow" and (is_number(node.args[1]) or 0) < 0 and not node.free:
            base = quietly(lambda n=node: evaluate(n.args[0], point.values, point.sizes))  # type: ignore[misc]
            if base is None or not np.all(np.isfinite(base)) or np.linalg.cond(base) > WORST_CONDITION:
                return False
    return True


def _trial(problem: Problem, values: Values, point: Point, rng: np.random.Generator) -> Trial | None:
    """None where the function has no value, or no derivative that is certain."""
    outside = tuple(c for x, node in values.items() for c in _outside(problem, x, node, point))
    if not outside and problem.objective is not None:
        outside = _beyond_domain(problem, values, point)
    if outside:
        return Trial(point, 0.0, outside)
    errors: list[float] = []
    for constraint in problem.constraints:
        left, right = (quietly(lambda s=side: s.value(point.values, point.sizes)) for side in constraint.subjects)  # type: ignore[misc]
        if left is None or right is None or not np.all(np.isfinite(left)):
            return None
        size = 1e-6 + float(np.max(np.abs(left), initial=0.0)) + float(np.max(np.abs(right), initial=0.0))
        errors.append(float(np.max(np.abs(left - right), initial=0.0)) / size)
    if problem.objective is None:
        return Trial(point, max(errors))
    if not _are_finite(problem, point):
        return Trial(point, np.inf)  # the function is not differentiable there
    for x in problem.unknowns:
        for _ in range(2):
            error = _slope_error(problem, problem.objective_subject, x, point, rng)
            if error is None:
                return None
            errors.append(error)
    return Trial(point, max(errors))


def _are_finite(problem: Problem, point: Point) -> bool:
    """Whether the gradients that were set to zero have values."""
    found = (quietly(lambda e=e: evaluate(e.residual, point.values, point.sizes)) for e in problem.equations)  # type: ignore[misc]
    return all(value is not None and np.all(np.isfinite(value)) for value in found)


def _slope_error(problem: Problem, f: Subject, x: Node, point: Point, rng: np.random.Generator) -> float | None:
    """The slope of the Lagrangian in a random direction, beside its terms and the slope nearby."""
    name = x.data[0]
    here = point.values[name]
    e = _direction(x, here, rng)
    own = _slope(f, point, x, e)
    if own is None:
        return None
    pulls = [_pull(problem, i, point, x, e) for i in range(len(problem.constraints))]
    if any(p is None for p in pulls):
        return None
    size = max(1e-9, abs(own), *(abs(p) for p in pulls if p is not None))
    for _ in range(2):
        there = _slope(f, _away(problem, point, rng), x, e)
        size = max(size, 0.0 if there is None else abs(there))
    return abs(own + sum(p for p in pulls if p is not None)) / size


def _away(problem: Problem, point: Point, rng: np.random.Generator) -> Point:
    """A point nearby, in all unknowns."""
    moved = {}
    for x in problem.unknowns:
        here = point.values[x.data[0]]
        step = nudge(problem.declarations[x.data[0]], here, rng) + 0.1 * direction(x, here.shape, rng)
        moved[x.data[0]] = here + AWAY * step
    return Point({**point.values, **moved}, point.sizes)


def _direction(x: Node, here: Array, rng: np.random.Generator) -> Array:
    """A direction in the space of the variable; of an orthogonal one a tangent."""
    e = direction(x, here.shape, rng)
    if "orthogonal" in x.data[1]:
        return np.asarray(here @ (e - e.T) / 2)
    return e


def _slope(f: Subject, point: Point, x: Node, e: Array) -> float | None:
    """The derivative of a scalar function along e, by dual numbers, else by differences."""
    found = _moved(f, point, x, e)
    return None if found is None else float(found.item().real)


def _moved(f: Subject, point: Point, x: Node, e: Array) -> Array | None:
    try:
        found = tangent(f, point, [x], [e])
        if found is not None:
            return found
        quotient = differences(f, point, [x], [e], f.is_analytic)
    except MatcalcError:
        return None
    return None if quotient is None else np.real(quotient[0])


def _pull(problem: Problem, i: int, point: Point, x: Node, e: Array) -> float | None:
    """<lambda, dg[e]> of a constraint g = 0."""
    constraint = problem.constraints[i]
    if constraint.multiplier is None:
        return 0.0
    left, right = (_change(side, point, x, e) for side in constraint.subjects)
    if left is None or right is None:
        return None
    weight = point.values[constraint.multiplier.data[0]]
    change = left - right
    return float(np.sum(weight * (change if change.shape == weight.shape else change.T)))


def _change(side: Subject, point: Point, x: Node, e: Array) -> Array | None:
    if x.data[0] not in side.declarations:
        return np.zeros((1, 1))
    return _moved(side, point, x, e)


# --- what the unknown has to be ---------------------------------------------------------------


def _beyond_domain(problem: Problem, values: Values, point: Point) -> tuple[Condition, ...]:
    """What the function needs where the solution lies, if it has no value there: of log(1 - p) that 1 - p > 0."""
    f = problem.objective_subject
    value = quietly(lambda: f.value(point.values, point.sizes))
    if value is None or np.all(np.isfinite(value)):
        return ()
    return tuple(conditions(simplify(substitute(f.node, dict(values))), wrt=()))


def _outside(problem: Problem, x: Node, node: Node, point: Point) -> Iterator[Condition]:
    """What the unknown was declared to be, and the value is not."""
    value, tags = point.values[x.data[0]], set(x.data[1])
    size = 1e-7 * (1 + float(np.max(np.abs(value), initial=0.0)))
    if np.max(np.abs(project_numeric(x, value) - value), initial=0.0) > size:
        yield Condition(STRUCTURED, (node,))
    elif tags & {"spd", "psd"}:
        least = float(np.linalg.eigvalsh((value + value.T) / 2)[0])
        if least < -size or ("spd" in tags and least < size):
            yield Condition(DEFINITE, (node,))
    elif "orthogonal" in tags and np.max(np.abs(value @ value.T - np.eye(len(value)))) > size:
        yield Condition(STRUCTURED, (node,))
    if "positive" in tags and not np.all(value > 0):
        yield Condition(POSITIVE, (node,))


def outside_of(found: Sequence[Trial]) -> tuple[Condition, ...]:
    """All that was missing anywhere, once each."""
    return tuple(dict.fromkeys(c for trial in found for c in trial.outside))
