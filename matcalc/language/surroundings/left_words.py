r"""What words beside a formula may be left out: none that hold mathematics, as ``Find the gradient of $x^T A x$ + b^T x`` does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from matcalc.errors import Span
from matcalc.patterns import pattern

__all__ = ["holds_mathematics", "without"]

#: Signs of sentences, numbers of exercises and equations, and L2-norm.
_HARMLESS = pattern(
    r"[\s.,;:?!'’‘\"“”()\[\]–—-]|(?<![\w.])\(?\d{1,3}(?:\.\d{1,3})*[.):](?=\s)|\b[Ll]_?\d\b|\b\d(?:-norm|st|nd|rd|th)\b|\(\d+(?:\.\d+)*\)"
)
_WORD = pattern(r"[^\W\d_]+")
#: A, I and a of sentences.
_OF_SENTENCES = pattern(
    r"(?:\A|(?<=[.?!]))\s*[AI](?=\s+[a-z]{2,}|['’])|\bI(?=\s+[a-z]{2,}|['’][a-z])|\ba(?=\s+[a-z]{2,})"
)
#: What stands in front of the name of what it is, and behind a name of which something is said.
_NOUN_IN_FRONT = pattern(
    r"\b(?:matri(?:x|ces)|vectors?|scalars?|constants?|numbers?|variables?|parameters?|functions?|coefficients?|weights?|let|suppose|assume|given|where|and|,|data|called)\s*\Z",
    re.IGNORECASE,
)
_SAID_BEHIND = pattern(
    r"\s*(?:,|and\b|or\b|(?:is|are|be|being|denotes?|represents?|stands?|has|have|was|were)\b|\)|\()", re.IGNORECASE
)


def without(words: str, spans: Iterable[Span]) -> str:
    """The words with blanks for some of them."""
    for start, end in spans:
        words = words[:start] + " " * (end - start) + words[end:]
    return words


def holds_mathematics(words: str, text: str, function: str, names: Sequence[Span]) -> bool:
    """Whether what is left out says more than words do: signs, numbers, letters of the function, or by what to differentiate.

    ``words`` are those that are left out, with blanks for all else; ``names`` are the formulas of one name that are.
    """
    rest = _WORD.sub(" ", _HARMLESS.sub(" ", words))
    if rest.strip():
        return True
    letters = [m.group() for m in _WORD.finditer(_OF_SENTENCES.sub(" ", words)) if len(m.group()) == 1]
    if any(_stands_in(letter, function) for letter in letters):
        return True
    return any(
        _stands_in(text[start:end].strip("$ ").removeprefix("d") or "d", function)
        and _NOUN_IN_FRONT.search(text, 0, start) is None
        and _SAID_BEHIND.match(text, end) is None
        for start, end in names
    )


def _stands_in(name: str, function: str) -> bool:
    return (
        re.search(
            rf"(?<!\\){re.escape(name)}", re.sub(r"\\(?!in\b)[A-Za-z]+", " ", function) if name.isalpha() else function
        )
        is not None
    )
