"""Names of Python code that are numbers by their places, although their spelling is that of arrays."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from matcalc.language.foreign.naming import face_of, rank_of
from matcalc.language.foreign.python_forms import last_word
from matcalc.language.foreign.python_names import factors

__all__ = ["numbers_in"]

#: Letters of ranks, sizes and scales.
_COUNTS = re.compile(r"[h-t]\d?")
#: Functions of the entries, in which a Greek letter is a scale.
_OF_ENTRIES = frozenset("exp log1p expm1 sigmoid logsigmoid log_sigmoid softplus tanh cos sin relu expit erf".split())


def numbers_in(tree: ast.AST) -> list[str]:
    """The names all of whose places are those of numbers."""
    places = Counter(name for node in ast.walk(tree) for name in _numbers(node))
    uses = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
    return [name for name, number in places.items() if number >= uses[name]]


def _numbers(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.BinOp(op=ast.Mult(), left=ast.BinOp(op=ast.Div(), left=above, right=ast.Name(id=below))):
            if _COUNTS.fullmatch(below) and all(_is_number(part) for part in factors(above)):
                yield below
        case ast.Call() if last_word(node.func) in _OF_ENTRIES and node.args:
            yield from _scale(node.args[0])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        parts = list(factors(node))
        is_chain = len(parts) > 2 and not isinstance(parts[-1], ast.Name)
        if is_chain and isinstance(parts[0], ast.Name) and isinstance(parts[1], ast.Name):
            if rank_of(parts[0].id) == 2 and re.fullmatch("[a-d]", parts[1].id):
                yield parts[0].id
                yield parts[1].id


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and rank_of(node.id) == 0)


def _scale(node: ast.expr) -> Iterator[str]:
    """beta of logsigmoid(beta * (a - b)): one Greek letter in front of what it scales."""
    first, *rest = factors(node.operand if isinstance(node, ast.UnaryOp) else node)
    first = first.operand if isinstance(first, ast.UnaryOp) else first
    if rest and isinstance(first, ast.Name) and face_of(first.id) == "code greek":
        yield first.id
