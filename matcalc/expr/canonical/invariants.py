"""Constructors of trace, determinant and adjugate: what a change of basis leaves alone, or takes along."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from matcalc.expr.canonical import application, powers, products, sums, totals, transposition
from matcalc.expr.dims import ONE
from matcalc.expr.leaves import dimension, identity, number, ones
from matcalc.expr.node import Node, ShapeMismatch, make

__all__ = ["adjugate", "det", "is_singular", "logdet", "smaller", "trace"]


def trace(node: Node) -> Node:
    """The trace, with the factors of a product in canonical rotation: tr(A B) = tr(B A)."""
    if not node.is_square:
        raise ShapeMismatch(f"trace of {node.shape}")
    if node.is_scalar:
        return node
    match node.op:
        case "zero":
            return number(0)
        case "identity":
            return dimension(node.rows)
        case "add":
            return sums.combine(((trace(t), c) for t, c in sums.terms(node)), (ONE, ONE))
        case "scale":
            return powers.hadamard(node.args[0], trace(node.args[1]))
        case "diag":
            return products.matmul(transposition.transpose(ones(node.rows)), node.args[0])
        case "ones":
            return dimension(node.rows)
        case "kron" if all(a.is_square for a in node.args):
            return powers.hadamard(*(trace(a) for a in node.args))
        case "matmul":
            return _trace_of_product(node)
        case "transpose":
            return trace(node.args[0])
        case "total":
            return totals.total(node.data, trace(node.args[0]))
        case "commutation" if node.data[0] == node.data[1]:
            return dimension(node.data[0])
    if transposition.transpose(node) is sums.scaled(-1, node):
        return number(0)
    return make("trace", (smaller(node),), (), (ONE, ONE))


def _trace_of_product(node: Node) -> Node:
    factors = node.args
    for i, factor in enumerate(factors):
        if factor.rows.is_one:
            return products.matmul(*factors[i:], *factors[:i])
        if factor.op == "matpow" and factor.args[0].op == "matmul":
            for cut in (i, i + 1):
                around = products.matmul(*factors[cut:], *factors[:cut])
                if around.op != "matmul" or len(around.args) < len(factors):
                    return trace(around)
    forward = _rotation(factors)
    turned = [sums.content(transposition.transpose(f)) for f in reversed(factors)]
    backward = _rotation(tuple(f for _, f in turned))
    sign = prod((c for c, _ in turned), start=Fraction(1))
    if forward == backward and sign == -1:
        return number(0)
    chosen = min(forward, backward, key=_trace_order)
    rotated = products.matmul(*chosen)
    # A coefficient that the product brought out is no progress: its trace would be rotated for ever.
    coefficient, inside = sums.content(rotated)
    whole = inside.op == "matmul" and len(inside.args) == len(factors)
    value = sums.scaled(coefficient, make("trace", (inside,), (), (ONE, ONE))) if whole else trace(rotated)
    return value if chosen is forward else sums.scaled(sign, value)


def _trace_order(factors: tuple[Node, ...]) -> tuple[object, ...]:
    last = factors[-1]
    transposed = sum((f.args[0] if f.op == "matpow" else f).op == "transpose" for f in factors)
    return (not last.linear, last.op == "transpose", transposed, tuple(f.key for f in factors))


def _rotation(factors: tuple[Node, ...]) -> tuple[Node, ...]:
    """The rotation with a perturbation last, else with the smallest keys first."""
    linear = [i for i, f in enumerate(factors) if f.linear]
    if len(linear) == 1:
        return factors[linear[0] + 1 :] + factors[: linear[0] + 1]
    rank = {key: r for r, key in enumerate(sorted({f.key for f in factors}))}
    start = _least_rotation([rank[f.key] for f in factors])
    return factors[start:] + factors[:start]


def _least_rotation(ranks: Sequence[int]) -> int:
    """Where the lexicographically least rotation starts, in linear time [Duval 1983]."""
    n, i, j, k = len(ranks), 0, 1, 0
    while i < n and j < n and k < n:
        a, b = ranks[(i + k) % n], ranks[(j + k) % n]
        if a == b:
            k += 1
            continue
        if a > b:
            i += k + 1
        else:
            j += k + 1
        j += i == j
        k = 0
    return min(i, j)


def det(node: Node) -> Node:
    """The determinant: multiplicative, homogeneous of degree n."""
    if not node.is_square:
        raise ShapeMismatch(f"det of {node.shape}")
    if node.is_scalar:
        return node
    if is_singular(node):
        return number(0)
    c, primitive = sums.content(node)
    if c < 0 and primitive.upright.op == "add" and node.rows.value is None:
        c, primitive = -c, sums.scaled(-1, primitive)  # det(A - s I) rather than (-1)^n det(s I - A)
    if c != 1:
        return powers.hadamard(powers.power(number(c), dimension(node.rows)), det(primitive))
    node = primitive
    match node.op:
        case "identity":
            return number(1)
        case "scale":
            return powers.hadamard(powers.power(node.args[0], dimension(node.rows)), det(node.args[1]))
        case "matmul" if all(a.is_square for a in node.args):
            return powers.hadamard(*(det(a) for a in node.args))
        case "matpow":
            return powers.power(det(node.args[0]), node.args[1])
        case "kron" if all(a.is_square for a in node.args):
            return powers.hadamard(*(powers.power(det(a), _other_sizes(node, a)) for a in node.args))
    return make("det", (smaller(node),), (), (ONE, ONE))


def is_singular(node: Node) -> bool:
    """Whether a matrix has no inverse by its form: zero, or skew-symmetric of odd size, as det(A) = det(-A^T) = -det(A)"""
    odd = node.rows.value is not None and node.rows.value % 2 == 1
    return node.is_zero or (odd and not node.is_scalar and transposition.transpose(node) is sums.scaled(-1, node))


def logdet(node: Node) -> Node:
    """log |det X|: additive over products, of square factors."""
    if not node.is_square:
        raise ShapeMismatch(f"logdet of {node.shape}")
    if node.is_scalar:
        return application.apply("log", application.apply("abs", node))
    c, node = sums.content(node)
    if c != 1:
        return sums.add(powers.hadamard(dimension(node.rows), application.apply("log", number(abs(c)))), logdet(node))
    match node.op:
        case "identity":
            return number(0)
        case "scale":
            log_scale = application.apply("log", application.apply("abs", node.args[0]))
            return sums.add(powers.hadamard(dimension(node.rows), log_scale), logdet(node.args[1]))
        case "matmul" if all(a.is_square for a in node.args):
            return sums.add(*(logdet(a) for a in node.args))
        case "matpow":
            return powers.hadamard(node.args[1], logdet(node.args[0]))
        case "diag":
            return products.matmul(
                transposition.transpose(ones(node.rows)),
                application.apply("log", application.apply("abs", node.args[0])),
            )
        case "kron" if all(a.is_square for a in node.args):
            return sums.add(*(powers.hadamard(_other_sizes(node, a), logdet(a)) for a in node.args))
    return make("logdet", (smaller(node),), (), (ONE, ONE))


def _other_sizes(product: Node, factor: Node) -> Node:
    """det(A ⊗ B) = det(A)^(rows of B) det(B)^(rows of A)"""
    return powers.divide(dimension(product.rows), dimension(factor.rows))


def adjugate(node: Node) -> Node:
    """The adjugate: adj(X) = det(X) X^-1 where X is invertible."""
    if not node.is_square:
        raise ShapeMismatch(f"adjugate of {node.shape}")
    if node.is_scalar:
        return number(1)
    if node.rows.value is not None and sums.content(node)[0] < 0:
        return sums.scaled((-1) ** (node.rows.value - 1), adjugate(sums.scaled(-1, node)))
    return identity(node.rows) if node.op == "identity" else make("adjugate", (node,), (), node.shape)


def smaller(node: Node) -> Node:
    """The node or its transpose: fewer factors are transposed, a perturbation stands plain, else the smaller key wins."""
    other = transposition.transpose(node)
    return other if (_transposes(other), other.key) < (_transposes(node), node.key) else node


def _transposes(node: Node) -> int:
    products_ = [powers.split_scalar(t)[1] for t in (node.args if node.op == "add" else (node,))]
    return sum(f.op == "transpose" for p in products_ for f in (p.args if p.op == "matmul" else (p,)))
