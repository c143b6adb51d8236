"""What NumPy does along axes: sums, means, norms and softmax, of all entries or of rows or columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from matcalc.errors import ShapeError, UnsupportedError
from matcalc.expr import multiply, ones, transpose
from matcalc.objects.arrays.values import Array, applied, as_array, entrywise

__all__ = ["axis_of", "logsumexp", "mean", "norm", "reduction", "softmax", "summed"]

Function = Callable[..., Any]


def axis_of(axis: Any, array: Array) -> int | None:
    """The axis from 0, or None for all entries."""
    if isinstance(axis, tuple) and len(axis) == 1:
        (axis,) = axis
    if axis is None or (isinstance(axis, tuple) and sorted(a % array.ndim for a in axis) == [*range(array.ndim)]):
        return None
    if isinstance(axis, tuple) or not -array.ndim <= axis < array.ndim:
        raise ShapeError(f"{array.expr} has {array.ndim} axes, and axis={axis} is none of them")
    found = int(axis) % array.ndim
    return None if array.ndim == 1 else found


def reduction(text: str) -> Function:
    """Of all entries, or along an axis: ``text`` has a place for the axis as the language counts."""

    def function(a: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None, ddof: int = 0) -> Array:
        array = as_array(a)
        place = axis_of(axis, array)
        value = _along(text, array, place, axis is not None and array.ndim == 1)
        if ddof:
            value = _corrected(text, value, array, place, ddof)
        return _kept(value, array, place) if keepdims else value

    return function


def _along(text: str, array: Array, place: int | None, is_vector: bool) -> Array:
    if array.ndim == 0:
        return array
    if place is None:
        return applied(f"{text}(arg_1)", 0, array)
    node = applied(f"{text}(arg_1, axis={place + 1})", 1, array).node
    return Array(transpose(node) if place == 0 else node, 1, array.names)


def _corrected(text: str, value: Array, array: Array, place: int | None, ddof: int) -> Array:
    """With n - ddof in place of n."""
    if text not in ("var", "std"):
        raise UnsupportedError(f"{text} has no ddof")
    n = array.size if place is None else array.shape[place]
    ratio = as_array(n) / (as_array(n) - ddof)
    return value * (ratio if text == "var" else ratio**0.5)  # type: ignore[no-any-return]


def _kept(value: Array, array: Array, place: int | None) -> Array:
    """With an axis of length 1 where one was reduced."""
    if place is None:
        return Array(value.node, array.ndim, value.names)
    return Array(transpose(value.node) if place == 0 else value.node, 2, value.names)


def summed(a: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Array:
    array = as_array(a)
    place = axis_of(axis, array)
    node = array.node
    if array.ndim and place in (None, 0):
        node = multiply(ones(1, node.rows), node)
    if array.ndim and place in (None, 1):
        node = multiply(node, ones(node.cols, 1))
    value = Array(transpose(node) if place == 0 else node, 0 if place is None else 1, array.names)
    return _kept(value, array, place) if keepdims else value


def mean(a: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    array = as_array(a)
    place = axis_of(axis, array)
    return summed(a, axis, keepdims) / (array.size if place is None else array.shape[place])


def logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False) -> Any:
    if b is None:
        return reduction("logsumexp")(a, axis, keepdims)
    return entrywise("log(arg_1)", summed(as_array(b) * entrywise("exp(arg_1)", as_array(a)), axis, keepdims))


def softmax(text: str) -> Function:
    def function(a: Any, axis: Any = None) -> Array:
        array = as_array(a)
        place = axis_of(axis, array)
        if array.ndim == 2 and place is None:
            raise UnsupportedError(
                "softmax of all entries of a matrix has no formula here", hint="axis=1 is along rows"
            )
        return applied(f"{text}(arg_1, axis={place + 1})" if place is not None else f"{text}(arg_1)", array.ndim, array)

    return function


def norm(a: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    array = as_array(a)
    if array.ndim == 2 and axis is None and ord not in (None, "fro"):
        texts = {2: "norm_spec(arg_1)", "nuc": "norm_nuc(arg_1)"}
        if ord in texts:
            return applied(texts[ord], 0, array)
        raise UnsupportedError(f"the norm {ord} of matrices has no formula here")
    power = 2 if ord in (None, "fro") else ord
    if power == float("inf"):
        return reduction("max")(abs(array), axis, keepdims)
    if power == 1:
        return summed(abs(array), axis, keepdims)
    if power == 2:
        return entrywise("sqrt(arg_1)", summed(array**2, axis, keepdims))
    return summed(abs(array) ** power, axis, keepdims) ** (1 / as_array(power))
