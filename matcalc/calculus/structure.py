"""Structured variables: projection of a derivative onto the linear space in which the variable lives.

The derivative within a linear space is the orthogonal projection of the unstructured one under
<A, B> = tr(A^T B) [Srinivasan & Panda 2023; Magnus & Neudecker 1980 for the duplication-matrix view].
Other conventions and Riemannian gradients are read from the same gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from matcalc.errors import UnsupportedError
from matcalc.expr import (
    LINEAR_STRUCTURES,
    Index,
    Node,
    at,
    commutation,
    diag,
    diagonal,
    fresh_index,
    hadamard,
    identity,
    is_number,
    kron,
    mask,
    matmul,
    matrix_power,
    member_structure,
    member_variable,
    multiply,
    number_of_members,
    of_each,
    ones,
    power,
    scaled,
    split_scalar,
    substitute,
    total,
    transpose,
    variable,
    variables,
    vec,
)
from matcalc.expr.built.picking import picked
from matcalc.expr.facts import is_symmetric
from matcalc.expr.supports import is_diagonal, is_triangular

__all__ = [
    "CONVENTIONS",
    "independent_entries",
    "is_mirrored",
    "linear_structure",
    "orthogonal_constants",
    "project",
    "project_columns",
    "refuse_unknown_convention",
    "riemannian",
    "structure_of",
    "unstructured",
    "with_inverses",
    "with_transposes",
]

#: How the entries of a structured variable count: within its linear space (the default), as if it had no
#: structure, or its independent entries alone, each of which moves every place where it stands.
CONVENTIONS = ("structured", "unstructured", "independent")


def refuse_unknown_convention(convention: str) -> None:
    """Raises UnsupportedError."""
    if convention not in CONVENTIONS:
        raise UnsupportedError(f"unknown convention {convention}", hint=f"conventions are {', '.join(CONVENTIONS)}")


def linear_structure(variable: Node) -> str | None:
    """symmetric, skew, diagonal, lower or upper; None for an unstructured variable."""
    kinds = [LINEAR_STRUCTURES[s] for s in variable.data[-1] if s in LINEAR_STRUCTURES]
    if "diagonal" in kinds:
        return "diagonal"
    return kinds[0] if kinds else None


def structure_of(variable: Node) -> str | None:
    """The linear structure of a variable, or of every member of one that holds a family."""
    return linear_structure(variable) or member_structure(variable)


def _of_each_member(g: Node, array: Node, change: Callable[[Node, Node], Node]) -> Node:
    """Σ_k e_k ⊗ c(G_k), of a G that has the G_k below each other; it is G where no member changes."""
    index = Index("of each member", number_of_members(array))  # no number: sums in G have these
    place, own = at(index), member_variable(array)
    member = transpose(picked(transpose(g), kron(place, identity(own.rows))))
    changed = change(member, own)
    return g if changed is member else total([index], kron(place, changed))


def project(g: Node, variable: Node) -> Node:
    """The orthogonal projection of G (shaped as the variable) onto the variable's linear space."""
    if member_structure(variable):
        return _of_each_member(g, variable, project)
    match linear_structure(variable):
        case "symmetric":
            return g if is_symmetric(g) else scaled(Fraction(1, 2), g + transpose(g))
        case "skew":
            return scaled(Fraction(1, 2), g - transpose(g))
        case "diagonal":
            return g if is_diagonal(g) else diag(_diagonal(g))
        case "lower" | "upper" as kind:
            if is_triangular(g, kind):
                return g
            if is_triangular(g, "upper" if kind == "lower" else "lower"):
                return diag(_diagonal(g))
            return hadamard(mask(kind, *g.shape), g)
    return g


def _diagonal(g: Node) -> Node:
    """The diagonal; of products and powers of triangular matrices that of each factor."""
    for kind in ("lower", "upper"):
        if is_triangular(g, kind):
            if g.op == "matmul":
                return hadamard(*(_diagonal(f) for f in g.args))
            if g.op == "matpow" and is_number(g.args[1]) is not None:
                return power(_diagonal(g.args[0]), g.args[1])
    return diagonal(g)


def projector(variable: Node) -> Node | None:
    """P with vec(project(G)) = P vec(G); None where nothing is projected."""
    if structure := member_structure(variable):
        return _projector_of_each(variable, structure)
    n = variable.rows
    match linear_structure(variable):
        case "symmetric":
            return scaled(Fraction(1, 2), identity(n * n) + commutation(n, n))
        case "skew":
            return scaled(Fraction(1, 2), identity(n * n) - commutation(n, n))
        case "diagonal":
            return diag(vec(identity(n)))
        case "lower" | "upper" as kind:
            return diag(vec(mask(kind, n, n)))
    return None


def _projector_of_each(array: Node, structure: str) -> Node:
    """The same for members below each other, where vec(Σ_k e_k ⊗ G_k) = Σ_k (I ⊗ e_k ⊗ I) vec(G_k)"""
    n, count = array.cols, number_of_members(array)
    if structure in ("symmetric", "skew"):
        index = fresh_index(count, ())
        places = kron(identity(n), at(index), identity(n))
        turned = total([index], matmul(places, commutation(n, n), transpose(places)))
        whole = identity(array.rows * n)
        return scaled(Fraction(1, 2), whole + turned if structure == "symmetric" else whole - turned)
    pattern = identity(n) if structure == "diagonal" else mask(structure, n, n)
    return diag(vec(kron(ones(count), pattern)))


def project_columns(matrix: Node, variable: Node) -> Node:
    """J P: a vec form restricted to directions of the variable's linear space."""
    p = projector(variable)
    if p is None or _keeps_triangle(matrix, linear_structure(variable)):
        return matrix
    return multiply(matrix, p)


def _keeps_triangle(matrix: Node, structure: str | None) -> bool:
    """diag(vec(W)) of a matrix W that is zero outside the triangle needs no projection."""
    _, inside = split_scalar(matrix)
    if inside.op != "diag" or inside.args[0].op != "vec":
        return False
    (w,) = inside.args[0].args
    return structure in ("lower", "upper") and is_triangular(w, structure)


# --- other conventions ------------------------------------------------------------------------


def unstructured(variable_: Node) -> Node:
    """The variable without the structure of a linear space; what is left (invertible, positive) stays."""
    name, tags = variable_.data
    kept = [t for t in tags if t not in LINEAR_STRUCTURES and not set(of_each([t])) & LINEAR_STRUCTURES.keys()]
    return variable(name, variable_.shape, kept)


def independent_entries(g: Node, variable: Node) -> Node:
    """The derivative by the independent entries, from the gradient G within the structure.

    2 G - diag G for a symmetric variable [MC (138)], 2 G for a skew one, G for the others.
    """
    if member_structure(variable):
        return _of_each_member(g, variable, independent_entries)
    match linear_structure(variable):
        case "symmetric":
            return scaled(2, g) - diag(diagonal(g))
        case "skew":
            return scaled(2, g)
    return g


def is_mirrored(variable: Node) -> bool:
    """Whether each independent entry off the diagonal stands twice."""
    return structure_of(variable) in ("symmetric", "skew")


def orthogonal_constants(f: Node, wrt: Sequence[Node]) -> dict[Node, Node]:
    """Q^T -> Q^-1 for every constant orthogonal Q, so that Q^T Q = I; a Q that varies keeps its transpose."""
    constant = [v for v in variables(f) if "orthogonal" in v.data[1] and v not in wrt]
    return {transpose(q): matrix_power(q, -1) for q in constant}


def with_inverses(f: Node, constants: dict[Node, Node]) -> Node:
    """Q^-1 for Q^T; twice, since an inverse may be transposed where it is put."""
    return substitute(substitute(f, constants), constants) if constants else f


def with_transposes(f: Node, constants: dict[Node, Node]) -> Node:
    """Q^T for Q^-1, as it is written."""
    if not constants:
        return f
    return substitute(with_inverses(f, constants), {inverse_: t for t, inverse_ in constants.items()})


# --- Riemannian gradients ---------------------------------------------------------------------


def _stiefel(g: Node, x: Node) -> Node:
    """G - X sym(X^T G), the gradient in the embedded metric [Absil, Mahony & Sepulchre 2008, (3.35)]"""
    if x.is_square:
        return scaled(Fraction(1, 2), g - matmul(x, transpose(g), x))
    inside = matmul(transpose(x), g)
    return g - scaled(Fraction(1, 2), matmul(x, inside + transpose(inside)))


def _affine_invariant(g: Node, x: Node) -> Node:
    """S sym(G) S, the gradient in the metric <A, B> = tr(S^-1 A S^-1 B) [Pennec, Fillard & Ayache 2006]"""
    if linear_structure(x) != "symmetric":
        raise UnsupportedError(
            f"{x.data[0]} is not declared symmetric", hint=f"the geometry is that of {x.data[0]}: spd({x.rows})"
        )
    return matmul(x, g, x)


#: name of a geometry -> the Riemannian gradient, from the gradient G at X
GEOMETRIES: dict[str, Callable[[Node, Node], Node]] = {
    "stiefel": _stiefel,
    "affine-invariant": _affine_invariant,
}


def riemannian(g: Node, variable: Node, geometry: str) -> Node:
    """The Riemannian gradient: the tangent vector R with <R, E>_X = df[E] for every tangent E."""
    if geometry not in GEOMETRIES:
        raise UnsupportedError(f"unknown geometry {geometry}", hint=f"geometries are {', '.join(GEOMETRIES)}")
    if variable.is_column:
        raise UnsupportedError(f"{variable.data[0]} is no matrix", hint="a Riemannian gradient is by a matrix")
    return GEOMETRIES[geometry](g, variable)
