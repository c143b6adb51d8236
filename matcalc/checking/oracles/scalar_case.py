"""The 1 x 1 case: where every size is 1, a formula of matrix calculus is one of scalar calculus.

There the inverse is the reciprocal, and a transpose and a trace are nothing: the derivative by `scalar_calculus` shares
no rule with the derivation, and none with the differences.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from matcalc.checking.formulas import Formula
from matcalc.checking.oracles.routes import differences, oracles_agree
from matcalc.checking.oracles.scalar_calculus import HyperDual, NoScalarMeaning, scalar_value
from matcalc.checking.sampling import Point, project_numeric, random_value
from matcalc.checking.subject import LARGEST_CONDITION, LARGEST_VALUE, SMALLEST_KINK, Subject, quietly
from matcalc.checking.values.evaluate import Array
from matcalc.checking.values.margins import Margin
from matcalc.checking.values.reference import typed_order
from matcalc.checking.values.stand_ins import stand_in_of
from matcalc.errors import LimitError
from matcalc.expr import Node
from matcalc.language import Typed
from matcalc.records import dataclass

__all__ = ["ScalarCase", "scalar_case"]

#: How often a point is drawn.
ATTEMPTS = 8


@dataclass(frozen=True)
class ScalarCase:
    """The relative error of the formulas there, the right value and theirs, or why they could not be compared."""

    error: float
    wanted: float = math.nan
    found: float = math.nan
    problem: str | None = None


def scalar_case(
    subject: Subject, wrt: Sequence[Node], formulas: Sequence[Formula], rng: np.random.Generator
) -> ScalarCase | None:
    """The formulas against scalar calculus, or None where the function has no 1 x 1 case."""
    sizes = dict.fromkeys(sorted(subject.dims), 1)
    if subject.tree is None or len(wrt) > 2 or max(subject.least_sizes.values(), default=1) > 1:
        return None
    if not _is_scalar_everywhere(subject.tree, sizes):
        return None
    steps = [project_numeric(v, np.ones((1, 1))) for v in wrt]
    if not all(np.any(e) for e in steps):
        return None
    for _ in range(ATTEMPTS):
        point = _point(subject, sizes, rng)
        if point is None:
            continue
        try:
            found = _derivative(subject.tree, point, wrt)
        except NoScalarMeaning:
            return None
        except (ArithmeticError, ValueError):
            continue
        return _compared(subject, wrt, formulas, point, steps, found)
    return None


def _is_scalar_everywhere(tree: Typed, sizes: Mapping[str, int]) -> bool:
    nodes = [n for n in typed_order(tree) if n.kind != "size"]
    return all(d.evaluate(sizes) == 1 for n in nodes for d in n.shape)


def _point(subject: Subject, sizes: dict[str, int], rng: np.random.Generator) -> Point | None:
    """Values of size 1 at which the function is defined and away from kinks; none where one is skew, and so 0 and singular."""
    if any(d.kind == "skew" for d in subject.declarations.values()):
        return None
    values = {n: random_value(d, sizes, rng) for n, d in subject.declarations.items()}
    margin = Margin()
    value = quietly(lambda: subject.value(values, sizes, margin))
    if value is None or np.iscomplexobj(value) or not np.all(np.isfinite(value)):
        return None
    near = margin.kink < SMALLEST_KINK or margin.condition > LARGEST_CONDITION or abs(value.item()) > LARGEST_VALUE
    return None if near else Point(values, sizes)


def _derivative(tree: Typed, point: Point, wrt: Sequence[Node]) -> HyperDual:
    """The value with ε₁ and ε₂ moving the variables."""
    functions = {n: stand_in_of(point.values, n) for n, x in point.values.items() if x.dtype == object}
    numbers = {n: HyperDual(float(x.item())) for n, x in point.values.items() if n not in functions}
    for place, v in enumerate(wrt):
        x = numbers[v.data[0]]
        numbers[v.data[0]] = HyperDual(x.v, x.a + (place == 0), x.b + (place == 1), 0.0)
    return scalar_value(tree, numbers, point.sizes, functions)


def _compared(
    subject: Subject,
    wrt: Sequence[Node],
    formulas: Sequence[Formula],
    point: Point,
    steps: Sequence[Array],
    found: HyperDual,
) -> ScalarCase | None:
    wanted = found.a if len(wrt) == 1 else found.c
    expected = differences(subject, point, wrt, steps, subject.is_analytic)
    if not math.isfinite(wanted) or expected is None:
        return None
    if not oracles_agree(expected, np.array([[wanted]]), np.array([[found.v]])):
        return ScalarCase(math.nan, problem=f"{expected[2]} and scalar calculus disagree where every size is 1")
    scale = max(abs(wanted), 1e-3 * (1 + abs(found.v)))
    cases = []
    for formula in formulas:
        try:
            value = quietly(lambda f=formula: f(point.values, point.sizes, steps))  # type: ignore[misc]
        except LimitError:
            continue
        if value is None or not np.all(np.isfinite(value)):
            return None
        cases.append(ScalarCase(abs(float(value.item()) - wanted) / scale, wanted, float(value.item())))
    return max(cases, key=lambda case: case.error) if cases else None
