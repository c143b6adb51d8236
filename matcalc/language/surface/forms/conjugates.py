"""Marks that conjugate where a text has complex names: Z^H, Z', Z^* and z with a bar."""

from __future__ import annotations

import re
from collections.abc import Collection

from matcalc.errors import Span
from matcalc.language.surface.tree import Surface
from matcalc.language.words.names import ADJOINT, CONJUGATE, PRIMES

__all__ = ["conjugated", "turned"]

#: The conjugate of a name that is declared complex.
_CONJUGATED = re.compile(r"(\w+?)(?:__star|_bar)")


def conjugated(name: str, span: Span, complex_names: Collection[str]) -> Surface | None:
    """conj(z) for z_bar and z__star, where only z is a name, and a complex one."""
    if not complex_names or name in complex_names or (found := _CONJUGATED.fullmatch(name)) is None:
        return None
    return Surface("call", (Surface("name", (), found[1], span),), "conj", span) if found[1] in complex_names else None


def turned(base: Surface, mark: str, span: Span, *, is_complex: bool) -> Surface:
    """The transpose, the conjugate transpose or the conjugate that a mark stands for."""
    if mark == CONJUGATE:
        return Surface("call", (base,), "conj", span)
    is_adjoint = is_complex and (mark == ADJOINT or mark.strip("^{} ") in PRIMES)
    return Surface("transpose", (base,), ADJOINT if is_adjoint else None, span)
