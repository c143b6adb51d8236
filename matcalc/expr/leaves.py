"""Constructors of leaves: variables, perturbations, numbers and typed constants."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from matcalc.expr.dims import ONE, Dim, as_dim, triangle
from matcalc.expr.node import COMPLEX_TAGS, CONJUGATED, Node, Shape, make

__all__ = [
    "LINEAR_STRUCTURES",
    "OF_MEMBERS",
    "commutation",
    "constant",
    "dimension",
    "duplication",
    "elimination",
    "identity",
    "is_natural",
    "is_number",
    "mask",
    "number",
    "ones",
    "perturbation",
    "selector",
    "unit",
    "variable",
    "zeros",
]

#: Structures that are linear spaces, with the structure that a perturbation inherits.
LINEAR_STRUCTURES = {
    "symmetric": "symmetric",
    "spd": "symmetric",
    "psd": "symmetric",
    "skew": "skew",
    "diagonal": "diagonal",
    "lower": "lower",
    "upper": "upper",
}
#: structure of a matrix -> the tag of an array of such matrices, one below the other
OF_MEMBERS = {kind: f"{kind}_members" for kind in (*LINEAR_STRUCTURES, "orthogonal", "invertible")}
_COMPLEX = {tag: tag for tag in (*COMPLEX_TAGS, CONJUGATED)}
_KEPT = _COMPLEX | LINEAR_STRUCTURES | {OF_MEMBERS[kind]: OF_MEMBERS[kept] for kind, kept in LINEAR_STRUCTURES.items()}

_ONE, _ZERO = Fraction(1), Fraction(0)
_UNIT = make("ones", (), (), (ONE, ONE))

SizeLike = int | str | Dim


def variable(name: str, shape: tuple[SizeLike, SizeLike], structure: Iterable[str] = ()) -> Node:
    """A named m x n matrix with the structure tags it was declared with."""
    return make("variable", (), (name, tuple(sorted(structure))), (as_dim(shape[0]), as_dim(shape[1])))


def perturbation(var: Node, index: int = 0) -> Node:
    """``dX`` (index 0), ``dX_1``, ``dX_2``: it inherits linear structure only."""
    name, structure = var.data
    kept = tuple(sorted({_KEPT[s] for s in structure if s in _KEPT}))
    return make("perturbation", (), (name, index, kept), var.shape)


def _row_or(op: str, data: tuple[object, ...], shape: Shape) -> Node:
    """A leaf of this shape; a row is the transpose of the column."""
    rows, cols = shape
    if rows.is_one and not cols.is_one:
        return make("transpose", (make(op, (), data, (cols, rows)),), (), shape)
    return make(op, (), data, shape)


def ones(m: SizeLike, n: SizeLike = 1) -> Node:
    """The m x n matrix of ones; 1 x 1 is the number one."""
    return _row_or("ones", (), (as_dim(m), as_dim(n)))


def zeros(m: SizeLike, n: SizeLike = 1) -> Node:
    """The m x n zero matrix; 1 x 1 is the number zero."""
    return make("zero", (), (), (as_dim(m), as_dim(n)))


def identity(n: SizeLike) -> Node:
    """The n x n identity."""
    size = as_dim(n)
    return ones(1) if size.is_one else make("identity", (), (), (size, size))


def unit(i: int | Dim, n: SizeLike) -> Node:
    """The i-th unit column of length n, counted from 1."""
    size = as_dim(n)
    return ones(1) if size.is_one else make("unit", (), (i,), (size, ONE))


def constant(name: str) -> Node:
    """A named constant: ``pi``, or the imaginary unit ``j``."""
    return make("constant", (), (name,), (ONE, ONE))


def dimension(dim: SizeLike) -> Node:
    """The number that a dimension stands for, as a scalar: a polynomial in the sizes named."""
    from matcalc.expr.canonical.powers import hadamard, power
    from matcalc.expr.canonical.sums import combine

    def named(name: str) -> Node:
        return make("dimension", (), (Dim.of(name),), (ONE, ONE))

    monomials = (
        (hadamard(number(1), *(power(named(name), exponent) for name, exponent in monomial)), Fraction(coefficient))
        for monomial, coefficient in as_dim(dim).terms
    )
    return combine(monomials, (ONE, ONE))


def commutation(m: SizeLike, n: SizeLike) -> Node:
    """``K(m, n) vec(A) = vec(A^T)`` for A m x n [Magnus & Neudecker 3.7]."""
    rows, cols = as_dim(m), as_dim(n)
    size = rows * cols
    if rows.is_one or cols.is_one:
        return identity(size)
    return make("commutation", (), (rows, cols), (size, size))


def duplication(n: SizeLike) -> Node:
    """``D(n) vech(A) = vec(A)`` for symmetric A n x n [Magnus & Neudecker 3.8]."""
    size = as_dim(n)
    return make("duplication", (), (size,), (size * size, triangle(size)))


def elimination(n: SizeLike) -> Node:
    """``L(n) vec(A) = vech(A)``, the lower triangle column by column [Magnus & Neudecker 1980]."""
    size = as_dim(n)
    return make("elimination", (), (size,), (triangle(size), size * size))


def mask(kind: str, m: SizeLike, n: SizeLike) -> Node:
    """A pattern of zeros and ones: lower, upper, strictly_lower, strictly_upper, off_diagonal; or phi
    (lower with 1/2 on the diagonal, the Φ of the Cholesky differential)."""
    return make("mask", (), (kind,), (as_dim(m), as_dim(n)))


def selector(offset: SizeLike, k: SizeLike, n: SizeLike) -> Node:
    """Rows ``offset + 1 … offset + k`` of the n x n identity."""
    start, size, total = as_dim(offset), as_dim(k), as_dim(n)
    if size == total:
        return identity(total)
    if size.is_one:
        place = start + 1
        column = unit(place if place.value is None else place.value, total)
        return make("transpose", (column,), (), (ONE, total))
    return make("selector", (), (start,), (size, total))


@lru_cache(maxsize=256)
def number(value: int | Fraction) -> Node:
    """The scalar with this rational value: the number c is ``c`` times the 1 x 1 ones."""
    if value == 1:
        return _UNIT
    if value == 0:
        return make("zero", (), (), (ONE, ONE))
    return make("add", (_UNIT,), (value if type(value) is Fraction else Fraction(value),), (ONE, ONE))


def is_number(node: Node) -> Fraction | None:
    """The value of a rational number, else None."""
    if node is _UNIT:
        return _ONE
    if node.op not in ("add", "zero") or not node.is_number:
        return None
    value: Fraction = node.data[0] if node.op == "add" else _ZERO
    return value


def is_natural(node: Node) -> bool:
    """A positive whole number."""
    value = is_number(node)
    return value is not None and value.denominator == 1 and value > 0
