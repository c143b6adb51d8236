"""The public names, and what they promise."""

from __future__ import annotations

import pickle
import pkgutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import matcalc as mc
from matcalc import MatcalcError
from matcalc.api import verify

PUBLIC = [
    "Derivative", "Equality", "Expr", "MatcalcError", "check", "compile", "derivative", "differential",
    "equal", "gradient", "hessian", "jacobian", "latex", "parse",
]  # fmt: skip


def test_public_names() -> None:
    assert set(PUBLIC) <= set(mc.__all__)
    assert all(hasattr(mc, name) for name in mc.__all__)


def test_no_module_has_the_name_of_a_public_function() -> None:
    assert not {m.name for m in pkgutil.iter_modules(mc.__path__)} & set(mc.__all__)


def test_expressions_in_python() -> None:
    f = mc.parse("tr(X^T A X) where A: matrix(n, n), X: matrix(n, k)")
    assert str(f) == "tr(X^T A X)"
    assert f.shape == ()
    g = mc.gradient(f, "X")
    assert [str(d) for d in g.shape] == ["n", "k"]
    assert g == mc.parse("(A + A^T) X where A: matrix(n, n), X: matrix(n, k)")
    assert g._repr_latex_() == r"$(A + A^{\top}) X$"
    assert str(f + 1) == "1 + tr(X^T A X)"


def test_declarations_as_text_and_as_mapping() -> None:
    as_text = mc.gradient("x^T S x", "x", where="S: symmetric(n)")
    as_mapping = mc.gradient("x^T S x", "x", where={"S": "symmetric(n)"})
    assert str(as_text) == str(as_mapping) == "2 S x"


def test_derivatives() -> None:
    J = mc.jacobian("A x", "x")
    assert str(J) == "A" and [str(d) for d in J.shape] == ["m", "n"]
    H = mc.hessian("tr(X^T A X)", "X")
    assert str(H) == "dG = (A + A^T) dX, vec form I ⊗ (A + A^T)"
    assert [str(d) for d in H.shape] == ["n", "k", "n", "k"]
    D = mc.derivative("tr(X^T A X)", "X", "A")
    assert len(D.shape) == 4
    assert D.latex()
    third = mc.derivative("sum(x.^4)", "x", "x", "x")
    assert len(third.shape) == 3


def test_check_is_truthy_and_a_wrong_claim_is_not() -> None:
    f = "tr(X^T A X)"
    assert mc.check(f, "X")
    assert mc.check(f, "X", claim="(A + A^T) X")
    assert not mc.check(f, "X", claim="2 A X")


# left, right, verdict
EQUALITIES = [
    ("tr(A B)", "tr(B A)", "proved"),
    ("tr(A B)", "tr(A B^T)", "refuted"),
    ("inv(A) - inv(B)", "inv(A) (B - A) inv(B)", "proved"),
    ("x^T A y", "y^T A^T x", "proved"),
    ("det(I + x y^T)", "1 + y^T x", "proved"),
    ("inv(I + A B) A", "A inv(I + B A)", "proved"),
]


@pytest.mark.parametrize(("left", "right", "verdict"), EQUALITIES)
def test_equal(left: str, right: str, verdict: str) -> None:
    answer = mc.equal(left, right)
    assert answer.verdict == verdict
    assert bool(answer) == (verdict == "proved")


def test_a_derivative_is_a_side_of_an_equation() -> None:
    assert mc.equal(mc.hessian("x^T A x", "x"), "A + A^T")
    assert mc.equal("A", mc.jacobian("A x", "x"))
    assert mc.equal(mc.jacobian("A X B", "X"), "kron(B^T, A)")
    assert mc.equal(mc.hessian("x^T A x", "x"), "2 A").verdict == "refuted"
    third = mc.derivative("sum(x.^4)", "x", "x", "x")
    with pytest.raises(MatcalcError, match="no matrix notation: its array has 3 axes"):
        mc.equal(third, "x")
    assert mc.equal(third.operator, third.operator)


def test_a_derivative_is_a_claim_in_every_form() -> None:
    assert mc.check("x^T A x", "x", "x", claim=mc.hessian("x^T A x", "x"))
    assert mc.check("A X B", "X", claim=mc.derivative("A X B", "X"))
    assert mc.check("tr(X^T A X)", "X", order=2, claim=mc.hessian("tr(X^T A X)", "X"))
    assert mc.check("sum(x.^4)", "x", order=3, claim=mc.derivative("sum(x.^4)", "x", "x", "x"))
    assert not mc.check("x^T A x", "x", claim=mc.derivative("x^T A^T A x", "x"))


@pytest.mark.parametrize("trials", [0, -1])
def test_a_check_has_at_least_one_trial(trials: int) -> None:
    for call in (
        lambda: mc.check("x^T x", "x", trials=trials),
        lambda: mc.check("x^T x", "x", claim="2 x", trials=trials),
        lambda: verify(mc.derivative("x^T x"), trials=trials),
    ):
        with pytest.raises(MatcalcError, match=f"trials={trials} is not a whole number from 1"):
            call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: mc.parse("x +"),
        lambda: mc.gradient("A x", "x"),
        lambda: mc.gradient("x^T x", "y"),
        lambda: mc.parse("A B where A: matrix(m, n), B: matrix(m, n)"),
        lambda: mc.parse("sigmod(x)"),
        lambda: mc.parse("x^T x", where={"x": 3.5}),
        lambda: mc.parse("x^T x", where=["x: vector(n)"]),  # type: ignore[arg-type]
        lambda: mc.equal("x", "x", where=3),  # type: ignore[arg-type]
        lambda: mc.parse(3),  # type: ignore[arg-type]
        lambda: mc.gradient("x^T x", 3),  # type: ignore[arg-type]
        lambda: mc.gradient("x^T x", mc.parse("2 x")),
        lambda: mc.compile([]),
        lambda: mc.compile("x^T x")(x=[1j, 2]),
        lambda: mc.compile("x^T x")([1j, 2]),
        lambda: mc.compile("x^T x")(x=["a", 2]),
        lambda: mc.compile("tr(X)")(X=[[1], [2, 3]]),
    ],
)
def test_every_fault_of_the_user_is_a_matcalc_error(call: object) -> None:
    assert callable(call)
    with pytest.raises(MatcalcError):
        call()


def test_a_variable_may_be_an_expression() -> None:
    X = mc.parse("X where X: matrix(n, n)")
    f = mc.parse("tr(X^T A X)", where="X: matrix(n, n)")
    assert mc.gradient(f, X) == mc.gradient(f, "X")
    assert mc.hessian(f, X) == mc.hessian(f, "X")
    assert mc.differential(f, X) == mc.differential(f, "X")
    assert mc.check(f, X, claim="(A + A^T) X")
    assert str(mc.explain(f, X)) == str(mc.explain(f, "X")) == str(mc.explain(f, [X]))
    assert mc.objective("x^T x", mc.parse("x where x: vector(n)")).fun(np.array([1.0, 2.0])) == 5


def test_an_argument_that_is_no_number_is_named_on_every_call() -> None:
    f = mc.compile("x^T A x")
    for _ in range(2):
        with pytest.raises(MatcalcError, match="x has to be an array of real numbers, and it is complex"):
            f(A=np.eye(2), x=[1j, 2])
        assert f(A=np.eye(2), x=np.array([1.0, 2.0])) == 5


def test_an_expression_is_not_combined_with_an_array() -> None:
    f = mc.parse("tr(X)")
    for other in (np.ones(3), None, True, [1]):
        with pytest.raises(mc.MatcalcError, match="cannot be combined"):
            f * other  # type: ignore[operator]
    with pytest.raises(mc.MatcalcError, match="an array of numbers is none of a formula's operands"):
        np.ones(3) * f
    assert np.float64(2) * f == f * 2 == mc.parse("2 tr(X)")


def test_derivatives_are_equal_by_content_and_go_through_pickle() -> None:
    first, second = mc.hessian("tr(X^T A X)", "X"), mc.hessian("tr(X^T A X)", "X")
    assert first == second == pickle.loads(pickle.dumps(first)) and hash(first) == hash(second)
    assert first != mc.hessian("tr(X^T B X)", "X")
    assert f"{first.f:>14}" == "   tr(X^T A X)"


def test_threads_agree() -> None:
    texts = [f"tr(X^T A_{k} X) + logdet(I + X X^T) / {k + 2}" for k in range(6)]
    alone = [str(mc.gradient(text, "X")) for text in texts]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda text: str(mc.gradient(text, "X")), texts * 5))
    assert together == alone * 5


def test_sides_of_different_shapes_are_refuted() -> None:
    assert mc.equal("x^T", "x").verdict == "refuted"
    assert "the shapes differ" in mc.equal("A x", "x^T A^T").reason
    with pytest.raises(mc.MatcalcError):
        mc.equal("A x + b", "c^T (A")
