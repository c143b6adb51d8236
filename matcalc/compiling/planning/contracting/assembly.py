"""Arrays from terms: sums of contractions at their places, outer products together, what differs in one factor merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from matcalc.compiling.planning.contracting.contraction import Contractor
from matcalc.compiling.planning.contracting.terms import STACK, Factor, Indices, Term, TermAlgebra, held
from matcalc.compiling.planning.program import BATCH, Axes, Program, Value
from matcalc.compiling.stability.probabilities.covariance import with_covariances
from matcalc.expr import ONE, Dim

__all__ = ["Assembler"]

Terms = list[Term]


class Assembler:
    """Lowers sums of terms into a program."""

    def __init__(self, algebra: TermAlgebra, contractor: Contractor) -> None:
        self.algebra = algebra
        self.contractor = contractor
        self.program: Program = algebra.program

    def dense(self, terms: Terms, own: Callable[[Term], list[Indices]] | None = None, lead: Indices = ()) -> Value:
        """The sum of the terms as one array with an axis for each group of indices, rows and columns by default.

        In front of them are the axes of the indices ``lead`` of the expression.
        """
        sides = own or (lambda t: [g for g in (t.rows, t.cols) if g])

        def groups(t: Term) -> list[Indices]:
            return [*((i,) for i in lead), *sides(t)]

        if not terms:
            raise AssertionError("a sum without terms")
        terms = with_covariances(self.algebra, terms, lambda t: [i for group in groups(t) for i in group])
        batched = any(STACK in f.indices for t in terms for f in t.factors)
        axes = (*([BATCH] if batched else []), *(self._axis(group) for group in groups(terms[0])))
        byshape: dict[tuple[Axes, tuple[int, ...]], list[tuple[Value, Fraction]]] = {}
        layouts = [(t, [*([STACK] if batched else []), *(i for group in groups(t) for i in group)]) for t in terms]
        outer, others = self._outer_products(layouts)
        for shape, value in outer:
            byshape.setdefault((shape, tuple(range(len(shape)))), []).append((value, Fraction(1)))
        for term, flat in others:
            distinct = list(dict.fromkeys(flat))
            pattern = tuple(distinct.index(i) for i in flat)
            term = self._with_small_coefficient(term, distinct)
            compact = self.contractor.contract(term.factors, distinct, laid_out=len(terms) > 1)
            value = self.contractor.broadcast(compact, distinct) if compact.indices else compact.value
            shape = tuple(self.algebra.sizes[i] for i in flat)
            byshape.setdefault((shape, pattern), []).append((value, term.coefficient))
        parts = sorted(byshape.items(), key=lambda item: len(set(item[0][1])) < len(item[0][1]))
        total: Value | None = None
        for (shape, pattern), pairs in parts:
            total = self._added(total, pairs, shape, pattern, axes)
        assert total is not None
        return total

    def _outer_products(
        self, layouts: list[tuple[Term, list[int]]]
    ) -> tuple[list[tuple[Axes, Value]], list[tuple[Term, list[int]]]]:
        """Σ A_t ⊗ B_t over terms whose factors hold the same axes, as one product of two matrices; the other terms."""
        sums: dict[tuple[Axes, Indices, Indices], list[tuple[Value, Value]]] = {}
        others = []
        for term, flat in layouts:
            split = self._two_factors(term, flat)
            if split is None:
                others.append((term, flat))
                continue
            left, right = split
            places = [tuple(flat.index(i) for i in f.indices) for f in split]
            shape = tuple(self.algebra.sizes[i] for i in flat)
            sums.setdefault((shape, places[0], places[1]), []).append((left.value, right.value))
        return [(key[0], self._outer_sum(*key, pairs)) for key, pairs in sums.items()], others

    def _two_factors(self, term: Term, flat: list[int]) -> tuple[Factor, Factor] | None:
        """The two arrays whose outer product a term is, the one with the first axis first."""
        if len(flat) < 3 or len(set(flat)) < len(flat) or STACK in flat:
            return None
        factors = self.contractor.settled(term).factors
        arrays = [f for f in factors if f.indices]
        if len(arrays) != 2 or set(arrays[0].indices) & set(arrays[1].indices):
            return None
        ordered = []
        for f in sorted(arrays, key=lambda f: min(flat.index(i) for i in f.indices)):
            indices = tuple(sorted(f.indices, key=flat.index))
            ordered.append(Factor(self.contractor.aligned(f, indices), indices))
        if sum(len(f.indices) for f in ordered) < len(flat):
            return None
        scalars = [f.value for f in factors if not f.indices]
        smaller = 0 if len(ordered[0].indices) <= len(ordered[1].indices) else 1
        scaled_ = self.program.times(*scalars, ordered[smaller].value) if scalars else ordered[smaller].value
        scaled_ = self.program.combine([(scaled_, term.coefficient)])
        ordered[smaller] = Factor(scaled_, ordered[smaller].indices)
        return ordered[0], ordered[1]

    def _outer_sum(self, shape: Axes, left: Indices, right: Indices, pairs: list[tuple[Value, Value]]) -> Value:
        sizes = [tuple(shape[k] for k in side) for side in (left, right)]
        if len(pairs) == 1:
            (a, b), *_ = pairs
            value = self.program.emit("outer", (a, b), (), (*sizes[0], *sizes[1]))
        else:
            lengths = [(self._merged_size(side),) for side in sizes]
            count = Dim.of(len(pairs))
            columns = [self.program.reshape(a, lengths[0]) for a, _ in pairs]
            rows = [self.program.reshape(b, lengths[1]) for _, b in pairs]
            one = self.program.emit("stack", columns, (1,), (*lengths[0], count))
            two = self.program.emit("stack", rows, (0,), (count, *lengths[1]))
            value = self.program.reshape(self.program.matmul(one, two), (*sizes[0], *sizes[1]))
        placed = (*left, *right)
        return self.program.permute(value, [placed.index(k) for k in range(len(shape))])

    def _merged_size(self, dims: Axes) -> Dim:
        size = ONE
        for d in dims:
            size = size * d
        return size

    def _with_small_coefficient(self, term: Term, kept: Sequence[int]) -> Term:
        """Where the result is larger than every factor, its coefficient is a factor, too."""
        present = {i for f in term.factors for i in f.indices}
        largest = max((len(f.indices) for f in term.factors), default=0)
        if term.coefficient == 1 or len(present.intersection((*kept, STACK))) <= max(largest, 2):
            return term
        number = Factor(self.program.number(term.coefficient), ())
        return replace(term, coefficient=Fraction(1), factors=(*term.factors, number))

    def _added(
        self,
        total: Value | None,
        pairs: list[tuple[Value, Fraction]],
        shape: Axes,
        pattern: tuple[int, ...],
        axes: Axes,
    ) -> Value:
        ranks = max(pattern, default=-1) + 1
        compact_axes = tuple(shape[pattern.index(k)] for k in range(ranks))
        if ranks == len(pattern):
            full = self.program.reshape(self._filled(self.program.combine(pairs), compact_axes), axes)
            return full if total is None else self.program.combine([(total, Fraction(1)), (full, Fraction(1))])
        compact = self.program.combine(pairs)
        base = None if total is None else self.program.reshape(total, shape)
        return self.program.reshape(self.program.spread(compact, pattern, shape, base), axes)

    def _filled(self, value: Value, axes: Axes) -> Value:
        """The value with every axis at its full length."""
        return value if value.axes == axes else self.program.emit("broadcast", (value,), (), axes)

    def _axis(self, group: Indices) -> Dim:
        return self._merged_size(tuple(self.algebra.sizes[i] for i in group))

    def merged(self, terms: Terms) -> Terms:
        """Terms that differ in one factor only, as one term with the sum of these factors: A L + (V ⊙ A) L."""
        result: Terms = []
        for term in map(self.algebra.canonical, terms):
            for k, other in enumerate(result):
                both = self._together(other, term)
                if both is not None:
                    result[k] = both
                    break
            else:
                result.append(term)
        return result

    def _together(self, a: Term, b: Term) -> Term | None:
        if (a.rows, a.cols, a.directions) != (b.rows, b.cols, b.directions):
            return None
        rest_a, rest_b = list(a.factors), list(b.factors)
        common = []
        for factor in a.factors:
            if factor in rest_b:
                common.append(factor)
                rest_a.remove(factor)
                rest_b.remove(factor)
        if len(rest_a) > 1 or len(rest_b) > 1 or not common:
            return None
        one = Factor(self.program.number(1), ())
        left, right = (self.contractor.distinct(*rest) if rest else one for rest in (rest_a, rest_b))
        if left.indices and right.indices and set(left.indices) != set(right.indices):
            return None
        indices = left.indices or right.indices
        # An index that only one of them has would be summed over the other one, too.
        if not (left.indices and right.indices) and set(indices) - {*a.open_indices, *self.algebra.kept} - held(common):
            return None
        values = [f.value if not f.indices else self.contractor.aligned(f, indices) for f in (left, right)]
        pairs = list(zip(values, (a.coefficient, b.coefficient), strict=True))
        value = self.program.combine(pairs)
        if value.op == "number" and not value.data[0]:  # the two cancel
            return replace(a, coefficient=Fraction(1), factors=(self._zeros(a.open_indices),))
        return replace(a, coefficient=Fraction(1), factors=(*common, Factor(value, indices)))

    def _zeros(self, indices: Indices) -> Factor:
        """Zeros with an axis for each of the indices."""
        distinct = tuple(dict.fromkeys(indices))
        return Factor(self.program.leaf("zeros", tuple(self.algebra.sizes[i] for i in distinct)), distinct)

    def summed(self, terms: Terms) -> Term:
        """The sum of the terms as one array, with single indices for rows and columns."""
        moving = sorted((d for d, _, _ in terms[0].directions), key=lambda d: d.key)

        def sides(term: Term) -> list[Indices]:
            found = {d: (r, c) for d, r, c in term.directions}
            return [term.rows, term.cols, *(side for d in moving for side in found[d])]

        lead = self.algebra.lead(terms)
        value = self.dense(terms, lambda t: [side for side in sides(t) if side], lead)
        new = [(self.algebra.index(self._axis(side)),) if side else () for side in sides(terms[0])]
        directions = tuple((d, new[2 * k + 2], new[2 * k + 3]) for k, d in enumerate(moving))
        factor = self.algebra.factor(value, (*lead, *(i for side in new for i in side)))
        return Term(Fraction(1), (factor,), new[0], new[1], directions)
