"""Marks that conjugate where a text has complex names: Z^H, Z', Z^* and z with a bar."""

from __future__ import annotations

from collections.abc import Collection

from matcalc.errors import Span
from matcalc.language.surface.tree import Surface
from matcalc.language.words.names import ADJOINT, CONJUGATE, PRIMES, conjugate_of

__all__ = ["conjugated", "turned"]


def conjugated(name: str, span: Span, complex_names: Collection[str]) -> Surface | None:
    """conj(z) for z_bar and z__star, where only z is a name, and a complex one."""
    base = None if name in complex_names else conjugate_of(name)
    return Surface("call", (Surface("name", (), base, span),), "conj", span) if base in complex_names else None


def turned(base: Surface, mark: str, span: Span, *, is_complex: bool) -> Surface:
    """The transpose, the conjugate transpose or the conjugate that a mark stands for."""
    if mark == CONJUGATE:
        return Surface("call", (base,), "conj", span)
    is_adjoint = is_complex and (mark == ADJOINT or mark.strip("^{} ") in PRIMES)
    return Surface("transpose", (base,), ADJOINT if is_adjoint else None, span)
