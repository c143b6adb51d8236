"""Declarations: ``X: matrix(n, k)``, as text, as a mapping, or inferred."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matcalc.errors import DeclarationError, Span
from matcalc.expr import ONE, Dim, Node, variable
from matcalc.language.clauses import clauses_of_where
from matcalc.language.names import canonical_name, nearest, typed_name
from matcalc.language.signatures import dim_of

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
}
_STRUCTURES = frozenset(KINDS) - {"scalar", "vector", "matrix"}
_ASSUMPTIONS = ("positive", "integer")


@dataclass(frozen=True)
class Declaration:
    """What a name stands for.

    Attributes:
        name: canonical ASCII name.
        kind: a key of `KINDS`.
        dims: its sizes, as many as the kind has.
        assumptions: "positive", "integer".
        inferred: found by the engine, not declared.
    """

    name: str
    kind: str
    dims: tuple[Dim, ...] = ()
    assumptions: tuple[str, ...] = ()
    inferred: bool = False

    @property
    def shape(self) -> tuple[Dim, Dim]:
        """(rows, columns)"""
        match self.kind:
            case "scalar":
                return ONE, ONE
            case "vector":
                return self.dims[0], ONE
            case "matrix":
                return self.dims[0], self.dims[1]
        return self.dims[0], self.dims[0]

    @property
    def structure(self) -> tuple[str, ...]:
        """The tags of the variable, sorted."""
        own = (self.kind,) if self.kind in _STRUCTURES else ()
        return tuple(sorted((*own, *self.assumptions)))

    @property
    def node(self) -> Node:
        """The variable itself."""
        return variable(self.name, self.shape, self.structure)

    @property
    def type_text(self) -> str:
        """The part after the colon."""
        inside = ", ".join((*map(str, self.dims), *self.assumptions))
        return f"{self.kind}({inside})" if inside else self.kind

    def __str__(self) -> str:
        return f"{typed_name(self.name)}: {self.type_text}"


@dataclass
class Where:
    """What a ``where`` says.

    Attributes:
        declarations: by name.
        definitions: ``h = A x`` as a name and a place in the text.
        spans: the places of the names that the text declares or defines.
        bodies: the places of the kinds that the text declares.
    """

    declarations: dict[str, Declaration]
    definitions: list[tuple[str, Span]]
    spans: dict[str, Span]
    bodies: dict[str, Span] = field(default_factory=dict)


def read_where(where: str | Mapping[str, Any] | None, text: str = "", start: int = -1) -> Where:
    """Declarations from an argument (text or mapping) and from the part of ``text`` after ``start``.

    Raises DeclarationError for unknown kinds, wrong numbers of sizes, and names declared twice.
    """
    result = Where({}, [], {})
    if isinstance(where, str):
        _read_text(where, 0, result)
        if result.definitions:
            raise DeclarationError(
                "definitions belong into the expression's own where", text=where, span=result.definitions[0][1]
            )
        result.spans.clear()
        result.bodies.clear()
    elif where is not None:
        for name, value in where.items():
            declaration = _from_value(name, value)
            result.declarations[declaration.name] = declaration
    if start >= 0:
        _read_text(text, start, result)
    return result


def _from_value(name: str, value: Any) -> Declaration:
    canonical = _declared_name(name, str(name), (0, len(str(name))))
    if isinstance(value, Declaration):
        return Declaration(canonical, value.kind, value.dims, value.assumptions, value.inferred)
    if isinstance(value, str):
        return _declaration(canonical, value, value, (0, len(value)))
    if isinstance(value, (tuple, list)) and len(value) <= 2 and all(isinstance(v, (int, str, Dim)) for v in value):
        dims = tuple(v if isinstance(v, Dim) else _size(str(v), str(v), (0, len(str(v)))) for v in value)
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
        name_end = re.search(r"[:=]", item)
        raw = item[: name_end.start()] if name_end else item
        span = (left, left + len(raw.rstrip()))
        name = _declared_name(raw.strip(), text, span)
        if name in seen:
            raise DeclarationError(f"{name} is declared twice", code="declared-twice", text=text, span=span)
        seen.add(name)
        result.spans[name] = span
        if name_end is None:
            waiting.append((name, span))
            continue
        body = left + name_end.end()
        body += len(text[body:right]) - len(text[body:right].lstrip())
        if name_end.group() == "=":
            _no_waiting(waiting, text)
            result.definitions.append((name, (body, right)))
            continue
        declaration = _declaration(name, text[body:right], text, (body, right))
        for other, _ in waiting:
            result.declarations[other] = Declaration(other, declaration.kind, declaration.dims, declaration.assumptions)
        result.declarations[name] = declaration
        result.bodies[name] = (body, right)
        waiting.clear()
    _no_waiting(waiting, text)


def _no_waiting(waiting: list[tuple[str, Span]], text: str) -> None:
    if waiting:
        name, span = waiting[0]
        hint = f"write {name}: matrix(m, n), {name}: vector(n) or {name}: scalar"
        raise DeclarationError(f"{name} has no kind", text=text, span=span, hint=hint)


def _declared_name(raw: str, text: str, span: Span) -> str:
    name = canonical_name(_plain(raw.strip()))
    if not re.fullmatch(r"[A-Za-z]\w*", name) or name == "where":
        hint = _sentence_hint(raw.strip()) or "a declaration is NAME: KIND(SIZES), such as X: matrix(n, k)"
        raise DeclarationError(
            f"{raw.strip() or 'nothing'} is not a name", code="bad-name", text=text, span=span, hint=hint
        )
    return name


def _plain(raw: str) -> str:
    r"""A name in LaTeX as a plain one: \mathbf{x}_1 is x_1, \Sigma Sigma, \hat{x} x_hat."""
    if "\\" not in raw:
        return raw
    from matcalc.language.latex_signs import ACCENTS, GREEK_COMMANDS

    for accent, suffix in ACCENTS.items():
        raw = re.sub(re.escape(accent) + r"\s*\{?\s*(\\?[A-Za-z]+)\s*\}?", rf"\g<1>_{suffix}", raw)
    raw = re.sub(r"\\(?:math\w+|bm|boldsymbol|pmb|bf|text|operatorname)\s*\{?\s*(\\?[A-Za-z]+)\s*\}?", r"\1", raw)
    return re.sub(r"\\[A-Za-z]+", lambda m: GREEK_COMMANDS.get(m.group(), m.group()[1:]), raw).strip("$ ")


def _sentence_hint(raw: str) -> str | None:
    """Declarations as people say them: A is symmetric, x in R^n."""
    found = re.fullmatch(r"(\S+) (?:is|are|being) (?:an? )?(\w+)(?: matrix)?", raw)
    if found:
        kind = found.group(2) if found.group(2) in KINDS else None
        return f"write {found.group(1)}: {_EXAMPLES[KINDS[kind]](kind)}" if kind else None
    found = re.fullmatch(r"(\S+) (?:in|∈) *[Rℝ] *(?:\^ *(.*))?", raw)
    if found is None:
        return None
    sizes = re.split(r"\s*[x×]\s*", (found.group(2) or "").strip("{}() "))
    kind = f"matrix({', '.join(sizes)})" if len(sizes) == 2 else f"vector({sizes[0]})" if sizes[0] else "scalar"
    return f"write {found.group(1)}: {kind}"


def _declaration(name: str, body: str, text: str, span: Span) -> Declaration:
    found = re.fullmatch(r"\s*(\w+)\s*(?:\((.*)\))?\s*", body, re.DOTALL)
    if found is None:
        raise DeclarationError(f"{body.strip() or 'nothing'} is not a kind", text=text, span=span, hint=_kinds_hint())
    kind, inside = found.group(1), found.group(2)
    glued = re.search(r"\)\s*([^\W\d]\w*)\s*:", inside or "")
    if glued:
        start = span[0] + found.start(2) + glued.start(1) + len(text[span[0] : span[1]]) - len(body)
        place = (start, start + len(glued.group(1)))
        message = f"a comma is missing before {glued.group(1)}"
        raise DeclarationError(message, text=text, span=place, hint="declarations are separated by commas")
    if kind not in KINDS:
        close = nearest(kind, KINDS)
        hint = f"did you mean {close}?" if close else _kinds_hint()
        raise DeclarationError(f"unknown kind {kind}", code="unknown-kind", text=text, span=span, hint=hint)
    parts = [part.strip() for part in _split(inside)] if inside and inside.strip() else []
    assumptions = tuple(part for part in parts if part in _ASSUMPTIONS)
    sizes = [part for part in parts if part not in _ASSUMPTIONS]
    _check_assumptions(kind, assumptions, text, span)
    if len(sizes) != KINDS[kind]:
        raise _wrong_count(name, kind, sizes, text, span)
    return Declaration(name, kind, tuple(_size(part, text, span) for part in sizes), assumptions)


def _split(inside: str) -> list[str]:
    """The parts between commas outside of brackets: min(m, n) is one."""
    return re.split(r",(?![^()]*\))", inside)


def _kinds_hint() -> str:
    return "kinds are " + ", ".join(KINDS)


def _check_assumptions(kind: str, assumptions: tuple[str, ...], text: str, span: Span) -> None:
    if "integer" in assumptions and kind != "scalar":
        raise DeclarationError("only a scalar can be declared integer", text=text, span=span)


_EXAMPLES: dict[int, Callable[[str], str]] = {
    0: lambda kind: kind,
    1: lambda kind: f"{kind}(n)",
    2: lambda kind: f"{kind}(m, n)",
}


def _wrong_count(name: str, kind: str, sizes: list[str], text: str, span: Span) -> DeclarationError:
    count = KINDS[kind]
    takes = ("no size", "one size", "two sizes")[count]
    hint = f"write {name}: {_EXAMPLES[count](kind)}"
    if kind == "vector" and len(sizes) == 2 and sizes[1] == "1":
        hint = f"write {name}: vector({sizes[0]})"
    elif len(sizes) == count + 1 and (word := nearest(sizes[-1], _ASSUMPTIONS)):
        hint = f"did you mean {word}?"
    elif count == 1 and len(sizes) == 2:
        hint = f"write {name}: {kind}({sizes[0]})" if kind != "vector" else f"write {name}: matrix({', '.join(sizes)})"
    return DeclarationError(
        f"{kind} takes {takes}, not {len(sizes)}", code="size-count", text=text, span=span, hint=hint
    )


def _size(part: str, text: str, span: Span) -> Dim:
    spelled = canonical_name(part) if part else ""
    spelled = re.sub(r"\b(\d+)\s*(?=[A-Za-z(])|(?<=[\w)])\s+(?=[\w(])", lambda m: f"{m.group(1) or ''}*", spelled)
    if not re.fullmatch(r"[\w\s*+^()/-]+|min\([\w\s,]+\)", spelled) or re.search(
        r"\d\w*[A-Za-z]|[*+^-]\s*[*+^]|^\s*[*+^]|[*+^-]\s*$", spelled
    ):
        raise _bad_size(part, text, span)
    try:
        dim = dim_of(spelled)
    except (ValueError, KeyError):
        raise _bad_size(part, text, span) from None
    if dim.value is not None and dim.value < 1:
        raise DeclarationError(f"the size {part} is not positive", code="bad-size", text=text, span=span)
    if any(not re.fullmatch(r"[A-Za-z]\w*|[A-Za-z]\w*\([A-Za-z]\w*\+1\)/2", name) for name in dim.names):
        raise _bad_size(part, text, span)
    return dim


def _bad_size(part: str, text: str, span: Span) -> DeclarationError:
    hint = "a size is a positive integer, a name, or a sum or product of such"
    return DeclarationError(f"{part or 'nothing'} is not a size", code="bad-size", text=text, span=span, hint=hint)
