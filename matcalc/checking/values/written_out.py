"""Sums over indices, term by term: a typed tree at given sizes without them, so that every evaluator can read it.

A ``member`` then has numbers as places (from 0), an index is a unit column or a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

from matcalc.budget import remembered, spend
from matcalc.expr import Dim, Index
from matcalc.language import Typed
from matcalc.language.indices.ranges import Summed, Use

__all__ = ["has_indices", "member_value", "written_out"]

_HOLDS: Mapping[str, Callable[[int, int], bool]] = {
    "<": int.__lt__,
    "<=": int.__le__,
    ">": int.__gt__,
    ">=": int.__ge__,
    "!=": int.__ne__,
    "==": int.__eq__,
}
#: Products -> how many operands are factors that make it 0.
_FACTORS = {"multiply": 2, "hadamard": 2, "divide": 1, "hadamard_divide": 1}
Places = Mapping[Index, int]


def written_out(root: Typed, sizes: Mapping[str, int]) -> Typed:
    """The tree in which every sum is that of its terms; the tree itself where nothing in it has an index."""
    return _written_out(root, tuple(sorted(sizes.items()))) if has_indices(root) else root


@remembered
def _written_out(root: Typed, sizes: tuple[tuple[str, int], ...]) -> Typed:
    """The same, once for all points of these sizes."""
    return _Writer(dict(sizes)).of(root, {})


def has_indices(root: Typed) -> bool:
    """Whether there is a sum over an index in the tree, or a member, if only a fixed one as x_1."""
    seen: set[int] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node.kind in ("total", "member"):
            return True
        if id(node) not in seen:
            seen.add(id(node))
            stack.extend(node.children)
    return False


class _Writer:
    def __init__(self, sizes: Mapping[str, int]) -> None:
        self.sizes = sizes
        self.done: dict[tuple[int, tuple[tuple[Index, int], ...]], Typed] = {}
        self.free: dict[int, frozenset[Index]] = {}
        #: What is 0 since a relation does not hold: nothing that it is multiplied with needs a value.
        self.left_out: set[int] = set()

    def of(self, root: Typed, places: Places) -> Typed:
        stack: list[tuple[Typed, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            key = self._key(node, places)
            if key in self.done:
                continue
            spend()
            if node.kind == "total":
                self.done[key] = self._total(node, places)
            elif ready or not node.children:
                self.done[key] = self._built(node, places)
            else:
                stack.append((node, True))
                stack.extend((c, False) for c in node.children)
        return self.done[self._key(root, places)]

    def _key(self, node: Typed, places: Places) -> tuple[int, tuple[tuple[Index, int], ...]]:
        free = self._free(node)
        return id(node), tuple([(index, place) for index, place in places.items() if index in free]) if free else ()

    def _free(self, root: Typed) -> frozenset[Index]:
        """The indices that a part of the tree depends on."""
        if (known := self.free.get(id(root))) is not None:
            return known
        stack = [root]
        while stack:
            node = stack[-1]
            missing = [c for c in node.children if id(c) not in self.free]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            found = _indices(node).union(*(self.free[id(c)] for c in node.children))
            self.free[id(node)] = found.difference(node.value.indices) if node.kind == "total" else found
        return self.free[id(root)]

    def _total(self, node: Typed, places: Places) -> Typed:
        summed: Summed = node.value
        ranges = [range(index.size.evaluate(self.sizes)) for index in summed.indices]
        terms: list[Typed] = []
        for here in product(*ranges):
            inner = {**places, **dict(zip(summed.indices, here, strict=True))}
            if all(_HOLDS[sign](inner[left] + more, inner[right]) for sign, left, right, more in summed.relations):
                terms.append(self.of(node.children[0], inner))
        if not terms:
            return Typed("number", (), Fraction(0), node.span, node.shape)
        return Typed("add", tuple(terms), (1,) * len(terms), node.span, node.shape)

    def _built(self, node: Typed, places: Places) -> Typed:
        value: Any = node.value
        match node.kind:
            case "member":
                value = value.array, tuple(self._place(axis, places) for axis in value.axes)
            case "at":
                value = places[value]
            case "place":
                index, first = value
                return Typed("number", (), Fraction(places[index] + first), node.span, node.shape)
            case "same":
                holds = _HOLDS[value.sign](places[value.left] + value.more, places[value.right])
                return self._number(Fraction(holds), node, is_left_out=not holds)
        children = tuple(self.done[self._key(c, places)] for c in node.children)
        factors = children[: _FACTORS.get(node.kind, 0)]
        if all(d.is_one for d in node.shape) and any(id(c) in self.left_out for c in factors):
            return self._number(Fraction(0), node, is_left_out=True)
        return Typed(node.kind, children, value, node.span, node.shape)

    def _number(self, value: Fraction, node: Typed, *, is_left_out: bool) -> Typed:
        found = Typed("number", (), value, node.span, node.shape)
        if is_left_out:
            self.left_out.add(id(found))
        return found

    def _place(self, axis: Any, places: Places) -> tuple[int, int]:
        """The place from 0 along an axis, and how many there are."""
        start = axis.start.evaluate(self.sizes)
        return start + (places[axis.over] if axis.over is not None else 0), axis.size.evaluate(self.sizes)


def _indices(node: Typed) -> frozenset[Index]:
    match node.kind:
        case "member":
            use: Use = node.value
            return frozenset(axis.over for axis in use.axes if axis.over is not None)
        case "at":
            return frozenset((node.value,))
        case "place":
            return frozenset((node.value[0],))
        case "same":
            return frozenset((node.value.left, node.value.right))
        case "total":  # the terms of sum_{j<i} x_j depend on i by the relation alone
            return frozenset(index for r in node.value.relations for index in (r.left, r.right))
    return frozenset()


def member_value(
    array: Any, places: tuple[tuple[int, int], ...], shape: tuple[Dim, Dim], sizes: Mapping[str, int]
) -> Any:
    """The member of an array at its places, as a 2-d array."""
    rows, cols = (dim.evaluate(sizes) for dim in shape)
    scalar = shape[0].is_one and shape[1].is_one
    *outer, last = places
    if scalar and outer:
        flat = _flat(tuple(outer))
        return array[flat : flat + 1, last[0] : last[0] + 1]
    flat = _flat(places)
    if scalar:
        return array[flat : flat + 1, 0:1]
    if shape[1].is_one:
        return array[flat : flat + 1, 0:rows].T
    return array[flat * rows : (flat + 1) * rows, 0:cols]


def _flat(places: tuple[tuple[int, int], ...]) -> int:
    found = 0
    for place, size in places:
        found = found * size + place
    return found
