"""Expressions in arrays of fixed size, entry by entry, for proofs: a 2 x 2 determinant is a d - b c."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import prod

from matcalc.errors import DomainError
from matcalc.expr import (
    ONE,
    Node,
    add,
    apply,
    hadamard,
    is_number,
    number,
    postorder,
    power,
    rebuild,
    scaled,
    summed_out,
    variable,
)
from matcalc.expr.passes import Fold, rows_of

__all__ = ["in_entries"]

#: Larger arrays, larger determinants and higher powers are not written out.
MOST_ENTRIES = 16
LARGEST_DETERMINANT = 3
HIGHEST_POWER = 4

#: An array as rows of scalar expressions.
Table = list[list[Node]]
ZERO, UNIT = number(0), number(1)


class _TooLarge(Exception):
    """There is an array that is not written out."""


def in_entries(root: Node) -> list[Node] | None:
    """The entries of the expression as functions of the entries of its variables; None where one has no fixed size."""
    nodes = postorder(root)
    if all(node.is_scalar for node in nodes) or not all(map(_is_short, nodes)):
        return None
    try:
        table = IN_ENTRIES.within(summed_out(root, {}), {})
    except (_TooLarge, DomainError):
        return None
    return [entry for row in table for entry in row]


def _is_short(node: Node) -> bool:
    """Whether a sum over indices has few terms, whatever the sizes are."""
    sizes = [index.size.value for index in node.data] if node.op == "total" else []
    return None not in sizes and prod(size or 0 for size in sizes) <= MOST_ENTRIES


def _of_fixed_size(rule: Rule, node: Node, args: list[Table]) -> Table:
    if node.is_scalar and all(a.is_scalar for a in node.args):
        return [[rebuild(node, tuple(a[0][0] for a in args)) if args else node]]
    rows, cols = node.rows.value, node.cols.value
    if rows is None or cols is None or rows * cols > MOST_ENTRIES:
        raise _TooLarge
    return rule(node, args)


def _filled(node: Node, entry: Callable[[int, int], Node | int]) -> Table:
    rows, cols = node.rows.value or 0, node.cols.value or 0
    values = [[entry(i, j) for j in range(cols)] for i in range(rows)]
    return [[v if isinstance(v, Node) else number(v) for v in row] for row in values]


def _variable(node: Node, args: list[Table]) -> Table:
    """Entries with the structure of the variable; those of an orthogonal one are tied in other ways."""
    name, tags = node.data
    kept = ("positive",) if "positive" in tags else ()

    def entry(i: int, j: int) -> Node:
        if {"symmetric", "spd", "psd"} & set(tags):
            i, j = max(i, j), min(i, j)
        if "skew" in tags and i <= j:
            return ZERO if i == j else scaled(-1, entry(j, i))
        outside = {"diagonal": i != j, "lower": i < j, "upper": i > j}
        return ZERO if any(outside.get(tag) for tag in tags) else variable(f"{name}[{i}, {j}]", (ONE, ONE), kept)

    if "orthogonal" in tags:
        raise _TooLarge
    return _filled(node, entry)


def _mask(node: Node, args: list[Table]) -> Table:
    keep: dict[str, Callable[[int, int], bool]] = {
        "lower": lambda i, j: i >= j,
        "upper": lambda i, j: i <= j,
        "strictly_lower": lambda i, j: i > j,
        "strictly_upper": lambda i, j: i < j,
        "off_diagonal": lambda i, j: i != j,
    }
    if node.data[0] not in keep:
        raise _TooLarge
    return _filled(node, lambda i, j: int(keep[node.data[0]](i, j)))


def _unit(node: Node, args: list[Table]) -> Table:
    if not isinstance(node.data[0], int):
        raise _TooLarge
    return _filled(node, lambda i, j: int(i + 1 == node.data[0]))


def _product(a: Table, b: Table) -> Table:
    columns = list(zip(*b, strict=True))
    return [[add(*(hadamard(x, y) for x, y in zip(row, c, strict=True))) for c in columns] for row in a]


def _matrix_power(node: Node, args: list[Table]) -> Table:
    base, e = args[0], is_number(node.args[1])
    if e is None or e.denominator != 1 or not 0 < abs(e) <= HIGHEST_POWER:
        raise _TooLarge
    factor = base if e > 0 else _multiple(power(_determinant(base), -1), _adjugate(base))
    return reduce(_product, [factor] * int(abs(e)))


def _multiple(s: Node, a: Table) -> Table:
    return [[hadamard(s, x) for x in row] for row in a]


def _determinant(a: Table) -> Node:
    """Along the first row."""
    if len(a) > LARGEST_DETERMINANT:
        raise _TooLarge
    if not a:
        return UNIT
    minors = (hadamard(x, _determinant(_minor(a, 0, j))) for j, x in enumerate(a[0]))
    return add(*(scaled((-1) ** j, m) for j, m in enumerate(minors)))


def _minor(a: Table, i: int, j: int) -> Table:
    return [[x for q, x in enumerate(row) if q != j] for p, row in enumerate(a) if p != i]


def _adjugate(a: Table) -> Table:
    indices = range(len(a))
    return [[scaled((-1) ** (i + j), _determinant(_minor(a, j, i))) for j in indices] for i in indices]


def _kron(a: Table, b: Table) -> Table:
    return [[hadamard(x, y) for x in row for y in other] for row in a for other in b]


def _block(node: Node, args: list[Table]) -> Table:
    height, width = node.data
    rows: Table = []
    for i in range(height):
        parts = args[i * width : (i + 1) * width]
        rows += [[x for part in parts for x in part[k]] for k in range(len(parts[0]))]
    return rows


def _at(a: Table, i: int, j: int) -> Node:
    """An entry; a number stands in every one."""
    return a[0][0] if len(a) == len(a[0]) == 1 else a[i][j]


def _power(node: Node, args: list[Table]) -> Table:
    pairs = list(zip(args[::2], args[1::2], strict=True))
    return _filled(node, lambda i, j: hadamard(UNIT, *(power(_at(b, i, j), e[0][0]) for b, e in pairs)))


def _call(node: Node, args: list[Table]) -> Table:
    entries = [x for row in args[0] for x in row] if args else []
    total = add(*(apply("exp", x) for x in entries)) if entries else ZERO
    match node.data:
        case ("prod",):
            return [[hadamard(UNIT, *entries)]]
        case ("max" | "min" as name,):
            return [[reduce(lambda a, b: apply(name, a, b), entries)]]
        case ("logsumexp",):
            return [[apply("log", total)]]
        case ("softmax",) if node.is_column:
            return [[hadamard(apply("exp", x), power(total, -1))] for x in entries]
    raise _TooLarge


Rule = Callable[[Node, list[Table]], Table]


def _not_written_out(node: Node, args: list[Table]) -> Table:
    raise _TooLarge


# fmt: off
IN_ENTRIES: Fold[Table] = Fold("in entries", {
    **rows_of("constant dimension at selector commutation duplication elimination open total perturbation", _not_written_out),
    "variable":  _variable,
    "ones":      lambda node, args: _filled(node, lambda i, j: 1),
    "zero":      lambda node, args: _filled(node, lambda i, j: 0),
    "identity":  lambda node, args: _filled(node, lambda i, j: int(i == j)),
    "unit":      _unit,
    "mask":      _mask,
    "add":       lambda node, args: _filled(node, lambda i, j: add(*(scaled(Fraction(c), a[i][j]) for c, a in zip(node.data, args, strict=True)))),
    "matmul":    lambda node, args: reduce(_product, args),
    "scale":     lambda node, args: _multiple(args[0][0][0], args[1]),
    "power":     _power,
    "apply":     lambda node, args: _filled(node, lambda i, j: apply(node.data[0], *(_at(a, i, j) for a in args))),
    "transpose": lambda node, args: [list(row) for row in zip(*args[0], strict=True)],
    "matpow":    _matrix_power,
    "kron":      lambda node, args: reduce(_kron, args),
    "diag":      lambda node, args: _filled(node, lambda i, j: args[0][i][0] if i == j else 0),
    "diagonal":  lambda node, args: [[row[i]] for i, row in enumerate(args[0])],
    "trace":     lambda node, args: [[add(*(row[i] for i, row in enumerate(args[0])))]],
    "det":       lambda node, args: [[_determinant(args[0])]],
    "logdet":    lambda node, args: [[apply("log", apply("abs", _determinant(args[0])))]],
    "adjugate":  lambda node, args: _adjugate(args[0]),
    "vec":       lambda node, args: [[x] for column in zip(*args[0], strict=True) for x in column],
    "unvec":     lambda node, args: _filled(node, lambda i, j: args[0][i + j * (node.rows.value or 0)][0]),
    "block":     _block,
    "call":      _call,
}, around=_of_fixed_size)
# fmt: on
