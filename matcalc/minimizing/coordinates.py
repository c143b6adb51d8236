"""The entries of the unknowns that are free, in one vector: of a symmetric matrix those on and below the diagonal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from matcalc.records import dataclass

__all__ = ["Array", "Block", "Coordinates"]

Array = np.ndarray[Any, np.dtype[Any]]

#: Structure -> the places (i, j) of an n x n matrix whose entries are free, and the sign of (j, i); 0 where it is no copy.
PLACES: dict[str, tuple[Callable[[int], Any], int]] = {
    "symmetric": (np.tril_indices, 1),
    "skew": (lambda n: np.tril_indices(n, -1), -1),
    "diagonal": (np.diag_indices, 0),
    "lower": (np.tril_indices, 0),
    "upper": (np.triu_indices, 0),
}


@dataclass(frozen=True, eq=False)
class Block:
    """One unknown.

    Attributes:
        name: of the unknown.
        shape: of its array; a family has the axes of its index first.
        structure: the linear space of (each of) its matrices, or None.
    """

    name: str
    shape: tuple[int, ...]
    structure: str | None = None

    @cached_property
    def basis(self) -> Array:
        """A column for every free entry: the array, raveled, in which it stands alone. Not for unstructured ones."""
        n = self.shape[-1]
        (rows, cols), sign = PLACES[self.structure or ""][0](n), PLACES[self.structure or ""][1]
        one = np.zeros((n * n, len(rows)))
        one[rows * n + cols, np.arange(len(rows))] = 1.0
        if sign:
            off = np.flatnonzero(rows != cols)
            one[cols[off] * n + rows[off], off] = sign
        return np.kron(np.eye(math.prod(self.shape[:-2])), one) if self.shape[:-2] else one

    @property
    def size(self) -> int:
        return math.prod(self.shape) if self.structure is None else self.basis.shape[1]

    def array(self, z: Array) -> Array:
        """The unknown with these free entries."""
        return (z if self.structure is None else self.basis @ z).reshape(self.shape)

    def entries(self, array: Array) -> Array:
        """The free entries of an array in the space."""
        flat = np.asarray(array, dtype=float).reshape(-1)
        return flat if self.structure is None else flat @ self.basis / np.sum(np.abs(self.basis), axis=0)

    def gathered(self, gradient: Array) -> Array:
        """The gradient by the free entries, of one or of several (in rows) by the array."""
        flat = np.asarray(gradient).reshape(*np.shape(gradient)[: np.ndim(gradient) - len(self.shape)], -1)
        return flat if self.structure is None else flat @ self.basis

    def bounds(self, low: Array, high: Array) -> tuple[Array, Array]:
        """The bounds of the free entries: those of all places where one stands."""
        low, high = low.reshape(-1), high.reshape(-1)
        if self.structure is None:
            return low, high
        columns = self.basis.T
        lows = np.where(columns > 0, low, np.where(columns < 0, -high, -np.inf))
        highs = np.where(columns > 0, high, np.where(columns < 0, -low, np.inf))
        return lows.max(axis=1), highs.min(axis=1)


class Coordinates:
    """All unknowns in one vector."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.blocks = tuple(blocks)
        ends = np.cumsum([b.size for b in blocks])
        self.size = int(ends[-1])
        self._spans = [slice(int(end) - b.size, int(end)) for b, end in zip(blocks, ends, strict=True)]

    def arrays(self, z: Array) -> dict[str, Array]:
        return {b.name: b.array(z[span]) for b, span in zip(self.blocks, self._spans, strict=True)}

    def vector(self, arrays: Mapping[str, Any]) -> Array:
        return np.concatenate([b.entries(arrays[b.name]) for b in self.blocks])

    def gradient(self, slopes: Sequence[Array]) -> Array:
        """The gradient by the free entries, from those by the arrays."""
        return np.concatenate([b.gathered(np.asarray(g)) for b, g in zip(self.blocks, slopes, strict=True)])

    def jacobian(self, parts: Sequence[Array | None], count: int) -> Array:
        """The derivatives of ``count`` numbers, from those by each array: None is zero."""
        rows = [
            np.zeros((count, b.size)) if part is None else b.gathered(np.reshape(part, (count, *b.shape)))
            for b, part in zip(self.blocks, parts, strict=True)
        ]
        return np.concatenate(rows, axis=1)

    def hessian(self, parts: Mapping[tuple[int, int], Array | None]) -> Array:
        """The Hessian by the free entries, from second derivatives by the i-th and the j-th array, i <= j."""
        whole = np.zeros((self.size, self.size))
        for (i, j), part in parts.items():
            if part is None:
                continue
            rows, cols = self.blocks[i], self.blocks[j]
            by_cols = cols.gathered(np.reshape(part, (math.prod(rows.shape), *cols.shape)))
            found = rows.gathered(np.reshape(by_cols.T, (cols.size, *rows.shape))).T
            whole[self._spans[i], self._spans[j]] = found
            whole[self._spans[j], self._spans[i]] = found.T
        return whole

    def bounds(self, sides: Mapping[str, tuple[Array, Array]]) -> tuple[Array, Array]:
        pairs = [b.bounds(*sides[b.name]) for b in self.blocks]
        return np.concatenate([low for low, _ in pairs]), np.concatenate([high for _, high in pairs])
