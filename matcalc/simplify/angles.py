"""Sines and cosines of sums and multiples, by those of the smallest parts that occur: for proofs [DLMF 4.21]."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from matcalc.expr import Node, apply, combine, hadamard, ones, postorder, rebuild, scaled, terms, zeros

__all__ = ["in_unit_angles"]

#: Larger multiples of an angle, and sums of more angles, stay as they are.
LARGEST_MULTIPLE = 6

Pair = tuple[Node, Node]


def in_unit_angles(root: Node) -> Node:
    """The same value with sin(2 u), cos(u + v), … written by the sines and cosines of u and v."""
    units = _units(root)
    if not units:
        return root
    memo: dict[Node, Node] = {}
    for node in postorder(root):
        again = rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
        memo[node] = _expanded(again, units) if _is_trigonometric(again) else again
    return memo[root]


def _is_trigonometric(node: Node) -> bool:
    return node.op == "apply" and node.data[0] in ("sin", "cos")


def _units(root: Node) -> dict[Node, Fraction]:
    """Each term of an angle -> the largest fraction of it of which all its multiples are whole multiples."""
    units: dict[Node, Fraction] = {}
    for node in postorder(root):
        if _is_trigonometric(node):
            for term, c in terms(node.args[0]):
                units[term] = _common(units.get(term, abs(c)), abs(c))
    return units


def _common(a: Fraction, b: Fraction) -> Fraction:
    return Fraction(
        gcd(a.numerator * b.denominator, b.numerator * a.denominator), lcm(1, a.denominator * b.denominator)
    )


def _expanded(node: Node, units: dict[Node, Fraction]) -> Node:
    pairs = terms(node.args[0])
    if any(term not in units for term, _ in pairs):
        return node
    multiples = [(term, c / units[term]) for term, c in pairs]
    if len(pairs) > LARGEST_MULTIPLE or any(abs(k) > LARGEST_MULTIPLE and not _is_pi(t) for t, k in multiples):
        return node
    total: Pair = (zeros(*node.shape), ones(*node.shape))
    for term, c in pairs:
        turned = _quarter_turns(term, c, node)
        total = _sum(total, turned if turned is not None else _multiple(term, units[term], c / units[term]))
    return total[0] if node.data[0] == "sin" else total[1]


def _is_pi(term: Node) -> bool:
    """π, or an array with π everywhere."""
    scalar, body = (term.args[0], term.args[1]) if term.op == "scale" else (term, None)
    return scalar.op == "constant" and (body is None or body.op == "ones")


def _quarter_turns(term: Node, c: Fraction, like: Node) -> Pair | None:
    """(sin, cos) of c π for a multiple of 1/2."""
    if not _is_pi(term) or (2 * c).denominator != 1:
        return None
    sine = (0, 1, 0, -1)[int(2 * c) % 4]
    cosine = (1, 0, -1, 0)[int(2 * c) % 4]
    one = ones(*like.shape)
    return combine([(one, Fraction(sine))], like.shape), combine([(one, Fraction(cosine))], like.shape)


def _multiple(term: Node, unit: Fraction, k: Fraction) -> Pair:
    """(sin, cos) of k times the unit."""
    angle = scaled(unit, term)
    one = apply("sin", angle), apply("cos", angle)
    total = one
    for _ in range(int(abs(k)) - 1):
        total = _sum(total, one)
    return (scaled(-1, total[0]), total[1]) if k < 0 else total


def _sum(a: Pair, b: Pair) -> Pair:
    """sin(a + b), cos(a + b)"""
    return (
        hadamard(a[0], b[1]) + hadamard(a[1], b[0]),
        hadamard(a[1], b[1]) - hadamard(a[0], b[0]),
    )
