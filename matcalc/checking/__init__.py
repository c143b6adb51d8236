"""Numeric verification by routes that do not share the derivation."""

from matcalc.checking.checker import check_claim, check_derivative, undecided
from matcalc.checking.claims.callables import check_callable_claim, check_function
from matcalc.checking.claims.claims import read_claim
from matcalc.checking.comparison import in_form, reading_of
from matcalc.checking.deciding.equality import Decision, decide
from matcalc.checking.diagnosis.diagnosis import check_text_claim
from matcalc.checking.report import CheckReport
from matcalc.checking.subject import Subject

__all__ = [
    "CheckReport",
    "Decision",
    "Subject",
    "check_callable_claim",
    "check_claim",
    "check_derivative",
    "check_function",
    "check_text_claim",
    "decide",
    "in_form",
    "read_claim",
    "reading_of",
    "undecided",
]
