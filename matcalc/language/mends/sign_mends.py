r"""What stands for signs and commands that are not known here: `k \ast x`, x > 0 ? a : b, Aᴴ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcalc.errors import Fix, Span
from matcalc.language.mends.hints import replaced
from matcalc.patterns import pattern

__all__ = ["between_factors", "chosen", "conjugate_transposes"]

_BELOW = r"(?:_(?:\{[^{}]*\}|\w))?"
_FACTOR = rf"(?:\\[A-Za-z]+(?:\s*\{{[^{{}}]*\}})?{_BELOW}|[A-Za-z]{_BELOW}|\([^()]*\))"
_BEFORE = pattern(rf"({_FACTOR})\s*$")
_BEHIND = pattern(rf"\s*({_FACTOR})")
_CONVOLUTIONS = frozenset([r"\ast", r"\star"])


def between_factors(text: str, span: Span) -> Iterator[Fix]:
    r"""k \ast x as \operatorname{conv}(k, x), and as \odot and \cdot."""
    if text[slice(*span)] not in _CONVOLUTIONS:
        return
    before, behind = _BEFORE.search(text[: span[0]]), _BEHIND.match(text, span[1])
    if before is not None and behind is not None:
        factors = (re.sub(r"^\((.*)\)$", r"\1", found.group(1)) for found in (before, behind))
        yield replaced((before.start(1), behind.end(1)), r"\operatorname{{conv}}({}, {})".format(*factors))
    yield replaced(span, r"\odot")
    yield replaced(span, r"\cdot")


def chosen(text: str, span: Span) -> Iterator[Fix]:
    """x > 0 ? a : b of C as where(x > 0, a, b)."""
    found = pattern(r"([^?:]+?)\s*\?\s*([^?:]+?)\s*:\s*([^?:]+?)(?=\s*(?:\bwhere\b|$))").match(text)
    if text[slice(*span)] == "?" and found is not None:
        yield replaced(found.span(), f"where({', '.join(found.groups())})")


def conjugate_transposes(text: str, span: Span) -> Iterator[Fix]:
    """Aᴴ of real matrices as Aᵀ."""
    places = [found.span() for found in re.finditer("ᴴ", text)]
    if places:
        yield Fix(tuple((place, "ᵀ") for place in places))
