"""What is a square of a length by its form."""

from __future__ import annotations

from matcalc.expr.canonical.products import matmul
from matcalc.expr.canonical.transposition import transpose
from matcalc.expr.facts import is_pd
from matcalc.expr.node import Node, postorder

__all__ = ["columns_of_lengths", "has_no_names", "matrix_of_length"]


def matrix_of_length(u: Node) -> Node | None:
    """X where u is ||X||^2, also of a product A X, and with a definite matrix between X^T and X."""
    inside = u.args[0] if u.op == "trace" else u
    if not u.is_scalar or inside.op != "matmul":
        return None
    half = len(inside.args) // 2
    left, middle, right = inside.args[:half], inside.args[half:-half], inside.args[-half:]
    if not all(is_pd(m) for m in middle) or tuple(transpose(f) for f in reversed(left)) != right:
        return None
    return matmul(*right)


def columns_of_lengths(u: Node) -> Node | None:
    """X where the entries of u are the squared lengths of the columns of X."""
    inside = u.args[0] if u.op == "diagonal" else u
    if u.op != "diagonal" or inside.op != "matmul" or len(inside.args) != 2:
        return None
    left, right = inside.args
    return right if left is transpose(right) else None


def has_no_names(node: Node) -> bool:
    """A number such as log(2), without names and sizes."""
    return not any(part.op in ("variable", "perturbation", "dimension", "open") for part in postorder(node))
