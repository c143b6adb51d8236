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
        parse,
        to_sympy,
    )
    from matcalc.compiling.objectives.asking import objective
    from matcalc.errors import MatcalcError
    from matcalc.minimizing.argmin import argmin
    from matcalc.minimizing.minimum import minimize
    from matcalc.objects.arrays.symbols import symbols
    from matcalc.objects.arrays.tracing import from_function
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
    "from_function",
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
    "symbols",
    "to_sympy",
]


def __getattr__(name: str) -> Any:
    """The public names, and functions of the language, loaded when the first one is used: a command needs only some of the modules."""
    if name not in __all__:
        return _function(name)
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
    "from_function": "matcalc.objects.arrays.tracing",
    "symbols": "matcalc.objects.arrays.symbols",
    "Solution": "matcalc.solving.solution",
    "argmin": "matcalc.minimizing.argmin",
    "minimize": "matcalc.minimizing.minimum",
    "objective": "matcalc.compiling.objectives.asking",
    "sensitivity": "matcalc.solving.sensitivity",
    "solve": "matcalc.solving.solution",
}


def _function(name: str) -> Any:
    """A function of the language by its name, as a function of expressions: ``mc.tr``."""
    from importlib.util import find_spec

    if not name.startswith("_") and find_spec(f"matcalc.{name}") is None:
        from matcalc.functions.table import find

        if find(name) is not None:
            from matcalc.objects.arrays.symbols import function_named

            globals()[name] = function_named(name)
            return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What is public, and the functions of the language; modules stay out of the way of completion."""
    from matcalc.functions import FUNCTIONS

    return sorted({"__doc__", "__version__", *__all__, *FUNCTIONS})
