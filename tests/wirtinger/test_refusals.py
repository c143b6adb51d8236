"""What complex variables do not have yet is refused in one sentence, and nothing answers as if they were real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import matcalc as mc

WHERE = "z: complex vector(n), a: complex vector(n), R: hpd(n), Z: complex matrix(n, n)"
F = "z^H R z"

ASKED: dict[str, Callable[[Any], Any]] = {
    "hessian": lambda f: mc.hessian(f, "z"),
    "mixed": lambda f: mc.derivative(f, "z", "R"),
    "explain": lambda f: mc.explain(f, "z"),
    "curvature": lambda f: mc.curvature(f, "z"),
    "solve": lambda f: mc.solve(f, "z"),
    "minimize": lambda f: mc.minimize(f, "z", {}),
    "equal": lambda f: mc.equal(f, f),
    "sympy": lambda f: mc.to_sympy(f),
    "objective": lambda f: mc.objective(f, "z", {}),
    "sensitivity": lambda f: mc.sensitivity(f, "z", "R"),
    "jax code": lambda f: mc.compile(mc.gradient(f, "z"), target="jax"),
    "batch": lambda f: mc.compile(mc.gradient(f, "z"), batch="z"),
    "stiefel": lambda f: mc.derivative(f, "z", geometry="stiefel"),
    "substitution": lambda f: f.subs(z="a"),
    "complex value": lambda f: mc.parse("||x||^2", "x: vector(n)").subs(x=mc.parse("z", WHERE)),
    "norm of NumPy": lambda f: np.linalg.norm(mc.parse("z", WHERE)),
    "function of NumPy": lambda f: np.maximum(mc.parse("z", WHERE), 0),
    "product of NumPy": lambda f: np.vdot(mc.parse("z", WHERE), mc.parse("z", WHERE)),
    "second check": lambda f: mc.check(f, "z", order=2),
}


@pytest.mark.parametrize("asked", ASKED, ids=lambda name: name.replace(" ", "-"))
def test_what_is_not_there(asked: str) -> None:
    with pytest.raises(mc.MatcalcError, match="supported"):
        ASKED[asked](mc.parse(F, WHERE))


@pytest.mark.parametrize(
    "text",
    ["max(z)", "sum(sign(z))", "eigmax(R)", "chol(R)", "pinv(Z)", "norm_nuc(Z)", "norm_spec(Z)", "softmax(z)", "sum(relu(z))", "erf(a^H z)", "2^(a^H z)",
     "sqrtm(R)", "logsumexp(z)", "norm_inf(z)", "median(z)", "sum(z > a)", "sigmoid(a^H z)", "sum(huber(z, 1))", "entropy(z)", "svdvals(Z)", "prod(z)", "cumsum(z)"],
)  # fmt: skip
def test_functions_of_real_numbers(text: str) -> None:
    with pytest.raises(mc.MatcalcError, match=r"of complex numbers is not supported|unknown function"):
        mc.parse(text, WHERE)


def test_the_same_functions_of_what_is_real() -> None:
    assert mc.check("sigmoid(re(a^H z)) + log(1 + z^H R z) + sqrt(1 + ||z||^2)", "z", where=WHERE)
    assert mc.check("sum(max(abs(z), 1/10)) + relu(im(a^H z))", "z", where=WHERE)


@pytest.mark.parametrize(
    "text", ["complex spd(n)", "complex symmetric(n)", "complex vector(n, positive)", "complex function", "complex"]
)
def test_kinds_that_are_none(text: str) -> None:
    with pytest.raises(mc.MatcalcError):
        mc.parse("tr(X)", f"X: {text}")


@pytest.mark.parametrize(
    "text",
    ["np.real(a @ z)", "np.inner(a, z)", "a @ z", "z.conj().T @ R @ z", "torch.abs(z)", "np.trace(Z.H @ R @ Z)", "sum(abs2, z)", "Tr[ConjugateTranspose[Z].R.Z]",
     "np.square(z).sum()"],
)  # fmt: skip
def test_code_is_of_real_numbers(text: str) -> None:
    with pytest.raises(
        mc.MatcalcError,
        match=r"of complex (variables|numbers) is not supported|methods are functions here|the attribute H is not known",
    ):
        mc.derivative(text, "Z" if "Z" in text else "z", where=WHERE)


def test_what_is_no_code_alone_is_a_formula() -> None:
    assert str(mc.derivative("z'*R*z", "z", where=WHERE)) == "R^T conj(z)"
    assert str(mc.derivative("real(trace(R*Z'))", "Z", where=WHERE)) == "R^T / 2"


def test_jacobians() -> None:
    assert str(mc.jacobian("Z z", "z", where=WHERE)) == "Z"
    assert mc.check("conj(Z) z + Z conj(z)", "conj(z)", where=WHERE)


def test_hermitian_variables_have_one_convention() -> None:
    with pytest.raises(mc.MatcalcError, match="within the hermitian matrices"):
        mc.derivative(F, "R", where=WHERE, convention="jax")


def test_real_texts_stay_real() -> None:
    """Without a complex variable j is a name, ^H a transpose with a note, and a prime a transpose."""
    f = mc.parse("sum(abs(j x))")
    assert set(f.declarations) == {"j", "x"}
    (note,) = (n for n in mc.parse("x^H A x").notes if n.code == "mark")
    assert "all arrays are real" in note.message
    assert str(mc.parse("x' A x")) == "x^T A x"
    for text in ("sum(re(x))", "conj(x)^T x", r"\operatorname{Re}(x)"):
        with pytest.raises(mc.MatcalcError, match=r"unknown function|not known"):
            mc.parse(text)
    assert set(mc.parse("re x").declarations) == {"re", "x"}
