"""Classes and bundles of parameters in Python as functions of names: ``self.w``, ``params["w"]``, ``w, b = params``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from matcalc.language.foreign.python_axes.python_evidence import word_of

__all__ = ["without_objects"]


def without_objects(tree: ast.Module) -> ast.Module:
    """The methods of the only class as functions, and what a bundle holds as names of their own."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    if len(classes) == 1 and (methods := _methods(classes[0])) is not None:
        at = tree.body.index(classes[0])
        tree.body[at : at + 1] = methods
        tree = _OwnCalls({m.name for m in methods}).visit(tree)
    for name in dict.fromkeys(_bundles(tree)):
        parts = _parts(tree, name)
        if parts is not None:
            tree = _Unbundled(name, parts).visit(tree)
    return ast.fix_missing_locations(tree)


# Classes.


def _methods(node: ast.ClassDef) -> list[ast.FunctionDef] | None:
    """The methods of a class without the one that only keeps its arguments; None where it holds something else."""
    found = []
    for statement in node.body:
        if _describes(statement):
            continue
        if not isinstance(statement, ast.FunctionDef):
            return None
        if statement.name != "__init__":
            found.append(statement)
        elif not all(map(_only_keeps, statement.body)):
            return None
    return found or None


def _describes(node: ast.stmt) -> bool:
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_text or (isinstance(node, ast.AnnAssign) and node.value is None) or isinstance(node, ast.Pass)


def _only_keeps(node: ast.stmt) -> bool:
    """self.x = x, and super().__init__()"""
    match node:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=ast.Name(id=value)):
            return name == value
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__"))):
            return True
    return _describes(node)


class _OwnCalls(ast.NodeTransformer):
    """self.predict(x) as predict(x)"""

    def __init__(self, methods: set[str]) -> None:
        self.methods = methods

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function = node.func
        if isinstance(function, ast.Attribute) and word_of(function.value) == "self" and function.attr in self.methods:
            node.func = ast.copy_location(ast.Name(id=function.attr, ctx=ast.Load()), function)
        return node


# Bundles.


def _bundles(tree: ast.Module) -> Iterator[str]:
    """Names that are taken apart: params of params["w"] and of w, b = params."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str())):
                yield name
            case ast.Assign(targets=[ast.Tuple()], value=ast.Name(id=name)):
                yield name


def _parts(tree: ast.Module, name: str) -> dict[str, str] | None:
    """Key -> name of what the bundle holds; None where it is used as a whole, too."""
    parts: list[str] = []
    used = 0
    for node in sorted(ast.walk(tree), key=lambda n: (getattr(n, "lineno", 0), getattr(n, "col_offset", 0))):
        match node:
            case ast.Subscript(value=ast.Name(id=other), slice=ast.Constant(value=str(key))) if other == name:
                parts.append(key)
                used += 1
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Name(id=other)) if other == name:
                if not all(isinstance(target, ast.Name) for target in targets):
                    return None
                parts += [word_of(target) for target in targets]
                used += 1
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    whole = sum(node.id == name for node in names) != used
    others = {node.id for node in names} | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    if whole or not all(part.isidentifier() for part in parts):
        return None
    keys = dict.fromkeys(parts)
    is_unpacked = any(_unpacks(node, name) for node in ast.walk(tree))
    return {key: key if is_unpacked or key not in others else f"{name}_{key}" for key in keys}


def _unpacks(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Assign(targets=[ast.Tuple()], value=ast.Name(id=other)):
            return other == name
    return False


class _Unbundled(ast.NodeTransformer):
    def __init__(self, name: str, parts: dict[str, str]) -> None:
        self.name, self.parts = name, parts

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if word_of(node.value) == self.name and isinstance(node.slice, ast.Constant):
            return ast.copy_location(ast.Name(id=self.parts[str(node.slice.value)], ctx=node.ctx), node)
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        self.generic_visit(node)
        return ast.copy_location(ast.Pass(), node) if _unpacks(node, self.name) else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        self.generic_visit(node)
        node.args.args = list(self.arguments(node.args.args))
        return node

    def arguments(self, given: Sequence[ast.arg]) -> Iterator[ast.arg]:
        """Its arguments, with the parts in the place of the bundle."""
        for argument in given:
            if argument.arg != self.name:
                yield argument
                continue
            yield from (ast.copy_location(ast.arg(arg=part), argument) for part in self.parts.values())
