"""Python functions that are written with NumPy as expressions: called once, with formulas in place of arrays.

In the function that is called, the names of NumPy's and SciPy's modules stand for `Library`: what makes an array of a shape alone,
as ``np.eye(X.shape[1])`` does, has no operand from which NumPy could tell that a formula is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from inspect import Parameter, signature
from types import FunctionType, ModuleType
from typing import Any

from matcalc.errors import UnsupportedError
from matcalc.expr import Node, ones, postorder, zeros
from matcalc.language.limits import bounded
from matcalc.objects.arrays.functions import FUNCTIONS, by_name, eye, made
from matcalc.objects.arrays.symbols import symbols
from matcalc.objects.arrays.values import Array, as_array
from matcalc.objects.expressions import Expr
from matcalc.printing import Manner

__all__ = ["from_function"]

#: Libraries whose functions are those of formulas.
LIBRARIES = ("numpy", "scipy")
#: Functions of whole numbers that stay exact: sqrt(2), log(2 pi).
EXACT = ("sqrt", "log")
MADE: dict[str, Callable[..., Any]] = {
    "eye": eye, "identity": eye, "ones": made(ones), "zeros": made(zeros), "full": made(ones),
}  # fmt: skip


@bounded
def from_function(function: Callable[..., Any], /, **declarations: Any) -> Any:
    """The expression that a Python function computes, which is written with NumPy or SciPy; a tuple where it returns several.

    Every parameter has a declaration, is an expression, or keeps a number: that which is given or its default. The function is
    called once. ``*`` and ``/`` go by entries there, as NumPy has it, axes are aligned, and the length of an axis, such as
    ``X.shape[0]``, is a size. A condition in Python cannot ask for values: ``np.where`` chooses by entries.

    >>> def loss(w, X, y, alpha=0.1):
    ...     return np.mean(np.logaddexp(0, -y * (X @ w))) + alpha * np.sum(w ** 2)
    >>> f = mc.from_function(loss, w="vector(n)", X="matrix(m, n)", y="vector(m)")
    >>> print(mc.gradient(f, "w"))
    0.2 w - X^T (y .* sigmoid(-y .* (X w))) / m

    Raises:
        UnsupportedError: a function of NumPy that has no formula, or a condition on values.
        MatcalcError: shapes that do not fit.
    """
    arguments = {name: _argument(name, given) for name, given in declarations.items()}
    parameters = signature(function).parameters.values()
    kinds = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    missing = [p.name for p in parameters if p.name not in arguments and p.default is p.empty and p.kind not in kinds]
    if missing:
        raise UnsupportedError(f"{missing[0]} is not declared", hint=f'mc.from_function(f, {missing[0]}="vector(n)")')
    return _value(_with_formulas(function)(**arguments))


def _argument(name: str, given: Any) -> Any:
    if isinstance(given, str):
        return as_array(symbols({name: given}))
    return as_array(given) if isinstance(given, Expr) else given


def _value(found: Any) -> Any:
    if isinstance(found, (tuple, list)):
        return tuple(map(_value, found))
    if found is None:
        raise UnsupportedError("the function returns nothing")
    f = as_array(found).expr
    return replace(f, manner=Manner(True)) if any(map(_is_decimal, postorder(f.node))) else f


def _is_decimal(node: Node) -> bool:
    """Whether a coefficient was typed with a point: 0.1, not 1/2."""
    return node.op == "add" and any(c.denominator % 10 == 0 for c in node.data)


def _with_formulas(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with formulas in place of the libraries in its module, and so its helpers there."""
    if not isinstance(function, FunctionType):
        return function
    own = function.__globals__
    changed: dict[str, Any] = dict(own)
    for name, value in own.items():
        if isinstance(value, FunctionType) and value.__globals__ is own:
            changed[name] = _in(value, changed)
        else:
            changed[name] = replaced(value)
    return _in(function, changed)


def _in(function: FunctionType, names: dict[str, Any]) -> FunctionType:
    new = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    new.__kwdefaults__ = function.__kwdefaults__
    return new


def replaced(value: Any) -> Any:
    """What stands for a name of a library: the library, or one of its functions; anything else as it is."""
    if isinstance(value, ModuleType):
        return Library(value) if value.__name__.partition(".")[0] in LIBRARIES else value
    if not callable(value) or isinstance(value, type):
        return value
    name, module = getattr(value, "__name__", ""), str(getattr(value, "__module__", ""))
    if module.partition(".")[0] not in LIBRARIES or not (name in FUNCTIONS or name in MADE):
        return value
    return _either(value, name)


def _either(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function of formulas where one of the arguments is a formula, else the library's."""

    def called(*args: Any, **kwargs: Any) -> Any:
        if name in EXACT and args and all(isinstance(a, int) for a in args):
            return by_name(name, args, kwargs)
        if not any(map(_is_formula, (*args, *kwargs.values()))):
            return MADE[name](*args, **kwargs) if name in MADE else function(*args, **kwargs)
        return MADE[name](*args, **kwargs) if name in MADE else by_name(name, args, kwargs)

    return called


def _is_formula(value: Any) -> bool:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return any(map(_is_formula, value))
    return isinstance(value, Array)


class Library:
    """A module whose functions take formulas."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        return as_array(value) if name == "pi" else replaced(value)
