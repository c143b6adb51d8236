"""Which verdict a problem gets: its candidates in turn, each verified, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from matcalc.calculus.validity.conditions import conditions
from matcalc.calculus.validity.requirements import INVERTIBLE, Condition, without_implied
from matcalc.expr import Node, combine, content, matmul, postorder, substitute, terms, trace, transpose
from matcalc.expr.facts import is_pd, is_psd
from matcalc.functions.table import row_of
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost
from matcalc.simplify.expansion import expanded
from matcalc.solving.elimination import Joint, joint_roots
from matcalc.solving.kinds import Kind, kind_of
from matcalc.solving.problems import Problem
from matcalc.solving.samples import Trial, outside_of, trials
from matcalc.solving.ways.eigen import Eigen, eigen_equation
from matcalc.solving.ways.equations import Equation, Root, holds
from matcalc.solving.ways.orthogonal import procrustes
from matcalc.solving.ways.roots import roots
from matcalc.solving.ways.singular import Singular, singular_vectors
from matcalc.solving.ways.subspaces import Subspace, subspace_equation
from matcalc.solving.ways.substituting import orthonormality, with_constraint

__all__ = ["Found", "Nothing", "Spectral", "answer"]


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
    eigen: Spectral | None = None


@dataclass(frozen=True)
class Nothing:
    """Why no solution is given; ``eigen`` is the eigen equation that it is, or None."""

    reason: str
    eigen: Spectral | None = None


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
    return _constant_gradient(problem) or Nothing("no rule brings the unknown to one side")


def _constant_gradient(problem: Problem) -> Nothing | None:
    """Of a linear function, also along linear constraints, there is a stationary point everywhere, or nowhere."""
    for equation in problem.equations[: len(problem.unknowns)] if problem.objective is not None else ():
        if any(holds(equation.residual, x) for x in problem.unknowns):
            continue
        x = equation.unknown.data[0]
        if not problem.constraints:
            return Nothing(f"the gradient does not depend on {x}: there is no stationary point unless it is 0")
        said = f"the function and its constraints are linear in {x}: there is no stationary point, unless all points"
        return Nothing(f"{said} that meet the constraints have the same value")
    return None


#: An eigen equation, of one column or of several.
Spectral = Eigen | Subspace
Candidate = tuple[Joint, Spectral | Singular | None]


def _candidates(problem: Problem, equations: Sequence[Equation]) -> Iterator[list[Candidate]]:
    """By orthogonality, as an eigen equation, then by elimination."""
    objective, unknowns = problem.objective, problem.unknowns
    if objective is not None and len(unknowns) == 1 and "orthogonal" in unknowns[0].data[1]:
        if not problem.constraints:
            yield [({unknowns[0]: root}, None) for root in procrustes(objective.node, unknowns[0])]
        return
    eigen = _eigen(problem, equations)
    if isinstance(eigen, Eigen):
        yield list(_of_eigen(problem, eigen))
    elif eigen is not None:
        yield list(_of_subspace(problem, eigen))
    if eigen is not None:
        return
    yield list(singular_vectors(problem))
    yield [(joint, None) for joint in joint_roots(equations)]


def _eigen(problem: Problem, equations: Sequence[Equation]) -> Spectral | None:
    if problem.objective is None or len(problem.unknowns) != 1:
        return None
    numbers = [m for m in problem.multipliers if m.is_scalar]
    found = eigen_equation(equations[0], numbers) or subspace_equation(equations[0], problem.multipliers)
    if found is None and (factors := orthonormality(problem)) is not None:
        shorter = Equation(with_constraint(equations[0].residual, factors), equations[0].unknown)
        found = subspace_equation(shorter, problem.multipliers)
    return None if found is None or found.left.op == "identity" else found


def _of_subspace(problem: Problem, subspace: Subspace) -> Iterator[Candidate]:
    """The eigenvectors of the least and of the largest eigenvalues, as many as W has columns; the multiplier is read off."""
    (w,) = problem.unknowns
    for basis, value in subspace.bases(w):
        found: dict[Node, Root] = {w: Root(basis, "eigenvectors")}
        for multiplier in problem.multipliers:
            own = simplify(
                substitute(subspace.value, {simplify(matmul(transpose(w), subspace.left, w)): value}) - value
            )
            for root in roots(Equation(own, multiplier))[:1]:
                found[multiplier] = replace(root, value=simplify(substitute(root.value, {w: basis})))
        yield found, subspace


def _of_eigen(problem: Problem, eigen: Eigen) -> Iterator[Candidate]:
    """The eigenvectors of the least and the largest eigenvalue; a multiplier is read off the equation."""
    (x,) = problem.unknowns
    for pair in eigen.pairs():
        found: dict[Node, Root] = {x: Root(pair.vector, "an eigenvector", is_any_length=not problem.constraints)}
        for multiplier in problem.multipliers:
            equation = Equation(eigen.value - pair.value, multiplier)
            for root in roots(equation)[:1]:
                found[multiplier] = root
        yield found, eigen


def _verified(problem: Problem, joint: Joint, eigen: Spectral | Singular | None) -> Found | None:
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
    if isinstance(eigen, Singular):
        known = Kind("minimum" if eigen.sign < 0 else "maximum", eigen.reason)
        return Found(joint, known, tuple(needs), tuple(inside))
    kind = None if eigen is None else _kind_of_spectral(problem, values, eigen)
    flat = [x for x, root in joint.items() if root.is_any_length]
    kind = kind or kind_of(problem, values, [t.point for t in inside], flat)
    return Found(joint, kind, tuple(needs), tuple(inside), eigen)


def _shortest(problem: Problem, x: Node, root: Root) -> Node | None:
    """The value with Moore-Penrose inverses, where it was seen to solve what the other has no value for."""
    if root.shortest is None or len(problem.equations) > 1:
        return None
    tried = trials(problem, {x: root.shortest}, unlike={x: root.value})
    return root.shortest if tried and all(t.solves and not t.outside for t in tried) else None


def _kind_of_spectral(problem: Problem, values: Mapping[Node, Node], eigen: Spectral) -> Kind | None:
    """Of a function that is the eigenvalue, or the sum of those of W, up to a number: it takes no other values where it is stationary."""
    assert problem.objective is not None
    (x,) = problem.unknowns
    if isinstance(eigen, Eigen):
        vectors = [pair.vector for pair in eigen.pairs()]
        known = matmul(transpose(x), eigen.left, x) if problem.constraints else eigen.value
    else:
        known, vectors = trace(matmul(transpose(x), eigen.left, x)), [basis for basis, _ in eigen.bases(x)]
    moving = _moving(problem, x)
    (c, own), (d, other) = content(moving), content(simplify(known))
    if own is not other:
        return None
    place = vectors.index(values[x])
    rising = ("minimum", "maximum") if c / d > 0 else ("maximum", "minimum")
    which = ("least", "largest")[place]
    share = "" if c == d else f"{c / d} times "
    beside = "" if moving is simplify(problem.objective.node) else ", but for a constant,"
    one = f"its value is {share}the {which} eigenvalue"
    several = f"its value is{beside} {share}the sum of the {which} eigenvalues [Fan 1949]"
    return Kind(rising[place], one if isinstance(eigen, Eigen) else several)


def _moving(problem: Problem, x: Node) -> Node:
    """The function; with the constraint put to use, and without what does not hold the unknown, if it has other terms."""
    assert problem.objective is not None
    f = simplify(problem.objective.node)
    factors = orthonormality(problem)
    if factors is None or len(terms(f)) == len(terms(expanded(f))) == 1:
        return f
    parts = [(t, c) for t, c in terms(with_constraint(f, factors)) if holds(t, x)]
    return simplify(combine(parts, f.shape))


def _needs(values: Mapping[Node, Node]) -> list[Condition]:
    """Where the values are defined."""
    found = [c for node in values.values() for c in conditions(node, wrt=())]
    for node in postorder(*values.values()):
        if node.op == "call" and node.data[0] == "sylvester":
            found += _of_sylvester(*node.args[:2])
    return list(dict.fromkeys(found))


def _of_sylvester(a: Node, b: Node) -> list[Condition]:
    """A Y + Y B = C is solvable for every C where A and -B share no eigenvalue: semidefinite ones only 0."""
    if is_psd(a) and is_psd(b) and (is_pd(a) or is_pd(b)):
        return []
    if is_psd(a) and a is b:
        return [Condition(INVERTIBLE, (a,))]
    return [Condition(need.fact, (a, b)) for need in row_of("sylvester").condition]


def _sorted(problem: Problem, found: Sequence[Found]) -> list[Found]:
    said = problem.objective.statement if problem.objective is not None else None
    order = ["minimum", "maximum", "saddle", "stationary point", ""]
    if said is not None and said.sense == "max":
        order = ["maximum", "minimum", "saddle", "stationary point", ""]
    kept: dict[tuple[Node, ...], Found] = {}
    for one in found:
        kept.setdefault(tuple(root.value for root in one.roots.values()), one)
    return sorted(
        kept.values(),
        key=lambda one: (order.index(one.kind.seen or one.kind.name), cost(next(iter(one.roots.values())).value)),
    )
