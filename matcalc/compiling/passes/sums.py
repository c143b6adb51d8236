"""Sums that go on from sums that are there: those of a residual net grow by a term a layer, and each is one addition.

Expressions hold sums flat, so that without it the sums of N layers have N² terms.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction

from matcalc.compiling.passes.rebuilding import rebuilt
from matcalc.compiling.planning.program import Axes, Program, Value, needed
from matcalc.records import dataclass

__all__ = ["with_shared_sums"]

#: Shorter sums are written out where they stand.
LEAST_SHARED = 3
#: What is longer is not taken apart.
LONGEST_SUM = 2000


def with_shared_sums(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs, each long sum as the longest earlier one that is a part of it, and the terms that are left."""
    uses = Counter(a for v in needed(outputs) for a in v.args)
    uses.update(outputs)
    sums = _Sums(uses)
    return rebuilt(program, outputs, lambda v, args, new: sums.continued(program, v, args))


@dataclass
class _Sums:
    """The sums so far, as sets of terms by number.

    Attributes:
        uses: how often each value of the plan is used.
        numbers: (operand, coefficient) -> the number of a term, in the order in which they are met.
        terms: what the terms are, by their numbers.
        parts: a sum, in place of the one of the plan -> the numbers of its terms.
        by_last: (the last term, the axes) -> the sums that have it.
        additions: a sum of the plan -> how many operands are added up for it, with those of sums that only it uses.
    """

    uses: Mapping[Value, int]
    numbers: dict[tuple[Value, Fraction], int] = field(default_factory=dict)
    terms: list[tuple[Value, Fraction]] = field(default_factory=list)
    parts: dict[Value, frozenset[int]] = field(default_factory=dict)
    by_last: dict[tuple[int, Axes], list[Value]] = field(default_factory=lambda: defaultdict(list))
    additions: dict[Value, int] = field(default_factory=dict)

    def continued(self, program: Program, v: Value, args: Sequence[Value]) -> Value | None:
        """A sum by the longest one that is part of it, None where that saves nothing."""
        if v.op != "combine":
            return None
        self.additions[v] = sum(self.additions.get(a, 1) if self.uses[a] == 1 else 1 for a in v.args)
        found = list(self._flat(v, args))
        numbers = frozenset(found)
        if not LEAST_SHARED <= len(found) == len(numbers) <= LONGEST_SUM:
            return None
        longest = max(self._inside(numbers, v.axes), key=lambda s: len(self.parts[s]), default=None)
        left = [] if longest is None else [self.terms[k] for k in found if k not in self.parts[longest]]
        result = program.emit(v.op, args, v.data, v.axes)
        if longest is not None and 1 + len(left) < self.additions[v]:
            result = _sum(program, longest, left)
        self._add(result, numbers)
        return result

    def _flat(self, v: Value, args: Sequence[Value]) -> Iterator[int]:
        """The numbers of the terms, those of sums among the operands in their place."""
        for a, c in zip(args, v.data, strict=True):
            for k in sorted(self.parts.get(a, ())) if a.axes == v.axes else ():
                term, inner = self.terms[k]
                yield self._number(term, c * inner)
            if a not in self.parts or a.axes != v.axes:
                yield self._number(a, c)

    def _number(self, a: Value, c: Fraction) -> int:
        if (a, c) not in self.numbers:
            self.numbers[a, c] = len(self.terms)
            self.terms.append((a, c))
        return self.numbers[a, c]

    def _inside(self, numbers: frozenset[int], axes: Axes) -> Iterator[Value]:
        for k in sorted(numbers):
            yield from (s for s in self.by_last.get((k, axes), ()) if self.parts[s] <= numbers)

    def _add(self, v: Value, numbers: frozenset[int]) -> None:
        if v not in self.parts:
            self.parts[v] = numbers
            self.by_last[max(numbers), v.axes].append(v)


def _sum(program: Program, first: Value, left: Sequence[tuple[Value, Fraction]]) -> Value:
    """The sum of the first one and what is left, those with a minus behind."""
    rest = sorted(left, key=lambda pair: pair[1] < 0)
    signs = (Fraction(1), *(c for _, c in rest))
    return program.emit("combine", [first, *(a for a, _ in rest)], signs, first.axes) if rest else first
