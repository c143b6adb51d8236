"""A budget ends loops of every kind, and nothing on the way takes its end for a fault of the input."""

from __future__ import annotations

import gc
import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

import matcalc as mc
from matcalc import budget
from matcalc.api import verify
from matcalc.budget import Grant, granted, within
from matcalc.errors import LimitError, MatcalcError
from matcalc.language import limits


def many_steps() -> None:
    for _ in range(10_000):
        budget.spend()


def test_steps_are_counted() -> None:
    with granted(Grant(steps=20_000)):
        many_steps()
    with pytest.raises(LimitError, match="more steps than the limit of 5,000"), granted(Grant(steps=5_000)):
        many_steps()
    many_steps()


def test_nothing_on_the_way_swallows_the_end() -> None:
    def reader() -> str:
        try:
            many_steps()
        except MatcalcError:
            return "another reading"
        return "this reading"

    with pytest.raises(LimitError) as caught, granted(Grant(steps=5_000)):
        reader()
    assert caught.value.code == "limit-steps" and "configure(steps=" in str(caught.value.hint)


def test_a_loop_that_does_not_look_ends() -> None:
    with pytest.raises(LimitError, match=r"longer than the limit of 0.05 seconds"), granted(Grant(seconds=0.05)):
        while True:
            pass


def test_an_end_while_a_block_is_left_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timer looks, after the end, at each line that a block runs, those of `contextlib` among them."""
    monkeypatch.setattr(budget, "GRACE", -1.0)
    seen: Counter[str] = Counter()
    for place in itertools.count():
        lines = itertools.count()

        def trace(frame: FrameType, event: str, _: object, lines: Iterator[int] = lines, place: int = place) -> object:
            if event == "line" and next(lines) == place:
                sys.settrace(None)
                seen[os.path.basename(frame.f_code.co_filename)] += 1
                budget._tick(signal.SIGPROF, frame)
            return trace

        try:
            sys.settrace(trace)
            with granted(Grant(seconds=1e-9)), within(0.5):
                _busy(0)
        except LimitError:
            seen["ended"] += 1
        finally:
            sys.settrace(None)
        assert budget._active.get() is None
        if next(lines) <= place:
            break
    assert seen["contextlib.py"] > 10 and seen["budget.py"] > 10 and seen["ended"] == seen["test_budget.py"] > 1


def test_memory_is_counted() -> None:
    held: list[bytes] = []
    with pytest.raises(LimitError, match="more memory than the limit of 50 MiB"), granted(Grant(memory=50)):
        while True:
            held.append(b"x" * (1 << 20))
            budget.spend()
    assert len(held) < 2_000


def test_other_threads_look_themselves() -> None:
    found: list[LimitError] = []

    def work() -> None:
        try:
            with limits.using(steps=2_000):
                mc.gradient(" + ".join(f"exp(x^T A_{i} x)" for i in range(200)), "x")
        except LimitError as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found and found[0].code == "limit-steps"


def test_a_part_of_the_time_ends_alone() -> None:
    with granted(Grant(seconds=1)):
        with pytest.raises(LimitError, match="limit of 1 second"), within(0.05):
            while True:
                budget.spend()
        many_steps()


def test_the_outer_budget_ends_the_inner_one() -> None:
    with pytest.raises(LimitError, match=r"0\.05 seconds"), granted(Grant(seconds=0.05)):
        try:
            with within(1.0), within(1.0):
                while True:
                    budget.spend()
        except LimitError:
            while True:
                budget.spend()


def test_a_budget_of_its_own_is_not_part_of_the_outer_one() -> None:
    with granted(Grant(steps=5_000)), granted(Grant(steps=50_000), anew=True):
        many_steps()
    with pytest.raises(LimitError), granted(Grant(steps=5_000)), granted(Grant(steps=50_000)):
        many_steps()


def test_too_deep_a_recursion_is_a_limit() -> None:
    def deep() -> None:
        deep()

    with pytest.raises(LimitError, match="nested more deeply than the limit"), granted(Grant()):
        deep()


def test_numbers_of_any_length_are_written_inside() -> None:
    before = sys.get_int_max_str_digits()
    with granted(Grant()):
        assert len(str(10**6_000)) == 6_001
    assert sys.get_int_max_str_digits() == before


def test_every_call_from_python_has_a_budget() -> None:
    f = mc.parse(" + ".join(f"exp(x^T A_{i} x)" for i in range(100)))
    for call in (mc.gradient, mc.hessian, mc.explain, mc.check):
        with pytest.raises(LimitError), limits.using(steps=1_500):
            call(f"{f} + sin(x^T B x)", "x")


def test_an_answer_is_shown_without_its_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(*_: object, **options: object) -> None:
        while True:
            budget.spend()

    answer = mc.hessian("logdet(X)", "X")
    monkeypatch.setattr("matcalc.checking.check_derivative", endless)
    with limits.using(seconds=0.2):
        report = verify(answer)
    assert not report and "limit of 0.2 seconds" in report.problem


@pytest.mark.parametrize(
    ("value", "status", "said"), [("60", 0, "gradient"), ("0.001", 2, "0.001 seconds"), ("soon", 2, "not a number")]
)
def test_the_environment_sets_the_time(value: str, status: int, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "matcalc", "diff", "log(sum(exp(A x + b))) + ||A x||^2 / (x^T B x)", "--wrt", "x"],
        env={**os.environ, "MATCALC_SECONDS": value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status and said in done.stdout + done.stderr


def test_endless_files_are_read_up_to_a_limit(tmp_path: Path) -> None:
    short = tmp_path / "short.txt"
    short.write_text("x" * 2_000, encoding="utf-8")
    with pytest.raises(LimitError, match="too long"), limits.using(file=1_000):
        limits.read_text(short)
    if Path("/dev/zero").exists():
        with pytest.raises(LimitError, match="/dev/zero is too long"):
            limits.read_text("/dev/zero")


def test_orders_have_one_limit() -> None:
    for call in (lambda: mc.derivative("sum(exp(x))", *["x"] * 7), lambda: mc.check("sum(exp(x))", "x", order=7)):
        with pytest.raises(LimitError, match="order 7: the limit is 6"):
            call()
    for text in (r"\frac{d^{40}}{dx^{40}} e^{2x}", "d^7/dx^7 exp(2 x)", r"\frac{d^{1000}}{dx^{1000}} e^{2x}"):
        with pytest.raises(LimitError, match="the limit is 6"):
            mc.derivative(text)
    with limits.using(order=8):
        assert str(mc.derivative("exp(2 x) where x: scalar", *["x"] * 8)) == "256 exp(2 x)"


def at_a_last_reference(work: Callable[[], None]) -> None:
    class Held:
        def __del__(self) -> None:
            work()

    Held()


def at_a_collection(work: Callable[[], None]) -> None:
    def collected(phase: str, info: object) -> None:
        work()

    gc.callbacks.append(collected)
    try:
        gc.collect()
    finally:
        gc.callbacks.remove(collected)


@pytest.mark.parametrize("called", [at_a_last_reference, at_a_collection])
def test_nothing_is_raised_where_it_would_be_lost(called: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the interpreter calls by itself cannot end the computation; what follows does."""
    lost: list[object] = []
    finished: list[bool] = []

    def work() -> None:
        _busy(1.0)
        finished.append(True)

    monkeypatch.setattr(sys, "unraisablehook", lost.append)
    with pytest.raises(LimitError, match=r"0\.05 seconds"), granted(Grant(seconds=0.05)):
        called(work)
        _busy(10)
    assert finished and not lost


def _busy(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
