"""How an open function is used: with which derivative, and what is filled in.

A use is what was typed: ``g''(u)``, ``∂_12 l(s, t)``, ``∇f(x)``, ``J_f(x)``, ``D^2 f(X)[H]``, ``∇^2 <r, f>(x)``. Its legs say
the same for the operator `open` (see `matcalc.expr.canonical.open_functions`).
"""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.expr.canonical.open_functions import OUT, OpenFunction
from matcalc.records import dataclass

__all__ = ["Legs", "Misuse", "OpenTyped", "OpenUse", "Sign", "is_quantile", "legs_of", "use_of", "use_size"]


@dataclass(frozen=True)
class Sign:
    """A sign of differentiation: "∇", "∂" or "D", by the arguments with these numbers, or ``order`` times by the only one."""

    kind: str
    slots: tuple[int, ...] = ()
    order: int = 1


@dataclass(frozen=True)
class OpenUse:
    """A call of an open function.

    Attributes:
        name: the function.
        primes: how many stand behind it.
        signs: what stands before it.
        inner: what stands before it inside of ``<G, …>``; None where there is no such bracket. G is the first child then.
        directions: how many of the last children stand in square brackets.
        entrywise: whether the arguments are entries: it stands in a sum over an index.
    """

    name: str
    primes: int = 0
    signs: tuple[Sign, ...] = ()
    inner: tuple[Sign, ...] | None = None
    directions: int = 0
    entrywise: bool = False

    @property
    def is_value(self) -> bool:
        """Whether it is no derivative."""
        return not (self.primes or self.signs or self.inner)

    def count(self, children: int) -> int:
        """How many of the children are arguments of the function."""
        return children - self.directions - (self.inner is not None)


class Misuse(Exception):
    """A use that has no meaning for a function of these shapes; the message says why."""


@dataclass(frozen=True)
class Legs:
    """A use in terms of legs: see `matcalc.expr.canonical.open_functions.opened`. The fillings are those of G and the directions."""

    partials: tuple[int, ...]
    free: tuple[int, ...]
    fillings: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class OpenTyped:
    """The value of a typed node: what was typed, of which function, and what it means."""

    use: OpenUse
    function: OpenFunction
    legs: Legs


def legs_of(use: OpenUse, scalars: Sequence[bool], scalar_value: bool, entrywise: bool) -> Legs:
    """The legs of a use; ``scalars`` says which arguments are numbers. Raises Misuse."""
    outer = _slots(use, use.signs, len(scalars), use.primes)
    held = _slots(use, use.inner or (), len(scalars), 0)
    numbers = [entrywise or s for s in scalars]
    partials = tuple(sorted(s for s in (*outer, *held) if numbers[s]))
    open_ = [s for s in outer if not numbers[s]]
    value = () if scalar_value or entrywise else (OUT,)
    fillings: list[tuple[int, ...]] = []
    if use.inner is not None:
        cotangent = (*(value if any(s.kind == "D" for s in use.inner) or not use.inner else ()), *held)
        if not 1 <= len(cotangent) <= 2:
            raise Misuse("what stands beside it in <…> is a column or a matrix")
        fillings.append(cotangent)
        value = ()
    elif use.directions > len(open_):
        raise Misuse(f"{use.directions} directions are given for {len(open_)} derivatives by arrays")
    elif value and open_ and not any(s.kind == "D" for s in use.signs):
        raise Misuse(
            f"∇ is that of a number: the Jacobian of {use.name} is J_{use.name}(…), ∇<r, {use.name}>(…) that of r^T {use.name}(…)"
        )
    fillings += [(s,) for s in open_[len(open_) - use.directions :]]
    free = (*value, *open_[: len(open_) - use.directions])
    if free and not value and use.inner is None and any(s.kind == "D" for s in use.signs):
        raise Misuse(f"{use.name} is a number: its gradient is ∇{use.name}(…)")
    if len(free) > 2:
        raise Misuse("an array of more than two axes is no value here: give directions in square brackets")
    return Legs(partials, free, tuple(fillings))


def use_of(function: OpenFunction, legs: Legs) -> OpenUse:
    """How legs are written; free legs of arguments come first, then those of the directions."""
    count = len(function.arguments)
    directions = [s for filling in legs.fillings for s in filling if filling == (s,) and s != OUT]
    held = next((f for f in legs.fillings if len(f) == 2 or f == (OUT,)), None)
    slots = (*(s for s in legs.free if s != OUT), *directions)
    is_value = OUT in legs.free or (held is None and not legs.free)
    partial = _sign("∂", legs.partials, count) if count > 1 else ()
    inner = None
    if held is not None:
        inner = _sign("D" if OUT in held else "∇", tuple(s for s in held if s != OUT), count)
    primes = len(legs.partials) if count == 1 else 0
    signs = (*_sign("D" if is_value else "∇", slots, count), *partial)
    return OpenUse(function.name, primes, signs, inner, len(directions))


def _sign(kind: str, slots: tuple[int, ...], count: int) -> tuple[Sign, ...]:
    if not slots:
        return ()
    return (Sign(kind, slots),) if count > 1 else (Sign(kind, (), len(slots)),)


def use_size(use: OpenUse) -> int:
    """The length of what stands around the arguments, in plain text."""
    signs = sum(1 + 2 * (s.order > 1) + (1 + len(s.slots) if s.slots else 0) for s in (*use.signs, *(use.inner or ())))
    return len(use.name) + 2 + use.primes + signs + 2 * bool(use.directions) + 4 * (use.inner is not None)


def _slots(use: OpenUse, signs: Sequence[Sign], count: int, primes: int) -> list[int]:
    """The argument by which each derivative is taken."""
    found: list[int] = [0] * primes
    for sign in signs:
        slots = sign.slots or (0,)
        if not sign.slots and count != 1:
            raise Misuse(f"say by which argument: {sign.kind}_1 {use.name}(…) is the derivative by the first one")
        if max(slots) >= count:
            raise Misuse(f"{use.name} has no argument number {max(slots) + 1} here")
        found += list(slots) * sign.order
    if primes and count != 1:
        raise Misuse(f"a prime is for functions of one argument: write ∂_1 {use.name}(…) or ∇_1 {use.name}(…)")
    return found


def is_quantile(use: OpenUse) -> bool:
    """Whether it is N of formulas of prices, the distribution of a number."""
    return use.name == "N" and not use.signs and use.inner is None
