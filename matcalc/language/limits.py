"""Limits of what the language reads, so that hostile input ends in a clear error soon.

Each can be raised by `configure`, or for a while by `using`:

    >>> from matcalc.language import limits
    >>> with limits.using(nesting=300):
    ...     limits.current().nesting
    300
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from matcalc.errors import LimitError, Span

__all__ = ["Limits", "configure", "current", "exceeded", "using"]


@dataclass(frozen=True)
class Limits:
    """The largest input that is read.

    Attributes:
        characters: length of the text.
        tokens: numbers, names and signs in the text.
        nesting: brackets, bars, powers and signs inside one another.
        digits: digits of one number.
        exponent: the ten's exponent of one number, and the exponent of a power that is a number.
        entries: entries of a written-out matrix, and written sizes of an array.
        computed: entries of an array whose value a numeric check computes.
    """

    characters: int = 100_000
    tokens: int = 30_000
    nesting: int = 100
    digits: int = 1_000
    exponent: int = 1_000
    entries: int = 1_000_000_000
    computed: int = 1_000_000


_DEFAULT = Limits()
_limits: ContextVar[Limits] = ContextVar("matcalc_limits", default=_DEFAULT)


def current() -> Limits:
    """The limits in force."""
    return _limits.get()


def configure(**changes: int) -> None:
    """Set limits from now on, in this context."""
    _limits.set(replace(current(), **changes))


@contextmanager
def using(**changes: int) -> Iterator[None]:
    """Set limits inside a ``with`` block."""
    token = _limits.set(replace(current(), **changes))
    try:
        yield
    finally:
        _limits.reset(token)


def exceeded(name: str, what: str, text: str | None = None, span: Span | None = None) -> LimitError:
    """The error for a limit that the input does not keep."""
    return LimitError(
        f"{what}: the limit is {getattr(current(), name):,}",
        code=f"limit-{name}",
        text=text,
        span=span,
        hint=f"raise it with matcalc.language.limits.configure({name}=…)",
    )
