"""Presentation MathML, that browsers show without JavaScript."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from matcalc.expr.named_powers import base_and_exponent
from matcalc.language.undefined.open_uses import Sign
from matcalc.language.words.indices import together
from matcalc.language.words.names import spelled
from matcalc.patterns import pattern
from matcalc.printing.decimals import plain_number
from matcalc.printing.layout import Layout, leading_kind
from matcalc.printing.notations.symbols import symbolic_name
from matcalc.printing.notations.tex import bracketed_mark, letter
from matcalc.printing.notations.writer import Row, Writer
from matcalc.printing.precedence import DISPLAYED
from matcalc.printing.reading.open_functions import Marks, numbered, open_row

__all__ = ["MATHML_ROWS", "identifier", "mathml_writer"]

#: Browsers take no other variant than normal, so that the weight is a style.
BOLD = " mathvariant='normal' style='font-weight:bold'"
NO_BREAK_SPACE = "\u00a0"
_TOP = "<mi mathvariant='normal'>⊤</mi>"


def mathml_writer(bold: str = "none") -> Writer:
    """A writer of the inside of a ``<math>`` element; matrices and vectors are bold unless ``bold`` is none."""
    return Writer(MATHML_ROWS, DISPLAYED, _brackets, bold)


def _row(*parts: str) -> str:
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def _operator(sign: str, **attributes: str) -> str:
    inside = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return f"<mo{inside}>{escape(sign)}</mo>"


_TALL = pattern("<mfrac|<mtable|<msqrt|<munder")


def _brackets(inside: str, left: str = "(", right: str = ")") -> str:
    """Brackets, that grow only around what is taller than a line."""
    grown = {} if _TALL.search(inside) else {"stretchy": "false"}
    return _row(_operator(left, form="prefix", **grown), inside, _operator(right, form="postfix", **grown))


def _joined(parts: list[str], sign: str) -> str:
    return _row(*(p for i, part in enumerate(parts) for p in ((_operator(sign), part) if i else (part,))))


#: What stands over a letter.
_ACCENTS = {"hat": "^", "bar": "¯", "tilde": "~", "dot": "˙", "ddot": "¨", "check": "ˇ", "breve": "˘"}


def identifier(name: str, kind: str = "scalar", bold: str = "none") -> str:
    """A name with its accent and indices."""
    if (raised := base_and_exponent(name)) is not None:
        return f"<msup>{identifier(raised[0], kind, bold)}<mn>{raised[1]}</mn></msup>"
    parts = spelled(name)
    variant = BOLD if kind != "scalar" and bold != "none" else ""
    base = f"<mi{variant}>{escape(symbolic_name(parts.word) + '_' * name.endswith('_'))}</mi>"
    if parts.accent:
        base = f"<mover accent='true'>{base}{_operator(_ACCENTS[parts.accent])}</mover>"
    below = f"<mi>{escape(together(parts.below))}</mi>" if parts.below else ""
    above = f"<mi>{escape(bracketed_mark(parts.above, together(parts.above)))}</mi>" if parts.above else ""
    if below and above:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    return f"<msub>{base}{below}</msub>" if below else f"<msup>{base}{above}</msup>" if above else base


def _perturbation(writer: Writer, layout: Layout) -> str:
    """d x_1 of x; d_1 W_2 of W_2, whose own index stays where it is."""
    name, index, kind = layout.value
    if base_and_exponent(name) is not None:
        d = f"<msub><mi mathvariant='normal'>d</mi><mn>{index}</mn></msub>" if index else _D
        return _row(d, _brackets(identifier(name, kind, writer.bold)))
    if index and letter(name)[1]:
        d = f"<msub><mi mathvariant='normal'>d</mi><mn>{index}</mn></msub>"
        return _row(d, identifier(name, kind, writer.bold))
    return _row(_D, identifier(f"{name}_{index}" if index else name, kind, writer.bold))


def _sum(writer: Writer, layout: Layout) -> str:
    signs = ["" if s > 0 and i == 0 else _operator("+" if s > 0 else "−") for i, s in enumerate(layout.value)]
    return _row(*(p for sign, part in zip(signs, writer.parts(layout), strict=True) for p in (sign, part)))


def _fraction(top: str, bottom: str) -> str:
    return f"<mfrac>{top}{bottom}</mfrac>"


_D = "<mi mathvariant='normal'>d</mi>"
_D_WITH_INDEX = f"<mrow>{_D}<msub>"


def _raised(base: str, exponent: str) -> str:
    """An exponent stands above an index, not after it."""
    if base.startswith(_D_WITH_INDEX):
        inside = base.removeprefix(_D_WITH_INDEX).removesuffix("</msub></mrow>")
        return f"<mrow>{_D}<msubsup>{inside}{exponent}</msubsup></mrow>"
    if base.startswith("<msub>"):
        return f"<msubsup>{base.removeprefix('<msub>').removesuffix('</msub>')}{exponent}</msubsup>"
    return f"<msup>{base}{exponent}</msup>"


def _exponent(writer: Writer, layout: Layout) -> str:
    """A fraction in an exponent is written with a slash."""
    exponent = layout.parts[1]
    if exponent.kind != "ratio":
        return writer.part(layout, 1)
    value = exponent.value
    return f"<mrow><mn>{value.numerator}</mn><mo>/</mo><mn>{value.denominator}</mn></mrow>"


def _function(writer: Writer, layout: Layout) -> str:
    name = {"sigmoid": "σ", "logdet": "log det"}.get(layout.value, layout.value)
    arguments = _joined(writer.parts(layout), ",") if layout.parts else ""
    upright = " mathvariant='normal'" if name == "d" else ""
    return _row(f"<mi{upright}>{escape(name)}</mi>", _operator("\u2061"), _brackets(arguments))


def _norm(writer: Writer, layout: Layout) -> str:
    bars = _brackets(writer.part(layout, 0), "‖", "‖")
    sign = {"inf": "∞"}.get(layout.value, layout.value)
    return f"<msub>{bars}<mi>{escape(sign)}</mi></msub>" if sign else bars


def _block(writer: Writer, layout: Layout) -> str:
    height, width = layout.value
    parts = writer.parts(layout)
    rows = ["".join(f"<mtd>{p}</mtd>" for p in parts[i * width : (i + 1) * width]) for i in range(height)]
    return _brackets(f"<mtable>{''.join(f'<mtr>{r}</mtr>' for r in rows)}</mtable>", "[", "]")


_RELATIONS = {">=": "≥", "<=": "≤", "!=": "≠", "==": "="}


def _relation(writer: Writer, layout: Layout) -> str:
    first, *rest = writer.parts(layout)
    signs = (_operator(_RELATIONS.get(sign, sign)) for sign in layout.value)
    return _row(first, *(p for sign, part in zip(signs, rest, strict=True) for p in (sign, part)))


def _letters(text: str) -> str:
    return f"<mi>{escape(text)}</mi>"


def _condition(writer: Writer, layout: Layout) -> str:
    left, sign, right = layout.value
    if sign == "=":
        return f"<msub><mi>δ</mi>{_row(_letters(left), _letters(right))}</msub>"
    return _row("<mn>𝟙</mn>", _brackets(_related(left, sign, right), "[", "]"))


def _related(left: str, sign: str, right: str) -> str:
    return _row(_letters(left), _operator(_RELATIONS.get(sign, sign)), _letters(right))


def sum_sign(layout: Layout) -> str:
    """The sign with what stands below and above it."""
    ranges, condition = layout.value
    sign = _operator("∑")
    if condition:
        return f"<munder>{sign}{_related(*condition)}</munder>"
    if len(ranges) == 1 or any(shown for _, _, shown in ranges):
        return _row(*(_ranged(sign, letter, str(size)) for letter, size, _ in ranges))
    return f"<munder>{sign}{_joined([_letters(letter) for letter, _, _ in ranges], ',')}</munder>"


def _ranged(sign: str, letter: str, size: str) -> str:
    return f"<munderover>{sign}{_row(_letters(letter), _operator('='), '<mn>1</mn>')}{_letters(size)}</munderover>"


def _joined_by(parts: list[str], word: str) -> str:
    return _row(*(p for i, part in enumerate(parts) for p in ((_words(f" {word} "), part) if i else (part,))))


def _words(text: str) -> str:
    return f"<mtext>{text.replace(' ', NO_BREAK_SPACE)}</mtext>"


def _cases(writer: Writer, layout: Layout) -> str:
    *pairs, other = writer.parts(layout)
    rows = [(v, _row(_words("if "), c)) for v, c in zip(pairs[::2], pairs[1::2], strict=True)]
    cells = [f"<mtd>{v}</mtd><mtd>{c}</mtd>" for v, c in [*rows, (other, _words("otherwise"))]]
    table = "".join(f"<mtr>{cell}</mtr>" for cell in cells)
    return _row(_operator("{", form="prefix"), f"<mtable columnalign='left left'>{table}</mtable>")


def _indexed(symbol: str) -> Row:
    return lambda writer, layout: (
        f"<msub><mi>{symbol}</mi><mrow>{_operator(',').join(f'<mi>{escape(str(v))}</mi>' for v in layout.value)}</mrow></msub>"
    )


def _ones(writer: Writer, layout: Layout) -> str:
    one = '<mn style="font-weight:bold">1</mn>'
    if layout.value is None or layout.value[1].is_one:
        return one
    return _row(one, _raised(one, _TOP))


def _product(writer: Writer, layout: Layout) -> str:
    """Side by side; a number needs a sign before it, a function and a differential a thin space."""
    joints = ["", *(_joint(before.kind, leading_kind(after)) for before, after in pairwise(layout.parts))]
    return (
        "<mrow>" + "".join(joint + part for joint, part in zip(joints, writer.parts(layout), strict=True)) + "</mrow>"
    )


def _joint(before: str, after: str) -> str:
    if after in _JOINTS:
        return _JOINTS[after]
    return _THIN if before == "perturbation" else _operator("\u2062")


_THIN = '<mspace width="0.167em"></mspace>'
_JOINTS = {"number": _operator("·"), "ratio": _operator("·")} | dict.fromkeys(
    ("function", "open", "perturbation"), _THIN
)


def _sign(sign: Sign) -> str:
    base = f"<mi mathvariant='normal'>{sign.kind}</mi>"
    base = f"<msub>{base}<mn>{numbered(sign)}</mn></msub>" if sign.slots else base
    return _raised(base, f"<mn>{sign.order}</mn>") if sign.order > 1 else base


def _function_name(name: str) -> str:
    return identifier(name, "scalar", "none")


def _around(inside: str, left: str, right: str) -> str:
    if left == "(":
        return _operator("\u2061") + _brackets(inside)
    return _brackets(inside, *(("⟨", "⟩") if left == "<" else (left, right)))


_MARKS = Marks(
    name=_function_name,
    sign=_sign,
    primes=lambda count: _operator("′" * count),
    order=lambda order: f"<mrow>{_operator('(')}<mn>{order}</mn>{_operator(')')}</mrow>",
    jacobian=lambda name: f"<msub><mi>J</mi>{_function_name(name)}</msub>",
    brackets=_around,
    comma=_operator(","),
    joined=lambda pieces: _row(*pieces),
    raised=_raised,
)

# fmt: off
MATHML_ROWS: dict[str, Row] = {
    "number":            lambda writer, layout: f"<mn>{plain_number(layout.value)}</mn>",
    "ratio":             lambda writer, layout: _fraction(f"<mn>{layout.value.numerator}</mn>", f"<mn>{layout.value.denominator}</mn>"),
    "name":              lambda writer, layout: identifier(layout.value[0], layout.value[1], writer.bold),
    "perturbation":      _perturbation,
    "constant":          lambda writer, layout: f"<mi>{symbolic_name(layout.value)}</mi>",
    "literal":           lambda writer, layout: f"<mi>{escape(str(layout.value))}</mi>",
    "identity":          lambda writer, layout: "<mi>I</mi>" if layout.value is None else f"<msub><mi>I</mi><mi>{escape(str(layout.value))}</mi></msub>",
    "ones":              _ones,
    "zeros":             lambda writer, layout: '<mn style="font-weight:bold">0</mn>',
    "unit":              lambda writer, layout: f"<msub><mi>e</mi><mi>{escape(str(layout.value[0]))}</mi></msub>",
    "at":                lambda writer, layout: f"<msub><mi>e</mi><mi>{escape(layout.value)}</mi></msub>",
    "commutation":       _indexed("K"),
    "duplication":       _indexed("D"),
    "elimination":       _indexed("L"),
    "mask":              lambda writer, layout: f"<msub><mn>1</mn><mtext>{escape(layout.value[0])}</mtext></msub>",
    "selector":          lambda writer, layout: f"<msub><mi>S</mi><mtext>{layout.value[0] + 1}:{layout.value[0] + layout.value[1]}</mtext></msub>",
    "sum":               _sum,
    "negative":          lambda writer, layout: _row(_operator("−"), writer.part(layout, 0)),
    "product":           _product,
    "multiple":          _product,
    "quotient":          lambda writer, layout: _fraction(writer.part(layout, 0), writer.part(layout, 1)),
    "hadamard":          lambda writer, layout: _joined(writer.parts(layout), "⊙"),
    "hadamard_quotient": lambda writer, layout: _joined(writer.parts(layout), "⊘"),
    "kron":              lambda writer, layout: _joined(writer.parts(layout), "⊗"),
    "power":             lambda writer, layout: _raised(writer.part(layout, 0), _exponent(writer, layout)),
    "hadamard_power":    lambda writer, layout: _raised(writer.part(layout, 0), _row(_operator("⊙"), _exponent(writer, layout))),
    "root":              lambda writer, layout: f"<msqrt>{writer.part(layout, 0)}</msqrt>",
    "transpose":         lambda writer, layout: _raised(writer.part(layout, 0), _TOP),
    "inverse":           lambda writer, layout: _raised(writer.part(layout, 0), "<mrow><mo>−</mo><mn>1</mn></mrow>"),
    "inverse_transpose": lambda writer, layout: _raised(writer.part(layout, 0), f"<mrow>{_operator('−', form='prefix')}{_TOP}</mrow>"),
    "conjugate":         lambda writer, layout: _raised(writer.part(layout, 0), "<mo>*</mo>"),
    "adjoint":           lambda writer, layout: _raised(writer.part(layout, 0), "<mi mathvariant='normal'>H</mi>"),
    "pseudoinverse":     lambda writer, layout: _raised(writer.part(layout, 0), "<mo>+</mo>"),
    "bracketed":         lambda writer, layout: _brackets(writer.part(layout, 0)),
    "relation":          _relation,
    "conjunction":       lambda writer, layout: _joined_by(writer.parts(layout), "and"),
    "disjunction":       lambda writer, layout: _joined_by(writer.parts(layout), "or"),
    "indicator":         lambda writer, layout: _row("<mn>𝟙</mn>", _brackets(_relation(writer, layout), "[", "]")),
    "cases":             _cases,
    "function":          _function,
    "open":              open_row(_MARKS),
    "norm":              _norm,
    "absolute":          lambda writer, layout: _brackets(writer.part(layout, 0), "|", "|"),
    "entry":             lambda writer, layout: f"<msub>{_brackets(writer.part(layout, 0), '[', ']')}<mtext>{escape(', '.join(layout.value))}</mtext></msub>",
    "member":            lambda writer, layout: f"<msub>{writer.part(layout, 0)}<mi>{escape(','.join(layout.value) if max(map(len, layout.value)) > 1 else ''.join(layout.value))}</mi></msub>",
    "condition":         _condition,
    "total":             lambda writer, layout: _row(sum_sign(layout), writer.part(layout, 0)),
    "block":             _block,
}
# fmt: on
