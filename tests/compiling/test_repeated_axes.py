"""Second derivatives in which one axis stands twice: diagonals of what is linear in both directions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import matcalc as mc
from tests.machine import sweep

MATRICES = ("expm(X)", "sqrtm(X)", "logm(X)", "X^-1", "X^3", "X A X", "kron(a^T x, X)", "X .* exp(X)", "A^T X^p")
COLUMNS = ("diag({0})", "normalize(diag({0}))", "diag({0}) tr({1})", "diag({0}) .* diag({1})", "diag({0} {1})")
SCALARS = ("tr({0})^2", "sum(diag({0}) .* diag({1}))", "diag({0})^T diag({1})", "tr({0}) tr({1})", "||diag({0} {1})||")
WHERE = {"X": "matrix(n, n)", "A": "matrix(n, n)", "a": "vector(m)", "x": "vector(m)", "p": "scalar(integer)"}
PAIRS = [(f, a, b) for k, (f, a, b) in enumerate(product(COLUMNS + SCALARS, MATRICES, MATRICES)) if k % 23 == 0]


def arguments(n: int = 3) -> dict[str, object]:
    rng = np.random.default_rng(5)
    x = 1.5 * np.eye(n) + rng.uniform(0, 0.4, (n, n))
    return {"X": x, "A": rng.uniform(0.2, 1, (n, n)), "a": np.ones(2), "x": np.array([0.3, 0.9]), "p": 4}


@sweep(2)
@pytest.mark.parametrize(("form", "first", "second"), PAIRS)
def test_second_derivatives_are_differences_of_the_first(form: str, first: str, second: str) -> None:
    text = form.format(first, second)
    f = mc.parse(text, {k: v for k, v in WHERE.items() if k in text.replace("expm", "").replace("exp", "")})
    gradient, hessian = mc.compile(mc.derivative(f, "X")), mc.compile(mc.hessian(f, "X"))
    given = {k: v for k, v in arguments().items() if k in f.declarations}
    step = 1e-5 * np.random.default_rng(1).standard_normal((3, 3))
    ahead, behind = (gradient(**{**given, "X": given["X"] + sign * step}) for sign in (1, -1))
    expected = (ahead - behind) / 2
    found = np.tensordot(hessian(**given), step, 2)
    assert np.abs(found - expected).max() < 1e-6 * np.abs(expected).max()
