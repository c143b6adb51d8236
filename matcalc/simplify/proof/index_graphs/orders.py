"""Relations between indices in products: [i >= j] is one edge, and every other relation is written with it.

[i >= j] + [j >= i] = 1 + [i = j]. So a product that stays the same where i and j are exchanged is half of that without the
relation and that with i = j, Σ_{i<j} f_ij = 1/2 Σ_{i≠j} f_ij for a symmetric f; any other has its relations turned so that it is
the least of its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from matcalc.expr import Dim
from matcalc.simplify.proof.index_graphs.networks import Canonical, Indices, Product, canonical, merged

__all__ = ["PARTS", "relation", "turned"]

#: The label of the edge between i and j with i >= j.
LOWER = ("at least",)
#: In products of more relations than this they stay as they are.
MOST_RELATIONS = 3

Pair = tuple[int, int]

#: Kind of a mask -> how often 1, [i >= j] and [i = j] stand in it.
PARTS: dict[str, tuple[int, int, Fraction | int]] = {
    "lower": (0, 1, 0),
    "upper": (1, -1, 1),
    "strictly_lower": (0, 1, -1),
    "strictly_upper": (1, -1, 0),
    "off_diagonal": (1, 0, -1),
    "phi": (0, 1, Fraction(-1, 2)),
}


def relation(kind: str, i: int, j: int) -> list[Product]:
    """A mask at (i, j) by 1, [i >= j] and [i = j]."""
    one, lower, equal = PARTS[kind]
    parts = [
        Product(Fraction(one)),
        Product(Fraction(lower), edges=((LOWER, (i, j)),)),
        Product(Fraction(equal), joined=((i, j),)),
    ]
    return [part for part in parts if part.coefficient]


def turned(p: Product, open_: tuple[Indices, Indices], sizes: dict[int, Dim]) -> Iterator[Product]:
    """Products whose sum it is, with relations turned one way."""
    name = merged(p.joined)
    pairs = [(name(ends[0]), name(ends[1])) for label, ends in p.edges if label == LOWER]
    kept = list(dict.fromkeys((i, j) for i, j in pairs if i != j))  # [i >= i] = 1
    plain = replace(p, edges=tuple((label, ends) for label, ends in p.edges if label != LOWER))
    both = next(((i, j) for i, j in kept if (j, i) in kept), None)
    if both is not None:
        yield from turned(_with(_joined(plain, both), kept), open_, sizes)
    elif kept and len(kept) <= MOST_RELATIONS:
        yield from _Turning(plain, open_, sizes).of(kept)
    else:
        yield _with(plain, kept)


def _with(plain: Product, pairs: Sequence[Pair]) -> Product:
    return replace(plain, edges=(*plain.edges, *((LOWER, pair) for pair in pairs)))


def _joined(p: Product, pair: Pair) -> Product:
    return replace(p, joined=(*p.joined, pair))


class _Turning:
    """Relations of one product, turned so that what comes out is the least."""

    def __init__(self, plain: Product, open_: tuple[Indices, Indices], sizes: dict[int, Dim]) -> None:
        self.plain, self.open, self.sizes = plain, open_, sizes

    def of(self, pairs: list[Pair]) -> Iterator[Product]:
        ways = product(*((pair, pair[::-1]) for pair in pairs))
        least = min(ways, key=lambda way: self._form(way).key)
        factor = Fraction(1)
        for k, (pair, wanted) in enumerate(zip(pairs, least, strict=True)):
            if pair != wanted:  # [i >= j] = 1 + [i = j] - [j >= i]
                yield from self._without(k, [*least[:k], *pairs[k:]], factor)
                factor = -factor
        form = self._form(least)
        for k, pair in enumerate(least):
            other = self._form([*least[:k], pair[::-1], *least[k + 1 :]])
            if other.key == form.key and other.coefficient == form.coefficient:
                yield from self._without(k, least, factor / 2)
                return
        yield replace(_with(self.plain, least), coefficient=factor * self.plain.coefficient)

    def _form(self, pairs: Sequence[Pair]) -> Canonical:
        return canonical(_with(self.plain, pairs), self.open, self.sizes)

    def _without(self, k: int, pairs: Sequence[Pair], factor: Fraction) -> Iterator[Product]:
        """Without one of the relations, and with its indices equal."""
        rest = replace(_with(self.plain, [*pairs[:k], *pairs[k + 1 :]]), coefficient=factor * self.plain.coefficient)
        for each in (rest, _joined(rest, pairs[k])):
            yield from turned(each, self.open, self.sizes)
