"""The sign of sums of c t^n exp(k t), and of quotients of such: polynomials, exponentials, hyperbolic functions of one number t.

Where all n are 0 it is a polynomial in exp(g t), whose roots are counted. Else such a sum is never negative for t > 0 if it is
not negative at t = 0 and rises from there: divided by its slowest exponential, each derivative has fewer terms, down to none.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import gcd, lcm, prod

from matcalc.convexity.by_derivatives.polynomials import sign_of_coefficients
from matcalc.expr import Node, factors, is_number, terms
from matcalc.records import dataclass

__all__ = ["sign_of_exponentials"]

#: n and k of t^n exp(k t), with the coefficient c
Sum = Mapping[tuple[int, Fraction], Fraction]
#: Longer sums, higher powers, and larger ratios of exponents are not tried.
LONGEST, HIGHEST = 60, 12
ZERO, ONE = Fraction(0), Fraction(1)
CONSTANT: Sum = {(0, ZERO): ONE}
#: The two exponentials of hyperbolic functions, and what stands below.
HYPERBOLIC: Mapping[str, tuple[Sum, Sum]] = {
    "sinh": ({(0, ONE): Fraction(1, 2), (0, -ONE): Fraction(-1, 2)}, CONSTANT),
    "cosh": ({(0, ONE): Fraction(1, 2), (0, -ONE): Fraction(1, 2)}, CONSTANT),
    "tanh": ({(0, ONE): ONE, (0, -ONE): -ONE}, {(0, ONE): ONE, (0, -ONE): ONE}),
    "sigmoid": (CONSTANT, {(0, ZERO): ONE, (0, -ONE): ONE}),
    "exp": ({(0, ONE): ONE}, CONSTANT),
}


@dataclass(frozen=True)
class Quotient:
    """A sum over a product of powers of sums, each with the key under which it is known."""

    above: Sum
    below: Mapping[tuple[tuple[tuple[int, Fraction], Fraction], ...], int]


class _TooLong(Exception):
    """It is none of these, or a long one."""


def sign_of_exponentials(node: Node, t: Node) -> int:
    """1 where it is never negative, -1 where it is never positive, else 0, wherever it has a value; t may be positive."""
    try:
        found = _read(node, t)
    except _TooLong:
        return 0
    odd = [dict(key) for key, e in found.below.items() if e % 2]
    sides = (1,) if "positive" in t.data[1] else (1, -1)
    signs = {prod(_sign(_on_side(part, side)) for part in (found.above, *odd)) for side in sides}
    return signs.pop() if len(signs) == 1 else 0


def _on_side(total: Sum, side: int) -> Sum:
    """In -t for t < 0."""
    return {(n, side * k): c * side**n for (n, k), c in total.items()}


# --- reading ------------------------------------------------------------------------------------


def _read(node: Node, t: Node) -> Quotient:
    if node is t:
        return Quotient({(1, ZERO): ONE}, {})
    if node.op == "ones":
        return Quotient(CONSTANT, {})
    if node.op == "apply" and node.data[0] in HYPERBOLIC:
        return _of_function(node, t)
    if node.op == "add":
        return _total([(_read(term, t), Fraction(c)) for term, c in terms(node)])
    if node.op == "power":
        return _product([_power(_read(base, t), exponent) for base, exponent in factors(node)])
    raise _TooLong


def _of_function(node: Node, t: Node) -> Quotient:
    """A function of k t."""
    pairs = terms(node.args[0])
    if len(pairs) != 1 or pairs[0][0] is not t:
        raise _TooLong
    k = Fraction(pairs[0][1])
    above, below = ({(n, rate * k): c for (n, rate), c in part.items()} for part in HYPERBOLIC[node.data[0]])
    return Quotient(above, {} if below == CONSTANT else {_key(below): 1})


def _key(total: Sum) -> tuple[tuple[tuple[int, Fraction], Fraction], ...]:
    return tuple(sorted(total.items()))


def _times(a: Sum, b: Sum) -> Sum:
    found: dict[tuple[int, Fraction], Fraction] = {}
    for (n, k), c in a.items():
        for (m, r), d in b.items():
            found[n + m, k + r] = found.get((n + m, k + r), ZERO) + c * d
    if len(found) > LONGEST:
        raise _TooLong
    return {key: c for key, c in found.items() if c}


def _raised(total: Sum, e: int) -> Sum:
    if e > HIGHEST:
        raise _TooLong
    found = CONSTANT
    for _ in range(e):
        found = _times(found, total)
    return found


def _total(parts: list[tuple[Quotient, Fraction]]) -> Quotient:
    """Over what stands below all of them."""
    below: dict[tuple[tuple[tuple[int, Fraction], Fraction], ...], int] = {}
    for part, _ in parts:
        for key, e in part.below.items():
            below[key] = max(below.get(key, 0), e)
    found: dict[tuple[int, Fraction], Fraction] = {}
    for part, c in parts:
        above = part.above
        for key, e in below.items():
            above = _times(above, _raised(dict(key), e - part.below.get(key, 0)))
        for place, d in above.items():
            found[place] = found.get(place, ZERO) + c * d
    return Quotient({place: c for place, c in found.items() if c}, below)


def _product(parts: list[Quotient]) -> Quotient:
    above, below = CONSTANT, dict[tuple[tuple[tuple[int, Fraction], Fraction], ...], int]()
    for part in parts:
        above = _times(above, part.above)
        for key, e in part.below.items():
            below[key] = below.get(key, 0) + e
    return Quotient(above, below)


def _power(base: Quotient, exponent: Node) -> Quotient:
    e = is_number(exponent)
    if e is None or e.denominator != 1:
        raise _TooLong
    k = int(e)
    if k >= 0:
        return Quotient(_raised(base.above, k), {key: k * n for key, n in base.below.items()})
    above = CONSTANT
    for key, n in base.below.items():
        above = _times(above, _raised(dict(key), -k * n))
    return Quotient(above, {_key(base.above): -k})


# --- signs --------------------------------------------------------------------------------------


def _sign(total: Sum) -> int:
    """For t > 0."""
    if all(n == 0 for n, _ in total) or all(k == 0 for _, k in total):
        return _of_powers(total)
    return next((sign for sign in (1, -1) if _rises({place: sign * c for place, c in total.items()})), 0)


def _of_powers(total: Sum) -> int:
    """A polynomial in t > 0, or one in v = exp(g t) - 1 > 0."""
    if all(k == 0 for _, k in total):
        top = max((n for n, _ in total), default=0)
        return sign_of_coefficients([total.get((n, ZERO), ZERO) for n in range(top + 1)], positive=True)
    rates = [k for _, k in total]
    scale = lcm(*(k.denominator for k in rates))
    unit = Fraction(gcd(*(int((k - min(rates)) * scale) for k in rates)), scale)
    top = int((max(rates) - min(rates)) / unit) if unit else 0
    if top > LONGEST:
        return 0
    coefficients = [total.get((0, min(rates) + j * unit), ZERO) for j in range(top + 1)]
    return sign_of_coefficients(_shifted(coefficients), positive=True)


def _shifted(p: list[Fraction]) -> list[Fraction]:
    """p(1 + v) by powers of v, by Horner's rule."""
    found = [ZERO]
    for c in reversed(p):
        found = [a + b for a, b in zip([*found, ZERO], [ZERO, *found], strict=True)]
        found[0] += c
    return found


def _rises(total: Sum) -> bool:
    """Whether it is never negative for t > 0, by derivatives that are not."""
    while total and any(c < 0 for c in total.values()):
        power, rate = min(n for n, _ in total), min(k for _, k in total)
        total = {(n - power, k - rate): c for (n, k), c in total.items()}
        if sum((c for (n, _), c in total.items() if n == 0), ZERO) < 0:
            return False
        slope: dict[tuple[int, Fraction], Fraction] = {}
        for (n, k), c in total.items():
            for place, d in (((n, k), c * k), ((n - 1, k), c * n)):
                if d:
                    slope[place] = slope.get(place, ZERO) + d
        total = {place: c for place, c in slope.items() if c}
    return True
