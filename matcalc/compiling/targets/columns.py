"""MATLAB (and Octave) and Julia: column-major arrays whose indices start at 1.

Both broadcast from the first axis, so every array gets axes of size 1 until all operands have the same number. A
vector of MATLAB is a column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
from matcalc.compiling.targets.stacks import (
    broadcast_ready,
    call,
    is_julia,
    of_matrices,
    power_of_matrix,
    reshaped,
    sizes,
    stacked_product,
    tuple_of,
)
from matcalc.expr import Dim
from matcalc.functions import FUNCTIONS, row_of
from matcalc.functions.facts import Interval

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
        f"{ready[0].at(PRODUCT)} .+ {_zeros(e, v.axes)}"
        if is_julia(e)
        else f"{ready[0].at(PRODUCT)} + {_zeros(e, v.axes)}",
        SUM,
    )


def _zeros(e: Emitter, axes: Sequence[Dim], name: str = "zeros") -> str:
    return f"{name}({sizes(e, axes)})"


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


def _place(e: Emitter, place: int | Dim) -> str:
    return e.dim(place).text if isinstance(place, Dim) else str(place) if place else "end"


def _indexed(e: Emitter, text: Text, entries: list[str]) -> str:
    opening, closing = "[]" if is_julia(e) else "()"
    return f"{text.at(ATOM)}{opening}{', '.join(entries)}{closing}"


def _take(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, place = v.data
    entries = [_place(e, place) if k == axis else ":" for k in range(v.args[0].rank)]
    name = Text(e.as_name(v.args[0]))
    text = _indexed(e, name, entries)
    return Text(text if is_julia(e) or not v.axes else reshaped(e, text, v.axes))


def _slice(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, start, size = v.data
    part = f"({e.dim(start + 1).text}):({e.dim(start + size).text})"
    return Text(_indexed(e, Text(e.as_name(v.args[0])), [part if k == axis else ":" for k in range(v.rank)]))


def _expand(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(reshaped(e, args[0].text, v.axes))


def _spread(e: Emitter, v: Value, args: list[Text]) -> Text:
    (values, *_), first = v.args, {k: v.data.index(k) for k in v.data}
    axes = tuple(v.axes[place] for place in first.values())
    text = args[0].text
    if values.axes != axes:
        missing = len(axes) - values.rank
        text = text if not values.rank else reshaped(e, text, (*[Dim.of(1)] * missing, *values.axes))
        text = f"{text} .+ {_zeros(e, axes)}" if is_julia(e) else f"{Text(text, SUM).at(PRODUCT)} + {_zeros(e, axes)}"
    pattern = ", ".join(str(k + 1) for k in v.data)
    pattern = f"({pattern},)" if is_julia(e) else f"[{pattern}]"
    result = f"spread({text}, {pattern}, {tuple_of(e, v.axes)})"
    if len(args) == 2:
        return Text(f"{args[1].at(SUM)} {'.+' if is_julia(e) else '+'} {result}", SUM)
    return Text(result)


def _outer(e: Emitter, v: Value, args: list[Text]) -> Text:
    """vec(a) vec(b)^T has its entries in the right order, the first axis fastest"""
    columns = [f"vec({a.text})" if is_julia(e) else f"reshape({a.text}, [], 1)" for a in args]
    return Text(reshaped(e, f"{columns[0]} * {columns[1]}'", v.axes))


def _stack(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data[0] == 1:
        return Text(f"[{' '.join(f'({a.text})' for a in args)}]")
    return Text(f"[{'; '.join(f'({a.text})' + chr(39) for a in args)}]")


def _block(e: Emitter, v: Value, args: list[Text]) -> Text:
    _, width = v.data
    rows = [" ".join(f"({a.text})" for a in args[k : k + width]) for k in range(0, len(args), width)]
    return Text(f"[{'; '.join(rows)}]")


def _eye(e: Emitter, rows: Dim, cols: Dim) -> str:
    sizes = f"{e.dim(rows).text}, {e.dim(cols).text}"
    return f"Matrix{{Float64}}(I, {sizes})" if is_julia(e) else f"eye({sizes})"


def _mask(e: Emitter, v: Value, args: list[Text]) -> Text:
    ones = _zeros(e, v.axes, "ones")
    eye = _eye(e, *v.axes)
    half = f"{ones} - {eye}" if v.data[0] == "off_diagonal" else f"tril({ones}) - {eye} / 2"
    texts = {"lower": f"tril({ones})", "upper": f"triu({ones})", "strictly_lower": f"tril({ones}, -1)"}
    texts["strictly_upper"] = f"triu({ones}, 1)"
    return Text(texts[v.data[0]]) if v.data[0] in texts else Text(half, SUM)


def _triangle(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The entries of one triangle, zeros elsewhere."""
    name = "tril" if v.data[0].endswith("lower") else "triu"
    offset = {"strictly_lower": ", -1", "strictly_upper": ", 1"}.get(v.data[0], "")
    return Text(f"{name}({args[0].text}{offset})")


def _unit(e: Emitter, v: Value, args: list[Text]) -> Text:
    n, place = e.dim(v.axes[0]).text, _place(e, v.data[0])
    if is_julia(e):
        return Text(f"[at == {place} ? 1.0 : 0.0 for at in 1:({n})]")
    return Text(f"double((1:({n}))' == {place})")


def _selector(e: Emitter, v: Value, args: list[Text]) -> Text:
    eye = e.named(Text(_eye(e, v.axes[1], v.axes[1])))
    part = f"({e.dim(v.data[0] + 1).text}):({e.dim(v.data[0] + v.axes[0]).text})"
    return Text(_indexed(e, eye, [part, ":"]))


def _diagonal(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == 2:
        return Text(f"diag({args[0].text})")
    i, j = (k + 1 for k in v.data)
    return Text(f"diagonal({args[0].text}, {v.args[0].rank}, {i}, {j})")


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
    "expand":        _expand,
    "sum":           _reduced("sum", "sum"),
    "largest":       _reduced("maximum", "max"),
    "smallest":      _reduced("minimum", "min"),
    "prod":          _reduced("prod", "prod"),
    "indicator":     lambda e, v, args: Text(f"{v.data[0]}_mark({args[0].text})"),
    "take":          _take,
    "slice":         _slice,
    "spread":        _spread,
    "outer":         _outer,
    "stack":         _stack,
    "diagonal":      _diagonal,
    "block":         _block,
    "matmul":        lambda e, v, args: Text(f"{args[0].at(PRODUCT)} * {args[1].at(UNARY)}", PRODUCT),
    "stacked":       stacked_product,
    "dot":           _dot,
    "zeros":         lambda e, v, args: Text(_zeros(e, v.axes)),
    "ones":          lambda e, v, args: Text(_zeros(e, v.axes, "ones")),
    "eye":           lambda e, v, args: Text(_eye(e, v.axes[0], v.axes[0])),
    "mask":          _mask,
    "triangle":      _triangle,
    "unit":          _unit,
    "selector":      _selector,
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
