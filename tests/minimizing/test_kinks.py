"""Convex functions with kinks: the least value beside that of SciPy's linear programs, or of a smooth dual problem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog, minimize

import matcalc as mc
from matcalc.expr import Node
from matcalc.minimizing.kinks import without_kinks
from matcalc.solving.reading import read_problem

Array = np.ndarray[Any, Any]
RNG = np.random.default_rng(0)
A = RNG.standard_normal((40, 8))
B = A @ np.array([1.0, -2, 3, 0, 0, 0, 0, 0]) + 0.3 * RNG.standard_normal(40)
Y = np.sign(B)
K = 4.0
#: Differences of neighbours.
D = np.diff(np.eye(40), axis=0)


def _linear(rows: Array, right: Array, cost: Array) -> float:
    """min cost^T z where rows z <= right."""
    return float(linprog(cost, rows, right, bounds=[(None, None)] * len(cost)).fun)


def _least_absolute(weights: tuple[float, float] = (1.0, 1.0)) -> float:
    """sum of max(w_0 r, -w_1 r) of r = b - A x"""
    up, down = weights
    one = np.eye(40)
    rows = np.block([[-up * A, -one], [down * A, -one]])
    return _linear(rows, np.concatenate([-up * B, down * B]), np.concatenate([np.zeros(8), np.ones(40)]))


def _largest(rows: Array, right: Array) -> float:
    """max of the entries of rows x - right"""
    return _linear(np.column_stack([rows, -np.ones(len(rows))]), right, np.append(np.zeros(rows.shape[1]), 1.0))


def _box(value: Callable[[Array], tuple[float, Array]], count: int, low: float, high: float) -> float:
    """min over low <= z <= high, by L-BFGS-B."""
    options = {"ftol": 1e-16, "gtol": 1e-12, "maxiter": 100000, "maxfun": 100000}
    start = np.full(count, (low + high) / 2)
    return float(minimize(value, start, jac=True, method="L-BFGS-B", bounds=[(low, high)] * count, options=options).fun)


def _lasso() -> float:
    """sup of b^T z - ||z||^2 / 2 over |A^T z| <= k, as the least value by both signs of x."""
    both = np.column_stack([A, -A])

    def value(z: Array) -> tuple[float, Array]:
        r = both @ z - B
        return r @ r / 2 + K * z.sum(), both.T @ r + K

    return _box(value, 16, 0, 100)


def _machine() -> float:
    """The dual of the support vector machine."""
    rows = Y[:, None] * A

    def value(a: Array) -> tuple[float, Array]:
        w = rows.T @ a
        return w @ w / (2 * K) - a.sum(), rows @ w / K - 1

    return -_box(value, 40, 0, 1)


def _variation() -> float:
    """The dual of total variation."""

    def value(z: Array) -> tuple[float, Array]:
        r = B - D.T @ z
        return r @ r / 2, -D @ r

    return float(B @ B / 2 - _box(value, 39, -K, K))


FUNCTIONS = [
    ("||A x - b||^2 / 2 + k norm1(x)", "k: scalar(positive)", (), _lasso),
    ("||A x - b||^2 / 2 + k sum(max(x, -x))", "k: scalar(positive)", (), _lasso),
    ("norm1(A x - b)", "", (), _least_absolute),
    ("sum(max(0.9 (b - A x), -0.1 (b - A x)))", "", (), lambda: _least_absolute((0.9, 0.1))),
    ("norm_inf(A x - b)", "", (), lambda: _largest(np.vstack([A, -A]), np.append(B, -B))),
    ("max(abs(A x - b))", "", (), lambda: _largest(np.vstack([A, -A]), np.append(B, -B))),
    ("-min(b - A x)", "", ("x >= -1", "x <= 1"), lambda: None),
    ("sum(relu(1 - y .* (A x))) + k ||x||^2 / 2", "k: scalar(positive)", (), _machine),
    ("sum(max(0, 1 - y .* (A x))) + k ||x||^2 / 2", "k: scalar(positive)", (), _machine),
    ("||x - b||^2 / 2 + k norm1(D x)", "k: scalar(positive)", (), _variation),
]


def _bounded() -> float:
    rows = np.column_stack([A, -np.ones(40)])
    bounds = [(-1, 1)] * 8 + [(None, None)]
    return float(linprog(np.append(np.zeros(8), 1.0), rows, B, bounds=bounds).fun)


@pytest.mark.parametrize(("f", "where", "constraints", "known"), FUNCTIONS, ids=[row[0] for row in FUNCTIONS])
def test_the_least_value(f: str, where: str, constraints: tuple[str, ...], known: Callable[[], float | None]) -> None:
    data = {
        n: v
        for n, v in {"A": A, "b": B, "y": Y, "k": K, "D": D}.items()
        if n in mc.parse(f, where or None).declarations
    }
    found = mc.minimize(f, "x", data, where=where or None, subject_to=list(constraints))
    best = known()
    best = _bounded() if best is None else best
    assert found.success and found.is_global and "kinks" in found.method
    assert found.fun == pytest.approx(best, rel=1e-6, abs=1e-8)
    value = mc.compile(mc.parse(f, where or None))
    assert float(value(**data, x=found.x)) == pytest.approx(found.fun, rel=1e-12)


def test_entries_that_are_zero_are_zero() -> None:
    found = mc.minimize("||A x - b||^2 / 2 + k norm1(x)", "x", {"A": A, "b": B, "k": 40.0}, where="k: scalar(positive)")
    assert 0 < np.sum(np.abs(found.x) < 1e-13) < 8


def test_equations_and_inequalities_beside_a_kink() -> None:
    rows = ["C x = c", "x >= 0"]
    C, c = A[:3], A[:3] @ np.full(8, 0.5)
    found = mc.minimize("norm1(x - d)", "x", {"C": C, "c": c, "d": B[:8]}, subject_to=rows)
    one = np.eye(8)
    program = linprog(
        np.append(np.zeros(8), np.ones(8)),
        np.block([[one, -one], [-one, -one]]),
        np.append(B[:8], -B[:8]),
        np.column_stack([C, np.zeros((3, 8))]),
        c,
        bounds=[(0, None)] * 8 + [(None, None)] * 8,
    )
    assert found.success and found.fun == pytest.approx(program.fun, rel=1e-6)
    assert np.allclose(C @ found.x, c) and found.x.min() >= -1e-9


@pytest.mark.parametrize("f", ["x^2 - abs(x)", "min(x, 1) + x^2", "(abs(x) - 1)^2"])
def test_a_kink_that_f_falls_with_stays(f: str) -> None:
    assert without_kinks(read_problem(f, ["x"], None, "x: scalar")) is None


def test_kinks_inside_of_kinks() -> None:
    found = mc.minimize("max(abs(x - 1), abs(x + 2)) + x / 4", "x", {}, where="x: scalar")
    assert found.success and found.x == pytest.approx(-0.5) and found.fun == pytest.approx(1.375)


def test_the_new_unknowns_have_free_names() -> None:
    lifted = without_kinks(read_problem("norm1(x - t_1)", ["x"], None, None))
    assert lifted is not None
    names: list[Node] = [x.data[0] for x in lifted.unknowns]
    assert names == ["x", "t_2"]


def test_an_argmin_layer_of_the_lasso() -> None:
    """The gradient by the weight and the data, beside differences of the minimiser."""
    torch = pytest.importorskip("torch")
    layer = mc.argmin("||A x - b||^2 / 2 + k norm1(x)", "x", where="k: scalar(positive)", target="torch")
    g = RNG.standard_normal(8)
    b, k = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (B, K))
    (layer(A=torch.tensor(A), b=b, k=k) @ torch.tensor(g)).backward()

    def along(b: Array, k: float) -> float:
        return float(
            mc.minimize("||A x - b||^2 / 2 + k norm1(x)", "x", {"A": A, "b": b, "k": k}, where="k: scalar(positive)").x
            @ g
        )

    h, e = 1e-4, RNG.standard_normal(40)
    assert float(k.grad) == pytest.approx((along(B, K + h) - along(B, K - h)) / (2 * h), rel=1e-4)
    assert float(b.grad @ torch.tensor(e)) == pytest.approx(
        (along(B + h * e, K) - along(B - h * e, K)) / (2 * h), rel=1e-4
    )
