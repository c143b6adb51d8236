"""d is linear, and a differential is linear in its perturbation."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings

from matcalc.calculus import adjoint, differential
from matcalc.checking.values.evaluate import evaluate
from matcalc.expr import Node, perturbation, scaled
from tests.simplify.test_simplify import RNG, SIZES, VALUES
from tests.strategies import A, expressions, regular_scalars, squares, x

quick = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
DX, DA = perturbation(x), perturbation(A)


@quick
@given(squares(2), squares(2))
def test_differential_of_a_sum(f: Node, g: Node) -> None:
    """d(2 f - 3 g) = 2 df - 3 dg"""
    moving = {x: DX}
    together = differential(scaled(2, f) - scaled(3, g), moving)
    apart = scaled(2, differential(f, moving)) - scaled(3, differential(g, moving))
    steps = {DX: RNG.standard_normal((3, 1))}
    assert np.allclose(evaluate(together, VALUES, SIZES, steps), evaluate(apart, VALUES, SIZES, steps), atol=1e-8)


@quick
@given(expressions(), expressions())
def test_linear_in_the_perturbation(f: Node, _: Node) -> None:
    df = differential(f, {x: DX})
    a, b = RNG.standard_normal((3, 1)), RNG.standard_normal((3, 1))
    values = [evaluate(df, VALUES, SIZES, {DX: step}) for step in (a, b, 2 * a - 3 * b)]
    scale = 1 + max(np.abs(v).max() for v in values)
    assert np.allclose(2 * values[0] - 3 * values[1], values[2], atol=1e-9 * scale)


@quick
@given(regular_scalars())
def test_gradient_is_the_adjoint_of_the_differential(f: Node) -> None:
    """df = <G, dA>"""
    df = differential(f, {A: DA})
    step = RNG.standard_normal((3, 3))
    g = evaluate(adjoint(df, DA), VALUES, SIZES)
    expected = evaluate(df, VALUES, SIZES, {DA: step}).item()
    assert np.isclose(np.sum(g * step), expected, rtol=1e-8, atol=1e-9 * (1 + np.abs(g).max()))
