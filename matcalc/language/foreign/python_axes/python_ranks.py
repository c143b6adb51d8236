"""How many axes undeclared names of Python code have where their spelling alone would make operations that nobody writes.

Every choice of axes is judged by what NumPy does with it: a product with a number, a trace of an array of one axis, a target
that is spread over the rows of a prediction, a loss that is spread over an array. The choice by the spelling is taken unless
it costs something; then the cheapest one near it is, and the next one is a rival if it does none of these either.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations

from matcalc.language import prices
from matcalc.language.foreign.choices import Choice
from matcalc.language.foreign.common.names.naming import face_of, rank_costs
from matcalc.language.foreign.python_axes.python_judging import Judge
from matcalc.language.foreign.python_axes.python_names import MODULES, factors
from matcalc.language.foreign.python_axes.python_numbers import numbers_in
from matcalc.language.foreign.python_axes.python_rows import of_one_row
from matcalc.language.foreign.python_axes.python_scope import is_location

__all__ = ["chosen"]

_MOST_NAMES = 14
#: What small letters of matrices are called.
_SMALL = ("code vector", "code word", "code coefficient", "code greek")


def chosen(tree: ast.Module, known: Mapping[str, int]) -> Choice:
    """The axes of the names that are not known."""
    return replace(_chosen(tree, known), single=of_one_row(tree))


def _chosen(tree: ast.Module, known: Mapping[str, int]) -> Choice:
    judge = Judge(tree)
    own = {**dict.fromkeys(numbers_in(tree), 0), **dict.fromkeys(_scales_and_shifts(tree), 1)}
    own = {n: rank for n, rank in own.items() if n in judge.names and n not in known}
    known = {**own, **known}
    free = [n for n in judge.names if n not in known and n not in MODULES]
    usual = {n: _usual(n) for n in free}
    if judge.cost({**usual, **known}) <= prices.AXES_VECTOR_IN_FRONT or len(free) > _MOST_NAMES:
        return Choice(own)
    found = _Search(judge, usual, known).choice()
    return replace(found, ranks={**own, **found.ranks})


#: The scale and the shift of each column of normalised data, by their usual names.
_PAIRS = {"beta": "gamma", "bias": "weight", "shift": "scale"}


def _scales_and_shifts(tree: ast.Module) -> Iterator[str]:
    """gamma and beta of gamma * (x - mean) / std + beta."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            for shift, product in ((node.left, node.right), (node.right, node.left)):
                scale = _PAIRS.get(shift.id) if isinstance(shift, ast.Name) else None
                if any(isinstance(part, ast.Name) and part.id == scale for part in factors(product)):
                    yield from (scale or "", ast.unparse(shift))


class _Search:
    def __init__(self, judge: Judge, usual: Mapping[str, int], known: Mapping[str, int]) -> None:
        self.judge, self.usual, self.known = judge, usual, known
        stems: dict[str, list[str]] = {}
        for name in usual:
            stems.setdefault(_stem(name), []).append(name)
        self.groups = [*stems.values(), *([n] for names in stems.values() if len(names) > 1 for n in names)]
        self.costs: dict[tuple[int, ...], tuple[int, int]] = {}

    def choice(self) -> Choice:
        all_matrices = {n: max(r, 2) if r == 1 else r for n, r in self.usual.items()}
        for start in (dict(self.usual), all_matrices):
            self.climb(start)
        ranked = sorted(self.costs.items(), key=lambda pair: sum(pair[1]))
        (best, cost), *others = ranked
        close = (
            k
            for k, found in others
            if sum(found) - sum(cost) < prices.AXES_ASK and not found[1] and self.hangs_together(k, best)
        )
        rival = next(close, None) if cost[1] <= prices.AXES_VECTOR_IN_FRONT else None
        return Choice(self.changed(best), None if rival is None else self.against(rival, best))

    def climb(self, ranks: dict[str, int]) -> None:
        """From a choice to better ones, one or two names at a time."""
        least = self.total(ranks)
        while True:
            steps = [{**ranks, **step} for step in self.steps()]
            if not steps:
                return
            best = min(steps, key=self.total)
            if self.total(best) >= least:
                return
            ranks, least = best, self.total(best)

    def steps(self) -> Iterator[dict[str, int]]:
        single = [dict.fromkeys(names, rank) for names in self.groups for rank in range(3)]
        yield from single
        for first, second in combinations(single, 2):
            if not first.keys() & second.keys():
                yield {**first, **second}

    def total(self, ranks: Mapping[str, int]) -> int:
        key = tuple(ranks[n] for n in self.usual)
        if key not in self.costs:
            self.costs[key] = self.letters(ranks), self.judge.cost({**ranks, **self.known})
        return sum(self.costs[key])

    def letters(self, ranks: Mapping[str, int]) -> int:
        """What the spelling costs: once for all names of one stem, and less for each small letter of a matrix more."""
        groups: dict[tuple[str, int], int] = {}
        small = any(rank == 2 and name[:1].islower() for name, rank in self.known.items())
        for name, rank in ranks.items():
            key = (_stem(name), rank)
            face = face_of(name)
            cost = _costs(name)[rank]
            if cost and rank == 2 and face in _SMALL and not is_location(name) and key not in groups:
                cost, small = prices.AXES_ONE_MORE_SMALL_MATRIX if small else cost, True
            groups[key] = max(groups.get(key, 0), cost if key not in groups else 0)
        stems = len({stem for stem, _ in groups})
        return sum(groups.values()) + prices.AXES_STEMS_DIFFER * (len(groups) - stems)

    def hangs_together(self, key: tuple[int, ...], best: tuple[int, ...]) -> bool:
        """Whether a choice has several names with other axes, each of which needs the others."""
        differing = [i for i, (a, b) in enumerate(zip(key, best, strict=True)) if a != b]
        partly = [tuple(best[i] if i == place else r for i, r in enumerate(key)) for place in differing]
        ranks = (dict(zip(self.usual, one, strict=True)) for one in partly)
        return len(differing) > 1 and all(self.judge.cost({**r, **self.known}) for r in ranks)

    def changed(self, key: tuple[int, ...]) -> dict[str, int]:
        return {n: r for n, r in zip(self.usual, key, strict=True) if r != self.usual[n]}

    def against(self, key: tuple[int, ...], other: tuple[int, ...]) -> dict[str, int]:
        return {n: a for n, a, b in zip(self.usual, key, other, strict=True) if a != b}


def _costs(name: str) -> tuple[int, int, int]:
    """Beside other arrays a, b, c and d are rather vectors, a capital is hardly a number, and a word may be a matrix."""
    match face_of(name):
        case "code coefficient":
            return prices.AXES_ASK, 0, 200
        case "code matrix":
            return 300, 155, 0
        case "code word":
            return 100, 0, 90
    return rank_costs(name)


def _usual(name: str) -> int:
    costs = _costs(name)
    return costs.index(min(costs))


def _stem(name: str) -> str:
    """w of w1 and w_2, z of z_a and z_b."""
    return re.sub(r"(?<=\w)_?(?:\d+|_[a-zA-Z])\Z", "", name)
