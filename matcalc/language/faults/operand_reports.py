"""A disagreement of operands: what they are, how they were typed, and where, in the words of a message."""

from __future__ import annotations

from collections.abc import Iterable

from matcalc.errors import Hint, Span
from matcalc.expr import Dim
from matcalc.language.kinds.kinds import kind_of
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.items import Item, Program
from matcalc.language.mends.hints import Offer, declared_alike, is_bracketed, offer, shown
from matcalc.language.sizes.naming import name_sizes
from matcalc.language.sizes.shapes import Shapes

__all__ = ["Report", "display_names", "noun"]

Shape = tuple[Dim, Dim]


def display_names(program: Program, shapes: Shapes, extra: Iterable[Shape]) -> dict[str, Dim]:
    """Names for unknown sizes in a message."""
    found = [tuple(map(shapes.sizes.resolve, shape)) for shape in shapes.names.values()]
    used = {*program.order, *program.dimension_names, *(n for n in program.names)}
    for declaration in program.where.declarations.values():
        used.update(n for d in declaration.dims for n in d.names)
    return name_sizes([*((r, c) for r, c in found), *extra], used)


class Report:
    """One disagreement: the item, its operands and their shapes."""

    def __init__(self, program: Program, shapes: Shapes, index: int, operands: tuple[int, ...]) -> None:
        self.program = program
        self.index = index
        self.item = program.items[index]
        self.operands = tuple(c for c in operands if program.items[c].kind != "size")
        raw = {c: shapes.resolved(c) for c in {*self.operands, *self.item.children} if c in shapes.of}
        display = display_names(program, shapes, raw.values())
        self.free = {name for dim in display.values() for name in dim.names}
        self.shape = {c: (r.substitute(display), k.substitute(display)) for c, (r, k) in raw.items()}
        self.kind = {c: kind_of(*s) for c, s in self.shape.items()}

    def places(self) -> tuple[Span, Span | None]:
        """The caret under the last operand, the other one marked as well."""
        if len(self.operands) >= 2:
            return self.program.span(self.operands[-1]), self.program.span(self.operands[0])
        if self.item.kind == "call" and self.operands:
            return self.program.span(self.operands[0]), None
        return self.item.node.span, None

    def source(self, index: int) -> str:
        """The operand as typed, shortened."""
        return shown(self.program.source(index))

    def typed(self, index: int) -> str:
        """The operand as typed, on one line."""
        return " ".join(self.program.text[slice(*whole(self.program.text, self.program.span(index)))].split())

    def wrapped(self, index: int) -> str:
        """The operand as a factor: in parentheses where it needs them."""
        item, text = self.program.items[index], self.typed(index)
        return text if item.kind in _ATOMS or is_bracketed(text) else f"({text})"

    def transposed(self, index: int) -> str:
        """The operand transposed, without a double transpose."""
        item = self.program.items[index]
        if item.kind == "transpose":
            return self.wrapped(item.children[0])
        return self.wrapped(index) + "^T"

    def told(self, index: int) -> str:
        """``A x, a column (m x 1)``"""
        return f"{self.source(index)}, {self.noun(index)}"

    def noun(self, index: int) -> str:
        """``a column (m x 1)``"""
        return noun(self.shape[index])

    def parent(self) -> Item | None:
        """The item that uses this one."""
        return next((i for i in self.program.items[self.index :] if self.index in i.children), None)

    def instead(self, *offers: Offer, sentence: str = "did you mean {}?") -> Hint | None:
        """What may stand in place of the whole item."""
        return offer(sentence, whole(self.program.text, self.item.node.span), *offers) if offers else None

    def agree(self, *pairs: tuple[Dim, Dim]) -> bool:
        """Whether sizes are equal, or may be: some are known to the message by a name of its own only."""
        return all(a == b or self.free.intersection((*a.names, *b.names)) for a, b in pairs)

    def alike(self, *pairs: tuple[Dim, Dim]) -> Hint | None:
        """The declarations with one size in place of two that have to be equal."""
        return declared_alike(self.program.text, self.program.where.bodies, pairs)


def noun(shape: Shape) -> str:
    """A shape in words."""
    rows, cols = shape
    match kind_of(rows, cols):
        case 0:
            return "a scalar"
        case 1:
            return f"a column ({rows} x 1)"
        case 2:
            return f"a row (1 x {cols})"
    return f"a matrix ({rows} x {cols})"


_ATOMS = frozenset("variable transpose number call norm identity bound dimension bars entry block inner".split())
