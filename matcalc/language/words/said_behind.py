"""What plain words say of names before or behind a formula: ``x^T A x for symmetric A``, ``tr(AXB), A and B constant matrices``.

They become the ``where`` of the text: the formula keeps its place, and blanks stand for words in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcalc.patterns import pattern

__all__ = ["with_what_is_said"]

_OF_VALUES = r"constants?|fixed|given|known|real|arbitrary|parameters?|matrix|matrices|vectors?|column|row|scalars?|numbers?|square"
_OF_MATRICES = (
    r"(?:positive|negative)[- ](?:semi-?)?definite|symmetric|skew(?:-?symmetric)?|antisymmetric|psd|spd|invertible|non-?singular"
    r"|orthogonal|diagonal|(?:lower|upper)[- ]triangular|positive"
)
_WORD = rf"(?:{_OF_VALUES}|{_OF_MATRICES})(?!\w)"
_SIZE = r"(?:\w+(?: x | by | ?× ?|x)\w+|\w-dimensional) "
_WORDS = rf"(?:(?:an?|the|any|all|some|both) )?(?:{_SIZE})?{_WORD}(?:,? (?:and )?{_WORD})*"
_INTRODUCING = r"(?:with|for|given|assuming(?: that)?|assume(?: that)?|suppose(?: that)?|let|if|when|provided(?: that)?|since|because|as|and|where)"
_JOINED = r"(?: ?, ?(?:and )?| and )"
_NAME = (
    rf"(?!(?:{_INTRODUCING}|is|are|be|an|the|{_WORD})(?!\w))"
    r"(?:\\math\w+ ?\{\w+\}|\\?[^\W\d_]\w*)(?:_\{\w+\})?(?!\w)"
)
_NAMES = rf"{_NAME}(?:{_JOINED}{_NAME})*"
_STATED = (
    rf"(?:(?P<a>{_NAMES}) (?:(?:is|are|be|being) )?(?P<b>{_WORDS})|(?P<c>{_WORDS}) (?P<d>{_NAMES})"
    rf"|(?P<e>{_NAMES}) (?:(?:does|do) not depend on|(?:is|are) independent of) {_NAMES})"
)
_UNNAMED = re.sub(r"\?P<\w>", "?:", _STATED)
_SAYING = pattern(_STATED)
#: One or several sayings, with the words between them.
_SAYINGS = rf"{_UNNAMED}(?:(?: ?[,;] ?| )(?:{_INTRODUCING} )?{_UNNAMED})*"
#: What every such text holds.
_SAID = (
    "const fixed given known real arbitrary paramet matri vector scalar number positive negative symmetric skew psd spd "
    "invertible singular orthogonal diagonal triangular depend"
).split()
_BEHIND = pattern(
    rf"(?P<open> ?\((?=[^()]*\)[. ]*\Z))?(?(open)(?:{_INTRODUCING} )?|(?: ?[,;.] ?(?:{_INTRODUCING} )?| {_INTRODUCING} ))"
    rf"(?P<said>{_SAYINGS})(?(open)\)) ?\.?\Z",
    re.IGNORECASE,
)
_IN_FRONT = pattern(rf" ?(?:{_INTRODUCING} )(?P<said>{_SAYINGS}) ?[,;:.] (?:then )?", re.IGNORECASE)
_OPENING = pattern(r"[\s,;.(]")
_SPACE = pattern(r"\\q?quad(?![A-Za-z])|\\[,;:! ]|~")
_IN_TYPE = pattern(r"(\\(?:text|textrm|mathrm|mbox)\s*\{)([A-Za-z ,.-]*)\}")
#: Longer texts are no sentences.
_LONGEST = 160


def with_what_is_said(text: str) -> str:
    """A text whose last or first words say something of names, with these behind ``where``; others stay as they are."""
    if (
        not any(word in text for word in _SAID)
        or "$" in text
        or "\n" in text
        or re.search(r"(?<![\w\\.])where(?!\w)", text)
    ):
        return text
    body, sayings = text, list[str]()
    front = _IN_FRONT.match(_spaced(_plain(text[:_LONGEST])))
    if front is not None and front.end() < len(text):
        end = _place(text, front.end())
        sayings += _clauses(front.group("said"))
        body = " " * end + text[end:]
    behind = _said_at_end(body)
    if behind is not None:
        start, said = behind
        sayings += _clauses(said)
        body = body[:start]
    return f"{body.rstrip()} where {', '.join(sayings)}" if sayings and body.strip() else text


def _said_at_end(text: str) -> tuple[int, str] | None:
    """Where the last words begin, and what they say."""
    plain = _plain(text)
    for opening in _OPENING.finditer(plain, max(0, len(text) - _LONGEST)):
        found = _BEHIND.match(_spaced(plain[opening.start() :]))
        if found is not None:
            return opening.start(), found.group("said")
    return None


def _plain(text: str) -> str:
    r"""The text with blanks for \text{…} around words, and for spaces of LaTeX."""
    if "\\" not in text:
        return text
    text = _SPACE.sub(lambda found: " " * len(found.group()), text)
    return _IN_TYPE.sub(lambda found: " " * len(found.group(1)) + found.group(2) + " ", text)


def _spaced(text: str) -> str:
    """The text with one blank for many."""
    return re.sub(r"\s+", " ", text)


def _place(text: str, end: int) -> int:
    """Where in a text stands what is at this place of the same with single blanks."""
    return next(i for i in range(len(text) + 1) if len(_spaced(text[:i])) >= end)


def _clauses(said: str) -> Iterator[str]:
    for found in _SAYING.finditer(said):
        names = found["a"] or found["d"] or found["e"]
        joined = " and ".join(re.split(_JOINED, names))
        yield f"{joined} is {found['b'] or found['c'] or 'constant'}"
