"""Notes: what a reader has to know to catch a misreading, made where the choice is made."""

from __future__ import annotations

from collections.abc import Iterable

from matcalc.errors import Span, shortened
from matcalc.records import dataclass

__all__ = ["Note", "as_dicts", "distinct", "note_lines", "note_rows"]

#: Codes of notes that say what a name is.
_OF_NAMES = frozenset({"against-letter", "beside-matrix"})


@dataclass(frozen=True)
class Note:
    """One sentence about how a text was read, with the place it speaks of.

    Attributes:
        message: what was assumed, without a full stop: "C is read as a number".
        hint: how to say the other: "declare C: matrix(m, n) if it is one"; or None.
        code: a stable word for programs, such as ``against-letter``.
        text: the text into which ``span`` points, or None.
        span: the place as (start, end), or None.
    """

    message: str
    hint: str | None = None
    code: str = "note"
    text: str | None = None
    span: Span | None = None

    def __str__(self) -> str:
        sentence = self.message + (f": {self.hint}" if self.hint else "")
        return shortened(" ".join(sentence.split()))

    def as_dict(self) -> dict[str, object]:
        """The same for JSON."""
        return {
            "code": self.code,
            "message": shortened(self.message),
            "hint": self.hint,
            "text": self.text,
            "span": list(self.span) if self.span is not None else None,
        }


def distinct(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Each sentence once, and what is said of a name with the longest of its hints, in the order of the places."""
    found: dict[str, Note] = {}
    for note in notes:
        key = note.message if note.code in _OF_NAMES else str(note)
        known = found.setdefault(key, note)
        if len(note.hint or "") > len(known.hint or ""):
            found[key] = note
    return tuple(sorted(found.values(), key=lambda note: note.span or (0, 0)))


def note_rows(notes: Iterable[Note]) -> list[tuple[str, str]]:
    """(label, text) for each note, as the rows of an answer."""
    return [("note", str(note)) for note in notes]


def note_lines(notes: Iterable[Note]) -> list[str]:
    """A line for each note, as it stands below an answer or in a comment."""
    return [f"{label}: {text}" for label, text in note_rows(notes)]


def as_dicts(notes: Iterable[Note]) -> list[dict[str, object]]:
    """The notes for JSON."""
    return [note.as_dict() for note in notes]
