"""Where to start: what the caller gives, else a point at which the function has a value and moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from matcalc.errors import DeclarationError, MatcalcError
from matcalc.language import canonical_name
from matcalc.minimizing.coordinates import Array, Coordinates
from matcalc.minimizing.derived import Functions

__all__ = ["named_start", "start_of"]

#: Random points that are tried where 0 does not do.
MOST_RANDOM = 8


def named_start(start: Any, names: list[str]) -> dict[str, Array]:
    """The start by the names of the unknowns. Raises DeclarationError where one of them is none."""
    if start is None:
        return {}
    if not isinstance(start, Mapping):
        if len(names) > 1:
            said = "of several unknowns the start is given by name"
            raise DeclarationError(said, code="start", hint=f"start={{{names[0]!r}: …}}")
        start = {names[0]: start}
    found = {canonical_name(str(name)): np.asarray(value, dtype=float) for name, value in start.items()}
    for name in found:
        if name not in names:
            raise DeclarationError(f"{name} has a start, and is no unknown", code="start", word=name)
    return found


def start_of(functions: Functions, given: Mapping[str, Array], low: Array, high: Array) -> Array:
    """A point between the bounds at which the function has a value.

    Raises:
        MatcalcError: it lies outside of the bounds or of the domain; or none was found.
    """
    coordinates = functions.coordinates
    if len(given) == len(coordinates.blocks):
        own = coordinates.vector(given)
        _refuse_outside(functions, given, own, low, high)
        found = own if np.isfinite(functions.values(own)[0]) else None
    else:
        found = _first(functions, _points(functions, given, low, high))
    if found is None and given:
        raise MatcalcError("f has no value at the start", code="start", hint="give a start in its domain")
    if found is None:
        raise MatcalcError("no point was found where f has a value", code="start", hint="give one: start=…")
    return found


def _first(functions: Functions, points: Iterator[Array]) -> Array | None:
    """The first point that moves, else the first that has a value."""
    fine = (z for z in points if np.isfinite(functions.values(z)[0]))
    first = next(fine, None)
    if first is None or _moves(functions, first):
        return first
    return next((z for z in fine if _moves(functions, z)), first)


def _refuse_outside(functions: Functions, given: Mapping[str, Array], z: Array, low: Array, high: Array) -> None:
    names = " and ".join(given)
    again = functions.coordinates.arrays(z)
    for block in functions.coordinates.blocks:
        if not np.allclose(again[block.name], given[block.name]):
            said = f"the start of {block.name} is not {block.structure}"
            raise MatcalcError(said, code="start", word=block.name)
    if np.any(z < low) or np.any(z > high):
        raise MatcalcError(f"the start of {names} lies outside of the bounds", code="start")
    if not functions.is_inside(z):
        raise MatcalcError(f"the start of {names} is not definite, as it was declared", code="start")


def _moves(functions: Functions, z: Array) -> bool:
    """Whether it is no point where the slope vanishes by symmetry."""
    _, c = functions.values(z)
    return bool(len(c)) or bool(np.any(np.abs(functions.slope(z, np.zeros(0))) > 0))


def _points(functions: Functions, given: Mapping[str, Array], low: Array, high: Array) -> Iterator[Array]:
    """0, then points of which no entry is that, drawn with one seed."""
    rng = np.random.default_rng(0)
    coordinates = functions.coordinates
    for k in range(MOST_RANDOM + 1):
        scale = 0.0 if k == 0 else 2.0 ** (k // 2)
        yield _between(coordinates, functions, given, rng, scale, low, high)


def _between(
    coordinates: Coordinates,
    functions: Functions,
    given: Mapping[str, Array],
    rng: Any,
    scale: float,
    low: Array,
    high: Array,
) -> Array:
    arrays = {b.name: given.get(b.name, scale * rng.uniform(0.2, 1.0, b.shape)) for b in coordinates.blocks}
    for name, _ in functions.definite:
        if name not in given:
            arrays[name] = np.eye(arrays[name].shape[0]) * (scale or 1.0)
    z = coordinates.vector(arrays)
    inside = np.clip(z, low, high)
    width = np.where(np.isfinite(high - low), high - low, 2.0)
    on_low = (inside <= low) & (scale > 0)
    return np.clip(np.where(on_low, low + width * 0.3, inside), low, high)
