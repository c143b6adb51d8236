"""Sizes as they are declared: n, 3, 2n + 1, min(m, n)."""

from __future__ import annotations

import re

from matcalc.errors import Span
from matcalc.expr import Dim
from matcalc.language.faults.declaration_faults import bad_size
from matcalc.language.sizes.signatures import dim_of
from matcalc.language.words.names import canonical_name

__all__ = ["declared_size"]


def declared_size(part: str, text: str, span: Span) -> Dim:
    """The size that a part of a declaration says. Raises DeclarationError where it says none."""
    if part.isascii() and part.isalpha():
        return Dim.of(part)
    spelled = canonical_name(part) if part else ""
    spelled = re.sub(r"\b(\d+)\s*(?=[A-Za-z(])|(?<=[\w)])\s+(?=[\w(])", lambda m: f"{m.group(1) or ''}*", spelled)
    if not re.fullmatch(r"[\w\s*+^()/-]+|min\([\w\s,]+\)", spelled) or re.search(
        r"\d\w*[A-Za-z]|[*+^-]\s*[*+^]|^\s*[*+^]|[*+^-]\s*$", spelled
    ):
        raise bad_size(part, text, span)
    try:
        dim = dim_of(spelled)
    except (ValueError, KeyError):
        raise bad_size(part, text, span) from None
    if dim.value is not None and dim.value < 1:
        raise bad_size(part, text, span, f"the size {part} is not positive")
    if any(not re.fullmatch(r"[A-Za-z]\w*|[A-Za-z]\w*\([A-Za-z]\w*\+1\)/2", name) for name in dim.names):
        raise bad_size(part, text, span)
    return dim
