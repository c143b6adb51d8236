"""Functions of R whose value is another array: triangular systems, distances, columns that are centred, arrays in other axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcalc.errors import Span
from matcalc.language.foreign.code import Code, Fault, call, infix, plain
from matcalc.language.foreign.common.axes import centred, deviation, squared_distances
from matcalc.language.foreign.common.functions import Handler, takes, transposed
from matcalc.language.foreign.common.shared import Count, Rooted, keyword, positional
from matcalc.language.foreign.common.shared_arrays import as_many_ones
from matcalc.language.foreign.common.spreading import operated, row_of_ones
from matcalc.records import dataclass

__all__ = ["ARRAYS", "OfEach"]

_TRUE, _FALSE = ("TRUE", "T"), ("FALSE", "F")


@dataclass(frozen=True)
class OfEach:
    """What has an entry for each column ("1") or for each row ("2") of a matrix, as colMeans and rowSums."""

    axis: str


def _triangular(*, upper: bool) -> Handler:
    """forwardsolve(L, y), backsolve(R, y): of one triangle, or of its transpose"""

    def build(arguments: Sequence[Code], span: Span) -> Code:
        matrix, right = positional(arguments)
        other, turned = (
            keyword(arguments, "upper.tri") or keyword(arguments, "upper_tri"),
            keyword(arguments, "transpose"),
        )
        is_upper = upper if other is None else other.text in _TRUE
        triangle = call("triu" if is_upper else "tril", [matrix], span)
        triangle = transposed(triangle, span) if turned is not None and turned.text in _TRUE else triangle
        return replace(infix(call("inv", [triangle], span), "*", right), axes=right.kind)

    return build


def _mahalanobis(arguments: Sequence[Code], span: Span) -> Code:
    """mahalanobis(x, center, cov): the square"""
    x, centre, matrix = arguments[:3]
    return call("quad", [infix(x, "-", centre), call("inv", [matrix], span)], span, number=True)


def _distances(arguments: Sequence[Code], span: Span) -> Code:
    """as.matrix(dist(X))"""
    rows = positional(arguments)[0]
    squares = squared_distances(rows, rows, span)
    return replace(call("sqrt", [squares], span), axes="m", value=Rooted(squares))


def _pairs_once(arguments: Sequence[Code], span: Span) -> Code:
    """Raises Fault: dist(X) holds each pair of rows once."""
    raise Fault("dist holds each pair of rows once", span, "write as.matrix(dist(X)), in which each stands twice")


def _scaled(arguments: Sequence[Code], span: Span) -> Code:
    """scale(X): each column less its mean, divided by its deviation"""
    inner = replace(positional(arguments)[0], axes="m")
    centre, scale = keyword(arguments, "center"), keyword(arguments, "scale")
    if any(word is not None and word.text not in (*_TRUE, *_FALSE) for word in (centre, scale)):
        raise Fault("center and scale are TRUE or FALSE here", span, "write sweep(X, 2, m)")
    if centre is not None and centre.text in _FALSE:
        raise Fault("without center this is divided by roots of mean squares", span, "write what it computes")
    left = centred(inner, 0, span)
    if scale is not None and scale.text in _FALSE:
        return left
    return operated(left, "/", deviation(inner, 0, plain("1", span, literal=True), span, kept=True))


def _filled(arguments: Sequence[Code], span: Span) -> Code:
    """matrix(v, m, n): column by column, or row by row"""
    inner, *given = positional(arguments)
    rows = keyword(arguments, "nrow") or (given[0] if given else None)
    columns = keyword(arguments, "ncol") or (given[1] if len(given) > 1 else None)
    by_row = keyword(arguments, "byrow")
    if rows is None or columns is None:
        raise Fault("both sizes are needed here", span, "write matrix(v, m, n)")
    if inner.literal and inner.text in ("0", "1"):
        word = "ones" if inner.text == "1" else "zeros"
        return replace(call(word, [replace(rows, axes=""), replace(columns, axes="")], span), axes="m")
    if isinstance(inner.value, OfEach) and isinstance(rows.value, Count) and isinstance(columns.value, Count):
        return _repeated(inner, rows.value, by_row is not None and by_row.text in _TRUE, span)
    sizes = (columns, rows) if by_row is not None and by_row.text in _TRUE else (rows, columns)
    made = replace(call("unvec", [inner, *(replace(size, axes="") for size in sizes)], span), axes="m")
    return transposed(made, span) if sizes[0] is columns else made


def _repeated(inner: Code, rows: Count, by_row: bool, span: Span) -> Code:
    """matrix(colMeans(X), nrow(X), ncol(X), byrow = TRUE)"""
    if inner.value != OfEach("1" if by_row else "2"):
        raise Fault("R fills a column after the other, and a row after the other by byrow = TRUE", span)
    if by_row:
        return replace(infix(as_many_ones(rows), "*", transposed(inner, span)), axes="m")
    return replace(infix(inner, "*", row_of_ones(rows.of)), axes="m")


ARRAYS: dict[str, Handler] = {
    "forwardsolve": takes(2, 2)(_triangular(upper=False)),
    "backsolve": takes(2, 2)(_triangular(upper=True)),
    "mahalanobis": takes(3)(_mahalanobis),
    "distances": takes(1, 1)(_distances),
    "dist": takes(1, 1)(_pairs_once),
    "scale": takes(1, 1)(_scaled),
    "matrix": takes(1, 3)(_filled),
}
