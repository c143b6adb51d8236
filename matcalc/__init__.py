"""matcalc: symbolic matrix calculus by differentials."""

from matcalc.api import (
    Derivative,
    Equality,
    Expr,
    check,
    check_function,
    compile,
    define,
    derivative,
    differential,
    equal,
    explain,
    from_sympy,
    gradient,
    hessian,
    jacobian,
    latex,
    objective,
    parse,
    to_sympy,
)
from matcalc.errors import MatcalcError

__version__ = "0.1.0"

__all__ = [
    "Derivative",
    "Equality",
    "Expr",
    "MatcalcError",
    "check",
    "check_function",
    "compile",
    "define",
    "derivative",
    "differential",
    "equal",
    "explain",
    "from_sympy",
    "gradient",
    "hessian",
    "jacobian",
    "latex",
    "objective",
    "parse",
    "to_sympy",
]
