"""Scalar fractions: a sum over a common denominator, with factors of the denominator cancelled.

Scalars are Laurent polynomials in atoms (anything that is not a sum, product or integer power).
A denominator that is a sum is cancelled where it divides the numerator exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from operator import add, sub

from matcalc.expr import (
    ONE,
    Node,
    Shape,
    combine,
    content,
    factors,
    hadamard,
    is_number,
    multiply,
    number,
    ones,
    power,
    rebuild,
    scale,
    scaled,
    terms,
    transpose,
)
from matcalc.expr.facts import is_positive
from matcalc.simplify.cost import cost
from matcalc.simplify.patterns import selects

__all__ = ["cancelled", "combined", "common_denominator", "over_one_denominator"]

Monomial = tuple[tuple[Node, int], ...]
Polynomial = dict[Monomial, Fraction]

#: Larger polynomials are left as they are.
MOST_TERMS = 60
#: How much shorter a product has to be without inner fractions, where what stood below is no symbol.
WORTH_CLEARING = 2


def cancelled(node: Node) -> Node:
    """The same sum with denominators cancelled where a group of terms allows it."""
    if node.op == "transpose" and node.args[0].op == "add":
        return transpose(cancelled(node.args[0]))
    if node.op != "add" or len(node.args) > MOST_TERMS:
        return node
    bodies: dict[Node, list[tuple[Node, Fraction]]] = {}
    for term, c in terms(node):
        s, body = (
            (term.args[0], term.args[1])
            if term.op == "scale"
            else (term, number(1))
            if term.is_scalar
            else (
                number(1),
                term,
            )
        )
        bodies.setdefault(body, []).append((s, c))
    total = combine(((multiply(_fraction(group), body), Fraction(1)) for body, group in bodies.items()), node.shape)
    if not node.is_scalar and any(t.op in ("power", "scale") for t, _ in terms(node)):
        total = min(total, _fraction(list(terms(node)), node.shape), key=cost)
    return total if cost(total) < cost(node) else node


def combined(node: Node) -> Node:
    """A sum of scalars, or of entrywise products, over one denominator, however long that is."""
    group = list(terms(node))
    denominators = _sum_denominators(group)
    if node.op != "add" or not denominators or not (node.is_scalar or all(t.op == "power" for t, _ in group)):
        return node
    short = _fraction(group, node.shape)
    return short if short.op != "add" or len(short.args) == 1 else _over_all(group, denominators, node.shape)


def over_one_denominator(node: Node) -> Node:
    """The product with its sums written without inner fractions: 1 / (s (1 + q/s)) = 1 / (s + q), entrywise as well."""
    if node.op not in ("power", "scale"):
        return node
    scalar, body = (node.args[0], node.args[1]) if node.op == "scale" else (number(1), node)
    outside, inside = _cleared(scalar) if scalar.op == "power" else (number(1), scalar)
    factor, cleared = _cleared(body)
    if outside is number(1) is factor and cleared is body:
        return node
    total = scale(hadamard(outside, inside, factor), cleared)
    return total if cost(total) + (0 if body.is_scalar else WORTH_CLEARING) < cost(node) else node


def _cleared(node: Node) -> tuple[Node, Node]:
    """(c, B) with node = c B: x ./ (1 + y / s) = s (x ./ (s + y)), in a factor of a product or on a diagonal as well."""
    if node.op in ("matmul", "diag", "transpose"):
        found = [_cleared(part) for part in node.args]
    elif node.op == "power":
        found = [_cleared_power(base, exponent) for base, exponent in factors(node)]
    else:
        return number(1), node
    outside = hadamard(number(1), *(c for c, _ in found))
    parts = tuple(part for _, part in found)
    return outside, hadamard(*parts) if node.op == "power" else rebuild(node, parts)


def _cleared_power(base: Node, exponent: Node) -> tuple[Node, Node]:
    """(c, P) with base^e = c P: (a + b/s)^e = s^-e (a s + b)^e for an integer e, also for s > 0 where s is no array"""
    e = is_number(exponent)
    if base.op == "matmul":
        outside, inside = _cleared(base)
        return power(outside, exponent) if e == 1 else number(1), power(inside if e == 1 else base, exponent)
    if base.op != "add" or e is None or any(selects(b) for t, _ in terms(base) for b, _ in factors(t)):
        return number(1), power(base, exponent)
    factor = common_denominator(
        t if t.is_scalar else t.args[0] if t.op == "scale" else number(1) for t, _ in terms(base)
    )
    if e.denominator != 1 and not (base.is_scalar and is_positive(factor)):
        return number(1), power(base, exponent)
    numerator = combine(((scale(factor, t), c) for t, c in terms(base)), base.shape)
    cleared = power(numerator, exponent) if base.is_scalar else _cleared_entries(numerator, exponent)
    return power(factor, scaled(-1, exponent)), cleared


def _cleared_entries(base: Node, exponent: Node) -> Node:
    """(u + v ./ w)^e = w^-e ⊙ (u ⊙ w + v)^e for an integer e"""
    entries = [t.args[1] if t.op == "scale" else t for t, _ in terms(base)]
    below = common_denominator(entries, base.shape)
    if base.op != "add":
        return power(base, exponent)
    numerator = combine(((hadamard(below, t), c) for t, c in terms(base)), base.shape)
    return hadamard(power(below, scaled(-1, exponent)), power(numerator, exponent))


def common_denominator(parts: Iterable[Node], shape: Shape = (ONE, ONE)) -> Node:
    """The product of the highest powers that stand below in these scalars, or arrays of one shape."""
    lowest: dict[Node, Node] = {}
    for part in parts:
        for atom, k in factors(part):
            if _is_less(k, lowest.get(atom, number(0))):
                lowest[atom] = k
    return hadamard(ones(*shape), *(power(atom, scaled(-1, k)) for atom, k in lowest.items()))


def _is_less(a: Node, b: Node) -> bool:
    """a < b of exponents; of symbolic ones, whether they are a negative and a positive multiple (or 0)."""
    x, y = is_number(a), is_number(b)
    if x is not None and y is not None:
        return x < y
    difference = is_number(a - b)
    return difference < 0 if difference is not None else content(a)[0] < 0 <= (content(b)[0] if not b.is_zero else 0)


def _fraction(group: list[tuple[Node, Fraction]], shape: Shape = (ONE, ONE)) -> Node:
    """The sum of scalars, or of entrywise products, divided by a denominator it is a multiple of."""
    plain = combine(group, shape)
    denominators = _sum_denominators(group)
    if not denominators:
        return plain
    patterns = [frozenset(b for b, _ in factors(s) if selects(b)) for s, _ in group]
    if any(patterns):
        return plain if len(set(patterns)) > 1 else _beside_patterns(group, patterns[0], shape)
    for base, exponent in denominators.items():
        divisor = _polynomial(base)
        numerator: Polynomial | None = {}
        for s, c in group:
            numerator = _plus(numerator, _polynomial(hadamard(s, power(base, exponent))), c)
        if numerator is None or divisor is None:
            continue
        quotient = _divide_exactly(numerator, divisor)
        if quotient is not None:
            return hadamard(_node(quotient, shape), power(base, 1 - exponent))
        if (numerator and exponent > 1) or _is_short(numerator, divisor):
            return hadamard(_node(numerator, shape), power(base, -exponent))
    return min(plain, _over_all(group, denominators, shape), key=cost)


def _beside_patterns(group: list[tuple[Node, Fraction]], patterns: Collection[Node], shape: Shape) -> Node:
    """[i != j] / (x - y) + [i != j] z = [i != j] (1 + (x - y) z) / (x - y), in which the pattern stays a factor"""
    rest = [(hadamard(ones(*shape), *(power(*p) for p in factors(s) if p[0] not in patterns)), c) for s, c in group]
    return hadamard(*sorted(patterns), _fraction(rest, shape))


def _over_all(group: list[tuple[Node, Fraction]], denominators: dict[Node, int], shape: Shape) -> Node:
    """The sum over the product of all denominators: y / p - (1 - y) / (1 - p) = (y - p) / (p (1 - p))"""
    below = hadamard(ones(*shape), *(power(base, k) for base, k in denominators.items()))
    numerator: Polynomial | None = {}
    for s, c in group:
        numerator = _plus(numerator, _polynomial(hadamard(s, below)), c)
    if numerator is None:
        return combine(group, shape)
    lowest: dict[Node, int] = {}
    for monomial in numerator:
        for atom, e in monomial:
            lowest[atom] = min(lowest.get(atom, 0), e)
    cleared = _times(numerator, {tuple((a, -e) for a, e in lowest.items() if e): Fraction(1)})
    return hadamard(_node(cleared, shape), power(below, -1), *(power(a, e) for a, e in lowest.items() if e))


def _is_short(numerator: Polynomial, divisor: Polynomial) -> bool:
    """Over one denominator the sum may be shorter although nothing cancels: u - u^3 / (1 + u^2) = u / (1 + u^2)."""
    return len(numerator) < len(divisor)


def _sum_denominators(group: list[tuple[Node, Fraction]]) -> dict[Node, int]:
    """Sums that stand in a denominator, with the highest power."""
    found: dict[Node, int] = {}
    for s, _ in group:
        for base, exponent in factors(s.args[1] if s.op == "scale" else s):
            e = is_number(exponent)
            if base.op == "add" and e is not None and e.denominator == 1 and e < 0:
                found[base] = max(found.get(base, 0), int(-e))
    return found


def _polynomial(node: Node) -> Polynomial | None:
    """The scalar as a Laurent polynomial in its atoms."""
    if node.op == "add":
        total: Polynomial | None = {}
        for t, c in terms(node):
            total = _plus(total, _polynomial(t), c)
        return total
    if node.op == "scale":
        inside, outside = _polynomial(node.args[1]), _polynomial(node.args[0])
        return None if inside is None or outside is None else _times(inside, outside)
    result: Polynomial = {(): Fraction(1)}
    for base, exponent in factors(node):
        e = is_number(exponent)
        whole = e is not None and e.denominator == 1
        if base.op == "add" and whole and e is not None and 0 < e <= 4:
            inside = _polynomial(base)
            if inside is None:
                return None
            for _ in range(int(e)):
                result = _times(result, inside)
        elif whole and e is not None:
            result = _times(result, {((base, int(e)),): Fraction(1)})
        else:
            result = _times(result, {((power(base, exponent), 1),): Fraction(1)})
        if len(result) > MOST_TERMS:
            return None
    return result


def _plus(a: Polynomial | None, b: Polynomial | None, weight: Fraction) -> Polynomial | None:
    if a is None or b is None:
        return None
    total = dict(a)
    for m, c in b.items():
        total[m] = total.get(m, Fraction(0)) + weight * c
    return {m: c for m, c in total.items() if c}


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    total: Polynomial = {}
    for m, c in a.items():
        for n, d in b.items():
            key = _join(m, n)
            total[key] = total.get(key, Fraction(0)) + c * d
    return {m: c for m, c in total.items() if c}


def _join(m: Monomial, n: Monomial) -> Monomial:
    exponents = dict(m)
    for atom, e in n:
        exponents[atom] = exponents.get(atom, 0) + e
    return tuple(sorted(((a, e) for a, e in exponents.items() if e), key=lambda pair: pair[0].key))


def _divide_exactly(numerator: Polynomial, divisor: Polynomial) -> Polynomial | None:
    """The quotient, where the division leaves nothing over."""
    if not numerator:
        return {}
    atoms = sorted({a for p in (numerator, divisor) for m in p for a, _ in m}, key=lambda a: a.key)
    rest, steps = _exponents(numerator, atoms), _exponents(divisor, atoms)
    lead = max(steps)
    quotient: dict[tuple[int, ...], Fraction] = {}
    for _ in range(MOST_TERMS):
        if not rest:
            return {tuple((a, e) for a, e in zip(atoms, es, strict=True) if e): c for es, c in quotient.items()}
        top = max(rest)
        factor, c = tuple(map(sub, top, lead)), rest[top] / steps[lead]
        quotient[factor] = c
        for es, d in steps.items():
            place = tuple(map(add, factor, es))
            left = rest.pop(place, Fraction(0)) - c * d
            if left:
                rest[place] = left
    return None


def _exponents(p: Polynomial, atoms: list[Node]) -> dict[tuple[int, ...], Fraction]:
    """The coefficients by the exponents of these atoms, in whose lexicographic order a monomial leads."""
    return {tuple(dict(m).get(a, 0) for a in atoms): c for m, c in p.items()}


def _node(p: Polynomial, shape: Shape) -> Node:
    return combine(((hadamard(ones(*shape), *(power(a, e) for a, e in m)), c) for m, c in p.items()), shape)
