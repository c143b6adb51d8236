"""What other programs may ask of the engine, by name: values of JSON in and out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import signature
from typing import Any

from matcalc import api
from matcalc.errors import MatcalcError
from matcalc.language import limits
from matcalc.objects.results import Result, json_of
from matcalc.printing.abbreviations import displayed_rows

__all__ = ["CHARACTERS", "TASKS", "answer"]

#: What is asked has at most so many characters.
CHARACTERS = 10_000
Answer = dict[str, Any]


def differentiate(
    expression: str, wrt: Sequence[str] = (), order: int | None = None, where: str | None = None
) -> Answer:
    """The derivative with its numeric check."""
    return json_of(Result.of(expression, tuple(wrt), order, where, checked=True))


def shown(expression: str, wrt: Sequence[str] = (), order: int | None = None, where: str | None = None) -> Answer:
    """The same with the expression as it was read and the derivative in MathML, a list of lines each."""
    result = Result.of(expression, tuple(wrt), order, where, checked=True)
    lines = partial(displayed_rows, form="mathml", width=None, style=result.f.style)
    mathml = {"expr": lines(result.f.node), "derivative": lines(result.derivative._displayed)}
    return json_of(result) | {"mathml": mathml, "read": str(result.f.function)}


def check_claim(
    expression: str, wrt: Sequence[str], claim: str, order: int | None = None, where: str | None = None
) -> Answer:
    """Whether a claimed derivative is right."""
    return api.check(expression, *wrt, claim=claim, order=order, where=where).as_dict()


def prove_equal(left: str, right: str, where: str | None = None) -> Answer:
    """Whether two expressions are equal."""
    return api.equal(left, right, where).as_dict()


def explain(
    expression: str, wrt: Sequence[str] = (), order: int | None = None, detail: str = "brief", where: str | None = None
) -> Answer:
    """The steps, each with its rule."""
    derivation = api.explain(expression, tuple(wrt) or None, order, detail, where)
    return {"text": str(derivation), "steps": [str(step) for step in derivation.steps]}


def code(
    expression: str,
    wrt: Sequence[str] = (),
    order: int | None = None,
    target: str = "numpy",
    where: str | None = None,
) -> Answer:
    """A program that evaluates the expression, or with variables or an order its derivative."""
    if not wrt and not order:
        return {"code": api.compile(expression, target, where).source}
    found = Result.of(expression, tuple(wrt), order, where, checked=False).derivative
    return {"code": api.compile(found, target).source, "of": str(found)}


def curvature(expression: str, wrt: Sequence[str] = (), where: str | None = None) -> Answer:
    """Whether it is convex, with the proof."""
    return api.curvature(expression, *wrt, where=where).as_dict()


def solve(expression: str, wrt: Sequence[str], subject_to: Sequence[str] = (), where: str | None = None) -> Answer:
    """Where a gradient is zero, or the solution of an equation."""
    from matcalc.solving.solution import solve as solved

    return solved(expression, *wrt, subject_to=tuple(subject_to), where=where).as_dict()


TASKS: dict[str, Callable[..., Answer]] = {
    task.__name__: task for task in (differentiate, shown, check_claim, prove_equal, explain, code, curvature, solve)
}


def answer(task: str, arguments: Mapping[str, Any]) -> Answer:
    """``{"ok": true, "value": …}``, or ``{"ok": false, "error": …}`` with the message, its place and what to write instead."""
    try:
        signature(TASKS[task]).bind(**arguments)
    except TypeError as error:
        return {"ok": False, "error": f"error: {task} is asked with other arguments: {error}", "code": "usage"}
    try:
        with limits.using(characters=CHARACTERS):
            return {"ok": True, "value": TASKS[task](**arguments)}
    except MatcalcError as error:
        return {"ok": False, "error": str(error), "code": error.code}
