"""Texts with further right sides: f = a = b says that a and b are equal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from matcalc.answers.equalities import equal
from matcalc.objects.expressions import Expr

if TYPE_CHECKING:
    from matcalc.checking import CheckReport

__all__ = ["with_steps"]


def with_steps(f: Expr, report: CheckReport) -> CheckReport:
    """The report of a function whose text has further right sides: they have to be equal to the first."""
    said = f.statement
    if said is None or said.differentiates or not said.steps:
        return report
    answer = equal(said.text, None, {name: d.type_text for name, d in f.declarations.items()})
    if answer.verdict != "refuted":
        return report
    return replace(report, ok=False, problem=f"the right sides are not equal: {answer.reason}")
