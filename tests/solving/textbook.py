"""Judging a solution by a route of its own: the values are put into the function, whose differences along all unknowns have to vanish.

Nothing here knows how a solution was found: the function is evaluated as it was typed, in NumPy, at data that are drawn here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

import matcalc as mc
from matcalc.checking.sampling import Point, direction, points
from matcalc.checking.subject import Subject
from matcalc.checking.values.evaluate import evaluate
from matcalc.language import Declaration

__all__ = ["PROBLEMS", "is_stationary", "largest_slope", "solved"]

PROBLEMS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "textbook.json").read_text(encoding="utf-8"))
STEP = 1e-3
#: Values whose data are this near to where they have none are not looked at.
LARGEST = 50.0


@cache
def solved(place: int) -> tuple[mc.Expr, mc.Solution]:
    """The objective of a problem, and what was found."""
    problem = PROBLEMS[place]
    f = mc.parse(problem["objective"], problem["declarations"])
    return f, mc.solve(f, *problem["unknown"])


def is_stationary(f: mc.Expr, solutions: Mapping[str, mc.Expr], unknowns: list[str], seed: int = 5) -> bool:
    """Whether central differences of f vanish along every unknown, at three random data sets where the values exist."""
    slopes = (largest_slope(f, solutions, unknowns, point) for point in _some(f, solutions, seed))
    found = list(islice((s for s in slopes if s is not None), 3))
    return len(found) == 3 and max(found) < 1e-7


def _some(f: mc.Expr, solutions: Mapping[str, mc.Expr], seed: int) -> list[Point]:
    subject = Subject(f.node, f.declarations, f.tree)
    return list(points(f.declarations, subject.dims, np.random.default_rng(seed), subject.least_sizes))[:60]


def largest_slope(f: mc.Expr, solutions: Mapping[str, mc.Expr], unknowns: list[str], point: Point) -> float | None:
    """The steepest of some directional slopes, beside those at a point nearby; None where the values do not exist."""
    subject = Subject(f.node, f.declarations, f.tree)
    values = dict(point.values)
    for name, expression in solutions.items():
        if name in values:
            found = evaluate(expression.node, point.values, point.sizes)
            if (
                found.shape != values[name].shape
                or not _exists(expression, found, point)
                or not _fits(f.declarations[name], found)
            ):
                return None
            values[name] = found * np.ones(values[name].shape)
    rng = np.random.default_rng(1)
    away = {**values, **{n: values[n] + 0.1 * _move(f.declarations[n], values[n], rng) for n in unknowns}}
    here, there = (
        max(_slope(subject, v, point, f, n, rng) for n in unknowns for _ in range(3)) for v in (values, away)
    )
    return here / max(there, 1e-9)


def _exists(expression: mc.Expr, value: np.ndarray[Any, Any], point: Point) -> bool:
    """Whether it is a value, and not what rounding makes of the inverse of a singular matrix: it moves little with the data."""
    rng = np.random.default_rng(2)
    moved = {n: v * (1 + 1e-10 * rng.standard_normal(v.shape)) for n, v in point.values.items()}
    again = evaluate(expression.node, moved, point.sizes)
    return bool(np.all(np.isfinite(value))) and bool(
        np.abs(value).max() < LARGEST and np.allclose(value, again, atol=1e-6)
    )


def _fits(declared: Declaration, value: np.ndarray[Any, Any]) -> bool:
    positive = "positive" not in declared.assumptions or bool(np.all(value > 1e-6))
    return positive and (declared.kind != "spd" or bool(np.linalg.eigvalsh((value + value.T) / 2)[0] > 1e-4))


def _move(declared: Declaration, value: np.ndarray[Any, Any], rng: np.random.Generator) -> np.ndarray[Any, Any]:
    e = direction(declared.node, value.shape, rng)
    if "positive" in declared.assumptions:
        return e * float(value.min())
    if declared.kind == "spd":
        return e * float(np.linalg.eigvalsh(value)[0])
    return value @ (e - e.T) if declared.kind == "orthogonal" else e


def _slope(
    subject: Subject, values: dict[str, Any], point: Point, f: mc.Expr, name: str, rng: np.random.Generator
) -> float:
    e = _move(f.declarations[name], values[name], rng)
    near, far = (
        [subject.value({**values, name: values[name] + sign * h * e}, point.sizes).item() for sign in (1, -1)]
        for h in (STEP, 2 * STEP)
    )
    return abs(8 * (near[0] - near[1]) - (far[0] - far[1])) / (12 * STEP)
