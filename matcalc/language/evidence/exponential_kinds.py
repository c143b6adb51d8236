"""What e raised to a number, to a column and to a matrix costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.language import prices
from matcalc.language.evidence.coefficients import Coefficients
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR, is_entrywise, kind_of
from matcalc.language.meaning.items import Item

__all__ = ["Exponentials"]


#: What takes no numbers.
_OF_COLUMNS = frozenset(("inner", "transpose", "hadamard", "hadamard_divide"))

Rule = Callable[[Sequence[int]], tuple[int, int]]


class Exponentials:
    """The rules of a program's exponentials."""

    def __init__(self, coefficients: Coefficients) -> None:
        self.coefficients = coefficients
        self.program = coefficients.program
        self.items = self.program.items

    def rule(self, index: int) -> Rule:
        """e^A is that of a matrix, if a letter of one stands in it; e^x of a column is that of the entries.

        A letter alone may be a column only where it is set as one, or where entries are summed; the product X beta of a matrix is rather a column
        unless t of A t may be a number.
        """
        below = [self.items[i] for i in self._below(index)]
        is_matrix = any(map(self._is_matrix, below))
        column, number = prices.EXPONENTIAL_OF_COLUMN, 0
        shown = any(map(self._is_shown_column, below)) or (not is_matrix and self._is_summed(index))
        if self._is_in_inner_product(index):
            column, number = prices.EXPONENTIAL_OF_SHOWN_COLUMN, prices.NUMBER_FOR_COLUMN
        elif shown:
            column = prices.EXPONENTIAL_OF_SHOWN_COLUMN
        elif is_matrix and not any(map(self._may_count, below)):
            column = prices.EXPONENTIAL_OF_PRODUCT
        of_letters = (
            prices.EXPONENTIAL_OF_CAPITAL
            if self._is_before_array(index) and self._holds_capital(below)
            else prices.EXPONENTIAL_OF_LETTERS
        )
        costs = {SCALAR: number, MATRIX: prices.EXPONENTIAL_OF_MATRIX if is_matrix else of_letters}
        return lambda k: (k[0], costs.get(k[0], column))

    def _is_before_array(self, index: int) -> bool:
        """Whether a name of an array stands behind it, or diag(x)."""
        parent = self.coefficients.parents.get(index)
        if parent is not None and self.items[parent].children[-1] == index:
            index, parent = parent, self.coefficients.parents.get(parent)
        item = self.items[parent] if parent is not None else None
        if item is None or item.kind != "multiply" or item.children[0] != index:
            return False
        behind = self.items[item.children[1]]
        if behind.kind == "call":
            return item.children[1] not in self.coefficients.forms.numbers and not is_entrywise(
                behind.node.value, len(behind.children)
            )
        return behind.bare is not None and self.program.usual(behind.bare) != SCALAR

    def _holds_capital(self, below: Sequence[Item]) -> bool:
        """Whether a letter of matrices stands there that is no time and no number of samples: not e^{-r T}."""
        letters = [self.program.letters[i.data] for i in below if i.kind == "variable" and isinstance(i.data, int)]
        return any(letter.usual == MATRIX and letter.name[0] not in "NT" for letter in letters)

    def _is_in_inner_product(self, index: int) -> bool:
        """Whether an inner product takes it, alone or as the last factor: <e^f, K e^g> is one of columns.

        So is what is transposed, (e^f)^T K e^g, and what is multiplied entry by entry, e^f .* K e^g.
        """
        parents = self.coefficients.parents
        while (parent := parents.get(index)) is not None:
            item = self.items[parent]
            if item.kind in _OF_COLUMNS:
                return True
            if item.kind != "multiply" or item.children[-1] != index:
                return False
            if self._holds_turned_exponential(item):
                return True
            index = parent
        return False

    def _holds_turned_exponential(self, product: Item) -> bool:
        """(e^f)^T K …, perhaps with numbers in front."""
        while product.kind == "multiply":
            left, right = (self.items[c] for c in product.children)
            for factor in (left, right):
                if factor.kind == "transpose" and self.items[factor.children[0]].kind == "exponential":
                    return True
            product = left
        return False

    def _is_summed(self, index: int) -> bool:
        """Whether its entries are summed, as sum, a norm or a row before it do, perhaps after a function of the entries."""
        parents = self.coefficients.parents
        while (parent := parents.get(index)) is not None:
            item = self.items[parent]
            if item.kind == "norm" or (item.kind == "call" and not is_entrywise(item.node.value, len(item.children))):
                return True
            others = [self.items[c] for c in item.children if c != index]
            if item.kind == "multiply" and item.children[1] == index and others[0].kind == "transpose":
                above = parents.get(parent)
                return above is None or self.items[above].kind != "multiply" or self.items[above].children[0] != parent
            if item.kind not in ("add", "negate", "multiply", "call") or not all(o.constant for o in others):
                return False
            index = parent
        return False

    def _below(self, index: int) -> set[int]:
        """All that an item is made of."""
        found, pending = set[int](), [index]
        while pending:
            new = [c for c in self.items[pending.pop()].children if c not in found]
            found.update(new)
            pending.extend(new)
        return found

    def _is_matrix(self, item: Item) -> bool:
        """Whether an item is a name of a matrix, by its letter or its declaration."""
        if item.kind != "variable":
            return item.kind == "bound"
        declared = not isinstance(item.data, int)
        return kind_of(*item.data.shape) == MATRIX if declared else self.program.letters[item.data].is_matrix

    def _is_shown_column(self, item: Item) -> bool:
        """Whether an item is a name that is set as a vector, or declared as one."""
        if item.kind != "variable":
            return False
        if not isinstance(item.data, int):
            return kind_of(*item.data.shape) == COLUMN
        letter = self.program.letters[item.data]
        return letter.face in ("bold", "arrow") and letter.usual == COLUMN

    def _may_count(self, item: Item) -> bool:
        """Whether an item is an undeclared name that may be a number, as t and n."""
        of_letter = item.kind == "variable" and isinstance(item.data, int)
        return of_letter and self.program.letters[item.data].may_count
