"""Plain text, in the language itself, so that it can be read back."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.expr import Dim
from matcalc.expr.named_powers import base_and_exponent
from matcalc.functions import FUNCTIONS
from matcalc.language.undefined.open_uses import Sign
from matcalc.language.words.names import typed_name
from matcalc.patterns import pattern
from matcalc.printing.decimals import plain_number
from matcalc.printing.layout import Layout, is_open
from matcalc.printing.notations.writer import Row, Writer
from matcalc.printing.precedence import LINEAR, PLAIN
from matcalc.printing.reading.open_functions import Marks, numbered, open_row
from matcalc.printing.reading.piecewise import in_line

__all__ = ["LONG_NAMES", "PLAIN_ROWS", "ascii_writer", "plain_writer"]

#: Norms by name, for a norm inside a norm.
NORM_NAMES = {"F": "norm2"} | {row.bars: name for name, row in FUNCTIONS.items() if row.bars is not None}
_MASKS = {
    "lower": "tril(ones({0}, {1}))",
    "upper": "triu(ones({0}, {1}))",
    "strictly_lower": "tril(ones({0}, {1}), -1)",
    "strictly_upper": "triu(ones({0}, {1}), 1)",
    "off_diagonal": "(ones({0}, {1}) - I)",
    "phi": "tril_half(ones({0}, {1}))",
}


def plain_writer() -> Writer:
    """A writer of plain text; the Kronecker product is its only sign beyond ASCII."""
    return Writer(PLAIN_ROWS, LINEAR, "({})".format)


def ascii_writer() -> Writer:
    """A writer of plain text in ASCII only."""
    return Writer({**PLAIN_ROWS, "kron": _call("kron")}, PLAIN, "({})".format)


def perturbation_name(layout: Layout) -> str:
    """dX, dX_1"""
    name, index, _ = layout.value
    if base_and_exponent(name) is not None:
        return f"{f'd_{index}' if index else 'd'}({typed_name(name)})"
    return typed_name(f"d{name}_{index}" if index else f"d{name}")


def signed(terms: list[str], signs: tuple[int, ...], minus: str = "-") -> str:
    """``a + b - c``"""
    joined = "".join(f" {'+' if sign > 0 else minus} {term}" for term, sign in zip(terms, signs, strict=True))
    return joined[3:] if signs[0] > 0 else minus + joined[3:]


def side_by_side(factors: list[str]) -> str:
    """Juxtaposition; a factor that begins with a digit needs a sign before it."""
    return factors[0] + "".join(f" * {f}" if f[0].isdigit() else f" {f}" for f in factors[1:])


def _array(name: str, layout: Layout) -> str:
    rows, cols = layout.value
    return f"{name}({rows})" if cols.is_one else f"{name}({rows}, {cols})"


def _power(writer: Writer, layout: Layout) -> str:
    return f"{writer.part(layout, 0)}^{writer.part(layout, 1)}"


def _quotient(writer: Writer, layout: Layout) -> str:
    """(2 sum_i x_i) / n, as a sum goes on to the next + or -."""
    above, below = writer.parts(layout)
    product = layout.parts[0].kind == "product" and is_open(layout.parts[0])
    return f"{writer.brackets(above) if product else above} / {below}"


def _norm(writer: Writer, layout: Layout) -> str:
    inside = writer.part(layout, 0)
    if "|" in inside:
        return f"{NORM_NAMES[layout.value]}({inside})"
    return f"||{inside}||" + (f"_{layout.value}" if layout.value else "")


def _selector(writer: Writer, layout: Layout) -> str:
    offset, rows, cols = layout.value
    return f"eye({cols})[{offset + 1}:{offset + rows}, :]"


_RUN_OF_NAMES = pattern(r"[^\W\d]\w*( [^\W\d]\w*)+")


def _block(writer: Writer, layout: Layout) -> str:
    height, width = layout.value
    parts = writer.parts(layout)
    if width == 1 and all(map(_RUN_OF_NAMES.fullmatch, parts)):
        parts = [part.replace(" ", " * ") for part in parts]  # [A x; B y] might be a matrix of four entries
    rows = [", ".join(parts[i * width : (i + 1) * width]) for i in range(height)]
    return f"[{'; '.join(rows)}]"


def _function(writer: Writer, layout: Layout) -> str:
    """f(x, y); a relation needs no brackets of its own there."""
    bare = [
        part[1:-1] if inside.kind == "indicator" else part
        for part, inside in zip(writer.parts(layout), layout.parts, strict=True)
    ]
    return f"{layout.value}({', '.join(bare)})"


def _cases(writer: Writer, layout: Layout) -> str:
    """where(c, a, where(d, b, e))"""
    *pairs, other = writer.parts(layout)
    choices = [f"where({condition}, {value}, " for value, condition in zip(pairs[::2], pairs[1::2], strict=True)]
    return "".join(choices) + other + ")" * len(choices)


def _call(name: str) -> Row:
    return lambda writer, layout: f"{name}({', '.join(writer.parts(layout))})"


def _named(name: str) -> Row:
    return lambda writer, layout: f"{name}({', '.join(str(v) for v in layout.value)})"


def sum_sign(layout: Layout, sign: str) -> str:
    """sum_i, sum_{i,j}, sum_{i=1}^n, sum_{i<j}"""
    ranges, condition = layout.value
    if condition:
        return f"{sign}_{{{''.join(condition)}}}"
    if any(shown for _, _, shown in ranges):
        return " ".join(f"{sign}_{{{letter}=1}}^{_above(size)}" for letter, size, _ in ranges)
    letters = ",".join(letter for letter, _, _ in ranges)
    return f"{sign}_{letters}" if len(letters) == 1 else f"{sign}_{{{letters}}}"


def _above(size: Dim) -> str:
    text = str(size).replace(" ", "")
    return text if text.isalnum() else f"{{{text}}}"


def below_the_line(places: Sequence[str]) -> str:
    """i, ij, {t+1}, {i,1}"""
    single = all(len(place) == 1 and place.isalpha() for place in places)
    together = "".join(places) if single else ",".join(places)
    return together if single else f"{{{together}}}"


def _sign(sign: Sign) -> str:
    """∇, ∇_12, D^2; a D stands apart, as its name would go on."""
    below = "_" + numbered(sign) if sign.slots else ""
    above = f"^{sign.order}" if sign.order > 1 else ""
    return sign.kind + below + above + (" " if sign.kind == "D" or above or below else "")


def _commutation(writer: Writer, layout: Layout) -> str:
    """K(m, n), and by its long name where both sizes are numbers: K(3, 3) is an entry of K."""
    is_entry = all(str(size).isdigit() for size in layout.value)
    return _named("commutation" if is_entry else "K")(writer, layout)


_MARKS = Marks(
    name=typed_name,
    sign=_sign,
    primes="'".__mul__,
    order="^({})".format,
    jacobian="J_{}".format,
    brackets=lambda inside, left, right: f"{left}{inside}{right}",
)

# fmt: off
PLAIN_ROWS: dict[str, Row] = {
    "number":            lambda writer, layout: plain_number(layout.value),
    "ratio":             lambda writer, layout: str(layout.value),
    "name":              lambda writer, layout: typed_name(layout.value[0]),
    "perturbation":      lambda writer, layout: perturbation_name(layout),
    "constant":          lambda writer, layout: str(layout.value),
    "literal":           lambda writer, layout: str(layout.value),
    "identity":          lambda writer, layout: "I" if layout.value is None else f"eye({layout.value})",
    "ones":              lambda writer, layout: "1" if layout.value is None else _array("ones", layout),
    "zeros":             lambda writer, layout: _array("zeros", layout),
    "unit":              _named("e"),
    "at":                lambda writer, layout: f"e_{below_the_line((layout.value,))}",
    "commutation":       _commutation,
    "duplication":       _named("duplication"),
    "elimination":       _named("elimination"),
    "mask":              lambda writer, layout: _MASKS[layout.value[0]].format(*layout.value[1:]),
    "selector":          _selector,
    "sum":               lambda writer, layout: signed(writer.parts(layout), layout.value),
    "negative":          lambda writer, layout: f"-{writer.part(layout, 0)}",
    "product":           lambda writer, layout: side_by_side(writer.parts(layout)),
    "multiple":          lambda writer, layout: side_by_side(writer.parts(layout)),
    "quotient":          _quotient,
    "hadamard":          lambda writer, layout: " .* ".join(writer.parts(layout)),
    "hadamard_quotient": lambda writer, layout: " ./ ".join(writer.parts(layout)),
    "kron":              lambda writer, layout: " ⊗ ".join(writer.parts(layout)),
    "power":             _power,
    "hadamard_power":    lambda writer, layout: ".^".join(writer.parts(layout)),
    "root":              _call("sqrt"),
    "transpose":         lambda writer, layout: f"{writer.part(layout, 0)}^T",
    "inverse":           lambda writer, layout: f"{writer.part(layout, 0)}^-1",
    "inverse_transpose": lambda writer, layout: f"{writer.part(layout, 0)}^-T",
    "pseudoinverse":     _call("pinv"),
    "conjugate":         _call("conj"),
    "adjoint":           lambda writer, layout: f"{writer.part(layout, 0)}^H",
    "bracketed":         lambda writer, layout: f"({writer.part(layout, 0)})",
    "relation":          lambda writer, layout: in_line(writer.parts(layout), layout.value, {}),
    "conjunction":       lambda writer, layout: " and ".join(writer.parts(layout)),
    "disjunction":       lambda writer, layout: " or ".join(writer.parts(layout)),
    "indicator":         lambda writer, layout: f"({in_line(writer.parts(layout), layout.value, {})})",
    "cases":             _cases,
    "function":          _function,
    "open":              open_row(_MARKS),
    "norm":              _norm,
    "absolute":          _call("abs"),
    "entry":             lambda writer, layout: f"{writer.part(layout, 0)}[{', '.join(layout.value)}]",
    "member":            lambda writer, layout: f"{writer.part(layout, 0)}_{below_the_line(layout.value)}",
    "condition":         lambda writer, layout: f"[{' '.join(layout.value)}]",
    "total":             lambda writer, layout: f"{sum_sign(layout, 'sum')} {writer.part(layout, 0)}",
    "block":             _block,
}
# fmt: on

#: Kind of a constant -> the name of a variable that hides it, and how it is written beside that variable.
LONG_NAMES: dict[str, tuple[str, Row]] = {
    "commutation": ("K", _named("commutation")),
    "identity": ("I", lambda writer, layout: "eye()" if layout.value is None else f"eye({layout.value})"),
    "unit": ("e", lambda writer, layout: f"eye({layout.value[1]})[:, {layout.value[0]}]"),
}
