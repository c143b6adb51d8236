"""Parts of Python code that are made: calls, transposes, products, parts of arrays."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from matcalc.language.foreign.python_axes.python_evidence import arguments_of

__all__ = ["call_of", "called", "multiplied", "part", "product", "turned"]


def call_of(name: str, arguments: Sequence[ast.expr], axis: int | None = None) -> ast.expr:
    """np.name(…, axis=axis)"""
    function = ast.Attribute(value=ast.Name(id="np", ctx=ast.Load()), attr=name, ctx=ast.Load())
    keywords = [] if axis is None else [ast.keyword(arg="axis", value=ast.Constant(axis))]
    return ast.Call(func=function, args=list(arguments), keywords=keywords)


def turned(node: ast.expr) -> ast.expr:
    """node.T"""
    return ast.Attribute(value=node, attr="T", ctx=ast.Load())


def product(left: ast.expr, right: ast.expr) -> ast.expr:
    """left @ right"""
    return ast.BinOp(left=left, op=ast.MatMult(), right=right)


def part(node: ast.expr, *places: ast.expr | None) -> ast.expr:
    """node[places]; None is a whole axis."""
    if not any(places):
        return node
    parts = [ast.Slice() if place is None else place for place in places]
    index = parts[0] if len(parts) == 1 else ast.Tuple(elts=parts, ctx=ast.Load())
    return ast.Subscript(value=node, slice=index, ctx=ast.Load())


def multiplied(node: ast.BinOp, parts: Sequence[ast.expr]) -> ast.expr:
    """Two factors in the place of others."""
    return ast.copy_location(ast.BinOp(left=parts[0], op=ast.Mult(), right=parts[1]), node)


def called(node: ast.Call, operands: Sequence[ast.expr], axis: int | None = None) -> ast.expr:
    """The same call of other operands."""
    is_method = len(arguments_of(node)) > len(node.args)
    function = node.func
    if is_method and isinstance(function, ast.Attribute):
        function = ast.Attribute(value=operands[0], attr=function.attr, ctx=ast.Load())
    keywords = [] if axis is None else [ast.keyword(arg="axis", value=ast.Constant(axis))]
    return ast.Call(func=function, args=list(operands[is_method:]), keywords=keywords)
