"""`minimize`: the question, the closed form or the method, and SciPy's result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from matcalc.calculus.structure import structure_of
from matcalc.errors import DeclarationError, MatcalcError, ShapeError, UnsupportedError
from matcalc.language import canonical_name
from matcalc.language.limits import bounded
from matcalc.minimizing.bounds import Limit, limit_of, sides_of
from matcalc.minimizing.certainty import Certainty, certainty_of
from matcalc.minimizing.closed import Closed, closed_form
from matcalc.minimizing.coordinates import Array, Block, Coordinates
from matcalc.minimizing.derived import Derived, Functions
from matcalc.minimizing.kinks import without_kinks
from matcalc.minimizing.methods.interior import interior
from matcalc.minimizing.methods.lagrangian import Augmented, Ended, constrained, refined
from matcalc.minimizing.methods.newton import LARGEST_DENSE, descend
from matcalc.minimizing.starts import named_start, start_of
from matcalc.objects.expressions import Expr, Variable, Where
from matcalc.solving.problems import Problem
from matcalc.solving.reading import read_problem

__all__ = ["Stated", "minimize", "reached", "stated_problem"]

#: What is said of an end: the method, the message, whether it is a success and a global minimum.
Said = dict[str, Any]
#: The functions that were minimised, where they ended, and the bounds of their entries.
Wide = tuple[Functions, Ended, tuple[Array, Array]]
Reached = tuple[Any, Functions, Ended, tuple[Array, Array]]

#: What may be left of a constraint or of the gradient, beside the larger of 1 and the gradient at the start.
TOLERANCE = 1e-9
#: With more free entries no unknowns are put above kinks.
LARGEST_LIFTED = 2500


class Stated:
    """What does not depend on data: read, derived and compiled once."""

    def __init__(self, problem: Problem, *, keeps_limits: bool = False) -> None:
        frame = problem.frame
        limits = [None if keeps_limits else limit_of(c, problem.unknowns, frame) for c in problem.constraints]
        self.limits: list[Limit] = [found for found in limits if found is not None]
        kept = tuple(c for c, found in zip(problem.constraints, limits, strict=True) if found is None)
        self.whole = problem
        self.problem = replace(problem, constraints=kept)
        self.derived = Derived(self.problem)

    @cached_property
    def closed(self) -> Closed | None:
        return closed_form(self.whole)

    @cached_property
    def certainty(self) -> Certainty | None:
        return certainty_of(self.problem)

    @cached_property
    def lifted(self) -> Stated | None:
        """The smooth problem in more unknowns of a convex one with kinks."""
        try:
            found = without_kinks(self.problem) if self.certainty is not None else None
        except MatcalcError:
            return None
        return None if found is None else Stated(found, keeps_limits=True)

    def reason(self, data: Mapping[str, Any]) -> str | None:
        """Why a minimum is one of all points, or None."""
        return None if self.certainty is None else self.certainty.reason(data)


@lru_cache(maxsize=32)
def _stated_once(f: str, wrt: tuple[str, ...], subject_to: tuple[str, ...], where: str | None) -> Stated:
    return _stated(f, wrt, subject_to, where)


def _stated(f: str | Expr, wrt: Sequence[Variable], subject_to: Sequence[str], where: Where) -> Stated:
    problem = read_problem(f, wrt, subject_to, where)
    if problem.objective is None:
        raise UnsupportedError("an equation is solved, and has no minimum", code="equation", hint="mc.solve")
    said = problem.objective.statement
    if said is not None and said.sense == "max":
        text = problem.objective.function.text
        raise UnsupportedError("this is a maximum", code="sense", hint=f"minimise -({text})")
    if any("orthogonal" in x.data[1] for x in problem.unknowns) and closed_form(problem) is None:
        hint = "declare it a matrix, and add the constraint X^T X = I"
        raise UnsupportedError("there is no closed form, and orthogonal matrices have no free entries", hint=hint)
    return Stated(problem)


def stated_problem(f: str | Expr, wrt: Sequence[Variable], subject_to: Sequence[str], where: Where) -> Stated:
    """The problem, read and derived; one that is given in texts only once."""
    if isinstance(f, str) and all(isinstance(w, str) for w in wrt) and (where is None or isinstance(where, str)):
        return _stated_once(f, tuple(map(str, wrt)), tuple(subject_to), where)
    return _stated(f, wrt, subject_to, where)


@bounded
def minimize(
    f: str | Expr,
    wrt: Variable | Sequence[Variable] | None = None,
    data: Mapping[str, Any] | None = None,
    *,
    subject_to: str | Sequence[str] | None = None,
    bounds: Any = None,
    start: Any = None,
    where: Where = None,
    callback: Callable[[Any], Any] | None = None,
) -> Any:
    """The least value of f, under constraints, for given data: SciPy's OptimizeResult.

    The closed form is taken where it is proved to be a minimum; else Newton's method with the derivatives that were derived
    (above 600 free entries SciPy's L-BFGS-B), between bounds, for constraints an augmented Lagrangian over it, and of convex functions with kinks (absolute values, largest
    entries) an interior-point method with unknowns above these. ``subject_to`` are constraints as of `solve`, inequalities too; ``bounds`` is a pair ``(low, high)`` of numbers, arrays or None, or a mapping
    from names to such pairs, or SciPy's. A structured unknown moves within its structure; ``data`` holds the arrays of all other
    names. Without ``start`` a point is taken where f has a value.

    The result has ``x`` in the shape of the unknown (of several a mapping by name), ``fun``, ``success``, ``message``, ``method``,
    ``multipliers``, ``constr_violation``, ``optimality`` and ``is_global``: whether f and the constraints are proved to be convex.

    >>> A, b = np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([1.0, -1.0])
    >>> found = mc.minimize("||A x - b||^2", "x", {"A": A, "b": b}, subject_to="x >= 0")
    >>> found.x.round(6).tolist(), round(found.fun, 6), found.message
    ([0.0, 0.0], 2.0, 'global minimum: f is convex')

    Raises:
        MatcalcError: as of `solve`; data or a start that do not fit, or lie outside of the bounds or the domain.
    """
    named = [wrt] if isinstance(wrt, (str, Expr)) else list(wrt or ())
    texts = [subject_to] if isinstance(subject_to, str) else list(subject_to or ())
    return reached(stated_problem(f, named, texts, where), data or {}, bounds, start, callback)[0]


def reached(stated: Stated, data: Mapping[str, Any], bounds: Any, start: Any = None, callback: Any = None) -> Reached:
    """The result with the functions that were minimised, where they ended, and the bounds of the free entries."""
    derived = stated.derived
    known = _known(data, derived.names)
    given = named_start(start, derived.names)
    shapes = {n: _shape(derived, n, known, given) for n in derived.names}
    unknowns = dict(zip(derived.names, stated.problem.unknowns, strict=True))
    sides = sides_of(bounds, stated.limits, shapes, known, {n: x.data[1] for n, x in unknowns.items()})
    coordinates = Coordinates([Block(n, shapes[n], structure_of(x)) for n, x in unknowns.items()])
    functions = Functions(derived, known, coordinates)
    low, high = coordinates.bounds(sides)
    z = start_of(functions, given, low, high) if given else None
    is_free = not stated.limits and bounds is None
    closed = _closed(stated, functions, known) if is_free else None
    if closed is not None:
        return _result(functions, closed[0], **closed[1]), functions, closed[0], (low, high)
    z = start_of(functions, given, low, high) if z is None else z
    watch = _watch(functions, callback)
    smooth = _without_kinks(stated, functions, z, (low, high), watch)
    if smooth is not None:
        own, said, wide = smooth
        return _result(functions, own, **said), *wide
    ended, options = _searched(stated, functions, z, low, high, watch)
    return _result(functions, ended, **options), functions, ended, (low, high)


def _known(data: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    known = {canonical_name(str(name)): value for name, value in data.items()}
    for name in names:
        if name in known:
            said = f"{name} is the unknown, and stands among the data"
            raise DeclarationError(said, code="data", word=name, hint="where to begin is start=…")
    return {
        n: v if hasattr(v, "shape") or callable(v) or isinstance(v, int) else np.asarray(v) for n, v in known.items()
    }


def _shape(derived: Derived, name: str, data: Mapping[str, Any], start: Mapping[str, Array]) -> tuple[int, ...]:
    """The shape of an unknown: that which the data show, else that of its start."""
    others = {**data, **{n: v for n, v in start.items() if n != name}}
    try:
        shape = derived.values.shape_of(name, others, np.nan)
    except MatcalcError as error:
        if "cannot be read off" not in error.message:
            raise
        if name in start:
            return derived.values.shape_of(name, others, start[name])
        said = f"the shape of {name} cannot be read off the data"
        raise DeclarationError(said, code="shape", word=name, hint="give start=…, or its sizes in the data") from error
    if name in start and start[name].shape != shape:
        said = f"the start of {name} has the shape {start[name].shape}, and {name} {shape}"
        raise ShapeError(said, code="start", word=name)
    return shape


def _watch(functions: Functions, callback: Any) -> Callable[[Array], None]:
    """What is called after every step, as SciPy calls it."""
    if callback is None:
        return lambda z: None
    from scipy.optimize import OptimizeResult

    def watch(z: Array) -> None:
        arrays = functions.coordinates.arrays(z)
        callback(OptimizeResult(x=_shown(arrays), fun=functions.values(z)[0]))

    return watch


def _shown(arrays: Mapping[str, Array]) -> Any:
    return next(iter(arrays.values())) if len(arrays) == 1 else dict(arrays)


def _closed(stated: Stated, functions: Functions, data: Mapping[str, Any]) -> tuple[Ended, Said] | None:
    """The closed form at the data, where the gradient vanishes there and the constraints hold."""
    closed = stated.closed
    found = None if closed is None else closed.at(data)
    if found is None or closed is None:
        return None
    z = functions.coordinates.vector(found)
    f, c = functions.values(z)
    weights = [np.reshape(found[name], -1) for name in stated.derived.multipliers]
    y = np.concatenate(weights) if weights else np.zeros(0)
    if not np.isfinite(f) or len(y) != len(c):
        return None
    g = functions.slope(z, y)
    scale = max(1.0, float(np.abs(functions.slope(z + 0.1 * (1 + np.abs(z)), y)).max(initial=0.0)))
    violation = float(np.abs(c).max(initial=0.0))
    pull = 0.0 if _is_orthogonal(stated) else float(np.abs(g).max(initial=0.0))
    if not pull <= 1e-7 * scale or not violation <= 1e-7 * max(1.0, float(np.abs(z).max(initial=0.0))):
        return None
    ended = Ended(z, y, pull, violation, 0)
    reason = stated.reason(data)
    said = f"global minimum: {reason}" if reason else "minimum, by its closed form"
    return ended, {"method": f"closed form: {closed.shown}", "message": said, "is_global": reason is not None}


def _is_orthogonal(stated: Stated) -> bool:
    return any("orthogonal" in x.data[1] for x in stated.problem.unknowns)


def _searched(
    stated: Stated, functions: Functions, z: Array, low: Array, high: Array, watch: Callable[[Array], None]
) -> tuple[Ended, Said]:
    start = functions.slope(z, np.zeros(len(functions.values(z)[1])))
    tolerance = TOLERANCE * max(1.0, min(float(np.abs(start[np.isfinite(start)]).max(initial=0.0)), 1e4))
    if functions.is_constrained:
        ended = constrained(functions, z, low, high, tolerance, watch)
    else:
        outcome = descend(Augmented(functions, np.zeros(0), 1.0, np.zeros(0, bool)), z, low, high, tolerance, watch)
        ended = Ended(outcome.z, np.zeros(0), outcome.pull, 0.0, outcome.steps, outcome.is_bounded)
    method = "Newton" if functions.coordinates.size <= LARGEST_DENSE else "L-BFGS-B"
    method = f"augmented Lagrangian, {method}" if functions.is_constrained else method
    fault = _fault(functions, ended, tolerance)
    if fault:
        return ended, {"method": method, "message": fault, "success": False}
    reason = stated.reason(functions.data)
    said = f"global minimum: {reason}" if reason else "local minimum: f was not proved to be convex"
    return ended, {"method": method, "message": said, "is_global": reason is not None}


def _without_kinks(
    stated: Stated, functions: Functions, z: Array, ends: tuple[Array, Array], watch: Callable[[Array], None]
) -> tuple[Ended, Said, Wide] | None:
    """By the smooth problem with unknowns above all kinks, if there is one and it has an end; and that problem with its end."""
    reason = stated.reason(functions.data)
    lifted = None if reason is None else stated.lifted
    if lifted is None:
        return None
    whole = _above(lifted, functions, z)
    if whole is None or len(whole[1]) > LARGEST_LIFTED:
        return None
    wide, start = whole
    low, high = _wide_bounds(lifted, wide, ends)
    slope = wide.slope(start, np.zeros(len(wide.values(start)[1])))
    tolerance = TOLERANCE * max(1.0, min(float(np.abs(slope[np.isfinite(slope)]).max(initial=0.0)), 1e4))
    ended = interior(wide, start, low, high, tolerance, lambda point: watch(point[: len(z)]))
    if ended is not None:
        ended = refined(wide, ended.z, ended.weights, low, high) or ended
    if ended is None or not _agree(functions.values(ended.z[: len(z)])[0], wide.values(ended.z)[0]):
        return None
    count = len(functions.values(z)[1])
    own = replace(ended, z=ended.z[: len(z)], weights=ended.weights[:count])
    said = {"method": "interior point, with unknowns above the kinks", "message": f"global minimum: {reason}"}
    return own, {**said, "is_global": True}, (wide, ended, (low, high))


def _agree(value: float, lifted: float) -> bool:
    """Whether the new unknowns lie on the kinks, and not above or below."""
    return bool(np.isfinite(value)) and abs(value - lifted) <= 1e-6 * (1.0 + abs(value))


def _wide_bounds(lifted: Stated, wide: Functions, ends: tuple[Array, Array]) -> tuple[Array, Array]:
    """Those of the unknowns, and 0 below what is above a number that is never negative."""
    tags = {str(x.data[0]): x.data[1] for x in lifted.problem.unknowns}
    count = len(ends[0])
    new, seen = [], 0
    for block in wide.coordinates.blocks:
        if seen >= count:
            new.append(np.full(block.size, 0.0 if "positive" in tags[block.name] else -np.inf))
        seen += block.size
    free = np.full(wide.coordinates.size - count, np.inf)
    return np.concatenate([ends[0], *new]), np.concatenate([ends[1], free])


def _above(lifted: Stated, functions: Functions, z: Array) -> tuple[Functions, Array] | None:
    """The smooth problem at the data, and a point that lies above all kinks."""
    arrays = functions.coordinates.arrays(z)
    names = lifted.derived.names
    blocks = list(functions.coordinates.blocks)
    try:
        for n in names[len(blocks) :]:
            blocks.append(Block(n, lifted.derived.values.shape_of(n, {**functions.data, **arrays}, np.nan)))
    except MatcalcError:
        return None
    wide = Functions(lifted.derived, functions.data, Coordinates(blocks))
    start = np.concatenate([z, np.zeros(wide.coordinates.size - len(z))])
    _, c = wide.values(start)
    if not np.all(np.isfinite(c)):
        return None
    rows = wide.jacobian(start)[:, len(z) :]
    for j in range(rows.shape[1]):
        over = c[rows[:, j] < 0]
        start[len(z) + j] = 1.0 + float(over.max(initial=0.0))
    return wide, start


def _fault(functions: Functions, ended: Ended, tolerance: float) -> str:
    """Why it is no minimum; empty where it is one."""
    scale = 1.0 + float(np.abs(ended.z).max(initial=0.0))
    is_done = ended.violation <= 1e-7 * scale and ended.pull <= 1e3 * tolerance
    if not is_done and (border := functions.singular(ended.z)):
        return f"no minimum among definite matrices was found: {border} runs towards a singular one"
    if not ended.is_bounded:
        return "f falls without a bound, as far as was seen"
    if ended.violation > 1e-7 * scale:
        return f"no point was found that meets the constraints: {ended.violation:.1e} is left of one"
    if not ended.pull <= 1e3 * tolerance:
        return f"not converged: {ended.pull:.1e} is left of the gradient"
    return ""


def _result(
    functions: Functions, ended: Ended, method: str, message: str, *, success: bool = True, is_global: bool = False
) -> Any:
    from scipy.optimize import OptimizeResult

    arrays = functions.coordinates.arrays(ended.z)
    slope = functions.slope(ended.z, np.zeros(len(ended.weights)))
    return OptimizeResult(
        x=_shown(arrays),
        fun=functions.values(ended.z)[0],
        jac=slope,
        success=success,
        status=0 if success else 1,
        message=message,
        method=method,
        is_global=is_global,
        multipliers=functions.multipliers(ended.weights),
        constr_violation=ended.violation,
        optimality=ended.pull,
        nit=ended.steps,
        **functions.counts,
    )
