"""The example notebook runs from top to bottom, and what it shows has a rich display."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

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
