"""Problems whose function has kinks, as smooth ones: |u|, max(u, v) and largest entries become unknowns above them.

Where the function does not fall as such a t rises, its least value over all t >= u, t >= v is that at t = max(u, v) [Boyd &
Vandenberghe 2004, 4.1.3].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from matcalc.calculus.differential import differential
from matcalc.expr import (
    Node,
    bottom_up,
    multiply,
    ones,
    perturbation,
    postorder,
    scaled,
    substitute,
    transpose,
    variable,
)
from matcalc.expr.facts import is_nonnegative
from matcalc.language import Declaration
from matcalc.objects.expressions import Expr
from matcalc.simplify import simplify
from matcalc.solving.problems import Constraint, Problem
from matcalc.solving.ways.equations import holds

__all__ = ["without_kinks"]

#: So many kinks are lifted.
MOST = 8


class Kink(NamedTuple):
    """What is not below any of some arrays of one shape: the node, its sign, and these; ``is_positive`` where it is >= 0."""

    node: Node
    sign: int
    above: tuple[Node, ...]
    is_positive: bool


def without_kinks(problem: Problem) -> Problem | None:
    """The smooth problem with the same least value, or None where there are no such kinks, or f may fall with one of them."""
    f = problem.objective
    if f is None or any(c.is_equality and _kinks(c.residual, problem.unknowns) for c in problem.constraints):
        return None
    taken = set(problem.declarations)
    found: dict[Node, Node] = {}
    rows: list[tuple[Node, Kink]] = []

    def lifted(node: Node) -> Node:
        kink = _kink(node, problem.unknowns, found.values())
        if kink is None:
            return node
        if node not in found:
            name = next(n for k in range(MOST + 2) if (n := f"t_{k + 1}") not in taken)
            taken.add(name)
            found[node] = variable(name, node.shape, ["positive"] if kink.is_positive else [])
            rows.append((found[node], kink))
        return scaled(kink.sign, found[node])

    nodes = [bottom_up(n, lifted) for n in (f.node, *(c.residual for c in problem.constraints))]
    if not rows or len(rows) > MOST or not all(_rises(n, t) for n in nodes for t, _ in rows):
        return None
    inner = [_rises(a, t) for _, kink in rows for a in kink.above for t, _ in rows if holds(a, t)]
    return _lifted(problem, nodes, rows) if all(inner) else None


def _kinks(root: Node, unknowns: Sequence[Node]) -> bool:
    return any(_kink(node, unknowns, ()) is not None for node in postorder(root))


def _kink(node: Node, unknowns: Sequence[Node], lifted: object) -> Kink | None:
    """The reading of one node that moves with the unknowns."""
    if node.op not in ("apply", "call") or not any(holds(node, x) for x in (*unknowns, *lifted)):  # type: ignore[misc]
        return None
    name, operands = node.data[0], node.args
    if node.op == "call" and name in ("max", "min") and len(operands) == 1 and node.is_scalar:
        sign = 1 if name == "max" else -1
        return Kink(node, sign, (scaled(sign, operands[0]),), is_nonnegative(node) and sign > 0)
    if node.op != "apply":
        return None
    if name == "abs":
        return Kink(node, 1, (operands[0], scaled(-1, operands[0])), True)
    if name == "relu":
        return Kink(node, 1, operands, True)
    if name in ("max", "min") and len(operands) == 2:
        sign = 1 if name == "max" else -1
        moving = [a for a in operands if not (a.is_zero and sign > 0)]
        return Kink(node, sign, tuple(scaled(sign, _spread(a, node)) for a in moving), len(moving) == 1)
    return None


def _spread(a: Node, node: Node) -> Node:
    """A number at every entry."""
    return a if a.shape == node.shape else multiply(a, ones(*node.shape))


def _rises(node: Node, t: Node) -> bool:
    """Whether no entry falls as an entry of t rises."""
    if not holds(node, t):
        return True
    d = perturbation(t)
    up = variable(f"{t.data[0]}__up", t.shape, ["positive"])
    slope = substitute(differential(node, {t: d}), {d: up})
    return is_nonnegative(slope) or is_nonnegative(simplify(slope))


def _lifted(problem: Problem, nodes: Sequence[Node], rows: Sequence[tuple[Node, Kink]]) -> Problem:
    """The problem in more unknowns; the constraints that it had come first."""
    assert problem.objective is not None
    new = {str(t.data[0]): _declared(t) for t, _ in rows}
    frame = replace(problem.objective.function, declarations={**problem.declarations, **new})
    own = [
        replace(c, left=frame.of(node), right=frame.of(scaled(0, node))) if not c.is_equality else c
        for c, node in zip(problem.constraints, nodes[1:], strict=True)
    ]
    more = [_below(frame, a, t, f"mu__{t.data[0]}_{k}") for t, kink in rows for k, a in enumerate(kink.above)]
    function = replace(frame.of(nodes[0]), derived=None)
    return Problem(function, (*problem.unknowns, *(t for t, _ in rows)), (*own, *more))


def _below(frame: Expr, a: Node, t: Node, name: str) -> Constraint:
    """a <= t, of every entry of a."""
    whole = t if a.shape == t.shape else multiply(t, ones(*a.shape))
    left, right = (transpose(n) if n.is_row else n for n in (a, whole))
    known: Mapping[str, Declaration] = frame.declarations
    side = replace(frame, declarations=known)
    return Constraint(side.of(left), side.of(right), variable(name, left.shape, []), is_equality=False)


def _declared(x: Node) -> Declaration:
    kind = "scalar" if x.is_scalar else "vector" if x.is_column else "matrix"
    return Declaration(str(x.data[0]), kind, x.shape[: {"scalar": 0, "vector": 1, "matrix": 2}[kind]], inferred=True)
