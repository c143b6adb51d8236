"""y .* X w is y .* (X w) where y is a column and X a matrix: the other grouping, from left to right, has no meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set

from matcalc.language.declarations import Where
from matcalc.language.kinds import COLUMN, MATRIX, SCALAR, Letter, is_entrywise, kind_of, multiplied
from matcalc.language.surface import Surface, walk
from matcalc.notes import Note

__all__ = ["by_sight", "regrouped"]

_CLOSING = re.compile(r"[)\]]")
_ENTRYWISE = frozenset({"hadamard", "hadamard_divide"})
#: Kinds by sight of what has the kind of its first operand.
_ALIKE = frozenset({"negate", "power", "hadamard_power", "divide"})


def by_sight(where: Where, known: Set[str], faces: Mapping[str, str]) -> Callable[[str], int | None]:
    """What tells the kind of a name where its declaration or its letter does; ``known`` names have other meanings."""

    def kind(name: str) -> int | None:
        declaration = where.declarations.get(name)
        if declaration is not None:
            return None if declaration.is_function else kind_of(*declaration.shape)
        return None if name in known else Letter(name, faces.get(name)).usual

    return kind


def regrouped(root: Surface, text: str, kind_of: Callable[[str], int | None], notes: list[Note]) -> Surface:
    """The tree with such products grouped to the right, each with a note; ``kind_of`` tells the kind of a name, if known."""
    order = list(walk(root))
    if not any(n.kind == "multiply" and n.children[0].kind in _ENTRYWISE for n in order):
        return root
    grouping = _Grouping(text, kind_of)
    for node in order:
        grouping.add(node)
    notes += grouping.notes.values()
    return grouping.done[id(root)]


class _Grouping:
    """One walk from the leaves to the root."""

    def __init__(self, text: str, kind_of: Callable[[str], int | None]) -> None:
        self.text = text
        self.kind_of = kind_of
        self.notes: dict[int, Note] = {}
        self.done: dict[int, Surface] = {}
        self.kinds: dict[int, int | None] = {}

    def add(self, node: Surface) -> None:
        children = tuple(self.done[id(c)] for c in node.children)
        same = all(new is old for new, old in zip(children, node.children, strict=True))
        new = node if same else Surface(node.kind, children, node.value, node.span)
        if new.kind == "multiply" and children[0].kind in _ENTRYWISE:
            new = self._grouped(new)
        self.done[id(node)] = self._judged(new)

    def _judged(self, node: Surface) -> Surface:
        self.kinds[id(node)] = self._kind(node)
        return node

    def _kind(self, node: Surface) -> int | None:
        """The kind by sight: by declarations and letters."""
        kinds = [self.kinds[id(c)] for c in node.children]
        if node.kind == "number":
            return SCALAR
        if node.kind == "name":
            return self.kind_of(node.value)
        if node.kind in _ALIKE:
            return kinds[0]
        if node.kind == "transpose":
            return MATRIX if kinds[0] == MATRIX else None
        if node.kind == "multiply":
            left, right = kinds
            return None if left is None or right is None else multiplied(left, right)
        if node.kind in ("add", *_ENTRYWISE) or (node.kind == "call" and is_entrywise(node.value, len(kinds))):
            return _common(kinds)
        return None

    def _grouped(self, node: Surface) -> Surface:
        entrywise, behind = node.children
        left, right = entrywise.children
        between = self.text[right.span[1] : behind.span[0]]
        if self.kinds[id(left)] not in (SCALAR, COLUMN) or self.kinds[id(right)] != MATRIX or _CLOSING.search(between):
            return node
        product = self._judged(Surface("multiply", (right, behind), node.value, (right.span[0], behind.span[1])))
        if self.kinds[id(left)] == COLUMN:
            self._note(left, entrywise, product, node)
        return Surface(entrywise.kind, (left, product), entrywise.value, node.span)

    def _note(self, left: Surface, entrywise: Surface, product: Surface, node: Surface) -> None:
        """The longest of the products y .* A B and y .* A B x is named."""
        sign = self.text[left.span[1] : product.span[0]]
        sign = next(iter(re.findall(r"\\(?:odot|circ|oslash)|\.[*/]|[⊙∘⊘*/]", sign)), ".*")
        message = f"the product {self.text[slice(*product.span)]} is read as taken before {sign}"
        hint = "put brackets around what is taken first"
        self.notes[left.span[0]] = Note(message, hint, "grouping", self.text, node.span)


def _common(kinds: Iterable[int | None]) -> int | None:
    """The kind of arrays of one kind and of numbers; None where it is not clear."""
    found = set(kinds) - {SCALAR}
    return found.pop() if len(found) == 1 else None if found else SCALAR
