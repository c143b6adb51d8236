"""The way into compiled code: a Python function with all parameters as keywords, so that the interpreter matches them.

The first call goes the slow way, which checks every argument, also those that the code does not need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np

from matcalc.compiling.arguments import Arguments
from matcalc.compiling.signature import size_key

__all__ = ["entry"]

MISSING = object()

#: What goes wrong in code when an argument has another shape or is no array.
FAULTS = (ValueError, TypeError, IndexError, AttributeError, RuntimeError, OverflowError)


def entry(arguments: Arguments, function: Callable[..., Any], traced: bool = False) -> Callable[..., Any]:
    """The function as it is called by its user: by position or by any spelling of a name, with what it may leave out.

    A ``traced`` one looks at its arguments on its first call only, so that masked ones are kept off here.
    """
    signature = arguments.signature
    local = {s: p.name for s, p in signature.parameters.items()}
    local |= {size_key(s): name for s, name in signature.sizes.items()}
    order = list(arguments.names)
    names = [*order, *(name for name in local.values() if name not in order)]
    own = "_"
    while any(name.startswith(own) for name in names):
        own += "_"
    spelled: dict[str, str] = {}

    def prepared(given: Mapping[str, Any]) -> tuple[list[Any], bool]:
        """The arguments in the order of the code, in shapes that fit; and whether that is how they were given."""
        matched = arguments.matched((), given)
        fitted = arguments.fitted(matched)
        return arguments.ready(fitted), all(fitted[s] is matched[s] for s in matched)

    def fail(given: Mapping[str, Any], error: Exception) -> NoReturn:
        """The error; that of an argument that is no array of numbers, if there is one."""
        found = arguments.not_numbers(arguments.matched((), given))
        if found is None:
            raise error
        raise found from error

    def settled(given: Mapping[str, Any]) -> tuple[list[Any], bool]:
        """`prepared`, or what is wrong with an argument."""
        try:
            ready, as_given = prepared(given)
        except (ValueError, TypeError) as error:
            fail(given, error)
        if (found := arguments.not_numbers(arguments.matched((), given))) is not None:
            raise found
        return ready, as_given

    def run(ready: Sequence[Any], given: Mapping[str, Any]) -> Any:
        """The value, or what is wrong with an argument."""
        try:
            return function(*ready)
        except FAULTS as error:
            fail(given, error)

    def slow(values: Sequence[Any], surplus: Sequence[Any], others: Mapping[str, Any]) -> Any:
        given = {k: v for k, v in zip(names, values, strict=True) if v is not MISSING}
        if surplus:
            arguments.matched((*values[: len(order)], *surplus), {})
        more = {spelled[k]: v for k, v in others.items() if k in spelled}
        if others and len(more) == len(others) and more.keys().isdisjoint(given):
            return call(**given, **more)
        given |= others
        ready, as_given = settled(given)
        spelled.update({k: local[s] for k in others if (s := signature.spelled(k))})
        if not arguments.required:  # a constant: nothing but what is given beside it shows the type
            return _in_type_of(run(ready, given), given.values())
        if as_given:
            namespace[f"{own}first"] = False
        return run(ready, given)

    def explained(values: Sequence[Any], error: Exception) -> Any:
        """The value for arguments in shapes that fit, if that can be; else the error that names the one at fault."""
        given = {k: v for k, v in zip(names, values, strict=True) if v is not MISSING}
        ready, as_given = settled(given)
        if as_given:
            fail(given, error)
        return run(ready, given)

    namespace: dict[str, Any] = {"missing": MISSING, "first": True, "faults": FAULTS}
    namespace |= {"function": function, "slow": slow, "explained": explained}
    namespace |= {"masked": (np.ma.MaskedArray, type(np.ma.masked))}
    namespace = {f"{own}{name}": value for name, value in namespace.items()}
    exec(compile(_text(arguments, names, own, traced), "<entry>", "exec"), namespace)
    call: Callable[..., Any] = namespace["call"]
    return call


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
    slow = f"return {own}slow({values}, {own}surplus, {own}others)"
    unusual = [f"{own}first", f"{own}surplus", f"{own}others", *(f"{name} is {own}missing" for name in needed)]
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
    lines += [f"    except {own}faults as {own}error:", f"        return {own}explained({values}, {own}error)"]
    return "\n".join(lines)
