"""Which derivative is asked for: the variables that a call names, that the text itself names, or that are chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from matcalc.errors import DeclarationError
from matcalc.expr.named_powers import base_of, power_name
from matcalc.language import limits
from matcalc.language.words.names import typed_name
from matcalc.language.words.spelling import named_power, spelled_name
from matcalc.notes import Note
from matcalc.objects.by_powers import in_powers
from matcalc.objects.expressions import Expr, Variable
from matcalc.objects.parameters import chosen_parameter, indexed_by
from matcalc.objects.variables import default_variable, name_of

if TYPE_CHECKING:
    from matcalc.language.statements import Statement

__all__ = ["asked", "asked_variables", "is_chosen"]

_ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}


def asked(f: Expr, wrt: Sequence[Variable], order: int | None = None) -> tuple[Expr, tuple[str, ...]]:
    """The `asked_variables`, and the function with every power among them as a variable of its own."""
    names = asked_variables(f, wrt, order)
    note = chosen_parameter(f, names[0]) if is_chosen(f, wrt) and not _stated(f) else None
    notes = [
        n for n in (note, *_beside_arguments(f, names), *indexed_by(f, names)) if n is not None and n not in f.notes
    ]
    if notes:
        f = replace(f, notes=(*f.notes, *notes))
    return in_powers(f, names), names


def _stated(f: Expr) -> bool:
    """Whether the text itself names variables."""
    return f.statement is not None and bool(f.statement.choices)


def asked_variables(f: Expr, wrt: Sequence[Variable], order: int | None = None) -> tuple[str, ...]:
    """The variables by which f is differentiated in turn: those that are named, else those of its statement.

    One name is taken ``order`` times. Raises DeclarationError where the call and the text contradict each other, and
    where nothing settles the variable, and LimitError where the order is too high.
    """
    stated = f.statement.order if f.statement is not None else 0
    if max(order or 0, len(wrt), stated) > limits.current().order:
        raise limits.exceeded("order", f"the derivative has the order {max(order or 0, len(wrt), stated)}")
    names = tuple(name_of(f, given) for given in wrt)
    if len(names) > 1 and order not in (None, len(names)):
        raise DeclarationError(
            f"{len(names)} variables make a derivative of order {len(names)}, not {order}",
            word=str(order),
            hint="repeat --wrt for a mixed derivative, or name one variable and an order",
        )
    if f.statement is not None:
        return _of_statement(f, f.statement, names, order)
    names = names or (default_variable(f),)
    return names * (1 if order is None else order) if len(names) == 1 else names


def is_chosen(f: Expr, wrt: Sequence[Variable]) -> bool:
    """Whether the variable was neither named by the call nor by the text."""
    statement = f.statement
    return not wrt and (statement is None or not (statement.variables or len(statement.choices) == 1))


def _of_statement(f: Expr, statement: Statement, names: tuple[str, ...], order: int | None) -> tuple[str, ...]:
    turns = len(names) if len(names) > 1 else order
    if statement.differentiates and turns not in (None, statement.order):
        raise _contradiction(
            statement, f"asks for the {_ordinal(statement.order)} derivative", f"the {_ordinal(turns)}"
        )
    if statement.variables:
        said_by = tuple(v if base_of(v) in f.declarations else name_of(f, v) for v in statement.variables)
        if names and names != said_by and set(names) != set(said_by) | set(names[1:]):
            said = f"differentiates by {' and '.join(dict.fromkeys(statement.variables))}"
            raise _contradiction(statement, said, ", ".join(names))
        return said_by
    foreign = _beside_choices(f, statement, names)
    if foreign and foreign[0].endswith("__star") and foreign[0].removesuffix("__star") in f.declarations:
        raise _conjugate(statement, foreign[0].removesuffix("__star"))
    if foreign and not _only_names(statement):
        raise _contradiction(statement, f"names {', '.join(statement.choices)}", foreign[0])
    names = names or (_choice(f, statement),)
    times = turns if turns is not None else statement.order or 1
    return names * times if len(names) == 1 else names


def _beside_choices(f: Expr, statement: Statement, names: Sequence[str]) -> list[str]:
    """Those of the names that a left side, or what stands below min, does not have among its own."""
    known = [] if _is_conditional(statement) else _occurring(f, statement)
    return [n for n in names if known and not {n, base_of(n)} & {*statement.choices, *known}]


def _beside_arguments(f: Expr, names: Sequence[str]) -> Iterator[Note]:
    """The note on a parameter: W, where f(x) = ||W x||^2 names x."""
    statement = f.statement
    if statement is None or not _only_names(statement):
        return
    for name in dict.fromkeys(_beside_choices(f, statement, names)):
        shown = typed_name(name)
        message = f"{shown} is no argument of {statement.head}: the derivative is by {shown}, which stands on the right"
        yield Note(message, None, "beside-arguments", statement.text, statement.place)


def _only_names(statement: Statement) -> bool:
    """Whether it says what a function is, and not by what it is differentiated or optimised."""
    return not (statement.differentiates or statement.sense or statement.variables)


def _is_conditional(statement: Statement) -> bool:
    """Whether its head is a density p(y | X), whose arguments are not the parameters by which it is differentiated."""
    inside = statement.head.partition("(")[2]
    return not statement.sense and re.search(r"\||\\mid|\\vert", inside) is not None


def _ordinal(order: int | None) -> str:
    return _ORDINALS.get(order or 1, f"{order}th")


def _contradiction(statement: Statement, said: str, asked: str) -> DeclarationError:
    return DeclarationError(
        f"{statement.head} {said}, and {asked} is asked for",
        code="contradiction",
        text=statement.text,
        span=statement.place,
        hint="leave out one of the two",
    )


def _conjugate(statement: Statement, name: str) -> DeclarationError:
    return DeclarationError(
        f"{name}^* may be the conjugate of {name}, and all variables are real here",
        code="conjugate",
        text=statement.text,
        span=statement.place,
        hint=f"ask for the derivative by {name}, as in --wrt {name}",
    )


def _occurring(f: Expr, statement: Statement) -> list[str]:
    """Which of the names of a left side or below min f has: themselves, or their members, x_1 for x."""
    alone = [n for n in statement.choices if base_of(n) in f.declarations]
    members = [n for n in f.declarations if n.partition("_")[0] in statement.choices and n not in alone]
    return alone or members or [n for n in map(_family, statement.choices) if n in f.declarations]


def _family(name: str) -> str:
    """z of z_i"""
    base, _, index = name.partition("_")
    return base if len(index) == 1 and index.isalpha() else name


def _choice(f: Expr, statement: Statement) -> str:
    """One of the names of a left side or below min: X, else x, else the only one that occurs."""
    if not statement.choices:
        return default_variable(f)
    found = _occurring(f, statement)
    if not found:
        raise statement.missing(statement.choices[0], f.declarations)
    preferred = _usual(statement, found) or found
    if len(preferred) > 1 and preferred[0] not in ("X", "x"):
        raise DeclarationError(
            f"which variable? {statement.head} names {', '.join(found)}",
            code="which-variable",
            text=statement.text,
            span=statement.place,
            hint=f"for example --wrt {found[0]}",
        )
    return _as_argument(statement, preferred[0])


def _usual(statement: Statement, found: Sequence[str]) -> list[str]:
    """X or x, where it is one of the names; those in front of the semicolon in Q(w; X, y), where X is data behind it."""
    usual = [n for n in ("X", "x") if n in found]
    front, _, data = statement.head.partition("(")[2].partition(";")
    if not usual or not data:
        return usual
    inside = [n for n in found if _stands_in(n, front)]
    return usual if usual[0] in inside else inside or usual


def _stands_in(name: str, listed: str) -> bool:
    return name in (spelled_name(part) for part in listed.split(","))


def _as_argument(statement: Statement, name: str) -> str:
    """f(sigma^2) = … asks for the derivative by the square, and not by sigma."""
    inside = statement.head.partition("(")[2].rpartition(")")[0]
    raised = (named_power(part) for part in re.split(r"[,;|]", inside))
    return next((power_name(*found) for found in raised if found is not None and found[0] == name), name)
