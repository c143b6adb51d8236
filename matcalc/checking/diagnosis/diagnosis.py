"""A claimed derivative against differences of the function, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from matcalc.calculus import is_mirrored, linear_structure
from matcalc.checking.checker import EVERY_SIZE_ONE, compare, undecided
from matcalc.checking.claims.claims import paired, read_part
from matcalc.checking.claims.layouts import (
    outside_of_structure,
)
from matcalc.checking.claims.written import parts_of_claim
from matcalc.checking.comparison import Comparison, Finding, compared
from matcalc.checking.diagnosis.other_shapes import of_other_shape, refuse_unknown_names
from matcalc.checking.diagnosis.wrong_claims import diagnose
from matcalc.checking.formulas import within_limits
from matcalc.checking.report import CheckReport
from matcalc.checking.subject import Subject
from matcalc.checking.values.evaluate import Array
from matcalc.errors import ShapeError
from matcalc.expr import (
    Node,
)
from matcalc.notes import distinct
from matcalc.simplify import cost, simplify

__all__ = ["check_text_claim"]


def check_text_claim(
    subject: Subject,
    wrt: Sequence[Node],
    claim: str,
    *,
    trials: int = 3,
    seed: int = 0,
    at: Mapping[str, Array] | None = None,
) -> CheckReport:
    """The claim against differences of f; where it is refuted, what is wrong with it.

    Of a claim with several parts, such as an operator and its vec form, the report is that of the first wrong one.
    """
    reports = [_check_part(subject, wrt, claim, part, trials, seed, at) for part in parts_of_claim(claim)]
    notes = distinct(note for report in reports for note in report.notes)
    return replace(next((report for report in reports if not report), reports[0]), notes=notes)


def _check_part(
    subject: Subject,
    wrt: Sequence[Node],
    claim: str,
    part: str,
    trials: int,
    seed: int,
    at: Mapping[str, Array] | None,
) -> CheckReport:
    try:
        read = read_part(claim, part, subject.node, wrt, subject.words)
        refuse_unknown_names(read.node, subject, claim)
    except ShapeError as error:
        found = of_other_shape(subject, wrt, part)
        if found is None:
            raise error
        return _refuted(found, seed)
    formula = within_limits(paired(read, wrt, subject.convention), read.node)
    report = compare(subject, wrt, [formula], trials=trials, seed=seed, at=at, written=[read.node])
    report = replace(report, notes=read.notes)
    if report.problem:
        return report
    comparison = compared(subject, wrt, read)
    if comparison is None:
        return report
    if report.ok:
        return _right(report, comparison)
    if report.place == EVERY_SIZE_ONE:
        message = f"wrong where every size is 1, and right at the other points: the derivative is {comparison.shown}"
        return replace(report, fault="different", diagnosis=message)
    found = diagnose(comparison)
    return replace(report, fault=found.fault, diagnosis=found.message)


def _refuted(found: Finding, seed: int) -> CheckReport:
    return CheckReport(False, np.inf, "shapes", None, 0, seed, (), fault=found.fault, diagnosis=found.message)


# --- right claims -----------------------------------------------------------------------------


_BY_LITTLE = "the values agree as far as floating point shows, and differ in more digits"


def _right(report: CheckReport, c: Comparison) -> CheckReport:
    """A right claim beside a shorter form; a gradient outside of its variable's space is not right."""
    (x, *others) = c.wrt
    structure = linear_structure(x)
    asked_within = c.subject.convention == "structured"
    if structure and asked_within and not others and c.claimed.shape == x.shape and not c.claimed.linear:
        found = outside_of_structure(c, structure)
        if found is not None:
            return replace(report, ok=False, fault=found.fault, diagnosis=found.message)
    if c.subject.convention == "independent" and is_mirrored(x) and not c.agree(c.claimed, c.right):
        message = f"right on and below the diagonal only: the derivative is {c.shown}"
        return replace(report, ok=False, fault="different", diagnosis=message)
    if not report.given and not c.is_proved():
        if not c.agree_in_digits():
            return replace(report, ok=False, fault="different", diagnosis=f"{_BY_LITTLE}: the derivative is {c.shown}")
        if side := c.not_seen:
            return undecided(
                f"no point was found at which {side} has the other sign: the derivative is {c.shown}", report.seed
            )
    if c.is_right_within:
        within = f"right in every direction within the {linear_structure(c.wrt[-1])} matrices"
        return replace(report, diagnosis=f"{within}: as a matrix on these it is {c.shown}")
    if cost(simplify(c.claimed)) > cost(c.right) and c.text(c.claimed) != c.shown:
        return replace(report, diagnosis=f"right; shorter: {c.shown}")
    if cost(c.claimed) > cost(c.right):
        return replace(report, diagnosis=f"right; shorter: {c.shown}")
    return report
