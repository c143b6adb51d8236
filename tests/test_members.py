"""Derivatives by one member of a family: the parts of that by all of them."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.objects.results import Result, rows_of
from tests.machine import sweep

SIZES = {"n": 4, "m": 3, "d": 3, "K": 3, "k": 2, "T": 4, "N": 4}


@pytest.mark.parametrize(
    ("text", "member", "array", "shown"),
    [
        ("sum_{i,j} W_ij ||x_i - y_j||^2", "x_k", "X", None),
        (r"\sum_i \log \sum_k \pi_k \exp(-\frac12 \|x_i-\mu_k\|^2)", "mu_k", "mu", None),
        (r"\sum_{i<j} \log(1 + e^{s_i - s_j})", "s_k", "s", None),
        (r"\sum_{i<j} \frac{1}{\|x_i - x_j\|}", "x_k", "X", None),
        (r"\sum_{t=1}^{T-1} \|x_{t+1} - A x_t\|^2", "x_k", "X", None),
        (r"\sum_i p_i \log p_i where p: vector(n, positive)", "p_k", "p", "1 + log(p_k)"),
        (r"\sum_k \operatorname{tr}(A_k B A_k^\top) where A_k: matrix(m, d), B: matrix(d, d)", "A_j", "A", None),
        (r"\sum_{i,j} (R_{ij} - W_{ij})^2", "W_kl", "W", None),
    ],
)
def test_the_derivative_by_a_member_is_its_part(text: str, member: str, array: str, shown: str | None) -> None:
    f = mc.parse(text)
    part, whole = mc.gradient(f, member), mc.gradient(f, array)
    assert shown is None or str(part) == shown
    rng = np.random.default_rng(3)
    values = {
        name: np.abs(rng.normal(size=tuple(dim.evaluate(SIZES) for dim in d.shape))) + 0.1
        for name, d in f.declarations.items()
    }
    found, expected = (evaluate(x.node, values, SIZES) for x in (part, whole))
    assert found.reshape(expected.shape) == pytest.approx(expected)
    given = {name: _as_given(f, name, x) for name, x in values.items()}
    assert np.reshape(mc.compile(part)(**given), expected.shape) == pytest.approx(expected)


def _as_given(f: mc.Expr, name: str, x: np.ndarray) -> np.ndarray:
    return x.reshape([d.evaluate(SIZES) for d in f.declarations[name].axes])


def test_a_member_that_is_none_is_an_error() -> None:
    with pytest.raises(mc.MatcalcError, match="not a variable"):
        mc.gradient(r"\sum_i x_i^2", "z_k")


# --- arrays with more than two axes at the border --------------------------------------------------

TARGETS = ("numpy", "array-api", "jax")


def _random(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("text", "wrt", "shapes", "subscripts"),
    [
        (r"\sum_k x^T A_k y", "A", {"A": (3, 2, 4), "x": (2,), "y": (4,)}, "i,j->kij"),
        (r"\sum_{i,j,k} T_{ijk} x_i y_j z_k", "T", {"T": (3, 2, 4), "x": (3,), "y": (2,), "z": (4,)}, "i,j,k->ijk"),
        (r"\sum_{i,j} a^T x_{ij} where x_{ij}: vector(d), i: index(n), j: index(m)", "x",
         {"x": (3, 2, 4), "a": (4,)}, "k->ijk"),
    ],
)  # fmt: skip
def test_arrays_of_a_family_have_its_indices_first(
    target: str, text: str, wrt: str, shapes: dict[str, tuple[int, ...]], subscripts: str
) -> None:
    pytest.importorskip({"jax": "jax", "array-api": "array_api_strict"}.get(target, "numpy"))
    values = _random(**shapes)
    f = mc.parse(text)
    array = next(name for name in f.declarations if name in (wrt, wrt.upper()))
    assert [str(d) for d in mc.gradient(f, wrt).shape] == [str(d) for d in f.declarations[array].axes]
    operands = subscripts.split("->")[0].split(",")
    vectors = [v for name, v in values.items() if name != wrt]
    sizes = dict(zip(subscripts.split("->")[1], values[wrt].shape, strict=True))
    ones = {letter: np.ones(size) for letter, size in sizes.items() if letter not in operands}
    expected = np.einsum(",".join([*operands, *ones]) + f"->{subscripts.split('->')[1]}", *vectors, *ones.values())
    value = np.sum(expected * values[wrt])
    given = {name: _of_library(v, target) for name, v in values.items()}
    assert float(mc.compile(f, target=target)(**given)) == pytest.approx(value, rel=1e-5)
    found = np.asarray(mc.compile(mc.derivative(f, wrt), target=target)(**given, **_count(f, given, target)))
    assert found == pytest.approx(expected, rel=1e-5)


def _of_library(x: np.ndarray, target: str) -> object:
    if target != "array-api":
        return x
    import array_api_strict

    return array_api_strict.asarray(x)


def _count(f: mc.Expr, given: dict[str, object], target: str) -> dict[str, int]:
    """How many there are, which JAX has to know before, where the derivative does not hold the array."""
    missing = set(mc.compile(mc.derivative(f, next(iter(given))), target=target).parameters) & {"K", "n", "m"}
    arrays = [(f.declarations.get(n) or f.declarations[n.upper()], v) for n, v in given.items()]
    found = {str(d): k for d_, v in arrays for d, k in zip(d_.axes, v.shape, strict=True)}
    return {name: found[name] for name in missing}


def test_hessians_and_objectives_by_matrices_of_a_family() -> None:
    values = _random(A=(3, 2, 4), x=(4,), b=(3, 2))
    f = mc.parse(r"\sum_k \|A_k x - b_k\|^2")
    residual = np.einsum("kij,j->ki", values["A"], values["x"]) - values["b"]
    hessian = mc.compile(mc.hessian(f, "A"))(**values)
    eye2, eye3 = np.eye(2), np.eye(3)
    assert hessian == pytest.approx(2 * np.einsum("kl,ip,j,q->kijlpq", eye3, eye2, values["x"], values["x"]))
    found = mc.objective(f, "A", {"x": values["x"], "b": values["b"]})
    expected = 2 * np.einsum("ki,j->kij", residual, values["x"])
    assert found.fun(values["A"]) == pytest.approx(np.sum(residual**2))
    assert found.jac(values["A"]) == pytest.approx(expected)
    assert found.jac(values["A"].ravel()) == pytest.approx(expected.ravel())
    direction = _random(V=(3, 2, 4))["V"]
    assert found.hessp(values["A"], direction) == pytest.approx(np.einsum("kijlpq,lpq->kij", hessian, direction))


def test_differentials_take_a_step_of_the_whole_array() -> None:
    values = _random(A=(3, 2, 4), x=(2,), y=(4,), dA=(3, 2, 4))
    f = mc.parse(r"\sum_k (x^T A_k y)^2")
    products = np.einsum("kij,i,j->k", values["A"], values["x"], values["y"])
    steps = np.einsum("kij,i,j->k", values["dA"], values["x"], values["y"])
    assert mc.compile(mc.differential(f, "A"))(**values) == pytest.approx(2 * products @ steps)


def test_claims_of_functions_have_the_axes_of_the_family() -> None:
    f = mc.parse(r"\sum_k (x^T A_k y)^2")

    def right(A: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 2 * np.einsum("kij,i,j,p,q->kpq", A, x, y, x, y)

    def wrong(A: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 2 * np.einsum("kij,i,j,p,q->kpq", A, x, y, x, y)[::-1]

    assert mc.check(f, "A", claim=right)
    assert not mc.check(f, "A", claim=wrong)
    assert mc.check(f, "A", at={"A": _random(A=(3, 2, 4))["A"]})


def test_an_array_may_be_declared() -> None:
    f = mc.parse("sum_k logdet(A_k)", where="A: array(K, d, d)")
    assert mc.compile(f)(A=np.array([2 * np.eye(2), 3 * np.eye(2)])) == pytest.approx(np.log(36))
    with pytest.raises(mc.MatcalcError, match="array takes three sizes or more, not 2"):
        mc.parse("sum_k logdet(A_k)", where="A: array(K, d)")


# --- members with a structure ----------------------------------------------------------------------


@sweep(3)
@pytest.mark.parametrize("kind", "symmetric spd psd skew diagonal lower upper orthogonal invertible".split())
@pytest.mark.parametrize(
    "text",
    [
        "sum_k (tr(A S_k B S_k) + tr(C_k S_k))",
        "sum_k tr(A_k^T S_k A_k S_k S_k)",
        "sum_{k,l} tr(S_k S_l A S_k B)",
        "sum_k ||S_k x - y_k||^2",
    ],
)
@pytest.mark.parametrize("convention", ["structured", "independent", "unstructured"])
def test_gradients_stay_within_the_structure_of_the_members(kind: str, text: str, convention: str) -> None:
    assert mc.check(text, "S", where=f"S_k: {kind}(d)", convention=convention, trials=2)


PROJECTIONS = {
    "symmetric": lambda g: (g + g.T) / 2,
    "skew": lambda g: (g - g.T) / 2,
    "diagonal": lambda g: np.diag(np.diag(g)),
    "lower": np.tril,
    "upper": np.triu,
}


@pytest.mark.parametrize("kind", PROJECTIONS)
def test_gradients_are_projected_member_by_member(kind: str) -> None:
    project = PROJECTIONS[kind]
    values = _random(A=(2, 2), B=(2, 2), S=(3, 2, 2))
    a, b, s = values["A"], values["B"], np.array([project(m) for m in values["S"]])
    expected = np.array([project(a.T @ m.T @ b.T + b.T @ m.T @ a.T) for m in s])
    f = mc.parse("sum_k tr(A S_k B S_k)", where=f"S_k: {kind}(d)")
    assert mc.compile(mc.gradient(f, "S"))(A=a, B=b, S=s) == pytest.approx(expected)
    direction = np.array([project(m) for m in _random(V=(3, 2, 2))["V"]])
    moved = np.array([project(a.T @ v.T @ b.T + b.T @ v.T @ a.T) for v in direction])
    hessian = mc.compile(mc.hessian(f, "S"))(A=a, B=b, S=s)
    assert np.einsum("kijlpq,lpq->kij", hessian, direction) == pytest.approx(moved)
    assert mc.objective(f, "S", {"A": a, "B": b}).hessp(s, direction) == pytest.approx(moved)


def test_a_mixture_with_covariances_of_its_components() -> None:
    f = mc.parse("sum_k (logdet(S_k) + x_k^T S_k^-1 x_k)", where="S_k: spd(d)")
    assert str(f.declarations["S"]) == "S: array(K, d, d, spd)"
    assert str(mc.gradient(f, "S_k")) == "S_k^-1 - S_k^-1 x_k x_k^T S_k^-1"
    assert mc.derivative(f, "S").conditions == ()
    objective = mc.objective(f, "S", {"x": np.ones((2, 3))})
    assert objective.fun(np.array([np.eye(3), -np.eye(3)])) == np.inf
    assert objective.fun(np.array([np.eye(3), np.eye(3)])) == pytest.approx(6)


def test_the_transpose_of_a_symmetric_member_is_itself() -> None:
    assert str(mc.parse("sum_k (S_k^T + S_k)", where="S_k: symmetric(d)")) == "2 sum_k S_k"
    assert mc.parse("sum_k (S_k^T + S_k) x_k", where="S_k: skew(d)").node.is_zero


def test_a_member_outside_of_its_sum_is_an_error() -> None:
    with pytest.raises(mc.MatcalcError, match="S_k stands outside of the sum over k"):
        mc.parse("sum_k logdet(S_k) + x^T S_k^-1 x where S_k: spd(d)")


# --- results with an index -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shape", "part"),
    [
        (r"s_i = \frac{e^{x_i}}{\sum_j e^{x_j}}", "n", "softmax(x)_i ([k = i] - exp(x_k) / (sum_j exp(x_j)))"),
        (r"s_i(x) = \exp(x_i) / \sum_j \exp(x_j)", "n", "softmax(x)_i ([k = i] - exp(x_k) / (sum_j exp(x_j)))"),
        (r"z_i = \sum_j W_{ij} x_j + b_i", "n", "W_ik"),
        (r"z_i = \sum_j A_{ij} B x_j", "n k", "A_ik B"),
        ("y_i = x_i^2 + sum_j K_ij x_j", "n", None),
        (r"u_i = x_i \log x_i - x_i \log \sum_j x_j", "n", None),
    ],
)
def test_jacobians_of_results_with_an_index(text: str, shape: str, part: str | None) -> None:
    f = mc.parse(text)
    assert " ".join(map(str, f.shape)) == shape
    array = "x" if "x" in f.declarations else "X"
    assert mc.check(f, array)
    result = Result.of(text, [array], None, None, checked=False)
    rows = dict(rows_of(result, "text"))
    (shown,) = (text for label, text in rows.items() if label.startswith("d") and "/d" in label)
    assert part is None or shown == part
    assert "is an index of the result" in rows["note"]


def test_the_entries_of_a_softmax_have_kronecker_deltas() -> None:
    f = mc.parse(r"s_i = \frac{e^{x_i}}{\sum_j e^{x_j}}")
    x = _random(x=(4,))["x"]
    s = np.exp(x) / np.sum(np.exp(x))
    assert mc.compile(f)(x=x) == pytest.approx(s)
    assert mc.compile(mc.jacobian(f, "x"))(x=x) == pytest.approx(np.diag(s) - np.outer(s, s))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (r"\frac{\partial}{\partial x_k} \sum_i \exp(x_i)", "exp(x_k)"),
        (r"\frac{\partial s_i}{\partial x_j} where s_i = \exp(x_i)/\sum_k \exp(x_k)", None),
        (r"\frac{\partial}{\partial w_k} \sum_i (y_i - \sum_j w_j x_{ij})^2", None),
    ],
)
def test_texts_ask_for_a_derivative_by_a_member(text: str, part: str | None) -> None:
    rows = dict(rows_of(Result.of(text, [], None, None, checked=True), "text"))
    assert rows["check"].startswith("verified")
    assert part is None or rows["by x_k"] == part


def test_an_index_of_the_result_that_the_text_does_not_hold_is_a_part_of_its_name() -> None:
    assert mc.parse(r"L_n = \sum_n x_n^2").shape == ()


def test_a_family_is_called_by_its_members_wherever_it_was_read() -> None:
    values = _random(x=(4, 2), y=(4,), w=(2,))
    residual = values["y"] - values["x"] @ values["w"]
    f = mc.parse(r"\sum_{i=1}^n (y_i - w^\top x_i)^2")
    assert mc.compile(f)(**values) == pytest.approx(np.sum(residual**2))
    assert mc.compile(mc.gradient(f, "w"))(**values) == pytest.approx(-2 * values["x"].T @ residual)
