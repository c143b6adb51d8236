"""Simplification: named identities, factoring, and the choice of the form that reads shortest."""

from matcalc.simplify.cost import cost
from matcalc.simplify.driver import simplify
from matcalc.simplify.recorder import Firing, Rule, recording

__all__ = ["Firing", "Rule", "cost", "recording", "simplify"]
