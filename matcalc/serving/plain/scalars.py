"""Functions of one number, as floating point has them: an infinity or nan where Python raises."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

__all__ = ["BINARY", "COMPLEX_VALUES", "REAL_VALUES"]

Function = Callable[[Any], Any]
INF, NAN = math.inf, math.nan


def _total(f: Callable[[float], float], overflow: Callable[[float], float] = lambda x: INF) -> Function:
    """f with nan outside of its domain, and an infinity where it is too large."""

    def value(x: float) -> float:
        try:
            return f(x)
        except ValueError:
            return NAN
        except OverflowError:
            return overflow(x)

    return value


def _logarithm(f: Callable[[float], float], pole: float) -> Function:
    """f with minus infinity at its pole."""
    return lambda x: f(x) if x > pole else -INF if x == pole else NAN


def _atanh(x: float) -> float:
    return math.copysign(INF, x) if abs(x) == 1 else math.atanh(x) if abs(x) < 1 else NAN


def _sign(x: Any) -> Any:
    return x if x != x else (x > 0) - (x < 0)


def _odd(x: float) -> float:
    return math.copysign(INF, x)


# fmt: off
#: name -> value of a float
REAL_VALUES: dict[str, Function] = {
    "exp": _total(math.exp), "expm1": _total(math.expm1), "exp2": _total(lambda x: math.pow(2.0, x)),
    "log": _logarithm(math.log, 0), "log2": _logarithm(math.log2, 0), "log10": _logarithm(math.log10, 0),
    "log1p": _logarithm(math.log1p, -1),
    "sin": _total(math.sin), "cos": _total(math.cos), "tan": _total(math.tan),
    "arcsin": _total(math.asin), "arccos": _total(math.acos), "arctan": math.atan,
    "sinh": _total(math.sinh, _odd), "cosh": _total(math.cosh), "tanh": math.tanh,
    "arcsinh": math.asinh, "arccosh": _total(math.acosh), "arctanh": _atanh,
    "sqrt": lambda x: math.sqrt(x) if x >= 0 else NAN,
    "cbrt": math.cbrt,
    "floor": lambda x: float(math.floor(x)) if math.isfinite(x) else x,
    "ceil": lambda x: float(math.ceil(x)) if math.isfinite(x) else x,
    "rint": lambda x: float(round(x)) if math.isfinite(x) else x,
    "sign": lambda x: x if x != x else float((x > 0) - (x < 0)),
}
# fmt: on


def _complex(f: Callable[[complex], complex]) -> Function:
    def value(z: complex) -> complex:
        try:
            return f(z)
        except (ValueError, OverflowError, ZeroDivisionError):
            return complex(NAN, NAN)

    return value


def _clog(z: complex) -> complex:
    return cmath.log(z) if z else complex(-INF, z.imag)


def _clog1p(z: complex) -> complex:
    """The real part as log1p(2 a + a^2 + b^2) / 2, which keeps its digits near 0."""
    a, b = z.real, z.imag
    square = a * (2 + a) + b * b
    real = math.log1p(square) / 2 if square > -1 else -INF
    return complex(real, math.atan2(b, 1 + a))


def _cexpm1(z: complex) -> complex:
    half = math.sin(z.imag / 2)
    return complex(math.expm1(z.real) * math.cos(z.imag) - 2 * half * half, math.exp(z.real) * math.sin(z.imag))


# fmt: off
#: name -> value of a complex number
COMPLEX_VALUES: dict[str, Function] = {
    "exp": _complex(cmath.exp), "expm1": _complex(_cexpm1), "exp2": _complex(lambda z: cmath.exp(z * math.log(2))),
    "log": _complex(_clog), "log2": _complex(lambda z: _clog(z) / math.log(2)),
    "log10": _complex(lambda z: _clog(z) / math.log(10)), "log1p": _complex(_clog1p),
    "sin": _complex(cmath.sin), "cos": _complex(cmath.cos), "tan": _complex(cmath.tan),
    "arcsin": _complex(cmath.asin), "arccos": _complex(cmath.acos), "arctan": _complex(cmath.atan),
    "sinh": _complex(cmath.sinh), "cosh": _complex(cmath.cosh), "tanh": _complex(cmath.tanh),
    "arcsinh": _complex(cmath.asinh), "arccosh": _complex(cmath.acosh), "arctanh": _complex(cmath.atanh),
    "sqrt": cmath.sqrt,
    "sign": lambda z: z / abs(z) if z else 0j,
    "rint": lambda z: complex(round(z.real), round(z.imag)),
}
# fmt: on


def _divide(a: Any, b: Any) -> Any:
    try:
        return a / b
    except ZeroDivisionError:
        if isinstance(a, complex) or isinstance(b, complex):
            return complex(NAN, NAN)
        return NAN if a == 0 or a != a else math.copysign(INF, a) * math.copysign(1.0, b)
    except OverflowError:
        return INF


def _power(a: Any, b: Any) -> Any:
    """a^b; of floats never a complex number."""
    try:
        if isinstance(a, float) and isinstance(b, (float, int)):
            return math.pow(a, b)
        return a**b
    except ZeroDivisionError:
        return complex(NAN, NAN)
    except OverflowError:
        return _overflown(a, b)
    except ValueError:
        if a != 0:
            return NAN
        return math.copysign(INF, a) if b % 2 == 1 else INF


def _overflown(a: Any, b: Any) -> Any:
    if isinstance(a, complex) or isinstance(b, complex):
        return complex(NAN, NAN)
    return -INF if a < 0 and b % 2 == 1 else INF


def _remainder(a: Any, b: Any) -> Any:
    return a % b if b else NAN


def _larger(a: Any, b: Any) -> Any:
    return a if a != a or a >= b else b


def _smaller(a: Any, b: Any) -> Any:
    return a if a != a or a <= b else b


def _logaddexp(a: float, b: float) -> float:
    top = max(a, b)
    return top if math.isinf(top) else top + math.log1p(math.exp(min(a, b) - top))


#: name -> value of two numbers that Python has no operator for
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "divide": _divide,
    "power": _power,
    "remainder": _remainder,
    "maximum": _larger,
    "minimum": _smaller,
    "logaddexp": _logaddexp,
    "hypot": math.hypot,
    "arctan2": math.atan2,
    "copysign": math.copysign,
}
