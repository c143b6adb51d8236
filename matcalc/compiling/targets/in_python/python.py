"""What all Python targets share; the names are those of the array API standard.

Rows give the text of an operator of the plan, templates that of a function. ``{xp}`` is the name of the module.
"""

from __future__ import annotations

import keyword
from fractions import Fraction

from matcalc.compiling.emitting.emitter import Emitter, number_text
from matcalc.compiling.emitting.static import is_static, number_template
from matcalc.compiling.emitting.target import ATOM, CONDITIONAL, MATRICES, POWER, PRODUCT, SUM, UNARY, Row, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.in_python.python_arrays import (
    also_of,
    block_row,
    broadcast_row,
    diagonal_row,
    dtype_of,
    indicator_row,
    mask_row,
    place_text,
    selector_row,
    spread_row,
    triangle_row,
    unit_row,
)
from matcalc.expr import Dim

__all__ = ["MADE", "RESERVED", "ROWS", "axes_text", "power_text", "range_text"]


RESERVED = frozenset(keyword.kwlist) | frozenset(
    dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__
)

#: What the plan makes of functions.
MADE = {"mills_tail": "_mills_tail({0}{also})", "horner": "_horner({args})"}

IMPORTS = {"itertools": "import itertools", "math": "import math"}


def _times(e: Emitter, v: Value, args: list[Text]) -> Text:
    first, *rest = args
    level = MATRICES if first.level == MATRICES else PRODUCT
    return Text(" * ".join([first.at(PRODUCT), *(a.at(UNARY) for a in rest)]), level)


def _combine(e: Emitter, v: Value, args: list[Text]) -> Text:
    return e.summed(v.data, args)


def in_library(e: Emitter, number: Text) -> Text:
    """A number of Python as one of the library, which has inf and nan where Python raises."""
    return Text(f"{e.xp}.asarray({number.at(PRODUCT)} * 1.0{dtype_of(e)})")


def _base(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The first operand, in the library if all are numbers of Python and the operation might raise."""
    return in_library(e, args[0]) if not v.rank and all(map(is_static, v.args)) and not is_static(v) else args[0]


def _power(e: Emitter, v: Value, args: list[Text]) -> Text:
    (exponent,) = v.data
    base = _base(e, v, args)
    if exponent == Fraction(1, 2):
        return Text(f"{'math' if is_static(v) else e.xp}.sqrt({base.text})")
    return power_text(base, number_text(exponent))


def power_text(base: Text, exponent: Text) -> Text:
    """Names and numbers stand close to the operator, as the formatter has it."""
    close = all(t.text.replace(".", "").replace("_", "").isalnum() for t in (base, exponent))
    return Text(f"{base.at(ATOM)}{'**' if close else ' ** '}{exponent.at(ATOM)}", POWER)


def _function(e: Emitter, v: Value, args: list[Text]) -> Text:
    if is_static(v):
        return e.filled(number_template(v.data[0]), v.data[0], args)
    if not v.axes and all(map(is_static, v.args)):  # digamma(n / 2): in no module for numbers
        args = [*args[:-1], in_library(e, args[-1])]
    if v.data[0] in ("max", "min") and any(a.op == "number" for a in v.args):
        return _clipped(e, v, args)
    return e.function(v.data[0], args)


def _clipped(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The larger or smaller one of an array and a number; not every library compares the two in ``maximum``."""
    number = next(k for k, a in enumerate(v.args) if a.op == "number")
    side = "min" if v.data[0] == "max" else "max"
    return Text(f"{e.xp}.clip({args[1 - number].text}, {side}={number_as_float(v.args[number])})")


def _call(e: Emitter, v: Value, args: list[Text]) -> Text:
    return e.function("_".join(map(str, v.data)), args)


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(f"{args[0].at(ATOM)}.T")
    return Text(f"{e.xp}.permute_dims({args[0].text}, {v.data})")


def _expand(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{args[0].at(ATOM)}[{', '.join(':' if place else 'None' for place in v.data)}]")


def _take(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, place = v.data
    entries = [":"] * axis + [place_text(e, place)] + [":"] * (v.args[0].rank - axis - 1)
    return Text(f"{args[0].at(ATOM)}[{', '.join(entries)}]")


def range_text(e: Emitter, start: Dim, size: Dim) -> str:
    """A slice, spaced as the formatter has it."""
    first = "" if start.value == 0 else e.dim(start).text
    last = e.dim(start + size).text
    simple = all(t.isalnum() for t in (first or "0", last))
    return f"{first}:{last}" if simple else f"{first} : {last}".strip()


def _slice(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, start, size = v.data
    entries = [":"] * axis + [range_text(e, start, size)] + [":"] * (v.rank - axis - 1)
    return Text(f"{args[0].at(ATOM)}[{', '.join(entries)}]")


def _matmul(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{args[0].at(PRODUCT)} @ {args[1].at(UNARY)}", MATRICES)


def axes_text(axes: tuple[int, ...]) -> str:
    return str(axes[0]) if len(axes) == 1 else str(axes)


def _reduced(name: str) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        if len(v.data) == v.args[0].rank:
            return Text(f"{e.xp}.{name}({args[0].text})")
        return Text(f"{e.xp}.{name}({args[0].text}, axis={axes_text(v.data)})")

    return row


def _tensordot(e: Emitter, v: Value, args: list[Text]) -> Text:
    left, right = v.data
    if left == (v.args[0].rank - 1,) and right == (0,):
        return Text(f"{e.xp}.tensordot({args[0].text}, {args[1].text}, axes=1)")
    return Text(f"{e.xp}.tensordot({args[0].text}, {args[1].text}, axes=({left}, {right}))")


def _where(e: Emitter, v: Value, args: list[Text]) -> Text:
    if is_static(v.args[0]) and is_static(v.args[1]):
        x, y, a, b = (arg.at(SUM) for arg in args)
        return Text(f"{a} if {x} {v.data[0]} {y} else {b}", CONDITIONAL)
    if all(x.op == "number" for x in v.args[2:]) and dtype_of(e):
        first, second = (number_as_float(x) for x in v.args[2:])
        there = e.shared(f"{e.xp}.asarray({first}{dtype_of(e)})")
        return Text(f"{e.xp}.where({args[0].text} {v.data[0]} {args[1].text}, {there}, {second})")
    x, y, a, b = (t.text if v.args[k].op != "number" else number_as_float(v.args[k]) for k, t in enumerate(args))
    return Text(f"{e.xp}.where({x} {v.data[0]} {y}, {a}, {b})")


def number_as_float(value: Value) -> str:
    return repr(float(value.data[0]))


def _dot(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == 1:
        return Text(f"{args[0].at(PRODUCT)} @ {args[1].at(UNARY)}", MATRICES)
    return Text(f"{e.xp}.sum({args[0].at(PRODUCT)} * {args[1].at(UNARY)})")


def _outer(e: Emitter, v: Value, args: list[Text]) -> Text:
    places = ", ".join([":"] * v.args[0].rank + ["None"] * v.args[1].rank)
    return Text(f"{args[0].at(ATOM)}[{places}] * {args[1].at(UNARY)}", PRODUCT)


def _stack(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{e.xp}.stack([{', '.join(a.text for a in args)}], axis={v.data[0]})")


def _helper(name: str) -> Row:
    return lambda e, v, args: Text(f"{name}({', '.join(a.text for a in args)}{also_of(e)})")


def _sized_helper(name: str) -> Row:
    return lambda e, v, args: Text(f"{name}({e.dim(v.data[0]).text}{', dtype' if dtype_of(e) else ''}{also_of(e)})")


def _integer_power(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{e.xp}.linalg.matrix_power({args[0].text}, int({args[1].text}))")


def _open(e: Emitter, v: Value, args: list[Text]) -> Text:
    """A function of the caller's, whose result has to have the shape that the plan goes on with."""
    function, *given = (a.text for a in args)
    sizes = e.returned_shape(v.axes, "None")
    shape = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
    value = Text(f'_returned({function}({", ".join(given)}), {shape}, "{function}"{also_of(e)})')
    return e.with_sizes_read(v, value, "{size} = {value}.shape[{axis}]")


def _det_of_cofactors(e: Emitter, v: Value, args: list[Text]) -> Text:
    first, second = (f"{a.at(ATOM)}[..., 0, :]" for a in args)
    return Text(f"{e.xp}.sum({first} * {second}, axis=-1)")


def _inverse_of_cofactors(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{args[0].at(ATOM)}.mT / {args[1].at(ATOM)}[..., None, None]", PRODUCT)


# fmt: off
ROWS: dict[str, Row] = {
    "input":         lambda e, v, args: Text(v.data[0]),
    "number":        lambda e, v, args: number_text(v.data[0]),
    "size":          lambda e, v, args: e.dim(v.data[0]),
    "constant":      lambda e, v, args: Text(f"math.{v.data[0]}"),
    "combine":       _combine,
    "times":         _times,
    "divide":        lambda e, v, args: Text(f"{_base(e, v, args).at(PRODUCT)} / {args[1].at(UNARY)}", PRODUCT),
    "power":         _power,
    "raise":         lambda e, v, args: power_text(_base(e, v, args), args[1]),
    "function":      _function,
    "where":         _where,
    "call":          _call,
    "open":          _open,
    "permute":       _permute,
    "reshape":       lambda e, v, args: Text(f"{e.xp}.reshape({args[0].text}, {e.shape(v.axes)})"),
    "broadcast":     broadcast_row,
    "expand":        _expand,
    "sum":           _reduced("sum"),
    "largest":       _reduced("max"),
    "smallest":      _reduced("min"),
    "prod":          _reduced("prod"),
    "indicator":     indicator_row,
    "take":          _take,
    "slice":         _slice,
    "spread":        spread_row,
    "diagonal":      diagonal_row,
    "block":         block_row,
    "matmul":        _matmul,
    "stacked":       _matmul,
    "dot":           _dot,
    "outer":         _outer,
    "stack":         _stack,
    "tensordot":     _tensordot,
    "zeros":         lambda e, v, args: Text(f"{e.xp}.zeros({e.shape(v.axes)}{dtype_of(e)})"),
    "ones":          lambda e, v, args: Text(f"{e.xp}.ones({e.shape(v.axes)}{dtype_of(e)})"),
    "eye":           lambda e, v, args: Text(f"{e.xp}.eye({e.dim(v.axes[0]).text}{dtype_of(e)})"),
    "mask":          mask_row,
    "triangle":      triangle_row,
    "unit":          unit_row,
    "selector":      selector_row,
    "duplication":   _sized_helper("_duplication"),
    "elimination":   _sized_helper("_elimination"),
    "det":           lambda e, v, args: Text(f"{e.xp}.linalg.det({args[0].text})"),
    "logdet":        lambda e, v, args: Text(f"{e.xp}.linalg.slogdet({args[0].text})[1]"),
    "inv":           lambda e, v, args: Text(f"{e.xp}.linalg.inv({args[0].text})"),
    "cholesky":      lambda e, v, args: Text(f"{e.xp}.linalg.cholesky({args[0].text})"),
    "length":        _helper("_length"),
    "inverse_from_cholesky": _helper("_inverse_from_cholesky"),
    "solve":         lambda e, v, args: Text(f"{e.xp}.linalg.solve({args[0].text}, {args[1].text})"),
    "matpow":        lambda e, v, args: Text(f"{e.xp}.linalg.matrix_power({args[0].text}, {v.data[0]})"),
    "integer_power": _integer_power,
    "adjugate":      _helper("_adjugate"),
    "cofactors":     _helper("_cofactors"),
    "det_of_cofactors": _det_of_cofactors,
    "inverse_of_cofactors": _inverse_of_cofactors,
    "eigh":          _helper("_eigh"),
    "svd":           _helper("_svd"),
    "gaps":          _helper("_gaps"),
    "part":          lambda e, v, args: Text(f"{args[0].at(ATOM)}[{v.data[0]}]"),
}
# fmt: on
