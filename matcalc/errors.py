"""Errors for people: one message, the text, a caret under the exact place, and what to do instead."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Container
from itertools import takewhile
from traceback import extract_tb

from matcalc.records import dataclass

__all__ = [
    "DeclarationError",
    "DomainError",
    "Fix",
    "Hint",
    "LimitError",
    "MatcalcError",
    "Offers",
    "ShapeError",
    "Span",
    "SyntaxFault",
    "UnknownNameError",
    "UnsupportedError",
]

Span = tuple[int, int]

#: The folder of matcalc: its own lines are of no use to who typed a formula.
_PACKAGE = os.path.dirname(__file__) + os.sep
#: Longer lines are shown as a window of this many characters around the caret.
WIDEST_LINE = 100
#: Longer words of a message are cut.
LONGEST_WORD = 80
#: Longer messages and hints are cut in the middle.
LONGEST_SENTENCE = 1000


@dataclass(frozen=True)
class Fix:
    """One change that mends a text: what is written in place of each span; an empty span is a place between letters."""

    edits: tuple[tuple[Span, str], ...]

    def moved(self, by: int) -> Fix:
        """The same change further right."""
        return Fix(tuple(((start + by, end + by), instead) for (start, end), instead in self.edits))

    def applied(self, text: str) -> str:
        """The text with the change."""
        for (start, end), instead in sorted(self.edits, reverse=True):
            text = text[:start] + instead + text[end:]
        return text


@dataclass(frozen=True)
class Offers:
    """What may be written instead: a sentence with ``{}`` in place of them, the words for each, and its change."""

    sentence: str
    choices: tuple[tuple[str, Fix], ...]

    def moved(self, by: int) -> Offers:
        """The same offers for a text in which everything stands further right."""
        return Offers(self.sentence, tuple((words, fix.moved(by)) for words, fix in self.choices))

    def __str__(self) -> str:
        *first, last = (words for words, _ in self.choices)
        return self.sentence.replace("{}", f"{', '.join(first)} or {last}" if first else last)


class Hint(str):
    """What to write instead, for a reader, with the changes that it speaks of, for a program.

    Attributes:
        parts: sentences, and offers that can be followed.
        joint: what stands between them.
    """

    parts: tuple[str | Offers, ...]
    joint: str

    def __new__(cls, *parts: str | Offers, joint: str = "; or ") -> Hint:
        hint = super().__new__(cls, joint.join(map(str, parts)))
        hint.parts = parts
        hint.joint = joint
        return hint

    @property
    def fixes(self) -> tuple[Fix, ...]:
        """Each of them alone gives a text without this fault."""
        return tuple(fix for part in self.parts if isinstance(part, Offers) for _, fix in part.choices)

    def moved(self, by: int) -> Hint:
        """The same hint for a text in which everything stands further right."""
        parts = (part.moved(by) if isinstance(part, Offers) else part for part in self.parts)
        return Hint(*parts, joint=self.joint)

    def only(self, fixes: Container[Fix]) -> Hint:
        """The same hint without other offers."""
        parts: list[str | Offers] = []
        for part in self.parts:
            if isinstance(part, Offers):
                part = Offers(part.sentence, tuple(choice for choice in part.choices if choice[1] in fixes))
                parts += [part] if part.choices else []
            else:
                parts.append(part)
        return Hint(*parts, joint=self.joint)


class MatcalcError(Exception):
    """What is wrong with an input; everything that users cause derives from it.

    >>> try:
    ...     mc.parse("A x + b where x: vector(n), b: vector(n), A: matrix(m, n)")
    ... except mc.MatcalcError as error:
    ...     print(error.code, error.span)
    shape-mismatch (6, 7)

    Attributes:
        message: one sentence, without the place.
        code: a stable word for programs, such as ``shape-mismatch``.
        text: the input it is about, or None.
        span: the place in ``text`` as (start, end), or None.
        related: a second place that disagrees with the first, or None.
        hint: what to write instead, or None.
        offered: the hint with the changes of ``text``, else of ``word``, that it speaks of, where there are some.
        word: the argument that is at fault where there is no text, so that a command line can show it; or None.
    """

    default_code = "error"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        text: str | None = None,
        span: Span | None = None,
        related: Span | None = None,
        hint: str | None = None,
        word: str | None = None,
    ) -> None:
        message = shortened(message)
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.text = text
        self.span = span
        self.related = related
        self.offered = hint if isinstance(hint, Hint) else None
        self.hint = shortened(hint) if hint else hint
        self.word = word

    @property
    def fixed(self) -> tuple[str, ...]:
        """The whole text, else the word, without the fault: one for each way that the hint offers."""
        given = self.text if self.text is not None else self.word
        fixes = self.offered.fixes if self.offered is not None else ()
        return () if given is None else tuple(fix.applied(given) for fix in fixes)

    def shown_in(self, text: str, span: Span) -> None:
        """Show the error in another text, in which the word that it is about stands at this place."""
        offered, word = self.offered, self.word or ""
        if offered is not None and self.text is None:
            moved = offered.moved(span[0]) if text[slice(*span)] == word else Hint(str(offered))
            self.offering(moved)
        self.text, self.span = text, span

    def offering(self, hint: Hint) -> None:
        """Say this instead of the hint so far."""
        self.offered, self.hint = hint, shortened(hint)

    def render(self) -> str:
        """The message, the line of the text with a caret line, and the hint."""
        lines = [f"error: {self.message}"]
        if self.text is not None and self.span is not None:
            lines += [f"  {line}" for line in _excerpt(self.text, self.span, self.related)]
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of a traceback: the line of the user's own that asked, and the message."""
        frames = extract_tb(self.__traceback__)
        last = list(takewhile(lambda frame: not frame.filename.startswith(_PACKAGE), frames))[-1:]
        place = [f"line {frame.lineno}: {frame.line}" for frame in last if frame.line]
        return [*place, f"{type(self).__name__}: {self.render().removeprefix('error: ')}"]

    def as_dict(self) -> dict[str, object]:
        """The same for JSON."""
        return {
            "code": self.code,
            "message": self.message,
            "text": self.text,
            "span": list(self.span) if self.span is not None else None,
            "related": list(self.related) if self.related is not None else None,
            "hint": self.hint,
            "fixed": list(self.fixed),
        }

    def __str__(self) -> str:
        return self.render()


class SyntaxFault(MatcalcError):
    """The text is not an expression."""

    default_code = "syntax"


class ShapeError(MatcalcError):
    """Two shapes disagree, or a shape is not determined."""

    default_code = "shape-mismatch"


class UnknownNameError(MatcalcError):
    """A name means nothing here."""

    default_code = "unknown-name"


class DeclarationError(MatcalcError):
    """A declaration cannot be read, or contradicts another."""

    default_code = "declaration"


class LimitError(MatcalcError):
    """The input is larger, or takes longer, than a limit in `matcalc.language.limits` allows."""

    default_code = "limit"


class DomainError(MatcalcError):
    """A function has no real value there."""

    default_code = "domain"


class UnsupportedError(MatcalcError):
    """Meaningful, but outside of what the engine can do."""

    default_code = "unsupported"


def shortened(sentence: str) -> str:
    """The sentence with words that nobody reads to their end cut short, and without invisible characters."""
    if not sentence.isprintable():
        sentence = "".join(c if c == "\n" else _visible(c) for c in sentence)
    sentence = re.sub(rf"\S{{{LONGEST_WORD + 1},}}", lambda word: word.group()[: LONGEST_WORD // 2] + "…", sentence)
    half = LONGEST_SENTENCE // 2
    return sentence if len(sentence) <= LONGEST_SENTENCE else f"{sentence[:half]} … {sentence[-half:]}"


def _excerpt(text: str, span: Span, related: Span | None) -> list[str]:
    """The line that holds the place, and carets below it; a second place on that line is marked ``~``."""
    start = min(max(span[0], 0), len(text))
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    last = len(text) if last < 0 else last
    left = first if start - first <= WIDEST_LINE * 2 // 3 else start - WIDEST_LINE // 2
    right = min(last, left + WIDEST_LINE)
    marks = [" "] * (right - left + 1)
    _mark(marks, related, left, "~")
    _mark(marks, (start, max(span[1], start + 1)), left, "^")
    before, after = "…" if left > first else "", "…" if right < last else ""
    shown = [_visible(c) for c in text[left:right]]
    carets = "".join(mark * _width(c) for mark, c in zip(marks, [*shown, " "], strict=False))
    return [before + "".join(shown) + after, (" " * len(before) + carets).rstrip()]


def _mark(marks: list[str], span: Span | None, left: int, sign: str) -> None:
    for i in range(*span) if span is not None else ():
        if 0 <= i - left < len(marks):
            marks[i - left] = sign


def _visible(character: str) -> str:
    """Control, format and surrogate characters would disturb the terminal."""
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
