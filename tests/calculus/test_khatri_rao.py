"""The columnwise Kronecker product, as in the CP decomposition of a tensor."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

PARAFAC = "||X - A khatri_rao(C, B)^T||_F^2"
WHERE = "X: matrix(m, n*k), A: matrix(m, r), B: matrix(k, r), C: matrix(n, r)"


@pytest.mark.parametrize("wrt", ["A", "B", "C"])
def test_cp_decomposition(wrt: str) -> None:
    assert mc.check(PARAFAC, wrt, where=WHERE)
    assert mc.check(PARAFAC, wrt, where=WHERE, order=2, trials=1)


def test_gradient_by_a_factor_as_papers_have_it() -> None:
    """A: the matricised residual times the Khatri-Rao product [Kolda & Bader 2009, (3.4)]"""
    assert str(mc.gradient(PARAFAC, "A", WHERE)) == "2 (A khatri_rao(C, B)^T - X) khatri_rao(C, B)"


@pytest.mark.parametrize("wrt", ["A", "B"])
def test_jacobian(wrt: str) -> None:
    where = "A: matrix(m, n), B: matrix(p, n)"
    assert mc.check("khatri_rao(A, B)", wrt, where=where)
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 3)), rng.standard_normal((4, 3))
    jacobian = mc.compile(mc.jacobian("khatri_rao(A, B)", wrt, where))(A=a, B=b)
    e = rng.standard_normal((a if wrt == "A" else b).shape)

    def value(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.einsum("ij,kj->ikj", a, b).reshape(-1, 3)

    wanted = value(e, b) if wrt == "A" else value(a, e)
    assert np.allclose(np.tensordot(jacobian, e, 2), wanted)
    assert mc.check("sum(khatri_rao(A, B).^2)", "A", "B", where=where)
