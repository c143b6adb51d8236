"""In which variables an affine value is injective, and how it stretches one of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce

from matcalc.convexity.context import Context
from matcalc.expr import Node, factors, hadamard, is_number, matmul, number, power, scaled, terms, transpose
from matcalc.expr.facts import is_invertible, is_orthogonal, is_pd

__all__ = ["forms_of", "injective_in", "keeps_apart", "stretch_of"]

#: Operators that put the entries of one operand at other places.
MOVED = ("transpose", "vec", "unvec", "diag")
NOTHING: frozenset[Node] = frozenset()


def keeps_apart(node: Node, at: Context) -> bool:
    """Whether u != v has as consequence N u != N v, for a constant N."""
    return is_pd(node) or is_invertible(node) or is_orthogonal(node)


def injective_in(node: Node, at: Context) -> frozenset[Node]:
    """The variables v such that an affine value differs wherever v differs, whatever the other ones do."""
    while node not in at.moving:
        moving = [a for a in node.args if at.moves(a)]
        if node.op == "block":
            return reduce(frozenset.union, (injective_in(a, at) for a in moving), NOTHING)
        if len(moving) != 1 or not _lets_through(node, moving[0], at):
            return NOTHING
        node = moving[0]
    return frozenset([node])


def _lets_through(node: Node, inside: Node, at: Context) -> bool:
    """Whether an operator keeps values of its only operand that moves apart."""
    rest = [a for a in node.args if a is not inside]
    if node.op == "add" or node.op in MOVED:
        return True
    if node.op == "matmul":
        return all(keeps_apart(a, at) for a in rest)
    if node.op == "scale":
        return all(at.is_positive(a) for a in rest)
    if node.op == "power":
        pairs = list(zip(node.args[::2], node.args[1::2], strict=True))
        own = [e for b, e in pairs if b is inside]
        return own == [number(1)] and all(at.is_positive(power(b, e)) for b, e in pairs if b is not inside)
    return False


def stretch_of(node: Node, at: Context) -> tuple[Node, Node, Node | None] | None:
    """Of an affine value with d u = c L dx: x, c^2 and the constant L, None where that is an identity."""
    scale, left = number(1), None
    while node not in at.moving:
        if node.op == "transpose" and left is None:
            node = node.args[0]
            continue
        pairs = [(term, c) for term, c in terms(node) if at.moves(term)]
        if len(pairs) != 1:
            return None
        (term, c) = pairs[0]
        fixed = [power(b, e) for b, e in factors(term) if not at.moves(b) and not at.moves(e)]
        inside = [(b, e) for b, e in factors(term) if at.moves(b) or at.moves(e)]
        if len(inside) != 1 or is_number(inside[0][1]) != 1 or not all(f.is_scalar for f in fixed):
            return None
        scale = hadamard(scaled(Fraction(c) ** 2, scale), *(power(f, 2) for f in fixed))
        after = inside[0][0]
        if after.op == "matmul" and left is None and after.args[-1] in at.moving:
            before = after.args[:-1]
            if any(map(at.moves, before)):
                return None
            left = before[0] if len(before) == 1 else matmul(*before)
            after = after.args[-1]
        elif after is node:
            return None
        node = after
    return node, scale, left


def forms_of(node: Node) -> Iterator[tuple[Node, Node | None]]:
    """B and M of B^T M B or tr(B^T M B), with M None where that is an identity."""
    product = node.args[0] if node.op == "trace" else node
    if product.op != "matmul":
        return
    parts = product.args
    for start in range(len(parts) if node.op == "trace" else 1):
        turned = (*parts[start:], *parts[:start])
        first, last = 0, len(turned) - 1
        while first < last and transpose(turned[first]) is turned[last]:
            first, last = first + 1, last - 1
            middle, outer = turned[first : last + 1], turned[len(turned) - first :]
            yield _product(outer), _product(middle) if middle else None


def _product(parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else matmul(*parts)
