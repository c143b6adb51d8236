"""The adjoint of a Kronecker product: contraction with the constant factors.

For G of the shape of A ⊗ L ⊗ B, ``contract`` is the M with <G, A ⊗ L ⊗ B> = <M, L>, that is
M[k, l] = Σ A[i, j] B[p, q] G[(i, k, p), (j, l, q)].
"""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.expr import (
    Node,
    Shape,
    call,
    combine,
    identity,
    kron,
    matmul,
    multiply,
    number,
    ones,
    scale,
    terms,
    trace,
    transpose,
    unvec,
    zeros,
)
from matcalc.simplify.patterns import outer_factors

__all__ = ["contract"]


def contract(before: Sequence[Node], g: Node, after: Sequence[Node], shape: Shape) -> Node:
    """M of the given shape with <G, A ⊗ L ⊗ B> = <M, L>, for A and B the products of the factors before and after."""
    left = kron(*before) if before else number(1)
    right = kron(*after) if after else number(1)
    if g.is_zero or left.is_zero or right.is_zero:
        return zeros(*shape)
    if g.op == "add":
        return combine(((contract([left], t, [right], shape), c) for t, c in terms(g)), shape)
    if g.op == "scale":
        return scale(g.args[0], contract([left], g.args[1], [right], shape))
    if left.is_column and right.is_column and shape[1].is_one:
        return _contract_columns(left, g, right, shape)
    split = _split(g, left, right, shape)
    if split is not None:
        a, middle, b = split
        return multiply(multiply(trace_inner(left, a), trace_inner(right, b)), middle)
    if shape[0].is_one and not shape[1].is_one:
        flipped = contract([transpose(left)], transpose(g), [transpose(right)], (shape[1], shape[0]))
        return transpose(flipped)
    outer = outer_factors(g)
    if outer is not None and (left.is_scalar or right.is_scalar):
        return _contract_outer(left, *outer, right, shape)
    if all(factor.is_column or factor.is_row for factor in (left, right)):
        return _contract_vectors(left, g, right, shape)
    return call("kron_contract", left, g, right, static=(shape,), shape=shape)


def _contract_vectors(left: Node, g: Node, right: Node, shape: Shape) -> Node:
    """(u ⊗ I)^T G (v ⊗ I) where u ⊗ L ⊗ v^T stands for (u ⊗ I) L (v ⊗ I)^T, with columns u and rows v^T"""
    columns, rows = (
        [factor if getattr(factor, kind) and not factor.is_scalar else number(1) for factor in (left, right)]
        for kind in ("is_column", "is_row")
    )
    above = kron(columns[0], identity(shape[0]), columns[1])
    beside = kron(transpose(rows[0]), identity(shape[1]), transpose(rows[1]))
    return multiply(multiply(transpose(above), g), beside)


def trace_inner(a: Node, b: Node) -> Node:
    """<A, B>, for any shape."""
    return trace(multiply(transpose(a), b)) if not a.is_scalar else multiply(a, b)


def _contract_outer(left: Node, u: Node, w: Node, right: Node, shape: Shape) -> Node:
    """<u w^T, L ⊗ B> = tr(U^T B W L^T) with U and W of the stacked columns u and w; <u w^T, A ⊗ L> = tr(U A W^T L^T)"""
    if left.is_scalar:
        product = matmul(transpose(unvec(u, right.rows, shape[0])), right, unvec(w, right.cols, shape[1]))
        return multiply(left, product)
    return multiply(matmul(unvec(u, shape[0], left.rows), left, transpose(unvec(w, shape[1], left.cols))), right)


def _contract_columns(left: Node, g: Node, right: Node, shape: Shape) -> Node:
    """a ⊗ l ⊗ b = vec(b ⊗ (a ⊗ l)^T …): undone by two reshapes."""
    n = shape[0]
    inner_size = left.rows * n
    if not right.is_scalar:
        g = matmul(transpose(unvec(g, right.rows, inner_size)), right)
    return multiply(unvec(g, n, left.rows), left) if not left.is_scalar else multiply(g, left)


def _split(g: Node, left: Node, right: Node, shape: Shape) -> tuple[Node, Node, Node] | None:
    """G = P ⊗ Q ⊗ R with parts of the shapes of A, L and B, or None."""
    if g.op == "identity" and left.is_square and right.is_square and shape[0] == shape[1]:
        return identity(left.rows), identity(shape[0]), identity(right.rows)
    if g.op == "ones":
        return ones(*left.shape), ones(*shape), ones(*right.shape)
    parts = list(g.args) if g.op == "kron" else [g]
    wanted = [left.shape, shape, right.shape]
    found: list[Node] = []
    for size in wanted:
        if size[0].is_one and size[1].is_one:
            found.append(number(1))
        elif parts and parts[0].shape == size:
            found.append(parts.pop(0))
        else:
            return None
    return None if parts else (found[0], found[1], found[2])
