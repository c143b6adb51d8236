"""Functions of matrices by their eigenvalues, in mpmath's numbers: V diag(g(λ)) V^-1 [Higham 2008, 1.2.2]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from mpmath import mp

__all__ = ["BY_EIGENVALUES", "NotDiagonal", "by_eigenvalues"]

Array = np.ndarray[Any, np.dtype[Any]]
Number = Any


class NotDiagonal(Exception):
    """The matrix has no basis of eigenvectors, or nearly none."""


def _side(z: Number) -> Number:
    return mp.sign(mp.re(z))


# fmt: off
_NUMBERS: dict[str, Callable[[Number], Number]] = {
    "sinhm": mp.sinh, "coshm": mp.cosh, "tanhm": mp.tanh, "tanm": mp.tan,
    "expm1m": mp.expm1, "exp2m": lambda z: mp.mpf(2) ** z, "log1pm": lambda z: mp.log(1 + z), "log2m": lambda z: mp.log(z) / mp.log(2),
    "log10m": lambda z: mp.log(z) / mp.log(10), "cbrtm": lambda z: mp.exp(mp.log(z) / 3), "sigmoidm": lambda z: 1 / (1 + mp.exp(-z)),
    "softplusm": lambda z: mp.log(1 + mp.exp(z)), "silum": lambda z: z / (1 + mp.exp(-z)), "logcoshm": lambda z: mp.log(mp.cosh(z)),
    "asinhm": mp.asinh, "acoshm": mp.acosh, "atanhm": mp.atanh, "absm": lambda z: z * _side(z), "relum": lambda z: (z + z * _side(z)) / 2,
}
# fmt: on

#: The functions of a matrix that are computed so.
BY_EIGENVALUES = tuple(_NUMBERS)


def by_eigenvalues(name: str, x: Any) -> Any:
    """The value as a matrix of mpmath, complex. Raises NotDiagonal."""
    g = _NUMBERS[name]
    with mp.extradps(mp.dps):
        values, vectors = mp.eig(x)
        try:
            inverse = mp.inverse(vectors)
        except ZeroDivisionError:
            raise NotDiagonal from None
        if mp.mnorm(vectors) * mp.mnorm(inverse) > mp.mpf(10) ** (mp.dps // 4):
            raise NotDiagonal
        return vectors * mp.diag([g(v) for v in values]) * inverse
