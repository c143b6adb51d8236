"""Arguments of compiled functions: single precision, numbers that behave as NumPy's, what is refused, pickle."""

from __future__ import annotations

import datetime
import multiprocessing
import os
import pickle
import subprocess
import sys
import warnings
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.compiling.cases import CASES
from tests.compiling.test_values import arguments, point_of
from tests.machine import library, sweep

INF, NAN = np.inf, np.nan
A, X = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, -1.0])


# --- single precision -----------------------------------------------------------------------------


@sweep(12)
@pytest.mark.parametrize("number", [float, np.float32])
@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize(("text", "name"), CASES, ids=[c[0][:40] for c in CASES])
def test_single_precision_stays(text: str, name: str, order: int, number: type) -> None:
    """Literals, ones, identities, special functions: nothing makes double precision of it."""
    f = mc.parse(text)
    fn = mc.compile(mc.derivative(f, *[name] * order) if order else f)
    point = point_of(f)
    given = arguments(f, point)
    sizes = {n: point.sizes[n] for n in fn.parameters if n in point.sizes and n not in f.declarations}
    single = {n: v.astype(np.float32) if v.ndim else number(v) for n, v in given.items()}
    wanted, found = fn(**given, **sizes), fn(**single, **sizes)
    assert found.dtype == np.float32 or not any(v.ndim for v in given.values())
    np.testing.assert_allclose(found, wanted, rtol=1e-2, atol=1e-2 * (1 + np.abs(wanted).max(initial=0)))


@pytest.mark.parametrize("form", ["structured", "operator"])
def test_maps_in_single_precision(form: str) -> None:
    h = mc.compile(mc.hessian("sum(exp(A x)) + x^T x", "x"), form=form)(A=A.astype("f"), x=X.astype("f"))
    assert h.matvec(X.astype("f")).dtype == np.float32


def test_types_of_arguments() -> None:
    fn = mc.compile("s A x where s: scalar, A: matrix(m, n), x: vector(n)")
    wanted = 2 * A @ X
    for s, a, x, kind in (
        (2, A.astype("f"), X.astype("f"), np.float32),
        (np.float64(2), A.astype("f"), X.astype("f"), np.float32),
        (2.0, A.astype("f"), X, np.float64),
        (2, A.astype(int), X.astype(np.int8), np.float64),
        (np.array(2), A.tolist(), X.tolist(), np.float64),
        (Fraction(2), [[Fraction(1), 2], [3, Decimal(4)]], np.array([Fraction(1), -1]), np.float64),
        (2, A.astype(np.float16), X.astype(np.longdouble), np.float64),
    ):
        for _ in range(2):
            found = fn(s=s, A=a, x=x)
            assert found.dtype == kind
            np.testing.assert_allclose(found, wanted)


# --- what is refused --------------------------------------------------------------------------------

REFUSED = {
    "complex": {"A": A + 1j},
    "complex number": {"s": 2j},
    "complex number in an array": {"s": np.array(2j)},
    "masked": {"A": np.ma.masked_array(A, mask=A > 3)},
    "masked number": {"s": np.ma.masked},
    "dates": {"x": np.array(["2020-01-01", "2020-01-02"], dtype="M8[D]")},
    "times": {"x": np.array([1, 2], dtype="m8[s]")},
    "date objects": {"x": [datetime.date(2020, 1, 1)] * 2},
    "None": {"x": np.array([1.0, None], dtype=object)},
    "no number": {"s": None},
    "text": {"s": "2"},
    "texts": {"x": ["1", "2"]},
}


@sweep(2)
@pytest.mark.parametrize("target", ["numpy", "array-api", "jax", "torch"])
@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_honoured_is_refused(what: str, target: str) -> None:
    """Also after a call that went well."""
    if target in ("jax", "torch"):
        library(target)
    fn = mc.compile("s A x where s: scalar, A: matrix(m, n), x: vector(n)", target=target)
    good: dict[str, Any] = {"s": 2.0, "A": A, "x": X}
    (name,) = REFUSED[what]
    for _ in range(2):
        with pytest.raises(mc.MatcalcError, match=f"{name} has to be an array of real numbers"):
            fn(**good | REFUSED[what])
        fn(**good)


# --- numbers as NumPy's -----------------------------------------------------------------------------

# fmt: off
NUMBERS = (
    # text,             arguments,                  value, derivative by s
    ("s^t",             {"s": -2, "t": 0.5},        NAN,  NAN),
    ("1/s",             {"s": 0},                   INF,  -INF),
    ("s^1000",          {"s": 10},                  INF,  INF),
    ("s^(-3)",          {"s": 0},                   INF,  -INF),
    ("s^(1/3)",         {"s": -8},                  NAN,  NAN),
    ("s / t",           {"s": 0, "t": 0},           NAN,  INF),
    ("log(s)",          {"s": 0},                   -INF, INF),
    ("log(s)",          {"s": -1},                  NAN,  -1.0),
    ("sqrt(s)",         {"s": -1},                  NAN,  NAN),
    ("exp(s)",          {"s": 1000},                INF,  INF),
    ("cosh(s)",         {"s": 1000},                INF,  INF),
    ("2^s",             {"s": 5000},                INF,  INF),
    ("asin(s)",         {"s": 2},                   NAN,  NAN),
    ("atanh(s)",        {"s": 1},                   INF,  -INF),
    ("s t",             {"s": 1e300, "t": 1e300},   INF,  1e300),
    ("s^t",             {"s": 0, "t": -1},          INF,  -INF),
    ("lgamma(s)",       {"s": 0},                   INF,  None),
    ("lgamma(s)",       {"s": -3},                  INF,  None),
    ("s + t^2",         {"s": 1, "t": 1e200},       INF,  1.0),
)
STATIC = (
    ("log(n - 1) sum(x)",   1,    -INF),
    ("2^n sum(x)",          2000, INF),
    ("n^100 sum(x)",        2000, INF),
    ("exp(n) sum(x)",       1000, INF),
    ("lgamma(n - 1) sum(x)", 1,   INF),
    ("sqrt(n - 3) sum(x)",  1,    NAN),
    ("n^(1/3) sum(x)",      8,    16.0),
    ("(-1)^n sum(x)",       3,    -3.0),
    ("10^40 sum(x)",        2,    2e40),
)
# fmt: on


@pytest.mark.parametrize("target", ["numpy", "array-api"])
@pytest.mark.parametrize(("text", "given", "value", "slope"), NUMBERS)
def test_numbers_behave_as_those_of_numpy(
    text: str, given: dict[str, float], value: float, slope: float | None, target: str
) -> None:
    f = mc.parse(text, dict.fromkeys(given, "scalar"))
    fn = mc.compile([f, mc.derivative(f, "s")], target=target)
    with np.errstate(all="ignore"):
        found = fn(**given)
    np.testing.assert_equal(np.asarray(found[0]), value)
    if slope is not None:
        np.testing.assert_equal(np.asarray(found[1]), slope)


@pytest.mark.parametrize("target", ["numpy", "array-api", "torch"])
@pytest.mark.parametrize(("text", "n", "value"), STATIC)
def test_numbers_of_sizes_behave_as_those_of_numpy(text: str, n: int, value: float, target: str) -> None:
    x = np.ones(n)
    if target == "torch":
        x = library("torch").as_tensor(x)
    with np.errstate(all="ignore"):
        found = mc.compile(text, where="x: vector(n)", target=target)(x=x)
    np.testing.assert_allclose(float(found), value, rtol=1e-12)


def test_the_warning_is_that_of_numpy() -> None:
    fn = mc.compile("1 / s where s: scalar")
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        fn(s=0.0)
    with np.errstate(divide="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert fn(s=0.0) == np.inf
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        fn(s=0.0)


# --- pickle -------------------------------------------------------------------------------------------


def logdet_objective() -> mc.api.Objective:
    return mc.objective("logdet(S) + tr(S^-1 C)", "S", {"C": np.eye(2)}, where="S: spd(n), C: symmetric(n)")


READ = """
import pickle, sys
import numpy as np
fn, dense, products, objective, code = pickle.load(sys.stdin.buffer)
S = np.array([[2.0, 0.5], [0.5, 1.0]])
np.testing.assert_allclose(dense(S=S, C=S).matvec(S), products(S=S, C=S).matvec(S))
assert "function" in code.source and fn.flops(n=3) > 0
print(float(fn(S=S, C=S)[0]), float(objective.fun(S)), objective.jac(S).tolist(), fn.__doc__ is not None)
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_compiled_functions_go_into_other_processes(seed: str) -> None:
    """Whatever their hash seed is."""
    f = mc.parse("logdet(S) + tr(S^-1 C)", "S: spd(n), C: symmetric(n)")
    fn = mc.compile([f, mc.derivative(f, "S")])
    maps = [mc.compile(mc.hessian(f, "S"), form=form) for form in ("structured", "operator")]
    data = pickle.dumps((fn, *maps, logdet_objective(), mc.compile(f, target="julia")))
    path = os.pathsep.join(sys.path)
    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=data,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    S = np.array([[2.0, 0.5], [0.5, 1.0]])
    o = logdet_objective()
    assert done.stdout.decode().split("[")[0].split() == [str(float(fn(S=S, C=S)[0])), str(float(o.fun(S)))]


def test_objectives_run_in_a_pool() -> None:
    o = logdet_objective()
    points = [np.eye(2), np.array([[2.0, 0.5], [0.5, 1.0]])]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(o.fun, points) == [o.fun(p) for p in points]


def test_sizes_that_are_no_polynomials_go_through_pickle() -> None:
    d = mc.derivative("svdvals(X) + 0 svdvals(X)", "X")
    assert pickle.loads(pickle.dumps(d)).shape == d.shape
    fn = pickle.loads(pickle.dumps(mc.compile("vech(S)^T A vech(S)", where="S: symmetric(n)")))
    assert np.isclose(fn(S=np.eye(2), A=np.eye(3)), 2)


@pytest.mark.parametrize("target", ["numpy", "array-api", "jax"])
def test_powers_with_arrays_as_exponents_are_those_of_numpy(target: str) -> None:
    x, y = np.array([-2.0, 0.0, 0.0, 3.0]), np.array([2.0, 2.0, 0.0, 0.5])
    found = mc.compile("x.^y where x: vector(n), y: vector(n)", target=target)(x=x, y=y)
    np.testing.assert_allclose(np.asarray(found), x**y, rtol=1e-6)
    np.testing.assert_allclose(mc.compile("2.^x where x: vector(n)")(x=x), 2.0**x)


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("log10(std(A)) * std(A) where A: matrix(m, k)", "A"),
        ("entropy(exp(s / t)) where s: scalar, t: scalar(positive)", "t"),
        ("sum(gelu(x.^-2)) where x: vector(n, positive)", "x"),
    ],
)
def test_quotients_without_a_value_at_zero_are_compiled(text: str, wrt: str) -> None:
    assert mc.check(text, wrt)
    assert mc.compile(mc.derivative(text, wrt)).source
