"""Sums, means, norms and the like of all entries, or along an axis of NumPy, which is counted from 0."""

from __future__ import annotations

from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, infix, joined, plain
from matcalc.language.foreign.common.functions import count, square, transposed
from matcalc.language.foreign.common.spreading import operated, product

__all__ = [
    "centred",
    "covariance",
    "deviation",
    "largest_sum",
    "log_sum",
    "norm",
    "reduced",
    "softened",
    "squared_distances",
    "variance",
]

#: Reductions that this language has along an axis.
ALONG = frozenset(("sum", "mean", "max", "min"))


def reduced(name: str, code: Code, axis: int | None, span: Span, *, kept: bool = False) -> Code:
    """A reduction of all entries, along the columns (0) or along the rows (1, -1)."""
    kind = "v" if code.kind is None else code.kind
    axis = axis % len(_SIDES[kind]) if axis is not None and axis < 0 and _SIDES[kind] else axis
    if axis is not None and axis >= len(_SIDES[kind]):
        raise Fault("there is no such axis", span)
    if axis is None or kind in ("", "v") or (kind, axis) in (("c", 0), ("r", 1)):
        return call(name, [code], span, number=True)
    if (kind, axis) in (("c", 1), ("r", 0)):
        return code if kept else replace(code if kind == "c" else transposed(code, span), axes="v")
    if name not in ALONG:
        raise Fault(f"{name} along an axis is not known here", span, "write it for one row or column")
    named = "axis=" if name in ("max", "min") else ""
    along = call(name, [code, plain(f"{named}{axis + 1}", span, literal=True)], span)
    if axis == 0:
        return replace(along, axes="r") if kept else replace(transposed(along, span), axes="v")
    return replace(along, axes="c" if kept else "v")


_SIDES = {"": "", "v": "v", "m": "rc", "c": "rc", "r": "rc"}


def centred(code: Code, axis: int | None, span: Span) -> Code:
    """What is left of the entries without their mean."""
    return operated(code, "-", reduced("mean", code, axis, span, kept=True))


def length(code: Code, axis: int | None, span: Span) -> Code:
    """How many entries there are along an axis."""
    along = None if axis is None or code.kind != "m" else 1 if axis == 0 else 2
    return count(code, span, along)


def variance(code: Code, axis: int | None, less: Code | None, span: Span, *, kept: bool = False) -> Code:
    """The mean of the squares of what is left without the mean; divided by the number of entries less one or more."""
    squares = square(centred(code, axis, span), span)
    squares = replace(squares, axes=code.kind)
    if less is None:
        return reduced("mean", squares, axis, span, kept=kept)
    divisor = replace(infix(length(code, axis, span), "-", less), number=True, axes="")
    return operated(reduced("sum", squares, axis, span, kept=kept), "/", divisor)


def deviation(code: Code, axis: int | None, less: Code | None, span: Span, *, kept: bool = False) -> Code:
    return _root(variance(code, axis, less, span, kept=kept), span)


def _root(code: Code, span: Span) -> Code:
    return replace(call("sqrt", [code], span, number=code.number), axes=code.kind)


def norm(code: Code, order: str, axis: int | None, span: Span, *, kept: bool = False) -> Code:
    """The Euclidean norm of a vector or the Frobenius norm of a matrix, and those of other orders."""
    if code.kind in ("m", "c", "r") and axis is not None:
        if order == "1" or (code.kind, axis % 2) in (("c", 1), ("r", 0)):
            return reduced("sum", replace(call("abs", [code], span), axes=code.kind), axis, span, kept=kept)
        if order not in ("", "2"):
            raise Fault("only the norms 1 and 2 are known along an axis", span)
        return _root(reduced("sum", replace(square(code, span), axes=code.kind), axis, span, kept=kept), span)
    if axis is not None and (code.kind == "" or (code.kind == "v" and axis == 1)):
        raise Fault("there is no such axis", span)
    match order:
        case "" | "fro":
            return call("norm2", [code], span, number=True)
        case "nuc":
            return call("norm_nuc", [code], span, number=True)
        case "2":
            return joined(["||", code, "||_2"], span, number=True)
        case "1" | "inf" if code.kind == "m":
            return largest_sum(code, 0 if order == "1" else 1, span)
        case "1":
            return call("norm1", [code], span, number=True)
        case "inf":
            return call("norm_inf", [code], span, number=True)
    if code.kind == "m":
        raise Fault("this norm of a matrix is not known here", span)
    return call("norm", [code, plain(order, span)], span, number=True)


def largest_sum(code: Code, axis: int, span: Span) -> Code:
    """Of a matrix the norms 1 and infinity: the largest sum of absolute values down a column (0) or along a row (1)."""
    sizes = replace(call("abs", [replace(code, axes="m")], span), axes="m")
    return call("max", [reduced("sum", sizes, axis, span, kept=True)], span, number=True)


def log_sum(code: Code, axis: int | None, span: Span, *, kept: bool = False) -> Code:
    """The logarithm of the sum of the exponentials."""
    if axis is None or code.kind != "m":
        return call("logsumexp", [code], span, number=True)
    exponentials = replace(call("exp", [code], span), axes=code.kind)
    total = reduced("sum", exponentials, axis, span, kept=kept)
    return replace(call("log", [total], span), axes=total.kind)


def softened(name: str, code: Code, axis: int | None, span: Span) -> Code:
    """softmax along the rows, or down the columns (0)."""
    if code.kind == "m" and axis == 0:
        return replace(call(name, [code, plain("1", span, literal=True)], span), axes="m")
    return replace(call(name, [code], span), axes=code.kind)


def squared_distances(x: Code, y: Code, span: Span) -> Code:
    """Of every row of x from every row of y: the squares of their lengths less twice their inner product."""
    x, y = replace(x, axes="m"), replace(y, axes="m")
    of_x, of_y = (reduced("sum", replace(square(z, span), axes="m"), 1, span, kept=True) for z in (x, y))
    across = replace(transposed(of_y, span), axes="r")
    twice = operated(plain("2", span, literal=True), "*", product(x, transposed(y, span)))
    return operated(operated(of_x, "+", across), "-", twice)


def covariance(code: Code, *, rows: bool, less: Code | None, span: Span) -> Code:
    """The covariance of the rows, or of the columns."""
    if code.kind in ("", "v"):
        return variance(code, None, less, span)
    left = centred(code, 1 if rows else 0, span)
    turned = transposed(left, span)
    product = infix(left, "@", turned) if rows else infix(turned, "@", left)
    number = count(code, span, 2 if rows else 1)
    divisor = number if less is None else replace(infix(number, "-", less), number=True)
    return replace(operated(replace(product, axes="m"), "/", divisor), axes="m")
