"""The formats by name: what each calls by name, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import lru_cache, partial

from matcalc.calculus.needs.sentences import Printers
from matcalc.expr import Node
from matcalc.expr.directions import PREFIXES, direction_prefix, direction_symbol
from matcalc.expr.named_powers import written_out
from matcalc.printing.decimals import rescaled
from matcalc.printing.folding import folded
from matcalc.printing.indexed.opened import Opened, letters_for, opened
from matcalc.printing.layout import Layout, lay
from matcalc.printing.lines.breaking import WIDTH, displayed_lines
from matcalc.printing.notations.plain import LONG_NAMES, PLAIN_ROWS, ascii_writer, plain_writer
from matcalc.printing.notations.symbols import UNICODE_ROWS, symbolic_name, unicode_writer
from matcalc.printing.notations.tex import ROWS_BESIDE_I, SIZED_ROWS, rows_beside_twins
from matcalc.printing.notations.typeset import typeset_perturbation, typeset_writer
from matcalc.printing.notations.writer import Row, Writer
from matcalc.printing.reading.identities import DISPLAYED_WITHOUT_SIZE, are_implied
from matcalc.printing.reading.reader import Notation, Reader
from matcalc.printing.reading.spelling import Spelling
from matcalc.printing.style import PLAIN, Style
from matcalc.records import dataclass

__all__ = [
    "FORMATS",
    "FormReader",
    "displayed",
    "latex",
    "layout_of",
    "lines_of",
    "mathml",
    "printers_for",
    "reader_for",
    "text",
    "text_by_name",
    "text_up_to_sign",
    "unicode",
    "write",
]

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


def layout_of(node: Node, style: Style = PLAIN) -> Layout:
    """How the expression is laid out in text: its ``size`` is the length as printed, with surcharges."""
    plain = opened(node, style)
    return Reader(_showing(_BY_NAME, plain), style.manner.decimals).read(plain.node)


def _written(node: Node, name: str, style: Style, *, alone: bool = False) -> str:
    notation = _WRITERS[name][0]
    return write(_read(node, _with_sizes_where_needed(notation, node, alone), style), name, style=style)


def _read(node: Node, notation: Notation, style: Style) -> Layout:
    """The layout of an expression, its sums as they were typed."""
    whole = folded(written_out(node), style.manner.functions)
    decimals = style.manner.decimals
    plain = opened(rescaled(whole) if decimals else whole, style)
    spelling = style.spelling if plain.typed is style.typed else Spelling(plain.typed)
    respelled = spelling.respelled(plain.node)
    changed = respelled if respelled.changes else None
    return Reader(_showing(notation, plain), decimals, changed).read(respelled.node)


def _showing(notation: Notation, plain: Opened) -> Notation:
    return replace(notation, shown=plain.shown) if plain.shown else notation


def _with_sizes_where_needed(notation: Notation, node: Node, alone: bool = False) -> Notation:
    """I with its size, where a reader could not tell it."""
    unsized = DISPLAYED_WITHOUT_SIZE if notation is _DISPLAYED else frozenset({"identity"})
    return notation if are_implied(node, unsized=unsized, alone=alone) else replace(notation, plain_identity=False)


def write(layout: Layout, form: str, bold: str = "none", style: Style = PLAIN) -> str:
    """A layout in the format "text", "exact", "ascii", "unicode", "latex" or "mathml".

    Beside a variable called K, the commutation matrix K(m, n) is ``commutation(m, n)`` in one line; beside I and e the
    identity and unit columns have another name, too.
    """
    names = _names(layout) | style.told_from
    if form not in _WRITERS:
        return typeset_writer(form, bold).with_rows(_rows_of_names(form, names)).write(layout)
    hidden = {k: row for k, (name, row) in LONG_NAMES.items() if name in names}
    return _WRITERS[form][1]().with_rows(hidden | _rows_of_names(form, names)).write(layout)


def _rows_of_names(form: str, names: Collection[str]) -> dict[str, Row]:
    """Names that would look like others: W1 beside W_1, the perturbation of x beside a variable dx."""
    rows = rows_beside_twins(names) if form == "latex" else {}
    prefixes = _unusual_prefixes(frozenset(names))
    if not prefixes:
        return rows
    usual = rows.get("perturbation") or _PERTURBATIONS.get(form) or typeset_perturbation(form)

    def written(writer: Writer, layout: Layout) -> str:
        name, index, kind = layout.value
        if name not in prefixes:
            return usual(writer, layout)
        if form == "unicode":
            return symbolic_name(prefixes[name].rstrip("_")) + symbolic_name(f"{name}_{index}" if index else name)
        return writer.write(lay("name", value=(direction_symbol(name, index, names), kind)))

    return {**rows, "perturbation": written}


@lru_cache(maxsize=64)
def _unusual_prefixes(names: frozenset[str]) -> dict[str, str]:
    return {n: p for n in names if (p := direction_prefix(n, names)) != PREFIXES[0]}


#: Format -> how it writes perturbations, where it is not typeset.
_PERTURBATIONS: dict[str, Row] = {
    **dict.fromkeys(("text", "exact", "ascii"), PLAIN_ROWS["perturbation"]),
    "unicode": UNICODE_ROWS["perturbation"],
}


def _names(layout: Layout) -> set[str]:
    """The names of all variables, also of those that are varied; shared pieces once."""
    found: set[str] = set()
    seen: set[int] = set()
    stack = [layout]
    while stack:
        piece = stack.pop()
        if id(piece) not in seen:
            seen.add(id(piece))
            if piece.kind in ("name", "perturbation"):
                found.add(piece.value[0])
            stack.extend(piece.parts)
    return found


def text(
    node: Node, *, exact: bool = False, alone: bool = False, ascii_only: bool = False, style: Style = PLAIN
) -> str:
    """One line in the language of the input.

    An identity shows its size where neither its neighbours nor the shape of the whole tell it; with ``alone`` the shape
    of the whole is not known either; with ``exact`` every identity that stands for itself shows it.
    """
    return _written(node, "exact" if exact else "ascii" if ascii_only else "text", style, alone=alone)


def text_up_to_sign(node: Node, style: Style = PLAIN) -> str:
    """The expression or its negative in one line, whichever was typed, in the user's names."""
    return text(style.named(style.spelling.up_to_sign(node)), style=style)


def text_by_name(node: Node, style: Style = PLAIN) -> str:
    """One line of text in the user's names."""
    return text(style.named(node), style=style)


def printers_for(style: Style) -> Printers:
    """How the expressions in conditions are written: in the user's names, with the letters of its indices."""
    return Printers(
        partial(text_by_name, style=style), partial(text_up_to_sign, style=style), partial(letters_for, style=style)
    )


def unicode(node: Node, *, alone: bool = False, style: Style = PLAIN) -> str:
    """One line of Unicode signs, which can be read back, too; ``alone`` as of `text`."""
    return _written(node, "unicode", style, alone=alone)


def displayed(
    node: Node,
    form: str,
    *,
    bold: str = "none",
    width: float | None = WIDTH,
    alone: bool = False,
    style: Style = PLAIN,
) -> list[str]:
    """Lines of LaTeX, or of the inside of a ``<math>`` element; one line where the formula is not too wide."""
    notation = _with_sizes_where_needed(_DISPLAYED, node, alone)
    sized = SIZED_ROWS if form == "latex" and notation is not _DISPLAYED else {}
    return lines_of(_read(node, notation, style), form, bold, width, sized, style)


def lines_of(
    layout: Layout,
    form: str,
    bold: str = "none",
    width: float | None = WIDTH,
    sized: Mapping[str, Row] | None = None,
    style: Style = PLAIN,
) -> list[str]:
    """A layout as lines of LaTeX or MathML; ``sized`` are rows for what shows its size."""
    names = _names(layout) | style.told_from
    rows = {**_rows_of_names(form, names), **(sized or {})}
    if form == "latex" and "I" in names:
        rows |= ROWS_BESIDE_I
    return displayed_lines(layout, form, bold, width, rows)


def latex(node: Node, *, bold: str = "none", alone: bool = False, style: Style = PLAIN) -> str:
    """One line of LaTeX for amsmath, without delimiters; ``bold`` is "none", "upright" or "italic"."""
    (line,) = displayed(node, "latex", bold=bold, width=None, alone=alone, style=style)
    return line


def mathml(node: Node, *, bold: str = "none", alone: bool = False, style: Style = PLAIN) -> str:
    """A ``<math>`` element."""
    (inside,) = displayed(node, "mathml", bold=bold, width=None, alone=alone, style=style)
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">{inside}</math>'


#: format of a result -> its printer
FORMATS: dict[str, Callable[..., str]] = {"text": text, "unicode": unicode, "latex": latex, "mathml": mathml}


@dataclass(frozen=True)
class FormReader:
    """Reads expressions in one notation and style."""

    notation: Notation
    style: Style

    def read(self, node: Node) -> Layout:
        """The layout of an expression, in the user's names."""
        return _read(self.style.named(node), self.notation, self.style)


def reader_for(form: str, style: Style = PLAIN) -> FormReader:
    """Reads expressions as the format "text", "unicode", "latex" or "mathml" shows them."""
    return FormReader(_WRITERS[form][0] if form in _WRITERS else _DISPLAYED, style)
