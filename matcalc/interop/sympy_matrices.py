"""Of SymPy's matrices: which stand in an expression and at which places, and their powers and principal functions."""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice

from matcalc.errors import UnsupportedError
from matcalc.expr import Node, call, inverse, is_number, matrix_power, number

__all__ = ["explicit", "matrices", "places", "power_of_matrix", "principal"]


#: A matrix of SymPy's with more entries is not written out.
LARGEST_WRITTEN = 10_000


def matrices(root: Any) -> Iterator[Any]:
    if isinstance(root, sympy.Basic):
        yield from (e for e in sympy.preorder_traversal(root) if isinstance(e, sympy.MatrixExpr))


def places(root: Any) -> Iterator[Any]:
    """The places of entries and the ends of slices."""
    if isinstance(root, sympy.Basic):
        for e in sympy.preorder_traversal(root):
            if isinstance(e, MatrixElement):
                yield from e.args[1:]
            elif isinstance(e, MatrixSlice):
                yield from (*e.rowslice[:2], *e.colslice[:2])


def explicit(e: Any) -> Any | None:
    """The entries of a matrix of known size that SymPy has another notation for, such as a permutation; else None."""
    if not isinstance(e, sympy.MatrixExpr) or not all(sympy.sympify(d).is_Integer for d in e.shape):
        return None
    if e.shape[0] * e.shape[1] > LARGEST_WRITTEN:
        return None
    try:
        written = e.as_explicit()
    except (TypeError, ValueError, NotImplementedError, AttributeError):
        return None
    return written if isinstance(written, sympy.MatrixBase) else None


def power_of_matrix(base: Node, exponent: Node, e: Any, sizes: Set[Any]) -> Node:
    """Powers by whole numbers and by halves of them; X^(3/2) = sqrtm(X)^3."""
    value = is_number(exponent)
    if value == -1:
        return inverse(base)
    if value is not None and value.denominator == 2:
        return matrix_power(principal("sqrtm", base), number(value * 2))
    if not (e.args[1].is_integer or (value is None and e.args[1].free_symbols <= sizes)):
        raise UnsupportedError(f"{e}: a power of a matrix has a whole number or half of one as its exponent here")
    return matrix_power(base, exponent)


def principal(name: str, x: Node) -> Node:
    """A function whose value is real, and has a derivative, for matrices without eigenvalues on the negative axis."""
    return call(name, x, shape=x.shape)
