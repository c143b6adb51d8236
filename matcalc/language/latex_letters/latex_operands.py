r"""The argument of a function: what stands in brackets, or the factor that follows, with all that belongs to it."""

from __future__ import annotations

import re
from collections.abc import Callable

from lark import Token

from matcalc.language import limits
from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.latex_scan import CLOSER, Scan, place
from matcalc.language.surface.arrange import span_of

__all__ = ["Source"]


def _code(token: Token) -> str:
    """One character for the tokens of a letter in braces: its type, the letter, braces and what stands behind them."""
    if token in signs.STYLES or token in signs.ACCENTS or token in signs.SWITCHES:
        return "s"
    if (token.type == "WORD" and len(token) == 1) or token in signs.GREEK_COMMANDS:
        return "l"
    return {"LBRACE": "{", "RBRACE": "}", "UNDERSCORE": "_"}.get(token.type, "?")


class Source(Scan):
    """The input of the expansion with the ways of taking a function's argument from it."""

    def function_in_braces(self, is_function: Callable[[], bool]) -> list[Token] | None:
        r"""Behind an opening brace, what {\text{softmax}} is without its braces, where nothing else is in them."""
        if not is_function():
            return None
        before = list(self.tokens)
        name = self._command_with_arguments()
        if self.next_is("RBRACE"):
            self.pop()
            return name
        self.tokens = before
        return None

    def symbol_in_braces(self) -> list[Token] | None:
        r"""Behind an opening brace, the letter of {\mathbf x}_i without its braces: a subscript follows."""
        seen = self.tokens[-1:-8:-1]
        codes = "".join(_code(token) for token in seen)
        found = re.match(r"s?(\{)?l(?(1)\})\}_", codes)
        if found is None:
            return None
        name = seen[: found.end() - 2]
        del self.tokens[len(self.tokens) - found.end() + 1 :]
        return name

    def norm_in_braces(self, opener: Token) -> list[Token] | None:
        r"""Behind an opening brace, the norm of {\left\| X \right\|}_F without its braces: a subscript follows."""
        inside = self.peek_until("RBRACE", opener)
        bars = [t for t in self.top_level(inside) if signs.BRACKETS.get(t, (t.type, ""))[0] == "BAR"]
        behind = self.tokens[-len(inside) - 2 : -len(inside) - 1]
        if len(bars) != 2 or [t.type for t in behind] != ["UNDERSCORE"]:
            return None
        if inside[-1] is not bars[1] or bars[0] not in inside[:2]:
            return None
        self.close(inside, "RBRACE")
        return inside

    def bracketed(self) -> list[Token] | None:
        r"""The inside of the bracket that follows, of any kind; \left( included."""
        sized = bool(self.tokens) and self.tokens[-1] in signs.DELIMITER_SIZES
        index = -2 if sized and len(self.tokens) > 1 else -1
        opener = self.tokens[index]
        kind = signs.BRACKETS.get(opener, (opener.type, ""))[0]
        if kind not in ("LPAR", "LSQB", "LBRACE"):
            return None
        if sized:
            self.pop()
        self.pop()
        return self._inside(opener, kind)

    def _inside(self, opener: Token, kind: str) -> list[Token]:
        found: list[Token] = []
        depth = 1
        while self.tokens:
            token = self.pop()
            this = signs.BRACKETS.get(token, (token.type, ""))[0]
            depth += (this == kind) - (this == CLOSER[kind])
            if depth > self.most:
                raise limits.exceeded("nesting", "the expression is nested too deeply", self.text, span_of(token))
            if depth == 0:
                if found and found[-1] in signs.DELIMITER_SIZES:
                    found.pop()
                return found
            found.append(token)
        raise self.fault(opener, f"{opener} is never closed", "add the missing bracket", "unbalanced")

    def operand(self, is_function: Callable[[], bool]) -> list[Token]:
        """One factor: functions before it, a symbol or a bracket, and what is raised or lowered behind it."""
        found: list[Token] = []
        functions = 0
        while is_function():
            functions += 1
            if functions > self.most:
                raise limits.exceeded("nesting", "the expression is nested too deeply", self.text, span_of(self.peek()))
            found += self._command_with_arguments()
            if self.next_is("CARET"):  # log sin^2(x)
                mark = self.pop()
                found += [mark, *self.braced(self.argument(mark, "superscript"), mark)]
            if self.next_is("LPAR"):
                break
            self.skip(signs.IGNORED)
        found += self._core()
        while self.tokens and self.tokens[-1].type in (
            "CARET",
            "UNDERSCORE",
            "TRANSPOSE",
            "SUPERSCRIPT",
            "FACTORIAL",
            "DIGITS_BELOW",
        ):
            mark = self.pop()
            found.append(mark)
            if mark.type in ("CARET", "UNDERSCORE"):
                what = "superscript" if mark.type == "CARET" else "subscript"
                found += self.braced(self.argument(mark, what), mark)
        return found

    def _core(self) -> list[Token]:
        if not self.tokens:
            return []
        token = self.peek()
        side = signs.DELIMITER_SIZES.get(token)
        opener = self.tokens[-2] if side is not None and len(self.tokens) > 1 else token
        kind = signs.BRACKETS.get(opener, (opener.type, ""))[0]
        if kind in ("BAR", "NORM_OPEN", "ABS_OPEN"):
            return self._bars(opener, kind, side)
        if kind in ("LPAR", "LSQB", "LBRACE", "LANGLE"):
            return self._balanced(kind)
        if token.type == "WORD" and len(token) > 1:
            self.split_word()
            return [self.pop()]
        return self._command_with_arguments() if token.type == "COMMAND" else [self.pop()]

    def _balanced(self, kind: str) -> list[Token]:
        """A bracket with its inside and its end, sizes included."""
        found: list[Token] = []
        depth = 0
        while self.tokens:
            token = self.pop()
            found.append(token)
            this = signs.BRACKETS.get(token, (token.type, ""))[0]
            depth += (this == kind) - (this == CLOSER[kind])
            if depth == 0 and this == CLOSER[kind]:
                return found
        return found

    def _bars(self, opener: Token, kind: str, side: str | None) -> list[Token]:
        """Bars up to their partner: the next bar of the kind for bars without a side."""
        if opener == "|" and self.next_are(["|", "|"]):
            return self._double_bars()
        directed = side == "open" or kind != "BAR"
        found = [self.pop(), *([self.pop()] if side is not None else [])]
        depth = 1
        while self.tokens and depth:
            token = self.pop()
            found.append(token)
            this = signs.BRACKETS.get(token, (token.type, ""))[0]
            if not directed:
                depth -= token == opener and not self.next_are([str(opener)])
            elif kind == "BAR":
                depth += (this == kind) * (1 if found[-2] == found[0] else -1)
            else:
                depth += (this == kind) - (this == kind.replace("OPEN", "CLOSE"))
        return found

    def _double_bars(self) -> list[Token]:
        """||x|| up to the next double bar."""
        found = [self.pop(), self.pop()]
        while self.tokens and not self.next_are(["|", "|"]):
            found.append(self.pop())
        return [*found, *(self.pop() for _ in range(min(2, len(self.tokens))))]

    def _command_with_arguments(self) -> list[Token]:
        token = self.pop()
        found = [token]
        if token in signs.FRACTIONS:
            for what in ("numerator", "denominator"):
                found += self.braced(self.argument(token, what), token)
        elif token == r"\begin":
            return self._environment(token)
        elif token in signs.UPRIGHT or token in signs.STYLES or token in signs.ACCENTS or token == r"\sqrt":
            if token == r"\sqrt" and self.next_is("LSQB"):
                bracket = self.pop()
                inside = self._until(bracket, "RSQB")
                found += [bracket, *inside, place("RSQB", "]", (span_of(bracket)[1],) * 2)]
            found += self.braced(self.argument(token, "argument"), token)
        return found

    def _environment(self, begin: Token) -> list[Token]:
        found = [begin]
        depth = 1
        while self.tokens and depth:
            token = self.pop()
            found.append(token)
            depth += (token == r"\begin") - (token == r"\end")
        if self.next_is("LBRACE"):
            found += self.braced(self.argument(begin, "name"), found[-1])
        return found
