"""What a name in front of a number costs, read as a number or as an array.

Along a chain of factors the state of an entry holds, beside the kind of the product so far, what stands behind the front
and how many letters of the front were read as numbers: whether these are coefficients is settled at the end of the chain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from matcalc.language import prices
from matcalc.language.evidence.chains import BY_FORM, BY_FUNCTION, BY_POWER, Chain, Factor, Forms, Link, chains_of
from matcalc.language.evidence.plain_numbers import inner_products, lengths_squared, plain_numbers, polynomial_letters
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR, Letter, is_entrywise, multiplied
from matcalc.language.meaning.items import Item, Program

__all__ = ["Coefficients"]


#: What stands behind the front: nothing, an array of a kind, or from here on a scalar of a level.
_NOTHING, _SCALAR = 0, 4


class Price(NamedTuple):
    """How sure a number has to stand behind a name, and what an array costs there."""

    level: int
    array: int


#: Of what is no coefficient.
_NEVER = Price(BY_FORM + 1, 0)

Rule = Callable[[tuple[int, ...]], tuple[int, int] | None]


class Coefficients:
    """The chains of a program, and what their fronts cost."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.items = program.items
        self._prices: dict[int, Price] = {}
        self._sums: dict[int, tuple[int, int]] = {}

    @cached_property
    def forms(self) -> Forms:
        """What the form of each item tells."""
        return Forms(self.program)

    @cached_property
    def links(self) -> dict[int, Link]:
        """The links of the chains, by the index of their item; in code those of arrays are left out."""
        links = chains_of(self.program, self.forms)
        if not self.program.code:
            return links
        of_arrays = {id(link.chain) for index, link in links.items() if self.items[index].is_at}
        return {index: link for index, link in links.items() if id(link.chain) not in of_arrays}

    @cached_property
    def chains(self) -> list[Chain]:
        """The chains themselves."""
        return [link.chain for index, link in self.links.items() if link.chain.top == index]

    @cached_property
    def transposed(self) -> set[int]:
        """Names that are transposed somewhere."""
        return {bare for item in self.items if item.kind == "transpose" if (bare := item.bare) is not None}

    @cached_property
    def counts(self) -> set[int]:
        """Letters of numbers that somewhere stand directly before a number by its form: m in 1/2 m ||v||^2 + m g h."""
        return set(self._counts())

    @cached_property
    def plain(self) -> frozenset[int]:
        """Plain letters of numbers in a text whose vectors are bold."""
        return plain_numbers(self.program, self.forms)

    @cached_property
    def polynomial(self) -> frozenset[int]:
        """Small letters of a formula of numbers alone."""
        return polynomial_letters(self.program)

    @cached_property
    def dotted(self) -> frozenset[int]:
        """Bold letters on both sides of dots: vectors, capitals too."""
        return frozenset(name for _, names in inner_products(self.program) for name in names)

    @cached_property
    def lengths(self) -> frozenset[int]:
        """Letters between bars of which a dot joins two, a · b / (|a| |b|), and bold ones that are measured only."""
        barred = {self.items[i.children[0]].bare for i in self.items if i.kind == "bars"}
        pairs = [{self.items[c].bare for c in i.children} for i in self.items if i.is_dot and barred]
        joined = {n for pair in pairs if len(pair) == 2 and pair <= barred for n in pair if n is not None}
        return lengths_squared(self.program) | joined if barred else frozenset()

    # One link of a chain.

    def rule(self, index: int, link: Link, plain: Rule) -> Rule:
        """From the state of the left operand and the kind of the right one to the state of the product."""
        chain, first, top = link.chain, link.position == 1, link.chain.top == index

        def outcome(k: tuple[int, ...]) -> tuple[int, int] | None:
            left, behind, owed = k[0] & 3, k[0] >> 2 & 7, k[0] >> 5
            found = plain((left, k[1]))
            if found is None:
                return None
            kind, cost = found
            if first:
                owed += self._owed(chain.factors[0], left)
            if link.position < chain.front:
                owed += self._owed(link.factor, k[1])
            elif not link.factor.divides:
                behind = _extended(behind, k[1], link.factor.level, link.factor.dotted)
            if top:
                return kind, cost + self._settled(chain, kind, behind, owed)
            return kind | behind << 2 | owed << 5, cost

        return outcome

    def _counts(self) -> Iterator[int]:
        for chain in self.chains:
            if chain.factors[chain.front].index in self.forms.numbers:
                names = self._last_names(chain)
                yield from (n for n in names if self.program.letters[n].may_count and n not in self.transposed)

    def front_of(self, index: int) -> tuple[int, ...]:
        """The operands of a product that belong to the front of its chain."""
        link = self.links.get(index)
        if link is None:
            return ()
        left, right = self.items[index].children
        front = link.chain.front
        return (left, right) if link.position < front else (left,) if link.position == front else ()

    def unsettled(self, chain: Chain, of: Sequence[int]) -> Iterator[tuple[int, bool]]:
        """The letters of arrays in the front of a chain that are read as numbers although they are no coefficients.

        Each with whether nothing but numbers stands before it.
        """
        behind = _NOTHING
        for factor in chain.factors[chain.front :]:
            if not factor.divides:
                behind = _extended(behind, of[factor.index], factor.level, factor.dotted)
        if self._before_number(chain, behind) or self._before_identity(chain):
            return
        first = True
        for factor in chain.factors[: chain.front]:
            if self._owed(factor, of[factor.index]):
                yield from ((name, first) for name in factor.names or ())
            first = first and of[factor.index] == SCALAR

    def _owes(self, factor: Factor, kind: int) -> int:
        """1 for letters of arrays that are read as numbers."""
        names = factor.names or ()
        return int(bool(names) and kind == SCALAR and all(self.program.usual(n) != SCALAR for n in names))

    def _owed(self, factor: Factor, kind: int) -> int:
        is_known = any(n in self.counts or n in self.plain for n in factor.names or ())
        return 0 if is_known else self._owes(factor, kind)

    def _settled(self, chain: Chain, kind: int, behind: int, owed: int) -> int:
        """What the front costs, known at the end of the chain."""
        if self._before_number(chain, behind):
            return self.price(chain).array if kind != SCALAR else 0
        if self._before_identity(chain):
            return 0 if owed else prices.ARRAY_BEFORE_IDENTITY
        if self._counts_squares(chain):  # a number times itself is written as a square
            return 0 if owed and kind == MATRIX else prices.NOT_A_COEFFICIENT
        if kind != SCALAR and self._counts_entries(chain):
            return owed * prices.AGAINST_LETTER + prices.COUNT_BEFORE_ENTRIES
        if self.program.code and any(_is_identity(self.items[f.index]) for f in chain.factors[chain.front :]):
            return 0
        return owed * prices.AGAINST_LETTER

    def _counts_entries(self, chain: Chain) -> bool:
        """Whether a count N_k stands before a function of the entries of other members: N_k log(pi_k)."""
        letters = [self.program.letters[n] for n in self._last_names(chain)]
        behind = chain.factors[chain.front :]
        return all(map(_is_count_of_member, letters)) and all(factor.level == BY_FUNCTION for factor in behind)

    def _counts_squares(self, chain: Chain) -> bool:
        """Whether it stands before the product of a column and its transpose: N_k (mu_k - mu) (mu_k - mu)^T."""
        *before, column, row = chain.factors
        turned = self.items[row.index]
        if len(chain.factors) - chain.front != 1 or turned.kind != "transpose" or not before:
            return False
        letters = [self.program.letters[n] for n in before[-1].names or ()]
        same = self._spelled(turned.children[0]) == self._spelled(column.index)
        return same and bool(letters) and all(map(_is_count_of_member, letters))

    def _spelled(self, index: int) -> str:
        """The text of an item without brackets, spaces and sizes of brackets."""
        return re.sub(r"\\(?:left|right|bigg?|Bigg?)[lr]?|[\s()\[\]{}]", "", self.program.source(index))

    def _before_number(self, chain: Chain, behind: int) -> bool:
        """Whether the front stands before a number, as its letters may."""
        return behind >= _SCALAR + self.price(chain).level

    def _before_identity(self, chain: Chain) -> bool:
        """Whether the front is one capital before an identity, N I: a matrix would stand there without it."""
        if not _is_identity(self.items[chain.factors[chain.front].index]):
            return False
        fronts = [f for f in chain.factors[: chain.front] if self._owes(f, SCALAR)]
        return len(fronts) == 1 and all(self.program.usual(n) == MATRIX for n in fronts[0].names or ())

    # The letters.

    def price(self, chain: Chain) -> Price:
        """The price of the last names of the front: no coefficient is what is transposed elsewhere."""
        if chain.top not in self._prices:
            names = self._last_names(chain)
            prices = [_NEVER if n in self.transposed else self._price(n, chain) for n in names]
            self._prices[chain.top] = max(prices, default=_NEVER)
        return self._prices[chain.top]

    def _last_names(self, chain: Chain) -> tuple[int, ...]:
        """The last letters of arrays in the front, or those of scalars if it has no others."""
        front = [f for f in reversed(chain.factors[: chain.front]) if f.names]
        return next((f for f in front if self._owes(f, SCALAR)), front[0]).names or ()

    def _price(self, name: int, chain: Chain) -> Price:
        letter = self.program.letters[name]
        if letter.face in ("bold", "arrow"):
            return _NEVER
        if letter.usual == MATRIX and letter.indices:  # weights F_i in sum_i F_i (x_i - y_i)^2
            return Price(BY_POWER, prices.NOT_A_COEFFICIENT)
        if letter.usual == MATRIX:
            return (
                Price(BY_FUNCTION, prices.NOT_A_COEFFICIENT)
                if letter.may_count
                else Price(BY_FORM, prices.CAPITAL_BEFORE_NUMBER)
            )
        if letter.usual == SCALAR:
            return Price(BY_FORM, prices.LETTER_OF_NUMBER)
        if letter.name[0] < "u" or letter.is_word:
            return Price(BY_POWER, prices.NOT_A_COEFFICIENT)
        return Price(BY_FUNCTION, prices.VECTOR_BEFORE_NUMBER) if self.is_among_numbers(chain.top) else _NEVER

    def is_among_numbers(self, index: int) -> bool:
        """Whether a product stands in a sum of numbers by their form, or in a function of the entries."""
        while (parent := self.parents.get(index)) is not None:
            item = self.items[parent]
            if item.kind == "add":
                others, letters = self._terms(parent)
                others -= not self.items[index].constant
                letters -= not self.forms.level[index]
                if others:
                    return not letters
            elif item.kind == "call":
                return is_entrywise(item.node.value, len(item.children))
            elif item.kind not in ("negate", "multiply", "divide"):
                return item.kind in ("power", "exponential")
            index = parent
        return False

    def _terms(self, index: int) -> tuple[int, int]:
        """How many terms of a sum are no constants, and how many of these are no numbers by their form."""
        if index not in self._sums:
            terms = [c for c in self.items[index].children if not self.items[c].constant]
            self._sums[index] = len(terms), sum(not self.forms.level[c] for c in terms)
        return self._sums[index]

    @property
    def parents(self) -> dict[int, int]:
        """The item in which each item stands."""
        return self.program.parents


def _is_count_of_member(letter: Letter) -> bool:
    """A capital of counts with an index: N_k."""
    return bool(letter.indices) and letter.usual == MATRIX and letter.may_count


def _is_identity(item: Item) -> bool:
    return item.kind == "identity" or (item.kind == "call" and item.node.value == "eye")


def _extended(behind: int, kind: int, level: int, dotted: bool) -> int:
    """What stands behind the front with one more factor; a number by its form is also a product of arrays."""
    if behind == _NOTHING:
        return kind or _SCALAR + level
    if behind >= _SCALAR:
        return kind or max(behind, _SCALAR + level)
    if dotted and behind == kind == COLUMN:
        return _SCALAR + BY_FORM
    product = multiplied(behind, kind)
    return behind if product is None else product or _SCALAR + BY_FORM
