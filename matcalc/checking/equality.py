"""A counterexample to an equality, found numerically."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from matcalc.checking.evaluate import Array
from matcalc.checking.sampling import refuse_too_large
from matcalc.checking.subject import Subject, quietly, sample
from matcalc.errors import LimitError

__all__ = ["Comparison", "counterexample"]

#: Values that differ by more than this, relative to their size, are different.
DIFFERENT = 1e-7


class Comparison:
    """What sampling found: a counterexample, how often the two sides agreed, or why they could not be compared."""

    def __init__(self) -> None:
        self.agreed = 0
        self.problem = "no point of both domains was found"
        self.values: Mapping[str, Array] | None = None
        self.sizes: Mapping[str, int] = {}
        self.left: Array | None = None
        self.right: Array | None = None


def counterexample(left: Subject, right: Subject, *, trials: int = 4, seed: int = 0) -> Comparison:
    """Draw points and compare the two sides as they were typed."""
    found = Comparison()
    try:
        _draw(found, left, right, trials, seed)
    except LimitError as error:
        found.problem = error.message
    return found


def _draw(found: Comparison, left: Subject, right: Subject, trials: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    both = Subject(left.node, {**right.declarations, **left.declarations}, left.tree)
    for point, _, a in sample(both, rng, trials):
        sizes = dict(point.sizes)
        for name in right.dims - sizes.keys():
            sizes[name] = 3
        refuse_too_large(right.shapes, sizes)
        b = quietly(lambda s=sizes, p=point: right.value(p.values, s))  # type: ignore[misc]
        if b is None or not np.all(np.isfinite(b)) or np.iscomplexobj(b):
            continue
        scale = max(float(np.max(np.abs(a), initial=0.0)), float(np.max(np.abs(b), initial=0.0)), 1e-3)
        if a.shape != b.shape or float(np.max(np.abs(a - b), initial=0.0)) > DIFFERENT * scale:
            found.values, found.sizes, found.left, found.right = point.values, sizes, a, b
            return
        found.agreed += 1
