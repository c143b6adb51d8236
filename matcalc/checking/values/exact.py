"""Values in rational numbers: where no rounding is, two values that differ are two values."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from matcalc.errors import DomainError
from matcalc.expr import Dim, Node, member_variable, of_each, summed_out, variables
from matcalc.expr.passes import Fold, rows_of

__all__ = ["NotRational", "Table", "exact_difference", "exact_value", "rational_point"]

#: A matrix as rows of rational numbers.
Table = list[list[Fraction]]
Sizes = Mapping[str, int]

#: Numbers with more digits than this are not followed: an exact inverse of an inverse grows quickly.
MOST_BITS = 20000


class NotRational(Exception):
    """The expression holds a function whose values are not rational, or is not defined at the point."""


def exact_value(root: Node, values: Mapping[str, Table], sizes: Sizes) -> Table:
    """The value as rows of fractions. Raises NotRational."""
    root = _without_sums(root, sizes)
    return RATIONAL.within(root, {v: values[v.data[0]] for v in variables(root)}, sizes)


def _of_bounded_length(rule: Rule, node: Node, args: list[Table], sizes: Sizes) -> Table:
    table = rule(node, args, sizes)
    if any(entry.numerator.bit_length() > MOST_BITS for row in table for entry in row):
        raise NotRational("too long")
    return table


def _irrational(node: Node, args: list[Table], sizes: Sizes) -> Table:
    raise NotRational(node.op)


def _without_sums(root: Node, sizes: Sizes) -> Node:
    try:
        return summed_out(root, sizes)
    except DomainError as error:
        raise NotRational(error.message) from error


def rational_point(variable: Node, sizes: Sizes, rng: random.Random) -> Table:
    """A value for a variable, with the structure it was declared with."""
    m, n = variable.rows.evaluate(sizes), variable.cols.evaluate(sizes)
    tags = variable.data[1]
    if of_each(tags):
        own = member_variable(variable)
        return [row for _ in range(m // n) for row in rational_point(own, sizes, rng)]
    x = _table(m, n, lambda i, j: Fraction(rng.randint(-9, 9), rng.randint(1, 5)))
    if "integer" in tags:
        return _table(m, n, lambda i, j: Fraction(rng.randint(1, 4)))
    if "positive" in tags:
        x = _table(m, n, lambda i, j: abs(x[i][j]) + Fraction(1, 3))
    if "spd" in tags or "psd" in tags:
        square = _matmul(x, _transpose(x))
        return _table(n, n, lambda i, j: square[i][j] + (i == j))
    if "symmetric" in tags:
        return _table(n, n, lambda i, j: x[i][j] + x[j][i])
    if "skew" in tags:
        return _table(n, n, lambda i, j: x[i][j] - x[j][i])
    if "orthogonal" in tags:  # Cayley's transform of a skew matrix
        k = _table(n, n, lambda i, j: x[i][j] - x[j][i])
        plus, minus = (_table(n, n, lambda i, j, s=s: (i == j) + s * k[i][j]) for s in (1, -1))  # type: ignore[misc]
        return _matmul(minus, _inverse(plus))
    if "invertible" in tags:
        return _table(n, n, lambda i, j: x[i][j] + 20 * (i == j))
    kept: dict[str, Callable[[int, int], bool]] = {
        "diagonal": lambda i, j: i == j,
        "lower": lambda i, j: i >= j,
        "upper": lambda i, j: i <= j,
    }
    for tag, keep in kept.items():
        if tag in tags:
            return _table(m, n, lambda i, j, keep=keep: x[i][j] if keep(i, j) else Fraction(0))  # type: ignore[misc]
    return x


def _table(m: int, n: int, entry: Callable[[int, int], Fraction | int]) -> Table:
    return [[Fraction(entry(i, j)) for j in range(n)] for i in range(m)]


def _matmul(a: Table, b: Table) -> Table:
    columns = list(zip(*b, strict=True))
    return [[sum((x * y for x, y in zip(row, c, strict=True)), Fraction(0)) for c in columns] for row in a]


def _transpose(a: Table) -> Table:
    return [list(row) for row in zip(*a, strict=True)]


def _eye(n: int) -> Table:
    return _table(n, n, lambda i, j: i == j)


def _entries(a: Table, f: Callable[[Fraction], Fraction]) -> Table:
    return [[f(x) for x in row] for row in a]


def _reduced(a: Table, b: Table) -> tuple[Fraction, Table]:
    """(det A, A^-1 B) by elimination; A^-1 B is empty where A is singular."""
    n = len(a)
    rows = [[*r, *s] for r, s in zip(a, b, strict=True)]
    determinant = Fraction(1)
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k]), None)
        if pivot is None:
            return Fraction(0), []
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            determinant = -determinant
        head = rows[k][k]
        determinant *= head
        rows[k] = [x / head for x in rows[k]]
        for i in range(n):
            if i != k and (factor := rows[i][k]):
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return determinant, [row[n:] for row in rows]


def _inverse(a: Table) -> Table:
    determinant, inverse = _reduced(a, _eye(len(a)))
    if not determinant:
        raise NotRational("a singular matrix")
    return inverse


def _determinant(a: Table) -> Fraction:
    return _reduced(a, _eye(len(a)))[0]


def _scalar(x: Fraction | int) -> Table:
    return [[Fraction(x)]]


def _exponent(e: Fraction) -> int:
    if e.denominator != 1 or abs(e) > 40:
        raise NotRational("a root")
    return int(e)


def _power(node: Node, args: list[Table], sizes: Sizes) -> Table:
    m, n = node.rows.evaluate(sizes), node.cols.evaluate(sizes)
    total = _table(m, n, lambda i, j: 1)
    for base, exponent in zip(args[::2], args[1::2], strict=True):
        k = _exponent(exponent[0][0])
        if k < 0 and any(x == 0 for row in base for x in row):
            raise NotRational("division by zero")
        scalar = len(base) == 1 and len(base[0]) == 1
        total = [
            [x * (base[0][0] if scalar else base[i][j]) ** k for j, x in enumerate(row)] for i, row in enumerate(total)
        ]
    return total


def _matrix_power(node: Node, args: list[Table], sizes: Sizes) -> Table:
    base, k = args[0], _exponent(args[1][0][0])
    total, factor = _eye(len(base)), base if k >= 0 else _inverse(base)
    for _ in range(abs(k)):
        total = _matmul(total, factor)
    return total


def _sum(node: Node, args: list[Table], sizes: Sizes) -> Table:
    return _table(
        len(args[0]), len(args[0][0]), lambda i, j: sum(c * a[i][j] for c, a in zip(node.data, args, strict=True))
    )


def _product(node: Node, args: list[Table], sizes: Sizes) -> Table:
    total = args[0]
    for factor in args[1:]:
        total = _matmul(total, factor)
    return total


def _kron(node: Node, args: list[Table], sizes: Sizes) -> Table:
    total = _scalar(1)
    for b in args:
        total = [[x * y for x in row for y in other] for row in total for other in b]
    return total


def _adjugate(node: Node, args: list[Table], sizes: Sizes) -> Table:
    (a,) = args
    n = len(a)

    def cofactor(i: int, j: int) -> Fraction:
        minor = [[x for q, x in enumerate(row) if q != i] for p, row in enumerate(a) if p != j]
        return (-1) ** (i + j) * _determinant(minor)

    return _table(n, n, cofactor)


def _unvec(node: Node, args: list[Table], sizes: Sizes) -> Table:
    m, n = node.rows.evaluate(sizes), node.cols.evaluate(sizes)
    return _table(m, n, lambda i, j: args[0][i + j * m][0])


def _block(node: Node, args: list[Table], sizes: Sizes) -> Table:
    height, width = node.data
    rows: Table = []
    for i in range(height):
        parts = args[i * width : (i + 1) * width]
        rows += [[x for part in parts for x in part[k]] for k in range(len(parts[0]))]
    return rows


def _mask(node: Node, args: list[Table], sizes: Sizes) -> Table:
    kind = node.data[0]
    keep: dict[str, Callable[[int, int], Fraction | int]] = {
        "lower": lambda i, j: i >= j,
        "upper": lambda i, j: i <= j,
        "strictly_lower": lambda i, j: i > j,
        "strictly_upper": lambda i, j: i < j,
        "off_diagonal": lambda i, j: i != j,
        "phi": lambda i, j: Fraction(1, 2) if i == j else i > j,
    }
    return _table(node.rows.evaluate(sizes), node.cols.evaluate(sizes), keep[kind])


def _commutation(node: Node, args: list[Table], sizes: Sizes) -> Table:
    m, n = (d.evaluate(sizes) for d in node.data)
    return _table(m * n, m * n, lambda row, col: (row % n, row // n) == (col // m, col % m))


def _place(index: int | Dim, sizes: Sizes) -> int:
    return index if isinstance(index, int) else index.evaluate(sizes)


Rule = Callable[[Node, list[Table], Sizes], Table]

# fmt: off
RATIONAL: Fold[Table] = Fold("rational value", {
    **rows_of("constant at duplication elimination apply logdet call open total perturbation", _irrational),
    "ones":        lambda node, args, sizes: _table(node.rows.evaluate(sizes), node.cols.evaluate(sizes), lambda i, j: 1),
    "zero":        lambda node, args, sizes: _table(node.rows.evaluate(sizes), node.cols.evaluate(sizes), lambda i, j: 0),
    "identity":    lambda node, args, sizes: _eye(node.rows.evaluate(sizes)),
    "unit":        lambda node, args, sizes: _table(node.rows.evaluate(sizes), 1, lambda i, j: i == _place(node.data[0], sizes) - 1),
    "selector":    lambda node, args, sizes: _table(node.rows.evaluate(sizes), node.cols.evaluate(sizes), lambda i, j: j == i + node.data[0].evaluate(sizes)),
    "dimension":   lambda node, args, sizes: _scalar(node.data[0].evaluate(sizes)),
    "mask":        _mask,
    "commutation": _commutation,
    "add":         _sum,
    "matmul":      _product,
    "scale":       lambda node, args, sizes: _entries(args[1], lambda x: args[0][0][0] * x),
    "power":       _power,
    "transpose":   lambda node, args, sizes: _transpose(args[0]),
    "matpow":      _matrix_power,
    "kron":        _kron,
    "diag":        lambda node, args, sizes: _table(len(args[0]), len(args[0]), lambda i, j: args[0][i][0] if i == j else 0),
    "diagonal":    lambda node, args, sizes: [[row[i]] for i, row in enumerate(args[0])],
    "trace":       lambda node, args, sizes: _scalar(sum((row[i] for i, row in enumerate(args[0])), Fraction(0))),
    "det":         lambda node, args, sizes: _scalar(_determinant(args[0])),
    "adjugate":    _adjugate,
    "vec":         lambda node, args, sizes: [[x] for column in zip(*args[0], strict=True) for x in column],
    "unvec":       _unvec,
    "block":       _block,
}, around=_of_bounded_length, never=["variable"])
# fmt: on


def exact_difference(
    nodes: tuple[Node, Node], variables: Sequence[Node], names: Sequence[str], *, trials: int = 2
) -> tuple[dict[str, Table], Fraction] | None:
    """A rational point at which two expressions have different values, and the largest difference there."""
    for trial in range(trials):
        rng = random.Random(trial)
        sizes = {name: 2 + (k + trial) % 3 for k, name in enumerate(sorted(names))}
        try:
            values = {v.data[0]: rational_point(v, sizes, rng) for v in variables}
            left, right = (exact_value(node, values, sizes) for node in nodes)
        except (NotRational, IndexError, KeyError):
            continue
        gap = max(abs(x - y) for row, other in zip(left, right, strict=True) for x, y in zip(row, other, strict=True))
        if gap:
            return values, gap
    return None
