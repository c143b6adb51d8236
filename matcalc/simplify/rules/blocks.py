"""Block matrices."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from matcalc.expr import (
    Node,
    add,
    apply,
    block,
    call,
    combine,
    det,
    dimension,
    hadamard,
    inverse,
    is_number,
    logdet,
    multiply,
    number,
    ones,
    power,
    scale,
    terms,
    trace,
    transpose,
)
from matcalc.simplify.patterns import both_sides

__all__ = [
    "determinant_of_triangular_blocks",
    "function_of_blocks",
    "inverse_of_blocks",
    "inverse_of_triangular_blocks",
    "largest_of_blocks",
    "power_of_blocks",
    "product_of_blocks",
    "rows_of_blocks",
    "sum_of_blocks",
    "trace_of_blocks",
]

#: Higher powers are not multiplied out.
LARGEST_POWER = 4


def product_of_blocks(node: Node) -> Node | None:
    """[A, B] [E; F] = A E + B F

    [A, B; C, D] [E; F] = [A E + B F; C E + D F]
    """
    return both_sides(node, _product_of_blocks)


def _product_of_blocks(left: Node, right: Node) -> Node | None:
    rows, transposed_cols = rows_of_blocks(left), rows_of_blocks(transpose(right))
    if rows and right.op == "ones":
        transposed_cols = [[transpose(ones(block.cols, right.cols)) for block in rows[0]]]
    if not rows or not transposed_cols or len(rows[0]) != len(transposed_cols[0]):
        return None
    cols = [[transpose(b) for b in r] for r in transposed_cols]
    if any(a.cols != b.rows for a, b in zip(rows[0], cols[0], strict=True)):
        return None
    return block([[add(*(multiply(a, b) for a, b in zip(r, c, strict=True))) for c in cols] for r in rows])


def function_of_blocks(node: Node) -> Node | None:
    """f([A, B]) = [f(A), f(B)], entry by entry"""
    rows = rows_of_blocks(node.args[0]) if len(node.args) == 1 else []
    return block([[apply(node.data[0], b) for b in row] for row in rows]) if rows else None


def power_of_blocks(node: Node) -> Node | None:
    """[A, B; C, D]^2 = [A^2 + B C, A B + B D; C A + D C, C B + D^2]"""
    base, k = node.args[0], is_number(node.args[1])
    if base.op != "block" or k is None or k.denominator != 1 or not 2 <= k <= LARGEST_POWER:
        return None
    total: Node | None = base
    for _ in range(int(k) - 1):
        total = _product_of_blocks(total, base) if total is not None else None
    return total


def largest_of_blocks(node: Node) -> Node | None:
    """max([x; y]) = max(max(x), max(y))"""
    if node.data not in (("max",), ("min",)):
        return None
    parts = [b for row in rows_of_blocks(node.args[0]) for b in row]
    found = [b if b.is_scalar else call(node.data[0], b, shape=node.shape) for b in parts]
    return reduce(lambda a, b: apply(node.data[0], a, b), found) if found else None


def rows_of_blocks(node: Node) -> list[list[Node]]:
    """The blocks, row by row; none where the node is no block matrix."""
    if node.op == "transpose" and node.args[0].op == "block":
        columns = rows_of_blocks(node.args[0])
        return [[transpose(row[j]) for row in columns] for j in range(len(columns[0]))]
    if node.op != "block":
        return []
    height, width = node.data
    return [list(node.args[i * width : (i + 1) * width]) for i in range(height)]


def trace_of_blocks(node: Node) -> Node | None:
    """tr([A, B; C, D]) = tr(A) + tr(D)"""
    (inside,) = node.args
    if inside.op != "block" or inside.data[0] != inside.data[1]:
        return None
    size = inside.data[0]
    on_diagonal = [inside.args[i * size + i] for i in range(size)]
    return add(*(trace(a) for a in on_diagonal)) if all(a.is_square for a in on_diagonal) else None


def determinant_of_triangular_blocks(node: Node) -> Node | None:
    """det([A, B; 0, D]) = det(A) det(D), det([0, B; C, D]) = (-1)^n det(B) det(C) for n x n blocks"""
    (inside,) = node.args
    if inside.op != "block" or inside.data != (2, 2):
        return None
    a, b, c, d = inside.args
    if b.is_square and c.is_square and b.shape == c.shape and (a.is_zero or d.is_zero):
        if node.op == "logdet":
            return logdet(b) + logdet(c)
        return hadamard(power(number(-1), dimension(b.rows)), det(b), det(c))
    if not (a.is_square and d.is_square and (b.is_zero or c.is_zero)):
        return None
    return hadamard(det(a), det(d)) if node.op == "det" else logdet(a) + logdet(d)


def sum_of_blocks(node: Node) -> Node | None:
    """[A, B] + [C, D] = [A + C, B + D]

    [A, B] + c [C, D] = [A + c C, B + c D]
    """
    groups: dict[object, list[tuple[list[list[Node]], Fraction]]] = {}
    kept: list[tuple[Node, Fraction]] = []
    for term, c in terms(node):
        s, body = (term.args[0], term.args[1]) if term.op == "scale" else (number(1), term)
        rows = rows_of_blocks(body)
        if not rows:
            kept.append((term, c))
            continue
        grid = tuple(tuple(b.shape for b in row) for row in rows)
        groups.setdefault(grid, []).append(([[scale(s, b) for b in row] for row in rows], c))
    if all(len(members) < 2 for members in groups.values()):
        return None
    for members in groups.values():
        first = members[0][0]
        total = [
            [combine(((m[i][j], c) for m, c in members), b.shape) for j, b in enumerate(row)]
            for i, row in enumerate(first)
        ]
        kept.append((block(total), Fraction(1)))
    return combine(kept, node.shape)


def inverse_of_blocks(a: Node, b: Node, c: Node, d: Node) -> Node:
    """[A, B; C, D]^-1 by A^-1 and the inverse of the Schur complement S = D - C A^-1 B"""
    over, schur = inverse(a), inverse(d - multiply(multiply(c, inverse(a)), b))
    right = multiply(over, b)
    left = multiply(c, over)
    corner = over + multiply(multiply(right, schur), left)
    return block([[corner, -multiply(right, schur)], [-multiply(schur, left), schur]])


def inverse_of_triangular_blocks(node: Node) -> Node | None:
    """[A, B; 0, D]^-1 = [A^-1, -A^-1 B D^-1; 0, D^-1]"""
    inside = node.args[0]
    if is_number(node.args[1]) != -1 or inside.op != "block" or inside.data != (2, 2):
        return None
    a, b, c, d = inside.args
    if not (a.is_square and d.is_square and (b.is_zero or c.is_zero)):
        return None
    return inverse_of_blocks(a, b, c, d)
