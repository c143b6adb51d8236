"""Unicode text: the plain rows, with mathematical signs where there are some."""

from __future__ import annotations

import re

from matcalc.expr.named_powers import base_and_exponent
from matcalc.language.undefined.open_uses import Sign
from matcalc.language.words.names import GREEK, typed_name
from matcalc.printing.layout import Layout
from matcalc.printing.notations.plain import NORM_NAMES, PLAIN_ROWS, perturbation_name, signed, sum_sign
from matcalc.printing.notations.writer import Row, Writer
from matcalc.printing.precedence import LINEAR
from matcalc.printing.reading.open_functions import Marks, numbered, open_row
from matcalc.printing.reading.piecewise import in_line

__all__ = ["UNICODE_ROWS", "symbolic_name", "unicode_writer"]

_SIGN_OF_NAME = {name: sign for sign, name in GREEK.items()}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_LOWERED = _SUBSCRIPTS | str.maketrans("+-aehijklmnoprstuvx", "₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def unicode_writer() -> Writer:
    """A writer of Unicode text."""
    return Writer(UNICODE_ROWS, LINEAR, "({})".format)


def symbolic_name(name: str) -> str:
    """Sigma_1 as Σ₁, h_t_minus_1 as hₜ₋₁, the name of sigma^2 as σ²"""
    if (raised := base_and_exponent(name)) is not None:
        return symbolic_name(raised[0]) + str(raised[1]).translate(_SUPERSCRIPTS)
    base, _, index = name.partition("_")
    letters = re.match(r"[A-Za-z]*", base)
    spelled = letters.group() if letters else ""
    base = _SIGN_OF_NAME.get(spelled, spelled) + base[len(spelled) :]
    if not index:
        return base + "_" * name.endswith("_")
    typed = typed_name(f"x_{index}")[1:]
    if typed[:2] == "_{" and typed.endswith("}") and all(ord(c) in _LOWERED for c in typed[2:-1]):
        return base + typed[2:-1].translate(_LOWERED)
    return base + (index.translate(_SUBSCRIPTS) if index.isdigit() and not base[-1].isdigit() else typed)


def _perturbation(writer: Writer, layout: Layout) -> str:
    name, index, _ = layout.value
    if base_and_exponent(name) is not None:
        return f"d{str(index or '').translate(_SUBSCRIPTS)}({symbolic_name(name)})"
    if index and "_" in name:
        return perturbation_name(layout)
    return "d" + symbolic_name(f"{name}_{index}" if index else name)


def _power(writer: Writer, layout: Layout) -> str:
    base, exponent = writer.parts(layout)
    return base + exponent.translate(_SUPERSCRIPTS) if exponent.lstrip("-").isdigit() else f"{base}^{exponent}"


def _norm(writer: Writer, layout: Layout) -> str:
    inside = writer.part(layout, 0)
    if "‖" in inside:
        return f"{NORM_NAMES[layout.value]}({inside})"
    subscript = {"1": "₁", "2": "₂", "inf": "_∞"}.get(layout.value, f"_{layout.value}" if layout.value else "")
    return f"‖{inside}‖{subscript}"


def _absolute(writer: Writer, layout: Layout) -> str:
    inside = writer.part(layout, 0)
    return f"abs({inside})" if "|" in inside or "‖" in inside else f"|{inside}|"


def _sign(sign: Sign) -> str:
    below = numbered(sign).translate(_SUBSCRIPTS)
    above = str(sign.order).translate(_SUPERSCRIPTS) if sign.order > 1 else ""
    return sign.kind + below + above + (" " if sign.kind == "D" or below else "")


_MARKS = Marks(
    name=symbolic_name,
    sign=_sign,
    primes="'".__mul__,
    order="^({})".format,
    jacobian=lambda name: f"J_{symbolic_name(name)}",
    brackets=lambda inside, left, right: f"{left}{inside}{right}",
)

_RELATIONS = {">=": "≥", "<=": "≤", "!=": "≠"}


# fmt: off
UNICODE_ROWS: dict[str, Row] = {
    **PLAIN_ROWS,
    "name":              lambda writer, layout: symbolic_name(layout.value[0]),
    "perturbation":      _perturbation,
    "constant":          lambda writer, layout: "π" if layout.value == "pi" else str(layout.value),
    "sum":               lambda writer, layout: signed(writer.parts(layout), layout.value, "-"),
    "hadamard":          lambda writer, layout: " ⊙ ".join(writer.parts(layout)),
    "hadamard_quotient": lambda writer, layout: " ⊘ ".join(writer.parts(layout)),
    "power":             _power,
    "adjoint":           lambda writer, layout: f"{writer.part(layout, 0)}ᴴ",
    "transpose":         lambda writer, layout: f"{writer.part(layout, 0)}ᵀ",
    "inverse":           lambda writer, layout: f"{writer.part(layout, 0)}⁻¹",
    "inverse_transpose": lambda writer, layout: f"{writer.part(layout, 0)}⁻ᵀ",
    "total":             lambda writer, layout: f"{sum_sign(layout, '∑')} {writer.part(layout, 0)}",
    "open":              open_row(_MARKS),
    "norm":              _norm,
    "absolute":          _absolute,
    "relation":          lambda writer, layout: in_line(writer.parts(layout), layout.value, _RELATIONS),
    "indicator":         lambda writer, layout: f"({in_line(writer.parts(layout), layout.value, _RELATIONS)})",
}
# fmt: on
