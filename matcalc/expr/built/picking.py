"""One column of a matrix, taken of its parts: (Σ_i c_i e_i^T) e_k = c_k, (A ⊙ B) e_k = A e_k ⊙ B e_k."""

from __future__ import annotations

from collections.abc import Callable

from matcalc.expr.canonical.application import apply
from matcalc.expr.canonical.powers import hadamard, power
from matcalc.expr.canonical.products import kron, matmul
from matcalc.expr.canonical.sums import combine, scale
from matcalc.expr.canonical.totals import total
from matcalc.expr.canonical.transposition import transpose
from matcalc.expr.dims import ONE
from matcalc.expr.node import Node

__all__ = ["picked"]


def picked(node: Node, column: Node) -> Node:
    """The product of a matrix and a unit column, or unit block column, as far inside as it goes."""
    rule = _RULES.get(node.op)
    found = rule(node, column) if rule is not None else None
    return matmul(node, column) if found is None else found


def _of_sum(node: Node, column: Node) -> Node:
    return combine(
        ((picked(t, column), c) for t, c in zip(node.args, node.data, strict=True)), (node.rows, column.cols)
    )


def _of_entries(node: Node, column: Node) -> Node | None:
    """Entry by entry, of one column alone."""
    if not column.is_column:
        return None
    if node.op == "power":
        pairs = zip(node.args[::2], node.args[1::2], strict=True)
        return hadamard(*(power(picked(b, column), e) for b, e in pairs))
    return apply(node.data[0], *(a if a.is_scalar else picked(a, column) for a in node.args))


def _of_product(node: Node, column: Node) -> Node:
    *first, last = node.args
    inside = picked(last, column)
    if inside is matmul(last, column):
        return matmul(node, column)
    if inside.is_scalar and not last.rows.is_one:
        return matmul(*first, inside)
    return matmul(*first, inside) if first else inside


def _of_kron(node: Node, column: Node) -> Node | None:
    """(A ⊗ B) (e_k ⊗ I) = A e_k ⊗ B"""
    unit = column.args[0] if column.op == "kron" else column
    if unit.rows != node.args[0].cols:
        return None
    return kron(matmul(node.args[0], unit), *node.args[1:])


def _of_transpose(node: Node, column: Node) -> Node | None:
    """Of a transposed sum: the row of it, and of a column an entry."""
    inside = node.args[0]
    if node.is_row:
        return _entry_of(inside, column)
    return picked(_turned(inside), column) if inside.op in ("total", "add") else None


def _entry_of(node: Node, column: Node) -> Node | None:
    """v^T e_k of a column v"""

    def of(part: Node) -> Node:
        return picked(transpose(part), column)

    match node.op:
        case "add":
            return combine(((of(t), c) for t, c in zip(node.args, node.data, strict=True)), (ONE, column.cols))
        case "total":
            return total(node.data, of(node.args[0]))
        case "matmul":
            first, *rest = node.args
            return matmul(*(transpose(f) for f in reversed(rest)), picked(transpose(first), column))
        case "scale":
            return scale(node.args[0], of(node.args[1]))
        case "power":
            return hadamard(*(power(of(b), e) for b, e in zip(node.args[::2], node.args[1::2], strict=True)))
        case "apply":
            return apply(node.data[0], *(a if a.is_scalar else of(a) for a in node.args))
    return None


def _turned(node: Node) -> Node:
    if node.op == "total":
        return total(node.data, transpose(node.args[0]))
    return combine(((transpose(t), c) for t, c in zip(node.args, node.data, strict=True)), (node.cols, node.rows))


_RULES: dict[str, Callable[[Node, Node], Node | None]] = {
    "add": _of_sum,
    "total": lambda node, column: total(node.data, picked(node.args[0], column)),
    "scale": lambda node, column: scale(node.args[0], picked(node.args[1], column)),
    "power": _of_entries,
    "apply": _of_entries,
    "matmul": _of_product,
    "kron": _of_kron,
    "transpose": _of_transpose,
    "diag": lambda node, column: scale(matmul(transpose(node.args[0]), column), column) if column.is_column else None,
}
