"""Powers whose exponents are no numbers."""

from __future__ import annotations

from math import trunc

from matcalc.expr import Node, factors, hadamard, is_number, number, power, scaled

__all__ = ["power_beside_its_base"]


def power_beside_its_base(node: Node) -> Node | None:
    """x (x / y)^(k - 1) / y = (x / y)^k, for quotients and products that have a symbolic power"""
    pairs = dict(factors(node))
    for base, exponent in pairs.items():
        inside = dict(factors(base)) if base.op == "power" else {}
        if len(inside) < 2 or is_number(exponent) is not None:
            continue
        whole = _times_within(inside, pairs)
        if whole:
            rest = [power(b, e) for b, e in pairs.items() if b is not base and b not in inside]
            left = [power(b, pairs[b] - scaled(whole, f)) for b, f in inside.items()]
            return hadamard(*rest, *left, power(base, exponent + number(whole)))
    return None


def _times_within(inside: dict[Node, Node], pairs: dict[Node, Node]) -> int:
    """How often the base stands as a factor beside its power, or below it: 1 in x / y, -2 in y^2 / x^3."""
    ratios = []
    for b, f in inside.items():
        over, below = is_number(pairs.get(b, number(0))), is_number(f)
        if over is None or below is None:
            return 0
        ratios.append(over / below)
    return trunc(min(ratios)) if min(ratios) > 0 else trunc(max(ratios)) if max(ratios) < 0 else 0
