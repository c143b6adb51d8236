"""Functions in SymPy: those of numbers, and functions of matrices as a class of matrix expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy.core.symbol import Str

__all__ = ["FUNCTIONS", "HALF", "MATRIX_FUNCTIONS", "MatrixFunction"]

#: Functions of a square matrix that are written as a `MatrixFunction`.
MATRIX_FUNCTIONS = frozenset("expm logm sinm cosm signm chol pinv".split())


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


HALF = sympy.Rational(1, 2)
# fmt: off
#: Elementwise function -> the SymPy expression of its arguments.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": sympy.exp, "log": sympy.log, "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan,
    "asin": sympy.asin, "acos": sympy.acos, "atan": sympy.atan, "sinh": sympy.sinh, "cosh": sympy.cosh,
    "tanh": sympy.tanh, "asinh": sympy.asinh, "acosh": sympy.acosh, "atanh": sympy.atanh,
    "abs": sympy.Abs, "sign": sympy.sign, "erf": sympy.erf, "erfc": sympy.erfc,
    "erfinv":    sympy.erfinv,
    "floor": sympy.floor, "ceil": sympy.ceiling,
    "round":     lambda t: sympy.floor(t + HALF) - sympy.Piecewise((1, sympy.Eq(sympy.Mod(t, 2), HALF)), (0, True)),
    "atan2":     sympy.atan2,
    "logcosh":   lambda t: sympy.log(sympy.cosh(t)),
    "log_ndtr":  lambda t: sympy.log(sympy.erfc(-t / sympy.sqrt(2)) / 2),
    "inverse_mills": lambda t: sympy.sqrt(2 / sympy.pi) * sympy.exp(-(t**2) / 2) / sympy.erfc(-t / sympy.sqrt(2)),
    "log1mexp":  lambda t: sympy.log(1 - sympy.exp(t)),
    "bose":      lambda t: 1 / (sympy.exp(t) - 1),
    "logaddexp": lambda t, u: sympy.log(sympy.exp(t) + sympy.exp(u)),
    "lgamma": sympy.loggamma, "gamma": sympy.gamma, "beta": sympy.beta, "digamma": sympy.digamma,
    "trigamma":  lambda t: sympy.polygamma(1, t),
    "polygamma": sympy.polygamma,
    "log1p":     lambda t: sympy.log(1 + t),
    "expm1":     lambda t: sympy.exp(t) - 1,
    "sigmoid":   lambda t: 1 / (1 + sympy.exp(-t)),
    "softplus":  lambda t: sympy.log(1 + sympy.exp(t)),
    "relu":      lambda t: sympy.Max(0, t),
    "step":      lambda t: sympy.Heaviside(t, 0),
    "cbrt":      lambda t: sympy.sign(t) * sympy.Abs(t) ** sympy.Rational(1, 3),
    "max":       sympy.Max,
    "min":       sympy.Min,
    "greater":   lambda t, u: sympy.Piecewise((1, t > u), (0, True)),
    "at_least":  lambda t, u: sympy.Piecewise((1, t >= u), (0, True)),
    "equals":    lambda t, u: sympy.Piecewise((1, sympy.Eq(t, u)), (0, True)),
    "differs":   lambda t, u: sympy.Piecewise((1, sympy.Ne(t, u)), (0, True)),
    "where":     lambda c, t, u: sympy.Piecewise((t, _condition(c)), (u, True)),
    "huber":     lambda t, c: sympy.Piecewise((t**2 / 2, sympy.Abs(t) <= c), (c * (sympy.Abs(t) - c / 2), True)),
}
# fmt: on
