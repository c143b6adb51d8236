"""Paired bars: which ``|`` and ``‖`` open and which close.

Both sides of a norm are written with the same sign, so neighbours decide: a bar after an operator opens,
a bar after a value closes what is open. The few texts that leave a choice, such as ``||x| - 1|``, are settled by
trying, in order of likelihood, until every pair and every bracket inside it is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lark import Token

from matcalc.errors import Hint, Offers, Span, SyntaxFault
from matcalc.language.clauses import split_where
from matcalc.language.mends.hints import either, replaced

__all__ = ["closes", "norms_before_powers", "pair_bars", "place", "span_of"]

#: Token types after which a value is complete.
ENDS_VALUE = frozenset(
    "NUMBER NAME RPAR RBRACE RSQB RANGLE TRANSPOSE INVERSE_TRANSPOSE PSEUDOINVERSE SUPERSCRIPT FACTORIAL NORM_SUBSCRIPT "
    "NORM_CLOSE ABS_CLOSE INDEX_CLOSE BLOCK_CLOSE AXIS".split()
)
_OPENING = {
    "LPAR": "RPAR",
    "LSQB": "RSQB",
    "LBRACE": "RBRACE",
    "LANGLE": "RANGLE",
    "NORM_OPEN": "NORM_CLOSE",
    "ABS_OPEN": "ABS_CLOSE",
}
_CLOSING = frozenset(_OPENING.values())
_SEPARATORS = frozenset({"COMMA", "SEMICOLON"})

#: How many choices are taken back before the text counts as unbalanced.
MOST_RETRIES = 2_000

# What is open, innermost first: (what, token, rest).
Stack = tuple[str, Token, "Stack"] | None
# A choice: (type of the token, bars it takes, what is open afterwards).
Choice = tuple[str, int, Stack]


def pair_bars(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens with every bar turned into NORM_OPEN, NORM_CLOSE, ABS_OPEN or ABS_CLOSE."""
    if not any(t.type == "BAR" for t in tokens):
        return list(tokens)
    return _Pairing(tokens, text).solve()


def norms_before_powers(tokens: Sequence[Token]) -> list[Token]:
    """||X||^2_F is ||X||_F^2: behind the power of a norm a subscript is the norm's."""
    found = list(tokens)
    for i in range(1, len(found)):
        if found[i].type != "NORM_SUBSCRIPT" or found[i - 1].type in ("NORM_CLOSE", "ABS_CLOSE"):
            continue
        before = tuple(t.type for t in found[:i][-_LONGEST_POWER:])
        width = next((len(kinds) for kinds in _POWERS if before[-len(kinds) :] == kinds), 0)
        if width and found[i - width - 1].type in ("NORM_CLOSE", "ABS_CLOSE"):
            found[i - width : i + 1] = [found[i], *found[i - width : i]]
    return found


#: The signs of a power.
_POWERS = (("SUPERSCRIPT",), ("POWER", "NUMBER"), ("POWER", "LBRACE", "NUMBER", "RBRACE"))
_LONGEST_POWER = 4


def closes(bar: Token, sign: str, before: Sequence[Token], text: str) -> bool:
    """Whether a bar behind a value closes one that was opened within the same bracket; none may begin a value there."""
    start, end = span_of(bar)
    if text[start - 1 : start].isspace() and re.match(r"[\w\\({]", text[end : end + 1]):
        return False
    opened: list[str] = []
    ended = False
    for token in before[_innermost(before) :]:
        if token.type != "BAR":
            ended = token.type in ENDS_VALUE
        elif ended and opened[-1:] == [token]:
            opened.pop()
        else:
            opened.append(str(token))
            ended = False
    return opened[-1:] == [sign]


def _innermost(tokens: Sequence[Token]) -> int:
    """Behind the last bracket that is open."""
    depth = 0
    for i in range(len(tokens) - 1, -1, -1):
        depth += (tokens[i].type in _CLOSING) - (tokens[i].type in _OPENING)
        if depth < 0:
            return i + 1
    return 0


class _Pairing:
    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self.tokens = tokens
        self.text = text
        self.done: list[Token] = []
        self.position = 0
        self.open: Stack = None
        self.retries: list[tuple[int, int, Iterator[Choice]]] = []
        self.first_fault: SyntaxFault | None = None

    def solve(self) -> list[Token]:
        budget = MOST_RETRIES
        while True:
            fault = self._step() if self.position < len(self.tokens) else self._at_end()
            if fault is None and self.position >= len(self.tokens) and self.open is None:
                return self.done
            if fault is None:
                continue
            self.first_fault = self.first_fault or fault
            budget -= 1
            if budget < 0 or not self._take_back():
                raise self.first_fault

    def _step(self) -> SyntaxFault | None:
        token = self.tokens[self.position]
        if token.type == "BAR":
            choices = iter(self._choices(token))
            first = next(choices, None)
            if first is None:
                return _unclosed(token, self.text)
            self.retries.append((self.position, len(self.done), choices))
            self._take(first)
            return None
        if token.type in _OPENING:
            self.open = (token.type, token, self.open)
        elif token.type in _CLOSING or token.type in _SEPARATORS:
            if self.open is not None and self.open[0] in ("NORM", "ABS"):
                return _unclosed(self.open[1], self.text)
            if token.type in _CLOSING and self.open is not None:
                self.open = self.open[2]
        self.done.append(token)
        self.position += 1
        return None

    def _at_end(self) -> SyntaxFault | None:
        while self.open is not None and self.open[0] not in ("NORM", "ABS"):
            self.open = self.open[2]
        return _unclosed(self.open[1], self.text) if self.open is not None else None

    def _take(self, choice: Choice) -> None:
        kind, width, self.open = choice
        first, last = self.tokens[self.position], self.tokens[self.position + width - 1]
        span = (first.start_pos or 0, last.end_pos or 0)
        self.done.append(place(kind, self.text[slice(*span)], span))
        self.position += width

    def _take_back(self) -> bool:
        while self.retries:
            position, length, choices = self.retries.pop()
            choice = next(choices, None)
            if choice is not None:
                self.position = position
                del self.done[length:]
                self.retries.append((position, length, choices))
                self._take(choice)
                return True
        return False

    def _choices(self, token: Token) -> list[Choice]:
        """The readings of the bar here, the likeliest first; each with what is open afterwards."""
        double = token == "‖"
        width = 1 if double else 2
        norm = double or self._another_follows(token)
        opening: list[Choice] = [("NORM_OPEN", width, ("NORM", token, self.open))] if norm else []
        if not double:
            opening.append(("ABS_OPEN", 1, ("ABS", token, self.open)))
        closing: list[Choice] = []
        after_value = bool(self.done) and self.done[-1].type in ENDS_VALUE
        if after_value and self.open is not None:
            what, opener, rest = self.open
            if what == "NORM" and norm and (opener == "‖") == double:
                closing.append(("NORM_CLOSE", width, rest))
            elif what == "ABS" and not double:
                closing.append(("ABS_CLOSE", 1, rest))
        if not after_value:
            return opening
        return opening + closing if self._stands_before_a_value(token, width) else closing + opening

    def _another_follows(self, token: Token) -> bool:
        following = self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else None
        return following is not None and following == "|" and following.start_pos == token.end_pos

    def _stands_before_a_value(self, token: Token, width: int) -> bool:
        """White space before and none after: ``a ||b|| c``."""
        start = token.start_pos or 0
        before, after = self.text[start - 1 : start], self.text[start + width : start + width + 1]
        return before.isspace() and not (after.isspace() or after in ("", ")", "]", "}", "^", "_", "|"))


def span_of(token: Token) -> Span:
    """Where a token stands in the text."""
    return token.start_pos or 0, token.end_pos or 0


def place(kind: str, value: str, span: Span) -> Token:
    """A token at a place of the text."""
    return Token(kind, value, start_pos=span[0], end_pos=span[1])


def _unclosed(token: Token, text: str) -> SyntaxFault:
    sign = "‖" if token == "‖" else "|"
    start = token.start_pos or 0
    bars = re.compile(r"\|+|‖|∥").match(text, start)
    found = bars.group() if bars else sign
    return SyntaxFault(
        f"the bar {sign} has no partner",
        code="unbalanced",
        text=text,
        span=(start, token.end_pos or 0),
        hint=_bar_hint((start, start + len(found)), found, text),
    )


def _bar_hint(span: Span, bars: str, text: str) -> Hint | None:
    """A partner at the end of the expression, or none of the two."""
    cut = split_where(text)
    end = len((text if cut < 0 else text[:cut]).rstrip())
    closed = (f"put another {bars} at the end", replaced((end, end), bars))
    doubled = ("write || here", replaced(span, "||"))
    first = [closed] if text[span[1] : end].strip() else [doubled] if bars == "|" and "||" in text[: span[0]] else []
    offers = Offers("{}", (*first, ("leave it out", replaced(span, ""))))
    return either("a norm is ||x||, an absolute value |s|", Hint(offers), joint="; ")
