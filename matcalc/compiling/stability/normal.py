"""Functions of the normal distribution, far left by the continued fraction of the error function [DLMF 7.9.1]."""

from __future__ import annotations

from fractions import Fraction

from matcalc.compiling.planning.program import Program, Value
from matcalc.records import dataclass

__all__ = ["inverse_mills", "log_ndtr", "mills_excess"]

ONE, MINUS = Fraction(1), Fraction(-1)


@dataclass(frozen=True)
class _Normal:
    """What functions of the normal distribution at x share: u = -x / 2^(1/2), and K(u) for u > 2 [DLMF 7.9.1]."""

    u: Value
    far: Value
    tail: Value
    root: Value

    @classmethod
    def at(cls, p: Program, x: Value) -> _Normal:
        root = p.power(p.number(2), p.number(Fraction(1, 2)))
        u = p.combine([(p.divide(x, root), MINUS)])
        far = p.function("max", u, p.number(2))
        return cls(u, far, p.function("mills_tail", far), root)

    def chosen(self, p: Program, far: Value, near: Value) -> Value:
        return p.where(">", self.u, p.number(2), far, near)


def _root_of_pi(p: Program) -> Value:
    return p.power(p.leaf("constant", (), "pi"), p.number(Fraction(1, 2)))


def log_ndtr(p: Program, x: Value) -> Value:
    """log Φ(x) = -u^2 - log(2 π^(1/2) (u + K(u))) far left, log1p(-erfc(-u) / 2) right of 0"""
    n, half = _Normal.at(p, x), Fraction(1, 2)
    density = p.times(_root_of_pi(p), p.combine([(n.far, Fraction(2)), (n.tail, Fraction(2))]))
    far = p.combine([(p.power(n.far, p.number(2)), MINUS), (p.function("log", density), MINUS)])
    middle = p.function("log", p.combine([(p.function("erfc", p.function("min", n.u, p.number(2))), half)]))
    beyond = p.function("erfc", p.function("relu", p.combine([(n.u, MINUS)])))
    right = p.function("log1p", p.combine([(beyond, -half)]))
    return n.chosen(p, far, p.where(">", n.u, p.number(0), middle, right))


def inverse_mills(p: Program, x: Value) -> Value:
    """φ(x) / Φ(x) = 2^(1/2) (u + K(u)) far left"""
    n = _Normal.at(p, x)
    u = p.function("min", n.u, p.number(2))
    density = p.function("exp", p.combine([(p.power(u, p.number(2)), MINUS)]))
    below = p.times(_root_of_pi(p), p.function("erfc", u))
    near = p.divide(p.times(n.root, density), below)
    return n.chosen(p, p.times(n.root, p.combine([(n.far, ONE), (n.tail, ONE)])), near)


def mills_excess(p: Program, x: Value) -> Value:
    """x + φ(x) / Φ(x) = 2^(1/2) K(u) far left"""
    n = _Normal.at(p, x)
    return n.chosen(p, p.times(n.root, n.tail), p.combine([(x, ONE), (inverse_mills(p, x), ONE)]))
