"""Riccati equations X M X + L X + X L^T + C = 0 whose square can be completed: where L M^-1 is symmetric."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from matcalc.expr import (
    Node,
    chain,
    divide,
    identity,
    inverse,
    matmul,
    number,
    scale,
    scaled,
    split_scalar,
    terms,
    transpose,
    zeros,
)
from matcalc.expr.facts import is_pd, is_symmetric
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, Root, holds, short
from matcalc.solving.ways.matrices.matrix_powers import root_of
from matcalc.solving.ways.matrices.quadratics import geometric_mean

__all__ = ["Riccati", "by_completing"]


@dataclass(frozen=True)
class Riccati:
    """``X M X + L X + X R + C = 0``."""

    middle: Node
    left: Node
    right: Node
    constant: Node

    @classmethod
    def of(cls, equation: Equation) -> Riccati | None:
        """The reading of a residual in a symmetric unknown; None where it has another form."""
        x, n = equation.unknown, equation.unknown.rows
        if not x.is_square or x.is_scalar or not is_symmetric(x) or equation.residual.shape != x.shape:
            return None
        sums = {place: zeros(n, n) for place in ("middle", "left", "right", "constant")}
        for term, c in terms(expanded(equation.residual)):
            found = _places(term, x)
            if found is None:
                return None
            for place, part in found:
                sums[place] = sums[place] + scaled(c, part)
        read = cls(**{place: simplify(part) for place, part in sums.items()})
        return None if read.middle.is_zero or read.left.is_zero else read

    @property
    def is_whole(self) -> bool:
        """Whether it is its own transpose."""
        return (
            self.right is simplify(transpose(self.left)) and is_symmetric(self.middle) and is_symmetric(self.constant)
        )

    @property
    def turned(self) -> Riccati:
        """Times -1."""
        return replace(
            self, **{p: simplify(scaled(-1, getattr(self, p))) for p in ("middle", "left", "right", "constant")}
        )


def _places(term: Node, x: Node) -> list[tuple[str, Node]] | None:
    """Where a term belongs; s X half to the left and half to the right."""
    s, rest = split_scalar(term)
    if holds(s, x):
        return None
    if not holds(term, x):
        return [("constant", term)]
    if rest.op == "matpow" and rest.args == (x, number(2)):
        return [("middle", scale(s, identity(x.rows)))]
    factors = chain(rest)
    at = [i for i, f in enumerate(factors) if f is x]
    if any(holds(f, x) for f in factors if f is not x):
        return None
    before, after = factors[: at[0]], factors[at[-1] + 1 :]
    if len(at) == 2 and not before and not after:
        return [("middle", scale(s, matmul(*factors[1:-1]) if len(factors) > 2 else identity(x.rows)))]
    if len(at) != 1 or (before and after):
        return None
    if not before and not after:
        half = scale(scaled(Fraction(1, 2), s), identity(x.rows))
        return [("left", half), ("right", half)]
    return [("left", scale(s, matmul(*before)))] if before else [("right", scale(s, matmul(*after)))]


def by_completing(equation: Equation) -> Iterator[Root]:
    """(X + Z) M (X + Z) = Z M Z - C with Z = L M^-1, a geometric mean less Z."""
    read = Riccati.of(equation)
    if read is None or not read.is_whole:
        return
    read = read if is_pd(read.middle) else read.turned
    if not is_pd(read.middle):
        return
    shift = short(matmul(read.left, inverse(read.middle)))
    right = short(matmul(shift, read.right) - read.constant)
    if not is_symmetric(shift) or not is_symmetric(right):
        return
    s, rest = split_scalar(read.middle)
    if rest.op == "identity":
        roots = [root_of(simplify(divide(right, s)), Fraction(2))]
    else:
        roots = [root.value for root in geometric_mean(read.middle, right)]
    for root in roots:
        yield Root(short(root - shift), "the square is completed: (X + Z) M (X + Z) is known")
