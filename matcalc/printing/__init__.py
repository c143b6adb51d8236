"""Printing: expressions as text, Unicode, LaTeX and MathML, with one table of precedence."""

from matcalc.printing.abbreviations import LONG, Abbreviated, abbreviate, displayed_rows, latex_lines, readable
from matcalc.printing.formats import FORMATS, as_typed, beside, latex, mathml, text, text_up_to_sign, unicode
from matcalc.printing.spelling import Sum
from matcalc.printing.typed import typed_lines, typed_text

__all__ = [
    "FORMATS",
    "LONG",
    "Abbreviated",
    "Sum",
    "abbreviate",
    "as_typed",
    "beside",
    "displayed_rows",
    "latex",
    "latex_lines",
    "mathml",
    "readable",
    "text",
    "text_up_to_sign",
    "typed_lines",
    "typed_text",
    "unicode",
]
