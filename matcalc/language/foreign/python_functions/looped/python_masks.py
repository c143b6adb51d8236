"""Sums over the entries that a condition takes: ``np.sum(x[x > 0])`` is a sum of ``where(x > 0, x, 0)``."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from matcalc.language.foreign.python_axes.python_evidence import word_of

__all__ = ["MADE", "with_masks"]

#: The kind of a number that stands nowhere in the text.
MADE = "made"
_SUMS = frozenset("sum nansum reduce_sum".split())
_MEANS = frozenset("mean nanmean reduce_mean".split())

#: The names of conditions, and what these are.
Named = Mapping[str, ast.expr]


def with_masks(tree: ast.Module) -> ast.Module:
    """Masks within sums and means of all entries as choices; other masks stay, and are refused as indices."""
    made: ast.Module = _Masks(dict(_named(tree))).visit(tree)
    return ast.fix_missing_locations(made)


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """mask = x > 0, where neither mask nor x is ever something else."""
    stored = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    stored.update(n.arg for n in ast.walk(tree) if isinstance(n, ast.arg))
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _conditions(value, {}):
                names = [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]
                if all(stored[n] < 2 for n in (name, *names)):
                    yield name, value


def _conditions(node: ast.expr, names: Named) -> list[ast.expr]:
    """x > 0 and x < 1 of (x > 0) & (x < 1), and those of the name of such; none of an index."""
    match node:
        case ast.Compare(ops=[ast.Gt() | ast.GtE() | ast.Lt() | ast.LtE()]):
            return [node]
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            both = _conditions(left, names), _conditions(right, names)
            return [*both[0], *both[1]] if all(both) else []
        case ast.Name(id=name) if name in names:
            return _conditions(names[name], {})
    return []


class _Masks(ast.NodeTransformer):
    def __init__(self, names: Named) -> None:
        self.names = names

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        word, body = word_of(node.func), _summed(node)
        if body is None or word not in _SUMS | _MEANS:
            return node
        masks = {ast.dump(mask): mask for mask in self.masks(body)}
        if len(masks) != 1:
            return node
        conditions = _conditions(next(iter(masks.values())), self.names)
        total = _call("sum", [_chosen(conditions, _Whole(self.names).visit(body), node)], node)
        if word in _SUMS:
            return total
        ones = conditions[0] if len(conditions) == 1 else _chosen(conditions, _number(1, node), node)
        return ast.copy_location(ast.BinOp(total, ast.Div(), _call("sum", [ones], node)), node)

    def masks(self, body: ast.AST) -> Iterator[ast.expr]:
        """The conditions in square brackets."""
        for node in ast.walk(body):
            if isinstance(node, ast.Subscript) and _conditions(node.slice, self.names):
                yield node.slice


class _Whole(ast.NodeTransformer):
    """x in place of x[x > 0]"""

    def __init__(self, names: Named) -> None:
        self.names = names

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        return node.value if _conditions(node.slice, self.names) else node


def _summed(node: ast.Call) -> ast.expr | None:
    """What is summed over all its entries: x of np.sum(x) and x.sum()."""
    if node.keywords or len(node.args) > 1:
        return None
    if node.args:
        return node.args[0]
    return node.func.value if isinstance(node.func, ast.Attribute) else None


def _chosen(conditions: Sequence[ast.expr], value: ast.expr, at: ast.expr) -> ast.expr:
    """The value where all conditions hold, else 0."""
    for condition in reversed(conditions):
        value = _call("where", [condition, value, _number(0, at)], at)
    return value


def _number(value: int, at: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Constant(value, kind=MADE), at)


def _call(name: str, arguments: list[ast.expr], at: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(ast.Name(id=name, ctx=ast.Load()), arguments, []), at)
