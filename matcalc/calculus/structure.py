"""Structured variables: projection of a derivative onto the linear space in which the variable lives.

The derivative within a linear space is the orthogonal projection of the unstructured one under
<A, B> = tr(A^T B) [Srinivasan & Panda 2023; Magnus & Neudecker 1980 for the duplication-matrix view].
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import (
    LINEAR_STRUCTURES,
    Node,
    commutation,
    diag,
    diagonal,
    hadamard,
    identity,
    mask,
    multiply,
    scaled,
    transpose,
    vec,
)

__all__ = ["linear_structure", "project", "project_columns", "projector"]


def linear_structure(variable: Node) -> str | None:
    """symmetric, skew, diagonal, lower or upper; None for an unstructured variable."""
    kinds = [LINEAR_STRUCTURES[s] for s in variable.data[-1] if s in LINEAR_STRUCTURES]
    if "diagonal" in kinds:
        return "diagonal"
    return kinds[0] if kinds else None


def project(g: Node, variable: Node) -> Node:
    """The orthogonal projection of G (shaped as the variable) onto the variable's linear space."""
    match linear_structure(variable):
        case "symmetric":
            return scaled(Fraction(1, 2), g + transpose(g))
        case "skew":
            return scaled(Fraction(1, 2), g - transpose(g))
        case "diagonal":
            return diag(diagonal(g))
        case "lower" | "upper" as kind:
            return hadamard(mask(kind, *g.shape), g)
    return g


def projector(variable: Node) -> Node | None:
    """P with vec(project(G)) = P vec(G); None where nothing is projected."""
    n = variable.rows
    match linear_structure(variable):
        case "symmetric":
            return scaled(Fraction(1, 2), identity(n * n) + commutation(n, n))
        case "skew":
            return scaled(Fraction(1, 2), identity(n * n) - commutation(n, n))
        case "diagonal":
            return diag(vec(identity(n)))
        case "lower" | "upper" as kind:
            return diag(vec(mask(kind, n, n)))
    return None


def project_columns(matrix: Node, variable: Node) -> Node:
    """J P: a vec form restricted to directions of the variable's linear space."""
    p = projector(variable)
    return matrix if p is None else multiply(matrix, p)
