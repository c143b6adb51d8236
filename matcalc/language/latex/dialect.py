r"""The LaTeX dialect: commands and arguments expanded, as TeX does, into the tokens of the plain dialect.

`\frac{a}{b}` becomes ``((a)/(b))``, `X^{-\top}` a transposed inverse, `\log\det X` a call, `\mathbf{x}_{ij}` one
name. What TeX sets alike and people read in two ways, such as `\log x y` or `x_12`, is an error that says how to
write either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lark import Token

from matcalc.errors import MatcalcError, UnknownNameError
from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.commands.latex_axes import with_options
from matcalc.language.latex.commands.latex_braces import check_sets, has_terms
from matcalc.language.latex.commands.latex_brackets import Brackets
from matcalc.language.latex.commands.latex_capital_sums import is_sign_of_sum
from matcalc.language.latex.commands.latex_densities import with_densities
from matcalc.language.latex.commands.latex_layout import without_layout
from matcalc.language.latex.commands.latex_sums import with_joined_indices
from matcalc.language.latex.latex_expansion import as_type, superscript_text
from matcalc.language.latex.latex_scan import joined, opening, place
from matcalc.language.latex_letters.latex_data import with_known_signs
from matcalc.language.latex_letters.latex_faces import switched, unswitched
from matcalc.language.latex_letters.latex_superscripts import TRANSPOSES
from matcalc.language.mends.hints import did_you_mean
from matcalc.language.surface.arrange import Arranger, Reading
from matcalc.language.surface.bars import ENDS_VALUE, span_of
from matcalc.language.words.names import nearest
from matcalc.notes import Note

__all__ = ["LatexArranger"]


class LatexArranger(Arranger):
    """The postlexer of the LaTeX dialect."""

    always_accept: tuple[str, ...] = tuple(
        "COMMAND CONTROL NO_DELIMITER SCIENTIFIC WORD UNDERSCORE CARET DIGITS_BELOW AMPERSAND MARK EQUALS BAR LSQB RSQB NABLA PARTIAL SUM ROOT".split()
    )

    braces_group: bool = True

    def translated(self, tokens: list[Token], context: Reading) -> list[Token]:
        tokens = with_joined_indices(with_known_signs(without_layout(tokens, context.text), context), context.text)
        found = _Expansion(with_options(with_densities(tokens, context)), context).run()
        check_sets(found, context.text)
        return found


class _Expansion(Brackets):
    """Signs, brackets, fractions and environments, and the tables of all commands."""

    def _expand(self, token: Token) -> None:
        _EXPAND.get(token.type, _Expansion._plain)(self, token)

    def _has_meaning(self, command: str) -> bool:
        return any(command in table for table, _ in _COMMANDS)

    def _plain(self, token: Token) -> None:
        if token.type == "RANGLE":
            self._skip_frobenius()
        elif token.type == "LANGLE":
            if self.source.divide_inner_product():
                self._note_real_bra(token)
        self._emit(token.type, token, token)
        if token.type in ("RPAR", "RSQB", "RBRACE", "BAR", "NORM_CLOSE", "ABS_CLOSE"):
            self._after_bracket(token)

    def _note_real_bra(self, token: Token) -> None:
        r"""\langle\psi|H|\psi\rangle is that of real vectors, once for all that follow."""
        message = "a bra is read as the transpose of its ket: all arrays are real"
        if all(note.message != message for note in self.context.notes):
            self.context.notes.append(Note(message, "", "real", self.context.text, span_of(token)))

    def _scientific(self, token: Token) -> None:
        digits, exponent = re.split("[eE]", token, maxsplit=1)
        hint = rf"write {digits} \cdot 10^{{{exponent}}} for the number, or {digits} e {exponent} with spaces"
        raise self._fault(token, f"{token} may be a number or a product with e", hint)

    def _after_bracket(self, token: Token) -> None:
        """A subscript of brackets is an index, of bars a norm's; it may follow a superscript."""
        self._pull_subscript_forward()
        if not self.source.next_is("UNDERSCORE"):
            return
        mark = self.source.pop()
        group = self.source.argument(mark, "subscript")
        if token.type in ("BAR", "NORM_CLOSE", "ABS_CLOSE"):
            self.out.append(place("NORM_SUBSCRIPT", f"_{self._text_of(group)}", self._since(mark)))
            return
        if joined(group) in ("+", "-", "−"):
            self._positive_part(mark, joined(group))
            return
        start, end = span_of(token)[1], self.source.end
        indices = _separated_letters(group)
        opener, closer = place("LSQB", "[", (start, end)), place("RSQB", "]", (start, end))
        self.source.push([as_type("INDEX", opener), *indices, as_type("INDEX_END", closer)])

    def _positive_part(self, mark: Token, sign: str) -> None:
        """(x)_+ is max(x, 0); the negative part is so or with the other sign."""
        if sign != "+":
            raise self._fault(mark, "the negative part has one sign or the other", r"write \max(0, -x) or \min(0, x)")
        opener = opening(self.out)
        if opener and self.out[opener - 1].type == "FUNCTION":
            raise self._fault(
                mark, "a subscript belongs to a name, to brackets or to a norm", "put brackets around the call"
            )
        closer = self.out.pop()
        self.out.insert(opener, place("FUNCTION", "max", span_of(self.out[opener])))
        for kind, value in (("COMMA", ","), ("NUMBER", "0"), ("RPAR", ")")):
            self._emit(kind, value, closer)
        self._after_bracket(self.out[-1])

    def _index(self, token: Token) -> None:
        self._emit("LSQB", "[", token)

    def _index_end(self, token: Token) -> None:
        self._emit("RSQB", "]", token)
        self._after_bracket(self.out[-1])

    def _number(self, token: Token) -> None:
        if self.source.next_is("UNDERSCORE") and token in ("0", "1"):
            self._constant_array(str(token), token)
            return
        if self.source.next_is("UNDERSCORE"):
            raise self._fault(self.source.pop(), f"the number {token} has a subscript", "only names have subscripts")
        self._plain(token)

    def _command(self, token: Token) -> None:
        name = str(token)
        if name in signs.IGNORED:
            return
        for table, expand in _COMMANDS:
            if name in table:
                expand(self, token)
                return
        function = self._known_function(name)
        if function is not None:
            self._function(function, token)
        elif name in signs.TRANSPOSITIONS and self.out and self.out[-1].type in ENDS_VALUE:
            self._emit("TRANSPOSE", "^T", token)
        elif (letter := signs.LETTER_MACRO.fullmatch(name)) is not None and name not in signs.HINTS:
            self._macro(letter.group(1) or letter.group(2), token)
        elif self.short_macros and re.fullmatch(r"\\[A-Za-z01]", name):
            self._short_macro(name[1:], token)
        else:
            raise self._unknown(token)

    def _macro(self, letter: str, token: Token) -> None:
        r"""\vx, \mA and \bSigma, as many papers define them."""
        if not any(note.code == "macro" for note in self.context.notes):
            message = f"{token} is read as {letter} in bold, and so are macros like it"
            hint = "write the letter itself if the macro is something else"
            self.context.notes.append(Note(message, hint, "macro", self.context.text, span_of(token)))
        self._symbol(letter, token, "bold")

    def _short_macro(self, letter: str, token: Token) -> None:
        r"""\w and \1, where one of them stands behind what cannot be divided."""
        if letter in "01":
            self._constant_array(letter, token)
        else:
            self._macro(letter, token)

    def _unknown(self, token: Token) -> MatcalcError:
        hint: str | None = signs.HINTS.get(str(token))
        if token == "\\ ":
            hint = r"it is a space in LaTeX and a left division in plain text: write \, or A^{-1} b"
        if hint is None and len(token) == 2:
            hint = f"a left division has spaces: A \\ {token[1]}"
        if hint is None:
            known = [*(n for table, _ in _COMMANDS for n in table), *(f"\\{n}" for n in self.context.function_names())]
            alike = [name for name in known if name[:2] == token[:2]]
            close = nearest(str(token), alike) if len(token) > _SHORTEST_MISTYPED else None
            found = did_you_mean(span_of(token), close) if close else None
            hint = found or r"a function of your own is \operatorname{name}(…)"
        return UnknownNameError(
            f"the command {token} is not known here",
            code="unknown-command",
            text=self.context.text,
            span=span_of(token),
            hint=hint,
        )

    def _operator(self, token: Token) -> None:
        self._emit("OPERATOR", signs.OPERATORS[token], token)

    def _bullet(self, token: Token) -> None:
        r"""C \bullet X, as texts on semidefinite programs have it, is \langle C, X \rangle."""
        end = len(self.out)
        while end and self.out[end - 1].type == "TRANSPOSE":
            end -= 1
        closed = bool(end) and self.out[end - 1].type in ("RPAR", "RSQB")
        start = opening(self.out[:end]) if closed else end - 1
        if not end or not (closed or self.out[start].type == "NAME") or not self.source:
            raise self._unknown(token)
        self.out.insert(start, place("LANGLE", "<", (span_of(self.out[start])[0],) * 2))
        self._emit("COMMA", ",", token)
        operand = self.source.operand(self._is_function)
        self.source.push([*operand, place("RANGLE", ">", (self.source.end,) * 2)])

    def _bracket_command(self, token: Token) -> None:
        kind, sign = signs.BRACKETS[token]
        plain = place(kind, sign, span_of(token))
        (self._bracket if kind == "LSQB" else self._plain)(plain)

    def _skip_frobenius(self) -> None:
        """An inner product may say that it is Frobenius's."""
        if not self.source.next_is("UNDERSCORE"):
            return
        mark = self.source.pop()
        group = self.source.argument(mark, "subscript")
        if superscript_text(group) != "F":
            self.source.push([mark, *self.source.rebraced(group, mark)])

    def _sized(self, token: Token) -> None:
        """\\left and the like: they tell the side of a bar."""
        side = signs.DELIMITER_SIZES[token]
        if not self.source:
            raise self._fault(token, f"{token} has no bracket after it")
        bracket = self.source.pop()
        if bracket in (r"\{", r"\lbrace") and self.source.next_are([r"\begin"]):
            self._braced_rows(token)
            return
        kind, sign = signs.BRACKETS.get(bracket, (bracket.type, str(bracket)))
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

    def _derivative_sign(self, token: Token) -> None:
        r"""\nabla and \partial, with the numbers of arguments below."""
        self._emit("NABLA" if token == r"\nabla" else "PARTIAL", token, token)
        self._pull_subscript_forward()
        if self.source.next_is("UNDERSCORE"):
            mark = self.source.pop()
            shown = joined(self.source.argument(mark, "subscript"))
            self.out.append(place("NORM_SUBSCRIPT", f"_{{{shown}}}", self._since(mark)))

    def _brace(self, token: Token) -> None:
        r"""{\bf A x} is \mathbf{A x}, and {} stands for nothing."""
        if self.source.next_is("RBRACE") and (self._transposes_next(token) or self.out):
            self.source.pop()
            return
        name = self.source.function_in_braces(self._is_function) or self.source.symbol_in_braces()
        name = name or self.source.norm_in_braces(token)
        if name is not None:
            self.source.push(unswitched(name))
            return
        restyled = switched(self.source)
        if restyled is None:
            self._check_braces(token)
            self._plain(token)
        elif self.out and self.out[-1] == "/" and not has_terms(restyled):
            self.source.push(
                [as_type("LPAR", token), *restyled, place("RPAR", "}", (self.source.end - 1, self.source.end))]
            )
        else:
            self.source.push(restyled)

    def _transposes_next(self, opener: Token) -> bool:
        r"""Whether {}^t stands before what it transposes, as in {}^t X A X; then it stands behind that."""
        behind_value = bool(self.out) and self.out[-1].type in ENDS_VALUE
        if behind_value and self.out[-1].end_pos == opener.start_pos:
            return False
        before = list(self.source.tokens)
        closer = self.source.pop()
        if self.source.next_is("CARET"):
            mark = self.source.pop()
            if superscript_text(self.source.argument(mark, "superscript")) in TRANSPOSES | {"t"}:
                operand = self.source.operand(self._is_function)
                self.source.push([closer, *operand, mark, place("COMMAND", r"\top", span_of(mark))])
                return True
        self.source.tokens = before
        return False

    def _no_delimiter(self, token: Token) -> None:
        if token.startswith(r"\left"):
            hint = rf"type only what stands between {token} and its \right"
            raise self._fault(token, "an evaluation at a point is not read", hint)
        raise self._fault(token, f"{token} is not supported", "delete it")

    def _relation(self, token: Token) -> None:
        self._emit("RELATION", signs.RELATIONS[token], token)

    def _connective(self, token: Token) -> None:
        self._emit(signs.CONNECTIVES[token], str(token), token)

    def _sum(self, token: Token) -> None:
        self.source.push(self._total(token))

    def _capital_sigma(self, token: Token) -> None:
        (self._sum if is_sign_of_sum(token, self.source, self.out, self.context) else self._greek)(token)

    def _mark(self, token: Token) -> None:
        if token == "∞":
            raise self._fault(token, "infinity is a subscript of norms only")
        if self.out and self.out[-1].type in ENDS_VALUE:
            self._emit("TRANSPOSE", "^T", token)
            return
        raise self._fault(token, f"{token} stands alone", f"write X^{token}")

    def _equals(self, token: Token) -> None:
        before, after = self.context.text[: token.start_pos], self.context.text[token.end_pos :]
        if re.search(r"\[\s*[a-z]\s*$", before) and re.match(r"\s*[a-z]\s*(?:\\right\s*)?\]", after):  # [i = j]
            self._emit("RELATION", "==", token)
            return
        hint = "an expression has no equals sign; definitions come after where, as in h + 1 where h = A x"
        if re.fullmatch(
            r"\s*\$*\s*(?:\\begin\{\w+\*?\})?\s*\\?[A-Za-z]+(\{\w+\})?\s*\([^()]*\)\s*&?\s*:?",
            self.context.text[: token.start_pos],
        ):
            hint = "type only what stands on the right of it"
        raise self._fault(token, "= was not expected here", hint, "unexpected")

    def _underscore(self, token: Token) -> None:
        hint = "x_1, x_{ij}, (A x)_i and ||x||_1 have one"
        raise self._fault(token, "a subscript belongs to a name, to brackets or to a norm", hint, "unexpected")


def _separated_letters(group: list[Token]) -> list[Token]:
    """The index ij of brackets is i, j."""
    if len(group) != 1 or group[0].type != "WORD" or len(group[0]) != 2:
        return group
    start = span_of(group[0])[0]
    first, second = (place("WORD", c, (start + i, start + i + 1)) for i, c in enumerate(group[0]))
    return [first, place("COMMA", ",", (start + 1, start + 1)), second]


#: Of shorter commands near letters tell nothing: \\dv is no \\div.
_SHORTEST_MISTYPED = len(r"\dv")

Expand = Callable[[_Expansion, Token], None]

_COMMANDS: list[tuple[Iterable[str], Expand]] = [
    ({r"\Sigma"}, _Expansion._capital_sigma),
    (signs.GREEK_COMMANDS, _Expansion._greek),
    ({r"\ell"}, _Expansion._ell),
    ({r"\hbar"}, _Expansion._hbar),
    ({r"\binom", r"\tbinom", r"\dbinom"}, _Expansion._binomial),
    ({r"\nabla", r"\partial"}, _Expansion._derivative_sign),
    (signs.STYLES, _Expansion._styled),
    (signs.UPRIGHT, _Expansion._upright),
    (signs.ACCENTS, _Expansion._accented),
    (signs.OPERATORS, _Expansion._operator),
    ({r"\bullet"}, _Expansion._bullet),
    (signs.BRACKETS, _Expansion._bracket_command),
    (signs.RELATIONS, _Expansion._relation),
    (signs.CONNECTIVES, _Expansion._connective),
    (signs.DELIMITER_SIZES, _Expansion._sized),
    (signs.FRACTIONS, _Expansion._fraction),
    ({r"\sqrt"}, _Expansion._root),
    ({r"\begin"}, _Expansion._begin),
    ({r"\end"}, _Expansion._end),
    ({r"\\", r"\newline", r"\cr"}, _Expansion._line_end),
    ({r"\sum"}, _Expansion._sum),
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
    "NO_DELIMITER": _Expansion._no_delimiter,
    "MARK": _Expansion._mark,
    "SUM": _Expansion._sum,
    "EQUALS": _Expansion._equals,
    "CALLED": _Expansion._called,
    "INDEX": _Expansion._index,
    "INDEX_END": _Expansion._index_end,
}
