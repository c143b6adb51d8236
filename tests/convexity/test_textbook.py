"""Functions of books and papers, and traps, with what is true of them: `textbook.txt`, one a line."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest

import matcalc as mc
from tests.convexity.segments import Segments, holds
from tests.machine import sweep

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "textbook.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
#: Seconds of processor time.
MEDIAN, MOST = 0.1, 5.0
#: So many segments are tried where few lie in the domain, as that of log(b - A x).
RARE = 80


@sweep(3)
@pytest.mark.parametrize(("text", "where", "wrt", "truth", "source"), ROWS)
def test_verdict(text: str, where: str, wrt: str, truth: str, source: str) -> None:
    """Proved with lines that are true on segments, or refuted by two of them."""
    answer = mc.curvature(text, *wrt.split(), where=where or None)
    verdict, _, condition = truth.partition(" if ")
    assert (answer.verdict, ", ".join(answer.conditions)) == (verdict, condition)
    if verdict == "neither":
        assert answer.counterexample is not None and answer.against_concave is not None
        assert "weight" in answer.counterexample
    on = Segments(mc.parse(text, where or None), wrt.split(), answer.conditions)
    read = [line for line in answer.certificate if on.reads(line.expression)]
    assert all(holds(line, on) or holds(line, on, RARE) for line in read)
    assert verdict == "neither" or answer.certificate[-1] in read


def test_it_is_fast() -> None:
    times = []
    for text, where, wrt, *_ in ROWS[::3]:
        start = time.process_time()
        mc.curvature(text, *wrt.split(), where=where or None)
        times.append(time.process_time() - start)
    assert statistics.median(times) < MEDIAN
    assert max(times) < MOST


def test_there_are_a_hundred() -> None:
    assert len(ROWS) > 100 and len({tuple(row[:3]) for row in ROWS}) == len(ROWS)
