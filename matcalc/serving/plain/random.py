"""Random numbers; for a seed other ones than NumPy's."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

from matcalc.serving.plain.array import Array, asarray
from matcalc.serving.plain.types import FLOAT, INT

__all__ = ["Generator", "default_rng"]


class Generator:
    """Draws numbers and arrays."""

    def __init__(self, seed: Any = None) -> None:
        self._random = Random(str(seed) if isinstance(seed, (list, tuple)) else seed)

    def _drawn(self, size: Any, draw: Callable[[], Any], kind: Any) -> Any:
        if size is None:
            return Array([draw()], (), kind)
        shape = tuple(size) if isinstance(size, (tuple, list)) else (int(size),)
        return Array([draw() for _ in range(math.prod(shape))], shape, kind)

    def standard_normal(self, size: Any = None) -> Any:
        return self._drawn(size, lambda: self._random.gauss(0.0, 1.0), FLOAT)

    def normal(self, loc: float = 0.0, scale: float = 1.0, size: Any = None) -> Any:
        return self._drawn(size, lambda: self._random.gauss(loc, scale), FLOAT)

    def uniform(self, low: float = 0.0, high: float = 1.0, size: Any = None) -> Any:
        return self._drawn(size, lambda: self._random.uniform(low, high), FLOAT)

    def random(self, size: Any = None) -> Any:
        return self.uniform(size=size)

    def integers(self, low: Any, high: Any = None, size: Any = None, endpoint: bool = False) -> Any:
        start, stop = (0, int(low)) if high is None else (int(low), int(high))
        return self._drawn(size, lambda: self._random.randrange(start, stop + endpoint), INT)

    def choice(self, values: Any, size: Any = None, replace: bool = True) -> Any:
        known = asarray(list(range(values)) if isinstance(values, int) else values)
        if not replace and size is not None:
            places = self._random.sample(range(len(known)), int(size))
            return known[places]
        if size is None:
            return known[self._random.randrange(len(known))]
        return known[self.integers(0, len(known), size)]

    def permutation(self, values: Any) -> Any:
        known = asarray(list(range(values)) if isinstance(values, int) else values)
        order = self._random.sample(range(len(known)), len(known))
        return known[order]

    def standard_exponential(self, size: Any = None) -> Any:
        return self._drawn(size, lambda: self._random.expovariate(1.0), FLOAT)

    def spawn(self, count: int) -> list[Generator]:
        return [Generator(self._random.random()) for _ in range(count)]


def default_rng(seed: Any = None) -> Generator:
    """A generator; of a generator itself."""
    return seed if isinstance(seed, Generator) else Generator(seed)
