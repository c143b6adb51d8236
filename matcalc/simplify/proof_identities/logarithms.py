"""Logarithms of products and of sums of exponentials, for proofs.

A logarithm is written ``log|u|``: where ``log(u)`` is defined they agree, and then products may be taken apart whatever
the signs of their factors are.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import isqrt

from matcalc.expr import (
    Node,
    apply,
    combine,
    content,
    factors,
    hadamard,
    is_number,
    logdet,
    matmul,
    number,
    ones,
    power,
    scale,
    scaled,
    terms,
    transpose,
)
from matcalc.expr.canonical.piecewise import spread
from matcalc.simplify.expansion import expanded
from matcalc.simplify.proof_identities.roots import square_root
from matcalc.simplify.rational import combined

__all__ = ["logarithm_of_exponentials", "logarithm_of_product", "power_of_logarithm"]

#: Numbers up to the square of this are split into primes under a logarithm.
LARGEST_PRIME = 1000


def _log(u: Node) -> Node:
    return apply("log", u)


def _absolute(u: Node) -> Node:
    return apply("abs", u)


def logarithm_of_product(node: Node) -> Node | None:
    """log(u^k v) = k log|u| + log|v|, log|det(X)| = logdet(X), log(e^u) = u"""
    if node.data[0] != "log":
        return None
    inside = node.args[0]
    if inside.op == "apply" and inside.data[0] == "abs":
        inside = inside.args[0]
    parts = list(_logarithms(inside, number(1)))
    after = combine(
        [(p if p.shape == node.shape else scale(p, ones(*node.shape)), Fraction(1)) for p in parts], node.shape
    )
    return None if after is node else after


def logarithm_of_exponentials(node: Node) -> Node | None:
    """log|a e^u + b e^v| = u + log|a + b e^(v - u)|, where u leads whatever both are multiplied by"""
    if node.data[0] != "log":
        return None
    (inside,) = node.args
    if inside.op == "apply" and inside.data[0] == "abs":
        (inside,) = inside.args
    if inside.op != "add":
        return None
    pairs = terms(inside)
    first, *others = (_exponent_of_e(t) for t, _ in pairs)
    for u in others:
        first = u if _leads(u, first) else first
    if not others or first.is_zero:
        return None
    rest = combine(((hadamard(t, apply("exp", scaled(-1, first))), c) for t, c in pairs), inside.shape)
    return first + _log(_absolute(rest))


def power_of_logarithm(node: Node) -> Node | None:
    """b^(k log(u) / log(b)) = u^k"""
    pairs = list(factors(node))
    for i, (base, e) in enumerate(pairs):
        below = (_log(base), number(-1))
        parts = factors(e) if is_number(e) is None else ()
        above = next((b for b, k in parts if b.op == "apply" and b.data[0] == "log" and is_number(k) == 1), None)
        if above is None or below not in parts:
            continue
        k = hadamard(number(1), *(power(b, f) for b, f in parts if b is not above and (b, f) != below))
        rest = [power(b, f) for j, (b, f) in enumerate(pairs) if j != i]
        return hadamard(power(above.args[0], k), *rest)
    return None


def _exponent_of_e(term: Node) -> Node:
    """u with term = a e^u"""
    parts = term.args if term.op == "scale" else (term,)
    found = (
        (spread(b.args[0], term.shape), e)
        for part in parts
        for b, f in factors(part)
        if b.op == "apply" and b.data[0] == "exp" and (e := is_number(f)) is not None
    )
    return combine(found, term.shape)


def _leads(u: Node, v: Node) -> bool:
    """An order of exponents in which u + w comes before v + w where u comes before v."""
    difference = sorted(terms(expanded(u - v)), key=lambda pair: pair[0].key)
    return bool(difference) and difference[0][1] > 0


def _logarithms(u: Node, k: Node) -> Iterator[Node]:
    """The terms of k log|u|."""
    c, m = content(u)
    if abs(c) != 1:
        yield from (hadamard(k, part) for part in _logarithm_of_number(abs(c)))
    if m.op == "scale":
        yield from _logarithms(m.args[0], k)
        yield from _logarithms(m.args[1], k)
    elif m.op == "power":
        for base, exponent in factors(m):
            yield from _logarithms(base, hadamard(k, exponent))
    elif m.op == "matmul" and m.args[0].op == "diag":
        column = _log(_absolute(m.args[0].args[0]))
        yield scale(k, matmul(column, transpose(ones(m.cols))) if not m.is_column else column)
        yield from _logarithms(matmul(*m.args[1:]), k)
    elif m.op == "det":
        yield hadamard(k, logdet(m.args[0]))
    elif m.op == "apply" and m.data[0] == "exp":
        yield scale(k, m.args[0])
    elif m.op == "apply" and m.data[0] == "abs":
        yield from _logarithms(m.args[0], k)
    elif m.op == "apply" and m.data[0] == "gamma":
        yield scale(k, apply("lgamma", m.args[0]))
    elif m.op == "ones":
        return
    elif m.is_number:
        yield from (hadamard(k, part) for part in _logarithm_of_number(abs(is_number(m) or Fraction(1))))
    elif (root := square_root(m)) is not None:
        yield from _logarithms(root, scaled(2, k))
    elif m.op == "add" and (fraction := content(combined(m))[1]).op == "power":
        yield from _logarithms(fraction, k)
    else:
        yield scale(k, _log(_absolute(m)))


def _logarithm_of_number(c: Fraction) -> Iterator[Node]:
    """log 12 = 2 log 2 + log 3"""
    for value, sign in ((c.numerator, 1), (c.denominator, -1)):
        p = 2
        while value > 1 and p <= min(LARGEST_PRIME, isqrt(value)):
            while value % p == 0:
                yield scaled(sign, _log(number(p)))
                value //= p
            p += 1
        if value > 1:
            yield scaled(sign, _log(number(value)))
