r"""Two matrices in square brackets: [A, B] is a commutator in mathematics, and a block matrix.

In LaTeX both are asked for where both can be meant; where only one has sizes that fit it is taken, A B - B A with a note.
In plain text the brackets are those of blocks as long as these fit, with a note where the other fits, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from matcalc.errors import Fix, Hint, MatcalcError, Offers, Span, SyntaxFault
from matcalc.language.choices.ambiguity import LONGEST_COPIED
from matcalc.language.declarations import Declaration
from matcalc.language.kinds.kinds import MATRIX, SCALAR, Letter, kind_of
from matcalc.language.latex.commands.latex_braces import ends_with_name
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.inference import Parsed
from matcalc.language.meaning.items import Findings
from matcalc.language.mends.hints import LONGEST_OFFER, shown, unbracketed, write
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.names import is_greek
from matcalc.notes import Note
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["Commutators"]

Trees = tuple[Surface, dict[str, Surface]]
#: What is written for a pair.
Write = Callable[[Surface], str]
Mean = Callable[[Surface, dict[str, Surface]], Parsed]

_OPENING = pattern(r"\[|\\lbrack|\\left\s*(?:\[|\\lbrack)|\\[bB]igg?l?\s*\[")


@dataclass(frozen=True)
class Commutators:
    """The pairs of matrices in brackets of an expression and its definitions.

    Attributes:
        text: into which spans point.
        latex: whether it is LaTeX.
        declared: the declarations that it has.
        found: how the names are set.
    """

    text: str
    latex: bool
    declared: Mapping[str, Declaration]
    found: Findings

    def decided(self, root: Surface, definitions: dict[str, Surface], mean: Mean) -> Parsed:
        """What the expression means. Raises SyntaxFault where it may be either, else what the blocks raise."""
        pairs = [] if self.found.code else self._pairs((root, *definitions.values()))
        if not pairs:
            return mean(root, definitions)
        blocks = _tried(mean, root, definitions)
        commutators = _tried(mean, *_exchanged(root, definitions, pairs))
        of_numbers = isinstance(blocks, MatcalcError) or _hold_numbers(blocks, pairs)
        if isinstance(commutators, MatcalcError):
            if commutators.code == "ambiguous" or (self.latex and of_numbers and self._hold_capitals(pairs)):
                raise commutators if of_numbers else self._question(pairs)
            return _value(blocks)
        if isinstance(blocks, MatcalcError) or (of_numbers and self._hold_capitals(pairs)):
            other = None if isinstance(blocks, MatcalcError) else self._block
            return replace(commutators, notes=(*commutators.notes, self._read(pairs, self._commutator, other)))
        if self.latex:
            raise self._question(pairs)
        return replace(blocks, notes=(*blocks.notes, self._read(pairs, self._block, self._commutator)))

    def _pairs(self, trees: Iterable[Surface]) -> list[Surface]:
        """The blocks of one row and two matrices, inner ones first; none where others stand beside them: [A, B] [C; D]."""
        blocks = [node for tree in trees for node in walk(tree) if node.kind == "block"]
        return blocks if all(n.value == (1, 2) and self._may_be_commutator(n) for n in blocks) else []

    def _may_be_commutator(self, node: Surface) -> bool:
        typed = _OPENING.match(self.text, node.span[0]) is not None
        return typed and all(any(map(self._may_be_matrix, walk(child))) for child in node.children)

    def _may_be_matrix(self, node: Surface) -> bool:
        """A matrix, or a Greek letter that is not set as a vector."""
        is_letter = node.kind == "name" and node.value not in self.declared and node.value != "pi"
        return self._is_matrix(node) or (
            is_letter and self.found.faces.get(node.value) is None and is_greek(node.value)
        )

    def _is_matrix(self, node: Surface) -> bool:
        """A name that is declared as a matrix, or a capital."""
        if node.kind != "name" or node.value == "I":
            return False
        if node.value in self.declared:
            declared = self.declared[node.value]
            return not declared.is_function and kind_of(*declared.shape) == MATRIX
        return Letter(node.value, self.found.faces.get(node.value)).usual == MATRIX

    def _hold_capitals(self, pairs: Sequence[Surface]) -> bool:
        """Whether other letters than Greek ones say that these are matrices."""
        return all(any(map(self._is_matrix, walk(pair))) for pair in pairs)

    def _question(self, pairs: Sequence[Surface]) -> MatcalcError:
        outer = _outermost(pairs)
        source = self._source(outer[0])
        ways = (("for the commutator", self._commutator), ("for the block matrix", self._block))
        offers = tuple(self._offer(purpose, outer, way) for purpose, way in ways)
        return SyntaxFault(
            f"{source} may be a commutator or a block matrix",
            code="ambiguous",
            text=self.text,
            span=outer[0].span,
            hint=Hint(Offers("write {}", offers)),
        )

    def _offer(self, purpose: str, pairs: Sequence[Surface], way: Write) -> tuple[str, Fix]:
        """The whole text with all of them written so; of a long one the first of them."""
        fix = Fix(tuple((self._place(pair), self._beside(pair, way(pair))) for pair in pairs))
        if len(self.text) > LONGEST_COPIED or "\n" in self.text.strip():
            return f"{shown(way(pairs[0]), LONGEST_OFFER)} {purpose}", fix
        return f'"{" ".join(fix.applied(self.text).split())}" {purpose}', fix

    def _beside(self, pair: Surface, written: str) -> str:
        """A bracket behind a name would be that of a function."""
        if not ends_with_name(self.text[: pair.span[0]]):
            return written
        return rf" \cdot {written}" if self.latex else f" * {written}"

    def _commutator(self, pair: Surface) -> str:
        a, b = (self._factor(child) for child in pair.children)
        return f"({a} {b} - {b} {a})"

    def _factor(self, node: Surface) -> str:
        if node.kind == "block":
            return self._commutator(node)
        source = self._source(node)
        return f"({source})" if node.kind in ("add", "negate") else source

    def _block(self, pair: Surface) -> str:
        a, b = (self._block(c) if c.kind == "block" else self._source(c) for c in pair.children)
        return rf"\begin{{bmatrix}} {a} & {b} \end{{bmatrix}}" if self.latex else f"[{a}, {b}]"

    def _place(self, node: Surface) -> Span:
        return whole(self.text, node.span) if self.latex else node.span

    def _source(self, node: Surface) -> str:
        return " ".join(self.text[slice(*self._place(node))].split())

    def _read(self, pairs: Sequence[Surface], way: Write, other: Write | None) -> Note:
        """The note on what was taken, with the other where it can be meant."""
        pair = _outermost(pairs)[0]
        is_commutator = way == self._commutator
        noun = f"the commutator {unbracketed(way(pair))}" if is_commutator else "a block matrix"
        purpose = "for a block matrix" if is_commutator else "for the commutator"
        hint = write(self._place(pair), (self._beside(pair, other(pair)), purpose)) if other is not None else None
        return Note(f"{self._source(pair)} is read as {noun}", hint, "commutator", self.text, pair.span)


def _value(read: Parsed | MatcalcError) -> Parsed:
    if isinstance(read, MatcalcError):
        raise read
    return read


def _tried(mean: Mean, root: Surface, definitions: dict[str, Surface]) -> Parsed | MatcalcError:
    try:
        return mean(root, definitions)
    except MatcalcError as error:
        return error


def _outermost(pairs: Sequence[Surface]) -> list[Surface]:
    """Those that stand in no other one, in the order of the text."""
    inside = {id(node) for pair in pairs for child in pair.children for node in walk(child)}
    return sorted((pair for pair in pairs if id(pair) not in inside), key=lambda pair: pair.span)


def _exchanged(root: Surface, definitions: Mapping[str, Surface], pairs: Sequence[Surface]) -> Trees:
    """The trees with A B - B A in place of the pairs."""
    done: dict[int, Surface] = {}
    wanted = {id(pair) for pair in pairs}
    for node in [n for tree in (*definitions.values(), root) for n in walk(tree)]:
        children = tuple(done[id(c)] for c in node.children)
        if id(node) in wanted:
            done[id(node)] = _difference(node, *children)
        elif all(a is b for a, b in zip(children, node.children, strict=True)):
            done[id(node)] = node
        else:
            done[id(node)] = Surface(node.kind, children, node.value, node.span)
    return done[id(root)], {name: done[id(body)] for name, body in definitions.items()}


def _difference(node: Surface, a: Surface, b: Surface) -> Surface:
    products = (
        Surface("multiply", (a, b), None, node.span),
        Surface("multiply", (_copied(b), _copied(a)), None, node.span),
    )
    return Surface("add", products, (1, -1), node.span)


def _copied(root: Surface) -> Surface:
    done: dict[int, Surface] = {}
    for node in walk(root):
        done[id(node)] = Surface(node.kind, tuple(done[id(c)] for c in node.children), node.value, node.span)
    return done[id(root)]


def _hold_numbers(parsed: Parsed, pairs: Sequence[Surface]) -> bool:
    """Whether a number is an entry of one of the blocks."""
    spans = {child.span for pair in pairs for child in pair.children}
    return any(kind_of(*node.shape) == SCALAR for node in walk(parsed.tree) if node.span in spans)
