"""Softmax, its means and its entropy where one entry is far above the others, against mpmath."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from mpmath import mp

import matcalc as mc
from tests.compiling.jets import SMALLEST, gathered


def test_entropies_where_one_entry_is_far_above_the_others() -> None:
    f = mc.parse("entropy(softmax(x))", where="x: vector(n)")
    value, gradient = mc.compile(f), mc.compile(mc.gradient(f, "x"))
    for x in ([40.0, 0.0, -40.0], [1e-8, 2e-8, -1e-8], [-700.0, -705.0, -600.0], [5.0, 5.0, 5.0], [1e5, 1e5, 0.0]):
        with mp.workdps(60):
            lines = [mp.exp(mp.mpf(v)) for v in x]
            p = [v / mp.fsum(lines) for v in lines]
            wanted = -mp.fsum(v * mp.log(v) for v in p)
            slope = [float(-v * (mp.log(v) + wanted)) for v in p]
        np.testing.assert_allclose(value(x=np.array(x)), float(wanted), rtol=1e-10)
        np.testing.assert_allclose(gradient(x=np.array(x)), slope, rtol=1e-7, atol=1e-17)


def deviations_under_softmax(x: Sequence[float], y: Sequence[Any]) -> tuple[Any, list[Any], list[list[Any]]]:
    """p^T y with its gradient p_i c_i and its Hessian δ_ij p_i c_i - p_i p_j (c_i + c_j), for c = y - p^T y and a fixed y."""
    e = [mp.exp(mp.mpf(v) - max(x)) for v in x]
    p = [v / mp.fsum(e) for v in e]
    mean = mp.fsum(a * b for a, b in zip(p, y, strict=True))
    c = [v - mean for v in y]
    n = range(len(x))
    hessian = [[(i == j) * p[i] * c[i] - p[i] * p[j] * (c[i] + c[j]) for j in n] for i in n]
    return mean, [a * b for a, b in zip(p, c, strict=True)], hessian


DOMINATED = [
    (800.0, 0.0, -3.0),
    (0.0, 40.0, 1.0),
    (20.0, 1.0, 2.0),
    (0.3, -0.4, 1.1),
    (300.0, 200.0, 100.0),
    (-800.0, 0.0, 3.0),
]


@pytest.mark.parametrize("x", DOMINATED)
def test_means_under_a_softmax_where_one_entry_dominates(x: tuple[float, ...]) -> None:
    """softmax(x)^T y and the entropy of softmax(x), -(p^T x - log Σ e^x): gradients and Hessians entry by entry."""
    y = (1.0, -2.0, 0.5)
    linear, entropy = (
        mc.parse(t, where="x: vector(n), y: vector(n)") for t in ("y^T softmax(x)", "entropy(softmax(x))")
    )
    with mp.workdps(1000):
        mean, slope, curvature = deviations_under_softmax(x, [mp.mpf(v) for v in y])
        logs = [mp.mpf(v) - gathered([1] * 3, [mp.mpf(w) for w in x])[0] for v in x]
        minus_entropy, minus_slope, second = deviations_under_softmax(x, logs)
        covariance = gathered([1] * 3, [mp.mpf(v) for v in x])[2]
        n = range(3)
        minus_second = [[second[i][j] + covariance[i][j] for j in n] for i in n]
        wanted = [
            mean,
            slope,
            curvature,
            -minus_entropy,
            [-v for v in minus_slope],
            [[-v for v in r] for r in minus_second],
        ]
        arrays = [np.array(w, dtype=float) for w in wanted]
    given = {"x": np.array(x), "y": np.array(y)}
    found = [
        mc.compile(mc.derivative(f, *["x"] * k) if k else f)(
            **{"x": given["x"]} | ({"y": given["y"]} if f is linear else {})
        )
        for f in (linear, entropy)
        for k in range(3)
    ]
    for a, b in zip(found, arrays, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=SMALLEST)


@pytest.mark.parametrize("order", [1, 2])
def test_means_under_a_softmax_of_a_batch(order: int) -> None:
    """A number of each column beside the one array y."""
    d = mc.derivative("softmax(x)^T y", *["x"] * order, where="x: vector(n), y: vector(n)")
    x, y = np.array(DOMINATED), np.array([1.0, -2.0, 0.5])
    one, batch = mc.compile(d), mc.compile(d, batch="x")
    np.testing.assert_allclose(batch(x=x, y=y), [one(x=row, y=y) for row in x], rtol=1e-12, atol=0)


def test_sums_of_exponentials_written_out() -> None:
    """The derivative of exp(x[1]) / (exp(x[1]) + …) holds exp(x[1] + x[2]) / (…)^2, which overflow alone."""
    f = mc.parse("exp(x[1]) / (exp(x[1]) + exp(x[2]) + exp(x[3]))", where="x: vector(3)")
    plain = mc.compile([mc.gradient("softmax(x)[1]", "x", where="x: vector(3)")])
    written = mc.compile([mc.gradient(f, "x")])
    for shift in (0.0, 800.0, -900.0):
        x = np.array([0.3, -0.4, 1.1]) + shift
        np.testing.assert_allclose(written(x=x)[0], plain(x=x)[0], rtol=1e-11)


def test_rows_and_entropies() -> None:
    """Row-wise log-sum-exp at 1000, the softmax of each row, its entropy and the cross entropy of labels."""
    z = np.array([[1000.0, 1001.0, 998.5], [-2000.0, -1000.0, 3.0]])
    with mp.workdps(60):
        rows = [gathered([1] * 3, [mp.mpf(v) for v in row]) for row in z]
        total = float(mp.fsum(r[0] for r in rows))
        soft = np.array([[float(v) for v in r[1]] for r in rows])
    for text in ("sum(log(sum(exp(Z), 2)))", "sum(log(exp(Z) ones(n)))", "sum(log(sum(exp(Z'), 1)))"):
        f = mc.parse(text, where="Z: matrix(m, n)")
        assert mc.compile(f)(Z=z) == pytest.approx(total, rel=1e-14)
        np.testing.assert_allclose(mc.compile(mc.derivative(f, "Z"))(Z=z), soft, rtol=1e-12, atol=SMALLEST)
    for text in ("diag(1 ./ (exp(Z) ones(n))) exp(Z)", "exp(Z) ./ (sum(exp(Z), 2) ones(n)^T)"):
        f = mc.parse(text, where="Z: matrix(m, n)")
        np.testing.assert_allclose(mc.compile(f)(Z=z), soft, rtol=1e-12, atol=SMALLEST)
        assert np.isfinite(mc.compile(mc.derivative(f, "Z"))(Z=z)).all()
    for text in ("entropy(softmax(Z))", "-sum(softmax(Z) .* log(softmax(Z)))"):
        assert np.isfinite(mc.compile(text, where="Z: matrix(m, n)")(Z=z))
        assert np.isfinite(mc.compile(mc.derivative(text, "Z", "Z", where="Z: matrix(m, n)"))(Z=z)).all()
