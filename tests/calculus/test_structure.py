"""Structured variables: projections, the other conventions by name, Riemannian gradients."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.calculus.structure import linear_structure, project
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import UnsupportedError
from matcalc.expr import variable

G = variable("G", ("n", "n"))


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("symmetric", "symmetric"),
        ("spd", "symmetric"),
        ("psd", "symmetric"),
        ("skew", "skew"),
        ("diagonal", "diagonal"),
        ("lower", "lower"),
        ("upper", "upper"),
        ("orthogonal", None),
        ("invertible", None),
    ],
)
def test_projection_is_idempotent(tag: str, kind: str | None) -> None:
    v = variable("X", ("n", "n"), (tag,))
    assert linear_structure(v) == kind
    once = project(G, v)
    assert project(once, v) is once


# expression, variable, declarations, structured, unstructured, independent entries
CONVENTIONS = [
    ("tr(A S)",   "S", "S: symmetric(n)",               "(A + A^T) / 2", "A^T",     "A + A^T - diag(diag(A))"),     # MC (139)
    ("tr(A S^T)", "S", "S: symmetric(n)",               "(A + A^T) / 2", "A",       "A + A^T - diag(diag(A))"),
    ("logdet(S)", "S", "S: spd(n)",                     "S^-1",          "S^-1",    "2 S^-1 - diag(diag(S^-1))"),   # MC (141)
    ("x^T S x",   "S", "S: symmetric(n), x: vector(n)", "x x^T",         "x x^T",   "2 x x^T - diag(x.^2)"),
    ("tr(K^2)",   "K", "K: skew(n)",                    "-2 K",          "-2 K",    "-4 K"),
    ("tr(D^-1)",  "D", "D: diagonal(n)",                "-D^-2",         "-D^-2",   "-D^-2"),
    ("tr(K) / n", "K", "K: skew(n)",                    "zeros(n, n)",   "I / n",   "zeros(n, n)"),
    ("logdet(L)", "L", "L: lower(n)",                   "diag(1 ./ diag(L))", "L^-T", "diag(1 ./ diag(L))"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wrt", "where", "structured", "free", "independent"), CONVENTIONS, ids=[r[0] for r in CONVENTIONS]
)
def test_conventions(text: str, wrt: str, where: str, structured: str, free: str, independent: str) -> None:
    assert str(mc.gradient(text, wrt, where)) == structured
    assert str(mc.gradient(text, wrt, where, convention="unstructured")) == free
    assert str(mc.gradient(text, wrt, where, convention="independent")) == independent
    assert mc.check(text, wrt, where=where)


def test_independent_entries_are_derivatives_by_one_number_each() -> None:
    f = mc.parse("logdet(S) + tr(A S S)", "S: spd(n), A: matrix(n, n)")
    g = mc.gradient(f, "S", convention="independent")
    rng = np.random.default_rng(0)
    a = rng.standard_normal((3, 3))
    s = np.eye(3) * 2 + (a + a.T) / 5

    def value(x: np.ndarray) -> float:
        return float(np.linalg.slogdet(x)[1] + np.trace(a @ x @ x))

    for i in range(3):
        for j in range(3):
            e = np.zeros((3, 3))
            e[i, j] = e[j, i] = 1e-5
            slope = (value(s + e) - value(s - e)) / 2e-5
            assert np.isclose(evaluate(g.node, {"S": s, "A": a}, {"n": 3})[i, j], slope, rtol=1e-7)


def test_an_orthogonal_constant_simplifies_and_a_variable_does_not() -> None:
    assert str(mc.gradient("tr(Q^T X Q)", "X", "Q: orthogonal(n)")) == "I"
    assert str(mc.gradient("||Q (x - b)||^2", "x", "Q: orthogonal(n)")) == "2 (x - b)"
    assert str(mc.gradient("tr(Q^T Q A)", "Q", "Q: orthogonal(n)")) == "Q (A + A^T)"
    assert str(mc.gradient("det(Q + 3 * eye(n)) + x^T x", "x", "Q: orthogonal(n)")) == "2 x"


def test_stiefel_gradient_is_tangent_and_has_the_slopes_of_f() -> None:
    f = mc.parse("tr(B^T X) + tr(X^T A X C) where X: matrix(n, k)")
    r, g = mc.gradient(f, "X", geometry="stiefel"), mc.gradient(f, "X")
    rng = np.random.default_rng(1)
    sizes = {"n": 5, "k": 2}
    values = {n: rng.standard_normal([d.evaluate(sizes) for d in v.shape]) for n, v in f.declarations.items()}
    x = values["X"] = np.linalg.qr(values["X"])[0]
    at, slope = evaluate(r.node, values, sizes), evaluate(g.node, values, sizes)
    assert np.allclose(x.T @ at + at.T @ x, 0)
    z = rng.standard_normal(x.shape)
    tangent = z - x @ (x.T @ z + z.T @ x) / 2
    assert np.isclose(np.sum(at * tangent), np.sum(slope * tangent))


def test_affine_invariant_gradient_has_the_slopes_of_f_in_its_metric() -> None:
    f = mc.parse("logdet(S) + tr(A S^-1) where S: spd(n)")
    r = mc.gradient(f, "S", geometry="affine-invariant")
    assert str(r) == "S - (A + A^T) / 2"
    rng = np.random.default_rng(2)
    a, z = rng.standard_normal((2, 3, 3))
    s, e = a @ a.T + np.eye(3), z + z.T
    values = {"S": s, "A": z}
    at, slope = (evaluate(x.node, values, {"n": 3}) for x in (r, mc.gradient(f, "S")))
    s1 = np.linalg.inv(s)
    assert np.isclose(np.trace(s1 @ at @ s1 @ e), np.sum(slope * e))


@pytest.mark.parametrize(
    ("text", "wrt", "options"),
    [
        ("tr(A X)", ("X",), {"convention": "other"}),
        ("tr(A X)", ("X",), {"geometry": "other"}),
        ("tr(A X)", ("X",), {"geometry": "affine-invariant"}),
        ("A x", ("x",), {"geometry": "stiefel"}),
        ("tr(X^T X)", ("X", "X"), {"convention": "independent"}),
    ],
)
def test_options_that_do_not_apply_are_named(text: str, wrt: tuple[str, ...], options: dict[str, str]) -> None:
    with pytest.raises(UnsupportedError):
        mc.derivative(text, *wrt, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["prod(A)", "det(A)", "det(A)^2", "tr(adj(A) A A)"])
@pytest.mark.parametrize("kind", ["lower", "symmetric", "diagonal"])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_unstructured_derivatives_are_compiled_as_those_of_a_free_matrix(text: str, kind: str, order: int) -> None:
    x = np.array([[2.0, 0.0], [3.0, 5.0]])
    x = {"lower": x, "symmetric": x + x.T, "diagonal": np.diag(np.diag(x))}[kind]
    free = mc.derivative(text, *"A" * order, where="A: matrix(2, 2)")
    bound = mc.derivative(text, *"A" * order, where=f"A: {kind}(2)", convention="unstructured")
    found, wanted = (run(*[x] * len(run.parameters)) for run in (mc.compile(bound), mc.compile(free)))
    np.testing.assert_allclose(found, wanted, atol=1e-12)
