"""What a reader has to know beside a verdict: a domain that is not convex as it was typed, a declaration that would help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.calculus.needs.sentences import stated
from matcalc.calculus.validity.requirements import INVERTIBLE, NONNEGATIVE, NONZERO, POSITIVE, Condition
from matcalc.checking import Subject
from matcalc.checking.deciding.defined import asked_as_typed
from matcalc.checking.values.written_out import has_indices
from matcalc.convexity.context import Context
from matcalc.convexity.domains import is_on_cone
from matcalc.convexity.proofs import Need
from matcalc.expr import Node, factors, scaled, substitute, variable
from matcalc.expr.facts import is_invertible
from matcalc.printing.formats import printers_for

__all__ = ["declared_otherwise", "hole_as_typed"]


def hole_as_typed(subject: Subject, needs: Sequence[Need], at: Context) -> str | None:
    """What a part that was typed asks for, where that leaves no convex set: "x is nonzero" of exp(log(x^2))."""
    if subject.tree is None or has_indices(subject.tree):
        return None
    held = {need.node for need in needs} | {scaled(-1, need.node) for need in needs}
    asked = list(asked_as_typed(subject))
    positive = {node for condition in asked if condition.kind == POSITIVE for node in condition.subjects}
    held |= {node for node in positive if at.shape(node).get("concave") is not None}
    for condition in asked:
        if not all(_is_convex(condition, node, held, at) for node in condition.subjects if at.moves(node)):
            return stated(condition, printers_for(subject.style))
    return None


def _is_convex(condition: Condition, node: Node, held: set[Node], at: Context) -> bool:
    """Whether a condition on a node holds everywhere, or where it is assumed, or on a convex set."""
    kind = condition.kind
    if not at.moves(node) or node in held or at.is_positive(node) or at.is_positive(scaled(-1, node)):
        return True
    if kind in (POSITIVE, NONNEGATIVE):
        is_sure = kind == NONNEGATIVE and at.is_nonnegative(node)
        return is_sure or at.shape(node).get("concave") is not None
    if kind == NONZERO:
        parts = [b for b, _ in factors(node) if at.moves(b)] if node.op == "power" else []
        return node in at.positive or (bool(parts) and all(_is_convex(condition, b, held, at) for b in parts))
    return kind != INVERTIBLE or is_invertible(node) or is_on_cone(node, at)


def declared_otherwise(node: Node, moving: Sequence[Node]) -> Iterator[tuple[Node, list[Node], str]]:
    """The same function of variables that are positive, or positive definite, with the declarations that say so."""
    free = [v for v in moving if not set(v.data[1]) - {"symmetric"} and (v.is_scalar or v.is_column or v.is_square)]
    for chosen in ([v] for v in free) if len(free) == 1 else (*([v] for v in free), free):
        tags = {v: ("positive",) if v.is_scalar or v.is_column else ("spd",) for v in chosen}
        instead = {v: variable(v.data[0], v.shape, tags[v]) for v in chosen}
        said = ", ".join(_declaration(v, tags[v][0]) for v in chosen)
        yield substitute(node, instead), [instead.get(v, v) for v in moving], said


def _declaration(v: Node, tag: str) -> str:
    if tag == "spd":
        return f"{v.data[0]}: spd({v.rows})"
    return f"{v.data[0]}: scalar(positive)" if v.is_scalar else f"{v.data[0]}: vector({v.rows}, positive)"
