"""`solve`: the answer as an object, in text, LaTeX and JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from matcalc import printing
from matcalc.calculus.needs.sentences import stated
from matcalc.expr import Node
from matcalc.language.limits import bounded
from matcalc.language.words.names import typed_name
from matcalc.notes import Note, as_dicts, note_rows
from matcalc.objects.expressions import Expr, Variable, Where
from matcalc.objects.results import where_rows
from matcalc.printing.formats import printers_for
from matcalc.records import dataclass
from matcalc.solving.answers import Found, Nothing, answer
from matcalc.solving.kinds import with_hessian
from matcalc.solving.problems import Problem
from matcalc.solving.reading import read_problem
from matcalc.solving.shown import Stated, equations_of, given_values, newton_step
from matcalc.solving.ways.equations import Root
from matcalc.solving.ways.subspaces import Subspace

__all__ = ["Solution", "rows_of", "solve"]

Row = tuple[str, str]
NO_STEP = Stated("", "")
#: Smaller errors are rounding, which differs between machines.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class Solution:
    """The answer to `solve`; true where there are solutions.

    >>> answer = mc.solve("c^T x", "x", subject_to="x^T x = 1", where="c: vector(n)")
    >>> answer.verdict, str(answer.solutions["x"]), answer.kind
    ('solved', '-c / ||c||', 'minimum')
    >>> [str(other.solutions["x"]) for other in answer.others]
    ['c / ||c||']

    Attributes:
        verdict: "solved", "eigenproblem" or "no closed form".
        solutions: the value of each unknown and multiplier by its name; empty where there is no closed form.
        kind: "minimum", "maximum", "saddle" or "stationary point"; empty of an equation.
        reason: what shows the kind, or why there is no closed form.
        conditions: what has to hold.
        stated: what was solved, in text and in LaTeX.
        otherwise: the shortest solutions, right also where an inverse in ``solutions`` does not exist.
        others: further stationary points, or solutions.
        lagrangian: of a problem with constraints its Lagrangian, or None.
        step: where there is no closed form, the step of Newton's method; else empty.
        check: how it was verified; empty where there is nothing to verify.
        notes: how the texts were read.
        ways: how each unknown was found.
        shown: the solutions as they are printed: one of several unknowns may stand in terms of the others.
        frame: an expression in all names that occur, which tells their declarations.
        also: what else is a solution: of a direction every multiple.
    """

    verdict: str
    solutions: Mapping[str, Expr]
    kind: str
    reason: str
    conditions: tuple[str, ...]
    stated: Stated
    otherwise: Mapping[str, Expr]
    others: tuple[Solution, ...]
    lagrangian: Expr | None
    step: Stated
    check: str
    notes: tuple[Note, ...]
    ways: tuple[Row, ...]
    shown: Mapping[str, Expr]
    frame: Expr
    also: str = ""

    def __bool__(self) -> bool:
        return bool(self.solutions)

    @property
    def equation(self) -> str:
        """What was solved, a line each."""
        return self.stated.text

    @property
    def newton(self) -> str:
        """The step of Newton's method where there is no closed form, else empty."""
        return self.step.text

    def __str__(self) -> str:
        lines = [f"{name} = {value}" for name, value in self.shown.items()] or [f"{self.verdict}: {self.reason}"]
        lines = [self.equation, *lines] if self.verdict != "solved" else lines
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Solution {'; '.join(str(self).splitlines())}>"

    def latex(self, **options: Any) -> str:
        """LaTeX of the solutions, a line each in ``aligned`` where there are several; options as of `Expr.latex`."""
        if not self.shown:
            return rf"\text{{{self.verdict}: {self.reason}}}"
        lines = [(_symbol(name, value), value.latex(**options)) for name, value in self.shown.items()]
        if len(lines) == 1:
            return f"{lines[0][0]} = {lines[0][1]}"
        rows = " \\\\\n".join(f"{left} &= {right}" for left, right in lines)
        return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        """The solutions in MathML, and below them the kind with its reason, conditions, the check and notes."""
        from matcalc.objects.notebook import solution_html

        rows = rows_of(self, "text")
        typeset = [row for row in rows if row[0] == "solution"][: len(self.shown)]
        return solution_html(self.shown, [row for row in rows if row not in typeset])

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "verdict": self.verdict,
            "solutions": {n: {"text": str(v), "latex": v.latex()} for n, v in self.solutions.items()},
            "kind": self.kind,
            "reason": self.reason,
            "conditions": list(self.conditions),
            "equation": self.equation.split("\n"),
            "otherwise": {n: str(v) for n, v in self.otherwise.items()},
            "others": [other.as_dict() for other in self.others],
            "lagrangian": None if self.lagrangian is None else str(self.lagrangian),
            "newton": self.newton or None,
            "check": self.check or None,
            "notes": as_dicts(self.notes),
        }


def _symbol(name: str, value: Expr) -> str:
    """The LaTeX of a variable."""
    return printing.latex(value.declarations[name].node, style=value.style)


@bounded
def solve(
    f: str | Expr | Sequence[str],
    *wrt: Variable,
    subject_to: str | Sequence[str] | None = None,
    where: Where = None,
) -> Solution:
    """The stationary points of a function, or the solution of an equation, for one or several unknowns.

    ``subject_to`` are constraints, each a text such as ``"A x = b"``; a text may hold them itself, as in
    ``"min_x ||x||^2 s.t. A x = b"``. Several equations are a list of texts. Every solution was substituted back at
    random data before it is returned: "no closed form" is an answer, too.

    >>> answer = mc.solve("||A x - b||^2", "x")
    >>> print(answer)
    x = (A^T A)^-1 A^T b
    >>> answer.verdict, answer.kind, answer.conditions
    ('solved', 'minimum', ('A^T A is invertible',))
    >>> print(mc.solve("A X + X B = C", "X"))
    X = sylvester(A, B, C)
    >>> print(mc.solve("w^T S w", "w", subject_to="sum(w) = 1", where="S: spd(n)").solutions["w"])
    S^-1 ones(n) / sum(S^-1)

    Raises:
        MatcalcError: there is no unknown, it does not occur, a constraint does not hold it, or shapes disagree.
    """
    problem = read_problem(f, wrt, subject_to, where)
    return _solution(problem, answer(problem))


def _solution(problem: Problem, found: list[Found] | Nothing) -> Solution:
    if isinstance(found, Nothing):
        return _unsolved(problem, found)
    first, *others = (_of_found(problem, one) for one in found)
    return replace(first, others=tuple(others))


def _written(problem: Problem) -> Any:
    return partial(printing.readable, style=problem.frame.style)


def _lagrangian(problem: Problem) -> Expr | None:
    return problem.frame.of(problem.lagrangian) if problem.multipliers and problem.objective is not None else None


def _unsolved(problem: Problem, nothing: Nothing) -> Solution:
    frame, stated_ = problem.frame, equations_of(problem, nothing.eigen)
    newton = NO_STEP
    if nothing.eigen is None and len(problem.equations) == 1:
        newton = newton_step(problem.equations[0], frame.style)
    verdict = "no closed form" if nothing.eigen is None else "eigenproblem"
    rest: tuple[Any, ...] = (_lagrangian(problem), newton, "", problem.notes, (), {}, frame)
    return Solution(verdict, {}, "", nothing.reason, (), stated_, {}, (), *rest)


def _of_found(problem: Problem, found: Found) -> Solution:
    frame, written = problem.frame, _written(problem)
    printers = printers_for(frame.style)
    roots = {x: found.roots[x] for x in (*problem.unknowns, *problem.multipliers)}
    kind = found.kind
    error = max([ROUNDING, *(t.error for t in found.tried)])
    return Solution(
        verdict="solved" if found.eigen is None else "eigenproblem",
        solutions={_name(x): frame.of(root.value) for x, root in roots.items()},
        kind=kind.name,
        reason=with_hessian(kind, written),
        conditions=tuple(stated(c, printers) for c in found.needs),
        stated=equations_of(problem, found.eigen),
        otherwise={_name(x): frame.of(root.shortest) for x, root in roots.items() if root.shortest is not None},
        others=(),
        lagrangian=_lagrangian(problem),
        step=NO_STEP,
        check=f"verified: substituted back at {len(found.tried)} random data sets (relative error below {10.0 ** math.ceil(math.log10(error)):.0e})",
        notes=problem.notes,
        ways=tuple((_name(x), root.way) for x, root in roots.items()),
        shown={_name(x): frame.of(node) for x, node in given_values(problem, roots).items()},
        frame=frame,
        also=_also(found, roots, written),
    )


def _also(found: Found, roots: Mapping[Node, Root], written: Any) -> str:
    """What else is a solution."""
    if isinstance(found.eigen, Subspace):
        return f"every {_name(next(iter(roots)))} Q with an orthogonal Q"
    texts = {x: "every multiple of {x} but 0" if root.is_any_length else root.also for x, root in roots.items()}
    matrices = {x: "" if root.matrix is None else written(root.matrix) for x, root in roots.items()}
    return ", ".join(said.format(x=_name(x), P=matrices[x]) for x, said in texts.items() if said)


def _name(x: Node) -> str:
    return str(x.data[0])


# --- for the command line ---------------------------------------------------------------------


def rows_of(solution: Solution, form: str, *, steps: bool = False) -> list[Row]:
    """The lines of the answer as (label, text), in "text", "unicode" or "latex"."""
    return list(_rows(solution, form, steps))


def _rows(solution: Solution, form: str, steps: bool) -> Iterator[Row]:
    is_latex = form == "latex"
    yield from where_rows(solution.frame)
    if solution.lagrangian is not None:
        yield "Lagrangian", solution.lagrangian.latex(width=None) if is_latex else str(solution.lagrangian)
    if steps or solution.verdict != "solved" or solution.lagrangian is not None:
        yield "equation", solution.stated.latex if is_latex else solution.stated.text
    if steps:
        for name, way in solution.ways:
            yield "way", f"{typed_name(name)}: {way}"
    for one in (solution, *solution.others):
        yield from _solved_rows(one, is_latex)
    if not solution.solutions:
        yield "answer", f"{solution.verdict}: {solution.reason}"
        if solution.newton:
            yield "Newton step", solution.step.latex if is_latex else solution.step.text
    if solution.check:
        yield "check", solution.check
    yield from note_rows(solution.notes)


def _solved_rows(solution: Solution, is_latex: bool) -> Iterator[Row]:
    for name, value in solution.shown.items():
        yield "solution", _equality(name, value, is_latex)
    if solution.also:
        yield "also", solution.also
    if solution.kind:
        yield "kind", f"{solution.kind}: {solution.reason}"
    if solution.conditions:
        yield "holds if", "; ".join(solution.conditions)
    for name, value in solution.otherwise.items():
        yield "else", f"{_equality(name, value, is_latex)}, the shortest of all solutions"


def _equality(name: str, value: Expr, is_latex: bool) -> str:
    return f"{_symbol(name, value)} = {value.latex(width=None)}" if is_latex else f"{typed_name(name)} = {value}"
