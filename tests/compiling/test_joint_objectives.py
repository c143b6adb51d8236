"""Objectives of several variables: one vector and back, derivatives by differences of ``fun``, which shares none of their rules."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import matcalc as mc
from tests.machine import library

scipy = library("scipy.optimize")

rng = np.random.default_rng(7)
GENERAL = rng.standard_normal((3, 3))
DATA = {
    "T": rng.standard_normal((4, 3)),
    "X": rng.standard_normal((5, 3)),
    "y": rng.standard_normal(5),
    "C": GENERAL @ GENERAL.T + np.eye(3),
    "z": rng.standard_normal(3),
}
#: Points, those of structured variables without their structure, as optimisers may stand there.
POINTS = {
    "U": rng.standard_normal((4, 2)),
    "V": rng.standard_normal((3, 2)),
    "w": rng.standard_normal(3),
    "beta": 0.3,
    "S": 2 * np.eye(3) + 0.3 * GENERAL,
    "mu": rng.standard_normal(3),
    "lambda": 0.7,
}
# fmt: off
CASES = (
    # f,                                                        variables,     declarations
    ("||T - U V^T||_F^2 + ||U||_F^2",                           "U V",         "T: matrix(m, n), U: matrix(m, k), V: matrix(n, k)"),
    ("sum(log(1 + exp(-y .* (X w + beta ones(m,1)))))",         "w beta",      "X: matrix(m, n), y: vector(m), w: vector(n), beta: scalar"),
    ("logdet(S) + tr(S^-1 C) + (z - mu)^T S^-1 (z - mu)",       "mu S",        "S: spd(n), C: matrix(n, n), z: vector(n), mu: vector(n)"),
    ("lambda ||S mu - z||^2 + lambda^3 + tr(S S)",              "S mu lambda", "S: symmetric(n), z: vector(n), mu: vector(n), lambda: scalar"),
    ("||y - X (w .* z)||^2 + w^T z",                            "w z",         "X: matrix(m, n), y: vector(m), w: vector(n), z: vector(n)"),
)
# fmt: on


def made(f: str, names: str, where: str) -> tuple[mc.compiling.JointObjective, np.ndarray]:
    wanted = names.split()
    data = {k: v for k, v in DATA.items() if f"{k}:" in where and k not in wanted}
    o = mc.objective(f, wanted, data, where=where)
    return o, o.pack({name: {**DATA, **POINTS}[name] for name in wanted})


@pytest.mark.parametrize(("f", "names", "where"), CASES)
def test_derivatives_are_those_of_the_function(f: str, names: str, where: str) -> None:
    o, x = made(f, names, where)
    v, h = rng.standard_normal(x.size), 1e-6
    assert scipy.check_grad(o.fun, o.jac, x) < 1e-5 * (1 + np.abs(o.jac(x)).max())
    product = (o.jac(x + h * v) - o.jac(x - h * v)) / (2 * h)
    np.testing.assert_allclose(o.hessp(x, v), product, rtol=1e-5, atol=1e-5 * np.abs(product).max())
    np.testing.assert_allclose(o.hess(x) @ v, o.hessp(x, v), rtol=1e-9, atol=1e-9)
    value, slope = o.value_and_gradient(x)
    assert value == o.fun(x) and np.array_equal(slope, o.jac(x))


@pytest.mark.parametrize(("f", "names", "where"), CASES)
def test_a_vector_and_back(f: str, names: str, where: str) -> None:
    o, x = made(f, names, where)
    parts = o.unpack(x)
    assert list(parts) == names.split() and all(parts[k].shape == np.shape({**DATA, **POINTS}[k]) for k in parts)
    assert np.array_equal(o.pack(**parts), x)
    assert pickle.loads(pickle.dumps(o)).fun(x) == o.fun(x)


def test_a_factorisation_is_found() -> None:
    """Both factors at once: the residual of a matrix of rank 2 is 0."""
    target = POINTS["U"] @ POINTS["V"].T
    o = mc.objective(
        "||T - U V^T||_F^2 where T: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", ["U", "V"], {"T": target}
    )
    start = o.pack(U=rng.standard_normal((4, 2)), V=rng.standard_normal((3, 2)))
    found = scipy.minimize(o.value_and_gradient, start, jac=True, method="BFGS")
    u, v = o.unpack(found.x).values()
    np.testing.assert_allclose(u @ v.T, target, atol=1e-4)
    newton = scipy.minimize(o.fun, start, jac=o.jac, hessp=o.hessp, method="trust-ncg")
    assert newton.fun < 1e-6


def test_shapes_come_from_the_data_the_call_or_the_start() -> None:
    text = "||T - U V^T||_F^2 where T: matrix(m, n), U: matrix(m, k), V: matrix(n, k)"
    said = mc.objective(text, ("U", "V"), {"T": DATA["T"]}, shape={"V": (3, 2)})
    assert said.unpack(np.arange(14.0))["U"].shape == (4, 2)
    unknown = mc.objective(text, ["U", "V"], {"T": DATA["T"]})
    with pytest.raises(mc.MatcalcError, match="cannot be read off"):
        unknown.fun(np.zeros(14))
    with pytest.raises(mc.MatcalcError, match="V has the shape"):
        unknown.pack(U=np.zeros((4, 2)), V=np.zeros((2, 2)))
    with pytest.raises(mc.MatcalcError, match="V is missing"):
        unknown.pack(U=np.zeros((4, 2)))
    with pytest.raises(mc.MatcalcError, match="W is not a variable"):
        unknown.pack(U=np.zeros((4, 2)), W=0.0)
    with pytest.raises(mc.MatcalcError, match="12 entries"):
        said.fun(np.zeros(12))
    with pytest.raises(mc.MatcalcError, match="named twice"):
        mc.objective(text, ["U", "U"], {"T": DATA["T"]})


@pytest.mark.filterwarnings("error")
def test_outside_of_the_domain() -> None:
    o, _ = made(*CASES[2])
    x = o.pack(mu=np.zeros(3), S=-np.eye(3))
    assert o.fun(x) == np.inf and np.all(np.isnan(o.jac(x)))
    assert np.all(np.isnan(o.hess(x))) and o.hess(x).shape == (12, 12) and o.hessp(x, x).shape == (12,)
