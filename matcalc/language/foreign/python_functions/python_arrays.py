"""Functions of Python that give an array, or the same array in other axes."""

from __future__ import annotations

import ast
from dataclasses import replace

from matcalc.language.foreign.code import ATOM, PRODUCT, Code, Fault, infix, joined, negated, plain
from matcalc.language.foreign.common.axes import squared_distances
from matcalc.language.foreign.common.functions import TurnedVector, count, transposed
from matcalc.language.foreign.common.shared import Count
from matcalc.language.foreign.common.shared_arrays import as_many_ones, block
from matcalc.language.foreign.common.spreading import called, operated
from matcalc.language.foreign.python.python_calls import Call
from matcalc.language.foreign.python_axes.python_names import is_integer
from matcalc.language.foreign.python_functions.python_indices import with_axis as along_axis
from matcalc.language.mends.hints import offer

__all__ = [
    "cumulated",
    "detached",
    "diagonal",
    "differences",
    "distances",
    "flattened",
    "gaussian_kernel",
    "identity",
    "length",
    "like",
    "masked",
    "ones_or_zeros",
    "reshaped",
    "same",
    "shape",
    "size",
    "squeezed",
    "turned",
    "with_axis",
]


def same(c: Call) -> Code:
    """array(x), float(x), x.detach(): the value itself."""
    if isinstance(c.arguments[0], (ast.List, ast.Tuple)):
        return _listed(c)
    return c.first()


def _listed(c: Call) -> Code:
    """[a, b] of numbers is a vector."""
    rows = c.arguments[0]
    assert isinstance(rows, (ast.List, ast.Tuple))
    if any(isinstance(e, (ast.List, ast.Tuple)) for e in rows.elts):
        lines = [row.elts if isinstance(row, (ast.List, ast.Tuple)) else [row] for row in rows.elts]
        texts = [[c.reader.expression(e) for e in line] for line in lines]
        return replace(block(texts, c.span), axes="m")
    return replace(block([[c.reader.expression(e)] for e in rows.elts], c.span), axes="v")


def detached(c: Call) -> Code:
    """x.detach(), stop_gradient(x): a constant for the derivative. Raises Fault."""
    name = c.first().text
    sentence = "write another name for what stays constant, such as {}"
    hint = (lambda text: offer(sentence, c.span, f"{name}_0")) if name.isidentifier() else None
    raise Fault("what is detached is a constant for the derivative, by another name here", c.span, hint)


def reshaped(c: Call) -> Code:
    """reshape(-1, 1), view(1, -1), reshape(-1), and reshape(m, n), which fills the rows one behind the other"""
    inner, *sizes = c.arguments
    if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
        sizes = list(sizes[0].elts)
    numbers = [is_integer(s) for s in sizes]
    code = c.reader.expression(inner)
    flat = flattened(code, c)
    match numbers:
        case [-1]:
            return flat
        case [-1, 1]:
            return along_axis(flat, 1, c.span)
        case [1, -1]:
            return along_axis(flat, 0, c.span)
        case [rows, columns] if -1 not in (rows, columns):
            down, across = (replace(c.reader.expression(size), axes="") for size in sizes)
            return transposed(replace(c.make("unvec", flat, across, down), axes="m"), c.span)
    raise Fault(
        "an array has two axes here, both of which are sizes",
        c.span,
        "write reshape(m, n), reshape(-1) or reshape(-1, 1)",
    )


def flattened(code: Code, c: Call) -> Code:
    """Rows one behind the other: vec of the transpose."""
    match code.kind:
        case "m":
            return replace(c.make("vec", transposed(code, c.span)), axes="v")
        case "r":
            return replace(transposed(code, c.span), axes="v")
        case "":
            return code
    return replace(code.value.code if isinstance(code.value, TurnedVector) else code, axes="v")


def squeezed(c: Call) -> Code:
    inner = c.first()
    return flattened(inner, c) if inner.kind in ("c", "r") else inner


def with_axis(c: Call) -> Code:
    axis = c.axis(1)
    if axis is None:
        raise Fault("the new axis has to be given", c.span)
    return along_axis(c.first(), axis, c.span)


def turned(c: Call) -> Code:
    inner = c.first()
    axes = [is_integer(a) for a in c.arguments[1:]]
    if any(a is None for a in axes) or len(axes) > 2:
        raise Fault("axes are not exchanged by their numbers here", c.span, "write X.T")
    if inner.kind == "v" and (axes or c.name == "t" or not isinstance(inner.value, str)):
        raise Fault("this array has one axis here", c.span, "declare what is one of rows, x: matrix(m, n)")
    return inner if inner.kind == "v" else transposed(inner, c.span)


def shape(c: Call) -> Code:
    """x.shape[0], x.size(0)"""
    code, place = c.reader.expression(c.arguments[0]), is_integer(c.arguments[1])
    if place not in (0, 1, -1, -2):
        raise Fault("an array has two axes here, 0 and 1", c.span)
    if code.kind == "v" and place in (1, -2):
        raise Fault("an array of one axis has the axis 0 only", c.span)
    along = 1 if place in (0, -2) or code.kind == "v" else 2
    return _counted(code, None if code.kind == "v" else along, c)


def _counted(code: Code, axis: int | None, c: Call) -> Code:
    return replace(count(code, c.span, axis), axes="", value=Count(code, axis))


def size(c: Call) -> Code:
    if len(c.arguments) > 1:
        return shape(c)
    return replace(count(c.first(), c.span, None), axes="")


def length(c: Call) -> Code:
    code = c.first()
    return _counted(code, 1 if code.kind == "m" else None, c)


def ones_or_zeros(c: Call) -> Code:
    """ones(n), zeros((3, 2)), ones(len(x)), ones((X.shape[0], 1))"""
    sizes: list[ast.expr] = list(c.arguments)
    if sizes and isinstance(sizes[0], (ast.Tuple, ast.List)):
        sizes = list(sizes[0].elts)
    codes = [replace(c.reader.expression(s), axes="") for s in sizes[:2]]
    if codes and isinstance(codes[0].value, Count) and (len(codes) == 1 or codes[1].text == "1"):
        made = as_many_ones(codes[0].value)
        made = made if c.name == "ones" else joined(["0 * ", made], c.span, PRODUCT)
        return replace(made, axes="v" if len(codes) == 1 else "c")
    return replace(c.make(c.name, *codes), axes="v" if len(codes) == 1 else "m")


def like(c: Call) -> Code:
    inner = c.first()
    ones = joined([inner.within(ATOM), ".^0"], c.span)
    return replace(ones if c.name == "ones_like" else joined(["0 * ", inner.within(ATOM)], c.span), axes=inner.kind)


def identity(c: Call) -> Code:
    size = replace(c.codes()[0], axes="")
    is_size = size.literal or isinstance(size.value, str)
    return replace(c.make("eye", size) if is_size else plain("I", c.span), axes="m")


def distances(c: Call) -> Code:
    """cdist(X, Y), euclidean_distances(X, Y): the distance of every row of X from every row of Y, or its square"""
    x = c.first()
    y = c.code(1, "Y", "y", "X2") or x
    metric = c.word("metric") or str(getattr(c.node(2), "value", None) or "euclidean")
    is_squared = metric == "sqeuclidean" or c.is_true("squared")
    if metric not in ("euclidean", "sqeuclidean") or c.word("p", "2") not in ("2", "2.0"):
        raise Fault("only Euclidean distances and their squares are known here", c.span, "write what it computes")
    if not is_squared and x.text == y.text:
        raise Fault("the distance of a row from itself has no derivative", c.span, "its square has: cdist(X, X)**2")
    squares = squared_distances(x, y, c.span)
    return squares if is_squared else replace(c.make("sqrt", squares), axes="m")


def gaussian_kernel(c: Call) -> Code:
    """rbf_kernel(X, Y, gamma=g): exp(-g d^2)"""
    x, width = c.first(), c.code(2, "gamma")
    if width is None:
        raise Fault("without gamma this is divided by the number of columns", c.span, "write gamma=g")
    squares = squared_distances(x, c.code(1, "Y", "y") or x, c.span)
    return replace(c.make("exp", operated(negated(width, c.span), "*", squares)), axes="m")


def masked(c: Call) -> Code:
    """x.masked_fill(mask, value)"""
    if len(c.arguments) != 3:
        raise Fault("masked_fill takes a mask and a value", c.span)
    inner, mask, value = c.codes()
    mask = replace(mask, axes=inner.kind) if isinstance(mask.value, str) and mask.value in c.reader.text else mask
    return called("where", [mask, value, inner], c.span)


def differences(c: Call) -> Code:
    """diff(x): each entry, row or column less the one before it"""
    inner, axis = c.first(), c.axis(2)
    if len(c.arguments) > 1 or c.keywords.keys() - {"axis", "dim"}:
        raise Fault("only the first differences are known here", c.span)
    places = {"m": {0: "{}, :", 1: ":, {}", -1: ":, {}", None: ":, {}"}}.get(inner.kind or "v", {})
    place = places.get(axis, "{}")
    later, earlier = (
        joined([inner.within(ATOM), f"[{place.format(part)}]"], c.span) for part in ("2:end", "1:end - 1")
    )
    return replace(infix(later, "-", earlier), axes=inner.kind)


def cumulated(c: Call) -> Code:
    """cumsum(x), cumprod(x): the sums or products of the first entries, of a matrix along an axis"""
    inner, axis = c.first(), c.axis(1)
    if inner.kind == "m" and axis is None:
        raise Fault("without an axis these are the sums of all entries, row by row", c.span, "write axis=0 or axis=1")
    if inner.kind != "m" and axis == 1:
        raise Fault("there is no such axis", c.span)
    along = [plain("1" if axis == 0 else "2", c.span, literal=True)] if inner.kind == "m" else []
    return replace(c.make(c.name, inner, *along), axes=inner.kind)


def diagonal(c: Call) -> Code:
    inner = c.first()
    if len(c.arguments) > 1 or inner.kind in ("c", "r"):
        raise Fault("only the main diagonal of a square matrix is known here", c.span)
    return replace(c.make("diag", inner), axes="v" if inner.kind == "m" else "m")
