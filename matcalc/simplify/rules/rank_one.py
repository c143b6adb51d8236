"""Determinants and inverses of the identity plus a product of rank one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matcalc.expr import (
    Node,
    add,
    apply,
    chain,
    combine,
    det,
    hadamard,
    identity,
    inverse,
    is_number,
    logdet,
    matmul,
    multiply,
    number,
    power,
    scaled,
    terms,
    transpose,
)
from matcalc.simplify.patterns import outer_factors, product_of

__all__ = [
    "determinant_lemma",
    "logarithmic_determinant_lemma",
    "sherman_morrison_of_matrix",
    "sherman_morrison_product",
]


def _identity_plus_rank_one(node: Node) -> tuple[Fraction, Node, Node, Node, Fraction] | None:
    """(a, s, u, v, c) with node = a I + c s u v^T."""
    if node.op != "add" or len(node.args) != 2:
        return None
    pairs = dict(zip(node.args, node.data, strict=True))
    one = next((t for t in pairs if t.op == "identity"), None)
    if one is None:
        return None
    a = pairs.pop(one)
    ((term, c),) = pairs.items()
    s = number(1)
    if term.op == "scale":
        s, term = term.args
    split = outer_factors(term)
    return None if split is None else (a, s, *split, c)


def _capacitance(a: Fraction, s: Node, u: Node, v: Node, c: Fraction) -> Node:
    """1 + (c/a) s v^T u"""
    return add(number(1), scaled(c / a, hadamard(s, matmul(transpose(v), u))))


def determinant_lemma(node: Node) -> Node | None:
    """det(I + u v^T) = 1 + v^T u"""
    found = _identity_plus_rank_one(node.args[0])
    if found is None:
        return None
    a, s, u, v, c = found
    return multiply(det(scaled(a, identity(node.args[0].rows))), _capacitance(a, s, u, v, c))


def logarithmic_determinant_lemma(node: Node) -> Node | None:
    """log|det(I + u v^T)| = log|1 + v^T u|"""
    found = _identity_plus_rank_one(node.args[0])
    if found is None:
        return None
    a, s, u, v, c = found
    inside = apply("log", apply("abs", _capacitance(a, s, u, v, c)))
    return logdet(scaled(a, identity(node.args[0].rows))) + inside


def sherman_morrison_product(node: Node) -> Node | None:
    """(I + u v^T)^-1 u = u / (1 + v^T u)"""
    links = chain(node)
    for i, link in enumerate(links):
        if link.op != "matpow" or is_number(link.args[1]) != -1:
            continue
        found = _identity_plus_rank_one(link.args[0])
        if found is None:
            continue
        a, s, u, v, c = found
        factor = scaled(1 / a, power(_capacitance(a, s, u, v, c), -1))
        right, left = chain(u), chain(transpose(v))
        if links[i + 1 : i + 1 + len(right)] == right:
            return product_of([*links[:i], factor, *links[i + 1 :]])
        if i >= len(left) and links[i - len(left) : i] == left:
            return product_of([*links[:i], factor, *links[i + 1 :]])
    return None


def sherman_morrison_of_matrix(node: Node) -> Node | None:
    """(A + u v^T)^-1 u = A^-1 u / (1 + v^T A^-1 u)"""
    links = chain(node)
    for i, link in enumerate(links):
        if link.op != "matpow" or is_number(link.args[1]) != -1 or link.args[0].op != "add":
            continue
        for rest, s, u, v in _rank_one_terms(link.args[0]):
            over = inverse(rest)
            factor = power(add(number(1), hadamard(s, matmul(transpose(v), over, u))), -1)
            right, left = chain(u), chain(transpose(v))
            if links[i + 1 : i + 1 + len(right)] == right:
                return product_of([*links[:i], factor, over, *links[i + 1 :]])
            if i >= len(left) and links[i - len(left) : i] == left:
                return product_of([*links[:i], factor, over, *links[i + 1 :]])
    return None


def _rank_one_terms(total: Node) -> Iterator[tuple[Node, Node, Node, Node]]:
    """(A, s, u, v) with total = A + s u v^T, for each term of rank one."""
    pairs = terms(total)
    for term, c in pairs:
        s, body = (term.args[0], term.args[1]) if term.op == "scale" else (number(1), term)
        split = outer_factors(body) if len(pairs) > 1 else None
        if split is not None:
            rest = combine(((t, k) for t, k in pairs if t is not term), total.shape)
            yield rest, scaled(c, s), *split
