"""What a text means that may be code of another language; imported where one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from matcalc.errors import MatcalcError, UnsupportedError
from matcalc.language.clauses import split_where
from matcalc.language.foreign.agreement import agreed, is_contradicted, is_declared
from matcalc.language.foreign.comments import muted
from matcalc.language.foreign.objectives import of_a_number
from matcalc.language.foreign.rivals import chosen_notes, question
from matcalc.language.foreign.translation import Translation, of_matrices_or_entries, translated
from matcalc.language.meaning.inference import Parsed

__all__ = ["in_this_language", "meaning_of_code"]

#: Notes about how something is written here, which nobody has written in code.
_OF_SPELLINGS = frozenset(("axis",))


def meaning_of_code(text: str, where: object, parse_plain: Callable[..., Parsed]) -> Parsed | None:
    """What code of another language means, or None where the text is none."""
    translation = translated(text, where)
    if translation is None:
        return None
    try:
        parsed = _translated(translation, parse_plain)
    except MatcalcError:
        if translation.marked or not _fits_here(parse_plain, text):
            raise
        return None  # of both languages it is that in which the declared sizes fit
    if parsed is None:
        return None
    if any(declaration.is_complex for declaration in parsed.declarations.values()):
        _refuse_complex_code(text, translation, parse_plain)
        return None
    own = None if translation.certain else _plainly(parse_plain, text, where)
    if own is not None and own.node is not parsed.node:
        if is_contradicted((translation, parsed)):
            return None
        raise of_matrices_or_entries(translation)

    def again(other: Translation) -> Parsed:
        return parse_plain(other.text, faces=other.faces)

    try:
        pair = agreed((translation, parsed), where, again)
    except MatcalcError:
        if own is None and (translation.marked or not is_contradicted((translation, parsed))):
            raise
        return None  # a column times a row of this language is none of NumPy's arrays of one axis
    translation, parsed = of_a_number(pair, where, again)
    kept = [note for note in parsed.notes if note.code not in _OF_SPELLINGS]
    notes = (translation.note(parsed.tree), *map(translation.restored, kept))
    if translation.choice:
        asked = question(translation, where, again)
        if asked is not None:
            raise asked
    notes = (*notes, *chosen_notes(translation, parsed))
    end = split_where(muted(text, percent=True))
    return replace(parsed, text=text[:end].strip() if end > 0 else text.strip(), notes=notes)


def _translated(translation: Translation, parse_plain: Callable[..., Parsed]) -> Parsed | None:
    """What the code means, or None where it may be none and has no meaning as such."""
    try:
        with translation.errors_at_their_place():
            return parse_plain(translation.text, faces=translation.faces)
    except MatcalcError as error:
        if translation.certain or error.code == "ambiguous":
            raise
        return None


def _refuse_complex_code(text: str, translation: Translation, parse_plain: Callable[..., Parsed]) -> None:
    """Nothing where the text has a meaning in this language. What code is translated to is said of real numbers: `np.real(z)` is z, `.H` the
    transpose, and `@` and `np.inner` conjugate nothing.

    Raises UnsupportedError where it has none.
    """
    error = UnsupportedError(
        f"{translation.language} code of complex variables is not supported yet",
        code="complex",
        text=text,
        hint="write the formula, with z^H for the adjoint, conj(z), re(z), im(z), abs(z)",
    )
    if "@" in text:
        raise error
    try:
        parse_plain(text, faces={})
    except MatcalcError:
        raise error from None


def _fits_here(parse_plain: Callable[..., Parsed], text: str) -> bool:
    """Whether the text has a meaning in this language in which nothing had to be inferred."""
    try:
        return is_declared(parse_plain(text, faces={}))
    except MatcalcError:
        return False


def _plainly(parse_plain: Callable[..., Parsed], text: str, where: object) -> Parsed | None:
    """What the same text means in this language, if anything; without declarations only what asks for no note."""
    try:
        own = parse_plain(text, faces={})
    except MatcalcError:
        return None
    return own if not own.notes or where is not None or split_where(text) >= 0 else None


def in_this_language(text: str) -> str:
    """Code in the words of this language, other texts as they are."""
    translation = translated(text)
    return text if translation is None else translation.text
