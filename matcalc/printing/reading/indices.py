"""Sums over indices and what depends on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcalc.expr import Node
from matcalc.printing.layout import Layout, lay, transposed

if TYPE_CHECKING:
    from matcalc.printing.reading.reader import Reader

__all__ = ["read_at", "read_total"]


def read_at(reader: Reader, node: Node, flipped: bool) -> Layout:
    """e_i"""
    column = lay("unit", value=(node.data[0].name, node.rows))
    return transposed(column) if flipped else column


def read_total(reader: Reader, node: Node, flipped: bool) -> Layout:
    """The sum over the indices of the body."""
    names = (lay("literal", value=str(index.name)) for index in node.data)
    return lay("function", *names, reader.of(node.args[0], flipped), value="sum")
