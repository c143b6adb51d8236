"""A counterexample to an equality, found numerically."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matcalc.checking.evaluate import Array
from matcalc.checking.subject import Subject, quietly, sample

__all__ = ["Comparison", "counterexample"]

#: Values that differ by more than this, relative to their size, are different.
DIFFERENT = 1e-7


class Comparison:
    """What sampling found: a counterexample, or how often the two sides agreed."""

    def __init__(self) -> None:
        self.agreed = 0
        self.values: Mapping[str, Array] | None = None
        self.sizes: Mapping[str, int] = {}
        self.left: Array | None = None
        self.right: Array | None = None


def counterexample(left: Subject, right: Subject, *, trials: int = 4, seed: int = 0) -> Comparison:
    """Draw points and compare the two sides as they were typed."""
    found = Comparison()
    rng = np.random.default_rng(seed)
    both = Subject(left.node, {**right.declarations, **left.declarations}, left.tree)
    for point, _, a in sample(both, rng, trials):
        sizes = dict(point.sizes)
        for name in right.dims - sizes.keys():
            sizes[name] = 3
        b = quietly(lambda s=sizes, p=point: right.value(p.values, s))  # type: ignore[misc]
        if b is None or not np.all(np.isfinite(b)) or np.iscomplexobj(b):
            continue
        scale = max(float(np.max(np.abs(a), initial=0.0)), float(np.max(np.abs(b), initial=0.0)), 1e-3)
        if a.shape != b.shape or float(np.max(np.abs(a - b), initial=0.0)) > DIFFERENT * scale:
            found.values, found.sizes, found.left, found.right = point.values, sizes, a, b
            return found
        found.agreed += 1
    return found
