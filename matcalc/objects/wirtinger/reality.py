"""Whether a function of complex variables is real, or holomorphic in one of them."""

from __future__ import annotations

from matcalc.expr import Node, variables
from matcalc.expr.conjugates import conjugate, is_real
from matcalc.simplify import simplify
from matcalc.simplify.proof.prover import prove_zero

__all__ = ["is_holomorphic", "is_real_function"]


def is_real_function(f: Node) -> bool:
    """f = conj(f), as nodes or proved."""
    if is_real(f):
        return True
    gap = simplify(f - conjugate(f))
    return gap.is_zero or prove_zero(gap) is not None


def is_holomorphic(f: Node, variable: Node) -> bool:
    """Whether conj(Z) does not stand in it. Hermitian variables have no holomorphic functions but constants."""
    return conjugate(variable) not in variables(simplify(f))
