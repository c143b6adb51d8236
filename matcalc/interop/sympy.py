"""SymPy both ways, and matrix derivatives that answer in SymPy's types.

>>> from sympy import MatrixSymbol, Trace, symbols
>>> from matcalc.interop.sympy import diff
>>> n = symbols("n")
>>> A, X = MatrixSymbol("A", n, n), MatrixSymbol("X", n, n)
>>> diff(Trace(X.T*A*X), X)
(A + A.T)*X
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.matrices.expressions.matexpr import MatrixElement

from matcalc.errors import DeclarationError, UnsupportedError
from matcalc.expr import transpose
from matcalc.interop.sympy_reader import read
from matcalc.interop.sympy_writer import Symbols, written
from matcalc.language import canonical_name
from matcalc.language.declarations import read_where
from matcalc.objects.derivatives import derivative
from matcalc.objects.expressions import Expr, Where

__all__ = ["diff", "from_sympy", "to_sympy"]


def to_sympy(f: Expr, symbols: Symbols | None = None) -> Any:
    """The SymPy expression: scalars as scalars, everything else as a `MatrixExpr`.

    ``symbols`` gives the SymPy symbols to use for names; without it sizes are positive integers and scalars real.
    Raises UnsupportedError where SymPy has no counterpart.
    """
    return written(f.node, symbols)


def from_sympy(expression: Any, where: Where = None) -> Expr:
    """The expression of a SymPy expression; ``where`` may tell the structure of its symbols, such as ``symmetric(n)``.

    A symbol that is a size of some matrix stands for that size. A 1 x 1 matrix is a scalar.
    """
    node, declarations = read(expression, read_where(where).declarations)
    return Expr(node, declarations)


def diff(expression: Any, *variables: Any, where: Where = None) -> Any:
    """The derivative by SymPy symbols, in SymPy's types and its layout.

    Of a scalar: the gradient, shaped as the variable; a second variable gives the Hessian, for matrices that of
    their vec. Of a vector by a vector: one column for each component, which is the transpose of the Jacobian. Of anything
    by a scalar: its entrywise derivative. Of a matrix by a matrix: the J of vec(dF) = J vec(dX). Of a scalar by an
    entry X[i, j]: that entry of the gradient.
    """
    if len(variables) == 1 and isinstance(variables[0], MatrixElement):
        return _by_entry(expression, variables[0], where)
    f = from_sympy(expression, where)
    names = [_name(v) for v in variables]
    if not all(name in f.declarations for name in names):
        f = _with_variables(f, variables)
    known = _symbols(expression, *variables)
    found = derivative(f, *names)
    if found.expr is None:
        raise UnsupportedError("this derivative has no matrix notation")
    node = found.expr.node
    column = f.node.is_column and not f.node.is_scalar
    if len(variables) == 1 and (column or f.node.is_row) and not found.f.declarations[names[0]].node.is_scalar:
        node = transpose(node)
    return written(node, known)


def _by_entry(expression: Any, entry: Any, where: Where) -> Any:
    """The entry of the gradient of a scalar."""
    matrix, i, j = entry.args
    if not from_sympy(expression, where).node.is_scalar:
        raise UnsupportedError("of a matrix there is no derivative by an entry here", hint=f"differentiate by {matrix}")
    gradient = diff(expression, matrix, where=where)
    return MatrixElement(gradient, i, j) if isinstance(gradient, sympy.MatrixExpr) else gradient


def _name(v: Any) -> str:
    if not isinstance(v, (sympy.Symbol, sympy.MatrixSymbol)):
        raise DeclarationError(f"{v} is no symbol to differentiate by")
    return canonical_name(v.name)


def _with_variables(f: Expr, variables: tuple[Any, ...]) -> Expr:
    """Variables that the expression does not contain are declared, so that its derivative is zero."""
    declarations = dict(f.declarations)
    for v in variables:
        for name, declaration in read(v, f.declarations)[1].items():
            declarations.setdefault(name, declaration)
    return Expr(f.node, declarations)


def _symbols(*expressions: Any) -> dict[str, Any]:
    """The symbols of SymPy expressions by their names here."""
    found: dict[str, Any] = {}
    for e in map(sympy.sympify, expressions):
        for s in e.atoms(sympy.Symbol, sympy.MatrixSymbol):
            found.setdefault(canonical_name(s.name), s)
    return found
