"""The writers of the formats that are typeset, each loaded when it is asked for: a terminal needs none of MathML."""

from __future__ import annotations

from matcalc.printing.notations.tex import LATEX_ROWS, latex_writer
from matcalc.printing.notations.writer import Row, Writer

__all__ = ["typeset_perturbation", "typeset_writer"]


def typeset_writer(form: str, bold: str) -> Writer:
    """The writer of "latex" or "mathml"."""
    if form == "latex":
        return latex_writer(bold)
    from matcalc.printing.notations.mathml import mathml_writer

    return mathml_writer(bold)


def typeset_perturbation(form: str) -> Row:
    """How "latex" or "mathml" writes the perturbation of a variable."""
    if form == "latex":
        return LATEX_ROWS["perturbation"]
    from matcalc.printing.notations.mathml import MATHML_ROWS

    return MATHML_ROWS["perturbation"]
