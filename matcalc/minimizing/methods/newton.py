"""Newton's method between bounds: steps to the least value of the quadratic model between them, else bent at them [Bertsekas 1982].

Where the Hessian is not definite its eigenvalues are taken without their signs, so that a step leaves saddle points, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from matcalc.minimizing.coordinates import Array
from matcalc.records import dataclass

__all__ = ["LARGEST_DENSE", "Outcome", "Smooth", "descend"]

#: With more entries no Hessian is formed: SciPy's L-BFGS-B does without.
LARGEST_DENSE = 600
#: With more entries a Hessian that is not definite is not worth its time: the way begins without.
LARGEST_INDEFINITE = 40
MOST_STEPS, MOST_HALVINGS = 300, 60
#: So often the set of entries on their bounds is changed in one step.
MOST_SETS = 30
#: The part of the decrease along the slope that a step has to reach [Armijo 1966].
SUFFICIENT = 1e-4
#: Nearer to a bound an entry counts as lying on it, if the gradient pulls there.
NEAR = 1e-9
#: Eigenvalues below this part of the largest are raised to it; what is as negative is no rounding.
LEAST_PART = 1e-10
#: What rounding makes of a value, relative to it.
ROUNDING = 1e-13
#: Values below this, beside that at the start, mean that the function has no minimum.
UNBOUNDED = -1e13


class Graph(Protocol):
    """A function of one vector with its gradient."""

    def value(self, z: Array) -> float: ...
    def slope(self, z: Array) -> Array: ...


class Smooth(Graph, Protocol):
    """One with its Hessian, too."""

    def bend(self, z: Array) -> Array: ...


@dataclass(frozen=True)
class Outcome:
    """Where a method ended: ``pull`` is the largest entry of the projected gradient, ``steps`` their number."""

    z: Array
    pull: float
    steps: int
    is_bounded: bool = True


Watch = Callable[[Array], None]


def pull_of(z: Array, g: Array, low: Array, high: Array) -> float:
    """The largest entry of the gradient that does not push against a bound."""
    return float(np.max(np.abs(np.clip(z - g, low, high) - z), initial=0.0))


def descend(f: Smooth, z: Array, low: Array, high: Array, tolerance: float, watch: Watch) -> Outcome:
    """A stationary point between the bounds; entries are many: without Hessians."""
    if len(z) > LARGEST_DENSE:
        return _by_scipy(f, z, low, high, tolerance, watch)
    if len(z) > LARGEST_INDEFINITE and not _is_definite(_raised(f.bend(z))):
        z = _by_scipy(f, z, low, high, tolerance, watch).z
    floor = UNBOUNDED * max(1.0, abs(f.value(z)))
    for count in range(MOST_STEPS):
        g = f.slope(z)
        pull = pull_of(z, g, low, high)
        hessian = f.bend(z)
        held = ((z <= low + NEAR) & (g > 0)) | ((z >= high - NEAR) & (g < 0))
        if pull <= tolerance:
            new = _off_saddle(f, z, hessian, held, low, high)
        else:
            step = _within(hessian, g, z, low, high)
            step = _of_model(hessian, g, z, low, high) if step is None else step
            new = _stepped(f, z, g, step, low, high)
            new = _stepped(f, z, g, _direction(hessian, g, held), low, high) if new is None else new
        if new is None or f.value(new) < floor:
            return Outcome(z, pull, count, new is None)
        z = new
        watch(z)
    return Outcome(z, pull_of(z, f.slope(z), low, high), MOST_STEPS)


def _within(hessian: Array, g: Array, z: Array, low: Array, high: Array) -> Array | None:
    """The step to the least value of the quadratic model between the bounds, by its active set [Hintermueller, Ito & Kunisch 2003]."""
    on_low, on_high = (z <= low + NEAR) & (g > 0), (z >= high - NEAR) & (g < 0)
    for _ in range(MOST_SETS):
        step = np.where(on_low, low - z, np.where(on_high, high - z, 0.0))
        held = on_low | on_high
        free = np.flatnonzero(~held)
        if len(free):
            step[free] = -_solved(hessian[np.ix_(free, free)], (g + hessian @ step)[free])
        push = g + hessian @ step
        new_low = np.where(held, on_low & (push > 0), z + step < low)
        new_high = np.where(held, on_high & (push < 0), z + step > high)
        if np.array_equal(new_low, on_low) and np.array_equal(new_high, on_high):
            return step
        on_low, on_high = new_low, new_high
    return None


@dataclass(frozen=True)
class Model:
    """g^T d + d^T H d / 2: what f is nearby."""

    hessian: Array
    g: Array

    def value(self, d: Array) -> float:
        return float(self.g @ d + d @ self.hessian @ d / 2)

    def slope(self, d: Array) -> Array:
        return np.asarray(self.g + self.hessian @ d)


def _of_model(hessian: Array, g: Array, z: Array, low: Array, high: Array) -> Array:
    """The same by steps that are bent at the bounds, which come down every time."""
    model, d = Model(hessian, g), np.zeros_like(z)
    for _ in range(MOST_STEPS if np.any(np.isfinite(low) | np.isfinite(high)) else 1):
        slope = model.slope(d)
        held = ((d <= low - z + NEAR) & (slope > 0)) | ((d >= high - z - NEAR) & (slope < 0))
        new = _stepped(model, d, slope, _direction(hessian, slope, held), low - z, high - z)
        if new is None or model.value(new) < UNBOUNDED:
            break
        d = new
    return d


def _direction(hessian: Array, g: Array, held: Array) -> Array:
    """-H^-1 g in the entries that are free, -g in those that are held."""
    step = -g
    free = np.flatnonzero(~held)
    if len(free):
        step[free] = -_solved(hessian[np.ix_(free, free)], g[free])
    return step


def _is_definite(hessian: Array) -> bool:
    try:
        np.linalg.cholesky(hessian)
    except np.linalg.LinAlgError:
        return False
    return bool(np.all(np.isfinite(hessian)))


def _raised(hessian: Array) -> Array:
    """With rounding added to its diagonal, so that a semidefinite one is definite."""
    return np.asarray(hessian + 1e-9 * max(1e-9, float(np.abs(np.diagonal(hessian)).max())) * np.eye(len(hessian)))


def _solved(hessian: Array, g: Array) -> Array:
    try:
        root = np.linalg.cholesky(hessian)
    except np.linalg.LinAlgError:
        return _without_signs(hessian, g)
    diagonal = np.abs(np.diagonal(root))
    if diagonal.min() ** 2 < LEAST_PART * diagonal.max() ** 2:
        return _without_signs(hessian, g)
    found: Array = np.linalg.solve(hessian, g)
    return found


def _without_signs(hessian: Array, g: Array) -> Array:
    if not np.all(np.isfinite(hessian)):
        return g
    sizes, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    raised = np.maximum(np.abs(sizes), max(LEAST_PART * float(np.abs(sizes).max()), 1e-12))
    found: Array = vectors @ ((vectors.T @ g) / raised)
    return found


def _stepped(f: Graph, z: Array, g: Array, step: Array, low: Array, high: Array) -> Array | None:
    """The first of ever shorter steps that goes down enough; None where nothing but rounding is left."""
    here, t = f.value(z), 1.0
    for _ in range(MOST_HALVINGS):
        new = np.clip(z + t * step, low, high)
        slope = float(g @ (new - z))
        there = f.value(new)
        if np.isfinite(there):
            if there <= here + SUFFICIENT * slope and slope < 0:
                return new
            if abs(slope) <= ROUNDING * max(abs(here), 1e-3) and there <= here + ROUNDING * abs(here):
                return new if pull_of(new, f.slope(new), low, high) < pull_of(z, g, low, high) / 2 else None
        t /= 2
    return None


def _off_saddle(f: Smooth, z: Array, hessian: Array, held: Array, low: Array, high: Array) -> Array | None:
    """A lower point along negative curvature, where the gradient vanishes."""
    free = np.flatnonzero(~held)
    if not len(free) or not np.all(np.isfinite(hessian)):
        return None
    inner = hessian[np.ix_(free, free)]
    if _is_definite(inner):
        return None
    sizes, vectors = np.linalg.eigh(inner)
    if sizes[0] >= -1e-7 * max(1e-7, float(np.abs(sizes).max())):
        return None
    step = np.zeros_like(z)
    step[free] = vectors[:, 0] * max(1.0, float(np.abs(z).max()))
    here = f.value(z)
    for t in 0.5 ** np.arange(MOST_HALVINGS // 2):
        for sign in (1.0, -1.0):
            new: Array = np.clip(z + sign * t * step, low, high)
            if f.value(new) < here - ROUNDING * abs(here) and f.value(new) <= here + 0.1 * t * t * sizes[0]:
                return new
    return None


def _by_scipy(f: Smooth, z: Array, low: Array, high: Array, tolerance: float, watch: Watch) -> Outcome:
    """SciPy's L-BFGS-B."""
    from scipy.optimize import Bounds, minimize

    floor = UNBOUNDED * max(1.0, abs(f.value(z)))
    options: dict[str, Any] = {"ftol": 1e-16, "gtol": tolerance, "maxiter": 20_000, "maxfun": 40_000, "maxcor": 20}
    found = minimize(
        f.value, z, jac=f.slope, bounds=Bounds(low, high), method="L-BFGS-B", callback=watch, options=options
    )
    z = np.clip(found.x, low, high)
    return Outcome(z, pull_of(z, f.slope(z), low, high), int(found.nit), float(found.fun) > floor)
