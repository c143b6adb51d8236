"""Hyperbolic, logistic and soft functions in terms of exp: the common ground on which they are compared."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.expr import (
    Node,
    apply,
    content,
    divide,
    hadamard,
    matmul,
    number,
    ones,
    postorder,
    power,
    rebuild,
    scale,
    scaled,
    transpose,
)

__all__ = ["in_exponentials"]


def _e(u: Node, factor: int = 1) -> Node:
    return apply("exp", scaled(factor, u))


def _one(u: Node) -> Node:
    return ones(*u.shape)


def _softplus(u: Node) -> Node:
    """log(1 + e^u), where u has a negative sign as u + log(1 + e^-u)"""
    if content(u)[0] < 0:
        return u + apply("log", _one(u) + _e(u, -1))
    return apply("log", _one(u) + _e(u))


# fmt: off
DEFINITIONS: dict[str, Callable[[Node], Node]] = {
    "sigmoid":  lambda u: divide(_e(u), _one(u) + _e(u)),                        # e^u / (1 + e^u)
    "tanh":     lambda u: divide(_e(u, 2) - _one(u), _e(u, 2) + _one(u)),        # (e^2u - 1) / (e^2u + 1)
    "sinh":     lambda u: scaled(Fraction(1, 2), _e(u) - _e(u, -1)),             # (e^u - e^-u) / 2
    "cosh":     lambda u: scaled(Fraction(1, 2), _e(u) + _e(u, -1)),             # (e^u + e^-u) / 2
    "softplus": lambda u: _softplus(u),                                          # log(1 + e^u)
    "expm1":    lambda u: _e(u) - _one(u),                                       # e^u - 1
    "log1p":    lambda u: apply("log", _one(u) + u),                             # log(1 + u)
    "silu":     lambda u: hadamard(u, divide(_e(u), _one(u) + _e(u))),           # u sigmoid(u)
}
# fmt: on


def in_exponentials(root: Node) -> Node:
    """The same value with these functions written out by exp and log."""
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        again = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
        memo[node] = _defined(again)
    return memo[root]


def _defined(node: Node) -> Node:
    if node.op == "apply" and node.data[0] in DEFINITIONS:
        return DEFINITIONS[node.data[0]](node.args[0])
    if node.op == "call" and len(node.data) == 1 and node.args[0].is_column:
        u = node.args[0]
        if node.data[0] == "softmax":
            return scale(power(_total(u), -1), _e(u))
        if node.data[0] == "logsumexp":
            return apply("log", _total(u))
        if node.data[0] == "logsoftmax":
            return u - scale(apply("log", _total(u)), _one(u))
    return node


def _total(u: Node) -> Node:
    """1^T exp(u)"""
    return matmul(transpose(ones(u.rows)), _e(u)) if not u.is_scalar else hadamard(number(1), _e(u))
