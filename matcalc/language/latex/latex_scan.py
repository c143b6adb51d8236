"""The input of the LaTeX expansion: a stack of tokens, with TeX's ways of taking an argument from it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language import limits
from matcalc.language.latex import latex_signs as signs
from matcalc.language.surface.arrange import span_of
from matcalc.language.surface.bars import place
from matcalc.language.words.names import PRIMES

__all__ = ["CLOSER", "Scan", "has_bare_minus", "is_value_start", "joined", "opening", "place"]

CLOSER = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE", "LANGLE": "RANGLE"}
_STARTS = frozenset("NUMBER WORD NAME LPAR LSQB LBRACE LANGLE BAR NORM_OPEN ABS_OPEN CALLED".split())
_MINUS = frozenset("-−")
_TRANSPOSED = frozenset({r"\top", r"\intercal", "⊤", "⊺"})
_OPENS = frozenset({"LPAR", "LSQB", "LANGLE", "BAR", "NORM_OPEN", "ABS_OPEN"})


def joined(tokens: Iterable[Token]) -> str:
    """The tokens as one text without spaces."""
    return "".join(str(t) for t in tokens)


def opening(tokens: Sequence[Token]) -> int:
    """Where the bracket opens that the last of these tokens closes."""
    depth = 0
    for i in range(len(tokens) - 1, -1, -1):
        depth += (tokens[i].type in CLOSER.values()) - (tokens[i].type in CLOSER)
        if depth == 0:
            return i
    return 0


def is_value_start(token: Token) -> bool:
    """Whether a value may begin with this token."""
    if token.type != "COMMAND":
        return token.type in _STARTS or (token.type == "CONTROL" and token in (r"\{", r"\|"))
    side = signs.DELIMITER_SIZES.get(token)
    if side is not None:
        return side != "close"
    kind = signs.BRACKETS.get(token, ("", ""))[0]
    if kind:
        return kind in _OPENS
    infix = token in signs.OPERATORS or token in signs.RELATIONS or token in signs.CONNECTIVES
    return not (infix or token in signs.IGNORED or token in (r"\end", r"\\") or token in signs.HINTS)


def has_bare_minus(tokens: Sequence[Token]) -> bool:
    r"""Whether P^{-}, or P^- before a letter or sign, stands among them: beside it P^+ is no pseudoinverse."""
    return any(
        mark.type == "CARET" and tokens[i] != "e" and _is_bare_minus(tokens[i + 2 : i + 5])
        for i, mark in enumerate(tokens[1:])
    )


def _is_bare_minus(behind: Sequence[Token]) -> bool:
    if not behind or behind[0].type != "LBRACE":
        return bool(behind) and behind[0] in _MINUS and not (len(behind) > 1 and _belongs_to_sign(behind[1]))
    return len(behind) > 2 and behind[1] in _MINUS and behind[2].type == "RBRACE"


def _belongs_to_sign(token: Token) -> bool:
    """Whether it is the 1 or T of X^-1 and X^-T."""
    return token.type == "NUMBER" or token[0] == "T" or token in _TRANSPOSED


class Scan:
    """What is still to be read; the next token last."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self.text = text
        self.tokens = list(reversed(tokens))
        self.most = limits.current().nesting
        self.end = 0

    def __bool__(self) -> bool:
        return bool(self.tokens)

    def pop(self) -> Token:
        """The next token; `end` is where the last one ended."""
        token = self.tokens.pop()
        self.end = max(self.end, token.end_pos or 0)
        return token

    def peek(self) -> Token:
        return self.tokens[-1]

    def push(self, tokens: Sequence[Token]) -> None:
        """Put tokens in front of the rest; where they begin the last one that was read ends."""
        if tokens:
            self.end = min(self.end, span_of(tokens[0])[0])
        self.tokens.extend(reversed(tokens))

    def next_is(self, kind: str) -> bool:
        return bool(self.tokens) and self.tokens[-1].type == kind

    def next_are(self, values: Sequence[str]) -> bool:
        return [str(t) for t in self.tokens[-1 : -len(values) - 1 : -1]] == list(values)

    def skip(self, ignored: Container[str]) -> None:
        while self.tokens and self.tokens[-1] in ignored:
            self.tokens.pop()

    def fault(self, token: Token, message: str, hint: str | None = None, code: str = "latex") -> SyntaxFault:
        """An error at this token."""
        return SyntaxFault(message, code=code, text=self.text, span=span_of(token), hint=hint)

    # Arguments.

    def argument(self, owner: Token, what: str) -> list[Token]:
        r"""The next group without its braces, or the next single token: \frac12 has the arguments 1 and 2."""
        self.skip(signs.IGNORED)
        if not self.tokens:
            raise self.fault(owner, f"{owner} has no {what}", None, "missing-value")
        token = self.pop()
        if token.type == "LBRACE":
            return self._until(token, "RBRACE")
        if token.type == "SIGN" and what == "superscript":
            return [token, *self._signed(token, owner)]
        return self._single(token, owner, what)

    def _signed(self, sign: Token, owner: Token) -> list[Token]:
        """The -1 and -T of X^-1 and X^-T; behind x_k^- something else begins."""
        if not self.tokens or self.peek().start_pos != sign.end_pos:
            return []
        following = self.peek()
        return self._single(self.pop(), owner, "superscript") if _belongs_to_sign(following) else []

    def _single(self, token: Token, owner: Token, what: str) -> list[Token]:
        if token.type in ("NUMBER", "WORD") and len(token) > 1:
            return self._first_of(token, owner, what)
        if token.type == "COMMAND" and (token in signs.UPRIGHT or token in signs.STYLES or token in signs.ACCENTS):
            inside = self.argument(token, "argument")
            return [token, *self.braced(inside, token)]
        if token in signs.FRACTIONS and what == "superscript":
            parts = [self.braced(self.argument(token, part), token) for part in ("numerator", "denominator")]
            return [token, *parts[0], *parts[1]]
        if token in signs.FRACTIONS or token in (r"\sqrt", r"\left", r"\begin"):
            raise self.fault(token, f"the {what} of {owner} needs braces", f"write {owner}{{{token}…}}")
        if token.type in ("RBRACE", "RPAR", "RSQB", "AMPERSAND", "CARET", "UNDERSCORE", "COMMA", "SEMICOLON"):
            raise self.fault(token, f"{owner} has no {what}", None, "missing-value")
        if token.type == "LPAR" and what in ("superscript", "subscript"):
            inside = self._until(token, "RPAR")
            return [token, *inside, place("RPAR", ")", (span_of(token)[1],) * 2)]
        return [token]

    def _first_of(self, token: Token, owner: Token, what: str) -> list[Token]:
        """The first digit or letter, as TeX takes it; where people mean the whole, an error."""
        if token.type == "NUMBER" and what in ("superscript", "subscript"):
            mark = str(owner).strip()
            raise self.fault(
                token, f"TeX takes {mark}{token[0]} only", f"write {mark}{{{token}}} or {mark}{token[0]} {token[1:]}"
            )
        start = span_of(token)[0]
        self.push([place(token.type, token[1:], (start + 1, span_of(token)[1]))])
        return [place(token.type, token[0], (start, start + 1))]

    def _until(self, opener: Token, closer: str) -> list[Token]:
        """Tokens up to the closing bracket of the same kind, which is taken away."""
        found: list[Token] = []
        depth = 1
        while self.tokens:
            token = self.pop()
            depth += (token.type == opener.type) - (token.type == closer)
            if depth > self.most:
                raise limits.exceeded("nesting", "the expression is nested too deeply", self.text, span_of(token))
            if depth == 0:
                return found
            found.append(token)
        raise self.fault(opener, f"{opener} is never closed", None, "unbalanced")

    def group_until_brace(self, opener: Token) -> list[Token]:
        """What is left of a group whose opening brace was taken already."""
        return self._until(place("LBRACE", str(opener), span_of(opener)), "RBRACE")

    def option(self) -> list[Token]:
        """An argument in square brackets, if there is one."""
        return self._until(self.pop(), "RSQB") if self.next_is("LSQB") else []

    def peek_until(self, closer: str, opener: Token) -> list[Token]:
        """The inside of a bracket just opened; it is taken, the closing bracket stays away with it."""
        inside: list[Token] = []
        depth = 1
        for token in reversed(self.tokens):
            depth += (token.type == opener.type) - (token.type == closer)
            if depth == 0:
                break
            inside.append(token)
        return inside

    def close(self, inside: Sequence[Token], closer: str) -> Token | None:
        """Take the inside of a bracket and its closing sign; None where it is never closed."""
        del self.tokens[len(self.tokens) - len(inside) :]
        return self.pop() if self.next_is(closer) else None

    def top_level(self, tokens: Sequence[Token]) -> list[Token]:
        """Those tokens that stand outside of further brackets."""
        depth = 0
        found: list[Token] = []
        for token in tokens:
            depth -= token.type in CLOSER.values()
            if depth == 0:
                found.append(token)
            depth += token.type in CLOSER
        return found

    def braced(self, group: Sequence[Token], where: Token) -> list[Token]:
        """The group in braces, which are placed around it."""
        start, end = (span_of(group[0])[0], span_of(group[-1])[1]) if group else (span_of(where)[1],) * 2
        return [place("LBRACE", "{", (start, start)), *group, place("RBRACE", "}", (end, end))]

    rebraced = braced

    # Looking ahead.

    def divide_inner_product(self) -> bool:
        r"""Behind an opening angle: \langle a | b\rangle is \langle a, b\rangle, and \langle a|H|b\rangle has a product.

        Whether these are the bars of a bra and a ket.
        """
        bars: list[int] = []
        depth = 0
        for i in range(len(self.tokens) - 1, -1, -1):
            token = self.tokens[i]
            kind = signs.BRACKETS.get(token, (token.type, ""))[0]
            if depth == 0 and kind in ("RANGLE", "COMMA"):
                break
            depth += (kind in CLOSER) - (kind in CLOSER.values())
            if depth == 0 and kind == "BAR" and token not in ("‖", r"\|", r"\Vert"):
                bars.append(i)
        else:
            return False
        is_bracket = len(bars) in (1, 2) and kind == "RANGLE"
        if is_bracket:
            self.tokens[bars[0]] = place("COMMA", ",", span_of(self.tokens[bars[0]]))
            del self.tokens[bars[-1] : bars[-1] + len(bars) - 1]
        return is_bracket

    def superscript_before_subscript(self) -> tuple[list[Token], list[Token]] | None:
        """The superscript, or primes, and the subscript that follow, each with its mark, where they stand in this order."""
        if not self.next_is("CARET"):
            return self._primes_before_subscript()
        mark = self.pop()
        group = self.argument(mark, "superscript")
        if not self.next_is("UNDERSCORE"):
            self.push([mark, *self.braced(group, mark)])
            return None
        below = self.pop()
        *subscript, closer = self.braced(self.argument(below, "subscript"), below)
        closer = place(closer.type, closer, (span_of(closer)[0], self.end))
        return [mark, *self.braced(group, mark)], [below, *subscript, closer]

    def _primes_before_subscript(self) -> tuple[list[Token], list[Token]] | None:
        """The primes and the subscript of z'_i."""
        primes = []
        while self.next_is("TRANSPOSE") and self.peek().strip() in PRIMES:
            primes.append(self.pop())
        if not primes or not self.next_is("UNDERSCORE"):
            self.push(primes)
            return None
        below = self.pop()
        return primes, [below, *self.braced(self.argument(below, "subscript"), below)]

    def next_is_open_bracket(self) -> bool:
        self.skip(signs.IGNORED)
        return self.next_is("LPAR") or self.next_are([r"\left", "("])

    def next_is_call(self) -> bool:
        r"""Whether a bracket of any kind comes next, \left[ included."""
        self.skip(signs.IGNORED)
        opener = self.tokens[-1] if self.tokens else None
        if opener in signs.DELIMITER_SIZES and len(self.tokens) > 1:
            opener = self.tokens[-2]
        return opener is not None and signs.BRACKETS.get(opener, (opener.type, ""))[0] in ("LPAR", "LSQB")

    def peek_argument(self) -> str:
        r"""The word of an upright command that comes next, such as tr of \operatorname{tr}."""
        inside = self.tokens[-2:-20:-1]
        word = ""
        for token in inside:
            if token.type == "RBRACE":
                break
            word += "" if token.type == "LBRACE" else str(token)
        return word.replace(r"\_", "_")

    def split_word(self) -> None:
        """Make the first letter of the word that follows a token of its own."""
        token = self.pop()
        start = span_of(token)[0]
        self.push(
            [place("WORD", token[0], (start, start + 1)), place("WORD", token[1:], (start + 1, span_of(token)[1]))]
        )
