"""Sums over the indices of entries, and functions that nobody defined, from SymPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import sympy
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.array.expressions import ArrayElement

from matcalc.errors import UnsupportedError
from matcalc.expr import ONE, Dim, Node, OpenFunction, call, diagonal, multiply, ones, opened, slice_of, transpose
from matcalc.expr.built.lifting import lift
from matcalc.language import Declaration, canonical_name

__all__ = ["ARGUMENT", "derivative_of_open", "index_product", "index_sum", "open_function", "substituted"]

#: Stands for an entry in a function of entries, whatever its own variable is called.
ARGUMENT = "argument_of_the_function"


class Reading(Protocol):
    """What a row of the table of readers is given."""

    declarations: dict[str, Declaration]

    def of(self, e: Any) -> Node: ...
    def dim(self, e: Any) -> Dim: ...
    def beside(self, e: Any) -> Reading: ...


def index_sum(r: Reading, e: Any) -> Node:
    """A sum of products of entries as the matrix product that it is; SymPy writes (x.T*A*x)[0, 0] so."""
    free = _free_places(e)
    if e.function.has(sympy.Function, sympy.Pow) and (entrywise := _of_entries(r, e)) is not None:
        return entrywise
    try:
        found = sympy.MatrixExpr.from_index_summation(e, *(free if len(free) == 2 else ()))
    except (ValueError, TypeError, NotImplementedError, IndexError, AttributeError):
        found = None
    if isinstance(found, sympy.Basic) and e.has(MatrixElement) and not found.has(sympy.Sum, ArrayElement):
        node = r.of(found)
        if node.is_scalar:
            return node
        if len(free) == 2:
            row, col = (r.dim(place) for place in free)
            return slice_of(node, (row, ONE), (col, ONE))
    entrywise = None if free else _of_entries(r, e)
    if entrywise is not None:
        return entrywise
    if _has_numbers_for_ends(e):
        return r.of(sympy.expand(e.doit()))
    raise UnsupportedError(f"{e} has no counterpart here", hint="write the sum with matrix products and traces")


def index_product(r: Reading, e: Any) -> Node:
    """A product over the entries of an array, or one that SymPy computes."""
    value = _array_of_entries(r, e)
    if value is not None:
        return call("prod", value, shape=(ONE, ONE))
    found = e.doit()
    if found.has(sympy.Product) or (found.has(MatrixElement) and not _has_numbers_for_ends(e)):
        raise UnsupportedError(
            f"{e} has no counterpart here", hint="write the product of the entries of an array: prod(x)"
        )
    return r.of(found)


def _has_numbers_for_ends(e: Any) -> bool:
    return all(sympy.sympify(end).is_Integer for _, *ends in e.limits for end in ends)


def _free_places(e: Any) -> list[Any]:
    """The places of entries that are not summed over, in the order in which they occur."""
    summed = {index for index, *_ in e.limits}
    found = [p for t in sympy.preorder_traversal(e.function) if isinstance(t, MatrixElement) for p in t.args[1:]]
    return list(dict.fromkeys(p for p in found if p.is_Symbol and p not in summed))


def _of_entries(r: Reading, e: Any) -> Node | None:
    """Σ_i f(x[i], …), or Σ_i,j f(X[i, j], a[i], …): a function of whole arrays, whose entries are summed"""
    value = _array_of_entries(r, e)
    return None if value is None else multiply(multiply(transpose(ones(value.rows)), value), ones(value.cols))


def _array_of_entries(r: Reading, e: Any) -> Node | None:
    """The array whose entries a sum or a product runs over, all from the first to the last"""
    if len(e.limits) > 2 or any(len(limit) != 3 or limit[1] != 0 for limit in e.limits):
        return None
    indices = [index for index, *_ in e.limits]
    sizes = [r.dim(last + 1) for *_, last in e.limits]
    shape = (sizes[0], sizes[1] if len(sizes) > 1 else ONE)
    elements = sorted(e.function.atoms(MatrixElement), key=str)
    stand_ins = {element: sympy.Symbol(f"{ARGUMENT}_{k}", real=True) for k, element in enumerate(elements)}
    body = e.function.xreplace(stand_ins)
    spread = [_over_indices(r.of(element.args[0]), element.args[1:], indices, shape) for element in elements]
    if not elements or None in spread or body.free_symbols & set(indices):
        return None
    leaf = r.beside(body)
    template = leaf.of(body)
    operands = {
        leaf.declarations.pop(str(t)).node: node
        for t, node in zip(stand_ins.values(), spread, strict=True)
        if node is not None
    }
    for name, declaration in leaf.declarations.items():
        r.declarations.setdefault(name, declaration)
    return lift(template, operands, shape)


def _over_indices(matrix: Node, places: Any, indices: list[Any], shape: tuple[Dim, Dim]) -> Node | None:
    """The array whose entry at the indices is that of the matrix at the places; None where it does not hold all of them."""
    i, j = indices[0], indices[1] if len(indices) > 1 else sympy.Integer(0)
    flipped = transpose(matrix)
    forms: dict[Any, Callable[[], Node]] = {
        (i, j): lambda: matrix,
        (j, i): lambda: flipped,
        (i, i): lambda: diagonal(matrix),
        (i, 0): lambda: multiply(matrix, transpose(ones(shape[1]))),
        (0, i): lambda: multiply(flipped, transpose(ones(shape[1]))),
        (j, 0): lambda: multiply(ones(shape[0]), flipped),
        (0, j): lambda: multiply(ones(shape[0]), matrix),
    }
    form = forms.get(tuple(places))
    fits = (places[1] != 0 or matrix.is_column) and (places[0] != 0 or matrix.is_row)
    square = matrix.is_square or places[0] != places[1]
    found = form() if form is not None and fits and square else None
    return found if found is not None and found.shape == shape else None


def open_function(r: Reading, e: Any, partials: tuple[int, ...] = ()) -> Node:
    """g(t), and its derivatives by its arguments"""
    args = [r.of(a) for a in e.args]
    name = canonical_name(e.func.__name__)
    r.declarations.setdefault(name, Declaration(name, "function"))
    function = OpenFunction(name, ((),) * len(args))
    return opened(function, args, next((a.shape for a in args if not a.is_scalar), args[0].shape), partials)


def derivative_of_open(r: Reading, e: Any) -> Node:
    """g'(t) of a function that nobody defined"""
    if not isinstance(e.expr, AppliedUndef) or not set(e.variables) <= set(e.expr.args):
        raise UnsupportedError("a derivative of SymPy has no counterpart here", hint="use matcalc.interop.sympy.diff")
    return open_function(r, e.expr, tuple(sorted(e.expr.args.index(v) for v in e.variables)))


def substituted(r: Reading, e: Any) -> Node:
    """g'(u), which SymPy writes as the derivative by a symbol for which u is put in"""
    derivative = e.expr
    if not isinstance(derivative, sympy.Derivative) or not isinstance(derivative.expr, AppliedUndef):
        return r.of(e.doit())
    partials = tuple(sorted(derivative.expr.args.index(v) for v in derivative.variables))
    return open_function(r, derivative.expr.xreplace(dict(zip(e.variables, e.point, strict=True))), partials)
