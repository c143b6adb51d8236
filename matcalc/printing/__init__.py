"""Printing: expressions as text, Unicode, LaTeX and MathML, with one table of precedence."""

from matcalc.printing.abbreviations import LONG, Abbreviated, Names, abbreviate, displayed_rows, latex_lines, readable
from matcalc.printing.defined import Defined
from matcalc.printing.formats import (
    FORMATS,
    latex,
    mathml,
    text,
    text_by_name,
    text_up_to_sign,
    unicode,
)
from matcalc.printing.reading.spelling import Sum
from matcalc.printing.reading.typed import typed_lines, typed_text
from matcalc.printing.style import Manner, Style

__all__ = [
    "FORMATS",
    "LONG",
    "Abbreviated",
    "Defined",
    "Manner",
    "Names",
    "Style",
    "Sum",
    "abbreviate",
    "displayed_rows",
    "latex",
    "latex_lines",
    "mathml",
    "readable",
    "text",
    "text_by_name",
    "text_up_to_sign",
    "typed_lines",
    "typed_text",
    "unicode",
]
