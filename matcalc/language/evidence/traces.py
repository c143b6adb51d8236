"""What stands in a trace: a number would stand before it, and of Greek letters alone one is no likelier a matrix than another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from matcalc.functions import row_of
from matcalc.language import prices
from matcalc.language.evidence.coefficients import Coefficients
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR, is_entrywise
from matcalc.language.meaning.items import Item
from matcalc.language.words.names import is_greek

__all__ = ["Traces"]

#: Longer products are not looked through.
_MOST_FACTORS = 8


class Traces:
    """The products under the traces of a program."""

    def __init__(self, coefficients: Coefficients) -> None:
        self.coefficients = coefficients
        self.program = coefficients.program
        self.items = self.program.items

    def cost(self, index: int, kinds: Sequence[int]) -> int:
        """What a product costs in which numbers are factors."""
        if SCALAR not in kinds or COLUMN in kinds:
            return 0
        if index in self._of_greek:
            return prices.NUMBER_AMONG_GREEK
        factors = [c for c, kind in zip(self.items[index].children, kinds, strict=True) if kind == SCALAR]
        return prices.NUMBER_IN_TRACE * any(self._is_first_or_last(index, c) for c in factors)

    def of_broadcast(self, index: int) -> int:
        """What a number costs as a term of a sum of Greek letters that is a factor there: rho (log(rho) - log(sigma))."""
        return prices.NUMBER_AMONG_GREEK * (index in self._of_greek)

    def _is_first_or_last(self, index: int, factor: int) -> bool:
        """Whether a factor is the first or last one in a trace, before which a number would stand.

        That is a Greek letter, or the inverse of a sum with a matrix's letter: tr((Psi + w^T w)^-1 V).
        """
        if not (self._is_greek(self.items[factor]) or self._is_inverse_sum(factor)):
            return False
        leads, parents = factor == self.items[index].children[0], self.coefficients.parents
        above = parents.get(index)
        while (
            leads
            and above is not None
            and self.items[above].kind == "multiply"
            and self.items[above].children[0] == index
        ):
            index, above = above, parents.get(above)
        item = self.items[index if above is None else above]
        return item.kind == "call" and item.node.value == "tr"

    def _is_inverse_sum(self, index: int) -> bool:
        """Whether it is the power of a sum in which a letter of a matrix stands alone."""
        base = self.items[self.items[index].children[0]] if self.items[index].kind == "power" else None
        if base is None or base.kind != "add":
            return False
        names = [self.items[c].bare for c in base.children]
        return any(self.program.usual(n) == MATRIX for n in names if n is not None)

    @cached_property
    def _of_greek(self) -> frozenset[int]:
        """The products under a trace whose factors are Greek letters and functions of them, and their parts."""
        found = set[int]()
        pending = [i for i, item in enumerate(self.items) if item.kind == "call" and item.node.value == "tr"]
        while pending:
            for child in self.items[pending.pop()].children:
                links = self._chain(child)
                found.update(links)
                pending += [child] if not links and self._passes(self.items[child]) else []
        return frozenset(found)

    def _passes(self, item: Item) -> bool:
        """Whether the trace is one of what stands below: of a sum, of a root."""
        return item.kind in ("add", "negate", "power") or self._is_function(item)

    def _chain(self, index: int) -> list[int]:
        """The products that a product of Greek letters consists of, and the sums in it; none if it has other factors."""
        links, factors = list[int](), list[int]()
        while self.items[index].kind == "multiply" and len(links) < _MOST_FACTORS:
            links.append(index)
            index, right = self.items[index].children
            factors.append(right)
        factors.append(index)
        if not links or not all(self._is_of_letter(self.items[f]) for f in factors):
            return []
        return links + [f for f in factors if self.items[f].kind == "add"]

    def _is_of_letter(self, item: Item) -> bool:
        if item.kind in ("power", "negate") or self._is_function(item):
            return self._is_of_letter(self.items[item.children[0]])
        if item.kind == "add":
            return all(self._is_of_letter(self.items[c]) for c in item.children)
        return self._is_greek(item)

    def _is_function(self, item: Item) -> bool:
        """Whether it is a function of the entries, or of a matrix."""
        if item.kind != "call" or len(item.children) != 1:
            return False
        name = item.node.value
        return bool(row_of(name).primary) or name == "inv" or is_entrywise(name, 1)

    def _is_greek(self, item: Item) -> bool:
        """A small letter that nothing declares and that is not set as a vector."""
        if item.kind != "variable" or not isinstance(item.data, int):
            return False
        letter = self.program.letters[item.data]
        return is_greek(letter.name) and letter.usual == SCALAR
