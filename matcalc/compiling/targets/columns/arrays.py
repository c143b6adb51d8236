"""MATLAB and Julia: parts of arrays, arrays of parts, and constant arrays."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.target import ATOM, SUM, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.columns.stacks import reshaped, sizes, tuple_of
from matcalc.expr import Dim

__all__ = [
    "block", "diagonal", "expand", "eye", "filled", "mask", "outer", "selector", "slice_", "spread", "stack", "take",
    "triangle", "unit",
]  # fmt: skip


def filled(e: Emitter, axes: Sequence[Dim], name: str = "zeros") -> str:
    return f"{name}({sizes(e, axes)})"


def _place(e: Emitter, place: int | Dim) -> str:
    return e.dim(place).text if isinstance(place, Dim) else str(place) if place else "end"


def _indexed(e: Emitter, text: Text, entries: list[str]) -> str:
    return text.at(ATOM) + e.options["index"].format(", ".join(entries))


def take(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, place = v.data
    entries = [_place(e, place) if k == axis else ":" for k in range(v.args[0].rank)]
    name = Text(e.as_name(v.args[0]))
    text = _indexed(e, name, entries)
    return Text(reshaped(e, text, v.axes) if e.options["missing axis"] and v.axes else text)


def slice_(e: Emitter, v: Value, args: list[Text]) -> Text:
    axis, start, size = v.data
    part = f"({e.dim(start + 1).text}):({e.dim(start + size).text})"
    return Text(_indexed(e, Text(e.as_name(v.args[0])), [part if k == axis else ":" for k in range(v.rank)]))


def expand(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(reshaped(e, args[0].text, v.axes))


def spread(e: Emitter, v: Value, args: list[Text]) -> Text:
    (values, *_), first = v.args, {k: v.data.index(k) for k in v.data}
    axes = tuple(v.axes[place] for place in first.values())
    text = args[0].text
    if values.axes != axes:
        missing = len(axes) - values.rank
        text = text if not values.rank else reshaped(e, text, (*[Dim.of(1)] * missing, *values.axes))
        text = e.options["grown"].format(text, filled(e, axes))
    pattern = e.options["tuple"].format(", ".join(str(k + 1) for k in v.data))
    result = f"spread({text}, {pattern}, {tuple_of(e, v.axes)})"
    if len(args) == 2:
        return Text(f"{args[1].at(SUM)} {e.options['plus']} {result}", SUM)
    return Text(result)


def outer(e: Emitter, v: Value, args: list[Text]) -> Text:
    """vec(a) vec(b)^T has its entries in the right order, the first axis fastest"""
    columns = [e.options["column"].format(a.text) for a in args]
    return Text(reshaped(e, f"{columns[0]} * {columns[1]}'", v.axes))


def stack(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.data[0] == 1:
        return Text(f"[{' '.join(f'({a.text})' for a in args)}]")
    return Text(f"[{' '.join(f'({a.text})' for a in args)}]'")


def block(e: Emitter, v: Value, args: list[Text]) -> Text:
    _, width = v.data
    rows = [" ".join(f"({a.text})" for a in args[k : k + width]) for k in range(0, len(args), width)]
    return Text(f"[{'; '.join(rows)}]")


def eye(e: Emitter, rows: Dim, cols: Dim) -> str:
    sizes = f"{e.dim(rows).text}, {e.dim(cols).text}"
    return e.options["eye"].format(sizes)


def mask(e: Emitter, v: Value, args: list[Text]) -> Text:
    ones = filled(e, v.axes, "ones")
    one = eye(e, *v.axes)
    half = f"{ones} - {one}" if v.data[0] == "off_diagonal" else f"tril({ones}) - {one} / 2"
    texts = {"lower": f"tril({ones})", "upper": f"triu({ones})", "strictly_lower": f"tril({ones}, -1)"}
    texts["strictly_upper"] = f"triu({ones}, 1)"
    return Text(texts[v.data[0]]) if v.data[0] in texts else Text(half, SUM)


def triangle(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The entries of one triangle, zeros elsewhere."""
    name = "tril" if v.data[0].endswith("lower") else "triu"
    offset = {"strictly_lower": ", -1", "strictly_upper": ", 1"}.get(v.data[0], "")
    return Text(f"{name}({args[0].text}{offset})")


def unit(e: Emitter, v: Value, args: list[Text]) -> Text:
    n, place = e.dim(v.axes[0]).text, _place(e, v.data[0])
    return Text(e.options["unit"].format(size=n, place=place))


def selector(e: Emitter, v: Value, args: list[Text]) -> Text:
    whole = e.named(Text(eye(e, v.axes[1], v.axes[1])))
    part = f"({e.dim(v.data[0] + 1).text}):({e.dim(v.data[0] + v.axes[0]).text})"
    return Text(_indexed(e, whole, [part, ":"]))


def diagonal(e: Emitter, v: Value, args: list[Text]) -> Text:
    if v.args[0].rank == 2:
        return Text(f"diag({args[0].text})")
    i, j = (k + 1 for k in v.data)
    return Text(f"diagonal({args[0].text}, {v.args[0].rank}, {i}, {j})")
