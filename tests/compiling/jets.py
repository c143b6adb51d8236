"""Values with their first and second derivatives in the digits of mpmath: references for compiled code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from mpmath import mp

DIGITS = 700


POINTS = 200


#: What is smaller than this is no normal double.
SMALLEST = 2.3e-308


@dataclass(frozen=True)
class Jet:
    """A value with its first and second derivative."""

    v: Any
    d: Any = 0
    e: Any = 0

    def through(self, f: Any, f1: Any, f2: Any) -> Jet:
        return Jet(f, f1 * self.d, f2 * self.d**2 + f1 * self.e)

    def __add__(self, other: Any) -> Jet:
        o = jet(other)
        return Jet(self.v + o.v, self.d + o.d, self.e + o.e)

    def __mul__(self, other: Any) -> Jet:
        o = jet(other)
        return Jet(self.v * o.v, self.d * o.v + self.v * o.d, self.e * o.v + 2 * self.d * o.d + self.v * o.e)

    def __neg__(self) -> Jet:
        return self * -1

    def __sub__(self, other: Any) -> Jet:
        return self + jet(other) * -1

    def __rsub__(self, other: Any) -> Jet:
        return jet(other) - self

    def __truediv__(self, other: Any) -> Jet:
        y = jet(other)
        return self * y.through(1 / y.v, -1 / y.v**2, 2 / y.v**3)

    def __rtruediv__(self, other: Any) -> Jet:
        return jet(other) / self

    __radd__, __rmul__ = __add__, __mul__


def jet(x: Any) -> Jet:
    return x if isinstance(x, Jet) else Jet(mp.mpf(x))


def exp(x: Jet) -> Jet:
    return x.through(*[mp.exp(x.v)] * 3)


def log(x: Jet) -> Jet:
    return x.through(mp.log(x.v), 1 / x.v, -1 / x.v**2)


def sqrt(x: Jet) -> Jet:
    r = mp.sqrt(x.v)
    return x.through(r, 1 / (2 * r), -1 / (4 * r**3))


def erfc(x: Jet) -> Jet:
    g = -2 / mp.sqrt(mp.pi) * mp.exp(-(x.v**2))
    return x.through(mp.erfc(x.v), g, -2 * x.v * g)


def cos(x: Jet) -> Jet:
    return x.through(mp.cos(x.v), -mp.sin(x.v), -mp.cos(x.v))


def sin(x: Jet) -> Jet:
    return x.through(mp.sin(x.v), mp.cos(x.v), -mp.sin(x.v))


def expm1(x: Jet) -> Jet:
    return exp(x) - 1


def softplus(x: Jet) -> Jet:
    return log(1 + exp(x))


def sigmoid(x: Jet) -> Jet:
    return 1 / (1 + exp(-x))


def sech2(x: Jet) -> Jet:
    return 4 * exp(-2 * x) / ((1 + exp(-2 * x)) * (1 + exp(-2 * x)))


def ndtr(x: Jet) -> Jet:
    return erfc(x * (-1 / mp.sqrt(2))) * mp.mpf("0.5")


def normal(x: Jet) -> Jet:
    """log Φ(x); far left by the continued fraction [DLMF 7.9.1], far right 0 to all digits of a double."""
    if abs(x.v) < 100:
        return log(ndtr(x))
    if x.v > 0:
        return x * 0
    u, fraction = x * (-1 / mp.sqrt(2)), jet(0)
    for k in range(80, 0, -1):
        fraction = (mp.mpf(k) / 2) / (u + fraction)
    return -(u * u) - log((u + fraction) * (2 * mp.sqrt(mp.pi)))


Reference = Callable[[Jet], Jet]


def points(signs: Sequence[int], largest: float = 300) -> np.ndarray:
    """Magnitudes from 1e-300 to 10^largest, half of them between 1e-3 and 1e3 where most happens."""
    rng = np.random.default_rng(20)
    half = POINTS // 2
    size = 10.0 ** np.concatenate([rng.uniform(-300, largest, half), rng.uniform(-3, 3, POINTS - half)])
    return size * rng.choice(signs, POINTS)


def assert_close(found: Any, wanted: Any, label: str) -> None:
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    overflows = np.isinf(wanted)
    assert np.array_equal(found[overflows], wanted[overflows]), label
    np.testing.assert_allclose(found[~overflows], wanted[~overflows], rtol=1e-10, atol=SMALLEST, err_msg=label)


def gathered(weights: Sequence[Any], u: Sequence[Any]) -> tuple[Any, list[Any], list[list[Any]]]:
    """log Σ p e^u, and its derivatives by u, with the large digits of mpmath."""
    e = [p * mp.exp(x) for p, x in zip(weights, u, strict=True)]
    total = mp.fsum(e)
    g = [x / total for x in e]
    # g_i (1 - g_i) as g_i Σ g_j, since 1 - g_i may have no digit left
    others = [mp.fsum(y for j, y in enumerate(g) if j != i) for i in range(len(g))]
    h = [[x * others[i] if i == j else -x * y for j, y in enumerate(g)] for i, x in enumerate(g)]
    return mp.log(total), g, h
