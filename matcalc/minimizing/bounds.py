"""Bounds as a caller gives them, and constraints that are bounds: `x >= 0`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matcalc.calculus.differential import differential
from matcalc.compiling import CompiledFunction, compile_outputs
from matcalc.errors import DeclarationError, MatcalcError, ShapeError
from matcalc.expr import Node, content, ones, perturbation, scaled, substitute, zeros
from matcalc.language import canonical_name
from matcalc.minimizing.coordinates import Array
from matcalc.objects.expressions import Expr
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.solving.problems import Constraint
from matcalc.solving.ways.equations import holds

__all__ = ["Limit", "limit_of", "sides_of"]

#: Both sides of every entry of an unknown.
Sides = tuple[Array, Array]


@dataclass(frozen=True)
class Limit:
    """``x <= value`` or ``x >= value``, entry by entry."""

    name: str
    value: CompiledFunction | float
    is_upper: bool

    def at(self, data: Mapping[str, Any], shape: tuple[int, ...]) -> Array:
        """The value in the shape of the unknown, for these data."""
        if isinstance(self.value, float):
            return np.full(shape, self.value)
        (found,) = self.value(**data, **{self.name: np.zeros(shape)})
        return np.broadcast_to(np.asarray(found, dtype=float), shape)


def limit_of(constraint: Constraint, unknowns: Sequence[Node], frame: Expr) -> Limit | None:
    """The bound that an inequality is whose differential is a multiple of dx; else None."""
    moving = [x for x in unknowns if holds(constraint.residual, x)]
    if constraint.is_equality or len(moving) != 1:
        return None
    (x,) = moving
    c, change = content(simplify(differential(constraint.residual, {x: perturbation(x)})))
    if change is not perturbation(x):
        return None
    rest = simplify(substitute(constraint.residual, {x: zeros(*x.shape)}))
    value = simplify(scaled(-1 / c, rest))
    if (same := _number_everywhere(value)) is not None:
        return Limit(str(x.data[0]), same, c > 0)
    return Limit(str(x.data[0]), compile_outputs([frame.of(value)], single=False), c > 0)


def _number_everywhere(node: Node) -> float | None:
    """The number that all entries are, or None."""
    if node.is_zero:
        return 0.0
    c, rest = content(node)
    return float(c) if rest is ones(*node.shape) else None


def sides_of(
    given: Any,
    limits: Sequence[Limit],
    shapes: Mapping[str, tuple[int, ...]],
    data: Mapping[str, Any],
    tags: Mapping[str, Any],
) -> dict[str, Sides]:
    """The bounds of every unknown: those that were given, those among the constraints, and 0 below what is positive.

    Raises:
        ShapeError: bounds that do not fit the unknown. DeclarationError: bounds of what is no unknown, or none between them.
    """
    named = _by_name(given, shapes)
    found = {name: _pair(named.get(name), name, shape) for name, shape in shapes.items()}
    for name in shapes:
        if "positive" in tags[name]:
            found[name] = (np.maximum(found[name][0], 0.0), found[name][1])
    for limit in limits:
        low, high = found[limit.name]
        value = limit.at(data, shapes[limit.name])
        found[limit.name] = (low, np.minimum(high, value)) if limit.is_upper else (np.maximum(low, value), high)
    for name, (low, high) in found.items():
        if np.any(low > high):
            raise DeclarationError(
                f"no {name} lies between its bounds: a lower one is above the upper one", code="bounds"
            )
    return found


def _by_name(given: Any, shapes: Mapping[str, Any]) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        if len(shapes) > 1:
            hint = f"bounds={{{next(iter(shapes))!r}: (0, None)}}"
            raise DeclarationError("of several unknowns bounds are given by name", code="bounds", hint=hint)
        return {next(iter(shapes)): given}
    named = {canonical_name(str(name)): pair for name, pair in given.items()}
    for name in named:
        if name not in shapes:
            raise DeclarationError(f"{name} has bounds, and is no unknown", code="bounds", word=name)
    return named


def _pair(given: Any, name: str, shape: tuple[int, ...]) -> Sides:
    """(low, high), SciPy's Bounds, or a list of SciPy's pairs, one for each entry."""
    if given is None:
        return np.full(shape, -np.inf), np.full(shape, np.inf)
    if hasattr(given, "lb") and hasattr(given, "ub"):
        given = (given.lb, given.ub)
    if isinstance(given, list):
        try:
            given = tuple(zip(*given, strict=True))
        except TypeError:
            given = ()
        given = tuple(
            np.reshape([_number(v, s) for v in side], shape) if len(side) == np.prod(shape) else side
            for side, s in zip(given, (-1, 1), strict=False)
        )
    if not isinstance(given, tuple) or len(given) != 2:
        raise ShapeError(f"bounds of {name} are a pair", code="bounds", hint="bounds=(low, high), None for no bound")
    low, high = (_side(value, sign, name, shape) for value, sign in zip(given, (-1, 1), strict=True))
    return low, high


def _number(value: Any, sign: int) -> Any:
    return sign * np.inf if value is None else value


def _side(value: Any, sign: int, name: str, shape: tuple[int, ...]) -> Array:
    try:
        found = np.broadcast_to(np.asarray(_number(value, sign), dtype=float), shape)
    except (ValueError, TypeError) as error:
        said = f"a bound of {name} has shape {np.shape(value)}, and {name} {shape}"
        raise ShapeError(said, code="bounds", hint="a number bounds all entries") from error
    if np.any(np.isnan(found)):
        raise MatcalcError(f"a bound of {name} is no number", code="bounds")
    return np.array(found)
