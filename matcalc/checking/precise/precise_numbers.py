"""Functions of numbers in mpmath's numbers, each from its own definition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from mpmath import mp

from matcalc.checking.values.evaluate import Array

__all__ = ["ENTRIES", "Args", "Number", "Undefined", "finite", "of_positive", "power_of"]


class Undefined(Exception):
    """The point is not in the function's domain."""


Number = Any
Args = list[Array]


def finite(x: Array) -> Array:
    """The array, of finite real numbers. Raises Undefined."""
    for entry in x.flat:
        _real(entry)
    return x


def _real(x: Number) -> Number:
    if isinstance(x, mp.mpc):
        if x.imag:
            raise Undefined
        x = x.real
    if not mp.isfinite(x):
        raise Undefined
    return x


def power_of(x: Number, p: Number) -> Number:
    if mp.isint(p):
        return x ** int(p)
    if x < 0:
        raise Undefined
    return mp.mpf(x) ** p


def of_positive(f: Callable[[Number], Number]) -> Callable[[Number], Number]:
    """A function of positive numbers; mpmath continues it into the complex plane."""

    def value(x: Number) -> Number:
        if x <= 0:
            raise Undefined
        return f(x)

    return value


def _cbrt(x: Number) -> Number:
    return mp.sign(x) * mp.cbrt(abs(x))


def _huber(x: Number, c: Number) -> Number:
    return x * x / 2 if abs(x) <= c else c * (abs(x) - c / 2)


def _gelu(x: Number) -> Number:
    return x * mp.erfc(-x / mp.sqrt(2)) / 2


#: function -> its value for numbers
_NUMBERS: dict[str, Callable[..., Number]] = {
    "exp": mp.exp,
    "log": of_positive(mp.log),
    "log1p": lambda x: of_positive(mp.log)(1 + x),
    "expm1": mp.expm1,
    "log2": of_positive(lambda x: mp.log(x) / mp.log(2)),
    "log10": of_positive(mp.log10),
    "sqrt": lambda x: power_of(x, mp.mpf(1) / 2),
    "cbrt": _cbrt,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "sec": mp.sec,
    "csc": mp.csc,
    "cot": mp.cot,
    "sech": mp.sech,
    "csch": mp.csch,
    "coth": mp.coth,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "asinh": mp.asinh,
    "acosh": mp.acosh,
    "atanh": mp.atanh,
    "abs": abs,
    "sign": mp.sign,
    "relu": lambda x: x if x > 0 else mp.zero,
    "step": lambda x: mp.one if x > 0 else mp.zero,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(x)),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "gelu": _gelu,
    "erf": mp.erf,
    "erfc": mp.erfc,
    "erfinv": mp.erfinv,
    "floor": mp.floor,
    "ceil": mp.ceil,
    "round": mp.nint,
    "atan2": mp.atan2,
    "hypot": mp.hypot,
    "logcosh": lambda x: mp.log(mp.cosh(x)),
    "log_ndtr": lambda x: mp.log(mp.erfc(-x / mp.sqrt(2)) / 2),
    "inverse_mills": lambda x: mp.sqrt(2 / mp.pi) * mp.exp(-x * x / 2) / mp.erfc(-x / mp.sqrt(2)),
    "log1mexp": lambda x: of_positive(mp.log)(-mp.expm1(x)),
    "bose": lambda x: 1 / mp.expm1(x),
    "logaddexp": lambda a, b: mp.log(mp.exp(a) + mp.exp(b)),
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))),
    "gamma": mp.gamma,
    "beta": lambda a, b: mp.gamma(a) * mp.gamma(b) / mp.gamma(a + b),
    "factorial": lambda x: mp.gamma(x + 1),
    "exp2": lambda x: mp.power(2, x),
    "digamma": mp.digamma,
    "trigamma": lambda x: mp.psi(1, x),
    "polygamma": lambda k, x: mp.psi(int(k), x),
    "max": max,
    "min": min,
    "pow": power_of,
    "huber": _huber,
    "greater": lambda a, b: mp.one if a > b else mp.zero,
    "at_least": lambda a, b: mp.one if a >= b else mp.zero,
    "equals": lambda a, b: mp.one if a == b else mp.zero,
    "differs": lambda a, b: mp.one if a != b else mp.zero,
    "where": lambda c, a, b: a if c else b,
}


def _entrywise(f: Callable[..., Number]) -> Callable[..., Array]:
    def value(*args: Array) -> Array:
        arrays = np.broadcast_arrays(*args)
        entries = [_real(f(*(mp.mpf(x) for x in entry))) for entry in zip(*(a.ravel() for a in arrays), strict=True)]
        return np.array(entries, dtype=object).reshape(arrays[0].shape)

    return value


#: function -> its value for arrays of one shape, or numbers beside them
ENTRIES: dict[str, Callable[..., Array]] = {name: _entrywise(f) for name, f in _NUMBERS.items()}
