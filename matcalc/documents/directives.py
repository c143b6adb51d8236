"""The Sphinx directive and role; results are kept in the build environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from matcalc.documents.formulas import Request, lines_of
from matcalc.errors import MatcalcError
from matcalc.functions import FUNCTIONS

__all__ = ["FunctionsDirective", "MatcalcDirective", "matcalc_role"]


def _names(argument: str) -> tuple[str, ...]:
    return tuple(argument.replace(",", " ").split())


class MatcalcDirective(SphinxDirective):
    """``.. matcalc:: tr(X^T A X)``: the differential and the derivative as displayed formulas."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = False
    option_spec: ClassVar[dict[str, Any]] = {
        "wrt": _names,
        "order": directives.positive_int,
        "where": directives.unchanged,
        "steps": directives.flag,
        "label": directives.unchanged,
        "no-check": directives.flag,
        "check": directives.flag,
        "show": _names,
        "format": lambda argument: directives.choice(argument, ("none", "upright", "italic")),
    }

    def run(self) -> list[nodes.Node]:
        """A math block; the build stops with the document's line where the formula is at fault."""
        options = self.options
        request = Request(
            self.arguments[0],
            options.get("wrt", ()),
            options.get("order"),
            options.get("where"),
            "no-check" not in options,
            "steps" in options,
            options.get("format", "none"),
            options.get("show", ("differential", "derivative")),
        )
        lines = _cached(self.env, request, f"{self.env.docname}:{self.lineno}")
        body = lines[0] if request.steps else "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"
        label = options.get("label")
        block = nodes.math_block(body, body, nowrap=False, number=None, label=label, docname=self.env.docname)
        self.add_name(block)
        self.set_source_info(block)
        if label:
            self.env.get_domain("math").note_equation(self.env.docname, label, location=block)  # type: ignore[attr-defined]
            target = nodes.target("", "", ids=[nodes.make_id(f"equation-{label}")])
            self.state.document.note_explicit_target(target)
            return [target, block]
        return [block]


def _cached(env: Any, request: Request, place: str) -> list[str]:
    known: dict[Any, list[str]] = env.__dict__.setdefault("matcalc_results", {})
    if request.key not in known:
        try:
            known[request.key] = lines_of(request)
        except MatcalcError as error:
            raise ExtensionError(f"{place}: {error.render()}") from error
    return known[request.key]


def matcalc_role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Sequence[str] = ()
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """:matcalc:`tr(X^T A X)` is its gradient, inline; ``by X`` at the end names the variable."""
    expression, _, variable = text.rpartition(" by ")
    request = Request(expression or text, (variable,) if expression else (), show=("derivative",))
    env = inliner.document.settings.env
    (line,) = _cached(env, request, f"{env.docname}:{lineno}")
    body = line.partition("&= ")[2]
    return [nodes.math(rawtext, body)], []


class FunctionsDirective(SphinxDirective):
    """``.. matcalc-functions::``: the table of functions, from the rows that the engine uses."""

    def run(self) -> list[nodes.Node]:
        """A table of all functions."""
        header = ("function", "meaning", "derivative or differential", "differentiable where", "reference")
        rows = [(_signature(f), f.summary, _rule(f), f.condition, f.reference) for f in FUNCTIONS.values()]
        return [_table(header, rows)]


def _signature(function: Any) -> str:
    return f"{function.name}({', '.join(function.parameters)})"


def _rule(function: Any) -> str:
    if function.kind == "macro":
        return f"= {function.definition[0]}"
    return "; ".join(function.derivatives or function.differential[:1])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> nodes.table:
    group = nodes.tgroup(cols=len(header))
    group.extend(nodes.colspec(colwidth=1) for _ in header)
    head, body = nodes.thead(), nodes.tbody()
    head += _row(header, code=False)
    body.extend(_row(row) for row in rows)
    group.extend((head, body))
    table = nodes.table()
    table += group
    return table


def _row(cells: Sequence[str], *, code: bool = True) -> nodes.row:
    row = nodes.row()
    for i, cell in enumerate(cells):
        inside = nodes.literal(cell, cell) if code and cell and i in (0, 2) else nodes.Text(cell)
        entry = nodes.entry()
        entry += nodes.paragraph("", "", inside)
        row += entry
    return row
