"""Terms over indices in Python, ``(y[i] - w @ X[i])**2``: all of them at once, as one array with an axis for each index."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial

from matcalc.language.foreign.code import Fault
from matcalc.language.foreign.common.functions import ELEMENTWISE
from matcalc.language.foreign.common.names.naming import rank_of
from matcalc.language.foreign.python import python_nodes as nodes
from matcalc.language.foreign.python.python_forms import names
from matcalc.language.foreign.python_axes.python_evidence import arguments_of, chain, word_of
from matcalc.language.foreign.python_functions.looped.python_loops import HINT, Loops
from matcalc.language.foreign.python_functions.looped.python_pairs import cdist, squared
from matcalc.records import dataclass

__all__ = ["REDUCTIONS", "Indexed", "Terms"]

#: What makes one value of all terms, and its name for arrays.
REDUCTIONS = {"sum": "sum", "fsum": "sum", "mean": "mean", "max": "max", "min": "min", "prod": "prod"}
_ENTRYWISE = frozenset((*ELEMENTWISE, "maximum", "minimum", "square", "pow", "power", "where"))
_PRODUCTS = frozenset("dot matmul inner vdot".split())
#: What makes one number of a row.
_OF_ROWS = frozenset("sum mean norm max min prod logsumexp".split())
_MATRICES = frozenset("inv pinv inverse cholesky eye identity outer".split())

Build = Callable[[list[ast.expr]], ast.expr]


@dataclass(frozen=True)
class Terms:
    """The terms for all values of the indices.

    Attributes:
        node: the array of them.
        axes: the indices that run along its first axes.
        is_row: whether each of them is an array of one axis itself.
    """

    node: ast.expr
    axes: tuple[str, ...] = ()
    is_row: bool = False


@dataclass
class Indexed(Loops):
    """What reads terms.

    Attributes:
        ranks: how many axes names have, where that is known.
        values: names that stand for terms.
        numbers: names that stand beside entries, and are numbers.
        arrays: how many axes the arrays have whose entries and rows these are.
    """

    ranks: Mapping[str, int] = field(default_factory=dict)
    values: dict[str, Terms] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    arrays: dict[str, int] = field(default_factory=dict)

    def of(self, node: ast.expr) -> Terms:
        """The terms of an expression. Raises Fault where they are not those of entries and rows."""
        made = self._of(node)
        return replace(made, node=ast.copy_location(made.node, node))

    def _of_name(self, name: str) -> Terms:
        if name in self.values:
            return self.values[name]
        if name not in self.elements:
            raise Fault("the index stands here as a number", self.span, HINT)
        array, index = self.elements[name]
        return self.entry(array, [ast.Name(id=index, ctx=ast.Load())])

    def _of(self, node: ast.expr) -> Terms:
        if not any(self._is_bound(n) for n in ast.walk(node)):
            return Terms(node)
        if len(chain(node)) > 1 and not isinstance(node, ast.Call):
            assert isinstance(node, ast.BinOp)
            return self.product(node.left, node.right)
        root = squared(node)
        if isinstance(root, ast.Call) and word_of(root.func) == "norm" and len(arguments_of(root)) == 1:
            distances = self._distances(arguments_of(root)[0], squares=True)
            if distances is not None:
                return distances
        match node:
            case ast.Name(id=name):
                return self._of_name(name)
            case ast.Subscript(value=ast.Subscript(value=array, slice=row), slice=column) if not isinstance(
                row, (ast.Tuple, ast.Slice)
            ):
                return self.entry(array, [row, column])
            case ast.Subscript(value=array, slice=place):
                return self.entry(array, place.elts if isinstance(place, ast.Tuple) else [place])
            case ast.UnaryOp(operand=operand):
                return self.together([operand], lambda parts: ast.UnaryOp(op=node.op, operand=parts[0]))
            case ast.BinOp(left=left, op=op, right=right):
                terms = [self.of(left), self.of(right)]
                if isinstance(op, (ast.Add, ast.Sub)):
                    self._beside_rows(node, terms)
                return self.joined(terms, lambda p: ast.BinOp(left=p[0], op=op, right=p[1]))
            case ast.ListComp():
                return self.every(node)
            case ast.Compare(left=left, ops=ops, comparators=[right]):
                return self.together([left, right], lambda p: ast.Compare(left=p[0], ops=ops, comparators=[p[1]]))
            case ast.IfExp(test=test, body=body, orelse=other):
                return self.together([test, body, other], lambda parts: nodes.call_of("where", parts))
            case ast.Attribute(value=inner, attr="T" | "mT"):
                return self.of(inner)
            case ast.Call():
                return self.call(node)
        raise Fault("the terms are not made entry by entry", self.span, HINT)

    def _is_bound(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and any(
            node.id in names for names in (self.indices, self.elements, self.values)
        )

    # Indices.

    def reduced(self, node: ast.GeneratorExp | ast.ListComp, name: str, *, whole: bool = False) -> Terms:
        """The sum, the mean, … over the indices of a comprehension; of rows it is one, or that of all their entries."""
        outside = tuple(self.indices)
        made = self.every(node)
        kept = [axis for axis in made.axes if axis in outside]
        if kept and (made.is_row or len(kept) == len(made.axes)):
            raise Fault("the terms are not made entry by entry", self.span, HINT)
        if made.is_row and not whole and name != "sum":
            raise Fault("these terms are arrays", self.span, HINT)
        axis = 1 - made.axes.index(kept[0]) if kept else 0 if made.is_row and not whole else None
        return Terms(nodes.call_of(name, [made.node], axis), tuple(kept))

    def every(self, node: ast.GeneratorExp | ast.ListComp) -> Terms:
        """All terms of a comprehension; its indices are bound within it."""
        indices, elements = dict(self.indices), dict(self.elements)
        for loop in node.generators:
            if loop.ifs:
                raise Fault("a sum runs over all values of its index here", self.span, HINT)
            self.bind(loop.target, loop.iter)
        made = self.of(node.elt)
        if not set(made.axes) >= self.indices.keys() - indices.keys():
            raise Fault("no entry of this sum depends on its index", self.span, HINT)
        self.indices, self.elements = indices, elements
        return made

    def looped(self, loop: ast.For) -> ast.expr:
        """The sum of what a loop adds. Raises Fault where it does more than to name terms and to add one."""
        self.bind(loop.target, loop.iter)
        *before, last = loop.body
        later = {n.id for s in before for n in ast.walk(s) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        for statement in before:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in later and not later & names(value):
                    self.values[name] = self.of(value)
                    later.remove(name)
                case _:
                    raise Fault("loops and branches are not read", self.span, HINT)
        if isinstance(last, ast.For):
            return self.looped(last)
        assert isinstance(last, ast.AugAssign)
        made = self.of(last.value)
        if set(made.axes) != self.indices.keys():
            raise Fault("no entry of this sum depends on its index", self.span, HINT)
        return nodes.call_of("sum", [made.node], 0 if made.is_row else None)

    # Entries and rows.

    def rank(self, array: ast.expr) -> int:
        while isinstance(array, ast.Subscript) and isinstance(array.slice, ast.Slice):
            array = array.value
        name = word_of(array)
        return self.arrays.get(name) or self.ranks.get(name) or max(rank_of(name), 1)

    def entry(self, array: ast.expr, places: Sequence[ast.expr]) -> Terms:
        """All entries x[i], rows X[i], entries A[i, j], A[i, i] and A[i, 0]."""
        if any(self._is_bound(n) for n in ast.walk(array)):
            raise Fault("an entry of a row is not read here", self.span, "write X[i, 0]")
        rank = self.rank(array) if len(places) == 1 else 2
        if isinstance(array, ast.Name):
            self.arrays[array.id] = rank
        shifts = [self.shift(p) for p in places]
        if any(s is None and any(self._is_bound(n) for n in ast.walk(p)) for s, p in zip(shifts, places, strict=True)):
            raise Fault("the index stands here as a number", self.span, HINT)
        axes = tuple(s[0] for s in shifts if s is not None)
        if len(axes) == 2 and axes[0] == axes[1]:
            return self._diagonal(array, places, axes[0])
        parts = [
            p if s is None else self.indices[s[0]].slice(s[1], self.span) for s, p in zip(shifts, places, strict=True)
        ]
        whole = [isinstance(p, ast.Slice) for p in places]
        made = (
            array
            if all(p is None or isinstance(p, ast.Slice) for p in parts)
            and not any(isinstance(p, ast.Slice) and (p.lower or p.upper) for p in parts)
            else nodes.part(array, *parts)
        )
        return Terms(
            nodes.turned(made) if whole[0] else made, axes, is_row=any(whole) or (rank == 2 and len(places) == 1)
        )

    def _diagonal(self, array: ast.expr, places: Sequence[ast.expr], index: str) -> Terms:
        part = self.indices[index].slice(0, self.span)
        if any(not isinstance(p, ast.Name) for p in places):
            raise Fault("an entry beside the diagonal is not read here", self.span, HINT)
        return Terms(nodes.part(nodes.call_of("diag", [array]), part), (index,))

    # Operations.

    def _beside_rows(self, node: ast.BinOp, terms: Sequence[Terms]) -> None:
        """mu of X[i] - mu has one axis; in y[i] - X[i] @ W either y has rows or W is a vector."""
        for side, own, other in zip((node.left, node.right), terms, reversed(terms), strict=True):
            if own.is_row or not other.is_row:
                continue
            if not own.axes:
                self.arrays |= {n: 1 for n in _bare(side) if rank_of(n) == 1 and n not in self.arrays}
            for array in self._arrays_of(side):
                if array.id not in self.ranks:
                    message = f"{array.id}[i] is a number here, or a row as what stands beside it"
                    hint = f"declare {array.id}: matrix(m, n) if it has rows, else say what is a vector"
                    raise Fault(message, self.span, hint)

    def together(self, operands: Sequence[ast.expr], build: Build) -> Terms:
        """Operations of the entries."""
        return self.joined([self.of(o) for o in operands], build)

    def joined(self, terms: Sequence[Terms], build: Build) -> Terms:
        """The same of terms: their axes beside each other."""
        found = {axis for t in terms for axis in t.axes}
        axes = tuple(name for name in self.indices if name in found)
        is_row = any(t.is_row for t in terms)
        if len(axes) + is_row > 2:
            raise Fault("an array has two axes here, these terms have more", self.span, HINT)
        return Terms(build([self._spread(t, axes, is_row) for t in terms]), axes, is_row)

    def _spread(self, terms: Terms, axes: tuple[str, ...], is_row: bool) -> ast.expr:
        if not terms.axes:
            self.numbers |= set() if is_row else set(_bare(terms.node))
            return terms.node
        if len(terms.axes) == 2:
            return terms.node if terms.axes == axes else nodes.turned(terms.node)
        if len(axes) == 1 and is_row == terms.is_row:
            return terms.node
        new = ast.Constant(None)
        return nodes.part(terms.node, *([None, new] if terms.axes[0] == axes[0] else [new, None]))

    def product(self, first: ast.expr, second: ast.expr) -> Terms:
        """X[i] @ w is X @ w, A @ X[i] is X @ A.T, X[i] @ Y[i] the sum of X * Y along the rows."""
        if isinstance(first, ast.BinOp) and isinstance(first.op, ast.Mult):
            factor = self.of(first.left)
            build = partial(nodes.multiplied, first)
            if factor.axes and not factor.is_row:
                return self.joined([factor, self.product(first.right, second)], build)
            left = self.joined([factor, self.of(first.right)], build)
        else:
            self._takes_rows(first)
            left = self.of(first)
        self._takes_rows(second)
        right = self.of(second)
        if any(t.axes and not t.is_row for t in (left, right)):
            raise Fault("a product of a row and an array is read here", self.span, HINT)
        if left.axes and right.axes:
            return self._of_two_rows(left, right)
        rows, other = (left, right) if left.axes else (right, left)
        rank = self._rank_beside(other.node)
        if rank not in (1, 2):
            raise Fault("a product of a row and an array is read here", self.span, HINT)
        turned = rank == 2 and rows is right
        made = nodes.product(rows.node, nodes.turned(other.node) if turned else other.node)
        return Terms(made, rows.axes, is_row=rank == 2)

    def _takes_rows(self, *factors: ast.expr) -> None:
        """What stands in a product as an entry is a row: x of x[i] @ w."""
        for factor in factors:
            for array in self._arrays_of(factor):
                if array.id not in self.ranks:
                    self.arrays[array.id] = 2

    def _arrays_of(self, node: ast.expr) -> Iterator[ast.Name]:
        match node:
            case ast.Name(id=name) if name in self.elements:
                array = self.elements[name][0]
                if isinstance(array, ast.Name):
                    yield array
            case ast.Subscript(value=ast.Name() as array, slice=place) if self.shift(place) is not None:
                yield array
            case ast.UnaryOp(operand=inner) | ast.Attribute(value=inner, attr="T" | "mT"):
                yield from self._arrays_of(inner)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
                yield from self._arrays_of(left)
                yield from self._arrays_of(right)

    def _of_two_rows(self, left: Terms, right: Terms) -> Terms:
        if left.axes == right.axes:
            return Terms(
                nodes.call_of("sum", [ast.BinOp(left=left.node, op=ast.Mult(), right=right.node)], 1), left.axes
            )
        axes = tuple(name for name in self.indices if name in (*left.axes, *right.axes))
        first, second = (left, right) if left.axes[0] == axes[0] else (right, left)
        return Terms(nodes.product(first.node, nodes.turned(second.node)), axes)

    def _rank_beside(self, node: ast.expr) -> int:
        """How many axes a factor has that no index stands in."""
        match node:
            case ast.Name():
                return self.rank(node)
            case ast.Attribute(value=inner, attr="T" | "mT") | ast.UnaryOp(operand=inner):
                return self._rank_beside(inner)
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return self._rank_beside(left) + self._rank_beside(right) - 2
            case ast.BinOp(left=left, right=right):
                return max(self._rank_beside(left), self._rank_beside(right))
            case ast.Call() if word_of(node.func) in _MATRICES:
                return 2
            case ast.Call() if word_of(node.func) in _ENTRYWISE:
                return max(self._rank_beside(a) for a in arguments_of(node))
            case ast.Constant():
                return 0
        raise Fault("a product of a row and an array is read here", self.span, HINT)

    def call(self, node: ast.Call) -> Terms:
        word, operands = word_of(node.func), arguments_of(node)
        if word in ("max", "min") and isinstance(node.func, ast.Name) and len(operands) == 2:
            return self.together(operands, lambda parts: nodes.call_of(f"{word}imum", parts))
        if word in REDUCTIONS and len(operands) == 1 and isinstance(operands[0], (ast.GeneratorExp, ast.ListComp)):
            return self.reduced(operands[0], REDUCTIONS[word])
        if word in _PRODUCTS and len(operands) == 2:
            made = self.product(*operands)
            if made.is_row and word not in ("dot", "matmul"):
                raise Fault("the terms are not made entry by entry", self.span, HINT)
            return made
        if word in _ENTRYWISE and not node.keywords:
            return self.together(operands, lambda parts: nodes.called(node, parts))
        if word == "solve" and len(operands) == 2:
            inverse = nodes.call_of("inv", operands[:1])
            return self.product(inverse, operands[1])
        if word in ("norm", "sum") and len(operands) == 1:
            inner = squared(operands[0]) if word == "sum" else operands[0]
            if inner is not None and (distances := self._distances(inner, squares=word == "sum")) is not None:
                return distances
        if word in _OF_ROWS and not node.keywords and len(operands) in (1, 1 + (word == "norm")):
            self._takes_rows(operands[0])
            terms = self.of(operands[0])
            if terms.is_row and not any(self._is_bound(n) for o in operands[1:] for n in ast.walk(o)):
                return Terms(nodes.called(node, [terms.node, *operands[1:]], axis=1), terms.axes)
        raise Fault("the terms are not made entry by entry", self.span, HINT)

    def _distances(self, inner: ast.expr, *, squares: bool) -> Terms | None:
        """norm(X[i] - Y[j]), and sum((X[i] - Y[j])**2): cdist(X, Y)"""
        if not isinstance(inner, ast.BinOp) or not isinstance(inner.op, ast.Sub):
            return None
        self._takes_rows(inner)
        left, right = self.of(inner.left), self.of(inner.right)
        if not (left.is_row and right.is_row and left.axes and right.axes) or left.axes == right.axes:
            return None
        axes = tuple(name for name in self.indices if name in (*left.axes, *right.axes))
        first, second = (left, right) if left.axes[0] == axes[0] else (right, left)
        return Terms(cdist(first.node, second.node, squares=squares), axes)


def _bare(node: ast.expr) -> Iterator[str]:
    """Names outside of products of arrays and of functions that are not of the entries."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.UnaryOp(operand=inner):
            yield from _bare(inner)
        case ast.BinOp(left=left, op=op, right=right) if not isinstance(op, ast.MatMult):
            yield from _bare(left)
            yield from _bare(right)
        case ast.Call() if word_of(node.func) in _ENTRYWISE:
            for argument in arguments_of(node):
                yield from _bare(argument)
