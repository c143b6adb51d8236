"""Compiled functions: what `matcalc.compile` gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np

from matcalc.compiling.costs import flops
from matcalc.compiling.program import Value
from matcalc.compiling.signature import Parameter, Signature, read_size
from matcalc.errors import MatcalcError
from matcalc.expr import Dim
from matcalc.language import canonical_name

__all__ = ["ArgumentError", "CompiledFunction"]


class ArgumentError(MatcalcError):
    """An argument of a compiled function is missing, unknown, or has another shape."""

    default_code = "argument"


class CompiledFunction:
    """Code that evaluates expressions; call it with the variables as keyword arguments.

    A vector is an array (n,), a matrix (m, n), a scalar a number. Every spelling of a name is accepted (``Sigma``,
    ``Σ``), and so are variables that the result does not depend on.

    Attributes:
        source: the code that is executed.
        target: the library or language of the code.
        parameters: the names of the arguments it needs; sizes that no argument shows come last.

    Raises:
        ArgumentError: an argument is missing, unknown or of the wrong shape.
    """

    def __init__(
        self,
        name: str,
        source: str,
        target: str,
        signature: Signature,
        required: Sequence[str],
        sizes: Sequence[str],
        function: Callable[..., Any] | None,
        plan: Sequence[Value] = (),
    ) -> None:
        self.__name__ = name
        self.source = source
        self.target = target
        self.parameters = (*(signature.parameters[s].name for s in required), *(signature.sizes[s] for s in sizes))
        self._signature = signature
        self._plan = tuple(plan)
        self._required = tuple(required)
        self._sizes = tuple(sizes)
        self._function = function if function is not None else self._not_executable
        self._getters: dict[tuple[str, ...], Callable[[dict[str, Any]], Sequence[Any]]] = {}

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        getter = None if args else self._getters.get(tuple(kwargs))
        try:
            if getter is not None:
                return self._function(*getter(kwargs))
            return self._slow_call(args, kwargs)
        except (ValueError, TypeError, IndexError, AttributeError) as error:
            self._explain(args, kwargs, error)
            raise

    def __repr__(self) -> str:
        return f"<{self.target} function {self.__name__}({', '.join(self.parameters)})>"

    def shape_of(self, name: str, given: Mapping[str, Any], x: Any) -> tuple[int, ...]:
        """The shape of an argument, as far as the others show it; else that of x itself."""
        parameter = self._signature.parameters[name]
        others = {self._signature.spelled(k) or k: v for k, v in given.items()}
        known = self._checked({k: v for k, v in others.items() if k != name})
        if len(np.shape(x)) == len(parameter.axes):
            return tuple(np.shape(x))
        missing = [n for dim in parameter.axes for n in dim.names if n not in known]
        if missing and len(parameter.axes) == 2:
            found = read_size(parameter.axes[0] * parameter.axes[1], int(np.size(x)), known)
            known |= dict([found]) if found else {}
        if any(n not in known for dim in parameter.axes for n in dim.names):
            raise ArgumentError(f"the shape of {parameter.name} cannot be read off the data", hint="pass shape=(…)")
        return tuple(dim.evaluate(known) for dim in parameter.axes)

    def flops(self, **sizes: int) -> float:
        """Additions and multiplications of one call, for these sizes."""
        known = {self._signature.spelled(name) or name: self._size(name, value) for name, value in sizes.items()}
        try:
            return flops(self._plan, known)
        except KeyError as missing:
            raise ArgumentError(f"the size {missing.args[0]} is missing") from None

    def _not_executable(self, *args: Any) -> Any:
        raise ArgumentError(
            f"code for {self.target} cannot be run: the library is not installed, or it is no Python",
            hint="its text is the attribute source",
        )

    def _slow_call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The first call with these keywords: match them with the parameters and check every shape."""
        given, spelling = self._matched(args, kwargs)
        sizes = self._checked(given)
        missing = [s for s in self._sizes if s not in sizes]
        if missing:
            raise ArgumentError(
                f"the size {missing[0]} cannot be read off the arguments",
                hint=f"add {self._signature.sizes[missing[0]]}=… to the arguments",
            )
        ready = [given[s] for s in self._required] + [given.get(s, sizes[s]) for s in self._sizes]
        self._remember(tuple(kwargs), spelling)
        return self._function(*ready)

    def _remember(self, keywords: tuple[str, ...], spelling: Mapping[str, str]) -> None:
        """How the next call with these keywords finds its arguments and sizes, in order."""
        if not all(s in spelling for s in self._required):
            return
        names = [spelling[s] for s in self._required]
        places = [self._place(size, spelling) for size in self._sizes]
        shown = [place for place in places if place is not None]
        if len(shown) < len(places):
            return
        if len(names) == 1 and not shown:
            (name,) = names
            self._getters[keywords] = lambda given: (given[name],)
        elif shown or not names:
            self._getters[keywords] = lambda given: [
                *[given[k] for k in names],
                *[given[k] if axis < 0 else given[k].shape[axis] for k, axis in shown],
            ]
        else:
            self._getters[keywords] = itemgetter(*names)

    def _place(self, size: str, spelling: Mapping[str, str]) -> tuple[str, int] | None:
        """The keyword that gives a size, or that of an array and the axis that shows it."""
        if size in spelling:
            return spelling[size], -1
        for symbol, keyword in spelling.items():
            parameter = self._signature.parameters.get(symbol)
            for axis, dim in enumerate(parameter.axes if parameter else ()):
                if dim == Dim.of(size):
                    return keyword, axis
        return None

    def _matched(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Arguments by symbol, and the keyword of each."""
        order = (*self._required, *self._sizes)
        if len(args) > len(order):
            raise ArgumentError(
                f"{len(args)} arguments are given and {len(order)} needed: {', '.join(self.parameters)}"
            )
        given = dict(zip(order, args, strict=False))
        spelling: dict[str, str] = {}
        for keyword, value in kwargs.items():
            symbol = self._signature.spelled(keyword)
            if symbol is None:
                known = ", ".join(
                    [*(p.name for p in self._signature.parameters.values()), *self._signature.sizes.values()]
                )
                raise ArgumentError(f"{keyword} is not an argument (they are {known})")
            if symbol in given:
                raise ArgumentError(f"{canonical_name(keyword)} is given twice")
            given[symbol], spelling[symbol] = value, keyword
        for symbol in self._required:
            if symbol not in given:
                raise ArgumentError(f"the argument {self._signature.parameters[symbol].name} is missing")
        return given, spelling

    def _checked(self, given: Mapping[str, Any]) -> dict[str, int]:
        """The sizes that the arguments show; an error where two disagree."""
        known = {s: self._size(s, given[s]) for s in self._signature.sizes if s in given}
        arrays = [(p, _shape(given[s])) for s, p in self._signature.parameters.items() if s in given]
        readable = [
            (d, k) for p, shape in arrays if len(shape) == len(p.axes) for d, k in zip(p.axes, shape, strict=True)
        ]
        for _ in arrays:
            for dim, length in readable:
                found = read_size(dim, length, known)
                if found is not None:
                    known[found[0]] = found[1]
        for parameter, shape in arrays:
            if not _fits(parameter.axes, shape, known):
                raise self._wrong_shape(parameter, shape, known)
        return known

    def _size(self, name: str, value: Any) -> int:
        if isinstance(value, (int, np.integer)) and value >= 1:
            return int(value)
        raise ArgumentError(f"the size {name} is a positive integer, and {value!r} is given")

    def _wrong_shape(self, parameter: Parameter, shape: tuple[int, ...], known: Mapping[str, int]) -> ArgumentError:
        wanted = ", ".join(map(str, parameter.axes)) + ("," if len(parameter.axes) == 1 else "")
        settled = all(n in known for dim in parameter.axes for n in dim.names)
        numbers = tuple(dim.evaluate(known) for dim in parameter.axes) if settled else ()
        message = f"{parameter.name} has the shape {shape} and should have ({wanted})"
        if numbers and any(dim.names for dim in parameter.axes):
            message += f" = {numbers}"
        return ArgumentError(message)

    def _explain(self, args: Sequence[Any], kwargs: Mapping[str, Any], error: Exception) -> None:
        """Raise the error that names the argument at fault, if it is one."""
        try:
            given, _ = self._matched(args, kwargs)
            self._checked(given)
        except ArgumentError as fault:
            raise fault from error


def _fits(axes: Sequence[Dim], shape: Sequence[int], known: Mapping[str, int]) -> bool:
    """Whether a shape can be these axes, as far as their sizes are known."""
    if len(axes) != len(shape):
        return False
    settled = [(d, k) for d, k in zip(axes, shape, strict=True) if all(n in known for n in d.names)]
    return all(dim.evaluate(known) == length for dim, length in settled)


def _shape(value: Any) -> tuple[int, ...]:
    """The shape of anything array-like."""
    shape = getattr(value, "shape", None)
    return tuple(shape) if shape is not None else np.shape(value)
