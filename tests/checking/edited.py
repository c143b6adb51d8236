"""Claims with one factor more, one less, two of them exchanged or one transposed: what a sentence says would make one right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations

from matcalc.errors import DomainError
from matcalc.expr import (
    Node,
    ShapeMismatch,
    chain,
    combine,
    factors,
    hadamard,
    is_number,
    matmul,
    matrix_power,
    multiply,
    number,
    power,
    rebuild,
    scale,
    terms,
    transpose,
)

__all__ = ["texts_with_factor", "with_factor", "with_one_exchanged", "with_one_transposed", "without_factor"]

#: Of so many terms some may have stood in brackets.
MOST_TERMS = 6
LARGEST_POWER = 6
#: Makes a node, where its shapes fit.
Make = Callable[[], Node]


def _edited(node: Node, edits: Callable[[Node], Iterator[Make]]) -> Iterator[Node]:
    """The node with one edit at one of its places: what stands twice is edited once."""
    for make in edits(node):
        yield from _made(make)
    for i, part in enumerate(node.args):
        for changed in _edited(part, edits):
            yield from _made(partial(rebuild, node, (*node.args[:i], changed, *node.args[i + 1 :])))


def _made(make: Make) -> Iterator[Node]:
    try:
        yield make()
    except (ShapeMismatch, DomainError, AssertionError, ValueError):
        return


def with_factor(claim: Node, factor: Node) -> Iterator[Node]:
    """Everything that the claim is with the factor, or its transpose, somewhere in it."""
    for f in dict.fromkeys((factor, transpose(factor))):
        yield from _edited(claim, partial(_products, f))


def _links(part: Node) -> tuple[Node, ...]:
    """The factors of a product, those of a power one by one."""
    found: list[Node] = []
    for link in chain(part):
        k = is_number(link.args[1]) if link.op == "matpow" else None
        if k is not None and k.denominator == 1 and 1 < abs(k) <= LARGEST_POWER:
            found += [matrix_power(link.args[0], 1 if k > 0 else -1)] * int(abs(k))
        else:
            found.append(link)
    return tuple(found)


def _products(f: Node, part: Node) -> Iterator[Make]:
    """f times the part, or times some of its terms, which a bracket may have held; f between the factors of a power."""
    yield from _times(f, part)
    links = _links(part)
    if links != chain(part):
        yield from (partial(matmul, *links[:i], f, *links[i:]) for i in range(1, len(links)))
    pairs = terms(part)
    for count in range(2, len(pairs) if len(pairs) <= MOST_TERMS else 0):
        for inside in combinations(pairs, count):
            rest = combine([pair for pair in pairs if pair not in inside], part.shape)
            yield from (partial(_sum, make, rest) for make in _times(f, combine(inside, part.shape)))


def _times(f: Node, part: Node) -> Iterator[Make]:
    if f.is_scalar or part.is_scalar:
        yield partial(scale, *((f, part) if f.is_scalar else (part, f)))
        return
    yield partial(matmul, f, part)
    yield partial(matmul, part, f)
    yield partial(hadamard, f, part)


def _sum(make: Make, rest: Node) -> Node:
    return make() + rest


def texts_with_factor(claim: str, factor: str) -> Iterator[str]:
    """The text with the factor between two of its signs, where what is typed cancels once it is read."""
    for place in re.finditer(r"(?<=[\w)\]]) (?=[\w(\[])|(?<=\()(?=\w)|$|^", claim):
        for product in (f" ({factor}) ", f" .* ({factor}) "):
            yield claim[: place.start()] + product + claim[place.end() :]


def without_factor(claim: Node) -> Iterator[tuple[Node, Node]]:
    """(a factor, what the claim is without it), at every place."""
    removed: list[Node] = []

    def edits(part: Node) -> Iterator[Make]:
        for taken, rest in _without(part):
            removed.append(taken)
            yield rest

    for changed in _edited(claim, edits):
        yield removed[-1], changed


def _without(part: Node) -> Iterator[tuple[Node, Make]]:
    links = _links(part)
    for i in range(len(links)):
        for j in range(i + 1, len(links) + 1):
            if j - i < len(links):
                yield matmul(*links[i:j]), partial(matmul, *links[:i], *links[j:])
    if part.op == "power":
        pairs = factors(part)
        for b, e in pairs:
            yield power(b, e), partial(hadamard, number(1), *(power(c, f) for c, f in pairs if c is not b))
    if part.op == "scale":
        scalar, body = part.args
        yield scalar, lambda: body
        for taken, rest in _without(scalar):
            yield taken, lambda rest=rest: multiply(rest(), body)  # type: ignore[misc]


def with_one_exchanged(claim: Node) -> Iterator[Node]:
    """Two neighbours of a product in the other order, each of them a factor or several."""

    def edits(part: Node) -> Iterator[Make]:
        links = _links(part)
        for i in range(len(links)):
            for j in range(i + 1, len(links)):
                for k in range(j + 1, len(links) + 1):
                    yield partial(matmul, *links[:i], *links[j:k], *links[i:j], *links[k:])

    return _edited(claim, edits)


def with_one_transposed(claim: Node) -> Iterator[Node]:
    """One factor, or several beside each other, transposed."""

    def turned(links: tuple[Node, ...], i: int, j: int) -> Node:
        return matmul(*links[:i], transpose(matmul(*links[i:j])), *links[j:])

    def edits(part: Node) -> Iterator[Make]:
        links = _links(part)
        for i in range(len(links)):
            for j in range(i + 1, len(links) + 1):
                yield partial(turned, links, i, j)

    return _edited(claim, edits)
