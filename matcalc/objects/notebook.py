"""How results show in a notebook: the formula, and below it how its text was read."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap

from matcalc.notes import Note, note_lines
from matcalc.printing.lines.equations import Equation, latex_text, math_table

__all__ = ["formula_html", "formula_latex"]

#: Characters of a note in a line.
WIDEST_NOTE = 90


def formula_latex(formula: str, notes: Sequence[Note], sign: str = "") -> str:
    """The formula between dollar signs, its notes and the sign of a Hessian as lines of text below it."""
    notes = _with_sign(notes, sign)
    if not notes:
        return f"${formula}$"
    lines = [part for line in note_lines(notes) for part in wrap(line, WIDEST_NOTE)]
    rows = [formula, *(rf"\text{{\footnotesize {latex_text(line)}}}" for line in lines)]
    inside = " \\\\\n".join(f"& {row}" for row in rows)
    return f"$\\begin{{aligned}}\n{inside}\n\\end{{aligned}}$"


def _with_sign(notes: Sequence[Note], sign: str) -> Sequence[Note]:
    return (*notes, Note(f"the Hessian is {sign}", code="sign")) if sign else notes


def formula_html(rows: Sequence[str], notes: Sequence[Note], sign: str = "") -> str | None:
    """The same in MathML, which notebooks prefer; None where there is no note and LaTeX is enough."""
    notes = _with_sign(notes, sign)
    if not notes:
        return None
    formula = math_table((Equation(("", ""), ((), tuple(rows))),))
    return "\n".join([formula, *(f'<p class="matcalc-note">{escape(line)}</p>' for line in note_lines(notes))])
