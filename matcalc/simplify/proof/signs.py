"""Signs and absolute values of products, of sums that are products, and of what cannot be negative, for proofs.

Each rule holds wherever its left side is defined: 1 / u has a sign only where u is not 0.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import (
    Node,
    apply,
    call,
    content,
    factors,
    hadamard,
    is_number,
    ones,
    power,
    scale,
    scaled,
    split_scalar,
    terms,
)
from matcalc.expr.facts import is_nonnegative, is_positive, is_symmetric
from matcalc.records import dataclass
from matcalc.simplify.factoring import factored
from matcalc.simplify.patterns import is_call

__all__ = [
    "absolute_of_sum",
    "largest_of_multiple",
    "sign_and_size",
    "sign_of_product",
]

# --- one product --------------------------------------------------------------------------------


@dataclass
class _Parts:
    """u^a |u|^b sign(u)^c, of one u."""

    of_base: Fraction = Fraction(0)
    of_size: Fraction = Fraction(0)
    of_sign: int = 0
    is_tied: bool = False

    def add(self, kind: str, e: Fraction) -> None:
        if kind == "sign":
            self.of_sign += int(e)
        elif kind == "abs":
            self.of_size, self.is_tied = self.of_size + e, True
        else:
            self.of_base, self.is_tied = self.of_base + e, True

    def product(self, u: Node) -> Node:
        """The one form of it: at most one of |u| and sign(u) beside a power of u."""
        degree, odd = self.of_base + self.of_size, (self.of_base + self.of_sign) % 2 == 1
        if not self.is_tied:
            even = 2 if self.of_sign else 0
            return power(apply("sign", u), 1 if odd else even)
        if degree == 0:
            return apply("sign", u) if odd else ones(*u.shape)
        if degree.denominator != 1:
            size = power(apply("abs", u), degree)
            return hadamard(apply("sign", u), size) if odd else size
        if odd == (degree % 2 == 1):
            return power(u, degree)
        side = 1 if degree > 0 else -1
        return hadamard(power(apply("abs", u), side), power(u, degree - side))


def sign_and_size(node: Node) -> Node | None:
    """sign(u) |u| = u, sign(u) u = |u|, |u|^3 = u^2 |u|, u / |u| = sign(u), sign(u)^2 u = u"""
    pairs = list(factors(node))
    inside = [b.args[0] for b, _ in pairs if b.op == "apply" and b.data[0] in ("abs", "sign")]
    for u in dict.fromkeys(inside):
        mine = [(_kind(b, u), _whole(_kind(b, u), e)) for b, e in pairs if _kind(b, u)]
        rest = [(b, e) for b, e in pairs if not _kind(b, u)]
        found = _Parts()
        for kind, exponent in mine:
            if exponent is not None:
                found.add(kind, exponent)
        if any(exponent is None for _, exponent in mine):
            continue
        after = hadamard(found.product(u), *(power(b, e) for b, e in rest))
        if after is not node and set(factors(after)) != set(pairs):
            return after
    return None


def _kind(base: Node, u: Node) -> str:
    if base is u:
        return "base"
    return str(base.data[0]) if base.op == "apply" and base.data[0] in ("abs", "sign") and base.args[0] is u else ""


def _whole(kind: str, exponent: Node) -> Fraction | None:
    """The exponent, where it is a number, and whole for what may be negative."""
    e = is_number(exponent)
    return e if e is not None and (kind == "abs" or e.denominator == 1) else None


# --- of products --------------------------------------------------------------------------------


def sign_of_product(node: Node) -> Node | None:
    """sign(u v) = sign(u) sign(v), sign(1/u) = sign(u)

    sign(u^3 / v) = sign(u) sign(v), sign(u^2) = sign(u)^2
    """
    if node.data[0] != "sign":
        return None
    (x,) = node.args
    s, m = split_scalar(_as_product(x))
    c, m = content(m)
    pairs = factors(m)
    if any(is_number(e) is None for _, e in pairs):
        return None
    parts = [_sign_of_power(b, is_number(e) or Fraction(1)) for b, e in pairs]
    whole = hadamard(ones(*m.shape), *parts)
    return scaled(1 if c > 0 else -1, whole if s.op == "ones" else scale(apply("sign", s), whole))


def _sign_of_power(base: Node, e: Fraction) -> Node:
    """Of a fractional power the base is not negative where it is defined; of a negative one it is not 0."""
    if e.denominator == 1 and e % 2 == 0:
        return power(apply("sign", base), 2) if e > 0 else ones(*base.shape)
    return apply("sign", base)


def _as_product(x: Node) -> Node:
    """u (v - w) for u v - u w, (u - v) (u + v) for u^2 - v^2."""
    if x.op != "add" or len(x.args) < 2:
        return x
    squares = _difference_of_squares(x)
    return squares if squares is not None else factored(x, 1)


def _difference_of_squares(x: Node) -> Node | None:
    pairs = terms(x)
    if len(pairs) != 2 or pairs[0][1] != -pairs[1][1]:
        return None
    u, v = (_root_of_square(t) for t, _ in pairs)
    return None if u is None or v is None else scaled(pairs[0][1], hadamard(u - v, u + v))


def _root_of_square(term: Node) -> Node | None:
    exponents = [is_number(e) for _, e in factors(term)]
    if term.op == "ones":
        return term
    if not all(e is not None and e.denominator == 1 and e % 2 == 0 for e in exponents):
        return None
    return hadamard(ones(*term.shape), *(power(b, (is_number(e) or Fraction(0)) / 2) for b, e in factors(term)))


def absolute_of_sum(node: Node) -> Node | None:
    """|u v - u w| = |u| |v - w|, |u^2 - v^2| = |u - v| |u + v|, |eigmax(S) - eigmin(S)| is that"""
    if node.data[0] != "abs" or node.args[0].op != "add":
        return None
    (x,) = node.args
    if _is_spread(x):
        return x
    product = _as_product(x)
    return apply("abs", product) if product.op in ("power", "scale") or _is_negative(product) else None


def _is_negative(x: Node) -> bool:
    return x.op == "add" and len(x.args) == 1


def _is_spread(x: Node) -> bool:
    """c (eigmax(S) - eigmin(S)) for c > 0, in whichever of the two functions it is written."""
    pairs = terms(x)
    if len(pairs) != 2 or not all(is_call(t, "eigmax", "eigmin") for t, _ in pairs):
        return False
    (a, c), (b, d) = pairs
    first, second = (a.args[0], c), (b.args[0], d)
    if a.data[0] == b.data[0] == "eigmax":
        return c == d > 0 and scaled(-1, a.args[0]) is b.args[0] and is_symmetric(a.args[0])
    return first[0] is second[0] and c == -d and (c > 0) == (a.data[0] == "eigmax")


# --- functions of products ----------------------------------------------------------------------


def largest_of_multiple(node: Node) -> Node | None:
    """max(s x) = s max(x) for a number s that is not negative, min(x) = -max(-x)"""
    if is_call(node, "min"):
        return scaled(-1, call("max", scaled(-1, node.args[0]), static=node.data[1:], shape=node.shape))
    if not is_call(node, "max"):
        return None
    c, x = content(node.args[0])
    if abs(c) != 1:
        again = call("max", scaled(1 if c > 0 else -1, x), static=node.data[1:], shape=node.shape)
        return scaled(abs(c), again)
    s, m = split_scalar(node.args[0])
    if s.op == "ones" or not (is_nonnegative(s) or is_positive(s)):
        return None
    name, *static = node.data
    return scale(s, call(name, m, static=static, shape=node.shape))
