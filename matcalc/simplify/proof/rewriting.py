"""Sums of products reduced by what inverses, adjugates, pseudoinverses and orthogonal matrices satisfy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce

from matcalc.expr import (
    Node,
    call,
    chain,
    combine,
    det,
    factors,
    hadamard,
    identity,
    is_number,
    matmul,
    multiply,
    postorder,
    power,
    scale,
    terms,
    trace,
    transpose,
)
from matcalc.expr.facts import is_orthogonal
from matcalc.simplify.expansion import expanded

__all__ = ["rewritten", "without_inverses"]

#: Rewriting a sum of chains stops after this many passes.
MOST_PASSES = 12
#: A sum of more terms than this is given up.
MOST_TERMS = 300

#: max or min
Pick = Callable[..., tuple[Node, Fraction]]
ChainRule = tuple[tuple[Node, ...], Node]


def rewritten(node: Node, pick: Pick = max) -> Node:
    """The sum of chains with defining properties of inverses, orthogonal matrices and pseudoinverses used up.

    Of the terms of P the rule for P^-1 eliminates the longest, or with ``min`` the shortest.
    """
    rules = tuple(_chain_rules(node, pick))
    for _ in range(MOST_PASSES):
        pairs = terms(node)
        if len(pairs) > MOST_TERMS:
            return node
        after = expanded(combine(((_rewrite_term(t, rules), c) for t, c in pairs), node.shape))
        if after is node:
            return node
        node = after
        rules = tuple(_chain_rules(node, pick))
    return node


def _rewrite_term(term: Node, rules: Sequence[ChainRule]) -> Node:
    if term.op == "scale":
        return scale(term.args[0], _rewrite_term(term.args[1], rules))
    if term.op == "power" and term.is_scalar:
        pairs = factors(term)
        return hadamard(*(_rewrite_term(b, rules) if is_number(e) == 1 else power(b, e) for b, e in pairs))
    if term.op == "trace":
        return _rewrite_trace(term, rules)
    links = chain(term)
    for pattern, value in rules:
        for i in range(len(links) - len(pattern) + 1):
            if links[i : i + len(pattern)] == pattern:
                return reduce(multiply, [*links[:i], value, *links[i + len(pattern) :]])
    return term


def _rewrite_trace(term: Node, rules: Sequence[ChainRule]) -> Node:
    """The trace of a product that starts at any of its factors."""
    links = chain(term.args[0])
    for i in range(len(links)):
        product = matmul(*links[i:], *links[:i])
        after = _rewrite_term(product, rules)
        if after is not product:
            return trace(after)
    return term


def _chain_rules(node: Node, pick: Pick) -> Iterator[ChainRule]:
    for inside in postorder(node):
        if inside.op == "matpow" and is_number(inside.args[1]) == -1 and inside.args[0].op == "add":
            yield from _inverse_rules(inside, pick)
        elif inside.op == "variable" and is_orthogonal(inside):
            yield (transpose(inside), inside), identity(inside.cols)
            yield (inside, transpose(inside)), identity(inside.rows)
        elif inside.op == "adjugate":
            (x,) = inside.args
            yield (x, inside), scale(det(x), identity(x.rows))
            yield (inside, x), scale(det(x), identity(x.rows))
        elif inside.op == "call" and inside.data[0] == "pinv":
            yield from _pseudoinverse_rules(inside)


def _inverse_rules(z: Node, pick: Pick) -> Iterator[ChainRule]:
    """L P^-1 = I - R P^-1 and P^-1 L = I - P^-1 R for P = L + R, L its longest term, or its shortest"""
    p = z.args[0]
    pairs = terms(p)
    lead, c = pick(pairs, key=lambda pair: (len(chain(_body(pair[0]))), _body(pair[0]).op != "identity", pair[0].key))
    if lead.op in ("identity", "scale"):
        return
    rest = combine(((t, k) for t, k in pairs if t is not lead), p.shape)
    eye = identity(p.rows)
    right = combine(((eye, 1 / c), (matmul(rest, z), -1 / c)), p.shape)
    left = combine(((eye, 1 / c), (matmul(z, rest), -1 / c)), p.shape)
    yield (*chain(lead), z), right
    yield (z, *chain(lead)), left


def _body(term: Node) -> Node:
    return term.args[1] if term.op == "scale" else term


def _pseudoinverse_rules(plus: Node) -> Iterator[ChainRule]:
    """The four conditions of Penrose (1955)"""
    (a,) = plus.args
    yield (a, plus, a), a
    yield (plus, a, plus), plus
    yield (transpose(a), a, plus), transpose(a)
    yield (plus, a, transpose(a)), transpose(a)
    turned = call("pinv", transpose(a), shape=(plus.cols, plus.rows))
    if a.op == "transpose":
        return
    yield (turned, transpose(a)), matmul(a, plus)
    yield (transpose(a), turned), matmul(plus, a)


def without_inverses(node: Node, depth: int) -> Iterator[Node]:
    """Products of the node with the sums whose inverses it contains, written out and reduced."""
    if depth == 0:
        return
    for z in [n for n in postorder(node) if n.op == "matpow" and n.args[0].op == "add" and is_number(n.args[1]) == -1]:
        p = z.args[0]
        if node.is_scalar:
            continue
        for left in (True, False):
            if (p.cols == node.rows) if left else (p.rows == node.cols):
                product = _written_out(p, node, left=left)
                cleared = rewritten(product)
                yield cleared
                yield rewritten(product, min)
                yield from without_inverses(cleared, depth - 1)


def _written_out(p: Node, node: Node, *, left: bool) -> Node:
    """P E or E P term by term, cancelling P against its inverse before it is written out."""
    total: list[tuple[Node, Fraction]] = []
    for term, c in terms(expanded(node)):
        total.append((expanded(multiply(p, term) if left else multiply(term, p)), c))
    return combine(total, total[0][0].shape) if total else node
