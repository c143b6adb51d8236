"""Sums over an index in Python, ``sum((y[i] - w @ X[i])**2 for i in range(n))``: all their terms at once."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from matcalc.errors import Span
from matcalc.language.foreign.code import Fault
from matcalc.language.foreign.functions import ELEMENTWISE
from matcalc.language.foreign.naming import rank_of
from matcalc.language.foreign.python_evidence import chain, word_of
from matcalc.language.foreign.python_names import is_integer

__all__ = ["all_terms"]

_HINT = "write the sum with arrays"


def all_terms(
    node: ast.GeneratorExp | ast.ListComp, span: Span, ranks: Mapping[str, str]
) -> tuple[ast.expr, dict[str, int]]:
    """The array of the terms, and how many axes names have: those without an index are numbers.

    Raises Fault where they are not those of entries and rows.
    """
    loop = node.generators[0]
    if len(node.generators) != 1 or loop.ifs:
        raise Fault("a sum runs over one index here", span, _HINT)
    terms = _Terms(span, ranks, _elements(loop, span), _index(loop))
    made = terms.visit(node.elt)
    if not terms.found:
        raise Fault("no entry of this sum depends on its index", span, _HINT)
    assert isinstance(made, ast.expr)
    return ast.fix_missing_locations(made), {**dict.fromkeys(terms.numbers, 0), **terms.arrays}


@dataclass(frozen=True)
class _Range:
    """i from first to what is left out at the end, or to a number."""

    name: str
    first: int
    left_out: int
    last: int | None


def _index(loop: ast.comprehension) -> _Range | None:
    match loop:
        case ast.comprehension(target=ast.Name(id=name), iter=ast.Call(func=ast.Name(id="range"), args=args)) if (
            0 < len(args) < 3
        ):
            first = is_integer(args[0]) if len(args) == 2 else 0
            end = is_integer(args[-1])
            if first is not None and first >= 0:
                return _Range(name, first, _less(args[-1]) if end is None else 0, end)
    return None


def _less(node: ast.expr) -> int:
    """1 of n - 1 and len(x) - 1"""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return is_integer(node.right) or 0
    return 0


def _elements(loop: ast.comprehension, span: Span) -> dict[str, ast.expr]:
    """x and y of xi, yi in zip(x, y), and x of xi in x."""
    match loop:
        case ast.comprehension(target=ast.Tuple(elts=names), iter=ast.Call(func=ast.Name(id="zip"), args=arrays)):
            return {word_of(n): a for n, a in zip(names, arrays, strict=False)}
        case ast.comprehension(target=ast.Name(id=name), iter=ast.Name() as array):
            return {name: array}
    if _index(loop) is None:
        raise Fault("a sum runs over range(n) or over the entries of arrays here", span, _HINT)
    return {}


class _Terms(ast.NodeTransformer):
    """Entries x[i + 1] as parts of x, rows X[i] beside @ as all rows."""

    def __init__(self, span: Span, ranks: Mapping[str, str], elements: Mapping[str, ast.expr], index: _Range | None):
        self.span, self.ranks, self.elements, self.index = span, ranks, elements, index
        self.found = 0
        self.numbers: set[str] = set()
        self.arrays: dict[str, int] = {}

    def is_matrix(self, node: ast.expr) -> bool:
        name = word_of(node)
        return self.ranks.get(name, "m" if rank_of(name) == 2 else "v") == "m"

    def array(self, node: ast.expr) -> ast.expr | None:
        """The array whose entry or row this is, None for what is neither."""
        if isinstance(node, ast.Name) and node.id in self.elements:
            return self.elements[node.id]
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and not isinstance(node.slice, ast.Tuple)
        ):
            return node.value if self.shift(node.slice) is not None else None
        return None

    def shift(self, node: ast.expr) -> int | None:
        """1 of i + 1; None for what is no index of the sum."""
        match node:
            case ast.Name(id=name) if self.index is not None and name == self.index.name:
                return 0
            case ast.BinOp(left=ast.Name(id=name), op=ast.Add() | ast.Sub() as op, right=right) if (
                self.index is not None and name == self.index.name
            ):
                steps = is_integer(right)
                return None if steps is None else steps if isinstance(op, ast.Add) else -steps
        return None

    def taken(self, array: ast.expr, node: ast.expr) -> ast.expr:
        """The entries of an array that the index runs over."""
        self.found += 1
        if isinstance(array, ast.Name):
            self.arrays[array.id] = 2 if self.is_matrix(array) else 1
        if self.index is None or not isinstance(node, ast.Subscript):
            return array
        shift = self.shift(node.slice) or 0
        first = self.index.first + shift
        end = shift - self.index.left_out if self.index.last is None else self.index.last + shift
        if first < 0 or (self.index.last is None and end > 0):
            raise Fault("the index of this sum leaves the array", self.span, _HINT)
        if first == 0 and end == 0 and self.index.last is None:
            return array
        upper: ast.expr | None = None if end == 0 and self.index.last is None else ast.Constant(end)
        if end < 0:
            upper = ast.UnaryOp(ast.USub(), ast.Constant(-end))
        part = ast.Slice(lower=ast.Constant(first) if first else None, upper=upper)
        return ast.copy_location(ast.Subscript(value=array, slice=part, ctx=ast.Load()), node)

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and len(chain(node)) > 1:
            return self.product(node)
        if isinstance(node, ast.expr) and (array := self.array(node)) is not None:
            if self.is_matrix(array):
                raise Fault("a row stands beside @ here", self.span, _HINT)
            return self.taken(array, node)
        if isinstance(node, ast.Name) and self.index is not None and node.id == self.index.name:
            raise Fault("the index stands here as a number", self.span, _HINT)
        if isinstance(node, ast.Name):
            self.numbers.add(node.id)
        if isinstance(node, ast.Call) and word_of(node.func) in {*ELEMENTWISE, "maximum", "minimum", "square", "pow"}:
            node.args = [a for a in map(self.visit, node.args) if isinstance(a, ast.expr)]
            return node
        if isinstance(node, ast.Call) and word_of(node.func) not in {
            *ELEMENTWISE,
            "maximum",
            "minimum",
            "square",
            "pow",
        }:
            before, numbers = self.found, set(self.numbers)
            self.generic_visit(node)
            self.numbers = numbers
            if self.found > before:
                raise Fault("the terms are not made entry by entry", self.span, _HINT)
            return node
        return self.generic_visit(node)

    def product(self, node: ast.expr) -> ast.expr:
        """X[i] @ w and w @ X[i] are X @ w."""
        factors = chain(node)
        rows = [f for f in factors if (array := self.array(f)) is not None and self.is_matrix(array)]
        others = [f for f in factors if f not in rows]
        before, numbers = self.found, set(self.numbers)
        others = [f for f in others if self.visit(f) is f and self.found == before]
        self.numbers = numbers
        if len(factors) != 2 or len(rows) != 1 or len(others) != 1:
            raise Fault("a product of a row and an array is read here", self.span, _HINT)
        array = self.array(rows[0])
        assert array is not None
        made = ast.BinOp(left=self.taken(array, rows[0]), op=ast.MatMult(), right=others[0])
        return ast.copy_location(made, node)
