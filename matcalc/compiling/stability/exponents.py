"""Products of powers with exponents that share a factor, which may vanish and overflow where the product does neither."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import permutations

from matcalc.expr import Node, apply, content, factors, hadamard, is_number, number, power, scaled, terms
from matcalc.expr.facts import is_positive

__all__ = ["powers_joined"]

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
