"""Perspectives, y g(x / y), and sums whose terms have a factor in common: what composition sees only after rewriting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from matcalc.calculus.differential import differential
from matcalc.convexity.by_derivatives.smoothness import is_smooth
from matcalc.convexity.context import Context
from matcalc.convexity.domains import has_convex_domain
from matcalc.convexity.proofs import Proof, proved
from matcalc.errors import MatcalcError
from matcalc.expr import (
    Node,
    add,
    factors,
    hadamard,
    is_number,
    matmul,
    multiply,
    ones,
    perturbation,
    postorder,
    power,
    scaled,
    substitute,
    terms,
    trace,
    transpose,
    variables,
)
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded as expanded_

__all__ = ["expanded", "gathered", "of_perspective"]

#: Larger functions are not tried.
LARGEST = 40
#: Squares of sums of so many terms are multiplied out.
MOST = 3
Terms = Sequence[tuple[Node, Fraction]]


def of_perspective(node: Node, at: Context) -> Iterator[Proof]:
    """A function that is homogeneous of degree 1 in all variables, one of them a y > 0: y g(x / y) with g at y = 1.

    y is a number; of what is made entry by entry of arrays it may be one of these.
    """
    is_number_or_entries = node.is_scalar or _is_entrywise(node, at)
    if not is_number_or_entries or len(at.moving) < 2 or len(postorder(node)) > LARGEST:
        return
    here = [v for v in variables(node) if v in at.moving]
    for y in here:
        others = [v for v in here if v is not y]
        if not others or y.shape != node.shape or not at.is_positive(y) or not _measures(y, node):
            continue
        g = _at_one(node, y, others, at)
        inside = None if g is None else Context(at.fold, g, others)
        for claim in ("convex", "concave") if g is not None and inside is not None else ():
            proof = inside.shape(g).get(claim) if inside is not None and g is not None else None
            if (
                proof is not None
                and not proof.needs
                and inside is not None
                and has_convex_domain(g or node, (), inside)
            ):
                yield proved(claim, node, "perspective of", [proof])
                return


def _is_entrywise(node: Node, at: Context) -> bool:
    """Whether all that moves has one shape and is made entry by entry."""
    parts = [part for part in postorder(node) if at.moves(part)]
    return all(part.op in ("add", "power", "apply", "variable") and part.shape == node.shape for part in parts)


def _measures(y: Node, node: Node) -> bool:
    """Whether something is divided by y, or logarithms stand in it, which may be those of quotients."""
    parts = postorder(node)
    pairs = (pair for part in parts if part.op == "power" for pair in factors(part))
    return any(b is y and (is_number(e) or 0) < 0 for b, e in pairs) or any(
        part.op == "apply" and part.data[0] == "log" for part in parts
    )


def _at_one(f: Node, y: Node, others: Sequence[Node], at: Context) -> Node | None:
    """g(x) = f(x, 1), if f(y x, y) = y g(x)."""
    try:
        g = simplify(substitute(f, {y: ones(*y.shape)}))
        stretched = substitute(f, {x: hadamard(y, x) if x.shape == y.shape else multiply(y, x) for x in others})
        same = simplify(stretched) is simplify(hadamard(y, g))
        return g if same or _is_homogeneous(f, [y, *others], at) else None
    except MatcalcError:
        return None


def _is_homogeneous(f: Node, moving: Sequence[Node], at: Context) -> bool:
    """Euler: df along the variables themselves is f."""
    if not is_smooth(f, at):
        return False
    steps = {v: perturbation(v) for v in moving}
    along = substitute(differential(f, steps), {d: v for v, d in steps.items()})
    return simplify(expanded_(along - f)).is_zero


# --- common factors -----------------------------------------------------------------------------


def gathered(node: Node, at: Context) -> Terms | None:
    """The terms of a sum, with those that have an affine factor in common as one: p^T log(p) - p^T log(q)."""
    groups: dict[Node, list[tuple[Node, Node, Fraction]]] = {}
    for term, c in terms(node):
        for u, rest in _divisions(term, at):
            groups.setdefault(u, []).append((term, rest, c))
    for u, group in groups.items():
        if len({term for term, _, _ in group}) < 2:
            continue
        rest = add(*(scaled(c, part) for _, part, c in group))
        whole = (
            hadamard(u, rest) if u.is_scalar else matmul(transpose(u), rest) if u.is_column else trace(matmul(u, rest))
        )
        taken = {term for term, _, _ in group}
        left = [(term, c) for term, c in terms(node) if term not in taken]
        return None if whole is node else [(whole, Fraction(1)), *left]
    return None


def expanded(node: Node) -> Terms | None:
    """The terms of the square of a sum: x + y - 2 sqrt(x y) of (sqrt(x) - sqrt(y))^2."""
    if node.op != "power" or len(node.args) != 2 or is_number(node.args[1]) != 2:
        return None
    parts = terms(node.args[0])
    if not 2 <= len(parts) <= MOST:
        return None
    return terms(add(*(scaled(c * d, hadamard(a, b)) for a, c in parts for b, d in parts)))


def _divisions(term: Node, at: Context) -> Iterator[tuple[Node, Node]]:
    """u and v of u v, or u^T v, where both move and u is affine."""
    if term.op == "trace" and term.args[0].op == "matmul" and len(term.args[0].args) == 2:
        left, right = term.args[0].args
        pairs = [(left, right), (right, left)]
    elif term.op == "matmul" and term.is_scalar and len(term.args) == 2:
        left, right = transpose(term.args[0]), term.args[1]
        pairs = [(left, right), (right, left)]
    elif term.op == "power" and term.is_scalar:
        found = factors(term)
        pairs = [
            (b, hadamard(*(power(c, k) for c, k in found if c is not b)))
            for b, e in found
            if is_number(e) == 1 and len(found) > 1
        ]
    else:
        return
    yield from ((u, v) for u, v in pairs if at.moves(u) and at.moves(v) and at.shape(u).get("affine") is not None)
