"""What a test needs of the machine beside Python: libraries of the targets, interpreters, LaTeX.

Where it is missing the test is skipped, and its name goes to the file that the variable MATCALC_SKIPPED_TO names, so that
`.ci/run` can run it later; where MATCALC_RUN_ALL is set, the test fails.

Of a long `sweep` over rows of one kind a slice is run. MATCALC_SWEEPS=whole asks for all rows, as where faults are planted, and
MATCALC_SWEEPS=rest for those that the slice leaves out, as `.ci/run` does after the suite; of these MATCALC_SHARE=k/n is the k-th of
n shares (`.ci/run` takes one of four in turn, by the day). A `long` test has no slice.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import NoReturn
from zlib import crc32

import pytest

__all__ = ["asked_for", "has", "library", "long", "missing", "program", "sampled", "sweep", "whole_sweeps"]

RUN_ALL, SKIPPED_TO, SWEEPS, SHARE = "MATCALC_RUN_ALL", "MATCALC_SKIPPED_TO", "MATCALC_SWEEPS", "MATCALC_SHARE"


def missing(what: str) -> NoReturn:
    """What is not there: a reason to skip, or a failure where everything is to be run."""
    _note(what)
    pytest.skip(f"{what} is not installed", allow_module_level=True)


def _note(what: str) -> None:
    """Fail, or write down which test goes without it."""
    if os.environ.get(RUN_ALL):
        pytest.fail(f"{what} is missing, and {RUN_ALL} asks for all tests", pytrace=False)
    name, file = os.environ.get("PYTEST_CURRENT_TEST", ""), os.environ.get(SKIPPED_TO)
    if name and file:
        with open(file, "a", encoding="utf-8") as list_:
            list_.write(name.rpartition(" (")[0] + "\n")


def library(name: str) -> ModuleType:
    """A Python library, imported."""
    return import_module(name) if find_spec(name.partition(".")[0]) is not None else missing(name)


def has(name: str) -> bool:
    """Whether there is a library, where a test does without it; fails where everything is to be run."""
    found = find_spec(name) is not None
    if not found:
        _note(name)
    return found


def program(name: str, *, obtainable: bool = True) -> str:
    """The path of a program; one that no package registry has is never asked for."""
    found = shutil.which(name)
    if found is None and not obtainable:
        pytest.skip(f"{name} is not installed")
    return found or missing(name)


def sweep(one_in: int, *, smaller: bool = False) -> pytest.MarkDecorator:
    """Of a test over many rows of one kind one in so many is run, perhaps in a ``smaller`` form; all of them where all are asked for."""
    return pytest.mark.sweep(one_in, smaller=smaller)


#: A single test that takes long is left to `.ci/run` as a whole.
long = pytest.mark.sweep(0, smaller=False)


def whole_sweeps() -> bool:
    """Whether every row of every sweep is asked for, in this run or, as far as a slice was run, in one before."""
    return os.environ.get(SWEEPS) in ("whole", "rest")


def asked_for(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """(what is run, what is left out), as MATCALC_SWEEPS has it."""
    which = os.environ.get(SWEEPS) or "slice"
    if which == "whole":
        return list(items), []
    kept, left = sampled(items)
    if which == "slice":
        return kept, left
    again = {item for item in kept if (mark := item.get_closest_marker("sweep")) and mark.kwargs["smaller"]}
    due = {item for item in (*again, *left) if _in_the_share(item)}
    return [item for item in items if item in due], [item for item in items if item not in due]


def _in_the_share(item: pytest.Item) -> bool:
    """Whether its turn is now."""
    share, _, shares = (os.environ.get(SHARE) or "1/1").partition("/")
    return crc32(item.nodeid[::-1].encode()) % int(shares) == int(share) % int(shares)


def sampled(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """(what is run, what is left out): of each sweep the same rows every time, whatever stands before them."""
    sweeps: dict[str, list[tuple[int, pytest.Item]]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("sweep") is not None:
            sweeps[item.nodeid.partition("[")[0]].append((crc32(item.nodeid.encode()), item))
    left: set[pytest.Item] = set()
    for rows in sweeps.values():
        mark = rows[0][1].get_closest_marker("sweep")
        assert mark is not None
        kept = -(-len(rows) // mark.args[0]) if mark.args[0] else 0
        left.update(item for _, item in sorted(rows, key=lambda row: row[0])[kept:])
    return [item for item in items if item not in left], [item for item in items if item in left]
