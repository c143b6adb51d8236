"""Objectives for optimisers: a scalar function of one variable, with its derivatives, on flat vectors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from matcalc.compiling.compiler import compile_map, compile_outputs
from matcalc.compiling.hessians import LinearMap
from matcalc.derivatives import derivative
from matcalc.errors import ShapeError
from matcalc.expressions import Expr

__all__ = ["Objective"]

Array = np.ndarray[Any, np.dtype[Any]]


class Objective:
    """What `scipy.optimize.minimize` asks for: ``fun``, ``jac``, ``hess`` and ``hessp`` of a flat vector.

        o = mc.objective("||A x - b||^2", "x", {"A": A, "b": b})
        minimize(o.fun, x0, jac=o.jac, hessp=o.hessp, method="Newton-CG")

    The variable may be given in its own shape or flat; gradients come back as it was given, Hessians as N x N
    matrices. The value and the gradient at one point are computed together and remembered.

    Attributes:
        notes: how the text of f was read, where a reader has to know.
    """

    def __init__(self, f: Expr, name: str, data: Mapping[str, Any], shape: tuple[int, ...] | None = None) -> None:
        if not f.node.is_scalar:
            raise ShapeError("an objective is a scalar function")
        gradient = derivative(f, name)
        self.notes = f.notes
        self._name = gradient.wrt[0]
        self._data = dict(data)
        self._shape = shape
        self._pair = compile_outputs([f, gradient], single=False)
        self._hessian = derivative(f, name, name)
        self._dense: Any = None
        self._map: Any = None
        self._last: tuple[bytes, float, Array] | None = None

    def fun(self, x: Any) -> float:
        """f(x)"""
        return self.value_and_gradient(x)[0]

    def jac(self, x: Any) -> Array:
        """The gradient, in the shape in which x is given."""
        return self.value_and_gradient(x)[1]

    def value_and_gradient(self, x: Any) -> tuple[float, Array]:
        """Both at once: ``minimize(o.value_and_gradient, x0, jac=True)``."""
        given = np.asarray(x, dtype=float)
        key = given.tobytes()
        if self._last is None or self._last[0] != key:
            value, gradient = self._pair(**self._arguments(given))
            self._last = (key, float(value), np.asarray(gradient))
        return self._last[1], self._last[2].reshape(given.shape).copy()

    def hess(self, x: Any) -> Array:
        """The Hessian as a matrix N x N."""
        if self._dense is None:
            self._dense = compile_outputs([self._hessian])
        given = np.asarray(x, dtype=float)
        return np.asarray(self._dense(**self._arguments(given))).reshape(given.size, given.size)

    def hessp(self, x: Any, p: Any) -> Array:
        """The product of the Hessian with p."""
        return self.linear_map(x).matvec(p)

    def linear_map(self, x: Any) -> LinearMap:
        """The Hessian in its structured form, with ``matvec`` and ``solve``."""
        if self._map is None:
            self._map = compile_map(self._hessian)
        result: LinearMap = self._map(**self._arguments(np.asarray(x, dtype=float)))
        return result

    def _arguments(self, x: Array) -> dict[str, Any]:
        return {**self._data, self._name: x.reshape(self._variable_shape(x))}

    def _variable_shape(self, x: Array) -> tuple[int, ...]:
        """The shape of the variable, from its declaration, the data, or the point itself."""
        if self._shape is None:
            self._shape = self._pair.shape_of(self._name, self._data, x)
        return self._shape
