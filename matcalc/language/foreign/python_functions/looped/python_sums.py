"""Sums over an index in Python, ``sum((y[i] - w @ X[i])**2 for i in range(n))``, and loops that add terms: sums of arrays."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from matcalc.errors import Span
from matcalc.language.foreign.code import Fault
from matcalc.language.foreign.python_axes.python_evidence import word_of
from matcalc.language.foreign.python_functions.looped.python_loops import HINT
from matcalc.language.foreign.python_functions.looped.python_terms import REDUCTIONS, Indexed

__all__ = ["with_arrays"]

_ARRAYS = frozenset("array asarray stack tensor".split())
Place = Callable[[ast.AST], Span]


def with_arrays(tree: ast.Module, ranks: Mapping[str, int], place: Place) -> tuple[ast.Module, dict[str, int]]:
    """The code with all terms of its sums at once, and how many axes names in them have: those without an index are numbers.

    Raises Fault where the terms are not those of entries and rows.
    """
    sums = _Sums(ranks, place)
    made = sums.visit(tree)
    return ast.fix_missing_locations(made), {**dict.fromkeys(sums.numbers, 0), **sums.arrays}


class _Sums(ast.NodeTransformer):
    def __init__(self, ranks: Mapping[str, int], place: Place) -> None:
        self.ranks, self.place = ranks, place
        self.lists: set[str] = set()
        self.numbers: set[str] = set()
        self.arrays: dict[str, int] = {}

    @contextmanager
    def terms(self, node: ast.AST) -> Iterator[Indexed]:
        """What reads the terms of a sum; afterwards what they show is known."""
        terms = Indexed(self.place(node), ranks={**self.ranks, **self.arrays})
        yield terms
        self.numbers |= terms.numbers
        self.arrays |= terms.arrays

    def visit_Call(self, node: ast.Call) -> ast.AST:
        inner = node.args[0] if len(node.args) == 1 and not node.keywords else None
        word = word_of(node.func)
        if isinstance(inner, (ast.GeneratorExp, ast.ListComp)) and word in REDUCTIONS:
            whole = isinstance(inner, ast.ListComp) and not isinstance(node.func, ast.Name)
            with self.terms(node) as terms:
                return ast.copy_location(terms.reduced(inner, REDUCTIONS[word], whole=whole).node, node)
        if isinstance(inner, ast.ListComp) and word in _ARRAYS:
            return self.visit_ListComp(inner)
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        if isinstance(node.value, ast.ListComp):
            self.lists |= {t.id for t in node.targets if isinstance(t, ast.Name)}
        return self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        if len(node.generators) > 1:
            raise Fault("this list has the terms of all indices one behind the other", self.place(node), HINT)
        with self.terms(node) as terms:
            return ast.copy_location(terms.every(node).node, node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if self.is_list(node.value):
            raise Fault("a list is no array", self.place(node), "write np.array([…])")
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        if isinstance(node.op, (ast.Add, ast.Mult)) and any(self.is_list(side) for side in (node.left, node.right)):
            raise Fault("+ and * are not those of the entries of lists", self.place(node), "write np.array([…])")
        return self.generic_visit(node)

    def is_list(self, node: ast.expr) -> bool:
        return isinstance(node, ast.ListComp) or (isinstance(node, ast.Name) and node.id in self.lists)

    # Loops.

    def visit_Module(self, node: ast.Module) -> ast.AST:
        node.body = self.body(node.body)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = self.body(node.body)
        return node

    def body(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Statements; a loop behind total = 0 is a sum, where nothing else of it is used later."""
        made: list[ast.stmt] = []
        for place, statement in enumerate(statements):
            total = _added(statement) if isinstance(statement, ast.For) else None
            begins = _beginning(made, total.id) if total is not None else None
            if total is None or begins is None or not _ends(statement, total.id, statements[place + 1 :]):
                made.append(self.visit(statement))
            else:
                del made[begins]
                made.append(self.sum_of(statement, total))
        return made

    def sum_of(self, loop: ast.stmt, total: ast.Name) -> ast.stmt:
        """total = the sum of what the loop adds"""
        assert isinstance(loop, ast.For)
        with self.terms(loop) as terms:
            made = terms.looped(loop)
        target = ast.copy_location(ast.Name(id=total.id, ctx=ast.Store()), total)
        return ast.copy_location(ast.Assign(targets=[target], value=ast.copy_location(made, loop)), loop)


def _beginning(statements: Sequence[ast.stmt], total: str) -> int | None:
    """Where total = 0 stands, if nothing behind it has to do with the total."""
    place = next((i for i in reversed(range(len(statements))) if total in _names(statements[i])), None)
    if place is None:
        return None
    match statements[place]:
        case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=0)):
            return place
    return None


def _names(node: ast.AST, *kinds: type[ast.expr_context]) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, kinds or ast.expr_context)}


def _added(loop: ast.For) -> ast.Name | None:
    """What the loop, or the one within it, adds to, in its last statement."""
    match loop.body[-1]:
        case ast.AugAssign(target=ast.Name() as total, op=ast.Add()) if not loop.orelse:
            return total
        case ast.For() as inner if not loop.orelse:
            return _added(inner)
    return None


def _ends(loop: ast.stmt, total: str, later: Sequence[ast.stmt]) -> bool:
    """Whether of all that the loop assigns only its total is used behind it, and that not within it."""
    used = set[str]().union(*map(_names, later))
    return total not in _names(loop, ast.Load) and not used & (_names(loop, ast.Store) - {total})
