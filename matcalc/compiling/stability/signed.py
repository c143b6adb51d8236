"""Quotients of what may overflow and has no known sign: every part as r e^t, in which e^t alone is huge or tiny.

A sum has the largest t of its terms, so that no term of r is larger than its factor in front, and keeps its sign.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from matcalc.compiling.stability.logarithms import Exponentials, exponentials, log_of, spread_over
from matcalc.expr import (
    ONE,
    Node,
    apply,
    call,
    combine,
    factors,
    hadamard,
    matmul,
    multiply,
    ones,
    power,
    scale,
    scaled,
    terms,
    transpose,
    zeros,
)
from matcalc.expr.canonical.powers import is_negative
from matcalc.expr.facts import is_nonnegative, is_positive

__all__ = ["quotient_with_signs"]

#: (t, r) of r e^t
Scaled = tuple[Node, Node]
HALF = Fraction(1, 2)


def _size(u: Node) -> Node:
    return apply("abs", u)


def _signed(u: Node, k: int = 1) -> Node:
    """sign(u) (1 - e^(-k |u|))"""
    return hadamard(scaled(-1, apply("sign", u)), apply("expm1", scaled(-k, _size(u))))


#: entrywise function -> (t, r) of its values
SCALED: dict[str, Callable[[Node], Scaled]] = {
    "exp": lambda u: (u, ones(*u.shape)),
    "sigmoid": lambda u: (scaled(-1, apply("softplus", scaled(-1, u))), ones(*u.shape)),
    "erfc": lambda u: (log_of(apply("erfc", u)) or u, ones(*u.shape)),
    "expm1": lambda u: (apply("relu", u), _signed(u)),
    "sinh": lambda u: (_size(u), scaled(HALF, _signed(u, 2))),
    "cosh": lambda u: (_size(u), scaled(HALF, ones(*u.shape) + apply("exp", scaled(-2, _size(u))))),
}


def quotient_with_signs(node: Node) -> Node | None:
    """Π b^e = e^(Σ e t) Π r^e for b = r e^t, where a b below may overflow beside others and has no known sign"""
    if node.op == "add":
        ((term, c), *others) = terms(node)
        found = None if others else quotient_with_signs(term)
        return None if found is None else scaled(c, found)
    scalar, body = node.args if node.op == "scale" else (node, None)
    outside, inside = factors(scalar), factors(body) if body is not None else ()
    above = [b for b, e in (*outside, *inside) if not is_negative(e)]
    below = [b for b, e in outside if is_negative(e) and b.op in ("add", "matmul", "trace")]
    if not any(_needs_signs(b, above) for b in below) and not (_has_scale(outside) and _of_product(inside, node)):
        return None
    t, r = _of_product(outside, scalar) or (zeros(*scalar.shape), scalar)
    if body is None:
        return hadamard(r, apply("exp", t))
    t_body, r_body = _of_product(inside, body) or (zeros(*body.shape), body)
    return scale(r, hadamard(r_body, apply("exp", t_body + spread_over(t, body))))


def _has_scale(pairs: Sequence[tuple[Node, Node]]) -> bool:
    """Whether the size of a part that was taken out is among the factors: e^(-k max(t, s))"""
    exponents = (b.args[0] for b, _ in pairs if b.op == "apply" and b.data[0] == "exp")
    return any(_is_maximum(t) and c < 0 for u in exponents for t, c in terms(u))


def _needs_signs(base: Node, above: Sequence[Node]) -> bool:
    """Whether it may be inf - inf, or infinite beside an infinite factor, and is no sum whose logarithm is known."""
    if _of(base) is None:
        return False
    others = [b for b in above if _of(b) is not None]
    if is_positive(base):
        return any(not is_positive(b) for b in others)
    return bool(others) or sum(_of_term(t) is not None for t, _ in terms(base)) > 1


def _of(x: Node) -> Scaled | None:
    """(t, r) with x = r e^t; None where nothing in x is extreme."""
    if "r e^t" not in x.cache:
        x.cache["r e^t"] = _found(x)
    known: Scaled | None = x.cache["r e^t"]
    return known


def _found(x: Node) -> Scaled | None:
    pairs = terms(x)
    if len(pairs) != 1:
        return _of_sum(pairs, x)
    ((term, c),) = pairs
    found = _of_term(term)
    return None if found is None else (found[0], scaled(c, found[1]))


def _of_term(term: Node) -> Scaled | None:
    match term.op:
        case "apply" if term.data[0] in SCALED:
            return None if _is_settled(term) else SCALED[term.data[0]](term.args[0])
        case "transpose":
            found = _of(term.args[0])
            return None if found is None else (transpose(found[0]), transpose(found[1]))
        case "power":
            return _of_product(factors(term), term)
        case "scale":
            return _of_scaled(*term.args)
        case "matmul" | "trace":
            inside = exponentials(term)
            return None if inside is None or _is_shifted(inside.exponents) else _of_exponentials(inside)
    return None


def _is_settled(term: Node) -> bool:
    """Whether it is what is left where the largest t was taken out: e^(t - max(t, s)), e^-|u|, 1 - e^-|u|"""
    name, (u,) = term.data[0], term.args
    return (name == "exp" and _is_shifted(u)) or (name == "expm1" and is_nonnegative(scaled(-1, u)))


def _is_shifted(u: Node) -> bool:
    """Whether it is t - max(t, s), -|t| or u - max(u) for all entries of an array"""
    for part, c in terms(u):
        rest = combine([(t, k / -c) for t, k in terms(u) if t is not part], u.shape)
        maximum = part.args[0] if part.op in ("scale", "matmul") else part
        if c < 0 and _is_maximum(maximum):
            name = maximum.data[0]
            if rest in _flat(maximum) or (rest.is_zero and (name == "abs" or (name == "relu" and c == -1))):
                return True
    return False


def _is_maximum(node: Node) -> bool:
    return node.op in ("apply", "call") and node.data[0] in ("max", "row_max", "relu", "abs")


def _flat(maximum: Node) -> Sequence[Node]:
    """The a, b, c of max(max(a, b), c)"""
    if maximum.data != ("max",):
        return maximum.args
    return [x for a in maximum.args for x in (_flat(a) if a.op == "apply" and a.data == ("max",) else (a,))]


def _of_scaled(scalar: Node, body: Node) -> Scaled | None:
    found = [_of(scalar), _of(body)]
    if found == [None, None]:
        return None
    (t, a), (s, b) = (part or (zeros(*x.shape), x) for part, x in zip(found, (scalar, body), strict=True))
    return s + spread_over(t, body), scale(a, b)


def _of_exponentials(found: Exponentials) -> Scaled:
    """Σ w ⊙ e^u = e^max(u) Σ w ⊙ e^(u - max(u)), over all entries or along each row"""
    u, w = found.exponents, found.weights
    if found.rows:
        t = call("row_max", u, shape=(u.rows, ONE))
        along = multiply(t, transpose(ones(u.cols)))
        return t, matmul(hadamard(w, apply("exp", u - along)), ones(u.cols))
    t = call("max", u, shape=(ONE, ONE))
    inside = hadamard(w, apply("exp", u - spread_over(t, u)))
    return t, matmul(transpose(ones(u.rows)), inside, ones(u.cols))


def _of_product(pairs: Sequence[tuple[Node, Node]], whole: Node) -> Scaled | None:
    """Π b^e = e^(Σ e t) Π r^e"""
    found = [(_of(b), b, e) for b, e in pairs]
    if all(part is None for part, _, _ in found):
        return None
    t = sum((_times(e, part[0]) for part, _, e in found if part is not None), zeros(*whole.shape))
    r = hadamard(ones(*whole.shape), *(power(b if part is None else part[1], e) for part, b, e in found))
    return t, r


def _times(exponent: Node, t: Node) -> Node:
    return scale(exponent, t) if not t.is_scalar else hadamard(exponent, t)


def _of_sum(pairs: Sequence[tuple[Node, Fraction]], whole: Node) -> Scaled | None:
    """Σ c r e^t = e^T Σ c r e^(t - T) for the largest t, which is 0 of what is not extreme"""
    nothing = zeros(*whole.shape)
    found = [(_of_term(x) or (nothing, x), c) for x, c in pairs]
    if any(t is nothing for (t, _), _ in found):  # what is at most 1 is not extreme beside these
        found = [
            ((nothing, x) if is_nonnegative(scaled(-1, part[0])) else part, c)
            for (part, c), (x, _) in zip(found, pairs, strict=True)
        ]
    sizes = dict.fromkeys(t for (t, _), _ in found)
    if list(sizes) == [nothing]:
        return None
    if len(found) == 2 and len(sizes) == 2 and found[0][1] == -found[1][1] and found[0][0][1] is found[1][0][1]:
        ((t, r), c), ((s, _), _) = found
        return _larger(t, s), scaled(c, hadamard(r, _signed(t - s)))
    largest = _largest(list(sizes))
    return largest, combine([(hadamard(r, apply("exp", t - largest)), c) for (t, r), c in found], whole.shape)


def _largest(sizes: Sequence[Node]) -> Node:
    result = sizes[0]
    for other in sizes[1:]:
        result = _larger(result, other)
    return result


def _larger(a: Node, b: Node) -> Node:
    if a.is_zero:
        return apply("relu", b)
    return apply("relu", a) if b.is_zero else apply("max", a, b)
