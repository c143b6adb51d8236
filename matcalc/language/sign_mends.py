r"""What `\ast` and `\star` between two factors may stand for: a convolution, a product, an entrywise product."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcalc.errors import Fix, Span
from matcalc.language.hints import replaced
from matcalc.patterns import pattern

__all__ = ["convolutions"]

_BELOW = r"(?:_(?:\{[^{}]*\}|\w))?"
_FACTOR = rf"(?:\\[A-Za-z]+(?:\s*\{{[^{{}}]*\}})?{_BELOW}|[A-Za-z]{_BELOW}|\([^()]*\))"
_BEFORE = pattern(rf"({_FACTOR})\s*$")
_BEHIND = pattern(rf"\s*({_FACTOR})")


def convolutions(text: str, span: Span) -> Iterator[Fix]:
    r"""k \ast x as \operatorname{conv}(k, x), k \odot x and k \cdot x."""
    if text[slice(*span)] not in (r"\ast", r"\star"):
        return
    before, behind = _BEFORE.search(text[: span[0]]), _BEHIND.match(text, span[1])
    if before is not None and behind is not None:
        first, second = (re.sub(r"^\((.*)\)$", r"\1", found.group(1)) for found in (before, behind))
        yield replaced((before.start(1), behind.end(1)), rf"\operatorname{{conv}}({first}, {second})")
    yield replaced(span, r"\odot")
    yield replaced(span, r"\cdot")
