"""An expression as a flat list of items, operands before the item that uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from matcalc.errors import Span
from matcalc.expr import Dim, Node
from matcalc.language.declarations import Where
from matcalc.language.evidence.quadratics import Quadratics
from matcalc.language.indices.binders import Bound
from matcalc.language.kinds.kinds import Letter
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.members import Members
from matcalc.language.surface.tree import Surface
from matcalc.language.undefined.open_contexts import OpenContext, contexts
from matcalc.notes import Note
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.language.indices.ranges import Family

__all__ = ["Findings", "Item", "Program"]


@dataclass(slots=True)
class Item:
    """One node of the expression.

    `kind` is that of the surface or typed tree; `children` are indices into the list of items. `data` holds what the
    kind needs: the Dim of a size, the Node of a bound name, the Declaration or the id of a variable, "block" for a
    number that is an entry of a block matrix. `bare` is the id
    of an undeclared name that stands alone, but for a sign, a number or a transpose; `group` are those of a sum that
    has no other terms than such names and constants.
    """

    kind: str
    children: tuple[int, ...]
    node: Surface
    data: Any = None
    constant: bool = False
    bare: int | None = None
    group: tuple[int, ...] = ()

    @property
    def is_dot(self) -> bool:
        """A product with a dot."""
        return self.kind == "multiply" and self.node.value == "·"

    @property
    def is_at(self) -> bool:
        """A product as NumPy writes it."""
        return self.kind == "multiply" and self.node.value == "@"

    @property
    def pairs_columns(self) -> bool:
        """Whether it is the inner product of two columns: x · y, and x @ y of one-dimensional arrays."""
        return self.is_dot or self.is_at


@dataclass
class Findings:
    """What was found while the texts were read, beside their trees.

    Attributes:
        notes: how the text was read where a reader has to know.
        faces: how names are set: ``bold``, ``arrow``, ``script``, ``upright``, or ``increment`` for Δx and dX; others have no entry.
        members: what sums say of names with an index.
        beside: names that stand around the expression.
        code: the text was code of another language, in which numbers stand beside arrays everywhere.
        bounds: the indices of its sums, where these keep them.
    """

    notes: list[Note] = field(default_factory=list)
    faces: dict[str, str] = field(default_factory=dict)
    members: Members = field(default_factory=Members)
    beside: frozenset[str] = frozenset()
    code: bool = False
    bounds: list[Bound] = field(default_factory=list)


@dataclass
class Program:
    """All items; `root` is the index of the expression itself.

    Attributes:
        text: into which spans point.
        undeclared: names without a declaration, by id.
        functions: those of them that are functions, with the number of their arguments.
        order: all variables in the order of appearance.
        definitions: indices of the items that a definition in ``where`` shares.
        dimension_names: names that are sizes.
        notes: how the text was read where a reader has to know.
        faces: how names are set, see `Findings`.
        code: the text was code of another language, see `Findings`.
        frees_pi: whether pi is a variable, and not the number.
        bounds: the indices of sums, see `Findings`.
        ends: the last values of indices, where these are told.
        families: what differs in its indices alone, by name and number of indices.
    """

    text: str
    where: Where
    names: Mapping[str, Node | Dim]
    items: list[Item] = field(default_factory=list)
    root: int = 0
    undeclared: list[str] = field(default_factory=list)
    functions: dict[int, int] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    definitions: dict[str, int] = field(default_factory=dict)
    shared: int = 0
    dimension_names: set[str] = field(default_factory=set)
    notes: list[Note] = field(default_factory=list)
    faces: Mapping[str, str] = field(default_factory=dict)
    code: bool = False
    frees_pi: bool = False
    bounds: list[Bound] = field(default_factory=list)
    ends: dict[int, Dim] = field(default_factory=dict)
    families: dict[tuple[str, int], Family] = field(default_factory=dict)

    @cached_property
    def contexts(self) -> dict[int, OpenContext]:
        """Where the calls of undeclared functions stand."""
        return contexts(self)

    @cached_property
    def quadratics(self) -> Quadratics:
        """The quadratic forms whose letters are told by where they stand."""
        return Quadratics(self)

    @cached_property
    def letters(self) -> list[Letter]:
        """What the spelling of each undeclared name tells; known when all items are."""
        indices = {str(f.member): len(f.member.places) for f in self.families.values()}
        return [Letter(name, self.faces.get(name), indices.get(name, 0)) for name in self.undeclared]

    @cached_property
    def parents(self) -> dict[int, int]:
        """The item in which each item stands; known when all items are."""
        return {c: i for i, item in enumerate(self.items) for c in item.children}

    def usual(self, name: int) -> int:
        """The kind of an undeclared name by convention."""
        return self.letters[name].usual

    def span(self, index: int) -> Span:
        return self.items[index].node.span

    def source(self, index: int) -> str:
        """What was typed for this item, on one line."""
        start, end = self.place(index)
        return " ".join(self.text[start:end].split())

    def place(self, index: int) -> Span:
        """Where it can be written over: in LaTeX no half of a group."""
        return whole(self.text, self.span(index)) if "\\" in self.text else self.span(index)
