"""Second derivatives as linear maps: products and solutions without the dense array.

A form is a sum of parts that act on an array V shaped as the variable, each kept as small as it is:

    diagonal    D ⊙ V
    kronecker   L V R^T          (L or R may be the identity)
    swapped     L V^T R^T
    low_rank    u <w, V>
    dense       M v              (a vector variable only)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from matcalc.errors import MatcalcError
from matcalc.records import dataclass

__all__ = ["LinearMap", "Part"]

Array = np.ndarray[Any, np.dtype[Any]]

#: Maps with more entries than this are not solved by their dense matrix.
LARGEST_DENSE_SOLUTION = 4_000


@dataclass(frozen=True)
class Part:
    """One summand: its kind and its arrays; None stands for an identity."""

    kind: str
    arrays: tuple[Any, ...]

    def apply(self, v: Array) -> Array:
        """The part of the product with V."""
        first, *rest = self.arrays
        match self.kind:
            case "diagonal":
                return np.asarray(first * v)
            case "kronecker":
                return _sandwich(first, v, rest[0])
            case "swapped":
                return _sandwich(first, v.T, rest[0])
            case "low_rank":
                return np.asarray(first * np.vdot(rest[0], v))
        return np.asarray(first @ v)


def _sandwich(left: Array | None, v: Array, right: Array | None) -> Array:
    if left is not None:
        v = left @ v if np.ndim(left) else left * v
    if right is None:
        return v
    return v @ right.T if np.ndim(right) else v * right


class LinearMap:
    """A second derivative at a point.

    Attributes:
        parts: the summands it is made of, or nothing where it is known by its products only.
        variable_shape: the shape of V.
        shape: (N, N) with N entries of the variable, as matrices act on ``V.ravel()``.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        variable_shape: tuple[int, ...],
        product: Callable[[Array], Array] | None = None,
        symmetric: bool = False,
    ) -> None:
        self.parts = tuple(parts)
        self.variable_shape = variable_shape
        size = math.prod(variable_shape)
        self.shape = (size, size)
        self._product = product
        self._symmetric = symmetric

    def matvec(self, v: Any) -> Array:
        """The product with V, given and returned in the shape of the variable or flat."""
        given = np.asarray(v)
        given = given if given.dtype == np.float32 else given.astype(float)
        shaped = given.reshape(self.variable_shape)
        if self._product is not None:
            result = np.asarray(self._product(shaped))
        else:
            result = sum((part.apply(shaped) for part in self.parts), np.zeros_like(shaped))
        return result.reshape(given.shape)

    hvp = matvec
    __call__ = matvec

    def __matmul__(self, v: Any) -> Array:
        return self.matvec(v)

    def to_dense(self) -> Array:
        """The array with the axes of the gradient, then those of the variable."""
        size = self.shape[0]
        columns = [self.matvec(unit) for unit in np.eye(size)]
        return np.stack(columns, axis=-1).reshape(self.variable_shape * 2)

    def solve(self, g: Any) -> Array:
        """The V with H V = G; of a symmetric variable the symmetric one.

        The cost is that of the parts: k³ for a Kronecker product with an identity, linear for a diagonal with a
        low-rank term. Raises MatcalcError where there is no fast way and the map is too large to be formed.
        """
        given = np.asarray(g, dtype=float)
        shaped = given.reshape(self.variable_shape)
        for method in (self._by_diagonal, self._by_kronecker, self._by_symmetric_kronecker):
            found = method(shaped)
            if found is not None:
                return found.reshape(given.shape)
        if self.shape[0] > LARGEST_DENSE_SOLUTION:
            raise MatcalcError(
                "this Hessian has no structure that helps to solve with it, and it is too large to be formed",
                hint="use scipy.sparse.linalg.cg with linear_operator()",
            )
        dense = self.to_dense().reshape(self.shape)
        if self._symmetric:
            return np.linalg.lstsq(dense, shaped.reshape(-1), rcond=None)[0].reshape(given.shape)
        return np.linalg.solve(dense, shaped.reshape(-1)).reshape(given.shape)

    def linear_operator(self) -> Any:
        """The same as a `scipy.sparse.linalg.LinearOperator`."""
        from scipy.sparse.linalg import LinearOperator

        return LinearOperator(self.shape, matvec=self.matvec, rmatvec=self.matvec, dtype=float)

    def __repr__(self) -> str:
        kinds = " + ".join(part.kind for part in self.parts) or "operator"
        return f"<Hessian {self.shape[0]} x {self.shape[1]}: {kinds}>"

    def _by_diagonal(self, g: Array) -> Array | None:
        """(D + U W^T)^-1 by Sherman, Morrison and Woodbury [Golub & Van Loan 2.1.4]"""
        diagonals = [p for p in self.parts if p.kind == "diagonal"]
        low = [p for p in self.parts if p.kind == "low_rank"]
        if not diagonals or len(diagonals) + len(low) < len(self.parts) or self._symmetric:
            return None
        d = np.sum([np.broadcast_to(p.arrays[0], self.variable_shape) for p in diagonals], axis=0)
        inverse = 1 / np.asarray(d).reshape(-1)
        x = inverse * g.reshape(-1)
        if low:
            u = np.stack([np.ravel(p.arrays[0]) for p in low], axis=1)
            w = np.stack([np.ravel(p.arrays[1]) for p in low], axis=1)
            inner = np.eye(len(low)) + w.T @ (inverse[:, None] * u)
            x = x - inverse * (u @ np.linalg.solve(inner, w.T @ x))
        return x.reshape(self.variable_shape)

    def _by_kronecker(self, g: Array) -> Array | None:
        """V = L^-1 G R^-T for one product, or for a sum of products that share an identity"""
        if not self.parts or len(self.variable_shape) != 2 or self._symmetric:
            return None
        sides = [_sides(p) for p in self.parts]
        if any(s is None for s in sides):
            return None
        pairs = [s for s in sides if s is not None]
        if len(pairs) == 1:
            left, right = pairs[0]
            return _divided(_divided(g, left), right, from_right=True)
        rows, cols = self.variable_shape
        if all(left is None for left, _ in pairs):
            total = sum((_full(r, cols) for _, r in pairs), np.zeros((cols, cols)))
            return _divided(g, total, from_right=True)
        if all(right is None for _, right in pairs):
            return _divided(g, sum((_full(m, rows) for m, _ in pairs), np.zeros((rows, rows))))
        return None

    def _by_symmetric_kronecker(self, g: Array) -> Array | None:
        """V = (2 L)^-1 G R^-T where H V = L V R^T + L V^T R^T on symmetric V and G"""
        kinds = sorted(p.kind for p in self.parts)
        if not self._symmetric or kinds != ["kronecker", "swapped"]:
            return None
        one, two = self.parts
        if not all(
            a is b or (a is not None and b is not None and np.array_equal(a, b))
            for a, b in zip(one.arrays, two.arrays, strict=True)
        ):
            return None
        left, right = one.arrays
        return _divided(_divided((g + g.T) / 4, left), right, from_right=True)


def _sides(part: Part) -> tuple[Array | None, Array | None] | None:
    """(L, R) of a part that is a Kronecker product; a scalar multiple of V is one."""
    if part.kind == "kronecker":
        return part.arrays[0], part.arrays[1]
    if part.kind == "diagonal" and np.ndim(part.arrays[0]) == 0:
        return None, part.arrays[0]
    return None


def _full(side: Array | None, n: int) -> Array:
    if side is None:
        return np.eye(n)
    return side * np.eye(n) if np.ndim(side) == 0 else side


def _divided(g: Array, side: Array | None, from_right: bool = False) -> Array:
    if side is None:
        return g
    if np.ndim(side) == 0:
        return g / side
    return np.linalg.solve(side, g.T).T if from_right else np.linalg.solve(side, g)
