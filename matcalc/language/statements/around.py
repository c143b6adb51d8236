"""What stands around an expression, as declarations, definitions and notes."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.errors import Span
from matcalc.language.declarations import Where, read_where
from matcalc.language.statements.apart import take_apart
from matcalc.language.statements.records import Apart, Statement
from matcalc.language.statements.scope import Scope
from matcalc.language.words.names import typed_name
from matcalc.notes import Note

__all__ = ["read_around", "scope_of"]


def read_around(
    text: str, span: Span, declared: Where, bound: frozenset[str], notes: list[Note], *, latex: bool
) -> Apart | None:
    """The text taken apart; its definitions and declarations are added to those of ``where``, and notes are made."""
    apart = take_apart(span, scope_of(text, declared, bound, latex=latex))
    if apart is None:
        return None
    declared.definitions.extend(apart.definitions)
    declared.blanks.extend(apart.blanks)
    declared.places.update((name, (text, span)) for name, span in apart.definitions)
    known = {name for name, _ in declared.definitions} | declared.declarations.keys() | bound
    stated = {name: kind for name, kind in apart.declared.items() if name not in known}
    declared.declarations.update(read_where(stated).declarations)
    notes += [Note(message, hint, code, text, span) for message, hint, code, span in _notes(apart)]
    return apart


def scope_of(text: str, declared: Where, bound: frozenset[str] = frozenset(), *, latex: bool) -> Scope:
    """A text with what its ``where`` says of names."""
    defined = frozenset(name for name, _ in declared.definitions) | bound
    functions = frozenset(name for name, kind in declared.declarations.items() if kind.is_function)
    sizes = {name for d in declared.declarations.values() for size in d.dims for name in size.names}
    return Scope(text, latex, defined | declared.declarations.keys() | sizes, defined, functions)


def _notes(apart: Apart) -> Iterator[tuple[str, str | None, str, Span]]:
    """What a reader has to know of what was left out."""
    for part in apart.left_out:
        yield f"{_bare(part.text)} is left out", "what holds of a name is declared behind where", "left-out", part.span
    if apart.constant is not None:
        yield "the constant is left out: its derivative is 0", None, "constant", apart.constant.span
    if apart.point is not None:
        message = f"the derivative is given everywhere, not only at {_bare(apart.point.text)}"
        yield message, "put that into the answer", "point", apart.point.span
    if apart.proportional is not None:
        message = "a factor that the text does not name is left out"
        yield (
            message,
            "the logarithm of the function has the same derivative without it",
            "factor",
            apart.proportional.span,
        )
    statement = apart.statement
    if statement is not None:
        yield from _notes_of(statement)


def _notes_of(statement: Statement) -> Iterator[tuple[str, str | None, str, Span]]:
    if statement.indices:
        what = (
            f"{' and '.join(statement.indices)} {'are indices' if len(statement.indices) > 1 else 'is an index'} here"
        )
        yield f"{what}: names with it are names of their own", None, "index", statement.place
    if statement.recurs:
        what = " and ".join(typed_name(name) for name in statement.recurs)
        message = f"{what} {'are' if len(statement.recurs) > 1 else 'is'} taken as given: the recursion is not followed"
        hint = "write the steps out for a derivative through them"
        yield message, hint, "recursion", statement.place
    if statement.stands_for:
        message = f"{statement.head} is read as the name of what stands behind the equals sign"
        yield message, "matcalc equal compares the sides", "left-side", statement.place
    if statement.spreads:
        message = f"{statement.head} differentiates the whole sum behind it"
        yield message, "put brackets around what is meant", "extent", statement.body
    between = statement.text[statement.place[1] : statement.body[0]]
    if statement.order and statement.head == "d" and not statement.claims and "(" not in between:
        yield (
            "d is read as the sign of a differential",
            "declare d: scalar for a factor",
            "differential",
            statement.place,
        )
    for part in statement.constraints:
        yield f"the constraint {_bare(part.text)} is left out of the derivative", None, "constraints", part.span
    for part in statement.steps[:1]:
        hint = "matcalc equal compares the sides"
        yield "the first right side is taken; what follows it is said to be equal", hint, "steps", part.span
    for part in statement.claims[:1]:
        hint = "matcalc check verifies it"
        yield "the right side is taken as a claim about the derivative", hint, "claims", part.span


def _bare(shown: str) -> str:
    return shown.strip("$")
