"""What several identities look for in a product, and how they put it together again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from matcalc.expr import Node, chain, hadamard, matmul, multiply, number, ones, transpose

__all__ = ["both_sides", "outer_factors", "product_of"]


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
