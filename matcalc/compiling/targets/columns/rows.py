"""MATLAB (and Octave) and Julia: column-major arrays whose indices start at 1.

Both broadcast from the first axis, so every array gets axes of size 1 until all operands have the same number. A
vector of MATLAB is a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

from matcalc.compiling.emitting.emitter import (
    ATOM,
    POWER,
    PRODUCT,
    SUM,
    UNARY,
    Emitter,
    Row,
    Text,
    coefficient_times,
    number_text,
    sum_text,
)
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.columns import arrays
from matcalc.compiling.targets.columns.stacks import (
    broadcast_ready,
    call,
    is_julia,
    of_matrices,
    power_of_matrix,
    reshaped,
    stacked_product,
    tuple_of,
)
from matcalc.functions import FUNCTIONS, row_of
from matcalc.functions.properties import Interval

__all__ = ["ROWS", "reserved_words"]


def _entrywise(sign: str, level: int) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        first, *rest = broadcast_ready(e, v, args)
        return Text(sign.join([first.at(level), *(a.at(level + 1) for a in rest)]), level)

    return row


def _combine(e: Emitter, v: Value, args: list[Text]) -> Text:
    ready = broadcast_ready(e, v, args)
    if not is_julia(e) or len(ready) == 1:
        return sum_text(v.data, ready)
    text = sum_text(v.data[:1], ready[:1]).at(PRODUCT)
    for c, arg in zip(v.data[1:], ready[1:], strict=True):
        text += f" {'.+' if c > 0 else '.-'} {coefficient_times(c, arg).at(UNARY)}"
    return Text(text, SUM)


def _power(e: Emitter, v: Value, args: list[Text]) -> Text:
    (exponent,) = v.data
    if _is_guarded(e) and exponent.denominator != 1:
        return Text(f"or_nan{_dot_call(e, v)}(^, {args[0].text}, {number_text(exponent).text})")
    if exponent == Fraction(1, 2):
        return Text(f"sqrt{_dot_call(e, v)}({args[0].text})")
    return Text(f"{args[0].at(ATOM)} .^ {number_text(exponent).at(ATOM)}", POWER)


def _dot_call(e: Emitter, v: Value) -> str:
    return "." if is_julia(e) and v.axes else ""


def _function(e: Emitter, v: Value, args: list[Text]) -> Text:
    ready = broadcast_ready(e, v, args)
    if _is_guarded(e) and _may_throw(v.data[0]):
        word, _, _ = str(e.target.template(v.data[0])).partition("~(")
        return Text(f"or_nan{_dot_call(e, v)}({word}, {ready[0].text})")
    return Text(e.function(v.data[0], ready).text.replace("~(", f"{_dot_call(e, v)}("))


def _may_throw(name: str) -> bool:
    """Functions of an interval, outside of which Julia throws."""
    return any(isinstance(need.fact, Interval) for need in row_of(name).domain)


def _open(e: Emitter, v: Value, args: list[Text]) -> Text:
    """A function of the caller's: of numbers, for every entry, or of arrays."""
    function, *given = args
    if v.data:
        given = broadcast_ready(e, v, [Text(""), *given])[1:]
    dot = _dot_call(e, v) if v.data else ""
    call = f"{function.text}{dot}({', '.join(a.text for a in given)})"
    if is_julia(e):
        sizes = e.returned_shape(v.axes, "nothing")
        tuple_ = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
        value = Text(f'returned({call}, {tuple_}, "{function.text}")')
        return e.with_sizes_read(v, value, "{size} = size({value}, {number})")
    sizes = [*e.returned_shape(v.axes, "NaN"), *["1"] * (2 - v.rank)]
    value = Text(f"returned({call}, [{', '.join(sizes)}], '{function.text}')")
    return e.with_sizes_read(v, value, "{size} = size({value}, {number});")


def _is_guarded(e: Emitter) -> bool:
    """Whether a function outside of its domain is left out by a choice: Julia would throw."""
    return is_julia(e) and e.hides_faults


def _where(e: Emitter, v: Value, args: list[Text]) -> Text:
    x, y, a, b = (t.text for t in broadcast_ready(e, v, args))
    if is_julia(e):
        return Text(
            f"ifelse.(({x}) .{v.data[0]} ({y}), {a}, {b})" if v.axes else f"ifelse(({x}) {v.data[0]} ({y}), {a}, {b})"
        )
    sign = "~=" if v.data[0] == "!=" else v.data[0]
    return Text(f"choose(({x}) {sign} ({y}), {a}, {b})")


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(f"{args[0].at(ATOM)}'")
    order = ", ".join(str(k + 1) for k in v.data)
    return Text(f"permutedims({args[0].text}, ({order}))" if is_julia(e) else f"permute({args[0].text}, [{order}])")


def _reshape(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Row-major, as the plan means it; axes of size 1 alone do not change the order."""
    old, new = ([d for d in axes if not d.is_one] for axes in (v.args[0].axes, v.axes))
    if not v.axes:
        return Text(f"{args[0].at(ATOM)}[1]" if is_julia(e) else args[0].text)
    if old == new:
        return Text(reshaped(e, args[0].text, v.axes))
    return Text(f"rowmajor({args[0].text}, {v.args[0].rank}, {tuple_of(e, v.axes)})")


def _broadcast(e: Emitter, v: Value, args: list[Text]) -> Text:
    ready = broadcast_ready(e, v, args)
    return Text(
        f"{ready[0].at(PRODUCT)} .+ {arrays.filled(e, v.axes)}"
        if is_julia(e)
        else f"{ready[0].at(PRODUCT)} + {arrays.filled(e, v.axes)}",
        SUM,
    )


def _reduced(julia: str, matlab: str) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        places = [k + 1 for k in v.data]
        every = len(places) == v.args[0].rank
        if is_julia(e):
            dims = f"({', '.join(map(str, places))},)"
            return Text(
                f"{julia}({args[0].text})" if every else f"dropdims({julia}({args[0].text}, dims={dims}), dims={dims})"
            )
        flat = f"reshape({args[0].text}, [], 1)"
        if every:
            return Text(f"{matlab}({flat})")
        text = args[0].text
        for place in places:
            text = f"{matlab}({text}, {place})" if matlab in ("sum", "prod") else f"{matlab}({text}, [], {place})"
        return Text(reshaped(e, text, v.axes))

    return row


def _matmul(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The product; of a stack, all of whose rows stand below one another, it is reshaped."""
    left, right = v.args[0], args[1].at(UNARY)
    if left.rank <= 2:
        return Text(f"{args[0].at(PRODUCT)} * {right}", PRODUCT)
    rows = f"reshape({args[0].text}, {':' if is_julia(e) else '[]'}, {e.dim(left.axes[-1]).text})"
    return Text(reshaped(e, f"{rows} * {right}", v.axes))


def _dot(e: Emitter, v: Value, args: list[Text]) -> Text:
    if is_julia(e):
        return Text(f"dot({args[0].text}, {args[1].text})")
    return Text(f"sum(reshape({args[0].at(PRODUCT)} .* {args[1].at(UNARY)}, [], 1))")


def _part(e: Emitter, v: Value, args: list[Text]) -> Text:
    of = v.args[0]
    names = {"eigh": ("values", "vectors"), "svd": ("left", "values", "right")}[of.op]
    return Text(f"{e.as_name(of)}.{names[v.data[0]]}")


def _sized(name: str) -> Row:
    return lambda e, v, args: Text(f"{name}({e.dim(v.data[0]).text})")


# fmt: off
ROWS: dict[str, Row] = {
    "input":         lambda e, v, args: Text(v.data[0]),
    "number":        lambda e, v, args: number_text(v.data[0]),
    "size":          lambda e, v, args: e.dim(v.data[0]),
    "constant":      lambda e, v, args: Text(v.data[0]),
    "combine":       _combine,
    "times":         _entrywise(" .* ", PRODUCT),
    "divide":        _entrywise(" ./ ", PRODUCT),
    "power":         _power,
    "raise":         lambda e, v, args: Text(" .^ ".join(a.at(ATOM) for a in broadcast_ready(e, v, args)), POWER),
    "function":      _function,
    "call":          call,
    "open":          _open,
    "where":         _where,
    "permute":       _permute,
    "reshape":       _reshape,
    "broadcast":     _broadcast,
    "expand":        arrays.expand,
    "sum":           _reduced("sum", "sum"),
    "largest":       _reduced("maximum", "max"),
    "smallest":      _reduced("minimum", "min"),
    "prod":          _reduced("prod", "prod"),
    "indicator":     lambda e, v, args: Text(f"{v.data[0]}_mark({args[0].text})"),
    "take":          arrays.take,
    "slice":         arrays.slice_,
    "spread":        arrays.spread,
    "outer":         arrays.outer,
    "stack":         arrays.stack,
    "diagonal":      arrays.diagonal,
    "block":         arrays.block,
    "matmul":        _matmul,
    "stacked":       stacked_product,
    "dot":           _dot,
    "zeros":         lambda e, v, args: Text(arrays.filled(e, v.axes)),
    "ones":          lambda e, v, args: Text(arrays.filled(e, v.axes, "ones")),
    "eye":           lambda e, v, args: Text(arrays.eye(e, v.axes[0], v.axes[0])),
    "mask":          arrays.mask,
    "triangle":      arrays.triangle,
    "unit":          arrays.unit,
    "selector":      arrays.selector,
    "duplication":   _sized("duplication"),
    "elimination":   _sized("elimination"),
    "det":           of_matrices("det"),
    "logdet":        of_matrices("logabsdet"),
    "length":        lambda e, v, args: Text(f"norm({args[0].text})" if is_julia(e) else f"norm(reshape({args[0].text}, [], 1))"),
    "inv":           of_matrices("inv"),
    "solve":         lambda e, v, args: Text(f"{args[0].at(UNARY)} \\ {args[1].at(UNARY)}", PRODUCT),
    "cholesky":      of_matrices("lower_cholesky"),
    "inverse_from_cholesky": of_matrices("inverse_from_cholesky"),
    "matpow":        power_of_matrix,
    "integer_power": lambda e, v, args: Text(f"{args[0].at(ATOM)} ^ round({'Int, ' if is_julia(e) else ''}{args[1].text})", POWER),
    "adjugate":      of_matrices("adjugate"),
    "eigh":          of_matrices("symmetric_eigen"),
    "svd":           of_matrices("thin_svd"),
    "gaps":          of_matrices("gaps"),
    "part":          _part,
}
# fmt: on

#: What the rows write in either language, and the names of functions and results.
ROW_WORDS = frozenset(
    "at choose det diag diagonal dims dropdims double duplication elimination error eye f gaps gradient hessian ifelse inv "
    "isequal jacobian derivative logabsdet max maximum min minimum mtimes numel ones permute permutedims pi reshape result round "
    "rowmajor size spread sqrt stacked sum throw tril triu varargin vec zeros DimensionMismatch Float64 I Int Matrix "
    "NaN nothing adjugate argmax_mark argmin_mark dot inverse_from_cholesky lower_cholesky symmetric_eigen thin_svd".split()
) | {f"result{k}" for k in range(1, 100)}


def reserved_words(keywords: str, language: str, helpers: Iterable[str]) -> frozenset[str]:
    """The names that no variable may have: those of the language and those that the code uses."""
    texts = [row.spelled.of(language) or "" for row in FUNCTIONS.values() if row.spelled is not None]
    written = (word for text in texts for word in re.findall(r"[A-Za-z_]\w*", text))
    return frozenset(keywords.split()) | ROW_WORDS | frozenset(written) | frozenset(helpers)
