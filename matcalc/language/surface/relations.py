"""Relations and what joins them: which ``<`` is a sign and which a bracket, ``and``, ``or``, ``if`` … ``else``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Protocol

from lark import Token

from matcalc.errors import Span, SyntaxFault
from matcalc.language.surface.bars import ENDS_VALUE
from matcalc.language.surface.tree import Surface
from matcalc.language.words.names import canonical_name
from matcalc.patterns import pattern

__all__ = ["both", "conditional", "is_relation", "mark_relations", "neither", "one_of", "related"]

#: What stands before the bracket of an indicator function.
_INDICATOR_NAMES = frozenset({"1", "I", "𝟙", "ind", "indicator"})
#: The type of a token that belongs to the one before it.
SKIPPED = "SKIPPED"
_OPENS = {"LPAR": "RPAR", "LSQB": "RSQB", "LBRACE": "RBRACE"}
_CLOSES = frozenset(_OPENS.values())
#: Words of Python between conditions -> the token, and whether a value stands before it.
_WORDS = {"and": ("AND", True), "or": ("OR", True), "if": ("IF", True), "else": ("ELSE", True), "not": ("NOT", False)}
#: relation -> (function, whether its sides are exchanged)
_FUNCTIONS = {
    ">": ("greater", False),
    "<": ("greater", True),
    ">=": ("at_least", False),
    "<=": ("at_least", True),
    "==": ("equals", False),
    "!=": ("differs", False),
}
_SAME = {"≤": "<=", "≥": ">=", "≠": "!=", "~=": "!=", "=": "=="}
#: Functions whose entries are 0 and 1.
_INDICATORS = frozenset({"greater", "at_least", "equals", "differs", "step"})


class _Context(Protocol):
    """What has to be known of the text that is read."""

    @property
    def text(self) -> str: ...
    @property
    def latex(self) -> bool: ...
    @property
    def declared(self) -> frozenset[str]: ...
    @property
    def functions(self) -> Callable[[str], str | None]: ...


def mark_relations(tokens: list[Token], context: _Context) -> list[Token]:
    """The tokens, every sign and word of a condition with its type."""
    if not any(t.type in _MARKED or t in _WORDS for t in tokens):
        return tokens
    marking = _Marking(tokens, context)
    marking.run()
    for opener, closer in marking.conditions:
        if not _unnamed(tokens, opener, closer, context):
            _check_factor(tokens, opener, context)
    return [t for t in tokens if t.type != SKIPPED]


_MARKED = frozenset({"LANGLE", "RANGLE", "RELATION", "BOTH", "OPPOSITE", "FACTORIAL", "BAR"})


class _Marking:
    """One walk; `open` holds the places of open brackets, `holds` whether a relation stands in each."""

    def __init__(self, tokens: list[Token], context: _Context) -> None:
        self.tokens = tokens
        self.text = context.text
        self.declared = context.declared
        self.open: list[int] = []
        self.holds = [False]
        #: Which of them hold several values, as the brackets of where(x > 0, a, b).
        self.lists = [False]
        self.last_group_holds = False
        #: Brackets in which a relation stands.
        self.conditions: list[tuple[int, int]] = []

    def run(self) -> None:
        for i, token in enumerate(self.tokens):
            if token.type == "NAME" and token in _WORDS and token not in self.declared:
                kind, after = _WORDS[token]
                if after == self._after_value(i):
                    token.type = kind
            elif token.type == "BOTH" and (self.holds[-1] or self._after_condition(i)):
                token.type = "AND"
            elif token.type in ("OPPOSITE", "FACTORIAL") and not self._after_value(i) and self._before_bracket(i):
                token.type = "NOT"
            elif token.type == "LANGLE" and self._written(token) == "<":
                self._less(i)
            elif token.type == "RANGLE" and self.text.startswith(">", token.start_pos or 0):
                self._greater(i)
            elif token.type == "BAR":
                self._bar(i)
            self._keep_brackets(i)

    def _written(self, token: Token) -> str:
        """The sign in the text: a command such as \\langle is none of these."""
        start = token.start_pos or 0
        return self.text[start : start + 1]

    def _keep_brackets(self, i: int) -> None:
        token = self.tokens[i]
        if token.type in _OPENS or token.type == "LANGLE":
            self.open.append(i)
            self.holds.append(False)
            self.lists.append(False)
        elif (token.type in _CLOSES or token.type == "RANGLE") and self.open:
            opener = self.open.pop()
            holds = self.holds.pop()
            self.last_group_holds = not self.lists.pop() and holds
            if holds:
                self.conditions.append((opener, i))
        elif token.type == "RELATION":
            self.holds[-1] = True
        elif token.type == "COMMA":
            self.lists[-1] = True

    def _after_value(self, i: int) -> bool:
        return i > 0 and (self.tokens[i - 1].type in ENDS_VALUE or self.tokens[i - 1].type == "BAR")

    def _after_condition(self, i: int) -> bool:
        return i > 0 and self.tokens[i - 1].type == "RPAR" and self.last_group_holds

    def _before_bracket(self, i: int) -> bool:
        return i + 1 < len(self.tokens) and self.tokens[i + 1].type in ("LPAR", "NOT", "OPPOSITE", "FACTORIAL")

    def _less(self, i: int) -> None:
        """<a, b> where no value stands before it, or as a factor: s <a, b>."""
        if self._after_value(i) and not self._opens_inner_product(i) and not self._after_derivative_sign(i):
            self.tokens[i].type = "RELATION"

    def _after_derivative_sign(self, i: int) -> bool:
        """∇²<r, f>(x)"""
        return i > 1 and self.tokens[i - 1].type == "SUPERSCRIPT" and self.tokens[i - 2].type == "NABLA"

    def _greater(self, i: int) -> None:
        if not (self.open and self.tokens[self.open[-1]].type == "LANGLE"):
            self.tokens[i].type = "RELATION"

    def _opens_inner_product(self, i: int) -> bool:
        """Whether a comma and the sign > follow in the same bracket, and no value behind them."""
        closer = _partner(self.tokens, i)
        if closer is None:
            return False
        before, after = self._gap(i - 1), self._gap(i)
        following = self.tokens[closer + 1] if closer + 1 < len(self.tokens) else None
        ends = following is None or following.type not in ("NUMBER", "NAME", "LPAR", "SIGN") or before > after
        return ends and (before > after or before == after == 0)

    def _gap(self, i: int) -> int:
        """White space behind a token."""
        end, start = self.tokens[i].end_pos, self.tokens[i + 1].start_pos
        return (start or 0) - (end or 0)

    def _bar(self, i: int) -> None:
        """(x < 0) | (x > 1), also with two bars."""
        double = i + 1 < len(self.tokens) and self.tokens[i + 1] == "|" and self._gap(i) == 0
        if self._after_condition(i) and self._before_bracket(i + double):
            self.tokens[i].type = "OR"
            if double:
                self.tokens[i + 1].type = SKIPPED


#: What may stand between the sign of an indicator function and its bracket.
_GAP = pattern(r"[\s}]*(?:\\left|\\[bB]ig+l?)?\s*")


def _unnamed(tokens: list[Token], opener: int, closer: int, context: _Context) -> bool:
    """1[x > 0] and I(x > 0) are (x > 0)."""
    before = tokens[opener - 1] if opener else None
    if tokens[opener].type == "LANGLE" or before is None or before not in _INDICATOR_NAMES:
        return False
    if before in context.declared or not _GAP.fullmatch(context.text[before.end_pos : tokens[opener].start_pos]):
        return False
    before.type = SKIPPED
    tokens[opener].type, tokens[closer].type = "LPAR", "RPAR"
    return True


def _check_factor(tokens: list[Token], opener: int, context: _Context) -> None:
    """P(X <= x) is no product: the probability of an event is no function here."""
    before = tokens[opener - 1] if opener else None
    if before is None or tokens[opener] != "(" or before.type != "NAME":
        return
    start, end = before.start_pos or 0, before.end_pos or 0
    name = canonical_name(before)
    known = name in context.declared or context.functions(name) is not None
    if known or before in _WORDS or (not context.latex and end != tokens[opener].start_pos):
        return
    if "(" not in context.text[tokens[opener].start_pos : tokens[opener].end_pos]:  # m \mathbb{1}[x > 0]
        return
    shown = r"\mathbb{1}[x > 0]" if context.latex else f"{before} * (x > 0)"
    raise SyntaxFault(
        f"{context.text[start:end]} of a relation is no function here",
        code="relation",
        text=context.text,
        span=(start, end),
        hint=f"the entries 0 and 1 of a relation are {'' if context.latex else 'a factor in '}{shown}",
    )


def _partner(tokens: Sequence[Token], opener: int) -> int | None:
    """The > that closes <a, b>, at the same depth and with one comma before it."""
    depth = commas = 0
    for i in range(opener + 1, len(tokens)):
        kind = tokens[i].type
        if depth == 0 and (kind in _CLOSES or kind == "SEMICOLON"):
            return None
        depth += (kind in _OPENS) - (kind in _CLOSES)
        if depth == 0 and kind in ("COMMA", "BAR"):
            commas += 1
        if depth == 0 and kind == "RANGLE":
            return i if commas else None
    return None


# --- surface trees -------------------------------------------------------------------------------


def related(sides: Sequence[Surface], signs: Sequence[str], span: Span) -> Surface:
    """a < x <= b holds where both relations do."""
    parts = [_relation(a, sign, b) for a, sign, b in zip(sides, signs, sides[1:], strict=False)]
    return parts[0] if len(parts) == 1 else both(parts, span)


def _relation(a: Surface, sign: str, b: Surface) -> Surface:
    plain = sign.removeprefix(".")
    name, exchanged = _FUNCTIONS[_SAME.get(plain, plain)]
    return Surface("call", (b, a) if exchanged else (a, b), name, (a.span[0], b.span[1]))


def is_relation(node: Surface) -> bool:
    """Whether the entries are 0 and 1 by the form of the node."""
    if node.kind == "hadamard":
        return all(is_relation(c) for c in node.children)
    if node.kind == "call" and node.value == "where":
        return all(is_relation(c) or c.kind == "number" for c in node.children)
    return node.kind == "call" and node.value in _INDICATORS


def _condition(node: Surface) -> Surface:
    """What is no relation holds where it is not 0."""
    if is_relation(node):
        return node
    return Surface("call", (node, _number(0, node.span)), "differs", node.span)


def _number(value: int, span: Span) -> Surface:
    return Surface("number", (), Fraction(value), span)


def both(parts: Sequence[Surface], span: Span) -> Surface:
    """1 where every condition holds."""
    first, *rest = (_condition(p) for p in parts)
    for part in rest:
        first = Surface("hadamard", (first, part), None, span)
    return first


def one_of(parts: Sequence[Surface], span: Span) -> Surface:
    """1 where one of the conditions holds."""
    *before, last = (_condition(p) for p in parts)
    for part in reversed(before):
        last = Surface("call", (part, _number(1, span), last), "where", span)
    return last


def neither(part: Surface, span: Span) -> Surface:
    """1 where the condition does not hold."""
    return Surface("call", (_condition(part), _number(0, span), _number(1, span)), "where", span)


def conditional(value: Surface, condition: Surface, other: Surface, span: Span) -> Surface:
    """a if c else b"""
    return Surface("call", (_condition(condition), value, other), "where", span)
