"""From items to a typed expression: kinds, then sizes, then names for sizes, then nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from matcalc.errors import MatcalcError
from matcalc.expr import ONE, Dim, Node
from matcalc.functions import find, row_of
from matcalc.language.choices.ambiguity import competing
from matcalc.language.choices.assumptions import assumed
from matcalc.language.choices.biases import bias_error, multiplier_error
from matcalc.language.choices.choosing import called_in_doubt, refused
from matcalc.language.choices.function_notes import on_functions
from matcalc.language.choices.product_notes import on_products
from matcalc.language.declarations import Declaration
from matcalc.language.evidence.matrix_functions_in_traces import of_matrices_in_traces
from matcalc.language.evidence.powers import power_of_column, powers_of_values, powers_summed
from matcalc.language.evidence.spread_numbers import spread_error
from matcalc.language.indices.binders import Member
from matcalc.language.indices.inferring import declared_array, indexed, is_power_of_size
from matcalc.language.indices.ranges import WITH_INDICES, equate_axes, named_sizes
from matcalc.language.kinds.kind_inference import Conflict, Kinds, assign_kinds
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR
from matcalc.language.meaning.items import Item, Program
from matcalc.language.meaning.lowered.lowered_calls import Expand
from matcalc.language.meaning.lowered.lowering import Lowering
from matcalc.language.meaning.typed_kinds import meaning_of, turned
from matcalc.language.signs.operator_letters import operator_error
from matcalc.language.sizes.ends import with_ends
from matcalc.language.sizes.shapes import Shapes
from matcalc.language.sizes.sizes import Clash, is_unknown
from matcalc.language.surface.tree import Typed
from matcalc.language.undefined.inferred_functions import (
    function_declaration,
    function_shapes,
    note_functions,
    typed_open,
)
from matcalc.notes import Note, distinct
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.language.statements import Statement

__all__ = ["Definition", "Inference", "Parsed"]

Sums = tuple[tuple[tuple[Node, Fraction], ...], ...]


@dataclass(frozen=True)
class Definition:
    """A name that ``where`` defines, and what it stands for.

    Attributes:
        name: canonical ASCII name.
        node: the expression, without such names.
        tree: its typed tree, which stands wherever the name was typed.
        text: the expression as it was typed.
    """

    name: str
    node: Node
    tree: Typed
    text: str


@dataclass(frozen=True)
class Parsed:
    """What a text means.

    Attributes:
        node: the expression.
        declarations: all its variables, declared or inferred, in the order of appearance.
        text: the expression as it was typed, without its ``where``.
        tree: the typed tree (see `matcalc.language.surface.tree`), its spans pointing into the whole input.
        sums: every sum in it, its terms with their signs in the order in which they were typed.
        notes: how it was read, where a reader has to know.
        statement: what the text says beside the expression, as in `\\nabla_x …`; or None.
        definitions: the names that it was written with, each in terms of earlier ones.
    """

    node: Node
    declarations: Mapping[str, Declaration]
    text: str
    tree: Typed
    sums: Sums = ()
    notes: tuple[Note, ...] = ()
    statement: Statement | None = None
    definitions: tuple[Definition, ...] = ()


class Inference:
    """Kinds, then sizes, then names for sizes, then nodes."""

    def __init__(
        self,
        program: Program,
        text: str,
        expand: Expand,
        shape: tuple[Dim, Dim] | None = None,
        *,
        alone: bool = True,
        trust: bool = False,
        headed: bool = False,
    ) -> None:
        self.headed = headed
        self.alone = alone
        self.trust = trust
        self.program = program
        self.text = text
        self.expand = expand
        self.shape = shape

    def run(self) -> Parsed:
        kinds = self._kinds()
        of_matrices_in_traces(self.program, kinds)
        shapes = self._shapes(kinds)
        question = bias_error(self.program, kinds, shapes) or competing(self.program, kinds, shapes)
        question = question or spread_error(self.program, kinds, shapes) or operator_error(self.program, kinds)
        question = question or (multiplier_error(self.program, kinds) if self.headed else None)
        if question is not None:
            raise question
        self.program.notes.extend(on_functions(self.program, shapes))
        self.program.notes.extend(on_products(self.program, shapes))
        final = self._named_sizes(shapes)
        declarations = self._declarations(kinds, shapes, final)
        return self._build(shapes, final, declarations)

    def _kinds(self) -> Kinds:
        try:
            kinds = assign_kinds(self.program)
        except Conflict as conflict:
            from matcalc.language.faults.shape_faults import conflict_error

            raise conflict_error(self.program, conflict) from None
        powers_of_values(self.program, kinds)
        doubt = called_in_doubt(self.program, kinds)
        if doubt is not None:
            raise doubt
        strained = refused(self.program, kinds)
        column = power_of_column(self.program, kinds, strained=bool(strained))
        if column is not None:
            raise column
        if strained:
            from matcalc.language.faults.shape_faults import strained_error

            raise strained_error(self.program, kinds, strained)
        self.program.notes.extend(assumed(self.program, kinds))
        self.program.notes.extend(powers_summed(self.program, kinds))
        note_functions(self.program, kinds)
        return kinds

    def _shapes(self, kinds: Kinds) -> Shapes:
        shapes = Shapes(self.program, kinds.of)
        try:
            shapes.run(range(len(self.program.items)))
            if self.shape is not None:
                for found, wanted in zip(shapes.of[self.program.root], self.shape, strict=True):
                    shapes.equate(found, wanted, self.program.root)
            if self.program.bounds:
                equate_axes(shapes)
            self.undecided = shapes.sizes.finish()
        except Clash as clash:
            from matcalc.language.faults.shape_faults import clash_error

            raise clash_error(self.program, shapes, clash) from None
        return shapes

    def _named_sizes(self, shapes: Shapes) -> dict[str, Dim]:
        """Names for the unknown sizes of variables; an error where others are left, or equations undecided."""
        program = self.program
        ids = {name: i for i, name in enumerate(program.undeclared) if i in shapes.names}
        if self.undecided:
            raise _undetermined(program, shapes, self.undecided)
        ordered = sorted(ids, key=program.order.__getitem__)
        used = {*program.order, *program.dimension_names, *program.definitions, *program.names}
        used.update(family.member.base for family in program.families.values())
        for declaration in program.where.declarations.values():
            used.update(n for d in declaration.dims for n in d.names)
        for node in program.names.values():
            dims = node.shape if isinstance(node, Node) else (node,)
            used.update(n for d in dims for n in d.names)
        functions = function_shapes(program, shapes)
        ordered += sorted(functions, key=program.order.__getitem__)
        found = [s for n in ordered for s in (functions[n] if n in functions else [shapes.names[ids[n]]])]
        named = named_sizes(shapes, [shapes.resolve(s) for s in found], used)
        return named | self._size_of_constants(shapes, named, used)

    def _size_of_constants(self, shapes: Shapes, named: dict[str, Dim], used: set[str]) -> dict[str, Dim]:
        """A size of the result that the context leaves open, as in tr(A) I, is the only one that the variables have.

        Where there are no variables, as in 2 I, it is n.
        """
        if not self.alone:
            return {}
        dims = {d for shape in shapes.of.values() for d in shape}
        left = {n for d in dims for n in shapes.sizes.resolve(d).names if is_unknown(n)} - named.keys()
        if len(left) != 1:
            return {}
        of_variables = {
            shapes.sizes.resolve(d).substitute(named)
            for i, item in enumerate(self.program.items)
            if item.kind in ("variable", "bound")
            for d in shapes.of[i]
        }
        of_declared = {d for declaration in self.program.where.declarations.values() for d in declaration.shape}
        sizes = {d for d in of_variables or of_declared if not d.is_one}
        of_result = {n for d in shapes.resolved(self.program.root) for n in d.names}
        if len(sizes) > 1 or (sizes and not left <= of_result) or (not sizes and "n" in used):
            return {}
        return {left.pop(): sizes.pop() if sizes else Dim.of("n")}

    def _declarations(self, kinds: Kinds, shapes: Shapes, final: dict[str, Dim]) -> dict[str, Declaration]:
        program = self.program
        by_name = {name: i for i, name in enumerate(program.undeclared)}
        integers = self._integers(kinds)
        structures = self._structures(kinds)
        found: dict[str, Declaration] = {}
        families = {family.name: family for family in program.families.values()}
        for name in sorted(program.order, key=program.order.__getitem__):
            family = families.get(name)
            if family is not None:
                array = declared_array(program, family, shapes, final, found)
                found[array.name] = array
                continue
            declared = program.where.declarations.get(name)
            if declared is not None:
                found[name] = declared
                continue
            if by_name[name] in program.functions:
                known, structure = shapes.functions.get(by_name[name]), structures.get(by_name[name])
                found[name] = function_declaration(
                    name, known, lambda d: shapes.sizes.resolve(d).substitute(final), structure
                )
                continue
            rows, cols = (shapes.sizes.resolve(d).substitute(final) for d in shapes.names[by_name[name]])
            if rows.is_one and cols.is_one:
                found[name] = Declaration(name, "scalar", (), ("integer",) if by_name[name] in integers else (), True)
            elif cols.is_one:
                found[name] = Declaration(name, "vector", (rows,), (), True)
            elif by_name[name] in structures and rows == cols:
                found[name] = Declaration(name, structures[by_name[name]], (rows,), (), True)
            else:
                found[name] = Declaration(name, "matrix", (rows, cols), (), True)
        return found

    def _structures(self, kinds: Kinds) -> dict[int, str]:
        """Undeclared names under a function of symmetric matrices, alone or beside the identity, or in its entries: chol(exp(-D))."""
        found: dict[int, str] = {}
        for item in self.program.items:
            if item.kind == "call" and (structure := row_of(item.node.value).symmetric_argument):
                argument = self._beside_identity(self.program.items[item.children[0]])
                named = argument.kind in ("variable", "open") and isinstance(argument.data, int)
                if named and found.get(argument.data) != "spd":
                    found[argument.data] = structure
                elif not named:
                    found = {**dict.fromkeys(self._in_entries(item.children[0], kinds), "symmetric"), **found}
        return found

    def _in_entries(self, index: int, kinds: Kinds) -> set[int]:
        """The undeclared matrix of which alone this is made, entry by entry; else none."""
        found: set[int] = set()
        pending = [index]
        while pending:
            item = self.program.items[i := pending.pop()]
            matrices = [c for c in item.children if kinds.of[c] == MATRIX]
            if item.kind == "variable" and isinstance(item.data, int):
                found.add(item.data)
            elif (matrices and not _is_of_entries(item, len(matrices))) or (i == index and not matrices):
                return set()
            pending += matrices
        return found if len(found) == 1 else set()

    def _beside_identity(self, item: Item) -> Item:
        """K of K + s I, else the item itself."""
        items = self.program.items
        if item.kind != "add" or len(item.children) != 2:
            return item
        names = [items[c] for c in item.children if items[c].kind == "variable"]
        others = [items[c] for c in item.children if items[c].kind != "variable"]
        parts = [others[0], *(items[c] for c in others[0].children)] if len(others) == 1 else []
        is_multiple = any(p.kind == "identity" or (p.kind == "call" and p.node.value == "eye") for p in parts)
        return names[0] if names and is_multiple else item

    def _integers(self, kinds: Kinds) -> set[int]:
        """Undeclared names in the exponents of matrices."""
        items = self.program.items
        found: set[int] = set()
        for item in items:
            if item.kind == "power" and kinds.of[item.children[0]] == MATRIX:
                pending = [item.children[1]]
                while pending:
                    index = pending.pop()
                    part = items[index]
                    pending.extend(part.children)
                    if part.kind == "variable" and isinstance(part.data, int) and kinds.of[index] == SCALAR:
                        found.add(part.data)
        return found

    def _build(self, shapes: Shapes, final: dict[str, Dim], declarations: dict[str, Declaration]) -> Parsed:
        program = self.program
        lowering = Lowering(program.text, declarations, self.expand, self.trust)
        typed: list[Typed] = []
        size: Callable[[Dim], Dim] = cache(lambda dim: shapes.sizes.resolve(dim).substitute(final))
        is_open: Callable[[Dim], bool] = cache(lambda dim: any(map(is_unknown, size(dim).names)))
        for index, item in enumerate(program.items):
            rows, cols = shapes.of[index]
            shape = size(rows), size(cols)
            if is_open(rows) or is_open(cols):
                raise _undetermined(program, shapes, [], index)
            children = tuple(typed[c] for c in item.children if program.items[c].kind != "function")
            kind, value = meaning_of(program, index, shapes)
            if kind == "transpose" and program.bounds and shape == (ONE, ONE) and is_power_of_size(program, item):
                exponent = Typed("dimension", (), Dim.of("T"), item.node.span, (ONE, ONE))
                lowering.lower(exponent, None, {})
                kind, value, children = "power", None, (typed[item.children[0]], exponent)
            if item.kind in WITH_INDICES or isinstance(item.node.value, Member):
                kind, value = indexed(program, item, shapes, size)
            value = typed_open(item, declarations, program.text) if kind == "open" else value
            if kind == "entry":
                children = with_ends(children, item.node.value)
            if item.is_at and [shapes.kinds[c] for c in item.children] == [COLUMN, MATRIX]:
                children = turned(*children)
                lowering.lower(children[0], None, {})
            node = Typed(kind, children, value, item.node.span, shape)
            typed.append(node)
            if kind == "function":
                continue
            if index < program.shared:
                lowering.shared.add(id(node))
            binding = {n: size(d) for n, d in shapes.bindings.get(index, {}).items()}
            lowering.lower(node, shapes.chosen.get(index), binding)
        tree = typed[program.root]
        self.lowering = lowering
        self.definitions = tuple(self._definition(name, typed[index]) for name, index in self._used_definitions())
        return self._parsed(tree, declarations, self.text, tuple(lowering.sums), distinct(program.notes))

    def _parsed(
        self, tree: Typed, declarations: Mapping[str, Declaration], text: str, sums: Sums, notes: tuple[Note, ...]
    ) -> Parsed:
        node = self.lowering.node(tree)
        return Parsed(node, declarations, text, tree, sums, notes, definitions=self.definitions)

    def _definition(self, name: str, tree: Typed) -> Definition:
        typed = " ".join(self.program.text[slice(*tree.span)].split())
        return Definition(name, self.lowering.node(tree), tree, typed)

    def _used_definitions(self) -> list[tuple[str, int]]:
        """Those that stand in the expression, or in another that does."""
        items, reached = self.program.items, {self.program.root}
        for index in range(len(items) - 1, -1, -1):
            if index in reached:
                reached.update(items[index].children)
        return [(name, index) for name, index in self.program.definitions.items() if index in reached]

    def part(self, tree: Typed, whole: Parsed, text: str) -> Parsed:
        """A subexpression of what was built."""
        return self._parsed(tree, whole.declarations, text, whole.sums, whole.notes)


def _is_of_entries(item: Item, matrices: int) -> bool:
    """Whether an operation of so many matrices is one of their entries."""
    if item.kind == "call":
        function = find(item.node.value)
        return function is not None and function.kind == "elementwise"
    is_multiple = item.kind in ("multiply", "divide") and matrices == 1
    return is_multiple or item.kind in ("add", "negate") or item.kind.startswith("hadamard")


def _undetermined(
    program: Program, shapes: Shapes, undecided: list[tuple[Dim, Dim]], index: int | None = None
) -> MatcalcError:
    from matcalc.language.faults.shape_faults import undetermined_error

    return undetermined_error(program, shapes, undecided, index)
