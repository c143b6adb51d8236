r"""Last arguments in LaTeX that are no values: ``axis=2``, also with the word in \mathrm, \text or \operatorname, and the g of funm(A, g)."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from matcalc.language.latex.latex_signs import DELIMITER_SIZES
from matcalc.language.surface.bars import place

__all__ = ["with_options"]

_FACES = frozenset({r"\mathrm", r"\text", r"\operatorname", r"\textrm"})


def with_options(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with one AXIS in place of ``axis = 2`` and one NAME in place of a function that is an argument."""
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        found.append(tokens[i])
        i += 1
        if found[-1].type == "COMMA":
            option, i = _option(tokens, i)
            found += option
    return found


def _option(tokens: Sequence[Token], i: int) -> tuple[list[Token], int]:
    """What stands behind a comma as one token, and the place behind it."""
    word, text = _word(tokens, i)
    behind = [t.type for t in tokens[word : word + 4] if t not in DELIMITER_SIZES]
    if text == "axis" and behind[:3] == ["EQUALS", "NUMBER", "RPAR"] and tokens[word + 1].isdigit():
        span = (tokens[i].start_pos or 0, tokens[word + 1].end_pos or 0)
        return [place("AXIS", f"axis={tokens[word + 1]}", span)], word + 2
    if len(text) > 1 and behind[:1] == ["RPAR"] and _is_argument_of_funm(tokens, i - 1):
        return [place("NAME", text, (tokens[i].start_pos or 0, tokens[word - 1].end_pos or 0))], word
    return [], i


def _word(tokens: Sequence[Token], i: int) -> tuple[int, str]:
    """The place behind a word, and the word: axis, \\mathrm{axis} or a command."""
    texts = [str(t) for t in tokens[i : i + 4]]
    if len(texts) == 4 and texts[0] in _FACES and (texts[1], texts[3]) == ("{", "}"):
        return i + 4, texts[2]
    return i + 1, texts[0].lstrip("\\") if texts else ""


def _is_argument_of_funm(tokens: Sequence[Token], comma: int) -> bool:
    """Whether the comma is the first in the brackets behind the name funm."""
    depth = 0
    for i in range(comma - 1, -1, -1):
        depth += (tokens[i].type == "RPAR") - (tokens[i].type == "LPAR")
        if depth < 0:
            before = [str(t) for t in tokens[max(i - 4, 0) : i] if t not in DELIMITER_SIZES]
            return bool(before) and (before[-1] == "funm" or before[-2:] == ["funm", "}"])
        if depth == 0 and tokens[i].type == "COMMA":
            return False
    return False
