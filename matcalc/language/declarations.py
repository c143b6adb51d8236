"""Declarations: ``X: matrix(n, k)``, as text, as a mapping, or inferred."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from functools import reduce
from operator import mul
from typing import Any

from matcalc.errors import DeclarationError, Span
from matcalc.expr import OF_MEMBERS, ONE, Dim, Node, OpenFunction, variable
from matcalc.expr.named_powers import base_and_exponent, power_name
from matcalc.expr.node import COMPLEX_TAGS
from matcalc.language.clauses import clauses_of_where
from matcalc.language.faults.declaration_faults import (
    bad_kind,
    declared_twice,
    missing_comma,
    no_kind,
    no_kind_here,
    not_a_name,
    wrong_count,
)
from matcalc.language.mends.hints import write
from matcalc.language.sizes.declared import declared_size
from matcalc.language.surroundings.in_words import Saying, in_words, own_transpose
from matcalc.language.undefined.function_kinds import FUNCTION, function_hint, kinds_of_function
from matcalc.language.words.names import typed_name
from matcalc.language.words.spelling import named_power, spelled_name
from matcalc.notes import Note
from matcalc.records import dataclass

__all__ = ["KINDS", "Declaration", "Where", "read_where"]

#: Number of sizes of each kind.
KINDS = {
    "scalar": 0,
    "vector": 1,
    "matrix": 2,
    "symmetric": 1,
    "spd": 1,
    "psd": 1,
    "skew": 1,
    "diagonal": 1,
    "lower": 1,
    "upper": 1,
    "orthogonal": 1,
    "invertible": 1,
    "hermitian": 1,
    "hpd": 1,
    "array": 3,
    "index": 1,
}
#: What stands before a kind whose entries are complex numbers; of some kinds they are so by themselves.
COMPLEX = "complex"
_STRUCTURES = frozenset(KINDS) - {"scalar", "vector", "matrix", "array", "index"}
#: Structures of an argument that its derivatives share.
_SYMMETRIC = frozenset({"symmetric", "spd", "psd"})
_ASSUMPTIONS = ("positive", "integer")


@dataclass(frozen=True)
class Declaration:
    """What a name stands for.

    Attributes:
        name: canonical ASCII name.
        kind: a key of `KINDS`.
        dims: its sizes, as many as the kind has; of an array three or more, indices first.
        assumptions: "positive", "integer", "complex"; of an array of matrices their kind.
        inferred: found by the engine, not declared.
        parameters: of a function the kinds of its arguments; none where it is applied entry by entry.
        result: of such a function the kind of its value.
        member: of an array that holds members x_i their name x, and the letters of their indices.
    """

    name: str
    kind: str
    dims: tuple[Dim, ...] = ()
    assumptions: tuple[str, ...] = ()
    inferred: bool = False
    parameters: tuple[Declaration, ...] = ()
    result: Declaration | None = None
    member: tuple[str, ...] = ()

    @property
    def is_function(self) -> bool:
        """Whether it is an open function, not a value."""
        return self.kind == FUNCTION

    @property
    def is_entrywise(self) -> bool:
        """Whether it is a function of scalars, which is applied to every entry."""
        return all(d.kind == "scalar" for d in (*self.parameters, *([self.result] if self.result else [])))

    def function(self, count: int) -> OpenFunction:
        """The open function of so many arguments."""
        arguments = tuple(tuple(t for t in p.structure if t in _SYMMETRIC) for p in self.parameters)
        result = self.result.structure if self.result is not None else ()
        return OpenFunction(self.name, arguments or ((),) * count, result, self.is_entrywise)

    @property
    def shape(self) -> tuple[Dim, Dim]:
        """(rows, columns); what an array has along its last axis are the rows of one matrix, as in memory."""
        match self.kind:
            case "array":
                return reduce(mul, self.dims[:-1]), self.dims[-1]
            case "scalar" | "function":
                return ONE, ONE
            case "vector":
                return self.dims[0], ONE
            case "matrix":
                return self.dims[0], self.dims[1]
        return self.dims[0], self.dims[0]

    @property
    def axes(self) -> tuple[Dim, ...]:
        """The axes of the Python array, () of a scalar, (n,) of a vector, (K, m, n) of matrices A_k."""
        if self.kind == "array":
            return self.dims
        rows, cols = self.shape
        return (rows, cols) if not cols.is_one else () if rows.is_one else (rows,)

    def with_sizes(self, sizes: Mapping[str, Dim]) -> Declaration:
        """The same with other sizes for named ones."""
        dims = tuple(d.substitute(sizes) for d in self.dims)
        parameters = tuple(p.with_sizes(sizes) for p in self.parameters)
        result = self.result.with_sizes(sizes) if self.result is not None else None
        return replace(self, dims=dims, parameters=parameters, result=result)

    @property
    def structure(self) -> tuple[str, ...]:
        """The tags of the variable, sorted."""
        own = (self.kind,) if self.kind in _STRUCTURES else ()
        return tuple(sorted((*own, *(OF_MEMBERS.get(a, a) for a in self.assumptions))))

    @property
    def is_complex(self) -> bool:
        """Whether its entries are complex numbers."""
        return not COMPLEX_TAGS.isdisjoint(self.structure)

    @property
    def node(self) -> Node:
        """The variable itself."""
        assert not self.is_function, "a function is no variable"
        return variable(self.name, self.shape, self.structure)

    @property
    def type_text(self) -> str:
        """The part after the colon."""
        if self.is_function and self.result is not None:
            return f"function({', '.join(p.type_text for p in self.parameters)}) -> {self.result.type_text}"
        front = f"{COMPLEX} " if COMPLEX in self.assumptions else ""
        inside = ", ".join((*map(str, self.dims), *(a for a in self.assumptions if a != COMPLEX)))
        return f"{front}{self.kind}({inside})" if inside else front + self.kind

    def __str__(self) -> str:
        return f"{typed_name(self.name)}: {self.type_text}"


@dataclass
class Where:
    """What a ``where`` says.

    Attributes:
        declarations: by name.
        definitions: ``h = A x`` as a name and a place in the text.
        places: for each name that was declared or defined for this expression the text that does it, and where the name stands.
        bodies: the places of the kinds that the text declares.
        blanks: places of the text that are not read.
        faces: what nouns say of names whose sizes are inferred.
        notes: on words that say nothing.
        functions: known functions by the names that this text has for them.
        unsized: matrices of which words tell a structure, and no size.
    """

    declarations: dict[str, Declaration]
    definitions: list[tuple[str, Span]]
    places: dict[str, tuple[str, Span]] = field(default_factory=dict)
    bodies: dict[str, Span] = field(default_factory=dict)
    blanks: list[Span] = field(default_factory=list)
    faces: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    functions: dict[str, str] = field(default_factory=dict)
    unsized: list[str] = field(default_factory=list)


def read_where(where: str | Mapping[str, Any] | None, text: str = "", start: int = -1) -> Where:
    """Declarations from an argument (text or mapping) and from the part of ``text`` after ``start``.

    Raises DeclarationError for unknown kinds, wrong numbers of sizes, and names declared twice.
    """
    result = Where({}, [])
    if isinstance(where, str):
        _read_text(where, 0, result)
        if result.definitions:
            raise DeclarationError(
                "definitions belong into the expression's own where", text=where, span=result.definitions[0][1]
            )
        result.bodies.clear()
    elif where is not None:
        for name, value in where.items():
            declaration = _from_value(name, value)
            result.declarations[declaration.name] = declaration
            if not isinstance(value, Declaration):
                result.places[declaration.name] = str(name), (0, len(str(name)))
    if start >= 0:
        _read_text(text, start, result)
    return _of_bases(result, text)


def _of_bases(result: Where, text: str) -> Where:
    """What is said of sigma^2 as what it says of sigma: that it is a number, and positive."""
    for name, _ in result.definitions:
        if base_and_exponent(name) is not None:
            raise not_a_name(typed_name(name), text, result.places[name][1], KINDS)
    for name, declaration in list(result.declarations.items()):
        if (found := base_and_exponent(name)) is not None:
            base, place = found[0], result.places.pop(name, None)
            if declaration.kind != "scalar" or base in result.declarations:
                raise not_a_name(typed_name(name), *(place or (typed_name(name), (0, len(typed_name(name))))), KINDS)
            del result.declarations[name]
            result.declarations[base] = replace(declaration, name=base, assumptions=("positive",))
            if place is not None:
                result.places[base] = place
    return result


def _from_value(name: str, value: Any) -> Declaration:
    canonical = _declared_name(name, str(name), (0, len(str(name))))
    if isinstance(value, Declaration):
        return replace(value, name=canonical)
    if isinstance(value, str):
        return _declaration(canonical, value, value, (0, len(value)))
    if isinstance(value, (tuple, list)) and len(value) <= 2 and all(isinstance(v, (int, str, Dim)) for v in value):
        dims = tuple(v if isinstance(v, Dim) else declared_size(str(v), str(v), (0, len(str(v)))) for v in value)
        return Declaration(canonical, ("scalar", "vector", "matrix")[len(dims)], dims)
    raise DeclarationError(
        f"the declaration of {name} has the type {type(value).__name__}",
        hint='write text, such as {"X": "matrix(n, k)"}, or a tuple of sizes, such as {"X": ("n", 3)}',
    )


def _read_text(text: str, start: int, result: Where) -> None:
    waiting: list[tuple[str, Span]] = []
    seen: set[str] = set()
    for left, right in clauses_of_where(text, start):
        item = text[left:right]
        if (sayings := in_words(item)) is not None:
            for i, said in enumerate(sayings):
                names = tuple(text[slice(*span)] for _, span in waiting) if i == 0 else ()
                seen.update(_read_words(replace(said, names=(*names, *said.names)), text, (left, right), result))
            waiting.clear()
            continue
        name_end = re.search(r"[:=]", item)
        raw = item[: name_end.start()] if name_end else item
        span = (left, left + len(raw.rstrip()))
        name = _declared_name(raw.strip(), text, span)
        if name in seen and _said_again(name, text[left:right], text, result):
            continue
        if name in seen:
            raise declared_twice(name, text, span, (left, right))
        seen.add(name)
        result.places[name] = text, span
        if name_end is None:
            waiting.append((name, span))
            continue
        body = left + name_end.end()
        body += len(text[body:right]) - len(text[body:right].lstrip())
        if name_end.group() == "=" and (kind := own_transpose(name, text[body:right])) is not None:
            _read_words(Saying((name,), kind), text, (left, right), result)
            continue
        if name_end.group() == "=":
            _no_waiting(waiting, text)
            result.definitions.append((name, (body, right)))
            continue
        declaration = _declaration(name, text[body:right], text, (body, right))
        for other, _ in waiting:
            result.declarations[other] = replace(declaration, name=other)
        result.declarations[name] = declaration
        result.bodies[name] = (body, right)
        waiting.clear()
    _no_waiting(waiting, text)


def _read_words(said: Saying, text: str, span: Span, result: Where) -> list[str]:
    """The names of a clause such as: A is symmetric; b is a vector, whose length is inferred; A is given."""
    names = [_declared_name(raw.strip(), text, span) for raw in said.names]
    for name in names:
        if name in result.declarations or name in result.faces or name in dict(result.definitions):
            raise declared_twice(name, text, span, span)
        result.places[name] = text, span
        if said.function:
            result.functions[name] = said.function
        elif said.kind:
            result.declarations[name] = _declaration(name, said.kind, text, span)
            result.unsized += [] if said.sized else [name]
        elif said.face:
            result.faces[name] = said.face
    if said.rest:
        message = f"“{said.rest}” says nothing here of {' and '.join(said.names)}"
        result.notes.append(Note(message, "declare what it means, as A: symmetric(n)", "where-words", text, span))
    return names


def _said_again(name: str, clause: str, text: str, result: Where) -> bool:
    """Whether a clause repeats what was said of a name before, as the ``where`` of two sides may."""
    said = [(result.bodies[name], ":")] if name in result.bodies else []
    said += [(span, "=") for defined, span in result.definitions if defined == name]
    return any(_spaceless(clause.partition(sign)[2]) == _spaceless(text[slice(*span)]) for span, sign in said)


def _spaceless(text: str) -> str:
    return "".join(text.split())


def _no_waiting(waiting: list[tuple[str, Span]], text: str) -> None:
    if waiting:
        name, span = waiting[0]
        raise no_kind(name, text, span)


def _declared_name(raw: str, text: str, span: Span) -> str:
    raised = named_power(raw)
    name = spelled_name(raw) if raised is None else power_name(*raised)
    if not re.fullmatch(r"[A-Za-z]\w*", name) or name == "where":
        raise not_a_name(raw.strip(), text, span, KINDS)
    return name


def _function(name: str, body: str, text: str, span: Span) -> Declaration | None:
    """``function``, or ``function(vector(n), scalar) -> matrix(n, n)``; None where the body is another kind."""
    kinds = kinds_of_function(name, body, text, span)
    if kinds is None:
        return None
    parts = [_part_of_function(name, kind, text, span) for kind in kinds]
    dims = dict.fromkeys(d for part in parts for d in part.dims)
    return Declaration(name, FUNCTION, tuple(dims), parameters=tuple(parts[:-1]), result=parts[-1] if parts else None)


def _part_of_function(name: str, kind: str, text: str, span: Span) -> Declaration:
    """The kind of an argument or of the value."""
    part = _declaration(name, kind, text, span)
    if part.is_function or (part.kind == "matrix" and part.dims[0].is_one and not part.dims[1].is_one):
        what = "a function" if part.is_function else "a row"
        message = f"{what} is no argument and no value of {name}"
        raise DeclarationError(message, text=text, span=span, hint=function_hint(span))
    return replace(part, name="")


def _declaration(name: str, body: str, text: str, span: Span) -> Declaration:
    if (found := re.match(rf"\s*{COMPLEX}\s+(?=[a-z])", body)) is not None:
        return _complex(_declaration(name, body[found.end() :], text, (span[0] + found.end(), span[1])), text, span)
    function = _function(name, body, text, span)
    if function is not None:
        return function
    found = re.fullmatch(r"\s*(\w+)\s*(?:\((.*)\))?\s*", body, re.DOTALL)
    if found is None:
        raise no_kind_here(body.strip(), {**KINDS, FUNCTION: 0}, text, span)
    kind, inside = found.group(1), found.group(2)
    glued = re.search(r"\)\s*([^\W\d]\w*)\s*:", inside or "")
    if glued:
        start = span[0] + found.start(2) + glued.start(1) + len(text[span[0] : span[1]]) - len(body)
        place = (start, start + len(glued.group(1)))
        raise missing_comma(glued.group(1), text, place)
    if kind not in KINDS:
        raise bad_kind(kind, inside, {**KINDS, FUNCTION: 0}, text, span)
    parts = [part.strip() for part in _split(inside)] if inside and inside.strip() else []
    words = (*_ASSUMPTIONS, *_STRUCTURES) if kind == "array" else _ASSUMPTIONS
    assumptions = tuple(part for part in parts if part in words)
    sizes = [part for part in parts if part not in words]
    _check_assumptions(kind, assumptions, text, span)
    if len(sizes) != KINDS[kind] and not (kind == "array" and len(sizes) > KINDS[kind]):
        raise wrong_count(kind, KINDS[kind], sizes, assumptions, text, span)
    return Declaration(name, kind, tuple(declared_size(part, text, span) for part in sizes), assumptions)


def _complex(declaration: Declaration, text: str, span: Span) -> Declaration:
    """The same of complex numbers."""
    if declaration.kind not in ("scalar", "vector", "matrix") or declaration.assumptions:
        kinds = ", ".join(f"{COMPLEX} {kind}" for kind in ("scalar", "vector", "matrix"))
        message = f"{COMPLEX} {declaration.type_text} is not a kind"
        raise DeclarationError(
            message, text=text, span=span, hint=f"kinds of complex numbers are {kinds}, hermitian, hpd"
        )
    return replace(declaration, assumptions=(COMPLEX,))


def _split(inside: str) -> list[str]:
    """The parts between commas outside of brackets: min(m, n) is one."""
    return re.split(r",(?![^()]*\))", inside)


def _check_assumptions(kind: str, assumptions: tuple[str, ...], text: str, span: Span) -> None:
    if "integer" in assumptions and kind != "scalar":
        without = re.sub(r",?\s*\binteger\b", "", text[slice(*span)])
        hint = write(span, without)
        raise DeclarationError("only a scalar can be declared integer", text=text, span=span, hint=hint)
