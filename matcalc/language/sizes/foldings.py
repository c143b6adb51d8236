"""Stacked columns and Kronecker products: (B^T ⊗ A) vec(X) is vec(A X B), which tells the sizes of X where nothing else does.

The unknown sizes of such a product have one equation, of products; those of the matrices are only suggested, and so is that
(A ⊗ B) (C ⊗ D) is A C ⊗ B D.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from matcalc.expr import Dim
from matcalc.language.kinds.kinds import SCALAR

if TYPE_CHECKING:
    from matcalc.language.sizes.shapes import Shapes

__all__ = ["Foldings"]

Shape = tuple[Dim, Dim]


class Foldings:
    """Which columns are those of a matrix, and which matrices are Kronecker products.

    Attributes:
        matrix: for the columns, and the rows that are their transposes, the shape of the matrix.
        sides: for P ⊗ Q the rows of Q and P, and their columns: it takes matrices of the latter to those of the former.
    """

    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes
        self.matrix: dict[int, Shape] = {}
        self.sides: dict[int, tuple[Shape, Shape]] = {}

    def note(self, index: int) -> None:
        """What the item is made of, and what that suggests; its shape is known."""
        item = self.shapes.program.items[index]
        rule = _RULES.get(item.kind)
        if rule is not None and (item.kind == "kron" or self.sides or self.matrix or item.kind == "call"):
            rule(self, index, item.children)

    def _kron(self, index: int, children: tuple[int, ...]) -> None:
        (left, right) = (self.shapes.of[c] for c in children)
        self.sides[index] = (right[0], left[0]), (right[1], left[1])

    def _call(self, index: int, children: tuple[int, ...]) -> None:
        function = self.shapes.program.items[index].node.value
        if function == "vec":
            self.matrix[index] = self.shapes.of[children[0]]
        elif function == "kron" and len(children) == 2:
            self._kron(index, children)

    def _transpose(self, index: int, children: tuple[int, ...]) -> None:
        (child,) = children
        self._same(index, children)
        if child in self.sides:
            self.sides[index] = self.sides[child][::-1]

    def _same(self, index: int, children: tuple[int, ...]) -> None:
        if children[0] in self.matrix:
            self.matrix[index] = self.matrix[children[0]]

    def _add(self, index: int, children: tuple[int, ...]) -> None:
        if all(c in self.sides for c in children):
            for c in children[1:]:
                for one, other in zip(self.sides[children[0]], self.sides[c], strict=True):
                    self._suggest(one, other, index)
            self.sides[index] = self.sides[children[0]]
        known = [self.matrix[c] for c in children if c in self.matrix]
        for one, other in pairwise(known):
            self._suggest(one, other, index)
        if known:
            self.matrix[index] = known[0]

    def _multiply(self, index: int, children: tuple[int, ...]) -> None:
        left, right = children
        if SCALAR in (self.shapes.kinds[left], self.shapes.kinds[right]):
            self._same(index, children if self.shapes.kinds[right] == SCALAR else (right,))
        elif left in self.sides and right in self.sides:
            self._suggest(self.sides[left][1], self.sides[right][0], index)
            self.sides[index] = self.sides[left][0], self.sides[right][1]
        elif left in self.sides:
            self._applied(index, right, *self.sides[left])
        elif right in self.sides:
            self._applied(index, left, *self.sides[right][::-1])
        elif left in self.matrix and right in self.matrix:
            self._suggest(self.matrix[left], self.matrix[right], index)

    def _applied(self, index: int, operand: int, gives: Shape, takes: Shape) -> None:
        """What a Kronecker product gives of what it takes."""
        if operand in self.matrix:
            self._suggest(takes, self.matrix[operand], index)
        self.matrix[index] = gives

    def _suggest(self, one: Shape, other: Shape, index: int) -> None:
        self.shapes.sizes.suggest(zip(one, other, strict=True), index)


_RULES: dict[str, Callable[[Foldings, int, tuple[int, ...]], None]] = {
    "kron": Foldings._kron,
    "call": Foldings._call,
    "transpose": Foldings._transpose,
    "negate": Foldings._same,
    "divide": Foldings._same,
    "add": Foldings._add,
    "multiply": Foldings._multiply,
}
