"""Objectives by what a caller says: one variable, or several that make one vector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, overload

from matcalc.compiling.calling.arguments import ArgumentError
from matcalc.compiling.objectives.of_one import Objective
from matcalc.compiling.objectives.of_several import JointObjective
from matcalc.errors import UnsupportedError
from matcalc.language.limits import bounded
from matcalc.objects.asked import asked
from matcalc.objects.expressions import Expr, Variable, Where, parsed_beside

__all__ = ["objective"]


@overload
def objective(
    f: str | Expr,
    wrt: Variable | None = None,
    data: Mapping[str, Any] | None = None,
    where: Where = None,
    shape: tuple[int, ...] | None = None,
) -> Objective: ...


@overload
def objective(
    f: str | Expr,
    wrt: list[str] | tuple[Variable, ...],
    data: Mapping[str, Any] | None = None,
    where: Where = None,
    shape: Mapping[str, tuple[int, ...]] | None = None,
) -> JointObjective: ...


@bounded
def objective(
    f: str | Expr,
    wrt: Variable | list[str] | tuple[Variable, ...] | None = None,
    data: Mapping[str, Any] | None = None,
    where: Where = None,
    shape: Any = None,
) -> Objective | JointObjective:
    """A scalar function for `scipy.optimize.minimize`: ``fun``, ``jac``, ``hess`` and ``hessp`` of one variable.

    ``data`` holds the arrays of all other variables; ``shape`` is that of the variable where they do not show it.

    >>> o = mc.objective("||A x - b||^2", "x", {"A": np.eye(2), "b": np.array([1.0, 2.0])})
    >>> o.fun(np.zeros(2)), o.jac(np.zeros(2))
    (5.0, array([-2., -4.]))

    Of several variables it is a function of one vector: ``pack`` makes it of their arrays and ``unpack`` takes it apart.
    ``shape`` is then a mapping from names to shapes; what is packed shows them, too.

    >>> o = mc.objective("||A x - b||^2", ["x", "b"], {"A": np.eye(2)})
    >>> start = o.pack(x=[1, 2], b=[0, 0])
    >>> o.value_and_gradient(start)
    (5.0, array([ 2.,  4., -2., -4.]))
    >>> o.unpack(start)["b"]
    array([0., 0.])

    Raises:
        ShapeError: f is not scalar, or the data have other shapes.
        ArgumentError: a variable is named twice.
    """
    several = isinstance(wrt, (list, tuple))
    asked_for = tuple(wrt) if isinstance(wrt, (list, tuple)) else () if wrt is None else (wrt,)
    f = parsed_beside(f, where, by=asked_for)
    names: dict[str, str] = {}
    for variable in asked_for or (None,):
        f, (symbol,) = asked(f, () if variable is None else (variable,), 1)
        if symbol in names.values():
            raise ArgumentError(f"{variable} is named twice")
        names[variable if isinstance(variable, str) else symbol] = symbol
    _refuse_maximum(f)
    if several:
        return JointObjective(f.function, names, data or {}, shape)
    return Objective(f.function, symbol, data or {}, shape)


def _refuse_maximum(f: Expr) -> None:
    """SciPy minimises."""
    if f.statement is not None and f.statement.sense == "max":
        hint = f"the objective is -({f.text})"
        raise UnsupportedError(f"{f.statement.head} asks for a maximum, and SciPy minimises", code="sense", hint=hint)
