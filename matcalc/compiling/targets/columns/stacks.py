"""What MATLAB and Julia do to arrays of any number of axes: sizes, axes of size 1, functions of stacked matrices."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.target import ATOM, POWER, Row, Text
from matcalc.compiling.planning.program import Axes, Value
from matcalc.errors import UnsupportedError
from matcalc.expr import ONE, Dim
from matcalc.functions import row_of

__all__ = [
    "broadcast_ready",
    "call",
    "of_matrices",
    "padded",
    "power_of_matrix",
    "reshaped",
    "sizes",
    "stacked_product",
    "tuple_of",
]


def sizes(e: Emitter, axes: Sequence[Dim]) -> str:
    """The size as an argument: a column in MATLAB has two."""
    return e.options["sizes"].format(", ".join(padded(e, [e.dim(d).text for d in axes])))


def padded(e: Emitter, sizes: Sequence[str]) -> list[str]:
    """Sizes with those of the axes that every array of the language has."""
    return [*sizes, *[e.options["missing axis"]] * (2 - len(sizes))] if e.options["missing axis"] else list(sizes)


def reshaped(e: Emitter, text: str, axes: Sequence[Dim]) -> str:
    return f"reshape({text}, {sizes(e, axes)})"


def broadcast_ready(e: Emitter, v: Value, args: list[Text], rank: int | None = None) -> list[Text]:
    """Operands with leading axes of size 1, so that all have the same number of axes."""
    ready = []
    for a, text in zip(v.args, args, strict=True):
        missing = (v.rank if rank is None else rank) - a.rank
        if a.rank and missing:
            text = Text(reshaped(e, text.text, (*[Dim.of(1)] * missing, *a.axes)))
        ready.append(text)
    return ready


def tuple_of(e: Emitter, axes: Sequence[Dim]) -> str:
    inside = ", ".join(e.dim(d).text for d in axes)
    return e.options["tuple"].format(inside)


def call(e: Emitter, v: Value, args: list[Text]) -> Text:
    """A function that is no function of entries."""
    name = "_".join(map(str, v.data))
    if any(a.rank > 2 for a in v.args):
        return _over_stack(e, v, args, name, v.axes)
    return e.function(name, args)


def _over_stack(e: Emitter, v: Value, args: list[Text], name: str, axes: Axes) -> Text:
    """A function of matrices for every index of the leading axes."""
    words = row_of(name).spelled
    handle = e.options["handle"]
    own = handle.format(name) if name in OF_EACH else words.stacked(e.target.columns, handle) if words else None
    function = e.options.get(f"each {name}") or own
    if function is None:
        raise UnsupportedError(f"the target {e.target.name} has no {name} of stacked matrices")
    ready = ", ".join(t.text for t in broadcast_ready(e, v, args, len(axes)))
    return Text(f"stacked({function}, {tuple_of(e, axes)}, {ready})")


def stacked_product(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The products of matrices with the same place in their stacks."""
    return _over_stack(e, v, args, "mtimes", v.axes)


def of_matrices(name: str) -> Row:
    """A function of a matrix, or of each matrix of a stack."""

    def row(e: Emitter, v: Value, args: list[Text]) -> Text:
        lead = v.args[0].rank - 2
        if lead < 1:
            return e.filled(e.options.get(f"one {name}", f"{name}({{args}})"), name, args)
        axes = v.axes if v.rank == lead + 2 else (*v.axes, ONE, ONE)
        return Text(reshaped(e, _over_stack(e, v, args, name, axes).text, v.axes))

    return row


def power_of_matrix(e: Emitter, v: Value, args: list[Text]) -> Text:
    """A whole power, of a matrix or of each matrix of a stack."""
    (exponent,) = v.data
    if v.rank < 3:
        return Text(f"{args[0].at(ATOM)} ^ {exponent}", POWER)
    function = e.options["function of x"].format(f"x ^ {exponent}")
    return Text(f"stacked({function}, {tuple_of(e, v.axes)}, {args[0].text})")


#: Functions of each matrix of a stack that have the same name as those of one.
OF_EACH = ("mtimes", "det", "logabsdet", "inv", "lower_cholesky", "inverse_from_cholesky", "adjugate")
