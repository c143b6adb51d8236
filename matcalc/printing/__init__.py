"""Printing: expressions as text, Unicode, LaTeX and MathML, with one table of precedence."""

from matcalc.printing.abbreviations import Abbreviated, abbreviate
from matcalc.printing.formats import FORMATS, latex, mathml, text, unicode

__all__ = ["FORMATS", "Abbreviated", "abbreviate", "latex", "mathml", "text", "unicode"]
