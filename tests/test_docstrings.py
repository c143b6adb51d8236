"""The examples in docstrings are run, wherever they stand, and every public name has one."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc.language.rows.definitions import USER_DEFINED, undefine

ROOT = Path(mc.__file__).parent
PARSER = doctest.DocTestParser()
Documented = ast.Module | ast.ClassDef | ast.FunctionDef


def docstrings(text: str, module: str) -> Iterator[tuple[str, str]]:
    """Every docstring of a source with the name of what it describes: decorated functions and methods have theirs, too."""
    pending: list[tuple[str, Documented]] = [(module, ast.parse(text))]
    while pending:
        name, item = pending.pop()
        yield name, ast.get_docstring(item) or ""
        pending += [(f"{name}.{n.name}", n) for n in item.body if isinstance(n, (ast.ClassDef, ast.FunctionDef))]


def examples(text: str, module: str) -> dict[str, list[doctest.Example]]:
    """The examples of a source, by the name that they stand at."""
    found = {name: PARSER.get_examples(said) for name, said in docstrings(text, module) if ">>>" in said}
    return {name: steps for name, steps in found.items() if steps}


@cache
def all_examples() -> dict[str, tuple[str, list[doctest.Example]]]:
    """All examples of the package with their modules."""
    return {
        name: (module, steps)
        for path in sorted(ROOT.rglob("*.py"))
        for module in [_module(path)]
        for name, steps in examples(path.read_text(encoding="utf-8"), module).items()
    }


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")


def failures(module: str, steps: list[doctest.Example]) -> int:
    """How many of the examples give another answer than the docstring says."""
    names = {**vars(importlib.import_module(module)), "mc": mc, "np": np}
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    try:
        runner.run(doctest.DocTest(steps, names, module, None, None, None))
    finally:
        for defined in list(USER_DEFINED):
            undefine(defined)
    assert runner.tries == len(steps)
    return runner.failures


@pytest.mark.parametrize("name", all_examples())
def test_examples(name: str) -> None:
    assert not failures(*all_examples()[name])


@pytest.mark.parametrize("name", mc.__all__)
def test_every_public_name_says_what_it_does(name: str) -> None:
    item = inspect.unwrap(getattr(mc, name))
    text = inspect.getdoc(item) or ""
    assert text.splitlines()[0].endswith((".", ":", ")")) or len(text.splitlines()) > 1
    assert f"{item.__module__}.{item.__qualname__}" in all_examples(), f"{name} has no example"


@pytest.mark.parametrize("name", mc.__all__)
def test_a_wrong_answer_to_an_example_is_seen(name: str) -> None:
    item = inspect.unwrap(getattr(mc, name))
    module, steps = all_examples()[f"{item.__module__}.{item.__qualname__}"]
    wrong = [doctest.Example(s.source, f"not {s.want}" if s.want else "") for s in steps]
    asked = sum(bool(s.want) for s in steps)
    assert failures(module, wrong) == asked > 0


def test_a_wrong_answer_in_a_docstring_is_seen() -> None:
    """What is run is what stands in the file."""
    source = (ROOT / "api.py").read_text(encoding="utf-8")
    assert source.count("    Trace(A*X)\n") == 1
    planted = examples(source.replace("    Trace(A*X)\n", "    Trace(X*A)\n"), "matcalc.api")
    assert [name for name, steps in planted.items() if failures("matcalc.api", steps)] == ["matcalc.api.to_sympy"]
