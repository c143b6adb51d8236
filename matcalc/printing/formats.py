"""The formats by name: what each calls by name, and who writes it."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.expr import Node
from matcalc.printing.layout import Layout
from matcalc.printing.mathml import mathml_writer
from matcalc.printing.plain import LONG_NAMES, ascii_writer, plain_writer
from matcalc.printing.reading import Notation, Reader
from matcalc.printing.symbols import unicode_writer
from matcalc.printing.tex import latex_writer
from matcalc.printing.writer import Writer

__all__ = ["FORMATS", "latex", "layout_of", "mathml", "reader_for", "text", "unicode", "write"]

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
    return write(Reader(_WRITERS[name][0]).read(node), name)


def write(layout: Layout, form: str, bold: str = "none") -> str:
    """A layout in the format "text", "exact", "ascii", "unicode", "latex" or "mathml".

    Beside a variable that is called K, the commutation matrix K(m, n) is written ``commutation(m, n)`` in one line.
    """
    if form not in _WRITERS:
        return (latex_writer(bold) if form == "latex" else mathml_writer(bold)).write(layout)
    writer = _WRITERS[form][1]()
    found = _kinds_and_names(layout)
    return (writer.with_rows(LONG_NAMES) if {"commutation", "name K"} <= found else writer).write(layout)


def _kinds_and_names(layout: Layout) -> set[str]:
    """The kinds of all pieces, and the names of all variables, also of those that are varied; shared pieces once."""
    found: set[str] = set()
    seen: set[int] = set()
    stack = [layout]
    while stack:
        piece = stack.pop()
        if id(piece) not in seen:
            seen.add(id(piece))
            found.add(f"name {piece.value[0]}" if piece.kind in ("name", "perturbation") else piece.kind)
            stack.extend(piece.parts)
    return found


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
