"""Means under probabilities p = softmax(u), and deviations from them, where one p_k is nearly 1.

They do not change where y_k is taken from all y, after which no digit of y_k cancels.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matcalc.expr import (
    ONE,
    Node,
    apply,
    call,
    chain,
    combine,
    content,
    factors,
    hadamard,
    is_number,
    matmul,
    ones,
    power,
    scale,
    scaled,
    substitute,
    terms,
    transpose,
)

__all__ = ["deviations_as_factor", "logarithm_of_softmax", "mean_under_softmax", "moment_under_softmax"]


def logarithm_of_softmax(node: Node) -> Node | None:
    """u - log Σ e^u as one function: both are nearly the same where one entry is far above the others"""
    pairs = dict(terms(node))
    for term, c in pairs.items():
        body, total = (term.args[1], term.args[0]) if term.op == "scale" else (term, None)
        if total is None or total.op != "call" or total.data != ("logsumexp",) or body.op != "ones":
            continue
        (u,) = total.args
        k, primitive = content(u)
        if u.shape == node.shape and not u.is_scalar and pairs.get(primitive) == -c * k:
            rest = [(t, q) for t, q in pairs.items() if t is not term and t is not primitive]
            return combine([*rest, (call("logsoftmax_all", u, shape=u.shape), -c)], node.shape)
    return None


def mean_under_softmax(node: Node) -> Node | None:
    """y - p^T y 1 = z - p^T z 1, log Σ e^u - p^T u likewise, for z = y - y_k 1 with the largest p_k"""
    pairs = dict(terms(node))
    for mean, c in _means(node):
        for p, y in _averaged(mean):
            (u,) = p.args
            z = _shifted(y, u)
            if not node.is_scalar and pairs.get(y) == -c:
                return _plus(node + scaled(c, y - z), scaled(c, _mean(p, z) - mean))
            if y is u and pairs.get(call("logsumexp", u, shape=node.shape)) == -c:
                return substitute(node, {u: z})
    return None


def _means(node: Node) -> Iterator[tuple[Node, Fraction]]:
    """The scalars s and their factors c in a sum of c s, or of c s 1"""
    for term, c in terms(node):
        if term.op == "scale" and term.args[1].op == "ones":
            yield from ((s, c * k) for s, k in terms(term.args[0]))
        elif node.is_scalar:
            yield term, c


def _plus(node: Node, scalar: Node) -> Node:
    """A sum of columns + s 1, with all that 1 is multiplied by as one number"""
    spread = [(t, c) for t, c in terms(node) if t.op == "scale" and t.args[1].op == "ones"]
    total = combine([(scalar, Fraction(1)), *((t.args[0], c) for t, c in spread)], scalar.shape)
    others = [pair for pair in terms(node) if pair not in spread]
    return combine([*others, (scale(total, ones(*node.shape)), Fraction(1))], node.shape)


def moment_under_softmax(node: Node) -> Node | None:
    """y^T (p ⊙ (v - p^T v 1)) = z^T (p ⊙ (v - p^T v 1)) for z = y - y_k 1 with the largest p_k"""
    links = chain(node)
    p = _of_deviations(links[-1]) if node.is_scalar and len(links) > 1 else None
    y = transpose(matmul(*links[:-1]))
    if p is None or not _may_move(y):
        return None
    return matmul(transpose(_shifted(y, p.args[0])), links[-1])


def deviations_as_factor(node: Node) -> Node | None:
    """c ⊙ (v - p^T v 1) + a v - a p^T v 1 = (c + a 1) ⊙ (v - p^T v 1)"""
    pairs, means = dict(terms(node)), dict(_means(node))
    for term, c in pairs.items():
        for base, e in factors(term):
            found = _deviation(base) if is_number(e) == 1 and base is not term else None
            if found is None:
                continue
            v, k, mean = found
            a = pairs.get(v)
            if a is not None and means.get(mean) == -a:
                others = hadamard(ones(*v.shape), *(power(b, f) for b, f in factors(term) if b is not base))
                beside = scaled(c, others) + scaled(a / k, ones(*v.shape))
                rest = node - scaled(c, term) - scaled(a, v) + hadamard(base, beside)
                return _plus(rest, scaled(a, mean))
    return None


def _deviation(node: Node) -> tuple[Node, Fraction, Node] | None:
    """(v, k, p^T v) for the node k (v - p^T v 1)"""
    pairs = dict(terms(node)) if node.op == "add" and node.is_column else {}
    for mean, c in _means(node) if len(pairs) == 2 else ():
        for _, v in _weighted(mean):
            if pairs.get(v) == -c:
                return v, -c, mean
    return None


def _of_deviations(column: Node) -> Node | None:
    """The p of p ⊙ (v - p^T v 1)"""
    pairs = factors(column)
    for p, e in pairs:
        if not _is_softmax(p) or is_number(e) != 1 or len(pairs) != 2:
            continue
        ((rest, _),) = ((b, f) for b, f in pairs if b is not p)
        found = _deviation(rest)
        if found is not None and any(q is p for q, _ in _weighted(found[2])):
            return p
    return None


def _is_softmax(node: Node) -> bool:
    return node.op == "call" and node.data == ("softmax",) and node.is_column


def _averaged(mean: Node) -> Iterator[tuple[Node, Node]]:
    """(p, y) with the mean = p^T y, for a y that may be moved"""
    return ((p, y) for p, y in _weighted(mean) if _may_move(y))


def _weighted(mean: Node) -> Iterator[tuple[Node, Node]]:
    links = chain(mean)
    if mean.op == "matmul" and len(links) == 2 and links[1].is_column and not links[1].is_scalar:
        left, right = transpose(links[0]), links[1]
        yield from ((p, y) for p, y in ((left, right), (right, left)) if _is_softmax(p))


def _may_move(y: Node) -> bool:
    """Whether it is a column that does not stand for a direction, and is not moved yet."""
    return y.is_column and not y.is_scalar and not y.linear and not (y.op == "apply" and y.data == ("less",))


def _shifted(y: Node, u: Node) -> Node:
    """y - y_k 1 for the k with the largest u_k, before anything is added"""
    entry = call("max", u, shape=(ONE, ONE)) if y is u else _mean(call("place_of_largest", u, shape=u.shape), y)
    return apply("less", y, entry)


def _mean(p: Node, y: Node) -> Node:
    return matmul(transpose(p), y)
