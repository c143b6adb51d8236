"""The examples in docstrings are run, and every public name has one."""

from __future__ import annotations

import doctest
import importlib
import inspect

import numpy as np
import pytest

import matcalc as mc
from matcalc.functions.definitions import USER_DEFINED, undefine

MODULES = [
    "matcalc.api", "matcalc.interop.sympy", "matcalc.printing.breaking", "matcalc.explaining.steps", "matcalc.objects.results",
    "matcalc.compiling.calling.objectives", "matcalc.errors",
]  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(name)
    names = {**vars(module), "mc": mc, "np": np}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    found = doctest.DocTestFinder(exclude_empty=True).find(module, name, globs=names)
    for test in found:
        runner.run(test)
    for defined in list(USER_DEFINED):
        undefine(defined)
    assert not runner.failures
    assert runner.tries or name not in ("matcalc.api", "matcalc.interop.sympy")


@pytest.mark.parametrize("name", [n for n in mc.__all__ if n != "MatcalcError"])
def test_every_public_name_says_what_it_does(name: str) -> None:
    item = getattr(mc, name)
    text = inspect.getdoc(item) or ""
    assert text.splitlines()[0].endswith((".", ":", ")")) or len(text.splitlines()) > 1
    if inspect.isfunction(item):
        assert ">>>" in text, f"{name} has no example"
