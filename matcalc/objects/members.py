"""Derivatives by one member of a family: x_k of the x_i, with k free."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from matcalc.calculus import Reading, vec_form
from matcalc.expr import (
    ONE,
    Dim,
    Index,
    Node,
    at,
    identity,
    kron,
    matmul,
    perturbation,
    postorder,
    substitute,
    transpose,
    variable,
)
from matcalc.expr.built.picking import picked
from matcalc.language import canonical_name
from matcalc.language.indices.binders import STACKED
from matcalc.language.surface.tree import walk
from matcalc.language.words.names import spelled
from matcalc.objects.expressions import Expr
from matcalc.simplify import simplify

__all__ = [
    "Member",
    "by_member",
    "by_members",
    "indices_of_result",
    "is_summed",
    "member_named",
    "member_of_array",
]


class Member(NamedTuple):
    """A member of a family of an expression.

    Attributes:
        name: as it is printed, x_k.
        array: the variable that holds all.
        indices: where it stands in it.
        shape: its own.
    """

    name: str
    array: str
    indices: tuple[Index, ...]
    shape: tuple[Dim, Dim]


def member_named(f: Expr, name: str) -> Member | None:
    """The member that a name with letters as indices stands for; None for other names."""
    parts = spelled(canonical_name(name))
    letters = parts.below[-1] if parts.below else ""
    if name in f.declarations or not re.fullmatch("[a-z]{1,2}", letters):
        return None
    base = canonical_name(name)[: -len(letters) - 1]
    found = next((m for m in _members(f, letters) if m.name == f"{base}_{letters}"), None)
    return found or _of_matrix_form(f, base, letters)


def _of_matrix_form(f: Expr, base: str, letter: str) -> Member | None:
    """The same of a sum that was read as a matrix expression at once."""
    if not re.search(rf"{re.escape(base)}\W*_", f.text or ""):
        return None
    vector = f.declarations.get(base)
    if vector is not None and vector.kind == "matrix" and len(letter) == 2:
        indices = tuple(Index(name, size) for name, size in zip(letter, vector.dims, strict=True))
        return Member(f"{base}_{letter}", base, indices, (ONE, ONE))
    if len(letter) != 1:
        return None
    if vector is not None and vector.kind == "vector":
        return Member(f"{base}_{letter}", base, (Index(letter, vector.dims[0]),), (ONE, ONE))
    rows = f.declarations.get(base[:1].upper() + base[1:])
    if rows is not None and rows.inferred and rows.kind == "matrix" and base not in f.declarations:
        return Member(f"{base}_{letter}", rows.name, (Index(letter, rows.dims[0]),), (rows.dims[1], ONE))
    return None


def member_of_array(f: Expr, array: str) -> Member | None:
    """One member of an array whose rows or blocks were typed as members, its letter being free in f."""
    taken = {
        *f.declarations,
        *(i.name for n in postorder(f.node) for i in n.free),
        *(i.name for i in indices_of_result(f)),
    }
    letters = next((letter for letter in "kjilmrs" if letter not in taken), "k")
    return next((m for m in _members(f, letters) if m.array == array and len(m.indices) == 1), None)


def _members(f: Expr, letters: str) -> list[Member]:
    uses = {n.value.array: n for n in walk(f.tree) if n.kind == "member"} if f.tree is not None else {}
    return [
        Member(
            f"{n.value.base}_{letters}",
            array,
            tuple(Index(letter, axis.size) for letter, axis in zip(letters, n.value.axes, strict=True)),
            n.shape,
        )
        for array, n in uses.items()
        if len(n.value.axes) == len(letters)
    ]


def by_member(gradient: Node, member: Member) -> Node:
    """The part of a gradient, shaped as the array, that belongs to a member: its own gradient."""
    columns = [at(index) for index in member.indices]
    rows, cols = member.shape
    if rows.is_one and cols.is_one:
        row = transpose(picked(transpose(gradient), columns[0]))
        return simplify(picked(row, columns[1]) if len(columns) > 1 else row)
    place = kron(*columns)
    if cols.is_one:
        return simplify(picked(transpose(gradient), place))
    return simplify(transpose(picked(transpose(gradient), kron(place, identity(rows)))))


def by_members(derivative: Reading, indices: Sequence[Index], member: Member) -> Node | None:
    """∂z_i/∂x_j: what one member of the result has for a derivative by one member of a family; None where it has no form.

    Shape: that of z_i if x_j is a number, else that of the Jacobian of z_i by x_j.
    """
    if len(derivative.directions) != 1 or len(indices) != 1:
        return None
    (direction,) = derivative.directions
    step = perturbation(variable(member.name, member.shape))
    columns = [at(index) for index in member.indices]
    if member.shape == (ONE, ONE):
        moved = matmul(columns[0], transpose(columns[1])) if len(columns) > 1 else columns[0]
    elif member.shape[1].is_one:
        moved = matmul(kron(*columns), transpose(step))
    else:
        moved = kron(*columns, step)
    part = picked(transpose(substitute(derivative.operator, {direction: moved})), at(indices[0]))
    if member.shape == (ONE, ONE):
        return simplify(part)
    form = vec_form(part, step)
    return None if form is None else simplify(form)


def indices_of_result(f: Expr) -> tuple[Index, ...]:
    """i of a text z_i = …, whose values for all i are one array."""
    root, letters = f.tree, "".join(spelled(f.statement.name).below) if f.statement and f.statement.name else ""
    found: list[Index] = []
    while root is not None and root.kind == "total" and root.children[0].value == STACKED and len(found) < len(letters):
        found.append(Index(letters[len(found)], root.value.indices[0].size))
        root = root.children[0].children[1].children[0]
    return tuple(found)


def is_summed(node: Node) -> bool:
    """Whether an expression is written with indices."""
    return any(n.free for n in postorder(node))
