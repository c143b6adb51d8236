"""Ctrl-C ends the work at the next place where it is not lost and leaves no block half way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from matcalc.budget import is_no_place_to_raise

__all__ = ["interruptible"]

#: After so many seconds an interrupt that met no place to end the work looks for one again.
AGAIN = 0.01


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt for Ctrl-C, inside of the block, where Python would do so, or soon after."""
    if not _is_ours():
        yield
        return
    alarm = signal.signal(signal.SIGALRM, _interrupt)
    before = signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _look_in(0)
        signal.signal(signal.SIGALRM, alarm)


def _is_ours() -> bool:
    """Whether nobody else handles the signal, and there is a timer to look again by."""
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    )


def _interrupt(signum: int, frame: FrameType | None) -> None:
    """End the work here, or look for a place again."""
    if is_no_place_to_raise(frame):
        _look_in(AGAIN)
        return
    _look_in(0)
    raise KeyboardInterrupt


def _look_in(seconds: float) -> None:
    """Look for a place after so long; never, for 0."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
