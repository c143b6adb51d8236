"""What several identities look for in a product, and how they put it together again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from matcalc.expr import (
    Node,
    call,
    chain,
    factors,
    hadamard,
    is_number,
    matmul,
    multiply,
    number,
    ones,
    power,
    rebuild,
    split_scalar,
    terms,
    transpose,
)
from matcalc.expr.supports import is_pattern
from matcalc.functions import UNDEFINED, row_of

__all__ = [
    "both_sides",
    "function_of",
    "gram_half",
    "is_call",
    "is_entrywise",
    "is_primary",
    "linear_factors",
    "linear_kinds",
    "loses_zeros",
    "outer_factors",
    "product_of",
    "replaced",
    "selects",
]

#: Operators that are linear in each of their operands.
MULTILINEAR = frozenset({"matmul", "scale", "transpose", "diag", "diagonal", "trace"})


def product_of(parts: list[Node]) -> Node:
    """The product of factors among which scalars may stand."""
    scalars = [p for p in parts if p.is_scalar]
    arrays = [p for p in parts if not p.is_scalar]
    body = matmul(*arrays) if arrays else number(1)
    return multiply(hadamard(number(1), *scalars), body)


def both_sides(node: Node, step: Callable[[Node, Node], Node | None]) -> Node | None:
    """Apply a rule for two neighbours L R to every pair of a product, and to (R^T, L^T)."""
    links = chain(node)
    for i, (left, right) in enumerate(pairwise(links)):
        merged = step(left, right)
        if merged is None:
            flipped = step(transpose(right), transpose(left))
            merged = None if flipped is None else transpose(flipped)
        if merged is not None:
            return product_of([*links[:i], merged, *links[i + 2 :]])
    return None


def outer_factors(node: Node) -> tuple[Node, Node] | None:
    """(u, v) with node = u v^T."""
    if node.op == "ones" and not node.is_scalar:
        return ones(node.rows), ones(node.cols)
    links = chain(node)
    cut = next((i for i in range(1, len(links)) if links[i].rows.is_one), None)
    if cut is None:
        return None
    return matmul(*links[:cut]), transpose(matmul(*links[cut:]))


def is_call(node: Node, *names: str) -> bool:
    return node.op == "call" and node.data[0] in names


def is_primary(node: Node) -> bool:
    """A function of a matrix that commutes with it: expm(X), sqrtm(X)."""
    return node.op == "call" and bool(row_of(node.data[0]).primary)


def is_entrywise(node: Node) -> bool:
    """f(U), f(U) ⊙ V or 1 - f(U), for a matrix U."""
    bodies = [split_scalar(t)[1] for t, _ in terms(node)]
    bases = [b for body in bodies for b, _ in (factors(body) if body.op == "power" else ((body, None),))]
    return not node.is_column and not node.is_row and any(b.op == "apply" for b in bases)


def function_of(name: str, x: Node) -> Node:
    return call(name, x, shape=x.shape)


def gram_half(x: Node) -> Node | None:
    """R with X = R^T R, as factors."""
    links = chain(x)
    if len(links) % 2:
        return None
    half = matmul(*links[len(links) // 2 :])
    return half if matmul(transpose(half), half) is x else None


def linear_factors(term: Node) -> tuple[Node, ...]:
    """The nodes in which a product is linear: with two of them put in place of one it is a sum of two products."""
    found: tuple[Node, ...] | None = term.cache.get("linear factors")
    if found is None:
        # The node itself is not kept on itself, which would keep it for ever.
        inside = _factors_inside(term)
        found = term.cache["linear factors"] = tuple(f for part in inside for f in linear_factors(part))
    return (term, *found)


def linear_kinds(term: Node) -> frozenset[str]:
    """The operators of the linear factors, and the names of the functions that they are: few where the factors are many."""
    found: frozenset[str] | None = term.cache.get("linear kinds")
    if found is None:
        own = str(term.data[0]) if term.op == "apply" else term.op
        found = term.cache["linear kinds"] = frozenset({own}).union(*map(linear_kinds, _factors_inside(term)))
    return found


def _factors_inside(term: Node) -> tuple[Node, ...]:
    return term.args if term.op in MULTILINEAR else _bases(term) if term.op == "power" else ()


def _bases(product: Node) -> tuple[Node, ...]:
    return tuple(base for base, exponent in factors(product) if is_number(exponent) == 1)


def replaced(term: Node, old: Node, new: Node) -> Node:
    """The product with ``new`` in place of one of its linear factors: of L (a ⊙ L a) the first L alone."""
    return _with_one(term, old, new) or term


def _with_one(term: Node, old: Node, new: Node) -> Node | None:
    if term is old:
        return new
    if term.op in MULTILINEAR:
        for i, operand in enumerate(term.args):
            if (changed := _with_one(operand, old, new)) is not None:
                return rebuild(term, (*term.args[:i], changed, *term.args[i + 1 :]))
    if term.op == "power":
        pairs = list(factors(term))
        for i, (b, e) in enumerate(pairs):
            if is_number(e) == 1 and (changed := _with_one(b, old, new)) is not None:
                return hadamard(*(changed if k == i else power(*pair) for k, pair in enumerate(pairs)))
    return None


def loses_zeros(shared: Node, inner: list[Node]) -> bool:
    """Whether a factor may be infinite where patterns make 0 of it: not so in (w_ij [i < j] + w_ji [j < i]) / (x_i - x_j)."""
    if not any((is_number(e) or -1) < 0 or _is_infinite_at_zero(b) for b, e in factors(shared)):
        return False
    parts = [part for whole in inner for part in split_scalar(whole)]
    return any(selects(b) for part in parts for b, _ in factors(part))


def selects(factor: Node) -> bool:
    """[i < j] or triu(1 1^T): where such a factor is 0 the others need no value."""
    return (bool(factor.free) or factor.op == "mask") and is_pattern(factor)


def _is_infinite_at_zero(base: Node) -> bool:
    return base.op == "apply" and row_of(base.data[0]).at_zero == UNDEFINED
