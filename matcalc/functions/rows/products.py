"""Inverses, determinants, powers and quadratic forms.

M&N is Magnus & Neudecker, 3rd edition.
"""

from __future__ import annotations

from matcalc.functions.making import REALS, always
from matcalc.functions.properties import (
    ABOVE_0,
    AT_LEAST_0,
    DEFINITE,
    EVERYWHERE,
    INVERTIBLE,
    SEMIDEFINITE,
    SYMMETRIC,
    Said,
    needs,
)
from matcalc.functions.spelling import Spelling
from matcalc.functions.table import Function, register

__all__: list[str] = []

SQUARE = ("(n, n) -> (n, n)",)
SCALAR = ("(n, n) -> (1, 1)",)


# fmt: off
register(Function("inv", SQUARE, ("X",), "constructor", "inverse", differential=("-X^-1 dX X^-1",), condition=needs(INVERTIBLE, "X"), aliases=("inverse",), reference="M&N 8.4",
                  value=("invertible",), gives=((SYMMETRIC, SYMMETRIC), (DEFINITE, DEFINITE)), turned="X", degree=(("X", "-1"),), in_order={"X": ((DEFINITE, "convex"), (DEFINITE, "decreasing"))}))
register(Function("solve", ("(n, n), (n, k) -> (n, k)",), ("A", "B"), "constructor", "A^-1 B", differential=("A^-1 (dB - dA A^-1 B)",), condition=needs(INVERTIBLE, "A"), reference="M&N 8.4",
                  linear="B", degree=(("A", "-1"), ("B", "1"))))
register(Function("det", SCALAR, ("X",), "constructor", "determinant", latex=r"\det", differential=("det(X) tr(X^-1 dX)",), domain=needs(EVERYWHERE, "X"), remark="of a singular X the differential is tr(adj(X) dX)", aliases=("determinant",), reference="M&N 8.3, Jacobi's formula",
                  range=REALS, gives=((DEFINITE, ABOVE_0), (SEMIDEFINITE, AT_LEAST_0)), degree=(("X", "n"),), of_number="x", continuous=True, in_order={"X": ((DEFINITE, "increasing"),)}))
register(Function("logdet", SCALAR, ("X",), "constructor", "log |det X|", latex=r"\log\det", differential=("tr(X^-1 dX)",), condition=needs(INVERTIBLE, "X"), domain=needs(INVERTIBLE, "X"), aliases=("slogdet",), reference="M&N 8.3",
                  range=REALS, curvature={"X": ((DEFINITE, "concave"),)}, continuous=True, in_order={"X": ((DEFINITE, "increasing"),)}))
register(Function("adj", SQUARE, ("X",), "constructor", "adjugate, det(X) X^-1", differential=("tr(X^-1 dX) adj(X) - X^-1 dX adj(X)",), domain=needs(EVERYWHERE, "X"), remark="the differential is written for an invertible X", aliases=("adjugate",), reference="M&N 8.6",
                  gives=((SYMMETRIC, SYMMETRIC), (DEFINITE, DEFINITE)), turned="X", degree=(("X", "n - 1"),), of_number="1", continuous=True))
# λ I - S has the rank n - 1 up to the rounding of λ: smaller singular values, relative to the largest, count as 0. NumPy 1 names the tolerance rcond.
register(Function("pinv", ("(m, n) -> (n, m)",), ("X",), "call", "Moore–Penrose inverse",
                  differential=("-pinv(X) dX pinv(X) + pinv(X) pinv(X)^T dX^T (eye(m) - X pinv(X)) + (eye(n) - pinv(X) X) dX^T pinv(X)^T pinv(X)",),
                  condition=needs(Said("the rank of {0} is locally constant"), "X"), domain=needs(EVERYWHERE, "X"), reference="Golub & Pereyra 1973, (4.12)",
                  spelled=Spelling("{xp}.linalg.pinv({0}, rtol=1e-11)", "pinv({0}; rtol=1e-11)", "pinv({0}, 1e-11 * norm({0}))", "np.linalg.pinv({0}, 1e-11)"),
                  sympy="MatrixFunction",
                  gives=((SYMMETRIC, SYMMETRIC), (SEMIDEFINITE, SEMIDEFINITE), (DEFINITE, DEFINITE)), turned="X", degree=(("X", "-1"),), continuous=False))
register(Function("quad", ("(n, 1), (n, n) -> (1, 1)",), ("x", "A"), "macro", "x^T A x", definition=("x^T A x",), reference="M&N 9.9",
                  linear="A", degree=(("x", "2"), ("A", "1")), curvature={"A": always("affine")}, continuous=True))
# fmt: on
