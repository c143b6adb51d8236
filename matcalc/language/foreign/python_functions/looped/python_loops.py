"""The indices of loops and comprehensions in Python: what they run over, and which parts of arrays stand for all of it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import field

from matcalc.errors import Span
from matcalc.language.foreign.code import Fault
from matcalc.language.foreign.python_axes.python_evidence import word_of
from matcalc.language.foreign.python_axes.python_names import is_integer
from matcalc.records import dataclass

__all__ = ["HINT", "Index", "Loops"]

HINT = "write the sum with arrays"


@dataclass(frozen=True)
class Index:
    """i from first to what is left out at the end, or to a number."""

    name: str
    first: int = 0
    left_out: int = 0
    last: int | None = None

    def slice(self, shift: int, span: Span) -> ast.Slice | None:
        """The part of an axis that i + shift runs over, None for all of it."""
        first = self.first + shift
        end = shift - self.left_out if self.last is None else self.last + shift
        if first < 0 or (self.last is None and end > 0):
            raise Fault("the index of this sum leaves the array", span, HINT)
        if first == 0 and end == 0 and self.last is None:
            return None
        upper: ast.expr | None = None if end == 0 and self.last is None else ast.Constant(end)
        if end < 0:
            upper = ast.UnaryOp(ast.USub(), ast.Constant(-end))
        return ast.Slice(lower=ast.Constant(first) if first else None, upper=upper)


@dataclass
class Loops:
    """Loops within each other.

    Attributes:
        span: where the outermost one stands.
        indices: those that are bound, in the order of the loops.
        elements: names that stand for an entry or a row of an array, and their index.
    """

    span: Span
    indices: dict[str, Index] = field(default_factory=dict)
    elements: dict[str, tuple[ast.expr, str]] = field(default_factory=dict)

    def bind(self, target: ast.expr, over: ast.expr) -> None:
        """The index of a loop: of range(n), of the entries of arrays, of both."""
        match target, over:
            case ast.Name(id=name), ast.Call(func=ast.Name(id="range"), args=args) if index := _index(name, args):
                self.indices[name] = index
                return None
            case ast.Tuple(elts=names), ast.Call(func=ast.Name(id="zip"), args=arrays) if len(names) == len(arrays):
                return self._elements(ast.unparse(target), names, arrays)
            case ast.Tuple(elts=[ast.Name(id=name), element]), ast.Call(func=ast.Name(id="enumerate"), args=[array]):
                return self._elements(name, [element], [array])
            case ast.Name(id=name), ast.Name() | ast.Attribute():
                return self._elements(f"{name} of {ast.unparse(over)}", [target], [over])
        raise Fault("a sum runs over range(n) or over the entries of arrays here", self.span, HINT)

    def _elements(self, index: str, names: Sequence[ast.expr], arrays: Sequence[ast.expr]) -> None:
        if not all(isinstance(n, ast.Name) for n in names):
            raise Fault("a sum runs over range(n) or over the entries of arrays here", self.span, HINT)
        self.indices[index] = Index(index)
        self.elements.update({word_of(n): (array, index) for n, array in zip(names, arrays, strict=True)})

    def shift(self, node: ast.expr) -> tuple[str, int] | None:
        """i and 1 of i + 1; None for what is no index."""
        match node:
            case ast.Name(id=name) if name in self.indices:
                return name, 0
            case ast.BinOp(left=ast.Name(id=name), op=ast.Add() | ast.Sub() as op, right=right) if name in self.indices:
                steps = is_integer(right)
                return None if steps is None else (name, steps if isinstance(op, ast.Add) else -steps)
        return None


def _index(name: str, arguments: Sequence[ast.expr]) -> Index | None:
    first = is_integer(arguments[0]) if len(arguments) == 2 else 0
    if first is None or first < 0 or not 0 < len(arguments) < 3:
        return None
    end = is_integer(arguments[-1])
    return Index(name, first, _less(arguments[-1]) if end is None else 0, end)


def _less(node: ast.expr) -> int:
    """1 of n - 1 and len(x) - 1"""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return is_integer(node.right) or 0
    return 0
