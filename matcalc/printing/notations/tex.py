"""LaTeX, for amsmath or MathJax."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from matcalc.expr.named_powers import base_and_exponent
from matcalc.functions import row_of
from matcalc.functions.making import operator_name
from matcalc.language.undefined.open_uses import Sign
from matcalc.language.words.indices import together
from matcalc.language.words.names import GREEK, spelled
from matcalc.patterns import pattern
from matcalc.printing.decimals import in_powers_of_ten
from matcalc.printing.layout import Layout
from matcalc.printing.notations.plain import signed
from matcalc.printing.notations.tex_indices import CONSTANTS, INDEX_ROWS, RELATIONS, index_text
from matcalc.printing.notations.writer import Row, Writer
from matcalc.printing.precedence import DISPLAYED
from matcalc.printing.reading.open_functions import Marks, numbered, open_row
from matcalc.printing.reading.piecewise import in_line

__all__ = ["BOLD", "LATEX_ROWS", "ROWS_BESIDE_I", "SIZED_ROWS", "latex_writer", "markup_of_twins", "rows_beside_twins"]

#: How vectors and matrices are set: as scalars are, in bold upright, or in bold italic letters.
BOLD = {"none": "{}", "upright": r"\mathbf{{{}}}", "italic": r"\boldsymbol{{{}}}"}

_GREEK = frozenset(GREEK.values())
#: Greek letters that LaTeX has no command for, since they look like Latin ones: they are spelled out.
_LATIN_TWINS = frozenset("Alpha Beta Epsilon Zeta Eta Iota Kappa Mu Nu Omicron Rho Tau Chi omicron".split())
#: What is no function of the language.
_SIGNS_BEFORE_BRACKETS = {"d": r"\mathrm{d}"}
#: Words of an index that have a sign or a command.
_WRITTEN = {word: rf"\{word}" for word in _GREEK - _LATIN_TWINS} | {
    "minus": "-",
    "plus": "+",
    "given": "|",
    "star": r"\star",
    "prime": r"\prime",
    "infty": r"\infty",
    "ell": r"\ell",
}
#: Marks that have no brackets.
_BARE = frozenset({"star", "plus", "minus"})
_TALL = pattern(r"\\frac|\\sqrt|\\begin|\\left|\\sum")


def _number(value: object) -> str:
    r"""0.5, 10^{-8}, 1.5 \cdot 10^{-8}"""
    found = in_powers_of_ten(value)
    if found is None:
        return str(value)
    digits, exponent = found
    return f"10^{{{exponent}}}" if digits == "1" else rf"{digits} \cdot 10^{{{exponent}}}"


def latex_writer(bold: str = "none") -> Writer:
    """A writer of LaTeX; ``bold`` is a key of `BOLD`."""
    return Writer(LATEX_ROWS, DISPLAYED, _brackets, bold)


def _brackets(inside: str, left: str = "(", right: str = ")") -> str:
    """Brackets, that grow only around what is taller than a line."""
    return rf"\left{left} {inside} \right{right}" if _TALL.search(inside) else f"{left}{inside}{right}"


def letter(name: str) -> tuple[str, str]:
    """A name as its letter and all that stands beside it: ``Sigma_1`` and ``W1`` have 1, ``x_t_minus_1`` has t-1."""
    parts = spelled(name)
    return parts.word, together((*parts.below, *parts.above))


def latex_name(name: str, kind: str, bold: str) -> str:
    """``x_ij`` as ``x_{ij}``, ``Sigma`` as ``\\Sigma``, ``x_hat`` as ``\\hat{x}``, longer words in one piece."""
    if (raised := base_and_exponent(name)) is not None:
        return f"{latex_name(raised[0], kind, bold)}^{{{raised[1]}}}"
    if name.endswith("_"):
        return BOLD["none" if kind == "scalar" else bold].format(rf"\mathit{{{name.replace('_', '')}\_}}")
    parts = spelled(name)
    symbol = _letters(parts.word, kind, bold)
    symbol = rf"\{parts.accent}{{{symbol}}}" if parts.accent else symbol
    symbol = f"{symbol}_{{{_index(parts.below)}}}" if parts.below else symbol
    return f"{symbol}^{{{_raised(parts.above)}}}" if parts.above else symbol


def _letters(word: str, kind: str, bold: str) -> str:
    if word == "ell" or (word in _GREEK and word not in _LATIN_TWINS):
        symbol = rf"\{word}"
    else:
        symbol = word if len(word) == 1 else rf"\mathit{{{word}}}"
    if kind == "scalar" or bold == "none":
        return symbol
    upright = bold == "upright" and word not in _GREEK
    return BOLD["upright" if upright else "italic"].format(word if len(word) > 1 and word not in _GREEK else symbol)


def _index(words: tuple[str, ...]) -> str:
    """The words of a subscript, with commands for Greek letters and signs."""
    return together(words, _WRITTEN)


def bracketed_mark(words: tuple[str, ...], shown: str) -> str:
    """What is raised, in brackets where it would look like a power: (l), but a star and a word as they are."""
    is_word = len(words) == 1 and len(words[0]) > 1 and words[0].isalpha()
    return shown if words[0] in _BARE or is_word else f"({shown})"


def _raised(words: tuple[str, ...]) -> str:
    shown = bracketed_mark(words, _index(words))
    return rf"\text{{{shown}}}" if shown.isalpha() else shown


def _name(writer: Writer, layout: Layout) -> str:
    name, kind = layout.value
    return latex_name(name, kind, writer.bold)


def _perturbation(writer: Writer, layout: Layout) -> str:
    """d x_1 of x; d_1 W_2 of W_2, whose own index stays where it is."""
    name, index, kind = layout.value
    if base_and_exponent(name) is not None:
        return rf"\mathrm{{d}}{f'_{{{index}}}' if index else ''}({latex_name(name, kind, writer.bold)})"
    if index and letter(name)[1]:
        return rf"\mathrm{{d}}_{{{index}}} {latex_name(name, kind, writer.bold)}"
    return rf"\mathrm{{d}}{_glued(latex_name(f'{name}_{index}' if index else name, kind, writer.bold))}"


def rows_beside_twins(names: Iterable[str]) -> dict[str, Row]:
    """How names are written where two would look alike."""
    markup = markup_of_twins(names)

    def written(writer: Writer, layout: Layout) -> str:
        return markup.get(layout.value[0]) or _name(writer, layout)

    def perturbed(writer: Writer, layout: Layout) -> str:
        name, index, _ = layout.value
        if name not in markup:
            return _perturbation(writer, layout)
        return rf"\mathrm{{d}}{f'_{{{index}}} ' if index else ''}{markup[name]}"

    return {"name": written, "perturbation": perturbed} if markup else {}


def markup_of_twins(names: Iterable[str]) -> dict[str, str]:
    """Beside W_1, W1 is upright and in one piece."""
    return _markup_of_twins(frozenset(names))


@lru_cache(maxsize=64)
def _markup_of_twins(names: frozenset[str]) -> dict[str, str]:
    alike: dict[str, list[str]] = {}
    for name in sorted(names):
        alike.setdefault(latex_name(name, "", "none"), []).append(name)
    twins = (name for group in alike.values() if len(group) > 1 for name in group if "_" not in name)
    return {name: rf"\mathrm{{{name}}}" for name in twins}


def _glued(markup: str) -> str:
    return markup if markup[0] == "\\" else f" {markup}"


def _ratio(writer: Writer, layout: Layout) -> str:
    return rf"\frac{{{layout.value.numerator}}}{{{layout.value.denominator}}}"


def _product(writer: Writer, layout: Layout) -> str:
    first, *rest = parts = writer.parts(layout)
    return first + "".join(_joint(before, f) + f for before, f in zip(parts, rest, strict=False))


def _joint(before: str, factor: str) -> str:
    """A number needs a sign before it, a differential a thin space around it: dX X."""
    between = r" \, " if factor.startswith(r"\mathrm{d}") or before.startswith(r"\mathrm{d}") else " "
    return r" \cdot " if factor[0].isdigit() else between


def _exponent(base: str, exponent: str) -> str:
    """The base raised, in braces where its name has something raised itself."""
    return f"{{{base}}}^{{{exponent}}}" if _is_raised(base) else f"{base}^{{{exponent}}}"


def _is_raised(markup: str) -> bool:
    """Whether a superscript stands outside of all brackets."""
    if "^" not in markup:
        return False
    depth = 0
    for sign in markup:
        depth += (sign in "{([") - (sign in "})]")
        if sign == "^" and depth == 0:
            return True
    return False


def _power(writer: Writer, layout: Layout, sign: str = "") -> str:
    """A fraction in an exponent is written with a slash; \\log\\det(S)^2 and \\log\\Gamma(s)^2 would be logarithms of squares, too."""
    base, exponent = layout.parts
    shown = str(exponent.value) if exponent.kind == "ratio" else writer.part(layout, 1)
    inside = writer.part(layout, 0)
    return _exponent(_brackets(inside) if _has_two_words(base) else inside, sign + shown)


def _has_two_words(layout: Layout) -> bool:
    r"""\log\det, \log\Gamma: a power would be one of the last word."""
    return (
        layout.kind == "function"
        and layout.value.isidentifier()
        and "}" not in (name := _command(layout.value))
        and "\\" in name[1:]
    )


def _function(writer: Writer, layout: Layout) -> str:
    return _command(layout.value) + _brackets(", ".join(writer.parts(layout)))


def _command(name: str) -> str:
    """What stands before the bracket: the command of the row, else the name, upright."""
    return row_of(name).latex or _SIGNS_BEFORE_BRACKETS.get(name) or operator_name(name)


_NORM_SUBSCRIPTS = {"": "", "F": "_F", "inf": r"_{\infty}"}


def _norm(writer: Writer, layout: Layout) -> str:
    bars = _brackets(writer.part(layout, 0), r"\lVert ", r" \rVert").replace(r"\left\lVert ", r"\left\lVert")
    return bars + _NORM_SUBSCRIPTS.get(layout.value, f"_{layout.value}")


def _absolute(writer: Writer, layout: Layout) -> str:
    return _brackets(writer.part(layout, 0), r"\lvert ", r" \rvert").replace(r"\left\lvert ", r"\left\lvert")


def _entry(writer: Writer, layout: Layout) -> str:
    return f"{_brackets(writer.part(layout, 0), '[', ']')}_{{{', '.join(layout.value)}}}"


def _block(writer: Writer, layout: Layout) -> str:
    height, width = layout.value
    # What begins with a bracket would be the argument of the \\ before it.
    cells = [f"{{{cell}}}" if cell.startswith("[") else cell for cell in writer.parts(layout)]
    rows = [" & ".join(cells[i * width : (i + 1) * width]) for i in range(height)]
    return r"\begin{bmatrix} " + r" \\ ".join(rows) + r" \end{bmatrix}"


def _cases(writer: Writer, layout: Layout) -> str:
    *pairs, other = writer.parts(layout)
    rows = [rf"{value} & \text{{if }} {condition}" for value, condition in zip(pairs[::2], pairs[1::2], strict=True)]
    return r"\begin{cases} " + r" \\ ".join([*rows, rf"{other} & \text{{otherwise}}"]) + r" \end{cases}"


def _sized(symbol: str) -> Row:
    """A column takes its size from what is around it, a matrix shows it."""

    def written(writer: Writer, layout: Layout) -> str:
        rows, cols = (_size_text(d) for d in layout.value)
        return rf"\mathbf{{{symbol}}}_{{{rows} \times {cols}}}"

    return written


def _ones(writer: Writer, layout: Layout) -> str:
    if layout.value is None or layout.value[1].is_one:
        return r"\mathbf{1}"
    return _sized("1")(writer, layout)


def _ones_with_size(writer: Writer, layout: Layout) -> str:
    if layout.value is None or not layout.value[1].is_one:
        return _ones(writer, layout)
    return rf"\mathbf{{1}}_{{{index_text(layout.value[0])}}}"


def _unit_with_size(writer: Writer, layout: Layout) -> str:
    place, size = layout.value
    return rf"\mathrm{{e}}_{{{index_text(place)}, {index_text(size)}}}"


def _size_text(size: object) -> str:
    """A size without signs of multiplication; a sum or product in brackets."""
    text = str(size).replace("*", " ")
    return text if text.isalnum() else f"({text})"


def _indexed(symbol: str) -> Row:
    """Upright: K, D and L as letters in italics are variables."""

    def written(writer: Writer, layout: Layout) -> str:
        values = layout.value if isinstance(layout.value, tuple) else (layout.value,)
        return rf"\mathrm{{{symbol}}}_{{{', '.join(str(v).replace('*', ' ') for v in values)}}}"

    return written


_MASKS = {
    "lower": r"\operatorname{{tril}}({0})",
    "upper": r"\operatorname{{triu}}({0})",
    "strictly_lower": r"\operatorname{{tril}}({0}, -1)",
    "strictly_upper": r"\operatorname{{triu}}({0}, 1)",
    "off_diagonal": "({0} - I)",
    "phi": r"\operatorname{{tril\_half}}({0})",
}


def _mask(writer: Writer, layout: Layout) -> str:
    kind, rows, cols = layout.value
    return _MASKS[kind].format(rf"\mathbf{{1}}_{{{_size_text(rows)} \times {_size_text(cols)}}}")


def _selector(writer: Writer, layout: Layout) -> str:
    offset, rows, cols = layout.value
    return f"[I_{{{str(cols).replace('*', ' ')}}}]_{{{offset + 1}:{offset + rows}, :}}"


_SIGNS = {"∇": r"\nabla", "∂": r"\partial", "D": "D"}


def _sign(sign: Sign) -> str:
    below = f"_{{{numbered(sign)}}}" if sign.slots else ""
    above = f"^{{{sign.order}}}" if sign.order > 1 else ""
    return f"{_SIGNS[sign.kind]}{below}{above} "


def _function_name(name: str) -> str:
    """A letter as any other, a word upright."""
    if len(letter(name)[0]) == 1 or letter(name)[0] in _GREEK:
        return latex_name(name, "scalar", "none")
    return r"\operatorname{{{}}}".format(name.replace("_", r"\_"))


def _around(inside: str, left: str, right: str) -> str:
    return _brackets(inside, r"\langle ", r" \rangle") if left == "<" else _brackets(inside, left, right)


_MARKS = Marks(
    name=_function_name,
    sign=_sign,
    primes="'".__mul__,
    order="^{{({})}}".format,
    jacobian=lambda name: f"J_{{{_function_name(name)}}}",
    brackets=_around,
)

# fmt: off
LATEX_ROWS: dict[str, Row] = {
    "number":            lambda writer, layout: _number(layout.value),
    "ratio":             _ratio,
    "name":              _name,
    "perturbation":      _perturbation,
    "constant":          lambda writer, layout: CONSTANTS[layout.value],
    "literal":           lambda writer, layout: str(layout.value).replace("*", " ").replace("axis=", r"\mathrm{axis}="),
    "identity":          lambda writer, layout: "I" if layout.value is None else f"I_{{{index_text(layout.value)}}}",
    "ones":              _ones,
    "zeros":             _sized("0"),
    "unit":              lambda writer, layout: rf"\mathrm{{e}}_{{{layout.value[0]}}}",
    "commutation":       _indexed("K"),
    "duplication":       _indexed("D"),
    "elimination":       _indexed("L"),
    "mask":              _mask,
    "selector":          _selector,
    "sum":               lambda writer, layout: signed(writer.parts(layout), layout.value),
    "negative":          lambda writer, layout: f"-{writer.part(layout, 0)}",
    "product":           _product,
    "multiple":          _product,
    "quotient":          lambda writer, layout: rf"\frac{{{writer.part(layout, 0)}}}{{{writer.part(layout, 1)}}}",
    "hadamard":          lambda writer, layout: r" \odot ".join(writer.parts(layout)),
    "hadamard_quotient": lambda writer, layout: r" \oslash ".join(writer.parts(layout)),
    "kron":              lambda writer, layout: r" \otimes ".join(writer.parts(layout)),
    "power":             _power,
    "hadamard_power":    lambda writer, layout: _power(writer, layout, r"\odot "),
    "root":              lambda writer, layout: rf"\sqrt{{{writer.part(layout, 0)}}}",
    "transpose":         lambda writer, layout: _exponent(writer.part(layout, 0), r"\top"),
    "inverse":           lambda writer, layout: _exponent(writer.part(layout, 0), "-1"),
    "inverse_transpose": lambda writer, layout: _exponent(writer.part(layout, 0), r"-\top"),
    "conjugate":         lambda writer, layout: _exponent(writer.part(layout, 0), "*"), "adjoint": lambda writer, layout: _exponent(writer.part(layout, 0), "H"),
    "pseudoinverse":     lambda writer, layout: _exponent(writer.part(layout, 0), "+"),
    "bracketed":         lambda writer, layout: _brackets(writer.part(layout, 0)),
    "relation":          lambda writer, layout: in_line(writer.parts(layout), layout.value, RELATIONS),
    "conjunction":       lambda writer, layout: r" \text{ and } ".join(writer.parts(layout)),
    "disjunction":       lambda writer, layout: r" \text{ or } ".join(writer.parts(layout)),
    "indicator":         lambda writer, layout: r"\mathbb{1}" + _brackets(in_line(writer.parts(layout), layout.value, RELATIONS), "[", "]"),
    "cases":             _cases,
    "function":          _function,
    "open":              open_row(_MARKS),
    "norm":              _norm,
    "absolute":          _absolute,
    "entry":             _entry,
    **INDEX_ROWS,
    "block":             _block,
}
# fmt: on

#: Where the context does not tell their size.
SIZED_ROWS: dict[str, Row] = {"ones": _ones_with_size, "unit": _unit_with_size}
#: Beside a variable called I.
ROWS_BESIDE_I: dict[str, Row] = {
    "identity": lambda writer, layout: (
        rf"\operatorname{{eye}}({'' if layout.value is None else index_text(layout.value)})"
    )
}
