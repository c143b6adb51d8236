"""Functions of structured variables as their derivatives are asked for: in variables without structure, where every entry moves alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from matcalc import calculus
from matcalc.errors import DeclarationError, MatcalcError
from matcalc.expr import LINEAR_STRUCTURES, Node, bottom_up, call, scaled, substitute, variables
from matcalc.expr.facts import is_symmetric
from matcalc.functions import row_of
from matcalc.language import Declaration
from matcalc.language import parse as parse_text
from matcalc.objects.expressions import Expr

__all__ = ["by_convention", "without_structure"]


def by_convention(f: Expr, moving: Sequence[Node], convention: str) -> tuple[Node, list[Node]]:
    """f and the variables in which it is differentiated: without their structure where that is the convention."""
    calculus.refuse_unknown_convention(convention)
    if convention != "unstructured":
        return f.node, list(moving)
    return without_structure(f.function, moving), [calculus.unstructured(v) for v in moving]


def without_structure(f: Expr, moving: Sequence[Node]) -> Node:
    """f in variables without linear structure, from its text wherever that can be read anew."""
    free = {v.data[0]: calculus.unstructured(v) for v in moving}
    if f.source is not None:
        others = {
            n: _without_linear(d) if n in free else d for n, d in f.declarations.items() if n not in free or d.member
        }
        where = ", ".join(f"{d.name} = {d.text}" for d in f.definitions)
        try:
            node = parse_text(
                f"{f.source} where {where}" if where else f.source,
                others,
                names={n: v for n, v in free.items() if n not in others},
            ).node
        except MatcalcError:
            return _freed(f, free, moving)  # a function of symmetric matrices only
        if unknown := {v.data[0] for v in variables(node)} - f.declarations.keys():
            raise DeclarationError(
                f"declare {', '.join(sorted(unknown))}: without the structure of {', '.join(free)} it is not known"
            )
        return node
    return _freed(f, free, moving)


def _without_linear(declaration: Declaration) -> Declaration:
    """An array of members without the linear structure of these."""
    kept = tuple(a for a in declaration.assumptions if a not in LINEAR_STRUCTURES)
    return replace(declaration, assumptions=kept)


def _freed(f: Expr, free: Mapping[str, Node], moving: Sequence[Node]) -> Node:
    """f in free variables, of which functions of symmetric matrices take the symmetric part."""

    def of_symmetric_part(node: Node) -> Node:
        if node.op != "call" or not row_of(node.data[0]).symmetric_argument or is_symmetric(node.args[0]):
            return node
        (s,) = node.args
        return call(node.data[0], scaled(Fraction(1, 2), s + s.T), static=node.data[1:], shape=node.shape)

    return bottom_up(substitute(f.node, {v: free[v.data[0]] for v in moving}), of_symmetric_part)
