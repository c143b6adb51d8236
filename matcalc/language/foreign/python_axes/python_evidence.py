"""What Python code shows of the axes of arrays by what is done with values: transposes, chains of products, identities."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import TypeGuard

from matcalc.language.foreign.common.names.naming import rank_of

__all__ = [
    "TURNS",
    "arguments_of",
    "chain",
    "defined_in",
    "has_product",
    "shown_by_chains",
    "turned_by_number",
    "two_axes",
    "word_of",
]

_PRODUCTS = frozenset("dot matmul mm bmm".split())
TURNS = frozenset("t transpose swapaxes adjoint matrix_transpose".split())
#: What is of every entry, or changes nothing: the axes stay.
_KEEPING = frozenset(
    "exp log log1p expm1 sqrt abs sign tanh sigmoid relu softplus square pow power clamp clip softmax log_softmax maximum minimum"
    " sin cos normalize expit gelu silu detach float double clone array asarray where neg leaky_relu elu".split()
)
#: What is along rows: of a number it says nothing.
_ALONG_ROWS = frozenset("softmax log_softmax logsumexp".split())
#: Deeper definitions and brackets are not looked into.
DEEPEST = 30


def word_of(node: ast.expr | None) -> str:
    """The last word of a path of names."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def defined_in(tree: ast.AST) -> dict[str, ast.expr]:
    """The value of every name that is assigned once."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        for target, value in _pairs(node):
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(value)
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _pairs(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What an assignment assigns to what: also those of a, b = c, d."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            yield from zip(names, values, strict=False)
        case ast.Assign(targets=[target, *_], value=value):
            yield target, value


def arguments_of(node: ast.Call) -> list[ast.expr]:
    """The arguments of a call; of a method the array comes first."""
    function = node.func
    if isinstance(function, ast.Attribute) and not _is_module(function.value):
        return [function.value, *node.args]
    return list(node.args)


def _is_module(node: ast.expr) -> bool:
    from matcalc.language.foreign.python_axes.python_names import MODULES

    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in MODULES


def chain(node: ast.expr) -> list[ast.expr]:
    """The factors of a product of arrays, however it is written; others are alone."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return [*chain(left), *chain(right)]
        case ast.Call() if word_of(node.func) in _PRODUCTS and len(arguments_of(node)) == 2:
            return [factor for part in arguments_of(node) for factor in chain(part)]
    return [node]


def two_axes(node: ast.expr, defined: Mapping[str, ast.expr], depth: int = 0) -> Iterator[str]:
    """The names that have two axes where this value has."""
    if depth > DEEPEST:
        return
    factors = chain(node)
    if len(factors) > 1:
        for factor in (factors[0], factors[-1]):
            yield from two_axes(factor, defined, depth + 1)
        return
    match node:
        case ast.Name(id=name):
            if name in defined:
                yield from two_axes(defined[name], {k: v for k, v in defined.items() if k != name}, depth + 1)
            else:
                yield name
        case (
            ast.BinOp(left=left, op=ast.Pow(), right=_)
            | ast.BinOp(left=left, op=ast.Div(), right=_)
            | ast.UnaryOp(operand=left)
            | ast.Attribute(value=left, attr="T" | "mT")
        ):
            yield from two_axes(left, defined, depth + 1)
        case ast.BinOp(left=left, right=right):
            computed = [s for s in (left, right) if not isinstance(s, ast.Name) and _holds_names(s)]
            sides = [s for s in (left, right) if has_product(s, defined) or _is_matrix(s)]
            sides = sides or (computed if isinstance(node.op, ast.Mult) and computed else [left, right])
            for side in sides:
                yield from two_axes(side, defined, depth + 1)
        case ast.Call() if word_of(node.func) in _KEEPING | TURNS and arguments_of(node):
            yield from two_axes(arguments_of(node)[0], defined, depth + 1)


def _holds_names(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Name) for n in ast.walk(node))


def _is_matrix(node: ast.expr) -> bool:
    """An identity, or a name of matrices: what stands beside it may be spread."""
    return _is_identity(node) or (isinstance(node, ast.Name) and rank_of(node.id) == 2)


def has_product(node: ast.expr, defined: Mapping[str, ast.expr]) -> bool:
    names = [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    return any(isinstance(n, ast.expr) and len(chain(n)) > 1 for n in ast.walk(node)) or any(
        any(isinstance(m, ast.expr) and len(chain(m)) > 1 for m in ast.walk(defined[n])) for n in names if n in defined
    )


def shown_by_chains(node: ast.AST, defined: Mapping[str, ast.expr]) -> Iterator[str]:
    """The names of matrices by this part of the code."""
    match node:
        case ast.Call() if word_of(node.func) in ("mm", "bmm"):
            for part in arguments_of(node)[:2]:
                yield from two_axes(part, defined)
        case ast.Call() if _exchanges_axes(node):
            yield from two_axes(arguments_of(node)[0], defined)
        case ast.Call() if word_of(node.func) in ("diagonal", "logdet", "slogdet", "det", "inv", "trace") and node.args:
            yield from two_axes(arguments_of(node)[0], defined)
        case ast.Call() if word_of(node.func) in _ALONG_ROWS and arguments_of(node):
            yield from _paired(arguments_of(node)[0], defined)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            for side, other in ((left, right), (right, left)):
                if _is_identity(side):
                    yield from two_axes(other, defined)
    if isinstance(node, ast.expr) and len(factors := chain(node)) == 2 and isinstance(factors[0], ast.Call):
        weights = factors[0]
        if word_of(weights.func) in _ALONG_ROWS and any(_paired(arguments_of(weights)[0], defined)):
            yield from two_axes(factors[1], defined)
    if isinstance(node, ast.expr) and len(factors := chain(node)) > 2:
        for before, factor, after in zip(factors, factors[1:], factors[2:], strict=False):
            is_letter = isinstance(factor, ast.Name) and re.fullmatch(r"[u-z]\d?", factor.id) is not None
            is_twice = ast.dump(factor) == ast.dump(after) and after is factors[-1]
            if not (is_twice or (is_letter and _is_square(before))):
                yield from two_axes(factor, defined)


def _is_square(node: ast.expr) -> bool:
    """A capital, or an inverse: what it is multiplied by may be a vector."""
    if isinstance(node, ast.Call):
        return word_of(node.func) in ("inv", "pinv", "inverse")
    return isinstance(node, ast.Name) and node.id[0].isupper()


def _paired(node: ast.expr, defined: Mapping[str, ast.expr]) -> Iterator[str]:
    """q and k of softmax(q @ k.T / c): of two arrays of one axis it would be that of a number."""
    for _ in range(DEEPEST):
        if isinstance(node, ast.Name) and node.id in defined:
            node = defined[node.id]
        elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
            node = node.left if len(chain(node.right)) == 1 else node.right
    factors = chain(node)
    names = [name for factor in factors for name in two_axes(factor, defined)]
    if len(factors) == 2 and not any(rank_of(name) == 2 for name in names):
        yield from names


def turned_by_number(node: ast.AST, defined: Mapping[str, ast.expr]) -> Iterator[str]:
    """The names in x of x.transpose(-2, -1), which has two axes whatever it is called, and in y of y @ x.transpose(-2, -1)."""
    if not isinstance(node, ast.expr):
        return
    if _is_turned_by_number(node):
        yield from two_axes(arguments_of(node)[0], defined)
    elif len(factors := chain(node)) > 1 and _is_turned_by_number(factors[-1]):
        yield from two_axes(factors[0], defined)


def _is_turned_by_number(node: ast.expr) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and word_of(node.func) in TURNS and len(arguments_of(node)) == 3


def _exchanges_axes(node: ast.Call) -> bool:
    """x.t(), transpose(x, 0, 1), transpose(x - y); x.transpose() is often one of an array of one axis."""
    arguments = arguments_of(node)
    if word_of(node.func) == "t" or word_of(node.func) not in TURNS or not arguments:
        return word_of(node.func) == "t" and bool(arguments)
    return len(arguments) == 3 or not isinstance(arguments[0], ast.Name)


def _is_identity(node: ast.expr) -> bool:
    """eye(n), or a multiple of it."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mult, ast.Div)):
        return _is_identity(node.left) or _is_identity(node.right)
    return isinstance(node, ast.Call) and word_of(node.func) in ("eye", "identity")
