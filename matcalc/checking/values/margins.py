"""How far a point is from one at which a function is undefined or has a kink."""

from __future__ import annotations

from dataclasses import field

import numpy as np

from matcalc.checking.values.evaluate import Array
from matcalc.functions.numeric.matrix_functions import LEAST_SINGULAR
from matcalc.records import dataclass

__all__ = ["Margin"]

#: Singular values below this part of the largest one are what rounding leaves of 0.
ROUNDED_ZERO = 1e-13


@dataclass
class Margin:
    """How far a point is from trouble.

    Attributes:
        kink: the least distance of an argument from a kink (or of two eigenvalues from each other).
        condition: the largest condition number of a matrix that is inverted.
        given: the point was asked for; at a random one a distance of exactly 0 is that of an entry that does not move.
        ranks: those of singular matrices whose Moore-Penrose inverse is taken.
        vanishes: a Euclidean norm is that of zeros, as of relu(x) where no entry of x is positive.
        singular: the determinant of a singular matrix is taken.
    """

    kink: float = np.inf
    condition: float = 1.0
    given: bool = False
    ranks: list[int] = field(default_factory=list)
    vanishes: bool = False
    singular: bool = False

    def near(self, distances: Array) -> None:
        """Note the distances of arguments from a kink."""
        if distances.size:
            self.kink = min(self.kink, float(np.min(np.abs(distances))))

    def near_in_entries(self, distances: Array) -> None:
        """The same for functions of entries, of which some may be 0 by structure."""
        self.near(distances if self.given else distances[distances != 0])

    def inverted(self, x: Array) -> None:
        """Note a matrix that is inverted."""
        if np.all(np.isfinite(x)):
            self.condition = max(self.condition, float(np.linalg.cond(np.asarray(x.real, dtype=float))))
        else:
            self.condition = np.inf

    def of_determinant(self, x: Array) -> None:
        """Note a matrix whose determinant or adjugate is taken: a derivative holds its inverse, where it has one."""
        if np.all(np.isfinite(x)) and np.linalg.cond(x.real) * ROUNDED_ZERO > 1:
            self.singular = True
        else:
            self.inverted(x)

    def pseudoinverted(self, x: Array) -> None:
        """Note a matrix whose Moore-Penrose inverse is taken: only the singular values that are not 0 are inverted."""
        values = np.linalg.svd(x.real, compute_uv=False) if np.all(np.isfinite(x)) else np.zeros(1)
        rank = int(np.sum(values > LEAST_SINGULAR * values[0]))
        if rank in (0, len(values)) or values[rank] > ROUNDED_ZERO * values[0]:
            self.inverted(x)
            return
        self.condition = max(self.condition, float(values[0] / values[rank - 1]))
        self.ranks.append(rank)
