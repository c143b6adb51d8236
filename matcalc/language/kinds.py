"""Which names are scalars, vectors and matrices: the least costly reading of the whole expression.

The kind of a value says which of its two sizes are 1. Given the kinds of the names, those of all operators follow.
So each item gets a table: for every kind it may have, and every choice for those names that occur elsewhere too,
the least cost. Tables are joined from the operands up; names whose last occurrence is inside are dropped, and only
the cheapest entries are kept, so the time is linear in the size of the expression.

Costs: a name read against its letter about 1, a scalar broadcast in a sum 1.5, a scalar where an array is expected
1.5 to 3, a name transposed that is a scalar 20: that many are an error that asks for a declaration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matcalc.expr import ONE, Dim, Node
from matcalc.functions import Function, find
from matcalc.language.declarations import Declaration
from matcalc.language.items import Item, Program
from matcalc.language.names import is_greek
from matcalc.language.signatures import Signature, parse_signature

__all__ = ["COLUMN", "MATRIX", "ROW", "SCALAR", "Conflict", "Kinds", "assign_kinds", "is_sometimes_scalar", "kind_of"]

#: Kinds as bits: 1 where there is more than one row, 2 where there is more than one column.
SCALAR, COLUMN, ROW, MATRIX = range(4)

BROADCAST = 1.5
SCALAR_TRANSPOSED = 2.0
SCALAR_AS_ARRAY = 1.5
SCALAR_IN_NORM = 2.5
ARRAY_TIMES_SCALAR_LETTER = 3.0
#: A name in a product keeps the kind of its letter unless a sum or a divisor says otherwise.
AGAINST_LETTER = 20.0

NARROW_BEAM, WIDE_BEAM = 48, 1500

Outcome = tuple[int, float] | None
Key = tuple[int, int]
Entry = tuple[float, Any]


def kind_of(rows: Dim, cols: Dim) -> int:
    """The kind of a known shape."""
    return (not rows.is_one) + 2 * (not cols.is_one)


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


def letter_costs(name: str) -> dict[int, float]:
    """What each kind costs for an undeclared name: the convention of the contract costs nothing."""
    if name[0].isupper():
        return {MATRIX: 0.0, COLUMN: 1.6, SCALAR: 1.7}
    if is_greek(name) or name[0] <= "g":
        return {SCALAR: 0.0, COLUMN: 1.0, MATRIX: 1.2}
    return {COLUMN: 0.0, SCALAR: 1.0, MATRIX: 1.4}


def preferred(name: str) -> int:
    """The kind by letter."""
    return next(iter(letter_costs(name)))


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
        self.used: set[int] = set()
        self.charged: set[int] = set()
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
            costs = letter_costs(self.program.undeclared[item.data])
            if item.data in self.by_letter:
                costs = {self.by_letter[item.data]: 0.0}
            if item.data in self.charged:
                costs = dict.fromkeys(costs, 0.0)
            self.charged.add(item.data)
            table = _Table({(k, k << shift): (c, None) for k, c in costs.items()}, 3 << shift, {item.data: 1})
            self._close_names(table)
            return table
        return _Table({(kind, 0): (cost, None) for kind, cost in _leaf_kinds(item)})

    def _operand(self, index: int) -> dict[Key, Entry]:
        """The entries of an operand; what a shared definition costs counts once."""
        entries = self.tables[index].entries
        if index < self.program.shared and index in self.program.definitions.values():
            if index in self.used:
                return {key: (0.0, back) for key, (_, back) in entries.items()}
            self.used.add(index)
        return entries

    def _join(self, index: int, item: Item) -> _Table:
        """All combinations of the operands' entries that the operator has a reading for."""
        partial: dict[tuple[tuple[int, ...], int], Entry] = {((), 0): (0.0, ())}
        mask = 0
        for child in item.children:
            table = self.tables[child]
            partial = _prune(_product(partial, mask, self._operand(child), table.mask), self.beam)
            mask |= table.mask
        rule = _rule(self.program, item)
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
        entries: dict[Key, Entry] = {k: (c, (k,)) for k, (c, _) in self._operand(first).items()}
        scalars = 0 if self.items[first].constant else 1
        for position, child in enumerate(item.children[1:], 1):
            table = self.tables[child]
            constant = self.items[child].constant
            joined: dict[Key, Entry] = {}
            common = mask & table.mask
            for (kind, bits), (cost, back) in entries.items():
                for key, (more, _) in self._operand(child).items():
                    if (bits ^ key[1]) & common:
                        continue
                    outcome = _sum_of(kind, key[0], scalars, constant)
                    if outcome is not None:
                        total = cost + more + outcome[1]
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
        evidence = _Evidence(self.items)
        for index, item in enumerate(self.items):
            kinds = [self.of[c] for c in item.children]
            for child, names in _against(self.program, item, kinds):
                for name in names:
                    if not evidence.of(name, item, child):
                        found.setdefault(name, index)
        return found


class _Evidence:
    """Terms, divisors and exponents that show the kind of a name."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.terms: dict[int, set[int]] = {}
        self.others: set[int] = set()
        for index, item in enumerate(items):
            if item.kind == "add":
                for name in self._bare(items, item.children):
                    self.terms.setdefault(name, set()).add(index)
            elif item.kind in ("divide", "power"):
                self.others.update(self._bare(items, item.children[1:]))
            if item.kind == "divide" and items[item.children[1]].kind == "add":
                self.others.update(self._bare(items, items[item.children[1]].children))

    @staticmethod
    def _bare(items: Sequence[Item], children: Iterable[int]) -> set[int]:
        return {bare for c in children if (bare := items[c].bare) is not None}

    def of(self, name: int, strained: Item, child: int) -> bool:
        """Whether something else than the operand ``child`` shows the kind; for a power, not a term alone."""
        if strained.kind not in ("multiply", "power") or (strained.kind == "power" and child == strained.children[1]):
            return False
        if name in self.others:
            return True
        return strained.kind == "multiply" and bool(self.terms.get(name, set()) - {child})


def _leaf_kinds(item: Item) -> list[tuple[int, float]]:
    match item.kind:
        case "variable":
            assert isinstance(item.data, Declaration)
            return [(kind_of(*item.data.shape), 0.0)]
        case "bound":
            assert isinstance(item.data, Node)
            return [(kind_of(*item.data.shape), 0.0)]
        case "identity":
            return [(MATRIX if item.data is None or not item.data.is_one else SCALAR, 0.0)]
        case "number" if item.node.value == 0 and item.data == "block":
            # A zero may stand for a whole block.
            return [(SCALAR, 0.0), (COLUMN, 0.4), (ROW, 0.4), (MATRIX, 0.5)]
        case "call":
            return [_without_arguments(item)]
    return [(SCALAR, 0.0)]


def _without_arguments(item: Item) -> tuple[int, float]:
    return kind_of(*item.data[0].result), 0.0


def _product(
    partial: dict[tuple[tuple[int, ...], int], Entry], mask: int, entries: dict[Key, Entry], other: int
) -> dict[tuple[tuple[int, ...], int], Entry]:
    common = mask & other
    joined: dict[tuple[tuple[int, ...], int], Entry] = {}
    for (kinds, bits), (cost, back) in partial.items():
        for key, (more, _) in entries.items():
            if not (bits ^ key[1]) & common:
                _keep(joined, ((*kinds, key[0]), bits | key[1]), cost + more, (*back, key))
    return joined


def _keep(entries: dict[Any, Entry], key: Any, cost: float, back: Any) -> None:
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


# Rules: the kind of an operator from the kinds of its operands, and what that reading costs.


def _sum_of(left: int, right: int, scalars: int, constant: bool) -> Outcome:
    if left == right:
        return left, 0.0
    if right == SCALAR:
        return left, 0.0 if constant else BROADCAST
    if left == SCALAR:
        return right, scalars * BROADCAST
    return None


def _against(program: Program, item: Item, kinds: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Operands that are names, or sums of names, read against their letter: (operand, names)."""
    match item.kind:
        case "multiply":
            operands = list(zip(item.children, kinds, strict=True))
        case "power":
            usual = kinds[0] == SCALAR and _power_of_letter(program, item)
            operands = [] if usual else [(item.children[0], kinds[0])]
            exponent = program.items[item.children[1]].bare
            if exponent is not None and preferred(program.undeclared[exponent]) == MATRIX:
                yield item.children[1], (exponent,)
        case "divide":
            operands = list(_strained_quotient(program, item, kinds))
        case "transpose" if kinds[0] in (SCALAR, MATRIX):
            bare = program.items[item.children[0]].bare
            if bare is not None and (kinds[0] == SCALAR or preferred(program.undeclared[bare]) == COLUMN):
                yield item.children[0], (bare,)
            return
        case "call":
            yield from _powers_as_arrays(program, item, kinds)
            return
        case "norm":
            yield from _power_in_norm(program, item.children[0], kinds[0])
            return
        case "bars" | "entry":
            operands = [(item.children[0], kinds[0])]
            if item.kind == "bars" and _may_be_scalar(program, item.children[0]):
                return
        case _:
            return
    for child, kind in operands:
        part = program.items[child]
        names = (part.bare,) if part.bare is not None else part.group if item.kind == "multiply" else ()
        if names and all(_against_letter(program.undeclared[n], kind, item.kind) for n in names):
            yield child, names


def _strained_quotient(program: Program, item: Item, kinds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """x / n is a vector over a scalar, not a scalar x; in 1 / x the letter stands for a vector."""
    above, below = item.children
    if program.items[below].bare is None:
        return
    yield above, kinds[0]
    if not _may_be_scalar(program, below):
        yield below, kinds[1]


def _may_be_scalar(program: Program, index: int) -> bool:
    bare = program.items[index].bare
    return bare is not None and is_sometimes_scalar(program.undeclared[bare])


def is_sometimes_scalar(name: str) -> bool:
    """Letters of vectors that are read as scalars where only a scalar fits, as in s^2, A / s_1 and |s|; x is not."""
    return re.fullmatch(r"[hjklmnpqrst](_?\d+)?", name) is not None


def _power_of_letter(program: Program, item: Item) -> bool:
    """s^2, s^n, and x^n where n is a size: a power of a scalar."""
    base, exponent = item.children
    return program.items[exponent].kind == "dimension" or _may_be_scalar(program, base)


def _powers_as_arrays(program: Program, item: Item, kinds: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """sum(s^2) was rather meant entry by entry."""
    signature = matching(item.data, kinds)
    if signature is None:
        return
    for child, kind, parameter in zip(item.children, kinds, signature.parameters, strict=False):
        if parameter.kind == "array" and parameter.shape not in ((ONE, ONE), signature.result):
            yield from _power_in_norm(program, child, kind)


def _power_in_norm(program: Program, child: int, kind: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """A power of a letter for a vector, read as a scalar where an array is expected."""
    part = program.items[child]
    base = program.items[part.children[0]].bare if part.kind == "power" else None
    if base is not None and kind == SCALAR and preferred(program.undeclared[base]) == COLUMN:
        yield child, (base,)


def _against_letter(name: str, kind: int, operator: str) -> bool:
    usual = preferred(name)
    if kind in (COLUMN, ROW) and usual == SCALAR and operator != "power":
        return False
    if {kind, usual} <= {COLUMN, ROW}:
        return False
    return kind != usual


def _strain(program: Program, item: Item, kinds: Sequence[int]) -> float:
    return AGAINST_LETTER * sum(1 for _ in _against(program, item, kinds))


def _product_cost(program: Program, item: Item, kinds: Sequence[int]) -> float:
    """x^T a and A b have a vector on the right rather than a scalar."""
    second = program.items[item.children[1]]
    odd = kinds[0] in (ROW, MATRIX) and kinds[1] == SCALAR and second.kind == "variable" and second.bare is not None
    return _strain(program, item, kinds) + (ARRAY_TIMES_SCALAR_LETTER if odd else 0.0)


def _multiply(a: int, b: int) -> Outcome:
    if a == SCALAR or b == SCALAR:
        return a | b, 0.0
    return ((a & 1) | (b & 2), 0.0) if bool(a & 2) == bool(b & 1) else None


def _square(kind: int) -> bool:
    return kind in (SCALAR, MATRIX)


def _rule(program: Program, item: Item) -> Callable[[tuple[int, ...]], Outcome]:
    """How the kinds of the operands give that of the item."""
    fixed = [program.items[c].constant for c in item.children]
    match item.kind:
        case "multiply":
            return lambda k: _plus(_multiply(*k), _product_cost(program, item, k))
        case "power":
            return lambda k: _plus(_power(k), _strain(program, item, k))
        case "transpose":
            return lambda k: (
                (k[0] >> 1) | (k[0] & 1) << 1,
                (SCALAR_TRANSPOSED if k[0] == SCALAR and not fixed[0] else 0.0) + _strain(program, item, k),
            )
        case "inner":
            return lambda k: (SCALAR, SCALAR_IN_NORM if k[0] == SCALAR else 0.0) if k[0] == k[1] else None
        case "hadamard" | "hadamard_divide":
            return lambda k: _broadcast(k, fixed)
        case "hadamard_power":
            return lambda k: _hadamard_power(k, fixed)
        case "norm":
            return lambda k: (SCALAR, SCALAR_IN_NORM if k[0] == SCALAR and not fixed[0] else 0.0)
        case "divide":
            return lambda k: _divide(program, item, k)
        case "block":
            return lambda k: _block(k, item.node.value[1])
        case "entry":
            forms = _forms(program, item)
            return lambda k: _plus(_entry(k[0], forms), _strain(program, item, k))
        case "bars":
            return lambda k: (SCALAR, _strain(program, item, k)) if _square(k[0]) else None
        case "call":
            return lambda k: _call(item, k, fixed)
    return _PLAIN_RULES[item.kind]


def _plus(outcome: Outcome, cost: float) -> Outcome:
    return None if outcome is None else (outcome[0], outcome[1] + cost)


def _power(k: Sequence[int]) -> Outcome:
    return (k[0], 0.0) if k[1] == SCALAR and _square(k[0]) else None


def _divide(program: Program, item: Item, k: Sequence[int]) -> Outcome:
    """A bare vector letter below another one is rather a forgotten dot than a scalar."""
    if k[1] != SCALAR:
        return None
    above, below = (program.items[c] for c in item.children)
    if below.bare is not None and k[0] != SCALAR and preferred(program.undeclared[below.bare]) == COLUMN:
        similar = _may_be_scalar(program, item.children[0]) or not _may_be_scalar(program, item.children[1])
        if above.bare is not None and preferred(program.undeclared[above.bare]) == COLUMN and similar:
            return None
    return k[0], _strain(program, item, k)


_PLAIN_RULES: dict[str, Callable[[tuple[int, ...]], Outcome]] = {
    "negate": lambda k: (k[0], 0.0),
    "exponential": lambda k: (k[0], 0.0),
    "kron": lambda k: (k[0] | k[1], 0.0),
    "left_divide": lambda k: (k[1], 0.0) if k[0] == SCALAR or (k[0] == MATRIX and k[1] & 1) else None,
}


def _broadcast(k: Sequence[int], fixed: Sequence[bool]) -> Outcome:
    arrays = {kind for kind in k if kind != SCALAR}
    if len(arrays) > 1:
        return None
    scalars = sum(1 for kind, constant in zip(k, fixed, strict=True) if kind == SCALAR and not constant)
    return (arrays.pop(), scalars * BROADCAST) if arrays else (SCALAR, 0.0)


def _hadamard_power(k: Sequence[int], fixed: Sequence[bool]) -> Outcome:
    """The exponent is a scalar, as a rule."""
    base, exponent = k
    if exponent == SCALAR:
        return base, 0.0
    if base == exponent:
        return base, BROADCAST
    return (exponent, 0.0 if fixed[0] else BROADCAST) if base == SCALAR else None


def _block(k: Sequence[int], width: int) -> Outcome:
    """Heights agree along each row, widths down each column, as far as kinds show them."""
    rows = [k[i : i + width] for i in range(0, len(k), width)]
    if any(len({kind & 1 for kind in row}) > 1 for row in rows):
        return None
    if any(len({row[j] & 2 for row in rows}) > 1 for j in range(width)):
        return None
    tall = len(rows) > 1 or rows[0][0] & 1
    wide = width > 1 or rows[0][0] & 2
    return int(bool(tall)) + 2 * int(bool(wide)), 0.0


def _forms(program: Program, item: Item) -> list[str]:
    """The forms of the indices; a range of one is an entry."""
    indices = [program.items[c].data for c in item.children[1:]]
    forms: list[str] = []
    for form in item.node.value:
        taken = [indices.pop(0) for _ in range({"at": 1, "all": 0, "range": 2}[form])]
        single = form == "range" and (taken[1] - taken[0] + 1).is_one
        forms.append("at" if single else form)
    return forms


def _entry(kind: int, forms: Sequence[str]) -> Outcome:
    if len(forms) == 1:
        return ((kind if forms[0] != "at" else SCALAR), 0.0) if kind in (COLUMN, ROW) else None
    if kind == SCALAR:
        return None
    rows = 0 if forms[0] == "at" else kind & 1
    cols = 0 if forms[1] == "at" else kind & 2
    return rows | cols, 0.0


def _call(item: Item, k: tuple[int, ...], fixed: Sequence[bool]) -> Outcome:
    function = find(item.node.value)
    assert function is not None
    if broadcasts(function, len(k)):
        return _broadcast(k, fixed)
    chosen = matching(item.data, k)
    if chosen is None:
        return None
    arrays = [p.shape for p in chosen.parameters]
    cost = sum(
        SCALAR_AS_ARRAY
        for kind, constant, (rows, cols), p in zip(k, fixed, arrays, chosen.parameters, strict=True)
        if p.kind == "array"
        and kind == SCALAR
        and not constant
        and not (rows.is_one and cols.is_one)
        and not ((rows, cols) == chosen.result and rows != cols)
    )
    return result_kind(chosen, k), cost


def broadcasts(function: Function, count: int) -> bool:
    """Whether scalars may stand beside arrays: entrywise functions of several arrays of one shape."""
    if not (function.kind == "elementwise" or function.entrywise) or count != len(function.parameters):
        return False
    first = parse_signature(function.signatures[0])
    return all(p.shape == first.result for p in first.parameters)


def matching(signatures: Sequence[Signature], k: Sequence[int]) -> Signature | None:
    """The first signature that the kinds fit."""
    return next((s for s in signatures if symbols(s, k) is not None), None)


def symbols(signature: Signature, k: Sequence[int]) -> dict[str, bool] | None:
    """For each symbol whether it is more than 1, or None where the kinds do not fit."""
    long: dict[str, bool] = {}
    for parameter, kind in zip(signature.parameters, k, strict=True):
        if parameter.kind != "array":
            continue
        for dim, more in zip(parameter.shape, (bool(kind & 1), bool(kind & 2)), strict=True):
            if dim.is_one:
                if more:
                    return None
            elif len(dim.names) == 1 and dim == Dim.of(dim.names[0]):
                if long.setdefault(dim.names[0], more) != more:
                    return None
    return long


def result_kind(signature: Signature, k: Sequence[int]) -> int:
    """The kind of the result of a signature that fits."""
    long = symbols(signature, k) or {}

    def more(dim: Dim) -> bool:
        return dim.evaluate({name: 2 if long.get(name, True) else 1 for name in dim.names}) != 1

    return more(signature.result[0]) + 2 * more(signature.result[1])
