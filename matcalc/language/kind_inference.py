"""Which names are scalars, vectors and matrices: the least costly reading of the whole expression.

The kind of a value says which of its two sizes are 1. Given the kinds of the names, those of all operators follow.
So each item gets a table: for every kind it may have, and every choice for those names that occur elsewhere too,
the least cost. Tables are joined from the operands up; names whose last occurrence is inside are dropped, and only
the cheapest entries are kept, so the time is linear in the size of the expression.

Costs are those of `kind_rules`, and about 100 for a name that is read against its letter, once however often it stands.
A definition is read as if it stood in its places: it costs what it costs at each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from matcalc.expr import Node
from matcalc.language.declarations import Declaration
from matcalc.language.items import Item, Program
from matcalc.language.kind_rules import Outcome, rule_of, sum_of
from matcalc.language.kinds import COLUMN, MATRIX, ROW, SCALAR, kind_of, letter_costs
from matcalc.language.letters import Evidence, against, may_be_row

__all__ = ["Conflict", "Kinds", "assign_kinds"]

NARROW_BEAM, WIDE_BEAM = 48, 1500

Key = tuple[int, int]
Entry = tuple[int, Any]


class Conflict(Exception):
    """No reading of this item: `index` is its place, `kinds` the likeliest kinds below it."""

    def __init__(self, index: int, kinds: dict[int, int], operands: tuple[int, ...]) -> None:
        super().__init__(index)
        self.index = index
        self.kinds = kinds
        self.operands = operands


@dataclass
class Kinds:
    """The kind of every item, and the names that are read against their letter in a product (name id -> item)."""

    of: list[int]
    strained: dict[int, int]


@dataclass
class _Table:
    entries: dict[Key, Entry]
    mask: int = 0
    counts: dict[int, int] = field(default_factory=dict)


def assign_kinds(program: Program, by_letter: Mapping[int, int] | None = None) -> Kinds:
    """The kinds of all items; names in ``by_letter`` have the kind given. Raises Conflict where there is no reading."""
    by_letter = by_letter or {}
    try:
        return _Solver(program, NARROW_BEAM, by_letter).solve()
    except Conflict:
        return _Solver(program, WIDE_BEAM, by_letter).solve()


class _Solver:
    def __init__(self, program: Program, beam: int, by_letter: Mapping[int, int]) -> None:
        self.program = program
        self.by_letter = by_letter
        self.items = program.items
        self.beam = beam
        self.tables: list[_Table] = []
        self.letters = self._letters()
        self.totals = self._occurrences()
        self.of: dict[int, int] = {}

    def _occurrences(self) -> dict[int, int]:
        """How often each undeclared name occurs; names in shared definitions stay open to the end."""
        totals: dict[int, int] = {}
        for index, item in enumerate(self.items):
            if item.kind == "variable" and isinstance(item.data, int):
                more = 1 if index >= self.program.shared else 1 << 40
                totals[item.data] = totals.get(item.data, 0) + more
        return totals

    def _letters(self) -> list[dict[int, int]]:
        """For each undeclared name what each kind costs."""
        rows = may_be_row(self.items)
        letters = [letter_costs(name) for name in self.program.undeclared]
        for name, costs in enumerate(letters):
            if name in self.by_letter:
                letters[name] = {self.by_letter[name]: 0}
            elif name in rows:
                costs[ROW] = costs[COLUMN] + 10
        return letters

    def solve(self) -> Kinds:
        for index in range(len(self.items)):
            self.tables.append(self._table(index))
        self._trace(self.program.root)
        for index in self.program.definitions.values():
            if index not in self.of:
                self._trace(index)
        return Kinds([self.of[i] for i in range(len(self.items))], self._strained())

    def _trace(self, index: int) -> None:
        """Follow the cheapest entry down to the leaves."""
        entries = self.tables[index].entries
        known = self._known_bits()
        fitting = [k for k in entries if (k[1] ^ known[1]) & known[0] & self.tables[index].mask == 0] or list(entries)
        self._follow(index, min(fitting, key=lambda k: entries[k][0]))

    def _known_bits(self) -> tuple[int, int]:
        mask = bits = 0
        for index, kind in self.of.items():
            item = self.items[index]
            if item.kind == "variable" and isinstance(item.data, int):
                mask |= 3 << 2 * item.data
                bits |= kind << 2 * item.data
        return mask, bits

    def _follow(self, index: int, key: Key) -> None:
        stack = [(index, key)]
        while stack:
            place, chosen = stack.pop()
            if place in self.of:
                continue
            self.of[place] = chosen[0]
            back = self.tables[place].entries[chosen][1]
            for child in reversed(self.items[place].children):
                back, below = back
                stack.append((child, below))

    # Tables.

    def _table(self, index: int) -> _Table:
        item = self.items[index]
        if not item.children:
            return self._leaf(item)
        join = self._join_sum if item.kind == "add" else self._join
        table = join(index, item)
        self._close_names(table)
        return table

    def _leaf(self, item: Item) -> _Table:
        if item.kind == "variable" and isinstance(item.data, int):
            shift = 2 * item.data
            costs = self.letters[item.data]
            table = _Table({(k, k << shift): (c, None) for k, c in costs.items()}, 3 << shift, {item.data: 1})
            self._close_names(table)
            return table
        return _Table({(kind, 0): (cost, None) for kind, cost in _leaf_kinds(item)})

    def _charged_twice(self, common: int) -> Callable[[int], int]:
        """What the letters of names that two tables have in common cost, by the bits of an entry."""
        names = _names_in(common)

        @cache
        def cost(bits: int) -> int:
            return sum(self.letters[name][bits >> 2 * name & 3] for name in names)

        return lambda bits: cost(bits & common)

    def _join(self, index: int, item: Item) -> _Table:
        """All combinations of the operands' entries that the operator has a reading for."""
        partial: dict[tuple[tuple[int, ...], int], Entry] = {((), 0): (0, ())}
        mask = 0
        for child in item.children:
            table = self.tables[child]
            twice = self._charged_twice(mask & table.mask)
            partial = _prune(_product(partial, mask & table.mask, table.entries, twice), self.beam)
            mask |= table.mask
        rule = rule_of(self.program, item)
        entries: dict[Key, Entry] = {}
        outcomes: dict[tuple[int, ...], Outcome] = {}
        for (kinds, bits), (cost, back) in partial.items():
            if kinds not in outcomes:
                outcomes[kinds] = rule(kinds)
            outcome = outcomes[kinds]
            if outcome is not None:
                _keep(entries, (outcome[0], bits), cost + outcome[1], _nested(back))
        if not entries:
            raise self._conflict(index, item.children)
        return _Table(_prune(entries, self.beam), mask, self._counts(item.children))

    def _join_sum(self, index: int, item: Item) -> _Table:
        """Terms have one shape; each scalar among arrays costs a broadcast."""
        first = item.children[0]
        mask = self.tables[first].mask
        entries: dict[Key, Entry] = {k: (c, (k,)) for k, (c, _) in self.tables[first].entries.items()}
        scalars = 0 if self.items[first].constant else 1
        for position, child in enumerate(item.children[1:], 1):
            table = self.tables[child]
            constant = self.items[child].constant
            joined: dict[Key, Entry] = {}
            common = mask & table.mask
            twice = self._charged_twice(common)
            for (kind, bits), (cost, back) in entries.items():
                for key, (more, _) in table.entries.items():
                    if (bits ^ key[1]) & common:
                        continue
                    outcome = sum_of(kind, key[0], scalars, constant)
                    if outcome is not None:
                        total = cost + more + outcome[1] - twice(bits)
                        _keep(joined, (outcome[0], bits | key[1]), total, (back, key))
            if not joined:
                raise self._conflict(index, (item.children[position - 1], child), item.children[:position])
            entries = _prune(joined, self.beam)
            mask |= table.mask
            scalars += not constant
        rebuilt = {k: (c, _unrolled(back, len(item.children))) for k, (c, back) in entries.items()}
        return _Table(rebuilt, mask, self._counts(item.children))

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

    def _close_names(self, table: _Table) -> None:
        closed = [name for name, count in table.counts.items() if count >= self.totals[name]]
        if not closed:
            return
        gone = 0
        for name in closed:
            del table.counts[name]
            gone |= 3 << 2 * name
        table.mask &= ~gone
        merged: dict[Key, Entry] = {}
        for (kind, bits), (cost, back) in table.entries.items():
            _keep(merged, (kind, bits & ~gone), cost, back)
        table.entries = merged

    # What went wrong, and what was strained.

    def _conflict(self, index: int, operands: tuple[int, ...], before: tuple[int, ...] = ()) -> Conflict:
        for operand in (*operands, *before, *self.items[index].children):
            if operand < len(self.tables) and operand not in self.of:
                self._trace(operand)
        return Conflict(index, self.of, operands)

    def _strained(self) -> dict[int, int]:
        """Names that are read against their letter without a term or divisor that demands it."""
        found: dict[int, int] = {}
        evidence = Evidence(self.items)
        for index, item in enumerate(self.items):
            kinds = [self.of[c] for c in item.children]
            for child, names in against(self.program, item, kinds):
                for name in names:
                    if not evidence.of(name, item, child):
                        found.setdefault(name, index)
        return found


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
    return [(SCALAR, 0)]


def _without_arguments(item: Item) -> tuple[int, int]:
    return kind_of(*item.data[0].result), 0


def _names_in(mask: int) -> list[int]:
    """The names whose bits are set."""
    names: list[int] = []
    while mask:
        name = (mask & -mask).bit_length() - 1 >> 1
        names.append(name)
        mask &= ~(3 << 2 * name)
    return names


def _product(
    partial: dict[tuple[tuple[int, ...], int], Entry],
    common: int,
    entries: dict[Key, Entry],
    twice: Callable[[int], int],
) -> dict[tuple[tuple[int, ...], int], Entry]:
    joined: dict[tuple[tuple[int, ...], int], Entry] = {}
    for (kinds, bits), (cost, back) in partial.items():
        for key, (more, _) in entries.items():
            if not (bits ^ key[1]) & common:
                _keep(joined, ((*kinds, key[0]), bits | key[1]), cost + more - twice(bits), (*back, key))
    return joined


def _keep(entries: dict[Any, Entry], key: Any, cost: int, back: Any) -> None:
    known = entries.get(key)
    if known is None or cost < known[0]:
        entries[key] = (cost, back)


def _prune(entries: dict[Any, Entry], most: int) -> dict[Any, Entry]:
    if len(entries) <= most:
        return entries
    cheapest = sorted(entries.items(), key=lambda pair: pair[1][0])[:most]
    return dict(cheapest)


def _nested(keys: tuple[Key, ...]) -> Any:
    """(first, (second, …)) reversed, as `_follow` takes it apart: the last operand outermost."""
    back: Any = None
    for key in keys:
        back = (back, key)
    return back


def _unrolled(back: Any, count: int) -> Any:
    keys: list[Key] = []
    for _ in range(count - 1):
        back, key = back
        keys.append(key)
    keys.append(back[0])
    return _nested(tuple(reversed(keys)))
