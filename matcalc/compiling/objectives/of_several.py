"""Objectives of several variables for optimisers: one vector of all their entries, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from matcalc.calculus.structure import structure_of
from matcalc.compiling.calling.arguments import ArgumentError
from matcalc.compiling.calling.maps import projected
from matcalc.compiling.compiler import compile_outputs
from matcalc.compiling.objectives.of_one import directions, in_domain, moved_gradients
from matcalc.compiling.objectives.points import Array, AtPoints, computed
from matcalc.errors import ShapeError
from matcalc.objects.derivatives import derivative
from matcalc.objects.expressions import Expr

__all__ = ["JointObjective"]


class JointObjective(AtPoints):
    """``fun``, ``jac``, ``hess`` and ``hessp`` of one vector that holds the entries of several variables.

        o = mc.objective("||T - U V^T||^2", ["U", "V"], {"T": T})
        x0 = o.pack(U=U0, V=V0)
        found = minimize(o.value_and_gradient, x0, jac=True)
        U, V = o.unpack(found.x).values()

    The vector is flat, in the order of the names, each array row by row. The value and the gradient at one point are
    computed together, with what they share, and remembered. Structures and domains are those of `Objective`.

    Attributes:
        names: the variables, as they were asked for.
        notes: how the text of f was read, where a reader has to know.
    """

    def __init__(
        self, f: Expr, names: Mapping[str, str], data: Mapping[str, Any], shape: Mapping[str, Any] | None = None
    ) -> None:
        """``names`` are the variables by the names that they have for the caller."""
        if not f.node.is_scalar:
            raise ShapeError("an objective is a scalar function")
        self.names, self.notes = tuple(names), f.notes
        self._f, self._symbols = f, tuple(names.values())
        gradients = [derivative(f, symbol) for symbol in self._symbols]
        self._variables = [g.reading.wrt[0] for g in gradients]
        self._pair = compile_outputs([f, *gradients], single=False)
        self._data = dict(data)
        self._shapes = self._pair.shapes_of(self._symbols, self._given(shape or {}, _of_shape))
        self._blocks: Any = None
        self._products: Any = None

    # --- one vector, and back ---------------------------------------------------------------------

    def pack(self, values: Mapping[str, Any] | None = None, /, **more: Any) -> Array:
        """The vector of all variables, by name; it settles shapes that the data do not show.

        Raises ArgumentError where one is missing or has another shape.
        """
        given = {**(values or {}), **more}
        arrays = self._given(given, lambda value: np.asarray(value, dtype=float))
        missing = [name for name, symbol in zip(self.names, self._symbols, strict=True) if symbol not in arrays]
        if missing:
            raise ArgumentError(f"the variable {missing[0]} is missing")
        self._shapes = self._pair.shapes_of(self._symbols, arrays) or self._shapes
        return np.concatenate([np.ravel(arrays[symbol]) for symbol in self._symbols])

    def unpack(self, x: Any) -> dict[str, Array]:
        """The arrays that a vector holds, by name."""
        return dict(zip(self.names, self._parts(x), strict=True))

    def _given(self, values: Mapping[str, Any], read: Callable[[Any], Any]) -> dict[str, Any]:
        """The data, and these values of variables, by symbol."""
        found = dict(self._data)
        for name, value in values.items():
            symbol = self._symbols[self.names.index(name)] if name in self.names else self._pair.signature.spelled(name)
            if symbol not in self._symbols:
                raise ArgumentError(f"{name} is not a variable of this objective (they are {', '.join(self.names)})")
            found[symbol] = read(value)
        return found

    def _parts(self, x: Any) -> list[Array]:
        shapes = self._known_shapes()
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
        given = np.asarray(x, dtype=float).ravel()
        if given.size != ends[-1]:
            raise ArgumentError(f"the vector has {given.size} entries, and the variables {ends[-1]}")
        return [part.reshape(shape) for part, shape in zip(np.split(given, ends[:-1]), shapes, strict=True)]

    def _known_shapes(self) -> Sequence[tuple[int, ...]]:
        if self._shapes is None:
            start = ", ".join(f"{name}=…" for name in self.names)
            raise ArgumentError(
                "the shapes of the variables cannot be read off the data",
                hint=f"pass shape={{{', '.join(f'{name!r}: (…)' for name in self.names)}}}, or start at o.pack({start})",
            )
        return self._shapes

    # --- what optimisers ask for ------------------------------------------------------------------

    def _computed(self, x: Array) -> tuple[float, Array]:
        found = self._inside(self._pair, self._parts(x))
        if found is None or np.isnan(found[0]):
            return np.inf, np.full(x.size, np.nan)
        return float(found[0]), _joined(found[1:])

    def hess(self, x: Any) -> Array:
        """The Hessian by all variables as a matrix N x N."""
        if self._blocks is None:
            pairs = combinations_with_replacement(self._symbols, 2)
            self._blocks = compile_outputs([derivative(self._f, *pair) for pair in pairs], single=False)
        parts = self._parts(x)
        size = sum(part.size for part in parts)
        found = self._inside(self._blocks, parts)
        return np.full((size, size), np.nan) if found is None else _whole(found, [part.size for part in parts])

    def hessp(self, x: Any, p: Any) -> Array:
        """The product of the Hessian with p, without the Hessian."""
        run = self._derived_gradients()
        steps = directions(run, self._variables, self._parts(p))
        found = self._inside(run, self._parts(x), steps)
        return np.full(np.size(p), np.nan) if found is None else _joined(found)

    def _derived_gradients(self) -> Any:
        """Of each gradient the differential along all variables, in one function."""
        if self._products is None:
            self._products = moved_gradients(self._f, self._symbols)
        return self._products

    def _inside(self, run: Callable[..., Any], parts: Sequence[Array], more: Mapping[str, Any] | None = None) -> Any:
        """What the code gives, or None outside the domain."""
        arrays = [projected(structure_of(v), part) for v, part in zip(self._variables, parts, strict=True)]
        if not all(in_domain(v, array) for v, array in zip(self._variables, arrays, strict=True)):
            return None
        moved = dict(zip(self._symbols, arrays, strict=True))
        return computed(lambda: run(**self._data, **moved, **(more or {})))


def _of_shape(shape: Any) -> Array:
    """An array of this shape that takes no memory."""
    return np.broadcast_to(0.0, shape)


def _joined(arrays: Sequence[Any]) -> Array:
    return np.concatenate([np.ravel(array) for array in arrays])


def _whole(blocks: Sequence[Any], sizes: Sequence[int]) -> Array:
    """The symmetric matrix of the blocks on and above its diagonal, row by row."""
    ends = np.cumsum([0, *sizes])
    result = np.empty((ends[-1], ends[-1]))
    for (i, j), block in zip(combinations_with_replacement(range(len(sizes)), 2), blocks, strict=True):
        rows, cols = slice(ends[i], ends[i + 1]), slice(ends[j], ends[j + 1])
        result[rows, cols] = np.reshape(block, (sizes[i], sizes[j]))
        result[cols, rows] = result[rows, cols].T
    return result
