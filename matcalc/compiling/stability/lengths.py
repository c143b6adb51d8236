"""Roots and inverse powers of sums of squares, whose squares may overflow or vanish where the length does not."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import ceil, floor, log2

from matcalc.compiling.planning.open_nodes import is_spread
from matcalc.expr import (
    Node,
    apply,
    call,
    chain,
    combine,
    factors,
    hadamard,
    is_number,
    matmul,
    number,
    ones,
    power,
    rebuild,
    scale,
    scaled,
    terms,
    transpose,
    zeros,
)
from matcalc.expr.facts import is_nonnegative, is_positive
from matcalc.expr.supports import selecting_pattern

__all__ = ["logarithm_of_squares", "power_of_length", "pseudoinverse_of_vector"]

Parts = dict[Node, Node]


def power_of_length(node: Node) -> Node | None:
    """(x^T x)^e y = ‖x‖^(2 e + k) y, with x / ‖x‖ for k of the x in y"""
    scalar, body = node.args if node.op == "scale" else (node, None)
    for base, exponent in factors(scalar) if scalar.is_scalar else ():
        e = is_number(exponent)
        found = None if e is None else _length(base, e)
        if found is None:
            continue
        length, parts, k = found
        others = [(b, f) for b, f in factors(scalar) if b is not base]
        result = _with_length(length, parts, k, others, body)
        if result is not None and (length is not base or result is not node):
            return result
    return None


#: Beside a term 2^55 times as large another one is no part of the sum.
NOTHING_LEFT = 55


def logarithm_of_squares(node: Node) -> Node | None:
    """log(k + c u^e) = e log |u| + log(c) where |u| is so large that u^e may be too large; log(u^2 + v^2) = 2 log hypot(u, v)"""
    name = node.data[0]
    if name not in ("log", "log1p") or node.linear or not node.is_scalar:  # of arrays it would take twice the time
        return None
    (x,) = node.args
    pairs = [(t, c) for t, c in terms(x) if t.op != "ones"]
    beside = Fraction(1) if name == "log1p" else next((c for t, c in terms(x) if t.op == "ones"), Fraction(0))
    if len(pairs) == 1 and beside > 0:
        return _large_power(node, *pairs[0], beside)
    length = _of_squares(x) if name == "log" and x.op == "add" and not beside else None
    is_pair = length is not None and length.op == "apply" and all(a.op != "call" for a in length.args)
    return scaled(2, apply("log", length)) if length is not None and is_pair else None


def _large_power(node: Node, power_: Node, c: Fraction, beside: Fraction) -> Node | None:
    """The logarithm for min(|u|, r), and e log max(|u| / r, 1)"""
    pairs = factors(power_)
    e = is_number(pairs[0][1]) if power_.op == "power" and len(pairs) == 1 else None
    if e is None or e.denominator != 1 or e < 2 or c <= 0 or _is_bounded(pairs[0][0]):
        return None
    if e % 2 and not is_nonnegative(pairs[0][0]):
        return None
    u, size = apply("abs", pairs[0][0]), NOTHING_LEFT + ceil(log2(beside / c))
    radius = Fraction(2) ** max(ceil(size / e), 1)
    near = scaled(c, power(apply("min", u, scaled(radius, ones(*u.shape))), e))
    inside = near if node.data[0] == "log1p" else near + scaled(beside, ones(*u.shape))
    far = apply("max", scaled(1 / radius, u), ones(*u.shape))
    return apply(node.data[0], inside) + scaled(e, apply("log", far))


def _is_bounded(u: Node) -> bool:
    return u.op == "apply" and u.data[0] in ("min", "tanh", "sin", "cos", "sigmoid", "erf", "atan", "ratio")


def pseudoinverse_of_vector(node: Node) -> Node | None:
    """pinv(x^T) = x / ‖x‖^2, and 0 where x is 0"""
    if node.data != ("pinv",) or not node.is_column:
        return None
    x = transpose(node.args[0])
    length = apply("abs", x) if x.is_scalar else _norm(x)
    divisor = apply("where", apply("equals", length, zeros(*length.shape)), number(1), length)
    unit = apply("ratio", x, divisor)
    return scale(power(divisor, -1), unit)


def _with_length(length: Node, parts: Parts, k: Fraction, others: list[tuple[Node, Node]], body: Node | None) -> Node:
    """‖x‖^k times the other factors; as many of their x as k allows are divided by ‖x‖ each."""
    left = 0 if selecting_pattern(others) is not None else max(floor(-k), 0)  # x may be 0 where nothing is selected
    new: list[Node] = []
    for base, exponent in others:
        inside, count = _divided_factor(base, exponent, parts, left)
        new.append(inside)
        left, k = left - count, k + count
    if body is None:
        return hadamard(ones(*length.shape), *new, power(length, k))
    body, count = _divided(body, parts, left)
    return scale(hadamard(number(1), *new, power(length, k + count)), body)


def _divided_factor(base: Node, exponent: Node, parts: Parts, most: int) -> tuple[Node, int]:
    """base^exponent with up to so many factors x as x / ‖x‖, and how many these are."""
    e = is_number(exponent)
    if base in parts and e is not None and e.denominator == 1 and e > 0:
        count = min(int(e), most)
        return hadamard(power(parts[base], count), power(base, int(e) - count)), count
    if e == 1:
        return _divided(base, parts, most)
    return power(base, exponent), 0


def _divided(node: Node, parts: Parts, most: int) -> tuple[Node, int]:
    """The product with up to so many of its linear factors x as x / ‖x‖, and how many these are."""
    if most <= 0:
        return node, 0
    if node in parts:
        return parts[node], 1
    if node.op == "transpose":
        inside, used = _divided(node.args[0], parts, most)
        return transpose(inside), used
    if node.op in ("matmul", "scale"):
        used, new = 0, []
        for arg in node.args:
            inside, count = _divided(arg, parts, most - used)
            new.append(inside)
            used += count
        return rebuild(node, tuple(new)), used
    if node.op == "power":
        return _divided_power(node, parts, most)
    return _divided_sum(node, parts, most) if node.op == "add" else (node, 0)


def _divided_sum(node: Node, parts: Parts, most: int) -> tuple[Node, int]:
    """x^2 - 1 as (x / ‖x‖)^2 - ‖x‖^-2, so that no term is larger than the quotient"""
    length = next((ratio.args[1] for ratio in parts.values()), None)
    if length is None or length.shape != node.shape:
        return node, 0
    found = [(*_divided(t, parts, most), c) for t, c in terms(node)]
    count = max(used for _, used, _ in found)
    return combine([(hadamard(t, power(length, used - count)), c) for t, used, c in found], node.shape), count


def _divided_power(node: Node, parts: Parts, most: int) -> tuple[Node, int]:
    used, new = 0, []
    for base, exponent in factors(node):
        inside, count = _divided_factor(base, exponent, parts, most - used)
        new.append(inside)
        used += count
    return hadamard(*new), used


# --- lengths ------------------------------------------------------------------------------------


def _length(base: Node, e: Fraction) -> tuple[Node, Parts, Fraction] | None:
    """(‖x‖, {x: x / ‖x‖}, k) where base^e is ‖x‖^k: the base is the sum of the squares of x, or ‖x‖ itself."""
    known = _parts(base)
    if known is not None:
        return (base, known, e) if e < 0 and e.denominator == 1 else None
    if e > 0 and e.denominator == 1:
        return None
    of_order = _of_order(base)
    if of_order is not None:
        h, u, m = of_order
        inside = u.args if u.op == "apply" and u.data[0] == "abs" else ()
        return h, {x: apply("ratio", x, h) for x in (u, *inside)}, m * e
    if (2 * e).denominator != 1:
        return None
    if base.op == "add":
        length = _of_squares(base)
    else:
        x = _gram_factor(base)
        length = None if x is None or x.op in ("ones", "unit") else _norm(x)
    if length is None:
        return None
    return length, _parts(length) or {}, 2 * e


def _parts(length: Node) -> Parts | None:
    """What is smaller than a length, divided by it; the length may have another value in place of 0."""
    inside = length.args[2] if length.op == "apply" and length.data[0] == "where" else length
    if inside.op == "call" and inside.data[0] == "length":
        return {x: apply("ratio", x, length) for x in inside.args}
    if length.op != "apply" or length.data[0] != "hypot":
        return None
    below: list[Node] = []
    stack = list(length.args)
    while stack:
        part = stack.pop()
        nested = part.op in ("call", "apply") and part.data[0] in ("length", "hypot")
        stack.extend(part.args if nested else ())
        below.extend(() if nested else (part,))
    return {x: apply("ratio", x, length) for x in below if x.op != "ones"}


def _norm(x: Node) -> Node:
    return call("length", x, shape=number(1).shape)


def _gram_factor(base: Node) -> Node | None:
    """x with the base = x^T x or tr(X^T X), but not x_i - x_j, of which there are many"""
    links = chain(base.args[0] if base.op == "trace" else base)
    if base.op not in ("matmul", "trace") or len(links) % 2:
        return None
    x = matmul(*links[len(links) // 2 :])
    return x if matmul(transpose(x), x) is matmul(*links) and not x.is_row and not is_spread(x) else None


def _of_squares(base: Node) -> Node | None:
    """(Σ c r^2)^(1/2), where a square may be x^T x, or e^u beside others"""
    roots: list[Node] = []
    for term, c in terms(base):
        x = _gram_factor(term)
        root = _norm(x) if x is not None else _root(term)
        if root is None or c <= 0:
            return None
        roots.append(root if c == 1 else scale(power(number(c), Fraction(1, 2)), root))
    if all(r.op == "ones" or _is_exponential(r) for r in roots):
        return None
    return reduce(lambda a, b: apply("hypot", a, b), roots)


def _of_order(base: Node) -> tuple[Node, Node, int] | None:
    """(h, u, m) with k + c u^m = h^m for m > 2, where h overflows no sooner than u: h = r (k / r^m + c (u / r)^m)^(1/m)"""
    pairs = [(t, c) for t, c in terms(base) if t.op != "ones"] if base.op == "add" else []
    beside = [c for t, c in terms(base) if t.op == "ones"]
    if len(pairs) != 1 or len(beside) != 1 or pairs[0][0].op != "power" or pairs[0][0].linear:
        return None
    ((term, c),), (k,) = pairs, beside
    ((u, exponent), *others) = factors(term)
    m = is_number(exponent)
    if others or m is None or m.denominator != 1 or m < 3 or c <= 0 or k <= 0 or not (m % 2 == 0 or is_nonnegative(u)):
        return None
    one = ones(*u.shape)
    r = apply("max", apply("abs", u), one)
    inside = scaled(k, power(apply("ratio", one, r), m)) + scaled(c, power(apply("ratio", u, r), m))
    return hadamard(r, power(inside, 1 / m)), u, int(m)


def _root(term: Node) -> Node | None:
    """r with the term = r^2"""
    if term.op == "ones":
        return term
    if _is_exponential(term):
        return apply("exp", scaled(Fraction(1, 2), term.args[0]))
    pairs = factors(term)
    if term.op == "power" and all(
        (e := is_number(f)) is not None and e.denominator == 1 and not e % 2 for _, f in pairs
    ):
        return hadamard(*(power(b, Fraction(1, 2) * (is_number(f) or 0)) for b, f in pairs))
    return power(term, Fraction(1, 2)) if term.op == "variable" and is_positive(term) else None


def _is_exponential(node: Node) -> bool:
    return node.op == "apply" and node.data[0] == "exp"
