"""Rows of functions of numbers, which act on arrays entry by entry."""

from __future__ import annotations

from typing import Any

from matcalc.functions.properties import AtLeast, Fact, Interval, Need, needs
from matcalc.functions.table import Function, Pieces, register

__all__ = ["PAIR", "REALS", "SAME", "always", "bends", "entrywise", "macro", "operator_name"]

SAME = ("(m, n) -> (m, n)",)
PAIR = ("(m, n), (m, n) -> (m, n)", "(m, n), (1, 1) -> (m, n)", "(1, 1), (m, n) -> (m, n)")
REALS = Interval()


def always(word: str) -> Pieces:
    """On the whole domain."""
    return ((REALS, word),)


def bends(left: str, place: float, right: str) -> Pieces:
    """One word up to a place, another one from there on."""
    return (Interval(high=place, with_high=True), left), (AtLeast(place), right)


def operator_name(name: str) -> str:
    r"""How LaTeX writes a function that it has no command for: \operatorname{log\_ndtr}"""
    return rf"\operatorname{{{name}}}".replace("_", r"\_")


def entrywise(name: str, summary: str, derivative: str, reference: str, **facts: Any) -> None:
    """A function of one number, with the text of its derivative."""
    columns: dict[str, Any] = {"latex": operator_name(name), "continuous": True} | _of_one(**facts)
    register(
        Function(name, SAME, ("x",), "elementwise", summary, derivatives=(derivative,), reference=reference, **columns)
    )


def macro(name: str, summary: str, definition: str, reference: str, **facts: Any) -> None:
    """A function of one number that is written with others."""
    register(
        Function(
            name, SAME, ("x",), "macro", summary, definition=(definition,), reference=reference, **_of_one(**facts)
        )
    )


def _of_one(
    *,
    monotone: Pieces,
    curvature: Pieces,
    logarithm: Pieces = (),
    domain: Fact | None = None,
    condition: Fact | None = None,
    **facts: Any,
) -> dict[str, Any]:
    """Facts of the only parameter."""
    places = {"domain": _of_x(domain), "condition": _of_x(condition)}
    return {
        **places,
        "monotone": {"x": monotone},
        "curvature": {"x": curvature},
        "logarithm": {"x": logarithm},
        **facts,
    }


def _of_x(fact: Fact | None) -> tuple[Need, ...]:
    return () if fact is None else needs(fact, "x")
