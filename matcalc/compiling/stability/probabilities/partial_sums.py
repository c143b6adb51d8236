"""Products of exponentials with quotients by sums of some of them, as the slopes of log Σ_{j >= i} e^(u_j)."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

from matcalc.expr import Node, apply, call, is_number, number, ones, postorder, scale, substitute

__all__ = ["exponentials_below_one"]

#: Operators that are linear in each operand: degrees add up.
_MULTILINEAR = frozenset("matmul scale kron transpose diag diagonal trace vec unvec total".split())


def exponentials_below_one(node: Node) -> Node | None:
    """e^u ⊙ M^T (y ⊘ M e^u) with e^(u - max u): a number that all e^u have as a factor cancels"""
    bases = [b for b in node.args[::2] if b.op == "apply" and b.data[0] == "exp" and not b.is_scalar]
    for e in bases:
        (u,) = e.args
        if _is_shifted(u) or not any(_divides(part, e) for b in node.args[::2] if b is not e for part in postorder(b)):
            continue
        if _degree(node, e) == 0:
            return substitute(node, {e: apply("exp", u - scale(call("max", u, shape=number(1).shape), ones(*u.shape)))})
    return None


def _is_shifted(u: Node) -> bool:
    return any(part.op == "call" and part.data[0] == "max" for part in postorder(u))


def _divides(part: Node, e: Node) -> bool:
    """Whether a sum of some of the exponentials stands below a line."""
    if part.op != "power":
        return False
    pairs = zip(part.args[::2], part.args[1::2], strict=True)
    return any(b.op == "matmul" and e in b.args and (is_number(k) or 0) < 0 for b, k in pairs)


def _degree(root: Node, e: Node) -> Fraction | None:
    """The p with f(s e) = s^p f(e) for numbers s > 0; None where there is none, or where that is not seen."""
    found: dict[Node, Fraction | None] = {}
    order = list(postorder(root))
    holding: set[Node] = set()
    for node in order:
        if node is e or holding.intersection(node.args):
            holding.add(node)
        found[node] = Fraction(1) if node is e else _of_node(node, found) if node in holding else Fraction(0)
    return found[root]


def _of_node(node: Node, found: dict[Node, Fraction | None]) -> Fraction | None:
    degrees = [found[a] for a in node.args]
    if node.op == "power":
        pairs = list(zip(degrees[::2], map(is_number, node.args[1::2]), strict=True))
        return _total([None if d is None or (d and e is None) else d * (e or 0) for d, e in pairs])
    if node.op in _MULTILINEAR:
        return _total(degrees)
    if node.op == "add" or not any(degrees):
        return degrees[0] if len(set(degrees)) == 1 else None
    return None


def _total(degrees: Collection[Fraction | None]) -> Fraction | None:
    known = [d for d in degrees if d is not None]
    return sum(known, Fraction(0)) if len(known) == len(degrees) else None
