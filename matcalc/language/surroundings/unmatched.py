"""Declarations and definitions: what no name of the expression matches, and in which order the others follow each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from matcalc.errors import DeclarationError, MatcalcError, Span
from matcalc.language.clauses import split_where
from matcalc.language.declarations import Where
from matcalc.language.meaning.items import Program
from matcalc.language.mends.hints import did_you_mean
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.names import canonical_name, nearest
from matcalc.notes import Note

__all__ = ["check_declarations", "in_order", "unused_definition", "used_definitions"]


def check_declarations(program: Program, *, apart: bool = False, beside: str = "") -> None:
    """Refuse, or note, what is declared and stands neither in the expression nor in the text beside it.

    It is refused where an undeclared name is so near that it was meant. Declarations that stand ``apart`` from the
    expression, as those of a session, serve other expressions, too: of them only such a near name is worth a note.
    """
    start = split_where(program.text)
    typed = _words(program.text if start < 0 else program.text[:start]) | _words(beside)
    used = typed | {*program.order, *program.dimension_names, *(bound.letter for bound in program.bounds)}
    for name in program.where.functions.keys() & set(program.undeclared):
        raise _value_of_function(program, name)
    for name in program.where.places:
        if name in used or _gives_a_size(program, name, typed):
            continue
        near, is_apart = _near(name, program.undeclared), apart and program.where.places[name][0] != program.text
        if near and not is_apart:
            raise _unmatched(program, name, near)
        if (near and len(name) > 1) or not is_apart:  # x beside X are two letters of one paper
            program.notes.append(_note(program, name, near))


def _words(text: str) -> set[str]:
    """The names in a text, also T in X^T."""
    return {canonical_name(word) for word in re.findall(r"[^\W\d]\w*(?:_\{[^{}]*\})?", text)}


def _gives_a_size(program: Program, name: str, typed: set[str]) -> bool:
    """Whether a definition, or a declaration with the size that a text speaks of: n where x: vector(n)."""
    declaration = program.where.declarations.get(name)
    if declaration is None:
        return any(name == defined for defined, _ in program.where.definitions)
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


def _value_of_function(program: Program, name: str) -> MatcalcError:
    text, span = program.where.places[name]
    message = f"{name} is said to be the function {program.where.functions[name]}, and stands here without an argument"
    return DeclarationError(message, code="unmatched-declaration", text=text, span=span, hint=f"write {name}(…)")


def _note(program: Program, name: str, near: str | None) -> Note:
    text, span = program.where.places[name]
    return Note(
        f"{name} is declared, and the expression has no {name}",
        f"did you mean {near}?" if near else None,
        "unmatched-declaration",
        text,
        span,
    )


def used_definitions(roots: Iterable[Surface], bodies: Mapping[str, Surface], beside: str) -> dict[str, Surface]:
    """The definitions that the expressions use, or the text beside them, or another of these."""
    reached = _words(beside) & bodies.keys()
    pending = [*roots, *(bodies[name] for name in reached)]
    while pending:
        names = {n.value for n in walk(pending.pop()) if n.kind == "name"}
        new = (names & bodies.keys()) - reached
        reached |= new
        pending.extend(bodies[name] for name in new)
    return {name: body for name, body in bodies.items() if name in reached}


def unused_definition(where: Where, name: str) -> Note:
    """The note on a definition that is no part of what is read."""
    text, span = where.places[name]
    return Note(f"{name} is defined, and nothing uses it", None, "unused-definition", text, span)


def in_order(text: str, definitions: dict[str, Surface], spans: Mapping[str, Span]) -> dict[str, Surface]:
    """Definitions sorted so that each uses earlier ones only."""
    uses = {
        n: {s.value for s in walk(body) if s.kind == "name"} & definitions.keys() for n, body in definitions.items()
    }
    users: dict[str, list[str]] = {n: [] for n in definitions}
    for name, used in uses.items():
        for other in used:
            users[other].append(name)
    place = {n: i for i, n in enumerate(definitions)}
    left = {n: len(used) for n, used in uses.items()}
    ready = [n for n in definitions if not left[n]]
    ordered: dict[str, Surface] = {}
    while ready:
        ordered.update((n, definitions[n]) for n in ready)
        following = [user for n in ready for user in users[n]]
        for user in following:
            left[user] -= 1
        ready = sorted({user for user in following if not left[user]}, key=place.__getitem__)
    if len(ordered) < len(definitions):
        name = next(n for n in definitions if n not in ordered)
        raise DeclarationError(f"{name} is defined by itself", code="circular", text=text, span=spans[name])
    return ordered
