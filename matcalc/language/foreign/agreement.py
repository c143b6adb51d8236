"""Whether what code says has the axes in the end that its translation assumed; if not, it is read anew with those, or asked.

What ``*``, ``sum`` or ``x.T`` say in another language depends on the axes of what they are of, and so does their translation.
Which kinds the names have is inferred from the translation only afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from matcalc.errors import MatcalcError, ShapeError, Span
from matcalc.language.foreign.code import Claim
from matcalc.language.foreign.common.names.naming import rank_of
from matcalc.language.foreign.rivals import declarations, two_ways
from matcalc.language.foreign.translation import Translation, translated
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR, kind_of
from matcalc.language.surface.tree import walk
from matcalc.language.words.names import canonical_name

if TYPE_CHECKING:
    from matcalc.language.meaning.inference import Parsed

__all__ = ["Pair", "agreed", "is_contradicted", "is_declared"]

Read = Callable[[Translation], "Parsed"]
Pair = tuple[Translation, "Parsed"]
_RANKS = {"scalar": 0, "vector": 1}
#: Axes -> the kinds that they are here: an array of one axis may stand as a row.
_KINDS = {"": (SCALAR,), "v": (COLUMN, ROW), "c": (COLUMN,), "r": (ROW,), "m": (MATRIX,)}
#: The same where axes of the length 1 are declared, as those of matrix(1, n): a product with a column is a number.
_DECLARED_KINDS = {**{axes: (*kinds, SCALAR) for axes, kinds in _KINDS.items()}, "m": (MATRIX, ROW, COLUMN, SCALAR)}


def agreed(pair: Pair, where: object, read: Read) -> Pair:
    """The reading whose parts have the axes that it assumes. Raises ShapeError where there are two, or none."""
    translation, parsed = pair
    broken = next(_broken(pair), None)
    if broken is None:
        return pair
    found = _other_axes(pair)
    if not found:
        raise _unclear(translation, broken)
    assumed = {name: translation.choice.assumed[name] for name in found}
    inferred, own = (_settled(translation.original, where, ranks, read) for ranks in (found, assumed))
    if inferred is not None and inferred[1].node is parsed.node:
        return pair
    if inferred is not None and own is not None:
        said = [declarations(ranks, parsed.declarations) for ranks, (_, parsed) in ((assumed, own), (found, inferred))]
        raise two_ways(translation.original, (assumed, found), said)
    settled = inferred or own
    if settled is None:
        raise _unclear(translation, broken)
    return settled


def _unclear(translation: Translation, claim: Claim) -> MatcalcError:
    """The error for a part whose axes are not those that its functions have elsewhere."""
    span = translation.place((claim.start, claim.end))
    source = " ".join(translation.original[slice(*span)].split())
    declared = {0: "scalar", 1: "vector(n)", 2: "matrix(m, n)"}
    words = dict.fromkeys(re.findall(r"[^\W\d]\w*", source))
    names = [f"{n}: {declared[translation.choice.assumed[n]]}" for n in words if n in translation.choice.assumed]
    return ShapeError(
        f"the axes of {source} are not clear",
        code="axes",
        text=translation.original,
        span=span,
        hint=f"declare its names, as {', '.join(names)}" if names else "declare the names in it",
    )


def _other_axes(pair: Pair) -> dict[str, int]:
    """The names that turned out to have other axes than were assumed, and these, in the order of the text."""
    translation, parsed = pair
    typed = {canonical_name(name): name for name in translation.choice.assumed}
    inferred = {name: d for name, d in parsed.declarations.items() if d.inferred and d.kind != "function"}
    ranks = {typed[name]: _RANKS.get(d.kind, 2) for name, d in inferred.items() if name in typed}
    return {name: rank for name, rank in ranks.items() if rank != translation.choice.assumed[name]}


def _settled(text: str, where: object, ranks: Mapping[str, int], read: Read) -> Pair | None:
    """The reading with these axes, if its parts have those that it assumes."""
    try:
        translation = translated(text, where, ranks)
        pair = None if translation is None else (translation, read(translation))
    except MatcalcError:
        return None
    return None if pair is None or any(_broken(pair)) else _told(pair, ranks)


def _told(pair: Pair, ranks: Mapping[str, int]) -> Pair:
    """With axes that are not those of the spelling as chosen ones: a reader has to know of them."""
    translation, parsed = pair
    chosen = {name: rank for name, rank in ranks.items() if rank != rank_of(name)}
    choice = replace(translation.choice, ranks={**translation.choice.ranks, **chosen}, rival=None)
    return replace(translation, choice=choice), parsed


def _broken(pair: Pair) -> Iterator[Claim]:
    """Parts that turned out to have other axes than were assumed."""
    translation, parsed = pair
    bounds = _Bounds(translation.text)
    trees = [parsed.tree, *(d.tree for d in parsed.definitions)]
    kinds = {bounds.inner(node.span): kind_of(*node.shape) for tree in trees for node in walk(tree)}
    fitting = _DECLARED_KINDS if is_declared(parsed) else _KINDS
    for claim in translation.claims:
        kind = kinds.get(bounds.inner((claim.start, claim.end)))
        if kind is not None and kind not in fitting[claim.axes]:
            yield claim


def is_declared(parsed: Parsed) -> bool:
    """Whether nothing had to be inferred."""
    return not any(d.inferred for d in parsed.declarations.values())


def is_contradicted(pair: Pair) -> bool:
    """Whether the declarations, of all names, tell that the text is no such code."""
    return is_declared(pair[1]) and any(_broken(pair))


class _Bounds:
    """Places in a text without the brackets and the white space around them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.closing: dict[int, int] = {}
        open_: list[int] = []
        for place, sign in enumerate(text):
            if sign == "(":
                open_.append(place)
            elif sign == ")" and open_:
                self.closing[open_.pop()] = place

    def inner(self, span: Span) -> Span:
        start, end = span
        while start < end:
            if self.text[start].isspace():
                start += 1
            elif self.text[end - 1].isspace():
                end -= 1
            elif self.closing.get(start) == end - 1:
                start, end = start + 1, end - 1
            else:
                break
        return start, end
