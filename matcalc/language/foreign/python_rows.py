"""Names of Python code that are vectors by their spelling, although the code may stand for each row of a matrix: data of a batch."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from matcalc.language.foreign.naming import rank_of
from matcalc.language.foreign.python_evidence import chain, defined_in, word_of
from matcalc.language.foreign.python_names import along

__all__ = ["of_one_row"]

_SOFTENED = frozenset("softmax log_softmax logsumexp".split())


def of_one_row(tree: ast.AST) -> tuple[str, ...]:
    """x of x.sum(axis=-1), x @ W, F.linear(x, W, b) and jax.nn.softmax(x), where nothing shows that x is one vector."""
    defined = defined_in(tree)
    found = dict.fromkeys(name for node in ast.walk(tree) for name in _rows(node))
    found |= dict.fromkeys(n for node in ast.walk(tree) if isinstance(node, ast.Call) for n in along(node, -1, defined))
    single = {name for node in ast.walk(tree) for name in _columns(node)}
    return tuple(name for name in found if name not in single and name not in defined)


def _rows(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(value=module, attr=word), args=[ast.Name(id=name), *_]):
            of_last_axis = word in _SOFTENED and word_of(module) in ("nn", "special") and len(node.args) == 1
            if (of_last_axis and not node.keywords) or word == "linear":
                yield from (n for n in (name,) if rank_of(n) == 1)
    if isinstance(node, ast.expr) and len(factors := chain(node)) == 2:
        data, weights = factors
        if isinstance(data, ast.Name) and isinstance(weights, ast.Name) and rank_of(weights.id) == 2:
            yield from (n for n in (data.id,) if rank_of(n) == 1)


def _columns(node: ast.AST) -> Iterator[str]:
    """Names behind another factor: x of A @ x."""
    factors = chain(node) if isinstance(node, ast.expr) else []
    yield from (part.id for part in factors[1:] if isinstance(part, ast.Name))
