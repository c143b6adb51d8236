"""A small operator-precedence parser for the languages that have no parser of their own here: one table for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from matcalc.errors import Span
from matcalc.language.foreign.code import ATOM, Code, Fault, plain
from matcalc.records import dataclass

__all__ = ["Bracketed", "Grammar", "Infix", "Lambda", "Token", "parse"]

#: Deeper nesting than this is refused.
DEEPEST = 120


@dataclass(frozen=True)
class Token:
    """number, name, string, sign or end; `spaced` where white space stands before it, `begins_line` where a line ends there."""

    kind: str
    text: str
    span: Span
    spaced: bool
    begins_line: bool = False


@dataclass(frozen=True)
class Lambda:
    """A function without a name; `of_entries` is what it does where its arguments are entries of arrays."""

    arguments: tuple[str, ...]
    body: Code
    of_entries: Code | None = None

    def of(self, values: Sequence[Code], span: Span) -> Code | None:
        """What it does to every entry of arrays that stand beside each other; None where that is not known."""
        if self.of_entries is None or len(values) != len(self.arguments):
            return None
        filled = {name: value.within(ATOM).parts for name, value in zip(self.arguments, values, strict=True)}
        parts = [part for one in self.of_entries.parts for part in filled.get(one[0], (one,))]
        return replace(self.of_entries, parts=tuple(parts), axes=values[0].kind, number=False, value=None).within(ATOM)


Infix = Callable[[Code, Code], Code]
Prefix = Callable[[Code, Span], Code]
#: (name or base, arguments, place) -> the call or the entry
Bracketed = Callable[[Code, Sequence[Code], Span], Code]


@dataclass(frozen=True)
class Grammar:
    """One language: its signs with how tightly they bind, and what they say here.

    Attributes:
        infix: sign -> (binding to the left, to the right, what it makes).
        prefix: sign -> (binding, what it makes).
        postfix: sign -> (binding, what it makes).
        called: opening bracket -> what name(…) or base[…] makes of it.
        side_by_side: what a b makes, and how tightly it binds; None where it has no meaning.
        list_of: what {a, b} or [a, b] makes.
        rows_of: what [a, b; c, d] makes.
        row_ends: what ends a row: also a comma, where [a, b] is a column.
        spaced_rows: white space separates entries there, as in [a b -c].
        empty_is_all: an empty place between brackets takes all.
        function: what begins a function without a name: function(x) …, @(x) ….
        arrow: what stands between the argument of one and its body.
        choice: what stands between a condition and two values, and what that makes.
        applied: what stands between a function and its argument without brackets.
        piped: what stands between an argument and its function -> the bracket of the same call.
        of_entries: the grammar of what is done to every entry, and the sign that begins it.
        is_of_entries: all its signs are those of the entries.
        signs: all signs that are longer than one character, longest first.
    """

    infix: Mapping[str, tuple[int, int, Infix]]
    prefix: Mapping[str, tuple[int, Prefix]]
    postfix: Mapping[str, tuple[int, Prefix]]
    called: Mapping[str, Bracketed]
    name: Callable[[str, Span], Code]
    signs: tuple[str, ...]
    comment: str = ""
    empty_is_all: bool = False
    spaced_rows: bool = False
    row_ends: str = ";"
    function: str = ""
    arrow: str = ""
    choice: tuple[str, str, Callable[[Sequence[Code], Span], Code]] | None = None
    applied: str = ""
    piped: Mapping[str, str] = field(default_factory=dict)
    of_entries: tuple[str, Grammar] | None = None
    is_of_entries: bool = False
    letters: str = r"[^\W\d]\w*"
    side_by_side: tuple[int, Infix] | None = None
    is_factor: Callable[[Token, Token], bool] = field(default=lambda before, token: True)
    list_of: Mapping[str, Callable[[Sequence[Code], Span], Code]] = field(default_factory=dict)
    rows_of: Mapping[str, Callable[[Sequence[Sequence[Code]], Span], Code]] = field(default_factory=dict)


#: How tightly an arrow and a choice bind, and what stands between the values of a choice.
_LOOSEST, _LOOSE, _ABOVE_RANGES = 4, 20, 36
_CLOSING = {"[[": "]", "(": ")", ".(": ")", "[": "]", "{": "}"}


def tokens_of(text: str, grammar: Grammar) -> list[Token]:
    """All tokens, comments left out, and one for the end."""
    if grammar.comment:
        text = re.sub(rf"{grammar.comment}[^\n]*", lambda m: " " * len(m.group()), text)
    signs = "|".join(re.escape(s) for s in grammar.signs)
    pattern = re.compile(
        rf"(?P<space>\s+)|(?P<number>\d+(?:\.(?![*/^\\'])\d*)?(?:[eE][+-]?\d+)?(?![\w.]*\()|\.\d+)|(?P<string>\"[^\"]*\"|(?<![\w)\].'])'[^'\n]*')"
        rf"|(?P<name>{grammar.letters})|(?P<sign>{signs}|.)",
        re.DOTALL,
    )
    found: list[Token] = []
    spaced = new_line = False
    for m in pattern.finditer(text):
        kind = str(m.lastgroup)
        if kind == "space":
            spaced, new_line = True, "\n" in m.group()
            continue
        found.append(Token(kind, m.group(), m.span(), spaced, new_line))
        spaced = new_line = False
    return [*found, Token("end", "the end", (len(text), len(text)), spaced)]


def parse(text: str, grammar: Grammar) -> Code:
    """The expression. Raises Fault at the first token that was not expected."""
    parser = _Parser(tokens_of(text, grammar), grammar)
    code = parser.expression(0)
    token = parser.token
    if token.kind != "end":
        raise Fault(f"{token.text} was not expected here", token.span)
    return code


class _Parser:
    def __init__(self, tokens: list[Token], grammar: Grammar) -> None:
        self.tokens = tokens
        self.grammar = grammar
        self.position = 0
        self.depth = 0
        self.in_row = False

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def next(self) -> Token:
        token = self.token
        self.position += token.kind != "end"
        return token

    def expect(self, sign: str) -> Token:
        token = self.next()
        if token.text != sign or token.kind != "sign":
            raise Fault(f"{sign} is missing before {token.text}", token.span)
        return token

    def expression(self, least: int) -> Code:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Fault("the code is nested too deeply", self.token.span)
        left = self.operand()
        while (following := self.step(left, least)) is not None:
            left = following
        self.depth -= 1
        return left

    def step(self, left: Code, least: int) -> Code | None:
        """One more operator at the right of what has been read, if it binds tightly enough."""
        token, grammar = self.token, self.grammar
        if self.in_row and self.begins_entry(token):
            return None
        if token.kind == "sign" and token.text in grammar.postfix:
            binding, build = grammar.postfix[token.text]
            if binding < least:
                return None
            self.next()
            return build(left, (left.span[0], token.span[1]))
        if token.text == grammar.arrow and token.kind == "sign":
            return self.anonymous(left) if least <= _LOOSEST else None
        if grammar.choice is not None and token.text == grammar.choice[0]:
            return self.chosen(left, grammar.choice) if least <= _LOOSE else None
        if token.kind == "sign" and token.text in grammar.piped:
            if least > _LOOSE:
                return None
            self.next()
            function = self.expression(_LOOSE + 1)
            span = left.span[0], function.span[1]
            return self.grammar.called[grammar.piped[token.text]](function, [left], span)
        if token.kind == "sign" and token.text in grammar.infix:
            binding, right, join = grammar.infix[token.text]
            if binding < least:
                return None
            self.next()
            return join(left, self.expression(right))
        before = self.tokens[self.position - 1]
        if grammar.side_by_side is not None and self.starts(token) and grammar.is_factor(before, token):
            binding, join = grammar.side_by_side
            return join(left, self.expression(binding + 1)) if binding >= least else None
        return None

    def anonymous(self, argument: Code) -> Code:
        """x -> body, (x, y) -> body"""
        self.next()
        start = self.position
        body = self.expression(0)
        entries = None
        if self.grammar.of_entries is not None:
            end, self.position = self.position, start
            entries = self.within(self.grammar.of_entries[1])
            self.position = end
        return replace(body, value=Lambda((argument.text,), body, entries))

    def within(self, grammar: Grammar) -> Code:
        """The expression that follows, in another grammar."""
        outside, self.grammar = self.grammar, grammar
        try:
            return self.expression(0)
        finally:
            self.grammar = outside

    def chosen(self, condition: Code, choice: tuple[str, str, Callable[[Sequence[Code], Span], Code]]) -> Code:
        """condition ? a : b"""
        _, sign, build = choice
        self.next()
        first = self.expression(_ABOVE_RANGES)
        self.expect(sign)
        second = self.expression(_LOOSE)
        return build([condition, first, second], (condition.span[0], second.span[1]))

    def begins_entry(self, token: Token) -> bool:
        """Whether white space before the token ends an entry of a row: b and -c of [a b -c], not - c of [a - c]."""
        after = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        is_sign = token.kind == "sign" and token.text in self.grammar.prefix and not after.spaced
        return token.spaced and (is_sign or self.starts(token) or token.text in self.grammar.rows_of)

    def starts(self, token: Token) -> bool:
        return token.kind in ("number", "name") or token.text in ("(", "{")

    def operand(self) -> Code:
        token, grammar = self.next(), self.grammar
        if token.text == grammar.function and self.token.text == "(":
            return self.function()
        if token.kind == "number":
            return plain(token.text.rstrip("."), token.span, literal=True, value=token.text)
        if token.kind == "string":
            return plain(token.text, token.span, value=token.text.strip("\"'"))
        if token.kind == "name":
            return self.brackets(grammar.name(token.text, token.span))
        if grammar.of_entries is not None and token.text == grammar.of_entries[0]:
            return self.within(grammar.of_entries[1])
        if token.text in grammar.prefix:
            binding, build = grammar.prefix[token.text]
            operand = self.expression(binding)
            return build(operand, (token.span[0], operand.span[1]))
        if token.text == "(":
            outside, self.in_row = self.in_row, False
            inner = self.expression(0)
            self.in_row = outside
            self.expect(")")
            return self.brackets(inner.within(4))
        if token.text in grammar.list_of:
            arguments, end = self.arguments(_CLOSING[token.text])
            return self.brackets(grammar.list_of[token.text](arguments, (token.span[0], end)))
        if token.text in grammar.rows_of:
            rows, end = self.rows(_CLOSING[token.text])
            return self.brackets(grammar.rows_of[token.text](rows, (token.span[0], end)))
        raise Fault(f"{token.text} was not expected here", token.span)

    def function(self) -> Code:
        """(x) body, behind the word that begins it."""
        self.next()
        arguments, _ = self.arguments(")")
        body = self.expression(0)
        entries = body if self.grammar.is_of_entries else None
        return replace(body, value=Lambda(tuple(a.text for a in arguments), body, entries))

    def rows(self, closer: str) -> tuple[list[list[Code]], int]:
        """Rows between semicolons, their entries between commas, or white space where that separates them."""
        found: list[list[Code]] = [[]]
        if self.token.text == closer:
            return found, self.next().span[1]
        while True:
            outside, self.in_row = self.in_row, self.grammar.spaced_rows
            found[-1].append(self.expression(0))
            separated = self.in_row and self.begins_entry(self.token)
            self.in_row = outside
            if separated:
                found += [[]] * self.token.begins_line
                continue
            token = self.next()
            if token.text == closer:
                return found, token.span[1]
            if token.text in self.grammar.row_ends:
                found.append([])
            elif token.text != ",":
                raise Fault(
                    f"{token.text} was not expected here", token.span, "write commas between entries: [a, b; c, d]"
                )

    def brackets(self, base: Code) -> Code:
        """Calls and entries behind a name or a bracket."""
        while self.token.text in self.grammar.called and self.token.kind == "sign" and not self.token.spaced:
            opener = self.next()
            arguments, end = self.arguments(_CLOSING[opener.text])
            end = self.expect("]").span[1] if opener.text == "[[" else end
            base = self.grammar.called[opener.text](base, arguments, (base.span[0], end))
        if self.grammar.applied and self.token.text == self.grammar.applied:
            self.next()
            if self.token.text in self.grammar.prefix:
                raise Fault("what a function is of is not clear here", self.token.span, "write brackets: f[-x]")
            argument = self.operand()
            return self.grammar.called["["](base, [argument], (base.span[0], argument.span[1]))
        return base

    def arguments(self, closer: str) -> tuple[list[Code], int]:
        """Up to the closing bracket; a lone colon is an argument, and so is name = value."""
        found: list[Code] = []
        if self.token.text == closer:
            return found, self.next().span[1]
        outside, self.in_row = self.in_row, False
        while True:
            found.append(self.argument())
            token = self.next()
            if token.text == closer:
                self.in_row = outside
                return found, token.span[1]
            if token.text not in (",", ";"):
                raise Fault(f"{token.text} was not expected here", token.span)

    def argument(self) -> Code:
        token = self.token
        after = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        if self.grammar.empty_is_all and token.text in (",", "]"):
            return plain(":", token.span, value=":")
        if token.text == ":" and after.text in (",", ")", "]"):
            self.next()
            return plain(":", token.span, value=":")
        if token.kind == "name" and after.text == "=":
            self.position += 2
            value = self.expression(0)
            return Code(value.parts, value.level, value.number, value.literal, value=(token.text, value))
        return self.expression(0)
