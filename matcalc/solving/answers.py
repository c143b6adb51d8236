"""Which verdict a problem gets: its candidates in turn, each verified, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from matcalc.calculus.conditions import conditions
from matcalc.calculus.requirements import Condition, without_implied
from matcalc.expr import Node, postorder, scaled
from matcalc.functions.table import row_of
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost
from matcalc.solving.elimination import Joint, joint_roots
from matcalc.solving.kinds import Kind, kind_of
from matcalc.solving.problems import Problem
from matcalc.solving.samples import Trial, outside_of, trials
from matcalc.solving.ways.eigen import Eigen, eigen_equation
from matcalc.solving.ways.equations import Equation, Root
from matcalc.solving.ways.orthogonal import procrustes
from matcalc.solving.ways.roots import roots

__all__ = ["Found", "Nothing", "answer"]


@dataclass(frozen=True)
class Found:
    """Verified values of all unknowns.

    Attributes:
        roots: the value of each unknown and multiplier, with the way it was found.
        kind: what the point is.
        needs: where it is defined, and is what the unknown was declared to be.
        tried: the data at which it was substituted back.
        eigen: the eigen equation of which it is an extreme solution, or None.
    """

    roots: Joint
    kind: Kind
    needs: tuple[Condition, ...]
    tried: tuple[Trial, ...]
    eigen: Eigen | None = None


@dataclass(frozen=True)
class Nothing:
    """Why no solution is given; ``eigen`` is the eigen equation that it is, or None."""

    reason: str
    eigen: Eigen | None = None


def answer(problem: Problem) -> list[Found] | Nothing:
    """All stationary points that were found and verified, minima first."""
    if any(not c.is_equality for c in problem.constraints):
        return Nothing("with inequalities the KKT conditions are stated, and not solved")
    equations = problem.equations
    refuted = False
    for candidates in _candidates(problem, equations):
        found = [f for joint in candidates if (f := _verified(problem, *joint)) is not None]
        if found:
            return _sorted(problem, found)
        refuted = refuted or bool(candidates)
    eigen = _eigen(problem, equations)
    if eigen is not None:
        return Nothing("an eigen equation", eigen)
    if refuted:
        return Nothing("what was found did not solve the equation at random data, or lay outside of what was declared")
    return Nothing("no rule brings the unknown to one side")


Candidate = tuple[Joint, Eigen | None]


def _candidates(problem: Problem, equations: Sequence[Equation]) -> Iterator[list[Candidate]]:
    """By orthogonality, as an eigen equation, then by elimination."""
    objective, unknowns = problem.objective, problem.unknowns
    if objective is not None and len(unknowns) == 1 and "orthogonal" in unknowns[0].data[1]:
        if not problem.constraints:
            yield [({unknowns[0]: root}, None) for root in procrustes(objective.node, unknowns[0])]
        return
    eigen = _eigen(problem, equations)
    if eigen is not None:
        yield list(_of_eigen(problem, eigen))
        return
    yield [(joint, None) for joint in joint_roots(equations)]


def _eigen(problem: Problem, equations: Sequence[Equation]) -> Eigen | None:
    if problem.objective is None or len(problem.unknowns) != 1:
        return None
    return eigen_equation(equations[0], [m for m in problem.multipliers if m.is_scalar])


def _of_eigen(problem: Problem, eigen: Eigen) -> Iterator[Candidate]:
    """The eigenvectors of the least and the largest eigenvalue; a multiplier is read off the equation."""
    (x,) = problem.unknowns
    for pair in eigen.pairs():
        found: dict[Node, Root] = {x: Root(pair.vector, "an eigenvector")}
        for multiplier in problem.multipliers:
            equation = Equation(eigen.value - pair.value, multiplier)
            for root in roots(equation)[:1]:
                found[multiplier] = root
        yield found, eigen


def _verified(problem: Problem, joint: Joint, eigen: Eigen | None) -> Found | None:
    """What passes at every data set where it is defined; None else."""
    values = {x: root.value for x, root in joint.items()}
    if set(values) != {e.unknown for e in problem.equations}:
        return None
    tried = trials(problem, values)
    joint = {x: replace(root, shortest=_shortest(problem, x, root)) for x, root in joint.items()}
    inside = [t for t in tried if not t.outside]
    if not inside or not all(t.solves for t in inside):
        return None
    needs = without_implied([*_needs(values), *outside_of(tried)])
    kind = None if eigen is None else _kind_of_eigenvector(problem, values, eigen)
    kind = kind or kind_of(problem, values, [t.point for t in inside])
    return Found(joint, kind, tuple(needs), tuple(inside), eigen)


def _shortest(problem: Problem, x: Node, root: Root) -> Node | None:
    """The value with Moore-Penrose inverses, where it was seen to solve what the other has no value for."""
    if root.shortest is None or len(problem.equations) > 1:
        return None
    tried = trials(problem, {x: root.shortest}, unlike={x: root.value})
    return root.shortest if tried and all(t.solves and not t.outside for t in tried) else None


def _kind_of_eigenvector(problem: Problem, values: Mapping[Node, Node], eigen: Eigen) -> Kind | None:
    """Of a function that is the eigenvalue itself, and so takes no other values at stationary points."""
    assert problem.objective is not None
    if problem.constraints:
        return None
    for sign, names in ((1, ("minimum", "maximum")), (-1, ("maximum", "minimum"))):
        if simplify(problem.objective.node - scaled(sign, eigen.value)).is_zero:
            (vector,) = values.values()
            place = [pair.vector for pair in eigen.pairs()].index(vector)
            return Kind(names[place], f"its value is the {('least', 'largest')[place]} eigenvalue")
    return None


def _needs(values: Mapping[Node, Node]) -> list[Condition]:
    """Where the values are defined."""
    found = [c for node in values.values() for c in conditions(node, wrt=())]
    for node in postorder(*values.values()):
        if node.op == "call" and node.data[0] == "sylvester":
            found += [Condition(need.fact, node.args[:2]) for need in row_of("sylvester").condition]
    return list(dict.fromkeys(found))


def _sorted(problem: Problem, found: Sequence[Found]) -> list[Found]:
    said = problem.objective.statement if problem.objective is not None else None
    order = ["minimum", "maximum", "saddle", "stationary point", ""]
    if said is not None and said.sense == "max":
        order = ["maximum", "minimum", "saddle", "stationary point", ""]
    kept: dict[tuple[Node, ...], Found] = {}
    for one in found:
        kept.setdefault(tuple(root.value for root in one.roots.values()), one)
    return sorted(
        kept.values(), key=lambda one: (order.index(one.kind.name), cost(next(iter(one.roots.values())).value))
    )
