"""A slice of `benchmarks/calibrate.py`: no false alarm over right answers, no planted error goes through."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from tests.machine import long

RUNS = 400


def calibration() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "calibrate.py"
    spec = importlib.util.spec_from_file_location("calibrate", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["calibrate"] = module
    spec.loader.exec_module(module)
    return module


@long
def test_no_false_alarm_and_nothing_goes_through() -> None:
    counts = calibration().calibrate(RUNS, seed=77)
    assert counts.alarms == 0, counts.examples
    assert sum(counts.missed.values()) == 0, counts.examples
    assert counts.undecided == 0
    table = calibration()
    assert set(counts.planted) == set(table.MUTATIONS) | set(table.HESSIAN_MUTATIONS)
