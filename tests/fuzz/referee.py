"""The referee where two answers in floating point differ: the function as it was typed, by differences in 200 digits.

It shares no rule with the engine and no rounding with the other library.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np
from mpmath import mp

import matcalc as mc
from matcalc.checking.precise import precise
from matcalc.checking.precise.precise import NotPrecise, Undefined, precise_value
from matcalc.checking.subject import Subject
from matcalc.expr import Node, apply, bottom_up, factors, hadamard, power
from matcalc.expr.supports import complement, selecting_pattern
from tests.fuzz.points import projected
from tests.fuzz.rows import DEFINITIONS

__all__ = ["Referee", "TooLong"]

DIGITS = 200
#: Steps are this small beside the values: the error of a central difference is of the order of its square.
STEP = mp.mpf(10) ** -40
#: Seconds of work after which a question stays open.
LONGEST_SECONDS = 60.0

Array = np.ndarray[Any, np.dtype[Any]]


def _in_digits(value: Callable[[Array], Any]) -> Callable[[list[Array], int], Array]:
    return lambda args, axis: np.array([[value(*args)]], dtype=object)


#: Functions of the user's that have a rule in place of a definition, by the value that goes with it.
_RULES = {text.partition("(")[0]: _in_digits(row["value"]) for text, row in DEFINITIONS.items() if "value" in row}
Step = tuple[str, Array]


def _exact(x: Any) -> Array:
    x = np.asarray(x, dtype=float)
    return np.array([mp.mpf(float(entry)) for entry in x.ravel()], dtype=object).reshape(x.shape)


def _selected(node: Node) -> Node:
    """A product that is 0 outside of a pattern, with logarithms of what is 1 there: 0 by structure has none, in many digits either."""
    pattern = selecting_pattern(factors(node)) if node.op == "power" else None
    if pattern is None:
        return node
    inside = [apply("log", b.args[0] + complement(pattern)) if _is_logarithm(b) else b for b, _ in factors(node)]
    return hadamard(*(power(b, e) for b, (_, e) in zip(inside, factors(node), strict=True)))


def _is_logarithm(node: Node) -> bool:
    return node.op == "apply" and node.data[0] == "log" and not node.is_scalar


class TooLong(Exception):
    """The referee has not decided in its time."""


class Referee:
    """Values and derivatives of a function at a point; None where it has none in many digits."""

    #: Seconds of work since the last reset.
    spent = 0.0

    def __init__(
        self, f: mc.Expr, values: Mapping[str, Array], kinds: Mapping[str, str], sizes: Mapping[str, int]
    ) -> None:
        self.subject = Subject(f.node, f.declarations, f.tree)
        self.values, self.kinds, self.sizes = values, kinds, sizes

    def value(self) -> Array | None:
        return self._of(lambda at: self._f(at))

    def formula(
        self, node: Node, directions: Mapping[Node, Array], factor: float = 1.0, onto: Array | None = None
    ) -> Array | None:
        """What is printed, a multiple of it or its product with a column, in as many digits."""
        given = {d: _exact(e) for d, e in directions.items()}
        side = Subject(bottom_up(node, _selected), self.subject.declarations)

        def value(at: dict[str, Array]) -> Array:
            with patch.object(precise, "_refuse_cancelled", lambda terms, total: None):  # zeros stay zeros
                found = precise_value(side, at, self.sizes, given) * mp.mpf(factor)
            return found if onto is None else found @ _exact(onto)

        return self._of(value)

    def derivative(self, *steps: Step, pulled: str | None = None, noise: float = 0.0) -> Array | None:
        """D^k f in these directions, or the part of its gradient by one variable within the structure."""
        if pulled is None:
            return self._of(lambda at: self._along(at, steps), noise)

        def gradient(at: dict[str, Array]) -> Array:
            entries = [self._along(at, [(pulled, e), *steps]).item() for e in self._units(pulled)]
            return np.array(entries, dtype=object).reshape(self.values[pulled].shape)

        return self._of(gradient, noise)

    def whole(self, names: Sequence[str], noise: float = 0.0) -> Array | None:
        """Every entry of the derivative by these variables within their structures, the axes of f first."""

        def entries(at: dict[str, Array]) -> Array:
            places = product(*(list(self._units(n)) for n in names))
            columns = [self._along(at, list(zip(names, units, strict=True))) for units in places]
            shape = columns[0].shape
            stacked = np.array([c.ravel() for c in columns], dtype=object).T
            return stacked.reshape(*shape, *(d for n in names for d in self.values[n].shape))

        return self._of(entries, noise)

    def _units(self, name: str) -> Iterator[Array]:
        x = self.values[name]
        for place in np.ndindex(x.shape):
            unit = np.zeros(x.shape)
            unit[place] = 1
            yield projected(self.kinds[name], unit)

    def _along(self, at: dict[str, Array], steps: Sequence[Step]) -> Array:
        """The central difference of the k-th order: the sum over the signs of all steps."""
        total, h = None, self._step(at)
        for signs in product((1, -1), repeat=len(steps)):
            moved = dict(at)
            for sign, (name, e) in zip(signs, steps, strict=True):
                moved[name] = moved[name] + _exact(e) * (sign * h)
            term = self._f(moved) * int(np.prod(signs))
            total = term if total is None else total + term
        assert total is not None
        return total / (2 * h) ** len(steps)

    def _step(self, at: Mapping[str, Array]) -> Any:
        return STEP * min(1, max((abs(x) for v in at.values() for x in v.flat), default=mp.one) or 1)

    def _f(self, at: Mapping[str, Array]) -> Array:
        started = time.process_time()
        if Referee.spent > LONGEST_SECONDS:
            raise TooLong
        found = precise_value(self.subject, at, self.sizes)
        Referee.spent += time.process_time() - started
        return found

    def _of(self, compute: Any, noise: float = 0.0) -> Array | None:
        rng = np.random.default_rng(1)
        signs = {n: np.sign(rng.standard_normal(x.shape)) for n, x in self.values.items()}
        moves = {n: noise if self.kinds[n] in ("matrix", "positive") else 0.0 for n in self.values}
        with mp.workdps(DIGITS):
            at = {n: _exact(x) * (1 + mp.mpf(moves[n]) * _exact(signs[n])) for n, x in self.values.items()}
            try:
                with patch.dict(precise.FUNCTIONS, _RULES):
                    return np.asarray(compute(at), dtype=float)
            except (NotPrecise, Undefined, ArithmeticError, ValueError, TypeError):
                return None
