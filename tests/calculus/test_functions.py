"""Every function of the language, differentiated once, twice and three times, against differences."""

from __future__ import annotations

import re

import numpy as np
import pytest

import matcalc as mc
from matcalc.functions import FUNCTIONS, find
from tests.machine import sweep

ENTRYWISE = "exp expm1 sin cos tan sec csc cot sinh cosh tanh sech csch coth asinh atan abs sign relu sigmoid softplus silu gelu erf erfc log1p cbrt exp2 logcosh log_ndtr inverse_mills floor ceil round".split()
OF_POSITIVE = "log log2 log10 sqrt gamma lgamma digamma trigamma factorial".split()
BETWEEN = "asin acos atanh erfinv".split()

#: expression, variable, declarations
ROWS = [
    *((f"sum({name}(x))", "x", "x: vector(n)") for name in ENTRYWISE),
    *((f"sum({name}(x))", "x", "x: vector(n, positive)") for name in OF_POSITIVE),
    *((f"sum({name}(x))", "x", "x: vector(n)") for name in BETWEEN),
    ("sum(acosh(2 + x))", "x", "x: vector(n, positive)"),
    ("sum(atan2(y, x).^2)", "x", "x: vector(n, positive), y: vector(n)"),
    ("sum(atan2(x, s).^2)", "s", "x: vector(n, positive), s: scalar"),
    ("sum(hypot(x, y).^3)", "x", "x: vector(n), y: vector(n)"),
    ("prod(X)^2", "X", "X: matrix(m, n)"),
    ("sum(prod(X, 2).^2)", "X", "X: matrix(m, n)"),
    ("sum(prod(X, 1).^3)", "X", "X: matrix(m, n)"),
    ("sum(cumsum(x).^3)", "x", "x: vector(n)"),
    ("sum(cumsum(X, 2).^3)", "X", "X: matrix(m, n)"),
    ("sum(cumprod(x).^2)", "x", "x: vector(n)"),
    ("sum(cumprod(X, 2).^2)", "X", "X: matrix(m, n)"),
    ("sum(cumprod(X, 1).^2)", "X", "X: matrix(m, n)"),
    ("var(X)^2", "X", "X: matrix(m, n)"),
    ("std(x)^3", "x", "x: vector(n)"),
    ("sum(row_var(X).^2)", "X", "X: matrix(m, n)"),
    ("sum(column_std(X).^3)", "X", "X: matrix(m, n)"),
    ("tr(cov(X)^2)", "X", "X: matrix(4, n)"),
    ("sum(max(X, axis=2).^2)", "X", "X: matrix(m, n)"),
    ("sum(min(X, axis=1).^3)", "X", "X: matrix(m, n)"),
    ("sum(norm(X, axis=2).^3)", "X", "X: matrix(m, n)"),
    ("sum(norm(X, 3, axis=1))", "X", "X: matrix(m, n)"),
    ("sum(logsumexp(X, 1).^2)", "X", "X: matrix(m, n)"),
    ("sum(log1mexp(-x))", "x", "x: vector(n, positive)"),
    ("sum(bose(x))", "x", "x: vector(n, positive)"),
    ("sum(logaddexp(x, y).^2)", "x", "x: vector(n), y: vector(n)"),
    ("sum(logaddexp(x, s).^2)", "s", "x: vector(n), s: scalar"),
    ("sum(logsumexp_rows(X).^2)", "X", "X: matrix(m, n)"),
    ("logsumexp_weighted(X, P)", "X", "X: matrix(m, n), P: matrix(m, n, positive)"),
    ("logsumexp_weighted(X, P)", "P", "X: matrix(m, n), P: matrix(m, n, positive)"),
    ("sum(exp_share(X, P).^2)", "X", "X: matrix(m, n), P: matrix(m, n, positive)"),
    ("sum(logsumexp_rows_weighted(X, P).^2)", "X", "X: matrix(m, n), P: matrix(m, n, positive)"),
    ("sum(logsumexp_rows_weighted(X, P).^2)", "P", "X: matrix(m, n), P: matrix(m, n, positive)"),
    ("sum(exp_share_rows(X, P).^2)", "X", "X: matrix(m, n), P: matrix(m, n, positive)"),
    ("sum(polygamma(2, x))", "x", "x: vector(n, positive)"),
    ("sum(gamma(x))", "x", "x: vector(n)"),
    ("sum(beta(x, y))", "x", "x: vector(n, positive), y: vector(n, positive)"),
    ("sum(beta(x, s))", "s", "x: vector(n, positive), s: scalar(positive)"),
    ("sum(max(x, y).^3)", "x", "x: vector(n), y: vector(n)"),
    ("sum(min(x, y).^3)", "x", "x: vector(n), y: vector(n)"),
    ("sum(pow(x, p))", "x", "x: vector(n, positive), p: scalar"),
    ("sum(pow(x, p))", "p", "x: vector(n, positive), p: scalar"),
    ("sum(huber(x, c).^2)", "x", "x: vector(n), c: scalar(positive)"),
    ("sum(where(greater(x, y), x.^3, y.^2))", "x", "x: vector(n), y: vector(n)"),
    ("sum(where(at_least(x, y), exp(x), 0))", "x", "x: vector(n), y: vector(n)"),
    ("sum(where(equals(x, y), x, x.^2) + differs(x, y) .* x.^3)", "x", "x: vector(n), y: vector(n)"),
    ("sum(huber(x, c).^2)", "c", "x: vector(n), c: scalar(positive)"),
    ("tr(X A X B)", "X", "X: matrix(m, n), A: matrix(n, m), B: matrix(n, m)"),
    ("sum(vec(X).^3)", "X", "X: matrix(m, n)"),
    ("sum(vech(X).^3)", "X", "X: matrix(n, n)"),
    ("sum(blocktrace(X, 2, 3).^3)", "X", "X: matrix(6, 6)"),
    ("logdet(blocktrace(X, m, n))", "X", "X: spd(m*n)"),
    ("sum(partial_trace(X, 2, 3).^3)", "X", "X: matrix(6, 6)"),
    ("tr(partial_trace(X, m, n)^2)", "X", "X: matrix(m*n, m*n)"),
    ("sum(unvec(v, m, n).^3)", "v", "v: vector(m*n)"),
    ("sum(diag(x)^3)", "x", "x: vector(n)"),
    ("sum(diag(X).^3)", "X", "X: matrix(n, n)"),
    ("sum(sum(X, 1).^3)", "X", "X: matrix(m, n)"),
    ("sum(mean(X, 2).^3)", "X", "X: matrix(m, n)"),
    ("mean(X)^3", "X", "X: matrix(m, n)"),
    ("inner(X, X)^2", "X", "X: matrix(m, n)"),
    ("sum(outer(x, x).^2)", "x", "x: vector(n)"),
    ("sum(kron(X, X).^2)", "X", "X: matrix(m, n)"),
    ("sum(kron(A, X).^3)", "X", "A: matrix(m, n), X: matrix(k, p)"),
    ("sum(sym(X)^3)", "X", "X: matrix(n, n)"),
    ("sum(skew(X).^3)", "X", "X: matrix(n, n)"),
    ("sum(triu(X)^3)", "X", "X: matrix(n, n)"),
    ("sum(tril(X)^3)", "X", "X: matrix(n, n)"),
    ("x[2]^3", "x", "x: vector(n)"),
    ("X[1, 2]^3 X[2, 1]", "X", "X: matrix(m, n)"),
    ("sum(X[1, :].^3)", "X", "X: matrix(m, n)"),
    ("sum(X[:, 2].^3)", "X", "X: matrix(m, n)"),
    ("logdet([A, B; C, X])", "X", "A: invertible(m), X: matrix(n, n)"),
    ("sum([A, X; X^T, B].^3)", "X", "A: matrix(m, m), B: matrix(n, n)"),
    ("sum(inv(X))", "X", "X: invertible(n)"),
    ("sum(pinv(X))", "X", "X: matrix(m, n)"),
    ("sum(solve(X, B))", "X", "X: invertible(n), B: matrix(n, k)"),
    ("sum(adj(X))", "X", "X: invertible(n)"),
    ("det(X)", "X", "X: matrix(n, n)"),
    ("logdet(X)", "X", "X: matrix(n, n)"),
    ("sum(X^3)", "X", "X: matrix(n, n)"),
    ("sum(X^12)", "X", "X: matrix(n, n)"),
    ("sum(X^-2)", "X", "X: invertible(n)"),
    ("sum(X^p)", "X", "X: matrix(n, n), p: scalar(integer)"),
    ("x^T X^n x", "X", "X: matrix(n, n), x: vector(n)"),
    ("quad(x, A)", "x", "A: matrix(n, n), x: vector(n)"),
    ("norm1(X)", "X", "X: matrix(m, n)"),
    ("norm2(x)", "x", "x: vector(n)"),
    ("norm(x, 3)", "x", "x: vector(n)"),
    ("norm(x, p)", "x", "x: vector(n), p: scalar(positive)"),
    ("norm_inf(X)^3", "X", "X: matrix(m, n)"),
    ("norm_nuc(X)", "X", "X: matrix(m, n)"),
    ("norm_spec(X)", "X", "X: matrix(m, n)"),
    ("eigmax(S)", "S", "S: symmetric(n)"),
    ("eigmin(S)", "S", "S: symmetric(n)"),
    ("sum(eigvals(S).^4)", "S", "S: symmetric(n)"),
    ("eigmax(X^T X)", "X", "X: matrix(m, n)"),
    ("sum(svdvals(X).^3)", "X", "X: matrix(m, n)"),
    ("sum(expm(X))", "X", "X: matrix(n, n)"),
    ("sum(sinm(X))", "X", "X: matrix(n, n)"),
    ("tr(A cosm(X))", "X", "A: matrix(n, n), X: matrix(n, n)"),
    ("tr(A signm(X))", "X", "A: matrix(n, n), X: matrix(n, n)"),
    ("tr(A tanhm(X))", "X", "A: matrix(n, n), X: matrix(n, n)"),
    ("sum(tanm(X)) + sum(sinhm(X)) + sum(coshm(X))", "X", "X: matrix(n, n)"),
    ("b^T toeplitz(x) x", "x", "b: vector(n), x: vector(n)"),
    ("sum(toeplitz(x, y).^3)", "y", "x: vector(m), y: vector(n)"),
    ("b^T circulant(x)^2 b", "x", "b: vector(n), x: vector(n)"),
    ("sum(conv(x, x).^2)", "x", "x: vector(n)"),
    ("sum(logm(X))", "X", "X: spd(n)"),
    ("sum(sqrtm(X))", "X", "X: spd(n)"),
    ("sum(chol(X))", "X", "X: spd(n)"),
    ("tr(A^T expm(t * A) B)", "t", "t: scalar, A: matrix(n, n), B: matrix(n, n)"),
    ("logsumexp(X)", "X", "X: matrix(m, n)"),
    ("sum(softmax(x).^2)", "x", "x: vector(n)"),
    ("sum(softmax(X).^2)", "X", "X: matrix(m, n)"),
    ("sum(softmax(X, 1).^2)", "X", "X: matrix(m, n)"),
    ("sum(logsoftmax(X).^2)", "X", "X: matrix(m, n)"),
    ("max(X)^3", "X", "X: matrix(m, n)"),
    ("min(X)^3", "X", "X: matrix(m, n)"),
    ("entropy(x)", "x", "x: vector(n, positive)"),
    ("kl(x, y)", "y", "x: vector(n, positive), y: vector(n, positive)"),
    ("sum(normalize(x).^3)", "x", "x: vector(n)"),
]

#: Named parts of the engine's answers, and constants.
OTHERS = set(
    "argmax argmin eig_gaps eigvec_max eigvec_min eigvecs frechet_adj frechet_expm frechet_logm frechet_matpow frechet_sinm frechet_cosm frechet_signm kron_contract "
    "logsoftmax_rows resolvent_max resolvent_min softmax_all step svd_gaps svd_u svd_u_max svd_v svd_v_max sylvester "
    "row_max row_min row_argmax row_argmin column_max column_min row_norm column_norm "
    "prod_rows prod_others prod_others_rows prod_others_along prod_others_rows_along cumprod_columns column_var row_std "
    "tril_half commutation duplication elimination khatri_rao "
    "correlate diagonal_sums cyclic_sums funm expm1m exp2m log1pm log2m log10m cbrtm sigmoidm softplusm silum logcoshm asinhm acoshm atanhm absm relum "
    "ones zeros eye e vector matrix norm conj re im".split()
)


@sweep(8)
@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("row", ROWS, ids=[f"{r[0]} by {r[1]}" for r in ROWS])
def test_derivatives(row: tuple[str, str, str], order: int) -> None:
    text, wrt, where = row
    assert mc.check(text, wrt, where=where, order=order, trials=1)


def test_every_function_has_its_row() -> None:
    written = {w for text, _, _ in ROWS for w in re.findall(r"[A-Za-z_]\w*", text)}
    named = {row.name for w in written if (row := find(w)) is not None}
    assert not set(FUNCTIONS) - named - OTHERS


#: f, variable, declarations: all nine pairs of shapes
PAIRS = [
    ("s^2 exp(s)", "s", "s: scalar"),
    ("sum(exp(x)) x^T x", "x", "x: vector(n)"),
    ("tr(X^T A X) logdet(A)", "X", "A: spd(m), X: matrix(m, n)"),
    ("exp(s * x)", "s", "s: scalar, x: vector(n)"),
    ("normalize(x)", "x", "x: vector(n)"),
    ("X x ./ (1 + (X x).^2)", "X", "X: matrix(m, n), x: vector(n)"),
    ("inv(A + s * B)", "s", "s: scalar, A: matrix(n, n), B: matrix(n, n)"),
    ("A diag(x) B", "x", "x: vector(n), A: matrix(m, n), B: matrix(n, k)"),
    ("X A X^T X", "X", "X: matrix(m, n), A: matrix(n, n)"),
    ("x^T X", "X", "X: matrix(m, n), x: vector(m)"),
    ("sum(X, 1) .* sum(X, 1)", "X", "X: matrix(m, n)"),
    ("kron(X, X)", "X", "X: matrix(m, n)"),
]


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("row", PAIRS, ids=[f"{r[0]} by {r[1]}" for r in PAIRS])
def test_pairs_of_shapes(row: tuple[str, str, str], order: int) -> None:
    text, wrt, where = row
    assert mc.check(text, wrt, where=where, order=order, trials=2)


@pytest.mark.parametrize("order", [("X", "A"), ("A", "X"), ("X", "A", "X"), ("t", "X"), ("X", "t", "A")])
def test_mixed_derivatives(order: tuple[str, ...]) -> None:
    assert mc.check(
        "t^2 tr(X^T A X A) + logdet(A) sum(X)", *order, where="A: invertible(m), X: matrix(m, m), t: scalar"
    )


def test_no_silent_zero() -> None:
    """What is not known is an error, never zero."""
    with pytest.raises(mc.MatcalcError):
        mc.gradient("sum(polygamma(k, x))", "k", "k: scalar(positive), x: vector(n, positive)")
    with pytest.raises(mc.MatcalcError):
        mc.gradient("sum(X^p)", "p", "X: matrix(n, n), p: scalar(integer)")


#: Where only the largest or smallest value is simple, and where there is no other one.
EXTREME = [
    ("eigmax(S)", "S", "S: symmetric(n)", np.diag([3.0, 1.0, 1.0])),
    ("eigmin(S)", "S", "S: symmetric(n)", np.diag([-1.0, 2.0, 2.0])),
    ("eigmin(X X^T + eye(n))", "X", "X: matrix(n, m)", np.array([[0.7]])),
    ("norm_spec(X)", "X", "X: matrix(m, n)", np.diag([3.0, 1.0, 1.0])[:, :2] + 0.0),
    ("norm_spec(X)", "X", "X: matrix(m, n)", np.diag([2.0, 0.0, 0.0])),
]


@pytest.mark.parametrize("row", EXTREME, ids=[f"{r[0]} of size {len(r[3])}" for r in EXTREME])
def test_extreme_values_beside_repeated_ones(row: tuple[str, str, str, np.ndarray]) -> None:
    text, wrt, where, x = row
    gradient = mc.compile(mc.derivative(text, wrt, where=where))
    hessian = mc.compile(mc.derivative(text, wrt, wrt, where=where))
    e = np.random.default_rng(5).standard_normal(x.shape)
    e = e + e.T if "S:" in where else e
    slope = (gradient(x + 1e-5 * e) - gradient(x - 1e-5 * e)) / 2e-5
    np.testing.assert_allclose(np.tensordot(hessian(x), e, 2), slope, atol=1e-7)


@pytest.mark.parametrize("x", [np.array([[1.0, 2], [2, 4]]), np.outer([1.0, 2, 3], [1.0, 0, 1]), np.diag([2.0, 3, 0])])
def test_the_adjugate_of_a_singular_matrix(x: np.ndarray) -> None:
    """adj(X)^T is the derivative of det at every X, found here by differences."""
    adjugate = mc.compile("adj(X)", where="X: matrix(n, n)")(x)
    e = np.random.default_rng(0).standard_normal(x.shape)
    slope = (np.linalg.det(x + 1e-5 * e) - np.linalg.det(x - 1e-5 * e)) / 2e-5
    np.testing.assert_allclose(np.sum(adjugate.T * e), slope, atol=1e-7)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("tr(A X^p)", "A: matrix(n, n), X: matrix(n, n), p: scalar(integer)"),
        ("tr(A logm(X))", "A: matrix(n, n), X: spd(n)"),
        ("sum(kron(X, A).^3)", "A: matrix(m, n), X: matrix(m, n)"),
        ("norm_spec(A X)", "A: matrix(k, m), X: matrix(m, n)"),
    ],
)
def test_printed_gradients_are_claims(text: str, where: str) -> None:
    assert mc.check(text, "X", where=where, claim=str(mc.gradient(text, "X", where=where)))


def test_sum_of_a_kronecker_product() -> None:
    where = "A: matrix(m, n), X: matrix(p, q)"
    assert str(mc.gradient("sum(kron(A, X))", "X", where=where)) == "sum(A) ones(p, q)"
