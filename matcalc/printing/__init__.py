"""Printing: text that the parser reads back, Unicode, LaTeX, and named subexpressions for long results."""

from __future__ import annotations

from matcalc.expr import Node
from matcalc.printing.layout import Layout
from matcalc.printing.style import LATEX, TEXT, UNICODE, Latex

__all__ = ["latex", "text", "unicode"]


def text(node: Node, names: dict[Node, str] | None = None) -> str:
    """ASCII, in the language of the input."""
    return Layout(TEXT, names).text(node)


def unicode(node: Node, names: dict[Node, str] | None = None) -> str:
    """One line of Unicode signs."""
    return Layout(UNICODE, names).text(node)


def latex(node: Node, *, bold: str = "none", names: dict[Node, str] | None = None) -> str:
    """LaTeX for amsmath, without delimiters; ``bold`` is "none", "upright" or "italic"."""
    return Layout(LATEX if bold == "none" else Latex(bold=bold), names).text(node)
