"""A function of the inverse of another: cos(asin(u)), cosh(asinh(u)) and their like are roots."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.expr import Node, apply, hadamard, ones, power, scaled
from matcalc.simplify.rational import cancelled

__all__ = ["hyperbolic_of_inverse", "trigonometric_of_inverse"]

HALF = Fraction(1, 2)


def _plus(u: Node, sign: int = 1) -> Node:
    """1 ± u^2"""
    return cancelled(ones(*u.shape) + scaled(sign, power(u, 2)))


def _minus_one(u: Node) -> Node:
    return power(u, 2) - ones(*u.shape)


Value = Callable[[Node], Node]

# fmt: off
_TRIGONOMETRIC: dict[tuple[str, str], Value] = {
    ("cos", "asin"):   lambda u: power(_plus(u, -1), HALF),
    ("sin", "acos"):   lambda u: power(_plus(u, -1), HALF),
    ("cos", "atan"):   lambda u: power(_plus(u), -HALF),
    ("sin", "atan"):   lambda u: hadamard(u, power(_plus(u), -HALF)),
    ("tan", "asin"):   lambda u: hadamard(u, power(_plus(u, -1), -HALF)),
}
_HYPERBOLIC: dict[tuple[str, str], Value] = {
    ("cosh", "asinh"): lambda u: power(_plus(u), HALF),
    ("tanh", "asinh"): lambda u: hadamard(u, power(_plus(u), -HALF)),
    ("sinh", "acosh"): lambda u: power(_minus_one(u), HALF),
    ("tanh", "acosh"): lambda u: hadamard(power(u, -1), power(_minus_one(u), HALF)),
    ("acosh", "cosh"): lambda u: apply("abs", u),
    ("cosh", "acosh"): lambda u: u,
    ("cosh", "atanh"): lambda u: power(_plus(u, -1), -HALF),
    ("sinh", "atanh"): lambda u: hadamard(u, power(_plus(u, -1), -HALF)),
}
# fmt: on


def trigonometric_of_inverse(node: Node) -> Node | None:
    """cos(asin(u)) = (1 - u^2)^(1/2), cos(atan(u)) = (1 + u^2)^(-1/2), sin(atan(u)) = u (1 + u^2)^(-1/2)"""
    return _looked_up(_TRIGONOMETRIC, node)


def hyperbolic_of_inverse(node: Node) -> Node | None:
    """cosh(asinh(u)) = (1 + u^2)^(1/2), sinh(acosh(u)) = (u^2 - 1)^(1/2), cosh(atanh(u)) = (1 - u^2)^(-1/2)"""
    return _looked_up(_HYPERBOLIC, node)


def _looked_up(table: dict[tuple[str, str], Value], node: Node) -> Node | None:
    inside = node.args[0]
    if inside.op != "apply" or len(node.args) != 1:
        return None
    value = table.get((node.data[0], inside.data[0]))
    return value(inside.args[0]) if value is not None else None
