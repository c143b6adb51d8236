"""Derivatives of any order, read from differentials.

A scalar function is transposed first, so that one axis of its derivative is the gradient; every
further variable adds one perturbation, and the result stays an operator, linear in each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.determinants import (
    as_determinants,
    as_polynomials,
    has_determinants,
    in_powers,
    without_inverses,
)
from matcalc.calculus.differential import differential
from matcalc.calculus.structure import (
    independent_entries,
    is_mirrored,
    orthogonal_constants,
    project,
    project_columns,
    refuse_unknown_convention,
    riemannian,
    structure_of,
    unstructured,
    with_inverses,
    with_transposes,
)
from matcalc.calculus.vecform import vec_form
from matcalc.errors import DomainError, UnsupportedError
from matcalc.expr import (
    Dim,
    Node,
    Shape,
    content,
    factors,
    is_number,
    multiply,
    number,
    perturbation,
    postorder,
    substitute,
    trace,
    transpose,
    zeros,
)
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.cost import cost

__all__ = [
    "Derived",
    "Reading",
    "array_axes",
    "cotangent",
    "derive",
    "derive_unstructured",
    "derived_of",
    "has_removable_quotients",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """A derivative of f by variables, in the order they are given.

    Attributes:
        operator: array or operator form; linear in each of ``directions``.
        directions: one perturbation for every axis group that the operator leaves open.
        matrix: the derivative itself where no direction is open; with one direction
            the J of vec(operator) = J vec(direction), or None where no matrix notation exists.
        differential: df with one independent perturbation for each variable.
        pairing: the product with which a gradient names df: "frobenius", "independent" (entries on and below the
            diagonal), or the metric of a geometry.
    """

    f: Node
    wrt: tuple[Node, ...]
    operator: Node
    directions: tuple[Node, ...]
    matrix: Node | None
    differential: Node
    pairing: str = "frobenius"

    @property
    def shape(self) -> tuple[Dim, ...]:
        """The axes of f first, then those of each variable (JAX's order)."""
        axes = array_axes(self.f.shape)
        for variable in self.wrt:
            axes += array_axes(variable.shape)
        return axes


def array_axes(shape: Shape) -> tuple[Dim, ...]:
    """The axes of the Python array: none for a scalar, one for a vector, two for a matrix or a row."""
    rows, cols = shape
    if cols.is_one:
        return () if rows.is_one else (rows,)
    return (rows, cols)


def derive(f: Node, wrt: Sequence[Node], *, convention: str = "structured", geometry: str | None = None) -> Reading:
    """The derivative of f by each variable in turn.

    ``convention`` is "structured" or "independent" (`derive_unstructured` is the third); ``geometry`` makes a gradient
    Riemannian. Raises UnsupportedError where these do not apply.
    """
    _check_options(f, wrt, convention, geometry)
    constants = orthogonal_constants(f, wrt)
    f = simplify(with_inverses(f, constants))
    regular = in_powers(f)
    node, directions = _operator(regular, wrt, constants, convention, geometry)
    matrix = _matrix(node, directions)
    df = simplify(iterated_differential(regular, wrt))
    if f.is_scalar and len(wrt) == 1 and convention == "structured" and geometry is None:
        df = min(paired(node, _fresh(f, wrt[0], 0)), df, key=cost)
    return Reading(
        with_transposes(f, constants),
        tuple(wrt),
        with_transposes(node, constants),
        tuple(d for _, d in directions),
        None if matrix is None else with_transposes(matrix, constants),
        with_transposes(df, constants),
        "independent" if convention == "independent" and is_mirrored(wrt[0]) else geometry or "frobenius",
    )


def _operator(
    f: Node, wrt: Sequence[Node], constants: dict[Node, Node], convention: str, geometry: str | None
) -> tuple[Node, list[tuple[Node, Node]]]:
    """The derivative, linear in the perturbations of the axes that it leaves open, and these with their variables."""
    node = f
    directions: list[tuple[Node, Node]] = []
    numbered = _open_directions(f, wrt) > 1
    for place, variable in enumerate(wrt):
        d = _fresh(f, variable, place + 1 if numbered else 0)
        moved = differential(node, {variable: d})
        if node.is_scalar and not directions:
            node = project(cotangent(moved, d, variable), variable)
        elif variable.is_scalar:
            node = substitute(moved, {d: number(1)})
        else:
            node = moved
            directions.append((variable, d))
        node = simplify(with_inverses(node, constants))
    if convention == "independent":
        node = simplify(independent_entries(node, wrt[0]))
    if geometry is not None:
        node = simplify(riemannian(node, wrt[0], geometry))
    return node, directions


@dataclass(frozen=True)
class Derived:
    """A derivative of f by what it is derived from: the form of it that code computes.

    With adj(M) for det(M) M^-1 it is defined where a determinant in f is 0, too. Without a variable in ``wrt`` that has
    an axis of its own it is an operator, as in `Reading`. Its ``differential`` is that by all of them together ("total"),
    or the one by each in turn ("iterated") in place of it.
    """

    f: Node
    wrt: tuple[Node, ...]
    convention: str = "structured"
    geometry: str | None = None
    differential: str | None = None

    @property
    def node(self) -> Node:
        return _extended(self)


@lru_cache(maxsize=64)
def _extended(derived: Derived) -> Node:
    f, wrt, convention = derived.f, derived.wrt, derived.convention
    if convention == "unstructured":
        free = {v: unstructured(v) for v in wrt}
        operator = Derived(f, tuple(free[v] for v in wrt), differential=derived.differential).node
        return without_inverses(simplify(substitute(operator, {new: old for old, new in free.items()})))
    constants = orthogonal_constants(f, wrt)
    f = as_polynomials(simplify(with_inverses(f, constants)))
    if derived.differential == "total":
        operator = simplify(differential(f, {v: perturbation(v) for v in wrt}))
    elif derived.differential == "iterated":
        operator = simplify(iterated_differential(f, wrt))
    else:
        operator, _ = _operator(f, wrt, constants, convention, derived.geometry)
    return with_transposes(as_determinants(operator), constants)


def has_removable_quotients(f: Node) -> bool:
    """Whether f holds a quotient such as (exp(u) - 1) / u, whose parts vanish together."""
    return any(node.op == "power" and _is_removable(node) for node in postorder(f))


def _is_removable(node: Node) -> bool:
    pairs = [(base, is_number(e)) for base, e in factors(node)]
    below = [base for base, e in pairs if e is not None and e < 0 and base.op != "ones"]
    above = [base for base, e in pairs if e is not None and e > 0 and base.op in ("apply", "add")]
    return any(_vanishes(a, content(u)[1]) for u in below for a in above)


def _vanishes(node: Node, u: Node) -> bool:
    """Whether it is 0 where u is 0; it may have no value there."""
    try:
        return substitute(node, {u: zeros(*u.shape)}).is_zero
    except DomainError:
        return False


def derived_of(
    f: Node,
    wrt: Sequence[Node],
    *,
    convention: str = "structured",
    geometry: str | None = None,
    differential: str | None = None,
) -> Derived | None:
    """What the derivative of an f with determinants or quotients 0/0 is computed from; None where it is computed as it is printed."""
    needed = has_determinants(f) or has_removable_quotients(f)
    return Derived(f, tuple(wrt), convention, geometry, differential) if needed else None


def derive_unstructured(f: Node, wrt: Sequence[Node]) -> Reading:
    """The derivative by variables as if they had no structure, at a point that has it.

    f is written in ``unstructured`` variables, as it was typed: A S^T and A S are different functions then.
    """
    free = {v: unstructured(v) for v in wrt}
    reading = derive(f, [free[v] for v in wrt])
    back = {new: old for old, new in free.items()}

    def at_structured(node: Node) -> Node:
        return simplify(substitute(node, back))

    return replace(
        reading,
        operator=at_structured(reading.operator),
        matrix=None if reading.matrix is None else at_structured(reading.matrix),
        differential=at_structured(reading.differential),
    )


def _check_options(f: Node, wrt: Sequence[Node], convention: str, geometry: str | None) -> None:
    refuse_unknown_convention(convention)
    assert convention != "unstructured", "f has to be written in unstructured variables first"
    if (convention == "independent" or geometry is not None) and not (f.is_scalar and len(wrt) == 1):
        what = "derivative by independent entries" if geometry is None else "Riemannian gradient"
        raise UnsupportedError(f"the {what} is that of a scalar function by one variable")


def _open_directions(f: Node, wrt: Sequence[Node]) -> int:
    """How many perturbations stay in the operator: one for each array, but the gradient's of a scalar f."""
    arrays = sum(not v.is_scalar for v in wrt)
    return arrays - 1 if f.is_scalar and arrays else arrays


def cotangent(df: Node, d: Node, variable: Node) -> Node:
    """G with df = <G, dX>, read from df as it was derived, or from its simplified form where a shorter gradient results."""
    ways = [adjoint(form, d) for form in dict.fromkeys((df, simplify(df)))]
    return min(ways, key=lambda g: cost(simplify(project(g, variable))))


def paired(g: Node, d: Node) -> Node:
    """tr(G^T dX)"""
    return trace(multiply(transpose(g), d))


def _fresh(f: Node, variable: Node, index: int) -> Node:
    """The perturbation dX, dX_1, …: the first one from this index on that f does not hold, as a differential does."""
    while (d := perturbation(variable, index)) in f.linear:
        index += 1
    return d


def _matrix(node: Node, directions: list[tuple[Node, Node]]) -> Node | None:
    if not directions:
        return node
    if len(directions) > 1:
        return None
    ((variable, d),) = directions
    form = vec_form(node, d)
    if form is None:
        return None
    return simplify(project_columns(form, variable) if structure_of(variable) else form)


def iterated_differential(f: Node, wrt: Sequence[Node]) -> Node:
    """d_k … d_1 f with independent perturbations: ``dX`` alone, else ``dX_1``, ``dX_2`` …"""
    for place, variable in enumerate(wrt):
        f = differential(f, {variable: _fresh(f, variable, place + 1 if len(wrt) > 1 else 0)})
    return f
