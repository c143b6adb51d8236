"""Programs of CVXPY: what makes variables tells their axes, a list of constraints stands in the problem, and nothing is solved."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Container, Iterator
from typing import NamedTuple

from matcalc.language.foreign.python_axes.python_evidence import defined_in, word_of

__all__ = ["Trait", "with_problem"]

_MAKERS = frozenset(("Variable", "Parameter"))
#: What makes a variable a matrix of a structure that this language has; others bound its entries.
_STRUCTURES = {"PSD": "psd", "symmetric": "symmetric", "NSD": "symmetric", "diag": "diagonal"}
_NO_TRAITS = frozenset(("shape", "name", "value"))


class Trait(NamedTuple):
    """What a variable is made with, PSD=True: the declaration that says so, if there is one."""

    name: str
    said: ast.keyword
    declared: str | None


def with_problem(tree: ast.Module) -> tuple[ast.Module, dict[str, int], list[Trait]]:
    """The program without these statements, the axes of its variables and what else they are; any other one stays as it is."""
    if not any(isinstance(n, ast.Call) and word_of(n.func) == "Problem" for n in ast.walk(tree)):
        return tree, {}, []
    defined = defined_in(tree)
    traits = [trait for node in tree.body for trait in _traits(node, defined)]
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
    return tree, ranks, traits


def _variable(node: ast.stmt) -> list[tuple[str, int]]:
    """x = cp.Variable(n), X = cp.Variable((m, n)), t = cp.Variable()"""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as made) if word_of(made.func) in _MAKERS:
            shape = next((k.value for k in made.keywords if k.arg == "shape"), made.args[0] if made.args else None)
            return [(name, 0 if shape is None else len(shape.elts) if isinstance(shape, ast.Tuple) else 1)]
    return []


def _traits(node: ast.stmt, defined: Container[str]) -> Iterator[Trait]:
    """PSD and nonneg of X = cp.Variable((n, n), PSD=True) and x = cp.Variable(n, nonneg=True)."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=args) as made) if any(_variable(node)):
            given = [k for k in made.keywords if k.arg not in _NO_TRAITS and word_of(made.func) == "Variable"]
            size = _size(next((k.value for k in made.keywords if k.arg == "shape"), args[0] if args else None), defined)
            for said in given:
                structure = _STRUCTURES.get(said.arg or "")
                if not (isinstance(said.value, ast.Constant) and said.value.value in (False, None)):
                    yield Trait(name, said, f"{name}: {structure}({size})" if structure and size else None)


def _size(shape: ast.expr | None, defined: Container[str]) -> str | None:
    """n of (n, n), unless the code says what n is."""
    match shape:
        case ast.Tuple(elts=[ast.Name(id=rows), ast.Name(id=columns)]) if rows == columns and rows not in defined:
            return rows
        case ast.Tuple(elts=[ast.Constant(value=int() as rows), ast.Constant(value=columns)]) if rows == columns:
            return str(rows)
    return None


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
