"""Constraints by an augmented Lagrangian, finished by Newton's method for the conditions of Karush, Kuhn and Tucker.

f + sum of rho/2 (c + y/rho)^2 over equations, and of rho/2 max(0, c + y/rho)^2 over inequalities c <= 0: its gradient is that of the
Lagrangian at the multipliers y + rho c, its Hessian that of the Lagrangian with rho J^T J [Nocedal & Wright 2006, 17.4].
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcalc.minimizing.coordinates import Array
from matcalc.minimizing.derived import Functions
from matcalc.minimizing.methods.newton import LARGEST_DENSE, NEAR, Watch, descend, pull_of
from matcalc.records import dataclass

__all__ = ["Augmented", "Ended", "constrained", "refined", "violation_of"]

MOST_ROUNDS = 60
#: A violation has to fall by this factor in a round, or its weight rises tenfold.
FALL, RISE = 0.25, 10.0
LARGEST_WEIGHT = 1e14
#: Steps of the last, quadratic part.
MOST_REFINED = 12


class Augmented:
    """The function that is minimised in one round."""

    def __init__(self, functions: Functions, weights: Array, rho: float, kinds: Array) -> None:
        self.functions, self.weights, self.rho, self.kinds = functions, weights, rho, kinds

    def moved(self, z: Array) -> Array:
        """y + rho c, and its positive part at an inequality: the multipliers of the next round."""
        found = self.weights + self.rho * self.functions.values(z)[1]
        return np.where(self.kinds, found, np.maximum(found, 0.0))

    def value(self, z: Array) -> float:
        f = self.functions.values(z)[0]
        if not np.isfinite(f):
            return np.inf
        moved = self.moved(z)
        return f + float(moved @ moved - self.weights @ self.weights) / (2 * self.rho) if len(moved) else f

    def slope(self, z: Array) -> Array:
        return self.functions.slope(z, self.moved(z) if len(self.weights) else self.weights)

    def bend(self, z: Array) -> Array:
        if not len(self.weights):
            return self.functions.bend(z, self.weights)
        moved = self.moved(z)
        rows = self.functions.jacobian(z)[self.kinds | (moved > 0)]
        return np.asarray(self.functions.bend(z, moved) + self.rho * rows.T @ rows)


@dataclass(frozen=True)
class Ended:
    """A point with its multipliers: what is left of its conditions, and the largest violation of a constraint."""

    z: Array
    weights: Array
    pull: float
    violation: float
    steps: int
    is_bounded: bool = True


def violation_of(c: Array, kinds: Array) -> float:
    return float(np.max(np.abs(np.where(kinds, c, np.maximum(c, 0.0))), initial=0.0))


def constrained(functions: Functions, z: Array, low: Array, high: Array, tolerance: float, watch: Watch) -> Ended:
    """A point that meets the constraints and the first-order conditions, as far as one was found."""
    f, c = functions.values(z)
    kinds = functions.kinds()
    weights = np.zeros(len(c))
    rho = float(np.clip(20 * max(1.0, abs(f)) / max(1.0, float(c @ c)), 1e-2, 1e3))
    worst, steps = np.inf, 0
    for k in range(MOST_ROUNDS):
        round_ = Augmented(functions, weights, rho, kinds)
        inner = max(tolerance, 10.0 ** -(k + 2))
        outcome = descend(round_, z, low, high, inner, watch)
        steps += outcome.steps
        if not outcome.is_bounded and rho >= LARGEST_WEIGHT:
            return _ended(functions, z, weights, low, high, steps, False)
        if not outcome.is_bounded:
            rho *= RISE
            continue
        z, weights = outcome.z, round_.moved(outcome.z)
        found = refined(functions, z, weights, low, high) or _ended(functions, z, weights, low, high, 0)
        if found.pull <= tolerance and found.violation <= tolerance:
            return replace(found, steps=found.steps + steps)
        violation = violation_of(functions.values(z)[1], kinds)
        rho = rho if violation <= FALL * worst else min(rho * RISE, LARGEST_WEIGHT)
        if rho == LARGEST_WEIGHT and violation > tolerance:
            break
        worst = min(worst, violation)
    return _ended(functions, z, weights, low, high, steps)


def _ended(
    functions: Functions, z: Array, weights: Array, low: Array, high: Array, steps: int, is_bounded: bool = True
) -> Ended:
    c, kinds = functions.values(z)[1], functions.kinds()
    g = functions.slope(z, weights)
    loose = float(
        np.max(np.abs(np.where(kinds, 0.0, np.minimum(weights, -np.where(np.isfinite(c), c, 0.0)))), initial=0.0)
    )
    return Ended(z, weights, max(pull_of(z, g, low, high), loose), violation_of(c, kinds), steps, is_bounded)


def refined(functions: Functions, z: Array, weights: Array, low: Array, high: Array) -> Ended | None:
    """Newton's method with the constraints that hold as equations; None where it leaves them, or does not converge."""
    if len(z) + len(weights) > 2 * LARGEST_DENSE:
        return None
    kinds = functions.kinds()
    active = kinds | (weights > 0)
    g = functions.slope(z, weights)
    held = ((z <= low + NEAR) & (g > 0)) | ((z >= high - NEAR) & (g < 0))
    start = best = _ended(functions, z, weights, low, high, 0)
    for count in range(1, MOST_REFINED + 1):
        moved = _kkt_step(functions, best.z, best.weights, active, ~held)
        if moved is None:
            break
        point = np.clip(moved[0], low, high)
        if not np.isfinite(functions.values(point)[0]):
            break
        there = _ended(functions, point, moved[1], low, high, count)
        if not _total(there) < _total(best) / 2:
            break
        best = there
    return best if best is not start else None


def _total(ended: Ended) -> float:
    return ended.pull + ended.violation


def _kkt_step(functions: Functions, z: Array, weights: Array, active: Array, free: Array) -> tuple[Array, Array] | None:
    """[H J^T; J 0] (dz, dy) = -(g, c)"""
    g, c = functions.slope(z, weights), functions.values(z)[1]
    rows = functions.jacobian(z)[np.ix_(active, free)]
    hessian = functions.bend(z, weights)[np.ix_(free, free)]
    count, below = int(free.sum()), int(active.sum())
    system = np.block([[hessian, rows.T], [rows, np.zeros((below, below))]])
    right = -np.concatenate([g[free], c[active]])
    if not (np.all(np.isfinite(system)) and np.all(np.isfinite(right))):
        return None
    found = np.linalg.lstsq(system, right, rcond=1e-13)[0]
    new_z, new_weights = z.copy(), weights.copy()
    new_z[free] += found[:count]
    new_weights[active] += found[count:]
    new_weights[~active] = 0.0
    return new_z, new_weights
