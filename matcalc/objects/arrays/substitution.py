"""Expressions and numbers in place of variables and sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matcalc.errors import DeclarationError, ShapeError
from matcalc.expr import Dim, Node, as_dim, postorder, substitute_sizes
from matcalc.language import Declaration, canonical_name
from matcalc.objects.wirtinger.support import refuse_complex

if TYPE_CHECKING:
    from matcalc.objects.expressions import Expr

__all__ = ["substituted"]


def substituted(f: Expr, values: Mapping[str, Expr | int | str]) -> tuple[Node, dict[str, Declaration]]:
    """The node with values for variables, and lengths for sizes, and what its variables are declared as.

    Raises:
        DeclarationError: f has no such variable or size, or a name would be declared in two ways.
        ShapeError: a value has another shape than its variable.
    """
    refuse_complex(f, "substitution in functions")
    given = {canonical_name(name): value for name, value in values.items()}
    sizes = {name: _length(name, v) for name, v in given.items() if name not in f.declarations}
    known = {name for node in postorder(f.node) for d in node.shape for name in d.names}
    known |= {name for d in f.declarations.values() for size in d.shape for name in size.names}
    if unknown := sizes.keys() - known:
        raise DeclarationError(f"{min(unknown)} is no variable and no size of {f}")
    kept = {n: _resized(d, sizes) for n, d in f.declarations.items() if n not in given}
    placed: dict[Node, Node] = {}
    for name, value in given.items():
        if name in f.declarations:
            placed[f.declarations[name].node] = _fitting(name, f.declarations[name], value, sizes, kept)
    return substitute_sizes(f.node, sizes, placed), kept


def _length(name: str, value: Any) -> Dim:
    if isinstance(value, (int, str)):
        return as_dim(value)
    raise DeclarationError(f"{name} is a size, and a size is a number or a name")


def _resized(declared: Declaration, sizes: Mapping[str, Dim]) -> Declaration:
    return replace(declared, dims=tuple(d.substitute(sizes) for d in declared.dims))


def _fitting(
    name: str, declared: Declaration, value: Any, sizes: Mapping[str, Dim], kept: dict[str, Declaration]
) -> Node:
    """The node of a value, whose variables are joined to those that stay."""
    from matcalc.objects.expressions import parse

    e = parse(str(value)) if not hasattr(value, "node") else value
    refuse_complex(e, "substitution")
    shape = tuple(d.substitute(sizes) for d in declared.shape)
    if e.node.shape != shape:
        raise ShapeError(f"{name} is {shape[0]} x {shape[1]}, and {e} is {e.node.rows} x {e.node.cols}")
    for other, own in e.declarations.items():
        if kept.setdefault(other, own).node is not own.node:
            raise DeclarationError(f"{other} is declared as {kept[other]} and as {own}")
    return e.node
