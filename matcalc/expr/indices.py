"""Indices: what x_i depends on beside its variable.

A member of a family is a product with a unit column at an index: x_i is ``X^T e_i``, a number y_i is ``e_i^T y``, an
entry is ``e_i^T W e_j``. So an index is part of one leaf only, and the rules of the matrix product do the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import count
from typing import NamedTuple

from matcalc.expr.dims import ONE, Dim
from matcalc.expr.leaves import ones
from matcalc.expr.node import Node, make

__all__ = ["Index", "at", "fresh_index", "in_order"]


class Index(NamedTuple):
    """What runs from 1 to its size. A bound one is called by a number, a free one by the letter that a user gave it."""

    name: int | str
    size: Dim


def at(index: Index) -> Node:
    """The unit column e_i of length n, i being free in it."""
    return ones(1) if index.size.is_one else make("at", (), (index,), (index.size, ONE))


def in_order(indices: Iterable[Index]) -> tuple[Index, ...]:
    """Indices, sorted: numbers before letters."""
    return tuple(sorted(indices, key=lambda i: (isinstance(i.name, str), str(i.name).rjust(9), i.size.terms)))


def fresh_index(size: Dim, taken: Collection[Index]) -> Index:
    """An index whose number is the first that is not taken."""
    names = {index.name for index in taken}
    return Index(next(k for k in count() if k not in names), size)
