"""Whether a letter occurs in what is summed, and whether as an index."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from matcalc.language.indices.binders import Binder
from matcalc.language.indices.member_names import held_letters
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
        if node.kind == "name":
            parts = spelled(node.value)
            if node.value == letter or letter in held_letters((*parts.below, *parts.above)):
                return True
        if node.kind == "total" and any(letter in (r.left, r.right) for r in node.value.relations):
            return True
        if node.kind == "total" and any(letter in letters for _, letters in node.value.weights):
            return True
    return False


def is_index(letter: str, body: Surface, bound: Collection[str]) -> bool:
    """Whether the letter stands where only an index does: at a name, as an entry, in p(x, y) of bound ones, in a relation."""
    for node in walk(body):
        if node.kind == "name":
            parts = spelled(node.value)
            if letter in held_letters((*parts.below, *parts.above)):
                return True
        alone = [c.kind == "name" and c.value == letter for c in node.children]
        if node.kind == "entry" and any(alone[1:]):
            return True
        if node.kind == "open" and any(alone) and all(c.kind == "name" and c.value in bound for c in node.children):
            return True
        if node.kind == "call" and any(alone) and (node.value == "e" or node.value in SIGNS_OF_RELATIONS):
            return True
        if node.kind == "total" and _is_compared(letter, node.value):
            return True
    return False


def _is_compared(letter: str, binder: Binder) -> bool:
    """Whether a sum inside is over a part of its values that the letter tells."""
    related = any(letter in (r.left, r.right) for r in binder.relations)
    ends = any(part.value == letter for limit in binder.limits for part in _walked(limit.last) if part.kind == "name")
    return related or ends or any(letter in letters for _, letters in binder.weights)


def _walked(node: Surface | None) -> Iterable[Surface]:
    return () if node is None else walk(node)
