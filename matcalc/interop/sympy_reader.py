"""From SymPy to expressions: one row for every class of SymPy that has a meaning here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.dotproduct import DotProduct
from sympy.matrices.expressions.hadamard import HadamardPower, HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.matrices.expressions.slice import MatrixSlice

from matcalc.errors import DeclarationError, ShapeError, UnsupportedError
from matcalc.expr import (
    ONE,
    Dim,
    Node,
    ShapeMismatch,
    add,
    apply,
    block,
    call,
    constant,
    det,
    diag,
    diagonal,
    dimension,
    hadamard,
    identity,
    inverse,
    kron,
    logdet,
    multiply,
    number,
    ones,
    power,
    slice_of,
    trace,
    transpose,
    zeros,
)
from matcalc.expr.built.lifting import lift
from matcalc.functions import FUNCTIONS, find
from matcalc.interop.sympy_functions import MatrixFunction
from matcalc.interop.sympy_indices import (
    ARGUMENT,
    derivative_of_open,
    index_product,
    index_sum,
    open_function,
    substituted,
)
from matcalc.interop.sympy_matrices import explicit, matrices, places, power_of_matrix, principal
from matcalc.language import Declaration, canonical_name
from matcalc.language.rows.templates import expand_macro

__all__ = ["READERS", "Reading", "read"]


def read(expression: Any, declared: Mapping[str, Declaration]) -> tuple[Node, dict[str, Declaration]]:
    """The node, and a declaration of each symbol in it; ``declared`` tells more of some of them."""
    reading = Reading(sympy.sympify(expression), declared)
    try:
        return reading.of(reading.root), reading.declarations
    except ShapeMismatch as error:
        raise ShapeError(f"the SymPy expression does not fit together: {error}") from error


class Reading:
    """Reads one SymPy expression."""

    def __init__(self, root: Any, declared: Mapping[str, Declaration]) -> None:
        self.root = root
        self.declared = declared
        self.declarations: dict[str, Declaration] = {}
        counts = [d for m in matrices(root) for d in m.shape] + list(places(root))
        self.sizes = {s for d in counts for s in sympy.sympify(d).free_symbols}
        self.memo: dict[Any, Node] = {}

    def of(self, e: Any) -> Node:
        if e not in self.memo:
            self.memo[e] = self._read(e)
        return self.memo[e]

    def _read(self, e: Any) -> Node:
        for kind in type(e).__mro__:
            if kind in READERS:
                return READERS[kind](self, e)
        written = explicit(e)
        if written is not None:
            return _explicit(self, written)
        raise UnsupportedError(f"{type(e).__name__} of SymPy has no counterpart here")

    def beside(self, e: Any) -> Reading:
        """The reading of another expression, with the same declarations at hand."""
        return Reading(e, self.declared)

    def dim(self, e: Any) -> Dim:
        """A size: a polynomial with integer coefficients in symbols."""
        symbols = sorted(e.free_symbols, key=str)
        total = Dim.of(0)
        if not symbols:
            return Dim.of(int(e))
        for powers, coefficient in sympy.Poly(e, *symbols).terms():
            term = Dim.of(int(coefficient))
            for symbol, times in zip(symbols, powers, strict=True):
                for _ in range(times):
                    term = term * Dim.of(canonical_name(symbol.name))
            total = total + term
        return total

    def shape(self, e: Any) -> tuple[Dim, Dim]:
        return self.dim(sympy.sympify(e.shape[0])), self.dim(sympy.sympify(e.shape[1]))

    def declare(self, raw: str, shape: tuple[Dim, Dim], assumptions: tuple[str, ...] = ()) -> Node:
        name = canonical_name(raw)
        if not name.isidentifier():
            raise DeclarationError(f"{raw} is no name here", hint="rename the symbol to letters, digits and _")
        found = self.declared.get(name) or _declaration(name, shape, assumptions)
        if found.shape != shape:
            raise DeclarationError(
                f"{name} is declared as {found.type_text}, and in SymPy it is {shape[0]} x {shape[1]}"
            )
        known = self.declarations.setdefault(name, found)
        if known.shape != shape:
            raise DeclarationError(f"{name} has two shapes in the SymPy expression")
        return known.node


def _declaration(name: str, shape: tuple[Dim, Dim], assumptions: tuple[str, ...]) -> Declaration:
    rows, cols = shape
    if rows.is_one and cols.is_one:
        return Declaration(name, "scalar", (), assumptions)
    return Declaration(name, "vector", (rows,)) if cols.is_one else Declaration(name, "matrix", shape)


# --- scalars ----------------------------------------------------------------------------------


def _symbol(r: Reading, e: Any) -> Node:
    if e in r.sizes:
        return dimension(canonical_name(e.name))
    assumptions = tuple(a for a, holds in (("positive", e.is_positive), ("integer", e.is_integer)) if holds)
    return r.declare(e.name, (ONE, ONE), assumptions)


def _float(r: Reading, e: Any) -> Node:
    return number(Fraction(str(e)))


def _sum(r: Reading, e: Any) -> Node:
    return add(*(r.of(a) for a in e.args))


def _product(r: Reading, e: Any) -> Node:
    return reduce(multiply, (r.of(a) for a in e.args))


def _power(r: Reading, e: Any) -> Node:
    base, exponent = r.of(e.args[0]), r.of(e.args[1])
    if not base.is_scalar:
        return power_of_matrix(base, exponent, e, r.sizes)
    return power(base, exponent)


def _logarithm(r: Reading, e: Any) -> Node:
    """log |det X| is logdet X"""
    (inside,) = e.args
    if isinstance(inside, sympy.Abs) and isinstance(inside.args[0], sympy.Determinant):
        return logdet(r.of(inside.args[0].args[0]))
    return _function(r, "log", inside)


def _function(r: Reading, name: str, argument: Any) -> Node:
    """A function of a number; of a square matrix SymPy means that of the matrix, entry by entry it is an applyfunc."""
    inside = r.of(argument)
    if inside.is_scalar:
        return apply(name, inside)
    if name == "log":
        return principal("logm", inside)
    row = find(f"{name}m")
    if inside.is_square and row is not None:
        is_macro = row.kind == "macro"
        return expand_macro(row.name, 0, (inside,)) if is_macro else call(row.name, inside, shape=inside.shape)
    raise UnsupportedError(f"{name} of a matrix has no counterpart here", hint="entry by entry it is X.applyfunc(f)")


def _extremum(name: str) -> Callable[[Reading, Any], Node]:
    def rule(r: Reading, e: Any) -> Node:
        parts = [r.of(a) for a in e.args]
        rest = [p for p in parts if not p.is_zero]
        if name == "max" and len(parts) == 2 and len(rest) == 1:
            return apply("relu", rest[0])
        return reduce(lambda a, b: apply(name, a, b), parts)

    return rule


def _polygamma(r: Reading, e: Any) -> Node:
    k, x = e.args
    names = {0: "digamma", 1: "trigamma"}
    return apply(names[int(k)], r.of(x)) if k in names else apply("polygamma", r.of(k), r.of(x))


def _huge(r: Reading, e: Any) -> Node:
    raise UnsupportedError(f"{e} is no real number")


def _piecewise(r: Reading, e: Any) -> Node:
    """The value of the first condition that holds; that of the last one where its condition is True."""
    *before, last = e.args
    if last.cond != sympy.true:
        before, value = [*before, last], None
    else:
        value = r.of(last.expr)
    for pair in reversed(before):
        value = r.of(pair.expr) if value is None else apply("where", r.of(pair.cond), r.of(pair.expr), value)
    assert value is not None
    return value


def _relation(name: str, exchanged: bool = False) -> Callable[[Reading, Any], Node]:
    def rule(r: Reading, e: Any) -> Node:
        left, right = (r.of(side) for side in e.args)
        return apply(name, right, left) if exchanged else apply(name, left, right)

    return rule


def _every(r: Reading, e: Any) -> Node:
    return hadamard(*(r.of(a) for a in e.args))


def _some(r: Reading, e: Any) -> Node:
    return reduce(lambda a, b: apply("where", a, number(1), b), (r.of(a) for a in e.args))


def _not(r: Reading, e: Any) -> Node:
    return apply("where", r.of(e.args[0]), number(0), number(1))


def _matrix_function(r: Reading, e: Any) -> Node:
    inside = r.of(e.arg)
    return call(e.name, inside, shape=(inside.cols, inside.rows) if e.name == "pinv" else inside.shape)


# --- matrices ---------------------------------------------------------------------------------


def _applied(r: Reading, e: Any) -> Node:
    """A function of one variable, entry by entry."""
    inside = r.of(e.expr)
    (t,) = e.function.variables
    stand_in = sympy.Symbol(ARGUMENT, **t.assumptions0)
    body = e.function.expr.xreplace({t: stand_in})
    leaf = r.beside(body)
    template = leaf.of(body)
    found = leaf.declarations.pop(ARGUMENT, None)
    for name, declaration in leaf.declarations.items():
        r.declarations.setdefault(name, declaration)
    operand = found.node if found is not None else number(1)
    return lift(template, {operand: inside}, inside.shape)


def _element(r: Reading, e: Any) -> Node:
    matrix, i, j = e.args
    return _part(r, matrix, (i, ONE), (j, ONE))


def _slice(r: Reading, e: Any) -> Node:
    (row, row_end, row_step), (col, col_end, col_step) = e.rowslice, e.colslice
    if row_step != 1 or col_step != 1:
        raise UnsupportedError("a slice with a step has no counterpart here")
    return _part(r, e.parent, (row, r.dim(row_end - row)), (col, r.dim(col_end - col)))


def _part(r: Reading, matrix: Any, row: tuple[Any, Dim], col: tuple[Any, Dim]) -> Node:
    start, left = r.dim(sympy.sympify(row[0])), r.dim(sympy.sympify(col[0]))
    return slice_of(r.of(matrix), (start, row[1]), (left, col[1]))


def _explicit(r: Reading, e: Any) -> Node:
    rows = e.tolist()
    return block([[r.of(sympy.sympify(entry)) for entry in row] for row in rows])


def _blocks(r: Reading, e: Any) -> Node:
    return block([[r.of(b) for b in row] for row in e.blocks.tolist()])


def _entrywise_power(r: Reading, e: Any) -> Node:
    return power(r.of(e.base), r.of(e.exp))


def _dot(r: Reading, e: Any) -> Node:
    """DotProduct(x, y) of columns or rows"""
    x, y = (transpose(v) if v.is_row else v for v in map(r.of, e.args))
    return multiply(transpose(x), y)


def _of_one(build: Callable[[Node], Node]) -> Callable[[Reading, Any], Node]:
    return lambda r, e: build(r.of(e.args[0]))


def _entrywise(name: str) -> Callable[[Reading, Any], Node]:
    return lambda r, e: _function(r, name, e.args[0])


def _of_numbers(name: str) -> Callable[[Reading, Any], Node]:
    return lambda r, e: apply(name, *(r.of(a) for a in e.args))


def _of_rows() -> Iterator[tuple[Any, Callable[[Reading, Any], Node]]]:
    """The functions of numbers whose rows have a name of SymPy."""
    for name, row in FUNCTIONS.items():
        if row.kind == "elementwise" and row.sympy.isidentifier():
            yield getattr(sympy, row.sympy), _entrywise(name) if len(row.parameters) == 1 else _of_numbers(name)


# fmt: off
#: SymPy class -> its meaning
READERS: dict[Any, Callable[[Reading, Any], Node]] = {
    **dict(_of_rows()),
    sympy.Symbol:              _symbol,
    sympy.Rational:            lambda r, e: number(Fraction(int(e.p), int(e.q))),
    sympy.Float:               _float,
    type(sympy.pi):            lambda r, e: constant("pi"),
    type(sympy.E):             lambda r, e: apply("exp", number(1)),
    type(sympy.I):             _huge,
    type(sympy.oo):            _huge,
    type(sympy.nan):           _huge,
    sympy.Add:                 _sum,
    sympy.Mul:                 _product,
    sympy.Pow:                 _power,
    sympy.log:                 _logarithm,
    sympy.Max:                 _extremum("max"),
    sympy.Min:                 _extremum("min"),
    sympy.Heaviside:           _entrywise("step"),
    sympy.Piecewise:           _piecewise,
    sympy.StrictGreaterThan:   _relation("greater"),
    sympy.GreaterThan:         _relation("at_least"),
    sympy.StrictLessThan:      _relation("greater", exchanged=True),
    sympy.LessThan:            _relation("at_least", exchanged=True),
    sympy.Equality:            _relation("equals"),
    sympy.Unequality:          _relation("differs"),
    sympy.And:                 _every,
    sympy.Or:                  _some,
    sympy.Not:                 _not,
    sympy.ITE:                 lambda r, e: apply("where", *(r.of(a) for a in e.args)),
    type(sympy.true):          lambda r, e: number(1),
    type(sympy.false):         lambda r, e: number(0),
    sympy.factorial:           lambda r, e: apply("gamma", add(r.of(e.args[0]), number(1))),
    sympy.trigamma:            _entrywise("trigamma"),
    sympy.polygamma:           _polygamma,
    sympy.MatrixSymbol:        lambda r, e: r.declare(e.name, r.shape(e)),
    sympy.Identity:            lambda r, e: identity(r.shape(e)[0]),
    sympy.ZeroMatrix:          lambda r, e: zeros(*r.shape(e)),
    sympy.OneMatrix:           lambda r, e: ones(*r.shape(e)),
    sympy.MatAdd:              _sum,
    sympy.MatMul:              _product,
    sympy.MatPow:              _power,
    sympy.Inverse:             _of_one(inverse),
    sympy.Transpose:           _of_one(transpose),
    sympy.Adjoint:             _of_one(transpose),
    sympy.Trace:               _of_one(trace),
    sympy.Determinant:         _of_one(det),
    sympy.Sum:                 index_sum,
    sympy.Product:             index_product,
    sympy.Permanent:           lambda r, e: r.of(sympy.expand(e.args[0].as_explicit().per())),
    AppliedUndef:              open_function,
    sympy.Derivative:          derivative_of_open,
    sympy.Subs:                substituted,
    MatrixFunction:            _matrix_function,
    DotProduct:                _dot,
    HadamardProduct:           lambda r, e: hadamard(*(r.of(a) for a in e.args)),
    HadamardPower:             _entrywise_power,
    sympy.KroneckerProduct:    lambda r, e: kron(*(r.of(a) for a in e.args)),
    sympy.DiagMatrix:          _of_one(diag),
    sympy.DiagonalMatrix:      lambda r, e: diag(diagonal(r.of(e.args[0]))),
    DiagonalOf:                _of_one(diagonal),
    ElementwiseApplyFunction:  _applied,
    MatrixElement:             _element,
    MatrixSlice:               _slice,
    sympy.BlockMatrix:         _blocks,
    sympy.BlockDiagMatrix:     _blocks,
    sympy.MatrixBase:          _explicit,
}
# fmt: on
