"""How far an operand reaches, on tokens: a name or a bracket with what is raised or stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lark import Token

__all__ = ["Operands"]

_PAIRS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
_CLOSERS = frozenset(_PAIRS.values())
_POSTFIX = frozenset("TRANSPOSE INVERSE_TRANSPOSE PSEUDOINVERSE SUPERSCRIPT FACTORIAL".split())
_STARTS = frozenset("NUMBER NAME FUNCTION LPAR LSQB LBRACE BAR NABLA PARTIAL ROOT".split())
_TIMES = frozenset("*@·⋅")


class Operands:
    """The operands of a list of tokens; an index behind the last one is the end of the text."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.partner = _partners(tokens)

    def type(self, i: int) -> str:
        return self.tokens[i].type if i < len(self.tokens) else ""

    def touches(self, i: int) -> bool:
        """Whether no space stands between a token and the next one."""
        return i + 1 < len(self.tokens) and self.tokens[i].end_pos == self.tokens[i + 1].start_pos

    def starts(self, i: int) -> bool:
        """Whether a factor may begin here."""
        return self.type(i) in _STARTS or (self.type(i) == "LANGLE" and self.tokens[i] in ("<", "⟨"))

    def end(self, start: int) -> int:
        """Behind the factor that begins at ``start``, its index, marks and powers included; ``start`` where there is none."""
        end = self._core(start)
        while start < end < len(self.tokens):
            kind = self.type(end)
            if kind in _POSTFIX:
                end += 1
            elif kind == "LSQB" and self.touches(end - 1) and end in self.partner:
                end = self.partner[end] + 1
            elif kind in ("POWER", "DOT_POWER"):
                end = self._exponent(end + 1)
            else:
                break
        return end

    def _exponent(self, start: int) -> int:
        while self.type(start) == "SIGN":
            start += 1
        return self._core(start)

    def _core(self, start: int) -> int:
        while self.type(start) == "ROOT":
            start += 1
        match self.type(start):
            case "BAR":
                return self._bars(start)
            case "LPAR" | "LSQB" | "LBRACE":
                return self.partner.get(start, start - 1) + 1
            case "NAME" if self.type(start + 1) == "LPAR" and self.touches(start):
                return self.partner.get(start + 1, start - 1) + 1
            case "NAME" | "NUMBER":
                return start + 1
        return start

    def _bars(self, start: int) -> int:
        """Behind the bar, or pair of bars, that closes the one at ``start``."""
        width = 2 if self.type(start + 1) == "BAR" and self.touches(start) else 1
        i = start + width
        while i < len(self.tokens) and self.type(i) not in _CLOSERS:
            if self.type(i) == "BAR" and (width == 1 or self.type(i + 1) == "BAR"):
                return i + width
            i = self.partner.get(i, i) + 1
        return start

    def product_end(self, start: int, is_function: Callable[[int], bool]) -> int:
        """Behind the product that begins at ``start``, up to a sum, a function or the end of the bracket."""
        end = self.end(start)
        while start < end < len(self.tokens):
            following = end + (self.type(end) == "OPERATOR" and self.tokens[end] in _TIMES)
            further = self.end(following) if self.starts(following) and not is_function(following) else following
            if further == following:
                break
            end = further
        return end


def _partners(tokens: Sequence[Token]) -> dict[int, int]:
    """The place of each closing bracket by that of its opening one."""
    found: dict[int, int] = {}
    stack: list[int] = []
    for i, token in enumerate(tokens):
        if token.type in _PAIRS:
            stack.append(i)
        elif token.type in _CLOSERS:
            if not stack or _PAIRS[tokens[stack[-1]].type] != token.type:
                break
            found[stack.pop()] = i
    return found
