"""The order of pairwise products by cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from math import prod

from matcalc.compiling.planning.contracting.terms import Factor, TermAlgebra
from matcalc.expr import Dim

__all__ = ["MOST_FACTORS_COMPARED", "Orders", "Plan"]

#: Up to this many factors every order is compared, beyond it the cheapest pair goes first.
MOST_FACTORS_COMPARED = 7

#: What storing an entry costs, in operations.
MEMORY_COST = 2

Plan = int | tuple["Plan", "Plan"]
#: Of the indices of two factors and of their product, how early that is taken.
Measure = Callable[[frozenset[int], frozenset[int], frozenset[int]], float]


class Orders:
    """Orders of contractions at typical sizes."""

    def __init__(self, algebra: TermAlgebra, costs: dict[Dim, float]) -> None:
        self.algebra, self.costs = algebra, costs

    def entries(self, indices: Iterable[int]) -> float:
        """Number of entries of an array with these indices, at typical sizes."""
        return prod((self.costs[self.algebra.sizes[i]] for i in indices), start=1.0)

    def order(self, factors: Sequence[Factor], kept: frozenset[int]) -> Plan:
        """The cheapest tree of pairwise contractions."""
        if len(factors) <= MOST_FACTORS_COMPARED:
            return self.best(factors, kept)[1]
        sets = [frozenset(f.indices) for f in factors]
        found = [self._greedy(sets, kept, measure) for measure in (self._operations, self._growth)]
        return min(found, key=lambda pair: pair[0])[1]

    def best(self, factors: Sequence[Factor], kept: frozenset[int]) -> tuple[float, Plan]:
        """The cheapest tree of a few contractions, and its cost."""
        return self._best([frozenset(f.indices) for f in factors], kept, [f.value.number for f in factors])

    def _best(self, sets: list[frozenset[int]], kept: frozenset[int], names: list[int]) -> tuple[float, Plan]:
        """Dynamic programming over subsets [Matrix chains: Cormen et al. 15.2; Pfeifer et al. 2014]."""
        everything = frozenset(range(len(sets)))
        best: dict[frozenset[int], tuple[float, Plan]] = {frozenset([k]): (0.0, k) for k in everything}
        result = {frozenset([k]): sets[k] for k in everything}
        for size in range(2, len(sets) + 1):
            for chosen in combinations(range(len(sets)), size):
                subset = frozenset(chosen)
                outside = kept.union(*(sets[k] for k in everything - subset))
                inside = frozenset().union(*(sets[k] for k in subset))
                result[subset] = inside & outside
                best[subset] = self._best_split(chosen, subset, best, result, names)
        return best[everything]

    def _best_split(
        self,
        chosen: tuple[int, ...],
        subset: frozenset[int],
        best: dict[frozenset[int], tuple[float, Plan]],
        result: dict[frozenset[int], frozenset[int]],
        names: list[int],
    ) -> tuple[float, Plan]:
        first, rest = chosen[0], chosen[1:]
        found: tuple[float, Plan] | None = None
        for size in range(len(rest)):
            for others in combinations(rest, size):
                left = frozenset((first, *others))
                right = subset - left
                union, common = result[left] | result[right], result[left] & result[right]
                summed = union - result[subset]
                product = self.entries(union) * (2 if summed else 1) + self.entries(result[subset]) * MEMORY_COST
                by_entry = summed and summed < common == union  # and then summed along an axis
                product += self.entries(union) * MEMORY_COST if by_entry else 0
                twice = sorted(names[k] for k in left) == sorted(names[k] for k in right)
                half = twice and common == summed
                cost = best[left][0] + (0 if twice else best[right][0]) + (product / 2 if half else product)
                if found is None or cost < found[0]:
                    found = (cost, (best[left][1], best[right][1]))
        assert found is not None
        return found

    def _operations(self, left: frozenset[int], right: frozenset[int], result: frozenset[int]) -> float:
        return self.entries(left | right)

    def _growth(self, left: frozenset[int], right: frozenset[int], result: frozenset[int]) -> float:
        """How much more there is after it [Smith & Gray 2018]: a vector goes through a Kronecker product factor by factor."""
        return self.entries(result) - self.entries(left) - self.entries(right)

    def _greedy(self, sets: list[frozenset[int]], kept: frozenset[int], measure: Measure) -> tuple[float, Plan]:
        """The pair of the least measure first, of those that share an index while there are any; and what that costs."""
        parts: dict[int, tuple[frozenset[int], Plan]] = {k: (s, k) for k, s in enumerate(sets)}
        held_by = Counter(i for s in sets for i in s)
        total = 0.0

        def joined(left: frozenset[int], right: frozenset[int]) -> frozenset[int]:
            return frozenset(k for k in left | right if k in kept or held_by[k] > (k in left) + (k in right))

        def measured(i: int, j: int) -> float:
            left, right = parts[i][0], parts[j][0]
            return measure(left, right, joined(left, right))

        costs = {(i, j): measured(i, j) for i, j in combinations(parts, 2) if sets[i] & sets[j]}
        while len(parts) > 1:
            pairs = costs or {p: measured(*p) for p in combinations(parts, 2)}
            i, j = min(pairs, key=lambda pair: (pairs[pair], pair))
            (left, first), (right, second) = parts[i], parts.pop(j)
            both = joined(left, right)
            total += self.entries(left | right) + self.entries(both) * MEMORY_COST
            held_by -= Counter([*left, *right])
            held_by.update(both)
            parts[i] = (both, (first, second))
            costs = {pair: cost for pair, cost in costs.items() if not {i, j} & set(pair)}
            near = [k for k, (s, _) in parts.items() if k != i and s & both]
            costs |= {(min(i, k), max(i, k)): measured(i, k) for k in near}
        return total, parts[0][1]
