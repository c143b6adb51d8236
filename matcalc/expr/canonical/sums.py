"""Constructors of sums and scalar multiples.

A sum is a sorted list of distinct terms with rational coefficients, and the only place where
coefficients live: ``2 X`` is a sum of one term.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import gcd, lcm

from matcalc.budget import remembered
from matcalc.expr.canonical import powers, transposition
from matcalc.expr.leaves import number, zeros
from matcalc.expr.node import Node, Shape, ShapeMismatch, make

__all__ = ["add", "combine", "content", "scale", "scaled", "terms"]

_ONE = Fraction(1)
#: A nested sum longer than this stays one term: a deep network shares its long sums.
LONGEST_FLATTENED_SUM = 32


def terms(node: Node) -> tuple[tuple[Node, Fraction], ...]:
    """The (term, coefficient) pairs whose sum it is; none for zero."""
    if node.op == "add":
        return tuple(zip(node.args, node.data, strict=True))
    if node.op == "transpose" and node.args[0].op == "add":
        return tuple((transposition.transpose(n), c) for n, c in terms(node.args[0]))
    return () if node.op == "zero" else ((node, _ONE),)


def add(*summands: Node) -> Node:
    """The sum of matrices of one shape, like terms collected."""
    return combine(((s, _ONE) for s in summands), summands[0].shape)


def scaled(factor: int | Fraction, node: Node) -> Node:
    """A rational multiple."""
    if factor == 1:
        return node
    return combine(((node, factor if type(factor) is Fraction else Fraction(factor)),), node.shape)


def combine(weighted: Iterable[tuple[Node, Fraction]], shape: Shape) -> Node:
    """The sum of coefficient times node over the pairs, in canonical form."""
    pairs = tuple(weighted)
    if len(pairs) == 1 and pairs[0][1] == 1 and pairs[0][0].shape == shape:
        return pairs[0][0]
    return _combined(pairs, shape)


@remembered
def _combined(weighted: tuple[tuple[Node, Fraction], ...], shape: Shape) -> Node:
    if shape[0].is_one and not shape[1].is_one:
        columns = [(transposition.transpose(node), weight) for node, weight in weighted]
        return transposition.transpose(combine(columns, (shape[1], shape[0])))
    total: dict[Node, Fraction] = {}
    for node, weight in weighted:
        if node.shape != shape:
            raise ShapeMismatch(f"add: {node.shape} and {shape}")
        opaque = node.op == "add" and len(node.args) > LONGEST_FLATTENED_SUM
        for term, coefficient in ((node, _ONE),) if opaque else terms(node):
            value = weight if coefficient is _ONE else coefficient if weight is _ONE else weight * coefficient
            known = total.get(term)
            total[term] = value if known is None else known + value
    kept = [(n, c) for n, c in total.items() if c]
    if len(kept) > 1:
        kept.sort(key=lambda pair: pair[0].key)
    if not kept:
        return zeros(*shape)
    if len(kept) == 1 and kept[0][1] == 1:
        return kept[0][0]
    return make("add", tuple(n for n, _ in kept), tuple(c for _, c in kept), shape)


def content(node: Node) -> tuple[Fraction, Node]:
    """(c, P) with node = c P: P has coprime integer coefficients, that of its leading term positive.

    Products and powers hold P only, so that ``2 x - 2 y`` and ``y - x`` share their factor.
    """
    if node.op == "transpose" and node.args[0].op == "add":
        c, primitive = content(node.args[0])
        return c, transposition.transpose(primitive)
    if node.op != "add":
        return _ONE, node
    if "content" not in node.cache:
        c, primitive = _content(node)
        node.cache["content"] = None if primitive is node else (c, primitive)
    known: tuple[Fraction, Node] | None = node.cache["content"]
    return (_ONE, node) if known is None else known


def _content(node: Node) -> tuple[Fraction, Node]:
    common = Fraction(gcd(*(c.numerator for c in node.data)), lcm(*(c.denominator for c in node.data)))
    if _leading(node) < 0:
        common = -common
    return common, node if common == 1 else scaled(1 / common, node)


def _leading(node: Node) -> Fraction:
    """The coefficient of the leading term: of the most complex kind, so that A x - b keeps its sign.

    A sum and its transpose agree on it, so that (X - Y)^T (X - Y) stays a square.
    """
    if len(node.args) == 2:
        for one, other, c in ((node.args[0], node.args[1], node.data[0]), (node.args[1], node.args[0], node.data[1])):
            if _is_ones(one) and _is_entrywise(other):
                return Fraction(c)
    ranked = [(_rank(t), t, c) for t, c in zip(node.args, node.data, strict=True)]
    top = max(rank for rank, _, _ in ranked)
    lead = [(t, c) for rank, t, c in ranked if rank == top]
    if len(lead) > 1:
        lead.sort(key=lambda pair: min(pair[0].key[1:], transposition.transpose(pair[0]).key[1:]))
    coefficient: Fraction = lead[-1][1]  # x - a rather than a - x
    return coefficient


def _is_ones(node: Node) -> bool:
    return node.op == "ones" or (node.op == "matmul" and all(f.upright.op == "ones" for f in node.args))


def _is_entrywise(node: Node) -> bool:
    """f(u) and f(u)^2: beside ones, 1 - tanh(u)^2 is what people write."""
    node = node.upright
    return node.op == "apply" or (node.op == "power" and node.args[0].op == "apply")


def _rank(node: Node) -> int:
    if node.op == "scale" and _is_ones(node.args[1]):  # x - s rather than s - x
        return node.args[1].key[0]
    return node.args[0].key[0] if node.op == "transpose" else node.key[0]


def scale(scalar: Node, matrix: Node) -> Node:
    """A scalar times a matrix of any shape."""
    if matrix.is_scalar:
        return powers.hadamard(scalar, matrix)
    if not scalar.is_scalar:
        raise ShapeMismatch(f"scale: {scalar.shape} is not a scalar")
    if scalar.is_zero or matrix.is_zero:
        return zeros(*matrix.shape)
    if matrix.is_row:
        return transposition.transpose(scale(scalar, transposition.transpose(matrix)))
    c, s = content(scalar)
    d, m = content(matrix)
    while m.op == "scale":
        s = powers.hadamard(s, m.args[0])
        e, m = content(m.args[1])
        d *= e
    extra, s = content(s)
    c *= extra
    if s == number(1):
        return scaled(c * d, m)
    return scaled(c * d, make("scale", (s, m), (), m.shape))
