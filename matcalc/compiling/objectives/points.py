"""What objectives of one and of several variables have in common: value and gradient at a point, computed together and remembered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Array", "AtPoints", "computed"]

Array = np.ndarray[Any, np.dtype[Any]]


class AtPoints(ABC):
    """``fun`` and ``jac`` of one vector, and both at once."""

    _last: tuple[bytes, float, Array] | None = None

    def fun(self, x: Any) -> float:
        """f at the point that the vector holds, inf outside the domain."""
        return self.value_and_gradient(x)[0]

    def jac(self, x: Any) -> Array:
        """The gradient as one vector, or in the shape in which the point of a single variable is given."""
        return self.value_and_gradient(x)[1]

    def value_and_gradient(self, x: Any) -> tuple[float, Array]:
        """Both at once: ``minimize(o.value_and_gradient, x0, jac=True)``."""
        given = np.asarray(x, dtype=float)
        key = given.tobytes()
        if self._last is None or self._last[0] != key:
            self._last = (key, *self._computed(given))
        return self._last[1], self._last[2].copy()

    @abstractmethod
    def _computed(self, x: Array) -> tuple[float, Array]:
        """The value and the gradient, inf and nan outside the domain."""


def computed(run: Callable[[], Any]) -> Any:
    """What the code gives, or None where a matrix in it has no inverse."""
    try:
        with np.errstate(all="ignore"):
            return run()
    except np.linalg.LinAlgError:
        return None
