"""How an equation and its solution are written: sides of an equation, and what each unknown is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from matcalc.calculus.differential import differential
from matcalc.expr import Node, content, hadamard, matmul, perturbation, scale, substitute, variable
from matcalc.printing import latex, readable
from matcalc.printing.style import Style
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost
from matcalc.solving.answers import Spectral
from matcalc.solving.elimination import Joint
from matcalc.solving.problems import Constraint, Problem
from matcalc.solving.ways.equations import Affine, Equation, Root, holds

__all__ = ["Stated", "equations_of", "given_values", "newton_step"]

#: What is given in terms of other unknowns is shown where the value itself costs this much more to read.
WORTH = 1.5

Written = Callable[[Node], str]


@dataclass(frozen=True)
class Stated:
    """Equations in text and in LaTeX, a line each."""

    text: str
    latex: str

    @classmethod
    def of(cls, lines: Callable[[Written], list[str]], style: Style) -> Stated:
        """What the lines are with either writer."""
        written = partial(readable, style=style)
        typeset = "\n".join(lines(partial(latex, style=style)))
        for sign, command in _COMMANDS:
            typeset = typeset.replace(sign, command)
        return cls("\n".join(lines(written)), typeset)


_COMMANDS = ((" >= ", r" \ge "), (" <= ", r" \le "))


def equations_of(problem: Problem, spectral: Spectral | None = None) -> Stated:
    """What was solved: the eigen equation, else every equation, the unknown on the left where it stands there linearly."""
    if spectral is not None:
        return Stated.of(lambda written: [_eigen_line(problem, spectral, written)], problem.frame.style)
    return Stated.of(lambda written: _equation_lines(problem, written), problem.frame.style)


def newton_step(equation: Equation, style: Style) -> Stated:
    """H dx = -g, the step of Newton's method."""
    d = perturbation(equation.unknown)
    moved = simplify(differential(equation.residual, {equation.unknown: d}))
    back = simplify(-equation.residual)
    return Stated.of(lambda written: [f"{written(moved)} = {written(back)}"], style)


def _equation_lines(problem: Problem, written: Written) -> list[str]:
    if problem.objective is None:
        return [_sides(c, written) for c in problem.constraints]
    count = len(problem.unknowns)
    lines = [_stationary(equation, written) for equation in problem.equations[:count]]
    lines += [_sides(c, written) for c in problem.constraints]
    return lines + [line for c in problem.constraints if not c.is_equality for line in _complementary(c, written)]


def _complementary(c: Constraint, written: Written) -> list[str]:
    """mu >= 0, and mu .* g = 0 of a constraint g <= 0"""
    assert c.multiplier is not None
    product = hadamard(c.multiplier, content(simplify(c.residual))[1])
    return [f"{written(c.multiplier)} >= 0", f"{written(product)} = 0"]


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


def _eigen_line(problem: Problem, spectral: Spectral, written: Written) -> str:
    """A x = s B x, where s = …, or A W = B W M"""
    x = problem.unknowns[0]
    names = ("s", "lambda", "mu", "nu", "s_0") if x.is_column else ("M", "N", "K", "M_0")
    name = next(name for name in names if name not in problem.declarations)
    s = variable(name, spectral.value.shape)
    right = matmul(spectral.right, x)
    right = scale(s, right) if x.is_column else matmul(right, s)
    return f"{written(matmul(spectral.left, x))} = {written(right)}, {written(s)} = {written(spectral.value)}"


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
