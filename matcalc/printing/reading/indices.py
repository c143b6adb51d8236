"""Sums over indices and what depends on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matcalc.expr import Node, factors, is_number, number
from matcalc.expr.node import make
from matcalc.printing.indexed.opened import opened
from matcalc.printing.indexed.places import TURNED, Condition, condition_of
from matcalc.printing.layout import Layout, lay, transposed
from matcalc.printing.reading import monomials
from matcalc.printing.style import PLAIN

if TYPE_CHECKING:
    from matcalc.printing.reading.reader import Reader

__all__ = ["read_at", "read_total"]


def read_at(reader: Reader, node: Node, flipped: bool) -> Layout:
    """e_i"""
    column = lay("at", value=str(node.data[0].name))
    return transposed(column) if flipped else column


def read_total(reader: Reader, node: Node, flipped: bool, minus: Node | None = None) -> Layout:
    """The sum over the indices of the body; a factor [i < j] stands below its sign."""
    if any(isinstance(index.name, int) for index in node.data):
        return reader.of(opened(node, PLAIN).node, flipped)
    names = [str(index.name) for index in node.data]
    condition, body = _condition(names, node.args[0])
    inside = reader.of(body, flipped)
    if minus is not None:
        inside = monomials.read_term(reader, monomials.ONE, body, flipped, minus)
    under = [name for name in names if condition and name in (condition[0], condition[2])]
    if condition:
        inside = lay("total", inside, value=((), condition))
    ranges = tuple((str(i.name), i.size, i.name in reader.notation.shown) for i in node.data if i.name not in under)
    return lay("total", inside, value=(ranges, None)) if ranges else inside


def _condition(names: list[str], body: Node) -> tuple[Condition | None, Node]:
    """The relation that a factor of the body demands, and the other factors."""
    scalars, array = (body.args[0], body.args[1]) if body.op == "scale" else (body, None)
    pairs = factors(scalars) if scalars.is_scalar else ()
    for base, exponent in pairs:
        relation = condition_of(base.args) if base.op == "matmul" and is_number(exponent) == 1 else None
        if relation and relation[0] != relation[2] and not {relation[0], relation[2]}.isdisjoint(names):
            return _turned_to(names, relation), _without(pairs, base, array)
    return None, body


def _without(pairs: Sequence[tuple[Node, Node]], base: Node, array: Node | None) -> Node:
    """The product of the other factors, as they are spelled."""
    rest = [pair for pair in pairs if pair[0] is not base]
    flat = tuple(part for pair in rest for part in pair)
    scalar = rest[0][0] if len(rest) == 1 and is_number(rest[0][1]) == 1 else make("power", flat, (), base.shape)
    if not rest:
        return number(1) if array is None else array
    return scalar if array is None else make("scale", (scalar, array), (), array.shape)


def _turned_to(names: list[str], relation: Condition) -> Condition:
    """What is summed over stands first, the smaller of two such."""
    left, sign, right = relation
    turn = sign in (">", ">=") if left in names and right in names else left not in names
    return (right, TURNED[sign], left) if turn else relation
