"""Line breaking: a long displayed formula as lines, as a typesetter would break it.

Lines end before + and − of the outermost sum, else before a factor, else inside brackets, and never inside what is
short. Widths are those of the rendered formula, in widths of a letter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from matcalc.language.undefined.open_uses import use_size
from matcalc.printing.layout import Layout, lay, leading_kind
from matcalc.printing.lines.widths import BINARY, BRACKETS, SIGN, sum_sign_width, width_of, width_of_part
from matcalc.printing.notations.typeset import typeset_writer
from matcalc.printing.notations.writer import Row
from matcalc.printing.precedence import DISPLAYED, needs_brackets
from matcalc.records import dataclass

__all__ = ["SCREEN", "WIDTH", "displayed_lines"]

#: What fits beside a left side in an article (345 pt), and on a page of documentation.
WIDTH = 48
SCREEN = 60
#: What is narrower than this part of a line stays in one piece.
WHOLE = 0.4
#: What is longer is nobody's displayed formula, and is left in one line.
LONGEST_BROKEN = 5000
#: The indentation of further lines.
INDENT = 3.5


# --- where it may be broken -------------------------------------------------------------------


@dataclass(frozen=True)
class _Piece:
    """What stays together; ``joint`` is what stands before it within a line, ``opening`` at the start of one."""

    markup: str
    width: float
    level: int
    joint: str = ""
    opening: str = ""


@dataclass(frozen=True)
class _Marks:
    """The signs of a notation."""

    sign: Callable[[int], str]
    leading: Callable[[int], str]
    joints: dict[str, tuple[str, str]]
    comma: str
    space: str
    brackets: Callable[[int, str], tuple[str, str]]
    raised: Callable[[str, str], str]
    indent: str
    times: str
    thin: str


#: Brackets that do not end on the line where they begin cannot grow by themselves.
_SIZES = ("big", "Big", "bigg", "Bigg")
_LATEX = _Marks(
    sign=lambda s: " + " if s > 0 else " - ",
    leading=lambda s: "+ " if s > 0 else "- ",
    joints={
        "product": (" ", r"\cdot "),
        "multiple": (" ", r"\cdot "),
        "hadamard": (r" \odot ", r"\odot "),
        "hadamard_quotient": (r" \oslash ", r"\oslash "),
        "kron": (r" \otimes ", r"\otimes "),
    },
    comma=",",
    space=" ",
    brackets=lambda size, bars: (
        rf"\{_SIZES[size]}l{bars or '('}" + (" " if bars else ""),
        (" " if bars else "") + rf"\{_SIZES[size]}r{bars.replace('l', 'r', 1) or ')'}",
    ),
    raised=lambda closing, exponent: rf"{closing}{exponent}",
    indent=r"\quad ",
    times=r" \cdot ",
    thin=r" \, ",
)


def _mo(sign: str, more: str = "") -> str:
    return f"<mo{more}>{sign}</mo>"


_INFIX = ' form="infix"'
_MATHML = _Marks(
    sign=lambda s: _mo("+" if s > 0 else "−", _INFIX),
    leading=lambda s: _mo("+" if s > 0 else "−", _INFIX),
    joints={
        "product": (_mo("\u2062"), _mo("·", _INFIX)),
        "multiple": (_mo("\u2062"), _mo("·", _INFIX)),
        "hadamard": (_mo("⊙", _INFIX),) * 2,
        "hadamard_quotient": (_mo("⊘", _INFIX),) * 2,
        "kron": (_mo("⊗", _INFIX),) * 2,
    },
    comma=_mo(","),
    space="",
    brackets=lambda size, bars: (
        _mo("‖" if bars else "(", ' stretchy="false" form="prefix"'),
        _mo("‖" if bars else ")", ' stretchy="false" form="postfix"'),
    ),
    raised=lambda closing, exponent: f"<msup>{closing}{exponent}</msup>",
    indent='<mspace width="1.5em"></mspace>',
    times=_mo("·", _INFIX),
    thin='<mspace width="0.167em"></mspace>',
)

#: What stands at the closing bracket of a whole that is raised.
_EXPONENTS = {
    "conjugate": ("^{*}", "<mo>*</mo>"),
    "adjoint": ("^{H}", "<mi mathvariant='normal'>H</mi>"),
    "transpose": (r"^{\top}", "<mi mathvariant='normal'>⊤</mi>"),
    "inverse": ("^{-1}", "<mrow><mo>−</mo><mn>1</mn></mrow>"),
    "inverse_transpose": (r"^{-\top}", "<mrow><mo form='prefix'>−</mo><mi mathvariant='normal'>⊤</mi></mrow>"),
}


class _Breaker:
    """The pieces of a layout in one notation."""

    def __init__(self, form: str, bold: str, width: float, rows: Mapping[str, Row]) -> None:
        writer = typeset_writer(form, bold)
        self.writer = writer.with_rows(rows)
        self.marks = _LATEX if form == "latex" else _MATHML
        self.form = form
        self.width = width

    def pieces(self, layout: Layout, level: int = 0) -> list[_Piece]:
        """Level 0 is a break before a term of the outermost sum; higher levels are worse places."""
        wide = width_of(layout)
        if wide <= WHOLE * self.width:
            return [_Piece(self.writer.write(layout), wide, level)]
        match layout.kind:
            case "sum":
                return self._sum(layout, level)
            case "negative":
                return _prefixed(self._sign(), SIGN, self._part(layout, 0, level))
            case "product" | "multiple" | "hadamard" | "hadamard_quotient" | "kron":
                return self._joined(layout, level)
            case "total":
                sign = self.writer.write(lay("total", lay("literal", value=""), value=layout.value))
                return _prefixed(sign, sum_sign_width(layout), self._part(layout, 0, level))
            case "bracketed":
                return self._enclosed(self.pieces(layout.parts[0], level + 2))
            case "function":
                return self._function(layout, level, 0.85 * len(layout.value))
            case "open" if layout.value.inner is None and not layout.value.directions:
                return self._function(layout, level, 0.9 * use_size(layout.value))
            case "norm" if layout.value in ("", "F", "1", "2"):
                return self._norm(layout, level)
            case "transpose" | "inverse" | "inverse_transpose" | "conjugate" | "adjoint":
                return self._raised(layout, self._exponent(layout.kind), level)
            case "power" | "hadamard_power":
                return self._power(layout, level)
            case "quotient" if wide > self.width:
                return self._quotient(layout, level)
        return [_Piece(self.writer.write(layout), wide, level)]

    def _sign(self) -> str:
        return "-" if self.form == "latex" else _mo("−", ' form="prefix"')

    def _part(self, layout: Layout, index: int, level: int) -> list[_Piece]:
        inside = layout.parts[index]
        if not needs_brackets(DISPLAYED, layout.kind, index, inside.kind):
            return self.pieces(inside, level)
        if width_of(inside) <= WHOLE * self.width:
            return [_Piece(self.writer.part(layout, index), width_of_part(layout, index), level)]
        return self._enclosed(self.pieces(inside, level + 2))

    def _sum(self, layout: Layout, level: int) -> list[_Piece]:
        found: list[_Piece] = []
        for i, sign in enumerate(layout.value):
            term = self._part(layout, i, level + 1)
            if i == 0:
                found += _prefixed(self._sign(), SIGN, term) if sign < 0 else term
                continue
            first = replace(term[0], level=level, joint=self.marks.sign(sign), opening=self.marks.leading(sign))
            found += [replace(first, width=first.width + BINARY), *term[1:]]
        return found

    def _joined(self, layout: Layout, level: int) -> list[_Piece]:
        within, opening = self.marks.joints[layout.kind]
        found: list[_Piece] = []
        for i, inside in enumerate(layout.parts):
            part = self._part(layout, i, level + 1)
            if i and inside.kind == "total":  # the sign of a sum ends no line behind its factor
                part = _prefixed(found[-1].markup + within, found[-1].width, part)
                found[-1:] = [replace(part[0], joint=found[-1].joint, opening=found[-1].opening)]
                part = part[1:]
            elif i:
                gap = self._gap(layout.kind, layout.parts[i - 1], inside, within)
                extra = 0.0 if layout.kind in ("product", "multiple") else BINARY
                first = replace(part[0], joint=gap, opening=opening, width=part[0].width + extra, level=level + 1)
                part = [first, *part[1:]]
            found += part
        return found

    def _gap(self, kind: str, before: Layout, inside: Layout, within: str) -> str:
        """A number needs a sign before it, a differential a thin space around it."""
        if kind not in ("product", "multiple"):
            return within
        if leading_kind(inside) == "number":
            return self.marks.times
        return self.marks.thin if "perturbation" in (before.kind, inside.kind) else within

    def _enclosed(self, inside: list[_Piece], bars: str = "", exponent: str = "") -> list[_Piece]:
        left, right = self.marks.brackets(_size_around(inside), bars)
        closing = self.marks.raised(right, exponent) if exponent else right
        first = replace(inside[0], markup=left + inside[0].markup, width=inside[0].width + BRACKETS / 2)
        inside = [first, *inside[1:]]
        last = replace(inside[-1], markup=inside[-1].markup + closing, width=inside[-1].width + BRACKETS / 2)
        return [*inside[:-1], last]

    def _function(self, layout: Layout, level: int, width: float) -> list[_Piece]:
        name = self.writer.write(lay(layout.kind, value=layout.value))
        end = "(" if self.form == "latex" else "<mrow><mo"
        name = name[: name.rindex(end)].removeprefix("<mrow>")
        inside: list[_Piece] = []
        for i in range(len(layout.parts)):
            part = self._part(layout, i, level + 3)
            if i:  # a comma ends its line
                inside[-1] = replace(inside[-1], markup=inside[-1].markup + self.marks.comma)
                part = [replace(part[0], joint=self.marks.space), *part[1:]]
            inside += part
        return _prefixed(name, width, self._enclosed(inside))

    def _norm(self, layout: Layout, level: int) -> list[_Piece]:
        subscript = f"_{{{layout.value}}}" if layout.value else ""
        if self.form != "latex" and layout.value:
            return [_Piece(self.writer.write(layout), width_of(layout), level)]
        return self._enclosed(self.pieces(layout.parts[0], level + 2), r"\lVert", subscript)

    def _exponent(self, kind: str) -> str:
        return _EXPONENTS[kind][0 if self.form == "latex" else 1]

    def _raised(self, layout: Layout, exponent: str, level: int) -> list[_Piece]:
        base = layout.parts[0]
        if base.kind == "norm" and base.value == "":
            return self._enclosed(self.pieces(base.parts[0], level + 2), r"\lVert", exponent)
        if not needs_brackets(DISPLAYED, layout.kind, 0, base.kind):
            return [_Piece(self.writer.write(layout), width_of(layout), level)]
        return self._enclosed(self.pieces(base, level + 2), "", exponent)

    def _power(self, layout: Layout, level: int) -> list[_Piece]:
        exponent = layout.parts[1]
        shown = str(exponent.value) if exponent.kind == "ratio" else self.writer.part(layout, 1)
        if exponent.kind == "ratio" and self.form == "mathml":
            shown = f"<mn>{shown}</mn>"
        if self.form == "latex":
            shown = f"^{{{shown}}}" if layout.kind == "power" else rf"^{{\odot {shown}}}"
        elif layout.kind == "hadamard_power":
            shown = f"<mrow><mo>⊙</mo>{shown}</mrow>"
        return self._raised(layout, shown, level)

    def _quotient(self, layout: Layout, level: int) -> list[_Piece]:
        """2/s (a + b + c), of a numerator that is wider than a line."""
        above, below = layout.parts
        if width_of(below) > self.width:
            return [_Piece(self.writer.write(layout), width_of(layout), level)]
        number = lay("number", value=1)
        if above.kind == "product" and above.parts[0].kind == "number":
            number, rest = above.parts[0], above.parts[1:]
            above = rest[0] if len(rest) == 1 else lay("product", *rest)
        front = lay("quotient", number, below)
        inside = self._part(lay("product", front, above), 1, level + 1)
        gap = self.marks.joints["product"][0]
        return [_Piece(self.writer.write(front), width_of(front), level), replace(inside[0], joint=gap), *inside[1:]]


def _size_around(pieces: list[_Piece]) -> int:
    """One size larger than the brackets inside, and as tall as a fraction."""
    markup = "".join(p.markup for p in pieces)
    inner = [i for i, size in enumerate(_SIZES) if rf"\{size}l" in markup]
    least = 2 if r"\frac" in markup else 0
    return min(max([least, *(i + 1 for i in inner)]), len(_SIZES) - 1)


def _prefixed(markup: str, width: float, pieces: list[_Piece]) -> list[_Piece]:
    first = replace(pieces[0], markup=markup + pieces[0].markup, width=pieces[0].width + width)
    return [first, *pieces[1:]]


# --- filling lines ----------------------------------------------------------------------------


def _filled(pieces: list[_Piece], width: float) -> list[list[_Piece]]:
    """Lines that fit, broken at the best level that leaves none nearly empty."""
    lines: list[list[_Piece]] = []
    while pieces:
        room = width - (INDENT if lines else 0.0)
        if sum(p.width for p in pieces) <= room:
            return [*lines, pieces]
        fitting = _fitting(pieces, room)
        places = range(1, fitting + 1) if fitting else range(1, 2)
        full = [k for k in places if sum(p.width for p in pieces[:k]) >= 0.35 * room] or list(places)
        breaks = [k for k in full if k < len(pieces)]
        if not breaks:
            return [*lines, pieces]
        best = min(breaks, key=lambda k: (pieces[k].level, -k))
        lines.append(pieces[:best])
        pieces = pieces[best:]
    return lines


def _fitting(pieces: list[_Piece], room: float) -> int:
    """How many pieces fit."""
    total = 0.0
    for count, piece in enumerate(pieces):
        total += piece.width
        if total > room:
            return count
    return len(pieces)


def displayed_lines(
    layout: Layout, form: str, bold: str = "none", width: float | None = WIDTH, rows: Mapping[str, Row] | None = None
) -> list[str]:
    """The formula as "latex" or "mathml", in one line or, where it is wider than ``width``, in several.

    Further lines begin with their sign and are indented. ``rows`` replace some of the notation's.
    """
    breaker = _Breaker(form, bold, width or 0.0, rows or {})
    if width is None or layout.size > LONGEST_BROKEN or width_of(layout) <= width:
        return [breaker.writer.write(layout)]
    lines = _filled(breaker.pieces(layout), width)
    if len(lines) == 1:
        return [breaker.writer.write(layout)]
    return [
        ("" if i == 0 else breaker.marks.indent + line[0].opening)
        + line[0].markup
        + "".join(p.joint + p.markup for p in line[1:])
        for i, line in enumerate(lines)
    ]
