"""Gradients through minimisers, against differences of minimisers that are found anew for moved data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.minimizing import argmin as module

torch = pytest.importorskip("torch")
jax = pytest.importorskip("jax")
rng = np.random.default_rng(8)
STEP = 1e-5


def _definite(n: int) -> Any:
    a = rng.standard_normal((n, n))
    return a @ a.T + 2 * np.eye(n)


A, b = rng.standard_normal((8, 3)), rng.standard_normal(8)
LOGISTIC = "sum(log(1 + exp(A x))) - b^T A x + k ||x||^2 / 2"
# fmt: off
#: f, unknown, constraints, bounds, declarations, data
CASES = (
    ("||A x - b||^2 + k ||x||^2", "x", (), None, "k: scalar(positive)", {"A": A, "b": b, "k": np.array(0.7)}),
    (LOGISTIC, "x", (), None, "A: matrix(m, n), b: vector(m), k: scalar(positive)", {"A": A, "b": (b > 0) * 1.0, "k": np.array(0.7)}),
    ("||A x - b||^2", "x", ("x >= 0",), None, "", {"A": A, "b": b}),
    ("x^T P x / 2 + q^T x", "x", ("C x = d", "G x <= h"), None, "P: spd(n)", {"P": _definite(3), "q": np.array([1.0, -2.0, 0.5]), "C": np.ones((1, 3)), "d": np.array([1.0]), "G": np.eye(3), "h": np.array([0.4, 0.5, 0.6])}),
    ("||x - a||^2", "x", ("x <= u",), None, "u: vector(n)", {"a": np.array([1.0, 2.0, -1.0]), "u": np.array([0.5, 3.0, 0.25])}),
    ("||x - a||^2", "x", ("x^T x <= r",), None, "r: scalar", {"a": np.array([1.0, 2.0, -1.0]), "r": np.array(2.0)}),
    ("||X - B||_F^2", "X", ("tr(X) = c",), (-1.0, 1.5), "X: symmetric(n), B: matrix(n, n), c: scalar", {"B": rng.standard_normal((3, 3)), "c": np.array(0.5)}),
    ("logdet(S) + tr(S^-1 C)", "S", ("tr(S) = c",), None, "S: spd(n), C: spd(n), c: scalar(positive)", {"C": _definite(3), "c": np.array(5.0)}),
)
# fmt: on


def _direction(name: str, value: Any, where: str) -> Any:
    e = rng.standard_normal(np.shape(value))
    return (e + e.T) / 2 if f"{name}: spd" in where else e


@pytest.mark.parametrize(("f", "x", "constraints", "bounds", "where", "data"), CASES)
def test_against_differences(f: str, x: str, constraints: Any, bounds: Any, where: str, data: dict[str, Any]) -> None:
    options = {"subject_to": constraints, "bounds": bounds, "where": where}
    own = mc.argmin(f, x, **options)
    in_torch, in_jax = (mc.argmin(f, x, target=target, **options) for target in ("torch", "jax"))
    g = rng.standard_normal(own(**data).shape)
    tensors = {n: torch.tensor(v, dtype=torch.float64, requires_grad=True) for n, v in data.items()}
    torch.sum(in_torch(**tensors) * torch.tensor(g)).backward()
    with jax.enable_x64(True):
        arrays = {n: jax.numpy.asarray(v) for n, v in data.items()}
        slopes = jax.jit(jax.grad(lambda d: (in_jax(**d) * g).sum()))(arrays)
    for name, value in data.items():
        e = _direction(name, value, where)
        up, down = (np.sum(g * own(**{**data, name: value + h * e})) for h in (STEP, -STEP))
        expected = (up - down) / (2 * STEP)
        for found in (tensors[name].grad.numpy(), np.asarray(slopes[name])):
            assert np.sum(found * e) == pytest.approx(expected, rel=2e-5, abs=1e-6), name


def test_a_fault_in_the_adjoint_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the multipliers of the linear system are left out."""
    right = module._adjoint
    monkeypatch.setattr(module, "_adjoint", lambda *args: (right(*args)[0], 0 * right(*args)[1]))
    f, x, constraints, bounds, where, data = CASES[3]
    with pytest.raises(AssertionError):
        test_against_differences(f, x, constraints, bounds, where, data)


def test_single_precision_is_kept() -> None:
    ridge = mc.argmin("||A x - b||^2 + k ||x||^2", "x", where="k: scalar(positive)", target="torch")
    found = ridge(A=torch.tensor(A, dtype=torch.float32), b=torch.tensor(b, dtype=torch.float32), k=0.5)
    assert found.dtype == torch.float32


def test_what_has_no_minimiser_is_an_error() -> None:
    free = mc.argmin("c^T x", "x", where="c: vector(n)", target="torch")
    with pytest.raises(mc.MatcalcError, match="no minimiser was found"):
        free(c=torch.ones(2))
    with pytest.raises(mc.MatcalcError, match="targets are"):
        mc.argmin("||x||^2", "x", target="tensorflow")
