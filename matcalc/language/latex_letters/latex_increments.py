r"""Increments: \Delta x, \delta x and dX as one name, where they are no products."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from matcalc.language.latex import latex_signs as signs

__all__ = ["increments"]

_LETTERS = signs.STYLES | signs.ACCENTS.keys() | signs.GREEK_COMMANDS.keys()
_TRANSPOSES = signs.TRANSPOSITIONS | {"T", r"\top", r"\intercal", r"\prime", "⊤"} | signs.UPRIGHT
_INFIX = frozenset("SIGN OPERATOR EQUALS COMMA LPAR LSQB LBRACE AMPERSAND RELATION".split())


def increments(tokens: Sequence[Token]) -> frozenset[str]:
    r"""Which of \Delta, \delta and d make one name with the letter behind them, by all their places in the text."""
    return frozenset(sign for sign, rule in _RULES.items() if _are_increments(tokens, sign, rule))


def _are_increments(tokens: Sequence[Token], sign: str, in_the_middle: bool) -> bool:
    places = [i for i, token in enumerate(tokens) if token == sign or (sign == "d" and _is_glued(token))]
    if not places or not all(_is_before_letter(tokens, i) for i in places):
        return False
    if any(_is_congruence(tokens, i) for i in places):
        return False
    return not in_the_middle or any(i and _ends_factor(tokens, i) for i in places)


def _is_glued(token: Token) -> bool:
    return token.type == "WORD" and len(token) == 2 and token[0] == "d"


def _is_before_letter(tokens: Sequence[Token], place: int) -> bool:
    r"""\Delta x and \Delta\mathbf{x} without space between them; dX is one token."""
    if _is_glued(tokens[place]):
        return True
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None or not (following.type == "WORD" or following in _LETTERS):
        return False
    if tokens[place] == "d" and (following.type == "WORD" or following.start_pos != tokens[place].end_pos):
        return False
    called = tokens[place + 2].type == "LPAR" if place + 2 < len(tokens) else False
    return not called


def _is_congruence(tokens: Sequence[Token], place: int) -> bool:
    r"""L \Delta L^\top and x^\top \Delta x, where Delta is a matrix"""
    last = place - 1
    while last > 0 and not _is_letter(tokens[last]):
        if tokens[last].type not in ("LBRACE", "RBRACE", "CARET", "TRANSPOSE") and tokens[last] not in _TRANSPOSES:
            return False
        last -= 1
    after = tokens[place + 1 : place + 2]
    return last >= 0 and bool(after) and _is_letter(tokens[last]) and _letter(tokens[last], -1) == _letter(after[0], 0)


def _is_letter(token: Token) -> bool:
    return (token.type == "WORD" and token != "T") or token in signs.GREEK_COMMANDS


def _letter(token: Token, position: int) -> str:
    """The letter that stands beside the sign."""
    return str(token) if token.type == "COMMAND" else str(token)[position]


def _ends_factor(tokens: Sequence[Token], place: int) -> bool:
    """Whether a factor stands before it: a number does so as a coefficient of what follows."""
    before = tokens[place - 1]
    return before.type not in _INFIX and before.type != "NUMBER" and before not in signs.OPERATORS


#: Sign -> whether one of its places has to be in the middle of a product: in front it may be a number.
_RULES = {r"\Delta": False, r"\delta": True, "d": False}
