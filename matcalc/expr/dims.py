"""Dimensions: polynomials with integer coefficients in named sizes.

Besides names a polynomial may hold two quantities that are no polynomials themselves: the entries of a triangle,
n(n+1)/2, and the smaller of two sizes, min(m, n).

The dimension 1 means "no index": a column has one column, a scalar has neither.
Only non-negative quantities are meant, but intermediate differences (``m - k``)
are allowed so that block shapes can be written down.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

__all__ = ["ONE", "Dim", "as_dim", "derivation", "minimum", "triangle"]

Monomial = tuple[tuple[str, int], ...]


class Dim:
    """An immutable polynomial in dimension names, such as ``n``, ``3``, ``m*n + 1``.

    ``terms`` maps a monomial, a sorted tuple of (name, power), to its coefficient.
    """

    __slots__ = ("_hash", "_names", "_text", "is_one", "terms", "value")

    terms: tuple[tuple[Monomial, int], ...]
    #: The number, or None where a name is left.
    value: int | None
    is_one: bool

    def __init__(self, terms: Mapping[Monomial, int]) -> None:
        self.terms = tuple(sorted((m, c) for m, c in terms.items() if c))
        self._hash = hash(self.terms)
        self._names: tuple[str, ...] | None = None
        self._text: str | None = None
        if not self.terms:
            self.value = 0
        else:
            self.value = self.terms[0][1] if len(self.terms) == 1 and self.terms[0][0] == () else None
        self.is_one = self.value == 1

    @classmethod
    def of(cls, value: int | str | Dim) -> Dim:
        """The dimension with this number or this name."""
        if isinstance(value, Dim):
            return value
        return cls({(): value}) if isinstance(value, int) else _named(value)

    @property
    def names(self) -> tuple[str, ...]:
        """The names it depends on, sorted."""
        if self._names is None:
            atoms = {name for monomial, _ in self.terms for name, _ in monomial}
            self._names = tuple(sorted({n for a in atoms for n in (_base_names(a) if a in _derived else (a,))}))
        return self._names

    def evaluate(self, sizes: Mapping[str, int]) -> int:
        """Its number once every name has one; KeyError names a missing one."""
        total = 0
        for monomial, coefficient in self.terms:
            for name, power in monomial:
                value = _derived_value(name, sizes) if name in _derived else sizes[name]
                coefficient *= value**power
            total += coefficient
        return total

    def substitute(self, sizes: Mapping[str, Dim]) -> Dim:
        """Replace names by dimensions."""
        if sizes.keys().isdisjoint(self.names):
            return self
        total = Dim({})
        for monomial, coefficient in self.terms:
            term = Dim.of(coefficient)
            for name, power in monomial:
                factor = _derived_dim(name, sizes) if name in _derived else sizes.get(name) or Dim.of(name)
                for _ in range(power):
                    term = term * factor
            total = total + term
        return total

    def __add__(self, other: Dim | int) -> Dim:
        total = dict(self.terms)
        for monomial, coefficient in as_dim(other).terms:
            total[monomial] = total.get(monomial, 0) + coefficient
        return Dim(total)

    def __sub__(self, other: Dim | int) -> Dim:
        return self + as_dim(other) * -1

    def __mul__(self, other: Dim | int) -> Dim:
        if other == 1 or (isinstance(other, Dim) and other.is_one):
            return self
        total: dict[Monomial, int] = {}
        for left, a in self.terms:
            for right, b in as_dim(other).terms:
                powers = dict(left)
                for name, power in right:
                    powers[name] = powers.get(name, 0) + power
                monomial = tuple(sorted(powers.items()))
                total[monomial] = total.get(monomial, 0) + a * b
        return Dim(total)

    def divided_by(self, other: Dim) -> Dim | None:
        """The polynomial with self = other * it; None where there is none."""
        quotient, rest = Dim({}), self
        names = sorted({n for d in (self, other) for monomial, _ in d.terms for n, _ in monomial})

        def leading(dim: Dim) -> tuple[list[int], int]:
            return max(([dict(monomial).get(n, 0) for n in names], c) for monomial, c in dim.terms)

        while rest.terms:
            (powers, c), (by, d) = leading(rest), leading(other)
            left = [p - q for p, q in zip(powers, by, strict=True)]
            if c % d or min(left, default=0) < 0:
                return None
            term = Dim({tuple((n, p) for n, p in zip(names, left, strict=True) if p): c // d})
            quotient, rest = quotient + term, rest - other * term
        return quotient

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Dim) and self.terms == other.terms)

    def __lt__(self, other: Dim) -> bool:
        return self.terms < other.terms

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[Callable[..., Dim], tuple[Any, ...]]:
        atoms = {name for monomial, _ in self.terms for name, _ in monomial}
        return _restored, (self.terms, {name: _derived[name] for name in sorted(atoms) if name in _derived})

    def __str__(self) -> str:
        if self._text is None:
            self._text = self._written()
        return self._text

    def _written(self) -> str:
        if not self.terms:
            return "0"
        # Highest degree first, so that n^2 + n reads as it is written.
        ordered = sorted(self.terms, key=lambda t: (-sum(p for _, p in t[0]), t[0]))
        text = " + ".join(_monomial_text(m, c) for m, c in ordered)
        return re.sub(r"\+ -", "- ", text)

    def __repr__(self) -> str:
        return f"Dim({self})"


def _monomial_text(monomial: Monomial, coefficient: int) -> str:
    factors = [name if power == 1 else f"{name}^{power}" for name, power in monomial]
    if not factors:
        return str(coefficient)
    if coefficient == -1:
        return "-" + "*".join(factors)
    return "*".join(factors if coefficient == 1 else [str(coefficient), *factors])


#: The name of a quantity that is no polynomial -> how it is made, and of what.
_derived: dict[str, tuple[Callable[..., Dim], tuple[Dim, ...]]] = {}


def _restored(terms: Iterable[tuple[Monomial, int]], derived: Mapping[str, tuple[Callable[..., Dim], Any]]) -> Dim:
    """A dimension from another process, where strings have other hashes and other quantities are known."""
    _derived.update(derived)
    return Dim(dict(terms))


def _derive(name: str, make: Callable[..., Dim], *parts: Dim) -> Dim:
    _derived[name] = (make, parts)
    return Dim.of(name)


def _base_names(name: str) -> tuple[str, ...]:
    return tuple(n for part in _derived[name][1] for n in part.names)


def _derived_value(name: str, sizes: Mapping[str, int]) -> int:
    make, parts = _derived[name]
    value = make(*(Dim.of(part.evaluate(sizes)) for part in parts)).value
    assert value is not None
    return value


def _derived_dim(name: str, sizes: Mapping[str, Dim]) -> Dim:
    make, parts = _derived[name]
    return make(*(part.substitute(sizes) for part in parts))


def derivation(name: str) -> tuple[Callable[..., Dim], tuple[Dim, ...]] | None:
    """How a quantity that is no polynomial is made, and of what; None for the name of a size."""
    return _derived.get(name)


def triangle(n: Dim) -> Dim:
    """n(n+1)/2, the number of entries on and below a diagonal."""
    if n.value is not None:
        return Dim.of(n.value * (n.value + 1) // 2)
    shown = str(n) if len(n.terms) == 1 and "*" not in str(n) else f"({n})"
    return _derive(f"{shown}({shown}+1)/2", triangle, n)


def minimum(m: Dim, n: Dim) -> Dim:
    """The smaller of two sizes."""
    if m == n:
        return m
    if m.value is not None and n.value is not None:
        return Dim.of(min(m.value, n.value))
    if m.is_one or n.is_one:
        return ONE
    m, n = sorted((m, n), key=str)
    return _derive(f"min({m},{n})", minimum, m, n)


@lru_cache(maxsize=1024)
def _named(name: str) -> Dim:
    return Dim({((name, 1),): 1})


def as_dim(value: int | str | Dim) -> Dim:
    """``Dim.of`` for arguments that may already be a dimension."""
    return value if isinstance(value, Dim) else Dim.of(value)


ONE = Dim.of(1)
