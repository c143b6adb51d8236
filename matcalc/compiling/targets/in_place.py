"""NumPy: statements that write over arrays which nothing else needs, in place of expressions with new ones."""

from __future__ import annotations

from matcalc.compiling.emitting.emitter import COMPUTED, Emitter, coefficient_times, number_text, sum_text
from matcalc.compiling.emitting.target import CONDITIONAL, Text
from matcalc.compiling.planning.program import Axes, Value
from matcalc.expr import Dim

__all__ = ["combine_row", "has_few_weights", "hollow_row", "placed_row", "where_weights_vanish"]


def combine_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Large sums are added up in place, as those of numbers of pairs and of their members are."""
    full = [k for k, a in enumerate(v.args) if a.axes == v.axes]
    fresh = next((k for k in sorted(full, key=lambda k: v.data[k] != 1) if e.is_fresh(v.args[k])), None)
    if fresh is None or len(args) == 1 or (v.rank < 3 and not _is_of_pairs(v, full)):
        return e.summed(v.data, args)
    total = e.as_name(v.args[fresh])
    if v.data[fresh] != 1:
        e.lines.append(f"{total} *= {number_text(v.data[fresh]).text}")
    for k, (c, arg) in enumerate(zip(v.data, args, strict=True)):
        if k != fresh:
            e.lines.append(f"{total} {'+' if c > 0 else '-'}= {coefficient_times(c, arg).text}")
    return Text(total)


def _is_of_pairs(v: Value, full: list[int]) -> bool:
    """x_i + y_j + z_ij"""
    sides = [a.axes for k, a in enumerate(v.args) if k not in full and a.rank]
    return len(full) == 1 and len(set(sides)) > 1


def hollow_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    """x with numbers on its diagonal, written over x where nothing else needs that."""
    x = v.args[0]
    name = e.as_name(x) if e.is_fresh(x) else e.named(Text(f"np.array({args[0].text})")).text
    e.lines.append(f"np.fill_diagonal({name}, {args[1].text})")
    return Text(name)


def placed_row(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Rows of zeros to which the parts are added."""
    total = e.named(Text(f"np.zeros({e.shape(v.axes)}, dtype=dtype)")).text
    for k, (part, text, c, start) in enumerate(zip(v.args, args, *v.data, strict=True)):
        sign = f"{'+' if c > 0 else '-'}=" if k else "="
        value = coefficient_times(c, text).text if k or c > 0 else sum_text([c], [text]).text
        e.lines.append(f"{total}[{_rows_text(e, part, start, v.axes)}] {sign} {value}")
    return Text(total)


def _rows_text(e: Emitter, part: Value, start: Dim, whole: Axes) -> str:
    """The rows of the whole at which a part stands; of a vector its row."""
    if part.rank < len(whole):
        return e.dim(start).text
    stop = start + part.axes[0]
    return f"{e.dim(start).text if start != Dim.of(0) else ''}:{e.dim(stop).text if stop != whole[0] else ''}"


def has_few_weights(e: Emitter, v: Value) -> bool:
    """Whether a choice by w ≠ 0 is one for whole rows or columns, of an array that may stand for the result."""
    w, zero, x, _ = v.args
    plain = v.data == ("!=",) and zero.op == "number" and not zero.data[0] and v not in e.returned
    return plain and 0 < w.rank < v.rank and x.axes == v.axes and x.op in COMPUTED


def where_weights_vanish(e: Emitter, v: Value, args: list[Text]) -> Text:
    """Where no weight is 0, as mostly, there is nothing to choose."""
    w, x = e.as_name(v.args[0]), e.as_name(v.args[2])
    chosen = f"np.where({w} != 0, {x}, {args[3].text})"
    return Text(f"{x} if {e.shared(f'{w}.all()')} else {chosen}", CONDITIONAL)
