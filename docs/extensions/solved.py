"""The directive of the solved problems: the rows of ``tests/solving/closed_forms.py``, each solved while the page is built."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from matcalc.solving.solution import Solution, solve

ROWS = Path(__file__).resolve().parents[2] / "tests" / "solving" / "closed_forms.py"

#: objective, unknowns, constraints, declarations
Problem = tuple[str, str, list[str], str]


def problems() -> list[Problem]:
    """The problems of the tests, read and not imported."""
    code = ast.parse(ROWS.read_text(encoding="utf-8"))
    rows = next(n.value for n in code.body if isinstance(n, ast.AnnAssign) and getattr(n.target, "id", "") == "ROWS")
    assert rows is not None
    return [(f, names, constraints, where) for f, names, constraints, where, *_ in ast.literal_eval(rows)]


def solved(problem: Problem) -> Solution:
    """The solution. Raises ValueError where there is none, or where it was not verified."""
    f, names, constraints, where = problem
    found = solve(f, *names.split(), subject_to=constraints, where=where or None)
    if not found or not found.check.startswith("verified"):
        raise ValueError(f"{f} is not solved: {found}")
    return found


class Solved(SphinxDirective):
    """``{solved}``: a table of problems with what solves them, its kind and its conditions."""

    def run(self) -> list[nodes.Node]:
        """One table; the build stops where a problem is not solved."""
        self.env.note_dependency(str(ROWS))
        return [_table([_row(problem) for problem in problems()])]


def _row(problem: Problem) -> list[str]:
    f, names, constraints, where = problem
    found = solved(problem)
    asked = [f, *(f"s.t. {c}" for c in constraints), *([f"where {where}"] if where else [])]
    unknowns = names.split()
    values = [f"{name} = {value}" for name, value in found.shown.items() if name in unknowns]
    return ["\n".join(asked), "\n".join(values), found.kind, "\n".join(found.conditions)]


def _table(rows: list[list[str]]) -> nodes.table:
    titles = ["problem", "solution", "kind", "holds if"]
    group = nodes.tgroup("", *(nodes.colspec(colwidth=w) for w in (35, 35, 10, 20)), cols=len(titles))
    group += nodes.thead("", _entries([[t] for t in titles], is_code=False))
    group += nodes.tbody("", *(_entries([cell.split("\n") for cell in row], is_code=True) for row in rows))
    return nodes.table("", group, classes=["solved"])


def _entries(cells: list[list[str]], *, is_code: bool) -> nodes.row:
    """A row: a paragraph for every line."""

    def entry(lines: list[str]) -> nodes.entry:
        make = nodes.literal if is_code else nodes.inline
        return nodes.entry("", *(nodes.paragraph("", "", make(line, line)) for line in lines if line))

    return nodes.row("", *map(entry, cells))


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("solved", Solved)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
