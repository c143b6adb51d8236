"""The entry of a derivative that is farthest off, for a person to look at."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod

import numpy as np

from matcalc.calculus import array_axes
from matcalc.checking.formulas import Formula
from matcalc.checking.oracles.routes import differences, tangent
from matcalc.checking.sampling import Point, project_numeric
from matcalc.checking.subject import Subject, quietly
from matcalc.checking.values.evaluate import Array
from matcalc.expr import Node
from matcalc.records import dataclass

__all__ = ["Entry", "worst_entry"]

#: A derivative by more entries than this is not looked at one by one.
MOST_ENTRIES = 100

Index = tuple[int, ...]


@dataclass(frozen=True)
class Entry:
    """An entry of the derivative, its right value and the one that a formula gives; ``place`` is such as ``X[2, 1]``."""

    place: str
    expected: float
    found: float


def worst_entry(subject: Subject, wrt: Sequence[Node], formula: Formula, point: Point) -> Entry | None:
    """The entry that is farthest off, or None where the derivative has too many, or no value."""
    shapes = [point.values[v.data[0]].shape for v in wrt]
    if prod(m * n for m, n in shapes) > MOST_ENTRIES:
        return None
    worst: tuple[float, Entry] | None = None
    for places in product(*(np.ndindex(shape) for shape in shapes)):
        found = _at(subject, wrt, formula, point, places)
        if found is not None and (worst is None or found[0] > worst[0]):
            worst = found
    return worst[1] if worst is not None else None


def _at(
    subject: Subject, wrt: Sequence[Node], formula: Formula, point: Point, places: Sequence[Index]
) -> tuple[float, Entry] | None:
    """(gap, entry) for one entry of each variable: derivatives in the directions of unit arrays."""
    e = [_unit(v, point.values[v.data[0]].shape, i) for v, i in zip(wrt, places, strict=True)]
    if not all(np.any(step) for step in e):
        return None
    wanted = _expected(subject, wrt, point, e)
    found = quietly(lambda: formula(point.values, point.sizes, e))
    if wanted is None or found is None or not np.all(np.isfinite(found)):
        return None
    found = found * np.ones_like(wanted)
    gap = np.abs(found - wanted)
    inside = tuple(int(i) for i in np.unravel_index(int(np.argmax(gap)), gap.shape))
    parts = [
        _written("F", inside, subject.node),
        *(_written(v.data[0], i, v) for v, i in zip(wrt, places, strict=True)),
    ]
    place = ", ".join(p for p in parts if p)
    return float(gap[inside]), Entry(place, float(wanted[inside]), float(found[inside]))


def _unit(variable: Node, shape: tuple[int, ...], place: Index) -> Array:
    """The unit array, projected to the space of a structured variable: its product with a gradient is that entry."""
    e = np.zeros(shape)
    e[place] = 1
    return project_numeric(variable, e)


def _expected(subject: Subject, wrt: Sequence[Node], point: Point, e: Sequence[Array]) -> Array | None:
    exact = tangent(subject, point, wrt, e)
    if exact is not None:
        return exact
    found = differences(subject, point, wrt, e, subject.is_analytic)
    return found[0] if found is not None else None


def _written(name: str, place: Index, node: Node) -> str:
    """``X[2, 1]``, ``x[3]``, or nothing for a scalar; counted from 1."""
    axes = len(array_axes(node.shape))
    if axes == 0:
        return ""
    return f"{name}[{', '.join(str(i + 1) for i in (place if axes == 2 else place[:1]))}]"
