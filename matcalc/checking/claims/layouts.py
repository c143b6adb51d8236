"""Claims in another layout: transposed, with another order of vec, by other coordinates of a structured variable."""

from __future__ import annotations

from dataclasses import replace

from matcalc.calculus import adjoint, derive, differential, linear_structure
from matcalc.checking.comparison import Comparison, Finding
from matcalc.checking.diagnosis.factors import by_factor
from matcalc.expr import (
    Node,
    add,
    commutation,
    diag,
    diagonal,
    identity,
    multiply,
    perturbation,
    scaled,
    substitute,
    transpose,
    variable,
)

__all__ = [
    "independent_entries",
    "order_of_vec",
    "outside_of_structure",
    "transposed",
    "unstructured",
    "within_structure",
]


def outside_of_structure(c: Comparison, structure: str) -> Finding | None:
    """Right in every direction within the structure, but not in the linear space itself."""
    if c.agree(c.claimed, c.right):
        return None
    return Finding(
        "unstructured",
        f"right for an unstructured {c.wrt[0].data[0]}: the gradient within the {structure} matrices is {c.shown}",
    )


def transposed(c: Comparison) -> Finding | None:
    """claim = derivative^T, or a multiple of it"""
    if c.claimed.shape != c.right.shape[::-1] or c.claimed.is_scalar:
        return None
    turned = transpose(c.claimed)
    is_matrix_of_derivatives = c.right.shape != c.wrt[0].shape or not c.subject.node.is_scalar
    if c.agree(turned, c.right):
        if is_matrix_of_derivatives and not c.claimed.linear:
            message = f"the transposed layout: the Jacobian, with a row for each component of f, is {c.shown}"
            return Finding("layout", message)
        return Finding("transposed", f"transposed, right in the numerator layout: the derivative is {c.shown}")
    found = by_factor(c, turned, "transposed, and ")
    return None if found is None else replace(found, fault="transposed")


def order_of_vec(c: Comparison) -> Finding | None:
    """K J K, with rows stacked instead of columns"""
    if c.claimed.linear or c.claimed.shape != c.right.shape:
        return None
    for left in _orders(c.subject.node if not c.subject.node.is_scalar else c.wrt[0]):
        for right in _orders(c.wrt[-1]):
            if left.cols != c.right.rows or c.right.cols != right.rows:
                continue
            turned = multiply(multiply(left, c.right), right)
            if turned is not c.right and c.agree(c.claimed, turned):
                return Finding("layout", f"the order of vec: rows are stacked there; with columns it is {c.shown}")
    return None


def _orders(x: Node) -> list[Node]:
    size = x.rows * x.cols
    return [identity(size), commutation(x.cols, x.rows), commutation(x.rows, x.cols)]


def independent_entries(c: Comparison) -> Finding | None:
    """2 G - diag(G), the derivative by the independent entries of a symmetric matrix"""
    x = c.wrt[0]
    if c.subject.convention != "structured" or linear_structure(x) != "symmetric":
        return None
    if c.claimed.shape != x.shape or c.claimed.linear or not c.right.is_square:
        return None
    entries = add(scaled(2, c.right), scaled(-1, diag(diagonal(c.right))))
    if not c.agree(c.claimed, entries):
        return None
    return Finding(
        "independent entries",
        "by the independent entries of a symmetric matrix (the Matrix Cookbook's convention, 2 G - diag(G)); "
        f"the gradient G within the symmetric matrices is {c.shown}",
    )


def within_structure(c: Comparison) -> Finding | None:
    """The gradient within the space of the structure, where another convention was asked for."""
    x = c.subject.declarations[c.wrt[0].data[0]].node
    if c.subject.convention == "structured" or not linear_structure(x) or len(c.wrt) > 1 or c.claimed.shape != x.shape:
        return None
    entries = "independent entries" if c.subject.convention == "independent" else "free entries"
    within = derive(substitute(c.subject.node, {c.wrt[0]: x}), [x]).operator
    if c.claimed.linear or within.shape != c.claimed.shape or not c.agree(c.claimed, within):
        return None
    message = f"that is the gradient within the {linear_structure(x)} matrices: by {entries} it is {c.shown}"
    return Finding("convention", message)


def unstructured(c: Comparison) -> Finding | None:
    """The derivative that forgets the structure of the variable, for whole operators."""
    x = c.wrt[0]
    if c.subject.convention != "structured" or not linear_structure(x) or len(c.wrt) > 1:
        return None
    if c.claimed.shape != x.shape or c.claimed.linear:
        return None
    free = variable(x.data[0], x.shape)
    f = substitute(c.subject.node, {x: free})
    d = perturbation(free)
    g = substitute(adjoint(differential(f, {free: d}), d), {free: x})
    if c.agree(c.claimed, g):
        return outside_of_structure(c, linear_structure(x) or "")
    return None
