"""Objects that bring their own answers to functions of arrays [NEP 13, NEP 18]."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from matcalc.serving.plain.array import Array

__all__ = ["answered_by_entries", "open_to_others", "other"]


def other(values: Iterable[Any], protocol: str) -> Any:
    """The first value that is no array here and speaks the protocol, or None."""
    for value in values:
        if not isinstance(value, Array) and getattr(type(value), protocol, None) is not None:
            return value
    return None


def open_to_others(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that asks its arguments, and what their lists hold, before it answers."""

    @wraps(function)
    def asked(*args: Any, **options: Any) -> Any:
        found = other(_within(args), "__array_function__")
        if found is not None:
            answer = found.__array_function__(asked, (type(found),), args, options)
            if answer is NotImplemented:
                raise TypeError(f"no implementation of {function.__name__} for {type(found).__name__}")
            return answer
        return function(*args, **options)

    return asked


def _within(args: Iterable[Any]) -> Iterable[Any]:
    for arg in args:
        if isinstance(arg, (list, tuple)):
            yield from _within(arg)
        else:
            yield arg


def answered_by_entries(name: str, value: Any) -> Any:
    """A function of an object: its method of that name, as NumPy asks for it."""
    return getattr(value, name)()
