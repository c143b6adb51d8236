"""The nodes of functions that are operators of the kernel, or made of such: what `tr`, `vec` and `solve` build."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from matcalc import expr
from matcalc.expr import ONE, Dim, Node, add, call, hadamard, mask, matmul, ones, scaled, transpose
from matcalc.expr.built.special import khatri_rao

__all__ = ["CONSTRUCTORS", "constructed"]

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


def _solve(a: Node, b: Node) -> Node:
    return expr.multiply(expr.inverse(a), b)


def _logsumexp(x: Node) -> Node:
    if x.is_row:
        x = transpose(x)
    return call("logsumexp", x, shape=(ONE, ONE))


def _logsumexp_rows(x: Node) -> Node:
    if x.is_column:
        return x
    return _logsumexp(x) if x.is_row else call("logsumexp_rows", x, shape=(x.rows, ONE))


def _logsumexp_columns(x: Node) -> Node:
    return transpose(_logsumexp_rows(transpose(x)))


def _prod(x: Node) -> Node:
    return expr.call("prod", x, shape=(ONE, ONE)) if not x.is_scalar else x


def _prod_rows(x: Node) -> Node:
    if x.is_column:
        return x
    return _prod(transpose(x)) if x.is_row else expr.call("prod_rows", x, shape=(x.rows, ONE))


def _prod_columns(x: Node) -> Node:
    return transpose(_prod_rows(transpose(x)))


def _cumsum_columns(x: Node) -> Node:
    """L X with ones on and below the diagonal of L"""
    return expr.matmul(mask("lower", x.rows, x.rows), x) if not x.rows.is_one else x


def _cumsum_rows(x: Node) -> Node:
    return transpose(_cumsum_columns(transpose(x)))


def _cumprod_columns(x: Node) -> Node:
    return expr.call("cumprod_columns", x, shape=x.shape) if not x.rows.is_one else x


def _cumprod_rows(x: Node) -> Node:
    return transpose(_cumprod_columns(transpose(x)))


#: function -> its node; where its signatures differ one for each of them
CONSTRUCTORS: dict[str, Callable[..., Node] | tuple[Callable[..., Node], ...]] = {
    "tr": expr.trace,
    "vec": expr.vec,
    "vech": _vech,
    "unvec": expr.unvec,
    "diag": _diag,
    "sum": (_total, _sum_columns, _sum_rows),
    "mean": (_mean, _mean_columns, _mean_rows),
    "inner": _inner,
    "outer": lambda a, b: expr.multiply(a, transpose(b)),
    "kron": expr.kron,
    "sym": _sym,
    "skew": _skew,
    "triu": (_triu, _strict_triu),
    "tril": (_tril, _strict_tril),
    "tril_half": _tril_half,
    "ones": expr.ones,
    "zeros": expr.zeros,
    "eye": expr.identity,
    "e": _unit,
    "commutation": expr.commutation,
    "duplication": expr.duplication,
    "elimination": expr.elimination,
    "khatri_rao": khatri_rao,
    "kron_contract": _kron_contract,
    "blocktrace": _block_trace,
    "partial_trace": _partial_trace,
    "vector": _constant,
    "matrix": _constant,
    "prod": (_prod, _prod_columns, _prod_rows),
    "cumsum": (_cumsum_columns, _cumsum_columns, _cumsum_rows),
    "cumprod": (_cumprod_columns, _cumprod_columns, _cumprod_rows),
    "logsumexp": (_logsumexp, _logsumexp_columns, _logsumexp_rows),
    "inv": expr.inverse,
    "solve": _solve,
    "det": expr.det,
    "logdet": expr.logdet,
    "adj": expr.adjugate,
}


def constructed(name: str, signature: int, arguments: list[Any]) -> Node:
    """The node of a function by one of its signatures; arguments are nodes, sizes and indices."""
    build = CONSTRUCTORS[name]
    return (build[signature] if isinstance(build, tuple) else build)(*arguments)
