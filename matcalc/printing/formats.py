"""The formats by name: what each calls by name, and who writes it."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.expr import Node
from matcalc.printing.layout import Layout
from matcalc.printing.mathml import mathml_writer
from matcalc.printing.plain import ascii_writer, plain_writer
from matcalc.printing.reading import Notation, Reader
from matcalc.printing.symbols import unicode_writer
from matcalc.printing.tex import latex_writer
from matcalc.printing.writer import Writer

__all__ = ["FORMATS", "latex", "layout_of", "mathml", "reader_for", "text", "unicode", "writer_for"]

_BY_NAME = Notation("by name", sums_by_name=True, broadcast=True, plain_identity=True)
_EXACT = Notation("exact", sums_by_name=True, broadcast=True)
_DISPLAYED = Notation("displayed", sums_by_name=False, broadcast=False, plain_identity=True)

#: format -> who writes it
_WRITERS: dict[str, tuple[Notation, Callable[[], Writer]]] = {
    "text": (_BY_NAME, plain_writer),
    "exact": (_EXACT, plain_writer),
    "ascii": (_BY_NAME, ascii_writer),
    "unicode": (_BY_NAME, unicode_writer),
}


def layout_of(node: Node) -> Layout:
    """How the expression is laid out in text: its ``size`` is the length as printed, with surcharges."""
    return Reader(_BY_NAME).read(node)


def _written(node: Node, name: str) -> str:
    notation, writer = _WRITERS[name]
    return writer().write(Reader(notation).read(node))


def text(node: Node, *, exact: bool = False, ascii_only: bool = False) -> str:
    """One line in the language of the input.

    With ``exact`` every identity shows its size, so that reading it back gives the same expression without context.
    """
    return _written(node, "exact" if exact else "ascii" if ascii_only else "text")


def unicode(node: Node) -> str:
    """One line of Unicode signs, which can be read back, too."""
    return _written(node, "unicode")


def latex(node: Node, *, bold: str = "none") -> str:
    """LaTeX for amsmath, without delimiters; ``bold`` is "none", "upright" or "italic"."""
    return latex_writer(bold).write(Reader(_DISPLAYED).read(node))


def mathml(node: Node, *, bold: str = "none") -> str:
    """A ``<math>`` element."""
    inside = mathml_writer(bold).write(Reader(_DISPLAYED).read(node))
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{inside}</math>'


#: format of a result -> its printer
FORMATS: dict[str, Callable[[Node], str]] = {"text": text, "unicode": unicode, "latex": latex, "mathml": mathml}


def reader_for(form: str) -> Reader:
    """Reads expressions as the format "text", "unicode", "latex" or "mathml" shows them."""
    return Reader(_WRITERS[form][0] if form in _WRITERS else _DISPLAYED)


def writer_for(form: str, bold: str = "none") -> Writer:
    """Writes layouts in a format; ``bold`` counts where there is a choice of letters."""
    if form in _WRITERS:
        return _WRITERS[form][1]()
    return latex_writer(bold) if form == "latex" else mathml_writer(bold)
