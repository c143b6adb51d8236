"""Numeric verification by routes that do not share the derivation."""

from matcalc.checking.checker import check_claim, check_derivative
from matcalc.checking.claims import read_claim
from matcalc.checking.equality import counterexample
from matcalc.checking.report import CheckReport
from matcalc.checking.subject import Subject

__all__ = ["CheckReport", "Subject", "check_claim", "check_derivative", "counterexample", "read_claim"]
