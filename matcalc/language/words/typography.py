"""What comes along when text is copied: signs that look like others, HTML entities, characters that nobody sees."""

from __future__ import annotations

import re
import unicodedata

from matcalc.patterns import pattern

__all__ = ["typed_signs"]

#: Signs that are set alike, and the one of the language.
_SAME_SIGNS = {
    **dict.fromkeys("∥ǁ", "‖"),
    **dict.fromkeys("∣❘ǀ", "|"),
    **dict.fromkeys("∙‧", "·"),
    **dict.fromkeys("⨯✕", "×"),
    **dict.fromkeys("\u2010\u2011\u2012\u2043\ufe63", "-"),
    **dict.fromkeys("∕⁄", "/"),
    **dict.fromkeys("〈〈", "⟨"),
    **dict.fromkeys("〉〉", "⟩"),
    "∆": "Δ",
    "ᵗ": "ᵀ",
    "ˆ": "^",
    "﹡": "*",
}
#: Full-width signs, not letters.
_WIDE = {chr(0xFEE0 + i): chr(i) for i in range(0x21, 0x7F) if not chr(i).isalpha()}
_SPACES = {chr(i): " " for i in (*range(0x2000, 0x200B), 0x205F, 0x3000)}
_TABLE = str.maketrans(_SAME_SIGNS | _WIDE | _SPACES)
_ENTITY = pattern(r"&(?:[A-Za-z]{2,8}|#[0-9]{2,5}|#x[0-9A-Fa-f]{2,4});")
#: A text between quotation marks.
_QUOTED = pattern(r"\A(\s*)[“„\"](.*)[”“\"](\s*)\Z", re.DOTALL)
#: What is not seen and has no meaning: spaces without width, soft hyphens, joiners, marks of byte order.
_UNSEEN = pattern("[\u00ad\u200b\u200c\u200d\u2060-\u2064\ufe0e\ufe0f\ufeff]+")


def typed_signs(text: str) -> str:
    """A text of the same length as it would have been typed.

    What nobody sees becomes a blank, unless it parts what would be one word, one number, one bar or one command.
    """
    if text.isascii() and "&" not in text:
        return text
    text = _QUOTED.sub(r"\1 \2 \3", _ENTITY.sub(_character, text))
    return _UNSEEN.sub(_blank, text).translate(_TABLE)


def _character(entity: re.Match[str]) -> str:
    """The character of an entity: &lt; is <, with blanks before a letter and behind a sign."""
    from html import unescape

    character = unescape(entity.group())
    if len(character) != 1:
        return entity.group()
    character = " " if unicodedata.category(character) == "Zs" else character
    width = len(entity.group())
    return character.rjust(width) if character.isalpha() else character.ljust(width)


def _blank(unseen: re.Match[str]) -> str:
    before, after = unseen.string[: unseen.start()][-1:], unseen.string[unseen.end() :][:1]
    parts = before == "\\" or (_is_of_word(before) and _is_of_word(after)) or (before == after and before in "|*-.'")
    return unseen.group() if parts and before else " " * len(unseen.group())


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_"
