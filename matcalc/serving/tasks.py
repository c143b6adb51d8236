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
from matcalc.serving.remainders import remainders

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
    """Whether it is convex, with the proof or the counterexample, in lines for a reader, too."""
    found = api.curvature(expression, *wrt, where=where)
    return found.as_dict() | {"title": found.title, "text": found.steps}


def solve(expression: str, wrt: Sequence[str], subject_to: Sequence[str] = (), where: str | None = None) -> Answer:
    """Where a gradient is zero, or the solution of an equation; each unknown in MathML, too."""
    from matcalc.solving.solution import solve as solved

    found = solved(expression, *wrt, subject_to=tuple(subject_to), where=where)
    lines = partial(displayed_rows, form="mathml", width=None)
    mathml = {name: lines(value.node, style=value.style) for name, value in found.shown.items()}
    return found.as_dict() | {"text": str(found), "latex": found.latex(), "mathml": mathml}


def minimize(
    expression: str,
    wrt: Sequence[str],
    data: Mapping[str, Any],
    subject_to: Sequence[str] = (),
    where: str | None = None,
) -> Answer:
    """The least value for given numbers, and where it is reached."""
    from matcalc.minimizing.minimum import minimize as minimized

    arrays = {name: _array(name, value) for name, value in data.items()}
    found = minimized(expression, list(wrt), arrays, subject_to=list(subject_to), where=where)
    told = ("success", "message", "method", "is_global", "multipliers")
    return {"x": _plain(found.x), "value": float(found.fun)} | {name: _plain(found[name]) for name in told}


def _array(name: str, value: Any) -> Any:
    """A number or nested lists as an array. Raises MatcalcError where rows differ in length."""
    import numpy as np

    try:
        return np.asarray(value)
    except ValueError as error:
        raise MatcalcError(f"the rows of {name} differ in length", code="argument", word=name) from error


def _plain(value: Any) -> Any:
    """Arrays as lists, within mappings, too."""
    if isinstance(value, Mapping):
        return {name: _plain(of) for name, of in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


def taylor(
    expression: str,
    wrt: Sequence[str] = (),
    order: int | None = None,
    where: str | None = None,
    claim: str | None = None,
) -> Answer:
    """The picture of the check: the remainder of the Taylor polynomial for each step, with its slope, at some points."""
    curves, said = remainders(expression, wrt, order, where, claim)
    return {"curves": [curve.as_dict() for curve in curves], "verdict": said}


TASKS: dict[str, Callable[..., Answer]] = {
    task.__name__: task
    for task in (differentiate, shown, check_claim, prove_equal, explain, code, curvature, solve, minimize, taylor)
}


def answer(task: str, arguments: Mapping[str, Any]) -> Answer:
    """``{"ok": true, "value": …}``, or ``{"ok": false, "error": …}`` with the message, its place and what to write instead.

    An error also has ``fixed``, the expressions that would be without it, and ``variables``, where one of them is to be named.
    """
    try:
        signature(TASKS[task]).bind(**arguments)
    except TypeError as error:
        return {"ok": False, "error": f"error: {task} is asked with other arguments: {error}", "code": "usage"}
    try:
        with limits.using(characters=CHARACTERS):
            return {"ok": True, "value": TASKS[task](**arguments)}
    except MatcalcError as error:
        asked = arguments.get("expression")
        fixed = list(error.fixed) if error.text == asked else []
        variables = _variables(asked, arguments.get("where")) if error.code == "which-variable" else []
        return {"ok": False, "error": str(error), "code": error.code, "fixed": fixed, "variables": variables}


def _variables(expression: Any, where: str | None) -> list[str]:
    """What an expression may be differentiated by."""
    return [name for name, d in api.parse(expression, where).declarations.items() if not d.is_function]
