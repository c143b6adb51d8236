"""matcalc: symbolic matrix calculus by differentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcalc.api import (
        Derivative,
        Equality,
        Expr,
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
        to_sympy,
    )
    from matcalc.errors import MatcalcError
    from matcalc.minimizing.argmin import argmin
    from matcalc.minimizing.minimum import minimize
    from matcalc.solving.sensitivity import sensitivity
    from matcalc.solving.solution import Solution, solve

__version__ = "0.2.0"

__all__ = [
    "Derivative",
    "Equality",
    "Expr",
    "MatcalcError",
    "Solution",
    "argmin",
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
    "minimize",
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
    if name in _LATER:
        from importlib import import_module

        globals()[name] = getattr(import_module(_LATER[name]), name)
        return globals()[name]
    from matcalc import api, errors

    names = [public for public in __all__ if public not in _LATER]
    globals().update({public: getattr(errors if public == "MatcalcError" else api, public) for public in names})
    return globals()[name]


#: Names of rooms that few programs need, with the modules that are loaded for them alone.
_LATER = {
    "Solution": "matcalc.solving.solution",
    "argmin": "matcalc.minimizing.argmin",
    "minimize": "matcalc.minimizing.minimum",
    "sensitivity": "matcalc.solving.sensitivity",
    "solve": "matcalc.solving.solution",
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
