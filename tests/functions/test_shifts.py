"""Toeplitz and circulant matrices and convolutions: values against SciPy, derivatives against JAX, code in every target."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.linalg

import matcalc as mc
from tests.compiling.test_targets import LIBRARIES
from tests.machine import has, library, long, sweep

RNG = np.random.default_rng(5)
C, R, X, S = RNG.normal(size=5), RNG.normal(size=3), RNG.normal(size=(5, 3)), RNG.normal(size=(4, 4))
WHERE = "c: vector(m), r: vector(n), X: matrix(m, n), S: matrix(k, k)"


def below(x: Any, k: int) -> Any:
    """The sum along a diagonal, k places below the main one."""
    return sum(x[i, i - k] for i in range(x.shape[0]) if 0 <= i - k < x.shape[1])


def toeplitz(np: Any, c: Any, r: Any) -> Any:
    return np.stack([np.stack([c[i - j] if i >= j else r[j - i] for j in range(len(r))]) for i in range(len(c))])


# fmt: off
#: text -> its variables, its value by SciPy or NumPy, the same written out for JAX
ROWS: dict[str, tuple[dict[str, np.ndarray], np.ndarray, Any]] = {
    "toeplitz(c)":          ({"c": C}, scipy.linalg.toeplitz(C), lambda np, c: toeplitz(np, c, c)),
    "toeplitz(c, r)":       ({"c": C, "r": R}, scipy.linalg.toeplitz(C, R), toeplitz),
    "circulant(c)":         ({"c": C}, scipy.linalg.circulant(C), lambda np, c: np.stack([np.roll(c, k) for k in range(len(c))]).T),
    "conv(c, r)":           ({"c": C, "r": R}, np.convolve(C, R), lambda np, c, r: np.convolve(c, r)),
    "correlate(c, r)":      ({"c": C, "r": R}, np.correlate(C, R, "valid"), lambda np, c, r: np.correlate(c, r, "valid")),
    "diagonal_sums(X)":     ({"X": X}, np.array([np.trace(X, -k) for k in range(5)]), lambda np, x: np.stack([below(x, k) for k in range(5)])),
    "diagonal_sums(X^T)":   ({"X": X}, np.array([np.trace(X.T, -k) for k in range(3)]), lambda np, x: np.stack([below(x.T, k) for k in range(3)])),
    "cyclic_sums(S)":       ({"S": S}, np.array([np.trace(S, -k) + np.trace(S, 4 - k) for k in range(4)]), lambda np, s: np.stack([below(s, k) + below(s, k - 4) for k in range(4)])),
}
# fmt: on


@long
@pytest.mark.parametrize("text", ROWS)
def test_values_and_derivatives(text: str) -> None:
    values, wanted, other = ROWS[text]
    f = mc.parse(text, where=WHERE)
    np.testing.assert_allclose(mc.compile(f)(**values), wanted, rtol=1e-13, atol=1e-14)
    if not has("jax"):
        return
    import jax

    jax.config.update("jax_enable_x64", True)
    arrays = [jax.numpy.asarray(x) for x in values.values()]
    for k, name in enumerate(values):
        found = mc.compile(mc.jacobian(f, name))(**values)
        ours = jax.jacfwd(lambda *a: other(jax.numpy, *a), k)(*arrays)
        np.testing.assert_allclose(found, ours, rtol=1e-10, atol=1e-12)
        objective = jax.hessian(lambda *a: jax.numpy.sum(jax.numpy.exp(other(jax.numpy, *a))), k)
        hessian = mc.compile(mc.hessian(f"sum(exp({text}))", name, where=WHERE))(**values)
        np.testing.assert_allclose(hessian, objective(*arrays), rtol=1e-10, atol=1e-12)


@sweep(2)
@pytest.mark.parametrize("target", [*LIBRARIES, "julia", "matlab", "latex"])
def test_targets(target: str) -> None:
    for text, (values, *_) in ROWS.items():
        objective = mc.parse(f"sum(exp({text}))", where=WHERE)
        outputs: list[Any] = [mc.parse(text, where=WHERE)]
        outputs += [derivative(objective, name) for name in values for derivative in (mc.gradient, mc.hessian)]
        compiled = mc.compile(outputs, target=target)
        if target not in LIBRARIES:
            assert compiled.source
            continue
        module, convert = LIBRARIES[target]
        library(module)
        wanted = mc.compile(outputs)(**values)
        found = compiled(**{name: convert(x) for name, x in values.items()})
        for ours, theirs in zip(wanted, found, strict=True):
            np.testing.assert_allclose(np.asarray(theirs), ours, rtol=1e-10, atol=1e-12, err_msg=text)


#: text, variable, what a person writes
PRINTED = [
    ("||conv(a, x) - b||^2", "x", "2 correlate(conv(a, x) - b, a)"),
    ("||circulant(c) x - b||^2", "c", "2 cyclic_sums((circulant(c) x - b) x^T)"),
    ("tr(A toeplitz(c, r))", "c", "diagonal_sums(A^T)"),
    ("sum(toeplitz(c, r))", "r", "diagonal_sums(triu(ones(m) ones(n)^T, 1)^T)"),
    ("b^T circulant(c) x", "x", "circulant(c)^T b"),
    ("b^T toeplitz(c) x", "x", "toeplitz(c) b"),
]


@pytest.mark.parametrize(("text", "name", "wanted"), PRINTED)
def test_answers(text: str, name: str, wanted: str) -> None:
    f = mc.parse(text, where=None if "sum" not in text else "c: vector(m), r: vector(n)")
    assert mc.check(f, name, claim=wanted)
    assert mc.check(f, name)
    if "triu" not in wanted:
        assert str(mc.gradient(f, name)) == wanted


def test_the_jacobian_of_a_convolution_is_a_toeplitz_matrix() -> None:
    assert str(mc.jacobian("conv(a, x)", "x")) == "toeplitz([a; zeros(n - 1)], zeros(n))"
    assert mc.check("conv(a, x)", "x", claim="toeplitz([a; zeros(n - 1)], zeros(n))")


def test_small_sizes() -> None:
    """A number is its own Toeplitz matrix; a convolution with it is a product; of two columns of one length one sum is left."""
    one, three = np.array([2.0]), np.array([1.0, 2.0, 3.0])
    where = "s: scalar, x: vector(n), y: vector(n), c: vector(1)"
    assert str(mc.parse("conv(s, x)", where=where)) == "s x"
    assert str(mc.parse("toeplitz(s, x)", where=where)) == "[s, x[2:n]^T]"
    assert mc.parse("circulant(s)", where=where) == mc.parse("s", where=where)
    assert mc.parse("correlate(x, y)", where=where) == mc.parse("y^T x", where=where)
    assert mc.parse("diagonal_sums(x^T)", where=where) == mc.parse("x[1]", where=where)
    assert mc.compile("toeplitz(x, y)", where="x: vector(m), y: vector(n)")(x=three, y=one).tolist() == [
        [1.0],
        [2.0],
        [3.0],
    ]
    row = mc.compile("toeplitz(x, y)", where="x: vector(m), y: vector(n)")(x=one, y=three)
    assert row.tolist() == [[2.0, 2.0, 3.0]]


def test_columns_that_do_not_fit() -> None:
    """The second column of a valid correlation is not the longer one."""
    f = mc.compile("correlate(x, y)", where="x: vector(m), y: vector(n)")
    with pytest.raises(ValueError, match="at least as long"):
        f(x=np.ones(2), y=np.ones(3))
    with pytest.raises(mc.MatcalcError):
        mc.parse("circulant(X)", where="X: matrix(m, n)")
