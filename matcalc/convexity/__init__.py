"""Whether a function is convex, and why: from a node and the variables that move to a verdict with its certificate.

In come expressions and the columns of the table of functions (range, monotone, curvature, in the order of Loewner); out go a
verdict, lines that each name a rule, conditions, and where it is neither two segments that show it. Proofs are read
from nodes alone (`composition`, `by_derivatives`), and sampling never proves: `search` looks for segments that refute, and
evaluates what was typed. No set of names of functions stands here, and nothing here compiles, prints to a terminal or parses.
"""

from matcalc.convexity.hessians import sign_of_hessian
from matcalc.convexity.judging import curvature
from matcalc.convexity.verdicts import Curvature, Line

__all__ = ["Curvature", "Line", "curvature", "sign_of_hessian"]
