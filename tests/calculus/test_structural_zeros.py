"""Entries that are 0 by structure stay 0 in values and derivatives, also where a function is steep or infinite at 0."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.sampling import project_numeric
from tests.machine import library, long, sweep

N = 4
RNG = np.random.default_rng(3)
BASE = RNG.uniform(0.3, 1.5, (N, N))
OTHERS = {"A": RNG.uniform(0.2, 1, (N, N)), "p": 1.0, "r": 0.7, "q": 0.5, "b": 0.4, "S": BASE + BASE.T, "x": BASE[0]}
KINDS = {
    "A": "matrix(n, n)",
    "p": "scalar",
    "r": "scalar(positive)",
    "q": "scalar",
    "b": "scalar",
    "S": "symmetric(n)",
    "x": "vector(n)",
}

# fmt: off
CASES = (
    # f,                                        structures of L
    ("sum(L.^p)",                               "lower upper diagonal"),
    ("sum(L.^p) + sum(L.^q)",                   "lower upper diagonal"),
    ("sum((L.^r).^q)",                          "lower upper diagonal"),
    ("sum(sqrt(A .* L.^(1 + r)))",              "lower upper diagonal"),
    ("sum(L.^2.5)",                             "lower upper diagonal"),
    ("sum(sqrt(L))",                            "lower upper diagonal"),
    ("sum(A .* sqrt(L))",                       "lower upper diagonal"),
    ("tr(A^T sqrt(L))",                         "lower upper diagonal"),
    ("x^T sqrt(L) x",                           "lower upper diagonal"),
    ("sum(cbrt(L))",                            "lower upper diagonal skew"),
    ("sum(cbrt(L L))",                          "lower upper diagonal"),
    ("sum(sqrt(L A))",                          "diagonal"),
    ("sum(sqrt(L^T))",                          "lower upper diagonal"),
    ("sum(sqrt(A .* L))",                       "lower upper diagonal"),
    ("sum(sqrt(2 L + L .* L))",                 "lower upper diagonal"),
    ("||sqrt(L)||_F^2 + sum(sqrt(L .* sqrt(L)))", "lower upper diagonal"),
    ("sum(abs(L).^1.5)",                        "lower upper diagonal skew"),
    ("sum(sqrt(abs(L)))",                       "lower upper diagonal skew"),
    ("norm(L, 1.5)",                            "lower upper diagonal skew"),
    ("sum(abs(L))",                             "lower upper diagonal skew"),
    ("sum(L.^L)",                               "diagonal"),
    ("sum(L.^(L.^r))",                          "diagonal"),
    ("sum(sqrt(kron(L, L)))",                   "lower diagonal"),
    ("sum(sqrt([L, A; 0, L]))",                 "lower diagonal"),
    ("sum(exp(sqrt(L)))",                       "lower upper diagonal"),
    ("tr(sqrt(L) A sqrt(L)^T)",                 "lower upper diagonal"),
    ("sum(vec(sqrt(L)) .* vec(A))",             "lower upper"),
    ("sum(sqrt(chol(S + 9 eye(n)) .* L))",      "lower"),
    ("sum(cbrt(triu(L, 1)))",                   "matrix"),
    ("sum(sqrt(tril(L)))",                      "matrix"),
    ("sum(tril(L).^p) + sum(A .* triu(L).^q)",  "matrix"),
    ("tr(A cbrt(tril(L A, -1)))",               "matrix"),
)
# fmt: on
PAIRS = [(f, kind) for f, kinds in CASES for kind in kinds.split()]


def problem(f: str, kind: str) -> tuple[dict[str, str], dict[str, object]]:
    """Declarations and values; also of variables that a name of a function only seems to hold."""
    declared = {"L": f"{kind}({'n, n' if kind == 'matrix' else 'n'})"} | KINDS
    names = {n for n in declared if re.search(rf"(?<![A-Za-z]){n}(?![A-Za-z])", f)}
    where = {n: t for n, t in declared.items() if n in names}
    point = project_numeric(mc.parse(f, where).declarations["L"].node, BASE)
    return where, {"L": point} | {n: v for n, v in OTHERS.items() if n in names}


@sweep(3)
@pytest.mark.parametrize(("f", "kind"), PAIRS)
def test_derivatives_are_finite_and_right(f: str, kind: str) -> None:
    where, given = problem(f, kind)
    node = mc.parse(f, where).declarations["L"].node
    run = {order: mc.compile(mc.derivative(f, *["L"] * order, where=where)) for order in (1, 2)}
    value = mc.compile(f, where=where)
    step = 1e-6 * project_numeric(node, RNG.standard_normal((N, N)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ahead, behind = ({**given, "L": given["L"] + s * step} for s in (1, -1))
        slope, curve = run[1](**given), run[2](**given)
        expected = (value(**ahead) - value(**behind)) / 2
        bend = (run[1](**ahead) - run[1](**behind)) / 2
    assert np.all(np.isfinite(slope)) and np.all(np.isfinite(curve))
    np.testing.assert_allclose(project_numeric(node, slope), slope, atol=1e-12)
    np.testing.assert_allclose(np.sum(slope * step), expected, rtol=1e-5, atol=1e-11)
    np.testing.assert_allclose(np.tensordot(curve, step, 2), bend, rtol=1e-4, atol=1e-10)


@sweep(2)
@pytest.mark.parametrize(("f", "kind"), PAIRS)
def test_they_are_verified_and_pass_as_claims(f: str, kind: str) -> None:
    where, _ = problem(f, kind)
    report = mc.check(f, "L", where=where)
    assert report, str(report)
    assert mc.check(f, "L", where=where, claim=str(mc.gradient(f, "L", where=where)))


def test_by_the_exponent() -> None:
    where = {"L": "lower(n)", "p": "scalar"}
    d = mc.compile(mc.derivative("sum(L.^p)", "p", where=where))
    lower = np.tril(BASE)
    inside = lower[np.tril_indices(N)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isclose(d(L=lower, p=1.0), np.sum(inside * np.log(inside)))


POWERS = {  # f -> its value by the entries that are not zeros of the structure
    "sum(L.^r)": lambda x, r: np.sum(x**r),
    "sum((L.^r).^(1 + r))": lambda x, r: np.sum(x ** (r + r * r)),
    "norm(L, 1 + r)": lambda x, r: np.sum(x ** (1 + r)) ** (1 / (1 + r)),
    "sum(sqrt(L).^r)": lambda x, r: np.sum(x ** (r / 2)),
}


@pytest.mark.parametrize("f", POWERS)
@pytest.mark.parametrize("kind", ["lower", "upper", "diagonal"])
def test_by_a_positive_exponent(f: str, kind: str) -> None:
    where = {"L": f"{kind}(n)", "r": "scalar(positive)"}
    point = project_numeric(mc.parse(f, where).declarations["L"].node, BASE)
    entries = point[point != 0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mc.compile(mc.derivative(f, "r", where=where))(L=point, r=0.7)
    ahead, behind = (POWERS[f](entries, 0.7 + s * 1e-6) for s in (1, -1))
    assert np.isclose(found, (ahead - behind) / 2e-6, rtol=1e-6)


#: f of p and q, of whose signs nothing is known -> the same of the entries that are not 0 by structure
UNKNOWN = {
    "sum((L.^p).^q)": lambda x, p, q: np.sum((x**p) ** q),
    "sum((2 L.^p .* L.^q).^q)": lambda x, p, q: np.sum((2 * x ** (p + q)) ** q),
    "sum(sqrt(L.^p)) + q sum(L.^p)": lambda x, p, q: np.sum(x ** (p / 2)) + q * np.sum(x**p),
    "sum(log(1 + cbrt(L.^p))) q": lambda x, p, q: np.sum(np.log(1 + np.cbrt(x**p))) * q,
}


@pytest.mark.parametrize("kind", ["lower", "diagonal"])
@pytest.mark.parametrize("f", UNKNOWN)
def test_exponents_of_unknown_sign(f: str, kind: str) -> None:
    """0^p is 0 for p > 0 only: that is a condition, under which the zeros do not move."""
    where = f"L: {kind}(n), p: scalar, q: scalar"
    point = np.tril(BASE) if kind == "lower" else np.diag(np.diag(BASE))
    entries, step = point[point != 0], 1e-6
    slopes = {
        "p": (UNKNOWN[f](entries, 1.3 + step, 0.6) - UNKNOWN[f](entries, 1.3 - step, 0.6)) / (2 * step),
        "q": (UNKNOWN[f](entries, 1.3, 0.6 + step) - UNKNOWN[f](entries, 1.3, 0.6 - step)) / (2 * step),
    }
    for name, slope in slopes.items():
        derivative = mc.derivative(f, name, where=where)
        assert np.isclose(mc.compile(derivative)(L=point, p=1.3, q=0.6), slope, rtol=1e-6), name
        assert any(c in ("p > 0", "p + q > 0") for c in derivative.conditions), derivative.conditions


@pytest.mark.parametrize("p", [2.0, 0.0, -1.0])
@pytest.mark.parametrize("q", [2.0, 0.0, -1.0])
def test_values_of_powers_of_zeros_are_those_of_numpy(p: float, q: float) -> None:
    point = np.diag(np.diag(BASE))
    f = mc.compile(mc.parse("sum((pow(L, p)).^q) where L: diagonal(n), p: scalar, q: scalar"))
    with np.errstate(divide="ignore"):
        assert np.isclose(f(L=point, p=p, q=q), np.sum((point**p) ** q))


# fmt: off
RAISED = (
    # structures of D and E        conditions of D.^E
    ("diagonal", "diagonal",       ("D > 0 on the diagonal",)),
    ("diagonal", "lower",          ("D > 0 on the diagonal", "E > 0 below the diagonal")),
    ("diagonal", "matrix",         ("D > 0 on the diagonal", "E > 0 off the diagonal")),
    ("lower",    "diagonal",       ("D > 0 on and below the diagonal",)),
    ("lower",    "lower",          ("D > 0 on and below the diagonal",)),
    ("lower",    "upper",          ("D > 0 on and below the diagonal", "E > 0 above the diagonal")),
    ("upper",    "matrix",         ("D > 0 on and above the diagonal", "E > 0 below the diagonal")),
    ("matrix",   "diagonal",       ("D > 0",)),
    ("matrix",   "skew",           ("D > 0",)),
    ("symmetric", "lower",         ("D > 0",)),
)
# fmt: on


@sweep(4)
@pytest.mark.parametrize(("kind", "other", "conditions"), RAISED, ids=[" ".join(row[:2]) for row in RAISED])
@pytest.mark.parametrize("f", ["sum(B .* D.^E)", "tr(B (D.^E)^2)"])
@pytest.mark.parametrize("wrt", ["D", "E", "DD", "EE"])
def test_arrays_as_exponents(kind: str, other: str, conditions: tuple[str, ...], f: str, wrt: str) -> None:
    """Where base or exponent are 0 by structure nothing moves: the derivative is 0 there, in every form."""
    where = {
        n: f"{k}(3, 3)" if k == "matrix" else f"{k}(3)" for n, k in zip("DEB", (kind, other, "matrix"), strict=True)
    }
    derivative = mc.derivative(f, *wrt, where=where)
    assert derivative.conditions == conditions
    assert mc.check(f, wrt[0], where=where, order=len(wrt))
    given = {"B": BASE[:3, :3]}
    for name in "DE":
        given[name] = project_numeric(mc.parse(f, where).declarations[name].node, BASE[1:, 1:])
    run = mc.compile(derivative)
    assert np.isfinite(run(**{n: given[n] for n in run.parameters})).all()


@long
@pytest.mark.parametrize("target", ["array-api", "jax", "torch"])
def test_other_targets(target: str) -> None:
    library({"array-api": "numpy"}.get(target, target))
    for f, kind in PAIRS[::5]:
        where, given = problem(f, kind)
        outputs = [mc.derivative(f, *["L"] * order, where=where) for order in (1, 2)]
        wanted = mc.compile(outputs)(**given)
        if target == "torch":
            import torch

            given = {n: torch.as_tensor(np.array(v)) for n, v in given.items()}
        found = mc.compile(outputs, target=target)(**given)
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_allclose(np.asarray(one), other, rtol=2e-4, atol=2e-5)


def test_answers_read_as_a_triangle() -> None:
    assert str(mc.gradient("sum(sqrt(L))", "L", "L: lower(n)")) == "tril(1 ./ sqrt(L)) / 2"
    assert str(mc.gradient("sum(L.^p)", "L", "L: lower(n), p: scalar")) == "p tril(L.^(p - 1))"
    assert str(mc.gradient("sum(cbrt(triu(X, 1)))", "X", "X: matrix(n, n)")) == "triu(1 ./ cbrt(X).^2, 1) / 3"
    assert str(mc.gradient("sum(L.^3)", "L", "L: lower(n)")) == "3 L.^2"


@pytest.mark.parametrize(
    ("text", "names"),
    [("sum(pinv(D).^p)", "Dp"), ("sum(expm(D).^p)", "Dp"), ("sum(sqrt(sqrtm(D)))", "D"), ("norm(logm(expm(L)), 2 + p^2)", "Lp")],
)  # fmt: skip
def test_functions_of_a_matrix_keep_its_zeros(text: str, names: str) -> None:
    f = mc.parse(text, {"D": "diagonal(n)", "L": "lower(n)", "p": "scalar"})
    assert all(mc.check(f, name) for name in names)
