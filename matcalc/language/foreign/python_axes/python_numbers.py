"""Names of Python code that are numbers by their places, although their spelling is that of arrays."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Set

from matcalc.language.foreign.common.names.naming import face_of, rank_of
from matcalc.language.foreign.python_axes.python_evidence import word_of
from matcalc.language.foreign.python_axes.python_names import factors
from matcalc.patterns import pattern

__all__ = ["is_number", "numbers_in"]

#: Letters of ranks, sizes and scales.
_COUNTS = pattern(r"[h-t]\d?")
#: Functions of the entries, in which a Greek letter is a scale.
_OF_ENTRIES = frozenset("exp log1p expm1 sigmoid logsigmoid log_sigmoid softplus tanh cos sin relu expit erf".split())
#: Functions that are products of arrays.
_PRODUCTS = frozenset("dot matmul mm mv linear".split())
#: Words of arrays whose entries are factors: of samples, of outputs.
_FACTORS = pattern(
    r"(?:\w*_)?(?:mask|gate|sign|target|label|weight|resid\w*|err\w*|grad\w*|out\w*|hid\w*|diff|score|attn|probs?)\w*|[yw]_?\w*|\w*[^isu]s",
    re.IGNORECASE,
)


def numbers_in(tree: ast.AST) -> list[str]:
    """The names all of whose places are those of numbers."""
    products = _defined_as_products(tree)
    in_sums = {id(part) for node in ast.walk(tree) for part in _summed(node)}
    nodes = [node for node in ast.walk(tree) if id(node) not in in_sums]
    found = [
        *(n for node in ast.walk(tree) for n in _numbers(node)),
        *(n for m in nodes for n in _multiples(m, products)),
    ]
    places = Counter(name.id for name in {id(name): name for name in found}.values())
    uses = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
    return [name for name, number in places.items() if number >= uses[name]] + [*_by_default(tree)]


def _by_default(tree: ast.AST) -> Iterator[str]:
    """The parameters of functions that are numbers where none is given: l=1.0."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            placed = [*node.posonlyargs, *node.args]
            pairs = [
                *zip(reversed(placed), reversed(node.defaults), strict=False),
                *zip(node.kwonlyargs, node.kw_defaults, strict=True),
            ]
            for argument, default in pairs:
                if isinstance(default, ast.Constant) and type(default.value) in (int, float):
                    yield argument.arg


def _numbers(node: ast.AST) -> Iterator[ast.Name]:
    match node:
        case (
            ast.BinOp(op=ast.Mult(), left=ast.BinOp(op=ast.Div(), left=above, right=ast.Name() as below))
            | ast.BinOp(op=ast.Mult(), right=ast.BinOp(op=ast.Div(), left=above, right=ast.Name() as below))
        ):
            if _COUNTS.fullmatch(below.id) and all(is_number(part) for part in factors(above)):
                yield below
        case ast.Call() if word_of(node.func) in _OF_ENTRIES and node.args:
            yield from _scale(node.args[0])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        parts = list(factors(node))
        is_chain = len(parts) > 2 and not isinstance(parts[-1], ast.Name)
        if is_chain and isinstance(parts[0], ast.Name) and isinstance(parts[1], ast.Name):
            if rank_of(parts[0].id) == 2 and re.fullmatch("[a-d]", parts[1].id):
                yield parts[0]
                yield parts[1]


def _multiples(node: ast.AST, products: Set[str]) -> Iterator[ast.Name]:
    """scaling and r of (x @ A @ B) * scaling and (x @ A @ B) * (alpha / r): what a whole product is multiplied by."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, (ast.Mult, ast.Div)):
        return
    parts = list(_signed(node))
    others = [(part, below) for part, below in parts if not _is_product(part, products)]
    if len(others) != len(parts) - 1:
        return
    scales = [part for part, _ in others if isinstance(part, ast.Name) and _is_scale(part.id)]
    ranks = [part for part, below in others if below and isinstance(part, ast.Name) and _COUNTS.fullmatch(part.id)]
    yield from scales
    if all(is_number(part) or part in scales or part in ranks for part, _ in others):
        yield from ranks


def _signed(node: ast.expr, below: bool = False) -> Iterator[tuple[ast.expr, bool]]:
    """The factors, and whether they divide."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            yield from _signed(left, below)
            yield from _signed(right, below != isinstance(op, ast.Div))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield from _signed(operand, below)
        case _:
            yield node, below


def _is_scale(name: str) -> bool:
    """A word that is no usual one for arrays of factors."""
    return face_of(name) == "code word" and _FACTORS.fullmatch(name) is None


def _is_product(node: ast.expr, products: Set[str]) -> bool:
    if isinstance(node, ast.Call):
        return word_of(node.func) in _PRODUCTS
    if isinstance(node, ast.Name):
        return node.id in products
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)


def _defined_as_products(tree: ast.AST) -> set[str]:
    """The names that are assigned a product."""
    assigned = (n for n in ast.walk(tree) if isinstance(n, ast.Assign) and _is_product(n.value, frozenset()))
    return {t.id for statement in assigned for t in statement.targets if isinstance(t, ast.Name)}


def _summed(node: ast.AST) -> Iterator[ast.AST]:
    """What a sum or a mean is of, and what that is a product of: sum(a * (X @ w)) is rather an inner product."""
    if isinstance(node, ast.Call) and word_of(node.func) in ("sum", "mean"):
        inside = [*node.args[:1], *([node.func.value] if isinstance(node.func, ast.Attribute) else [])]
        pending: list[ast.AST] = list(inside)
        while pending:
            part = pending.pop()
            yield part
            if isinstance(part, ast.UnaryOp) or (
                isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Mult, ast.Div))
            ):
                pending.extend(ast.iter_child_nodes(part))


def is_number(node: ast.expr) -> bool:
    """A literal, or a name of numbers."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and rank_of(node.id) == 0)


def _scale(node: ast.expr) -> Iterator[ast.Name]:
    """beta of logsigmoid(beta * (a - b)): one Greek letter in front of what it scales."""
    first, *rest = factors(node.operand if isinstance(node, ast.UnaryOp) else node)
    first = first.operand if isinstance(first, ast.UnaryOp) else first
    if rest and isinstance(first, ast.Name) and face_of(first.id) == "code greek":
        yield first
