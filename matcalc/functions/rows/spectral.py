"""Eigenvalues, singular values and matrix functions.

Where the differential has no elementary matrix form it is written with named parts: eigenvectors, singular vectors,
the Fréchet derivative (`frechet_expm`), the solution of a Sylvester equation.
"""

from __future__ import annotations

from matcalc.functions.making import REALS, always
from matcalc.functions.properties import (
    ABOVE_0,
    AT_LEAST_0,
    DEFINITE,
    NO_NEGATIVE_EIGENVALUE,
    RANK,
    SEMIDEFINITE,
    SYMMETRIC,
    Distinct,
    Said,
    Unique,
    needs,
)
from matcalc.functions.spelling import Spelling, called, derivatives_of, own
from matcalc.functions.table import Function, register

__all__: list[str] = []

SQUARE = ("(n, n) -> (n, n)",)
#: X and up to four directions: D^k f(X)[E_1, …, E_k] of the derivatives up to the fourth.
DIRECTED = tuple("(n, n), " * k + "(n, n) -> (n, n)" for k in range(1, 5))
DIRECTED_POWER = tuple("(n, n), " * k + "(n, n), (1, 1) -> (n, n)" for k in range(1, 5))
DIRECTIONS = ("X", "E_1", "E_2", "E_3", "E_4")
SIMPLE = needs(Distinct("eigenvalue"), "S")
SINGULAR = needs(Distinct("singular value"), "X")
LARGEST = needs(Unique("largest", "singular value"), "X")
OFF_THE_CUT = needs(NO_NEGATIVE_EIGENVALUE, "X")
OFF_THE_AXIS = needs(Said("{0} has no eigenvalue on the imaginary axis"), "X")
POSITIVE_DEFINITE, OF_SYMMETRIC = needs(DEFINITE, "S"), needs(SYMMETRIC, "S")
#: With R v = 0 for the eigenvector v, the rule of Golub & Pereyra for pinv(λ I - S), symmetric and of rank n - 1
_RESOLVENT = (
    "resolvent_end(S) dS resolvent_end(S) - (eigvec_end(S)^T dS eigvec_end(S)) resolvent_end(S)^2"
    " - resolvent_end(S)^2 dS eigvec_end(S) eigvec_end(S)^T - eigvec_end(S) eigvec_end(S)^T dS resolvent_end(S)^2"
)

# fmt: off
register(Function("expm", SQUARE, ("X",), "call", "matrix exponential", differential=("frechet_expm(X, dX)",),
                  reference="Higham 2008, 10.2",
                  spelled=own("_expm", "exp", "expm", "{0}", numpy="kernels.expm({args})", jax="jax.scipy.linalg.expm({0})", torch="torch.linalg.matrix_exp({0})"),
                  sympy="MatrixFunction",
                  primary="exp", turned="X", continuous=True, value=("invertible",), gives=((SYMMETRIC, DEFINITE),)))
register(Function("logm", SQUARE, ("X",), "call", "principal matrix logarithm", differential=("frechet_logm(X, dX)",),
                  domain=OFF_THE_CUT, condition=OFF_THE_CUT, reference="Higham 2008, 11.2",
                  spelled=own("_logm", "log", "logm", "{0}", numpy="kernels.logm({args})"),
                  sympy="MatrixFunction",
                  primary="log", turned="X", continuous=True, in_order={"X": ((DEFINITE, "concave"), (DEFINITE, "increasing"))}))
register(Function("sqrtm", SQUARE, ("X",), "call", "principal matrix square root", differential=("sylvester(sqrtm(X), sqrtm(X), dX)",),
                  domain=OFF_THE_CUT, condition=OFF_THE_CUT, reference="Higham 2008, 6.1",
                  spelled=own("_sqrtm", "sqrt", "sqrtm", "{0}", numpy="kernels.sqrtm({args})"),
                  primary="sqrt", turned="X", continuous=True, value=("invertible",), gives=((DEFINITE, DEFINITE),), degree=(("X", "1/2"),), in_order={"X": ((DEFINITE, "concave"), (DEFINITE, "increasing"))}))
register(Function("sinm", SQUARE, ("X",), "call", "matrix sine", differential=("frechet_sinm(X, dX)",), reference="Higham 2008, 12",
                  spelled=own("_sinm", "sin", "matrix_sine", "{0}", numpy=called("sinm")),
                  sympy="MatrixFunction",
                  primary="sin", turned="X", continuous=True))
register(Function("cosm", SQUARE, ("X",), "call", "matrix cosine", differential=("frechet_cosm(X, dX)",), reference="Higham 2008, 12",
                  spelled=own("_cosm", "cos", "matrix_cosine", "{0}", numpy=called("cosm")),
                  sympy="MatrixFunction",
                  primary="cos", turned="X", continuous=True))
register(Function("signm", SQUARE, ("X",), "call", "matrix sign, X (X^2)^(-1/2)", differential=("frechet_signm(X, dX)",),
                  domain=OFF_THE_AXIS, condition=OFF_THE_AXIS, reference="Higham 2008, 5.1",
                  spelled=own("_signm", "matrix_sign", "matrix_sign", "{0}", numpy=called("signm")),
                  sympy="MatrixFunction",
                  primary="sign", turned="X", continuous=True, value=("invertible",), degree=(("X", "0"),)))
for _name, _julia, _matlab, _domain in (("sinm", "sin", "matrix_sine", ()), ("cosm", "cos", "matrix_cosine", ()), ("signm", "matrix_sign", "matrix_sign", OFF_THE_AXIS)):
    register(Function(f"frechet_{_name}", DIRECTED, DIRECTIONS, "call", f"Fréchet derivative of {_name} at X in the directions E_1, …", reference="Higham 2008, 3",
                      linear="E_*", turned="X E_*", derivative_of=_name, domain=_domain, continuous=True,
                      spelled=derivatives_of(f"_{_name}", _julia, _matlab, numpy=called(f"frechet_{_name}"))))
register(Function("sylvester", ("(m, m), (n, n), (m, n) -> (m, n)",), ("A", "B", "C"), "call", "the Y with A Y + Y B = C",
                  differential=("sylvester(A, B, dC - dA sylvester(A, B, C) - sylvester(A, B, C) dB)",),
                  adjoints={"C": "sylvester(A^T, B^T, G)"},
                  vec_forms={"C": "(kron(eye(n), A) + kron(B^T, eye(m)))^-1"},
                  condition=needs(Said("{0} and -{1} have no common eigenvalue"), "A", "B"), reference="Bartels & Stewart 1972",
                  spelled=Spelling("_sylvester({0}, {1}, {2}{also})", "sylvester({0}, {1}, -({2}))", "sylvester({0}, {1}, {2})",
                                   "kernels.sylvester({args})", julia_stacked="(a, b, c) -> sylvester(a, b, -c)"),
                  linear="C", turned="B A C"))
register(Function("frechet_adj", DIRECTED, DIRECTIONS, "call", "derivative of adj at X in the directions E_1, …, a polynomial in X", reference="M&N 8.6",
                  spelled=own("_frechet_adj", "frechet_adj", "frechet_adj"),
                  linear="E_*", turned="X E_*", derivative_of="adj", continuous=True))
register(Function("frechet_expm", DIRECTED, DIRECTIONS, "call", "Fréchet derivative of expm at X in the directions E_1, …", reference="Higham 2008, 10.6",
                  spelled=derivatives_of("_expm", "exp", "expm", numpy="kernels.frechet_expm({args})",
                                         jax="_frechet(jax.scipy.linalg.expm, {args})", torch="_frechet(torch.linalg.matrix_exp, {args})"),
                  linear="E_*", turned="X E_*", derivative_of="expm", continuous=True))
register(Function("frechet_logm", DIRECTED, DIRECTIONS, "call", "Fréchet derivative of logm at X in the directions E_1, …", reference="Higham 2008, 11.8",
                  spelled=derivatives_of("_logm", "log", "logm", numpy="kernels.frechet_logm({args})"),
                  linear="E_*", turned="X E_*", derivative_of="logm", domain=OFF_THE_CUT, continuous=True))
register(Function("frechet_matpow", DIRECTED_POWER, (*DIRECTIONS, "n"), "call", "Fréchet derivative of X^n in the directions E_1, …; n comes last", reference="Al-Mohy & Higham 2009",
                  spelled=own("_frechet_power", "frechet_power", "frechet_power", numpy="kernels.frechet_matpow({args})"),
                  linear="E_*", turned="X E_* n", derivative_of="matpow", continuous=True))
register(Function("chol", SQUARE, ("S",), "call", "lower Cholesky factor: S = L L^T",
                  differential=("chol(S) tril_half(chol(S)^-1 dS chol(S)^-T)",),
                  domain=POSITIVE_DEFINITE, condition=POSITIVE_DEFINITE, aliases=("cholesky",), reference="Murray 2016, arXiv:1602.07527",
                  sympy="MatrixFunction",
                  value=("lower", "invertible", "positive diagonal"), of_number="sqrt", degree=(("S", "1/2"),), continuous=True))
register(Function("eigvals", ("(n, n) -> (n, 1)",), ("S",), "call", "eigenvalues of a symmetric matrix, ascending",
                  differential=("diag(eigvecs(S)^T dS eigvecs(S))",), domain=OF_SYMMETRIC, condition=SIMPLE, aliases=("eigvalsh",), reference="Magnus 1985, theorem 1",
                  gives=((DEFINITE, ABOVE_0), (SEMIDEFINITE, AT_LEAST_0)), of_number="x", degree=(("S", "1"),), continuous=True, complex_step=False,
                  analytic=False))
register(Function("eigvecs", SQUARE, ("S",), "call", "eigenvectors of a symmetric matrix, in the order of eigvals",
                  differential=("eigvecs(S) (eig_gaps(S) .* (eigvecs(S)^T dS eigvecs(S)))",), domain=OF_SYMMETRIC, condition=SIMPLE, reference="Magnus 1985, theorem 1",
                  value=("orthonormal columns", "invertible"), of_number="1", degree=(("S", "0"),), continuous=False, complex_step=False))
register(Function("eig_gaps", SQUARE, ("S",), "call", "1 / (λ_j - λ_i) off the diagonal, 0 on it",
                  differential=("-eig_gaps(S).^2 .* (ones(n) diag(eigvecs(S)^T dS eigvecs(S))^T - diag(eigvecs(S)^T dS eigvecs(S)) ones(n)^T)",),
                  domain=OF_SYMMETRIC, condition=SIMPLE, reference="Magnus 1985, theorem 1",
                  value=("skew",), of_number="0", degree=(("S", "-1"),), continuous=False, of_gaps=True, complex_step=False))
register(Function("eigmax", ("(n, n) -> (1, 1)",), ("S",), "call", "largest eigenvalue of a symmetric matrix",
                  differential=("eigvec_max(S)^T dS eigvec_max(S)",), domain=OF_SYMMETRIC, condition=needs(Unique("largest", "eigenvalue"), "S"), reference="Magnus 1985, theorem 1",
                  range=REALS, gives=((DEFINITE, ABOVE_0), (SEMIDEFINITE, AT_LEAST_0)), of_number="x", degree=(("S", "1"),), continuous=True, complex_step=False,
                  curvature={"S": always("convex")}, in_order={"S": ((SYMMETRIC, "increasing"),)},
                  analytic=False))
register(Function("eigmin", ("(n, n) -> (1, 1)",), ("S",), "call", "smallest eigenvalue of a symmetric matrix",
                  differential=("eigvec_min(S)^T dS eigvec_min(S)",), domain=OF_SYMMETRIC, condition=needs(Unique("smallest", "eigenvalue"), "S"), reference="Magnus 1985, theorem 1",
                  range=REALS, gives=((DEFINITE, ABOVE_0), (SEMIDEFINITE, AT_LEAST_0)), of_number="x", degree=(("S", "1"),), continuous=True, complex_step=False,
                  curvature={"S": always("concave")}, in_order={"S": ((SYMMETRIC, "increasing"),)},
                  analytic=False))
register(Function("eigvec_max", ("(n, n) -> (n, 1)",), ("S",), "call", "unit eigenvector of the largest eigenvalue",
                  differential=("resolvent_max(S) dS eigvec_max(S)",), domain=OF_SYMMETRIC, condition=needs(Unique("largest", "eigenvalue"), "S"), reference="Magnus 1985, theorem 1",
                  value=("orthonormal columns",), of_number="1", degree=(("S", "0"),), continuous=False, complex_step=False))
register(Function("eigvec_min", ("(n, n) -> (n, 1)",), ("S",), "call", "unit eigenvector of the smallest eigenvalue",
                  differential=("resolvent_min(S) dS eigvec_min(S)",), domain=OF_SYMMETRIC, condition=needs(Unique("smallest", "eigenvalue"), "S"), reference="Magnus 1985, theorem 1",
                  value=("orthonormal columns",), of_number="1", degree=(("S", "0"),), continuous=False, complex_step=False))
for _end, _what in (("max", "largest"), ("min", "smallest")):
    register(Function(f"resolvent_{_end}", SQUARE, ("S",), "call", f"reduced resolvent of the {_what} eigenvalue, pinv(eig{_end}(S) I - S)",
                      differential=(_RESOLVENT.replace("end", _end),), value=("symmetric", "semidefinite") if _end == "max" else ("symmetric",), of_number="0", degree=(("S", "-1"),), continuous=False, complex_step=False, domain=OF_SYMMETRIC, condition=needs(Unique(_what, "eigenvalue"), "S"), reference="Kato 1995, II.2.2"))
register(Function("norm_spec", ("(m, n) -> (1, 1)",), ("X",), "call", "spectral norm, largest singular value",
                  differential=("svd_u_max(X)^T dX svd_v_max(X)",), condition=LARGEST, aliases=("norm_spectral",), reference="Watson 1992",
                  range=AT_LEAST_0, of_number="abs", degree=(("X", "1"),), continuous=True, complex_step=False, curvature={"X": always("convex")},
                  analytic=False,
                  bars="2"))
register(Function("norm_nuc", ("(m, n) -> (1, 1)",), ("X",), "call", "nuclear norm, sum of the singular values",
                  differential=("tr(svd_v(X) svd_u(X)^T dX)",), condition=needs(RANK, "X"), aliases=("norm_nuclear",), reference="Watson 1992",
                  range=AT_LEAST_0, of_number="abs", degree=(("X", "1"),), continuous=True, complex_step=False, curvature={"X": always("convex")},
                  analytic=False,
                  bars="*"))
register(Function("svd_u_max", ("(m, n) -> (m, 1)",), ("X",), "call", "left singular vector of the largest singular value",
                  differential=("resolvent_max(X X^T) (norm_spec(X) dX svd_v_max(X) + X dX^T svd_u_max(X))",), condition=LARGEST, reference="Magnus 1985, theorem 1, of X X^T",
                  value=("orthonormal columns",), degree=(("X", "0"),), continuous=False, complex_step=False))
register(Function("svd_v_max", ("(m, n) -> (n, 1)",), ("X",), "call", "right singular vector of the largest singular value",
                  differential=("resolvent_max(X^T X) (norm_spec(X) dX^T svd_u_max(X) + X^T dX svd_v_max(X))",), condition=LARGEST, reference="Magnus 1985, theorem 1, of X^T X",
                  value=("orthonormal columns",), degree=(("X", "0"),), continuous=False, complex_step=False))
register(Function("svdvals", ("(m, n) -> (min(m,n), 1)",), ("X",), "call", "singular values, descending",
                  differential=("diag(svd_u(X)^T dX svd_v(X))",), condition=SINGULAR, aliases=("singular_values",), reference="Townsend 2016, (7)",
                  range=AT_LEAST_0, of_number="abs", degree=(("X", "1"),), continuous=True, complex_step=False,
                  analytic=False))
register(Function("svd_u", ("(m, n) -> (m, min(m,n))",), ("X",), "call", "left singular vectors, thin",
                  differential=(
                      "svd_u(X) (svd_gaps(X) .* (svd_u(X)^T dX svd_v(X) diag(svdvals(X)) + diag(svdvals(X)) svd_v(X)^T dX^T svd_u(X)))"
                      " + (eye(m) - svd_u(X) svd_u(X)^T) dX svd_v(X) diag(1 ./ svdvals(X))",),
                  condition=SINGULAR, reference="Townsend 2016, (8)",
                  value=("orthonormal columns",), degree=(("X", "0"),), continuous=False, complex_step=False))
register(Function("svd_v", ("(m, n) -> (n, min(m,n))",), ("X",), "call", "right singular vectors, thin",
                  differential=(
                      "svd_v(X) (svd_gaps(X) .* (diag(svdvals(X)) svd_u(X)^T dX svd_v(X) + svd_v(X)^T dX^T svd_u(X) diag(svdvals(X))))"
                      " + (eye(n) - svd_v(X) svd_v(X)^T) dX^T svd_u(X) diag(1 ./ svdvals(X))",),
                  condition=SINGULAR, reference="Townsend 2016, (9)",
                  value=("orthonormal columns",), degree=(("X", "0"),), continuous=False, complex_step=False))
register(Function("svd_gaps", ("(m, n) -> (min(m,n), min(m,n))",), ("X",), "call", "1 / (σ_j^2 - σ_i^2) off the diagonal, 0 on it",
                  differential=(
                      "2 * svd_gaps(X).^2 .* ((svdvals(X) .* diag(svd_u(X)^T dX svd_v(X))) vector(1)^T"
                      " - vector(1) (svdvals(X) .* diag(svd_u(X)^T dX svd_v(X)))^T)",),
                  condition=SINGULAR, reference="Townsend 2016, (10)",
                  value=("skew",), degree=(("X", "-2"),), continuous=False, of_gaps=True, complex_step=False))
# fmt: on
