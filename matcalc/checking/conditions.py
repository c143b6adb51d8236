"""Whether a condition holds at a point: one predicate for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from matcalc.calculus.validity.requirements import (
    DEFINITE,
    DISTINCT,
    DISTINCT_SINGULAR,
    EQUAL_AROUND,
    INVERTIBLE,
    LARGEST_SINGULAR,
    NO_COLUMN,
    NO_NEGATIVE_EIGENVALUE,
    NONZERO,
    RANK,
    SOMEWHERE,
    Condition,
)
from matcalc.checking.values.evaluate import Array, Sizes, evaluate
from matcalc.expr import Index, at, in_order, substitute, unit
from matcalc.functions.properties import NO_POLE, UNEQUAL, Fact, Interval, Off, Said, Unique

__all__ = ["holds", "predicate"]

Predicate = Callable[..., bool]

#: Numbers this much smaller than the largest one count as 0.
ROUNDING = 1e-10


def holds(condition: Condition, values: Mapping[str, Array], sizes: Sizes) -> bool:
    """Whether the condition is satisfied by these values.

    Raises KeyError for a kind without a predicate.
    """
    indices = in_order(frozenset().union(*(u.free for u in (*condition.subjects, *condition.guard))))
    if indices:
        return all(holds(each, values, sizes) for each in _for_each(condition, indices, sizes))
    arrays = [evaluate(u, values, sizes) for u in condition.subjects]
    meant = [evaluate(p, values, sizes) != 0 for p in (condition.pattern, *condition.guard) if p is not None]
    test = predicate(condition.kind)
    if condition.kind in ENTRYWISE or isinstance(condition.kind, Interval):
        kept = np.all(np.broadcast_arrays(arrays[0], *meant)[1:], axis=0) if meant else np.array(True)
        shape = np.broadcast_shapes(kept.shape, *(a.shape for a in arrays))
        arrays = [np.broadcast_to(a, shape)[np.broadcast_to(kept, shape)] for a in arrays]
    elif not all(m.all() for m in meant):
        return True
    return bool(test(*arrays))


def _for_each(condition: Condition, indices: Sequence[Index], sizes: Sizes) -> Iterator[Condition]:
    """The condition for all values of its indices between which its relations hold."""
    for places in product(*(range(1, index.size.evaluate(sizes) + 1) for index in indices)):
        here = {at(index): unit(place, index.size) for index, place in zip(indices, places, strict=True)}
        guard = [substitute(r, here) for r in condition.guard]
        if not any(r.is_zero for r in guard):
            subjects = tuple(substitute(u, here) for u in condition.subjects)
            yield replace(condition, subjects=subjects, guard=frozenset(guard))


def _entries(test: Callable[..., Any]) -> Predicate:
    return lambda *arrays: bool(np.all(test(*arrays)))


def _apart(values: Array) -> bool:
    """No two of them are equal."""
    ordered = np.sort(np.ravel(values))
    return bool(np.all(np.diff(ordered) > ROUNDING * max(np.abs(ordered).max(), 1e-300)))


def _unique(values: Array) -> bool:
    """The largest one occurs once."""
    ordered = np.sort(np.ravel(values))
    return len(ordered) < 2 or bool(ordered[-1] - ordered[-2] > ROUNDING * max(np.abs(ordered).max(), 1e-300))


#: parts of an array -> those among which one is the largest, group by group
PARTS: dict[str, Callable[[Array], Iterable[Array]]] = {
    "entry": lambda x: [x],
    "entry of each row": lambda x: x,
    "entry of each column": lambda x: x.T,
    "eigenvalue": lambda s: [np.linalg.eigvalsh(s)],
}


def _extreme(sign: int, groups: Callable[[Array], Iterable[Array]]) -> Predicate:
    return lambda x: all(_unique(sign * values) for values in groups(x))


def _singular_values(x: Array) -> Array:
    return np.linalg.svd(x, compute_uv=False)


def _has_rank(x: Array) -> bool:
    values = _singular_values(x)
    return bool(values[-1] > ROUNDING * values[0])


def _has_no_negative_eigenvalue(x: Array) -> bool:
    values = np.linalg.eigvals(x)
    size = np.abs(values).max()
    return not np.any((np.abs(values.imag) <= ROUNDING * size) & (values.real <= ROUNDING * size))


def _is_definite(s: Array) -> bool:
    return bool(np.linalg.eigvalsh((s + s.T) / 2)[0] > 0)


def _share_no_eigenvalue(a: Array, b: Array) -> bool:
    sums = np.linalg.eigvals(a)[:, None] + np.linalg.eigvals(b)[None, :]
    return bool(np.abs(sums).min() > ROUNDING * max(np.abs(sums).max(), 1e-300))


def _is_no_pole(x: Array) -> Array:
    return np.asarray((x > 0) | (x != np.round(x)))


# fmt: off
#: Kinds about every entry.
ENTRYWISE: dict[Fact, Predicate] = {
    NONZERO:                   _entries(lambda x: x != 0),
    NO_POLE:                   _entries(_is_no_pole),
    Off(also="both"):          _entries(lambda x: x != np.round(x)),
    Off(Fraction(1, 2), "both"): _entries(lambda x: x + 0.5 != np.round(x + 0.5)),
    Said("{0} = 0, 1, 2, …; {1} not in 0, -1, -2, …"): _entries(lambda k, x: (k >= 0) & (k == np.round(k)) & _is_no_pole(x)),
    Said("{0} != 0 or {1} > 0"):      _entries(lambda y, x: (y != 0) | (x > 0)),
    Said("{0} and {1} are not both 0"): _entries(lambda y, x: (y != 0) | (x != 0)),
    UNEQUAL:                   _entries(lambda a, b: a != b),
    Said("|{0}| != {1}"):      _entries(lambda x, c: np.abs(x) != c),
    EQUAL_AROUND:              lambda a, b: True,  # one point does not tell
}
#: kind -> whether it holds of arrays
PREDICATES: dict[Fact, Predicate] = {
    **ENTRYWISE,
    SOMEWHERE:                 lambda x: bool(np.any(x != 0)),
    NO_COLUMN:                 lambda x: bool(np.all(np.any(x != 0, axis=0))),
    INVERTIBLE:                _has_rank,
    RANK:                      _has_rank,
    DEFINITE:                  _is_definite,
    NO_NEGATIVE_EIGENVALUE:    _has_no_negative_eigenvalue,
    DISTINCT:                  lambda s: _apart(np.linalg.eigvalsh(s)),
    DISTINCT_SINGULAR:         lambda x: _has_rank(x) and _apart(_singular_values(x)),
    LARGEST_SINGULAR:          lambda x: bool(np.any(x != 0)) and _unique(_singular_values(x)),
    Said("{0} has no eigenvalue on the imaginary axis"): lambda x: bool(np.all(np.abs(np.linalg.eigvals(x).real) > ROUNDING)),
    Said("{0} and -{1} have no common eigenvalue"): _share_no_eigenvalue,
    Said("sum({1} .* exp({0})) > 0"):      lambda x, p: bool(np.sum(p * np.exp(x)) > 0),
    Said("sum({1} .* exp({0})) != 0"):     lambda x, p: bool(np.sum(p * np.exp(x)) != 0),
    Said("({1} .* exp({0})) 1 > 0"):       lambda x, p: bool(np.all(np.sum(p * np.exp(x), axis=1) > 0)),
    Said("no entry of ({1} .* exp({0})) 1 is 0"): lambda x, p: bool(np.all(np.sum(p * np.exp(x), axis=1) != 0)),
    Said("the rank of {0} is locally constant"):  _has_rank,
    **{Unique(which, of): _extreme(sign, values) for which, sign in (("largest", 1), ("smallest", -1)) for of, values in PARTS.items()},
}
# fmt: on


def predicate(kind: Fact) -> Predicate:
    """Whether it holds of arrays; KeyError for a kind that none is known for."""
    return _entries(partial(_lies_in, kind)) if isinstance(kind, Interval) else PREDICATES[kind]


def _lies_in(inside: Interval, *arrays: Array) -> Array:
    low, high = (np.greater_equal if inside.with_low else np.greater), (np.less_equal if inside.with_high else np.less)
    return np.asarray(
        np.logical_and.reduce(
            [low(x, float(inside.low)) & high(x, float(inside.high)) for x in np.broadcast_arrays(*arrays)]
        )
    )
