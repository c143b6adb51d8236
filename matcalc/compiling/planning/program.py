"""The plan: instructions in static single assignment, each computed once and shared by all outputs.

A value is an array with named axes sizes: a scalar has none, a vector one, a matrix two, a derivative any number.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from typing import Any

from matcalc.expr import Dim
from matcalc.records import dataclass

__all__ = ["BATCH", "Axes", "Program", "Value", "flat", "needed", "size_of", "unflattened"]

#: The size of the leading axis of batched values.
BATCH = Dim.of("batch size")

Axes = tuple[Dim, ...]

#: Longer sums and products are cut into parts of this many operands.
LONGEST_LINE_OF_OPERANDS = 6
#: Powers up to this one are computed by multiplication.
LARGEST_POWER_BY_PRODUCTS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One instruction and its result.

    Attributes:
        op: what computes it, a row in the table of every target.
        args: operands.
        data: what else identifies it: coefficients, axes, the name of a function.
        axes: sizes of its axes; the first one is `BATCH` where it is a stack of independent values.
        lead: how many axes behind a batch stand for indices: where functions of whole arrays are written down.
    """

    number: int
    op: str
    args: tuple[Value, ...]
    data: tuple[Any, ...]
    axes: Axes
    lead: int = 0

    @property
    def rank(self) -> int:
        return len(self.axes)

    @property
    def batched(self) -> bool:
        return bool(self.axes) and self.axes[0] == BATCH

    @property
    def stacked(self) -> int:
        """How many axes in front tell one value from another: those of a batch and of indices."""
        return self.batched + self.lead

    @property
    def own_axes(self) -> Axes:
        """The axes of one value of the stack."""
        return self.axes[self.stacked :]

    @property
    def is_flipped(self) -> bool:
        """Whether it is the transpose of each matrix of a value."""
        k = self.rank
        return self.op == "permute" and self.data == (*range(k - 2), k - 1, k - 2)

    def seen(self, lead: int) -> Value:
        """The value with so many axes in front taken for those of indices."""
        return self if lead == self.lead else replace(self, lead=lead)

    @property
    def operands(self) -> tuple[Value, ...]:
        """The operands of an entrywise function, with their axes of indices."""
        own = len(self.own_axes)
        return tuple(a.seen(max(a.rank - a.batched - own, 0)) for a in self.args)

    def like(self, axes: Axes) -> Axes:
        """The axes, behind those of the stack."""
        return (*self.axes[: self.stacked], *axes)

    def __repr__(self) -> str:
        inside = ", ".join([*(f"%{a.number}" for a in self.args), *map(str, self.data)])
        return f"%{self.number} = {self.op}({inside}): {tuple(map(str, self.axes))}"


def size_of(axes: Iterable[Dim], sizes: Mapping[str, int]) -> float:
    """Number of entries at these sizes."""
    total = 1.0
    for dim in axes:
        total *= dim.evaluate(sizes)
    return total


@dataclass
class Program:
    """A growing list of values; a value with the parts of a known one is the known one."""

    values: list[Value] = field(default_factory=list)
    known: dict[tuple[Any, ...], Value] = field(default_factory=dict)
    #: Factors of products whose entries along the last axis have the sum 1.
    unit_totals: set[frozenset[Value]] = field(default_factory=set)
    #: The numbers of matrices that are their own transposes.
    symmetric: set[int] = field(default_factory=set)
    #: The numbers of values that are known to be positive.
    positive: set[int] = field(default_factory=set)
    #: Whether the sizes that plans are made for were given.
    sizes_are_known: bool = False

    def has_unit_total(self, value: Value) -> bool:
        """Whether the entries along the last axis have the sum 1."""
        return frozenset(value.args if value.op == "times" else (value,)) in self.unit_totals

    def note_unit_total(self, *factors: Value) -> None:
        """Keep in mind that the product of the factors has the sum 1 along its last axis."""
        self.unit_totals.add(frozenset(map(self.plain, factors)))

    def emit(self, op: str, args: Sequence[Value], data: tuple[Any, ...], axes: Axes, lead: int | None = None) -> Value:
        """The value of an instruction; its axes of indices are those of the operands."""
        identity = (op, tuple(a.number for a in args), data, axes)
        found = self.known.get(identity)
        if found is None:
            found = Value(len(self.values), op, tuple(map(self.plain, args)), data, axes)
            self.values.append(found)
            self.known[identity] = found
        return found.seen(max((a.lead for a in args), default=0) if lead is None else lead)

    def plain(self, value: Value) -> Value:
        """The value with no axis taken for that of an index."""
        return self.values[value.number] if value.lead else value

    # --- leaves -------------------------------------------------------------------------------

    def input(self, name: str, axes: Axes) -> Value:
        return self.emit("input", (), (name,), axes)

    def number(self, value: Fraction | int) -> Value:
        return self.emit("number", (), (Fraction(value),), ())

    def size(self, dim: Dim) -> Value:
        return self.number(dim.value) if dim.value is not None else self.emit("size", (), (dim,), ())

    def leaf(self, op: str, axes: Axes, *data: Any) -> Value:
        return self.emit(op, (), data, axes)

    # --- entrywise ----------------------------------------------------------------------------

    def combine(self, pairs: Sequence[tuple[Value, Fraction]], axes: Axes | None = None) -> Value:
        """Σ c_i A_i; operands of fewer axes are scalars, axes of size 1 broadcast."""
        if not pairs:
            return self.leaf("zeros", axes or ())
        shape = axes if axes is not None else _broadcast([v.axes for v in self._aligned([v for v, _ in pairs])])
        pairs = self._collected(pairs)
        if not pairs:
            return self.leaf("zeros", shape) if shape else self.number(0)
        if len(pairs) > LONGEST_LINE_OF_OPERANDS:
            first = self.combine(pairs[:LONGEST_LINE_OF_OPERANDS])
            return self.combine([(first, Fraction(1)), *pairs[LONGEST_LINE_OF_OPERANDS:]], shape)
        if len(pairs) == 1 and pairs[0][1] == 1 and pairs[0][0].axes == shape:
            return pairs[0][0]
        if len(pairs) == 1 and pairs[0][1] == -1 and pairs[0][0].op == "combine" and pairs[0][0].axes == shape:
            return self.combine([(v, -c) for v, c in zip(pairs[0][0].operands, pairs[0][0].data, strict=True)], axes)
        if all(v.op == "number" for v, _ in pairs) and shape == ():
            return self.number(sum((v.data[0] * c for v, c in pairs), Fraction(0)))
        common = _common_factor([c for _, c in pairs])
        if len(pairs) > 1 and common != 1:
            return self.combine([(self.combine([(v, c / common) for v, c in pairs], shape), common)], shape)
        ordered = sorted(pairs, key=lambda pair: pair[1] < 0)
        return self.emit("combine", self._aligned([v for v, _ in ordered]), tuple(c for _, c in ordered), shape)

    def _aligned(self, operands: Sequence[Value]) -> list[Value]:
        """Stacked scalars beside arrays get axes of size 1, so that the stack stays in front."""
        if not any(v.stacked for v in operands):
            return list(operands)
        rank = max(len(v.own_axes) for v in operands)
        short = [rank - len(v.own_axes) if v.stacked else 0 for v in operands]
        return [
            self.expand(v, [True] * v.stacked + [False] * missing + [True] * len(v.own_axes)) if missing else v
            for v, missing in zip(operands, short, strict=True)
        ]

    def _collected(self, pairs: Sequence[tuple[Value, Fraction]]) -> list[tuple[Value, Fraction]]:
        total: dict[Value, Fraction] = {}
        for value, c in pairs:
            while value.op == "combine" and len(value.args) == 1 and value.axes == value.args[0].axes:
                value, c = value.operands[0], c * value.data[0]
            total[value] = total.get(value, Fraction(0)) + c
        return [(v, c) for v, c in total.items() if c]

    def times(self, *operands: Value) -> Value:
        """The entrywise product, with broadcasting."""
        operands = tuple(self._aligned(operands))
        shape = _broadcast([o.axes for o in operands])
        rational, kept = Fraction(1), []
        for operand in operands:
            if operand.op == "number":
                rational *= operand.data[0]
            elif operand.op == "combine" and len(operand.args) == 1 and operand.rank == operand.args[0].rank:
                rational *= operand.data[0]
                kept.append(operand.operands[0])
            else:
                kept.append(operand)
        if not kept:
            return self.number(rational)
        if any(v.op == "zeros" for v in kept):
            return self.leaf("zeros", shape)
        kept.sort(key=lambda v: v.rank)
        while len(kept) > LONGEST_LINE_OF_OPERANDS:
            kept = [self.times(*kept[:LONGEST_LINE_OF_OPERANDS]), *kept[LONGEST_LINE_OF_OPERANDS:]]
        product = kept[0] if len(kept) == 1 else self.emit("times", kept, (), shape)
        return product if rational == 1 else self.combine([(product, rational)])

    def divide(self, a: Value, b: Value) -> Value:
        a, b = self._aligned((a, b))
        return self.emit("divide", (a, b), (), _broadcast([a.axes, b.axes]))

    def power(self, base: Value, exponent: Value) -> Value:
        """base.^exponent; a number as exponent is part of the instruction."""
        if exponent.op == "number":
            return self._rational_power(base, exponent.data[0])
        base, exponent = self._aligned((base, exponent))
        return self.emit("raise", (base, exponent), (), _broadcast([base.axes, exponent.axes]))

    def _rational_power(self, base: Value, e: Fraction) -> Value:
        """Products and square roots where they are cheaper than the general power."""
        if e == 1:
            return base
        if e.denominator == 1 and 2 < e <= LARGEST_POWER_BY_PRODUCTS:
            half = self._rational_power(base, Fraction(e // 2))
            whole = self.power(half, self.number(2))
            return whole if e % 2 == 0 else self.times(base, whole)
        if e.denominator == 2 and 1 < e <= LARGEST_POWER_BY_PRODUCTS:
            return self.times(
                self._rational_power(base, e - Fraction(1, 2)), self._rational_power(base, Fraction(1, 2))
            )
        return self.emit("power", (base,), (e,), base.axes)

    def function(self, name: str, *args: Value) -> Value:
        args = tuple(self._aligned(args))
        return self.emit("function", args, (name,), _broadcast([a.axes for a in args]))

    def where(self, relation: str, x: Value, y: Value, a: Value, b: Value) -> Value:
        """a where x and y are so related, else b."""
        operands = self._aligned((x, y, a, b))
        shape = _broadcast([v.axes for v in operands])
        if not x.axes and not y.axes:  # a choice between whole arrays
            operands[2:] = [self._at_full_length(v, shape) for v in operands[2:]]
        return self.emit("where", operands, (relation,), shape)

    def _at_full_length(self, value: Value, axes: Axes) -> Value:
        return value if value.axes == axes else self.emit("broadcast", (value,), (), axes)

    def reduce(self, op: str, value: Value, axes: Sequence[int]) -> Value:
        """The largest or smallest entry (``largest``, ``smallest``) along axes."""
        kept = tuple(d for i, d in enumerate(value.axes) if i not in axes)
        return self.emit(op, (value,), tuple(axes), kept) if axes else value

    def part(self, value: Value, index: int, axes: Axes) -> Value:
        """One of several results."""
        return self.emit("part", (value,), (index,), axes)

    # --- layout -------------------------------------------------------------------------------

    def permute(self, value: Value, order: Sequence[int]) -> Value:
        order = tuple(order)
        if order == tuple(range(value.rank)) or (order == (1, 0) and value.number in self.symmetric):
            return value
        if value.op == "permute":
            return self.permute(value.args[0], [value.data[i] for i in order]).seen(value.lead)
        return self.emit("permute", (value,), order, tuple(value.axes[i] for i in order))

    def reshape(self, value: Value, axes: Axes) -> Value:
        if value.axes == axes:
            return value
        if value.op == "reshape":
            return self.reshape(value.args[0], axes).seen(value.lead)
        if not value.axes:
            return self.emit("broadcast", (value,), (), axes)
        return self.emit("reshape", (value,), (), axes)

    def expand(self, value: Value, places: Sequence[bool]) -> Value:
        """New axes of size 1: True stands for an axis of the value, False for a new one."""
        if not value.axes or all(places):
            return value
        axes = iter(value.axes)
        shape = tuple(next(axes) if place else Dim.of(1) for place in places)
        while places and not places[0]:
            places, shape = places[1:], shape[1:]
        return value if all(places) else self.emit("expand", (value,), tuple(places), shape)

    def sum(self, value: Value, axes: Sequence[int]) -> Value:
        if not axes:
            return value
        kept = tuple(d for i, d in enumerate(value.axes) if i not in axes)
        return self.emit("sum", (value,), tuple(axes), kept)

    def diagonal(self, value: Value, i: int, j: int) -> Value:
        """Entries with equal indices on two axes; their axis comes last."""
        kept = tuple(d for k, d in enumerate(value.axes) if k not in (i, j))
        return self.emit("diagonal", (value,), (i, j), (*kept, value.axes[i]))

    def take(self, value: Value, axis: int, index: Any) -> Value:
        kept = tuple(d for k, d in enumerate(value.axes) if k != axis)
        return self.emit("take", (value,), (axis, index), kept)

    def slice(self, value: Value, axis: int, start: Dim, size: Dim) -> Value:
        axes = tuple(size if k == axis else d for k, d in enumerate(value.axes))
        return self.emit("slice", (value,), (axis, start, size), axes)

    def spread(self, value: Value, pattern: tuple[int, ...], axes: Axes, onto: Value | None = None) -> Value:
        """An array that is zero where axes with one letter differ; pattern[k] is the axis of the value at axis k."""
        return self.emit("spread", (value,) if onto is None else (value, onto), pattern, axes)

    # --- linear algebra -----------------------------------------------------------------------

    def matmul(self, a: Value, b: Value) -> Value:
        """The product of matrices or vectors."""
        axes = (*(a.axes[:-1] if a.rank > 1 else ()), *(b.axes[1:] if b.rank > 1 else ()))
        return self.emit("matmul", (a, b), (), axes)

    def stacked_matmul(self, a: Value, b: Value) -> Value:
        """Products of matrices stacked along the first axis."""
        return self.emit("stacked", (a, b), (), (a.axes[0], a.axes[1], b.axes[2]))

    def dot(self, a: Value, b: Value) -> Value:
        """Σ a b over all entries of two arrays of one shape."""
        first, second = sorted((a, b), key=lambda v: v.number)
        return self.emit("dot", (first, second), (), ())

    def tensordot(self, a: Value, b: Value, left: tuple[int, ...], right: tuple[int, ...]) -> Value:
        """Contraction of pairs of axes; the other axes of a, then those of b."""
        kept_a = tuple(d for k, d in enumerate(a.axes) if k not in left)
        kept_b = tuple(d for k, d in enumerate(b.axes) if k not in right)
        return self.emit("tensordot", (a, b), (left, right), (*kept_a, *kept_b))

    def call(self, name: str, args: Sequence[Value], axes: Axes, *static: Any) -> Value:
        return self.emit("call", args, (name, *static), axes)


def _common_factor(coefficients: Sequence[Fraction]) -> Fraction:
    """2 for 2 a - 2 b, -2 for -2 a - 2 b; 1 where the coefficients have different sizes, or no size but 1."""
    size = abs(coefficients[0])
    if size == 1 or any(abs(c) != size for c in coefficients):
        return Fraction(1)
    return size if any(c > 0 for c in coefficients) else -size


def _broadcast(shapes: Sequence[Axes]) -> Axes:
    """The common shape: aligned at the end, an axis of size 1 gives way."""
    rank = max(map(len, shapes), default=0)
    result: list[Dim] = [Dim.of(1)] * rank
    for shape in shapes:
        for k, dim in enumerate(shape, rank - len(shape)):
            if not dim.is_one:
                result[k] = dim
    return tuple(result)


def needed(outputs: Iterable[Value], given: Container[Value] = ()) -> list[Value]:
    """The values that the outputs need, operands first, up to those that are given."""
    wanted = list(outputs)
    marked = set(wanted)
    while wanted:
        value = wanted.pop()
        for arg in value.args if value not in given else ():
            if arg not in marked:
                marked.add(arg)
                wanted.append(arg)
    return sorted(marked, key=lambda v: v.number)


def flat(outputs: Sequence[Value]) -> tuple[list[tuple[Any, ...]], tuple[int, ...]]:
    """What the outputs need as a list without references, for pickle, and the places of the outputs."""
    values = needed(outputs)
    places = {v: k for k, v in enumerate(values)}
    parts = [(v.op, tuple(places[a] for a in v.args), v.data, v.axes) for v in values]
    return parts, tuple(places[v] for v in outputs)


def unflattened(plan: tuple[Sequence[tuple[Any, ...]], Sequence[int]]) -> tuple[Value, ...]:
    """The outputs of a list that `flat` made."""
    values: list[Value] = []
    for number, (op, places, data, axes) in enumerate(plan[0]):
        values.append(Value(number, op, tuple(values[k] for k in places), data, axes))
    return tuple(values[k] for k in plan[1])
