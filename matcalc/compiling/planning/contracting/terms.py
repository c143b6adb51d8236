"""Products of arrays with named indices: how the plan sees whatever is multilinear.

A term is a coefficient times a product of factors, each with one index for each of its axes. Indices that occur
in no row, column or direction are summed. An identity matrix is no factor: it is one index in two places.
So ``A dX B`` with the direction E_ij is A[a, i] B[j, b], and ``dX`` alone is nothing but its two indices.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count

from matcalc.compiling.planning.program import BATCH, Program, Value
from matcalc.expr import Dim, Index, Node
from matcalc.records import dataclass

__all__ = ["STACK", "Factor", "Indices", "Mismatch", "Term", "TermAlgebra", "held"]

#: The index of the axis of independent inputs; it is never summed.
STACK = -1

#: One row, column or direction axis: several indices where it is a Kronecker product, the first one slowest.
Indices = tuple[int, ...]


class Mismatch(Exception):
    """Two composite axes are divided in different ways: one of them has to be flattened."""


@dataclass(frozen=True, slots=True)
class Factor:
    value: Value
    indices: Indices


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient · Π factors, as a matrix (rows, cols) for every direction.

    Attributes:
        directions: the perturbations in it, with the (rows, columns) indices of each basis direction.
    """

    coefficient: Fraction
    factors: tuple[Factor, ...] = ()
    rows: Indices = ()
    cols: Indices = ()
    directions: tuple[tuple[Node, Indices, Indices], ...] = ()

    @property
    def open_indices(self) -> Indices:
        """The indices of the result, with repetition."""
        found = [*self.rows, *self.cols]
        for _, rows, cols in self.directions:
            found += [*rows, *cols]
        return tuple(found)

    @property
    def indices(self) -> frozenset[int]:
        return frozenset(self.open_indices).union(*(f.indices for f in self.factors))

    @property
    def transposed(self) -> Term:
        return replace(self, rows=self.cols, cols=self.rows)

    def scaled(self, c: Fraction) -> Term:
        return self if c == 1 else replace(self, coefficient=self.coefficient * c)


class TermAlgebra:
    """Terms over one program; it knows the size of every index."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.sizes: dict[int, Dim] = {STACK: BATCH}
        self._numbers = count()
        self._stand_ins: dict[tuple[int, Dim], int] = {}
        self._slots: dict[Index, int] = {}
        #: What is neither renamed nor summed, until a sum over an index says so.
        self.kept: set[int] = {STACK}

    def index(self, size: Dim) -> int:
        new = next(self._numbers)
        self.sizes[new] = size
        return new

    def slot(self, index: Index) -> int:
        """What stands for an index of the expression, wherever it is free."""
        if index not in self._slots:
            self._slots[index] = self.index(index.size)
            self.kept.add(self._slots[index])
        return self._slots[index]

    def lead(self, terms: Iterable[Term]) -> Indices:
        """The indices of the expression that are free in the terms."""
        return tuple(sorted(self.kept.intersection(i for t in terms for i in t.indices) - {STACK}))

    def axis(self, size: Dim) -> Indices:
        """A new index, or none for an axis of size 1."""
        return () if size.is_one else (self.index(size),)

    def atom(self, value: Value, rows: Dim, cols: Dim, lead: Indices = ()) -> Term:
        """A value as a matrix: a scalar has no axis, a vector or row one; in front of them the axes of its indices."""
        r, c = self.axis(rows), self.axis(cols)
        return Term(Fraction(1), (self.factor(value, (*lead, *r, *c)),), r, c)

    def factor(self, value: Value, indices: Indices) -> Factor:
        """A value with an index for each of its own axes; what is only seen in another order as it is computed."""
        whole, plain = (STACK, *indices) if value.batched else indices, self.program.plain(value)
        if plain.op != "permute":
            return Factor(plain, whole)
        return Factor(plain.args[0], tuple(whole[plain.data.index(k)] for k in range(plain.rank)))

    def renamed(self, term: Term, names: Mapping[int, Indices]) -> Term:
        """The term with indices replaced; an index replaced by several divides the axes it stands at."""

        def axes(old: Indices) -> Indices:
            return tuple(new for i in old for new in names.get(i, (i,)))

        def factor(f: Factor) -> Factor:
            if not any(i in names for i in f.indices):
                return f
            new = axes(f.indices)
            if len(new) == len(f.indices):
                return Factor(f.value, new)
            return Factor(self.program.reshape(f.value, tuple(self.sizes[i] for i in new)), new)

        directions = tuple((d, axes(r), axes(c)) for d, r, c in term.directions)
        factors = tuple(factor(f) for f in term.factors)
        return Term(term.coefficient, factors, axes(term.rows), axes(term.cols), directions)

    def fresh(self, term: Term) -> Term:
        """A copy that shares no index."""
        return self.renamed(term, {i: (self.index(self.sizes[i]),) for i in sorted(term.indices - self.kept)})

    def summed(self, term: Term, index: Index) -> Term:
        """The sum of a term over an index of the expression."""
        slot = self.slot(index)
        if slot in term.indices:
            return self.renamed(term, {slot: (self.index(index.size),)})
        return replace(term, factors=(*term.factors, Factor(self.program.size(index.size), ())))

    def canonical(self, term: Term) -> Term:
        """The term with its open indices numbered in order, then the others by the factors that hold them."""
        directions = tuple(sorted(term.directions, key=lambda step: step[0].key))
        term = replace(term, directions=directions)
        factors = sorted(term.factors, key=lambda f: (f.value.number, f.indices))
        order = [*term.open_indices, *(i for f in factors for i in f.indices)]
        names = {i: (-2 - k,) for k, i in enumerate(dict.fromkeys(i for i in order if i not in self.kept))}
        for old, (new,) in names.items():
            self._stand_ins.setdefault((new, self.sizes[old]), self.index(self.sizes[old]))
        known = {old: (self._stand_ins[new, self.sizes[old]],) for old, (new,) in names.items()}
        return self.renamed(replace(term, factors=tuple(factors)), known)

    def collected(self, terms: Sequence[Term]) -> list[Term]:
        """Terms that differ in the names of summed indices and in their coefficients only, as one."""
        if len(terms) < 2 or len(self.kept) < 2:
            return list(terms)
        found: dict[object, Term] = {}
        for term in terms:
            key = self._key(term)
            known = found.get(key)
            found[key] = term if known is None else replace(known, coefficient=known.coefficient + term.coefficient)
        return [t for t in found.values() if t.coefficient] or [replace(terms[0], coefficient=Fraction(0))]

    def _key(self, term: Term) -> object:
        """The same for terms that are equal up to the names of indices; factors with named indices come first."""
        names: dict[int, int] = {}

        def named(indices: Indices) -> tuple[int, ...]:
            return tuple(i if i in self.kept else -2 - names.setdefault(i, len(names)) for i in indices)

        sides = [named(side) for side in (term.rows, term.cols, *(s for _, *both in term.directions for s in both))]
        left, done = list(term.factors), []
        while left:
            known = [
                tuple(i if i in self.kept else -2 - names.get(i, len(self.sizes)) for i in f.indices) for f in left
            ]
            place = min(range(len(left)), key=lambda k: (left[k].value.number, [-i for i in known[k]]))
            factor = left.pop(place)
            done.append((factor.value.number, named(factor.indices)))
        sizes = tuple(self.sizes[i] for i in term.open_indices)
        return tuple(sides), sizes, tuple(done), tuple(d for d, _, _ in term.directions)

    def joined(self, a: Term, b: Term) -> Term:
        """Both terms side by side, with the rows of a and the columns of b."""
        return Term(
            a.coefficient * b.coefficient, (*a.factors, *b.factors), a.rows, b.cols, (*a.directions, *b.directions)
        )

    def product(self, a: Term, b: Term) -> Term:
        """The matrix product; the operands share no index."""
        return self.closed(*self.identified(self.joined(a, b), a.cols, b.rows))

    def hadamard(self, a: Term, b: Term) -> Term:
        """The entrywise product; the operands share no index."""
        beside = replace(self.joined(a, replace(b, rows=(), cols=())), cols=a.cols)
        return self.identified(beside, (*a.rows, *a.cols), (*b.rows, *b.cols))[0]

    def trace(self, a: Term) -> Term:
        return self.closed(*self.identified(replace(a, rows=(), cols=()), a.rows, a.cols))

    def diagonal(self, a: Term) -> Term:
        """The diagonal as a column."""
        return replace(self.identified(a, a.rows, a.cols)[0], cols=())

    def closed(self, term: Term, axis: Indices) -> Term:
        """The sum over an index that nothing holds is the number of its values."""
        loose = [i for i in dict.fromkeys(axis) if i not in term.indices and i not in self.kept]
        sizes = tuple(Factor(self.program.size(self.sizes[i]), ()) for i in loose)
        return replace(term, factors=(*term.factors, *sizes)) if sizes else term

    def identified(self, term: Term, left: Indices, right: Indices) -> tuple[Term, Indices]:
        """The term with two axes made one, and that axis."""
        axis = left
        for old, new in self.matching(left, right):
            if old in self.kept:
                term = replace(term, factors=(*term.factors, self._delta(old, *new)))
            else:
                term = self.renamed(term, {old: new})
                axis = tuple(x for i in axis for x in (new if i == old else (i,)))
        return term, axis

    def _delta(self, i: int, j: int) -> Factor:
        """[i = j] for two indices of the expression."""
        i, j = sorted((i, j))
        return Factor(self.program.leaf("eye", (self.sizes[i], self.sizes[j])), (i, j))

    def matching(self, left: Indices, right: Indices) -> list[tuple[int, Indices]]:
        """Replacements, one after the other, that make two axes the same. Raises Mismatch where there are none.

        Indices of the expression stay: one in place of another says that both have to be equal.
        """
        a, b = list(left), list(right)
        names: list[tuple[int, Indices]] = []
        while a and b:
            i, j = a[0], b[0]
            if i == j:
                a, b = a[1:], b[1:]
            elif self.sizes[i] == self.sizes[j]:
                if i in self.kept or j not in self.kept:
                    i, j = j, i
                names.append((i, (j,)))
                a, b = ([j if x == i and i not in self.kept else x for x in side[1:]] for side in (a, b))
            else:
                a, b, step = self._divided(a, b)
                names.append(step)
        if a or b:
            raise Mismatch
        return names

    def _divided(self, a: list[int], b: list[int]) -> tuple[list[int], list[int], tuple[int, Indices]]:
        """The larger first index replaced by the first indices of the other side."""
        for whole, parts, whole_first in ((a, b, True), (b, a, False)):
            if whole[0] in self.kept:
                continue
            size = Dim.of(1)
            for k, part in enumerate(parts, 1):
                size = size * self.sizes[part]
                if size == self.sizes[whole[0]] and whole[0] not in parts[:k]:
                    new = tuple(self.index(self.sizes[p]) for p in parts[:k])
                    step = (whole[0], new)
                    divided = [y for x in whole for y in (new if x == whole[0] else (x,))]
                    others = [y for x in parts for y in (new if x == whole[0] else (x,))]
                    return (divided, others, step) if whole_first else (others, divided, step)
        raise Mismatch


def held(factors: Iterable[Factor]) -> frozenset[int]:
    """The indices that occur in the factors."""
    return frozenset(i for f in factors for i in f.indices)
