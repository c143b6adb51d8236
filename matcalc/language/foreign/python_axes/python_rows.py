"""Names of Python code that are vectors by their spelling, although the code may stand for each row of a matrix: data of a batch."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from matcalc.language.foreign.common.names.naming import rank_of
from matcalc.language.foreign.python_axes.python_evidence import TURNS, arguments_of, chain, defined_in, word_of
from matcalc.language.foreign.python_axes.python_names import along, factors

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
    parts = chain(node) if isinstance(node, ast.expr) else []
    if len(parts) > 1 and all(map(_is_matrix, parts[1:])):
        *_, last = factors(parts[0])
        yield from (n for n in (word_of(last),) if isinstance(last, ast.Name) and rank_of(n) == 1)


def _is_matrix(node: ast.expr) -> bool:
    """A capital, or one that is turned: W.T, W.t(), np.transpose(W)."""
    name = node.value if isinstance(node, ast.Attribute) and node.attr in ("T", "mT") else node
    if isinstance(node, ast.Call) and word_of(node.func) in TURNS:
        name = next(iter(arguments_of(node)), node)
    return isinstance(name, ast.Name) and rank_of(name.id) == 2


def _columns(node: ast.AST) -> Iterator[str]:
    """Names behind another factor: x of A @ x."""
    parts = chain(node) if isinstance(node, ast.expr) else []
    yield from (part.id for part in parts[1:] if isinstance(part, ast.Name))
