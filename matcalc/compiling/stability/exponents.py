"""Products of powers with exponents that share a factor, which may vanish and overflow where the product does neither."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import permutations

from matcalc.expr import Node, apply, content, factors, hadamard, is_number, number, ones, power, scaled, terms, zeros
from matcalc.expr.facts import is_positive

__all__ = ["powers_joined", "vanishing_product"]

Pair = tuple[Node, Node]


def powers_joined(node: Node) -> Node | None:
    """u^(p a) v^(p b) = (u^a v^b)^p for u, v > 0, and u^k / v^m = (u / v)^n u^(k - n) / v^(m - n) for n = min(k, m) > 1"""
    pairs = factors(node)
    for i, j in permutations(range(len(pairs)), 2):
        joined = _of_numbers(pairs[i], pairs[j]) or _of_letters(pairs[i], pairs[j])
        if joined is not None:
            rest = [power(b, e) for k, (b, e) in enumerate(pairs) if k not in (i, j)]
            return hadamard(*rest, *joined)
    return None


def _of_numbers(first: Pair, second: Pair) -> list[Node] | None:
    (u, e), (v, f) = first, second
    k, m = is_number(e), is_number(f)
    if k is None or m is None or k.denominator != 1 or m.denominator != 1 or k < 2 or m > -2:
        return None
    n = min(k, -m)
    return [power(apply("ratio", u, v), n), power(u, k - n), power(v, m + n)]


def _of_letters(first: Pair, second: Pair) -> list[Node] | None:
    (u, e), (v, f) = first, second
    if is_number(e) is not None or is_number(f) is not None or not (is_positive(u) and is_positive(v)):
        return None
    shared, a, b = _common(e, f)
    if shared is not None:
        return [power(apply("ratio", power(u, a), power(v, scaled(-1, b))), shared)]
    found = _multiple(e, f)
    return None if found is None else [power(apply("ratio", u, power(v, -found[0])), e), power(v, found[1])]


def _common(e: Node, f: Node) -> tuple[Node | None, Node, Node]:
    """(p, a, b) with e = p a and f = p b, for the letters that are factors of both."""
    (c, left), (d, right) = content(e), content(f)
    above, below = dict(factors(left)), dict(factors(right))
    letters = [b for b in above if below.get(b) is above[b]]
    if not letters:
        return None, e, f
    shared = hadamard(number(1), *(power(b, above[b]) for b in letters))
    return shared, _without(c, above.items(), letters), _without(d, below.items(), letters)


def _without(coefficient: Fraction, pairs: Iterable[Pair], letters: list[Node]) -> Node:
    return scaled(coefficient, hadamard(number(1), *(power(b, e) for b, e in pairs if b not in letters)))


def _multiple(e: Node, f: Node) -> tuple[Fraction, Fraction] | None:
    """(b, r) with f = b e + r for numbers b and r, as for p - 1 and -p; v^r is 0 or infinite only where v^f is."""
    of_f = dict(terms(f))
    term, c = next((t, c) for t, c in terms(e) if is_number(t) is None)
    d = of_f.get(term, Fraction(0))
    rest = is_number(f - scaled(d / c, e))
    return None if rest is None or d * rest < 0 else (d / c, rest)


# --- what vanishes beside what grows -----------------------------------------------------------

#: Functions that vanish faster than any power of their argument u -> (c, d): in floating point they are 0 where c u > d.
VANISHING = {"exp": (-1, 746), "sigmoid": (-1, 746), "erfc": (1, 28)}
#: Functions that grow as their argument does.
AS_ARGUMENT = frozenset({"abs", "relu", "softplus", "silu", "gelu", "min", "max"})


def vanishing_product(node: Node) -> Node | None:
    """e^t P(u) = 0 where e^t is 0, although P(u) may be infinite"""
    pairs = factors(node)
    small = [b for b, e in pairs if _vanishes(b) and is_number(e) == 1]
    grown = {power(b, e): _degree(b) * d for b, e in pairs if (d := is_number(e) or 0) > 0 and not _vanishes(b)}
    large = [part for part, degree in grown.items() if degree > 0]
    if not small or sum(grown.values()) <= 1 or any(part.linear for part in large) or _is_guarded(large):
        return None
    rest = [power(b, e) for b, e in pairs if power(b, e) not in large]
    return hadamard(*rest, apply("where", _is_nothing(small[0]), zeros(*node.shape), hadamard(*large)))


def _is_nothing(factor: Node) -> Node:
    (u,), (c, d) = factor.args, VANISHING[factor.data[0]]
    return apply("greater", scaled(c, u), scaled(d, ones(*u.shape)))


def _vanishes(base: Node) -> bool:
    return base.op == "apply" and base.data[0] in VANISHING and not base.linear


def _is_guarded(large: list[Node]) -> bool:
    return any(part.op == "apply" and part.data[0] == "where" for part in large)


def _degree(base: Node) -> Fraction:
    """With which power of its variables it grows, 0 where it does not or is no polynomial."""
    match base.op:
        case "variable":
            return Fraction(1)
        case "add":
            return max((_degree(t) for t, _ in terms(base)), default=Fraction(0))
        case "power":
            exponents = [(b, is_number(e)) for b, e in factors(base)]
            return sum((_degree(b) * e for b, e in exponents if e is not None and e > 0), Fraction(0))
        case "apply" if base.data[0] in AS_ARGUMENT:
            return max(map(_degree, base.args))
    return Fraction(0)
