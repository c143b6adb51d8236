"""Derivatives by a complex variable against differences of the function: along E and along j E.

With D(E) = d/dt f(Z + t E) for real t, df = A[dZ] + B[dZ^*] says D(E) = A[E] + B[E^*] and D(j E) = j A[E] - j B[E^*], so that
A[E] = (D(E) - j D(j E)) / 2 and B[E^*] = (D(E) + j D(j E)) / 2. The equations of Cauchy and Riemann, D(j E) = j D(E), say that B = 0.
Along hermitian matrices, among which j E is none, both count half of D(E).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import numpy as np

from matcalc.checking.oracles.differences import richardson
from matcalc.checking.sampling import Point, points
from matcalc.checking.subject import Subject, quietly
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.checking.wirtinger.values import complex_value
from matcalc.expr import Node, perturbation
from matcalc.expr.conjugates import conjugate
from matcalc.objects.wirtinger.reality import is_hermitian
from matcalc.records import dataclass

__all__ = ["METHODS", "Sample", "agree", "samples", "value_of_differential", "value_of_formula"]

METHODS = {False: "differences along d{0} and j d{0}", True: "differences along hermitian d{0}"}
LARGEST_VALUE = 1e6
#: Directions at each point.
DIRECTIONS = 2


@dataclass(frozen=True)
class Sample:
    """A point, a direction, and both derivatives of f there: A[E] and B[E^*].

    ``uncertainty`` is that of the differences, ``size`` the largest entry of f.
    """

    point: Point
    e: Array
    by_variable: Array
    by_conjugate: Array
    uncertainty: float
    size: float

    def expected(self, factor: Fraction, by_conjugate: bool) -> Array:
        """The derivative in a convention, applied to the direction."""
        return float(factor) * (self.by_conjugate if by_conjugate else self.by_variable)


def samples(subject: Subject, variable: Node, trials: int, seed: int) -> Iterator[Sample]:
    """Samples at as many points at which f has a value; fewer where few are found."""
    rng = np.random.default_rng(seed)
    found = 0
    for point in points(subject.declarations, subject.dims, rng, subject.least_sizes, subject.shapes):
        value = quietly(lambda p=point: _value(subject, p.values, p))  # type: ignore[misc]
        if value is None or not np.all(np.isfinite(value)) or np.max(np.abs(value), initial=0.0) > LARGEST_VALUE:
            continue
        sampled = [_sample(subject, variable, point, value, rng) for _ in range(DIRECTIONS)]
        if any(s is None for s in sampled):
            continue
        yield from (s for s in sampled if s is not None)
        found += 1
        if found == trials:
            return


def _value(subject: Subject, values: Mapping[str, Array], point: Point) -> Array:
    if subject.tree is not None:
        return complex_value(subject.tree, values, point.sizes)
    return evaluate(subject.node, values, point.sizes)


def _sample(subject: Subject, variable: Node, point: Point, value: Array, rng: np.random.Generator) -> Sample | None:
    name = str(variable.data[0])
    shape = point.values[name].shape
    e = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    only_hermitian = is_hermitian(variable)
    e = (e + np.conj(e).T) / 2 if only_hermitian else e
    e = e / np.sqrt(np.sum(np.abs(e) ** 2))
    with np.errstate(all="ignore"):
        try:
            along, error = _difference(subject, name, point, e)
            across, other = (0.0 * along, error) if only_hermitian else _difference(subject, name, point, 1j * e)
        except (np.linalg.LinAlgError, ZeroDivisionError):
            return None
    if not (np.all(np.isfinite(along)) and np.all(np.isfinite(across))):
        return None
    if max(error, other) > 1e-6 * (1 + float(np.max(np.abs(along), initial=0.0))):
        return None
    size = float(np.max(np.abs(value), initial=0.0))
    return Sample(point, e, (along - 1j * across) / 2, (along + 1j * across) / 2, max(error, other), size)


def _difference(subject: Subject, name: str, point: Point, e: Array) -> tuple[Array, float]:
    moving: Callable[[float], Array] = lambda t: _value(  # noqa: E731
        subject, {**point.values, name: point.values[name] + t * e}, point
    )
    return richardson(moving)


def value_of_formula(
    node: Node, directions: tuple[Node, ...], variable: Node, by_conjugate: bool, sample: Sample, *, is_array: bool
) -> Array:
    """What a formula gives in the direction: an operator in dZ, or the array shaped as Z, whose entries are paired with it."""
    e = np.conj(sample.e) if by_conjugate else sample.e
    values = evaluate(node, sample.point.values, sample.point.sizes, dict.fromkeys(directions, e))
    if directions:
        return values
    return np.sum(values * e).reshape(1, 1) if is_array else values * e


def value_of_differential(node: Node, variable: Node, sample: Sample) -> Array:
    """df in the direction E of Z and E^* of conj(Z)."""
    directions = {perturbation(variable): sample.e}
    if not is_hermitian(variable):
        directions[perturbation(conjugate(variable))] = np.conj(sample.e)
    return evaluate(node, sample.point.values, sample.point.sizes, directions)


def agree(found: Array | None, wanted: Array, sample: Sample) -> tuple[bool, float]:
    """Whether two values are equal as far as differences tell, and the relative error."""
    if found is None or not np.all(np.isfinite(found)):
        return False, np.inf
    both = (float(np.max(np.abs(d), initial=0.0)) for d in (sample.by_variable, sample.by_conjugate))
    floor = max(1e-7 * (1 + sample.size), *(1e-3 * size for size in both))  # both share the rounding of D(E)
    scale = max(float(np.max(np.abs(wanted), initial=0.0)), float(np.max(np.abs(found), initial=0.0)), floor)
    error = float(np.max(np.abs(found - wanted), initial=0.0)) / scale
    return error <= max(1e-7, 50 * sample.uncertainty / scale), error
