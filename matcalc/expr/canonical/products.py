"""Constructors of matrix, Kronecker and diagonal products.

A matrix product is a flat list of non-scalar factors. Where an inner dimension is 1 the chain is cut,
so that scalars leave it: ``x x^T y = (x^T y) x``.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import prod

from matcalc.budget import remembered
from matcalc.expr import supports
from matcalc.expr.canonical import open_functions, powers, sums, transposition, unary
from matcalc.expr.canonical.members import upright_members
from matcalc.expr.dims import ONE, Dim, as_dim
from matcalc.expr.leaves import dimension, identity, is_number, number, ones, unit, zeros
from matcalc.expr.node import Node, ShapeMismatch, make

__all__ = ["chain", "diag", "kron", "matmul", "multiply", "summed_column"]

#: Products with more factors are not looked for beside their own inverse.
LONGEST_INVERTED = 8


@remembered
def multiply(a: Node, b: Node) -> Node:
    """The language's ``*``: a scalar times anything, else the matrix product."""
    return sums.scale(a, b) if a.is_scalar else sums.scale(b, a) if b.is_scalar else matmul(a, b)


def matmul(*operands: Node) -> Node:
    """The matrix product of any number of matrices."""
    _check_inner_dimensions(operands)
    shape = (operands[0].rows, operands[-1].cols)
    pulled = _Pulled()
    flat = [f for o in supports.as_patterns_beside_indices(operands) for f in pulled.flatten(o)]
    if any(f.is_zero for f in (*flat, *pulled.scalars)):
        return zeros(*shape)
    sign, flat = upright_members(flat)
    pulled.rational = pulled.rational if sign > 0 else -pulled.rational
    merged = _merge_neighbours(flat)
    segments = _cut(merged)
    filled = [open_functions.along_directions(s) for s in segments if any(f.upright.op == "open" for f in s)]
    if any(f is not None for f in filled):
        return _with_directions(segments, pulled)
    outer: list[Node] = []
    for segment in segments:
        if segment[0].rows.is_one and segment[-1].cols.is_one:
            pulled.scalars.append(_scalar_chain(segment))
        else:
            outer.extend(_absorb_diagonals(segment))
    if not outer:
        body = number(1) if shape[0].is_one and shape[1].is_one else identity(shape[0])
    else:
        body = _product_node(outer)
    if pulled.scalars:
        body = sums.scale(powers.hadamard(number(1), *pulled.scalars), body)
    return sums.scaled(pulled.rational, body)


def _with_directions(segments: Sequence[Sequence[Node]], pulled: _Pulled) -> Node:
    """The product in which derivatives of open functions have taken up the columns beside them."""
    factors: list[Node] = []
    for segment in segments:
        filled = open_functions.along_directions(segment)
        factors += segment if filled is None else [filled]
    return sums.scaled(pulled.rational, sums.scale(powers.hadamard(number(1), *pulled.scalars), matmul(*factors)))


def _check_inner_dimensions(operands: Sequence[Node]) -> None:
    for left, right in itertools.pairwise(operands):
        if left.cols != right.rows:
            raise ShapeMismatch(f"matmul: {left.shape} times {right.shape}")


class _Pulled:
    """Flattens factors and keeps what commutes with everything: rationals and scalars."""

    def __init__(self) -> None:
        self.rational = Fraction(1)
        self.scalars: list[Node] = []

    def flatten(self, node: Node) -> Iterator[Node]:
        if node.op in ("add", "transpose"):
            c, node = sums.content(node)
            self.rational = self.rational * c if c != 1 else self.rational
        if node.op == "matmul":
            yield from node.args
        elif node.is_scalar:
            self.scalars.append(node)
        elif node.op == "scale":
            self.scalars.append(node.args[0])
            yield from self.flatten(node.args[1])
        elif node.op == "transpose" and node.args[0].op == "scale":
            self.scalars.append(node.args[0].args[0])
            yield from self.flatten(transposition.transpose(node.args[0].args[1]))
        elif node.op == "transpose" and node.args[0].op == "matmul":
            for f in reversed(node.args[0].args):
                yield from self.flatten(transposition.transpose(f))
        elif node.op == "ones" and not node.cols.is_one:
            yield from (ones(node.rows), transposition.transpose(ones(node.cols)))
        elif node.op != "identity":
            yield node


def _merge_neighbours(flat: Sequence[Node]) -> list[Node]:
    """Collect powers of equal neighbours and products of diagonals: X^a X^b = X^(a+b), (A B)^-1 A B = I."""
    stack: list[Node] = []
    for factor in flat:
        pending = [factor]
        while pending:
            right = pending.pop()
            count, together = _with_last(stack, right)
            if together is None:
                stack.append(right)
            else:
                del stack[len(stack) - count :]
                if together.op != "identity":
                    pending.append(together)
    return stack


def _with_last(stack: list[Node], right: Node) -> tuple[int, Node | None]:
    """(how many factors before it, those and this one as one factor), where that is always simpler."""
    if not stack:
        return 0, None
    together = _together(stack[-1], right)
    if together is not None:
        return 1, together
    if right.op == "matpow" and right.args[0].op == "matmul":
        links = right.args[0].args
        if tuple(stack[-len(links) :]) == links:
            return len(links), unary.matrix_power(right.args[0], sums.add(right.args[1], number(1)))
    for count in range(1, len(stack)):
        left = stack[-1 - count]
        if left.op == "matpow" and left.args[0].op == "matmul" and len(left.args[0].args) == count + 1:
            if left.args[0].args == (*stack[len(stack) - count :], right):
                return count + 1, unary.matrix_power(left.args[0], sums.add(left.args[1], number(1)))
        if count > LONGEST_INVERTED:
            break
    return 0, None


def _together(left: Node, right: Node) -> Node | None:
    """Two neighbours as one factor, where that is always simpler."""
    base = left.args[0] if left.op == "matpow" else left
    if base is (right.args[0] if right.op == "matpow" else right) and left.is_square and not left.is_scalar:
        return unary.matrix_power(base, sums.add(_exponent(left), _exponent(right)))
    if left.op == "selector" and right.op == "unit":
        return _picked(left, right)
    if left.upright.op == "unit" and right.upright.op == "selector" and left.is_row and right.op == "transpose":
        column = _picked(right.args[0], left.args[0])
        return None if column is None else transposition.transpose(column)
    if left.op == "diag" and right.op == "diag":
        return diag(powers.hadamard(left.args[0], right.args[0]))
    return identity(left.rows) if _are_orthonormal(left, right) else None


def _picked(selector: Node, column: Node) -> Node | None:
    """e_(j - s) for the rows s + 1, … of e_j, where these hold the entry whatever the sizes are"""
    place = as_dim(column.data[0]) - selector.data[0]
    if not (_is_natural(place - 1) and _is_natural(selector.rows - place)):
        return None
    return unit(place if place.value is None else place.value, selector.rows)


def _is_natural(size: Dim) -> bool:
    """Whether it is 0 or more whatever the sizes in it are, each of which is 1 at least."""
    return all(c >= 0 for monomial, c in size.terms if monomial) and sum(c for _, c in size.terms) >= 0


def _are_orthonormal(left: Node, right: Node) -> bool:
    """V^T V = I for eigenvectors and singular vectors, V V^T = I for all eigenvectors"""
    plain, turned = (right, left) if left.op == "transpose" else (left, right)
    if turned.op != "transpose" or turned.args[0] is not plain or plain.op != "call":
        return False
    return plain.data[0] == "eigvecs" or (plain.data[0] in ("svd_u", "svd_v") and turned is left)


def _exponent(node: Node) -> Node:
    return node.args[1] if node.op == "matpow" else number(1)


def _cut(factors: Sequence[Node]) -> list[list[Node]]:
    segments: list[list[Node]] = []
    for factor in factors:
        if segments and not factor.rows.is_one:
            segments[-1].append(factor)
        else:
            segments.append([factor])
    return segments


def _scalar_chain(chain_: Sequence[Node]) -> Node:
    """u^T A v in one orientation: a perturbation last, else the smaller one."""
    chain_ = _absorb_diagonals(list(chain_))
    total = _total(chain_)
    if total is not None:
        return total
    turned = [sums.content(transposition.transpose(f)) for f in reversed(chain_)]
    backward = tuple(f for _, f in turned)
    forward = tuple(chain_)
    if backward == forward and prod(c for c, _ in turned) == -1:
        return number(0)
    if _orientation(backward) < _orientation(forward):
        signs = prod(c for c, _ in turned)  # transposed skew matrices change sign
        return sums.scaled(signs, _oriented(backward))
    return _oriented(forward)


def _oriented(forward: tuple[Node, ...]) -> Node:
    if len(forward) <= 3 and forward[0].op == "transpose" and forward[-1].op == "unit":
        found = _entry_of_constant(forward[0].args[0], forward[1:-1], forward[-1])
        if found is not None:
            return found
    return make("matmul", forward, (), (ONE, ONE))


def _bilinear(factors: Sequence[Node]) -> int:
    """dx_2^T A dx_1 has its first perturbation last, so that such terms meet."""
    first, last = factors[0], factors[-1]
    both = first.op == "transpose" and first.args[0].op == "perturbation" and last.op == "perturbation"
    return int(last.data[1]) if both else 0


def _orientation(factors: Sequence[Node]) -> tuple[object, ...]:
    places = [i for i, f in enumerate(factors) if f.linear]
    last = -max(places) if places else 0
    plain = not (places and factors[places[-1]].op == "transpose" and places[-1] == len(factors) - 1)
    transposed = sum(f.op == "transpose" and not f.is_row for f in factors)
    inverted = sum(f.op == "matpow" and _is_turned(f.args[0]) for f in factors)
    return (_bilinear(factors), last, not plain, transposed + inverted, tuple(f.key for f in factors))


def _is_turned(base: Node) -> bool:
    """X^T, or a sum such as s I - X^T"""
    if base.op != "add":
        return base.op == "transpose"
    bodies = [t.args[1] if t.op == "scale" else t for t in base.args]
    return any(t.op == "transpose" for t in bodies)


def _entry_of_constant(column: Node, between: Sequence[Node], unit_: Node) -> Node | None:
    """e_i^T e_j, e_i^T M e_j of a mask and e_i^T 1, where the indices are numbers."""
    if column.op == "ones" and not between:
        return number(1)
    if column.op != "unit" or not isinstance(column.data[0], int) or not isinstance(unit_.data[0], int):
        return None
    holds = _HOLDS.get(between[0].data[0]) if between and between[0].op == "mask" else None if between else int.__eq__
    return None if holds is None else number(1) if holds(column.data[0], unit_.data[0]) else number(0)


#: Where a mask has ones.
_HOLDS: dict[str, Callable[[int, int], bool]] = {
    "lower": int.__ge__,
    "upper": int.__le__,
    "strictly_lower": int.__gt__,
    "strictly_upper": int.__lt__,
    "off_diagonal": int.__ne__,
}


def _total(chain_: Sequence[Node]) -> Node | None:
    """1^T 1 = n, 1^T e_i = e_i^T e_i = 1, 1^T (u ⊙ v) = u^T v, 1^T (u ⊙ u) = u^T u"""
    if len(chain_) != 2:
        return None
    left, right = transposition.transpose(chain_[0]), chain_[1]
    if left.op != "ones":
        left, right = right, left
    if left.op == "at" and left is right:
        return number(1)
    if left.op != "ones":
        return _cancelled_total(left, right)
    if right.op == "ones":
        return dimension(right.rows)
    if right.op in ("unit", "at"):
        return number(1)
    pairs = powers.factors(right)
    if len(pairs) == 1 and is_number(pairs[0][1]) == 2:
        return matmul(transposition.transpose(pairs[0][0]), pairs[0][0])
    if len(pairs) == 2 and all(is_number(e) == 1 for _, e in pairs):
        return matmul(transposition.transpose(pairs[0][0]), pairs[1][0])
    return None


def _cancelled_total(left: Node, right: Node) -> Node | None:
    """u^T (v ⊘ u) = 1^T v: powers of one base on both sides are merged"""
    if left.op != "power" and right.op != "power":
        return None
    bases = {b for b, _ in powers.factors(left)}
    if not any(b in bases for b, _ in powers.factors(right)):
        return None
    merged = powers.hadamard(left, right)
    if len(powers.factors(merged)) >= len(powers.factors(left)) + len(powers.factors(right)) - 1:
        return None
    return matmul(transposition.transpose(ones(left.rows)), merged)


def _product_node(outer: list[Node]) -> Node:
    shape = (outer[0].rows, outer[-1].cols)
    if len(outer) == 1:
        return outer[0]
    if shape[0].is_one:
        return transposition.transpose(matmul(*(transposition.transpose(f) for f in reversed(outer))))
    return matmul_node(tuple(outer))


def matmul_node(factors: tuple[Node, ...]) -> Node:
    if len(factors) == 2 and factors[0].op == "ones" and factors[1].op == "transpose":
        if factors[1].args[0].op == "ones":
            return make("ones", (), (), (factors[0].rows, factors[1].cols))
    return make("matmul", factors, (), (factors[0].rows, factors[-1].cols))


def _absorb_diagonals(factors: list[Node]) -> list[Node]:
    """diag(u) v = u ⊙ v for a column v (and the same on rows)."""
    while len(factors) >= 2 and factors[-2].op == "diag" and factors[-1].is_column:
        factors = [*factors[:-2], powers.hadamard(factors[-2].args[0], factors[-1])]
    while len(factors) >= 2 and factors[1].op == "diag" and factors[0].is_row:
        column = powers.hadamard(factors[1].args[0], transposition.transpose(factors[0]))
        factors = [transposition.transpose(column), *factors[2:]]
    return factors


def chain(node: Node) -> tuple[Node, ...]:
    """The factors of a matrix product; the node itself otherwise."""
    if node.op == "transpose" and node.args[0].op == "matmul":
        return tuple(transposition.transpose(f) for f in reversed(node.args[0].args))
    return node.args if node.op == "matmul" else (node,)


def diag(v: Node) -> Node:
    """The diagonal matrix with this column on its diagonal."""
    if not v.is_column:
        raise ShapeMismatch(f"diag: {v.shape} is not a column")
    if v.is_scalar:
        return v
    c, v = sums.content(v)
    if v.op == "scale":
        return sums.scaled(c, sums.scale(v.args[0], diag(v.args[1])))
    if v.op == "ones":
        return sums.scaled(c, identity(v.rows))
    if v.is_zero:
        return zeros(v.rows, v.rows)
    return sums.scaled(c, make("diag", (v,), (), (v.rows, v.rows)))


def kron(*operands: Node) -> Node:
    """The Kronecker product; a column times a row is their outer product."""
    pulled = _Pulled()
    flat: list[Node] = []
    for operand in operands:
        c, node = sums.content(operand)
        pulled.rational *= c
        while node.op == "scale":
            pulled.scalars.append(node.args[0])
            c, node = sums.content(node.args[1])
            pulled.rational *= c
        if node.is_scalar:
            pulled.scalars.append(node)
            continue
        for factor in node.args if node.op == "kron" else (node,):
            flat = _append_kron(flat, factor)
    rows, cols = ONE, ONE
    for operand in operands:
        rows, cols = rows * operand.rows, cols * operand.cols
    if any(f.is_zero for f in (*flat, *pulled.scalars)):
        return zeros(rows, cols)
    body = number(1) if not flat else flat[0] if len(flat) == 1 else _kron_node(tuple(flat), (rows, cols))
    return sums.scaled(pulled.rational, sums.scale(powers.hadamard(number(1), *pulled.scalars), body))


def _append_kron(flat: list[Node], factor: Node) -> list[Node]:
    if flat and flat[-1].op == factor.op == "identity":
        return [*flat[:-1], identity(flat[-1].rows * factor.rows)]
    if flat and flat[-1].is_column and factor.is_row:
        return [*flat[:-1], matmul(flat[-1], factor)]
    if flat and flat[-1].is_row and factor.is_column:
        return [*flat[:-1], matmul(factor, flat[-1])]
    return [*flat, factor]


def _kron_node(flat: tuple[Node, ...], shape: tuple[object, object]) -> Node:
    if all(f.is_row for f in flat):
        return transposition.transpose(kron(*(transposition.transpose(f) for f in flat)))
    rows, cols = ONE, ONE
    for f in flat:
        rows, cols = rows * f.rows, cols * f.cols
    return make("kron", flat, (), (rows, cols))


def summed_column(node: Node) -> Node | None:
    """x with node = 1^T x for a column x."""
    if node.op != "matmul" or len(node.args) != 2 or not node.is_scalar:
        return None
    left, right = node.args[0].T, node.args[1]
    return right if left.op == "ones" else left if right.op == "ones" else None
