"""Which names are scalars, vectors and matrices: the least costly reading of the whole expression, and the ones next to it.

The kind of a value says which of its two sizes are 1. Given the kinds of the names, those of all operators follow.
So each item gets a table: for every kind it may have, and every choice for those names that occur elsewhere too,
the least cost, and for the names that occur nowhere else a few of the next ones. Tables are joined from the operands up, and
only the cheapest entries are kept, so the time is linear in the size of the expression.

Costs are those of `kind_rules`, and about 100 for a name that is read against its letter, once however often it stands.
A definition is read as if it stood in its places: it costs what it costs at each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from matcalc.budget import spend
from matcalc.expr import Node
from matcalc.language import prices
from matcalc.language.declarations import Declaration
from matcalc.language.evidence.coefficients import Coefficients
from matcalc.language.kinds.kind_rules import Outcome, Rules
from matcalc.language.kinds.kind_tables import Entries, Key, Partial, Table, joined, keep, names_in, pruned
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR, kind_of
from matcalc.language.kinds.letters import against, may_be_row, stand_among_letters
from matcalc.language.meaning.items import Item, Program
from matcalc.language.undefined.open_kinds import modes
from matcalc.records import dataclass

__all__ = ["Choice", "Conflict", "Kinds", "Strain", "assign_kinds"]

#: Kinds of items that stand for a name; an undeclared function has a mode in place of a kind.
_NAMES = frozenset({"variable", "function"})
NARROW_BEAM, WIDE_BEAM = 48, 1500


class Conflict(Exception):
    """No reading of this item: `index` is its place, `kinds` the likeliest kinds below it."""

    def __init__(self, index: int, kinds: dict[int, int], operands: tuple[int, ...]) -> None:
        super().__init__(index)
        self.index = index
        self.kinds = kinds
        self.operands = operands


@dataclass(frozen=True)
class Choice:
    """One reading of the whole: what it costs, in hundredths of a letter, and the kind of every undeclared name in it."""

    cost: int
    names: Mapping[int, int]
    key: Key


class Strain(NamedTuple):
    """A name that is read against its letter, and the item that needs it; `in_front` of the product that it is."""

    name: int
    item: int
    in_front: bool = False


@dataclass(frozen=True)
class Kinds:
    """The kind of every item in the likeliest reading, and all readings, the likeliest first.

    `strains` are the names that are read against their letter where an operator needs it.
    """

    of: list[int]
    strains: list[Strain]
    choices: list[Choice]
    solver: Solver

    @property
    def coefficients(self) -> Coefficients:
        """What stands in front of numbers."""
        return self.solver.coefficients

    def of_name(self, name: int) -> int | None:
        """The kind of an undeclared name, if the expression holds it."""
        return self.choices[0].names.get(name)


def assign_kinds(program: Program, by_letter: Mapping[int, int] | None = None) -> Kinds:
    """The kinds of all items; names in ``by_letter`` have the kind given. Raises Conflict where there is no reading."""
    by_letter = by_letter or {}
    try:
        return Solver(program, NARROW_BEAM, by_letter).solve()
    except Conflict:
        return Solver(program, WIDE_BEAM, by_letter).solve()


class Solver:
    """The tables of a program, from its leaves to its root."""

    def __init__(self, program: Program, beam: int, by_letter: Mapping[int, int]) -> None:
        self.program = program
        self.by_letter = by_letter
        self.items = program.items
        self.beam = beam
        self.tables: list[Table] = []
        self.of: dict[int, int] = {}

    @cached_property
    def coefficients(self) -> Coefficients:
        """What stands in front of numbers."""
        return Coefficients(self.program)

    @cached_property
    def rules(self) -> Rules:
        """The rules of the program."""
        return Rules(self.coefficients)

    @cached_property
    def totals(self) -> dict[int, int]:
        """How often each undeclared name occurs; names in shared definitions stay open to the end."""
        totals: dict[int, int] = {}
        for index, item in enumerate(self.items):
            if item.kind in _NAMES and isinstance(item.data, int):
                more = 1 if index >= self.program.shared else 1 << 40
                totals[item.data] = totals.get(item.data, 0) + more
        return totals

    @cached_property
    def letters(self) -> list[dict[int, int]]:
        """For each undeclared name what each kind costs."""
        rows = may_be_row(self.items)
        terms = stand_among_letters(self.coefficients)
        letters = [dict(letter.costs) for letter in self.program.letters]
        for name, costs in enumerate(letters):
            if name in self.program.functions:
                letters[name] = modes()
            elif name in self.by_letter:
                letters[name] = {self.by_letter[name]: 0}
            elif name in rows:
                costs[ROW] = costs[COLUMN] + (prices.LETTER_AS_ROW if costs[SCALAR] == 0 else 10)
            elif name in terms and costs[MATRIX] == 0:
                costs[SCALAR] += prices.TERM_AS_NUMBER
            if name in self.coefficients.plain:
                letters[name] = {
                    kind: 0 if kind == SCALAR else cost + prices.PLAIN_AS_ARRAY for kind, cost in costs.items()
                }
            elif name in self.coefficients.polynomial:
                letters[name] = {k: cost + prices.ARRAY_AMONG_POWERS * (k != SCALAR) for k, cost in costs.items()}
            elif name in self.coefficients.lengths and costs.get(COLUMN) is not None:
                other = prices.MEASURED_ALONE if len(letters) == 1 else prices.PLAIN_AS_ARRAY
                letters[name] = {kind: 0 if kind == COLUMN else cost + other for kind, cost in costs.items()}
            elif name in self.coefficients.dotted and costs[MATRIX] == 0:
                costs[MATRIX], costs[COLUMN] = prices.DOTTED_AS_MATRIX, 0
        return letters

    def solve(self) -> Kinds:
        """All tables, and what they say of the whole; there is nothing to choose where every name is declared."""
        if not self.program.undeclared and (only := self._only_reading()) is not None:
            return Kinds(only, [], [Choice(0, {}, (only[self.program.root], 0))], self)
        for index in range(len(self.items)):
            spend()
            self.tables.append(self._table(index))
        choices = self._choices()
        of = self.reading(choices[0])
        return Kinds(of, list(self._strains(of)), choices, self)

    def _only_reading(self) -> list[int] | None:
        """The kind of every item, where those of the leaves tell it; None where a sign has several meanings, or none."""
        of: list[int] = []
        for index, item in enumerate(self.items):
            spend()
            kind = self._only_kind(index, item, tuple(of[c] for c in item.children))
            if kind is None:
                return None
            of.append(kind)
        return of

    def _only_kind(self, index: int, item: Item, below: tuple[int, ...]) -> int | None:
        if not below:
            kinds = _leaf_kinds(item)
            return kinds[0][0] if len(kinds) == 1 else None
        if item.kind == "add":
            arrays = {kind for kind in below if kind != SCALAR} or {SCALAR}
            return None if len(arrays) > 1 else arrays.pop()
        rules = self.rules.of(index)
        outcome = rules[0](below) if len(rules) == 1 else None
        return None if outcome is None else outcome[0]

    def _choices(self) -> list[Choice]:
        entries = sorted(self.tables[self.program.root].entries.items(), key=lambda pair: pair[1][0])
        names = self._names_of_root()
        return [
            Choice(cost, {n: bits >> 2 * n & 3 for n in names}, (kind, bits)) for (kind, bits), (cost, _) in entries
        ]

    def _names_of_root(self) -> list[int]:
        """The undeclared names that the expression holds; a definition that it does not use may hold others."""
        found: set[int] = set()
        seen = {self.program.root}
        pending = [self.program.root]
        while pending:
            item = self.items[pending.pop()]
            if item.kind == "variable" and isinstance(item.data, int):
                found.add(item.data)
            new = [c for c in item.children if c not in seen]
            seen.update(new)
            pending.extend(new)
        return sorted(found)

    def reading(self, choice: Choice) -> list[int]:
        """The kind of every item in a reading of the whole."""
        self.of = {}
        self._follow(self.program.root, choice.key)
        for index in self.program.definitions.values():
            if index not in self.of:
                self._trace(index)
        return [self.of[i] for i in range(len(self.items))]

    def _trace(self, index: int) -> None:
        """Follow the cheapest entry down to the leaves."""
        entries = self.tables[index].entries
        known, bits = self._known_bits()
        known &= self.tables[index].open
        fitting = [k for k in entries if (k[1] ^ bits) & known == 0] or list(entries)
        self._follow(index, min(fitting, key=lambda k: entries[k][0]))

    def _known_bits(self) -> tuple[int, int]:
        known = bits = 0
        for index, kind in self.of.items():
            item = self.items[index]
            if item.kind in _NAMES and isinstance(item.data, int):
                known |= 3 << 2 * item.data
                bits |= kind << 2 * item.data
        return known, bits

    def _follow(self, index: int, key: Key) -> None:
        stack = [(index, key)]
        while stack:
            place, chosen = stack.pop()
            if place in self.of:
                continue
            self.of[place] = chosen[0] & 3
            back = self.tables[place].entries[chosen][1]
            for child in reversed(self.items[place].children):
                back, below = back
                stack.append((child, below))

    # Tables.

    def _table(self, index: int) -> Table:
        item = self.items[index]
        if not item.children:
            table = self._leaf(item)
        else:
            table = self._join_sum(index, item) if item.kind == "add" else self._join(index, item)
        self._close_names(table)
        return table

    def _leaf(self, item: Item) -> Table:
        if item.kind in _NAMES and isinstance(item.data, int):
            shift = 2 * item.data
            entries: Entries = {(k, k << shift): (c, None) for k, c in self.letters[item.data].items()}
            return Table(entries, 3 << shift, {item.data: 1})
        return Table({(kind, 0): (cost, None) for kind, cost in _leaf_kinds(item)})

    def _charged_twice(self, common: int) -> Callable[[int], int]:
        """What the letters of names that two tables have in common cost, by the bits of an entry."""
        if not common:
            return lambda bits: 0
        names = names_in(common)

        @cache
        def cost(bits: int) -> int:
            return sum(self.letters[name][bits >> 2 * name & 3] for name in names)

        return lambda bits: cost(bits & common)

    def _combined(self, children: Sequence[int]) -> tuple[Partial, int]:
        """All combinations of entries that agree on the names that they have in common, and the names that are open."""
        first, *others = (self.tables[c] for c in children)
        partial: Partial = {((k,), bits): (cost, (None, (k, bits))) for (k, bits), (cost, _) in first.entries.items()}
        opened = first.open
        for table in others:
            common = opened & table.open
            opened |= table.open
            partial = pruned(joined(partial, common, table.entries, self._charged_twice(common)), opened, self.beam)
        return partial, opened

    def _join(self, index: int, item: Item) -> Table:
        """All combinations of the operands' entries that the operator has a reading for."""
        partial, opened = self._combined(item.children)
        entries: Entries = {}
        for rule in self.rules.of(index):
            outcomes: dict[tuple[int, ...], Outcome] = {}
            for (kinds, bits), (cost, back) in partial.items():
                if kinds not in outcomes:
                    outcomes[kinds] = rule(kinds)
                outcome = outcomes[kinds]
                if outcome is not None:
                    keep(entries, (outcome[0], bits), cost + outcome[1], back)
        if not entries:
            raise self._conflict(index, item.children)
        return Table(pruned(entries, opened, self.beam), opened, self._counts(item.children))

    def _join_sum(self, index: int, item: Item) -> Table:
        """Terms have one shape; each scalar among arrays costs a broadcast."""
        first = item.children[0]
        opened = self.tables[first].open
        prices = self.rules.broadcasts(index)
        spread = prices[0]
        entries: Entries = {k: (c, (None, k)) for k, (c, _) in self.tables[first].entries.items()}
        for position, (child, price) in enumerate(zip(item.children[1:], prices[1:], strict=True), 1):
            found = self._with_term(entries, opened & self.tables[child].open, child, spread, price)
            if not found:
                raise self._conflict(index, (item.children[position - 1], child), item.children[:position])
            opened |= self.tables[child].open
            entries = pruned(found, opened, self.beam)
            spread += price
        return Table(entries, opened, self._counts(item.children))

    def _with_term(self, entries: Entries, common: int, child: int, spread: int, price: int) -> Entries:
        """One term more; ``spread`` is what it costs to broadcast those before it, ``price`` what this one costs."""
        twice = self._charged_twice(common)
        found: Entries = {}
        for (kind, bits), (cost, back) in entries.items():
            less = cost - twice(bits)
            for key, (more, _) in self.tables[child].entries.items():
                if (bits ^ key[1]) & common:
                    continue
                if kind == key[0]:
                    keep(found, (kind, bits | key[1]), less + more, (back, key))
                elif key[0] == SCALAR:
                    keep(found, (kind, bits | key[1]), less + more + price, (back, key))
                elif kind == SCALAR:
                    keep(found, (key[0], bits | key[1]), less + more + spread, (back, key))
        return found

    def _counts(self, children: Sequence[int]) -> dict[int, int]:
        """Occurrences of open names below, the largest table reused."""
        tables = [self.tables[c] for c in children if c >= self.program.shared or self.program.shared == 0]
        if not tables:
            return {}
        largest = max(tables, key=lambda t: len(t.counts))
        counts = largest.counts
        for table in tables:
            if table is not largest:
                for name, count in table.counts.items():
                    counts[name] = counts.get(name, 0) + count
        return counts

    def _close_names(self, table: Table) -> None:
        """Names whose last occurrence is inside: their kinds are no longer compared."""
        for name in [name for name, count in table.counts.items() if count >= self.totals[name]]:
            del table.counts[name]
            table.open &= ~(3 << 2 * name)

    # What went wrong, and what was strained.

    def _conflict(self, index: int, operands: tuple[int, ...], before: tuple[int, ...] = ()) -> Conflict:
        for operand in (*operands, *before, *self.items[index].children):
            if operand < len(self.tables) and operand not in self.of:
                self._trace(operand)
        return Conflict(index, self.of, operands)

    def _strains(self, of: Sequence[int]) -> Iterator[Strain]:
        if self.program.code:
            return
        for chain in self.coefficients.chains:
            yield from (Strain(name, chain.top, first) for name, first in self.coefficients.unsettled(chain, of))
        for index, item in enumerate(self.items):
            for child, names in against(self.coefficients, index, [of[c] for c in item.children]):
                yield from (Strain(name, index, child == item.children[0]) for name in names)


def _leaf_kinds(item: Item) -> list[tuple[int, int]]:
    match item.kind:
        case "variable":
            assert isinstance(item.data, Declaration)
            return [(kind_of(*item.data.shape), 0)]
        case "bound":
            assert isinstance(item.data, Node)
            return [(kind_of(*item.data.shape), 0)]
        case "identity":
            return [(MATRIX if item.data is None or not item.data.is_one else SCALAR, 0)]
        case "number" if item.node.value == 0 and item.data == "block":
            # A zero may stand for a whole block.
            return [(SCALAR, 0), (COLUMN, 40), (ROW, 40), (MATRIX, 50)]
        case "call":
            return [_without_arguments(item)]
        case "at":
            return [(COLUMN, 0)]
    return [(SCALAR, 0)]


def _without_arguments(item: Item) -> tuple[int, int]:
    return kind_of(*item.data[0].result), 0
