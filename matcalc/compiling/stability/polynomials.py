"""Polynomials in sigmoid(u) or tanh(u), with their zeros at 0, 1/2 and 1 taken out, so that nothing cancels there.

With s = sigmoid(u): 1 - s = sigmoid(-u), 1 - 2 s = -tanh(u/2), and tanh(w) = 2 s - 1 for u = 2 w.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from matcalc.expr import (
    Node,
    apply,
    combine,
    content,
    factors,
    hadamard,
    is_number,
    number,
    ones,
    power,
    scale,
    scaled,
    terms,
)
from matcalc.expr.node import OPERATORS
from matcalc.expr.passes import Always, Fold, rows_of

__all__ = ["factored_polynomials"]

#: Coefficients of s^0, s^1, …
Polynomial = tuple[Fraction, ...]
#: Terms with their coefficients.
Pairs = Sequence[tuple[Node, Fraction]]
#: (core, g, k, P) with the term = core P(s) / g^k
Reading = tuple[Node, Node, int, Polynomial]
#: What terms are multiples of -> P, a coefficient, g and k of each of them.
Groups = dict[Node, list[tuple[Polynomial, Fraction, Node, int]]]

#: Powers up to this degree are expanded.
LARGEST_DEGREE = 12

ZERO, ONE_ = Fraction(0), Fraction(1)


def factored_polynomials(node: Node) -> Node | None:
    """P(sigmoid(u)) = s^a (1 - s)^b (1 - 2 s)^c Q(s)"""
    for pairs in (terms(node), _multiplied_out(node)) if node.op == "add" else ():
        holders, places = _places(pairs)
        for u, holding in holders.items():
            found = _factored(pairs, holding, places, node, u)
            if found is not None:
                return found
    return None


def _places(pairs: Pairs) -> tuple[dict[Node, list[int]], dict[Node, list[int]]]:
    """Where each u is found among the terms, and where each term, so that a long sum is not read once for every u."""
    holders: dict[Node, list[int]] = defaultdict(list)
    places: dict[Node, list[int]] = defaultdict(list)
    for place, (term, _) in reversed(list(enumerate(pairs))):
        places[term].append(place)
        for u in _readings(term):
            holders[u].append(place)
    return holders, places


def _readings(term: Node) -> dict[Node, Reading]:
    """The term by each of its u; kept on the node, as sums that grow term by term ask again."""
    if "sigmoids" not in term.cache:
        term.cache["sigmoids"] = {u: _reading(term, u) for u in ARGUMENTS(term)}
    found: dict[Node, Reading] = term.cache["sigmoids"]
    return found


def _reading(term: Node, u: Node) -> Reading:
    rest, polynomial = _split(term, u)
    return (*_divisor(rest, u), polynomial)


def _multiplied_out(node: Node) -> Pairs:
    """The terms, with those of one sum among the factors of each, as in x + (1 - x / t) / t."""
    found: list[tuple[Node, Fraction]] = []
    for term, c in terms(node):
        pairs = factors(term)
        inside = [b for b, e in pairs if b.op == "add" and is_number(e) == 1 and any(map(ARGUMENTS, b.args))]
        if len(inside) != 1 or len(pairs) < 2:
            found.append((term, c))
            continue
        others = hadamard(*(power(b, e) for b, e in pairs if b is not inside[0]))
        found.extend((hadamard(others, t), c * k) for t, k in terms(inside[0]))
    return found


def _joined(node: Node, below: Sequence[Sequence[Node]]) -> Sequence[Node]:
    return tuple(dict.fromkeys(u for part in reversed(below) for u in part))


def _of_sum(node: Node, below: Sequence[Sequence[Node]]) -> Sequence[Node]:
    """A sum is a polynomial in one s alone, or a factor like any other."""
    found = _joined(node, below)
    return found if len(found) == 1 else ()


def _of_application(node: Node, below: Sequence[Sequence[Node]]) -> Sequence[Node]:
    if node.data[0] not in ("sigmoid", "tanh"):
        return ()
    return (_upright(scaled(2, node.args[0]) if node.data[0] == "tanh" else node.args[0]),)


def _upright(u: Node) -> Node:
    """u or -u"""
    return scaled(-1, u) if content(u)[0] < 0 else u


#: The u of all sigmoid(u), sigmoid(-u) and tanh(u/2) among the factors of a term.
ARGUMENTS: Fold[Sequence[Node]] = Fold(
    "arguments of sigmoids",
    {
        **rows_of(OPERATORS.keys() - {"add", "power", "scale", "apply"}, Always(())),
        **rows_of("power scale", _joined),
        "add": _of_sum,
        "apply": _of_application,
    },
    through=lambda node: () if node.op == "apply" else node.args,
)


def _factored(
    pairs: Pairs, holding: Sequence[int], places: Mapping[Node, Sequence[int]], node: Node, u: Node
) -> Node | None:
    """The sum of the pairs, which is the node, with zeros taken out; None where there are none.

    ``holding`` are the places of the terms with u; of the others those count that are the rest of one of them.
    """
    groups: Groups = {}
    for term, c in (pairs[place] for place in holding):
        core, generator, k, polynomial = _readings(term)[u]
        groups.setdefault(core, []).append((polynomial, c, generator, k))
    used = set(holding)
    for core, found in groups.items():
        beside = [place for place in places.get(core, ()) if place not in used]
        found.extend(((ONE_,), pairs[place][1], u, 0) for place in beside)
        used.update(beside)
    if not any(count > 1 and any(_zeros(total)[:3]) for _, total, count in _totals(_several(groups), u)):
        return None
    written = [(_written(rest, _zeros(total), u, node), ONE_) for rest, total, _ in _totals(groups, u)]
    return combine([*(pair for place, pair in enumerate(pairs) if place not in used), *written], node.shape)


def _several(groups: Groups) -> Groups:
    return {core: found for core, found in groups.items() if len(found) > 1}


def _totals(groups: Groups, u: Node) -> Iterator[tuple[Node, Polynomial, int]]:
    """What stands before each polynomial, the polynomial, and of how many terms it is the sum."""
    for core, found in groups.items():
        yield from _over_divisors(core, [(_times(polynomial, (c,)), g, k) for polynomial, c, g, k in found], u)


def _divisor(rest: Node, u: Node) -> tuple[Node, Node, int]:
    """(core, g, k) with rest = core / g^k, where g is sigmoid(u), sigmoid(-u) or tanh(u/2), and k = 0 where there is none."""
    pairs = factors(rest)
    for base, exponent in pairs:
        e = is_number(exponent)
        if e is not None and e.denominator == 1 and -LARGEST_DEGREE < e < 0 and _is_generator(base, u):
            return hadamard(ones(*rest.shape), *(power(b, f) for b, f in pairs if b is not base)), base, -int(e)
    return rest, u, 0


def _is_generator(node: Node, u: Node) -> bool:
    return node.op == "apply" and node.data[0] in ("sigmoid", "tanh") and _polynomial(node, u) is not None


def _over_divisors(
    core: Node, found: Sequence[tuple[Polynomial, Node, int]], u: Node
) -> Iterator[tuple[Node, Polynomial, int]]:
    """Terms over one power of each generator, those without a divisor over the first: x - x / t^2 = x (t^2 - 1) / t^2."""
    divisors = list(dict.fromkeys(g for _, g, k in found if k)) or [u]
    for place, divisor in enumerate(divisors):
        own = [(p, k) for p, g, k in found if (g is divisor if k else place == 0)]
        most = max(k for _, k in own)
        total: Polynomial = ()
        for polynomial, k in own:
            lifted = _power(divisor, Fraction(most - k), u) if most > k else (ONE_,)
            total = _plus(total, _times(polynomial, lifted or (ONE_,)))
        yield hadamard(core, power(divisor, -most)) if most else core, total, len(own)


def _split(term: Node, u: Node) -> tuple[Node, Polynomial]:
    """(rest, P) with the term = rest ⊙ P(s)"""
    if term.op == "scale":
        inside, polynomial = _split(term.args[1], u)
        return scale(term.args[0], inside), polynomial
    rest: list[Node] = []
    polynomial = (ONE_,)
    for base, exponent in factors(term):
        found = _power(base, is_number(exponent), u)
        if found is None:
            rest.append(power(base, exponent))
        else:
            polynomial = _times(polynomial, found)
    return hadamard(ones(*term.shape), *rest), polynomial


def _power(base: Node, e: Fraction | None, u: Node) -> Polynomial | None:
    """P(s)^e, of bounded degree"""
    found = _polynomial(base, u) if e is not None and e.denominator == 1 and 0 < e <= LARGEST_DEGREE else None
    if found is None or e is None or len(found) * e > LARGEST_DEGREE:
        return None
    result: Polynomial = (ONE_,)
    for _ in range(int(e)):
        result = _times(result, found)
    return result


def _polynomial(node: Node, u: Node) -> Polynomial | None:
    """The node as a polynomial in s alone."""
    if node.op == "ones":
        return (ONE_,)
    if node.op == "apply" and node.data[0] in ("sigmoid", "tanh") and node.shape == u.shape:
        factor = 2 if node.data[0] == "tanh" else 1
        for sign in (1, -1):
            if scaled(sign * factor, node.args[0]) is u:
                return _generator(node.data[0], sign)
    if node.op == "add":
        total: Polynomial = ()
        for term, c in terms(node):
            found = _polynomial(term, u)
            if found is None:
                return None
            total = _plus(total, _times(found, (c,)))
        return total
    if node.op == "power":
        rest, polynomial = _split(node, u)
        return polynomial if rest.op == "ones" else None
    return None


def _generator(name: str, sign: int) -> Polynomial:
    if name == "sigmoid":
        return (ZERO, ONE_) if sign > 0 else (ONE_, -ONE_)
    return (Fraction(-sign), Fraction(2 * sign))


def _plus(a: Polynomial, b: Polynomial) -> Polynomial:
    length = max(len(a), len(b))
    total = [(a[k] if k < len(a) else ZERO) + (b[k] if k < len(b) else ZERO) for k in range(length)]
    while total and not total[-1]:
        total.pop()
    return tuple(total)


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    total = [ZERO] * max(len(a) + len(b) - 1, 0)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            total[i + j] += x * y
    return _plus(tuple(total), ())


def _divided(p: Polynomial, root: Fraction) -> Polynomial | None:
    """P(s) / (s - root), where it is a polynomial."""
    quotient, carry = [], ZERO
    for c in reversed(p):
        carry = carry * root + c
        quotient.append(carry)
    return None if quotient[-1] else tuple(reversed(quotient[:-1]))


def _zeros(p: Polynomial) -> tuple[int, int, int, Polynomial]:
    """(a, b, c, Q) with P(s) = s^a (1 - s)^b (1 - 2 s)^c Q(s)"""
    counts = []
    for root, sign in ((ZERO, ONE_), (ONE_, -ONE_), (Fraction(1, 2), Fraction(-1, 2))):
        count = 0
        while len(p) > 1 and (quotient := _divided(p, root)) is not None:
            p, count = _times(quotient, (sign,)), count + 1
        counts.append(count)
    return counts[0], counts[1], counts[2], p


def _written(rest: Node, zeros: tuple[int, int, int, Polynomial], u: Node, node: Node) -> Node:
    a, b, c, q = zeros
    s, other, half = apply("sigmoid", u), apply("sigmoid", scaled(-1, u)), apply("tanh", scaled(Fraction(1, 2), u))
    parts: Sequence[Node] = [power(s, a), power(other, b), scaled((-1) ** c, power(half, c))]
    inside = (
        combine(((power(s, k) if k else ones(*u.shape), x) for k, x in enumerate(q)), u.shape) if q else scaled(0, s)
    )
    return hadamard(rest, *(p for p in parts if p.op != "ones"), inside) if node.shape else number(0)
