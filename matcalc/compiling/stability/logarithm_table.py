"""The logarithms of functions that overflow or vanish, each in a form that does not."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.compiling.stability.removable import log_erfc
from matcalc.expr import ONE, Node, apply, combine, number, ones, power, scale, scaled, zeros

__all__ = ["LOGARITHMS", "OF_ABSOLUTE", "log_half_erfc", "log_number", "spread_over"]

#: Beyond this many the fourth power of e^-u is no part of a sum with e^-u.
FAR_LEFT = 12
ONE_, HALF = Fraction(1), Fraction(1, 2)


def log_number(c: Fraction) -> Node:
    """log(c), with 1/2 as -log(2)"""
    if c == 1:
        return zeros(ONE, ONE)
    return apply("log", number(c)) if c.numerator != 1 else scaled(-1, apply("log", number(1 / c)))


def spread_over(scalar: Node, like: Node) -> Node:
    """A number in every entry of an array like that one; an array as it is."""
    return scale(scalar, ones(*like.shape)) if scalar.shape != like.shape else scalar


def _log_erfc(u: Node) -> Node:
    """log(erfc(u)) = log(2) + log Φ(-2^(1/2) u)"""
    return log_erfc(u, log_half_erfc(u) + spread_over(apply("log", number(2)), u))


def log_half_erfc(u: Node) -> Node:
    """log(erfc(u) / 2) = log Φ(-2^(1/2) u)"""
    return apply("log_ndtr", scaled(-1, scale(power(number(2), Fraction(1, 2)), u)))


def _log_softplus(u: Node) -> Node:
    """log(softplus(u)), far left u - e^u / 2 + 5 e^(2 u) / 24 - e^(3 u) / 8, of which e^(4 u) is the next power"""
    series = (
        (u, ONE_),
        *((apply("exp", scaled(k, u)), c) for k, c in ((1, -HALF), (2, Fraction(5, 24)), (3, -(HALF**3)))),
    )
    is_far = apply("greater", scaled(-FAR_LEFT, ones(*u.shape)), u)
    return apply("where", is_far, combine(series, u.shape), apply("log", apply("softplus", u)))


def _log_abs_expm1(u: Node) -> Node:
    """log |e^u - 1| = max(u, 0) + log(1 - e^-|u|)"""
    return apply("relu", u) + apply("log1mexp", scaled(-1, apply("abs", u)))


#: function that takes both signs -> the logarithm of its absolute value
OF_ABSOLUTE: dict[str, Callable[[Node], Node]] = {
    "exp": lambda u: u,
    "sinh": lambda u: LOGARITHMS["sinh"](apply("abs", u)),
    "expm1": _log_abs_expm1,
}

#: entrywise function -> its logarithm
LOGARITHMS: dict[str, Callable[[Node], Node]] = {
    "exp": lambda u: u,
    "sigmoid": lambda u: scaled(-1, apply("softplus", scaled(-1, u))),
    "cosh": lambda u: apply("logcosh", u),
    "sinh": lambda u: u + apply("log1mexp", scaled(-2, u)) - spread_over(apply("log", number(2)), u),
    "erfc": _log_erfc,
    "expm1": lambda u: u + apply("log1mexp", scaled(-1, u)),
    "softplus": _log_softplus,
}
