r"""The LaTeX dialect: commands and arguments expanded, as TeX does, into the tokens of the plain dialect.

`\frac{a}{b}` becomes ``((a)/(b))``, `X^{-\top}` a transposed inverse, `\log\det X` a call, `\mathbf{x}_{ij}` one
name. What TeX sets alike and people read in two ways, such as `\log x y` or `x_12`, is an error that says how to
write either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lark import Token

from matcalc.errors import MatcalcError, Span, SyntaxFault, UnknownNameError
from matcalc.language import latex_signs as signs
from matcalc.language import limits
from matcalc.language.arrange import ELSEWHERE, Arranger, Reading, span_of
from matcalc.language.latex_scan import Source, is_value_start, joined, place
from matcalc.language.latex_sums import SUM, entry_sum
from matcalc.language.names import GREEK, canonical_name, is_greek, nearest
from matcalc.language.surface import EXPONENTIAL

__all__ = ["LatexArranger"]

#: Functions whose argument without brackets is the whole product that follows.
OF_PRODUCTS = frozenset({"tr", "sum"})
_TRANSPOSES = frozenset({r"\top", r"\intercal", "T", "⊤", "⊺", r"\prime", "'", "′", r"\transp", r"\trans"})
_PSEUDOINVERSES = frozenset({"+", r"\dagger", "†"})
_ADJOINTS = frozenset({"*", r"\ast", r"\star", "H", r"\dag", "∗"})
#: Functions for which f^{-1} may be the inverse function.
_INVERTIBLE = frozenset("sin cos tan sinh cosh tanh exp log erf".split())
#: Greek letters with subscripts before a bracket, and the functions that they stand for.
_EXTREMES = {"lambda max": "eigmax", "lambda min": "eigmin", "sigma max": "norm_spec"}
#: Upright letters with subscripts, and the constants that they stand for.
_UPRIGHT_CONSTANTS = {"K": ("commutation", 2), "D": ("duplication", 1), "L": ("elimination", 1), "e": ("e", 1)}


class LatexArranger(Arranger):
    """The postlexer of the LaTeX dialect."""

    always_accept: tuple[str, ...] = tuple(
        "COMMAND CONTROL SCIENTIFIC WORD UNDERSCORE CARET DIGITS_BELOW AMPERSAND MARK EQUALS BAR LSQB RSQB".split()
    )

    braces_group: bool = True

    def translated(self, tokens: list[Token], context: Reading) -> list[Token]:
        return _Expansion(tokens, context).run()


class _Expansion:
    """One run over the input; what a command stands for is put back in front of the rest."""

    def __init__(self, tokens: list[Token], context: Reading) -> None:
        self.context = context
        self.source = Source(tokens, context.text)
        self.out: list[Token] = []
        self.environments: list[str] = []
        self.spelled: dict[str, tuple[str, Token]] = {}
        self.exponentials: list[Token] = []
        self.steps = 0

    def run(self) -> list[Token]:
        while self.source:
            self.steps += 1
            if self.steps > 20 * limits.current().tokens:
                raise limits.exceeded("tokens", "the expression has too many parts", self.context.text)
            token = self.source.pop()
            _EXPAND.get(token.type, _Expansion._plain)(self, token)
        self._check_exponentials()
        return self.out

    # What every token type becomes.

    def _plain(self, token: Token) -> None:
        self._emit(token.type, token, token)
        if token.type in ("RPAR", "RSQB", "RBRACE", "BAR", "NORM_CLOSE", "ABS_CLOSE"):
            self._after_bracket(token)

    def _emit(self, kind: str, value: str, where: Token) -> None:
        self.out.append(place(kind, value, span_of(where)))

    def _fault(self, token: Token, message: str, hint: str | None = None, code: str = "latex") -> MatcalcError:
        return SyntaxFault(message, code=code, text=self.context.text, span=span_of(token), hint=hint)

    def _since(self, token: Token) -> Span:
        """From this token to the end of what was read."""
        return span_of(token)[0], max(span_of(token)[1], self.source.end)

    def _scientific(self, token: Token) -> None:
        digits, exponent = re.split("[eE]", token, maxsplit=1)
        hint = rf"write {digits} \cdot 10^{{{exponent}}} for the number, or {digits} e {exponent} with spaces"
        raise self._fault(token, f"{token} may be a number or a product with e", hint)

    def _bracket(self, token: Token) -> None:
        """In LaTeX a square bracket groups, unless a comma, a colon or an integer shows that it is an index."""
        inside = self.source.peek_until("RSQB", token)
        touches = bool(self.out) and self.out[-1].type == "NAME" and self.out[-1].end_pos == token.start_pos
        if self.out and self.out[-1] == "E" and self.context.text[: token.start_pos].rstrip().endswith("}"):
            raise self._fault(token, "there are no expectations", "write a mean over the rows as mean(…)")
        shown = joined(inside)
        listed = any(t.type in ("COMMA", "COLON", "SEMICOLON") for t in self.source.top_level(inside))
        if touches and (listed or shown.isdigit()):
            self._emit("LSQB", "[", token)
        elif touches and re.fullmatch(r"[A-Za-z]", shown):
            hint = rf"an entry is {self.out[-1]}_{{{shown}}} as a name or [{self.out[-1]}]_{{{shown}}}; a factor has round brackets"
            raise self._fault(token, f"[{shown}] may be an index or a factor", hint)
        elif listed:
            self.out.append(place("LSQB", r"\[", span_of(token)))
        else:
            closer = self.source.close(inside, "RSQB")
            self.source.push([_as("LPAR", token), *inside, *([_as("RPAR", closer)] if closer else [])])

    def _after_bracket(self, token: Token) -> None:
        """A subscript of brackets is an index, of bars a norm's; it may follow a superscript."""
        self._pull_subscript_forward()
        if not self.source.next_is("UNDERSCORE"):
            return
        mark = self.source.pop()
        group = self.source.argument(mark, "subscript")
        if token.type in ("BAR", "NORM_CLOSE", "ABS_CLOSE"):
            shown = self._norm_subscript(group)
            self.out.append(place("NORM_SUBSCRIPT", f"_{{{shown}}}", self._since(mark)))
            return
        if joined(group) == "+":
            raise self._fault(mark, "the positive part is written with a function", r"write \max(0, x)")
        start, end = span_of(token)[1], self.source.end
        indices = _separated_letters(group)
        opener, closer = place("LSQB", "[", (start, end)), place("RSQB", "]", (start, end))
        self.source.push([_as("INDEX", opener), *indices, _as("INDEX_END", closer)])

    def _index(self, token: Token) -> None:
        self._emit("LSQB", "[", token)

    def _index_end(self, token: Token) -> None:
        self._emit("RSQB", "]", token)
        self._after_bracket(self.out[-1])

    def _norm_subscript(self, group: list[Token]) -> str:
        shown = joined(group)
        word = re.sub(r"\\(mathrm|text|mathsf|operatorname|textrm|mathit)\*?|[{}\s]", "", shown)
        return {r"\infty": "inf", "∞": "inf", r"\ast": "*", r"\star": "*", "op": "2", "spec": "2"}.get(word, word)

    def _number(self, token: Token) -> None:
        if self.source.next_is("UNDERSCORE"):
            raise self._fault(self.source.pop(), f"the number {token} has a subscript", "only names have subscripts")
        self._plain(token)

    def _word(self, token: Token) -> None:
        """Adjacent letters multiply, unless they are one declared name or a function before a bracket."""
        if len(token) == 1 or self._is_declared_run(token):
            self._symbol(str(token), token)
            return
        if self._function_named(token) and self.source.next_is("LPAR"):
            self._function(self.context.functions(str(token)) or str(token), token)
            return
        self._check_word(token)
        *first, last = _letters(token)
        self.source.push([last])
        for letter in first:
            self._name(canonical_name(letter), letter, "plain")

    def _is_declared_run(self, token: Token) -> bool:
        return canonical_name(token) in self.context.declared or self._declared(str(token), self._peek_index())[1]

    def _peek_index(self) -> str:
        """The subscript that follows, without taking it."""
        if not self.source.next_is("UNDERSCORE"):
            return ""
        mark = self.source.pop()
        group = self.source.argument(mark, "subscript")
        self.source.push([mark, *self.source.rebraced(group, mark)])
        return _index_text(group) or ""

    def _function_named(self, word: str) -> bool:
        return len(word) > 1 and word not in self.context.declared and self.context.functions(word) is not None

    def _check_word(self, token: Token) -> None:
        if (self._function_named(token) and len(token) > 2) or token in ("tr", "Tr", "ln"):
            function = self.context.functions(str(token)) or ELSEWHERE.get(str(token), str(token))
            raise self._fault(
                token, f"{token} is read as a product of letters", rf"write {_function_spelling(function)}"
            )
        if len(token) > 2 and is_greek(str(token)):
            raise self._fault(
                token, f"{token} is read as a product of letters", rf"write \{token} for the Greek letter"
            )

    # Names.

    def _symbol(self, base: str, token: Token, style: str = "plain") -> None:
        """A letter with its subscript, which may stand behind a superscript."""
        if base == "e" and style == "plain" and self._is_exponential():
            self._exponential(token)
            return
        self._pull_subscript_forward()
        index = ""
        if self.source.next_is("DIGITS_BELOW"):
            index = canonical_name("x" + self.source.pop())[2:]
        elif self.source.next_is("UNDERSCORE"):
            mark = self.source.pop()
            if self._constant_with_size(base, style, mark) or self._extreme_value(base, mark):
                return
            index = self._name_index(mark)
        self._name(self._declared(canonical_name(base), index)[0], token, style)

    def _name(self, name: str, token: Token, style: str) -> None:
        known = self.spelled.setdefault(name, (style, token))
        if known[0] != style:
            raise self._fault(
                token, f"{name} stands here in another type than before", "give the two different letters", "two-types"
            )
        self.out.append(place("NAME", name, span_of(token)))

    def _declared(self, base: str, index: str) -> tuple[str, bool]:
        """The declared name of this letter and subscript: x_1, else x1; and whether there is one."""
        name = f"{base}_{index}" if index else base
        if name in self.context.declared:
            return name, True
        glued = base + index.replace("_", "", 1) if index[:1].isdigit() else name
        first, _, rest = index.partition("_")
        glued = f"{base}{first}" + (f"_{rest}" if rest else "")
        return (glued, True) if first.isdigit() and glued in self.context.declared else (name, False)

    def _name_index(self, mark: Token) -> str:
        group = self.source.argument(mark, "subscript")
        index = _index_text(group)
        if index is None:
            hint = "subscripts of names are letters and digits, as in x_{ij} or x_{k,1}"
            raise SyntaxFault(
                f"{joined(group) or 'nothing'} is no subscript of a name",
                code="latex",
                text=self.context.text,
                span=self._since(mark),
                hint=hint,
            )
        return index

    def _pull_subscript_forward(self) -> None:
        """x^2_1 is x_1^2."""
        raised = self.source.superscript_before_subscript()
        if raised is not None:
            superscript, subscript = raised
            self.source.push([*subscript, *superscript])

    def _constant_with_size(self, base: str, style: str, mark: Token) -> bool:
        r"""I_{n}, \mathrm{K}_{m, n}, \mathrm{e}_{i}: with sizes as their subscript."""
        group = self.source.argument(mark, "subscript")
        count = sum(t.type == "COMMA" for t in self.source.top_level(group)) + 1
        if base == "I" and "I" not in self.context.declared and count == 1 and self._is_size(group):
            self._call("eye", mark, group)
            return True
        name, wanted = _UPRIGHT_CONSTANTS.get(base, ("", 0)) if style == "upright" else ("", 0)
        if name and wanted == count and (self._is_size(group) or base == "e"):
            self._call(name, mark, group)
            return True
        self.source.push([mark, *self.source.rebraced(group, mark)])
        self.source.pop()
        return False

    def _extreme_value(self, base: str, mark: Token) -> bool:
        r"""\lambda_{\max}(S) is the largest eigenvalue, \sigma_{\max}(X) the largest singular value."""
        group = self.source.argument(mark, "subscript")
        function = _EXTREMES.get(f"{base} {_superscript_text(group)}".replace("\\", ""))
        if function is not None and self.source.next_is_open_bracket():
            self._function(function, mark)
            return True
        self.source.push(self.source.rebraced(group, mark))
        return False

    def _is_size(self, group: list[Token]) -> bool:
        """Numbers and known names of sizes, in sums and products."""
        names = [t for t in group if t.type in ("WORD", "COMMAND") and t not in (r"\times", r"\cdot", r"\min", "min")]
        rest = all(
            t == r"\min"
            or t.type in ("NUMBER", "WORD", "SIGN", "COMMA", "CARET", "LPAR", "RPAR", "OPERATOR", "LBRACE", "RBRACE")
            for t in group
        )
        return rest and all(
            c in self.context.dimensions for t in names for c in ([t] if t in self.context.dimensions else t)
        )

    def _call(self, name: str, where: Token, arguments: Iterable[Token]) -> None:
        """name(arguments), at the place of a subscript."""
        self._emit("FUNCTION", name, where)
        end = self._since(where)[1]
        opener, closer = place("LPAR", "(", span_of(where)), place("RPAR", ")", (end, end))
        self.source.push([opener, *arguments, closer])

    # Superscripts.

    def _caret(self, token: Token) -> None:
        group = self.source.argument(token, "superscript")
        shown = _superscript_text(group)
        span = self._since(token)
        if shown in _TRANSPOSES:
            self.out.append(place("TRANSPOSE", "^T", span))
        elif shown[:1] in ("-", "−") and shown[1:] in _TRANSPOSES:
            self.out.append(place("INVERSE_TRANSPOSE", "^-T", span))
        elif shown in _PSEUDOINVERSES:
            self.out.append(place("PSEUDOINVERSE", "^+", span))
        elif shown in _ADJOINTS:
            raise self._fault(token, f"^{shown} is not known", r"the transpose is X^\top, the pseudoinverse X^\dagger")
        elif group and group[0] in (r"\odot", r"\circ") and len(group) > 1:
            self.out.append(place("DOT_POWER", ".^", span_of(token)))
            self._group(group[1:], token)
        else:
            self._check_exponent(token, group, shown)
            self.out.append(place("POWER", "^", span_of(token)))
            self._group(group, token)

    def _group(self, group: list[Token], where: Token) -> None:
        self.source.push(self.source.braced(group, where))

    def _check_exponent(self, token: Token, group: list[Token], shown: str) -> None:
        if not group:
            raise self._fault(token, "the superscript is empty", r"write X^2 or X^\top")
        if re.fullmatch(r"\([A-Za-z0-9]+\)", shown) and self.out and self.out[-1].type == "NAME":
            hint = f"an index is written as a subscript, {self.out[-1]}_{{{shown[1:-1]}}}; a power without brackets"
            raise self._fault(token, f"^{{{shown}}} may be an index or a power", hint)
        if shown == r"\circ":
            raise self._fault(token, "there are no degrees", r"write the angle in radians")

    # Commands.

    def _command(self, token: Token) -> None:
        name = str(token)
        if name in signs.IGNORED:
            return
        for table, expand in _COMMANDS:
            if name in table:
                expand(self, token)
                return
        function = self._known_function(name)
        if function is None:
            raise self._unknown(token)
        self._function(function, token)

    def _known_function(self, command: str) -> str | None:
        return signs.FUNCTIONS.get(command) or (
            self.context.functions(command[1:]) if len(command) > 2 and command[1:].isalpha() else None
        )

    def _unknown(self, token: Token) -> MatcalcError:
        hint = signs.HINTS.get(str(token))
        if token == "\\ ":
            hint = r"it is a space in LaTeX and a left division in plain text: write \, or A^{-1} b"
        if hint is None and len(token) == 2:
            hint = f"a left division has spaces: A \\ {token[1]}"
        if hint is None:
            known = [name for table, _ in _COMMANDS for name in table] + [
                f"\\{n}" for n in self.context.function_names()
            ]
            close = nearest(str(token), known)
            hint = f"did you mean {close}?" if close else r"a function of your own is \operatorname{name}(…)"
        return UnknownNameError(
            f"the command {token} is not known here",
            code="unknown-command",
            text=self.context.text,
            span=span_of(token),
            hint=hint,
        )

    def _greek(self, token: Token) -> None:
        style = "variant" if signs.GREEK_COMMANDS[token] != token[1:] else "plain"
        self._symbol(signs.GREEK_COMMANDS[token], token, style)

    def _ell(self, token: Token) -> None:
        self._symbol("ell", token)

    def _operator(self, token: Token) -> None:
        self._emit("OPERATOR", signs.OPERATORS[token], token)

    def _bracket_command(self, token: Token) -> None:
        kind, sign = signs.BRACKETS[token]
        plain = place(kind, sign, span_of(token))
        if kind == "RANGLE":
            self._skip_frobenius()
        (self._bracket if kind == "LSQB" else self._plain)(plain)

    def _skip_frobenius(self) -> None:
        """An inner product may say that it is Frobenius's."""
        if not self.source.next_is("UNDERSCORE"):
            return
        mark = self.source.pop()
        group = self.source.argument(mark, "subscript")
        if _superscript_text(group) != "F":
            self.source.push([mark, *self.source.rebraced(group, mark)])

    def _sized(self, token: Token) -> None:
        """\\left and the like: they tell the side of a bar."""
        side = signs.DELIMITER_SIZES[token]
        if not self.source:
            raise self._fault(token, f"{token} has no bracket after it")
        bracket = self.source.pop()
        kind, sign = signs.BRACKETS.get(bracket, (bracket.type, str(bracket)))
        if bracket == ".":
            raise self._fault(token, f"{token}. is not supported", "delete it")
        if kind == "BAR" and side:
            double = self._doubled(bracket, token)
            kind = ("NORM" if sign == "‖" or double else "ABS") + ("_OPEN" if side == "open" else "_CLOSE")
        plain = place(kind, sign, (span_of(token)[0], span_of(bracket)[1]))
        (self._bracket if kind == "LSQB" else self._plain)(plain)

    def _doubled(self, bar: Token, size: Token) -> bool:
        r"""\left|\left| is the bar of a norm."""
        if bar in ("‖", r"\|") or not self.source.next_are([str(size), str(bar)]):
            return False
        self.source.pop()
        self.source.pop()
        return True

    def _fraction(self, token: Token) -> None:
        above = self.source.argument(token, "numerator")
        below = self.source.argument(token, "denominator")
        if not above or not below:
            raise self._fault(token, "the fraction has an empty part", r"write \frac{a}{b}")
        slash = place("OPERATOR", "/", span_of(token))
        parts = [*self.source.braced(above, token), slash, *self.source.braced(below, token)]
        self.source.push(self.source.braced(parts, token))

    def _root(self, token: Token) -> None:
        degree = self.source.option()
        inside = self.source.argument(token, "radicand")
        if not inside:
            raise self._fault(token, "there is nothing under the root", r"write \sqrt{x}")
        shown = joined(degree)
        if degree and shown not in ("2", "3"):
            one = place("NUMBER", "1", span_of(token))
            exponent = [one, place("OPERATOR", "/", span_of(token)), *self.source.braced(degree, token)]
            dot = place("DOT_POWER", ".^", span_of(token))
            power = [*self.source.braced(inside, token), dot, *self.source.braced(exponent, token)]
            self.source.push(self.source.braced(power, token))
            return
        self._call("cbrt" if shown == "3" else "sqrt", token, inside)

    def _styled(self, token: Token) -> None:
        """A letter in bold and the like; what holds more than a symbol is a group."""
        style = "variant" if token in (r"\mathcal", r"\mathscr", r"\mathfrak") else "bold"
        if token == r"\vec" and self.source.next_is("LPAR"):
            self._function("vec", token)
            return
        group = self.source.argument(token, "argument")
        shown = joined(group)
        if shown in ("1", "0"):
            self._constant_array(shown, token)
        elif len(group) == 1 and group[0].type == "COMMAND" and group[0] in signs.GREEK_COMMANDS:
            self._symbol(signs.GREEK_COMMANDS[group[0]], group[0], style)
        elif len(group) == 1 and group[0].type == "WORD":
            self._styled_word(group[0], style)
        elif len(group) > 1 and group[1].type == "UNDERSCORE" and group[0].type in ("WORD", "COMMAND"):
            self.source.push(group)
        else:
            self._group(group, token)

    def _styled_word(self, word: Token, style: str) -> None:
        if len(word) == 1 or self._is_declared_run(word):
            self._symbol(str(word), word, style)
            return
        self._check_word(word)
        *first, last = _letters(word)
        for letter in first:
            self._name(canonical_name(letter), letter, style)
        self._symbol(str(last), last, style)

    def _constant_array(self, digit: str, token: Token) -> None:
        r"""\mathbf{1}, \mathbf{1}_n and \mathbf{1}_{m \times n}: ones, or zeros, sized by context or subscript."""
        self._pull_subscript_forward()
        if not self.source.next_is("UNDERSCORE"):
            self._call("vector", token, [place("NUMBER", digit, span_of(token))])
            return
        mark = self.source.pop()
        group = self.source.argument(mark, "subscript")
        sizes = [place("COMMA", ",", span_of(t)) if t == r"\times" else t for t in group]
        self._call("ones" if digit == "1" else "zeros", mark, sizes)

    def _accented(self, token: Token) -> None:
        group = self.source.argument(token, "argument")
        shown = _GREEK_OF.get(joined(group), joined(group))
        if not re.fullmatch(r"[A-Za-z]+", shown):
            raise self._fault(token, f"{token} belongs on one letter", r"as in \hat{x}, which is the name x_hat")
        self._symbol(f"{shown}_{signs.ACCENTS[token]}", token)

    def _upright(self, token: Token) -> None:
        """One word: a function, the d of a differential, the number e, a name."""
        group = self._upright_argument(token)
        if len(group) == 1 and group[0] in signs.GREEK_COMMANDS:
            self._symbol(signs.GREEK_COMMANDS[group[0]], token)
            return
        word = self._text_of(group).replace(r"\_", "_").strip()
        if not re.fullmatch(r"[A-Za-z]\w*", word):
            raise self._fault(
                token, f"{word or 'nothing'} is not one word", r"text is no part of an expression", "latex"
            )
        if word == "d" and self._differential(token):
            return
        if word in self.context.declared:
            self._symbol(word, token, "upright")
        elif word == "e" and self._is_exponential():
            self._exponential(token)
        elif len(word) > 1 and (function := self._upright_function(word)) is not None:
            self._function(function, token)
        elif len(word) > 1 and self.source.next_is_open_bracket():
            raise self._unknown_function(word, token)
        else:
            self._symbol(word, token, "upright")

    def _upright_argument(self, token: Token) -> list[Token]:
        r"""What is set upright: of \mathop{\rm tr} and of \rm tr the whole word."""
        if token == r"\rm" and self.source.next_is("WORD"):
            return [self.source.pop()]
        group = self.source.argument(token, "argument")
        return group[1:] if len(group) > 1 and group[0] in (r"\rm", r"\sf", r"\tt") else group

    def _brace(self, token: Token) -> None:
        r"""{\rm tr} is \mathrm{tr}."""
        inside = self.source.tokens[-3:]
        if (
            len(inside) == 3
            and inside[2] in (r"\rm", r"\sf", r"\tt")
            and inside[1].type == "WORD"
            and inside[0].type == "RBRACE"
        ):
            command = self.source.pop()
            self.source.push([place("COMMAND", r"\mathrm", span_of(command)), token])
            return
        self._plain(token)

    def _upright_function(self, word: str) -> str | None:
        for name in (word, ELSEWHERE.get(word, ""), word.lower()):
            if name.isidentifier() and (found := self.context.functions(name)) is not None:
                return found
        return None

    def _unknown_function(self, word: str, token: Token) -> MatcalcError:
        close = nearest(word, self.context.function_names())
        hint = (
            rf"did you mean {_function_spelling(close)}?"
            if close
            else rf"declare {word}, or put \cdot after it if it is a factor"
        )
        return UnknownNameError(
            f"unknown function {word}", code="unknown-function", text=self.context.text, span=span_of(token), hint=hint
        )

    def _text_of(self, group: list[Token]) -> str:
        return self.context.text[span_of(group[0])[0] : span_of(group[-1])[1]] if group else ""

    def _differential(self, token: Token) -> bool:
        r"""\mathrm{d}X and \mathrm{d}_{1} X_{2} are the names dX and dX_2_1; beside a declared d, dX has to be known, too."""
        before = list(self.source.tokens)
        index = self._name_index(self.source.pop()) if self.source.next_is("UNDERSCORE") else ""
        self.source.skip(signs.IGNORED)
        moved = self._variable_that_follows()
        if moved is not None:
            name = self._perturbation(str(moved), index)
            if "d" not in self.context.declared or name in self.context.declared:
                self.out.append(place("NAME", name, (span_of(token)[0], span_of(moved)[1])))
                return True
        elif index and "d" not in self.context.declared:
            raise self._fault(token, "an upright d belongs before a variable", "as in \\mathrm{d}X")
        self.source.tokens = before
        return False

    def _variable_that_follows(self) -> Token | None:
        """The name that comes next, taken from the source; None where it is none."""
        if not self.source or self.source.peek().type not in ("WORD", "COMMAND"):
            return None
        if self.source.peek().type == "WORD" and len(self.source.peek()) > 1:
            self.source.split_word()
        start, spelled = len(self.out), dict(self.spelled)
        following = self.source.pop()
        _EXPAND[following.type](self, following)
        found = self.out[start:]
        del self.out[start:]
        self.spelled = spelled
        return found[0] if len(found) == 1 and found[0].type == "NAME" else None

    def _perturbation(self, base: str, index: str) -> str:
        """dX_1 is the differential of X_1, or the first one of X; dW_1 may be that of W1, too."""
        name = f"d{base}_{index}" if index else f"d{base}"
        if name in self.context.declared:
            return name
        plain = re.sub(r"_(\d)", r"\1", f"d{base}", count=1) + (f"_{index}" if index else "")
        return plain if plain in self.context.declared else name

    def _is_exponential(self) -> bool:
        """Whether an e is raised to something else than a number or a sign of transposition."""
        if "e" in self.context.declared or not self.source.next_is("CARET"):
            return False
        mark = self.source.pop()
        group = self.source.argument(mark, "superscript")
        self.source.push([mark, *self.source.rebraced(group, mark)])
        shown = _superscript_text(group)
        transposed = shown in _TRANSPOSES or shown.lstrip("-") in _TRANSPOSES
        signs_only = shown in _PSEUDOINVERSES | _ADJOINTS or not group or group[0] in (r"\odot", r"\circ")
        return not (transposed or signs_only or shown.isdigit() or re.fullmatch(r"\(\w+\)", shown))

    def _exponential(self, token: Token) -> None:
        """e^x is the exponential of a scalar."""
        mark = self.source.pop()
        self.exponentials.append(token)
        self._call(EXPONENTIAL, token, self.source.argument(mark, "superscript"))

    def _check_exponentials(self) -> None:
        """Beside a variable e it is not clear what e^x means."""
        if self.exponentials and any(t.type == "NAME" and t == "e" for t in self.out):
            hint = r"write \exp(…) for the exponential, or declare e: scalar"
            raise self._fault(self.exponentials[0], "e stands here for a number and for a variable", hint, "euler")

    # Functions.

    def _function(self, name: str, token: Token) -> None:
        r"""A function with its argument in brackets, or before the factor that follows: \det X."""
        name = self._with_base(name)
        power = self._power_of_function(name)
        argument, bracketed = self._argument_of(name, token)
        if not bracketed:
            self._check_extent(name, token)
        call = [_as("CALLED", place("NAME", name, span_of(token)))]
        call += [
            place("LPAR", "(", self._left_of(argument, token)),
            *argument,
            place("RPAR", ")", self._right_of(argument, token)),
        ]
        self.source.push(call + power)

    def _called(self, token: Token) -> None:
        self.out.append(place("FUNCTION", str(token), span_of(token)))

    def _left_of(self, argument: list[Token], token: Token) -> Span:
        start = span_of(argument[0])[0] if argument else span_of(token)[1]
        return start, start

    def _right_of(self, argument: list[Token], token: Token) -> Span:
        end = span_of(argument[-1])[1] if argument else span_of(token)[1]
        return end, end

    def _with_base(self, name: str) -> str:
        r"""\log\det is logdet, \log_2 is log2, \log\Gamma the logarithm of the gamma function."""
        if name == "log" and self._skip_word("det"):
            return "logdet"
        if name == "log" and self.source.next_are([r"\Gamma"]):
            self.source.pop()
            return "lgamma"
        if not self.source.next_is("UNDERSCORE"):
            return name
        mark = self.source.pop()
        shown = joined(self.source.argument(mark, "subscript"))
        if name == "log" and shown in ("2", "10"):
            return f"log{shown}"
        hint = "write the logarithm as log(x) / log(b)" if name == "log" else "a function has no subscript"
        raise self._fault(mark, f"{name} with the subscript {shown} is not known", hint)

    def _skip_word(self, word: str) -> bool:
        self.source.skip(signs.IGNORED)
        if self.source.next_are([rf"\{word}"]):
            self.source.pop()
            return True
        return False

    def _power_of_function(self, name: str) -> list[Token]:
        r"""\sin^2 x is \sin(x)^2."""
        if not self.source.next_is("CARET"):
            return []
        mark = self.source.pop()
        group = self.source.argument(mark, "superscript")
        shown = _superscript_text(group)
        if shown.startswith("-") and name in _INVERTIBLE:
            hint = rf"write {name}(x)^{{{shown}}}, or the inverse function by its name"
            raise self._fault(mark, rf"{name}^{{{shown}}} may be a power or the inverse function", hint)
        if shown in _TRANSPOSES:
            raise self._fault(mark, f"{name} is a function", rf"write {name}(…)^\top")
        return [mark, *self.source.rebraced(group, mark)]

    def _argument_of(self, name: str, token: Token) -> tuple[list[Token], bool]:
        self.source.skip(signs.IGNORED)
        if not self.source:
            raise self._fault(token, f"{name} has no argument", rf"write {_function_spelling(name)}", "missing-value")
        bracketed = self.source.bracketed()
        if bracketed is not None:
            return bracketed, True
        if self.source.next_are([SUM]):
            total = self.source.pop()
            self.source.skip(signs.IGNORED)
            if self.source.next_is("UNDERSCORE") or self.source.next_is("CARET"):
                return entry_sum(self.source, total, self.context), True
            self.source.push([total])
        if not is_value_start(self.source.peek()):
            following = self.source.peek()
            hint = rf"write {_function_spelling(name)}"
            raise self._fault(following, f"{name} needs an argument before {following}", hint, "missing-value")
        operand = self.source.operand(self._is_function)
        while name in OF_PRODUCTS and self._next_factor_belongs():
            operand += self.source.operand(self._is_function)
        return operand, False

    def _next_factor_belongs(self) -> bool:
        self.source.skip(signs.IGNORED)
        return bool(self.source) and is_value_start(self.source.peek()) and not self._is_function()

    def _is_function(self) -> bool:
        """Whether a function comes next."""
        if not self.source or self.source.peek().type != "COMMAND":
            return False
        command = self.source.peek()
        if command in signs.UPRIGHT:
            word = self.source.peek_argument()
            return self._upright_function(word) is not None and word not in self.context.declared and len(word) > 1
        known = [table for table, _ in _COMMANDS if command in table]
        return not known and self._known_function(str(command)) is not None

    def _check_extent(self, name: str, token: Token) -> None:
        r"""\log x y may be log(x) y or log(x y)."""
        self.source.skip(signs.IGNORED)
        if not self.source:
            return
        following = self.source.peek()
        infix = following.type == "OPERATOR" or following in signs.OPERATORS
        if infix:
            self.source.pop()
            self.source.skip(signs.IGNORED)
            ends = not self.source or self._is_function()
            self.source.push([following])
            if ends:
                return
        elif not is_value_start(following) or self._is_function():
            return
        spelled = _function_spelling(name).removesuffix("(…)")
        hint = rf"write {spelled}(…) with brackets around the whole argument"
        raise self._fault(token, f"it is not clear where the argument of {name} ends", hint, "extent")

    # Environments, sums.

    def _begin(self, token: Token) -> None:
        name = self._text_of(self.source.argument(token, "name")).strip()
        if name in signs.IGNORED_ENVIRONMENTS:
            self.environments.append(name)
            return
        bars = signs.MATRICES.get(name)
        if bars is None:
            hint = "matrices are written in bmatrix, pmatrix, matrix or array"
            raise self._fault(token, f"the environment {name} is not known", hint)
        if name == "array":
            self.source.argument(token, "columns")
        self.environments.append(name)
        if bars:
            self._emit(f"{bars}_OPEN", "|", token)
        self.out.append(place("LSQB", rf"\begin{{{name}}}", span_of(token)))

    def _end(self, token: Token) -> None:
        name = self._text_of(self.source.argument(token, "name")).strip()
        if not self.environments or self.environments[-1] != name:
            raise self._fault(token, rf"\end{{{name}}} has no \begin{{{name}}} before it", None, "unbalanced")
        self.environments.pop()
        bars = signs.MATRICES.get(name)
        if bars is None:
            return
        self._emit("RSQB", rf"\end{{{name}}}", token)
        if bars:
            self._emit(f"{bars}_CLOSE", "|", token)
        self._after_bracket(self.out[-1])

    def _in_matrix(self) -> bool:
        return bool(self.environments) and self.environments[-1] in signs.MATRICES

    def _ampersand(self, token: Token) -> None:
        if self._in_matrix():
            self._emit("COMMA", "&", token)

    def _line_end(self, token: Token) -> None:
        self.source.option()
        if self._in_matrix():
            self._emit("SEMICOLON", r"\\", token)

    def _sum(self, token: Token) -> None:
        self.source.skip(signs.IGNORED)
        if self.source.next_is("UNDERSCORE") or self.source.next_is("CARET"):
            self.source.push(entry_sum(self.source, token, self.context))
        else:
            self._function("sum", token)

    def _skip_argument(self, token: Token) -> None:
        self.source.argument(token, "argument")

    def _mark(self, token: Token) -> None:
        if token == "∞":
            raise self._fault(token, "infinity is a subscript of norms only")
        raise self._fault(token, f"{token} stands alone", f"write X^{token}")

    def _equals(self, token: Token) -> None:
        hint = "an expression has no equals sign; definitions come after where, as in h + 1 where h = A x"
        if re.fullmatch(r"\s*\$*\s*\\?[A-Za-z]+(\{\w+\})?\s*\([^()]*\)\s*:?", self.context.text[: token.start_pos]):
            hint = "type only what stands on the right of it"
        raise self._fault(token, "= was not expected here", hint, "unexpected")

    def _underscore(self, token: Token) -> None:
        hint = "x_1, x_{ij}, (A x)_i and ||x||_1 have one"
        raise self._fault(token, "a subscript belongs to a name, to brackets or to a norm", hint, "unexpected")


_GREEK_OF = {rf"\{name}": name for name in GREEK.values()}
Expand = Callable[[_Expansion, Token], None]


_COMMANDS: list[tuple[Iterable[str], Expand]] = [
    (signs.GREEK_COMMANDS, _Expansion._greek),
    ({r"\ell"}, _Expansion._ell),
    (signs.STYLES, _Expansion._styled),
    (signs.UPRIGHT, _Expansion._upright),
    (signs.ACCENTS, _Expansion._accented),
    (signs.OPERATORS, _Expansion._operator),
    (signs.BRACKETS, _Expansion._bracket_command),
    (signs.DELIMITER_SIZES, _Expansion._sized),
    ({r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"}, _Expansion._fraction),
    ({r"\sqrt"}, _Expansion._root),
    ({r"\begin"}, _Expansion._begin),
    ({r"\end"}, _Expansion._end),
    ({r"\\", r"\newline", r"\cr"}, _Expansion._line_end),
    ({r"\sum"}, _Expansion._sum),
    ({r"\hspace", r"\vspace", r"\label", r"\tag", r"\hspace*", r"\color"}, _Expansion._skip_argument),
]
_EXPAND: dict[str, Expand] = {
    "COMMAND": _Expansion._command,
    "CONTROL": _Expansion._command,
    "WORD": _Expansion._word,
    "NUMBER": _Expansion._number,
    "SCIENTIFIC": _Expansion._scientific,
    "CARET": _Expansion._caret,
    "UNDERSCORE": _Expansion._underscore,
    "LSQB": _Expansion._bracket,
    "LBRACE": _Expansion._brace,
    "AMPERSAND": _Expansion._ampersand,
    "MARK": _Expansion._mark,
    "EQUALS": _Expansion._equals,
    "CALLED": _Expansion._called,
    "INDEX": _Expansion._index,
    "INDEX_END": _Expansion._index_end,
}


def _as(kind: str, token: Token) -> Token:
    return place(kind, str(token), span_of(token))


def _letters(word: Token) -> list[Token]:
    """Each letter of a word as a token."""
    start = span_of(word)[0]
    return [place("WORD", letter, (start + i, start + i + 1)) for i, letter in enumerate(word)]


def _superscript_text(group: list[Token]) -> str:
    r"""The superscript as text, without the command of its type: \mathsf{T} is T."""
    kept = [t for t in group if not (t in signs.UPRIGHT or t in signs.STYLES or t in signs.IGNORED)]
    shown = joined(kept)
    bare = shown.replace("{", "").replace("}", "") if len(kept) < len(group) else shown
    return bare.replace("−", "-")


def _index_text(group: list[Token]) -> str | None:
    r"""ij, k,1 and \alpha as parts of a name, or None."""
    parts: list[str] = []
    for token in group:
        if token.type in ("WORD", "NUMBER") and "." not in token:
            parts.append(canonical_name(str(token)))
        elif token.type == "COMMA":
            parts.append("_")
        elif token in signs.GREEK_COMMANDS:
            parts.append(signs.GREEK_COMMANDS[token])
        elif token in (r"\max", r"\min"):
            parts.append(token[1:])
        elif not (
            token in signs.UPRIGHT
            or token in signs.STYLES
            or token in signs.IGNORED
            or token.type in ("LBRACE", "RBRACE")
        ):
            return None
    text = "".join(parts)
    return text if re.fullmatch(r"[A-Za-z0-9]+(_[A-Za-z0-9]+)*", text) else None


def _separated_letters(group: list[Token]) -> list[Token]:
    """The index ij of brackets is i, j."""
    if len(group) != 1 or group[0].type != "WORD" or len(group[0]) != 2:
        return group
    start = span_of(group[0])[0]
    first, second = (place("WORD", c, (start + i, start + i + 1)) for i, c in enumerate(group[0]))
    return [first, place("COMMA", ",", (start + 1, start + 1)), second]


def _function_spelling(name: str) -> str:
    commands = "exp log sin cos tan sinh cosh tanh det max min".split()
    return rf"\{name}(…)" if name in commands else rf"\operatorname{{{name}}}(…)"
