r"""Places in LaTeX that can be written over: no half of a group, no letter without its \mathbf."""

from __future__ import annotations

import re

from matcalc.errors import Span
from matcalc.language.latex.latex_signs import ACCENTS, STYLES, UPRIGHT
from matcalc.patterns import pattern

__all__ = ["whole", "with_index"]

_BRACE = pattern(r"\\.|[{}]", re.DOTALL)
_COMMAND = pattern(r"\\[A-Za-z]+\*?\s*$")
_LETTER = pattern(r"\s*(?:\\[A-Za-z]+|\w)")
_INDEX = pattern(r"[}\s]*(?:[\u2080-\u2089]+|_\s*(?:\{|\\[A-Za-z]+|[^\s{}]))")
_AROUND_A_NAME = STYLES | UPRIGHT | ACCENTS.keys()


def whole(text: str, span: Span) -> Span:
    r"""The place with the other half of each group that it cuts, and with the command that the group belongs to.

    Of ``x}{y`` in ``\frac{x}{y}`` that is all of it, of ``x`` in ``\mathbf{x}`` and of ``\hat`` in ``\hat\rho`` too.
    """
    start, end = span
    if text[start:end] in ACCENTS and (letter := _LETTER.match(text, end)):
        end = letter.end()
    while (cut := _unmatched(text[start:end])) != (0, 0):
        closing, opening = cut
        left = _opener(text, start) if closing else start
        right = _closer(text, end) if opening else end
        if left is None or right is None:
            return span
        start, end = (_with_command(text, left) if closing else left), right
    return _with_face(text, start, end)


def with_index(text: str, letter: Span) -> Span:
    r"""The place of a letter with the subscript that stands directly behind it: W}_{1} of \mathbf{W}_{1}."""
    found = _INDEX.match(text, letter[1])
    if found is None:
        return letter
    end = found.end()
    return letter[0], (_closer(text, end) or end) if found.group().endswith("{") else end


def _unmatched(text: str) -> tuple[int, int]:
    """How many groups end in the text that do not begin there, and begin that do not end."""
    closing = opening = 0
    for found in _BRACE.finditer(text):
        if found.group() == "{":
            opening += 1
        elif found.group() == "}" and opening:
            opening -= 1
        elif found.group() == "}":
            closing += 1
    return closing, opening


def _opener(text: str, before: int) -> int | None:
    """The brace of the group that a place stands in."""
    depth = 0
    for found in reversed(list(_BRACE.finditer(text, 0, before))):
        depth += (found.group() == "}") - (found.group() == "{")
        if depth < 0:
            return found.start()
    return None


def _closer(text: str, after: int) -> int | None:
    depth = 0
    for found in _BRACE.finditer(text, after):
        depth += (found.group() == "}") - (found.group() == "{")
        if depth > 0:
            return found.end()
    return None


def _with_command(text: str, brace: int) -> int:
    """The start of the command whose last argument begins here."""
    while text[:brace].rstrip().endswith("}"):
        earlier = _opener(text, len(text[:brace].rstrip()) - 1)
        if earlier is None:
            break
        brace = earlier
    command = _COMMAND.search(text, 0, brace)
    return command.start() if command else brace


def _with_face(text: str, start: int, end: int) -> Span:
    command = _COMMAND.search(text, 0, max(start - 1, 0))
    in_braces = text[start - 1 : start] == "{" and text[end : end + 1] == "}"
    if in_braces and command is not None and command.group().strip() in _AROUND_A_NAME:
        return command.start(), end + 1
    return start, end
