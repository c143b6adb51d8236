"""Programs of CVXPY: what makes variables tells their axes, a list of constraints stands in the problem, and nothing is solved."""

from __future__ import annotations

import ast
from collections import Counter

from matcalc.language.foreign.python_axes.python_evidence import word_of

__all__ = ["with_problem"]

_MAKERS = frozenset(("Variable", "Parameter"))


def with_problem(tree: ast.Module) -> tuple[ast.Module, dict[str, int]]:
    """The program without these statements, and the axes of its variables; any other one stays as it is."""
    if not any(isinstance(n, ast.Call) and word_of(n.func) == "Problem" for n in ast.walk(tree)):
        return tree, {}
    ranks = {name: rank for node in tree.body for name, rank in _variable(node)}
    uses = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
    lists = {name: value for node in tree.body for name, value in _constraints(node) if uses[name] == 2}
    tree.body = [
        n
        for n in tree.body
        if not (any(_variable(n)) or _solves(n) or any(name in lists for name, _ in _constraints(n)))
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and word_of(node.func) == "Problem":
            node.args = [lists.get(word_of(a), a) if i else a for i, a in enumerate(node.args)]
    return tree, ranks


def _variable(node: ast.stmt) -> list[tuple[str, int]]:
    """x = cp.Variable(n), X = cp.Variable((m, n)), t = cp.Variable()"""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as made) if word_of(made.func) in _MAKERS:
            shape = next((k.value for k in made.keywords if k.arg == "shape"), made.args[0] if made.args else None)
            return [(name, 0 if shape is None else len(shape.elts) if isinstance(shape, ast.Tuple) else 1)]
    return []


def _constraints(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """constraints = [x >= 0, cp.sum(x) == 1]"""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=parts) as value):
            return [(name, value)] if parts and all(isinstance(p, ast.Compare) for p in parts) else []
    return []


def _solves(node: ast.stmt) -> bool:
    """prob.solve()"""
    called = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
    return isinstance(called, ast.Call) and word_of(called.func) == "solve" and not called.args
