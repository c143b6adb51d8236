"""What it costs in code of another language to spread a number over the entries of an array: little, but where it is a loss.

Code spreads numbers everywhere, so that this tells nothing of names; but to a loss, a number by its form that is no
location of an array, other numbers are added, and it is divided by numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.language import prices
from matcalc.language.evidence.chains import BY_FUNCTION
from matcalc.language.evidence.coefficients import Coefficients
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR, is_entrywise
from matcalc.language.meaning.items import Item

__all__ = ["CodePrices"]

#: Larger expressions are not looked through for names.
_MOST_ITEMS = 200
#: What arrays are compared with: x - mean(x), z - max(z), z - log(sum(exp(z))).
_LOCATIONS = frozenset(("mean", "max", "min", "logsumexp", "median", "sum"))


class CodePrices:
    """The prices of a program that is code."""

    def __init__(self, coefficients: Coefficients) -> None:
        self.coefficients = coefficients
        self.program = coefficients.program
        self.items = self.program.items
        roots = (self.program.root, *self.program.definitions.values())
        #: The sums that the whole of it or of a definition is, and those one of whose terms is a loss.
        self.sums = {found for root in roots if (found := self._sum_of(root)) is not None}
        self.losses = {index for index in self.sums if any(map(self._is_loss, self.items[index].children))}

    def _sum_of(self, index: int) -> int | None:
        """The sum that an item is, but for a sign and factors."""
        while (item := self.items[index]).kind != "add":
            other = [c for c in item.children if not self.items[c].constant]
            if item.kind not in ("negate", "multiply", "divide") or not other:
                return None
            index = other[-1] if item.kind == "multiply" else other[0]
        return index

    def of_entries(self, index: int) -> int:
        """A factor or an argument of a function of the entries; sum(a * x) is rather one of arrays, and a loss has numbers beside it."""
        if self._is_term(index) and any(self._is_loss(c) or self._is_product(c) for c in self.items[index].children):
            return prices.CODE_LOSS_TIMES_ARRAY
        if self._is_prediction(index):
            return prices.CODE_PRODUCT
        if self._is_masked(index):
            return prices.CODE_MASKED
        parent = self.coefficients.parents.get(index, index)
        of_sum = parent != index and self.items[parent].kind == "call" and parent in self.coefficients.forms.numbers
        return prices.CODE_SPREAD_IN_SUM if of_sum and len(self.items[parent].children) == 1 else prices.CODE_SPREAD

    def _is_prediction(self, index: int) -> bool:
        """y * (x @ w + b): a target beside a product of two letters of vectors, of which x is rather the data."""
        children = self.items[index].children
        targets = [c for c in children if self._is_vector(c)]
        products = [c for c in children if any(map(self._is_pair, self._below_terms(c)))]
        return len(children) == 2 and len(targets) == len(products) == 1

    def _is_masked(self, index: int) -> bool:
        """(A @ A.T) * T: a capital that stands there alone, beside a product of capitals, has its shape."""
        children = self.items[index].children
        capitals = [n for c in children if (n := self.items[c].bare) is not None and self._is_alone(n)]
        return (
            self.items[index].kind == "hadamard" and bool(capitals) and any(map(self._is_product_of_capitals, children))
        )

    def _is_alone(self, name: int) -> bool:
        """Whether it is a capital that stands once."""
        places = (item for item in self.items if item.kind == "variable" and item.data == name)
        return self.program.letters[name].name[0].isupper() and sum(1 for _ in places) == 1

    def _is_product_of_capitals(self, index: int) -> bool:
        """A @ B.T, perhaps in a sum."""
        products = (self.items[term] for term in self._below_terms(index))
        return any(item.is_at and all(map(self._is_of_capitals, item.children)) for item in products)

    def _is_of_capitals(self, index: int) -> bool:
        """Whether it is a capital, or a product of them."""
        while (item := self.items[index]).is_at and self._is_capital(item.children[1]):
            index = item.children[0]
        return self._is_capital(index)

    def _is_capital(self, index: int) -> bool:
        name = self.items[index].bare
        return name is not None and self.program.usual(name) == MATRIX

    def _below_terms(self, index: int) -> list[int]:
        """The terms of a sum, beneath signs; else the item itself."""
        item = self.items[index]
        if item.kind in ("negate", "add"):
            return [t for c in item.children for t in self._below_terms(c)]
        return [index]

    def _is_pair(self, index: int) -> bool:
        return self.items[index].is_at and all(map(self._is_vector, self.items[index].children))

    def _is_vector(self, index: int) -> bool:
        """Whether it is but a letter of vectors; beside @ those of coefficients are, too."""
        name = self.items[index].bare
        return name is not None and self.program.letters[name].costs[COLUMN] <= prices.CODE_COEFFICIENT

    def _is_term(self, index: int) -> bool:
        """Whether a product is a term of such a sum."""
        parents, product = self.coefficients.parents, self.items[index].kind == "hadamard"
        while product and (parent := parents.get(index)) is not None:
            if parent in self.sums:
                return True
            product, index = self.items[parent].kind in ("negate", "hadamard", "multiply", "divide"), parent
        return False

    def of_term(self, index: int, child: int) -> int:
        """A term that is a number by its form or its name stands beside arrays; other names take their shape."""
        item, name = self.items[child], self.items[child].bare
        if item.is_at:
            return prices.CODE_PRODUCT
        if item.kind != "variable":
            if index in self.losses and self._is_number(child) and not self._is_located(index, child):
                return prices.CODE_LOSS_AMONG_ARRAYS
            if self._is_form(child):
                return prices.CODE_FORM_AMONG_ARRAYS
            return prices.CODE_TERM if self.coefficients.forms.level[child] < BY_FUNCTION else prices.CODE_SPREAD
        letter = None if name is None else self.program.letters[name]
        if letter is not None and letter.face == "code count" and len(letter.name) == 1:
            return prices.CODE_COUNT
        return (
            prices.CODE_SPREAD
            if letter is None or letter.costs[COLUMN] >= prices.CODE_NUMBER_BY_NAME
            else prices.CODE_NAME
        )

    def over(self, index: int, kinds: Sequence[int]) -> int:
        """A loss divided by the entries of an array."""
        return (
            prices.CODE_LOSS_OVER_ARRAY
            if kinds[0] == SCALAR != kinds[1] and self._is_number(self.items[index].children[0])
            else 0
        )

    def divided(self, index: int, kinds: Sequence[int]) -> int:
        """A name over another one is rather a number than a matrix: (snr / Nt) * H."""
        above, below = (self.items[c].bare for c in self.items[index].children)
        if above is None or below is None or kinds[0] != MATRIX:
            return 0
        return prices.CODE_NAME_OVER_NAME if self.program.usual(above) != MATRIX else 0

    def product(self, index: int, kinds: Sequence[int]) -> int:
        """A * (x' * x): a product behind a matrix is rather one of matrices. x @ A.T: a capital that is turned is a matrix.

        sum((x - c)^2) * s: what a whole sum is multiplied by is a number.
        """
        left, right = self.items[index].children
        item = self.items[right]
        if kinds[0] == SCALAR != kinds[1] and item.bare is not None:
            return prices.CODE_TIMES_SUM if self._is_sum(left) else 0
        if tuple(kinds) == (MATRIX, SCALAR):
            return (
                prices.CODE_PRODUCT if item.kind == "multiply" and self.coefficients.forms.names[right] is None else 0
            )
        if tuple(kinds) != (COLUMN, ROW) or item.kind != "transpose":
            return 0
        name = self.items[item.children[0]].bare
        return prices.CODE_OUTER if name is not None and self.program.usual(name) == MATRIX else 0

    def _is_sum(self, index: int) -> bool:
        """A sum or a mean of entries, perhaps with a sign."""
        item = self.items[index]
        item = self.items[item.children[0]] if item.kind == "negate" else item
        return item.kind == "call" and item.node.value in ("sum", "mean") and len(item.children) == 1

    def along(self, item: Item, kinds: Sequence[int]) -> int:
        """A sum along an axis of what has no two; the sum of y' * log(p) is often written, although that is a number."""
        if item.kind == "call" and item.node.value == "sum" and kinds == (SCALAR,):
            return (
                prices.CODE_INNER_IN_SUM if all(map(self._begins_with_row, self._below_terms(item.children[0]))) else 0
            )
        of_axis = item.kind == "call" and item.node.value in ("sum", "mean") and len(kinds) == 2
        return prices.CODE_ALONG_NO_MATRIX if of_axis and kinds[0] != MATRIX else 0

    def _is_number(self, index: int) -> bool:
        return self._head(index) is not None

    def _is_loss(self, index: int) -> bool:
        """Whether a term is a number that arrays are not compared with."""
        head = self._head(index)
        return head is not None and (head.kind != "call" or head.node.value not in _LOCATIONS - {"sum"})

    def _is_located(self, index: int, child: int) -> bool:
        """Whether a term is of the arrays that other terms are: sum(x) / n in x - sum(x) / n."""
        head = self._head(child)
        if head is None or head.kind != "call" or head.node.value not in _LOCATIONS:
            return False
        beside = [c for c in self.items[index].children if c != child]
        others = {name for c in beside for name in self._arrays_in(c)}
        return self._arrays_in(child) <= others

    def _arrays_in(self, index: int) -> set[int]:
        """The undeclared names of arrays in an item."""
        found, pending, seen = set[int](), [index], set[int]()
        while pending and len(seen) < _MOST_ITEMS:
            item = self.items[pending.pop()]
            if item.kind == "variable" and isinstance(item.data, int) and self.program.usual(item.data) != SCALAR:
                found.add(item.data)
            new = [c for c in item.children if c not in seen]
            seen.update(new)
            pending.extend(new)
        return found

    def _is_product(self, index: int) -> bool:
        """r' * r of a letter of vectors or a difference, an inner product."""
        item = self.items[index]
        return item.kind == "multiply" and self._is_row(item.children[0])

    def _begins_with_row(self, index: int) -> bool:
        """y' * log(p), y' * X * b"""
        item = self.items[index]
        while item.kind == "multiply":
            if self._is_row(item.children[0]):
                return True
            item = self.items[item.children[0]]
        return False

    def _is_row(self, index: int) -> bool:
        """y', (1 - y)', perhaps with a sign."""
        item = self.items[index]
        item = self.items[item.children[0]] if item.kind == "negate" else item
        turned = self.items[item.children[0]] if item.kind == "transpose" else item
        of_vector = turned.bare is not None and self.program.usual(turned.bare) == COLUMN
        return turned is not item and (turned.kind == "add" or of_vector)

    def _is_form(self, index: int) -> bool:
        """x' * P * x: beside it stand numbers."""
        item = self.items[index]
        if item.kind in ("negate", "divide"):
            return self._is_form(item.children[0])
        while item.kind == "multiply":
            left, right = (self.items[c] for c in item.children)
            signed = self.items[left.children[0]] if left.kind == "negate" else left
            if "transpose" in (signed.kind, right.kind):
                return True
            item = left
        return False

    def _head(self, index: int) -> Item | None:
        """The factor of a term that nothing but a number can be: det(S) in -n / 2 * log(det(S))."""
        pending = [index]
        while pending:
            index = pending.pop()
            item = self.items[index]
            if (
                index in self.coefficients.forms.numbers
                and not item.constant
                and item.kind in ("call", "norm", "inner")
            ):
                return item
            if item.kind in ("negate", "multiply", "divide", "hadamard", "hadamard_divide"):
                pending.extend(item.children[:1] if item.kind.endswith("divide") else item.children)
            elif item.kind == "call" and is_entrywise(item.node.value, len(item.children)):
                pending.extend(item.children[:1])
            elif item.kind in ("power", "hadamard_power"):
                pending.append(item.children[0])
        return None
