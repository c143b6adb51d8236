"""Rows that every Python array library shares: operators, indexing, and the functions of the array API standard."""

from __future__ import annotations

import keyword
from fractions import Fraction

from matcalc.compiling.emitter import ATOM, POWER, PRODUCT, UNARY, Emitter, Row, Text, number_text, sum_text
from matcalc.compiling.program import Value
from matcalc.expr import Dim

__all__ = ["ELEMENTWISE", "RESERVED", "ROWS"]

RESERVED = frozenset(keyword.kwlist) | {"np", "xp", "float", "min", "range", "len", "tuple"}

#: Functions that have these names in the array API standard.
ELEMENTWISE = tuple("exp log log1p expm1 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs sign".split())


def _times(e: Emitter, v: Value, args: list[Text]) -> Text:
    first, *rest = args
    return Text(" * ".join([first.at(PRODUCT), *(a.at(UNARY) for a in rest)]), PRODUCT)


def _combine(e: Emitter, v: Value, args: list[Text]) -> Text:
    return sum_text(v.data, args)


def _power(e: Emitter, v: Value, args: list[Text]) -> Text:
    (exponent,) = v.data
    if exponent == Fraction(1, 2):
        return Text(f"{e.xp}.sqrt({args[0].text})")
    return power_text(args[0], number_text(exponent))


def power_text(base: Text, exponent: Text) -> Text:
    """Names and numbers stand close to the operator, as the formatter has it."""
    close = all(t.text.replace(".", "").replace("_", "").isalnum() for t in (base, exponent))
    return Text(f"{base.at(ATOM)}{'**' if close else ' ** '}{exponent.at(ATOM)}", POWER)


def _function(e: Emitter, v: Value, args: list[Text]) -> Text:
    return e.template(e.target.functions, v.data[0], args)


def _call(e: Emitter, v: Value, args: list[Text]) -> Text:
    return e.template(e.target.calls, "_".join(map(str, v.data)), args)


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(f"{args[0].at(ATOM)}.T")
    return Text(f"{e.xp}.permute_dims({args[0].text}, {v.data})")


def _expand(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{args[0].at(ATOM)}[{', '.join(':' if place else 'None' for place in v.data)}]")


def _take(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, place = v.data
    index = e.dim(place - 1).text if isinstance(place, Dim) else str(place - 1)
    return Text(f"{args[0].at(ATOM)}[{', '.join([':'] * axis + [index])}]")


def _slice(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, start, size = v.data
    first = "" if start.value == 0 else e.dim(start).text
    last = e.dim(start + size).text
    simple = all(t.isalnum() for t in (first or "0", last))
    part = f"{first}:{last}" if simple else f"{first} : {last}".strip()
    return Text(f"{args[0].at(ATOM)}[{', '.join([':'] * axis + [part])}]")


def _matmul(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{args[0].at(PRODUCT)} @ {args[1].at(UNARY)}", PRODUCT)


def _sum(e: Emitter, v: Value, args: list[Text]) -> Text:
    if len(v.data) == v.args[0].rank:
        return Text(f"{e.xp}.sum({args[0].text})")
    axis = v.data[0] if len(v.data) == 1 else v.data
    return Text(f"{e.xp}.sum({args[0].text}, axis={axis})")


def _tensordot(e: Emitter, v: Value, args: list[Text]) -> Text:
    left, right = v.data
    if left == (v.args[0].rank - 1,) and right == (0,):
        return Text(f"{e.xp}.tensordot({args[0].text}, {args[1].text}, axes=1)")
    return Text(f"{e.xp}.tensordot({args[0].text}, {args[1].text}, axes=({left}, {right}))")


# fmt: off
ROWS: dict[str, Row] = {
    "input":     lambda e, v, args: Text(v.data[0]),
    "number":    lambda e, v, args: number_text(v.data[0]),
    "size":      lambda e, v, args: e.dim(v.data[0]),
    "constant":  lambda e, v, args: Text(f"{e.xp}.{v.data[0]}"),
    "combine":   _combine,
    "times":     _times,
    "divide":    lambda e, v, args: Text(f"{args[0].at(PRODUCT)} / {args[1].at(UNARY)}", PRODUCT),
    "power":     _power,
    "raise":     lambda e, v, args: power_text(args[0], args[1]),
    "function":  _function,
    "call":      _call,
    "permute":   _permute,
    "reshape":   lambda e, v, args: Text(f"{e.xp}.reshape({args[0].text}, {e.shape(v.axes)})"),
    "broadcast": lambda e, v, args: Text(f"{e.xp}.broadcast_to({args[0].text}, {e.shape(v.axes)})"),
    "expand":    _expand,
    "sum":       _sum,
    "take":      _take,
    "slice":     _slice,
    "matmul":    _matmul,
    "stacked":   _matmul,
    "tensordot": _tensordot,
    "zeros":     lambda e, v, args: Text(f"{e.xp}.zeros({e.shape(v.axes)})"),
    "ones":      lambda e, v, args: Text(f"{e.xp}.ones({e.shape(v.axes)})"),
    "eye":       lambda e, v, args: Text(f"{e.xp}.eye({e.dim(v.axes[0]).text})"),
    "det":       lambda e, v, args: Text(f"{e.xp}.linalg.det({args[0].text})"),
    "logdet":    lambda e, v, args: Text(f"{e.xp}.linalg.slogdet({args[0].text})[1]"),
    "inv":       lambda e, v, args: Text(f"{e.xp}.linalg.inv({args[0].text})"),
    "solve":     lambda e, v, args: Text(f"{e.xp}.linalg.solve({args[0].text}, {args[1].text})"),
}
# fmt: on
