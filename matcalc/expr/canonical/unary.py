"""Constructors of functions of one matrix: powers, diagonal, vec, blocks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.errors import UnsupportedError
from matcalc.expr import supports
from matcalc.expr.canonical import application, invariants, powers, products, sums, transposition
from matcalc.expr.dims import ONE, Dim, as_dim
from matcalc.expr.leaves import identity, is_number, number, ones, selector, zeros
from matcalc.expr.node import Node, ShapeMismatch, make

__all__ = ["block", "diagonal", "inverse", "matrix_power", "slice_of", "unvec", "vec"]


def matrix_power(base: Node, exponent: Node | int) -> Node:
    """The integer power of a square matrix; -1 is the inverse. Raises UnsupportedError for a number that is not whole."""
    e = exponent if isinstance(exponent, Node) else number(exponent)
    if not base.is_square:
        raise ShapeMismatch(f"matrix power of {base.shape}")
    if base.is_scalar:
        return powers.power(base, e)
    value = is_number(e)
    if value == 0 or base.op == "identity":
        return identity(base.rows)
    if value == 1:
        return base
    if value is not None and value.denominator != 1:
        raise UnsupportedError(f"a matrix has no power {value} here: exponents are whole numbers, roots sqrtm(X)")
    c, base = sums.content(base)
    factor = powers.power(number(c), e)
    return powers.hadamard(factor, _matrix_power(base, e, value))


def _matrix_power(base: Node, e: Node, value: Fraction | None) -> Node:
    match base.op:
        case "matpow":
            return matrix_power(base.args[0], powers.hadamard(base.args[1], e))
        case "scale":
            return powers.hadamard(powers.power(base.args[0], e), matrix_power(base.args[1], e))
        case "diag":
            return products.diag(powers.power(base.args[0], e))
        case "kron" if all(a.is_square for a in base.args):
            return products.kron(*(matrix_power(a, e) for a in base.args))
        case "matmul" if value == -1 and all(a.is_square for a in base.args):
            return products.matmul(*(matrix_power(a, -1) for a in reversed(base.args)))
        case "commutation":
            if value == -1:
                return transposition.transpose(base)
    if value is not None and value < -1 and base.op == "matmul" and all(a.is_square for a in base.args):
        return matrix_power(matrix_power(base, -1), number(-value))
    return make("matpow", (base, e), (), base.shape)


def inverse(base: Node) -> Node:
    """The inverse of a square matrix."""
    return matrix_power(base, -1)


def diagonal(node: Node) -> Node:
    """The diagonal of a square matrix as a column."""
    if not node.is_square:
        raise ShapeMismatch(f"diagonal of {node.shape}")
    if node.is_scalar:
        return node
    match node.op:
        case "zero":
            return zeros(node.rows)
        case "identity" | "ones":
            return ones(node.rows)
        case "diag":
            return node.args[0]
        case "add":
            return sums.combine(((diagonal(t), c) for t, c in sums.terms(node)), (node.rows, ONE))
        case "scale":
            return sums.scale(node.args[0], diagonal(node.args[1]))
        case "power":
            pairs = [(diagonal(b), e) for b, e in zip(node.args[::2], node.args[1::2], strict=True)]
            if any(
                b.is_zero and supports.is_pattern(whole) for (b, _), whole in zip(pairs, node.args[::2], strict=True)
            ):
                return zeros(node.rows)  # what stands where a pattern is 0 need have no value
            return powers.hadamard(*(powers.power(b, e) for b, e in pairs))
        case "apply":
            return application.apply(node.data[0], *(a if a.is_scalar else diagonal(a) for a in node.args))
        case "matmul" if cut := next((i for i, f in enumerate(node.args) if f.rows.is_one), 0):
            left, right = products.matmul(*node.args[:cut]), products.matmul(*node.args[cut:])
            return powers.hadamard(left, transposition.transpose(right))
        case "transpose":
            return diagonal(node.args[0])
        case "mask" if node.data[0] in ("lower", "upper"):
            return ones(node.rows)
        case "mask":
            return sums.scaled(Fraction(1, 2), ones(node.rows)) if node.data[0] == "phi" else zeros(node.rows)
    if transposition.transpose(node) is sums.scaled(-1, node):
        return zeros(node.rows)
    return make("diagonal", (invariants.smaller(node),), (), (node.rows, ONE))


def vec(node: Node) -> Node:
    """The columns stacked into one."""
    if node.is_column:
        return node
    if node.is_row:
        return transposition.transpose(node)
    match node.op:
        case "zero":
            return zeros(node.rows * node.cols)
        case "add":
            return sums.combine(((vec(t), c) for t, c in sums.terms(node)), (node.rows * node.cols, ONE))
        case "scale":
            return sums.scale(node.args[0], vec(node.args[1]))
        case "ones":
            return ones(node.rows * node.cols)
        case "unvec":
            return node.args[0]
        case "matmul" if len(node.args) == 2 and node.args[0].is_column:
            return products.kron(transposition.transpose(node.args[1]), node.args[0])
    return make("vec", (node,), (), (node.rows * node.cols, ONE))


def unvec(v: Node, m: int | str | Dim, n: int | str | Dim) -> Node:
    """The m x n matrix whose stacked columns are v."""
    rows, cols = as_dim(m), as_dim(n)
    if v.shape != (rows * cols, ONE):
        raise ShapeMismatch(f"unvec: {v.shape} into {rows} x {cols}")
    if cols.is_one:
        return v
    if rows.is_one:
        return transposition.transpose(v)
    match v.op:
        case "zero":
            return zeros(rows, cols)
        case "add":
            return sums.combine(((unvec(t, rows, cols), c) for t, c in sums.terms(v)), (rows, cols))
        case "scale":
            return sums.scale(v.args[0], unvec(v.args[1], rows, cols))
        case "vec" if v.args[0].shape == (rows, cols):
            return v.args[0]
        case "ones":
            return ones(rows, cols)
        case "kron" if len(v.args) == 2 and v.args[1].rows == rows:
            return products.matmul(v.args[1], transposition.transpose(v.args[0]))
    return make("unvec", (v,), (rows, cols), (rows, cols))


def block(rows: Sequence[Sequence[Node]]) -> Node:
    """The matrix [A, B; C, D] of blocks."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    for row in rows:
        if any(b.rows != row[0].rows for b in row):
            raise ShapeMismatch("block: heights differ in a row")
    if any(tuple(b.cols for b in row) != tuple(b.cols for b in rows[0]) for row in rows):
        raise ShapeMismatch("block: widths differ between rows")
    height, width = Dim.of(0), Dim.of(0)
    for row in rows:
        height = height + row[0].rows
    for entry in rows[0]:
        width = width + entry.cols
    flat = tuple(b for row in rows for b in row)
    if all(b.is_zero for b in flat):
        return zeros(height, width)
    if height.is_one:
        return transposition.transpose(block([[transposition.transpose(b)] for b in flat]))
    return make("block", flat, (len(rows), len(rows[0])), (height, width))


def slice_of(node: Node, row: tuple[Dim, Dim], col: tuple[Dim, Dim]) -> Node:
    """The block of (offset, size) rows and columns, by selectors from both sides."""
    left = selector(row[0], row[1], node.rows)
    right = transposition.transpose(selector(col[0], col[1], node.cols))
    return products.multiply(products.multiply(left, node), right)
