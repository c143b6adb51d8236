"""How long an expression is to read: the printed length, with a price for inverses and nesting.

A cost is computed once a node from the costs of its operands, so it is linear in the DAG
even where the printed tree would be exponential.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

from matcalc.expr import LEAVES, Node, chain, factors, is_number, transpose
from matcalc.expr.passes import Fold, rows_of
from matcalc.simplify.patterns import is_entrywise

__all__ = ["cost"]

#: Costs saturate here: a DAG can stand for a tree of astronomic size.
LARGEST = 10**9

#: What a square, a cube, … in a denominator costs beside its length: (u - v / p) / p rather than u / p - v / p^2.
POWER_BELOW = 2

#: What a fraction costs in the numerator of a fraction.
NESTED_FRACTION = 3

#: What diag(f(U)^T B) costs beside its length: it is (f(U) ⊙ B)^T 1, where nothing has to be paired with a transpose.
PAIRED = 12

#: e(2, 3), where the array of entries can be written out: longer than what is repeated in them. x[2] is short.
FIXED_UNIT = 25

#: sum(…)
SUM = 15

#: The 1 of 1 b^T in a sum.
REPEATED = 5

#: tr(triu(ones(n, n), 1) A), where the mask is written out: sum_{i<j} A_ji is shorter.
MASK = 8

#: (ones(n, n) - I), outside of conditions i != j
UNEQUAL = 22

#: The sign of a sum over indices; with each index.
SUM_SIGN, SUM_INDEX = 6, 1

_LEAF_COST = {"ones": 12, "zero": 2, "identity": 1, "unit": 3, "at": 12, "mask": 6, "selector": 16}


Costs = Sequence[int]


def cost(root: Node) -> int:
    """The reading cost of the expression; smaller is better."""
    return COST(root)


def _of(node: Node) -> int:
    """The cost of what stands somewhere below, which is known."""
    value: int = node.cache["cost"]
    return value


def _number_cost(value: Fraction) -> int:
    length = len(str(abs(value.numerator)))
    return length if value.denominator == 1 else length + 1 + len(str(value.denominator))


def _bracketed(node: Node) -> int:
    """The cost as a factor: brackets are cheap, since a factored form is preferred to an equally long one."""
    return _of(node) + (1 if node.op == "add" else 0)


def _add(node: Node, below: Costs) -> int:
    if node.is_number:
        return _number_cost(node.data[0])
    coefficients = sum(0 if abs(c) == 1 else _number_cost(c) + 1 for c in node.data)
    joints = 3 * (len(node.args) - 1)
    sign = 1 if all(c < 0 for c in node.data) else 0
    number_of = _constant_term if _broadcasts(node) else _of
    length = sum(number_of(a) for a in node.args) + coefficients + joints + sign
    return length + 3 * sum(map(_is_reciprocal, node.args)) - _saved_by_repetition(node)


def _is_reciprocal(term: Node) -> bool:
    """1 / x, with its 1 in sight."""
    return term.is_scalar and term.op == "power" and all((k := is_number(e)) and k < 0 for e in term.args[1::2])


def _constant_term(term: Node) -> int:
    """1 for ones, mean(x) for (sum(x) / n) 1: what is subtracted from every entry without a second thought."""
    if _is_ones(term):
        return 0
    if term.op != "scale" or not _is_ones(term.args[1]):
        return _of(term)
    if term.free:  # y_i 1 - y, of which some entry is meant
        return _of(term)
    pairs = factors(term.args[0])
    sums = [b for b, _ in pairs if b.op == "matmul" and any(_is_ones(f) for f in b.args)]
    sizes = [b for b, e in pairs if b.op == "dimension" and is_number(e) == -1]
    return _of(sums[0]) - 6 if len(pairs) == 2 and sums and sizes else _of(term.args[0])


def _saved_by_repetition(node: Node) -> int:
    """1 b^T, what is subtracted from every row as from x_i, is shorter than ones(n) b^T elsewhere, as beside s I."""
    bodies = [a.args[1] if a.op == "scale" else a for a in node.args]
    if any(f.op == "identity" for body in bodies for f in (body.args if body.op == "kron" else (body,))):
        return 0
    outer = [a for a in node.args if a.op == "matmul" and not a.is_column and len(a.args) == 2]
    return (_LEAF_COST["ones"] - REPEATED) * sum(_spreads_name(*a.args) for a in outer)


def _spreads_name(left: Node, right: Node) -> bool:
    """1 b^T and b 1^T of a name b"""
    return any(_is_ones(a) and b.upright.op == "variable" for a, b in ((left, right), (right, left)))


def _broadcasts(node: Node) -> bool:
    """Whether ones in the sum are printed as a number: beside a square matrix only if others are entrywise."""
    if node.is_scalar:
        return False
    others = [a for a in node.args if not _is_ones(a.args[1] if a.op == "scale" else a)]
    return bool(others) and (not node.is_square or any(a.upright.op in ("power", "apply") for a in others))


def _is_ones(node: Node) -> bool:
    return not node.is_scalar and node.upright.op == "ones"


def _product(node: Node, below: Costs) -> int:
    if node.op == "matmul" and len(node.args) > 1 and (saved := _indices_saved(node)):
        return sum(map(_bracketed, node.args)) - saved
    return sum(map(_bracketed, node.args)) + len(node.args) - 1


def _indices_saved(node: Node) -> int:
    """How much shorter ``x[2:5]`` and ``x[2]`` are than a matrix that picks these entries, as a factor."""
    ends = (node.args[0], node.args[-1])
    picked = sum(9 for a, b in pairwise(node.args) if _is_index(a, b) or _is_index(transpose(b), transpose(a)))
    units = [end for end in ends if _is_fixed_unit(end.upright)]
    return picked + (FIXED_UNIT - _LEAF_COST["unit"] if len(units) == 1 else 0) + _members(node)


def _members(node: Node) -> int:
    """How much shorter x_i, W_ij and (A x)_i are than X^T e_i, e_i^T W e_j and e_i^T A x; W[i, :] is not."""
    first, last = node.args[0].is_row and node.args[0].upright.op == "at", node.args[-1].op == "at"
    if first and last:
        between = node.args[1:-1]
        if all(f.op == "mask" for f in between):  # [i = j], i < j below the sign of a sum
            return 2 * _LEAF_COST["at"] - 1 + sum(_of(f) + 1 for f in between)
        return 2 * _LEAF_COST["at"]
    return (_saved_by_row(node.args[1]) if first else 0) + (_saved_by_row(transpose(node.args[-2])) if last else 0)


def _saved_by_row(matrix: Node) -> int:
    """Where e_i^T picks a row of it: rows are members of a family, which no square array is."""
    if matrix.is_column:
        return _LEAF_COST["at"]
    if matrix.op == "add" and any(t.op == "scale" and t.args[1].op == "identity" for t in matrix.args):
        return 0  # (s I + t I)[:, i]
    return 7 if matrix.op == "transpose" or (matrix.is_square and not matrix.args) else _LEAF_COST["at"]


def _is_index(selector: Node, picked: Node) -> bool:
    return selector.op == "selector" and picked.upright.op != "selector"


def _is_fixed_unit(node: Node) -> bool:
    return node.op == "unit" and isinstance(node.data[0], int) and node.rows.value is not None


def _squared_norm(node: Node) -> Node | None:
    """r with node = r^T r, which prints as a squared norm."""
    if node.op == "matmul" and len(node.args) == 2 and node.args[0].op == "transpose" and node.is_scalar:
        return node.args[1] if node.args[0].args[0] is node.args[1] else None
    return None


def _product_or_norm(node: Node, below: Costs) -> int:
    inner = _squared_norm(node)
    if inner is not None:
        return min(_product(node, below), _of(inner) + 6)
    return _sum_of_entries(node, below) if node.op == "matmul" and node.is_scalar else _product(node, below)


def _sum_of_entries(node: Node, below: Costs) -> int:
    """sum(A), where ones stand at both ends."""
    if len(node.args) < 3 or not (_is_ones(node.args[0]) and _is_ones(node.args[-1])):
        return _product(node, below)
    inside = node.args[1:-1]
    return SUM + (sum(map(_bracketed, inside)) + len(inside) - 1 if len(inside) > 1 else _of(inside[0]))


def _power(node: Node, below: Costs) -> int:
    total = -2
    for base, exponent in zip(node.args[::2], node.args[1::2], strict=True):
        e = is_number(exponent)
        if e is not None and e.denominator == 2 and _squared_norm(base) is not None:
            total += _of(_squared_norm(base) or base) + 4 + (0 if abs(e.numerator) == 1 else 2)
            total += _power_below(base, e)
            continue
        total += _bracketed(base) + (2 if node.is_scalar else 3)
        if e is None:
            total += 2 + _of(exponent)
        elif abs(e) != 1:
            total += 1 + _number_cost(e) + (0 if abs(e) in (2, Fraction(1, 2)) else 2)
            total += _power_below(base, e)
    return total + (2 if not node.is_scalar else _nested_fractions(node))


def _nested_fractions(node: Node) -> int:
    """(n - r / s) / s costs more than (n s - r) / s^2, for a symbol s."""
    pairs = [(b, is_number(e)) for b, e in zip(node.args[::2], node.args[1::2], strict=True)]
    if all(e is None or e > 0 for _, e in pairs):
        return 0
    sums = [b for b, e in pairs if b.op == "add" and e is not None and e > 0]
    return NESTED_FRACTION * sum(any(map(_has_symbol_below, b.args)) for b in sums)


def _has_symbol_below(term: Node) -> bool:
    return any(b.op == "variable" and (k := is_number(e)) is not None and k < 0 for b, e in factors(term))


def _power_below(base: Node, exponent: Fraction) -> int:
    """Not for a symbol: there n / (2 s) - r / s^2 is what people write."""
    return POWER_BELOW if exponent < -1 and base.is_scalar and base.args else 0


def _matpow(node: Node, below: Costs) -> int:
    e = is_number(node.args[1])
    if e == -1:
        return _bracketed(node.args[0]) + 4 + (2 if node.args[0].op == "matmul" else 0)
    return _bracketed(node.args[0]) + 2 + _of(node.args[1]) + (2 if e is not None and e < 0 else 0)


def _transpose(node: Node, below: Costs) -> int:
    return below[0] + 1 + (2 if node.args[0].op in ("add", "power", "scale") else 0)


def _leaf(node: Node, below: Costs) -> int:
    if node.op == "ones" and node.is_scalar:
        return 1
    if node.op in ("variable", "constant"):
        return len(node.data[0])
    if node.op == "perturbation":
        return len(node.data[0]) + 1
    if node.op == "dimension":
        return 1
    if _is_fixed_unit(node):
        return FIXED_UNIT
    if node.op == "mask" and node.data[0] == "off_diagonal":
        return UNEQUAL
    return _LEAF_COST.get(node.op, 5)


def _block(node: Node, below: Costs) -> int:
    """[a, b; c, d]"""
    brackets = 2 if all(a.is_scalar for a in node.args) else 7
    return (
        brackets + sum(1 if a.is_zero else c for a, c in zip(node.args, below, strict=True)) + 2 * (len(node.args) - 1)
    )


def _named(node: Node, below: Costs) -> int:
    """f(x, y)"""
    name = len(node.data[0]) if node.op in ("apply", "call") else len(node.op)
    return name + 2 + sum(below) + 2 * (len(node.args) - 1)


def _diagonal(node: Node, below: Costs) -> int:
    return _named(node, below) + PAIRED * any(map(is_entrywise, chain(node.args[0])))


def _total(node: Node, below: Costs) -> int:
    """sum_i c_i"""
    return SUM_SIGN + SUM_INDEX * len(node.data) + _bracketed(node.args[0])


def _at_most(rule: Callable[[Node, Costs], int], node: Node, below: Costs) -> int:
    return min(rule(node, below), LARGEST)


COST: Fold[int] = Fold(
    "cost",
    {
        **rows_of(LEAVES, _leaf),
        **rows_of("det logdet open diag adjugate vec unvec", _named),
        "total": _total,
        "add": _add,
        "matmul": _product_or_norm,
        "scale": _product,
        "power": _power,
        "matpow": _matpow,
        "transpose": _transpose,
        "block": _block,
        "diagonal": _diagonal,
        "trace": lambda node, below: 4 + below[0] + MASK * any(f.op == "mask" for f in chain(node.args[0])),
        "kron": lambda node, below: _product(node, below) + 2 * len(node.args) - 2,
    },
    call=_named,
    around=_at_most,
)
