"""Cases for proofs: |u| and sign(u) are other expressions on either side of u = 0, and what holds on each side holds.

Of arrays the cases are those of one entry: they are taken apart only where nothing but entrywise operators stands outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import partial

from matcalc.errors import DomainError
from matcalc.expr import Node, bottom_up, combine, ones, postorder, scaled, substitute, terms, variables, zeros
from matcalc.expr.facts import is_nonnegative
from matcalc.functions import row_of
from matcalc.functions.properties import Interval
from matcalc.records import dataclass

__all__ = ["Case", "cases"]

ENTRYWISE = frozenset({"add", "power", "apply", "scale"})
LEAVES = frozenset({"variable", "ones", "zero", "constant", "dimension"})
#: Of a row: f(a) - f(b) has the sign of a - b.
INCREASING = ((Interval(), "increasing"),)
#: How many known signs are combined to tell another.
MOST_COMBINED = 3


@dataclass(frozen=True)
class Case:
    """What an expression is where everything in ``known`` is not negative."""

    node: Node
    known: tuple[Node, ...] = ()


def cases(case: Case) -> list[Case] | None:
    """The cases of one |u| or sign(u), or the only one that there can be; None where none is found."""
    for u, has_sign in _switches(case.node):
        side = _difference_of_same(u)
        signs = [s for s in (1, -1) if _is_implied(scaled(s, side), case.known, MOST_COMBINED)]
        makers = [partial(_on_side, case, u, side, s) for s in signs[:1] or (1, -1)]
        if has_sign and (at_zero := _solution_of_zero(case, side)) is not None:
            makers.append(partial(_substituted, case, at_zero))
        elif has_sign:
            continue
        return list(_defined(makers))
    return None


def _defined(makers: Iterable[Callable[[], Case]]) -> Iterator[Case]:
    """The cases in which the expression has a value."""
    for make in makers:
        try:
            yield make()
        except DomainError:
            continue


def _switches(root: Node) -> Iterator[tuple[Node, bool]]:
    """u of |u| or sign(u) that holds no other one, and whether sign(u) occurs; of terms of a sum each has its own case."""
    found: dict[Node, bool] = {}
    for node in postorder(root):
        if node.op == "apply" and node.data[0] in ("abs", "sign") and node.free <= root.free:
            found[node.args[0]] = found.get(node.args[0], False) or node.data[0] == "sign"
    for u, has_sign in found.items():
        inside = any(n.op == "apply" and n.data[0] in ("abs", "sign") for n in postorder(u))
        if not inside and (u.is_scalar or _is_seen_by_entries(root, u)):
            yield u, has_sign


def _is_seen_by_entries(root: Node, u: Node) -> bool:
    """Whether only entrywise operators stand between the root and |u|."""
    holds: dict[Node, bool] = {}
    for node in postorder(root):
        below = [a for a in node.args if holds[a]]
        is_switch = node.op == "apply" and node.data[0] in ("abs", "sign") and node.args[0] is u
        holds[node] = is_switch or bool(below)
        if below and not is_switch and not (node.op in ENTRYWISE and node.shape == u.shape):
            return False
    return True


def _difference_of_same(u: Node) -> Node:
    """a - b for c (f(a) - f(b)) with an increasing f, a for c (e^a - 1), of the sign of u"""
    pairs = terms(u)
    if u.op != "add" or len(pairs) != 2 or pairs[0][1] != -pairs[1][1]:
        return u
    (a, c), (b, _) = pairs
    inside = [_argument(a, b), _argument(b, a)]
    if None in inside:
        return u
    return scaled(
        1 if c > 0 else -1,
        combine([(x, Fraction(s)) for x, s in zip(inside, (1, -1), strict=True) if x is not None], u.shape),
    )


def _argument(term: Node, other: Node) -> Node | None:
    """a of f(a) beside f(b) or, for the exponential, beside 1; 0 of 1 = e^0"""
    if term.op == "ones" and other.op == "apply" and other.data[0] == "exp":
        return zeros(*term.shape)
    if term.op != "apply" or row_of(term.data[0]).monotone.get("x") != INCREASING:
        return None
    is_same = other.op == "apply" and other.data == term.data
    return term.args[0] if is_same or (other.op == "ones" and term.data[0] == "exp") else None


def _on_side(case: Case, u: Node, side: Node, sign: int) -> Case:
    """|u| = s u and sign(u) = s where s u > 0; the first at 0 as well."""
    values = {"abs": scaled(sign, u), "sign": scaled(sign, ones(*u.shape))}

    def there(node: Node) -> Node:
        is_switch = node.op == "apply" and node.data[0] in values and node.args[0] is u
        return values[node.data[0]] if is_switch else node

    return Case(bottom_up(case.node, there), (*case.known, scaled(sign, side)))


def _solution_of_zero(case: Case, u: Node) -> dict[Node, Node] | None:
    """A variable and its value where u = 0, if that can be told: of arrays where nothing else is done to it."""
    if not u.is_scalar and not all(n.op in ENTRYWISE | LEAVES for n in postorder(case.node)):
        return None
    for term, c in terms(u):
        rest = combine([(t, -k / c) for t, k in terms(u) if t is not term], u.shape)
        if term.op == "variable" and term not in variables(rest):
            return {term: rest}
    return None


def _substituted(case: Case, values: Mapping[Node, Node]) -> Case:
    return Case(substitute(case.node, values), tuple(substitute(a, values) for a in case.known))


def _is_implied(u: Node, known: tuple[Node, ...], depth: int) -> bool:
    """Whether u is a sum of positive multiples of what is known, and of what is never negative."""
    if u.is_zero or is_nonnegative(u):
        return True
    pairs = dict(terms(u))
    for i, a in enumerate(known if depth else ()):
        for term, c in terms(a):
            k = pairs.get(term, Fraction(0)) / c
            if k > 0 and _is_implied(u - scaled(k, a), known[:i] + known[i + 1 :], depth - 1):
                return True
    return False
