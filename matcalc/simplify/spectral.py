"""Functions of matrices along directions that commute."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.expr import Node, call, content, inverse, matmul, matrix_power, number, scale, scaled

__all__ = ["frechet_along_a_power", "sylvester_of_identity"]

#: f -> f', for the Fréchet derivatives of the table: operands are X and, for a power, its exponent
_SCALAR_DERIVATIVES: dict[str, Callable[..., Node]] = {
    "frechet_expm": lambda x: call("expm", x, shape=x.shape),
    "frechet_logm": inverse,
    "frechet_matpow": lambda x, n: scale(n, matrix_power(x, n - number(1))),
}


def frechet_along_a_power(node: Node) -> Node | None:
    """Df(X)[s X^k] = s f'(X) X^k, of which I is the case k = 0"""
    derivative = _SCALAR_DERIVATIVES.get(node.data[0])
    exponent = node.args[-1:] if node.data[0] == "frechet_matpow" else ()
    if derivative is None or len(node.args) != 2 + len(exponent):
        return None
    c, direction = content(node.args[1])
    s, power_of_x = direction.args if direction.op == "scale" else (number(1), direction)
    x = node.args[0]
    if power_of_x.op != "identity" and x is not (power_of_x.args[0] if power_of_x.op == "matpow" else power_of_x):
        return None
    return scaled(c, scale(s, matmul(derivative(x, *exponent), power_of_x)))


def sylvester_of_identity(node: Node) -> Node | None:
    """The Y with A Y + Y A = I is A^-1/2"""
    if node.data[0] != "sylvester" or node.args[0] is not node.args[1] or node.args[2].op != "identity":
        return None
    return scaled(Fraction(1, 2), inverse(node.args[0]))
