"""MATLAB (and Octave) and Julia: column-major arrays whose indices start at 1.

Both broadcast from the first axis, so every array gets axes of size 1 until all operands have the same number. Where
they say one thing in different words, these are options of the target; rows that differ stand in its own module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from matcalc.compiling.emitting.emitter import Emitter, number_text, sum_text
from matcalc.compiling.emitting.target import ATOM, POWER, PRODUCT, SUM, UNARY, Row, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.columns import arrays
from matcalc.compiling.targets.columns.stacks import (
    broadcast_ready,
    call,
    of_matrices,
    padded,
    power_of_matrix,
    reshaped,
    stacked_product,
    tuple_of,
)
from matcalc.functions import FUNCTIONS, row_of
from matcalc.functions.properties import Interval

__all__ = ["ROWS", "dot_call", "reserved_words", "tuple_text"]


def _entrywise(sign: str, level: int) -> Row:
    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        first, *rest = broadcast_ready(e, v, args)
        return Text(sign.join([first.at(level), *(a.at(level + 1) for a in rest)]), level)

    return row


def _combine(e: Emitter, v: Value, args: list[Text]) -> Text:
    return sum_text(v.data, broadcast_ready(e, v, args))


def _power(e: Emitter, v: Value, args: list[Text]) -> Text:
    (exponent,) = v.data
    if _is_guarded(e) and exponent.denominator != 1:
        return Text(f"or_nan{dot_call(e, v)}(^, {args[0].text}, {number_text(exponent).text})")
    if exponent == Fraction(1, 2):
        return Text(f"sqrt{dot_call(e, v)}({args[0].text})")
    return Text(f"{args[0].at(ATOM)} .^ {number_text(exponent).at(ATOM)}", POWER)


def dot_call(e: Emitter, v: Value) -> str:
    """What stands behind a function of numbers that is called for every entry."""
    return e.options["dot"] if v.axes else ""


def _function(e: Emitter, v: Value, args: list[Text]) -> Text:
    ready = broadcast_ready(e, v, args)
    if _is_guarded(e) and _may_throw(v.data[0]):
        word, _, _ = str(e.target.template(v.data[0])).partition("~(")
        return Text(f"or_nan{dot_call(e, v)}({word}, {ready[0].text})")
    return Text(e.function(v.data[0], ready).text.replace("~(", f"{dot_call(e, v)}("))


def _may_throw(name: str) -> bool:
    """Functions of an interval, outside of which Julia throws."""
    return any(isinstance(need.fact, Interval) for need in row_of(name).domain)


def _open(e: Emitter, v: Value, args: list[Text]) -> Text:
    """A function of the caller's: of numbers, for every entry, or of arrays."""
    function, *given = args
    if v.data:
        given = broadcast_ready(e, v, [Text(""), *given])[1:]
    dot = dot_call(e, v) if v.data else ""
    call = f"{function.text}{dot}({', '.join(a.text for a in given)})"
    sizes = tuple_text(e, padded(e, e.returned_shape(v.axes, e.options["unknown"])))
    value = Text(e.options["returned"].format(call, sizes, function.text))
    return e.with_sizes_read(v, value, e.options["read"])


def tuple_text(e: Emitter, sizes: Sequence[str]) -> str:
    """Sizes to compare with."""
    return e.options["one size" if len(sizes) == 1 else "some sizes"].format(", ".join(sizes))


def _is_guarded(e: Emitter) -> bool:
    """Whether a function outside of its domain is left out by a choice, and would throw."""
    return bool(e.options["throws"]) and e.hides_faults


def _where(e: Emitter, v: Value, args: list[Text]) -> Text:
    x, y, a, b = (t.text for t in broadcast_ready(e, v, args))
    dot, sign = dot_call(e, v), e.options["unequal"] if v.data[0] == "!=" else v.data[0]
    return Text(f"{e.options['choice']}{dot}(({x}) {dot}{sign} ({y}), {a}, {b})")


def _permute(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data == (1, 0):
        return Text(f"{args[0].at(ATOM)}'")
    order = ", ".join(str(k + 1) for k in v.data)
    return Text(e.options["permuted"].format(args[0].text, order))


def _reshape(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Row-major, as the plan means it; axes of size 1 alone do not change the order."""
    old, new = ([d for d in axes if not d.is_one] for axes in (v.args[0].axes, v.axes))
    if not v.axes:
        return Text(e.options["number"].format(args[0].at(ATOM) if e.options["dot"] else args[0].text))
    if old == new:
        return Text(reshaped(e, args[0].text, v.axes))
    return Text(f"rowmajor({args[0].text}, {v.args[0].rank}, {tuple_of(e, v.axes)})")


def _broadcast(e: Emitter, v: Value, args: list[Text]) -> Text:
    ready = broadcast_ready(e, v, args)
    return Text(f"{ready[0].at(PRODUCT)} {e.options['plus']} {arrays.filled(e, v.axes)}", SUM)


def _matmul(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The product; of a stack, all of whose rows stand below one another, it is reshaped."""
    left, right = v.args[0], args[1].at(UNARY)
    if left.rank <= 2:
        return Text(f"{args[0].at(PRODUCT)} * {right}", PRODUCT)
    rows = f"reshape({args[0].text}, {e.options['rest']}, {e.dim(left.axes[-1]).text})"
    return Text(reshaped(e, f"{rows} * {right}", v.axes))


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
    "length":        lambda e, v, args: Text(e.options["length"].format(args[0].text)),
    "inv":           of_matrices("inv"),
    "solve":         lambda e, v, args: Text(f"{args[0].at(UNARY)} \\ {args[1].at(UNARY)}", PRODUCT),
    "cholesky":      of_matrices("lower_cholesky"),
    "inverse_from_cholesky": of_matrices("inverse_from_cholesky"),
    "matpow":        power_of_matrix,
    "integer_power": lambda e, v, args: Text(f"{args[0].at(ATOM)} ^ {e.options['whole'].format(args[1].text)}", POWER),
    "adjugate":      of_matrices("adjugate"),
    "eigh":          of_matrices("symmetric_eigen"),
    "svd":           of_matrices("thin_svd"),
    "gaps":          of_matrices("gaps"),
    "part":          _part,
}
# fmt: on

#: What the rows and `options` write in either language, and the names of functions and results.
ROW_WORDS = frozenset(
    "at choose det diag diagonal dims dropdims double duplication elimination error eye f gaps gradient hessian ifelse inv "
    "isequal jacobian derivative logabsdet max maximum min minimum mtimes numel ones permute permutedims pi reshape result round "
    "rowmajor size spread sqrt stacked sum throw tril triu varargin vec zeros DimensionMismatch Float64 I Int Matrix "
    "NaN nothing adjugate argmax_mark argmin_mark dot inverse_from_cholesky lower_cholesky symmetric_eigen thin_svd".split()
) | {f"result{k}" for k in range(1, 100)}


def reserved_words(keywords: str, language: str, helpers: Iterable[str]) -> frozenset[str]:
    """The names that no variable may have: those of the language and those that the code uses."""
    texts = [row.spelled.of([language]) or "" for row in FUNCTIONS.values() if row.spelled is not None]
    written = (word for text in texts for word in re.findall(r"[A-Za-z_]\w*", text))
    return frozenset(keywords.split()) | ROW_WORDS | frozenset(written) | frozenset(helpers)
