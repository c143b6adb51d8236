"""The transpose: (A B)^T = B^T A^T, down to the leaves.

Transposes sit on leaves; a row is the transpose of a column.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from matcalc.expr.canonical import application, invariants, open_functions, powers, products, sums, totals, unary
from matcalc.expr.leaves import commutation, ones, zeros
from matcalc.expr.node import Node, make
from matcalc.expr.passes import Fold, Pass, rows_of
from matcalc.functions import row_of

__all__ = ["transpose"]

_SYMMETRIC_TAGS = frozenset({"symmetric", "spd", "psd", "diagonal"})
_TRANSPOSED_MASK = {
    "lower": "upper",
    "upper": "lower",
    "strictly_lower": "strictly_upper",
    "strictly_upper": "strictly_lower",
    "off_diagonal": "off_diagonal",
}


def transpose(node: Node) -> Node:
    """The transpose, pushed to the leaves: (A B)^T = B^T A^T."""
    found: Node | None = node.cache.get("transpose")
    if found is None:
        found = TRANSPOSE(node)
        found.cache.setdefault("transpose", node)
    return found


def _of_vector(node: Node) -> Node | None:
    """Of numbers, columns and rows, and of what is a transpose, whatever stands in it."""
    if node.is_scalar:
        return node
    if node.op == "transpose":
        return node.args[0]
    if node.op == "zero":
        return zeros(node.cols, node.rows)
    if node.is_column or node.is_row:
        return _row_of(node)
    return None


def _row_of(node: Node) -> Node:
    if node.op == "add" and len(node.args) == 1:
        return make("add", (transpose(node.args[0]),), node.data, (node.cols, node.rows))
    return _flipped(node, ())


Args = Sequence[Node]


def _itself(node: Node, args: Args) -> Node:
    return node


def _flipped(node: Node, args: Args) -> Node:
    return make("transpose", (node,), (), (node.cols, node.rows))


def _of_mask(node: Node, args: Args) -> Node:
    kind = _TRANSPOSED_MASK.get(node.data[0])
    return _flipped(node, args) if kind is None else make("mask", (), (kind,), (node.cols, node.rows))


def _of_open(node: Node, args: Args) -> Node:
    function, partials, free, _ = node.data
    if function.entrywise:
        return open_functions.opened(function, args, (node.cols, node.rows), partials)
    if len(set(free)) < len(free):
        return node  # second partial derivatives
    return _by_tags(node, open_functions.tags_of(node)) if len(free) == 1 else _flipped(node, args)


def _of_call(node: Node, args: Args) -> Node:
    name, *static = node.data
    shape = (node.cols, node.rows)
    row = row_of(name)
    if "symmetric" in row.value or (name == "toeplitz" and len(node.args) == 1):
        return node
    if "skew" in row.value:
        return sums.scaled(-1, node)
    if not row.turned:
        return _flipped(node, args)
    if name == "kron_contract":
        static = [shape]
    turned = (args[k] for k in row.turned_order(len(args)))
    return application.call(name, *turned, static=static, shape=shape)


def _by_tags(node: Node, tags: Collection[str]) -> Node:
    if _SYMMETRIC_TAGS.intersection(tags):
        return node
    return sums.scaled(-1, node) if "skew" in tags else _flipped(node, ())


def _of_block(node: Node, args: Args) -> Node:
    width = node.data[1]
    return unary.block([args[j::width] for j in range(width)])


def _of_power(node: Node, args: Args) -> Node:
    return powers.hadamard(*map(powers.power, args, node.args[1::2]))


_NEVER = "constant dimension zero unit at trace det logdet transpose diagonal vec".split()

#: operator -> the operands that are transposed with a matrix
THROUGH: Pass[Callable[[Node], Args]] = Pass(
    "operands that are transposed",
    {
        **rows_of(
            "variable perturbation ones identity mask commutation selector duplication elimination", lambda node: ()
        ),
        **rows_of("diag unvec", lambda node: ()),
        **rows_of("add matmul kron total adjugate block apply", lambda node: node.args),
        "power": lambda node: node.args[::2],
        "scale": lambda node: node.args[1:],
        "matpow": lambda node: node.args[:1],
        "call": lambda node: node.args if row_of(node.data[0]).turned else (),
        "open": lambda node: node.args if node.data[0].entrywise else (),
    },
    never=_NEVER,
)

#: operator -> the transpose of a matrix, from those of its operands
TRANSPOSE: Fold[Node] = Fold(
    "transpose",
    {
        **rows_of("selector duplication elimination unvec", _flipped),
        **rows_of("identity diag", _itself),
        **rows_of("variable perturbation", lambda node, args: _by_tags(node, node.data[-1])),
        "ones": lambda node, args: ones(node.cols, node.rows),
        "commutation": lambda node, args: commutation(node.data[1], node.data[0]),
        "mask": _of_mask,
        "add": lambda node, args: sums.combine(zip(args, node.data, strict=True), (node.cols, node.rows)),
        "matmul": lambda node, args: products.matmul(*reversed(args)),
        "scale": lambda node, args: sums.scale(node.args[0], args[0]),
        "power": _of_power,
        "kron": lambda node, args: products.kron(*args),
        "matpow": lambda node, args: unary.matrix_power(args[0], node.args[1]),
        "total": lambda node, args: totals.total(node.data, args[0]),
        "adjugate": lambda node, args: invariants.adjugate(args[0]),
        "block": _of_block,
        "apply": lambda node, args: application.apply(node.data[0], *args),
        "call": _of_call,
        "open": _of_open,
    },
    first=_of_vector,
    through=lambda node: THROUGH.row(node.op)(node),
    never=_NEVER,
)
