"""Functions of statistics and the like: values against NumPy and SciPy, derivatives against JAX, code in every target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.special

import matcalc as mc
from tests.compiling.test_targets import LIBRARIES
from tests.machine import has, library, long, sweep

RNG = np.random.default_rng(3)
X = RNG.uniform(0.2, 1.5, (4, 3)) * np.array([[1, -1, 1]])
POSITIVE = np.abs(X)
COLUMN = X[:, 0]

# fmt: off
#: text, variable, its value; the value by NumPy or SciPy; the same by JAX, where that has it
ROWS: dict[str, tuple[np.ndarray, Any, Any]] = {
    "prod(X)":       (X, np.prod(X),                          lambda np, x: np.prod(x)),
    "prod(X, 1)":    (X, np.prod(X, axis=0, keepdims=True),   lambda np, x: np.prod(x, axis=0, keepdims=True)),
    "prod(X, 2)":    (X, np.prod(X, axis=1),                  lambda np, x: np.prod(x, axis=1)),
    "cumsum(x)":     (COLUMN, np.cumsum(COLUMN),              lambda np, x: np.cumsum(x)),
    "cumsum(X, 1)":  (X, np.cumsum(X, axis=0),                lambda np, x: np.cumsum(x, axis=0)),
    "cumsum(X, 2)":  (X, np.cumsum(X, axis=1),                lambda np, x: np.cumsum(x, axis=1)),
    "cumprod(x)":    (COLUMN, np.cumprod(COLUMN),             lambda np, x: np.cumprod(x)),
    "cumprod(X, 1)": (X, np.cumprod(X, axis=0),               lambda np, x: np.cumprod(x, axis=0)),
    "cumprod(X, 2)": (X, np.cumprod(X, axis=1),               lambda np, x: np.cumprod(x, axis=1)),
    "var(X)":        (X, np.var(X),                           lambda np, x: np.var(x)),
    "std(x)":        (COLUMN, np.std(COLUMN),                 lambda np, x: np.std(x)),
    "cov(X)":        (X, np.cov(X, rowvar=False),             lambda np, x: np.cov(x, rowvar=False)),
    "logsumexp(X, 1)": (X, scipy.special.logsumexp(X, axis=0, keepdims=True), lambda np, x: np.log(np.sum(np.exp(x), axis=0, keepdims=True))),
    "logsumexp(X, 2)": (X, scipy.special.logsumexp(X, axis=1), lambda np, x: np.log(np.sum(np.exp(x), axis=1))),
    "max(X, axis=1)": (X, np.max(X, axis=0, keepdims=True),   lambda np, x: np.max(x, axis=0, keepdims=True)),
    "max(X, axis=2)": (X, np.max(X, axis=1),                  lambda np, x: np.max(x, axis=1)),
    "min(X, axis=2)": (X, np.min(X, axis=1),                  lambda np, x: np.min(x, axis=1)),
    "mean(X, axis=1)": (X, np.mean(X, axis=0, keepdims=True), lambda np, x: np.mean(x, axis=0, keepdims=True)),
    "var(X, axis=1)": (X, np.var(X, axis=0, keepdims=True),   lambda np, x: np.var(x, axis=0, keepdims=True)),
    "std(X, axis=2)": (X, np.std(X, axis=1),                  lambda np, x: np.std(x, axis=1)),
    "norm(X, axis=2)": (X, np.linalg.norm(X, axis=1),         lambda np, x: np.linalg.norm(x, axis=1)),
    "norm(X, 3, axis=1)": (X, np.linalg.norm(X, 3, axis=0)[None, :], lambda np, x: np.linalg.norm(x, 3, axis=0)[None, :]),
    "logsumexp(X, axis=2)": (X, scipy.special.logsumexp(X, axis=1), lambda np, x: np.log(np.sum(np.exp(x), axis=1))),
    "softmax(X, axis=1)": (X, scipy.special.softmax(X, axis=0), lambda np, x: np.exp(x) / np.sum(np.exp(x), axis=0)),
    "cumsum(X, axis=1)": (X, np.cumsum(X, axis=0),            lambda np, x: np.cumsum(x, axis=0)),
    "atan2(X, 0.3)": (X, np.arctan2(X, 0.3),                  lambda np, x: np.arctan2(x, 0.3)),
    "atan2(-1, x)":  (COLUMN, np.arctan2(-1, COLUMN),         lambda np, x: np.arctan2(-1, x)),
    "hypot(X, 2)":   (X, np.hypot(X, 2),                      lambda np, x: np.hypot(x, 2)),
    "erfinv(X / 2)": (X, scipy.special.erfinv(X / 2),         None),
    "log_ndtr(X)":   (X, scipy.special.log_ndtr(X),           None),
    "logcosh(X)":    (X, np.log(np.cosh(X)),                  lambda np, x: np.log(np.cosh(x))),
    "logaddexp(X, 0.5)": (X, np.logaddexp(X, 0.5),            lambda np, x: np.logaddexp(x, 0.5)),
    "floor(3 X)":    (X, np.floor(3 * X),                     lambda np, x: np.floor(3 * x)),
    "ceil(3 X)":     (X, np.ceil(3 * X),                      lambda np, x: np.ceil(3 * x)),
    "round(3 X)":    (X, np.round(3 * X),                     lambda np, x: np.round(3 * x)),
}
# fmt: on


def parsed(text: str) -> tuple[mc.Expr, str]:
    name = "x" if "x)" in text else "X"
    return mc.parse(text, where="x: vector(n)" if name == "x" else "X: matrix(m, n)"), name


@sweep(9)
@pytest.mark.parametrize("text", ROWS)
def test_values_and_derivatives(text: str) -> None:
    x, value, other = ROWS[text]
    f, name = parsed(text)
    np.testing.assert_allclose(mc.compile(f)(**{name: x}), value, rtol=1e-13, atol=1e-15)
    if other is None or not has("jax"):
        return
    import jax

    jax.config.update("jax_enable_x64", True)
    first = jax.jacfwd(lambda y: other(jax.numpy, y))
    for order, derived in ((1, first), (2, jax.jacfwd(first))):
        ours = mc.compile(mc.derivative(f, *[name] * order))(**{name: x})
        np.testing.assert_allclose(ours, derived(jax.numpy.asarray(x)), rtol=1e-9, atol=1e-11, err_msg=f"order {order}")


@long
@pytest.mark.parametrize("target", LIBRARIES)
def test_targets(target: str) -> None:
    module, convert = LIBRARIES[target]
    library(module)
    for text in list(ROWS)[:: 3 if target == "jax" else 1]:
        x = ROWS[text][0]
        f, name = parsed(text)
        outputs = [f, mc.derivative(f, name), mc.derivative(f, name, name)]
        ours, theirs = mc.compile(outputs), mc.compile(outputs, target=target)
        for wanted, found in zip(ours(**{name: x}), theirs(**{name: convert(x)}), strict=True):
            np.testing.assert_allclose(np.asarray(found), wanted, rtol=1e-9, atol=1e-11, err_msg=text)


@long
@pytest.mark.parametrize("target", ["julia", "matlab", "latex"])
def test_text_of_other_languages(target: str) -> None:
    for text in ROWS:
        f, name = parsed(text)
        assert mc.compile([f, mc.derivative(f, name), mc.derivative(f, name, name)], target=target).source


def test_products_with_zeros() -> None:
    """The gradient of a product is right where entries are 0."""
    for x in ([2.0, 0.0, 3.0], [0.0, 0.0, 5.0], [4.0]):
        gradient = mc.compile(mc.gradient("prod(x)", "x", where="x: vector(n)"))(x=np.array(x))
        np.testing.assert_array_equal(gradient, [np.prod(np.delete(x, k)) for k in range(len(x))])


@pytest.mark.parametrize("name", ["floor", "ceil", "round"])
def test_steps_say_so(name: str) -> None:
    derivative = mc.gradient(f"sum({name}(x))", "x", where="x: vector(n)")
    assert str(derivative) == "zeros(n)"
    assert any(
        "0 wherever it has one" in note.text or "0 wherever it has one" in str(note) for note in derivative.notes
    )
    assert (
        mc.compile(f"{name}(x)", where="x: vector(n)")(x=np.array([0.5, 1.5, -2.5])).tolist()
        == getattr(np, name)([0.5, 1.5, -2.5]).tolist()
    )


@pytest.mark.parametrize(
    "text",
    [
        "prod(X, 2)",
        "prod(X, 1)",
        "cumprod(X, 2)",
        "logsumexp(X, 1)",
        "cumsum(X, 2)",
        "max(X, axis=2)",
        "min(X, axis=1)",
    ],
)
def test_what_is_printed_can_be_read(text: str) -> None:
    f = mc.parse(text, where="X: matrix(m, n)")
    assert mc.parse(str(f), where="X: matrix(m, n)") == f
    assert mc.parse(mc.latex(f), where="X: matrix(m, n)") == f


def test_axes_are_printed_as_they_are_typed() -> None:
    for text in ("max(X, axis=2)", "min(X, axis=1)"):
        assert str(mc.parse(text, where="X: matrix(m, n)")) == text
    assert mc.latex("max(X, axis=1)", where="X: matrix(m, n)") == r"\max(X, \mathrm{axis}=1)"
    for typed in (r"\max\left(X, axis = 1\right)", r"\max(X, \text{axis}=1)"):
        assert mc.parse(typed, where="X: matrix(m, n)") == mc.parse("max(X, axis=1)", where="X: matrix(m, n)")


def test_axis_or_number() -> None:
    """max(X, 2) of a matrix is a question, with both readings; of a column and with other numbers it is not."""
    for text, both in (
        ("max(X, 2)", ("max(X, axis=2)", "max(2, X)")),
        ("sum(min(A B, 1))", ("min(A B, axis=1)", "min(1, A B)")),
    ):
        with pytest.raises(mc.MatcalcError) as caught:
            mc.parse(text, where="X: matrix(m, n)" if "X" in text else "A: matrix(m, n), B: matrix(n, m)")
        assert all(reading in str(caught.value) for reading in both)
    for text in ("max(x, 2)", "max(2, X)", "max(X, 0)", "max(X, 3)"):
        assert mc.parse(text, where="X: matrix(m, n)" if "X" in text else "x: vector(n)").node.shape is not None


def test_the_first_axis_is_said() -> None:
    """axis=1 runs down the columns, which is axis=0 in NumPy: a note says so. Code of NumPy keeps NumPy's count."""
    ours = mc.parse("sum(X, axis=1)", where="X: matrix(m, n)")
    assert ours.node.rows.is_one and any(note.code == "axis" for note in ours.notes)
    assert mc.parse("sum(X, axis=2)", where="X: matrix(m, n)").notes == ()
    for numpy_code in ("np.sum(X, axis=1)", "X.sum(axis=1)"):
        assert mc.parse(numpy_code, where="X: matrix(m, n)").node.cols.is_one
    for wrong in ("tr(X, axis=2)", "exp(X, axis=1)"):
        with pytest.raises(mc.MatcalcError):
            mc.parse(wrong, where="X: matrix(n, n)")


def test_partial_traces() -> None:
    """Of A ⊗ B they are tr(A) B and tr(B) A; of any matrix NumPy's traces of its axes."""
    a, b = RNG.standard_normal((2, 2)), RNG.standard_normal((3, 3))
    x = RNG.standard_normal((6, 6))
    for name, product, axis in (("blocktrace", np.trace(a) * b, 0), ("partial_trace", np.trace(b) * a, 1)):
        f = mc.parse(f"{name}(X, 2, 3)", where="X: matrix(6, 6)")
        value = mc.compile(f)
        np.testing.assert_allclose(value(X=np.kron(a, b)), product, rtol=1e-12)
        np.testing.assert_allclose(value(X=x), np.trace(x.reshape(2, 3, 2, 3), axis1=axis, axis2=axis + 2), rtol=1e-12)
        assert str(f) == f"{name}(X, 2, 3)"
        assert mc.parse(mc.latex(f), where="X: matrix(6, 6)") == f == mc.parse(str(f), where="X: matrix(6, 6)")
        assert mc.check(f"sum({name}(X, m, n).^2)", "X", where="X: matrix(m*n, m*n)")
