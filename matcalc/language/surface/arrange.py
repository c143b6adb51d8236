"""Between lexer and parser: what depends on neighbours and white space.

It marks function names, pairs bars, tells an index from a block, puts a JUXTAPOSED token where two values stand
side by side, keeps the limits, and reports every mistake that can be seen from one token and its neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import field

from lark import Token

from matcalc.errors import Hint, SyntaxFault
from matcalc.language import limits
from matcalc.language.meaning.members import Members
from matcalc.language.mends.hints import write
from matcalc.language.mends.lost_superscripts import check_inverses
from matcalc.language.signs.called.function_marks import mark_functions
from matcalc.language.signs.constant_rows import rows_of_constants
from matcalc.language.signs.marks import marked
from matcalc.language.signs.primes import check_primes
from matcalc.language.signs.quotients import check_quotients
from matcalc.language.signs.text_signs import sums_and_roots, sums_found
from matcalc.language.surface.bars import ENDS_VALUE, norms_before_powers, pair_bars, place, span_of
from matcalc.language.surface.forms.bracketed_lists import inner_pairs, with_parameters
from matcalc.language.surface.forms.frobenius import frobenius_products
from matcalc.language.surface.relations import mark_relations
from matcalc.language.words.names import canonical_name, is_greek
from matcalc.language.words.plain.glued import parted
from matcalc.language.words.plain.plain_spellings import plainly
from matcalc.language.words.plain.unspaced import unspaced
from matcalc.notes import Note
from matcalc.records import dataclass

__all__ = ["Arranger", "Reading", "reading", "span_of"]


@dataclass(frozen=True)
class Reading:
    """What the arranger has to know of the text that is being read.

    Attributes:
        text: the whole input, into which spans point.
        declared: names that are declared or bound: they override functions.
        functions: the canonical function of a name, or None.
        function_names: all of them, for suggestions.
        dimensions: names that are known to be sizes.
        latex: whether the text is LaTeX.
        notes: what was chosen while reading it, to be added to.
        faces: how names are set, ``bold``, ``arrow``, ``script``, ``upright``, or ``increment`` for Δx and dX; others have no entry.
        open_functions: names that are declared as functions.
        members: what sums in the text say of names with an index.
        beside: names that stand around the expression, as X in f(X) = … does.
        code: whether it is what code of another language says: its names are never products.
        complex_names: names that are declared complex; where there are some, primes and ^H conjugate.
    """

    text: str
    declared: frozenset[str]
    functions: Callable[[str], str | None]
    function_names: Callable[[], list[str]]
    dimensions: frozenset[str] = frozenset()
    latex: bool = False
    notes: list[Note] = field(default_factory=list)
    faces: dict[str, str] = field(default_factory=dict)
    open_functions: frozenset[str] = frozenset()
    members: Members = field(default_factory=Members)
    beside: frozenset[str] = frozenset()
    code: bool = False
    complex_names: frozenset[str] = frozenset()


reading: ContextVar[Reading] = ContextVar("matcalc_reading")

_STARTS_VALUE = frozenset(
    "NUMBER NAME FUNCTION BARE_FUNCTION LPAR LBRACE LSQB LANGLE NORM_OPEN ABS_OPEN COMMAND".split()
)
_PARTNER = {
    "LPAR": "RPAR",
    "LBRACE": "RBRACE",
    "LSQB": "RSQB",
    "LANGLE": "RANGLE",
    "NORM_OPEN": "NORM_CLOSE",
    "ABS_OPEN": "ABS_CLOSE",
}
_CLOSES = {close: open_ for open_, close in _PARTNER.items()}
_POSTFIX = frozenset("TRANSPOSE INVERSE_TRANSPOSE PSEUDOINVERSE SUPERSCRIPT FACTORIAL".split())
_INFIX = frozenset("SIGN OPERATOR POWER DOT_POWER JUXTAPOSED RELATION AND OR IF ELSE".split())
_BETWEEN_CONDITIONS = frozenset("RELATION AND OR IF ELSE".split())
#: Where a relation may stand: not in an index or a norm, nor as the whole text.
_HOLDS_RELATION = frozenset("LPAR LBRACE BLOCK_OPEN CALL".split())
_SIGN_OF = {"LPAR": ")", "LBRACE": "}", "LSQB": "]", "LANGLE": ">", "NORM_OPEN": "||", "ABS_OPEN": "|"}


@dataclass
class _Level:
    """One open bracket: what it is, how many signs and powers nest in it now, and whether a condition begins."""

    kind: str
    token: Token | None
    nested: int = 0
    choosing: bool = False


class Arranger:
    """The postlexer of the plain dialect."""

    always_accept = tuple("BAR LSQB RSQB NABLA PARTIAL BOTH OPPOSITE SUM ROOT STRING EINSUM".split())
    #: Whether a factor may stand in braces.
    braces_group: bool = False

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """All tokens as the grammar expects them; SyntaxFault where a neighbour is wrong."""
        context = reading.get()
        tokens = _limited(stream, context.text)
        if any(token.type == "EINSUM" for token in tokens):
            from matcalc.language.surface.forms.einsum_calls import with_subscripts

            tokens = with_subscripts(tokens)
        tokens = rows_of_constants(self.translated(tokens, context), context)
        tokens = mark_relations(tokens, context)
        check_primes(tokens, context)
        tokens = with_parameters(marked(tokens, context), context)
        tokens = mark_functions(sums_found(tokens, context), context)
        tokens = pair_bars(inner_pairs(tokens, context), context.text)
        check_quotients(tokens, context)
        tokens = frobenius_products(sums_and_roots(norms_before_powers(tokens), context))
        return iter(_Arrangement(tokens, context, self.braces_group).run())

    def translated(self, tokens: list[Token], context: Reading) -> list[Token]:
        """A dialect's own signs in terms of the plain ones."""
        check_inverses(tokens, context)
        return plainly(parted(unspaced(tokens, context), context), context)


def _limited(stream: Iterator[Token], text: str) -> list[Token]:
    most = limits.current().tokens
    tokens: list[Token] = []
    for token in stream:
        tokens.append(token)
        if len(tokens) > most:
            raise limits.exceeded("tokens", "the expression has too many parts", text, span_of(token))
    return tokens


class _Arrangement:
    """One walk over the tokens with one token of memory."""

    def __init__(self, tokens: list[Token], context: Reading, braces_group: bool) -> None:
        self.braces_group = braces_group
        self.tokens = tokens
        self.text = context.text
        self.context = context
        self.out: list[Token] = []
        self.levels = [_Level("", None)]
        self.nested = 0
        self.most = limits.current().nesting

    def run(self) -> list[Token]:
        for token in self.tokens:
            self._arrange(token)
        if len(self.levels) > 1:
            raise self._never_closed(self.levels[-1])
        if not self.out:
            raise SyntaxFault("the expression is empty", code="empty", text=self.text, span=(0, 0))
        if not self._after_value():
            last = self.out[-1]
            raise self._fault(last, f"the expression ends after {last}", "a value is missing", "unexpected-end")
        return self.out

    def _after_value(self) -> bool:
        return bool(self.out) and self.out[-1].type in ENDS_VALUE

    def _arrange(self, token: Token) -> None:
        kind = token.type
        if kind in _STARTS_VALUE:
            self._start(token)
        elif kind in _CLOSES:
            self._close(token)
        elif (kind == "SIGN" and not self._after_value()) or kind == "NOT":
            self._nest(token)
        elif kind in _INFIX:
            self._infix(token)
        elif kind in _POSTFIX:
            self._require_value(token)
        elif kind in ("COMMA", "SEMICOLON", "COLON"):
            self._separate(token)
        elif kind == "NORM_SUBSCRIPT":
            self._subscript(token)
        elif kind in ("BOTH", "OPPOSITE"):
            hint = "(x > 0) & (y > 0) joins two relations; entries of a matrix are separated by commas and semicolons"
            raise self._fault(token, f"{token} was not expected here", hint, "unexpected")
        self.out.append(token)

    def _start(self, token: Token) -> None:
        if self.out and self.out[-1].type == "POWER" and token.type == "NAME":
            self._check_glued_transpose(token)
        if self._after_value():
            previous = self.out[-1]
            touches = previous.end_pos == token.start_pos
            if token.type == "NUMBER":
                raise self._number_after(previous, token)
            if token.type == "LSQB" and token == "[" and touches and previous.type != "NUMBER":
                token.type = "INDEX_OPEN"
            else:
                self._juxtapose(token)
        if token.type == "LSQB":
            token.type = "BLOCK_OPEN"
        if token.type == "NUMBER":
            self._check_number(token)
        if token.type in _PARTNER or token.type in ("INDEX_OPEN", "BLOCK_OPEN"):
            called = token.type == "LPAR" and bool(self.out) and self.out[-1].type == "FUNCTION"
            self.levels.append(_Level("CALL" if called else token.type, token))
            self._deepen(token)

    def _juxtapose(self, token: Token) -> None:
        if token == "{" and not self.braces_group:
            hint = "a subscript is x_{1}, an entry x[1], a factor (x + y)"
            raise self._fault(token, "braces belong to a subscript or an exponent", hint, "unexpected")
        self._release()
        where = token.start_pos
        self.out.append(Token("JUXTAPOSED", "", start_pos=where, end_pos=where))

    def _check_glued_transpose(self, token: Token) -> None:
        """X^Tx is the power with exponent Tx, and x^tAx that with tAx, which nobody means."""
        name = canonical_name(token)
        glued = token[0] == "T" or (token[0] == "t" and re.search("[A-Z]", token) and not is_greek(name))
        if glued and len(token) > 1 and name not in self.context.declared:
            base = self.out[-2] if len(self.out) > 1 and self.out[-2].type == "NAME" else "…"
            rest = token[1:]
            spaced = " ".join(rest) if len(rest) <= 4 and not rest.islower() and rest.isalpha() else rest
            hint = f"write {base}^T {spaced}" if rest[0].isalpha() else f"the transpose is {base}^T"
            raise self._fault(token, f"{token} is read as one name, not as a transpose", hint, "glued-transpose")

    def _number_after(self, previous: Token, number: Token) -> SyntaxFault:
        raised = len(self.out) > 1 and self.out[-2].type in ("POWER", "DOT_POWER", "SIGN")
        alone = previous.type in ("NAME", "NUMBER") and not raised
        if number == "1" and previous.type == "TRANSPOSE":
            ones = write(span_of(number), r"\mathbf{1}" if self.context.latex else "ones(n)")
            return self._fault(number, "the number 1 cannot follow a row directly", ones, "number-after-value")
        product = f"{previous} * {number}" if alone else f"… * {number}"
        hint = f"write {product}" + (f" or {number} {previous}" if previous.type == "NAME" and alone else "")
        return self._fault(number, f"the number {number} cannot follow a value directly", hint, "number-after-value")

    def _check_number(self, token: Token) -> None:
        digits, _, exponent = token.lower().partition("e")
        if len(digits) > limits.current().digits:
            raise limits.exceeded("digits", f"the number has {len(digits):,} digits", self.text, span_of(token))
        if exponent and (len(exponent) > 9 or abs(int(exponent)) > limits.current().exponent):
            raise limits.exceeded(
                "exponent", f"the number {_short(token)} is too large or too small", self.text, span_of(token)
            )

    def _close(self, token: Token) -> None:
        level = self.levels[-1]
        opener = {"CALL": "LPAR", "INDEX_OPEN": "LSQB", "BLOCK_OPEN": "LSQB"}.get(level.kind, level.kind)
        if opener != _CLOSES[token.type]:
            if level.token is None:
                raise self._fault(token, f"{token} closes nothing", "delete it, or open it before", "unbalanced")
            raise self._crossed(level.token, token)
        trailing = self.out[-1].type == "SEMICOLON" and level.kind == "BLOCK_OPEN"
        colon = self.out[-1].type == "COLON" and level.kind == "INDEX_OPEN"
        if not (self._after_value() or trailing or colon):
            self._empty_before(token, level)
        self._release()
        self.nested -= 1
        self.levels.pop()
        if level.kind in ("INDEX_OPEN", "BLOCK_OPEN"):
            token.type = level.kind.replace("OPEN", "CLOSE")

    def _empty_before(self, token: Token, level: _Level) -> None:
        previous = self.out[-1]
        if previous is not level.token:
            raise self._fault(token, f"a value is missing between {previous} and {token}", None, "missing-value")
        if level.kind != "CALL":
            assert level.token is not None
            span = (span_of(level.token)[0], span_of(token)[1])
            raise SyntaxFault("there is nothing between the brackets", code="missing-value", text=self.text, span=span)

    def _infix(self, token: Token) -> None:
        self._require_value(token)
        if token.type in _BETWEEN_CONDITIONS:
            self._check_condition(token)
        if token.type in ("POWER", "DOT_POWER"):
            self._nest(token)
        else:
            self._release()

    def _check_condition(self, token: Token) -> None:
        """A relation stands in brackets, or between if and else."""
        level = self.levels[-1]
        if token.type in ("IF", "ELSE"):
            level.choosing = token.type == "IF"
        elif level.kind not in _HOLDS_RELATION and not level.choosing:
            hint = "(x > 0) in brackets has the entries 0 and 1; two expressions are compared by equal"
            if token.type in ("AND", "OR"):
                hint = "and, or stand between relations: (x > 0 and y > 0)"
            raise self._fault(token, f"a relation, {token}, is no value", hint, "relation")

    def _require_value(self, token: Token) -> None:
        if self._after_value():
            return
        sign = token.strip()
        if not self.out:
            raise self._fault(token, f"{sign} has no value before it", None, "missing-value")
        previous = self.out[-1]
        if previous.type == "BARE_FUNCTION" or (previous.type == "FUNCTION"):
            raise self._fault(token, f"{previous} is a function", f"write {previous}(…){sign}", "missing-value")
        hint = None
        if sign in ("'", "’") and previous.type in ("COMMA", "LPAR"):
            hint = "norms are ||x||, ||X||_F, ||X||_*, norm(x, p) and norm_inf(x)"
        if (previous == "*" and sign == "*") or (previous, sign) == ("**", "*"):
            hint = "a power is written ^ or **"
        raise self._fault(token, f"a value is missing between {previous} and {sign}", hint, "missing-value")

    def _separate(self, token: Token) -> None:
        level = self.levels[-1]
        allowed = {
            "COMMA": ("CALL", "INDEX_OPEN", "BLOCK_OPEN", "LANGLE"),
            "SEMICOLON": ("BLOCK_OPEN",),
            "COLON": ("INDEX_OPEN",),
        }[token.type]
        if level.kind not in allowed:
            raise self._fault(token, f"{token} has no meaning here", _SEPARATOR_HINTS[token.type], "unexpected")
        whole = token.type == "COLON" or self.out[-1].type == "COLON"
        if not (self._after_value() or whole):
            raise self._fault(token, f"a value is missing before {token}", None, "missing-value")
        self._release()

    def _subscript(self, token: Token) -> None:
        if not self.out or self.out[-1].type not in ("NORM_CLOSE", "ABS_CLOSE"):
            raise self._fault(
                token, "a subscript belongs to a name or a norm", "x_1, x_{ij} and ||x||_1 have one", "unexpected"
            )
        if self.out[-1].type == "ABS_CLOSE":
            self._norm_in_single_bars(token)

    def _norm_in_single_bars(self, subscript: Token) -> None:
        """|x|_1 and |x - y|_2 are norms."""
        depth = 0
        for i in range(len(self.out) - 1, -1, -1):
            depth += (self.out[i].type == "ABS_CLOSE") - (self.out[i].type == "ABS_OPEN")
            if depth == 0:
                break
        start, end = span_of(self.out[i])[0], span_of(subscript)[1]
        for place_of_bar, kind in ((i, "NORM_OPEN"), (len(self.out) - 1, "NORM_CLOSE")):
            self.out[place_of_bar] = place(kind, "‖", span_of(self.out[place_of_bar]))
        message = f"{self.text[start:end]} is read as a norm"
        self.context.notes.append(Note(message, None, "bars", self.text, (start, end)))

    def _nest(self, token: Token) -> None:
        self.levels[-1].nested += 1
        self._deepen(token)

    def _deepen(self, token: Token) -> None:
        self.nested += 1
        if self.nested > self.most:
            raise limits.exceeded("nesting", "the expression is nested too deeply", self.text, span_of(token))

    def _release(self) -> None:
        level = self.levels[-1]
        self.nested -= level.nested
        level.nested = 0

    def _never_closed(self, level: _Level) -> SyntaxFault:
        assert level.token is not None
        sign = _SIGN_OF.get(_CLOSES.get(_PARTNER.get(level.kind, ""), "LPAR"), ")")
        sign = {"INDEX_OPEN": "]", "BLOCK_OPEN": "]"}.get(level.kind, sign)
        return self._fault(level.token, f"{level.token} is never closed", f"add the missing {sign}", "unbalanced")

    def _crossed(self, opener: Token, closer: Token) -> SyntaxFault:
        return SyntaxFault(
            f"{closer} closes nothing: {opener} was opened last",
            code="unbalanced",
            text=self.text,
            span=span_of(closer),
            related=span_of(opener),
            hint=f"close {opener} first",
        )

    def _fault(self, token: Token, message: str, hint: Hint | str | None, code: str) -> SyntaxFault:
        return SyntaxFault(message, code=code, text=self.text, span=span_of(token), hint=hint)


_SEPARATOR_HINTS = {
    "COMMA": "a comma separates arguments of a function, entries of [A, B; C, D] and the sides of <a, b>; "
    "declarations come after the word where",
    "SEMICOLON": "a semicolon separates rows of a block matrix, [A, B; C, D]",
    "COLON": "a colon stands in an index, X[:, 1]; the Frobenius product A : B is <A, B>; declarations come after where",
}


def _short(token: str) -> str:
    return token if len(token) <= 20 else token[:20] + "…"
