"""Sums over indices, for proofs."""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import Node, apply, combine, factors, is_number, multiply, scaled, split_scalar, terms, total

__all__ = ["exponential_out_of_sum"]


def exponential_out_of_sum(node: Node) -> Node | None:
    """Σ_i e^(u + v_i) = e^u Σ_i e^(v_i)"""
    (body,) = node.args
    scalar = body if body.is_scalar else split_scalar(body)[0]
    exponents = [b.args[0] for b, e in factors(scalar) if b.op == "apply" and b.data[0] == "exp" and is_number(e) == 1]
    outside: list[tuple[Node, Fraction]] = [
        (t, c) for u in exponents for t, c in terms(u) if not t.free.intersection(node.data)
    ]
    if not outside:
        return None
    u = combine(outside, scalar.shape)
    return multiply(apply("exp", u), total(node.data, multiply(apply("exp", scaled(-1, u)), body)))
