"""Convex problems with inequalities by a primal-dual method: predictor and corrector [Mehrotra 1992; Nocedal & Wright 2006, 16.6].

min f(z) where c_e = 0, c_i + s = 0, s >= 0, and the bounds of z as further rows; the start need not meet any of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.linalg import lapack

from matcalc.minimizing.coordinates import Array
from matcalc.minimizing.derived import Functions
from matcalc.minimizing.methods.lagrangian import Ended, violation_of
from matcalc.records import dataclass

__all__ = ["interior"]

MOST_STEPS = 200
#: The part of the way to where a slack or a multiplier vanishes.
FRACTION = 0.995
#: What is added to the diagonal of the system, beside its largest entry.
RIDGE = 1e-14
#: So often a step with the corrector is halved, and one without.
MOST_BENT, MOST_HALVINGS = 4, 40
ROUNDING = 1e-20


@dataclass(frozen=True, eq=False)
class _State:
    """z, slacks of all inequalities, their multipliers, and those of the equations."""

    z: Array
    slack: Array
    dual: Array
    equal: Array


class _Rows:
    """The inequalities of a problem: its own, then the finite bounds."""

    def __init__(self, functions: Functions, low: Array, high: Array) -> None:
        self.functions, self.low, self.high = functions, low, high
        self.below, self.above = np.flatnonzero(np.isfinite(low)), np.flatnonzero(np.isfinite(high))
        self.kinds = functions.kinds()

    def values(self, z: Array) -> tuple[float, Array, Array]:
        """f, the equations, and the inequalities."""
        f, c = self.functions.values(z)
        bounds = [self.low[self.below] - z[self.below], z[self.above] - self.high[self.above]]
        return f, c[self.kinds], np.concatenate([c[~self.kinds], *bounds])

    def weights(self, state: _State) -> Array:
        """The multipliers of the constraints of the problem."""
        found = np.zeros(len(self.kinds))
        found[self.kinds] = state.equal
        found[~self.kinds] = state.dual[: int((~self.kinds).sum())]
        return found

    def slope(self, state: _State) -> Array:
        """The gradient of the Lagrangian, with the bounds."""
        g = np.array(self.functions.slope(state.z, self.weights(state)))
        count, low = int((~self.kinds).sum()), len(self.below)
        g[self.below] -= state.dual[count : count + low]
        g[self.above] += state.dual[count + low :]
        return g

    def jacobians(self, z: Array) -> tuple[Array, Array]:
        whole = self.functions.jacobian(z)
        one = np.eye(len(z))
        return whole[self.kinds], np.concatenate([whole[~self.kinds], -one[self.below], one[self.above]])


def interior(
    functions: Functions, z: Array, low: Array, high: Array, tolerance: float, watch: Callable[[Array], None]
) -> Ended | None:
    """The least value of a convex function under convex inequalities and linear equations; None where no step is found."""
    functions.values(z)
    rows = _Rows(functions, low, high)
    _, e, c = rows.values(z)
    state = _State(z, np.maximum(-c, 1.0), np.ones(len(c)), np.zeros(len(e)))
    best = np.inf
    for count in range(MOST_STEPS):
        left = _left(rows, state)
        worst = max(float(np.abs(part).max(initial=0.0)) for part in left[:3])
        gap = float(state.slack @ state.dual) / max(1, len(state.slack))
        watch(state.z)
        scale = 1.0 + float(np.abs(state.z).max(initial=0.0))
        if worst <= tolerance * scale and gap <= tolerance * scale:
            return _ended(rows, state, worst, count)
        best = min(best, worst + gap)
        moved = _step(rows, state, left, gap)
        if moved is None:
            break
        state = moved
    left = _left(rows, state)
    worst = max(float(np.abs(part).max(initial=0.0)) for part in left)
    return _ended(rows, state, worst, MOST_STEPS) if worst <= 1e3 * tolerance else None


def _ended(rows: _Rows, state: _State, worst: float, steps: int) -> Ended:
    """With entries on their bounds, and without multipliers, where that is what they tend to."""
    holds = state.dual > state.slack
    count, low = int((~rows.kinds).sum()), len(rows.below)
    z = state.z.copy()
    for places, bound, on in (
        (rows.below, rows.low, holds[count : count + low]),
        (rows.above, rows.high, holds[count + low :]),
    ):
        z[places[on]] = bound[places[on]]
    settled = replace(state, z=z, dual=np.where(holds, state.dual, 0.0))
    c = rows.functions.values(z)[1]
    return Ended(z, rows.weights(settled), worst, violation_of(c, rows.kinds), steps)


Left = tuple[Array, Array, Array, Array]


def _left(rows: _Rows, state: _State) -> Left:
    """What is left of the conditions: slope, equations, inequalities with slacks, and complementarity."""
    _, e, c = rows.values(state.z)
    return rows.slope(state), e, c + state.slack, state.slack * state.dual


def _step(rows: _Rows, state: _State, left: Left, gap: float) -> _State | None:
    equations, inequalities = rows.jacobians(state.z)
    bend = rows.functions.bend(state.z, rows.weights(state))
    weighed = bend + (inequalities.T * (state.dual / state.slack)) @ inequalities
    system = _System(weighed, equations)
    if not system.is_finite:
        return None
    tried = _direction(system, inequalities, state, left, left[3])
    near = min(_reach(state.slack, tried[1]), _reach(state.dual, tried[2]))
    after = float((state.slack + near * tried[1]) @ (state.dual + near * tried[2])) / max(1, len(state.slack))
    centre = (after / gap) ** 3 * gap if gap else 0.0
    bent = _direction(system, inequalities, state, left, left[3] + tried[1] * tried[2] - centre)
    moved = _moved(rows, state, bent, centre, MOST_BENT)
    if moved is not None:
        return moved
    centre = max(centre, 0.1 * gap)
    return _moved(rows, state, _direction(system, inequalities, state, left, left[3] - centre), centre, MOST_HALVINGS)


def _total(left: Left, centre: float) -> float:
    return sum(float(part @ part) for part in (*left[:3], left[3] - centre))


def _moved(
    rows: _Rows, state: _State, found: tuple[Array, Array, Array, Array], centre: float, halvings: int
) -> _State | None:
    """As far as slacks and multipliers stay positive, and what is left of the conditions at this centre falls."""
    dz, ds, dl, de = found
    near = min(1.0, FRACTION * _reach(state.slack, ds), FRACTION * _reach(state.dual, dl))
    before = _total(_left(rows, state), centre)
    for _ in range(halvings):
        there = _State(state.z + near * dz, state.slack + near * ds, state.dual + near * dl, state.equal + near * de)
        if np.isfinite(rows.values(there.z)[0]):
            total = _total(_left(rows, there), centre)
            if np.isfinite(total) and total <= (1 - 0.01 * near) ** 2 * before + ROUNDING:
                return there
        near /= 2
    return None


def _reach(x: Array, d: Array) -> float:
    """The largest step that keeps x + step d >= 0, 1 at the most."""
    falling = d < 0
    return min(1.0, float(np.min(-x[falling] / d[falling], initial=1.0)))


class _System:
    """[H J^T; J 0], factored once: definite by Cholesky, the equations by what they leave of it."""

    def __init__(self, weighed: Array, equations: Array) -> None:
        self.is_finite = bool(np.all(np.isfinite(weighed)))
        self.equations = equations
        ridge = RIDGE * max(1.0, float(np.abs(np.diag(weighed)).max(initial=0.0))) if self.is_finite else 0.0
        self.factor = None
        for k in range(8 if self.is_finite else 0):
            factor, fault = lapack.dpotrf(weighed + ridge * 100.0**k * np.eye(len(weighed)), lower=1)
            if not fault:
                self.factor = factor
                break
        self.is_finite = self.factor is not None
        if self.is_finite and len(equations):
            self.back = self._inverse(equations.T)
            self.schur = equations @ self.back

    def _inverse(self, right: Array) -> Array:
        return lapack.dpotrs(self.factor, right, lower=1)[0]  # type: ignore[no-any-return]

    def solved(self, right: Array, below: Array) -> tuple[Array, Array]:
        """dz and dy of H dz + J^T dy = right, J dz = below"""
        if not len(self.equations):
            return self._inverse(right), np.zeros(0)
        free = self._inverse(right)
        dy = np.linalg.lstsq(self.schur, self.equations @ free - below, rcond=1e-14)[0]
        return free - self.back @ dy, dy


def _direction(
    system: _System, rows: Array, state: _State, left: Left, target: Array
) -> tuple[Array, Array, Array, Array]:
    """Newton's step towards slack * dual = slack * dual - target."""
    slope, equal, unequal, _ = left
    pushed = (state.dual * unequal - target) / state.slack
    dz, de = system.solved(-slope - rows.T @ pushed, -equal)
    ds = -unequal - rows @ dz
    dl = -(target + state.dual * ds) / state.slack
    return dz, ds, dl, de
