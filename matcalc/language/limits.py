"""Limits of what the language reads, so that hostile input ends in a clear error soon.

Each can be raised by `configure`, or for a while by `using`:

    >>> from matcalc.language import limits
    >>> with limits.using(nesting=300):
    ...     limits.current().nesting
    300
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache, wraps
from typing import TYPE_CHECKING, BinaryIO, ParamSpec, TypeVar

from matcalc.budget import Grant, granted
from matcalc.errors import LimitError, MatcalcError, Span
from matcalc.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Limits",
    "bounded",
    "budget",
    "configure",
    "current",
    "exceeded",
    "read_bytes",
    "read_text",
    "refuse_long",
    "using",
]

P = ParamSpec("P")
R = TypeVar("R")


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
        order: how often is differentiated.
        file: bytes of a file, or of standard input.
        seconds: processor time of a command, or of a call from Python; 0 is no limit.
        memory: MiB that a command or call takes; 0 is no limit.
        steps: steps of its loops; 0 is no limit.
    """

    characters: int = 100_000
    tokens: int = 30_000
    nesting: int = 100
    digits: int = 1_000
    exponent: int = 1_000
    entries: int = 1_000_000_000
    computed: int = 1_000_000
    order: int = 6
    file: int = 10_000_000
    seconds: float = 7.5
    memory: int = 768
    steps: int = 0


_limits: ContextVar[Limits | None] = ContextVar("matcalc_limits", default=None)


@cache
def _default() -> Limits:
    """The limits of the environment: MATCALC_SECONDS and MATCALC_MEMORY."""
    given = Limits()
    return replace(
        given,
        seconds=_environment("MATCALC_SECONDS", given.seconds),
        memory=int(_environment("MATCALC_MEMORY", given.memory)),
    )


def _environment(name: str, default: float) -> float:
    text = os.environ.get(name, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        hint = "a number such as 60; 0 is no limit"
        raise MatcalcError(f"{name} is not a number from 0: {text}", code="usage", hint=hint)
    return value


def current() -> Limits:
    """The limits in force."""
    return _limits.get() or _default()


def configure(**changes: float) -> None:
    """Set limits from now on, in this context."""
    _limits.set(_changed(changes))


@contextmanager
def using(**changes: float) -> Iterator[None]:
    """Set limits inside a ``with`` block."""
    token = _limits.set(_changed(changes))
    try:
        yield
    finally:
        _limits.reset(token)


def _changed(changes: dict[str, float]) -> Limits:
    limits: Limits = replace(current(), **changes)  # type: ignore[arg-type]
    return limits


def budget(*, anew: bool = False) -> AbstractContextManager[None]:
    """A ``with`` block that takes at most the time, the memory and the steps of the limits in force.

    Inside of another one it is part of that, unless ``anew``.
    """
    limits = current()
    return granted(Grant(limits.seconds, limits.memory, limits.steps), anew=anew)


def bounded(function: Callable[P, R]) -> Callable[P, R]:
    """The function, each call of which takes at most `budget`."""

    @wraps(function)
    def limited(*args: P.args, **options: P.kwargs) -> R:
        with budget():
            return function(*args, **options)

    return limited


def read_text(path: str | Path) -> str:
    """A file as UTF-8 text. Raises OSError, UnicodeDecodeError, and LimitError where it has no end."""
    with open(path, "rb") as file:
        return read_bytes(file, str(path)).decode("utf-8").replace("\r\n", "\n")


def read_bytes(file: BinaryIO, name: str) -> bytes:
    """All of a file, which may be endless."""
    most = current().file
    parts: list[bytes] = []
    while part := file.read(1 << 20):
        parts.append(part)
        most -= len(part)
        if most < 0:
            break
    else:
        return b"".join(parts)
    raise LimitError(
        f"{name} is too long: the limit is {current().file:,} bytes",
        code="limit-file",
        word=name,
        hint="raise it with matcalc.language.limits.configure(file=…)",
    )


def exceeded(name: str, what: str, text: str | None = None, span: Span | None = None) -> LimitError:
    """The error for a limit that the input does not keep."""
    return LimitError(
        f"{what}: the limit is {getattr(current(), name):,}",
        code=f"limit-{name}",
        text=text,
        span=span,
        hint=f"raise it with matcalc.language.limits.configure({name}=…)",
    )


def refuse_long(text: str) -> None:
    """Raises LimitError for a text of more characters."""
    most = current().characters
    if len(text) > most:
        said = f"the text has {len(text):,} characters: the limit is {most:,}"
        hint = "raise it with matcalc.language.limits.configure(characters=…)"
        raise LimitError(said, code="limit-characters", hint=hint)
