"""Whether a reader can tell the size of every I: that of A + I is that of A, that of (I ⊗ B) (C ⊗ I) is not clear.

The sizes of all identities are taken for unknown, and what the operators demand is solved as the language does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from matcalc.expr import ONE, Dim, Node, Shape, postorder
from matcalc.expr.canonical.open_functions import OUT
from matcalc.functions import find
from matcalc.language.kinds.kinds import kind_of, matching
from matcalc.language.sizes.signatures import Signature, parse_signature
from matcalc.language.sizes.sizes import Clash, Sizes, is_unknown

__all__ = ["DISPLAYED_WITHOUT_SIZE", "are_implied"]


#: Arrays that have no size where they are displayed: I, the column 1 and the unit column e_i.
DISPLAYED_WITHOUT_SIZE = frozenset({"identity", "ones", "unit"})

#: Longer expressions show all sizes.
MOST_PIECES = 5_000


def are_implied(root: Node, *, unsized: frozenset[str] = frozenset({"identity"}), alone: bool = False) -> bool:
    """Whether the shape of the expression and its other parts fix the size of every array that is written without it.

    ``unsized`` are the operators that are written without their size. With ``alone`` the shape is not known either,
    unless all variables have one size.
    """
    reading = _Unsized(root, unsized)
    if not reading.holds_unknown:
        return True
    try:
        shape = reading.shape_of(root)
        if not alone:
            reading.equate(shape, root.shape)
        undecided = reading.sizes.finish()
    except (Clash, _TooLong):
        return False
    left = {n for d, _ in reading.unknown for n in reading.sizes.resolve(d).names if is_unknown(n)}
    if undecided or not left:
        return not undecided
    return alone and left <= {n for d in shape for n in reading.sizes.resolve(d).names} and reading.have_the_only_size()


class _TooLong(Exception):
    """More pieces than anyone reads."""


class _Unsized:
    """The shapes of an expression some leaves of which have unknown sizes."""

    def __init__(self, root: Node, unsized: frozenset[str]) -> None:
        self.sizes = Sizes()
        self.unsized = unsized
        self.unknown: list[tuple[Dim, Dim]] = []
        self.holds_unknown: set[Node] = set()
        self.leaves = [n for n in postorder(root) if not n.args]
        for node in postorder(root):
            if self._is_unsized(node) or any(a in self.holds_unknown for a in node.args):
                self.holds_unknown.add(node)

    def _is_unsized(self, node: Node) -> bool:
        return node.op in self.unsized and (node.is_column or node.op == "identity")

    def shape_of(self, root: Node) -> Shape:
        """The shape as a reader finds it: what stands twice is read twice."""
        found: list[Shape] = []
        stack = [(root, False)]
        for _ in range(MOST_PIECES):
            if not stack:
                return found[0]
            node, ready = stack.pop()
            if ready:
                first = len(found) - len(node.args)
                found[first:] = [self._shape(node, found[first:])]
            elif node not in self.holds_unknown:
                found.append(node.shape)
            elif not node.args:
                found.append(self._leaf(node))
            else:
                stack.append((node, True))
                stack.extend((a, False) for a in reversed(node.args))
        raise _TooLong

    def _leaf(self, node: Node) -> Shape:
        size = self.fresh()
        self.unknown.append((size, node.rows))
        return size, (size if node.op == "identity" else ONE)

    def have_the_only_size(self) -> bool:
        """Whether every size that is open is the only one of the variables; without variables it is read as n."""
        variables = {d for n in self.leaves if n.op in ("variable", "perturbation") for d in n.shape if not d.is_one}
        open_ = {true for size, true in self.unknown if any(map(is_unknown, self.sizes.resolve(size).names))}
        return open_ == (variables or {Dim.of("n")})

    def equate(self, a: Shape, b: Shape) -> None:
        for one, other in zip(a, b, strict=True):
            self.sizes.equate(one, other, 0)

    def fresh(self) -> Dim:
        return self.sizes.fresh()

    def _shape(self, node: Node, shapes: list[Shape]) -> Shape:
        return _SHAPES.get(node.op, _any)(self, node, shapes)

    def same(self, shapes: Sequence[Shape]) -> Shape:
        for other in shapes[1:]:
            self.equate(shapes[0], other)
        return shapes[0]


Shapes = list[Shape]


def _any(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    """An operator that tells nothing of its operands."""
    return node.shape


def _entrywise(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    return u.same([s for a, s in zip(node.args, shapes, strict=True) if not a.is_scalar] or [node.shape])


def _product(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    for left, right in pairwise(shapes):
        u.sizes.equate(left[1], right[0], 0)
    return shapes[0][0], shapes[-1][1]


def _kron(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    rows, cols = ONE, ONE
    for shape in shapes:
        rows, cols = rows * shape[0], cols * shape[1]
    return rows, cols


def _block(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    height, width = node.data
    rows = [shapes[i * width : (i + 1) * width] for i in range(height)]
    for row in rows:
        for shape in row[1:]:
            u.sizes.equate(row[0][0], shape[0], 0)
        for above, below in zip(rows[0], row, strict=True):
            u.sizes.equate(above[1], below[1], 0)
    total = Dim({})
    return sum((row[0][0] for row in rows), total), sum((shape[1] for shape in rows[0]), total)


def _unvec(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    u.sizes.equate(shapes[0][0], node.rows * node.cols, 0)
    return node.shape


def _diagonal(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    return shapes[0][0], ONE


def _call(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    """As the signature says; a call that no signature fits tells nothing."""
    signature = _signature(node)
    if signature is None:
        return node.shape
    symbols = {name: u.fresh() for name in signature.symbols()}
    for parameter, shape in zip(signature.parameters, shapes, strict=True):
        u.equate((parameter.shape[0].substitute(symbols), parameter.shape[1].substitute(symbols)), shape)
    return signature.result[0].substitute(symbols), signature.result[1].substitute(symbols)


def _signature(node: Node) -> Signature | None:
    row = find(node.data[0])
    signatures = [parse_signature(s) for s in row.signatures] if row is not None else []
    taken = [
        s for s in signatures if all(p.kind == "array" for p in s.parameters) and len(s.parameters) == len(node.args)
    ]
    return matching(taken, [kind_of(*a.shape) for a in node.args])


def _open(u: _Unsized, node: Node, shapes: Shapes) -> Shape:
    """Fillings have the shapes of their legs: the arguments tell all but that of the value."""
    function, _, free, legs = node.data
    if function.entrywise:
        return _entrywise(u, node, shapes)
    count = len(function.arguments)
    for group, shape in zip(legs, shapes[count:], strict=True):
        sides = (shape,) if len(group) == 1 else ((shape[0], ONE), (shape[1], ONE))
        for leg, side in zip(group, sides, strict=True):
            if leg != OUT:
                u.equate(side, shapes[leg])
    if len(free) == 2:
        rows, cols = (shapes[leg][0] if leg != OUT else node.rows for leg in free)
        return rows, cols
    return shapes[free[0]] if free and free[0] != OUT else node.shape


_SHAPES: dict[str, Callable[[_Unsized, Node, Shapes], Shape]] = {
    "add": _entrywise,
    "scale": _entrywise,
    "total": lambda u, node, shapes: shapes[0],
    "power": _entrywise,
    "apply": _entrywise,
    "matmul": _product,
    "kron": _kron,
    "transpose": lambda u, node, shapes: (shapes[0][1], shapes[0][0]),
    "matpow": lambda u, node, shapes: shapes[0],
    "adjugate": lambda u, node, shapes: shapes[0],
    "vec": lambda u, node, shapes: (shapes[0][0] * shapes[0][1], ONE),
    "diagonal": _diagonal,
    "diag": lambda u, node, shapes: (shapes[0][0], shapes[0][0]),
    "unvec": _unvec,
    "block": _block,
    "call": _call,
    "open": _open,
}
