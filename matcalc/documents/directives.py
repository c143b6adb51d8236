"""The Sphinx directives and the role; results are kept in the build environment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from matcalc.documents.formulas import SHOWN, Formula, Request, formula_of
from matcalc.errors import MatcalcError
from matcalc.notes import note_lines

__all__ = ["MatcalcDirective", "formula_node", "matcalc_role", "remembered"]

_LOGGER = logging.getLogger(__name__)


def _names(argument: str) -> tuple[str, ...]:
    return tuple(argument.replace(",", " ").split())


def _shown(argument: str) -> tuple[str, ...]:
    """Any of f, differential, derivative."""
    return tuple(directives.choice(name, SHOWN) for name in _names(argument))


def _bold(argument: str) -> str:
    return str(directives.choice(argument, ("none", "upright", "italic")))


def _detail(argument: str | None) -> str:
    return str(directives.choice(argument, ("brief", "full"))) if argument else "brief"


class MatcalcDirective(SphinxDirective):
    """``.. matcalc:: tr(X^T A X)``: the differential and the derivative as displayed formulas.

    The expression may go on in the directive's content.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "wrt": _names,
        "order": directives.positive_int,
        "where": directives.unchanged_required,
        "steps": _detail,
        "label": directives.unchanged_required,
        "check": directives.unchanged,
        "no-check": directives.flag,
        "show": _shown,
        "format": _bold,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        """A math block; the build stops with the document's line where the formula is at fault."""
        options = self.options
        request = Request(
            " ".join([self.arguments[0], *self.content]),
            options.get("wrt", ()),
            options.get("order"),
            options.get("where"),
            checked="no-check" not in options,
            steps="steps" in options,
            bold=options.get("format", "none"),
            show=options.get("show", ("differential", "derivative")),
            detail=options.get("steps", "brief"),
            claim=options.get("check") or None,
        )
        formula = remembered(self.env, request, self.lineno)
        block = formula_node(formula, self.env.docname, options.get("label"))
        block["classes"] += options.get("class", [])
        self.add_name(block)
        self.set_source_info(block)
        label = options.get("label")
        if not label:
            return [block]
        equations: Any = self.env.get_domain("math")
        equations.note_equation(self.env.docname, label, location=block)
        block["number"] = equations.get_equation_number_for(label)
        target = nodes.target("", "", ids=[nodes.make_id(f"equation-{label}")])
        self.state.document.note_explicit_target(target)
        return [target, block]


def formula_node(formula: Formula, docname: str, label: str | None = None) -> nodes.math_block:
    """A displayed formula: LaTeX for most builders, MathML for the renderer of `matcalc.documents.mathml`."""
    latex = formula.latex
    block = nodes.math_block(latex, latex, nowrap=False, number=None, label=label, docname=docname)
    block["mathml"] = formula.html
    return block


def remembered(env: Any, request: Request, line: int, source: str = "", named: str = ":wrt:") -> Formula:
    """The formula of this line, derived once; its notes are warnings of the kind ``matcalc.note``.

    Which variable was chosen is said in the log of the build, with ``named``, the way to name another one.

    Raises ExtensionError with the line, and the source where one is given, where it is at fault.
    """
    known: dict[Any, Formula] = env.__dict__.setdefault("matcalc_results", {})
    if request.key not in known:
        try:
            known[request.key] = formula_of(request)
        except MatcalcError as error:
            raise ExtensionError(f"{env.docname}:{line}{source}: {error.render()}") from error
    formula = known[request.key]
    if choice := formula.choice(f"by {named}"):
        _LOGGER.info("%s:%s%s: matcalc %s", env.docname, line, source, choice)
    for note in note_lines(formula.notes):
        _LOGGER.warning("matcalc %s", note, location=(env.docname, line), type="matcalc", subtype="note")
    return formula


def matcalc_role(
    name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None, content: Sequence[str] = ()
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """:matcalc:`tr(X^T A X)` is its gradient, inline; ``by X`` at the end names the variable, ``by x x`` asks for a Hessian."""
    expression, _, variables = text.rpartition(" by ")
    request = Request(expression or text, _names(variables) if expression else (), show=("derivative",))
    env = inliner.document.settings.env
    latex, mathml = remembered(env, request, lineno, named="… by x").right_side
    node = nodes.math(rawtext, latex)
    node["mathml"] = f'<math xmlns="http://www.w3.org/1998/Math/MathML">{mathml}</math>'
    return [node], []
