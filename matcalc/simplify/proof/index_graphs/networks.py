"""Networks of factors that share indices: products of labelled edges, and one labelling for all that are the same."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import prod

from matcalc.expr import Dim
from matcalc.records import dataclass

__all__ = [
    "ANTISYMMETRIC",
    "DEPENDING",
    "NOTHING",
    "SYMMETRIC",
    "Canonical",
    "Indices",
    "Label",
    "NormalForm",
    "Product",
    "TooLarge",
    "canonical",
    "collected",
    "merged",
    "size_label",
]


Indices = tuple[int, ...]
Label = tuple[Hashable, ...]
#: A sum of products: the key of a canonical network -> its coefficient.
NormalForm = tuple[tuple[Hashable, Fraction], ...]

#: The first part of the label of an edge whose two ends are alike, and of one that changes its sign where they are exchanged.
SYMMETRIC = "symmetric"
ANTISYMMETRIC = "antisymmetric"
#: Then, of a factor that depends on indices of sums: what it is where its two ends meet, if that is a number.
DEPENDING = "depending"

#: Ties are broken by at most this many trial labellings of one network.
MOST_LABELLINGS = 2000


class TooLarge(Exception):
    """The normal form would be too long, or its symmetries too many."""


@dataclass(frozen=True, slots=True)
class Product:
    """coefficient · Π scalars · Σ over inner indices of Π edges, with pairs of indices that are equal."""

    coefficient: Fraction
    scalars: tuple[tuple[Hashable, Hashable], ...] = ()
    edges: tuple[tuple[Label, Indices], ...] = ()
    joined: tuple[tuple[int, int], ...] = ()
    inner: Indices = ()

    def times(self, other: Product) -> Product:
        return Product(
            self.coefficient * other.coefficient,
            self.scalars + other.scalars,
            self.edges + other.edges,
            self.joined + other.joined,
            self.inner + other.inner,
        )


NOTHING = Product(Fraction(1))


def collected(products: Sequence[Product], open_: tuple[Indices, Indices], sizes: dict[int, Dim]) -> NormalForm:
    """The sum of products as networks that are the same for equal ones, with what each is multiplied by."""
    total: dict[Hashable, Fraction] = {}
    for p in products:
        found = canonical(p, open_, sizes)
        for scalars, coefficient in _with_sizes(found):
            key = scalars, found.network
            total[key] = total.get(key, Fraction(0)) + coefficient
    return tuple(sorted(((k, c) for k, c in total.items() if c), key=repr))


@dataclass(frozen=True, slots=True)
class Canonical:
    """A product relabelled so that equal ones are equal; ``lonely`` are the sizes of indices that no factor knows."""

    scalars: tuple[tuple[Hashable, Hashable], ...]
    lonely: tuple[Dim, ...]
    network: Hashable
    coefficient: Fraction

    @property
    def key(self) -> str:
        """The same for products that differ by a number only."""
        return repr((sorted(self.scalars, key=repr), sorted(map(str, self.lonely)), self.network))


def canonical(p: Product, open_: tuple[Indices, Indices], sizes: dict[int, Dim]) -> Canonical:
    """One product with its indices numbered canonically."""
    name = merged(p.joined)
    edges, factor = _without_met([(label, tuple(name(i) for i in ends)) for label, ends in p.edges])
    outside = tuple(tuple(name(i) for i in side) for side in open_)
    fixed = {i for side in outside for i in side}
    edges, name = _cancel_inverses(edges, fixed, name)
    outside = tuple(tuple(name(i) for i in side) for side in outside)
    used = {i for _, ends in edges for i in ends} | {i for side in outside for i in side}
    lonely = sorted({name(i) for i in p.inner} - used)
    network, sign = _relabelled(edges, outside)
    return Canonical(p.scalars, tuple(sizes[i] for i in lonely), network, sign * factor * p.coefficient)


def _without_met(edges: list[tuple[Label, Indices]]) -> tuple[list[tuple[Label, Indices]], Fraction]:
    """Without the factors whose ends meet where that makes them numbers, and the product of these."""
    kept: list[tuple[Label, Indices]] = []
    factor = Fraction(1)
    for label, ends in edges:
        own = label[1:] if label[0] in (SYMMETRIC, ANTISYMMETRIC) else label
        if own[0] == DEPENDING and isinstance(own[1], Fraction) and ends[0] == ends[1]:
            factor *= own[1]
        else:
            kept.append((label, ends))
    return kept, factor


def _with_sizes(p: Canonical) -> Iterator[tuple[Hashable, Fraction]]:
    """Σ_i 1 = n for each lonely index: the scalars of every term of the product of their sizes."""
    for monomials in product(*(size.terms for size in p.lonely)):
        coefficient = p.coefficient
        scalars = list(p.scalars)
        for powers, c in monomials:
            coefficient *= c
            scalars += [(size_label(Dim.of(name)), power) for name, power in powers]
        yield tuple(sorted(_merge_scalars(scalars), key=repr)), coefficient


def size_label(size: Dim) -> Label:
    """What the number n is called among scalars."""
    return "size", str(size)


def merged(joined: Sequence[tuple[int, int]]) -> _Names:
    names = _Names()
    for a, b in joined:
        names.join(a, b)
    return names


class _Names:
    """Which indices are the same."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}

    def __call__(self, i: int) -> int:
        while i in self.parent:
            i = self.parent[i]
        return i

    def join(self, a: int, b: int) -> None:
        a, b = self(a), self(b)
        if a != b:
            self.parent[max(a, b)] = min(a, b)


def _merge_scalars(scalars: Sequence[tuple[Hashable, Hashable]]) -> tuple[tuple[Hashable, Hashable], ...]:
    total: dict[Hashable, list[Hashable]] = {}
    for base, exponent in scalars:
        total.setdefault(base, []).append(exponent)
    merged: list[tuple[Hashable, Hashable]] = []
    for base, exponents in total.items():
        numbers = [e for e in exponents if isinstance(e, (int, Fraction))]
        rest = sorted((e for e in exponents if not isinstance(e, (int, Fraction))), key=repr)
        power = Fraction(sum(numbers, Fraction(0)))
        if power:
            merged.append((base, power))
        merged.extend((base, e) for e in rest)
    return tuple(merged)


def _cancel_inverses(
    edges: list[tuple[Label, Indices]], fixed: set[int], names: _Names
) -> tuple[list[tuple[Label, Indices]], _Names]:
    """X_ij (X^-1)_jk = δ_ik where no other factor knows j."""
    while True:
        found = _inverse_pair(edges, fixed)
        if found is None:
            return edges, names
        a, b, i, j, k = found
        names.join(i, k)
        names.join(i, j)
        edges = [(label, tuple(names(x) for x in ends)) for n, (label, ends) in enumerate(edges) if n not in (a, b)]
        fixed = {names(x) for x in fixed}


def _inverse_pair(edges: list[tuple[Label, Indices]], fixed: set[int]) -> tuple[int, int, int, int, int] | None:
    degree: dict[int, int] = {}
    for _, ends in edges:
        for i in ends:
            degree[i] = degree.get(i, 0) + 1
    for a, (label, ends) in enumerate(edges):
        inner = _inverted(label)
        if inner is None or len(ends) != 2:
            continue
        for b, (other, other_ends) in enumerate(edges):
            if b == a or len(other_ends) != 2:
                continue
            for mine, theirs in _meeting_places(other, inner):
                j = ends[mine]
                if other_ends[theirs] == j and degree[j] == 2 and j not in fixed:
                    return a, b, ends[1 - mine], j, other_ends[1 - theirs]
    return None


def _inverted(label: Label) -> Hashable | None:
    """The normal form of X where the label is that of X^-1."""
    if label[0] == SYMMETRIC:
        label = label[1:]
    if label[0] != "matpow" or len(label) != 5:
        return None
    return label[1] if label[2] == collected([Product(Fraction(-1))], ((), ()), {}) else None


def _meeting_places(label: Label, form: Hashable) -> tuple[tuple[int, int], ...]:
    """The ends at which X with this label cancels against the inverse of the matrix with this normal form."""
    if label[0] == SYMMETRIC and form == _alone(label, (0, 1)):
        return (0, 1), (1, 0), (0, 0), (1, 1)
    if form == _alone(label, (0, 1)):
        return (0, 1), (1, 0)
    return ((0, 0), (1, 1)) if form == _alone(label, (1, 0)) else ()


def _alone(label: Label, ends: tuple[int, int]) -> Hashable:
    """The normal form of a single factor."""
    return ((((), (((0,), (1,)), ((label, ends),))), Fraction(1)),)


def _relabelled(edges: list[tuple[Label, Indices]], outside: tuple[Indices, ...]) -> tuple[Hashable, int]:
    """The edges over indices numbered canonically, part by part, and the sign that this takes: 0 where it is its own negative."""
    around, *parts = _parts(edges, outside)
    network, sign = _labelled(around, outside)
    found = [_labelled(part, ((), ())) for part in parts]
    inside = sorted((part for part, _ in found), key=repr)
    return (*network, *inside), sign * prod(s for _, s in found)


def _parts(edges: list[tuple[Label, Indices]], outside: tuple[Indices, ...]) -> list[list[tuple[Label, Indices]]]:
    """The edges that hang together: first those around the open indices, then the factors of a product of sums."""
    name = merged([(ends[0], i) for _, ends in edges for i in ends])
    roots = {name(i) for side in outside for i in side}
    parts: dict[int, list[tuple[Label, Indices]]] = {-1: []}
    for label, ends in edges:
        root = name(ends[0]) if ends else -1
        parts.setdefault(-1 if root in roots else root, []).append((label, ends))
    return list(parts.values())


def _labelled(
    edges: list[tuple[Label, Indices]], outside: tuple[Indices, ...]
) -> tuple[tuple[Hashable, Hashable], int]:
    """One part of the network."""
    vertices = sorted({i for _, ends in edges for i in ends} | {i for side in outside for i in side})
    colours: dict[int, Hashable] = {
        v: tuple((s, k) for s, side in enumerate(outside) for k, i in enumerate(side) if i == v) for v in vertices
    }
    budget = [MOST_LABELLINGS]
    found = [(repr(network), network, sign) for network, sign in _labellings(edges, outside, _ranked(colours), budget)]
    least, network, sign = min(found, key=lambda f: f[0])
    return network, sign if all(other == sign for key, _, other in found if key == least) else 0


def _ranked(colours: dict[int, Hashable]) -> dict[int, int]:
    order = {c: r for r, c in enumerate(sorted(set(colours.values()), key=repr))}
    return {v: order[c] for v, c in colours.items()}


def _refined(edges: list[tuple[Label, Indices]], colours: dict[int, int]) -> dict[int, int]:
    """Colour refinement until the partition is stable."""
    while True:
        seen: dict[int, list[Hashable]] = {v: [] for v in colours}
        for label, ends in edges:
            for place, i in enumerate(ends):
                alike = label[0] in (SYMMETRIC, ANTISYMMETRIC)
                around = tuple(colours[j] for j in (ends if not alike or place == 0 else reversed(ends)))
                seen[i].append((label, 0 if alike else place, around))
        finer = _ranked({v: (colours[v], tuple(sorted(map(repr, seen[v])))) for v in colours})
        if len(set(finer.values())) == len(set(colours.values())):
            return finer
        colours = finer


def _renamed(label: Label, ends: Indices, colours: dict[int, int]) -> tuple[Indices, int]:
    """The new ends and a sign."""
    places = tuple(colours[i] for i in ends)
    if label[0] not in (SYMMETRIC, ANTISYMMETRIC):
        return places, 1
    first, second = sorted(places)
    sign = (places[0] < places[1]) - (places[0] > places[1])
    return (first, second), 1 if label[0] == SYMMETRIC else sign


def _labellings(
    edges: list[tuple[Label, Indices]], outside: tuple[Indices, ...], colours: dict[int, int], budget: list[int]
) -> Iterator[tuple[tuple[Hashable, Hashable], int]]:
    """The networks under every labelling that refinement leaves open, with their signs."""
    budget[0] -= 1
    if budget[0] < 0:
        raise TooLarge
    colours = _refined(edges, colours)
    classes: dict[int, list[int]] = {}
    for v, c in colours.items():
        classes.setdefault(c, []).append(v)
    tied = next((vs for c, vs in sorted(classes.items()) if len(vs) > 1), None)
    if tied is None:
        renamed = [(label, *_renamed(label, ends, colours)) for label, ends in edges]
        network = tuple(sorted(((label, ends) for label, ends, _ in renamed), key=repr))
        yield (tuple(tuple(colours[i] for i in side) for side in outside), network), prod(s for *_, s in renamed)
        return
    for v in tied:
        yield from _labellings(
            edges, outside, {u: 2 * c + (u != v and c == colours[v]) for u, c in colours.items()}, budget
        )
