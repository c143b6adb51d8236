"""Functions of one variable whose terms cancel near 0: there by their power series, whose coefficients are computed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, log10

from matcalc.compiling.stability.power_series import Series, series_of
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
    postorder,
    power,
    rebuild,
    scale,
    scaled,
    terms,
)
from matcalc.expr.supports import selecting_pattern

__all__ = ["with_series"]

#: So many coefficients show how much is lost.
FEW = 12
#: Decimal digits that a computation may lose, and binary ones that it has.
LOST, DIGITS = 3, 55
#: The smallest radius is 2^-14.
MOST_BITS = 15
#: Where nothing is lost but what underflows, the radius is 2^-10.
BITS_AT_POLE = 10
#: Functions of larger expressions are computed as they stand.
LARGEST = 100


def with_series(root: Node) -> Node:
    """The expression with parts that lose digits near a zero of their variable in series there, the largest such parts."""
    order = postorder(root)
    sizes: dict[Node, int] = {}
    for node in order:
        sizes[node] = 1 + sum(sizes[a] for a in node.args)
    new: dict[Node, Node] = {}
    reached = {root}
    for node in reversed(order):
        after = _in_series(node) if node in reached and sizes[node] <= LARGEST else None
        if after is not None:
            new[node] = after
        elif node in reached:
            reached.update(node.args)
    for node in order:
        if node in reached and node not in new:
            new[node] = rebuild(node, tuple(new[a] for a in node.args))
    return new[root]


def _in_series(node: Node) -> Node | None:
    if node.op not in ("add", "power", "apply") or node.is_row:
        return None
    for u in _variables(node):
        found = _of_sum(node, u) if node.op == "add" else _of_product(node, u)
        if found is not None:
            return found
    return None


def _variables(node: Node) -> Iterator[Node]:
    """What functions of one variable may be of: arguments of functions, and what is raised to powers."""
    parts = [p for p in postorder(node) if p.op in ("apply", "power")]
    found = dict.fromkeys(content(a)[1] for p in parts for a in _arguments(p))
    yield from (u for u in found if u.op not in ("ones", "add", "power", "apply") and u.shape == node.shape)


def _arguments(part: Node) -> Sequence[Node]:
    return part.args if part.op == "apply" else [b for b, _ in factors(part)]


def _of_sum(node: Node, u: Node) -> Node | None:
    """Terms with the same factors beside their functions of u, whose sum is small beside them"""
    groups: dict[Node, list[tuple[Node, Fraction]]] = defaultdict(list)
    for term, c in terms(node):
        rest, inside = _split(term, u)
        groups[rest].append((inside, c))
    changed, parts = False, []
    for rest, pairs in groups.items():
        total = combine(pairs, node.shape)
        near = _with_choice(total, u) if len(pairs) > 1 else None
        changed = changed or near is not None
        parts.append((_times(rest, total if near is None else near), Fraction(1)))
    return combine(parts, node.shape) if changed else None


def _times(rest: Node, inside: Node) -> Node:
    return scale(rest, inside) if rest.is_scalar else hadamard(rest, inside)


def _split(term: Node, u: Node) -> tuple[Node, Node]:
    """(r, f) with the term = r ⊙ f(u)"""
    if term.op == "scale":
        scalar, (rest, inside) = term.args[0], _split(term.args[1], u)
        known = series_of(scalar, u, FEW) is not None
        return (rest, scale(scalar, inside)) if known else (_times(scalar, rest), inside)
    parts = [power(b, e) for b, e in factors(term)]
    own = [p for p in parts if series_of(p, u, FEW) is not None]
    rest = hadamard(ones(*term.shape), *(p for p in parts if p not in own))
    return rest, hadamard(ones(*term.shape), *own)


def _of_product(node: Node, u: Node) -> Node | None:
    rest, inside = _split(node, u)
    near = _with_choice(inside, u)
    if near is None:
        return None
    pattern = selecting_pattern(factors(node))  # entries that are 0 by structure stay 0
    return _times(rest, near) if pattern is None else hadamard(pattern, _times(rest, near))


def _with_choice(f: Node, u: Node) -> Node | None:
    """u^m (a_0 + a_1 u + …) where |u| is small, else f"""
    few = series_of(f, u, FEW)
    if few is None or (few.loss <= 0 and not (few.lead >= 0 and _divides_by_power(f, u))):
        return None
    bits = max(2, ceil(LOST / few.loss / log10(2)) - 1) if few.loss > 0 else BITS_AT_POLE
    found = series_of(f, u, ceil(DIGITS / bits) + FEW)
    known = _enough(found, bits) if found is not None else None
    if found is None or known is None:
        return None
    radius, coefficients = known
    small = apply("greater", scaled(radius, ones(*u.shape)), apply("abs", u))
    return apply("where", small, hadamard(power(u, found.lead), _polynomial(u, coefficients)), f)


def _divides_by_power(f: Node, u: Node) -> bool:
    """Whether u^2, or a higher power, which may be 0 where u is not, stands below: log1p(u^2) / u^2"""
    return any(b is u and (is_number(e) or 0) <= -2 for b, e in factors(f))


def _enough(found: Series, bits: int) -> tuple[Fraction, Sequence[Fraction]] | None:
    """(radius, coefficients): the radius is 2^-bits, or smaller where the coefficients grow."""
    a = found.coefficients
    for k in range(bits, MOST_BITS):
        sizes = [abs(x) * Fraction(1, 2 ** (k * i)) for i, x in enumerate(a)]
        last = max(i for i, size in enumerate(sizes) if size > Fraction(1, 2**DIGITS) * sizes[0])
        if last < len(a) - 4:
            return Fraction(1, 2**k), a[: last + 1]
    return None


def _polynomial(u: Node, a: Sequence[Fraction]) -> Node:
    """a_0 + a_1 u + …, by powers of u^2 where every other coefficient is 0"""
    if len(a) > 1 and not any(a[1::2]):
        u, a = power(u, 2), a[::2]
    return apply("horner", u, *(number(x) for x in a)) if len(a) > 1 else scaled(a[0], ones(*u.shape))
