"""Ctrl-C ends the work wherever it comes: what the interpreter calls by itself and blocks half way are passed over."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import sys
import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from matcalc import budget
from matcalc.budget import Grant, granted, within
from matcalc.command.common import interrupts
from matcalc.command.common.interrupts import interruptible
from matcalc.language import limits
from tests.machine import long

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="timers of POSIX")


class Held:
    """What runs lines of its own at its last reference."""

    def __del__(self) -> None:
        self.gone = len("gone")


def at_a_collection(phase: str, info: object) -> None:
    assert phase in ("start", "stop")


def work() -> None:
    """Blocks that set what has to be set back, and callbacks in which an exception is lost."""
    with granted(Grant(seconds=100)), within(0.5), limits.using(order=5):
        Held()
        referred = weakref.WeakValueDictionary({1: Held()})
        gc.collect()
        assert not referred
    last()


def last() -> None:
    """A place where the work can end."""
    sum(range(10))


@contextmanager
def watched_collections() -> Iterator[None]:
    """Collections look at what is made from here on, not at all that other tests left."""
    gc.freeze()
    gc.callbacks.append(at_a_collection)
    try:
        yield
    finally:
        gc.callbacks.remove(at_a_collection)
        gc.unfreeze()


def interrupted_at(place: int, waiting: list[float], seen: Counter[str]) -> bool:
    """Whether Ctrl-C at the line of this number ends the work; one that waits comes again at each line."""
    lines = itertools.count()

    def trace(frame: FrameType, event: str, _: object) -> object:
        if event == "line" and (next(lines) == place or (waiting and waiting[-1])):
            seen[os.path.basename(frame.f_code.co_filename)] += 1
            interrupts._interrupt(signal.SIGINT, frame)
        return trace

    try:
        sys.settrace(trace)
        work()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(None)
    return False


@long
def test_an_interrupt_is_neither_lost_nor_leaves_a_block_half_left(monkeypatch: pytest.MonkeyPatch) -> None:
    lost: list[object] = []
    seen: Counter[str] = Counter()
    order = limits.current().order
    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    with watched_collections():
        for place in itertools.count():
            waiting: list[float] = []
            monkeypatch.setattr(interrupts, "_look_in", waiting.append)
            ended = interrupted_at(place, waiting, seen)
            assert not lost and budget._active.get() is None and limits.current().order == order
            if not waiting:
                break
            assert ended and waiting[-1] == 0
            seen["waited"] += len(waiting) > 1
    assert place > 50 and seen["waited"] > 20
    assert seen["contextlib.py"] > 10 and seen["budget.py"] > 10 and seen["test_interrupts.py"] > 5


def test_signals_come_by_the_timer() -> None:
    """One that comes at a collection ends what follows it."""

    def pressed(phase: str, info: object) -> None:
        if phase == "start":
            os.kill(os.getpid(), signal.SIGINT)
            sum(range(1000))

    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)
    gc.callbacks.append(pressed)
    try:
        with pytest.raises(KeyboardInterrupt), interruptible(), granted(Grant(seconds=20)):
            gc.collect()
            gc.callbacks.remove(pressed)
            while True:
                budget.spend()
    finally:
        if pressed in gc.callbacks:
            gc.callbacks.remove(pressed)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGALRM)) == before


def test_the_handler_of_another_stays() -> None:
    def theirs(signum: int, frame: FrameType | None) -> None:
        raise AssertionError

    before = signal.signal(signal.SIGINT, theirs)
    try:
        with interruptible():
            assert signal.getsignal(signal.SIGINT) is theirs
    finally:
        signal.signal(signal.SIGINT, before)
