"""Stand-ins for functions that nobody defined: smooth functions drawn at random, with their exact derivatives.

f(x) = C_0 + Σ_r φ_r(u_r) C_r with u_r = b_r + <a_r, x>, where φ is a sine or an exponential: the k-th derivative
is Σ_r φ_r^(k)(u_r) a_r ⊗ … ⊗ a_r ⊗ C_r, whatever its legs are filled with. The C_r have the structure of the value. No rule of
the derivation is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from mpmath import mp

from matcalc.checking.values.evaluate import Array
from matcalc.expr.canonical.open_functions import OUT
from matcalc.records import dataclass

__all__ = ["StandIn", "Term", "drawn", "held_in", "rotations", "stand_in_of", "waves"]

#: Terms beside as many as the arguments have entries: so many are enough for Jacobians and Hessians of full rank.
MORE_TERMS, MOST_TERMS = 3, 20

Legs = Sequence[int]


def _in_many_digits(u: Any) -> bool:
    return isinstance(u, mp.mpf) or (isinstance(u, np.ndarray) and u.dtype.hasobject)


#: The derivatives of the sine in many digits, where a quarter of a turn is no float.
_TURNS = tuple(np.frompyfunc(f, 1, 1) for f in (mp.sin, mp.cos, lambda u: -mp.sin(u), lambda u: -mp.cos(u)))
_EXP = np.frompyfunc(mp.exp, 1, 1)


def _sine(u: Any, k: int) -> Any:
    return _TURNS[k % 4](u) if _in_many_digits(u) else np.sin(u + k * np.pi / 2)


def _raised_sine(u: Any, k: int) -> Any:
    """1.5 + sin u, which is positive."""
    return _sine(u, k) + 1.5 if k == 0 else _sine(u, k)


def _exponential(u: Any, k: int) -> Any:
    return _EXP(u) if _in_many_digits(u) else np.exp(u)


@dataclass(frozen=True)
class Term:
    """φ(b + Σ_i <a_i, x_i>) C"""

    curve: Callable[[Any, int], Any]
    offset: float
    slopes: tuple[Array, ...]
    weight: Array

    def leg(self, number: int) -> Array:
        return self.weight if number == OUT else self.slopes[number]


@dataclass(frozen=True)
class StandIn:
    """A random function of arrays; an entrywise one has numbers for slopes and weights."""

    constant: Array
    terms: tuple[Term, ...]
    entrywise: bool

    def of(
        self, args: Sequence[Any], partials: Legs = (), free: Legs = (), fillings: Sequence[tuple[Legs, Any]] = ()
    ) -> Any:
        """The derivative by scalar arguments, with some legs filled and the others free."""
        order = len(partials) + sum(leg != OUT for legs in (free, *(legs for legs, _ in fillings)) for leg in legs)
        used = {leg for legs in (free, *(legs for legs, _ in fillings)) for leg in legs}
        total: Any = 0.0
        for term in self.terms:
            u = sum(self._inner(a, x) for a, x in zip(term.slopes, args, strict=False)) + term.offset
            factor = term.curve(u, order)
            for i in partials:
                factor = factor * term.slopes[i].item()
            for legs, x in fillings:
                factor = factor * _filled(term, legs, x)
            if OUT not in used:
                factor = factor * term.weight.item()
            total = total + factor * _shown(term, free)
        if order == 0:
            total = total + self.constant
        return total if self.entrywise else np.asarray(total).reshape(_shape_of(self, free))

    def _inner(self, a: Array, x: Any) -> Any:
        return a.item() * x if self.entrywise else np.sum(a * x)


def _filled(term: Term, legs: Legs, x: Any) -> Any:
    if len(legs) == 1:
        return np.sum(term.leg(legs[0]) * x)
    return np.sum(_pair(term, legs) * x)


def _pair(term: Term, legs: Legs) -> Array:
    first, second = (term.leg(leg).reshape(-1, 1) for leg in legs)
    pair: Array = first @ second.T
    return pair


def _shown(term: Term, free: Legs) -> Any:
    if not free:
        return 1.0
    return term.leg(free[0]) if len(free) == 1 else _pair(term, free)


def _shape_of(f: StandIn, free: Legs) -> tuple[int, int]:
    if not free:
        return 1, 1
    rows, cols = f.terms[0].leg(free[0]).shape if len(free) == 1 else _pair(f.terms[0], free).shape
    return rows, cols


#: The curve of a term, what is added to its argument, and its weight.
Piece = tuple[Callable[[Any, int], Any], float, Array]


def drawn(
    arguments: Sequence[Callable[[], Array]],
    pieces: Callable[[int], Sequence[Sequence[Piece]]],
    constant: Array,
    rng: np.random.Generator,
    *,
    entrywise: bool,
) -> StandIn:
    """A stand-in.

    ``arguments`` draw arrays of the shape and the linear space of each argument; ``pieces`` makes so many groups of terms,
    those of one group with the same slopes.
    """
    entries = [a() for a in arguments]
    count = min(sum(a.size for a in entries), MOST_TERMS) + MORE_TERMS
    terms = []
    for group in pieces(count):
        slopes = tuple(a() * (0.9 / np.sqrt(x.size * len(entries))) for a, x in zip(arguments, entries, strict=True))
        offset = float(rng.uniform(-1, 1))
        terms += [Term(curve, offset + phase, slopes, weight) for curve, phase, weight in group]
    return StandIn(constant, tuple(terms), entrywise)


def waves(weight: Callable[[], Array], size: float, *, positive: bool) -> Callable[[int], list[list[Piece]]]:
    """Sines and exponentials with random weights, all of them positive where the value has to be."""
    sine = _raised_sine if positive else _sine

    def pieces(count: int) -> list[list[Piece]]:
        return [[(_exponential if r % 3 == 2 else sine, 0.0, weight() * (size / np.sqrt(count)))] for r in range(count)]

    return pieces


def rotations(left: Array, right: Array) -> tuple[Array, Callable[[int], list[list[Piece]]]]:
    """What stays constant of Q_1 diag(R(u_1), R(u_2), …) Q_2 with rotations R in the plane, and its terms."""
    n = len(left)
    odd = left[:, n - n % 2 :] @ right[n - n % 2 :]

    def pieces(count: int) -> list[list[Piece]]:
        planes = [(left[:, k : k + 2], right[k : k + 2]) for k in range(0, n - 1, 2)]
        turned = np.array([[0.0, -1.0], [1.0, 0.0]])
        found: list[list[Piece]] = [[(_sine, np.pi / 2, a @ b), (_sine, 0.0, a @ turned @ b)] for a, b in planes]
        return found or [[(_sine, 0.0, np.zeros((n, n)))]]

    return odd, pieces


def held_in(f: StandIn) -> Array:
    """The stand-in among the values of variables: an array of one object."""
    box = np.empty((), dtype=object)
    box[()] = f
    return box


def stand_in_of(values: Mapping[str, Array], name: str) -> StandIn:
    """The stand-in of a function among the values of variables."""
    found: StandIn = values[name].item()
    return found
