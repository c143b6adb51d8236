"""The example notebook runs from top to bottom, and what it shows has a rich display."""

from __future__ import annotations

import ast
import json
import linecache
from pathlib import Path
from typing import Any

import pytest

from tests.machine import library

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "gradients.ipynb"


def run_cell(source: str, namespace: dict[str, Any]) -> Any:
    """The value of a cell's last expression, as a notebook shows it."""
    module = ast.parse(source)
    last = module.body.pop() if isinstance(module.body[-1], ast.Expr) else None
    exec(compile(module, "cell", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), namespace) if isinstance(last, ast.Expr) else None


def test_every_cell_runs_and_shows_something() -> None:
    namespace: dict[str, Any] = {}
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    shown = [run_cell("".join(c["source"]), namespace) for c in cells if c["cell_type"] == "code"]
    rich = [v for v in shown if v is not None and type(v).__module__.startswith("matcalc")]
    assert len(rich) == 6
    for value in rich:
        assert any(hasattr(value, name) for name in ("_repr_latex_", "_repr_html_", "_repr_markdown_")), type(value)
    assert rich[0]._repr_latex_().startswith("$")


def test_an_error_of_the_user_is_its_own_line_and_the_message() -> None:
    """As a notebook asks for it; IPython shows it so, where it is installed."""
    namespace: dict[str, Any] = {}
    cell = "import matcalc as mc\n\ndef loss():\n    return mc.gradient('x y where x: vector(n), y: vector(n)', 'x')\n\nloss()\n"
    linecache.cache["<cell>"] = (len(cell), None, cell.splitlines(True), "<cell>")
    try:
        exec(compile(cell, "<cell>", "exec"), namespace)
    except namespace["mc"].MatcalcError as error:
        first, message = error._render_traceback_()
    try:
        namespace["mc"].gradient("tr(X", "X")
    except namespace["mc"].MatcalcError as error:
        assert error._render_traceback_()[0].endswith('gradient("tr(X", "X")')
    assert first == "line 4: return mc.gradient('x y where x: vector(n), y: vector(n)', 'x')"
    assert (
        message.startswith("ShapeError: cannot multiply x")
        and "did you mean x^T y" in message
        and "matcalc/" not in message
    )


def test_ipython_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    library("IPython")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("import matcalc as mc\nmc.gradient('tr(X', 'X')")
    shown = capsys.readouterr().out
    assert "never closed" in shown and len(shown.splitlines()) < 8 and "Traceback" not in shown
