"""Declarations and definitions that no name of the expression matches: slips of the pen, and said so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matcalc.errors import DeclarationError, MatcalcError
from matcalc.language.clauses import split_where
from matcalc.language.hints import did_you_mean
from matcalc.language.items import Program
from matcalc.language.names import canonical_name, nearest
from matcalc.notes import Note

__all__ = ["check_declarations"]


def check_declarations(program: Program, *, apart: bool = False, beside: str = "") -> None:
    """Refuse, or note, what is declared and stands neither in the expression nor in the text beside it.

    It is refused where an undeclared name is so near that it was meant. Declarations that stand ``apart`` from the
    expression, as those of a session, serve other expressions, too: of them only such a near name is worth a note.
    """
    start = split_where(program.text)
    typed = _words(program.text if start < 0 else program.text[:start]) | _words(beside)
    used = typed | {*program.order, *program.dimension_names}
    for name in program.where.places:
        if name in used or _gives_a_size(program, name, typed):
            continue
        near, is_apart = _near(name, program.undeclared), apart and program.where.places[name][0] != program.text
        if near and not is_apart:
            raise _unmatched(program, name, near)
        if (near and len(name) > 1) or not is_apart:  # x beside X are two letters of one paper
            program.notes.append(_note(program, name, near))
    program.notes += [_unused(program, name) for name in program.definitions if not _is_used(program, name, used)]


def _words(text: str) -> set[str]:
    """The names in a text, also T in X^T."""
    return {canonical_name(word) for word in re.findall(r"[^\W\d]\w*(?:_\{[^{}]*\})?", text)}


def _gives_a_size(program: Program, name: str, typed: set[str]) -> bool:
    """Whether a definition, or a declaration with the size that a text speaks of: n where x: vector(n)."""
    declaration = program.where.declarations.get(name)
    if declaration is None:
        return name in program.definitions
    return any(n in typed for d in declaration.dims for n in d.names)


def _near(name: str, undeclared: Iterable[str]) -> str | None:
    """The undeclared name that was meant: in other case, or spelled nearly so."""
    undeclared = list(undeclared)
    same = [other for other in undeclared if other.lower() == name.lower()]
    return same[0] if same else nearest(name, undeclared)


def _unmatched(program: Program, name: str, near: str) -> MatcalcError:
    text, span = program.where.places[name]
    return DeclarationError(
        f"{name} is declared, and the expression has no {name}",
        code="unmatched-declaration",
        text=text,
        span=span,
        hint=did_you_mean(span, near),
    )


def _note(program: Program, name: str, near: str | None) -> Note:
    text, span = program.where.places[name]
    return Note(
        f"{name} is declared, and the expression has no {name}",
        f"did you mean {near}?" if near else None,
        "unmatched-declaration",
        text,
        span,
    )


def _is_used(program: Program, name: str, used: set[str]) -> bool:
    index = program.definitions[name]
    return name in used or index == program.root or any(index in item.children for item in program.items)


def _unused(program: Program, name: str) -> Note:
    text, span = program.where.places[name]
    return Note(f"{name} is defined, and nothing uses it", None, "unused-definition", text, span)
