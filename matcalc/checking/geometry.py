"""Gradients in other inner products: what pairs them with a direction, and which directions there are.

A gradient G is the array with df[E] = <G, E> for every tangent E; the pairing is the Frobenius product unless
independent entries or a Riemannian metric were asked for.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcalc.checking.values.evaluate import Array
from matcalc.records import dataclass

__all__ = ["PAIRINGS", "Pairing", "lower_entries"]


@dataclass(frozen=True)
class Pairing:
    """The pairing at a point X: ``product(X, G, E)``, a point of the manifold near X, and the tangent part of E."""

    product: Callable[[Array, Array, Array], float]
    point: Callable[[Array], Array | None] = lambda x: x
    tangent: Callable[[Array, Array], Array] = lambda x, e: e


def _frobenius(x: Array, g: Array, e: Array) -> float:
    return float(np.sum(g * e))


def lower_entries(x: Array) -> Array:
    """The entries on and below the diagonal, of one matrix or of several below each other."""
    return np.asarray(np.tril(x.reshape(-1, x.shape[1], x.shape[1])).reshape(x.shape))


def _independent(x: Array, g: Array, e: Array) -> float:
    """Σ_{i >= j} G_ij E_ij, of one matrix or of several below each other"""
    return float(np.sum(lower_entries(g) * e))


def _affine_invariant(x: Array, g: Array, e: Array) -> float:
    """tr(X^-1 G X^-1 E) [Pennec 2006]"""
    inverse = np.linalg.inv(x)
    return float(np.sum((inverse @ g @ inverse) * e))


def _on_stiefel(x: Array) -> Array | None:
    return np.asarray(np.linalg.qr(x)[0]) if x.shape[0] >= x.shape[1] else None


def _tangent_to_stiefel(x: Array, e: Array) -> Array:
    """E - X sym(X^T E) [Edelman, Arias & Smith 1998]"""
    inner = x.T @ e
    return np.asarray(e - x @ (inner + inner.T) / 2)


PAIRINGS: dict[str, Pairing] = {
    "frobenius": Pairing(_frobenius),
    "independent": Pairing(_independent),
    "affine-invariant": Pairing(_affine_invariant),
    "stiefel": Pairing(_frobenius, _on_stiefel, _tangent_to_stiefel),
}
