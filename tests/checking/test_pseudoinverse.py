"""Moore-Penrose inverses of matrices whose rank is deficient everywhere are checked; where a rank changes, nothing is."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.report import CheckReport

OF_CONSTANT_RANK = [
    ("tr(pinv(x x^T))", "x", "", "-2 x / (x^T x)^2"),
    ("b^T pinv(A A^T) b", "b", "A: matrix(4, 2)", "2 pinv(A A^T) b"),
    ("b^T pinv(A A^T) b", "A", "A: matrix(4, 2), b: vector(4)", "2 (I - A pinv(A)) b b^T pinv(A)^T pinv(A^T A) - 2 pinv(A)^T pinv(A) b b^T pinv(A)^T"),
    ("tr(B pinv(K))", "K", "K: skew(3), B: matrix(3, 3)", None),
    ("tr(B pinv(kron(x, y^T)))", "x", "x: vector(m), y: vector(n), B: matrix(m, n)", "(I - 2 x x^T / (x^T x)) B y / (x^T x * y^T y)"),
    ("v^T pinv(eigmax(S) * eye(n) - S) v", "v", "S: symmetric(n)", "2 resolvent_max(S) v"),
]  # fmt: skip


def refuted(report: CheckReport) -> bool:
    return not report and report.problem is None


@pytest.mark.parametrize(("text", "wrt", "where", "closed"), OF_CONSTANT_RANK)
def test_constant_rank(text: str, wrt: str, where: str, closed: str | None) -> None:
    assert mc.check(text, wrt, where=where), "the engine's derivative"
    if closed is not None:
        assert mc.check(text, wrt, where=where, claim=closed)
        assert refuted(mc.check(text, wrt, where=where, claim=f"1.001 * ({closed})"))
    assert mc.check(text, wrt, where=where, order=2), "the second derivative"


SINGULAR = np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 0.5])


def test_where_the_rank_changes() -> None:
    report = mc.check("tr(B pinv(A))", "A", at={"A": SINGULAR})
    assert not report and report.problem == "the function has no finite value or no derivative there"


def test_a_singular_constant_is_no_obstacle() -> None:
    assert mc.check("x^T pinv(A) y", "x", at={"A": SINGULAR})
    assert refuted(mc.check("x^T pinv(A) y", "x", claim="pinv(A) x", at={"A": SINGULAR}))


def test_a_multiple_stands_before_the_pseudoinverse() -> None:
    assert str(mc.parse("pinv(-2 A)")) == "-pinv(A) / 2"
    assert str(mc.jacobian("pinv(-2 A) b", "b")) == "-pinv(A) / 2"
    assert mc.equal("pinv(K)^T", "-pinv(K)", "K: skew(n)")
