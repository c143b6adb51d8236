"""`parse`: text and declarations to a typed expression."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from matcalc.errors import DeclarationError, LimitError, MatcalcError, Span
from matcalc.expr import ONE, Dim, Node
from matcalc.functions import FUNCTIONS, find
from matcalc.language import limits
from matcalc.language.arrange import Reading
from matcalc.language.clauses import plain_clauses, shown_as, split_where
from matcalc.language.declarations import Declaration, Where, read_where
from matcalc.language.faults import clash_error, conflict_error, exponential_error, strained_error, undetermined_error
from matcalc.language.grammar import read
from matcalc.language.hints import try_out
from matcalc.language.items import Findings, Program, resolve
from matcalc.language.kind_inference import Conflict, Kinds, assign_kinds
from matcalc.language.kinds import MATRIX, SCALAR
from matcalc.language.lowering import SYMMETRIC_ARGUMENT, Lowering
from matcalc.language.naming import name_sizes
from matcalc.language.open_kinds import legs_for
from matcalc.language.open_uses import OpenTyped
from matcalc.language.shapes import Shapes
from matcalc.language.sizes import Clash, is_unknown
from matcalc.language.surface import Surface, Typed, walk
from matcalc.language.unmatched import check_declarations
from matcalc.notes import Note, distinct

__all__ = ["Parsed", "parse", "parse_pair"]

Names = Mapping[str, "Node | Dim"]


@dataclass(frozen=True)
class Parsed:
    """What a text means.

    Attributes:
        node: the expression.
        declarations: all its variables, declared or inferred, in the order of appearance.
        text: the expression as it was typed, without its ``where``.
        tree: the typed tree (see `matcalc.language.surface`), its spans pointing into the whole input.
        sums: every sum in it, its terms with their signs in the order in which they were typed.
        notes: how it was read, where a reader has to know.
    """

    node: Node
    declarations: Mapping[str, Declaration]
    text: str
    tree: Typed
    sums: tuple[tuple[tuple[Node, Fraction], ...], ...] = ()
    notes: tuple[Note, ...] = ()


def parse(
    text: str,
    where: str | Mapping[str, Any] | None = None,
    *,
    names: Names | None = None,
    shape: tuple[Dim, Dim] | None = None,
    alone: bool = True,
    trust: bool = False,
    apart: bool = False,
    beside: str = "",
) -> Parsed:
    """Read an expression with its declarations, infer what is not declared, and build it.

    ``names`` binds names to expressions, or to sizes; ``shape`` is what the expression has to have, where that is known.
    ``alone`` lets a size of the result that is left open be the only one that there is, as in 2 I or tr(A) I.
    With ``trust`` the arguments of eigmax and the like are taken to be symmetric: templates of rules are written so.
    Declarations are for names of the text ``beside`` the expression, too, and ``apart`` ones for those of other expressions.
    Raises a subclass of MatcalcError for every input that is at fault.
    """
    if len(text) > limits.current().characters:
        raise LimitError(
            f"the text has {len(text):,} characters: the limit is {limits.current().characters:,}",
            code="limit-characters",
            hint="raise it with matcalc.language.limits.configure(characters=…)",
        )
    read = plain_clauses(text)
    try:
        with shown_as(text, read):
            request = _Request(shape, alone, trust, apart, beside)
            return _parse(read, where, dict(names or {}), request)
    except MatcalcError as error:
        again = partial(parse, where=where, names=names, shape=shape, alone=alone, trust=trust)
        try_out(error, text, partial(again, apart=apart, beside=beside))
        raise


@dataclass(frozen=True)
class _Request:
    """What `parse` is asked for, beside the text and its names."""

    shape: tuple[Dim, Dim] | None = None
    alone: bool = True
    trust: bool = False
    apart: bool = False
    beside: str = ""


def _parse(
    text: str,
    where: str | Mapping[str, Any] | None,
    bound: Names,
    request: _Request,
) -> Parsed:
    start = split_where(text)
    end = start if start >= 0 else len(text)
    declared = read_where(where, text, start + len("where") if start >= 0 else -1)
    found = Findings()
    root = _read(text, (0, end), declared, bound, found)
    program = resolve(text, root, _definitions(text, declared, bound, found), declared, bound, found)
    check_declarations(program, apart=request.apart, beside=request.beside)
    return _Inference(program, text[:end].strip(), request.shape, alone=request.alone, trust=request.trust).run()


def parse_pair(left: str, right: str, where: str | Mapping[str, Any] | None = None) -> tuple[Parsed, Parsed]:
    """Two expressions in which every name means the same: what one side tells of a shape holds in the other."""
    left, right = plain_clauses(left), plain_clauses(right)
    ends = [split_where(t) if split_where(t) >= 0 else len(t) for t in (left, right)]
    bodies = [t[:end].replace("\n", " ") for t, end in zip((left, right), ends, strict=True)]
    wheres = [
        t[end + len("where") :].replace("\n", ";") for t, end in zip((left, right), ends, strict=True) if end < len(t)
    ]
    text = "\n".join(bodies) + "".join(f"\nwhere {'; '.join(wheres)}" for _ in wheres[:1])
    start = len("\n".join(bodies)) + len("\nwhere") if wheres else -1
    declared = read_where(where, text, start)
    spans = [(0, len(bodies[0])), (len(bodies[0]) + 1, len(bodies[0]) + 1 + len(bodies[1]))]
    found = Findings()
    roots = [_read(text, span, declared, {}, found) for span in spans]
    definitions = _definitions(text, declared, {}, found)
    difference = Surface("add", (roots[0], roots[1]), (1, -1), (spans[0][0], spans[1][1]))
    program = resolve(text, difference, definitions, declared, {}, found)
    check_declarations(program)
    inference = _Inference(program, text)
    whole = inference.run()
    first, second = whole.tree.children
    return inference.part(first, whole, bodies[0].strip()), inference.part(second, whole, bodies[1].strip())


def is_latex(text: str) -> bool:
    r"""Whether the text holds LaTeX: a backslash directly before a letter or a bar, dollar signs, a subscript of brackets.

    `\(` and `\[` are delimiters where `\)` or `\]` follows, else left division by what stands in the bracket.
    """
    signs = r"\\[A-Za-z|{},;:!]|\\\(.*\\\)|\\\[.*\\\]|\$|[\])]_[{\w+]|\^\{[(\[]"
    return re.search(signs, text, re.DOTALL) is not None


def _read(text: str, span: Span, declared: Where, bound: Names, found: Findings) -> Surface:
    """One part of the text, in the dialect that the whole is written in."""
    known = frozenset((*declared.declarations, *bound, *(name for name, _ in declared.definitions)))
    latex = is_latex(text)
    sizes = _dimension_names(declared, bound)
    open_functions = frozenset(name for name, d in declared.declarations.items() if d.is_function)
    context = Reading(text, known, _function, _function_names, sizes, latex, found.notes, found.faces, open_functions)
    return read(text, _blanked(text, *span), "latex" if latex else "matcalc", context)


def _dimension_names(declared: Where, bound: Names) -> frozenset[str]:
    """Names that declarations or bound expressions use as sizes."""
    dims = [d for declaration in declared.declarations.values() for d in declaration.dims]
    for value in bound.values():
        dims += value.shape if isinstance(value, Node) else [value]
    return frozenset(n for d in dims for n in d.names)


def _definitions(text: str, declared: Where, bound: Names, found: Findings) -> dict[str, Surface]:
    bodies = {name: _read(text, span, declared, bound, found) for name, span in declared.definitions}
    return _in_order(text, bodies, dict(declared.definitions))


def _in_order(text: str, definitions: dict[str, Surface], spans: Mapping[str, Span]) -> dict[str, Surface]:
    """Definitions sorted so that each uses earlier ones only."""
    uses = {
        n: {s.value for s in walk(body) if s.kind == "name"} & definitions.keys() for n, body in definitions.items()
    }
    ordered: dict[str, Surface] = {}
    while len(ordered) < len(definitions):
        ready = [n for n in definitions if n not in ordered and uses[n] <= ordered.keys()]
        if not ready:
            name = next(n for n in definitions if n not in ordered)
            raise DeclarationError(f"{name} is defined by itself", code="circular", text=text, span=spans[name])
        ordered.update((n, definitions[n]) for n in ready)
    return ordered


def _blanked(text: str, start: int, end: int) -> str:
    """The part of the text at its own place, so that spans fit."""
    return " " * start + text[start:end]


def _function(name: str) -> str | None:
    row = find(name)
    return None if row is None else row.name


def _function_names() -> list[str]:
    return [*FUNCTIONS, *(alias for row in FUNCTIONS.values() for alias in row.aliases)]


class _Inference:
    """Kinds, then sizes, then names for sizes, then nodes."""

    def __init__(
        self,
        program: Program,
        text: str,
        shape: tuple[Dim, Dim] | None = None,
        *,
        alone: bool = True,
        trust: bool = False,
    ) -> None:
        self.alone = alone
        self.trust = trust
        self.program = program
        self.text = text
        self.shape = shape

    def run(self) -> Parsed:
        kinds = self._kinds()
        shapes = self._shapes(kinds)
        final = self._named_sizes(shapes)
        declarations = self._declarations(kinds, shapes, final)
        return self._build(shapes, final, declarations)

    def _kinds(self) -> Kinds:
        try:
            kinds = assign_kinds(self.program)
        except Conflict as conflict:
            raise conflict_error(self.program, conflict) from None
        if kinds.strained:
            raise strained_error(self.program, kinds)
        return kinds

    def _shapes(self, kinds: Kinds) -> Shapes:
        shapes = Shapes(self.program, kinds.of)
        try:
            shapes.run(range(len(self.program.items)))
            if self.shape is not None:
                for found, wanted in zip(shapes.of[self.program.root], self.shape, strict=True):
                    shapes.equate(found, wanted, self.program.root)
            self.undecided = shapes.sizes.finish()
        except Clash as clash:
            raise clash_error(self.program, shapes, clash) from None
        return shapes

    def _named_sizes(self, shapes: Shapes) -> dict[str, Dim]:
        """Names for the unknown sizes of variables; an error where others are left, or equations undecided."""
        program = self.program
        inferred = {
            name: tuple(map(shapes.sizes.resolve, shapes.names[i]))
            for i, name in enumerate(program.undeclared)
            if i in shapes.names
        }
        if self.undecided:
            raise undetermined_error(program, shapes, self.undecided)
        ordered = sorted(inferred, key=program.order.__getitem__)
        used = {*program.order, *program.dimension_names, *program.definitions, *program.names}
        for declaration in program.where.declarations.values():
            used.update(n for d in declaration.dims for n in d.names)
        for node in program.names.values():
            dims = node.shape if isinstance(node, Node) else (node,)
            used.update(n for d in dims for n in d.names)
        named = name_sizes([(r, c) for r, c in (inferred[n] for n in ordered)], used)
        return named | self._size_of_constants(shapes, named, used)

    def _size_of_constants(self, shapes: Shapes, named: dict[str, Dim], used: set[str]) -> dict[str, Dim]:
        """A size of the result that the context leaves open, as in tr(A) I, is the only one that the variables have.

        Where there are no variables, as in 2 I, it is n.
        """
        left = {n for s in shapes.of.values() for d in s for n in shapes.sizes.resolve(d).names if is_unknown(n)}
        left -= named.keys()
        if len(left) != 1 or not self.alone:
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
        structures = self._structures()
        found: dict[str, Declaration] = {}
        for name in sorted(program.order, key=program.order.__getitem__):
            declared = program.where.declarations.get(name)
            if declared is not None:
                found[name] = declared
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

    def _structures(self) -> dict[int, str]:
        """Undeclared names that stand alone under a function of symmetric matrices."""
        found: dict[int, str] = {}
        for item in self.program.items:
            if item.kind == "call" and item.node.value in SYMMETRIC_ARGUMENT:
                argument = self.program.items[item.children[0]]
                if argument.kind == "variable" and isinstance(argument.data, int) and found.get(argument.data) != "spd":
                    found[argument.data] = SYMMETRIC_ARGUMENT[item.node.value]
        return found

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
        lowering = Lowering(program.text, declarations, lambda text, names: parse(text, names=names).node, self.trust)
        typed: list[Typed] = []
        known: dict[Dim, Dim] = {}

        def size(dim: Dim) -> Dim:
            if dim not in known:
                known[dim] = shapes.sizes.resolve(dim).substitute(final)
            return known[dim]

        for index, item in enumerate(program.items):
            rows, cols = shapes.of[index]
            shape = size(rows), size(cols)
            if any(is_unknown(n) for d in shape for n in d.names):
                raise undetermined_error(program, shapes, [], index)
            if item.kind == "exponential" and shape != (ONE, ONE):
                raise exponential_error(program, index, shape)
            kind = "call" if item.kind == "exponential" else item.kind
            node = Typed(kind, tuple(typed[c] for c in item.children), _value(item), item.node.span, shape)
            typed.append(node)
            if index < program.shared:
                lowering.shared.add(id(node))
            binding = {n: size(d) for n, d in shapes.bindings.get(index, {}).items()}
            lowering.lower(node, shapes.chosen.get(index), binding)
        tree = typed[program.root]
        self.lowering = lowering
        return Parsed(lowering.node(tree), declarations, self.text, tree, tuple(lowering.sums), distinct(program.notes))

    def part(self, tree: Typed, whole: Parsed, text: str) -> Parsed:
        """A subexpression of what was built."""
        return Parsed(self.lowering.node(tree), whole.declarations, text, tree, whole.sums, whole.notes)


def _value(item: Any) -> Any:
    match item.kind:
        case "variable":
            return item.node.value
        case "dimension" | "bound" | "constant":
            return item.data
        case "size":
            return Dim.of(item.data)
        case "identity":
            return None
        case "open":
            use, declared = item.node.value, item.data
            return OpenTyped(use, declared.function(use.count(len(item.children))), legs_for(item, declared))
        case "exponential":
            return "exp"
    return item.node.value
