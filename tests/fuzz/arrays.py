"""Compiled functions: the arrays of derivatives in JAX's axes, every entry of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.compiling import ArgumentError
from matcalc.errors import UnsupportedError
from tests.fuzz.backends import Torch
from tests.fuzz.compare import Fault, Point, Skip
from tests.fuzz.draw import Case, Shape
from tests.fuzz.points import projected
from tests.machine import has

__all__ = ["compared", "computed"]

#: Whole arrays with more entries than this are not compared.
MOST_ENTRIES = 150


def compared(f: mc.Expr, case: Case, point: Point) -> Fault | None:
    """Value and derivatives by NumPy code; now and then by PyTorch code."""
    with_torch = point.rng.random() < 0.1 and any(v.size > 1 for v in point.values.values())
    target = "torch" if with_torch and has("torch") else "numpy"
    names = case.wrt
    for order in range(len(names) + 1):
        wanted = point.f if order == 0 else _whole(point, names[:order])
        if wanted is None:
            return None
        derivative = point.answer(f, names[:order]) if order else f
        function = _function(derivative, target)
        if function is None:
            return None
        label = f"compiled derivative of order {order} ({target})"
        fault = _array_agrees(f, point, function, names[:order], wanted, label)
        if fault is not None:
            return fault
    return None


def _function(derivative: mc.Expr | mc.Derivative, target: str) -> Any:
    """The compiled function; None where a library other than NumPy has no such operation."""
    try:
        return mc.compile(derivative, target=target)
    except UnsupportedError:
        if target == "numpy":
            raise
        return None


def _whole(point: Point, names: tuple[str, ...]) -> np.ndarray | None:
    """The array with two axes for f and two for each variable, within the structure of each; None where it is too large."""
    if point.f.size * np.prod([point.values[n].size for n in names]) > MOST_ENTRIES:
        return None
    whole = point.whole(names)
    for i, name in enumerate(names):
        axes = (2 + 2 * i, 3 + 2 * i)
        moved = projected(point.variables[name].kind, np.moveaxis(whole, axes, (-2, -1)))
        whole = np.moveaxis(moved, (-2, -1), axes)
    return whole


def _python_axes(shape: Shape) -> int:
    """A scalar has no axis, a column one, a row and a matrix two."""
    return 0 if shape == ("1", "1") else 1 if shape[1] == "1" else 2


def _python(array: np.ndarray, shape: Shape) -> np.ndarray:
    return array.reshape(array.shape[: _python_axes(shape)])


def _arguments(point: Point, values: Mapping[str, np.ndarray]) -> dict[str, Any]:
    return {n: _python(v, point.variables[n].shape) for n, v in values.items()}


def computed(f: mc.Expr | mc.Derivative, point: Point) -> np.ndarray:
    """What code computes."""
    return _called(mc.compile(f), _arguments(point, point.values), point)


def _array_agrees(
    f: mc.Expr, point: Point, function: Any, names: tuple[str, ...], wanted: np.ndarray, label: str
) -> Fault | None:
    arguments = _arguments(point, point.values)
    if label.endswith("(torch)"):
        arguments = {n: Torch().array(v) for n, v in arguments.items()}
    found = _called(function, arguments, point)
    if np.max(np.abs(wanted), initial=0) > point.largest:
        raise Skip
    shapes = [point.case.tree.shape, *(point.variables[n].shape for n in names)]
    pairs = [wanted.shape[i : i + 2] for i in range(0, wanted.ndim, 2)]
    axes = tuple(d for shape, pair in zip(shapes, pairs, strict=True) for d in pair[: _python_axes(shape)])
    if found.shape != axes:
        return Fault(f"wrong shape of {label}", f"{found.shape} instead of {axes}")
    if point.close(found, wanted.reshape(axes), 1e-9 * point.spread, names):
        return None
    if point.scaled and point.close(found, wanted.reshape(axes), _sharpness(point, names), names):
        return None
    if np.all(np.isfinite(found)) and _confirmed(f, point, found, names):
        return None
    finite = bool(np.all(np.isfinite(found)))
    if not finite and names and point.excluded(f, names):
        return None
    is_rounding = finite and label.endswith("(numpy)") and _is_rounding(function, point, found, wanted)
    sort = "undefined" if not finite else "inexact" if is_rounding else "wrong"
    return Fault(f"{sort} {label}", f"matcalc {found.ravel()[:6]}, wanted {wanted.ravel()[:6]}")


def _is_rounding(function: Any, point: Point, found: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether what is off at a scaled point changes as much where the arguments are moved by what rounding moves them."""
    if not point.scaled:
        return False
    ways = [_called(function, _arguments(point, point.noisy(1e-14)), point) for _ in range(4)]
    moved = [np.max(np.abs(way - found), initial=0) for way in ways]
    return bool(10 * max(moved) >= np.max(np.abs(found - wanted.reshape(found.shape)), initial=0))


def _confirmed(f: mc.Expr, point: Point, found: np.ndarray, names: tuple[str, ...]) -> bool:
    """Whether differences in many digits agree, as closely as rounding of the arguments lets them be known."""
    referee = point.asked(f)
    exact, moved = (referee.whole(names, noise) for noise in (0.0, 1e-14))
    if exact is None or moved is None:
        return False
    sharpness = float(np.max(np.abs(moved - exact), initial=0))
    return point.close(found, exact.reshape(found.shape), sharpness, names)


def _sharpness(point: Point, names: tuple[str, ...]) -> float:
    return point.sharpness(*((n, point.direction(n)) for n in names)) if names else point.rounding()


def _called(function: Any, arguments: Mapping[str, Any], point: Point) -> np.ndarray:
    """The array; a size that is no axis of an argument has to be given."""
    try:
        return np.asarray(function(**arguments))
    except ArgumentError as error:
        missing = re.search(r"the size (\w+) cannot be read", str(error))
        if missing is None or missing[1] in arguments:
            raise
        return _called(function, {**arguments, missing[1]: point.sizes[missing[1]]}, point)
