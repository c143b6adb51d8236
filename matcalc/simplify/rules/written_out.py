"""Arrays of fixed size whose entries are all known: sums of unit matrices, sums and powers of constant matrices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from matcalc.expr import (
    OPERATORS,
    Node,
    block,
    combine,
    content,
    factors,
    hadamard,
    is_number,
    number,
    scaled,
    terms,
    zeros,
)
from matcalc.expr.passes import Always, Fold, rows_of
from matcalc.simplify.cost import cost

__all__ = [
    "constant_determinant",
    "constant_power",
    "scalar_in_brackets",
    "sum_of_entries",
    "units_written_out",
]

#: An array of more entries than this stays a sum of unit matrices.
MOST_ENTRIES = 36
#: One of at most so many is written out however few of its entries are not 0, a larger one if a third of them is not.
SMALL = 16
#: What a factor may cost more in the entries than in front of them.
WORTH_A_FACTOR = 3
#: Powers of constant matrices are computed up to here.
LARGEST_POWER = 8

#: (row, column), from 0 -> the entry; what is left out is 0.
Entries = dict[tuple[int, int], Node]


def _size(node: Node) -> tuple[int, int] | None:
    rows, cols = node.rows.value, node.cols.value
    return (rows, cols) if rows is not None and cols is not None and rows * cols <= MOST_ENTRIES else None


Below = Sequence[Entries | None]


def _entries(root: Node) -> Entries | None:
    """All entries of an array of fixed size, where it is built of units, blocks, identities and scalars."""
    return ENTRIES(root)


def _of_numbers(node: Node) -> Entries | None:
    return {(0, 0): node} if node.is_scalar else None


def _of_known(rule: Callable[[Node, Below], Entries | None], node: Node, below: Below) -> Entries | None:
    """Nothing of what has no fixed size, or an operand that is not known."""
    return None if _size(node) is None or any(part is None for part in below) else rule(node, below)


def _of_unit(node: Node, below: Below) -> Entries | None:
    return {(node.data[0] - 1, 0): number(1)} if isinstance(node.data[0], int) else None


def _of_block(node: Node, below: Below) -> Entries | None:
    if not all(a.is_scalar for a in node.args):
        return None
    return {divmod(i, node.data[1]): a for i, a in enumerate(node.args) if not a.is_zero}


def _of_transpose(node: Node, below: Sequence[Entries]) -> Entries:
    return {(j, i): a for (i, j), a in below[0].items()}


def _of_scale(node: Node, below: Sequence[Entries]) -> Entries:
    return {ij: hadamard(node.args[0], a) for ij, a in below[1].items()}


def _sum(weighted: Iterable[tuple[Entries, Fraction]]) -> Entries:
    total: dict[tuple[int, int], list[tuple[Node, Fraction]]] = {}
    for inside, c in weighted:
        for place, a in inside.items():
            total.setdefault(place, []).append((a, c))
    return {place: combine(parts, number(1).shape) for place, parts in total.items()}


def _product(links: Sequence[Entries]) -> Entries:
    total = links[0]
    for right in links[1:]:
        sums: dict[tuple[int, int], list[tuple[Node, Fraction]]] = {}
        for (i, j), a in total.items():
            for (k, m), b in right.items():
                if j == k:
                    sums.setdefault((i, m), []).append((hadamard(a, b), Fraction(1)))
        total = {place: combine(parts, number(1).shape) for place, parts in sums.items()}
    return total


ENTRIES: Fold[Entries | None] = Fold(
    "entries",
    {
        **rows_of("constant dimension ones at mask selector commutation duplication elimination", Always(None)),
        **rows_of("variable power trace det logdet open matpow kron diag diagonal adjugate", Always(None)),
        **rows_of("vec unvec total perturbation", Always(None)),
        "zero": lambda node, below: {},
        "unit": _of_unit,
        "identity": lambda node, below: {(i, i): number(1) for i in range(node.rows.value or 0)},
        "block": _of_block,
        "transpose": _of_transpose,
        "scale": _of_scale,
        "add": lambda node, below: _sum(zip(below, node.data, strict=True)),
        "matmul": lambda node, below: _product(below),
    },
    call=Always(None),
    first=_of_numbers,
    around=_of_known,
)


def _written(entries: Entries, like: Node) -> Node:
    rows, cols = _size(like) or (0, 0)
    if all(a.is_zero for a in entries.values()):
        return zeros(*like.shape)
    return block([[entries.get((i, j), number(0)) for j in range(cols)] for i in range(rows)])


def _of_any(node: Node, below: Sequence[bool]) -> bool:
    return any(holds for a, holds in zip(node.args, below, strict=True) if not a.is_scalar)


#: Whether units make up the array, not only what stands before it.
HOLDS_UNIT: Fold[bool] = Fold(
    "holds unit",
    {
        **rows_of(OPERATORS.keys() - {"unit", "add", "scale", "matmul", "transpose"}, Always(False)),
        **rows_of("add scale matmul transpose", _of_any),
        "unit": Always(True),
    },
)


def units_written_out(node: Node) -> Node | None:
    """s e_1 e_1^T + t e_2 e_1^T = [s, 0; t, 0], for a fixed size"""
    size = _size(node)
    if node.is_scalar or size is None or not HOLDS_UNIT(node):
        return None
    entries = _entries(node)
    if entries is None:
        return None
    filled = sum(not a.is_zero for a in entries.values())
    few = size[0] * size[1] > SMALL and 3 * filled < size[0] * size[1]
    return None if few else _written(entries, node)


def sum_of_entries(node: Node) -> Node | None:
    """[1, 2; 3, 4] + s I = [1 + s, 2; 3, 4 + s]

    [1, 2; 3, 4] + s [0, 1; 1, 0] = [1, 2 + s; 3 + s, 4], also with s I; 2 [1; s] = [2; 2 s]
    """
    if node.is_scalar or _size(node) is None:
        return None
    common, primitive = content(node)
    pairs = [(t, c) for t, c in terms(primitive) if not t.is_zero and _entries(t) is not None]
    if len(pairs) < 2 or not any(_is_written(t) for t, _ in pairs):
        return _multiplied(node) if len(node.args) == 1 and _is_written(node.args[0]) else None
    taken = {t for t, _ in pairs}
    rest = [(t, common * c) for t, c in terms(primitive) if t not in taken]
    entries = _sum((_entries(t) or {}, c) for t, c in pairs)
    first = next((a for _, a in sorted(entries.items(), key=lambda e: e[0]) if not a.is_zero), number(1))
    outside = abs(common) if common * content(first)[0] > 0 or not rest else -abs(common)
    whole = _written({place: scaled(common / outside, a) for place, a in entries.items()}, node)
    return combine([*rest, (whole, outside)], node.shape)


def _multiplied(node: Node) -> Node | None:
    """A multiple of an array of entries, where the factor is read in them as easily as before them."""
    total = _written(_entries(node) or {}, node)
    return total if cost(total) <= cost(node) + WORTH_A_FACTOR else None


def _is_written(term: Node) -> bool:
    """A block matrix of scalars, or a multiple or the transpose of one."""
    body = (term.args[1] if term.op == "scale" else term).upright
    return body.op == "block" and all(a.is_scalar for a in body.args)


def scalar_in_brackets(node: Node) -> Node | None:
    """[s^2, 0; s, 1] / s = [s, 0; 1, 1 / s], for a scalar of which entries are multiples"""
    s, body = node.args
    entries = _entries(body) if body.upright.op == "block" else None
    if entries is None:
        return None
    bases = {b for b, _ in factors(s)}
    shared = any(b in bases for a in entries.values() for t, _ in terms(a) for b, _ in factors(t))
    return _written({place: hadamard(s, a) for place, a in entries.items()}, node) if shared else None


def constant_power(node: Node) -> Node | None:
    """[1, 1; 0, 1]^3 = [1, 3; 0, 1], [2, 0; 0, 4]^-1 = [1/2, 0; 0, 1/4]"""
    base, e = node.args[0], is_number(node.args[1])
    rows = _numbers(base)
    if rows is None or e is None or e.denominator != 1 or not 0 < abs(e) <= LARGEST_POWER:
        return None
    if e < 0:
        rows = _inverse(rows)
    if rows is None:
        return None
    array = block([[number(a) for a in row] for row in rows])
    found = _entries(array)
    return None if found is None else _written(_product([found] * int(abs(e))), node)


def _is_constant(node: Node) -> bool:
    """A block matrix of numbers."""
    return node.upright.op == "block" and all(is_number(a) is not None for a in node.upright.args)


Rows = list[list[Fraction]]


def _numbers(node: Node) -> Rows | None:
    """The entries of a square matrix of numbers."""
    entries = _entries(node) if _is_constant(node) else None
    size = node.rows.value or 0
    if entries is None:
        return None
    return [[is_number(entries.get((i, j), number(0))) or Fraction(0) for j in range(size)] for i in range(size)]


def _inverse(rows: Rows) -> Rows | None:
    """By elimination, in fractions; None of a singular matrix."""
    size = len(rows)
    work = [[*row, *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(rows)]
    for k in range(size):
        pivot = next((i for i in range(k, size) if work[i][k]), None)
        if pivot is None:
            return None
        work[k], work[pivot] = work[pivot], work[k]
        work[k] = [a / work[k][k] for a in work[k]]
        for i in range(size):
            if i != k:
                work[i] = [a - work[i][k] * b for a, b in zip(work[i], work[k], strict=True)]
    return [row[size:] for row in work]


def constant_determinant(node: Node) -> Node | None:
    """det([1, 2; 3, 4]) = -2"""
    rows = _numbers(node.args[0])
    return None if rows is None else scaled(_determinant(rows), number(1))


def _determinant(rows: Rows) -> Fraction:
    """By elimination, in fractions."""
    rows, result = [list(row) for row in rows], Fraction(1)
    for k in range(len(rows)):
        pivot = next((i for i in range(k, len(rows)) if rows[i][k]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != k:
            rows[k], rows[pivot], result = rows[pivot], rows[k], -result
        result *= rows[k][k]
        for i in range(k + 1, len(rows)):
            ratio = rows[i][k] / rows[k][k]
            rows[i] = [a - ratio * b for a, b in zip(rows[i], rows[k], strict=True)]
    return result
