"""Formulas with indices: their names, ranges and derivatives; `sums.txt` has one to a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from tests.machine import sweep

LINES = [
    line for line in Path(__file__).with_name("sums.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"
]
ROWS = [
    (text, *columns.strip().removeprefix("by ").split(" | "))
    for text, columns in zip(LINES[::2], LINES[1::2], strict=True)
]


@sweep(2)
@pytest.mark.parametrize(("text", "variable", "names"), ROWS, ids=[row[0][:60] for row in ROWS])
def test_names_and_ranges_are_read_and_the_derivative_is_right(text: str, variable: str, names: str) -> None:
    f = mc.parse(text)
    assert "; ".join(map(str, f.declarations.values())) == names
    report = mc.check(text, variable)
    assert report, str(report)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (r"\sum_{j \ne i} x_j", "the index i is not bound"),
        (r"\sum_i x", "the index i does not occur in the sum"),
        (r"\log \sum_i e^{x_i} - x_k", "no sum binds k"),
        (r"\sum_i x_i \log x_i + y - x_i", "stands outside of the sum over i"),
        (r"\sum_j W_{ij} x_j", "depends on the index j in a way that is not known"),
        (r"\sum_{i=1}^m \sum_{j=1}^{n_i} A_{ij}", "depends on another index"),
        (r"\sum_{i: k = 1} x_i", "a sum over"),
    ],
)
def test_indices_that_are_not_bound_are_errors(text: str, message: str) -> None:
    with pytest.raises(MatcalcError, match=message):
        mc.parse(text)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("sum_i x_i x_i^T", "X^T X"),
        (r"\sum_i y_i x_i", r"X^\top y"),
        (r"\sum_i \|x_i - \mu\|^2", r"\|X - \mathbf{1}\mu^\top\|_F^2"),
        (r"\sum_i\sum_j a_i b_j", r"\sum_j\sum_i a_i b_j"),
        (r"\sum_{i,j} A_{ij} x_i x_j", r"x^\top A x"),
        ("sum_i A_ii y_i", r"\sum_{i=1}^{n} A_{ii} y_{i}"),
        (r"\sum_{i,j} A_ij x_i x_j", r"\sum_{i,j} A_{ij} x_i x_j"),
        (r"\sum_{i} i a_i b", r"b \sum_{i} a_i i"),
    ],
)
def test_sums_are_equal_to_matrix_expressions(left: str, right: str) -> None:
    assert mc.equal(left, right).verdict == "proved"


# --- sums over pairs, compared with loops ----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (r"\sum_{i=2}^n \sum_{j=1}^{i-1} a_{ij}", lambda n: ((i, j) for i in range(2, n + 1) for j in range(1, i))),
        (r"\sum_{i=2}^n \sum_{j<i} a_{ij}", lambda n: ((i, j) for i in range(2, n + 1) for j in range(1, i))),
        (r"\sum_{i=1}^{n-1} \sum_{j=i+1}^{n} a_{ij}", lambda n: ((i, j) for i in range(1, n) for j in range(i + 1, n + 1))),
        (r"\sum_{i=1}^n \sum_{j=i}^n a_{ij}", lambda n: ((i, j) for i in range(1, n + 1) for j in range(i, n + 1))),
        (r"\sum_i \sum_{j>i} a_{ij}", lambda n: ((i, j) for i in range(1, n + 1) for j in range(i + 1, n + 1))),
        (r"\sum_{t=2}^T \sum_{s=1}^{t-1} a_{ts}", lambda n: ((i, j) for i in range(2, n + 1) for j in range(1, i))),
        (r"\sum_{t=0}^{n-1} \sum_{s=0}^{t} a_{ts}", lambda n: ((i, j) for i in range(1, n + 1) for j in range(1, i + 1))),
        (r"\sum_{1 \le i < j \le n} a_{ij}", lambda n: ((i, j) for i in range(1, n + 1) for j in range(i + 1, n + 1))),
        (r"\sum_{i=1}^n \sum_{j \ne i} a_{ij}", lambda n: ((i, j) for i in range(1, n + 1) for j in range(1, n + 1) if i != j)),
    ],
)  # fmt: skip
def test_sums_over_pairs_are_loops(text: str, pairs: Callable[[int], Iterable[tuple[int, int]]]) -> None:
    a = np.random.default_rng(4).normal(size=(5, 5))
    f = mc.parse(text)
    assert mc.compile(f)(a=a) == pytest.approx(sum(a[i - 1, j - 1] for i, j in pairs(5)))
    expected = np.zeros((5, 5))
    for i, j in pairs(5):
        expected[i - 1, j - 1] = 1
    run = mc.compile(mc.derivative(f, "a"))
    assert run(a=a, **dict.fromkeys(run.parameters, 5)) == pytest.approx(expected)
    assert mc.check(f, "a")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (r"\sum_i \sum_{j<i} w_{ij} + c", r"c + \sum_i (\sum_{j<i} w_{ij})"),
        (r"\sum_i \left\| x_i - y \right\|^2", r"\sum_i \|x_i - y\|^2"),
        (r"\sum_i \left\Vert x_i - y \right\Vert_2^2 + c", r"c + \sum_i \|x_i - y\|^2"),
        (r"\sum_i \left| x_i - m \right|", r"\sum_i |x_i - m|"),
    ],
)
def test_a_sum_ends_where_it_ends(text: str, same: str) -> None:
    assert mc.parse(text) == mc.parse(same)


def test_labels_of_results_that_are_no_indices_stay_labels() -> None:
    f = mc.parse(r"J_m = \sum_{i=1}^{N} \sum_{j=1}^{C} u_{ij}^m \|x_i - c_j\|^2")
    assert f.node.is_scalar
    assert f.declarations["m"].kind == "scalar"
    assert mc.parse(r"\mathcal{L}_c = \sum_i \|W_c x_i - b_c\|^2").node.is_scalar


def test_sizes_are_not_called_as_families_are() -> None:
    f = mc.parse(r"\sum_{d}\sum_{w} n_{dw} \log \sum_{z} \theta_{dz} \phi_{zw}")
    assert set(f.declarations) == {"n", "theta", "phi"}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (r"\sum_{i,i'} x_i x_{i'} K_{ii'}", r"\sum_{i,j} x_i x_j K_{ij}"),
        (r"\sum_{i < i'} K_{i,i'}", r"\sum_{i < j} K_{ij}"),
        (r"\sum_{k'=1}^K a_{k'} y_{k'}", r"\sum_{k=1}^K a_k y_k"),
        (
            r"\sum_{i,c} y_{ic} \log \frac{e^{w_c^\top x_i}}{\sum_{c'} e^{w_{c'}^\top x_i}}",
            r"\sum_{i,c} y_{ic} \log \frac{e^{w_c^\top x_i}}{\sum_{l} e^{w_l^\top x_i}}",
        ),
    ],
)
def test_indices_may_be_primed(text: str, same: str) -> None:
    assert mc.equal(text, same)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"\sum_{t=1}^T \gamma^t r_t^2", "sum_t r_t^2 gamma^t"),
        (r"\sum_{t=0}^{T} \gamma^t r_t", "sum_t r_t gamma^(t - 1)"),
        (r"\sum_{i,j} |i-j| x_i x_j", "sum_{i,j} x_i x_j abs(i - j)"),
        (r"\sum_{n=1}^N n^2 x_n", "sum_i i^2 x_i"),
    ],
)
def test_an_index_that_is_a_number_is_printed_as_it_is_typed(text: str, shown: str) -> None:
    f = mc.parse(text)
    assert str(f) == shown
    again = mc.parse(shown, where="gamma: scalar" if "gamma" in shown else None)
    values = {name: np.random.default_rng(3).uniform(0.5, 1, size=4) for name in f.declarations if name != "gamma"}
    values |= {"gamma": 0.7} if "gamma" in f.declarations else {}
    assert mc.compile(again)(**values) == pytest.approx(mc.compile(f)(**values))


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        (r"\sum_i \log \sum_{j \le i} e^{s_j}", lambda s, i: s[: i + 1]),
        (r"\sum_{i=1}^n \log \sum_{j=i}^n e^{s_j}", lambda s, i: s[i:]),
        (r"\sum_i \log \sum_{j \ne i} e^{s_j}", lambda s, i: np.delete(s, i)),
    ],
)
def test_logarithms_of_parts_of_a_sum(text: str, inside: Callable[[np.ndarray, int], np.ndarray]) -> None:
    """What stands in the inner sum depends on i by the relation alone."""
    s = np.random.default_rng(5).normal(size=4) * 300
    f = mc.parse(text)
    expected = sum(np.logaddexp.reduce(inside(s, i)) for i in range(4))
    assert mc.compile(f)(s=s) == pytest.approx(expected)
    assert mc.check(f, "s")


def test_a_square_matrix_is_not_the_rows_of_a_family() -> None:
    f = mc.parse(r"\sum_{k=1}^N ((x_k - r_k)^\top Q (x_k - r_k) + u_k^\top R u_k)")
    assert f.declarations["R"].dims != f.declarations["X"].dims
    assert [str(d) for d in f.declarations["X"].dims] == ["N", str(f.declarations["Q"].dims[0])]


@pytest.mark.parametrize(
    "text",
    [
        "sum_{i,j} exp([i = j] A_ij) y_i",
        "sum_{i,j} exp([i=j] A_ij) y_i",
        r"\sum_{i,j} \exp\left([i = j] A_{ij}\right) y_i",
    ],
)
def test_equal_indices_in_brackets_are_read_as_they_are_printed(text: str) -> None:
    A, y = np.array([[0.5, 2.0], [3.0, -1.0]]), np.array([1.5, 4.0])
    wanted = sum(np.exp(A[i, j] if i == j else 0) * y[i] for i in range(2) for j in range(2))
    read = mc.parse(text)
    assert "[i = j]" in str(read)
    for e in (read, mc.parse(str(read)), mc.parse(read.latex())):
        assert mc.compile(e)(A=A, y=y) == pytest.approx(wanted)


def test_an_equals_sign_between_other_things_in_brackets_is_refused() -> None:
    with pytest.raises(MatcalcError, match="= was not expected"):
        mc.parse("sum_{i,j} [y_i = y_j] A_ij")


@pytest.mark.parametrize(
    "text",
    ["sum_{i!=j} (V_ij - V_ii)/(y_j - y_i)", "sum_{i!=j} (V_ij - 2 V_ii)/abs(y_j - y_i)", "sum_{i<j} V_ii/(y_j - y_i)"],
)
def test_claims_in_which_a_column_of_a_relation_divides_by_zero(text: str) -> None:
    printed = mc.derivative(text, "V")
    assert mc.check(text, "V", claim=str(printed)) and mc.check(text, "V", claim=printed.latex())
    assert not mc.check(text, "V", claim=f"2 ({printed})")


MIXTURE = r"\sum_n\log\sum_k\pi_k \frac{1}{(2\pi)^{2/2} |\Sigma_k|^{1/2}} \exp(-\frac12 (x_n-\mu_k)^\top \Sigma_k^{-1} (x_n-\mu_k))"


def _of_mixture() -> tuple[dict[str, np.ndarray], float]:
    """Points, and the logarithm of their density by loops."""
    rng = np.random.default_rng(3)
    pi, X, mu, root = (
        rng.uniform(0.2, 1, 3),
        rng.normal(size=(4, 2)),
        rng.normal(size=(3, 2)),
        rng.normal(size=(3, 2, 2)),
    )
    Sigma = root @ root.transpose(0, 2, 1) + np.eye(2)
    total = 0.0
    for x in X:
        parts = []
        for p, m, S in zip(pi, mu, Sigma, strict=True):
            exponent = -0.5 * (x - m) @ np.linalg.inv(S) @ (x - m)
            parts.append(p * np.exp(exponent) / np.sqrt(np.linalg.det(2 * np.pi * S)))
        total += np.log(sum(parts))
    return {"pi": pi, "X": X, "mu": mu, "Sigma": Sigma}, total


@pytest.mark.parametrize("wrt", ["pi", "mu", r"\Sigma"])
def test_the_number_pi_stands_beside_members_of_pi(wrt: str) -> None:
    values, wanted = _of_mixture()
    f = mc.parse(MIXTURE)
    given = {name: values[name.removesuffix("_all")] for name in f.declarations}
    assert mc.compile(f)(**given) == pytest.approx(wanted)
    assert mc.check(MIXTURE, wrt)


@pytest.mark.parametrize(
    "density",
    [
        r"\mathcal N(x_n | \mu_k, \Sigma_k)",
        r"\mathcal{N}(\mathbf{x}_n \mid \boldsymbol\mu_k, \boldsymbol\Sigma_k)",
        r"\mathcal{N}\left(x_n; \mu_k, \Sigma_k\right)",
    ],
)
def test_normal_densities_of_vectors(density: str) -> None:
    values, wanted = _of_mixture()
    f = mc.parse(rf"\sum_n \log \sum_k \pi_k {density}")
    assert any("normal distribution of a vector" in note.message for note in f.notes)
    assert mc.compile(f)(**{name: values[name.removesuffix("_all")] for name in f.declarations}) == pytest.approx(
        wanted
    )
    assert mc.check(f, "mu")


def test_normal_densities_of_numbers() -> None:
    X, w, y = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([0.3, 0.7]), np.array([1.0, 2.0])
    f = mc.parse(r"\sum_n \log \mathcal N(y_n | w^\top x_n, \sigma^2)")
    parts = np.exp(-((y - X @ w) ** 2) / (2 * 1.5**2)) / np.sqrt(2 * np.pi * 1.5**2)
    assert mc.compile(f)(X=X, w=w, y=y, sigma=1.5) == pytest.approx(np.log(parts).sum())
    assert any("normal distribution of a number" in note.message for note in f.notes)


@pytest.mark.parametrize(
    "text", [r"\mathcal N(x, \mu, \Sigma)", r"\mathcal N(x | \mu)", r"\mathcal N(x | \mu, \Sigma, \nu)"]
)
def test_other_brackets_behind_the_letter_are_no_densities(text: str) -> None:
    with pytest.raises(MatcalcError):
        mc.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        r"\sum_{i: \delta_i = 1} \left(x_i^\top \beta - \log \sum_{j: t_{j} \geq t_{i}} \exp(x_j^\top \beta)\right)",
        "sum_{i: delta_i = 1} (x_i^T beta - log(sum_{j: t_j >= t_i} exp(x_j^T beta)))",
    ],
)
def test_a_sum_runs_over_those_for_which_a_condition_of_members_holds(text: str) -> None:
    """The partial likelihood of Cox [1972], whose sets of risk are {j: t_j >= t_i}."""
    X, beta = np.random.default_rng(5).normal(size=(4, 2)), np.array([0.3, -0.7])
    t, delta = np.array([2.0, 1.0, 4.0, 3.0]), np.array([1.0, 0.0, 1.0, 1.0])
    at_risk = [[j for j in range(4) if t[j] >= t[i]] for i in range(4)]
    wanted = sum(X[i] @ beta - np.log(sum(np.exp(X[j] @ beta) for j in at_risk[i])) for i in range(4) if delta[i] == 1)
    assert mc.compile(mc.parse(text))(X=X, beta=beta, t=t, delta=delta) == pytest.approx(wanted)
    assert mc.check(text, "beta")


@pytest.mark.parametrize(
    "text", [r"\prod_{j: t_j \ge 2} x_j^\top \beta", r"\sum_{j: k \ge 2} x_j", r"\sum_{j: t_i \ge 2} x_j"]
)
def test_other_conditions_below_a_sign_are_refused(text: str) -> None:
    with pytest.raises(MatcalcError, match=r"condition|is not known"):
        mc.parse(text)


@pytest.mark.parametrize("sign", [r"\sum_{i<j}", r"\sum_i \sum_{j \ne i}", r"\sum_{i=1}^n \sum_{j=i+1}^n"])
def test_delta_of_two_indices_that_are_never_equal_is_data(sign: str) -> None:
    f = mc.parse(rf"{sign} w_{{ij}} (\delta_{{ij}} - \|x_i - x_j\|)^2")
    assert "delta" in f.declarations
    assert mc.check(f, "x")


def test_that_delta_is_of_equal_indices_is_noted() -> None:
    f = mc.parse(r"\sum_{i,j} (\delta_{ij} - d_{ij})^2")
    assert str(mc.gradient(f, "d")) == "2 (d - I)"
    assert any("delta_ij is read as 1" in note.message for note in f.notes)
    assert not mc.parse(r"\sum_{i<j} \delta_{ij} d_{ij}").notes


@pytest.mark.parametrize(
    ("text", "same", "variable", "note"),
    [
        (
            r"\mathbb{E}_i \left[ (y_i - x_i^\top w)^2 \right] + \lambda \|w\|^2",
            r"\frac1n \sum_{i=1}^n (y_i - x_i^\top w)^2 + \lambda \|w\|^2",
            "w",
            "the mean over all i",
        ),
        (
            r"\sum_{i=1}^{n} \rho_\tau(y_i - x_i^\top \beta)",
            r"\sum_{i=1}^{n} \max(\tau (y_i - x_i^\top \beta), (\tau - 1) (y_i - x_i^\top \beta))",
            "beta",
            "the loss of a quantile",
        ),
        (
            r"\log \frac{1}{n} \sum_{i=1}^n \exp(-\|z - x_i\|^2)",
            r"\log \left(\frac{1}{n} \sum_{i=1}^n \exp(-\|z - x_i\|^2)\right)",
            "z",
            "",
        ),
        (
            r"\sum_i \sum_k 1\{y_i = k\} \log p_{ik}",
            r"\sum_i \sum_k \mathbf{1}\{y_i = k\} \log p_{ik}",
            "p",
            "",
        ),
        (
            r"\log \mathcal N(w|0,\alpha^{-1}I)",
            r"-\frac{\alpha}{2} \|w\|^2 + \frac{1}{2} \log\det(\alpha I / (2\pi) + 0 w w^\top)",
            "w",
            "the normal distribution of a vector",
        ),
    ],
)  # fmt: skip
def test_signs_of_papers_on_data(text: str, same: str, variable: str, note: str) -> None:
    f = mc.parse(text)
    assert mc.equal(text, same)
    assert mc.check(f, variable)
    assert any(note in n.message for n in f.notes) or not note


def test_sets_of_risk_and_of_triples() -> None:
    cox = mc.parse(r"\sum_i \delta_i (\beta^\top x_i - \log \sum_{j \in R(t_i)} \exp(\beta^\top x_j))")
    X, beta, delta = np.random.default_rng(2).normal(size=(3, 2)), np.array([0.2, -0.4]), np.array([1.0, 0.0, 1.0])
    R = np.array([[1.0, 1.0, 1.0], [0.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
    wanted = sum(delta[i] * (X[i] @ beta - np.log(R[i] @ np.exp(X @ beta))) for i in range(3))
    assert mc.compile(cox)(X=X, beta=beta, delta=delta, R=R) == pytest.approx(wanted)
    assert mc.check(cox, "beta")
    triples = mc.parse(r"-\sum_{(u,i,j)} \ln \sigma(\hat x_{uij})")
    x = np.random.default_rng(3).normal(size=(2, 3, 4))
    assert mc.compile(triples)(x_hat=x) == pytest.approx(np.log1p(np.exp(-x)).sum())


@pytest.mark.parametrize(
    "text", [r"\log \sum_w \exp(u_w^\top v_c) - u_o^\top v_c", "log sum_w exp(u_w^T v_c) - u_o^T v_c"]
)
def test_one_member_beside_the_sum_over_all_is_among_them(text: str) -> None:
    """The loss of word2vec: its gradient by all u has the slope of u_o, too."""
    f = mc.parse(text)
    U, v = np.random.default_rng(4).normal(size=(4, 3)), np.array([0.5, -1.0, 0.25])
    one, p = np.eye(4)[2], np.exp(U @ v) / np.exp(U @ v).sum()
    by_u, by_v = (mc.compile(mc.gradient(f, name))(U=U, v_c=v, e_o=one) for name in ("u", "v_c"))
    assert np.allclose(by_u, np.outer(p - one, v))
    assert np.allclose(by_v, U.T @ (p - one))
    assert any("u_o is read as the member at a place o" in note.message for note in f.notes)


@pytest.mark.parametrize("text", ["log sum_j exp(x_j) - x_k", r"\log \sum_j \exp(x_j) - x_k"])
def test_a_member_whose_index_no_sum_binds_is_an_error_in_both_dialects(text: str) -> None:
    with pytest.raises(MatcalcError, match="no sum binds k"):
        mc.parse(text)
