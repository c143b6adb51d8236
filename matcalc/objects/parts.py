"""The parts of an expression that its ``where`` names: how they are declared, joined and printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matcalc import printing
from matcalc.expr import Node
from matcalc.expr.facts import is_pd, is_symmetric
from matcalc.language import Declaration, Definition
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost

__all__ = ["as_printed", "declaration_of", "joined_definitions"]


#: Longer definitions stand in results as they were typed, or without their names.
LONGEST_SIMPLIFIED = 300


def declaration_of(definition: Definition) -> Declaration:
    """The declaration that what is defined would have."""
    node = definition.node
    if node.is_scalar:
        return Declaration(definition.name, "scalar")
    if node.is_column:
        return Declaration(definition.name, "vector", (node.rows,))
    if is_symmetric(node):
        return Declaration(definition.name, "spd" if is_pd(node) else "symmetric", (node.rows,))
    return Declaration(definition.name, "matrix", node.shape)


def as_printed(definition: Definition) -> printing.Defined:
    """The definition with the variable that stands for it where an expression is printed."""
    simple = simplify(definition.node) if cost(definition.node) < LONGEST_SIMPLIFIED else definition.node
    also = () if simple is definition.node else (simple,)
    return printing.Defined(declaration_of(definition).node, definition.node, id(definition.tree), also)


def joined_definitions(
    sides: Iterable[Iterable[Definition]], declarations: Mapping[str, Declaration]
) -> tuple[Definition, ...]:
    """The definitions of all sides, without names that mean something else on another side."""
    meanings: dict[str, Node | None] = dict.fromkeys(declarations)
    found: dict[str, Definition] = {}
    for definition in (d for side in sides for d in side):
        if meanings.setdefault(definition.name, definition.node) is definition.node:
            found[definition.name] = definition
        else:
            found.pop(definition.name, None)
    return tuple(found.values())
