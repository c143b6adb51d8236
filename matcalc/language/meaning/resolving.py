"""The names of an expression resolved: which are variables, sizes, constants, definitions and functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from matcalc.errors import DeclarationError, MatcalcError, Span, UnknownNameError
from matcalc.expr import Dim, Node
from matcalc.expr.node import IMAGINARY_UNIT
from matcalc.functions import Function, find
from matcalc.language.choices.function_notes import OF_SQUARES
from matcalc.language.choices.reversed_products import of_matrices
from matcalc.language.declarations import Declaration, Where
from matcalc.language.evidence.bold_squares import squares_of_lengths
from matcalc.language.faults.name_faults import (
    bad_literal,
    glued_names,
    glued_parts,
    one_name,
    two_counts,
    two_uses,
    without_brackets,
    wrong_count,
)
from matcalc.language.indices.binders import Member
from matcalc.language.indices.ranges import Family, declared_member, twin_of
from matcalc.language.meaning.grouping import Sight, regrouped
from matcalc.language.meaning.items import Findings, Item, Program
from matcalc.language.meaning.letter_pi import frees_pi
from matcalc.language.meaning.unit_factors import check_units
from matcalc.language.signs.called.function_letters import ALSO_LETTERS
from matcalc.language.signs.euler import with_euler
from matcalc.language.sizes.ends import WORD, index_of
from matcalc.language.sizes.signatures import Signature, parse_signature
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.names import COMPLEX_PARTS, numbers_identities, slopes_of_image, typed_name
from matcalc.language.words.size_texts import size_of
from matcalc.notes import Note

__all__ = ["resolve"]


def resolve(
    text: str,
    root: Surface,
    definitions: Mapping[str, Surface],
    where: Where,
    names: Mapping[str, Node | Dim],
    found: Findings,
) -> Program:
    """Give every name its meaning: bound, defined, declared, a size, a constant, or a variable to infer."""
    program = Program(text, where, names, notes=found.notes, faces=found.faces, code=found.code)

    if not found.code:
        check_units((root, *definitions.values()), text)
        sight = Sight(where, {*names, *definitions}, found.faces)
        root, definitions = of_matrices(root, definitions, where)
        root, definitions = squares_of_lengths(root, definitions, where, found, text)
        if ("pi" in text or "π" in text) and "e" not in {*where.declarations, *names, *definitions}:
            root, definitions = with_euler(root, definitions, text)
        root, definitions = regrouped(root, definitions, text, sight, found.notes)
    program.frees_pi = frees_pi(program, (root, *definitions.values()), found)
    program.bounds = found.bounds
    resolver = _Resolver(program, (root, *definitions.values()))
    resolver.find_ends()
    for name, body in definitions.items():
        program.definitions[name] = resolver.add(body)
    program.shared = len(program.items)
    program.root = resolver.add(root)
    if not program.code:
        _check_glued_names(program)
    return program


def _check_glued_names(program: Program) -> None:
    """Ax is a product without its space, above all beside A and x."""
    known = {*program.order, *program.where.declarations, *program.definitions}
    for identifier, name in enumerate(program.undeclared):
        if identifier in program.functions:
            continue
        parts = glued_parts(name, known)
        if parts and _is_square(program, identifier, parts[-1]):
            continue
        if parts:
            raise glued_names(name, parts, _places(program, name), program.text, all(part in known for part in parts))
        if len(program.undeclared) == 1:
            program.notes += one_name(name, _places(program, name), program.text)


def _is_square(program: Program, identifier: int, last: str) -> bool:
    """Whether Ky stands alone in inv(Ky) or det(Ky), where a product with the vector y has no meaning."""
    calls = (i for i in program.items if i.kind == "call" and i.node.value in OF_SQUARES)
    return last.islower() and any(program.items[i.children[0]].data == identifier for i in calls)


def _places(program: Program, name: str) -> list[Span]:
    return [i.node.span for i in program.items if i.kind == "variable" and i.node.value == name]


#: Leaves that depend on an index.
_WITH_INDEX = frozenset({"at", "place", "same"})


class _Resolver:
    def __init__(self, program: Program, trees: Iterable[Surface]) -> None:
        self.program = program
        self.typed = {node.value for tree in trees for node in walk(tree) if node.kind == "name"}
        self.done: dict[int, int] = {}
        self.kept: list[Surface] = []
        for declaration in program.where.declarations.values():
            for dim in declaration.dims:
                program.dimension_names.update(dim.names)
        for bound in program.names.values():
            for dim in bound.shape if isinstance(bound, Node) else ():
                program.dimension_names.update(dim.names)
        self.ids: dict[str, int] = {}

    def find_ends(self) -> None:
        """The last values of indices, which are sizes."""
        for number, bound in enumerate(self.program.bounds):
            declared = self.program.where.declarations.get(bound.letter)
            if bound.last is not None:
                self.program.ends[number] = self._dim(bound.last)
            elif declared is not None and declared.kind == "index":
                self.program.ends[number] = declared.dims[0]

    def add(self, root: Surface) -> int:
        """Append the items of a tree and return the index of its root."""
        self.kept.append(root)
        order = walk(root)
        sizes = self._size_arguments(order)
        inside = {id(n) for s in sizes.values() for n in walk(s[0])}
        for node in order:
            if id(node) in sizes:
                self._append(node, Item("size", (), node, sizes[id(node)][1], constant=True))
            elif id(node) not in inside:
                self._append(node, self._item(node))
        return self.done[id(root)]

    def _append(self, node: Surface, item: Item) -> None:
        if item.kind == "defined":
            self.done[id(node)] = item.data
            return
        self.done[id(node)] = len(self.program.items)
        self.program.items.append(item)

    def _item(self, node: Surface) -> Item:
        if node.kind == "name":
            return self._name(node)
        children = tuple(self.done[id(c)] for c in node.children)
        items = self.program.items
        item = Item(node.kind, children, node)
        item.constant = node.kind not in ("open", *_WITH_INDEX) and all(items[c].constant for c in children)
        if node.kind in ("transpose", "negate"):
            item.bare = items[children[0]].bare
        if node.kind == "add" and all(items[c].bare is not None or items[c].constant for c in children):
            item.group = tuple(b for c in children if (b := items[c].bare) is not None)
        if node.kind == "multiply":
            literal = [c for c in children if items[c].kind == "number"]
            other = [c for c in children if items[c].kind != "number"]
            item.bare = items[other[0]].bare if len(literal) == 1 else None
        if node.kind == "block":
            for child in children:
                if items[child].kind == "number":
                    items[child].data = "block"
        if node.kind == "call":
            item.data = self._candidates(node)
        if node.kind == "open":
            self._open_function(item)
        return item

    def _open_function(self, item: Item) -> None:
        """The declaration of the function; where it has none, a leaf before its arguments stands for it."""
        name: str = item.node.value.name
        program = self.program
        program.order.setdefault(name, len(program.order))
        declaration = program.where.declarations.get(name)
        if declaration is not None:
            item.data = declaration
            return
        count = item.node.value.count(len(item.node.children))
        item.data = self._function_id(name, count, item.node)
        item.children = (len(program.items), *item.children)
        program.items.append(Item("function", (), item.node, item.data))

    def _function_id(self, name: str, count: int, node: Surface) -> int:
        known = self.ids.setdefault(name, len(self.ids))
        if known == len(self.program.undeclared):
            self.program.undeclared.append(name)
            self.program.functions[known] = count
        if known not in self.program.functions:
            raise two_uses(name, node.span, self.program.text)
        if self.program.functions[known] != count:
            raise two_counts(name, self.program.functions[known], count, node.span, self.program.text)
        return known

    def _member(self, node: Surface, member: Member) -> Item:
        """A member of a family: of what is declared, or of a name that stands for all that differ in their indices."""
        key = (member.base, len(member.places))
        family = self.program.families.get(key)
        if family is None:
            own, array = declared_member(member, self.program.where.declarations)
            if own is None and array is not None:
                message = (
                    f"{typed_name(member)} has {len(member.places)} indices, and {array} has {len(array.axes)} axes"
                )
                raise DeclarationError(message, code="index", text=self.program.text, span=node.span)
            if own is None and member.is_number:
                own = Declaration(str(member), "scalar")
            data: Any = own if own is not None else self._undeclared(node, str(member)).data
            name = own.name if own is not None and array is None else array.name if array is not None else str(member)
            family = self.program.families[key] = Family(name, member, data, declared=array)
            self.program.order.setdefault(name, len(self.program.order))
            if array is None:
                self._find_twins(family, node)
        family.uses.append(member)
        return Item("variable", (), node, family.data, bare=family.data if isinstance(family.data, int) else None)

    def _find_twins(self, family: Family, node: Surface) -> None:
        """Undeclared names that may stand for all members."""
        for name in dict.fromkeys((family.member.base, twin_of(family.member.base))):
            is_number = name == "pi" and not self.program.frees_pi
            known = {*self.program.where.declarations, *self.program.definitions}
            if name in self.typed and name not in known and not is_number:
                family.twins[name] = self._undeclared(node, name).data

    def _name(self, node: Surface) -> Item:
        name: str = node.value
        program = self.program
        if isinstance(name, Member):
            return self._member(node, name)
        bound = program.names.get(name)
        if isinstance(bound, Node):
            return Item("bound", (), node, bound)
        if isinstance(bound, Dim):
            return Item("dimension", (), node, bound, constant=True)
        if name in program.definitions:
            return Item("defined", (), node, program.definitions[name])
        declaration = program.where.declarations.get(name)
        if declaration is not None and declaration.is_function:
            raise self._unknown(f"{name} is a function", node, f"write {name}(…)")
        if declaration is not None:
            program.order.setdefault(name, len(program.order))
            return Item("variable", (), node, declaration)
        if name in program.dimension_names:
            return Item("dimension", (), node, Dim.of(name), constant=True)
        if name == "pi" and not program.frees_pi:
            return Item("constant", (), node, "pi", constant=True)
        if name == IMAGINARY_UNIT and any(d.is_complex for d in program.where.declarations.values()):
            return Item("constant", (), node, IMAGINARY_UNIT, constant=True)
        name = re.sub(r"\AI_([a-zA-Z]|\d+)_(?:star_)?\1\Z", r"I_\1", name)  # I_{n*n} and I_{n,n}
        is_slope = name.startswith("I_") and name[2:] in slopes_of_image(program.text)
        is_sized = name.startswith("I_") and name != "I_0" and not is_slope and self._is_size(name[2:])
        is_open = not is_sized and not is_slope and not program.code and re.fullmatch("I_[a-z]", name) is not None
        if name == "I" or is_open or is_sized:
            size = None if name == "I" or is_open else Dim.of(int(name[2:]) if name[2:].isdigit() else name[2:])
            if size is not None:
                program.dimension_names.update(size.names)
            if is_open:
                hint = f"declare {name}: matrix(m, n) if it is one"
                self._note_once(node, f"{name} is read as the identity", hint)
            return Item("identity", (), node, size, constant=True)
        if is_slope or re.fullmatch(r"I_\d", name):
            self._note_once(node, f"{name} is read as a name, not as an identity", f"write eye({name[2:]}) for that")
        return self._undeclared(node, name)

    def _note_once(self, node: Surface, message: str, hint: str) -> None:
        if all(note.message != message for note in self.program.notes):
            self.program.notes.append(Note(message, hint, "identity", self.program.text, node.span))

    def _is_size(self, name: str) -> bool:
        """I_3, I_n, I_T: a number, a size in use, or a letter that may become one."""
        free = len(name) == 1 and name.isalpha() and name not in (self.ids if name.islower() else self.typed)
        numbered = name.isdigit() and not numbers_identities(self.program.text)
        return numbered or name in self.program.dimension_names or free

    def _undeclared(self, node: Surface, name: str) -> Item:
        if (
            len(name) > 1
            and name not in ALSO_LETTERS
            and name not in COMPLEX_PARTS
            and not self.program.code
            and find(name) is not None
        ):
            raise without_brackets(name, node.span, self.program.text)
        optimum = re.fullmatch(r"(?:arg)?(?:min|max)_\w+|inf_\w+|sup_\w+", name)
        if optimum and re.match(r"\s*(?!where\b)[\w(\[{|‖<⟨]", self.program.text[node.span[1] :]):
            hint = f"type what stands behind {name} only; or declare {name} if it is a factor"
            raise self._unknown("an objective alone is differentiated, not its optimum", node, hint)
        identifier = self.ids.setdefault(name, len(self.ids))
        if identifier in self.program.functions:
            raise two_uses(name, node.span, self.program.text)
        if identifier == len(self.program.undeclared):
            self.program.undeclared.append(name)
        self.program.order.setdefault(name, len(self.program.order))
        return Item("variable", (), node, identifier, bare=identifier)

    def _unknown(self, message: str, node: Surface, hint: str | None) -> MatcalcError:
        return UnknownNameError(message, text=self.program.text, span=node.span, hint=hint)

    # Arguments that are sizes, indices or literals.

    def _size_arguments(self, order: list[Surface]) -> dict[int, tuple[Surface, Dim | int]]:
        found: dict[int, tuple[Surface, Any]] = {}
        for node in order:
            if node.kind == "call":
                self._sizes_of_call(node, found)
            elif node.kind == "entry":
                for child in node.children[1:]:
                    found[id(child)] = (child, self._index(child))
        return found

    def _sizes_of_call(self, node: Surface, found: dict[int, tuple[Surface, Any]]) -> None:
        for i, child in enumerate(node.children):
            kinds = {s.parameters[i].kind for s in self._by_count(node)}
            if kinds & {"size", "index"}:
                found[id(child)] = (child, self._dim(child))
            elif "literal" in kinds and (kinds == {"literal"} or _literal(child) is not None):
                value = _literal(child)
                allowed = {s.parameters[i].literal for s in self._by_count(node)}
                if value not in allowed and kinds == {"literal"}:
                    raise bad_literal(_function(node.value), i + 1, allowed, child.span, self.program.text)
                if value in allowed:
                    found[id(child)] = (child, value)

    def _by_count(self, node: Surface) -> list[Signature]:
        function = _function(node.value)
        signatures = [parse_signature(s) for s in function.signatures]
        fitting = [s for s in signatures if len(s.parameters) == len(node.children)]
        if not fitting:
            raise wrong_count(function, sorted({len(s.parameters) for s in signatures}), node, self.program.text)
        return fitting

    def _candidates(self, node: Surface) -> list[Signature]:
        """The signatures whose literal arguments fit."""

        def fits(signature: Signature) -> bool:
            for parameter, child in zip(signature.parameters, node.children, strict=True):
                item = self.program.items[self.done[id(child)]]
                is_literal = item.kind == "size" and isinstance(item.data, int)
                if parameter.kind == "literal" and not (is_literal and item.data == parameter.literal):
                    return False
                if parameter.kind == "array" and item.kind == "size":
                    return False
            return True

        return [self._with_lines(s, node) for s in self._by_count(node) if fits(s)]

    def _with_lines(self, signature: Signature, node: Surface) -> Signature:
        """ones(n, 1) is a column, ones(1, n) a row, as zeros, and what unvec makes of a vector."""
        pairs = zip(signature.parameters, node.children, strict=True)
        sizes = {p.name: self.program.items[self.done[id(c)]].data for p, c in pairs if p.kind == "size"}
        ones = {name for name, size in sizes.items() if isinstance(size, Dim) and size.is_one}
        rows, cols = (Dim.of(1) if d.names and set(d.names) <= ones else d for d in signature.result)
        return replace(signature, result=(rows, cols)) if ones else signature

    def _dim(self, node: Surface) -> Dim:
        return size_of(node, self._size_name, self.program.text)

    def _index(self, node: Surface) -> Dim:
        known = WORD in self.program.dimension_names or WORD in self.program.names
        return index_of(node, self._size_name, self.program.text, known=known)

    def _size_name(self, node: Surface) -> Dim:
        name: str = node.value
        bound = self.program.names.get(name)
        if isinstance(bound, Dim):
            return bound
        if isinstance(bound, Node) or name in self.program.where.declarations or name in self.program.definitions:
            message = f"{name} stands here as a size, but it is declared as a value"
            raise DeclarationError(message, code="bad-size", text=self.program.text, span=node.span)
        if name in self.ids:
            message = f"{name} is used both as a size and as a value"
            raise DeclarationError(message, code="bad-size", text=self.program.text, span=node.span)
        self.program.dimension_names.add(name)
        return Dim.of(name)


def _literal(node: Surface) -> int | None:
    if node.kind == "number" and isinstance(node.value, Fraction) and node.value.denominator == 1:
        return int(node.value)
    return None


def _function(name: str) -> Function:
    function = find(name)
    assert function is not None
    return function
