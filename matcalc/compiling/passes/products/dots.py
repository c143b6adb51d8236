"""Sums of entrywise products of matrix products, by the products that are there: <L, F F^T> = <F, L F>."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import field

from matcalc.compiling.passes.fragile import fragile_values
from matcalc.compiling.planning.program import Program, Value, needed
from matcalc.records import dataclass

__all__ = ["with_shared_dots"]

#: Of longer products not every way to part them is tried.
LONGEST = 8

#: A matrix by its value, and whether transposed.
Link = tuple[Value, bool]
Links = tuple[Link, ...]


def with_shared_dots(program: Program, outputs: Sequence[Value]) -> list[Value]:
    """The outputs with tr(A B C D) as <(A B)^T, C D> for products A B and C D that something else needs.

    A square stays one, and so does what is magnified where it is small.
    """
    values = needed(outputs)
    uses = Counter(a for v in values for a in v.args) + Counter(outputs)
    known = _Known(program)
    for v in values:
        known.note(v)
    fragile = fragile_values(values)
    chosen = {v: found for v in values if v.op == "dot" and v not in fragile and (found := known.parted(v, uses))}
    new: dict[Value, Value] = {}
    for v in _in_order(values, chosen):
        if v in chosen:
            (left, first), (right, second) = chosen[v]
            turned = program.permute(new[left], (1, 0)) if first != second else new[left]
            new[v] = program.dot(turned, new[right])
        else:
            new[v] = program.emit(v.op, [new[a] for a in v.args], v.data, v.axes)
    return [new[v] for v in outputs]


def _in_order(values: Sequence[Value], chosen: dict[Value, tuple[Link, Link]]) -> list[Value]:
    """The values, each behind those that it is made of from now on."""
    done: dict[Value, None] = {}
    for v in values:
        stack = [v]
        while stack:
            top = stack[-1]
            below = [x for x, _ in chosen[top]] if top in chosen else top.args
            waiting = [a for a in below if a not in done]
            if waiting and top not in done:
                stack += waiting
            else:
                done.setdefault(stack.pop())
    return list(done)


@dataclass
class _Known:
    """The chains of factors of matrix products, and the product that each is."""

    program: Program
    links: dict[Value, Links] = field(default_factory=dict)
    products: dict[Links, Link] = field(default_factory=dict)

    def note(self, v: Value) -> None:
        """Keep the factors of a value of two axes."""
        if v.rank != 2:
            return
        if v.op == "matmul" and all(a.rank == 2 for a in v.args):
            found = tuple(link for a in v.args for link in self.links[a])
            self.products.setdefault(found, (v, False))
            self.products.setdefault(self._turned(found), (v, True))
            self.links[v] = found if len(found) <= LONGEST else ((v, False),)
        elif v.op == "permute":
            self.links[v] = self._turned(self.links[v.args[0]])
        else:
            self.links[v] = ((v, False),)

    def _turned(self, links: Links) -> Links:
        return tuple((v, not turned and v.number not in self.program.symmetric) for v, turned in reversed(links))

    def parted(self, v: Value, uses: Counter[Value]) -> tuple[Link, Link] | None:
        """Two factors for a dot product, none of which is computed for it alone; None where it has such."""
        a, b = v.args
        own = {x for x in map(_upright, v.args) if x.op == "matmul" and uses[x] == 1}
        if a is b or a.rank != 2 or not own:
            return None
        ring = (*self._turned(self.links[a]), *self.links[b])
        for start in range(len(ring)):
            for stop in range(start + 1, min(len(ring), start + len(ring))):
                first, second = ring[start:stop], (*ring[stop:], *ring[:start])
                left, right = self._there(self._turned(first), own), self._there(second, own)
                if left is not None and right is not None:
                    return left, right
        return None

    def _there(self, links: Links, own: set[Value]) -> Link | None:
        if len(links) == 1:
            return links[0]
        found = self.products.get(links)
        return None if found is None or found[0] in own else found


def _upright(v: Value) -> Value:
    return v.args[0] if v.op == "permute" else v
