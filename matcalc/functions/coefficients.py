"""Coefficients of power series at 0, as columns of rows hold them: the k-th is a rational number, of those with π nearly so."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial

__all__ = [
    "OVER_ROOT_PI",
    "Coefficients",
    "of_arc",
    "of_area",
    "of_erf",
    "of_exp",
    "of_expm1",
    "of_log1p",
    "of_root",
    "of_wave",
]

Coefficients = Callable[[int], Fraction]

#: 1 / π^(1/2), to more digits than a double has
OVER_ROOT_PI = Fraction("0.56418958354775628694807945156077258584405062932900")


def of_exp(k: int) -> Fraction:
    """[DLMF 4.2.19]"""
    return Fraction(1, factorial(k))


def of_expm1(k: int) -> Fraction:
    """[DLMF 4.2.19]"""
    return Fraction(1, factorial(k)) if k else Fraction(0)


def of_log1p(k: int) -> Fraction:
    """[DLMF 4.6.1]"""
    return Fraction((-1) ** (k + 1), k) if k else Fraction(0)


def of_wave(sign: int, first: int) -> Coefficients:
    """1/k! for the even or the odd k, with alternating signs: sin, cos, sinh and cosh [DLMF 4.19, 4.33]"""
    return lambda k: Fraction(sign ** (k // 2), factorial(k)) if k % 2 == first else Fraction(0)


def of_arc(k: int) -> Fraction:
    """atan [DLMF 4.24.3]"""
    return Fraction((-1) ** (k // 2), k) if k % 2 else Fraction(0)


def of_area(k: int) -> Fraction:
    """atanh [DLMF 4.38.5]"""
    return Fraction(1, k) if k % 2 else Fraction(0)


def of_root(sign: int) -> Coefficients:
    """asin and asinh: the integrals of (1 -+ t^2)^(-1/2) [DLMF 4.24.1, 4.38.1]"""

    def coefficient(k: int) -> Fraction:
        m = k // 2
        return Fraction(sign**m * factorial(2 * m), 4**m * factorial(m) ** 2 * k) if k % 2 else Fraction(0)

    return coefficient


def of_erf(k: int) -> Fraction:
    """[DLMF 7.6.1]"""
    return 2 * OVER_ROOT_PI * Fraction((-1) ** (k // 2), factorial(k // 2) * k) if k % 2 else Fraction(0)
