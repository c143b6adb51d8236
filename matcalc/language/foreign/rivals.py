"""Two choices of the axes of names in code that are as likely: an error that offers both, each as the code with a declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from matcalc.errors import MatcalcError, ShapeError, Span
from matcalc.language.choices.ambiguity import both
from matcalc.language.foreign.common.names.naming import rank_of
from matcalc.language.foreign.translation import Translation, translated
from matcalc.language.words.names import canonical_name
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.declarations import Declaration
    from matcalc.language.meaning.inference import Parsed

__all__ = ["chosen_notes", "declarations", "question", "two_ways"]

_NOUNS = ("a number", "a vector", "a matrix")
Read = Callable[[Translation], "Parsed"]


def question(translation: Translation, where: object, read: Read) -> MatcalcError | None:
    """The error for code whose likeliest choice of axes has a rival, or None where only one can be read."""
    rival = translation.choice.rival
    if not rival:
        return None
    own = {n: translation.choice.ranks.get(n, rank_of(n)) for n in rival}
    offered = [_declared(translation.original, where, ranks, read) for ranks in (own, rival)]
    found = [d for d in offered if d is not None]
    return two_ways(translation.original, (own, rival), found) if len(found) == 2 else None


def two_ways(text: str, choices: Sequence[Mapping[str, int]], declared: Sequence[str]) -> MatcalcError:
    """The question which axes names have; each choice is offered as the code with its declarations."""
    first, second = (" and ".join(f"{n} {_NOUNS[rank]}" for n, rank in ranks.items()) for ranks in choices)
    return ShapeError(
        f"this can be read in two ways: with {first}, or with {second}",
        code="ambiguous",
        text=text,
        span=_place(text, next(iter(choices[0]))),
        hint=both(text, declared),
    )


def _declared(text: str, where: object, ranks: Mapping[str, int], read: Read) -> str | None:
    """The declarations of names in the code with these axes, None where it cannot be read so."""
    try:
        translation = translated(text, where, ranks)
        found = None if translation is None else read(translation).declarations
    except MatcalcError:
        return None
    if found is None or any(canonical_name(n) not in found for n in ranks):
        return None
    return declarations(ranks, found)


def declarations(names: Iterable[str], found: Mapping[str, Declaration]) -> str:
    """The declarations of names of code as they are typed."""
    known = {n: found[canonical_name(n)] for n in names}
    return ", ".join(f"{n}: {_shape(d.kind, d.shape)}" for n, d in known.items())


def _shape(kind: str, shape: tuple[object, ...]) -> str:
    if kind == "scalar":
        return kind
    return f"{kind}({', '.join(map(str, shape[: 1 if kind == 'vector' else 2]))})"


def chosen_notes(translation: Translation, parsed: Parsed) -> Iterator[Note]:
    """Names that have other axes than their spelling tells, and vectors that may have rows."""
    for sentence, place in translation.choice.unread:
        yield Note(sentence, None, "constraints", translation.original, place)
    yield from _vector_notes(translation, parsed)
    numbers = {
        n: 0 for n in translation.choice.assumed if translation.faces.get(canonical_name(n)) == "coefficient shown"
    }
    for name, rank in {**numbers, **translation.choice.ranks}.items():
        declared = parsed.declarations.get(canonical_name(name))
        if declared is not None and declared.inferred and rank != rank_of(name):
            instead = ("scalar", "vector(n)", "matrix(m, n)")[rank_of(name)]
            hint = f"declare {name}: {instead} if it is one"
            where = _place(translation.original, name)
            yield Note(f"{name} is read as {_NOUNS[rank]}", hint, "against-letter", translation.original, where)


def _vector_notes(translation: Translation, parsed: Parsed) -> Iterator[Note]:
    """Vectors that may be rows of data, biases that are columns, and factors that are spread over rows."""
    text, choice = translation.original, translation.choice
    for name in dict.fromkeys((*choice.single, *choice.columns, *choice.rows, *choice.spread)):
        declared = parsed.declarations.get(canonical_name(name))
        if declared is None or not declared.inferred or declared.kind != "vector":
            continue
        if name in choice.columns:
            message, hint = f"{name} is read as a column", f"write {name}[None, :] if it is a row"
        elif name in choice.rows:
            message, hint = f"{name} is read as a row", f"declare {name}: scalar or {name}: matrix(m, n) if it is one"
        elif name in choice.spread:
            message = f"{name} is read as a vector that multiplies every row"
            hint = f"declare {name}: matrix(m, n) if it multiplies entry by entry"
        else:
            message, hint = f"{name} is read as one vector", f"declare {name}: matrix(m, n) if it has rows"
        yield Note(message, hint, "one-vector", text, _place(text, name))


def _place(text: str, name: str) -> Span | None:
    found = re.search(rf"(?<![\w.]){re.escape(name)}\b", text)
    return found.span() if found else None
