"""SymPy both ways: round trips, values of both sides, and SymPy's own published derivatives."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy.combinatorics import Permutation
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.permutation import PermutationMatrix

import matcalc as mc
from matcalc.checking import Subject
from matcalc.checking.sampling import Point
from matcalc.checking.subject import sample
from matcalc.checking.values.evaluate import evaluate
from matcalc.errors import UnsupportedError
from matcalc.expr import OPERATORS
from matcalc.functions import FUNCTIONS
from matcalc.interop.sympy import diff, from_sympy, to_sympy
from matcalc.interop.sympy_writer import IN_SYMPY
from tests.machine import sweep

# fmt: off
#: text, and whether reading it back gives the very same expression; None where SymPy's form is not read
TABLE = [
    ("tr(X^T A X)", True), ("x^T A x", True), ("A X^-1 + B", True), ("det(X) X^-T", True), ("2 A - 3/2 B", True),
    ("x ./ y.^2", True), ("A .* B .* C", True), ("x.^(1/2) where x: vector(n, positive)", True), ("relu(A x + b)", True),
    ("kron(A, B)", True), ("diag(x) A", True), ("diag(A)", True), ("[A, B; C, D]", True), ("X[1,2] x[3]", True),
    ("logdet(X)", True), ("logdet(S) where S: spd(n)", False), ("n tr(X) where X: matrix(n,n)", True), ("||x||", True),
    ("||A x - b||^2", True), ("X[1:3,2]", True), ("X[2,:]", True), ("sum(log(1+exp(-y .* (X w))))", True),
    ("exp(x) + log(1 + x.^2)", True), ("a^b + sin(a) cos(b)", True), ("pi a", True), ("sigmoid(x)", False),
    ("softmax(x)", False), ("logsumexp(x)", False), ("logsumexp(X)", False), ("max(x, 0)", False), ("adj(X)", False),
    ("x .* 3 + 1", True), ("X^3", True), ("inv(X) x", True), ("abs(x) + sign(x)", True), ("erf(x)", True),
    ("tanh(x)", True), ("ones(3) x^T", True), ("eye(n) - x x^T", True), ("min(x, 2)", True), ("huber(x, 1)", None),
    ("mean(x)", True), ("sum(A, 1)", True), ("0 x", True), ("cbrt(a)", False), ("lgamma(a) where a: scalar(positive)", True), ("digamma(a)", True),
    ("log1p(x)", False), ("x^T y / sqrt(x^T x)", True), ("A' x", True), ("tril(A)", None), ("vec(A)", None),
    ("softplus(x)", False), ("step(x)", True), ("a b c", True), ("lambda x where lambda: scalar", True),
]
# fmt: on


def point_of(f: mc.Expr) -> Point:
    subject = Subject(f.node, f.declarations)
    return next(p for p, _, _ in sample(subject, np.random.default_rng(3), 1))


def explicit(e: Any, point: Point) -> np.ndarray[Any, Any]:
    """The value of a SymPy expression at a point, by SymPy."""
    e = e.xreplace({s: sp.Integer(k) for s in e.free_symbols for name, k in point.sizes.items() if s.name == name})
    for name, value in point.values.items():
        for s in e.atoms(sp.MatrixSymbol):
            if s.name == name:
                e = e.xreplace({s: sp.ImmutableDenseMatrix(value.tolist())})
        e = e.xreplace({s: sp.Float(value[0, 0], 17) for s in e.atoms(sp.Symbol) if s.name == name})
    e = e.replace(lambda t: isinstance(t, DiagonalOf), lambda t: sp.Matrix(t.arg.as_explicit().diagonal()).T)
    e = e.replace(lambda t: isinstance(t, sp.Trace), lambda t: t.arg.as_explicit().doit().trace())
    e = sp.sympify(e).doit()
    if isinstance(e, (sp.MatrixExpr, sp.MatrixBase)):
        return np.array(e.as_explicit().doit().evalf().tolist(), dtype=float)
    return np.array([[float(e.evalf())]])


@sweep(3)
@pytest.mark.parametrize(("text", "same"), TABLE)
def test_values_and_round_trip(text: str, same: bool | None) -> None:
    f = mc.parse(text)
    e = mc.to_sympy(f)
    point = point_of(f)
    np.testing.assert_allclose(explicit(e, point), evaluate(f.node, point.values, point.sizes), rtol=1e-9, atol=1e-12)
    if same is None:
        return
    back = mc.from_sympy(e, {n: d.type_text for n, d in f.declarations.items()})
    if same:
        assert back == f
    else:
        np.testing.assert_allclose(
            evaluate(back.node, point.values, point.sizes), evaluate(f.node, point.values, point.sizes), rtol=1e-9
        )


def test_every_operator_and_elementwise_function_is_written() -> None:
    assert IN_SYMPY.rows.keys() == OPERATORS.keys()
    assert not [name for name, row in FUNCTIONS.items() if row.kind == "elementwise" and not row.sympy]


@pytest.mark.parametrize(
    "text",
    [
        "toeplitz(x)",
        "eigvals(S) where S: symmetric(n)",
        "softmax(X)",
        "max(A, B)",
        "∇f(x) where f: function(vector(n)) -> scalar",
    ],
)
def test_what_sympy_lacks_is_refused(text: str) -> None:
    with pytest.raises(mc.MatcalcError, match="counterpart"):
        mc.to_sympy(text)


def test_sympy_is_imported_only_when_needed() -> None:
    code = "import sys, matcalc as mc; mc.gradient('x^T A x', 'x'); sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- reading ----------------------------------------------------------------------------------

i, j, k, m, n = sp.symbols("i j k m n")
mu = sp.symbols("mu")
X, A, B, C, D = (sp.MatrixSymbol(name, k, k) for name in "XABCD")
x, y, a, b, c, d = (sp.MatrixSymbol(name, k, 1) for name in "xyabcd")
R = sp.MatrixSymbol("R", m, n)
Row = sp.MatrixSymbol("w", 1, 3)

# fmt: off
READ = [
    (x.T * A * x, "x^T A x"), (A * x - 2 * b, "A x - 2 b"), (sp.Trace(A) * B, "tr(A) B"), (R.T, "R^T"),
    (A**-1 * B, "A^-1 B"), (A**3, "A^3"), (sp.Determinant(A * B), "det(A) det(B)"), (sp.Rational(2, 3) * A, "2/3 A"),
    (0.5 * A, "A / 2"), (sp.exp(mu) * x, "exp(mu) x"), (sp.E * x, "exp(1) x"), (sp.pi * x, "pi x"), (k * x, "k x"),
    (x.applyfunc(sp.sin), "sin(x)"), (x.applyfunc(lambda t: t * mu), "mu x"), (x.applyfunc(lambda t: 1 + t**2), "1 + x.^2"),
    (A[0, 1] * x[2, 0], "A[1, 2] x[3]"), (sp.Max(mu, 0), "relu(mu)"), (sp.Max(mu, 0, k), "max(mu, max(0, k))"),
    (sp.BlockMatrix([[A, B], [C, D]]), "[A, B; C, D]"), (sp.DiagMatrix(x), "diag(x)"), (sp.Identity(k), "eye(k)"),
    (sp.Matrix([[1, mu], [0, 2]]), "[1, mu; 0, 2]"), ((x.T * x) ** sp.S.Half, "||x||"), (Row * Row.T, "w w^T"),
    (sp.log(sp.Abs(sp.Determinant(A))), "logdet(A)"), (sp.polygamma(0, mu), "digamma(mu)"), (sp.sqrt(mu), "sqrt(mu)"),
    (A.adjoint(), "A^T"), (R[0:2, 1:3], "R[1:2, 2:3]"), (sp.OneMatrix(1, k) * x, "sum(x)"), (sp.ZeroMatrix(k, k) + A, "A"),
]
# fmt: on


@pytest.mark.parametrize(("e", "text"), READ)
def test_read(e: Any, text: str) -> None:
    assert str(mc.from_sympy(e)) == text


def test_the_variable_of_a_lambda_is_no_symbol_of_the_expression() -> None:
    t, s = sp.symbols("t s")
    assert str(mc.from_sympy(x.applyfunc(sp.Lambda(sp.Dummy("t"), t)))) == "t ones(k)"
    inner = sp.Dummy("t")
    assert str(mc.from_sympy(x.applyfunc(sp.Lambda(inner, inner * t + s)))) == "t x + s"


def test_structure_can_be_told() -> None:
    f = mc.from_sympy(sp.Trace(A * X * A), where="X: symmetric(k)")
    assert str(mc.gradient(f, "X")) == str(mc.gradient("tr(A X A) where A: matrix(k, k), X: symmetric(k)", "X"))


def test_assumptions_of_scalars_are_kept() -> None:
    p = sp.Symbol("p", positive=True)
    assert mc.from_sympy(sp.sqrt(p**2)).declarations["p"].type_text == "scalar(positive)"


n = sp.Symbol("n", integer=True, positive=True)
i = sp.Symbol("i", integer=True)
P, Q = (sp.MatrixSymbol(name, n, n) for name in "PQ")
u, w = (sp.MatrixSymbol(name, n, 1) for name in "uw")
#: What SymPy writes with entries, sums over them and functions of matrices: its text here, where it is told of a structure.
OF_MATRICES = [
    ((u.T * P * u)[0, 0], "u^T P u", None), (sp.log((u.T * P * u)[0, 0]), "log(u^T P u)", None),
    (sp.exp((u.T * w)[0, 0]), "exp(u^T w)", None), ((P * u)[0, 0], "(P u)[1]", None),
    (sp.Sum(P[i, i], (i, 0, n - 1)), "tr(P)", None), (DotProduct(u, w), "u^T w", None), (DotProduct(u.T, w.T), "u^T w", None),
    (sp.HadamardPower(u, sp.S.Half), "sqrt(u)", None), (sp.HadamardPower(P, 3), "P.^3", None),
    (sp.exp(P), "expm(P)", None), (sp.Trace(P ** sp.S.Half), "tr(sqrtm(P))", "P: spd(n)"),
    (P ** sp.Rational(3, 2), "sqrtm(P)^3", "P: spd(n)"), (P ** -sp.S.Half, "sqrtm(P)^-1", "P: spd(n)"), (sp.log(P), "logm(P)", "P: spd(n)"),
    (k * mu * u[k, 0], "k mu u[k + 1]", None), (P[0, 1] * P[k, 0], "P[1, 2] P[k + 1, 1]", None),
    (sp.Trace(Q * P ** sp.S.Half), "tr(Q sqrtm(P))", None), (sp.Trace(Q * P ** -sp.S.Half), "tr(Q sqrtm(P)^-1)", None),
    (sp.Product(u[i, 0], (i, 0, n - 1)), "prod(u)", None), (sp.log(sp.Product(u[i, 0] ** 2 + w[i, 0], (i, 0, n - 1))), "log(prod(u.^2 + w))", None),
    (sp.Product(P[i, i], (i, 0, n - 1)), "prod(diag(P))", None), (sp.Product(mu, (i, 1, 3)), "mu^3", None),
    (sp.Product(u[i, 0], (i, 0, 2)), "u[1] u[2] u[3]", None),
    (PermutationMatrix(Permutation([2, 0, 1])) * sp.Matrix([mu, 1, mu**2]), "[0, 0, 1; 1, 0, 0; 0, 1, 0] [mu; 1; mu^2]", None),
    (sp.FunctionMatrix(2, 2, sp.Lambda((i, k), i + 2 * k)) * sp.Matrix([mu, 1]), "[0, 2; 1, 3] [mu; 1]", None),
    (sp.Permanent(sp.MatrixSymbol("P", 2, 2)), "P[1, 1] P[2, 2] + P[1, 2] P[2, 1]", None),
    (sp.Matrix([[mu, mu**2], [1, 2]]) * sp.Matrix([mu, 1]), "[2 mu^2; mu + 2]", None),
]  # fmt: skip


@pytest.mark.parametrize(("e", "text", "where"), OF_MATRICES, ids=[text for _, text, _ in OF_MATRICES])
def test_functions_and_entries_of_matrices(e: Any, text: str, where: str | None) -> None:
    f = mc.from_sympy(e, where)
    assert str(f) == text
    by = next(name for name in ("u", "P", "mu") if name in f.declarations)
    assert mc.check(f, by, trials=2)


def test_explicit_matrices_go_back_as_they_came() -> None:
    for e in (sp.Matrix([[mu, 1], [0, mu**2]]), sp.Matrix([mu, 1, 2])):
        assert mc.to_sympy(mc.from_sympy(e)).tolist() == e.xreplace({mu: sp.Symbol("mu", real=True)}).tolist()


@pytest.mark.parametrize(
    "e",
    [
        P ** sp.Rational(1, 3),
        sp.Product(u[i, 0] * i, (i, 0, n - 1)),
        P ** sp.Symbol("a"),
        sp.zeta(P),
        sp.Sum(u[i, 0] ** 2, (i, 0, n - 2)),
    ],
)
def test_functions_of_matrices_that_are_not_known_are_refused(e: Any) -> None:
    with pytest.raises(UnsupportedError):
        mc.from_sympy(e)


@pytest.mark.parametrize(
    "e", [sp.I * x, sp.Sum(x[i, 0] * i, (i, 0, k - 1)), sp.oo * mu, sp.Symbol("x'"), x.applyfunc(sp.zeta)]
)
def test_what_has_no_meaning_here_is_refused(e: Any) -> None:
    with pytest.raises(mc.MatcalcError):
        mc.from_sympy(e)


def test_shapes_that_differ_are_refused() -> None:
    two = sp.MatrixSymbol("A", k, k) * sp.MatrixSymbol("A", k, n)
    with pytest.raises(mc.MatcalcError, match="two shapes"):
        mc.from_sympy(two)


# --- SymPy's published derivatives, restated ---------------------------------------------------

# fmt: off
#: (function, variable, the derivative that SymPy's tests state)
PUBLISHED: list[tuple[Any, Any, Any]] = [
    # by a scalar
    (A, i, sp.ZeroMatrix(k, k)), (A * (X + B) * c, i, sp.ZeroMatrix(k, 1)), (x, i, sp.ZeroMatrix(k, 1)),
    (x * x.T, i, sp.ZeroMatrix(k, k)), (sp.HadamardPower(x, 2), i, sp.ZeroMatrix(k, 1)),
    (sp.HadamardPower(x, i), i, sp.HadamardProduct(x.applyfunc(sp.log), sp.HadamardPower(x, i))),
    (sp.HadamardProduct(i * sp.OneMatrix(k, 1), x, y), i, sp.HadamardProduct(x, y)),
    (i * x, i, x), (sp.sin(i) * A * B * x, i, sp.cos(i) * A * B * x), (sp.Trace(i**2 * X), i, 2 * i * sp.Trace(X)),
    (2 * mu * x, x, 2 * mu * sp.Identity(k)), (sp.MatMul(x.T, sp.OneMatrix(k, 1)), x, sp.OneMatrix(k, 1)),
    ((i**2 * x).applyfunc(sp.sin), i, sp.HadamardProduct(2 * i * x, (i**2 * x).applyfunc(sp.cos))),
    ((sp.log(i) * A * B).applyfunc(sp.sin), i, sp.HadamardProduct(A * B / i, (sp.log(i) * A * B).applyfunc(sp.cos))),
    # with inverses
    (a.T * X.inv() * b, X, -X.inv().T * a * b.T * X.inv().T),
    (sp.Determinant(X.inv()), X, -sp.Determinant(X.inv()) * X.inv().T),
    (sp.Trace(A * X.inv() * B), X, -(X.inv() * B * A * X.inv()).T),
    (sp.Trace((X + A).inv()), X, -((X + A).inv().T) ** 2),
    # vectors and scalars
    (x, x, sp.Identity(k)), (x.T, x, sp.Identity(k)), (x.T * a, x, a), (a.T * x, x, a), (a.T * X * b, X, a * b.T),
    (a.T * X.T * b, X, b * a.T), (a.T * X * a, X, a * a.T), (a.T * X.T * a, X, a * a.T),
    (b.T * X.T * X * c, X, X * b * c.T + X * c * b.T),
    ((B * x + b).T * C * (D * x + d), x, B.T * C * (D * x + d) + D.T * C.T * (B * x + b)),
    (x.T * B * x, x, B * x + B.T * x), (b.T * X.T * D * X * c, X, D.T * X * b * c.T + D * X * c * b.T),
    ((X * b + c).T * D * (X * b + c), X, D * (X * b + c) * b.T + D.T * (X * b + c) * b.T),
    (x * x.T * x, x, sp.Trace(x.T * x) * sp.Identity(k) + 2 * x * x.T), (A * x, x, A.T), (x.T * A, x, A),
    # traces
    (sp.Trace(X), X, sp.Identity(k)), (sp.Trace(X * A), X, A.T), (sp.Trace(A * X * B), X, A.T * B.T),
    (sp.Trace(A * X.T * B), X, B * A), (sp.Trace(X.T * A), X, A), (sp.Trace(A * X.T), X, A), (sp.Trace(X**2), X, 2 * X.T),
    (sp.Trace(X**2 * B), X, (X * B + B * X).T), (sp.Trace(X.T * B * X), X, B * X + B.T * X),
    (sp.Trace(B * X * X.T), X, B * X + B.T * X), (sp.Trace(X * X.T * B), X, B * X + B.T * X),
    (sp.Trace(X * B * X.T), X, X * B.T + X * B), (sp.Trace(B * X.T * X), X, X * B.T + X * B),
    (sp.Trace(X.T * X * B), X, X * B.T + X * B), (sp.Trace(A * X * B * X), X, A.T * X.T * B.T + B.T * X.T * A.T),
    (sp.Trace(X.T * X), X, 2 * X), (sp.Trace(X * X.T), X, 2 * X),
    (sp.Trace(B.T * X.T * C * X * B), X, C.T * X * B * B.T + C * X * B * B.T),
    (sp.Trace(X.T * B * X * C), X, B * X * C + B.T * X * C.T),
    (sp.Trace(A * X * B * X.T * C), X, A.T * C.T * X * B.T + C * A * X * B),
    (sp.Trace((A * X * B + C) * (A * X * B + C).T), X, 2 * A.T * (A * X * B + C) * B.T),
    (sp.Trace(B.T * X.T * C * X * X.T * C * X * B), X,
     C * X * X.T * C * X * B * B.T + C.T * X * B * B.T * X.T * C.T * X + C * X * B * B.T * X.T * C * X
     + C.T * X * X.T * C.T * X * B * B.T),
    (sp.Trace(A * X.inv() * B), X, -X.inv().T * A.T * B.T * X.inv().T),
    (sp.Trace((X.T * C * X).inv() * A), X,
     -X.inv().T * A.T * X.inv() * C.inv().T * X.inv().T - X.inv().T * A * X.inv() * C.inv() * X.inv().T),
    # what SymPy's tests leave out as not implemented
    (sp.Trace(X**k), X, k * (X ** (k - 1)).T), (sp.Trace(sp.KroneckerProduct(A, X)), X, sp.Trace(A) * sp.Identity(k)),
    (sp.Trace(X) * sp.Trace(X), X, 2 * sp.Trace(X) * sp.Identity(k)),
    (A * x.applyfunc(sp.exp), x, sp.DiagMatrix(x.applyfunc(sp.exp)) * A.T),
    (x.applyfunc(sp.sin).T * y, x, sp.DiagMatrix(x.applyfunc(sp.cos)) * y),
    (a.T * (X.applyfunc(sp.sin)).applyfunc(sp.log) * b, X,
     sp.DiagMatrix(a) * sp.HadamardProduct(X.applyfunc(sp.cos), sp.HadamardPower(X.applyfunc(sp.sin), -1)) * sp.DiagMatrix(b)),
    # mixed
    (3 * sp.Trace(A), A, 3 * sp.Identity(k)), (mu, A, sp.ZeroMatrix(k, k)), (sp.Trace(A) ** 2, A, 2 * sp.Trace(A) * sp.Identity(k)),
    (sp.Trace(sp.Trace(A) * A), A, 2 * sp.Trace(A) * sp.Identity(k)),
    (sp.Trace(sp.Trace(sp.Trace(A) * A) * A), A, 3 * sp.Trace(A) ** 2 * sp.Identity(k)),
    # norms
    (x.T * y, x, y), ((x.T * y) ** sp.S.Half, x, y / (2 * sp.sqrt(sp.Trace(x.T * y)))),
    ((x.T * x) ** sp.S.Half, x, x / sp.sqrt(sp.Trace(x.T * x))),
    ((c.T * a * x.T * b) ** sp.S.Half, x, b * (a.T * c) / sp.sqrt(sp.Trace(c.T * a * x.T * b)) / 2),
    ((c.T * a * x.T * b) ** sp.Rational(1, 3), x, b * (a.T * c) * sp.Trace(c.T * a * x.T * b) ** sp.Rational(-2, 3) / 3),
    ((a.T * X * b) ** sp.S.Half, X, a * b.T / (2 * sp.sqrt(sp.Trace(a.T * X * b)))),
    (d.T * x * (a.T * X * b) ** sp.S.Half * y.T * c, X,
     sp.Trace(x.T * d) * sp.Trace(y.T * c) * a * b.T / (2 * sp.sqrt(sp.Trace(a.T * X * b)))),
    # functions of every entry
    (x.applyfunc(sp.tan), x, sp.DiagMatrix(x.applyfunc(lambda t: sp.tan(t) ** 2 + 1))),
    (x.T * A * x + k * y.applyfunc(sp.sin).T * x, x, A.T * x + A * x + k * y.applyfunc(sp.sin)),
    ((a.T * X * b).applyfunc(sp.sin), X, sp.cos(sp.Trace(a.T * X * b)) * a * b.T),
    (a.T * X.applyfunc(sp.sin) * b, X, sp.DiagMatrix(a) * X.applyfunc(sp.cos) * sp.DiagMatrix(b)),
    (a.T * (A * X * B).applyfunc(sp.sin) * b, X,
     A.T * sp.DiagMatrix(a) * (A * X * B).applyfunc(sp.cos) * sp.DiagMatrix(b) * B.T),
    (a.T * A * X.applyfunc(sp.sin) * B * b, X, sp.HadamardProduct(A.T * a * b.T * B.T, X.applyfunc(sp.cos))),
    # Hadamard products
    (sp.HadamardProduct(a, x, b), x, sp.DiagMatrix(sp.HadamardProduct(b, a))),
    (a.T * sp.HadamardProduct(A, X, B) * b, X, sp.HadamardProduct(a * b.T, A, B)),
    (sp.HadamardPower(x, 2), x, 2 * sp.DiagMatrix(x)), (sp.HadamardPower(x.T, 2), x, 2 * sp.DiagMatrix(x)),
    (sp.HadamardPower(x, sp.S.Half), x, sp.S.Half * sp.DiagMatrix(sp.HadamardPower(x, sp.Rational(-1, 2)))),
    (sp.HadamardPower(a.T * X * b, 2), X, 2 * sp.Trace(a.T * X * b) * a * b.T),
    (sp.HadamardPower(a.T * X * b, sp.S.Half), X, a * b.T / (2 * sp.sqrt(sp.Trace(a.T * X * b)))),
]
# fmt: on

#: SymPy's cases that are not restated above, each with the reason.
NOT_RESTATED = {
    "A.diff(A), A.T.diff(A), (2*A).diff(A), (A + B).diff(A), (Trace(A)*A).diff(A)": "arrays of rank 4: see the vec forms below",
    "x[i, 0].diff(x[m, 0]) as a Kronecker delta": "an entry of the identity here; values by entries are in test_sympy_bridge.py",
    "Cookbook (126), (127)": "hold for symmetric B and C only, or are stated with terms that are equal then",
    "test_derivatives_of_complicated_matrix_expr": "tested below against values",
}


def same(found: Any, wanted: Any) -> bool:
    """Whether two SymPy expressions are equal, as proved here or by values."""
    left, right = from_sympy(found), from_sympy(wanted)
    if left == right or bool(mc.equal(left, right)):
        return True
    declarations: Mapping[str, Any] = {**left.declarations, **right.declarations}
    both = mc.Expr((left - right).node, declarations)
    point = point_of(mc.Expr(left.node, declarations))
    return bool(np.allclose(evaluate(both.node, point.values, point.sizes), 0, atol=1e-8))


@pytest.mark.parametrize(("f", "variable", "expected"), PUBLISHED)
def test_published_derivatives(f: Any, variable: Any, expected: Any) -> None:
    found = diff(f, variable)
    assert same(found, expected), f"{found} is not {expected}"
    assert found.free_symbols <= f.free_symbols | {variable} | variable.free_symbols | {k}


def test_a_long_expression_of_sympys_tests() -> None:
    inner = X * D * X.T + X * (X.T * B + A * X) * D * B - X.T * C.T * A
    f = (
        a.T
        * (A * X * (X.T * B + X * A) + B.T * X.T * (a * b.T * inner * B) * B + 42 * X * B * X.T * A.T * (X + X.T))
        * b
    )
    assert mc.check(from_sympy(f), "X")


def test_matrices_by_matrices_are_vec_forms() -> None:
    assert same(diff(A, A), sp.Identity(k**2))
    assert same(diff(2 * A * B, A), sp.KroneckerProduct(2 * B.T, sp.Identity(k)))


# fmt: off
#: where SymPy 1.14 gives 0, crashes or leaves the derivative unevaluated
BEYOND = [
    (sp.log(sp.Determinant(X)), X, X.inv().T), (sp.exp(sp.Trace(X)), X, sp.exp(sp.Trace(X)) * sp.Identity(k)),
    (sp.Trace(X.T * X) - 3, X, 2 * X), (sp.log(sp.Trace(x.T * A * x)), x, (A + A.T) * x / sp.Trace(x.T * A * x)),
    (sp.Trace(x.T * A * x) / sp.Trace(x.T * x), x,
     (A + A.T) * x / sp.Trace(x.T * x) - 2 * sp.Trace(x.T * A * x) * x / sp.Trace(x.T * x) ** 2),
]
# fmt: on


@pytest.mark.parametrize(("f", "variable", "expected"), BEYOND)
def test_where_sympy_gives_nothing(f: Any, variable: Any, expected: Any) -> None:
    assert same(diff(f, variable), expected)


def test_second_derivatives() -> None:
    assert same(diff(x.T * A * x, x, x), A + A.T)
    assert same(diff(sp.Trace(X.T * A * X), X, X), sp.KroneckerProduct(sp.Identity(k), A + A.T))


def test_symbols_come_back_as_they_were() -> None:
    size = sp.Symbol("n", integer=True, positive=True)
    S = sp.MatrixSymbol("S", size, size)
    found = diff(sp.Trace(mu * S * S), S)
    assert found.shape == (size, size)
    assert mu in found.free_symbols and S in found.atoms(sp.MatrixSymbol)


def test_entries_count_from_zero() -> None:
    assert to_sympy(mc.parse("X[1, 2]")) == MatrixElement(
        sp.MatrixSymbol("X", *to_sympy(mc.parse("X[1, 2]")).args[0].shape), 0, 1
    )


def test_by_something_that_is_no_symbol() -> None:
    with pytest.raises(mc.MatcalcError, match="no symbol"):
        diff(sp.Trace(A), A.T)


@pytest.mark.parametrize("relation", [sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.Eq, sp.Ne])
def test_relations_are_read_as_they_stand(relation: type) -> None:
    a, b = sp.symbols("a b", real=True)
    read = mc.compile(from_sympy(sp.Piecewise((1, relation(a, b)), (0, True))))
    for x, y in ((1.0, 2.0), (2.0, 1.0), (1.5, 1.5)):
        assert read(a=x, b=y) == bool(relation(sp.Float(x), sp.Float(y)))
