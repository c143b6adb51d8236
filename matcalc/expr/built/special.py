"""Named linear calls that the vec form needs."""

from __future__ import annotations

from matcalc.expr.canonical.application import call
from matcalc.expr.canonical.powers import hadamard
from matcalc.expr.canonical.products import diag, kron, multiply
from matcalc.expr.canonical.transposition import transpose
from matcalc.expr.leaves import zeros
from matcalc.expr.node import Node, ShapeMismatch

__all__ = ["khatri_rao"]


def khatri_rao(a: Node, b: Node) -> Node:
    """The columnwise Kronecker product [a_1 ⊗ b_1, a_2 ⊗ b_2, …] [Khatri & Rao 1968]."""
    if a.cols != b.cols:
        raise ShapeMismatch(f"khatri_rao: {a.shape} and {b.shape}")
    if a.is_zero or b.is_zero:
        return zeros(a.rows * b.rows, a.cols)
    if a.is_column:
        return kron(a, b)
    if a.rows.is_one and b.rows.is_one:
        return hadamard(a, b)
    if a.rows.is_one:
        return multiply(b, diag(transpose(a)))
    if b.rows.is_one:
        return multiply(a, diag(transpose(b)))
    return call("khatri_rao", a, b, shape=(a.rows * b.rows, a.cols))
