r"""What is raised behind a name and is no power: W^{(l)}, W^{[2]}, x^{(i)\top}, \theta^\star, \hat x_k^-, \theta^{\text{old}}."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.latex_expansion import index_text, superscript_text
from matcalc.language.words.indices import index_words
from matcalc.records import dataclass

__all__ = ["Mark", "mark_of"]

_BRACKETS = {"LPAR": "RPAR", "LSQB": "RSQB"}
_STARS = frozenset({"*", r"\ast", "∗"})
_NAMES_OF_STARS = frozenset({r"\star", "⋆"})


@dataclass(frozen=True)
class Mark:
    """The words of a mark, and what is raised behind it: a transpose of x^{(i)\\top}."""

    words: str
    rest: tuple[Token, ...] = ()
    adjoint: bool = False


def mark_of(group: Sequence[Token], capital: bool) -> Mark | None:
    """The mark that this superscript is behind a name, or None; ``adjoint`` if it may be the sign of one."""
    tokens = [t for t in group if t not in signs.IGNORED]
    shown = superscript_text(tokens)
    if shown in _NAMES_OF_STARS:
        return Mark("star")
    if shown in _STARS:
        return Mark("star", adjoint=True)
    if shown[:1] in _STARS or (tokens and tokens[0] in _NAMES_OF_STARS):
        return Mark("star", tuple(tokens[1:]))
    if shown in ("+", "-") and not (capital and shown == "+"):
        return Mark(index_words(shown) or "")
    return _word(tokens) or _bracketed(tokens)


def _word(tokens: Sequence[Token]) -> Mark | None:
    r"""\text{old}, \mathrm{new}, and three letters and more side by side."""
    word = superscript_text(list(tokens))
    upright = bool(tokens) and (tokens[0] in signs.UPRIGHT or tokens[0] in signs.SWITCHES)
    if word.isascii() and word.isalpha() and (len(word) > 2 or (upright and len(word) > 1)):
        return Mark(word) if upright or (word.islower() and len(tokens) == 1) else None
    return None


def _bracketed(tokens: Sequence[Token]) -> Mark | None:
    """(l), [2] and [L](i), with a number or a transpose behind them."""
    words: list[str] = []
    rest = list(tokens)
    while rest and rest[0].type in _BRACKETS:
        end = _partner(rest)
        inside = index_text(rest[1:end]) if end else None
        if inside is None:
            return None
        words.append(inside)
        rest = rest[end + 1 :]
    if not words or not (len(rest) <= 1 or rest[0] in signs.UPRIGHT or rest[0] in signs.STYLES):
        return None
    return Mark("_".join(words), tuple(rest))


def _partner(tokens: Sequence[Token]) -> int:
    """Where the bracket closes that these tokens begin with, or 0."""
    depth = 0
    for i, token in enumerate(tokens):
        depth += (token.type in _BRACKETS) - (token.type in _BRACKETS.values())
        if depth == 0:
            return i
    return 0
