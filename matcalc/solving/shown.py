"""How an equation and its solution are written: sides of an equation, and what each unknown is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matcalc.calculus.differential import differential
from matcalc.expr import Node, content, hadamard, perturbation, substitute
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost
from matcalc.solving.elimination import Joint
from matcalc.solving.problems import Constraint, Problem
from matcalc.solving.ways.equations import Affine, Equation, Root, holds

__all__ = ["equation_lines", "given_values", "newton_line"]

#: What is given in terms of other unknowns is shown where the value itself costs this much more to read.
WORTH = 1.5

Written = Callable[[Node], str]


def equation_lines(problem: Problem, written: Written) -> list[str]:
    """The equations that were solved, the unknown on the left where it stands there linearly."""
    if problem.objective is None:
        return [_sides(c, written) for c in problem.constraints]
    count = len(problem.unknowns)
    lines = [_stationary(equation, written) for equation in problem.equations[:count]]
    lines += [_sides(c, written) for c in problem.constraints]
    return lines + [line for c in problem.constraints if not c.is_equality for line in _complementary(c, written)]


def _complementary(c: Constraint, written: Written) -> list[str]:
    """mu >= 0, and mu .* g = 0 of a constraint g <= 0"""
    assert c.multiplier is not None
    mu, slack = written(c.multiplier), content(simplify(c.residual))[1]
    product = hadamard(c.multiplier, slack) if c.multiplier.shape == slack.shape else None
    return [f"{mu} >= 0", f"{mu} .* ({written(slack)}) = 0" if product is None else f"{written(product)} = 0"]


def _sides(c: Constraint, written: Written) -> str:
    left, right = (_side(side.node, written) for side in (c.left, c.right))
    return f"{right} >= {left}" if c.is_turned else f"{left} {c.sign} {right}"


def _side(node: Node, written: Written) -> str:
    return "0" if node.is_zero else written(node)


def _stationary(equation: Equation, written: Written) -> str:
    """P x = r of an affine gradient, else G = 0."""
    affine = Affine.of(equation)
    if affine is not None:
        left, right = simplify(substitute(affine.operator, {affine.d: equation.unknown})), affine.right
        if not right.is_zero:
            return f"{written(left)} = {written(right)}"
    return f"{written(equation.residual)} = 0"


def newton_line(equation: Equation, written: Written) -> str:
    """H dx = -g, the step of Newton's method."""
    d = perturbation(equation.unknown)
    moved = simplify(differential(equation.residual, {equation.unknown: d}))
    return f"{written(moved)} = {written(simplify(-equation.residual))}"


def given_values(problem: Problem, roots: Joint) -> Mapping[Node, Node]:
    """The value of each unknown as it is shown: in terms of others that are shown in full, where that is far shorter."""
    shown = {x: root.value for x, root in roots.items()}
    given: set[Node] = set()
    for x, root in sorted(roots.items(), key=lambda pair: -_saving(pair[1])):
        inside = {y for y in roots if root.given is not None and holds(root.given, y)}
        if root.given is not None and _saving(root) > WORTH and not inside & (given | set(problem.multipliers)):
            used = any(holds(shown[y], x) for y in given)
            shown[x], given = (shown[x], given) if used else (root.given, given | {x})
    return shown


def _saving(root: Root) -> float:
    return cost(root.value) / cost(root.given) if root.given is not None else 0.0
