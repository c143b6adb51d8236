"""Linear functions: their differential is the function itself, applied to dX."""

from __future__ import annotations

from fractions import Fraction

from matcalc import expr
from matcalc.expr import Dim, Node, add, hadamard, mask, matmul, ones, scaled, transpose
from matcalc.expr.special import khatri_rao
from matcalc.functions.table import Function, register

__all__: list[str] = []

HALF = Fraction(1, 2)


def _diag(x: Node) -> Node:
    """diag(v) of a column is a matrix, diag(X) of a square matrix its diagonal."""
    return expr.diag(x) if x.is_column else expr.diagonal(x)


def _total(x: Node) -> Node:
    """1^T X 1"""
    return _sum_columns(_sum_rows(x))


def _sum_columns(x: Node) -> Node:
    """1^T X, a row"""
    return expr.multiply(transpose(ones(x.rows)), x)


def _sum_rows(x: Node) -> Node:
    """X 1, a column"""
    return expr.multiply(x, ones(x.cols))


def _mean(x: Node) -> Node:
    return expr.divide(_total(x), expr.dimension(x.rows * x.cols))


def _mean_columns(x: Node) -> Node:
    return expr.multiply(expr.power(expr.dimension(x.rows), -1), _sum_columns(x))


def _mean_rows(x: Node) -> Node:
    return expr.multiply(expr.power(expr.dimension(x.cols), -1), _sum_rows(x))


def _vech(x: Node) -> Node:
    """The lower triangle column by column: L(n) vec(X)"""
    return matmul(expr.elimination(x.rows), expr.vec(x)) if not x.is_scalar else x


def _inner(a: Node, b: Node) -> Node:
    return expr.trace(expr.multiply(transpose(a), b))


def _sym(x: Node) -> Node:
    return scaled(HALF, add(x, transpose(x)))


def _skew(x: Node) -> Node:
    return scaled(HALF, add(x, scaled(-1, transpose(x))))


def _triu(x: Node) -> Node:
    return hadamard(mask("upper", x.rows, x.cols), x)


def _strict_triu(x: Node) -> Node:
    return hadamard(mask("strictly_upper", x.rows, x.cols), x)


def _tril(x: Node) -> Node:
    return hadamard(mask("lower", x.rows, x.cols), x)


def _strict_tril(x: Node) -> Node:
    return hadamard(mask("strictly_lower", x.rows, x.cols), x)


def _tril_half(x: Node) -> Node:
    """The lower triangle with half of the diagonal, the Φ of the Cholesky differential"""
    return hadamard(mask("phi", x.rows, x.cols), x)


def _unit(i: int | Dim, n: Dim, columns: Dim = expr.ONE) -> Node:
    return expr.unit(i, n)


def _kron_contract(a: Node, g: Node, b: Node, rows: Dim, cols: Dim) -> Node:
    return expr.call("kron_contract", a, g, b, static=((rows, cols),), shape=(rows, cols))


def _block_trace(x: Node, m: Dim, n: Dim) -> Node:
    """The sum of the m diagonal blocks, each n x n"""
    return _kron_contract(expr.identity(m), x, expr.number(1), n, n) if not m.is_one else x


def _partial_trace(x: Node, m: Dim, n: Dim) -> Node:
    """The m x m matrix of the traces of the blocks"""
    return _kron_contract(expr.number(1), x, expr.identity(n), m, m) if not n.is_one else x


def _constant(c: Node, rows: Dim, cols: Dim) -> Node:
    return expr.scale(c, ones(rows, cols))


# fmt: off
_ROWS: tuple[tuple[object, ...], ...] = (
    # name, signatures, parameters, build, differential, reference, summary, aliases
    ("tr",     ("(n, n) -> (1, 1)",), ("X",), expr.trace, "tr(dX)", "M&N 8.2", "sum of the diagonal", ("trace",)),
    ("vec",    ("(m, n) -> (m*n, 1)",), ("X",), expr.vec, "vec(dX)", "M&N 8.2", "the columns stacked into one", ()),
    ("vech",   ("(n, n) -> (n(n+1)/2, 1)",), ("X",), _vech, "vech(dX)", "M&N 3.8", "the lower triangle stacked column by column", ()),
    ("unvec",  ("(m*n, 1), #m, #n -> (m, n)",), ("v", "m", "n"), expr.unvec, "unvec(dv, m, n)", "inverse of vec", "the m x n matrix with these stacked columns", ()),
    ("diag",   ("(n, 1) -> (n, n)", "(n, n) -> (n, 1)"), ("x",), _diag, "diag(dx)", "linear", "column to diagonal matrix; square matrix to its diagonal", ()),
    ("sum",    ("(m, n) -> (1, 1)", "(m, n), =1 -> (1, n)", "(m, n), =2 -> (m, 1)"), ("X", "axis"), (_total, _sum_columns, _sum_rows), "sum(dX)", "linear", "sum of all entries; 1: down the columns, to a row; 2: along the rows, to a column", ()),
    ("mean",   ("(m, n) -> (1, 1)", "(m, n), =1 -> (1, n)", "(m, n), =2 -> (m, 1)"), ("X", "axis"), (_mean, _mean_columns, _mean_rows), "mean(dX)", "linear", "mean of all entries; 1: of each column; 2: of each row", ()),
    ("inner",  ("(m, n), (m, n) -> (1, 1)",), ("a", "b"), _inner, "inner(da, b) + inner(a, db)", "M&N 8.2", "tr(a^T b)", ("dot",)),
    ("outer",  ("(m, 1), (n, 1) -> (m, n)",), ("a", "b"), lambda a, b: expr.multiply(a, transpose(b)), "outer(da, b) + outer(a, db)", "M&N 8.2", "a b^T", ()),
    ("kron",   ("(m, n), (p, q) -> (m*p, n*q)",), ("A", "B"), expr.kron, "kron(dA, B) + kron(A, dB)", "M&N 8.2", "Kronecker product", ()),
    ("sym",    ("(n, n) -> (n, n)",), ("X",), _sym, "sym(dX)", "linear", "(X + X^T)/2", ()),
    ("skew",   ("(n, n) -> (n, n)",), ("X",), _skew, "skew(dX)", "linear", "(X - X^T)/2", ()),
    ("triu",   ("(m, n) -> (m, n)", "(m, n), =1 -> (m, n)"), ("X", "k"), (_triu, _strict_triu), "triu(dX)", "linear", "the entries on and above the diagonal; 1: those above it", ()),
    ("tril",   ("(m, n) -> (m, n)", "(m, n), =-1 -> (m, n)"), ("X", "k"), (_tril, _strict_tril), "tril(dX)", "linear", "the entries on and below the diagonal; -1: those below it", ()),
    ("tril_half", ("(n, n) -> (n, n)",), ("X",), _tril_half, "tril_half(dX)", "Murray 2016, arXiv:1602.07527", "tril(X) with half of the diagonal", ()),
    ("ones",   ("#n -> (n, 1)", "#m, #n -> (m, n)"), ("m", "n"), expr.ones, "0", "constant", "all ones", ()),
    ("zeros",  ("#n -> (n, 1)", "#m, #n -> (m, n)"), ("m", "n"), expr.zeros, "0", "constant", "all zeros", ()),
    ("eye",    ("#n -> (n, n)", "-> (n, n)"), ("n",), expr.identity, "0", "constant", "identity matrix", ()),
    ("e",      ("@i, #n -> (n, 1)", "@i -> (n, 1)"), ("i", "n"), _unit, "0", "constant", "the i-th unit column, from 1; without n sized by context", ()),
    ("commutation", ("#m, #n -> (m*n, m*n)",), ("m", "n"), expr.commutation, "0", "M&N 3.7", "K(m, n): K(m, n) vec(A) = vec(A^T)", ()),
    ("duplication", ("#n -> (n*n, n(n+1)/2)",), ("n",), expr.duplication, "0", "M&N 3.8", "vec(S) = duplication(n) vech(S) for symmetric S", ()),
    ("elimination", ("#n -> (n(n+1)/2, n*n)",), ("n",), expr.elimination, "0", "Magnus & Neudecker 1980", "vech(A) = elimination(n) vec(A)", ()),
    ("khatri_rao", ("(m, n), (p, n) -> (m*p, n)",), ("A", "B"), khatri_rao, "khatri_rao(dA, B) + khatri_rao(A, dB)", "Khatri & Rao 1968", "columnwise Kronecker product", ()),
    ("kron_contract", ("(m, n), (m*p*k, n*q*l), (k, l), #p, #q -> (p, q)",), ("A", "G", "B", "p", "q"), _kron_contract, "kron_contract(A, dG, B, p, q)", "adjoint of kron", "the p x q matrix M with <G, A ⊗ L ⊗ B> = <M, L> for every L", ()),
    ("blocktrace", ("(m*n, m*n), #m, #n -> (n, n)",), ("X", "m", "n"), _block_trace, "blocktrace(dX, m, n)", "linear", "the sum of the m diagonal blocks of size n x n: the partial trace over the first factor of A ⊗ B", ()),
    ("partial_trace", ("(m*n, m*n), #m, #n -> (m, m)",), ("X", "m", "n"), _partial_trace, "partial_trace(dX, m, n)", "linear", "the traces of the m x m blocks of size n x n: the partial trace over the second factor of A ⊗ B", ("ptrace",)),
    ("vector", ("(1, 1) -> (n, 1)",), ("c",), _constant, "vector(dc)", "constant", "a column of equal entries, sized by context", ()),
    ("matrix", ("(1, 1) -> (m, n)",), ("c",), _constant, "matrix(dc)", "constant", "a matrix of equal entries, sized by context", ()),
)
# fmt: on

for _name, _signatures, _parameters, _build, _differential, _reference, _summary, _aliases in _ROWS:
    register(
        Function(
            _name,  # type: ignore[arg-type]
            _signatures,  # type: ignore[arg-type]
            _parameters,  # type: ignore[arg-type]
            "constructor",
            _summary,  # type: ignore[arg-type]
            build=_build,  # type: ignore[arg-type]
            differential=(_differential,),  # type: ignore[arg-type]
            aliases=_aliases,  # type: ignore[arg-type]
            reference=_reference,  # type: ignore[arg-type]
        )
    )
