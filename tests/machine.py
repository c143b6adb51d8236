"""What a test needs of the machine beside Python: libraries of the targets, interpreters, LaTeX.

Where it is missing the test is skipped, and its name goes to the file that the variable MATCALC_SKIPPED_TO names, so that
`.ci/run` can run it later; where MATCALC_RUN_ALL is set, the test fails.
"""

from __future__ import annotations

import os
import shutil
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import NoReturn

import pytest

__all__ = ["has", "library", "missing", "program"]

RUN_ALL, SKIPPED_TO = "MATCALC_RUN_ALL", "MATCALC_SKIPPED_TO"


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
