"""A budget of processor time, memory and steps for a whole command or call, so that hostile input ends soon.

Loops that may run long call `spend`. Where Python lets it, in the main thread, a timer looks as well, so that a loop
which does not call it ends, too. What is used up ends in an exception that no ``except MatcalcError`` on the way can take
for a fault of the input, and becomes a `LimitError` where the budget was granted.

    >>> from matcalc import budget
    >>> with budget.granted(budget.Grant(steps=2_000)):
    ...     while True:
    ...         budget.spend()
    Traceback (most recent call last):
    matcalc.errors.LimitError: error: the computation takes more steps than the limit of 2,000
    hint: raise it with matcalc.language.limits.configure(steps=…); 0 is no limit
"""

from __future__ import annotations

import contextlib
import gc
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from types import FrameType
from typing import ParamSpec, TypeVar, cast

from matcalc.errors import LimitError
from matcalc.records import dataclass

__all__ = ["Exhausted", "Grant", "granted", "is_no_place_to_raise", "remembered", "spend", "within"]

P = ParamSpec("P")
R = TypeVar("R")

#: `spend` looks at the clock once in so many steps.
STRIDE = 1024
#: The timer looks at the clock so often, in seconds of processor time,
TICK = 0.1
#: and ends what has not called `spend` for so long after the end.
GRACE = 0.5
#: What the process holds when a budget is granted is known from so short a time ago, in seconds.
RECENT = 0.01
MIB = 1 << 20
#: Where the callbacks of weak collections stand.
_OF_REFERENCES = frozenset({"weakref.py", "_weakrefset.py"})
#: Where blocks are entered and left,
_OF_BLOCKS = frozenset({contextlib.__file__, __file__})
#: by these, which call no more than so many functions inside of one another.
_AT_BLOCKS = frozenset({"__enter__", "__exit__"})
_CALLS_AT_BLOCKS = 4
#: So many results of a function are `remembered`.
REMEMBERED = 2048


@dataclass(frozen=True)
class Grant:
    """What a command or call may use; 0 is no limit.

    Attributes:
        seconds: processor time.
        memory: MiB, beside what the process holds already.
        steps: calls of `spend`.
    """

    seconds: float = 0
    memory: int = 0
    steps: int = 0


class Exhausted(BaseException):
    """A budget is used up; it ends everything inside of that budget."""

    def __init__(self, budget: _Budget, limit: str) -> None:
        super().__init__(limit)
        self.budget = budget
        self.limit = limit


class _Budget:
    """The limits of one grant as points that are not to be passed."""

    def __init__(self, grant: Grant, outer: _Budget | None = None) -> None:
        self.grant = grant
        self.outer = outer
        self.end = _clock() + grant.seconds if grant.seconds else math.inf
        self.most = _resident_lately() + grant.memory * MIB if grant.memory else math.inf
        self.last = _steps + grant.steps if grant.steps else math.inf

    def exhausted(self) -> Exhausted | None:
        """What is used up, of the budgets outside of this one first."""
        found = self.outer.exhausted() if self.outer is not None else None
        if found is not None:
            return found
        if _clock() > self.end:
            return Exhausted(self, "seconds")
        if _steps > self.last:
            return Exhausted(self, "steps")
        if self.most < math.inf and _resident() > self.most:
            return Exhausted(self, "memory")
        return None

    def error(self, limit: str) -> LimitError:
        """The error for people."""
        outermost = self
        while outermost.outer is not None:
            outermost = outermost.outer
        grant = outermost.grant
        said = {
            "seconds": f"the computation takes longer than the limit of {grant.seconds:g} seconds",
            "memory": f"the computation takes more memory than the limit of {grant.memory:,} MiB",
            "steps": f"the computation takes more steps than the limit of {grant.steps:,}",
        }
        raised = f"matcalc.language.limits.configure({limit}=…)"
        if limit != "steps":
            raised = f"the environment variable MATCALC_{limit.upper()}, or with {raised}"
        return LimitError(said[limit], code=f"limit-{limit}", hint=f"raise it with {raised}; 0 is no limit")


_active: ContextVar[_Budget | None] = ContextVar("matcalc_budget", default=None)
_steps = 0
_next = STRIDE
#: When what the process holds was measured for a grant, and what it was.
_measured = (-math.inf, 0)


def spend() -> None:
    """Count one step of a loop. Raises Exhausted, now and then, where the budget is used up."""
    global _steps
    _steps += 1
    if _steps >= _next:
        _look()


def _look() -> None:
    global _next
    budget = _active.get()
    _next = _steps + STRIDE
    found = budget.exhausted() if budget is not None else None
    if found is not None:
        _next = _steps
        raise found


@contextmanager
def granted(grant: Grant, *, anew: bool = False) -> Iterator[None]:
    """Spend at most this inside the ``with`` block, where no budget is granted already, or ``anew``.

    Raises LimitError where it is used up, where the recursion is too deep and where the memory does not suffice.
    """
    outer = _active.get()
    if outer is None:
        with _forgetting(), _digits_of_any_number(), _timer(), _spending(_Budget(grant)):
            yield
    elif anew:
        start = _clock()
        with _spending(_Budget(grant)):
            yield
        outer.end += _clock() - start
    else:
        yield


@contextmanager
def within(share: float) -> Iterator[None]:
    """Spend at most this share of what is left of the time; what is used up here is a LimitError here."""
    outer = _active.get()
    if outer is None or outer.end == math.inf:
        yield
        return
    left = max(outer.end - _clock(), 0.0)
    with _spending(_Budget(Grant(max(left * share, 1e-3)), outer)):
        yield


@contextmanager
def _spending(budget: _Budget) -> Iterator[None]:
    token = _active.set(budget)
    try:
        yield
    except Exhausted as end:
        if end.budget is not budget:
            raise
        error = budget.error(end.limit)
    except RecursionError:
        error = LimitError(
            f"the input is nested more deeply than the limit of Python's recursion, {sys.getrecursionlimit():,}",
            code="limit-nesting",
            hint="name parts of it, or raise the limit with sys.setrecursionlimit(…)",
        )
    except MemoryError:
        error = LimitError("the memory does not suffice for arrays of these sizes", code="memory")
    else:
        return
    finally:
        _active.reset(token)
    raise error


def _clock() -> float:
    """Seconds that this thread computed; in a browser, which does not tell them, seconds that went by."""
    return time.thread_time() if hasattr(time, "thread_time") else time.perf_counter()


def _resident_lately() -> int:
    """The same as `_resident`, measured anew where the last time is no longer recent."""
    global _measured
    now = time.monotonic()
    if now - _measured[0] > RECENT:
        _measured = now, _resident()
    return _measured[1]


def _resident() -> int:
    """Bytes of memory that the process holds; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        file = os.open("/proc/self/statm", os.O_RDONLY)
        try:
            return int(os.read(file, 128).split()[1]) * 4096
        finally:
            os.close(file)
    return 0


# --- results that are needed again -------------------------------------------------------------

_forget: list[Callable[[], None]] = []


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """The function with its latest results, which are kept while a call lasts: a search makes the same sums many times."""
    memo = lru_cache(maxsize=REMEMBERED)(function)
    _forget.append(memo.cache_clear)
    return cast(Callable[P, R], memo)


@contextmanager
def _forgetting() -> Iterator[None]:
    """What is remembered is of this call."""
    for forget in _forget:
        forget()
    try:
        yield
    finally:
        for forget in _forget:
            forget()


# --- the timer --------------------------------------------------------------------------------


@contextmanager
def _timer() -> Iterator[None]:
    """Look at the clock from outside of the loops, where nobody else uses that timer.

    The handler stays: a last signal that comes late would end the process without one.
    """
    if not _has_timer() or signal.getsignal(signal.SIGPROF) not in (signal.SIG_DFL, _tick):
        yield
        return
    signal.signal(signal.SIGPROF, _tick)
    signal.setitimer(signal.ITIMER_PROF, TICK, TICK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _has_timer() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _tick(signum: int, frame: FrameType | None) -> None:
    """Let the next step look; end what makes none."""
    global _next
    _next = _steps
    budget = _active.get()
    found = budget.exhausted() if budget is not None else None
    if found is None or is_no_place_to_raise(frame):
        return
    if found.limit != "seconds" or _clock() > found.budget.end + GRACE:
        raise found


def is_no_place_to_raise(frame: FrameType | None) -> bool:
    """Whether what a handler of signals raises here would be lost, or would leave a block half entered or left."""
    return _is_between(frame) or _is_callback(frame)


def _is_between(frame: FrameType | None) -> bool:
    """Whether a block is being entered or left: what is raised there leaves what it sets in force for ever."""
    if frame is not None and frame.f_code.co_filename in _OF_BLOCKS:
        return True
    for _ in range(_CALLS_AT_BLOCKS):
        if frame is None:
            return False
        if frame.f_code.co_name in _AT_BLOCKS:
            return True
        frame = frame.f_back
    return False


def _is_callback(frame: FrameType | None) -> bool:
    """Whether the interpreter runs this by itself, at a collection or a last reference: what is raised there is lost."""
    collecting = {getattr(callback, "__code__", None) for callback in gc.callbacks}
    while frame is not None:
        code = frame.f_code
        if code in collecting or code.co_name == "__del__" or os.path.basename(code.co_filename) in _OF_REFERENCES:
            return True
        frame = frame.f_back
    return False


_unlimited = 0
_most_digits = 0


@contextmanager
def _digits_of_any_number() -> Iterator[None]:
    """Write integers of any length: the time they take is limited here."""
    global _unlimited, _most_digits
    if not _unlimited:
        _most_digits = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(0)
    _unlimited += 1
    try:
        yield
    finally:
        _unlimited -= 1
        if not _unlimited:
            sys.set_int_max_str_digits(_most_digits)
