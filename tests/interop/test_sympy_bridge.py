"""Sums over entries, functions of matrices, functions that nobody defined and derivatives by entries, both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

import matcalc as mc
from matcalc.interop.sympy import diff
from matcalc.interop.sympy_functions import MatrixFunction

i, j, n = sp.symbols("i j n", integer=True, positive=True)
t = sp.Symbol("t", real=True)
X, A, B = (sp.MatrixSymbol(name, n, n) for name in "XAB")
x, y, a, b = (sp.MatrixSymbol(name, n, 1) for name in "xyab")
g = sp.Function("g")
ALL, BOTH = (i, 0, n - 1), ((i, 0, n - 1), (j, 0, n - 1))

# fmt: off
READ: list[tuple[Any, str]] = [
    (sp.Sum(x[i, 0] ** 2, ALL), "x^T x"), (sp.sqrt((x.T * x)[0, 0]), "||x||"), (sp.Sum(sp.exp(x[i, 0]), ALL), "sum(exp(x))"),
    (sp.Sum(x[i, 0], ALL), "sum(x)"), (sp.Sum(x[i, 0], ALL) ** 2, "sum(x)^2"), ((sp.OneMatrix(1, n) * x)[0, 0], "sum(x)"),
    (sp.Sum(A[i, j] * x[j, 0], *BOTH), "sum(A .* (ones(n) x^T))"),
    (sp.Sum(x[i, 0] ** 2 * y[i, 0], ALL), "x^T (x .* y)"), (sp.Sum(X[i, j] ** 3, *BOTH), "sum(X.^3)"),
    (sp.Sum(sp.sin(X[i, j]) * A[i, j], *BOTH), "tr(A^T sin(X))"), (sp.Sum(sp.log(t + x[i, 0]), ALL), "sum(log(t + x))"),
    (sp.Sum(sp.Trace(A) * t**i, (i, 0, 2)), "tr(A) (t^2 + t + 1)"), (sp.exp((x.T * A * x)[0, 0]), "exp(x^T A x)"),
    ((A * X * B)[0, 1], "(A X B)[1, 2]"), ((A * X)[i, j], "(A X)[i + 1, j + 1]"), ((A * X * B)[i, j], "(A X B)[i + 1, j + 1]"),
    (sp.sin(X), "sinm(X)"), (sp.cos(2 * X), "cosm(2 X)"), (sp.tanh(X), "tanhm(X)"), (sp.cosh(X), "coshm(X)"), (sp.tan(X), "tanm(X)"),
    (g(t), "g(t)"), (g(t).diff(t), "g'(t)"), (g(t**2).diff(t), "2 t g'(t^2)"), (x.applyfunc(g), "g(x)"), (X.applyfunc(g), "g(X)"),
    (sp.Function("h")(t, 2).diff(t), "∂_1 h(t, 2)"), (g((a.T * x)[0, 0]), "g(a^T x)"),
]
# fmt: on


@pytest.mark.parametrize(("e", "text"), READ)
def test_read(e: Any, text: str) -> None:
    f = mc.from_sympy(e)
    where = {name: d.type_text for name, d in f.declarations.items()}
    assert mc.equal(f, mc.parse(text, where)).verdict == "proved"


@pytest.mark.parametrize(
    "e", [sp.Sum(x[i, 0] * i, ALL), sp.Sum(x[i, 0], (i, 1, n - 1)), sp.Sum(x[i, 0] ** 2, (i, 0, n - 2))]
)
def test_sums_of_some_entries_are_refused(e: Any) -> None:
    with pytest.raises(mc.MatcalcError, match="counterpart"):
        mc.from_sympy(e)


WRITTEN = [
    "expm(X) A", "tr(logm(X) A) where X: spd(n)", "x^T sinm(X) x", "cosm(A X)", "signm(X)", "chol(S) x where S: spd(n)", "pinv(R) where R: matrix(m, n)",
    "g(a^T x)", "sum(g(A x))", "g'(t) where t: scalar", "g''(a^T x) a", "tr(A g(X))", "h(s, t) where s: scalar, t: scalar",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_round_trip(text: str) -> None:
    f = mc.parse(text)
    where = {name: d.type_text for name, d in f.declarations.items() if d.kind != "function"}
    assert mc.from_sympy(mc.to_sympy(f), where).node == f.node


def test_a_matrix_function_is_a_matrix_of_sympy() -> None:
    e = MatrixFunction("expm", X)
    assert str(e * a) == "expm(X)*a"
    assert sp.latex(e) == r"\operatorname{expm}\left(X\right)"
    assert e.shape == (n, n)
    assert str(diff(sp.Trace(e), X)) == "expm(X.T)"


# fmt: off
#: of SymPy's own tests of matrix derivatives: what has a value by an entry, or holds entries, powers and functions
DERIVATIVES: list[Any] = [
    (x.T * a)[0, 0], (a.T * X * b)[0, 0], (b.T * X.T * X * a)[0, 0], ((X * b + a).T * A * (X * b + a))[0, 0], sp.Trace(A * X * B), sp.Trace(X**3),
    sp.Trace(X.T * A * X * B), sp.Determinant(X), sp.log(sp.Determinant(X)), (a.T * X**-1 * b)[0, 0], sp.Trace(A * X**-1 * B),
    sp.sqrt(sp.Trace(X.T * X)), (a.T * X.applyfunc(sp.sin) * b)[0, 0], sp.Trace(sp.HadamardPower(X, 3) * A), (a.T * sp.HadamardProduct(X, X) * b)[0, 0],
    sp.Trace(X) ** 2 * sp.Trace(A * X), sp.Sum(X[i, j] ** 3, *BOTH), sp.exp((a.T * X * b)[0, 0]), sp.Trace(MatrixFunction("expm", X)),
]
# fmt: on


@pytest.mark.parametrize("e", DERIVATIVES)
def test_derivatives_by_entries(e: Any) -> None:
    """Against differences of the function, at n = 3; the entry is counted from 0 as in SymPy."""
    f, v = mc.from_sympy(e), X if e.has(X) else x
    rng = np.random.default_rng(4)
    values = {
        m.name: rng.normal(size=(3, 3) if m.shape[1] != 1 else 3) + (2 * np.eye(3) if m == X else 0)
        for m in (X, A, B, x, a, b)
    }
    values = {name: value for name, value in values.items() if name in f.declarations}
    at = (1, 2) if v == X else (1, 0)
    found = mc.from_sympy(diff(e, v[at]))
    step = np.zeros(values[v.name].shape)
    step[at if v == X else 1] = 1e-5
    compiled = mc.compile(f)
    moved = [compiled(**{**values, v.name: values[v.name] + sign * step}) for sign in (1, -1)]
    held = {name: value for name, value in values.items() if name in found.declarations}
    assert mc.compile(found)(**held) == pytest.approx((moved[0] - moved[1]) / 2e-5, rel=1e-6, abs=1e-7)
