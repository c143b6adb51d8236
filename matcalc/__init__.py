"""matcalc: symbolic matrix calculus by differentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcalc.api import (
        Derivative,
        Equality,
        Expr,
        Solution,
        check,
        check_function,
        compile,
        curvature,
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
        sensitivity,
        solve,
        to_sympy,
    )
    from matcalc.errors import MatcalcError

__version__ = "0.1.0"

__all__ = [
    "Derivative",
    "Equality",
    "Expr",
    "MatcalcError",
    "Solution",
    "check",
    "check_function",
    "compile",
    "curvature",
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
    "sensitivity",
    "solve",
    "to_sympy",
]


def __getattr__(name: str) -> Any:
    """The public names, loaded when the first one is used: a command needs only some of the modules behind them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from matcalc import api, errors

    globals().update({public: getattr(errors if public == "MatcalcError" else api, public) for public in __all__})
    return globals()[name]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
