"""Offers to type a part of a text alone: a side of an equation, one of several rows."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.errors import Fix, Offers
from matcalc.language.mends.hints import shown
from matcalc.language.statements.scope import Scope
from matcalc.language.statements.tokens import Token
from matcalc.patterns import pattern

__all__ = ["offered_alone"]

_NAME_OR_NUMBER = pattern(r"[\s\\\w{}.+-]*")
#: More parts are not offered.
MOST = 4


def offered_alone(
    parts: Sequence[Sequence[Token]], scope: Scope, sentence: str, *, longest: bool = False
) -> Offers | None:
    """Each part without the others, or the longest one, but for numbers and names; None where nothing is left to offer."""
    places = [(part[0].start, part[-1].end) for part in parts if part]
    if len(places) < 2:
        return None
    whole = min(start for start, _ in places), max(end for _, end in places)
    said = [place for place in places if not _NAME_OR_NUMBER.fullmatch(scope.text[slice(*place)])]
    if longest:
        said = sorted(said, key=lambda place: place[0] - place[1])[:1]
    if not said:
        return None
    fixes = [Fix((((whole[0], start), ""), ((end, whole[1]), ""))) for start, end in said[:MOST]]
    words = [shown(" ".join(scope.text[slice(*place)].split())) for place in said[:MOST]]
    return Offers(sentence, tuple(zip(words, fixes, strict=True)))
