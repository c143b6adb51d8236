"""What `check` compares: a function's derivative with a claim that is given, with those in its text, or with nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matcalc.errors import MatcalcError, SyntaxFault
from matcalc.language import Declaration, may_be_statement
from matcalc.objects.asked import asked_variables
from matcalc.objects.derivatives import Derivative, stated
from matcalc.objects.expressions import Expr, Variable, parse
from matcalc.records import dataclass

__all__ = ["Claimed", "Question", "questions"]

Claimed = str | Expr | Derivative | Callable[..., Any]


@dataclass(frozen=True)
class Question:
    """One comparison: the variables in turn, the claim, None for matcalc's own answer, and the claim as it was typed."""

    names: tuple[str, ...]
    claim: Claimed | None
    shown: str = ""


def questions(f: Expr, wrt: Sequence[Variable], order: int | None, claim: Claimed | None) -> tuple[Question, ...]:
    """Every comparison that is asked for. Raises MatcalcError where two claims are given."""
    said = f.statement.claims if f.statement is not None else ()
    if claim is not None or not said:
        _refuse_second(f, claim)
        return (Question(asked_variables(f, wrt, order), claim, claim if isinstance(claim, str) else ""),)
    assert f.statement is not None
    shown = [part.text.strip("$") for part in said]
    texts = [_as_claim(part.text, f) for part in said]
    names = f.statement.choices
    if f.statement.variables or len(names) < 2 or wrt:
        by = asked_variables(f, wrt, order)
        return tuple(Question(by, text, s) for text, s in zip(texts, shown, strict=True))
    return tuple(
        Question((name,), _alone(text, name, names, f), s)
        for text, s in zip(texts, shown, strict=True)
        for name in names
    )


def _refuse_second(f: Expr, claim: Claimed | None) -> None:
    said = f.statement.claims[0] if f.statement is not None and f.statement.claims else None
    if claim is not None and said is not None and f.statement is not None:
        what = "the text has a claim of its own"
        hint = "leave out one of the two"
        raise SyntaxFault(what, code="contradiction", text=f.statement.text, span=said.span, hint=hint)


def _as_claim(text: str, f: Expr) -> str:
    """A claim that is a derivative of another function is what that derivative is."""
    if not may_be_statement(text):
        return text
    try:
        side = parse(text, {n: d.type_text for n, d in f.declarations.items()})
    except MatcalcError:
        return text
    return str(stated(side)) if side.statement is not None and side.statement.differentiates else text


def _alone(text: str, name: str, names: Sequence[str], f: Expr) -> str:
    """A total differential where only one variable moves."""
    still = (f"d{other} = {_zero(f.declarations[other])}" for other in names if other != name)
    return f"{text} where {', '.join(still)}"


def _zero(declaration: Declaration) -> str:
    rows, cols = declaration.shape
    return "0" if rows.is_one and cols.is_one else f"zeros({rows}, {cols})"
