"""No user text reaches eval, exec, pickle or a shell: attempts through every door end in an error or as plain data."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc import MatcalcError
from matcalc.documents.claimed_files import check_file

ROOT = Path(mc.__file__).resolve().parent

SMUGGLED = [
    '__import__("os").system("touch /tmp/owned")',
    "x; import os",
    "x\nimport os",
    "x where x: vector(__import__('os').getpid())",
    "x where x: vector(n); import os",
    "{x.__class__}",
    "x' + eval('1')",
    "$(touch owned) x",
    "`id` x",
    "x_{__class__}",
    "lambda: x",
]


@pytest.mark.parametrize("text", SMUGGLED)
def test_expressions(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        fn = mc.compile(mc.parse(text))
    except MatcalcError:
        fn = None
    if fn is not None:
        assert "import os" not in fn.source and "__import__" not in fn.source
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    "name", ["import", "class", "lambda", "None", "np", "eval", "exec", "print", "x_{a b}", "self"]
)
def test_names_that_are_code(name: str) -> None:
    """A name is an identifier in the generated code, whatever it spells."""
    try:
        f = mc.parse(f"{name}^T {name} where {name}: vector(n)")
    except MatcalcError:
        return
    fn = mc.compile(f)
    (variable,) = f.declarations
    assert float(fn(**{variable: np.ones(3)})) == 3.0


@pytest.mark.parametrize(
    "where",
    [
        {"x": "vector(n)); import os; ("},
        {"x": "__import__('os')"},
        {"x'; import os; '": "vector(n)"},
        {"x": ("n", "import os; 1")},
    ],
)
def test_declarations(where: dict[str, object]) -> None:
    with pytest.raises(MatcalcError):
        mc.parse("x^T x", where)  # type: ignore[arg-type]


def test_definitions() -> None:
    for text in ("f(x) = __import__('os')", "f(x); import os", "eval(x) = x; df = import os"):
        with pytest.raises(MatcalcError):
            mc.define(text)


@pytest.mark.parametrize("text", SMUGGLED)
def test_claims_and_marked_comments(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MatcalcError):
        mc.check("tr(A X) where A: matrix(n, n), X: matrix(n, n)", "X", claim=text)
    one_line = text.replace("\n", " ")
    Path("paper.tex").write_text(
        f"% matcalc: d/dX tr(A X) = {one_line}\n% matcalc: where {one_line}\n% matcalc: {one_line} = A\n"
    )
    report = check_file("paper.tex")
    assert not report and all(r.status == "error" for r in report.results)
    assert [p.name for p in tmp_path.iterdir()] == ["paper.tex"]


def test_data_are_numbers() -> None:
    """What is no array of numbers is refused, not evaluated."""

    for value in ("__import__('os')", [[None]], {"a": 1}, b"x"):
        with pytest.raises(MatcalcError):
            mc.check("x^T x", "x", at={"x": value})


def test_source_is_built_from_the_tree_only() -> None:
    """exec and eval stand where generated code is loaded and where initializers are compiled, and nowhere else. Nothing unpickles, no shell.

    The worker of the page and of agents alone starts a process: this interpreter with a module of the package, without a shell.
    """
    from matcalc.serving import worker

    assert (sys.executable, "-m", worker.__name__) == worker.COMMAND
    allowed = {"compiling", "records.py"}
    for path in ROOT.rglob("*.py"):
        if path == Path(worker.__file__):
            source = path.read_text(encoding="utf-8")
            assert (
                source.count("subprocess.Popen(COMMAND, ") == source.count("subprocess.Popen(") == 1
                and "shell" not in source
            )
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "eval"):
                assert path.relative_to(ROOT).parts[0] in allowed, path
            if isinstance(node, ast.Import):
                assert not {a.name.split(".")[0] for a in node.names} & {"pickle", "subprocess", "marshal", "shelve"}, (
                    path
                )
            if isinstance(node, ast.ImportFrom) and node.module:
                assert node.module.split(".")[0] not in ("pickle", "subprocess", "marshal", "shelve"), path
