"""Quadratic forms of capital letters, W^T Σ W, that are numbers: what stands beside them shows that W is a column.

That is a lower-case letter added to the capital, as in (X - μ)^T Σ^-1 (X - μ), or one that W^T is multiplied by, as in
W^T μ - γ/2 W^T Σ W: numbers stand in front. Beside a capital, as in U^T K U / 2 - F^T U, both readings compete.

A small letter between a transposed column and that column, w^T σ w, is a matrix: a number stands in front, and with a
vector there the whole would be a multiple of the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from matcalc.language import prices
from matcalc.language.kinds.kinds import MATRIX, ROW, is_entrywise, multiplied
from matcalc.language.surface.tree import Surface

if TYPE_CHECKING:
    from matcalc.language.meaning.items import Program

__all__ = ["Quadratics"]

#: Longer products are no quadratic forms.
_MOST_FACTORS = 32


class Quadratics:
    """The quadratic forms that are terms of a program's expression."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.items = program.items

    @cached_property
    def numbers(self) -> frozenset[int]:
        """Those that the letters beside them show to be numbers."""
        of_letters = (i for i, v in self._forms if self._has_letter(v) or self._is_beside(v, self._is_lower))
        return frozenset((*of_letters, *self._of_small_letters))

    @cached_property
    def _of_small_letters(self) -> frozenset[int]:
        """The forms b^T M b of small letters, and of capitals beside b^T M: of b^T X^T X b - 2 b^T X^T Y + Y^T Y all are numbers."""
        return frozenset(i for i, v in self._quadratics if self._is_lower(v))

    def cost(self, index: int, kinds: Sequence[int]) -> int:
        """What a product of these kinds costs more."""
        of_matrix = multiplied(*kinds) == MATRIX and index in self.numbers
        no_matrix = kinds[0] == ROW and kinds[1] != MATRIX and index in self.between
        return prices.MATRIX_AMONG_NUMBERS * of_matrix + prices.NO_MATRIX_BETWEEN * no_matrix

    @cached_property
    def between(self) -> frozenset[int]:
        """The products v^T m in v^T m v of a small letter m, alone or as an inverse."""
        return frozenset(self._between())

    def _between(self) -> Iterator[int]:
        for item in self.items:
            if item.kind != "multiply":
                continue
            left = self._unsigned(item.children[0])
            if self.items[left].kind == "multiply" and self._is_small(self.items[left].children[1]):
                if self.items[left].is_at != item.is_at or self._is_bracketed(left, item.children[1]):
                    continue
                front = self._last_factor(self.items[left].children[0])
                if self._is_transposed(front):
                    turned = self.items[self.items[front].children[0]]
                    middle = self.items[self.items[left].children[1]]
                    if _alike(turned.node, self.items[item.children[1]].node) and not _alike(turned.node, middle.node):
                        yield left

    def _is_bracketed(self, product: int, behind: int) -> bool:
        """(v^T m) v: a bracket is closed behind the product."""
        middle = self.items[product].children[1]
        return ")" in self.program.text[self.items[middle].node.span[1] : self.items[behind].node.span[0]]

    def _last_factor(self, index: int) -> int:
        while self.items[index].kind in ("multiply", "negate"):
            index = self.items[index].children[-1]
        return index

    def _is_small(self, index: int) -> bool:
        item = self.items[index]
        return self._is_small(item.children[0]) if item.kind == "power" else self._is_lower(index)

    @cached_property
    def in_doubt(self) -> tuple[int, ...]:
        """The names of which there is a quadratic and a linear form, all in capitals."""
        bare = (self.items[v].bare for _, v in self._forms if self._is_beside(v, self._is_capital))
        return tuple(dict.fromkeys(name for name in bare if name is not None))

    @property
    def _forms(self) -> list[tuple[int, int]]:
        """The products V^T M V of capitals, each with V."""
        return [(i, v) for i, v in self._quadratics if self._holds_capital(v)]

    @cached_property
    def _quadratics(self) -> list[tuple[int, int]]:
        """The products V^T M V of capitals and small letters, each with V."""
        found = []
        for index in self._products:
            factors = self._after_numbers(self._factors(index))
            if len(factors) < 3 or not self._is_transposed(factors[0]):
                continue
            turned = self.items[factors[0]].children[0]
            if _alike(self.items[turned].node, self.items[factors[-1]].node) and (
                self._holds_capital(turned) or self._is_lower(turned)
            ):
                if all(map(self._is_matrix, factors[1:-1])):
                    found.append((index, turned))
        return found

    @cached_property
    def _products(self) -> list[int]:
        """The products that are terms of the expression, beneath signs, factors, divisors and functions of numbers."""
        found, pending, seen = list[int](), [self.program.root], set[int]()
        while pending:
            index = pending.pop()
            if index in seen:
                continue
            seen.add(index)
            item = self.items[index]
            of_number = item.kind == "call" and is_entrywise(item.node.value, len(item.children))
            if item.kind in ("add", "negate", "exponential") or of_number:
                pending += item.children
            elif item.kind == "divide":
                pending.append(item.children[0])
            elif item.kind == "multiply":
                found.append(index)
                pending += [c for c in self._factors(index) if self.items[c].kind in ("add", "negate", "multiply")]
        return found

    def _factors(self, index: int) -> list[int]:
        found = list[int]()
        while self.items[index].kind == "multiply" and len(found) < _MOST_FACTORS:
            left, right = self.items[index].children
            found.append(right)
            index = self._unsigned(left)
        return [index, *reversed(found)]

    def _unsigned(self, index: int) -> int:
        while self.items[index].kind == "negate":
            (index,) = self.items[index].children
        return index

    def _after_numbers(self, factors: Sequence[int]) -> Sequence[int]:
        """What stands behind the numbers and letters in front."""
        first = next((i for i, f in enumerate(factors) if self._is_transposed(f)), len(factors))
        return factors[first:]

    def _is_transposed(self, index: int) -> bool:
        return self.items[index].kind == "transpose"

    def _is_capital(self, index: int) -> bool:
        item = self.items[index]
        return item.kind == "variable" and isinstance(item.data, int) and self.program.usual(item.data) == MATRIX

    def _is_lower(self, index: int) -> bool:
        item = self.items[index]
        return item.kind == "variable" and isinstance(item.data, int) and not self._is_capital(index)

    def _is_matrix(self, index: int) -> bool:
        """A capital, or its inverse or transpose."""
        item = self.items[index]
        if item.kind in ("power", "transpose"):
            return self._is_matrix(item.children[0])
        return self._is_capital(index)

    def _holds_capital(self, index: int) -> bool:
        item = self.items[index]
        return any(map(self._is_capital, item.children)) if item.kind == "add" else self._is_capital(index)

    def _has_letter(self, index: int) -> bool:
        """X - μ"""
        item = self.items[index]
        return item.kind == "add" and any(map(self._is_lower, item.children))

    def _is_beside(self, v: int, fits: Callable[[int], bool]) -> bool:
        """Whether V^T u, u^T V or u^T M V is another term."""
        return any(fits(u) for u in self._partners(v))

    def _partners(self, v: int) -> Iterator[int]:
        for index in self._products:
            factors = self._after_numbers(self._factors(index))
            if len(factors) > 1 and self._is_transposed(factors[0]) and all(map(self._is_matrix, factors[1:-1])):
                left, right = self.items[factors[0]].children[0], factors[-1]
                same = [_alike(self.items[v].node, self.items[side].node) for side in (left, right)]
                if same[0] != same[1]:
                    yield right if same[0] else left


def _alike(a: Surface, b: Surface) -> bool:
    """Whether two trees say the same."""
    if a.kind != b.kind or a.value != b.value or len(a.children) != len(b.children):
        return False
    return all(map(_alike, a.children, b.children))
