"""Segments on which a function leaves the chord: two points and a weight, of the declared kinds and of one set of sizes.

What is evaluated is what was typed. A gap counts where it is clearly outside of rounding; then numbers with few digits are
tried in place of those that were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from matcalc.checking import Subject
from matcalc.checking.sampling import Point, points, random_value
from matcalc.checking.subject import quietly
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.language import Declaration
from matcalc.records import dataclass

__all__ = ["Segment", "segments"]

Values = Mapping[str, Array]
#: A gap counts from this part of the largest value on.
CLEAR = 1e-6
LARGEST = 1e8
WEIGHTS = (0.5, 0.25, 0.75)
#: Base points, and directions from each.
TRIALS = 24
#: So many base points are tried for numbers with few digits.
TRIALS_FOR_NEATNESS = 4
#: How far the other end is.
LENGTHS = (1.0, 0.2, 5.0, 0.03, 30.0)
#: Kinds whose values may be moved along any direction of their structure; the others are mixed with another value.
FREE = ("scalar", "vector", "matrix", "symmetric", "skew", "diagonal", "lower", "upper", "array", "invertible")


@dataclass(frozen=True, eq=False)
class Segment:
    """Where the value at (1 - weight) a + weight b is off the chord: above it where ``gap`` > 0; neat with few digits."""

    a: Values
    b: Values
    weight: float
    gap: float
    is_neat: bool = False


class Found:
    """The two segments that are looked for: one above the chord, one below."""

    def __init__(self, subject: Subject, names: Sequence[str]) -> None:
        self.subject, self.names = subject, names
        self.above: Segment | None = None
        self.below: Segment | None = None

    @property
    def is_complete(self) -> bool:
        return self.above is not None and self.below is not None

    @property
    def is_neat(self) -> bool:
        return all(segment is not None and segment.is_neat for segment in (self.above, self.below))

    def value(self, values: Values, sizes: Mapping[str, int]) -> float | None:
        """The value, where it is a number of moderate size."""
        found = quietly(lambda: self.subject.value(values, sizes))
        if found is None or np.iscomplexobj(found) or found.shape != (1, 1):
            return None
        value = float(found.item())
        return value if abs(value) < LARGEST else None

    def try_segment(self, a: Values, b: Values, sizes: Mapping[str, int], weights: Sequence[float] = WEIGHTS) -> None:
        """Keep it, if it shows something new."""
        if self.is_neat:
            return
        ends = [self.value(v, sizes) for v in (a, b)]
        if None in ends:
            return
        for weight in weights:
            gap = self._gap(a, b, weight, ends, sizes)
            if gap > 0 and not (self.above and self.above.is_neat):
                self.above = self._better(self.above, self._rounded(a, b, weight, gap, sizes))
            elif gap < 0 and not (self.below and self.below.is_neat):
                self.below = self._better(self.below, self._rounded(a, b, weight, gap, sizes))

    def _better(self, known: Segment | None, new: Segment) -> Segment:
        return known if known is not None and not new.is_neat else new

    def _gap(
        self, a: Values, b: Values, weight: float, ends: Sequence[float | None], sizes: Mapping[str, int]
    ) -> float:
        """How far the value between lies above the chord; 0 where that is not clear."""
        middle = {n: (1 - weight) * a[n] + weight * b[n] if n in self.names else a[n] for n in a}
        value = self.value(middle, sizes)
        start, end = ends
        if value is None or start is None or end is None:
            return 0.0
        gap = value - ((1 - weight) * start + weight * end)
        is_clear = abs(gap) > CLEAR * max(1.0, abs(value), abs(start), abs(end))
        return gap if is_clear and all(self._has_value(v, sizes) for v in (a, b, middle)) else 0.0

    def _has_value(self, values: Values, sizes: Mapping[str, int]) -> bool:
        """Whether the node is defined, too: kl(p, q) that is typed has values where p and q are negative."""
        found = quietly(lambda: evaluate(self.subject.node, values, sizes))
        return found is not None and bool(np.isfinite(found).all()) and not np.iscomplexobj(found)

    def _rounded(self, a: Values, b: Values, weight: float, gap: float, sizes: Mapping[str, int]) -> Segment:
        """The same with few digits, where it shows the same."""
        for digits in (0, 1, 2):
            sides = [
                {n: _with_digits(self.subject.declarations[n], v, digits) for n, v in side.items()} for side in (a, b)
            ]
            ends = [self.value(side, sizes) for side in sides]
            found = self._gap(sides[0], sides[1], weight, ends, sizes) if None not in ends else 0.0
            if found * gap > 0:
                return Segment(sides[0], sides[1], weight, found, True)
        return Segment(a, b, weight, gap)


def _with_digits(declaration: Declaration, value: Any, digits: int) -> Any:
    """The value rounded, where it stays one of its kind."""
    if (
        declaration.is_function
        or declaration.kind in ("orthogonal", "psd", "spd")
        or "integer" in declaration.assumptions
    ):
        return value
    if any(a in ("psd", "spd", "orthogonal") for a in declaration.assumptions):
        return value
    found = np.round(value, digits) + 0.0
    return np.maximum(found, 10.0**-digits) if "positive" in declaration.assumptions else found


def segments(subject: Subject, names: Sequence[str], seed: int = 0, trials: int = TRIALS) -> Found:
    """Segments in the variables, jointly, tried until one of each side is found, or none is left to be tried."""
    found = Found(subject, names)
    rng = np.random.default_rng(seed)
    for turn, point in zip(range(trials), _bases(subject, rng), strict=False):
        if found.is_neat or (found.is_complete and turn >= TRIALS_FOR_NEATNESS):
            break
        for a, b in _ends(subject, names, point.values, point.sizes, rng, turn):
            found.try_segment(a, b, point.sizes)
    return found


def _bases(subject: Subject, rng: np.random.Generator) -> Iterator[Point]:
    """Small points and general ones in turn."""
    general = points(subject.declarations, subject.dims, rng, subject.least_sizes, subject.shapes)
    sizes = {name: max(2, subject.least_sizes.get(name, 0)) for name in sorted(subject.dims)}
    for point in general:
        with suppress(ValueError):
            yield Point({n: random_value(d, sizes, rng) for n, d in subject.declarations.items()}, sizes)
        yield point


def _ends(
    subject: Subject, names: Sequence[str], here: Values, sizes: Mapping[str, int], rng: np.random.Generator, turn: int
) -> Iterator[tuple[Values, Values]]:
    """Pairs of points from one: shrunk or stretched, and from there along directions of several kinds."""
    scale = LENGTHS[turn % len(LENGTHS)] if turn else 1.0
    start = {n: _moved_base(subject.declarations[n], v, scale) if n in names else v for n, v in here.items()}
    for length in (1.0, 0.2, 4.0):
        for way in (_general, _sparse, _through_zero):
            ends = {n: way(subject.declarations[n], start[n], length, rng) for n in names}
            yield start, {**start, **ends}


def _moved_base(declaration: Declaration, value: Array, scale: float) -> Array:
    return value * scale if declaration.kind != "orthogonal" and "integer" not in declaration.assumptions else value


def _normal(rng: np.random.Generator, *shape: int) -> Array:
    return np.asarray(rng.standard_normal(shape))


def _general(declaration: Declaration, value: Array, length: float, rng: np.random.Generator) -> Array:
    """In a direction of the structure, or to another value of the kind."""
    size = length * float(abs(value).mean() or 1.0)
    if declaration.kind in ("spd", "psd") or any(a in ("spd", "psd") for a in declaration.assumptions):
        root = _normal(rng, *value.shape)
        square = np.concatenate([r @ r.T for r in root.reshape(-1, value.shape[1], value.shape[1])])
        return np.asarray(value * rng.uniform(0.1, 1.0) + size * square / value.shape[1])
    if "positive" in declaration.assumptions:
        return np.asarray(value * np.exp(2 * length * _normal(rng, *value.shape)))
    return np.asarray(value + size * _in_structure(declaration, _normal(rng, *value.shape)))


def _sparse(declaration: Declaration, value: Array, length: float, rng: np.random.Generator) -> Array:
    """One entry, or one rank, that moves."""
    size = length * float(abs(value).mean() or 1.0)
    place: Array = np.zeros(value.size)
    place[rng.integers(value.size)] = 1.0
    if declaration.kind in ("spd", "psd"):
        u = np.zeros((len(value), 1))
        u[rng.integers(len(value))] = 1.0
        return np.asarray(value + 3 * size * u @ u.T)
    if "positive" in declaration.assumptions:
        return np.asarray(value * np.exp(3 * length * place.reshape(value.shape)))
    if declaration.kind in FREE and declaration.kind not in ("scalar", "vector"):
        outer = _normal(rng, len(value), 1) @ _normal(rng, 1, value.shape[1])
        return np.asarray(value + size * _in_structure(declaration, outer))
    return np.asarray(value + size * 3 * place.reshape(value.shape))


def _through_zero(declaration: Declaration, value: Array, length: float, rng: np.random.Generator) -> Array:
    """To the other side of 0, or nearly to a singular one."""
    if declaration.kind in ("spd", "psd"):
        return value * length + 0.01 * np.eye(len(value))
    if "positive" in declaration.assumptions:
        return value * (0.02 if length < 1 else length + 1)
    return -length * value


_STRUCTURES: dict[str, Callable[[Array], Array]] = {
    "symmetric": lambda x: (x + x.T) / 2,
    "skew": lambda x: (x - x.T) / 2,
    "diagonal": lambda x: np.diag(np.diag(x)),
    "lower": np.tril,
    "upper": np.triu,
}


def _in_structure(declaration: Declaration, x: Array) -> Array:
    """The part of a matrix that has the structure, block by block of a family."""
    kind = next((a for a in (declaration.kind, *declaration.assumptions) if a in _STRUCTURES), None)
    if kind is None:
        return x
    return np.concatenate([_STRUCTURES[kind](b) for b in x.reshape(-1, x.shape[1], x.shape[1])])
