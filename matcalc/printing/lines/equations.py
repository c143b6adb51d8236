"""Equations below each other, aligned at their equality signs: LaTeX for typesetters, MathML for browsers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from textwrap import wrap

from matcalc.printing.lines.breaking import WIDTH
from matcalc.records import dataclass

__all__ = ["Equation", "Pair", "aligned", "derivation_table", "latex_rows", "latex_text", "math_table"]

#: LaTeX and MathML of the same thing.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Equation:
    """One equation.

    Attributes:
        left: what stands left of the equality sign; empty where it is that of the equation before.
        right: the right side, in LaTeX and in MathML; a long one has several lines.
        reason: why it is equal to the one before.
        identity: what that rule says.
        width: how wide the widest line is, in letters.
    """

    left: Pair
    right: tuple[tuple[str, ...], tuple[str, ...]]
    reason: str = ""
    identity: str = ""
    width: float = 0.0


# --- LaTeX ------------------------------------------------------------------------------------

#: A line of an article holds this much, in letters of a formula, beside the left sides.
PAGE = WIDTH
#: Characters of small text in a line.
LONGEST_REASON = 68
#: The width of a letter of text.
_TEXT = 0.85


def aligned(equations: Iterable[Equation], position: str = "") -> str:
    """An ``aligned`` environment; ``position`` is "[t]" where what stands before it belongs to the first line."""
    return f"\\begin{{aligned}}{position}\n" + " \\\\\n".join(latex_rows(tuple(equations))) + "\n\\end{aligned}"


def latex_rows(equations: Sequence[Equation]) -> Iterator[str]:
    """Rows for ``aligned`` and ``align*``; reasons stand at the right where there is room, else in rows of their own."""
    beside = _beside(equations)
    for i, equation in enumerate(equations):
        first, *more = equation.right[0]
        equals = "= " if i or equation.left[0] else ""
        rows = [f"{equation.left[0]} &{equals}{first}".lstrip(), *(f"&{row}" for row in more)]
        if equation.reason and beside:
            rows[-1] += rf" && \text{{{latex_text(equation.reason)}}}"
        elif equation.reason:
            wrapped = wrap(f"({equation.reason})", LONGEST_REASON)
            rows += [rf"&\qquad \text{{\footnotesize {latex_text(part)}}}" for part in wrapped]
        yield from rows


def _beside(equations: Sequence[Equation]) -> bool:
    """Whether the widest line and the longest reason fit beside each other."""
    widest = max((e.width for e in equations), default=0.0)
    longest = max((len(e.reason) for e in equations), default=0)
    return widest + _TEXT * longest <= PAGE


_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "{": r"\{",
    "}": r"\}",
    "^": r"\^{}",
    "~": r"\~{}",
    "–": "--",
    "é": r"\'e",
    "…": r"\dots{}",
}


def latex_text(text: str) -> str:
    """Text within LaTeX."""
    return "".join(_ESCAPES.get(c, c) for c in text)


# --- MathML -----------------------------------------------------------------------------------

_MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'


def math_table(equations: Iterable[Equation], *, inside: bool = False) -> str:
    """A ``<math>`` element, or its ``inside``."""
    rows = "".join(row for i, e in enumerate(equations) for row in _math_rows(e, i))
    table = f'<mtable class="aligned">{rows}</mtable>'
    return table if inside else f"{_MATH}{table}</math>"


def _math_rows(equation: Equation, index: int) -> Iterator[str]:
    first, *more = equation.right[1]
    equals = '<mo form="infix">=</mo>' if index or equation.left[1] else ""
    yield _row(equation.left[1], equals + first)
    for row in more:
        yield _row("", row)


#: Browsers leave the alignment of columns to styles.
_CELLS = ("padding:0.35em 0; text-align:right", "padding:0.35em 0 0.35em 0.25em; text-align:left")


def _row(*cells: str) -> str:
    inside = (
        f'<mtd style="{style}">{_displayed(cell) if cell else ""}</mtd>'
        for style, cell in zip(_CELLS, cells, strict=True)
    )
    return f"<mtr>{''.join(inside)}</mtr>"


def _displayed(markup: str) -> str:
    return f'<mstyle displaystyle="true">{markup}</mstyle>'


def derivation_table(equations: Iterable[Equation]) -> str:
    """An HTML table: left sides, right sides, and the rule that led to each."""
    rows = "\n".join(_derivation_row(e, i) for i, e in enumerate(equations))
    return f'<table class="matcalc-derivation">\n{rows}\n</table>'


def _derivation_row(equation: Equation, index: int) -> str:
    left = f"{_MATH}{_displayed(equation.left[1])}</math>" if equation.left[1] else ""
    lines = math_table((Equation(("", ""), equation.right),), inside=True)
    if len(equation.right[1]) == 1:
        lines = _displayed(equation.right[1][0])
    right = f'{_MATH}<mrow><mo form="infix">=</mo>{lines}</mrow></math>'
    title = f' title="{escape(equation.identity)}"' if equation.identity else ""
    cells = (
        f'<td style="text-align:right">{left}</td>',
        f'<td style="text-align:left">{right}</td>',
        f'<td style="text-align:left; padding-left:2em"{title}>{escape(equation.reason)}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"
