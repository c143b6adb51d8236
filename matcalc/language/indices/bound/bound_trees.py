"""The trees of a text with all indices bound, by sums or, where its name has indices, by its result: z_i = W x_i + b."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from matcalc.errors import Span, SyntaxFault
from matcalc.language.indices.binders import Binder, Limit
from matcalc.language.indices.bound.binding import Binding
from matcalc.language.indices.bound.occurring import occurs
from matcalc.language.indices.bound.sets import sets_of_members, with_counts
from matcalc.language.surface.tree import Surface
from matcalc.language.words.names import spelled, typed_name
from matcalc.language.words.stray_members import on_unbound
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.meaning.items import Findings

__all__ = ["bound_trees"]


def bound_trees(
    text: str,
    root: Surface,
    definitions: dict[str, Surface],
    known: Collection[str],
    found: Findings,
    name: str | None,
    *,
    units: bool = False,
) -> tuple[Surface, dict[str, Surface]]:
    """The trees with all indices bound; definitions that speak of members stand in their places alone.

    Indices of the name of the result, i of z_i = …, are bound by it where nothing else binds them.
    """
    if name is None and root.kind == "name" and root.value in definitions:
        name = root.value
    found.notes += [_on_set(text, *each) for each in sets_of_members(root) if each[0] not in known]
    root = with_counts(root)
    binding = Binding(text, known, definitions, found.members, units=units)
    try:
        root, kept = binding.all(root)
    except SyntaxFault as fault:
        result = _stacked(root, name)
        if fault.code != "index" or result is root:
            raise
        binding = Binding(text, known, definitions, found.members, units=units)
        root, kept = binding.all(result)
        found.notes = [n for n in found.notes if n.code != "index"] + [_on_stacked(text, result)]
    found.notes += [_on_delta(text, node) for node in binding.deltas[:1] if not units]
    found.notes += [_on_place(text, node) for node in binding.placed]
    told = {*"".join(spelled(name).below)} if name else set()
    found.notes += [
        on_unbound(text, n, spelled(n.value).below[-1])
        for n in binding.unbound
        if told.isdisjoint(spelled(n.value).below)
    ]
    found.bounds = binding.bounds
    found.members.used |= binding.used
    return root, kept


def _on_delta(text: str, node: Surface) -> Note:
    """That the delta of two indices is Kronecker's."""
    shown = typed_name(node.value)
    hint = "declare delta: matrix(n, n) for an array of data"
    return Note(f"{shown} is read as 1 where its indices are equal, else 0", hint, "index", text, node.span)


def _on_set(text: str, name: str, letter: str, span: Span) -> Note:
    """That a set of indices is given by weights."""
    shown = typed_name(name)
    message = f"the set {shown} is read as weights {shown}_{letter}: 1 for each {letter} in it, else 0"
    return Note(message, f"declare {shown}: vector(n) if it is an array of them", "index", text, span)


def _on_place(text: str, node: Surface) -> Note:
    """That u_o beside the sum over the u_w is one of them."""
    shown, place = typed_name(node.value), spelled(node.value).below[-1]
    message = f"{shown} is read as the member at a place {place}, and e_{place} is 1 there and 0 elsewhere"
    return Note(message, f"declare {shown} if it is none of them", "index", text, node.span)


def _stacked(root: Surface, name: str | None) -> Surface:
    """z_i = W x_i + b for all i: one array, with the indices of the result first."""
    words = [word for word in spelled(name).below if word.isalpha() and len(word) <= 3] if name else []
    for letter in reversed(dict.fromkeys("".join(words))):
        if occurs(letter, root):
            root = Surface("total", (root,), Binder("stack", (Limit(letter),)), root.span)
    return root


def _on_stacked(text: str, root: Surface) -> Note:
    """What a reader has to know of the indices of a result."""
    letters: list[str] = []
    while root.kind == "total" and root.value.sign == "stack":
        letters.append(root.value.limits[0].letter)
        root = root.children[0]
    several = len(letters) > 1
    shown = f"{' and '.join(letters)} {'are indices' if several else 'is an index'} of the result"
    return Note(f"{shown}: its values for all {' and '.join(letters)} are one array", None, "index", text, root.span)
