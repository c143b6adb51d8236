"""Functions in SymPy: those of numbers, and functions of matrices as a class of matrix expressions."""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.symbol import Str
from sympy.parsing.sympy_parser import parse_expr

from matcalc.errors import UnsupportedError
from matcalc.functions import row_of

__all__ = ["HALF", "MatrixFunction", "in_sympy"]


class MatrixFunction(sympy.MatrixExpr):  # type: ignore[misc]
    """A function of a matrix that SymPy has no expression for, by its name here: ``expm(X)``."""

    def __new__(cls, name: str | Any, argument: Any) -> MatrixFunction:
        return super().__new__(cls, Str(str(name)), argument)  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        return str(self.args[0])

    @property
    def arg(self) -> Any:
        return self.args[1]

    @property
    def shape(self) -> tuple[Any, Any]:
        rows, cols = self.arg.shape
        return (cols, rows) if self.name == "pinv" else (rows, cols)

    def _sympystr(self, printer: Any) -> str:
        return f"{self.name}({printer.doprint(self.arg)})"

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{{self.name}}}\left({printer.doprint(self.arg)}\right)"

    def _entry(self, i: Any, j: Any, **options: Any) -> Any:
        return sympy.matrices.expressions.matexpr.MatrixElement(self, i, j)


def _condition(value: Any) -> Any:
    """Entries 0 and 1 as the relation that they come from."""
    if isinstance(value, sympy.Piecewise) and len(value.args) == 2 and value.args[0][0] == 1 and value.args[1][0] == 0:
        return value.args[0][1]
    if isinstance(value, sympy.Mul):
        return sympy.And(*map(_condition, value.args))
    return sympy.Ne(value, 0)


def in_sympy(name: str, *args: Any) -> Any:
    """A function of numbers in the words of SymPy that stand in its row. Raises UnsupportedError where none do."""
    row = row_of(name)
    if not row.sympy:
        raise UnsupportedError(f"{name} has no counterpart in SymPy", hint=f"the row of {name} has no cell sympy")
    if row.sympy.isidentifier():
        return getattr(sympy, row.sympy)(*args)
    return parse_expr(row.sympy, {**dict(zip(row.parameters, args, strict=True)), "condition": _condition})


HALF = sympy.Rational(1, 2)
