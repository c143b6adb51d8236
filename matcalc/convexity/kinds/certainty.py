"""Lines that say more than convex or concave: strictly, and strongly with a constant."""

from __future__ import annotations

from functools import reduce

from matcalc.convexity.context import Context
from matcalc.convexity.kinds.strict import strict_in
from matcalc.convexity.kinds.strong import constants_of
from matcalc.convexity.proofs import Proof
from matcalc.convexity.rules import RULES
from matcalc.convexity.verdicts import Line
from matcalc.expr import Node, apply, is_number, number
from matcalc.printing import latex, text
from matcalc.printing.style import Style
from matcalc.simplify import simplify

__all__ = ["constant_of", "is_strict", "strict_line", "strong_line"]


def is_strict(proof: Proof, at: Context) -> bool:
    """Whether it is strictly convex, or concave, in all variables together."""
    return strict_in(proof, at) >= at.moving


def constant_of(proof: Proof, at: Context) -> Node | None:
    """The m with which it is strongly convex, or concave, in all variables together."""
    found = {v: m for v, m in constants_of(proof, at).items() if not at.moves(m)}
    if found.keys() != at.moving:
        return None
    values = list(dict.fromkeys(found[v] for v in sorted(found, key=lambda v: str(v.data[0]))))
    numbers = [n for m in values if (n := is_number(m)) is not None]
    rest = [m for m in values if is_number(m) is None]
    least = [*([number(min(numbers))] if numbers else []), *rest]
    return simplify(reduce(lambda a, b: apply("min", a, b), least))


def strict_line(proof: Proof, style: Style) -> Line:
    """f is strictly convex"""
    return _line(proof, f"is strictly {proof.claim}", "strict", style)


def strong_line(proof: Proof, constant: str, style: Style) -> Line:
    """f is strongly convex with constant m"""
    rule = "strong" if proof.claim == "convex" else "strong concave"
    return _line(proof, f"is strongly {proof.claim} with constant {constant}", rule, style)


def _line(proof: Proof, claim: str, rule: str, style: Style) -> Line:
    return Line(text(proof.node, style=style), claim, *RULES[rule], (), latex(proof.node, style=style))
