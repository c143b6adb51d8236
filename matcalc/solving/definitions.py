"""Names that a text defines, written out in its constraints: of `m = mean(a)` the constraint `sum(x) = m` is `sum(x) = (mean(a))`."""

from __future__ import annotations

from collections.abc import Mapping

from matcalc.language import canonical_name
from matcalc.patterns import pattern

__all__ = ["written_out"]

_NAME = pattern(r"[^\W\d]\w*")
#: Definitions in terms of others are not nested deeper.
MOST_NESTED = 20


def written_out(text: str, bodies: Mapping[str, str]) -> str:
    """The text with the bodies of all definitions in brackets; LaTeX is left as it is."""
    if not bodies or any("\\" in part for part in (text, *bodies.values())):
        return text
    for _ in range(MOST_NESTED):
        new = _NAME.sub(lambda found: _body(found.group(), bodies), text)
        if new == text:
            break
        text = new
    return text


def _body(word: str, bodies: Mapping[str, str]) -> str:
    body = bodies.get(canonical_name(word))
    return word if body is None else f"({body})"
