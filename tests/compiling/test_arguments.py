"""How compiled functions are called: names, shapes, sizes, several outputs, perturbations."""

from __future__ import annotations

import copy
import inspect

import numpy as np
import pytest

import matcalc as mc
from matcalc.compiling import ArgumentError

rng = np.random.default_rng(3)
A = rng.standard_normal((4, 3))
x = rng.standard_normal(3)
b = rng.standard_normal(4)


def test_every_spelling_of_a_name() -> None:
    fn = mc.compile("λ tr(Σ) + lambda where Σ: matrix(n, n), λ: scalar")
    assert fn.parameters == ("Sigma", "lambda_") or fn.parameters == ("lambda_", "Sigma")
    S = rng.standard_normal((3, 3))
    wanted = 2 * np.trace(S) + 2
    for call in ({"Sigma": S, "lambda_": 2.0}, {"Σ": S, "λ": 2.0}, {"Σ": S, "lambda": 2}):
        assert np.isclose(fn(**call), wanted)
        assert np.isclose(fn(**call), wanted)


def test_variables_that_vanished_are_accepted() -> None:
    H = mc.compile(mc.hessian("||A x - b||^2", "x"))
    np.testing.assert_allclose(H(A=A, x=x, b=b), 2 * A.T @ A)
    np.testing.assert_allclose(H(A=A), 2 * A.T @ A)
    np.testing.assert_allclose(H(A), 2 * A.T @ A)


def test_sizes_come_from_any_argument_or_by_keyword() -> None:
    H = mc.compile(mc.hessian("c^T x where c: vector(n), x: vector(n)", "x"))
    assert H(x=x).shape == H(c=x, x=x).shape == H(n=3).shape == (3, 3)
    with pytest.raises(ArgumentError, match="n cannot be read"):
        H()


def test_lists_share_and_return_tuples() -> None:
    f = mc.parse("||A x - b||^2")
    fn = mc.compile([f, mc.gradient(f, "x"), mc.hessian(f, "x")])
    value, gradient, hessian = fn(A=A, x=x, b=b)
    r = A @ x - b
    np.testing.assert_allclose(value, r @ r)
    np.testing.assert_allclose(gradient, 2 * A.T @ r)
    np.testing.assert_allclose(hessian, 2 * A.T @ A)
    assert fn.source.count("A.dot(x)") == 1


def test_perturbations_are_arguments() -> None:
    df = mc.compile(mc.differential("tr(X^T A X)", "X"))
    X, dX, M = (rng.standard_normal((3, 3)) for _ in range(3))
    np.testing.assert_allclose(df(X=X, A=M, dX=dX), np.trace(dX.T @ M @ X + X.T @ M @ dX))


def test_results_do_not_alias_arguments() -> None:
    g = mc.compile(mc.gradient("tr(A^T X) where A: matrix(m, n), X: matrix(m, n)", "X"))
    result = g(A=A)
    result[0, 0] = 99
    assert A[0, 0] != 99


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"A": A, "b": b}, "the argument x is missing"),
        ({"A": A, "x": x, "b": b, "y": x}, "y is not an argument"),
        ({"A": A, "x": b, "b": b}, r"x has the shape \(4,\) and should have \(n,\) = \(3,\)"),
        ({"A": A, "x": x[:, None], "b": b}, r"x has the shape \(3, 1\) and should have \(n,\) = \(3,\)"),
        ({"A": b, "x": x, "b": b}, r"A has the shape \(4,\) and should have \(m, n\)"),
        ({"A": A, "x": x, "b": 1.0}, r"b has the shape \(\) and should have \(m,\) = \(4,\)"),
    ],
)
def test_faults_name_the_argument(arguments: dict[str, object], message: str) -> None:
    fn = mc.compile("||A x - b||^2")
    with pytest.raises(mc.MatcalcError, match=message):
        fn(**arguments)
    fn(A=A, x=x, b=b)
    with pytest.raises(mc.MatcalcError, match=message):
        fn(**arguments)


def test_a_number_is_no_array() -> None:
    fn = mc.compile("s A where s: scalar, A: matrix(m, n)")
    assert fn(s=2, A=A).shape == (4, 3)
    with pytest.raises(ArgumentError, match="s has the shape"):
        fn(s=x, A=A)


@pytest.mark.parametrize("s", [2.0, np.array(2.0), np.array([2.0]), np.array([[2.0]]), [2.0]], ids=repr)
def test_one_entry_is_a_number(s: object) -> None:
    """Also after a call with plain numbers, which is remembered."""
    fn = mc.compile("s A x where s: scalar, A: matrix(m, n), x: vector(n)")
    for _ in range(2):
        np.testing.assert_allclose(fn(s=s, A=A, x=x), 2 * A @ x)
        np.testing.assert_allclose(fn(s=2.0, A=A, x=x), 2 * A @ x)


@pytest.mark.parametrize("one", [3.0, np.array([3.0]), np.array([[3.0]])], ids=repr)
def test_one_entry_is_a_vector_of_size_one(one: object) -> None:
    fn = mc.compile("A x where A: matrix(m, n), x: vector(n)")
    np.testing.assert_allclose(fn(A=np.ones((4, 1)), x=one), 3 * np.ones(4))


def test_rows_as_vectors_and_declared_columns_as_matrices() -> None:
    fn = mc.compile("r A c where r: matrix(1, m), A: matrix(m, n), c: matrix(n, 1)")
    wanted = b @ A @ x
    for row in (b, b[None, :]):
        for column in (x, x[:, None]):
            np.testing.assert_allclose(fn(r=row, A=A, c=column), wanted)


def test_a_compiled_function_is_one_to_python() -> None:
    """Its signature and documentation, a copy, and calls by place, by name and mixed."""
    fn = mc.compile(mc.gradient("||A x - b||^2", "x"))
    assert str(inspect.signature(fn)) == "(A, x, b)"
    assert "2 A^T (A x - b)" in (fn.__doc__ or "")
    wanted = 2 * A.T @ (A @ x - b)
    for again in (fn, copy.deepcopy(fn)):
        for result in (again(A, x, b), again(A, b=b, x=x), again(b=b, x=x, A=A), again(A.tolist(), list(x), b)):
            np.testing.assert_allclose(result, wanted)
    with pytest.raises(ArgumentError, match="4 arguments are given and 3 needed"):
        fn(A, x, b, b)


@pytest.mark.parametrize("target", ["numpy", "array-api", "julia", "matlab"])
def test_code_without_checks(target: str) -> None:
    f = mc.parse("s ||A x - b||^2 where A: matrix(m, n), s: scalar")
    fn = mc.compile(mc.gradient(f, "x"), target=target, checks=False)
    lines, all_lines = (set(code.source.splitlines()) for code in (fn, mc.compile(mc.gradient(f, "x"), target=target)))
    assert lines < all_lines
    assert not any(word in fn.source for word in ("raise", "throw", "error", "asarray", "size(", ".shape"))
    if target in ("numpy", "array-api"):
        arguments = {"A": A, "x": x, "b": b, "s": np.float64(2.0)}
        np.testing.assert_allclose(fn(**arguments), 4 * A.T @ (A @ x - b))
        np.testing.assert_allclose(fn(**arguments), 4 * A.T @ (A @ x - b))
    with pytest.raises(ArgumentError):
        mc.compile(f, checks=False)(A=A, x=b, b=b, s=1.0)


def test_sizes_that_the_code_needs_are_read_without_checks() -> None:
    fn = mc.compile("n x where x: vector(n)", checks=False)
    np.testing.assert_allclose(fn(x=x), 3 * x)


def test_names_of_python_and_of_the_code_itself_are_free() -> None:
    where = {"np": "vector(n)", "lambda": "scalar", "class": "vector(n)", "t1": "vector(n)", "xp": "vector(n)"}
    fn = mc.compile("lambda exp(np) .* class + t1 .* xp", where=where)
    values = {name: rng.standard_normal(3) for name in ("np", "class", "t1", "xp")}
    wanted = 2 * np.exp(values["np"]) * values["class"] + values["t1"] * values["xp"]
    np.testing.assert_allclose(fn(**values, **{"lambda": 2}), wanted)


def test_unknown_target() -> None:
    with pytest.raises(mc.MatcalcError, match="no target fortran"):
        mc.compile("x", target="fortran")
