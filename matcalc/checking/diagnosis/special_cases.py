"""Claims that are right only for some values: symmetric, square, commuting, 1 x 1 …"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from matcalc.checking.comparison import Comparison, Finding, equal
from matcalc.checking.sampling import Point, random_value
from matcalc.checking.subject import quietly
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.expr import variables
from matcalc.language import Declaration

__all__ = [
    "is_square",
    "listed_names",
    "only_commuting",
    "only_normalised",
    "only_positive",
    "only_scalar",
    "only_special",
    "only_square",
    "only_symmetric",
]

#: Points of numbers: signs of two numbers are often equal by chance.
NUMBERS = 16

#: property -> a matrix that has it, made of one that has not
_SPECIAL: dict[str, Callable[[Array], Array]] = {
    "symmetric": lambda v: (v + v.T) / 2,
    "symmetric positive definite": lambda v: v @ v.T / len(v) + np.eye(len(v)) / 2,
    "skew-symmetric": lambda v: (v - v.T) / 2,
    "orthogonal": lambda v: np.asarray(np.linalg.qr(v)[0]),
    "diagonal": lambda v: np.diag(np.diag(v)),
    "positive": np.abs,
    "the identity": lambda v: np.eye(*v.shape),
    "all ones": np.ones_like,
}
#: The same for vectors; such claims come from a derivation with a constraint.
_NORMALISED: dict[str, Callable[[Array], Array]] = {
    "a unit vector": lambda v: np.asarray(v / np.linalg.norm(v)),
    "normalised to the sum 1": lambda v: np.asarray(v / np.sum(v)),
}
_OF_SYMMETRIC = ("symmetric", "symmetric positive definite")
_OF_SQUARES = ("skew-symmetric", "orthogonal", "diagonal", "the identity")
_OF_ARRAYS = ("all ones",)


def only_symmetric(c: Comparison) -> Finding | None:
    """Equal where one matrix, or two, are symmetric, which was not declared."""
    names = _free_squares(c)
    for what in _OF_SYMMETRIC:
        for group in _groups(names):
            if _holds(c, group, what):
                return _only(c, group, what)
    return None


def _groups(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Single names, pairs, and all of them."""
    return list(dict.fromkeys([*((n,) for n in names), *combinations(names, 2), tuple(names)] if names else []))


def listed_names(names: Sequence[str]) -> str:
    """A, B and C"""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _free_squares(c: Comparison) -> list[str]:
    return sorted(n for n, d in c.subject.variables.items() if d.kind in ("matrix", "invertible") and is_square(d))


def only_special(c: Comparison) -> Finding | None:
    """Equal where one array has some rarer property."""
    names = _free_squares(c)
    arrays = [n for n, d in c.subject.variables.items() if not d.structure]
    for what, candidates in [(w, names) for w in _OF_SQUARES] + [(w, arrays) for w in _OF_ARRAYS]:
        for name in candidates:
            if _holds(c, (name,), what):
                return _only(c, (name,), what)
    return None


def only_normalised(c: Comparison) -> Finding | None:
    """Equal where one vector has the length 1 or the sum 1."""
    for name, d in c.subject.variables.items():
        for what in _NORMALISED:
            if d.kind == "vector" and not d.shape[0].is_one and _holds(c, (name,), what):
                return _only(c, (name,), what)
    return None


def only_positive(c: Comparison) -> Finding | None:
    """Equal where one array has positive entries."""
    for name, d in c.subject.variables.items():
        if not d.structure and _holds(c, (name,), "positive"):
            return _only(c, (name,), "positive")
    return None


def is_square(d: Declaration) -> bool:
    """A square matrix of more than one entry."""
    return d.shape[0] == d.shape[1] and not d.shape[0].is_one


def _holds(c: Comparison, names: Sequence[str], what: str) -> bool:
    change = (_SPECIAL | _NORMALISED)[what]
    moved = [Point({**p.values, **{n: change(p.values[n]) for n in names}}, p.sizes) for p in c.points]
    return c.is_wrong_everywhere and c.agree(c.claimed, c.right, moved)


def _only(c: Comparison, names: Sequence[str], what: str) -> Finding:
    verb = "is" if len(names) == 1 else "are"
    return Finding("only if", f"right only if {listed_names(names)} {verb} {what}: the derivative is {c.shown}")


def only_square(c: Comparison) -> Finding | None:
    """Equal where two sizes are."""
    for a, b in combinations(sorted(c.subject.dims), 2):
        points = [p for p in (_at_sizes(c, {a: k, b: k}) for k in (3, 4)) if p is not None]
        if c.is_wrong_everywhere and points and c.agree(c.claimed, c.right, points):
            square = [n for n, d in c.subject.variables.items() if {str(s) for s in d.shape} == {a, b}]
            who = f"{listed_names(square)} {'is' if len(square) == 1 else 'are'} square" if square else f"{a} = {b}"
            return Finding("only if", f"right only if {who}: the derivative is {c.shown}")
    return None


def only_commuting(c: Comparison) -> Finding | None:
    """Equal where all square matrices commute, or are symmetric, too."""
    used = {v.data[0] for v in (*variables(c.claimed), *variables(c.right))}
    declared = {n: d for n, d in c.subject.variables.items() if is_square(d) and n in used}
    if not declared or not (len(declared) > 1 or c.claimed.linear):
        return None
    if {d.kind for d in declared.values()} - {"matrix", "invertible", "diagonal", *_SYMMETRIC}:
        return None
    who = listed_names([*declared, *(f"d{c.wrt[0].data[0]}" for _ in range(bool(c.claimed.linear)))])
    for words, is_symmetric in (("commute", False), ("are symmetric and commute", True)):
        agreed = [_agree_where_all_commute(c, point, declared, is_symmetric) for point in c.points]
        if agreed and all(agreed):
            return Finding("only if", f"right only if {who} {words}: the derivative is {c.shown}")
    return None


_SYMMETRIC = ("symmetric", "spd", "psd")


def _agree_where_all_commute(
    c: Comparison, point: Point, declared: Mapping[str, Declaration], is_symmetric: bool
) -> bool:
    """With polynomials of one matrix in the place of all of one size, and of their directions."""
    kinds = {d.kind for d in declared.values()}
    common: dict[int, Array] = {
        len(point.values[n]): np.asarray(c.rng.standard_normal(point.values[n].shape)) / 2 for n in declared
    }
    if "diagonal" in kinds:
        common = {n: np.diag(np.diag(m)) for n, m in common.items()}
    elif is_symmetric or kinds & {*_SYMMETRIC}:
        common = {n: (m + m.T) / 2 for n, m in common.items()}

    def polynomial(size: int, *, is_positive: bool = False) -> Array:
        m, (a, b) = common[size], c.rng.uniform(0.5, 1.5, 2)
        linear = m @ m if is_positive else m
        return np.asarray(a * np.eye(size) + linear + b * m @ m)

    values = {n: polynomial(len(point.values[n]), is_positive=d.kind in ("spd", "psd")) for n, d in declared.items()}
    moved = Point({**point.values, **values}, point.sizes)
    env = {
        d: polynomial(len(e)) if e.shape[0] == e.shape[1] and len(e) in common else e
        for d, e in c.directions(point).items()
    }
    a, b = (quietly(lambda n=node: evaluate(n, moved.values, moved.sizes, env)) for node in (c.claimed, c.right))  # type: ignore[misc]
    return equal(a, b)


def only_scalar(c: Comparison) -> Finding | None:
    """Equal where every size is 1: scalar calculus used on matrices."""
    points = [p for p in (_at_sizes(c, dict.fromkeys(c.subject.dims, 1)) for _ in range(NUMBERS)) if p is not None]
    if points and c.agree(c.claimed, c.right, points):
        return Finding("only if", f"right only for 1 x 1: the derivative is {c.shown}")
    return None


def _at_sizes(c: Comparison, sizes: Mapping[str, int]) -> Point | None:
    """A point in which some sizes are fixed."""
    every = {**dict(c.points[0].sizes), **sizes} if c.points else dict(sizes)
    try:
        values = {n: random_value(d, every, c.rng) for n, d in c.subject.declarations.items()}
    except (ValueError, KeyError):
        return None
    return Point(values, every)
