"""Sines and cosines of sums and multiples, by those of the smallest parts that occur: for proofs [DLMF 4.21].

Those of matrices obey the same rules where the parts are functions of one matrix [Higham 2008, 12.1].
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm

from matcalc.expr import (
    Node,
    apply,
    call,
    combine,
    hadamard,
    identity,
    matmul,
    ones,
    postorder,
    rebuild,
    scaled,
    split_scalar,
    terms,
    zeros,
)
from matcalc.records import dataclass
from matcalc.simplify.rules.functions_of_matrices import generator

__all__ = ["in_unit_angles"]

#: Larger multiples of an angle, and sums of more angles, stay as they are.
LARGEST_MULTIPLE = 6
#: Sines and cosines of these are known: multiples of them are always taken apart.
INVERSE = ("asin", "acos", "atan")

Pair = tuple[Node, Node]


@dataclass(frozen=True)
class _Kind:
    """Sine, cosine and product of one kind: entry by entry, or of matrices."""

    sine: Callable[[Node], Node]
    cosine: Callable[[Node], Node]
    times: Callable[[Node, Node], Node]
    one: Callable[[Node], Node]


# fmt: off
_ENTRYWISE = _Kind(lambda u: apply("sin", u), lambda u: apply("cos", u), hadamard, lambda u: ones(*u.shape))
_OF_MATRICES = _Kind(lambda u: call("sinm", u, shape=u.shape), lambda u: call("cosm", u, shape=u.shape), matmul, lambda u: identity(u.rows))
# fmt: on


def in_unit_angles(root: Node) -> Node:
    """The same value with sin(2 u), cos(u + v), … written by the sines and cosines of u and v."""
    units = _units(root)
    if not units:
        return root
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        again = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
        kind = _kind(again)
        memo[node] = _expanded(again, kind, units) if kind is not None else again
    return memo[root]


def _kind(node: Node) -> _Kind | None:
    if node.op == "apply" and node.data[0] in ("sin", "cos"):
        return _ENTRYWISE
    return _OF_MATRICES if node.op == "call" and node.data[0] in ("sinm", "cosm") else None


def _units(root: Node) -> dict[Node, Fraction]:
    """Each term of an angle -> the largest fraction of it of which all its multiples are whole multiples."""
    units: dict[Node, Fraction] = {}
    for node in postorder(root):
        if _kind(node) is not None:
            for term, c in terms(node.args[0]):
                known = Fraction(1) if term.op == "apply" and term.data[0] in INVERSE else abs(c)
                units[term] = _common(units.get(term, known), abs(c))
    return units


def _common(a: Fraction, b: Fraction) -> Fraction:
    return Fraction(
        gcd(a.numerator * b.denominator, b.numerator * a.denominator), lcm(1, a.denominator * b.denominator)
    )


def _expanded(node: Node, kind: _Kind, units: dict[Node, Fraction]) -> Node:
    pairs = terms(node.args[0])
    if any(term not in units for term, _ in pairs):
        return node
    multiples = [(term, c / units[term]) for term, c in pairs]
    if len(pairs) > LARGEST_MULTIPLE or any(abs(k) > LARGEST_MULTIPLE and not _is_pi(t) for t, k in multiples):
        return node
    if kind is _OF_MATRICES and not _commute([term for term, _ in pairs]):
        return node
    total: Pair = (zeros(*node.shape), kind.one(node))
    for term, c in pairs:
        turned = _quarter_turns(term, c, kind, node)
        total = _sum(kind, total, turned if turned is not None else _multiple(kind, term, units[term], c / units[term]))
    return total[0] if node.data[0] in ("sin", "sinm") else total[1]


def _commute(angles: list[Node]) -> bool:
    """Whether they are functions of one matrix."""
    found = {split_scalar(g)[1] for g in map(generator, angles) if g is not None}
    return len(found) <= 1


def _is_pi(term: Node) -> bool:
    """π, or an array with π everywhere, or π I."""
    scalar, body = (term.args[0], term.args[1]) if term.op == "scale" else (term, None)
    return scalar.op == "constant" and (body is None or body.op in ("ones", "identity"))


def _quarter_turns(term: Node, c: Fraction, kind: _Kind, like: Node) -> Pair | None:
    """(sin, cos) of c π for a multiple of 1/2."""
    if not _is_pi(term) or (2 * c).denominator != 1:
        return None
    if term.op == "scale" and (term.args[1].op == "identity") is (kind is _ENTRYWISE):
        return None
    sine = (0, 1, 0, -1)[int(2 * c) % 4]
    cosine = (1, 0, -1, 0)[int(2 * c) % 4]
    one = kind.one(like)
    return combine([(one, Fraction(sine))], like.shape), combine([(one, Fraction(cosine))], like.shape)


def _multiple(kind: _Kind, term: Node, unit: Fraction, k: Fraction) -> Pair:
    """(sin, cos) of k times the unit."""
    angle = scaled(unit, term)
    one = kind.sine(angle), kind.cosine(angle)
    total = one
    for _ in range(int(abs(k)) - 1):
        total = _sum(kind, total, one)
    return (scaled(-1, total[0]), total[1]) if k < 0 else total


def _sum(kind: _Kind, a: Pair, b: Pair) -> Pair:
    """sin(a + b), cos(a + b)"""
    return (
        kind.times(a[0], b[1]) + kind.times(a[1], b[0]),
        kind.times(a[1], b[1]) - kind.times(a[0], b[0]),
    )
