"""Quotients whose parts vanish or overflow where they do not, and differences from 1, from a sigmoid and of errors."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matcalc.expr import (
    Node,
    apply,
    combine,
    content,
    factors,
    hadamard,
    is_number,
    ones,
    postorder,
    power,
    scaled,
    terms,
    zeros,
)
from matcalc.functions import row_of

__all__ = [
    "beside",
    "difference_of_sigmoids",
    "difference_of_softplus",
    "log_erfc",
    "logarithm_of_root",
    "quotient_of_powers",
    "residual_of_sigmoid",
    "root_less_one",
]

HALF = Fraction(1, 2)


def quotient_of_powers(node: Node) -> Node | None:
    """f(c u)^k / u^k = (f(c u) / u)^k, whose powers might vanish or overflow"""
    pairs = terms(node)
    if len(pairs) != 1:
        return None
    ((term, c),) = pairs
    found = _divided(term) if term.op == "power" else None
    return None if found is None else scaled(c, found)


def _is_divided(name: str) -> bool:
    """Whether f(u) / u has a power series at 0."""
    return row_of(name).vanishes and row_of(name).series is not None


def _divided(term: Node) -> Node | None:
    """A product with (f(c u) / u)^n in place of f(c u)^n and u^-n, for n > 1"""
    pairs = list(factors(term))
    for base, exponent in pairs:
        a = is_number(exponent)
        if base.op != "apply" or not _is_divided(base.data[0]) or a is None or a.denominator != 1 or a < 2:
            continue
        primitive = content(base.args[0])[1]
        for below, negative in pairs:
            m = is_number(negative)
            k, unit = content(below)
            if unit is primitive and m is not None and m.denominator == 1 and m <= -2:
                n = min(a, -m)
                rest = [power(b, e) for b, e in pairs if b is not base and b is not below]
                inside = power(scaled(1 / k, apply("ratio", base, unit)), n)
                return hadamard(*rest, power(base, a - n), power(below, m + n), inside)
    return None


def log_erfc(u: Node, far: Node) -> Node:
    """log(1 - erf(u)) where |u| < 1/2"""
    small = apply("greater", scaled(HALF, ones(*u.shape)), apply("abs", u))
    return apply("where", small, apply("log1p", scaled(-1, apply("erf", u))), far)


def beside(term: Node, name: str) -> Iterator[tuple[Node, Node]]:
    """(r, u) with the term = r ⊙ f(u), for every factor that is the function of that name."""
    pairs = factors(term)
    for base, exponent in pairs:
        if base.op == "apply" and base.data[0] == name and is_number(exponent) == 1:
            rest = (power(b, e) for b, e in pairs if b is not base)
            yield hadamard(ones(*term.shape), *rest), base.args[0]


def difference_of_softplus(node: Node) -> Node | None:
    """softplus(u) - softplus(-u) = u, softplus(u) - u = softplus(-u), softplus(u) - relu(u) = softplus(-|u|)"""
    pairs = terms(node)
    for term, c in pairs:
        for rest, u in beside(term, "softplus"):
            for gap in _softplus_gaps(u):
                found = node - scaled(c, hadamard(rest, gap))
                if len(terms(found)) < len(pairs) and not _keeps_softplus(found, u):
                    return found
    return None


def _softplus_gaps(u: Node) -> Iterator[Node]:
    """Sums that are 0."""
    plus, minus = apply("softplus", u), apply("softplus", scaled(-1, u))
    yield plus - minus - u
    yield plus - apply("relu", u) - apply("softplus", scaled(-1, apply("abs", u)))


def _keeps_softplus(node: Node, u: Node) -> bool:
    """Whether two terms are left that may cancel: y softplus(-u) + (1 - y) softplus(u) is better than softplus(u) - y u."""
    return sum(any(part is u for part in postorder(t)) for t, _ in terms(node)) > 1


def difference_of_sigmoids(node: Node) -> Node | None:
    """σ(u) - σ(v) = σ(u) σ(-v) (1 - e^(v - u)), where v - u is a number"""
    pairs = [(t, c, rest, u) for t, c in terms(node) for rest, u in beside(t, "sigmoid")]
    for place, (term, c, rest, u) in enumerate(pairs):
        for other, k, same, v in pairs[place + 1 :]:
            if same is not rest or k != -c:
                continue
            gap = v - u
            if len(terms(gap)) == 1 and terms(gap)[0][0].op == "ones":
                product = hadamard(rest, apply("sigmoid", u), apply("sigmoid", scaled(-1, v)), apply("expm1", gap))
                left = [(t, q) for t, q in terms(node) if t is not term and t is not other]
                return combine([*left, (product, -c)], node.shape)
    return None


def root_less_one(node: Node) -> Node | None:
    """(1 + v)^(1/2) - 1 = v / ((1 + v)^(1/2) + 1), for hypot(1, u) with v = u^2 factor by factor"""
    pairs = dict(terms(node))
    one = next((t for t in pairs if t.op == "ones"), None)
    if one is None:
        return None
    for root, c in pairs.items():
        v = _beside_one(root)
        if v is not None and pairs[one] == -c:
            rest = [(t, k) for t, k in pairs.items() if t is not one and t is not root]
            return combine([*rest, (_over(v, root + one), c)], node.shape)
    return None


def _over(v: Node, below: Node) -> Node:
    """v / below, of a square u (u / below)"""
    pairs = factors(v)
    if len(pairs) == 1 and is_number(pairs[0][1]) == 2:
        return hadamard(pairs[0][0], apply("ratio", pairs[0][0], below))
    return hadamard(v, power(below, -1))


def _beside_one(root: Node) -> Node | None:
    """The v of (1 + v)^(1/2), also of hypot(1, u) with v = u^2"""
    if root.op == "apply" and root.data[0] == "hypot":
        return next((power(b, 2) for a, b in (root.args, root.args[::-1]) if a.op == "ones"), None)
    pairs = factors(root)
    if len(pairs) != 1 or is_number(pairs[0][1]) != HALF:
        return None
    (base, _) = pairs[0]
    v = base - ones(*base.shape)
    return v if len(terms(v)) < len(terms(base)) else None


def logarithm_of_root(node: Node) -> Node | None:
    """log(u + (u^2 + 1)^(1/2)) = asinh(u)"""
    pairs = terms(node.args[0]) if node.data[0] == "log" else ()
    if len(pairs) != 2:
        return None
    for (root, one), (u, c) in (pairs, pairs[::-1]):
        argument = scaled(c, u)
        if one == 1 and _beside_one(root) is power(argument, 2):
            return apply("asinh", argument)
    return None


def residual_of_sigmoid(node: Node) -> Node | None:
    """σ(u) - y = (1 - y) - σ(-u) where u > 0"""
    pairs = terms(node)
    if len(pairs) != 2:
        return None
    for (sigmoid, c), (y, k) in (pairs, pairs[::-1]):
        if sigmoid.op == "apply" and sigmoid.data[0] == "sigmoid" and k == -c and not _holds_sigmoid(y):
            (u,) = sigmoid.args
            tail = apply("sigmoid", scaled(-1, apply("abs", u)))
            right, left = (ones(*u.shape) - y) - tail, tail - y
            return scaled(c, apply("where", apply("greater", u, zeros(*u.shape)), right, left))
    return None


def _holds_sigmoid(y: Node) -> bool:
    return any(n.op == "apply" and n.data[0] in ("sigmoid", "where") for n in postorder(y)) or y.op == "ones"
