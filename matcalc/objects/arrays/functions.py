"""NumPy's functions, and methods of arrays, by their names; those of SciPy that a traced function takes are the same ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

from matcalc.errors import MatcalcError, UnsupportedError
from matcalc.expr import Dim, Node, as_dim, block, identity, multiply, ones, trace, transpose, vec
from matcalc.objects.arrays.reductions import axis_of, logsumexp, mean, norm, reduction, softmax, summed
from matcalc.objects.arrays.ufuncs import RELATIONS, TEXTS
from matcalc.objects.arrays.ufuncs import called as called_ufunc
from matcalc.objects.arrays.values import Array, aligned, applied, as_array, entrywise, joined, matmul

__all__ = ["FUNCTIONS", "by_name", "called", "method"]

Function = Callable[..., Any]


class SignAndLog(NamedTuple):
    """What slogdet gives."""

    sign: Any
    logabsdet: Any


def called(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """A function of NumPy; an `Expr` where no operand is an array of a traced function."""
    name = func.__name__
    value = by_name(_LONGER.get((func.__module__ or "", name), name), args, kwargs)
    return value if _is_traced([*args, *kwargs.values()]) else _as_expr(value)


def by_name(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """The value of a function.

    Raises:
        UnsupportedError: it has no formula, or not with these arguments.
    """
    function = FUNCTIONS.get(name)
    if function is None:
        raise UnsupportedError(
            f"the function {name} of arrays has no formula here", hint="mc.from_function names what has"
        )
    try:
        return function(*args, **{k: v for k, v in kwargs.items() if v is not None or k == "axis"})
    except TypeError as error:
        if isinstance(error, MatcalcError):
            raise
        raise UnsupportedError(f"{name} has no formula with these arguments: {error}") from None


def method(array: Array, name: str) -> Function:
    """A method of arrays."""
    if name not in _METHODS:
        raise AttributeError(f"an array of a formula has no {name}")
    return lambda *args, **kwargs: FUNCTIONS[name](array, *args, **kwargs)


def _is_traced(values: Sequence[Any]) -> bool:
    parts = [p for v in values for p in (v if isinstance(v, (list, tuple)) else [v])]
    return any(isinstance(p, Array) for p in parts)


def _as_expr(value: Any) -> Any:
    if isinstance(value, Array):
        return value.expr
    if isinstance(value, SignAndLog):
        return SignAndLog(value.sign.expr, value.logabsdet.expr)
    return tuple(map(_as_expr, value)) if isinstance(value, tuple) else value


class _Named:
    """A ufunc by its name."""

    def __init__(self, name: str) -> None:
        self.__name__ = name


def _dot(a: Any, b: Any) -> Any:
    x, y = as_array(a), as_array(b)
    return x * y if not (x.ndim and y.ndim) else matmul(x, y)


def _inner(a: Any, b: Any) -> Array:
    x, y = as_array(a), as_array(b)
    return matmul(x, y.T)


def _vdot(a: Any, b: Any) -> Array:
    return summed(as_array(a) * as_array(b))


def _outer(a: Any, b: Any) -> Array:
    x, y = (_ravel(v) for v in (a, b))
    return Array(multiply(x.node, transpose(y.node)), 2, joined(x, y))


def _trace(a: Any) -> Array:
    array = as_array(a)
    return Array(trace(array.node), 0, array.names)


def _transpose(a: Any, axes: Any = None) -> Array:
    array = as_array(a)
    return array if axes in ((0, 1), [0, 1]) else array.T


def _diag(a: Any, k: int = 0) -> Array:
    array = as_array(a)
    if k:
        raise UnsupportedError("other diagonals have no formula here")
    return applied("diag(arg_1)", 3 - array.ndim, array)


def _whole(text: str, ndim: int) -> Function:
    """A function of one matrix."""
    return lambda a, **options: applied(text, ndim, as_array(a), **options)


def _solve(a: Any, b: Any) -> Array:
    x, y = as_array(a), as_array(b)
    return applied("solve(arg_1, arg_2)", y.ndim, x, y)


def _slogdet(a: Any) -> Any:
    array = as_array(a)
    return SignAndLog(applied("sign(det(arg_1))", 0, array), applied("logdet(arg_1)", 0, array))


def _svd(a: Any, full_matrices: bool = True, compute_uv: bool = True) -> Array:
    if compute_uv:
        raise UnsupportedError("singular vectors have no formula here", hint="np.linalg.svd(X, compute_uv=False)")
    return applied("svdvals(arg_1)", 1, as_array(a))


def _where(condition: Any, a: Any, b: Any) -> Array:
    chosen, x, y = as_array(condition), as_array(a), as_array(b)
    relation = chosen.relation or _relation_of(chosen.node)
    if relation is None or any(v.ndim and v.dims != chosen.dims for v in (x, y)):
        return entrywise("where(arg_1, arg_2, arg_3)", chosen, x, y)
    text, operands = relation
    compared = [Array(n, chosen.ndim if not n.is_scalar or not chosen.ndim else 0, chosen.names) for n in operands]
    return entrywise(f"where({text}, arg_3, arg_4)", *compared, x, y)


def _relation_of(node: Node) -> tuple[str, tuple[Node, ...]] | None:
    """The comparison that entries 0 and 1 are."""
    signs = {"greater": ">", "at_least": ">=", "equals": "==", "differs": "!="}
    if node.op != "apply" or node.data[0] not in signs:
        return None
    return f"arg_1 {signs[node.data[0]]} arg_2", node.args


def _clip(a: Any, low: Any = None, high: Any = None, **names: Any) -> Any:
    low, high = names.get("a_min", names.get("min", low)), names.get("a_max", names.get("max", high))
    value = as_array(a)
    if low is not None:
        value = entrywise("max(arg_1, arg_2)", value, as_array(low))
    return value if high is None else entrywise("min(arg_1, arg_2)", value, as_array(high))


def _ravel(a: Any, order: str = "C") -> Array:
    array = as_array(a)
    if array.ndim == 2:
        return Array(vec(array.node if order == "F" else transpose(array.node)), 1, array.names)
    return Array(array.node, 1, array.names)


def _reshape(a: Any, *shape: Any, order: str = "C", **_: Any) -> Array:
    array = as_array(a)
    wanted = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    flat = _ravel(array)
    if len(wanted) == 1:
        return flat
    if len(wanted) == 2 and wanted[0] in (1, -1) and wanted[1] in (1, -1):
        return Array(transpose(flat.node) if wanted[0] == 1 else flat.node, 2, array.names)
    raise UnsupportedError("a reshape makes a vector, a row or a column here")


def _squeeze(a: Any, axis: Any = None) -> Array:
    array = as_array(a)
    if array.ndim == 2 and array.node.is_row:
        return Array(transpose(array.node), 0 if array.node.is_scalar else 1, array.names)
    return Array(array.node, 1, array.names) if array.ndim == 2 and array.node.is_column else array


def _expand_dims(a: Any, axis: int) -> Array:
    return as_array(a)[None if axis == 0 else (slice(None), None)]


def _filled(value: Any) -> Function:
    def function(a: Any, *fill: Any, dtype: Any = None) -> Any:
        array = as_array(a)
        number = as_array(fill[0] if fill else value)
        whole = Array(ones(*array.node.shape), array.ndim, array.names)
        return whole * number if array.ndim else number

    return function


def _einsum(subscripts: str, *operands: Any, **_: Any) -> Array:
    arrays = [as_array(x) for x in operands]
    names = ", ".join(f"arg_{k}" for k in range(1, len(arrays) + 1))
    text = subscripts.replace(" ", "")
    ndim = len(text.rpartition("->")[2]) if "->" in text else _implied(text)
    return applied(f'einsum("{text}", {names})', ndim, *arrays)


def _implied(text: str) -> int:
    letters = text.replace(",", "")
    return sum(letters.count(c) == 1 for c in set(letters))


def _joined_along(arrays: Sequence[Any], axis: int = 0) -> Array:
    """Arrays one behind the other along an axis that they have."""
    parts = [as_array(a) for a in arrays]
    vertical = axis == 0 or parts[0].ndim == 1
    nodes = [p.node for p in parts]
    return Array(block([[n] for n in nodes] if vertical else [nodes]), parts[0].ndim, joined(*parts))


def _hstack(arrays: Sequence[Any]) -> Array:
    return _joined_along(arrays, 0 if as_array(arrays[0]).ndim == 1 else 1)


def _vstack(arrays: Sequence[Any]) -> Array:
    return _joined_along([a[None] if (a := as_array(x)).ndim == 1 else a for x in arrays], 0)


def _stack(arrays: Sequence[Any], axis: int = 0) -> Array:
    columns = [as_array(x)[:, None] for x in arrays]
    stacked = _joined_along(columns, 1)
    return stacked if axis in (1, -1) else stacked.T


def _block(rows: Sequence[Any]) -> Array:
    parts = [[as_array(x) for x in row] for row in rows]
    return Array(block([[p.node for p in row] for row in parts]), 2, joined(*[p for row in parts for p in row]))


def _matrix_power(a: Any, n: int) -> Array:
    return applied(f"arg_1^({int(n)})", 2, as_array(a))


def _multi_dot(arrays: Sequence[Any]) -> Array:
    return reduce(matmul, map(as_array, arrays))


def _cumulated(text: str) -> Function:
    def function(a: Any, axis: Any = None) -> Array:
        array = as_array(a)
        if array.ndim == 2:
            if axis is None:
                return applied(f"{text}(arg_1)", 1, _ravel(array))
            return applied(f"{text}(arg_1, axis={axis_of(axis, array) + 1})", 2, array)  # type: ignore[operator]
        return applied(f"{text}(arg_1)", 1, array)

    return function


def _diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    array = as_array(a)
    for _ in range(n):
        along_rows = array.ndim == 1 or axis in (0, -2)
        array = array[1:] - array[:-1] if along_rows else array[:, 1:] - array[:, :-1]
    return array


def _average(a: Any, axis: Any = None, weights: Any = None) -> Any:
    if weights is None:
        return mean(a, axis)
    same = as_array(weights).ndim == as_array(a).ndim
    return summed(as_array(a) * as_array(weights), axis) / summed(weights, axis if same else None)


def _broadcast_to(a: Any, shape: Any) -> Array:
    target = Array(ones(*(_dim(s) for s in (*shape, 1)[:2])), len(shape), {})
    return aligned(as_array(a), target)[0] if as_array(a).ndim else target * as_array(a)


def _dim(value: Any) -> Dim:
    if isinstance(value, Array) and value.node.op == "dimension":
        return value.node.data[0]  # type: ignore[no-any-return]
    if isinstance(value, Array):
        raise UnsupportedError(f"{value.expr} is no length")
    return as_dim(int(value))


def made(make: Callable[..., Node]) -> Function:
    """Constant arrays of a shape that formulas have."""

    def function(shape: Any, *more: Any, dtype: Any = None) -> Array:
        lengths = shape if isinstance(shape, (tuple, list)) else (shape,)
        node = make(*(_dim(s) for s in (*lengths, 1)[:2]))
        value = Array(node, len(lengths), {})
        return value * as_array(more[0]) if more else value

    return function


def eye(n: Any, m: Any = None, dtype: Any = None) -> Array:
    """The identity."""
    return Array(identity(_dim(n)), 2, {})


def _same(a: Any, *_: Any, **__: Any) -> Array:
    return as_array(a)


def _ufunc(name: str) -> Function:
    return lambda *inputs, **options: called_ufunc(_Named(name), "__call__", tuple(map(as_array, inputs)), {})


#: Names that several modules give to different functions.
_LONGER = {("numpy.linalg", "trace"): "trace"}
# fmt: off
FUNCTIONS: dict[str, Function] = {
    **{name: _ufunc(name) for name in (*TEXTS, *RELATIONS, "matmul")},
    "sum": summed, "mean": mean, "average": _average, "prod": reduction("prod"), "max": reduction("max"),
    "amax": reduction("max"), "min": reduction("min"), "amin": reduction("min"), "var": reduction("var"),
    "std": reduction("std"), "logsumexp": logsumexp, "softmax": softmax("softmax"),
    "log_softmax": softmax("logsoftmax"), "norm": norm, "vector_norm": norm, "matrix_norm": norm,
    "dot": _dot, "inner": _inner, "vdot": _vdot, "outer": _outer, "trace": _trace, "transpose": _transpose,
    "matrix_transpose": _transpose, "diag": _diag, "diagonal": _diag, "inv": _whole("inv(arg_1)", 2),
    "pinv": _whole("pinv(arg_1)", 2), "det": _whole("det(arg_1)", 0), "cholesky": _whole("chol(arg_1)", 2),
    "eigvalsh": _whole("eigvals(arg_1)", 1), "svdvals": _whole("svdvals(arg_1)", 1), "expm": _whole("expm(arg_1)", 2),
    "logm": _whole("logm(arg_1)", 2), "sqrtm": _whole("sqrtm(arg_1)", 2), "tril": _whole("tril(arg_1)", 2),
    "triu": _whole("triu(arg_1)", 2), "slogdet": _slogdet, "solve": _solve, "svd": _svd, "where": _where, "clip": _clip,
    "ravel": _ravel, "flatten": _ravel, "reshape": _reshape, "squeeze": _squeeze, "expand_dims": _expand_dims,
    "zeros_like": _filled(0), "ones_like": _filled(1), "full_like": _filled(None), "einsum": _einsum,
    "kron": lambda a, b: applied("kron(arg_1, arg_2)", 2, as_array(a), as_array(b)),
    "concatenate": _joined_along, "hstack": _hstack, "vstack": _vstack, "stack": _stack, "column_stack": lambda a: _stack(a, 1),
    "block": _block, "matrix_power": _matrix_power, "multi_dot": _multi_dot, "cumsum": _cumulated("cumsum"),
    "cumprod": _cumulated("cumprod"), "diff": _diff, "broadcast_to": _broadcast_to, "copy": _same, "astype": _same,
    "asarray": _same, "conj": _same, "real": _same, "abs": _ufunc("absolute"), "round": _ufunc("rint"),
    "atleast_1d": _same,
    "shape": lambda a: as_array(a).shape, "ndim": lambda a: as_array(a).ndim, "size": lambda a: as_array(a).size,
    "item": _same,
}
# fmt: on
#: Functions that are methods of arrays.
_METHODS = frozenset(
    "sum mean prod max min var std dot trace transpose diagonal ravel flatten reshape squeeze clip cumsum cumprod copy astype round conj item".split()
)
