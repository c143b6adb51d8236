"""How results show in a notebook: the formula, and below it how its text was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from matcalc.expr import Node
from matcalc.notes import Note, note_lines
from matcalc.printing.abbreviations import displayed_rows
from matcalc.printing.lines.equations import Equation, latex_text, math_table

if TYPE_CHECKING:
    from matcalc.objects.derivatives import Derivative
    from matcalc.objects.expressions import Expr

__all__ = ["derivative_html", "expression_html", "formula_latex", "solution_html", "told_html"]

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


def expression_html(f: Expr) -> str:
    """The same in MathML, which notebooks prefer, with the names that occur."""
    return _html((Equation(("", ""), ((), tuple(_rows(f.node, f)))),), f, f.notes)


def derivative_html(found: Derivative) -> str:
    """The derivative, an operator beside its vec form, with names, conditions, the sign of a Hessian and notes."""
    equations = [Equation(("", ""), ((), tuple(_rows(found._displayed, found.f))))]
    if found.reading.matrix is not None and found.form != "array":
        operator = tuple(_rows(found.reading.operator, found.f))
        label, name = "<mtext>vec form</mtext>", f"<mi>{escape(found.operator_name)}</mi>"
        equations = [Equation((name, name), ((), operator)), Equation((label, label), ((), equations[0].right[1]))]
    lines = [f"holds if {'; '.join(found.conditions)}"] if found.conditions else []
    return _html(tuple(equations), found.f, _with_sign(found.notes, found.sign), lines)


def told_html(lines: Sequence[str], good: bool | None = None) -> str:
    """Lines of text, the first in the colour of a verdict."""
    colour = {True: ' style="color:#1a7f37"', False: ' style="color:#cf222e"', None: ""}[good]
    head, *rest = (escape(line) for line in lines)
    return "<br>".join([f"<span{colour}>{head}</span>", *rest])


def solution_html(values: Mapping[str, Expr], rows: Sequence[tuple[str, str]]) -> str:
    """Names with their values in MathML, and below them what else is to be said, each with its label."""
    symbols = ("".join(_rows(v.declarations[n].node, v)) for n, v in values.items())
    pairs = zip(symbols, values.values(), strict=True)
    equations = tuple(Equation((symbol, symbol), ((), tuple(_rows(v.node, v)))) for symbol, v in pairs)
    lines = [escape(f"{label}: {text}").replace("\n", "<br>") for label, text in rows]
    return "\n".join([*([math_table(equations)] if equations else []), f"<p>{'<br>'.join(lines)}</p>"])


def _rows(node: Node, f: Expr) -> list[str]:
    return displayed_rows(node, "mathml", style=f.style)


def _html(equations: tuple[Equation, ...], f: Expr, notes: Sequence[Note], lines: Sequence[str] = ()) -> str:
    occur = ", ".join(str(d) for d in f.declarations.values())
    told = [*([f"where {occur}"] if occur else []), *lines]
    names = [f'<p class="matcalc-names">{escape(line)}</p>' for line in told]
    noted = [f'<p class="matcalc-note">{escape(line)}</p>' for line in note_lines(notes)]
    return "\n".join([math_table(equations), *names, *noted])
