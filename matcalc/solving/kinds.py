"""What a stationary point is: by the definiteness of the Hessian, proved from facts, else seen at random data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from matcalc.calculus.differential import differential
from matcalc.calculus.structure import linear_structure
from matcalc.calculus.vecform import vec_form
from matcalc.checking.sampling import Point, project_numeric
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.convexity.composition import CURVATURE
from matcalc.convexity.context import Context
from matcalc.errors import MatcalcError
from matcalc.expr import (
    Node,
    factors,
    hadamard,
    is_number,
    number,
    perturbation,
    scaled,
    split_scalar,
    substitute,
    terms,
    variable,
    variables,
)
from matcalc.expr.facts import is_nonnegative, is_pd, is_positive, is_psd
from matcalc.printing import readable
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.solving.curved import by_curvature, by_parts
from matcalc.solving.problems import Problem
from matcalc.solving.ways.equations import Affine, Equation, holds, short
from matcalc.solving.ways.operators import preimage

__all__ = ["Kind", "kind_of", "with_hessian"]

#: An eigenvalue of the Hessian that is smaller than this part of the largest counts as 0.
ZERO = 1e-7
#: Longer Hessians are not shown in a reason.
LONGEST_SHOWN = 60

#: What a reason says of a Hessian and a second differential, which stand behind these words where they are printed.
HESSIAN, SECOND = "the Hessian", "its second differential"
STATIONARY = "stationary point"

Values = Mapping[Node, Node]


@dataclass(frozen=True)
class Kind:
    """``name`` is minimum, maximum, saddle or stationary point; ``hessian`` what proves it, or None; ``seen`` what data show."""

    name: str
    reason: str
    hessian: Node | None = None
    seen: str = ""


def kind_of(problem: Problem, values: Values, points: Sequence[Point], flat: Sequence[Node] = ()) -> Kind:
    """The kind of a stationary point; of equations there is none. Along unknowns in ``flat`` f does not move."""
    if problem.objective is None:
        return Kind("", "")
    if any("orthogonal" in x.data[1] for x in problem.unknowns):
        return Kind("minimum", "<N, Q> is least at the polar factor, by von Neumann's inequality")
    return (
        _convex(problem)
        or _proved(problem, values, points)
        or _of_blocks(problem, values, points)
        or _of_two_numbers(problem, values)
        or _by_datum(problem)
        or _curved(problem, values, points)
        or _where(problem)
        or _seen(problem, points, flat)
    )


def _curved(problem: Problem, values: Values, points: Sequence[Point]) -> Kind | None:
    """By curvature, where no data show another kind."""

    def kind_of_rest(rest: Problem) -> tuple[str, str]:
        kind = kind_of(rest, {y: values[y] for y in rest.unknowns}, points)
        return kind.name, with_hessian(kind, lambda node: readable(node, style=problem.frame.style))

    found = (by_curvature(problem) if _are_affine(problem) else None) or by_parts(problem, values, kind_of_rest)
    if found is None or not {_at(problem, point, ()) for point in points} <= {found[0], STATIONARY}:
        return None
    return Kind(*found)


def with_hessian(kind: Kind, written: Callable[[Node], str]) -> str:
    """The reason with the Hessian, or the second differential, that it speaks of."""
    if kind.hessian is None:
        return kind.reason
    shown = written(kind.hessian)
    reason = kind.reason.replace(SECOND, f"{SECOND} {shown}")
    return reason.replace(HESSIAN, f"{HESSIAN} {shown}")


def _convex(problem: Problem) -> Kind | None:
    """By the second differential, a number that facts show to be of one sign everywhere."""
    assert problem.objective is not None
    if not _are_affine(problem):
        return None
    moving = {x: perturbation(x) for x in problem.unknowns}
    f = problem.objective.node
    for form in (f, simplify(f)):
        second = differential(differential(form, moving), moving)
        for sign, name, word in ((1, "minimum", "convex"), (-1, "maximum", "concave")):
            if is_nonnegative(scaled(sign, second)) or is_nonnegative(scaled(sign, simplify(second))):
                bent = any(holds(second, x) for x in problem.unknowns)
                said = f"{SECOND} is never {'negative' if sign > 0 else 'positive'}"
                return Kind(name, said if bent else f"f is {word}: {said}", simplify(second))
    return None


def _proved(problem: Problem, values: Values, points: Sequence[Point]) -> Kind | None:
    """By a Hessian that facts show to be definite: everywhere, or at the solution."""
    if len(problem.unknowns) != 1:
        return None
    hessian = _block(problem, 0, 0)
    if hessian is None:
        return None
    is_affine = _are_affine(problem)
    there = _put_in(hessian, values)
    known = _as_declared(there, values)
    for sign, name in ((1, "minimum"), (-1, "maximum")):
        if is_affine and is_psd(scaled(sign, hessian)):
            return Kind(name, f"{HESSIAN} is {_definite(sign)} semidefinite", hessian)
        if known is not None and is_pd(scaled(sign, known)):
            return Kind(name, f"{HESSIAN} there is {_definite(sign)} definite", there)
        if there is not None and is_psd(scaled(sign, there)) and {_at(problem, p, ()) for p in points} == {name}:
            return Kind(name, f"{HESSIAN} there is {_definite(sign)} semidefinite, and not singular", there)
    return None


def _where(problem: Problem) -> Kind | None:
    """Where a Hessian that depends on data alone makes it a minimum, and where a maximum."""
    if len(problem.unknowns) != 1 or linear_structure(problem.unknowns[0]) or not _are_affine(problem):
        return None
    hessian = _block(problem, 0, 0)
    if hessian is None or holds(hessian, problem.unknowns[0]):
        return None
    along = " along the constraints" if problem.constraints else ""
    if hessian.is_scalar:
        return Kind(STATIONARY, f"a minimum where {HESSIAN} > 0, a maximum where it is < 0", hessian)
    said = f"a minimum where {HESSIAN} is positive definite{along}, a maximum where it is negative definite{along}"
    return Kind(STATIONARY, said, hessian)


def _block(problem: Problem, i: int, j: int) -> Node | None:
    """The vec form of the derivative of the i-th gradient by the j-th unknown."""
    equation, x = problem.equations[i], problem.equations[j].unknown
    d = perturbation(x)
    form = vec_form(simplify(differential(equation.residual, {x: d})), d)
    return None if form is None else simplify(form)


def _of_blocks(problem: Problem, values: Values, points: Sequence[Point]) -> Kind | None:
    """Several unknowns: where their Hessian has no blocks beside the diagonal at the solution, or a zero on it."""
    count = len(problem.unknowns)
    if count < 2:
        return None
    blocks = {(i, j): _block(problem, i, j) for i in range(count) for j in range(count)}
    for (i, j), block in blocks.items():
        own = blocks[i, i]
        is_linear = not problem.constraints and own is not None and own.is_zero
        if i != j and is_linear and block is not None and not block.is_zero:
            return Kind(
                "saddle", f"f is linear in {problem.unknowns[i].data[0]}, and its slope there is moved by the others"
            )
    there = {place: None if block is None else _put_in(block, values) for place, block in blocks.items()}
    if any(block is None or (i != j and not short(block).is_zero) for (i, j), block in there.items()):
        return None
    for sign, name in ((1, "minimum"), (-1, "maximum")):
        own_blocks = [there[i, i] for i in range(count)]
        if all(block is not None and is_psd(scaled(sign, short(block))) for block in own_blocks):
            if problem.constraints and {_at(problem, p, ()) for p in points} != {name}:
                continue
            return Kind(
                name, f"{HESSIAN} there has the blocks of the unknowns alone, {_definite(sign)} semidefinite ones"
            )
    return None


def _by_datum(problem: Problem) -> Kind | None:
    """One number: its second derivative where a datum is what makes the slope zero, with what the domain says of the number."""
    assert problem.objective is not None
    if len(problem.unknowns) != 1 or problem.constraints or not problem.unknowns[0].is_scalar:
        return None
    (x,), (equation,) = problem.unknowns, problem.equations
    second = differential(equation.residual, {x: number(1)})
    at = Context(CURVATURE, problem.objective.node, [x], differentiates=False)
    for datum in (v for v in variables(equation.residual) if v is not x and v.is_scalar):
        affine = Affine.of(Equation(equation.residual, datum))
        root = None if affine is None else preimage(affine, None)
        bend = None if root is None else _put_in(second, {datum: root.value})
        sign = 0 if bend is None else _strict_sign(bend, at)
        if sign:
            name, word = ("minimum", "positive") if sign > 0 else ("maximum", "negative")
            return Kind(name, f"the second derivative there, with the {datum.data[0]} that fits, is {word}")
    return None


def _strict_sign(node: Node, at: Context) -> int:
    """Of a product of what is positive, or negative, wherever the function is defined; else 0."""
    pairs = terms(node)
    sign = 1 if len(pairs) == 1 and pairs[0][1] > 0 else -1 if len(pairs) == 1 else 0
    for base, exponent in factors(pairs[0][0]) if sign else ():
        e = is_number(exponent)
        if at.is_positive(scaled(-1, base)) and e is not None and e.denominator == 1:
            sign *= -1 if e % 2 else 1
        elif not at.is_positive(base):
            return 0
    return sign


def _of_two_numbers(problem: Problem, values: Values) -> Kind | None:
    """Two numbers and one constraint g = 0: the Lagrangian's second derivative along (g_y, -g_x)."""
    if len(problem.unknowns) != 2 or len(problem.constraints) != 1 or not all(x.is_scalar for x in problem.unknowns):
        return None
    g = problem.constraints[0].residual
    slopes = [simplify(differential(g, {x: number(1)})) for x in problem.unknowns]
    along = (slopes[1], scaled(-1, slopes[0]))
    rows = [differential(e.residual, dict(zip(problem.unknowns, along, strict=True))) for e in problem.equations[:2]]
    bend = _put_in(sum((hadamard(a, row) for a, row in zip(along, rows, strict=True)), number(0)), values)
    if bend is None:
        return None
    bend = short(bend)
    for sign, name, word in ((1, "minimum", "positive"), (-1, "maximum", "negative")):
        if is_positive(scaled(sign, bend)):
            return Kind(name, f"along the constraint the second derivative of the Lagrangian is {word}")
    return None


def _as_declared(there: Node | None, values: Values) -> Node | None:
    """With a definite variable for the M in values s M and s M^-1 of definite unknowns, which M has to be for them."""
    for x, value in values.items():
        s, rest = split_scalar(value)
        base = rest.args[0] if rest.op == "matpow" and is_number(rest.args[1]) == -1 else rest
        if there is None or "spd" not in x.data[1] or not is_positive(s) or is_pd(base):
            continue
        there = substitute(there, {base: variable(f"{x.data[0]}__definite", base.shape, ["spd"])})
    return there


def _put_in(hessian: Node, values: Values) -> Node | None:
    try:
        return simplify(substitute(hessian, dict(values)))
    except (ZeroDivisionError, MatcalcError):
        return None


def _definite(sign: int) -> str:
    return "positive" if sign > 0 else "negative"


def _are_affine(problem: Problem) -> bool:
    """Whether no constraint bends: its differential is free of the unknowns."""
    moving = {x: perturbation(x) for x in problem.unknowns}
    changes = [simplify(differential(c.residual, moving)) for c in problem.constraints]
    return not any(holds(change, x) for change in changes for x in problem.unknowns)


# --- at random data ---------------------------------------------------------------------------


def _seen(problem: Problem, points: Sequence[Point], flat: Sequence[Node]) -> Kind:
    """What the data show is told as such: it proves nothing."""
    found = {_at(problem, point, flat) for point in points}
    if len(found) != 1:
        return Kind(STATIONARY, "its kind depends on the data")
    (name,) = found
    signs = {"minimum": "positive definite", "maximum": "negative definite", "saddle": "indefinite"}
    where = " along the constraints" if problem.multipliers else " across it" if flat else ""
    said = f"{HESSIAN} there is {signs.get(name, 'singular')}{where} at {len(points)} random data sets"
    return Kind(STATIONARY, f"its kind is not proved ({said})", seen=name)


def _at(problem: Problem, point: Point, flat: Sequence[Node]) -> str:
    """The kind at one data set, along directions that keep the constraints, and lengths that do not matter."""
    hessian, jacobian, basis = _matrices(problem, point)
    lengths = [[float(np.sum(point.values[x.data[0]] * e)) if x in flat else 0.0 for x, e in basis]] if flat else []
    jacobian = np.array([*jacobian, *lengths])
    if len(jacobian):
        _, sizes, rows = np.linalg.svd(jacobian)
        rank = int(np.sum(sizes > 1e-9 * max(1.0, float(sizes.max(initial=0.0)))))
        free = rows[rank:].T
        hessian = free.T @ hessian @ free
    if not hessian.size:
        return "minimum"
    eigenvalues = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    size = max(float(np.abs(eigenvalues).max()), 1e-300)
    low, high = eigenvalues[0] / size, eigenvalues[-1] / size
    if low < -ZERO:
        return "saddle" if high > ZERO else "maximum" if high < -ZERO else "stationary point"
    return "minimum" if low > ZERO else "stationary point"


def _matrices(problem: Problem, point: Point) -> tuple[Array, Array, list[tuple[Node, Array]]]:
    """The Hessian of the Lagrangian and the Jacobian of the constraints in the entries of the unknowns that are free."""
    moving = {x: perturbation(x) for x in problem.unknowns}
    slopes = {e.unknown: differential(e.residual, moving) for e in problem.equations[: len(problem.unknowns)]}
    bends = [differential(c.residual, moving) for c in problem.constraints]
    basis = list(_basis(problem, point))
    hessian, jacobian = np.zeros((len(basis), len(basis))), []
    for j, (x, e) in enumerate(basis):
        directions = {d: e if y is x else np.zeros(point.values[y.data[0]].shape) for y, d in moving.items()}
        change = {y: evaluate(node, point.values, point.sizes, directions) for y, node in slopes.items()}
        hessian[:, j] = [float(np.sum(other * change[y])) for y, other in basis]
        moved = [evaluate(node, point.values, point.sizes, directions).ravel() for node in bends]
        jacobian.append(np.concatenate(moved) if moved else np.zeros(0))
    return hessian, np.array(jacobian).T, basis


def _basis(problem: Problem, point: Point) -> Iterator[tuple[Node, Array]]:
    """The directions in which each unknown moves within its linear space."""
    for x in problem.unknowns:
        shape = point.values[x.data[0]].shape
        seen: set[bytes] = set()
        for i, j in np.ndindex(*shape):
            e = np.zeros(shape)
            e[i, j] = 1.0
            e = project_numeric(x, e) + 0.0
            size = float(np.sqrt(np.sum(e * e)))
            key = np.round(np.abs(e), 9).tobytes()
            if size and key not in seen:
                seen.add(key)
                yield x, e / size
