"""SymPy's matrices in Python code: ``*`` and ``**`` are those of matrices, names are declared by MatrixSymbol and symbols."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from matcalc.language.foreign.code import Code, Fault, infix, raised
from matcalc.language.foreign.python_axes.python_evidence import word_of

__all__ = ["declared_symbols", "is_number", "makes_symbols", "operated_on_matrices", "with_generators"]

#: What makes names, which are texts: var is also a variance.
_MAKERS = frozenset("MatrixSymbol symbols Symbol var Dummy".split())


def makes_symbols(node: ast.expr | None) -> bool:
    """symbols("a b"), MatrixSymbol("X", n, k)"""
    if not isinstance(node, ast.Call) or word_of(node.func) not in _MAKERS or not node.args:
        return False
    return isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)


def is_number(node: ast.expr, ranks: Callable[[str], int]) -> bool:
    """x.T*A*x and sums, quotients and powers of such: a matrix of one entry, (x.T*A*x)[0]."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return is_number(left, ranks) and is_number(right, ranks)
        case ast.BinOp(left=ast.Constant(), op=ast.Mult(), right=inner) | ast.UnaryOp(operand=inner):
            return is_number(inner, ranks)
        case ast.BinOp(left=inner, op=ast.Div()):
            return is_number(inner, ranks)
        case ast.BinOp(left=left, op=ast.Mult(), right=last):
            first = left
            while isinstance(first, ast.BinOp) and isinstance(first.op, ast.Mult):
                first = first.left
            turned = first.value if isinstance(first, ast.Attribute) and first.attr == "T" else None
            return turned is not None and _is_column(turned, ranks) and _is_column(last, ranks)
    return False


def _is_column(node: ast.expr, ranks: Callable[[str], int]) -> bool:
    match node:
        case ast.Name(id=name):
            return ranks(name) == 1
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return _is_column(left, ranks) and _is_column(right, ranks)
    return False


def operated_on_matrices(left: Code, op: ast.operator, right: Code) -> Code:
    """left op right"""
    match op:
        case ast.Pow():
            return raised(left, right, entries=False)
        case ast.Add() | ast.Sub():
            return infix(left, "+" if isinstance(op, ast.Add) else "-", right)
        case ast.Mult() | ast.Div():
            return infix(left, "*" if isinstance(op, ast.Mult) else "/", right)
    raise Fault("this operator has no meaning here", (left.span[0], right.span[1]))


def declared_symbols(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The axes of names that are made: X = MatrixSymbol("X", n, k), a, b = symbols("a b"); Matrix([[a, b]]) is of numbers."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=function, args=[ast.List() as entries]) if word_of(function) == "Matrix":
                yield from ((n.id, 0) for n in ast.walk(entries) if isinstance(n, ast.Name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and makes_symbols(node.value):
            rank = _rank(node.value)
            targets = [
                t for target in node.targets for t in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
            yield from ((t.id, rank) for t in targets if isinstance(t, ast.Name))


def with_generators(tree: ast.Module) -> ast.Module:
    """Sum(x[i, 0]**2, (i, 0, n - 1)) as sum(x[i]**2 for i in range(0, n))"""
    made: ast.Module = _Sums().visit(tree)
    return ast.fix_missing_locations(made)


class _Sums(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Call(func=function, args=[body, *limits]) if word_of(function) == "Sum" and limits:
                loops = [loop for limit in limits if (loop := _loop(limit)) is not None]
                if len(loops) == len(limits):
                    names = {word_of(loop.target) for loop in loops}
                    terms = ast.GeneratorExp(elt=_Entries(names).visit(body), generators=loops)
                    return ast.copy_location(ast.Call(ast.Name(id="sum", ctx=ast.Load()), [terms], []), node)
        return node


class _Entries(ast.NodeTransformer):
    """x[i, 0] of a column as x[i]"""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        match node.slice:
            case ast.Tuple(elts=[ast.Name(id=name) as index, ast.Constant(value=0)]) if name in self.names:
                node.slice = index
        return node


def _loop(limit: ast.expr) -> ast.comprehension | None:
    """(i, 0, n - 1) as for i in range(0, n)"""
    match limit:
        case ast.Tuple(
            elts=[ast.Name() as index, first, ast.BinOp(left=end, op=ast.Sub(), right=ast.Constant(value=1))]
        ):
            pass
        case ast.Tuple(elts=[ast.Name() as index, first, ast.Constant(value=int() as last)]):
            end = ast.copy_location(ast.Constant(last + 1), limit)
        case _:
            return None
    steps = ast.Call(ast.Name(id="range", ctx=ast.Load()), [first, end], [])
    target = ast.copy_location(ast.Name(id=index.id, ctx=ast.Store()), index)
    return ast.comprehension(target=target, iter=ast.copy_location(steps, limit), ifs=[], is_async=0)


def _rank(call: ast.Call) -> int:
    if word_of(call.func) != "MatrixSymbol":
        return 0
    last = call.args[-1]
    return 1 if isinstance(last, ast.Constant) and last.value == 1 else 2
