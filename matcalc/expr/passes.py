"""One way to read an expression: rows keyed by operator, applied from the operands up, without recursion.

A `Fold` has a row for every operator that it can meet: (node, values of its operands) -> value. To add an operator is to add its
row to each fold; one that is missing names itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from matcalc.expr.node import Node

__all__ = ["PASSES", "Always", "Fold", "MissingRow", "rows_of"]

V = TypeVar("V")
Row = Callable[[Node, Sequence[V]], V]

#: Every pass there is, in the order in which they were made.
PASSES: list[Fold[Any]] = []


class MissingRow(NotImplementedError):
    """A pass met an operator that it has no row for."""


class Always(Generic[V]):
    """The row of operators of which nothing else matters: their operands are not looked at."""

    def __init__(self, value: V) -> None:
        self.value = value

    def __call__(self, node: Node, below: Sequence[Any]) -> V:
        return self.value


def operands(node: Node) -> tuple[Node, ...]:
    return node.args


class Fold(Generic[V]):
    """Values from the operands up, each kept on its node.

    Attributes:
        name: what the value is called, also where it is kept.
        rows: operator -> (node, values of its operands) -> value.
    """

    def __init__(
        self,
        name: str,
        rows: Mapping[str, Row[V]],
        *,
        call: Row[V] | None = None,
        first: Callable[[Node], V | None] | None = None,
        through: Callable[[Node], Sequence[Node]] = operands,
    ) -> None:
        """``call`` is the row of all functions; ``first`` decides without the operands or says None; the values of
        ``through`` are what a row is given, all operands where it is not said.
        """
        self.name, self.rows = name, dict(rows)
        self._first, self._through = first, through
        if call is not None:
            self.rows |= {"apply": call, "call": call}
        self._fixed = {op: row.value for op, row in self.rows.items() if isinstance(row, Always)}
        PASSES.append(self)

    def __call__(self, root: Node) -> V:
        if self.name not in root.cache:
            self._fill(root)
        known: V = root.cache[self.name]
        return known

    def _fill(self, root: Node) -> None:
        name, stack = self.name, [root]
        while stack:
            node = stack[-1]
            if name in node.cache or self._is_decided(node):
                stack.pop()
                continue
            below = self._through(node)
            waiting = [a for a in below if name not in a.cache]
            stack += waiting
            if not waiting:
                node.cache[name] = self.row(node.op)(node, [a.cache[name] for a in below])

    def _is_decided(self, node: Node) -> bool:
        """Whether the value is known without those of the operands; it is kept."""
        value = None if self._first is None else self._first(node)
        if value is None and node.op not in self._fixed:
            return False
        node.cache[self.name] = self._fixed[node.op] if value is None else value
        return True

    def row(self, op: str) -> Row[V]:
        """What is done at an operator."""
        found = self.rows.get(op)
        if found is None:
            raise MissingRow(f"the pass {self.name!r} has no row for the operator {op!r}")
        return found


def rows_of(operators: str, row: Row[V]) -> dict[str, Row[V]]:
    """One row for several operators."""
    return dict.fromkeys(operators.split(), row)
