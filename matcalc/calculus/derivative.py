"""Derivatives of any order, read from differentials.

A scalar function is transposed first, so that one axis of its derivative is the gradient; every
further variable adds one perturbation, and the result stays an operator, linear in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.differential import differential
from matcalc.calculus.structure import linear_structure, project, project_columns
from matcalc.calculus.vecform import vec_form
from matcalc.expr import Dim, Node, Shape, number, perturbation, substitute
from matcalc.simplify import simplify

__all__ = ["Reading", "array_axes", "derive"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A derivative of f by variables, in the order they are given.

    Attributes:
        operator: array or operator form; linear in each of ``directions``.
        directions: one perturbation for every axis group that the operator leaves open.
        matrix: the derivative itself where no direction is open; with one direction
            the J of vec(operator) = J vec(direction), or None where no matrix notation exists.
        differential: df with one independent perturbation for each variable.
    """

    f: Node
    wrt: tuple[Node, ...]
    operator: Node
    directions: tuple[Node, ...]
    matrix: Node | None
    differential: Node

    @property
    def shape(self) -> tuple[Dim, ...]:
        """The axes of f first, then those of each variable (JAX's order)."""
        axes = array_axes(self.f.shape)
        for variable in self.wrt:
            axes += array_axes(variable.shape)
        return axes


def array_axes(shape: Shape) -> tuple[Dim, ...]:
    """The axes of the Python array: none for a scalar, one for a vector, two for a matrix or a row."""
    rows, cols = shape
    if cols.is_one:
        return () if rows.is_one else (rows,)
    return (rows, cols)


def derive(f: Node, wrt: Sequence[Node]) -> Reading:
    """The derivative of f by each variable in turn."""
    f = simplify(f)
    node = f
    directions: list[tuple[Node, Node]] = []
    numbered = _open_directions(f, wrt) > 1
    for place, variable in enumerate(wrt):
        d = perturbation(variable, place + 1 if numbered else 0)
        moved = differential(node, {variable: d})
        if node.is_scalar and not directions:
            node = project(adjoint(moved, d), variable)
        elif variable.is_scalar:
            node = substitute(moved, {d: number(1)})
        else:
            node = moved
            directions.append((variable, d))
        node = simplify(node)
    return Reading(
        f,
        tuple(wrt),
        node,
        tuple(d for _, d in directions),
        _matrix(node, directions),
        simplify(iterated_differential(f, wrt)),
    )


def _open_directions(f: Node, wrt: Sequence[Node]) -> int:
    """How many perturbations stay in the operator: one for each array, but the gradient's of a scalar f."""
    arrays = sum(not v.is_scalar for v in wrt)
    return arrays - 1 if f.is_scalar and arrays else arrays


def _matrix(node: Node, directions: list[tuple[Node, Node]]) -> Node | None:
    if not directions:
        return node
    if len(directions) > 1:
        return None
    ((variable, d),) = directions
    form = vec_form(node, d)
    if form is None:
        return None
    return simplify(project_columns(form, variable) if linear_structure(variable) else form)


def iterated_differential(f: Node, wrt: Sequence[Node]) -> Node:
    """d_k … d_1 f with independent perturbations: ``dX`` alone, else ``dX_1``, ``dX_2`` …"""
    for place, variable in enumerate(wrt):
        f = differential(f, {variable: perturbation(variable, place + 1 if len(wrt) > 1 else 0)})
    return f
