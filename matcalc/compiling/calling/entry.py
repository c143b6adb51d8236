"""The way into compiled code: a Python function with all parameters as keywords, so that the interpreter matches them.

The first call goes the slow way, which checks every argument, also those that the code does not need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from matcalc.compiling.calling.arguments import Arguments
from matcalc.compiling.calling.signature import size_key
from matcalc.compiling.passes.sparse import is_sparse_matrix

__all__ = ["entry"]

MISSING = object()

#: What goes wrong in code when an argument has another shape or is no array.
FAULTS = (ValueError, TypeError, IndexError, AttributeError, RuntimeError, OverflowError)


def entry(
    arguments: Arguments,
    function: Callable[..., Any],
    traced: bool = False,
    for_sparse: Callable[[frozenset[str]], Callable[..., Any]] | None = None,
) -> Callable[..., Any]:
    """The function as it is called by its user: by position or by any spelling of a name, with what it may leave out.

    A ``traced`` one looks at its arguments on its first call only, so that masked ones are kept off here. ``for_sparse`` gives the function whose parameters of these names are sparse.
    """
    slow = _SlowWay(arguments, function, for_sparse)
    own = "_"
    while any(name.startswith(own) for name in slow.names):
        own += "_"
    named = {"missing": MISSING, "state": slow, "faults": FAULTS, "function": function}
    named |= {"masked": (np.ma.MaskedArray, type(np.ma.masked))}
    namespace: dict[str, Any] = {f"{own}{name}": value for name, value in named.items()}
    exec(compile(_text(arguments, slow.names, own, traced), "<entry>", "exec"), namespace)
    slow.call = namespace["call"]
    return slow.call


class _SlowWay:
    """What a call does that is the first one, unusual, or at fault.

    Attributes:
        names: of all parameters, those that the code takes first.
        first: whether no call has had its arguments as the code takes them.
        call: the function that is called by the user.
    """

    call: Callable[..., Any]

    def __init__(
        self,
        arguments: Arguments,
        function: Callable[..., Any],
        for_sparse: Callable[[frozenset[str]], Callable[..., Any]] | None,
    ) -> None:
        self.arguments, self.function, self.first = arguments, function, True
        self._for_sparse = for_sparse
        signature = arguments.signature
        self._local = {s: p.name for s, p in signature.parameters.items()}
        self._local |= {size_key(s): name for s, name in signature.sizes.items()}
        self._order = list(arguments.names)
        self.names = [*self._order, *(name for name in self._local.values() if name not in self._order)]
        self._spelled: dict[str, str] = {}

    def value(self, values: Sequence[Any], surplus: Sequence[Any], others: Mapping[str, Any]) -> Any:
        """The value at arguments by position, at surplus ones, and by other spellings of the names."""
        given = self._given(values)
        if surplus:
            self.arguments.matched((*values[: len(self._order)], *surplus), {})
        more = {self._spelled[k]: v for k, v in others.items() if k in self._spelled}
        if others and len(more) == len(others) and more.keys().isdisjoint(given):
            return self.call(**given, **more)
        given |= others
        ready, as_given = self._settled(given)
        signature = self.arguments.signature
        self._spelled.update({k: self._local[s] for k in others if (s := signature.spelled(k))})
        if not self.arguments.required:  # a constant: nothing but what is given beside it shows the type
            return _in_type_of(self._run(ready, given), given.values())
        if as_given:
            self.first = False
        return self._run(ready, given)

    def explained(self, values: Sequence[Any], error: Exception) -> Any:
        """The value for arguments in shapes that fit, if that can be; else the error that names the one at fault."""
        given = self._given(values)
        ready, as_given = self._settled(given)
        if as_given and not self._sparse(ready):
            self._fail(given, error)
        return self._run(ready, given)

    def _given(self, values: Sequence[Any]) -> dict[str, Any]:
        return {k: v for k, v in zip(self.names, values, strict=True) if v is not MISSING}

    def _settled(self, given: Mapping[str, Any]) -> tuple[list[Any], bool]:
        """The arguments in order and in shapes that fit, and whether that is how they were given; or what is wrong."""
        try:
            matched = self.arguments.matched((), given)
            fitted = self.arguments.fitted(matched)
            ready = self.arguments.ready(fitted)
        except (ValueError, TypeError) as error:
            self._fail(given, error)
        if (found := self.arguments.not_numbers(self.arguments.matched((), given))) is not None:
            raise found
        return ready, all(fitted[s] is matched[s] for s in matched)

    def _run(self, ready: Sequence[Any], given: Mapping[str, Any]) -> Any:
        """The value, or what is wrong with an argument."""
        sparse = self._sparse(ready)
        try:
            return (self._for_sparse(sparse) if sparse and self._for_sparse else self.function)(*ready)
        except FAULTS as error:
            self._fail(given, error)

    def _sparse(self, ready: Sequence[Any]) -> frozenset[str]:
        return frozenset(name for name, value in zip(self._order, ready, strict=True) if is_sparse_matrix(value))

    def _fail(self, given: Mapping[str, Any], error: Exception) -> NoReturn:
        """The error; that of an argument that is no array of numbers, if there is one."""
        found = self.arguments.not_numbers(self.arguments.matched((), given))
        if found is None:
            raise error
        raise found from error


def _in_type_of(result: Any, given: Iterable[Any]) -> Any:
    """Arrays of NumPy in single precision where all that are given have it."""
    types = {str(v.dtype) for v in given if getattr(v, "shape", ())}
    if isinstance(result, tuple):
        return tuple(_in_type_of(part, given) for part in result)
    return result.astype(np.float32) if types == {"float32"} and isinstance(result, np.ndarray) else result


def _text(arguments: Arguments, names: Sequence[str], own: str, traced: bool) -> str:
    """The function: by position the arguments that the code takes, by keyword only the others."""
    count = len(arguments.required)
    needed, sizes = names[:count], names[count : count + len(arguments.sizes)]
    taken, free = (
        [f"{n}={own}missing" for n in part] for part in (names[: count + len(sizes)], names[count + len(sizes) :])
    )
    values = f"({', '.join(names)},)" if names else "()"
    slow = f"return {own}state.value({values}, {own}surplus, {own}others)"
    unusual = [f"{own}state.first", f"{own}surplus", f"{own}others", *(f"{name} is {own}missing" for name in needed)]
    unusual += [f"{name}.__class__ in {own}masked" for name in needed if traced]
    lines = [f"def call({', '.join([*taken, f'*{own}surplus', *free, f'**{own}others'])}):"]
    lines += [f"    if {' or '.join(unusual)}:", f"        {slow}", "    try:"]
    for name, size in zip(sizes, arguments.sizes, strict=True):
        lines.append(f"        if {name} is {own}missing:")
        for symbol, axis in arguments.places(size):
            array = arguments.signature.parameters[symbol].name
            lines.append(f"            if {array} is not {own}missing:")
            lines.append(f"                {name} = {array}.shape[{axis}]")
        lines += [f"            if {name} is {own}missing:", f"                {slow}"]
    lines.append(f"        return {own}function({', '.join([*needed, *sizes])})")
    lines += [f"    except {own}faults as {own}error:", f"        return {own}state.explained({values}, {own}error)"]
    return "\n".join(lines)
