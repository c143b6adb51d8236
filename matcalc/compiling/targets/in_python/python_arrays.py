"""Rows of the Python targets for constant arrays, and for arrays that are made of parts of others."""

from __future__ import annotations

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.static import is_static
from matcalc.compiling.emitting.target import ATOM, PRODUCT, SUM, UNARY, Row, Text
from matcalc.compiling.planning.program import Value
from matcalc.expr import Dim

__all__ = [
    "accumulated_row",
    "also_of",
    "block_row",
    "broadcast_row",
    "chain_row",
    "cumulative_row",
    "diagonal_row",
    "dtype_of",
    "indicator_row",
    "mask_row",
    "place_text",
    "selector_row",
    "spread_row",
    "triangle_row",
    "unit_row",
]


def dtype_of(e: Emitter) -> str:
    return e.options.get("dtype", "")


def also_of(e: Emitter) -> str:
    return e.options.get("also", "")


def place_text(e: Emitter, place: int | Dim) -> str:
    """An index that is counted from 1, counted from 0; 0 stands for the last one."""
    return e.dim(place - 1).text if isinstance(place, Dim) else str(place - 1)


def spread_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The values times an identity matrix for every axis that repeats another."""
    first = {letter: v.data.index(letter) for letter in v.data}
    present = [k in first.values() for k in range(v.rank)]
    values = _spread_values(e, v, args[0], present)
    parts = [values]
    for k, letter in enumerate(v.data):
        if not present[k]:
            places = [":" if j in (first[letter], k) else "None" for j in range(v.rank)]
            eye = e.shared(f"{e.xp}.eye({e.dim(v.axes[k]).text}{dtype_of(e)})")
            parts.append(eye + (f"[{', '.join(places)}]" if v.rank > 2 else ""))
    if len(args) == 2:
        product = e.joined(" * ", parts)
        return Text(e.joined(" + ", [args[1].text, product]), SUM)
    return Text(e.joined(" * ", parts), PRODUCT)


def _spread_values(e: Emitter, v: Value, text: Text, present: list[bool]) -> str:
    """What is spread, at its full size, with an axis of size 1 for every axis that repeats another."""
    (value, *_) = v.args
    axes = tuple(d for d, p in zip(v.axes, present, strict=True) if p)
    repeated = all(v.data.count(k) > 1 for k in v.data)
    if value.axes == axes:
        whole = text.at(ATOM)
    elif not value.rank and repeated:
        return text.at(UNARY)
    elif is_static(value):
        whole = e.named(Text(f"{e.xp}.full({e.shape(axes)}, {text.at(UNARY)} * 1.0{dtype_of(e)})")).text
    else:
        whole = e.named(Text(f"{e.xp}.broadcast_to({text.text}, {e.shape(axes)})")).text
    return whole if all(present) else f"{whole}[{', '.join(':' if p else 'None' for p in present)}]"


def diagonal_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    i, j = v.data
    order = (*(k for k in range(v.args[0].rank) if k not in (i, j)), i, j)
    text = args[0].text if order == tuple(range(len(order))) else f"{e.xp}.permute_dims({args[0].text}, {order})"
    return Text(f"{e.xp}.linalg.diagonal({text})")


def mask_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    ones = f"{e.xp}.ones({e.shape(v.axes)}{dtype_of(e)})"
    match v.data[0]:
        case "lower":
            return Text(f"{e.xp}.tril({ones})")
        case "upper":
            return Text(f"{e.xp}.triu({ones})")
        case "strictly_lower":
            return Text(f"{e.xp}.tril({ones}, k=-1)")
        case "strictly_upper":
            return Text(f"{e.xp}.triu({ones}, k=1)")
    eye = f"{e.xp}.eye({', '.join(e.dim(d).text for d in v.axes)}{dtype_of(e)})"
    parts = [ones, eye] if v.data[0] == "off_diagonal" else [f"{e.xp}.tril({ones})", f"{eye} / 2"]
    return Text(e.joined(" - ", parts), SUM)


def triangle_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The entries of one triangle, zeros elsewhere."""
    name = "tril" if v.data[0].endswith("lower") else "triu"
    offset = {"strictly_lower": ", k=-1", "strictly_upper": ", k=1"}.get(v.data[0], "")
    return Text(f"{e.xp}.{name}({args[0].text}{offset})")


def unit_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    return Text(f"{e.xp}.eye({e.dim(v.axes[0]).text}{dtype_of(e)})[{place_text(e, v.data[0])}, :]")


def selector_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    rows, cols = (e.dim(d).text for d in v.axes)
    return Text(f"{e.xp}.eye({rows}, {cols}, k={e.dim(v.data[0]).text}{dtype_of(e)})")


def block_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    height, width = v.data
    rows = []
    for i in range(height):
        parts = [a.text for a in args[i * width : (i + 1) * width]]
        row = parts[0] if width == 1 else f"{e.xp}.concat([{', '.join(parts)}], axis=1)"
        rows.append(row if len(row) < 24 else e.named(Text(row)).text)
    return Text(rows[0] if height == 1 else f"{e.xp}.concat([{', '.join(rows)}], axis=0)")


def indicator_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    x = e.as_name(v.args[0])
    return Text(f"_indicator({e.xp}.{v.data[0]}({x}), {x}{also_of(e)})")


def broadcast_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    if is_static(v.args[0]):
        return Text(f"{e.xp}.full({e.shape(v.axes)}, {args[0].text}{dtype_of(e)})")
    return Text(f"{e.xp}.broadcast_to({args[0].text}, {e.shape(v.axes)})")


def chain_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    """A product of matrices in the order that is cheapest for their sizes."""
    return Text(f"{e.xp}.linalg.multi_dot([{', '.join(a.text for a in args)}])")


def cumulative_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Sums from the first entry on, or from the last, with or without the entry itself."""
    axis, kind = v.data
    backward, without = kind.endswith("upper"), kind.startswith("strictly")
    return Text(f"_cumulative({args[0].text}, {axis}, {backward}, {without})")


def accumulated_row(template: str) -> Row:
    """log Σ e^u over all entries before, by a template for the sums from the first entry on."""

    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        if v.data == ("lower",):
            return Text(template.format(args[0].text))
        turned = f"{e.xp}.flip({{0}}, (0,))"
        return Text(turned.format(template.format(turned.format(args[0].text))))

    return row
