"""Two choices of the axes of names in code that are as likely: an error that offers both, each as the code with a declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from matcalc.errors import MatcalcError, ShapeError, Span
from matcalc.language.ambiguity import both
from matcalc.language.foreign.naming import rank_of
from matcalc.language.foreign.translation import Translation, translated
from matcalc.language.names import canonical_name
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.inference import Parsed

__all__ = ["chosen_notes", "question"]

_NOUNS = ("a number", "a vector", "a matrix")
Read = Callable[[Translation], "Parsed"]


def question(translation: Translation, where: object, read: Read) -> MatcalcError | None:
    """The error for code whose likeliest choice of axes has a rival, or None where only one can be read."""
    rival = translation.choice.rival
    if not rival:
        return None
    own = {n: translation.choice.ranks.get(n, rank_of(n)) for n in rival}
    declarations = [_declared(translation.original, where, ranks, read) for ranks in (own, rival)]
    first, second = declarations
    if first is None or second is None:
        return None
    said = [" and ".join(f"{n} {_NOUNS[rank]}" for n, rank in ranks.items()) for ranks in (own, rival)]
    return ShapeError(
        f"this can be read in two ways: with {said[0]}, or with {said[1]}",
        code="ambiguous",
        text=translation.original,
        span=_place(translation.original, next(iter(rival))),
        hint=both(translation.original, [first, second]),
    )


def _declared(text: str, where: object, ranks: Mapping[str, int], read: Read) -> str | None:
    """The declarations of names in the code, if they have these axes."""
    try:
        translation = translated(text, where, ranks)
        found = None if translation is None else read(translation).declarations
    except MatcalcError:
        return None
    if found is None or any(canonical_name(n) not in found for n in ranks):
        return None
    return ", ".join(f"{n}: {_shape(found[canonical_name(n)].kind, found[canonical_name(n)].shape)}" for n in ranks)


def _shape(kind: str, shape: tuple[object, ...]) -> str:
    if kind == "scalar":
        return kind
    return f"{kind}({', '.join(map(str, shape[: 1 if kind == 'vector' else 2]))})"


def chosen_notes(translation: Translation, parsed: Parsed) -> Iterator[Note]:
    """Names that have other axes than their spelling tells, and vectors that may have rows."""
    yield from _single_notes(translation, parsed)
    for name, rank in translation.choice.ranks.items():
        declared = parsed.declarations.get(canonical_name(name))
        if declared is not None and declared.inferred and rank != rank_of(name):
            instead = ("scalar", "vector(n)", "matrix(m, n)")[rank_of(name)]
            hint = f"declare {name}: {instead} if it is one"
            place = _place(translation.original, name)
            yield Note(f"{name} is read as {_NOUNS[rank]}", hint, "against-letter", translation.original, place)


def _single_notes(translation: Translation, parsed: Parsed) -> Iterator[Note]:
    for name in translation.choice.single:
        declared = parsed.declarations.get(canonical_name(name))
        if declared is not None and declared.inferred and declared.kind == "vector":
            hint = f"declare {name}: matrix(m, n) if it has rows"
            yield Note(
                f"{name} is read as one vector",
                hint,
                "one-row",
                translation.original,
                _place(translation.original, name),
            )


def _place(text: str, name: str) -> Span | None:
    found = re.search(rf"(?<![\w.]){re.escape(name)}\b", text)
    return found.span() if found else None
