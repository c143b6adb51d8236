"""`sensitivity`: how a minimiser moves with the data, by the implicit function theorem.

At a stationary point f_x(x, t) = 0, so f_xx dx + f_xt dt = 0; with constraints the same holds of the Lagrangian, jointly with the
multipliers. The linear equations are solved as all others are, by the structure of the Hessian [Krantz & Parks 2002, 3.3].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count, islice

import numpy as np

from matcalc.calculus.adjoint import adjoint, inner
from matcalc.calculus.derivative import Reading
from matcalc.calculus.differential import differential
from matcalc.calculus.structure import project, project_columns, structure_of
from matcalc.calculus.validity.conditions import conditions
from matcalc.calculus.validity.requirements import Condition
from matcalc.calculus.vecform import vec_form
from matcalc.checking.oracles.routes import differences
from matcalc.checking.sampling import Point, direction, points
from matcalc.checking.subject import Subject, quietly
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.errors import DeclarationError, UnsupportedError
from matcalc.expr import Node, number, perturbation, substitute, variable
from matcalc.language import Declaration
from matcalc.language.limits import bounded
from matcalc.language.words.names import typed_name
from matcalc.objects.derivatives import Derivative, derivative
from matcalc.objects.expressions import Expr, Variable, Where
from matcalc.objects.variables import variable_named
from matcalc.simplify import simplify
from matcalc.solving.elimination import joint_roots
from matcalc.solving.problems import Problem
from matcalc.solving.reading import read_problem
from matcalc.solving.samples import is_tame
from matcalc.solving.ways.equations import Equation, holds

__all__ = ["Sensitivity", "sensitivity"]

#: What moves with the data.
OF = ("minimiser", "value")

#: What is left of the equations, beside their terms, at the points at which they are checked.
TOLERANCE = 1e-5
POINTS = 3
ATTEMPTS = 30


class Sensitivity(Derivative):
    """The derivative of a minimiser: it needs what its inverses need, and is not that of a function which is known.

    >>> moved = mc.sensitivity("||A x - b||^2 / 2 + k ||x||^2 / 2", "x", "b", where="k: scalar(positive)")
    >>> print(moved.adjoint())
    A (A^T A + k I)^-1 g
    """

    @property
    def requirements(self) -> tuple[Condition, ...]:
        return conditions(self.reading.operator, wrt=())

    @property
    def continued(self) -> str | None:
        return None

    @property
    def operator_name(self) -> str:
        return f"d{typed_name(str(self.reading.f.data[0]))}"

    def adjoint(self, weight: str = "g") -> Expr:
        """The gradient of <g, x*> by the parameter, shaped as it: what a slope g at the minimiser is at the data.

        One linear system is solved, v = H^-1 g, whatever the size of the parameter. The weight has the shape of the
        minimiser, and another name where that one is taken.
        """
        x, (t,) = self.reading.f, self.reading.wrt
        names = chain([weight], (f"{weight}_{i}" for i in count(1)))
        name = next(n for n in names if n not in self.f.declarations)
        g = variable(name, x.shape)
        found = simplify(project(adjoint(inner(g, self.reading.differential), perturbation(t)), t))
        own = self.f.declarations[str(x.data[0])]
        kind = "matrix" if len(own.axes) == 2 else "vector" if own.axes else "scalar"
        declared = Declaration(name, kind, x.shape[: len(own.axes)], inferred=True)
        return replace(self.f.of(found), declarations={**self.f.declarations, name: declared})


@bounded
def sensitivity(
    f: str | Expr,
    wrt: Variable,
    parameter: Variable,
    *,
    subject_to: str | Sequence[str] | None = None,
    of: str = "minimiser",
    where: Where = None,
) -> Derivative:
    """The derivative of the minimiser x*(t) of f by a parameter t: -f_xx^-1 f_xt, in matrix form.

    It holds at every stationary point: compiled, it takes x = x*, and with ``subject_to`` the multipliers of the Lagrangian
    as `solve` names them, too. Shape: the axes of the minimiser, then those of the parameter. Its ``adjoint()`` takes a slope
    at the minimiser back to the data. With ``of="value"`` it is the gradient of the least value f(x*(t), t), which is that of
    the Lagrangian by t alone: by the envelope theorem the move of x* does not count [Mas-Colell, Whinston & Green 1995, M.L].

    >>> print(mc.sensitivity("||A x - b||^2 / 2 + k ||x||^2 / 2", "x", "k", where="k: scalar(positive)"))
    -(A^T A + k I)^-1 x
    >>> print(mc.sensitivity("||A x - b||^2", "x", "b"))
    (A^T A)^-1 A^T
    >>> print(mc.sensitivity("||A x - b||^2", "x", "b", of="value"))
    2 (b - A x)

    Raises:
        DeclarationError: one of them is no variable, or f does not hold the parameter.
        UnsupportedError: the equations are not solved in matrix form.
    """
    problem = read_problem(f, [wrt], subject_to, where)
    if problem.objective is None or any(not c.is_equality for c in problem.constraints):
        raise UnsupportedError("a minimiser is that of a function, under equalities", code="sensitivity")
    t = variable_named(problem.frame, parameter if isinstance(parameter, str) else str(parameter))
    (x,) = problem.unknowns
    if t is x or not holds(problem.lagrangian, t):
        said = "is the minimiser itself" if t is x else "does not occur"
        raise DeclarationError(f"{typed_name(t.data[0])} {said}", code="unknown", word=str(parameter))
    if of not in OF:
        raise UnsupportedError(
            f"there is no sensitivity of the {of}", hint=f"of is {' or '.join(OF)}", code="sensitivity"
        )
    if of == "value":
        return derivative(problem.frame.of(problem.lagrangian), str(t.data[0]))
    changes = _changes(problem, t)
    if changes is None or not _are_right(problem, t, changes):
        raise UnsupportedError(
            "the linear equations of the sensitivity are not solved in matrix form", code="sensitivity"
        )
    minimiser = problem.frame.of(x)
    return Sensitivity(minimiser, (str(t.data[0]),), _reading(x, t, changes[x]))


def _changes(problem: Problem, t: Node) -> Mapping[Node, Node] | None:
    """The change of the minimiser and of each multiplier, linear in dt."""
    unknowns = [e.unknown for e in problem.equations]
    moving = {y: perturbation(y) for y in (*unknowns, t)}
    fresh = {y: variable(f"matcalcchange_{y.data[0]}", y.shape, moving[y].data[2]) for y in unknowns}
    placed = {moving[y]: v for y, v in fresh.items()}
    equations = [
        Equation(simplify(substitute(simplify(differential(e.residual, moving)), placed)), fresh[e.unknown])
        for e in problem.equations
    ]
    found = joint_roots(equations)
    return {y: found[0][fresh[y]].value for y in unknowns} if found else None


def _reading(x: Node, t: Node, change: Node) -> Reading:
    """The change as the derivative of x by t: an array where x or t is a number, else its operator and vec form."""
    d = perturbation(t)
    if t.is_scalar:
        value = simplify(substitute(change, {d: number(1)}))
        return Reading(x, (t,), value, (), value, change)
    if x.is_scalar:
        value = simplify(project(adjoint(change, d), t))
        return Reading(x, (t,), value, (), value, change)
    form = vec_form(change, d)
    if form is not None:
        form = simplify(project_columns(form, t) if structure_of(t) else form)
    return Reading(x, (t,), change, (d,), form, change)


# --- the check --------------------------------------------------------------------------------


def _are_right(problem: Problem, t: Node, changes: Mapping[Node, Node]) -> bool:
    """Whether second differences of the Lagrangian along the changes cancel at random points."""
    frame = problem.frame
    subject = Subject(problem.lagrangian, frame.declarations)
    rng = np.random.default_rng(0)
    compared = 0
    drawn = points(frame.declarations, subject.dims, rng, subject.least_sizes, subject.shapes)
    tame = (point for point in drawn if all(is_tame(change, point) for change in changes.values()))
    for point in islice(tame, ATTEMPTS):
        error = _error(subject, t, changes, point, rng)
        if error is None:
            continue
        if error > TOLERANCE:
            return False
        compared += 1
        if compared == POINTS:
            return True
    return compared > 0


def _error(
    subject: Subject, t: Node, changes: Mapping[Node, Node], point: Point, rng: np.random.Generator
) -> float | None:
    """D^2 L[e; dx] + D^2 L[e; dl] + D^2 L[e; dt] along random e and dt, beside the largest of them."""
    moved: dict[Node, Array] = {t: direction(t, point.values[t.data[0]].shape, rng)}
    for y, change in changes.items():
        value = quietly(lambda n=change: evaluate(n, point.values, point.sizes, {perturbation(t): moved[t]}))  # type: ignore[misc]
        if value is None or not np.all(np.isfinite(value)) or np.max(np.abs(value), initial=0.0) > 1e3:
            return None
        moved[y] = value
    worst = 0.0
    for y in changes:
        e = direction(y, point.values[y.data[0]].shape, rng)
        parts = [differences(subject, point, [y, z], [e, step], subject.is_analytic) for z, step in moved.items()]
        if any(p is None for p in parts):
            return None
        terms = [float(p[0].item().real) for p in parts if p is not None]
        worst = max(worst, abs(sum(terms)) / max(1e-3, *map(abs, terms)))
    return worst
