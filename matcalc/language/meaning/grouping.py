"""A ⊙ U V^T is A ⊙ (U V^T), y .* X w is y .* (X w): which product of several is taken first, where no bracket tells.

The language goes from left to right. Papers take what stands side by side behind ⊙ and ∘ first, and so does everyone
where the other grouping has no meaning. What was chosen between two groupings that both have one is told in a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import field
from itertools import accumulate, pairwise

from matcalc.errors import Span
from matcalc.expr.dims import Dim
from matcalc.language.declarations import Where
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR, Letter, is_entrywise, kind_of, multiplied
from matcalc.language.surface.tree import Surface, walk
from matcalc.notes import Note
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["Sight", "regrouped"]

_ENTRYWISE = frozenset({"hadamard", "hadamard_divide"})
_FIRST = _ENTRYWISE | {"kron"}
#: Kinds by sight of what has the kind of its first operand.
_ALIKE = frozenset({"negate", "power", "hadamard_power", "divide"})
_TRANSPOSED = {SCALAR: SCALAR, COLUMN: ROW, ROW: COLUMN, MATRIX: MATRIX}
#: Entrywise signs of papers and of programs, and signs of products.
_PAPER = pattern(r"\\(?:odot|circ|oslash)(?![A-Za-z])|[⊙∘⊘]")
_SIGN = pattern(r"\\(?:odot|circ|oslash|otimes)(?![A-Za-z])|\.[*/]|[⊙∘⊘⊗*/]")
_PRODUCT = pattern(r"[*@·⋅∗×]|\\(?:cdot|times|ast|bullet)(?![A-Za-z])")

Shape = tuple[Dim, Dim]


@dataclass(frozen=True)
class Sight:
    """What the declaration, the definition or the letter of a name tells; names that are ``known`` have other meanings."""

    where: Where
    known: Set[str]
    faces: Mapping[str, str]
    defined: dict[str, int | None] = field(default_factory=dict)

    def shape(self, name: str) -> Shape | None:
        """The shape of a declared name."""
        declaration = self.where.declarations.get(name)
        return None if declaration is None or declaration.is_function else declaration.shape

    def kind(self, name: str, transposed: Set[str]) -> int | None:
        """The kind of a name; what stands ``transposed`` somewhere is no scalar by its letter."""
        if name in self.where.declarations:
            shape = self.shape(name)
            return None if shape is None else kind_of(*shape)
        if name in self.defined:
            return self.defined[name]
        usual = None if name in self.known else Letter(name, self.faces.get(name)).usual
        return COLUMN if usual == SCALAR and name in transposed else usual


def regrouped(
    root: Surface, definitions: Mapping[str, Surface], text: str, sight: Sight, notes: list[Note]
) -> tuple[Surface, dict[str, Surface]]:
    """The trees with such products grouped as they are meant, each with a note where that is not plain."""
    bodies = dict(definitions)
    trees = {name: list(walk(tree)) for name, tree in (*bodies.items(), ("", root))}
    if not any(n.kind == "multiply" and n.children[0].kind in _FIRST for order in trees.values() for n in order):
        return root, bodies
    for name, order in trees.items():
        grouping = _Grouping(text, sight, order)
        for node in order:
            grouping.add(node)
        notes += grouping.notes
        bodies[name] = grouping.done[id(order[-1])]
        sight.defined[name] = grouping.kinds.get(id(bodies[name]))
    return bodies.pop(""), bodies


def _is_open(node: Surface) -> bool:
    """Whether no bracket stands around two operands."""
    return node.span == (node.children[0].span[0], node.children[-1].span[1])


class _Grouping:
    """One walk from the leaves to the root."""

    def __init__(self, text: str, sight: Sight, order: Sequence[Surface]) -> None:
        self.text = text
        self.sight = sight
        self.notes: list[Note] = []
        self.done: dict[int, Surface] = {}
        self.kinds: dict[int, int | None] = {}
        self.shapes: dict[int, Shape | None] = {}
        self.transposed = {n.children[0].value for n in order if n.kind == "transpose" and n.children[0].kind == "name"}
        products = [n.children[0] for n in order if n.kind == "multiply"]
        self.inner = {id(n) for n in products if n.kind == "multiply" and _is_open(n)}

    def add(self, node: Surface) -> None:
        children = tuple(self.done[id(c)] for c in node.children)
        same = all(new is old for new, old in zip(children, node.children, strict=True))
        new = node if same else Surface(node.kind, children, node.value, node.span)
        self._judged(new)
        if new.kind == "multiply" and id(node) not in self.inner:
            new = self._grouped(new)
        self.done[id(node)] = new

    def _judged(self, node: Surface) -> Surface:
        self.kinds[id(node)] = self._kind(node)
        self.shapes[id(node)] = self._shape(node)
        return node

    def _kind(self, node: Surface) -> int | None:
        """The kind by sight: by declarations and letters."""
        kinds = [self.kinds[id(c)] for c in node.children]
        if node.kind in ("number", "norm", "inner"):
            return SCALAR
        if node.kind == "name":
            return self.sight.kind(node.value, self.transposed)
        if node.kind in _ALIKE:
            return kinds[0]
        if node.kind == "transpose":
            return None if kinds[0] is None else _TRANSPOSED[kinds[0]]
        if node.kind == "multiply":
            return _product(*kinds)
        if node.kind in ("add", *_ENTRYWISE) or (node.kind == "call" and is_entrywise(node.value, len(kinds))):
            return _common(kinds)
        return None

    def _shape(self, node: Surface) -> Shape | None:
        """The shape where declarations tell it."""
        shapes = [self.shapes[id(c)] for c in node.children]
        if node.kind == "name":
            return self.sight.shape(node.value)
        first = shapes[0] if shapes else None
        if node.kind == "transpose":
            return None if first is None else first[::-1]
        if node.kind == "multiply":
            left, right = shapes
            return None if left is None or right is None or left[1] != right[0] else (left[0], right[1])
        return first if node.kind == "negate" or node.kind in _ENTRYWISE else None

    # Groupings: the first factors behind the sign that are multiplied before it, from one of them to all.

    def _grouped(self, node: Surface) -> Surface:
        factors = [node.children[1]]
        first = node.children[0]
        while first.kind == "multiply" and _is_open(first):
            first, factor = first.children
            factors.insert(0, factor)
        if first.kind not in _FIRST or not _is_open(first):
            return node
        factors.insert(0, first.children[1])
        self._see_outer_products(factors)
        products = list(accumulate(factors, self._multiplied))
        if first.kind == "kron":
            self._note_order(first, factors)
            return node
        if (tight := self._tight(first, factors, products)) is not None:
            return tight
        count = self._count(first, factors, products)
        return node if count == 1 else self._with_first(first, products[count - 1], factors[count:], node)

    def _tight(self, first: Surface, factors: Sequence[Surface], products: Sequence[Surface]) -> Surface | None:
        """x^T (A ⊙ B) y of x^T A ⊙ B y, where neither of the other groupings has a meaning."""
        left = first.children[0]
        if left.kind != "multiply" or not _is_open(left) or any(self._fits(left, p) is not False for p in products):
            return None
        before, last = left.children
        if not self._fits(last, factors[0]) or self._has_scalar(last, factors[0]):
            return None
        span = (last.span[0], factors[0].span[1])
        result = self._multiplied(before, self._judged(Surface(first.kind, (last, factors[0]), first.value, span)))
        for factor in factors[1:]:
            result = self._multiplied(result, factor)
        message = f"{_whole(self.text, span)} is read as taken before the products around it"
        self._note(message, "put brackets around what is taken first", result)
        return result

    def _see_outer_products(self, factors: Sequence[Surface]) -> None:
        """What stands before a row is a column where its letter is one of scalars, too."""
        for before, row in pairwise(factors):
            kind = self.kinds[id(before)]
            unclear = kind is None or (before.kind == "name" and kind == SCALAR)
            if unclear and self.kinds[id(row)] == ROW:
                self.kinds[id(before)] = COLUMN

    def _multiplied(self, left: Surface, right: Surface) -> Surface:
        return self._judged(Surface("multiply", (left, right), None, (left.span[0], right.span[1])))

    def _count(self, first: Surface, factors: Sequence[Surface], products: Sequence[Surface]) -> int:
        """How many factors behind the sign are multiplied before it."""
        left = first.children[0]
        kind, every = self.kinds[id(left)], len(factors)
        fits = [self._fits(left, p) for p in products]
        outer = kind in (SCALAR, COLUMN) and self.kinds[id(factors[0])] == MATRIX
        signs = any(_PRODUCT.search(self._between(a, b)) for a, b in pairwise(factors))
        if kind == SCALAR and signs:
            return 1
        if kind == SCALAR or fits[0] is False:
            fitting = (k for k in range(every, 1, -1) if fits[k - 1] is not False)
            return next(fitting, every) if outer or kind != SCALAR else 1
        if kind != MATRIX or not (fits[0] and fits[-1]) or self.kinds[id(products[-1])] != MATRIX:
            return 1
        sign = self._sign(first)
        if _PAPER.fullmatch(sign) and not signs:
            return every
        if _PAPER.fullmatch(sign) or (sign[0] == "." and not signs):
            self._note_order(first, factors)
        return 1

    def _has_scalar(self, *nodes: Surface) -> bool:
        return any(self.kinds[id(n)] == SCALAR for n in nodes)

    def _fits(self, left: Surface, right: Surface) -> bool | None:
        """Whether two operands of an entrywise product go together; None where that is not clear."""
        kinds = {self.kinds[id(left)], self.kinds[id(right)]}
        if None in kinds:
            return None
        shapes = self.shapes[id(left)], self.shapes[id(right)]
        if SCALAR in kinds:
            return True
        return len(kinds) == 1 and (None in shapes or shapes[0] == shapes[1])

    def _between(self, left: Surface, right: Surface) -> str:
        return self.text[left.span[1] : right.span[0]]

    # What is said of it.

    def _with_first(self, first: Surface, product: Surface, rest: Sequence[Surface], node: Surface) -> Surface:
        """The entrywise product of what stands before the sign and the product behind it, times the rest."""
        left = first.children[0]
        span = (left.span[0], product.span[1]) if rest else node.span
        result = self._judged(Surface(first.kind, (left, product), first.value, span))
        divides = first.kind == "hadamard_divide"
        if not self._has_scalar(*([] if divides else [left]), *product.children):
            message = f"the product {self._source(product)} is read as taken before {self._sign(first)}"
            self._note(message, "put brackets around what is taken first", node)
        for factor in rest:
            result = self._multiplied(result, factor)
        return result

    def _note_order(self, first: Surface, factors: Sequence[Surface]) -> None:
        """A ⊗ B C has a meaning in either order."""
        left, last = first.children[0], factors[-1]
        if self._has_scalar(left, factors[0], last):
            return
        span = (factors[0].span[0], last.span[1])
        other = f"{self._source(left)} {self._sign(first)} ({_whole(self.text, span)})"
        message = f"{self._source(first)} is read as taken before the product behind it"
        both = Surface("multiply", (first, last), None, (left.span[0], last.span[1]))
        self._note(message, f"write {other} for the other grouping", both)

    def _source(self, node: Surface) -> str:
        return _whole(self.text, node.span)

    def _sign(self, first: Surface) -> str:
        found = _SIGN.search(self._between(*first.children))
        return found[0] if found else ".*"

    def _note(self, message: str, hint: str, node: Surface) -> None:
        self.notes.append(Note(message, hint, "grouping", self.text, node.span))


def _whole(text: str, span: Span) -> str:
    r"""What was typed, on one line, with the \mathbf{ before its first name, and without a bracket that is closed behind it."""
    start, end = span
    opening = re.search(r"(?:\\[A-Za-z]+\s*)?\{\s*$", text[:start])
    source = text[start:end]
    if opening and re.match(r"[^{]*\}", source):
        source = text[opening.start() : end]
    if source.count("{") > source.count("}") and text[end : end + 1] == "}":
        source += "}"
    if source.endswith(")") and source.count(")") > source.count("("):
        source = source[:-1]
    return " ".join(source.split())


def _product(left: int | None, right: int | None) -> int | None:
    """The kind of a product; what stands before a row is a column where its letter is one of scalars, too."""
    if right == ROW and left in (None, SCALAR, COLUMN):
        return MATRIX
    return None if left is None or right is None else multiplied(left, right)


def _common(kinds: Iterable[int | None]) -> int | None:
    """The kind of arrays of one kind and of numbers; None where it is not clear."""
    found = set(kinds) - {SCALAR}
    return found.pop() if len(found) == 1 else None if found else SCALAR
