"""How wide a formula is once it is rendered, in widths of an italic letter."""

from __future__ import annotations

from typing import Any

from matcalc.language.undefined.open_uses import use_size
from matcalc.language.words.names import GREEK
from matcalc.printing.layout import Layout
from matcalc.printing.notations.tex import letter
from matcalc.printing.precedence import DISPLAYED, needs_brackets

__all__ = ["BINARY", "BRACKETS", "SIGN", "sum_sign_width", "width_of", "width_of_part"]

GREEK_NAMES = frozenset(GREEK.values())

BINARY, SIGN, BRACKETS, _COMMA = 2.1, 1.4, 1.4, 0.8
_FIXED = {
    "transpose": 1.0, "inverse": 1.6, "inverse_transpose": 2.0, "pseudoinverse": 1.0, "conjugate": 0.8, "adjoint": 1.0, "root": 1.6, "negative": SIGN,
    "absolute": 1.0, "norm": 1.8, "bracketed": BRACKETS, "ones": 1.0, "zeros": 1.0, "unit": 1.5, "mask": 4.0,
    "selector": 5.0, "commutation": 3.2, "duplication": 2.2, "elimination": 2.2, "entry": 1.0, "quotient": 0.5,
    "indicator": BINARY + 2.0, "condition": 4.0, "at": 1.5, "member": 1.0,
}  # fmt: skip
_BETWEEN = {
    "relation": BINARY,
    "conjunction": 3.0,
    "disjunction": 2.4,
    "sum": BINARY,
    "hadamard": BINARY,
    "hadamard_quotient": BINARY,
    "kron": BINARY,
    "function": _COMMA,
    "open": _COMMA,
}


def width_of(layout: Layout) -> float:
    """The width of the rendered formula, in widths of an italic letter (0.6 em in Computer Modern)."""
    inside = [width_of_part(layout, i) for i in range(len(layout.parts))]
    value: Any = layout.value
    match layout.kind:
        case "number" | "literal" | "constant":
            return 0.9 * len(str(value))
        case "ratio":
            return 0.5 + 0.9 * max(len(str(value.numerator)), len(str(value.denominator)))
        case "name":
            return _width_of_name(value[0])
        case "perturbation":
            return 1.2 + _width_of_name(f"{value[0]}_{value[1]}" if value[1] else value[0])
        case "identity":
            return 1.0 + (0.6 * len(str(value)) if value is not None else 0.0)
        case "quotient":
            return max(inside) + _FIXED["quotient"]
        case "power":
            return inside[0] + 0.7 * inside[1]
        case "hadamard_power":
            return inside[0] + 0.7 * (inside[1] + SIGN)
        case "function":
            return float(0.85 * len(value)) + BRACKETS + sum(inside) + _COMMA * max(len(inside) - 1, 0)
        case "open":
            return 0.9 * use_size(value) + sum(inside) + _COMMA * max(len(inside) - 1, 0)
        case "entry":
            return inside[0] + 1.0 + 0.5 * sum(map(len, value))
        case "block":
            columns = [max(inside[j :: value[1]]) for j in range(value[1])]
            return sum(columns) + 1.8 * len(columns) + 1.0
        case "cases":
            return max([*inside[:-1:2], inside[-1]]) + max([*inside[1::2], 4.0]) + 4.0
        case "total":
            return sum_sign_width(layout) + inside[0]
        case "sum":
            return sum(inside) + BINARY * (len(inside) - 1) + (SIGN if value[0] < 0 else 0.0)
    between = _BETWEEN.get(layout.kind, 0.0) * max(len(inside) - 1, 0)
    return sum(inside) + between + _FIXED.get(layout.kind, 0.0)


def sum_sign_width(layout: Layout) -> float:
    """A sign for each range that stands below one, or one for all; a condition is as wide as three letters."""
    ranges, condition = layout.value
    if condition:
        return 3.0
    return 2.6 * len(ranges) if any(shown for _, _, shown in ranges) else 2.0 + 0.6 * len(ranges)


def width_of_part(layout: Layout, index: int) -> float:
    part = layout.parts[index]
    brackets = needs_brackets(DISPLAYED, layout.kind, index, part.kind)
    return width_of(part) + (BRACKETS if brackets else 0.0)


def _width_of_name(name: str) -> float:
    word, index = letter(name)
    if word in GREEK_NAMES:
        return 1.1 + 0.65 * len(index)
    return sum(1.4 if c.isupper() else 1.0 for c in word) + 0.65 * len(index)
