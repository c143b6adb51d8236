"""Products of what underflows and what may overflow beside it: e^(-x^2) (x^2 - 1) is 0 where e^(-x^2) is."""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import Node, apply, factors, hadamard, is_number, ones, power, scaled, terms, zeros

__all__ = ["vanishing_product"]

#: Functions that vanish faster than any power of their argument u -> (c, d): in floating point they are 0 where c u > d.
VANISHING = {"exp": (-1, 746), "sigmoid": (-1, 746), "erfc": (1, 28)}
#: Functions that grow as their argument does.
AS_ARGUMENT = frozenset({"abs", "relu", "softplus", "silu", "gelu", "min", "max"})


def vanishing_product(node: Node) -> Node | None:
    """e^t P(u) = 0 where e^t is 0, although P(u) may be infinite"""
    pairs = factors(node)
    small = [b for b, e in pairs if _vanishes(b) and is_number(e) == 1]
    grown = {power(b, e): _degree(b) * d for b, e in pairs if (d := is_number(e) or 0) > 0 and not _vanishes(b)}
    large = [part for part, degree in grown.items() if degree > 0]
    if not small or sum(grown.values()) <= 1 or any(part.linear for part in large) or _is_guarded(large):
        return None
    rest = [power(b, e) for b, e in pairs if power(b, e) not in large]
    return hadamard(*rest, apply("where", _is_nothing(small[0]), zeros(*node.shape), hadamard(*large)))


def _is_nothing(factor: Node) -> Node:
    (u,), (c, d) = factor.args, VANISHING[factor.data[0]]
    return apply("greater", scaled(c, u), scaled(d, ones(*u.shape)))


def _vanishes(base: Node) -> bool:
    return base.op == "apply" and base.data[0] in VANISHING and not base.linear


def _is_guarded(large: list[Node]) -> bool:
    return any(part.op == "apply" and part.data[0] == "where" for part in large)


def _degree(base: Node) -> Fraction:
    """With which power of its variables it grows, 0 where it does not or is no polynomial."""
    match base.op:
        case "variable":
            return Fraction(1)
        case "add":
            return max((_degree(t) for t, _ in terms(base)), default=Fraction(0))
        case "power":
            exponents = [(b, is_number(e)) for b, e in factors(base)]
            return sum((_degree(b) * e for b, e in exponents if e is not None and e > 0), Fraction(0))
        case "apply" if base.data[0] in AS_ARGUMENT:
            return max(map(_degree, base.args))
    return Fraction(0)
