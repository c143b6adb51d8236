"""Objectives for optimisers: a scalar function of one variable, with its derivatives, on flat vectors.

An optimiser moves every entry alone. An objective of a structured variable is f of the nearest point with that structure,
so that its gradient is the one within the structure; where f or its variable has no value it is infinite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from matcalc.calculus.structure import structure_of
from matcalc.compiling.calling.function import CompiledFunction
from matcalc.compiling.calling.hessians import LinearMap
from matcalc.compiling.calling.maps import projected
from matcalc.compiling.calling.signature import symbol_of
from matcalc.compiling.compiler import compile_map, compile_outputs
from matcalc.compiling.objectives.points import Array, AtPoints, computed
from matcalc.compiling.passes.sparse import is_sparse_matrix
from matcalc.errors import ShapeError
from matcalc.expr import Node, of_each, perturbation
from matcalc.objects.derivatives import derivative, differential
from matcalc.objects.expressions import Expr

__all__ = ["Objective", "directions", "in_domain", "moved_gradients"]

#: The least eigenvalue of a semidefinite matrix, relative to its largest entry, up to rounding.
LEAST_EIGENVALUE = -1e-10


class Objective(AtPoints):
    """What `scipy.optimize.minimize` asks for: ``fun``, ``jac``, ``hess`` and ``hessp`` of a flat vector.

        o = mc.objective("||A x - b||^2", "x", {"A": A, "b": b})
        minimize(o.fun, x0, jac=o.jac, hessp=o.hessp, method="Newton-CG")

    The variable may be given in its own shape or flat; gradients come back as it was given, Hessians as N x N
    matrices. The value and the gradient at one point are computed together and remembered.

    Of a structured variable (symmetric, spd, psd, skew, diagonal, lower, upper) the objective is f of the projection of
    x, and ``jac`` and ``hess`` are its derivatives entry by entry. Outside the domain, as where S: spd(n) is not definite
    or a logarithm has a negative argument, ``fun`` is inf and the derivatives are nan.

    Attributes:
        notes: how the text of f was read, where a reader has to know.
    """

    def __init__(self, f: Expr, name: str, data: Mapping[str, Any], shape: tuple[int, ...] | None = None) -> None:
        if not f.node.is_scalar:
            raise ShapeError("an objective is a scalar function")
        gradient = derivative(f, name)
        self.notes = f.notes
        self._name = gradient.wrt[0]
        self._variable = gradient.reading.wrt[0]
        self._data = dict(data)
        self._shape = shape
        self._pair = compile_outputs([f, gradient], single=False)
        self._hessian = derivative(f, name, name)
        self._dense: Any = None
        self._map: Any = None
        self._moved: Any = None
        self._f = f

    def value_and_gradient(self, x: Any) -> tuple[float, Array]:
        """Both at once, the gradient in the shape in which x is given."""
        value, gradient = super().value_and_gradient(x)
        return value, gradient.reshape(np.shape(x))

    def _computed(self, x: Array) -> tuple[float, Array]:
        found = self._inside(self._pair, x)
        if found is None or np.isnan(found[0]):
            return np.inf, np.full(x.size, np.nan)
        return float(found[0]), np.asarray(found[1])

    def hess(self, x: Any) -> Array:
        """The Hessian as a matrix N x N."""
        if self._dense is None:
            self._dense = compile_outputs([self._hessian])
        given = np.asarray(x, dtype=float)
        found = self._inside(self._dense, given)
        shape = (given.size, given.size)
        return np.full(shape, np.nan) if found is None else np.asarray(found).reshape(shape)

    def hessp(self, x: Any, p: Any) -> Array:
        """The product of the Hessian with p."""
        given = np.asarray(x, dtype=float)
        if any(map(is_sparse_matrix, self._data.values())):
            found = self._inside(self._along, given, np.reshape(p, self._variable_shape(given)))
            return np.full(np.shape(p), np.nan) if found is None else np.reshape(found, np.shape(p))
        found = self._inside(self._compiled_map(), given)
        return np.full(np.shape(p), np.nan) if found is None else found.matvec(p)

    def linear_map(self, x: Any) -> LinearMap:
        """The Hessian in its structured form, with ``matvec`` and ``solve``."""
        result: LinearMap = self._compiled_map()(**self._arguments(np.asarray(x, dtype=float)))
        return result

    def _along(self, step: Array, /, **arguments: Any) -> Any:
        """The differential of the gradient."""
        if self._moved is None:
            self._moved = moved_gradients(self._f, [self._name])
        steps = directions(self._moved, [self._variable], [step])
        return self._moved(**arguments, **steps)[0]

    def _compiled_map(self) -> Any:
        if self._map is None:
            self._map = compile_map(self._hessian)
        return self._map

    def _inside(self, run: Callable[..., Any], x: Array, *more: Any) -> Any:
        """What the code gives, or None outside the domain."""
        arguments = self._arguments(x)
        if not in_domain(self._variable, arguments[self._name]):
            return None
        return computed(lambda: run(*more, **arguments))

    def _arguments(self, x: Array) -> dict[str, Any]:
        """The data, and x in its shape, projected onto its structure."""
        shaped = x.reshape(self._variable_shape(x))
        return {**self._data, self._name: projected(structure_of(self._variable), shaped)}

    def _variable_shape(self, x: Array) -> tuple[int, ...]:
        """The shape of the variable, from its declaration, the data, or the point itself."""
        if self._shape is None:
            self._shape = self._pair.shape_of(self._name, self._data, x)
        return self._shape


def moved_gradients(f: Expr, names: Sequence[str]) -> CompiledFunction:
    """Of each gradient the differential along all of the variables, in one function: nothing but products of the Hessian."""
    gradients = [derivative(f, name).expr for name in names]
    return compile_outputs([differential(g, *names) for g in gradients if g is not None], single=False)


def directions(run: CompiledFunction, variables: Sequence[Node], steps: Sequence[Array]) -> dict[str, Array]:
    """The arguments of `moved_gradients` that are directions, within the structures of the variables."""
    found = {}
    for variable, step in zip(variables, steps, strict=True):
        symbol = symbol_of(perturbation(variable), run.signature.variables)
        if symbol in run.signature.parameters:
            found[symbol] = projected(structure_of(variable), step)
    return found


def in_domain(variable: Node, value: Array) -> bool:
    """Whether a variable may have a value by its declaration, where that is more than a linear space."""
    tags = (*variable.data[1], *of_each(variable.data[1]))
    if not np.all(np.isfinite(value)) or ("positive" in tags and not np.all(value > 0)):
        return False
    if "spd" in tags:
        return _is_definite(value)
    return "psd" not in tags or bool(np.linalg.eigvalsh(value).min() >= LEAST_EIGENVALUE * np.abs(value).max())


def _is_definite(value: Array) -> bool:
    try:
        np.linalg.cholesky(value)
    except np.linalg.LinAlgError:
        return False
    return True
