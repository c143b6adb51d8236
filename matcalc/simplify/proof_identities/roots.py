"""Roots, and what the roots and logarithms of an expression tell of signs, for proofs."""

from __future__ import annotations

from collections.abc import Iterable, Set
from fractions import Fraction

from matcalc.expr import Node, apply, combine, content, factors, hadamard, is_number, ones, power, scaled, terms
from matcalc.expr.facts import is_nonnegative
from matcalc.simplify.rational import cancelled

__all__ = [
    "absolute_of_nonnegative",
    "factors_of_root",
    "logarithm_of_conjugate",
    "never_negative",
    "root_of_product",
    "root_of_square",
    "square_root",
]

HALF = Fraction(1, 2)


def never_negative(nodes: Iterable[Node], known: frozenset[Node]) -> frozenset[Node]:
    """u with u^(1/2), u^(-3/2) or log(u) in the expression: u >= 0 where all of it is defined."""
    found = set(known)
    for node in nodes:
        if node.op == "apply" and node.data[0] == "where":  # what is not chosen need not be defined
            return frozenset()
        if node.op == "power":
            unknown = [b for b, e in factors(node) if not (_is_whole(e) or _is_nonnegative(b, found))]
            found |= {unknown[0]} if len(unknown) == 1 else set()
        elif node.op == "apply" and node.data[0] == "log":
            found.add(node.args[0])
    return frozenset(found)


def _is_whole(exponent: Node) -> bool:
    """An integer, or not known to be none."""
    e = is_number(exponent)
    return e is None or e.denominator == 1


def absolute_of_nonnegative(known: frozenset[Node], node: Node) -> Node | None:
    """|u| = u where u^(1/2) or log(u) is defined"""
    if node.data[0] != "abs":
        return None
    return next((u for u in (node.args[0], scaled(-1, node.args[0])) if _is_nonnegative(u, known)), None)


def _is_nonnegative(u: Node, known: Set[Node]) -> bool:
    """Also of sums of what is known, (1 + u)."""
    if u in known or is_nonnegative(u):
        return True
    return u.op == "add" and len(u.args) > 1 and all(c > 0 and _is_nonnegative(t, known) for t, c in terms(u))


def root_of_product(known: frozenset[Node], node: Node) -> Node | None:
    """(u v)^(1/2) = |u|^(1/2) |v|^(1/2), (1/u)^(1/2) = u^(-1/2)"""
    pairs, several = list(factors(node)), False
    parts: list[tuple[Node, Node]] = []
    for base, e in pairs:
        inside = factors_of_root(base, e)
        several = several or len(inside) > 1
        parts += inside
    unknown = [b for b, e in parts if not (_is_whole(e) or _is_nonnegative(b, known))]
    if unknown and (several or len(unknown) > 1):
        parts = [(apply("abs", b) if b in unknown else b, e) for b, e in parts]
    return None if parts == pairs else hadamard(*(power(b, e) for b, e in parts))


def factors_of_root(base: Node, exponent: Node) -> list[tuple[Node, Node]]:
    """The factors of a root of a product; those of a reciprocal with its sign, of several without any."""
    sign, m = content(base)
    if _is_whole(exponent) or abs(sign) != 1 or m.op != "power":
        return [(base, exponent)]
    pairs = factors(m)
    if len(pairs) == 1 and is_number(pairs[0][1]) == -1:
        return [(scaled(sign, pairs[0][0]), scaled(-1, exponent))]
    return [(b, hadamard(e, exponent)) for b, e in pairs]


def root_of_square(node: Node) -> Node | None:
    """(u^2 + 2 u v + v^2)^(1/2) = |u + v|"""
    pairs = list(factors(node))
    for i, (base, e) in enumerate(pairs):
        root = None if _is_whole(e) else square_root(base)
        if root is not None:
            rest = [power(b, f) for j, (b, f) in enumerate(pairs) if j != i]
            return hadamard(power(apply("abs", root), scaled(2, e)), *rest)
    return None


def square_root(total: Node) -> Node | None:
    """u + v with u^2 + 2 u v + v^2 = total."""
    if total.op != "add" or len(total.args) != 3:
        return None
    squares = [(t, c, r) for t, c in terms(total) if (r := _root(t, c)) is not None]
    for i, (s, _, u) in enumerate(squares):
        for t, _, v in squares[i + 1 :]:
            mixed = combine([(x, c) for x, c in terms(total) if x is not s and x is not t], total.shape)
            for sign in (1, -1):
                if mixed is scaled(2 * sign, hadamard(u, v)):
                    return u + scaled(sign, v)
    return None


def _root(term: Node, c: Fraction) -> Node | None:
    """u with u^2 = c term, for a product of even powers."""
    numbers = [_integer_root(n) for n in (c.numerator, c.denominator)]
    if None in numbers or not all(map(_is_square, factors(term))):
        return None
    above, below = numbers
    root = hadamard(ones(*term.shape), *(power(b, scaled(HALF, e)) for b, e in factors(term)))
    return scaled(Fraction(above or 0, below or 1), root)


def _is_square(factor: tuple[Node, Node]) -> bool:
    """An even power, or any of an exponential."""
    e = is_number(factor[1])
    return e is not None and ((e / 2).denominator == 1 or (factor[0].op == "apply" and factor[0].data[0] == "exp"))


def _integer_root(n: int) -> int | None:
    root = round(abs(n) ** 0.5)
    return root if n > 0 and root * root == n else None


def logarithm_of_conjugate(node: Node) -> Node | None:
    """log|u - v^(1/2)| = log|u^2 - v| - log|u + v^(1/2)|"""
    inside = node.args[0]
    if node.data[0] != "log" or inside.op != "apply" or inside.data[0] != "abs" or inside.args[0].op != "add":
        return None
    for term, c in terms(inside.args[0]):
        rest = combine([(t, k) for t, k in terms(inside.args[0]) if t is not term], node.shape)
        if not rest.is_zero and _is_root(term) and c * content(rest)[0] < 0:
            product = cancelled(power(rest, 2) - scaled(c * c, power(term, 2)))
            return _log(product) - _log(rest - scaled(c, term))
    return None


def _is_root(term: Node) -> bool:
    return any(not _is_whole(e) for _, e in factors(term))


def _log(u: Node) -> Node:
    return apply("log", apply("abs", u))
