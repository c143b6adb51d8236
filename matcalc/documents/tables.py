"""Directives that print the engine's own tables: functions, rules of differentiation, simplifications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from matcalc.explaining.rules import NAMED
from matcalc.functions.families import families
from matcalc.simplify.lemmas import LEMMAS
from matcalc.simplify.proof.proof_rules import PROOF_RULES

__all__ = ["CONDITIONS", "FunctionsDirective", "RulesDirective", "SimplificationsDirective"]

#: Rule or simplification -> where it holds, beyond the shapes that the identity shows. Everywhere, for the others.
CONDITIONS = {
    "power rule": "s > 0, or p a positive integer; s ≠ 0, or p a negative one",
    "exponential": "s > 0",
    "matrix power": "k a positive integer, or X invertible",
    "inverse": "X invertible",
    "Jacobi's formula": "X invertible",
    "log-determinant": "X invertible",
    "adjugate": "X invertible",
    "chain rule": "f differentiable at X",
    "Sherman–Morrison": "1 + v^T u ≠ 0",
    "log-determinant lemma": "1 + v^T u ≠ 0",
    "Fréchet derivative along g(X)": "f and g defined on the spectrum of X",
    "trace of a Fréchet derivative": "f and g defined on the spectrum of X",
    "function of a product": "A invertible, or f entire",
    "Cholesky factorisation": "S positive definite",
    "determinant by Cholesky": "S positive definite",
}


class FunctionsDirective(SphinxDirective):
    """``.. matcalc-functions::``: the table of functions, from the rows that the engine uses."""

    def run(self) -> list[nodes.Node]:
        """One table for each family of functions."""
        header = ("function", "meaning", "derivative or differential", "differentiable where", "reference")
        found: list[nodes.Node] = []
        for family, functions in families():
            rows = [(_signature(f), f.summary, _rule(f), f.stated(f.condition), f.reference) for f in functions]
            found.append(_section(family, _table(header, rows, code=(0, 2))))
        return found


class RulesDirective(SphinxDirective):
    """``.. matcalc-rules::``: the rules of differentiation, as derivations name them."""

    def run(self) -> list[nodes.Node]:
        """One row for each rule."""
        header = ("rule", "identity", "where", "reference")
        rows = [(rule.name, rule.identity, CONDITIONS.get(rule.name, ""), rule.reference) for rule in NAMED]
        return [_table(header, rows, code=(1,))]


class SimplificationsDirective(SphinxDirective):
    """``.. matcalc-simplifications::``: the named identities, as derivations name them; with ``proofs`` those of `equal`."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        """One row for each identity."""
        rules = PROOF_RULES if self.arguments == ["proofs"] else LEMMAS
        header = ("simplification", "identity", "where", "reference")
        rows = [(r.name, r.identity, r.condition or CONDITIONS.get(r.name, ""), r.reference) for r in rules]
        return [_table(header, rows, code=(1,))]


def _signature(function: Any) -> str:
    return f"{function.name}({', '.join(function.parameters)})"


def _rule(function: Any) -> str:
    if function.kind == "macro":
        return f"= {function.definition[0]}"
    return "; ".join(d for d in function.derivatives or function.differential[:1] if d != "undefined")


def _section(heading: str, table: nodes.Node) -> nodes.section:
    section = nodes.section(ids=[nodes.make_id(heading)])
    section += nodes.title(heading, heading)
    section += table
    return section


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], code: Sequence[int]) -> nodes.container:
    """A table in a box of its own, so that a narrow screen scrolls the table and not the page."""
    group = nodes.tgroup(cols=len(header))
    group.extend(nodes.colspec(colwidth=1) for _ in header)
    head, body = nodes.thead(), nodes.tbody()
    head += _row(header)
    body.extend(_row(row, code) for row in rows)
    group.extend((head, body))
    table = nodes.table(classes=["matcalc-table"])
    table += group
    return nodes.container("", table, classes=["matcalc-scroll"])


def _row(cells: Sequence[str], code: Sequence[int] = ()) -> nodes.row:
    row = nodes.row()
    for i, cell in enumerate(cells):
        inside = nodes.literal(cell, cell) if i in code and cell else nodes.Text(cell)
        entry = nodes.entry()
        entry += nodes.paragraph("", "", inside)
        row += entry
    return row
