"""One way to read an expression: a table of rows by operator, applied to every node once, without recursion.

- `Fold`: values from the operands up; a row is (node, values of its operands) -> value.
- `Push`: values from the whole down; a row is (node, its value) -> what each operand receives.
- `Rewrite`: nodes for nodes; a rule is node -> node or None, and rules are applied until none fires.
- `Pass`: a table alone, read by a walk of its own, such as those over the typed tree.

Rows of a pass that has a context (the perturbation, sizes, a reader) are given it last. To add an operator is to add its row
to each pass; one that is missing names itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from matcalc.budget import spend
from matcalc.expr.node import OPERATORS, Node, postorder

__all__ = ["PASSES", "Always", "Fold", "Known", "MissingRow", "OnNodes", "Pass", "Push", "rows_of"]

V = TypeVar("V")
F = TypeVar("F", bound=Callable[..., Any])

#: Every pass with a row for each operator, in the order in which they were made.
PASSES: list[Pass[Any]] = []


class MissingRow(NotImplementedError):
    """A pass met an operator that it has no row for."""


class Pass(Generic[F]):
    """A table of rows by operator, or by the kinds of another tree.

    Attributes:
        name: what the pass finds.
        rows: operator -> row.
        never: the operators that it does not meet.
        over: all operators that there are.
    """

    def __init__(
        self, name: str, rows: Mapping[str, F], never: Iterable[str] = (), over: Collection[str] = OPERATORS
    ) -> None:
        self.name, self.rows, self.never, self.over = name, dict(rows), frozenset(never), over
        PASSES.append(self)

    def row(self, op: str) -> F:
        """What is done at an operator."""
        found = self.rows.get(op)
        if found is None:
            raise MissingRow(f"the pass {self.name!r} has no row for the operator {op!r}")
        return found


def rows_of(operators: str | Iterable[str], row: F) -> dict[str, F]:
    """One row for several operators."""
    return dict.fromkeys(operators.split() if isinstance(operators, str) else operators, row)


class Always(Generic[V]):
    """The row of operators of which nothing else matters: their operands are not looked at."""

    def __init__(self, value: V) -> None:
        self.value = value

    def __call__(self, node: Node, below: Sequence[Any], *context: Any) -> V:
        return self.value


class Fold(Pass[Callable[..., V]], Generic[V]):
    """Values from the operands up.

    ``call`` is the row of all functions; ``first`` decides without the operands or says None; the values of ``through``
    are what a row is given, all operands where it is not said; ``around`` is given the row and what that is given.
    """

    def __init__(
        self,
        name: str,
        rows: Mapping[str, Callable[..., V]],
        *,
        call: Callable[..., V] | None = None,
        first: Callable[..., V | None] | None = None,
        through: Callable[..., Sequence[Node]] | None = None,
        around: Callable[..., V] | None = None,
        never: Iterable[str] = (),
    ) -> None:
        super().__init__(name, rows if call is None else {**rows, "apply": call, "call": call}, never)
        self._first, self._through, self._around = first, through, around
        self._fixed = {op: row.value for op, row in self.rows.items() if isinstance(row, Always)}

    def __call__(self, root: Node) -> V:
        """The value, kept on every node: it depends on nothing else.

        The loop is that of `within` once more: a tenth of the time of simplification hangs on what is not called here.
        """
        name = self.name
        if name not in root.cache:
            stack = [root]
            while stack:
                node = stack[-1]
                if name not in node.cache and not self._is_decided(node, node.cache, name, ()):
                    below = node.args if self._through is None else self._through(node)
                    waiting = [a for a in below if name not in a.cache]
                    if waiting:
                        stack += reversed(waiting)
                        continue
                    spend()
                    node.cache[name] = self._value(node, tuple([a.cache[name] for a in below]), ())
                stack.pop()
        known: V = root.cache[name]
        return known

    def within(self, root: Node, known: Known[V], *context: Any) -> V:
        """The value in a context, beside those that are known; what is found is added to these."""
        stack = [root]
        while stack:
            node = stack[-1]
            if node not in known and not self._is_decided(node, known, node, context):
                below = node.args if self._through is None else self._through(node, *context)
                waiting = [a for a in below if a not in known]
                if waiting:
                    stack += reversed(waiting)
                    continue
                spend()
                known[node] = self._value(node, tuple([known[a] for a in below]), context)
            stack.pop()
        return known[root]

    def _value(self, node: Node, below: tuple[V, ...], context: tuple[Any, ...]) -> V:
        row = self.rows.get(node.op) or self.row(node.op)
        return row(node, below, *context) if self._around is None else self._around(row, node, below, *context)

    def _is_decided(self, node: Node, known: Any, place: Node | str, context: tuple[Any, ...]) -> bool:
        """Whether the value is known without those of the operands; it is added."""
        value = None if self._first is None else self._first(node, *context)
        if value is None:
            if node.op not in self._fixed:
                return False
            value = self._fixed[node.op]
        known[place] = value
        return True


class Known(Protocol[V]):
    """Where the values of a pass are kept."""

    def __contains__(self, node: object, /) -> bool: ...
    def __getitem__(self, node: Node, /) -> V: ...
    def __setitem__(self, node: Node, value: V, /) -> None: ...


class OnNodes:
    """Values kept on the nodes themselves under one name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __contains__(self, node: object) -> bool:
        return self.name in node.cache  # type: ignore[attr-defined]

    def __getitem__(self, node: Node) -> Any:
        return node.cache[self.name]

    def __setitem__(self, node: Node, value: Any) -> None:
        node.cache[self.name] = value


class Push(Pass[Callable[..., Iterable[tuple[Node, V]]]], Generic[V]):
    """Values from the whole down: what a node receives from all that it stands in is joined, then handed on."""

    def __init__(
        self,
        name: str,
        rows: Mapping[str, Callable[..., Iterable[tuple[Node, V]]]],
        join: Callable[[Node, Sequence[V]], V],
        *,
        around: Callable[..., Iterable[tuple[Node, V]]] | None = None,
        never: Iterable[str] = (),
    ) -> None:
        super().__init__(name, rows, never)
        self._join, self._around = join, around

    def __call__(self, root: Node, start: V, *context: Any) -> Mapping[Node, V]:
        """What each node received that received anything."""
        pieces: dict[Node, list[V]] = {root: [start]}
        found: dict[Node, V] = {}
        for node in reversed(postorder(root)):
            if node in pieces:
                spend()
                found[node] = self._join(node, pieces.pop(node))
                for target, piece in self._pieces(node, found[node], context):
                    pieces.setdefault(target, []).append(piece)
        return found

    def _pieces(self, node: Node, value: V, context: tuple[Any, ...]) -> Iterable[tuple[Node, V]]:
        row = self.row(node.op)
        return row(node, value, *context) if self._around is None else self._around(row, node, value, *context)
