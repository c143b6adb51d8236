"""Kinds and shapes of open functions: what a use demands of its arguments, and what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from matcalc.errors import MatcalcError, ShapeError
from matcalc.expr import ONE
from matcalc.expr.open_functions import OUT
from matcalc.language.declarations import Declaration
from matcalc.language.items import Item, Program
from matcalc.language.kinds import MATRIX, SCALAR, kind_of
from matcalc.language.open_uses import Legs, Misuse, OpenUse, legs_of

if TYPE_CHECKING:
    from matcalc.language.shapes import Shape, Shapes

__all__ = ["legs_for", "open_rule", "open_shape"]

Outcome = tuple[int, int] | None
T = TypeVar("T")


def legs_for(item: Item, declared: Declaration) -> Legs:
    """The legs of a use of a declared function. Raises Misuse."""
    use: OpenUse = item.node.value
    count = use.count(len(item.children))
    entrywise = declared.is_entrywise
    if declared.parameters and count != len(declared.parameters):
        raise Misuse(f"{use.name} takes {len(declared.parameters)}, not {count}: {declared}")
    scalars = [p.shape == (ONE, ONE) for p in declared.parameters] or [True] * count
    return legs_of(use, scalars, declared.result is None or declared.result.shape == (ONE, ONE), entrywise)


def open_rule(
    program: Program, item: Item, broadcast: Callable[[Sequence[int]], Outcome]
) -> Callable[[tuple[int, ...]], Outcome]:
    """How the kinds of arguments and fillings give that of the use; ``broadcast`` is the rule of entrywise functions."""
    declared: Declaration = item.data
    try:
        legs = legs_for(item, declared)
    except Misuse as misuse:
        raise _misused(program, item, misuse) from None
    if declared.is_entrywise:
        return broadcast
    assert declared.result is not None
    wanted = {OUT: kind_of(*declared.result.shape)}
    wanted |= {i: kind_of(*p.shape) for i, p in enumerate(declared.parameters)}
    return lambda k: _outcome(item, legs, wanted, k)


def _misused(program: Program, item: Item, misuse: Misuse) -> MatcalcError:
    return ShapeError(str(misuse), code="open-function", text=program.text, span=item.node.span)


def _outcome(item: Item, legs: Legs, wanted: dict[int, int], k: Sequence[int]) -> Outcome:
    held, arguments, directions = _parts(item, k)
    fits = all(kind == wanted[i] for i, kind in enumerate(arguments))
    fits = fits and all(kind == _joint(f, wanted) for f, kind in zip(legs.fillings, (*held, *directions), strict=True))
    found = _joint(legs.free, wanted)
    return (found, 0) if fits and found is not None else None


def _joint(legs: Sequence[int], kinds: dict[int, int]) -> int | None:
    """The kind of an array with these legs; None where a leg of a pair is a matrix."""
    if len(legs) < 2:
        return kinds[legs[0]] if legs else SCALAR
    return None if MATRIX in (kinds[leg] for leg in legs) else MATRIX


def _parts(item: Item, values: Sequence[T]) -> tuple[Sequence[T], Sequence[T], Sequence[T]]:
    """What belongs to G, to the arguments and to the directions."""
    use: OpenUse = item.node.value
    first = int(use.inner is not None)
    last = len(values) - use.directions
    return values[:first], values[first:last], values[last:]


def open_shape(shapes: Shapes, index: int, found: list[Shape]) -> Shape:
    """The shape of a use, its arguments and fillings in the shapes that the function demands."""
    item = shapes.program.items[index]
    declared: Declaration = item.data
    assert declared.result is not None
    legs = legs_for(item, declared)
    wanted = {OUT: declared.result.shape} | {i: p.shape for i, p in enumerate(declared.parameters)}
    held, arguments, directions = _parts(item, found)
    pairs = list(zip(arguments, (wanted[i] for i in range(len(arguments))), strict=True))
    pairs += zip((*held, *directions), (_joint_shape(f, wanted) for f in legs.fillings), strict=True)
    for actual, demanded in pairs:
        shapes.equate(actual[0], demanded[0], index)
        shapes.equate(actual[1], demanded[1], index)
    return _joint_shape(legs.free, wanted)


def _joint_shape(legs: Sequence[int], wanted: dict[int, Shape]) -> Shape:
    if len(legs) < 2:
        return wanted[legs[0]] if legs else (ONE, ONE)
    return wanted[legs[0]][0], wanted[legs[1]][0]
