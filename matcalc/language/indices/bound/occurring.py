"""Whether a letter occurs in what is summed, and whether as an index."""

from __future__ import annotations

from collections.abc import Collection

from matcalc.language.indices.binders import Binder
from matcalc.language.indices.bound.member_names import held_letters
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.names import spelled

__all__ = ["SIGNS_OF_RELATIONS", "is_index", "occurs"]

#: Functions that say 1 or 0 of two indices.
SIGNS_OF_RELATIONS = {"equals": "==", "differs": "!=", "greater": ">", "at_least": ">="}


def occurs(letter: str, body: Surface) -> bool:
    """Whether a name in the body holds the letter, or is it, and no sum in it binds that."""
    pending = [body]
    while pending:
        node = pending.pop()
        if node.kind != "total" or all(limit.letter != letter for limit in node.value.limits):
            pending += node.children
        if node.kind == "name" and (node.value == letter or _is_held(letter, node.value)):
            return True
        if node.kind == "total" and _is_compared(letter, node.value):
            return True
    return False


def is_index(letter: str, body: Surface, bound: Collection[str]) -> bool:
    """Whether the letter stands where only an index does: at a name, as an entry, in p(x, y) of bound ones, in a relation."""
    for node in walk(body):
        if node.kind == "name" and _is_held(letter, node.value):
            return True
        alone = [c.kind == "name" and c.value == letter for c in node.children]
        if node.kind == "entry" and any(alone[1:]):
            return True
        if node.kind == "open" and any(alone) and all(c.kind == "name" and c.value in bound for c in node.children):
            return True
        if node.kind == "call" and any(alone) and (node.value == "e" or node.value in SIGNS_OF_RELATIONS):
            return True
        if node.kind == "total" and (_is_compared(letter, node.value) or _is_end(letter, node.value)):
            return True
    return False


def _is_held(letter: str, name: str) -> bool:
    """x_i holds i"""
    parts = spelled(name)
    return letter in held_letters((*parts.below, *parts.above))


def _is_compared(letter: str, binder: Binder) -> bool:
    """Whether a relation or a set below the sign of a sum has the letter."""
    related = any(letter in (r.left, r.right) for r in binder.relations)
    return related or any(letter in letters for _, letters in binder.weights)


def _is_end(letter: str, binder: Binder) -> bool:
    """Whether the letter stands above the sign of a sum."""
    ends = (part for limit in binder.limits if limit.last is not None for part in walk(limit.last))
    return any(part.kind == "name" and part.value == letter for part in ends)
