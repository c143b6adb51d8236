"""From expressions to SymPy: one row for every operator and for every function that SymPy has.

A scalar is a SymPy scalar: ``x^T A x`` becomes ``Trace(x.T*A*x)``. logdet is ``log(Abs(Determinant(X)))``, functions of
every entry are `ElementwiseApplyFunction`, and the constants that SymPy lacks are written as `FunctionMatrix`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import sympy
from sympy.matrices.expressions.diagonal import DiagonalOf
from sympy.matrices.expressions.slice import MatrixSlice

from matcalc.errors import UnsupportedError
from matcalc.expr import OPERATORS, Dim, Node, factors, is_number, postorder, terms, variables
from matcalc.expr.directions import direction_symbol
from matcalc.expr.facts import is_pd
from matcalc.expr.passes import Fold
from matcalc.functions import row_of
from matcalc.interop.sympy_functions import HALF, MatrixFunction, in_sympy

__all__ = ["IN_SYMPY", "Symbols", "written"]

#: Names -> SymPy symbols that are to be used for them.
Symbols = Mapping[str, Any]


def written(root: Node, symbols: Symbols | None = None) -> Any:
    """The SymPy expression of a node; raises UnsupportedError where SymPy has no counterpart."""
    pen = _Pen(symbols or {}, {v.data[0] for v in variables(root)})
    return IN_SYMPY.within(root, pen.memo, pen)


class _Pen:
    """What is written already, and the symbols in use."""

    def __init__(self, symbols: Symbols, names: Collection[str]) -> None:
        self.symbols = symbols
        self.names = names
        self.memo: dict[Node, Any] = {}

    def of(self, node: Node) -> Any:
        return self.memo[node]

    def size(self, dim: Dim) -> Any:
        """A dimension as a SymPy integer expression."""
        total = sympy.Integer(0)
        for monomial, coefficient in dim.terms:
            named = [self.size_symbol(name) ** power for name, power in monomial]
            total = total + sympy.Mul(coefficient, *named)
        return total

    def size_symbol(self, name: str) -> Any:
        if not name.isidentifier():
            raise UnsupportedError(f"the size {name} has no counterpart in SymPy")
        return self.symbols.get(name, sympy.Symbol(name, integer=True, positive=True))

    def shape(self, node: Node) -> tuple[Any, Any]:
        return self.size(node.rows), self.size(node.cols)


# --- leaves -----------------------------------------------------------------------------------


def _named(pen: _Pen, node: Node, name: str, tags: tuple[str, ...]) -> Any:
    if name in pen.symbols:
        return pen.symbols[name]
    if not node.is_scalar:
        return sympy.MatrixSymbol(name, *pen.shape(node))
    assumptions: dict[str, bool | None] = {"real": True}
    assumptions |= {tag: True for tag in tags if tag in ("positive", "integer")}
    return sympy.Symbol(name, **assumptions)


def _perturbation(pen: _Pen, node: Node) -> Any:
    name, index, _ = node.data
    return _named(pen, node, direction_symbol(name, index, pen.names), ())


def _entries(pen: _Pen, node: Node, entry: Callable[[Any, Any], Any]) -> Any:
    """A matrix by the formula of its entries, counted from 0."""
    i, j = sympy.Dummy("i", integer=True), sympy.Dummy("j", integer=True)
    return sympy.FunctionMatrix(*pen.shape(node), sympy.Lambda((i, j), entry(i, j)))


def _unit(pen: _Pen, node: Node) -> Any:
    place = node.data[0]
    index = (pen.size(place) if isinstance(place, Dim) else sympy.Integer(place)) - 1
    return MatrixSlice(sympy.Identity(pen.size(node.rows)), (0, pen.size(node.rows), 1), (index, index + 1, 1))


def _selector(pen: _Pen, node: Node) -> Any:
    start, n = pen.size(node.data[0]), pen.size(node.cols)
    return MatrixSlice(sympy.Identity(n), (start, start + pen.size(node.rows), 1), (0, n, 1))


_MASKS: dict[str, Callable[[Any, Any], Any]] = {
    "lower": lambda i, j: sympy.Piecewise((1, i >= j), (0, True)),
    "upper": lambda i, j: sympy.Piecewise((1, i <= j), (0, True)),
    "strictly_lower": lambda i, j: sympy.Piecewise((1, i > j), (0, True)),
    "strictly_upper": lambda i, j: sympy.Piecewise((1, i < j), (0, True)),
    "off_diagonal": lambda i, j: sympy.Piecewise((0, sympy.Eq(i, j)), (1, True)),
    "phi": lambda i, j: sympy.Piecewise((1, i > j), (sympy.Rational(1, 2), sympy.Eq(i, j)), (0, True)),
}


def _commutation(pen: _Pen, node: Node) -> Any:
    """K[r, c] = 1 where c = floor(r / n) + m (r mod n)"""
    m, n = (pen.size(d) for d in node.data)
    return _entries(pen, node, lambda r, c: sympy.KroneckerDelta(c, sympy.floor(r / n) + sympy.Mod(r, n) * m))


def _vec(pen: _Pen, node: Node) -> Any:
    (x,) = node.args
    m = pen.size(x.rows)
    inside = pen.of(x)
    return _entries(pen, node, lambda r, c: _entry(inside, sympy.Mod(r, m), sympy.floor(r / m)))


def _unvec(pen: _Pen, node: Node) -> Any:
    m, inside = pen.size(node.rows), pen.of(node.args[0])
    return _entries(pen, node, lambda i, j: _entry(inside, i + m * j, 0))


def _entry(matrix: Any, i: Any, j: Any) -> Any:
    return sympy.matrices.expressions.matexpr.MatrixElement(matrix, i, j)


def _missing(pen: _Pen, node: Node) -> Any:
    raise UnsupportedError(f"{node.op} has no counterpart in SymPy")


# --- operators --------------------------------------------------------------------------------


def _add(pen: _Pen, node: Node) -> Any:
    weighted = [_times(sympy.Rational(c.numerator, c.denominator), pen.of(t)) for t, c in terms(node)]
    return sympy.Add(*weighted) if node.is_scalar else _joined(sympy.MatAdd, weighted)


def _joined(kind: Any, parts: list[Any]) -> Any:
    return parts[0] if len(parts) == 1 else kind(*parts)


def _times(scalar: Any, value: Any) -> Any:
    return value if scalar == 1 else scalar * value


def _matmul(pen: _Pen, node: Node) -> Any:
    if not node.is_scalar:
        return _joined(sympy.MatMul, [pen.of(f) for f in node.args])
    return _entry_of(pen, node) or sympy.Trace(sympy.MatMul(*(pen.of(f) for f in node.args)))


def _entry_of(pen: _Pen, node: Node) -> Any | None:
    """e_i^T X e_j as X[i, j], counted from 0; e_i^T x as x[i, 0]"""
    left, *inside = node.args
    row = left.args[0] if left.op == "transpose" and left.args[0].op == "unit" else None
    column = inside.pop() if inside and inside[-1].op == "unit" else None
    if row is None and column is not None and not inside:
        return _entry(pen.of(left), 0, _index(pen, column))
    if row is None or not inside:
        return None
    body = _joined(sympy.MatMul, [pen.of(f) for f in inside])
    return _entry(body, _index(pen, row), _index(pen, column) if column is not None else 0)


def _index(pen: _Pen, unit: Node) -> Any:
    place = unit.data[0]
    return (pen.size(place) if isinstance(place, Dim) else sympy.Integer(place)) - 1


def _scale(pen: _Pen, node: Node) -> Any:
    s, m = node.args
    return pen.of(s) * pen.of(m)


def _power(pen: _Pen, node: Node) -> Any:
    if node.is_scalar:
        return sympy.Mul(*(pen.of(b) ** pen.of(e) for b, e in factors(node)))
    parts = [pen.of(b) if is_number(e) == 1 else sympy.HadamardPower(pen.of(b), pen.of(e)) for b, e in factors(node)]
    return _joined(sympy.HadamardProduct, parts)


def _matpow(pen: _Pen, node: Node) -> Any:
    base, exponent = node.args
    return sympy.Inverse(pen.of(base)) if is_number(exponent) == -1 else sympy.MatPow(pen.of(base), pen.of(exponent))


def _block(pen: _Pen, node: Node) -> Any:
    height, width = node.data
    if all(a.is_scalar for a in node.args):
        return sympy.ImmutableDenseMatrix(height, width, [pen.of(a) for a in node.args])
    parts = [_as_matrix(pen.of(a), a) for a in node.args]
    return sympy.BlockMatrix([[parts[i * width + j] for j in range(width)] for i in range(height)])


def _as_matrix(value: Any, node: Node) -> Any:
    return sympy.ImmutableDenseMatrix([[value]]) if node.is_scalar else value


def _logdet(pen: _Pen, node: Node) -> Any:
    det = sympy.Determinant(pen.of(node.args[0]))
    return sympy.log(det if is_pd(node.args[0]) else sympy.Abs(det))


def _adjugate(pen: _Pen, node: Node) -> Any:
    inside = pen.of(node.args[0])
    return sympy.Determinant(inside) * sympy.Inverse(inside)


# --- functions --------------------------------------------------------------------------------


def _apply(pen: _Pen, node: Node) -> Any:
    arrays = [a for a in node.args if not a.is_scalar]
    if not arrays:
        return in_sympy(node.data[0], *map(pen.of, node.args))
    operand = arrays[0] if len(arrays) == 1 else _common_operand(node)
    if operand is None:
        raise UnsupportedError(f"{node.data[0]} of two arrays, entry by entry, has no counterpart in SymPy")
    t = sympy.Dummy("t", real=True)
    entry = _Pen(pen.symbols, pen.names)
    entry.memo = {operand: t} | {n: pen.of(n) for n in postorder(node) if n.is_scalar}
    return pen.of(operand).applyfunc(sympy.Lambda(t, ENTRY_IN_SYMPY.within(node, entry.memo, entry)))


def _common_operand(node: Node) -> Node | None:
    """The one array of which the node is a function, entry by entry."""
    found: set[Node] = set()
    stack = [node]
    while stack:
        part = stack.pop()
        if part.op in ENTRY_IN_SYMPY.rows:
            stack.extend(a for a in part.args if not a.is_scalar)
        else:
            found.add(part)
    return found.pop() if len(found) == 1 else None


def _entry_of_sum(pen: _Pen, node: Node) -> Any:
    return sympy.Add(*(_times(sympy.Rational(c.numerator, c.denominator), pen.of(t)) for t, c in terms(node)))


def _with_pen(row: Callable[[_Pen, Node], Any], node: Node, below: object, pen: _Pen) -> Any:
    return row(pen, node)


#: operator that acts on each entry alone -> an entry of its value
_ENTRIES: dict[str, Callable[[_Pen, Node], Any]] = {
    "ones": lambda pen, node: sympy.Integer(1),
    "zero": lambda pen, node: sympy.Integer(0),
    "add": _entry_of_sum,
    "scale": lambda pen, node: pen.of(node.args[0]) * pen.of(node.args[1]),
    "power": lambda pen, node: sympy.Mul(*(pen.of(b) ** pen.of(e) for b, e in factors(node))),
    "apply": lambda pen, node: in_sympy(node.data[0], *map(pen.of, node.args)),
}
ENTRY_IN_SYMPY: Fold[Any] = Fold("entry in SymPy", _ENTRIES, around=_with_pen, never=OPERATORS.keys() - _ENTRIES)


def _total(pen: _Pen, node: Node, matrix: Any) -> Any:
    """The sum of all entries of a matrix of the node's shape."""
    rows, cols = pen.shape(node)
    left = [] if node.rows.is_one else [sympy.OneMatrix(1, rows)]
    right = [] if node.cols.is_one else [sympy.OneMatrix(cols, 1)]
    return sympy.Trace(sympy.MatMul(*left, matrix, *right))


def _logsumexp(pen: _Pen, node: Node) -> Any:
    (x,) = node.args
    if x.is_scalar:
        return pen.of(x)
    return sympy.log(_total(pen, x, pen.of(x).applyfunc(sympy.exp)))


def _softmax(pen: _Pen, node: Node) -> Any:
    (x,) = node.args
    if x.is_scalar:
        return sympy.Integer(1)
    exponentials = pen.of(x).applyfunc(sympy.exp)
    return exponentials / _total(pen, x, exponentials)


_CALLS: dict[str, Callable[[_Pen, Node], Any]] = {
    "logsumexp": _logsumexp,
    "sqrtm": lambda pen, node: sympy.MatPow(pen.of(node.args[0]), HALF),
    "softmax_all": _softmax,
    "softmax": _softmax,
}


def _call(pen: _Pen, node: Node) -> Any:
    name = node.data[0]
    if row_of(name).sympy == "MatrixFunction":
        return MatrixFunction(name, pen.of(node.args[0]))
    if name not in _CALLS or (name == "softmax" and not node.is_column):
        raise UnsupportedError(f"{name} has no counterpart in SymPy")
    return _CALLS[name](pen, node)


def _open(pen: _Pen, node: Node) -> Any:
    """A function of numbers that nobody defined, or a derivative of it, of numbers or of the entries of one array."""
    function, partials, free, legs = node.data
    arrays = [k for k, a in enumerate(node.args) if not a.is_scalar]
    if not function.entrywise or free or legs or len(arrays) > 1:
        return _missing(pen, node)
    places = [sympy.Dummy(f"t_{k}", real=True) for k in range(len(node.args))]
    value = sympy.Function(function.name)(*places)
    value = value.diff(*(places[k] for k in partials)) if partials else value
    numbers = {t: pen.of(a) for k, (t, a) in enumerate(zip(places, node.args, strict=True)) if k not in arrays}
    value = value.subs(numbers) if numbers else value
    return pen.of(node.args[arrays[0]]).applyfunc(sympy.Lambda(places[arrays[0]], value)) if arrays else value


def _of_one(kind: Any) -> Callable[[_Pen, Node], Any]:
    return lambda pen, node: kind(pen.of(node.args[0]))


# fmt: off
#: operator -> how it is written in SymPy
IN_SYMPY: Fold[Any] = Fold("SymPy", {
    "constant":     lambda pen, node: sympy.pi,
    "dimension":    lambda pen, node: pen.size(node.data[0]),
    "zero":         lambda pen, node: sympy.Integer(0) if node.is_scalar else sympy.ZeroMatrix(*pen.shape(node)),
    "ones":         lambda pen, node: sympy.Integer(1) if node.is_scalar else sympy.OneMatrix(*pen.shape(node)),
    "identity":     lambda pen, node: sympy.Identity(pen.size(node.rows)),
    "unit":         _unit,
    "mask":         lambda pen, node: _entries(pen, node, _MASKS[node.data[0]]),
    "selector":     _selector,
    "commutation":  _commutation,
    "duplication":  _missing,
    "at":           _missing,
    "total":        _missing,
    "elimination":  _missing,
    "variable":     lambda pen, node: _named(pen, node, *node.data),
    "perturbation": _perturbation,
    "add":          _add,
    "matmul":       _matmul,
    "scale":        _scale,
    "power":        _power,
    "transpose":    _of_one(sympy.Transpose),
    "matpow":       _matpow,
    "kron":         lambda pen, node: sympy.KroneckerProduct(*map(pen.of, node.args)),
    "diag":         _of_one(sympy.DiagMatrix),
    "diagonal":     _of_one(DiagonalOf),
    "trace":        _of_one(sympy.Trace),
    "det":          _of_one(sympy.Determinant),
    "logdet":       _logdet,
    "adjugate":     _adjugate,
    "vec":          _vec,
    "unvec":        _unvec,
    "block":        _block,
    "apply":        _apply,
    "call":         _call,
    "open":         _open,
}, around=_with_pen)
# fmt: on
