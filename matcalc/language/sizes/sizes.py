"""Unification of sizes: polynomials with unknowns, equated where operators demand it."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd

from matcalc.expr import Dim
from matcalc.records import dataclass

__all__ = ["Clash", "Sizes", "is_unknown"]

MARK = "?"
#: Larger numbers are not searched for roots: floating point would not tell.
LARGEST_ROOT = 10**12


def is_unknown(name: str) -> bool:
    """Unknowns are named ``?0``, ``?1``, …"""
    return name.startswith(MARK)


class Clash(Exception):
    """Two sizes that differ: what they are, the item that demands equality, and the item that fixed one of them."""

    def __init__(self, left: Dim, right: Dim, item: int, earlier: int | None) -> None:
        super().__init__(f"{left} = {right}")
        self.left = left
        self.right = right
        self.item = item
        self.earlier = earlier


@dataclass
class _Equation:
    left: Dim
    right: Dim
    item: int


class Sizes:
    """What is known of the unknown sizes."""

    def __init__(self) -> None:
        self.count = 0
        self.bound: dict[str, Dim] = {}
        self.because: dict[str, int] = {}
        self.waiting: list[_Equation] = []
        self.suggested: list[list[_Equation]] = []

    def fresh(self) -> Dim:
        """A new unknown."""
        self.count += 1
        return Dim.of(f"{MARK}{self.count - 1}")

    def resolve(self, dim: Dim) -> Dim:
        """The size with everything known put in."""
        while self.bound:
            name = _variable(dim)
            if name is not None:
                return self._resolved_unknown(name)
            names = [n for n in dim.names if n in self.bound]
            if not names:
                return dim
            dim = dim.substitute({n: self.bound[n] for n in names})
        return dim

    def _resolved_unknown(self, name: str) -> Dim:
        """What an unknown is bound to in the end; the way there is shortened for the next time."""
        path: list[str] = []
        dim = Dim.of(name)
        following: str | None = name
        while following is not None and following in self.bound:
            path.append(following)
            dim = self.bound[following]
            following = _variable(dim)
        if following is None and path:
            dim = self.resolve(dim)
        for passed in path:
            self.bound[passed] = dim
        return dim

    def equate(self, left: Dim, right: Dim, item: int) -> None:
        """Demand equality; raises Clash where it cannot hold."""
        if left == right:
            return
        if not self._settle(_Equation(left, right, item)):
            self.waiting.append(_Equation(left, right, item))

    def suggest(self, pairs: Iterable[tuple[Dim, Dim]], item: int) -> None:
        """Sizes that are equal if nothing else decides: those of blocks that meet in a product."""
        self.suggested.append([_Equation(left, right, item) for left, right in pairs])

    def finish(self) -> list[tuple[Dim, Dim]]:
        """Solve what waited for other sizes; the equations that are left undecided are returned."""
        progress = True
        while progress and self.waiting:
            before = self.waiting
            self.waiting = [e for e in before if not self._settle(e)]
            progress = len(self.waiting) < len(before)
        for equation in self.waiting:
            if self._solve_linear(equation):
                self.waiting.remove(equation)
                return self.finish()
        if self.waiting and self._conform():
            return self.finish()
        return [(self.resolve(e.left), self.resolve(e.right)) for e in self.waiting]

    def _conform(self) -> bool:
        """Follow the first suggestion that contradicts nothing."""
        while self.suggested:
            equations = self.suggested.pop(0)
            bound, because = dict(self.bound), dict(self.because)
            try:
                self.waiting += [e for e in equations if not self._settle(e)]
            except Clash:
                self.bound, self.because = bound, because
            else:
                return True
        return False

    def _settle(self, equation: _Equation) -> bool:
        left, right = _reduced(self.resolve(equation.left), self.resolve(equation.right))
        if left == right:
            return True
        for one, other in ((left, right), (right, left)):
            name = _variable(one)
            if name is not None and name not in other.names:
                self._bind(name, other, equation.item)
                return True
        if not any(is_unknown(n) for n in (*left.names, *right.names)):
            raise Clash(left, right, equation.item, self._reason(equation))
        if self._impossible(left, right) or self._impossible(right, left):
            raise Clash(left, right, equation.item, self._reason(equation))
        return False

    def _impossible(self, left: Dim, right: Dim) -> bool:
        """p = p + (something positive)"""
        difference = right - left
        return bool(difference.terms) and all(c > 0 for _, c in difference.terms)

    def _solve_linear(self, equation: _Equation) -> bool:
        """p + known = known, where p occurs once."""
        difference = self.resolve(equation.left) - self.resolve(equation.right)
        unknown = [n for n in difference.names if is_unknown(n)]
        if len(unknown) != 1:
            return False
        for monomial, coefficient in difference.terms:
            if monomial == ((unknown[0], 1),) and coefficient in (1, -1):
                rest = (difference - Dim({monomial: coefficient})) * -coefficient
                if unknown[0] in rest.names or (rest.value is not None and rest.value < 1):
                    return False
                self._bind(unknown[0], rest, equation.item)
                return True
        return False

    def _bind(self, name: str, dim: Dim, item: int) -> None:
        self.bound[name] = dim
        self.because[name] = item

    def _reason(self, equation: _Equation) -> int | None:
        """The item that gave one side its size last."""
        found: int | None = None
        pending = [n for n in (*equation.left.names, *equation.right.names) if is_unknown(n)]
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self.because:
                if self.because[name] != equation.item:
                    found = self.because[name]
                pending.extend(n for n in self.bound[name].names if is_unknown(n))
        return found


def _variable(dim: Dim) -> str | None:
    """The unknown that the size is, if it is just that."""
    if len(dim.terms) == 1:
        monomial, coefficient = dim.terms[0]
        if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1:
            name = monomial[0][0]
            return name if is_unknown(name) and name in dim.names else None
    return None


def _reduced(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """The simplest equation that says the same of positive numbers."""
    return _without_common_power(*_without_common_number(*_without_common_factor(left, right)))


def _without_common_number(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """3 p = 3 q says p = q."""
    common = gcd(*(c for _, c in (*left.terms, *right.terms)))
    if common < 2:
        return left, right
    return Dim({m: c // common for m, c in left.terms}), Dim({m: c // common for m, c in right.terms})


def _without_common_power(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """p^2 = q^2 says p = q."""
    if len(left.terms) != 1 or len(right.terms) != 1:
        return left, right
    (first, a), (second, b) = left.terms[0], right.terms[0]
    degree = gcd(*(power for _, power in (*first, *second)))
    roots = _root(a, degree), _root(b, degree)
    if degree < 2 or roots[0] is None or roots[1] is None:
        return left, right
    return (
        Dim({tuple((n, p // degree) for n, p in first): roots[0]}),
        Dim({tuple((n, p // degree) for n, p in second): roots[1]}),
    )


def _root(number: int, degree: int) -> int | None:
    """The positive integer whose power is the number, if there is one."""
    if number < 1 or degree < 2 or number > LARGEST_ROOT:
        return None
    found = round(number ** (1 / degree))
    return found if found**degree == number else None


def _without_common_factor(left: Dim, right: Dim) -> tuple[Dim, Dim]:
    """Sizes are positive: m p = m q says p = q."""
    if (
        not left.terms
        or not right.terms
        or (len(left.terms) == len(right.terms) == 1 and () in (left.terms[0][0], right.terms[0][0]))
    ):
        return left, right
    common: dict[str, int] | None = None
    for monomial, _ in (*left.terms, *right.terms):
        powers = dict(monomial)
        common = powers if common is None else {n: min(p, powers[n]) for n, p in common.items() if n in powers}
    if not common:
        return left, right
    return _divided(left, common), _divided(right, common)


def _divided(dim: Dim, factor: dict[str, int]) -> Dim:
    terms = {}
    for monomial, coefficient in dim.terms:
        rest = tuple((n, p - factor.get(n, 0)) for n, p in monomial if p > factor.get(n, 0))
        terms[rest] = coefficient
    return Dim(terms)
