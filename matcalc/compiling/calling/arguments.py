"""The arguments of one call: matched with the parameters by any spelling, fitted to their shapes, sizes read off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np

from matcalc.compiling.calling.signature import Parameter, Signature, read_size, size_key
from matcalc.compiling.planning.program import BATCH
from matcalc.errors import MatcalcError
from matcalc.expr import Dim
from matcalc.language import canonical_name

__all__ = ["ArgumentError", "Arguments", "shape_of"]


class ArgumentError(MatcalcError):
    """An argument of a compiled function is missing, unknown, or has another shape."""

    default_code = "argument"


class Arguments:
    """What a function asks of its arguments.

    Attributes:
        signature: all parameters and sizes.
        required: the symbols of the parameters that the code needs, in its order.
        sizes: the names of the sizes that it needs behind them.
    """

    def __init__(self, signature: Signature, required: Sequence[str], sizes: Sequence[str]) -> None:
        self.signature = signature
        self.required = tuple(required)
        self.sizes = tuple(sizes)

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of the code."""
        parameters, sizes = self.signature.parameters, self.signature.sizes
        return (*(parameters[s].name for s in self.required), *(sizes[s] for s in self.sizes))

    def matched(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments by symbol, sizes by their key."""
        order = (*self.required, *map(size_key, self.sizes))
        if len(args) > len(order):
            raise ArgumentError(f"{len(args)} arguments are given and {len(order)} needed: {', '.join(self.names)}")
        given = dict(zip(order, args, strict=False))
        for keyword, value in kwargs.items():
            symbol = self.signature.spelled(keyword)
            if symbol is None:
                known = [*(p.name for p in self.signature.parameters.values()), *self.signature.sizes.values()]
                raise ArgumentError(f"{keyword} is not an argument (they are {', '.join(known)})")
            if symbol in given:
                raise ArgumentError(f"{canonical_name(keyword)} is given twice")
            given[symbol] = value
        for symbol in self.required:
            if symbol not in given:
                raise ArgumentError(f"the argument {self.signature.parameters[symbol].name} is missing")
        return given

    def ready(self, given: Mapping[str, Any]) -> list[Any]:
        """The arguments and sizes in the order of the code, all shapes checked."""
        sizes = self.checked(given)
        missing = [s for s in self.sizes if s not in sizes]
        if missing:
            raise ArgumentError(
                f"the size {missing[0]} cannot be read off the arguments",
                hint=f"add {self.signature.sizes[missing[0]]}=… to the arguments",
            )
        return [given[s] for s in self.required] + [given.get(size_key(s), sizes[s]) for s in self.sizes]

    def fitted(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments in the shapes of their parameters, where they only have other axes of size 1.

        A scalar may be an array of one entry, a row a vector, and what is declared as a matrix of one column a matrix;
        any array of one entry may be one where its sizes turn out to be 1.
        """
        result = {symbol: _of_floats(value) for symbol, value in given.items()}
        parameters = [(s, p) for s, p in self._arrays(given) if p.axes[:1] != (BATCH,)]
        for symbol, p in parameters:
            shape = shape_of(given[symbol])
            if not p.axes and shape and set(shape) == {1}:
                result[symbol] = _with_axes(given[symbol], 0)
            elif len(shape) == 1 and len(p.axes) == 2 and p.axes[0].is_one:
                result[symbol] = _as_row(given[symbol])
            elif len(shape) == 2 and shape[1] == 1 and p.is_column:
                result[symbol] = given[symbol][:, 0]
        known = self.shown(result)
        for symbol, p in parameters:
            shape = shape_of(result[symbol])
            settled = all(n in known for d in p.axes for n in d.names)
            if len(shape) != len(p.axes) and set(shape) <= {1} and settled:
                if all(d.evaluate(known) == 1 for d in p.axes):
                    result[symbol] = _with_axes(result[symbol], len(p.axes))
        return result

    def _arrays(self, given: Mapping[str, Any]) -> list[tuple[str, Parameter]]:
        """The parameters among these that are no functions."""
        return [(s, p) for s, p in self.signature.parameters.items() if s in given and not p.is_function]

    def shown(self, given: Mapping[str, Any]) -> dict[str, int]:
        """The sizes that the arguments show."""
        known = {s: checked_size(s, given[k]) for s in self.signature.sizes if (k := size_key(s)) in given}
        arrays = [(p.axes, shape_of(given[s])) for s, p in self._arrays(given)]
        readable = [pair for axes, shape in arrays if len(shape) == len(axes) for pair in zip(axes, shape, strict=True)]
        for _ in arrays:
            for dim, length in readable:
                found = read_size(dim, length, known)
                if found is not None:
                    known[found[0]] = found[1]
        return known

    def checked(self, given: Mapping[str, Any]) -> dict[str, int]:
        """The sizes that the arguments show; an error where two disagree."""
        known = self.shown(given)
        for symbol, parameter in self._arrays(given):
            if not _fits(parameter.axes, shape_of(given[symbol]), known):
                raise _wrong_shape(parameter, shape_of(given[symbol]), known)
        return known

    def not_numbers(self, given: Mapping[str, Any]) -> ArgumentError | None:
        """What to say of the first argument that is no array of real numbers."""
        for symbol, parameter in self.signature.parameters.items():
            if symbol in given and parameter.is_function and not callable(given[symbol]):
                return ArgumentError(f"{parameter.name} has to be a function, and {given[symbol]!r} is given")
        for symbol, parameter in self._arrays(given):
            if found := _unreal(given[symbol]):
                return ArgumentError(f"{parameter.name} has to be an array of real numbers, and {found}")
        return None

    def places(self, size: str) -> list[tuple[str, int]]:
        """The parameters with an axis that shows a size, and the number of the axis."""
        return [
            (symbol, axis)
            for symbol, parameter in self.signature.parameters.items()
            for axis, dim in enumerate(parameter.axes)
            if dim == Dim.of(size)
        ]


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of anything array-like."""
    shape = getattr(value, "shape", None)
    return tuple(shape) if shape is not None else np.shape(value)


NUMBERS = (Real, Decimal)
#: kind of a NumPy type -> why its values are no real numbers
KINDS = {"c": "it is complex", "M": "it holds dates", "m": "it holds times", "U": "it is text", "S": "it is text"}


def _unreal(value: Any) -> str | None:
    """Why a value is no array of real numbers, or None."""
    if hasattr(value, "dtype") and not isinstance(value, (np.ndarray, np.generic)):
        return KINDS["c"] if "complex" in str(value.dtype) else None
    if np.ma.isMaskedArray(value):
        return "it is masked: fill it, or leave out what is masked"
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return "its rows differ in length"
    if array.dtype.kind == "O":
        return None if _holds_numbers(array) else f"it holds {_shortened(array)}"
    if array.dtype.kind in "biuf":
        return None
    what = KINDS.get(array.dtype.kind, f"its type is {array.dtype}")
    return what if array.ndim else f"{value!r} is given"


def _holds_numbers(array: Any) -> bool:
    return all(isinstance(entry, NUMBERS) for entry in array.ravel())


def _shortened(array: Any) -> str:
    """The first entry that is no number."""
    return repr(next(entry for entry in array.ravel() if not isinstance(entry, NUMBERS)))[:60]


def _of_floats(value: Any) -> Any:
    """Numbers such as fractions, which NumPy keeps as objects, as floating-point numbers; anything else as it is."""
    if isinstance(value, (Fraction, Decimal)):
        return float(value)
    if not isinstance(value, (list, tuple, np.ndarray)):
        return value
    array = np.asarray(value) if isinstance(value, np.ndarray) or shape_of(value) else None
    return array.astype(float) if array is not None and array.dtype.kind == "O" and _holds_numbers(array) else value


def checked_size(name: str, value: Any) -> int:
    """A positive integer; an error for anything else."""
    if isinstance(value, (int, np.integer)) and value >= 1:
        return int(value)
    raise ArgumentError(f"the size {name} is a positive integer, and {value!r} is given")


def _with_axes(value: Any, rank: int) -> Any:
    """An array of one entry with so many axes, by indexing, which every library has."""
    array = value if hasattr(value, "shape") else np.asarray(value)
    return array[(0,) * len(array.shape)] if not rank else array[(0,) * len(array.shape) + (None,) * rank]


def _as_row(value: Any) -> Any:
    return (value if hasattr(value, "shape") else np.asarray(value))[None, :]


def _fits(axes: Sequence[Dim], shape: Sequence[int], known: Mapping[str, int]) -> bool:
    """Whether a shape can be these axes, as far as their sizes are known."""
    if len(axes) != len(shape):
        return False
    settled = [(d, k) for d, k in zip(axes, shape, strict=True) if all(n in known for n in d.names)]
    return all(dim.evaluate(known) == length for dim, length in settled)


def _wrong_shape(parameter: Parameter, shape: tuple[int, ...], known: Mapping[str, int]) -> ArgumentError:
    wanted = ", ".join(map(str, parameter.axes)) + ("," if len(parameter.axes) == 1 else "")
    settled = all(n in known for dim in parameter.axes for n in dim.names)
    numbers = tuple(dim.evaluate(known) for dim in parameter.axes) if settled else ()
    message = f"{parameter.name} has the shape {shape} and should have ({wanted})"
    if numbers and any(dim.names for dim in parameter.axes):
        message += f" = {numbers}"
    return ArgumentError(message)
