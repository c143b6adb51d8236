"""Whether a function of complex variables is real, or holomorphic in one of them."""

from __future__ import annotations

from matcalc.expr import Node, variables
from matcalc.expr.conjugates import conjugate, is_real
from matcalc.simplify import simplify

__all__ = ["is_hermitian", "is_holomorphic", "is_real_function"]


def is_real_function(f: Node) -> bool:
    """f = conj(f), as nodes, or by lemmas: the prover has rules of real numbers, and is not asked."""
    return is_real(f) or simplify(f - conjugate(f)).is_zero


def is_holomorphic(f: Node, variable: Node) -> bool:
    """Whether conj(Z) does not stand in it. Hermitian variables have no holomorphic functions but constants."""
    return conjugate(variable) not in variables(simplify(f))


def is_hermitian(variable: Node) -> bool:
    """Whether a variable was declared hermitian, or hermitian and definite."""
    return not {"hermitian", "hpd"}.isdisjoint(variable.data[-1])
