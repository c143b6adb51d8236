"""Printing: expressions as text, Unicode, LaTeX and MathML, with one table of precedence."""

from matcalc.printing.abbreviations import LONG, Abbreviated, abbreviate, displayed_rows, latex_lines, readable
from matcalc.printing.formats import FORMATS, beside, latex, mathml, text, unicode
from matcalc.printing.typed import typed_lines, typed_text

__all__ = [
    "FORMATS",
    "LONG",
    "Abbreviated",
    "abbreviate",
    "beside",
    "displayed_rows",
    "latex",
    "latex_lines",
    "mathml",
    "readable",
    "text",
    "typed_lines",
    "typed_text",
    "unicode",
]
