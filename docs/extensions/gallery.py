"""The gallery's directive: the rows of the tables in ``tests/tables``, each derived and verified while the page is built.

Those files are read, not imported (one of them needs JAX): their comments are the headings, the strings of each row are
its number or source, the function, the variable, the declarations and, for the books, the closed form in print.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

import matcalc as mc
from matcalc.documents.directives import formula_node, remembered
from matcalc.documents.formulas import Request

TABLES = Path(__file__).resolve().parents[2] / "tests" / "tables"


@dataclass(frozen=True)
class Row:
    """One line of a table; ``closed`` is the book's form, where there is one."""

    source: str
    text: str
    wrt: str
    where: str
    closed: str | None = None


def table(file: str, name: str) -> Iterator[tuple[str, list[Row]]]:
    """The rows of a table under the headings that are comments beside them."""
    path = TABLES / f"{file}.py"
    code = path.read_text(encoding="utf-8")
    lines = code.splitlines()
    values = next(
        node.value
        for node in ast.parse(code).body
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == name
    )
    constants = {
        node.targets[0].id: node.value.value
        for node in ast.parse(code).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.targets[0], ast.Name)
    }
    heading, rows, last = "", [], values.lineno
    for item in values.elts:
        comments = [m.group(1) for line in lines[last : item.lineno - 1] if (m := re.match(r"\s*# (.*)", line))]
        if comments:
            if rows:
                yield heading, rows
            heading, rows = comments[-1], []
        rows.append(Row(*(_string(part, constants) for part in item.elts if not isinstance(part, ast.Lambda))))
        last = item.end_lineno
    yield heading, rows


def _string(part: ast.expr, constants: dict[str, str]) -> str:
    """A string, a name for one, or a sum of these."""
    if isinstance(part, ast.BinOp):
        return _string(part.left, constants) + _string(part.right, constants)
    return constants[part.id] if isinstance(part, ast.Name) else part.value.strip()


class Gallery(SphinxDirective):
    """``{gallery} cookbook CHAPTER_2``: a section for each heading, a formula with its anchor for each row."""

    required_arguments = 2
    option_spec: ClassVar[dict[str, Any]] = {
        "order": directives.positive_int,
        "prefix": directives.unchanged_required,
        "convention": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Sections of rows; the build stops where one is not verified."""
        file, name = self.arguments
        self.env.note_dependency(str(TABLES / f"{file}.py"))
        found: list[nodes.Node] = []
        for heading, rows in table(file, name):
            entries = [self._entry(row) for row in rows]
            found += [_section(heading, entries)] if heading else entries
        return found

    def _entry(self, row: Row) -> nodes.Node:
        prefix = self.options.get("prefix", "")
        convention = self.options.get("convention", "structured")
        request = Request(
            row.text, (row.wrt,), self.options.get("order", 1), row.where, show=("f", "derivative"), convention=convention, claim=row.closed,
        )  # fmt: skip
        formula = remembered(self.env, request, self.lineno, f" ({row.source})")
        label = f"{prefix} ({row.source})" if prefix and row.source[-1] != ")" else f"{prefix} {row.source}".strip()
        anchor = nodes.make_id(label)
        title = nodes.paragraph("", "", classes=["gallery-source"])
        title += nodes.reference("", label[0].upper() + label[1:], refid=anchor, internal=True)
        block = formula_node(formula, self.env.docname)
        sign = mc.hessian(row.text, row.wrt, where=row.where).sign if self.options.get("order") == 2 else ""
        return nodes.container("", title, block, _typed(row, sign), ids=[anchor], classes=["gallery-row"])


def _typed(row: Row, sign: str) -> nodes.paragraph:
    """What to type, what the book prints, and the sign of a Hessian where that is known."""
    text = f"{row.text} where {row.where}" if row.where else row.text
    paragraph = nodes.paragraph("", "", nodes.literal(text, text), nodes.inline("", f" by {row.wrt}"))
    if row.closed is not None:
        paragraph += nodes.inline("", "; the book: ")
        paragraph += nodes.literal(row.closed, row.closed)
    if sign:
        paragraph += nodes.inline("", f"; the Hessian is {sign}")
    paragraph["classes"] = ["gallery-typed"]
    return paragraph


def _section(heading: str, entries: list[nodes.Node]) -> nodes.section:
    title = heading[0].upper() + heading[1:]
    section = nodes.section("", nodes.title(title, title), ids=[nodes.make_id(title)])
    section += entries
    return section


def setup(app: Any) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("gallery", Gallery)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
