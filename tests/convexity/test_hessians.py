"""The sign of a Hessian in one line: in `diff --order 2`, in notebooks, in JSON."""

from __future__ import annotations

import time
from html import unescape

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main

SIGNS = [
    ("||A x - b||^2", "x", "positive semidefinite: f is convex"),
    (
        "||A x - b||^2 + c x^T x where c: scalar(positive)",
        "x",
        "positive definite: f is strongly convex with constant 2 c",
    ),
    ("-log(sum(exp(A x)))", "x", "negative semidefinite: f is concave"),
    ("logdet(S) where S: spd(n)", "S", "negative semidefinite: f is strictly concave"),
    ("x^2 / (1 - x) where x: scalar", "x", "positive semidefinite where 1 - x > 0: f is convex"),
    ("x^T A x", "x", ""),
    ("a^T x", "x", ""),
    ("sin(x) where x: scalar", "x", ""),
    ("exp(log(x^2)) where x: scalar", "x", ""),
]


@pytest.mark.parametrize(("text", "wrt", "sign"), SIGNS)
def test_the_sign_is_a_row(text: str, wrt: str, sign: str) -> None:
    found = mc.hessian(text, wrt)
    printed = CliRunner().invoke(main, ["diff", text, "--wrt", wrt, "--order", "2", "--no-check"]).output
    assert found.sign == sign
    assert [line for line in printed.splitlines() if line.startswith("sign")] == ([f"sign      {sign}"] if sign else [])
    assert (f"the Hessian is {sign}" in unescape(found._repr_html_() or "")) == bool(sign)
    assert ("the Hessian is" in found._repr_latex_()) == bool(sign)


def test_gradients_and_jacobians_have_none() -> None:
    assert mc.derivative("||A x - b||^2", "x").sign == ""
    assert mc.derivative("A x", "x", "x").sign == ""
    assert mc.derivative("x^T y", "x", "y").sign == ""


@pytest.mark.parametrize(("text", "sign"), [("sum(exp(A x)) + ||x||^2", 1), ("-sum(softplus(A x))", -1)])
def test_it_is_true_of_values(text: str, sign: int) -> None:
    """By the eigenvalues of the compiled Hessian."""
    rng = np.random.default_rng(3)
    h = mc.compile(mc.hessian(text, "x"))(A=rng.standard_normal((4, 3)), x=rng.standard_normal(3))
    assert mc.hessian(text, "x").sign.startswith("positive" if sign > 0 else "negative")
    assert (sign * np.linalg.eigvalsh(np.asarray(h)) > -1e-12).all()


def test_it_takes_no_noticeable_time() -> None:
    """Of what takes long to judge nothing is said."""
    d = mc.hessian(
        "log(1 + exp(sin(x^2) + exp(-x y)) + sqrt(1 + x^4 + y^2 + cos(x) tanh(x)^2)) where x: scalar, y: scalar", "x"
    )
    start = time.process_time()
    assert d.sign == ""
    assert time.process_time() - start < 1.5
