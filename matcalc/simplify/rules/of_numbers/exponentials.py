"""Quotients of exponentials, and the logistic function of both signs."""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import Node, apply, call, combine, factors, hadamard, is_number, ones, power, scale, scaled, terms
from matcalc.simplify.cost import cost
from matcalc.simplify.expansion import expanded
from matcalc.simplify.factoring import factored
from matcalc.simplify.patterns import linear_factors, linear_kinds, replaced

__all__ = [
    "quotient_of_exponentials",
    "sigmoids_of_one_sign",
    "softmax_in_product",
    "tanh_from_exponentials",
]

#: (1 / (e^a + e^b))^k is taken apart up to this k.
HIGHEST_POWER = 4

#: A sum with more terms than it had before one of its sigmoids was replaced, by more than so many, is not factored:
#: it would have to lose them again.
MORE_TERMS = 1


def is_function(node: Node, name: str) -> bool:
    """Whether the node is f(u) for the entrywise function of this name."""
    return node.op == "apply" and node.data[0] == name


def sigmoids_of_one_sign(node: Node) -> Node | None:
    """a sigmoid(u) + b sigmoid(-u) = b + (a - b) sigmoid(u)

    a ⊙ sigmoid(u) + b ⊙ sigmoid(-u) = b + (a - b) ⊙ sigmoid(u), where that is shorter
    """
    pairs = terms(node)
    holding = (t for t, _ in pairs if "sigmoid" in linear_kinds(t))
    found = {f for t in holding for f in linear_factors(t) if is_function(f, "sigmoid")}
    if len(found) < 2:
        return None
    for kept in sorted(found, key=lambda f: (cost(f), f.key)):
        dropped = apply("sigmoid", scaled(-1, kept.args[0]))
        if dropped not in found:
            continue
        for beside in (False, True):
            other = combine([p for t, c in pairs for p in _without(t, c, dropped, kept, beside)], node.shape)
            forms = [f for f in {other: None, expanded(other): None} if len(terms(f)) <= len(pairs) + MORE_TERMS]
            best = min(map(factored, forms), key=cost, default=node)
            if cost(best) < cost(factored(node)):
                return best
    return None


def _without(term: Node, c: Fraction, dropped: Node, kept: Node, beside: bool) -> list[tuple[Node, Fraction]]:
    """The term with 1 - sigmoid(u) for a factor sigmoid(-u); where sigmoid(u) is a factor, too, only if ``beside``."""
    inside = list(linear_factors(term))
    if inside.count(dropped) != 1 or (kept in inside and not beside):
        return [(term, c)]
    return [(replaced(term, dropped, ones(*dropped.shape)), c), (replaced(term, dropped, kept), -c)]


def softmax_in_product(node: Node) -> Node | None:
    """A exp(u) / (1^T exp(u)) = A softmax(u)"""
    scalar, body = node.args if node.op == "scale" else (node, None)
    if not scalar.is_scalar:
        return None
    pairs = factors(scalar)
    for base, exponent in pairs:
        u = _exponent_of_total(base) if is_number(exponent) == -1 else None
        if u is None:
            continue
        numerator, softmax = apply("exp", u), call("softmax", u, shape=u.shape)
        rest = [power(b, e) for b, e in pairs if b is not base]
        if body is not None and numerator in linear_factors(body):
            return scale(hadamard(ones(*scalar.shape), *rest), replaced(body, numerator, softmax))
        for i, part in enumerate(rest):
            if part.op == "matmul" and numerator in linear_factors(part):
                rest[i] = replaced(part, numerator, softmax)
                top = hadamard(*rest)
                return top if body is None else scale(top, body)
    return None


def _exponent_of_total(node: Node) -> Node | None:
    """u with node = 1^T exp(u), for a column u."""
    if node.op != "matmul" or len(node.args) != 2:
        return None
    for one, other in (node.args, node.args[::-1]):
        other = other if other.is_column else other.T
        if "ones" in (one.op, one.T.op) and is_function(other, "exp"):
            return other.args[0]
    return None


def quotient_of_exponentials(node: Node) -> Node | None:
    """e^a / (e^a + e^b) = sigmoid(a - b), e^(a + b) / (e^a + e^b)^2 = sigmoid(a - b) sigmoid(b - a)"""
    pairs = factors(node)
    numerator = next((b for b, _ in pairs if is_function(b, "exp")), None)
    if numerator is None:
        return None
    for base, exponent in pairs:
        k, both = is_number(exponent), _two_exponents(base, 1)
        if k is None or both is None or k.denominator != 1 or not 1 <= -k <= HIGHEST_POWER:
            continue
        a, b = both
        rest = [power(x, e) for x, e in pairs if x is not base and x is not numerator]
        for i in range(int(-k) + 1):
            if combine([(a, Fraction(i)), (b, -k - i)], a.shape) is numerator.args[0]:
                return hadamard(power(_logistic(a, b), i), power(_logistic(b, a), -k - i), *rest)
    return None


def _logistic(a: Node, b: Node) -> Node:
    return apply("sigmoid", a - b)


def _two_exponents(node: Node, sign: int) -> tuple[Node, Node] | None:
    """(a, b) with node = e^a + e^b, or e^a - e^b for the sign -1."""
    if node.op != "add" or len(node.args) != 2 or not all(is_function(t, "exp") for t in node.args):
        return None
    a, b = (t.args[0] for t in node.args)
    if node.data == (1, sign):
        return a, b
    return (b, a) if node.data == (sign, 1) else None


def tanh_from_exponentials(node: Node) -> Node | None:
    """(e^u - e^-u) / (e^u + e^-u) = tanh(u)"""
    pairs = factors(node)
    for above, e in pairs:
        both, k = _two_exponents(above, -1), is_number(e)
        if both is None or k is None or k.denominator != 1 or k < 1 or both[1] is not scaled(-1, both[0]):
            continue
        u = both[0]
        below = apply("exp", u) + apply("exp", scaled(-1, u))
        j = next((is_number(f) for b, f in pairs if b is below), None)
        if j is not None and j.denominator == 1 and j < 0:
            times = min(k, -j)
            rest = [power(b, f) for b, f in pairs if b is not above and b is not below]
            return hadamard(power(apply("tanh", u), times), power(above, k - times), power(below, j + times), *rest)
    return None
