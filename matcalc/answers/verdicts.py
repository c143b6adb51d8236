"""The report on one question: a function's derivative beside a claim, or matcalc's own beside differences of the function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matcalc.answers.claimed import Question
from matcalc.answers.smaller import Smaller, smaller
from matcalc.budget import within
from matcalc.errors import LimitError, MatcalcError
from matcalc.expr import Dim, Node, substitute_sizes
from matcalc.notes import distinct
from matcalc.objects.by_powers import in_powers
from matcalc.objects.conventions import by_convention
from matcalc.objects.derivatives import Derivative, derivative
from matcalc.objects.expressions import Expr
from matcalc.objects.variables import variable_named
from matcalc.objects.wirtinger.support import has_complex
from matcalc.simplify import simplify
from matcalc.simplify.proof.prover import prove_zero

if TYPE_CHECKING:
    from matcalc.checking import CheckReport, Subject

__all__ = ["report_of", "report_of_own"]

#: What the check of an answer may take of the time that is left: the answer is shown without it.
PART_OF_CHECK = 0.7
#: Notes that say what has to be checked.
_CHECKED = frozenset({"claims", "steps"})


def report_of(
    f: Expr, question: Question, trials: int, seed: int, given: Mapping[str, Any] | None, convention: str
) -> CheckReport:
    """One comparison; where it is too large to compute, at smaller sizes."""
    report = _compared(f, question, trials, seed, given, convention)
    if not report.problem or given or callable(question.claim):
        return report
    own = derivative(f, *question.names, convention=convention)
    again = _at_smaller_sizes(f, own, question, trials, seed, convention)
    return report if again is None else again


def _compared(
    f: Expr, question: Question, trials: int, seed: int, given: Mapping[str, Any] | None, convention: str
) -> CheckReport:
    f = in_powers(f, question.names)
    subject, variables_ = _subject(f, question.names, convention)
    claim = question.claim
    report = _checked(subject, variables_, claim, trials=trials, seed=seed, at=given)
    of_claim = claim.notes if isinstance(claim, (Expr, Derivative)) else report.notes
    before = (note for note in f.notes if note.code not in _CHECKED)
    return replace(report, notes=distinct((*before, *of_claim)))


def _subject(f: Expr, names: Sequence[str], convention: str) -> tuple[Subject, list[Node]]:
    """The function as it is checked, and the variables in which it is differentiated."""
    from matcalc.checking import Subject

    node, variables_ = by_convention(f, [variable_named(f, name) for name in names], convention)
    definitions = {d.name: d.node for d in f.definitions}
    return Subject(node, f.declarations, f.tree, definitions, convention, f.style), variables_


def _at_smaller_sizes(
    f: Expr, own: Derivative, question: Question, trials: int, seed: int, convention: str
) -> CheckReport | None:
    """What names in the place of large sizes tell; None where there are none, or where it may be the names' fault."""
    small = smaller(f)
    if small is None:
        return None
    claim = str(own if question.claim is None else question.claim)
    try:
        report = _compared(small.f, replace(question, claim=small.of(claim)), trials, seed, None, convention)
    except MatcalcError:
        report = None
    if report is None or not report.ok:
        proved = _is_proved(f, own, claim, convention) and _is_instance(own, small, convention)
        told = report is not None and not report.problem and small.is_told_by_names(f"{f.source} {claim}")
        own_there = replace(question, claim=None)
        report = _compared(small.f, own_there, trials, seed, None, convention) if proved else report if told else None
    return None if report is None or report.problem else replace(report, stand_in=small.words)


def _is_proved(f: Expr, own: Derivative, claim: str, convention: str) -> bool:
    """Whether the claim is equal to matcalc's own derivative, without a look at values."""
    from matcalc.checking import in_form, read_claim

    subject, variables_ = _subject(f, own.wrt, convention)
    try:
        read = read_claim(claim, subject.node, variables_, subject.words)
    except MatcalcError:
        return False
    right = in_form(own.reading, read)
    return right is not None and right.shape == read.node.shape and _is_zero(right - read.node)


def _is_instance(own: Derivative, small: Smaller, convention: str) -> bool:
    """Whether the derivative is that of the function with names, with the sizes in the place of the names."""
    general = derivative(small.f, *own.wrt, convention=convention).reading.operator
    at_sizes = substitute_sizes(general, {name: Dim.of(size) for size, name in small.names.items()})
    mine = own.reading.operator
    return mine.shape == at_sizes.shape and _is_zero(mine - at_sizes)


def _is_zero(gap: Node) -> bool:
    return simplify(gap).is_zero or prove_zero(gap) is not None


def _checked(subject: Subject, variables_: list[Node], claim: Any, **options: Any) -> CheckReport:
    """The report on matcalc's own derivative, on a written claim, or on a function."""
    from matcalc.checking import check_callable_claim, check_derivative, check_text_claim, reading_of

    if claim is None:
        return check_derivative(subject, reading_of(subject, variables_), **options)
    if isinstance(claim, (str, Expr, Derivative)):
        return check_text_claim(subject, variables_, str(claim), **options)
    return check_callable_claim(subject, variables_, claim, **options)


def report_of_own(derived: Derivative, trials: int, seed: int) -> CheckReport:
    """The check of a derivative that was derived before; where that is too large, of what is printed at smaller sizes."""
    from matcalc.checking import Subject, check_derivative, undecided

    if has_complex(derived.f):
        from matcalc.answers.complex_checks import verify_own

        return verify_own(derived, trials, seed)
    f = derived.f
    try:
        with within(PART_OF_CHECK):
            report = check_derivative(
                Subject(f.node, f.declarations, f.tree), derived.reading, trials=trials, seed=seed
            )
    except LimitError as error:
        report = undecided(error.message, seed)
    if not report.problem:
        return report
    again = _at_smaller_sizes(f, derived, Question(derived.wrt, None), trials, seed, "structured")
    return again if again is not None and again.ok else report
