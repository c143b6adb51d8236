"""Contractions: the order of products by cost, and each step as a matrix product, a dot product or broadcasting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import combinations

from matcalc.compiling.planning.contracting.orders import MOST_FACTORS_COMPARED, Orders, Plan
from matcalc.compiling.planning.contracting.terms import STACK, Factor, Indices, Term, TermAlgebra, held
from matcalc.compiling.planning.program import Program, Value
from matcalc.expr import ONE, Dim

__all__ = ["Contractor", "leaves"]


class Contractor:
    """Lowers products of indexed factors into a program."""

    def __init__(self, algebra: TermAlgebra, costs: dict[Dim, float]) -> None:
        self.algebra = algebra
        self.program: Program = algebra.program
        self.orders = Orders(algebra, costs)
        #: Products that are there: two values and which of their axes are summed.
        self._made: set[tuple[int, int, tuple[tuple[int, int], ...]]] = set()
        self._laid_out = False
        self._final: Sequence[int] = ()

    def entries(self, indices: Iterable[int]) -> float:
        """Number of entries of an array with these indices, at typical sizes."""
        return self.orders.entries(indices)

    # --- the steps ----------------------------------------------------------------------------

    def contract(self, factors: Sequence[Factor], kept: Sequence[int], laid_out: bool = False) -> Factor:
        """One array with the kept indices that occur in the factors, in the order of ``kept``; a batch comes first.

        An outer product is cheapest as it comes, and then seen in another order; ``laid_out`` asks for it in this one.
        """
        kept = [STACK, *kept]
        scalars = [f.value for f in factors if not f.indices]
        scalar = self.program.times(*scalars) if scalars else None
        arrays = [self.distinct(f) for f in factors if f.indices]
        if not arrays:
            return Factor(scalar if scalar is not None else self.program.number(1), ())
        wanted = frozenset(kept)
        arrays = self._with_made(arrays, wanted)
        arrays = sorted(self._alone_summed(arrays, wanted), key=lambda f: _first_place(f, kept))
        if scalar is not None and not any(f.indices for f in arrays):
            arrays.append(Factor(scalar, ()))
            scalar = None
        tree = self.orders.order(arrays, wanted)
        if scalar is not None:
            arrays, tree = self._with_scalar(arrays, tree, scalar, wanted)
        self._laid_out, self._final = laid_out, kept
        return self._ordered(self._evaluate(tree, arrays, wanted, kept), kept)

    def _with_made(self, arrays: list[Factor], kept: frozenset[int]) -> list[Factor]:
        """The factors with a product in place of two where that was computed before, and others are not dearer."""
        if len(arrays) > MOST_FACTORS_COMPARED:
            return arrays
        for i, j in combinations(range(len(arrays)), 2):
            a, b = arrays[i], arrays[j]
            others = held(arrays[:i] + arrays[i + 1 : j] + arrays[j + 1 :])
            if _summed_places(a, b, kept | others) and self._identity(a, b) in self._made:
                rest = [f for k, f in enumerate(arrays) if k not in (i, j)]
                fewer = [*rest, self.pair(a, b, kept | others)]
                if self.orders.best(fewer, kept)[0] <= self.orders.best(arrays, kept)[0]:
                    return self._with_made(fewer, kept)
        return arrays

    def _identity(self, a: Factor, b: Factor) -> tuple[int, int, tuple[tuple[int, int], ...]]:
        """The same for products of the same values over the same axes; of symmetric matrices any axis is the same."""
        a, b = sorted((a, b), key=lambda f: f.value.number)
        places = [(k, b.indices.index(i)) for k, i in enumerate(a.indices) if i in b.indices]
        if len(places) == 1:
            first, second = (
                0 if f.value.number in self.program.symmetric else k for f, k in zip((a, b), places[0], strict=True)
            )
            places = [(first, second)]
        return a.value.number, b.value.number, tuple(places)

    def settled(self, term: Term) -> Term:
        """The term with its inner sums carried out, and nothing multiplied that only the result joins.

        Its factors have every index once.
        """
        open_ = frozenset((*term.open_indices, *self.algebra.lead([term]), STACK))
        groups: list[list[Factor]] = []
        for factor in map(self.distinct, term.factors):
            inner = frozenset(factor.indices) - open_
            touching = [g for g in groups if inner & held(g)]
            groups = [g for g in groups if g not in touching] + [[*(f for g in touching for f in g), factor]]
        kept = sorted(open_ - {STACK})
        done = [self.contract(g, kept) if len(g) > 1 or held(g) - open_ else g[0] for g in groups]
        return replace(term, factors=tuple(done))

    def _with_scalar(
        self, arrays: list[Factor], tree: Plan, scalar: Value, kept: frozenset[int]
    ) -> tuple[list[Factor], Plan]:
        """The scalar goes to the smallest array of the tree, rather a result than an argument, the last one of them.

        What occurs twice is left alone: the product of an array with its own transpose is cheaper.
        """
        places: list[tuple[float, Plan]] = []

        def visit(plan: Plan, outside: frozenset[int]) -> frozenset[int]:
            if isinstance(plan, int):
                found = frozenset(arrays[plan].indices)
            else:
                below = [held(arrays[k] for k in leaves(part)) for part in plan]
                left = visit(plan[0], outside | below[1])
                right = visit(plan[1], outside | below[0])
                found = (left | right) & outside
            places.append((self.entries(found), plan))
            return found

        visit(tree, kept)
        names = Counter(f.value.number for f in arrays)
        once = [(size, p) for size, p in places if not isinstance(p, int) or names[arrays[p].value.number] == 1]
        smallest = min(size for size, _ in once)

        def is_result(plan: Plan) -> bool:
            return not isinstance(plan, int) or arrays[plan].value.op != "input"

        candidates = [plan for size, plan in once if size == smallest]
        chosen = ([plan for plan in candidates if is_result(plan)] or candidates)[-1]
        return [*arrays, Factor(scalar, ())], _grafted(tree, chosen, len(arrays))

    def _evaluate(
        self, tree: Plan, arrays: list[Factor], kept: frozenset[int], order: Sequence[int], last: Sequence[int] = ()
    ) -> Factor:
        """Every step of the tree; indices that neither the result nor another factor needs are summed.

        ``last`` are the indices that the next step sums: a broadcast product has them last, ready for a matrix product.
        """
        if isinstance(tree, int):
            return arrays[tree]
        left, right = tree
        outer = [held(arrays[k] for k in leaves(part)) for part in tree]
        summed = sorted((outer[0] & outer[1]) - kept)
        a = self._evaluate(left, arrays, kept | outer[1], (), _as_in(right, arrays, summed))
        b = self._evaluate(right, arrays, kept | outer[0], (), _as_in(left, arrays, summed))
        return self.pair(a, b, kept, order, last)

    def distinct(self, factor: Factor) -> Factor:
        """Diagonals of a factor that has one index twice."""
        value, indices = factor.value, list(factor.indices)
        while len(set(indices)) < len(indices):
            i = next(k for k, x in enumerate(indices) if x in indices[k + 1 :])
            j = indices.index(indices[i], i + 1)
            value = self.program.diagonal(value, i, j)
            twice = indices[i]
            indices = [x for k, x in enumerate(indices) if k not in (i, j)] + [twice]
        return Factor(value, tuple(indices))

    def _alone_summed(self, arrays: list[Factor], kept: frozenset[int]) -> list[Factor]:
        """Sums over indices that only one factor has."""
        result = []
        for k, f in enumerate(arrays):
            others = held(arrays[:k]) | held(arrays[k + 1 :])
            alone = [p for p, i in enumerate(f.indices) if i not in kept and i not in others]
            left = tuple(i for p, i in enumerate(f.indices) if p not in alone)
            result.append(Factor(self.program.sum(f.value, alone), left))
        return result

    def _ordered(self, factor: Factor, kept: Sequence[int]) -> Factor:
        wanted = tuple(i for i in dict.fromkeys(kept) if i in factor.indices)
        return Factor(self.program.permute(factor.value, [factor.indices.index(i) for i in wanted]), wanted)

    def pair(
        self, a: Factor, b: Factor, kept: frozenset[int], order: Sequence[int] = (), last: Sequence[int] = ()
    ) -> Factor:
        """The product of two arrays, summed over what is not kept."""
        common = [i for i in a.indices if i in b.indices]
        summed = [i for i in common if i not in kept]
        beside = [i for i in common if i in kept]
        free = [[i for i in f.indices if i not in common] for f in (a, b)]
        picked = self._picked(a, b, summed, beside)
        if picked is not None:
            return picked
        if not summed:
            return self._multiplied(a, b, order or _summed_last(a, b, last, self._final))
        if not beside and not free[0] and not free[1]:
            return Factor(self.program.dot(a.value, self.aligned(b, a.indices)), ())
        if not free[0] and not free[1]:
            product = self._multiplied(a, b, [*beside, *summed])
            places = [k for k, i in enumerate(product.indices) if i in summed]
            return Factor(self.program.sum(product.value, places), tuple(i for i in product.indices if i in beside))
        if beside:
            return self._stacked(a, b, summed, beside, free)
        self._made.add(self._identity(a, b))
        return self._matrix_product(a, b, summed, order)

    def aligned(self, factor: Factor, indices: Sequence[int]) -> Value:
        return self.program.permute(factor.value, [factor.indices.index(i) for i in indices])

    def _picked(self, a: Factor, b: Factor, summed: list[int], beside: list[int]) -> Factor | None:
        """The sum with a unit column is an entry, with selected rows of the identity a slice."""
        if len(summed) != 1 or beside:
            return None
        for unit, other in ((a, b), (b, a)):
            if unit.value.op == "unit":
                place = other.indices.index(summed[0])
                kept = tuple(i for i in other.indices if i != summed[0])
                return Factor(self.program.take(other.value, place, unit.value.data[0]), kept)
            if unit.value.op == "selector" and unit.indices[1] == summed[0]:
                place = other.indices.index(summed[0])
                sliced = self.program.slice(other.value, place, unit.value.data[0], unit.value.axes[0])
                return Factor(sliced, tuple(unit.indices[0] if i == summed[0] else i for i in other.indices))
            if unit.value.op == "selector" and other.value.rank <= 2 and STACK not in other.indices:
                return self._among_zeros(unit, other)
        return None

    def _among_zeros(self, selector: Factor, other: Factor) -> Factor:
        """The array between zeros, along the axis that selected rows of the identity share with it: [0; A; 0]"""
        place = other.indices.index(selector.indices[0])
        size, total = selector.value.axes
        shape = other.value.axes if other.value.rank == 2 else (*other.value.axes, Dim.of(1))
        start = Dim.of(selector.value.data[0])
        parts = [self.program.reshape(other.value, shape)]
        for where, width in ((0, start), (len(parts) + 1, total - start - size)):
            if width != Dim.of(0):
                zeros = self.program.leaf("zeros", (width, shape[1]) if place == 0 else (shape[0], width))
                parts.insert(where, zeros)
        whole = (total, shape[1]) if place == 0 else (shape[0], total)
        grid = (len(parts), 1) if place == 0 else (1, len(parts))
        block = self.program.emit("block", parts, grid, whole)
        indices = tuple(selector.indices[1] if i == selector.indices[0] else i for i in other.indices)
        return Factor(self.program.reshape(block, whole if other.value.rank == 2 else (total,)), indices)

    def _multiplied(self, a: Factor, b: Factor, order: Sequence[int]) -> Factor:
        """The broadcast product, with the indices in the order that is asked for."""
        union = set(a.indices) | set(b.indices)
        plain = not (self._laid_out and order)
        if plain and not set(a.indices) & set(b.indices) and len(union) > 2 and STACK not in union:
            a, b, order = (a, b, ()) if a.value.number <= b.value.number else (b, a, ())
            indices = [*a.indices, *b.indices]
            operands = [self.broadcast(f, indices) for f in (a, b)]
            return Factor(self.program.times(*operands), tuple(indices))
        if len(b.indices) > len(a.indices):
            a, b = b, a
        indices = [i for i in dict.fromkeys(order) if i in union]
        indices += [i for i in (*a.indices, *b.indices) if i not in indices]
        indices = list(dict.fromkeys(indices))
        operands = [self.broadcast(f, indices) for f in (a, b)]
        return Factor(self.program.times(*operands), tuple(indices))

    def broadcast(self, factor: Factor, indices: Sequence[int]) -> Value:
        """The array with an axis for each of the indices, of size 1 where it has none."""
        present = [i for i in indices if i in factor.indices]
        return self.program.expand(self.aligned(factor, present), [i in factor.indices for i in indices])

    def _matrix_product(self, a: Factor, b: Factor, summed: list[int], order: Sequence[int]) -> Factor:
        """One matrix product, of operands whose axes are merged into two."""
        if self._comes_first(b, a, summed, order):
            a, b = b, a
        summed = [i for i in a.indices if i in summed]
        left = self._as_matrix(a, summed, summed_last=True)
        right = self._as_matrix(b, summed, summed_last=False)
        indices = tuple(i for i in (*a.indices, *b.indices) if i not in summed)
        product = self.program.matmul(left, right)
        return Factor(self.program.reshape(product, tuple(self.algebra.sizes[i] for i in indices)), indices)

    def _as_matrix(self, factor: Factor, summed: list[int], summed_last: bool) -> Value:
        """The factor with its summed indices merged into one axis and the others into another, copied only if needed."""
        free = [i for i in factor.indices if i not in summed]
        if not free:
            value = self.aligned(factor, summed)
            return self.program.reshape(value, (self._merged(summed),))
        first = factor.indices[: len(summed)] == tuple(summed)
        last = factor.indices[len(free) :] == tuple(summed)
        shape = [self._merged(free), self._merged(summed)]
        if first and not last:
            value = self.program.reshape(factor.value, (shape[1], shape[0]))
            return self.program.permute(value, (1, 0)) if summed_last else value
        value = factor.value if last else self.aligned(factor, [*free, *summed])
        value = self.program.reshape(value, (shape[0], shape[1]))
        return value if summed_last else self.program.permute(value, (1, 0))

    def _merged(self, indices: Iterable[int]) -> Dim:
        return reduce(lambda x, y: x * y, (self.algebra.sizes[i] for i in indices), ONE)

    def _comes_first(self, a: Factor, b: Factor, summed: list[int], order: Sequence[int]) -> bool:
        """Whether a is the left operand: its free index comes first in the result, or no transpose is needed."""
        free = [[i for i in f.indices if i not in summed] for f in (a, b)]
        if not free[0] or not free[1]:
            return bool(free[0]) or (not free[1] and a.value.number < b.value.number)
        places = [order.index(f[0]) if f[0] in order else None for f in free]
        if places[0] is not None and places[1] is not None:
            return places[0] < places[1]
        return a.indices[-1] in summed and b.indices[-1] not in summed

    def _stacked(self, a: Factor, b: Factor, summed: list[int], beside: list[int], free: list[list[int]]) -> Factor:
        """Matrix products over common indices that are kept: three axes each, (kept, free, summed)."""
        sizes, merged = self.algebra.sizes, self._merged
        left = self.aligned(a, [*beside, *free[0], *summed])
        right = self.aligned(b, [*beside, *summed, *free[1]])
        stack, inner = merged(beside), merged(summed)
        left = self.program.reshape(left, (stack, merged(free[0]), inner))
        right = self.program.reshape(right, (stack, inner, merged(free[1])))
        indices: Indices = (*beside, *free[0], *free[1])
        product = self.program.stacked_matmul(left, right)
        return Factor(self.program.reshape(product, tuple(sizes[i] for i in indices)), indices)


def _summed_places(a: Factor, b: Factor, kept: frozenset[int]) -> bool:
    """Whether two factors share indices, and all of these are summed in their product."""
    common = set(a.indices) & set(b.indices)
    return bool(common) and not common & kept


def _as_in(plan: Plan, arrays: Sequence[Factor], summed: list[int]) -> Sequence[int]:
    """The summed indices in the order of an array that is there, which then need not be copied."""
    return [i for i in arrays[plan].indices if i in summed] if isinstance(plan, int) else summed


def _summed_last(a: Factor, b: Factor, last: Sequence[int], final: Sequence[int]) -> Sequence[int]:
    """The indices of a product as the result has them, with those that are summed next behind, if they lie between."""
    first, second = (a, b) if len(a.indices) >= len(b.indices) else (b, a)
    own = [
        i for i in dict.fromkeys((STACK, *first.indices, *second.indices)) if i in first.indices or i in second.indices
    ]
    summed = [i for i in last if i in own]
    free = [i for i in own if i not in summed]
    in_result = sorted(free, key=final.index) if set(free) <= set(final) else free
    if not summed or not set(a.indices) & set(b.indices):
        return ()
    if set(own[: len(summed)]) == set(summed) and in_result == free:
        return ()
    return [*in_result, *summed]


def _first_place(factor: Factor, kept: Sequence[int]) -> int:
    """Where the result has an index of the factor first: of equally cheap trees the one with neighbours is taken."""
    return min((kept.index(i) for i in factor.indices if i in kept), default=len(kept))


def leaves(plan: Plan) -> list[int]:
    """The factors below a part of the tree, in order."""
    found, stack = [], [plan]
    while stack:
        part = stack.pop()
        if isinstance(part, int):
            found.append(part)
        else:
            stack.extend(reversed(part))
    return found


def _grafted(tree: Plan, place: Plan, extra: int) -> Plan:
    """The tree with one more factor multiplied at a place."""
    if tree == place:
        return (tree, extra)
    if isinstance(tree, int):
        return tree
    return (_grafted(tree[0], place, extra), _grafted(tree[1], place, extra))
