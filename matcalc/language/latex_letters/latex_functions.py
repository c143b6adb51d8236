r"""Functions in LaTeX: their argument in brackets or as the factor that follows, their powers, and words set upright."""

from __future__ import annotations

import re

from lark import Token

from matcalc.errors import MatcalcError, Span, UnknownNameError
from matcalc.functions import row_of
from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.commands.latex_braces import has_terms
from matcalc.language.latex.commands.latex_sums import OVER_INDICES, entry_sum, kept_function, sum_without_limits
from matcalc.language.latex.latex_expansion import as_type, function_spelling, letters_of, superscript_text
from matcalc.language.latex.latex_scan import is_value_start, joined, place
from matcalc.language.latex_letters.latex_names import Names
from matcalc.language.latex_letters.latex_superscripts import TRANSPOSES
from matcalc.language.meaning.index_sums import SUM
from matcalc.language.mends.hints import did_you_mean, write
from matcalc.language.surface.arrange import span_of
from matcalc.language.words.elsewhere import ELSEWHERE
from matcalc.language.words.names import ALSO_FUNCTION_LETTERS, FUNCTION_LETTERS, canonical_name, nearest
from matcalc.language.words.written_out import written_out
from matcalc.patterns import pattern

__all__ = ["Functions"]

#: Functions whose argument without brackets is the whole product that follows.
OF_PRODUCTS = frozenset({"tr", "sum"})
#: What is read as one function of its bracket: \log\det, \log\Gamma.
_COMPOSED = frozenset({("log", "logdet"), ("log", "lgamma")})


_CLOSING = pattern(r"\s*(?:\\m?right|\\[bB]igg?r?)?\s*(?:\)|\]|\}|\\\}|\\rbrace|\\rbrack|\\rparen)")
#: Bases of logarithms.
_BASES = {"2": "log2", "10": "log10", "e": "log", r"\mathrm{e}": "log"}


def _may_be_product(word: str, start: int) -> bool:
    """Of a word's end only names in small letters, or with one capital before them, are functions."""
    return start > 0 and not (word.islower() or word[1:].islower())


def _begins_unit(operand: list[Token]) -> bool:
    r"""2\pi, and x^\top, behind which the rest of the product is missing"""
    if operand[0].type == "NUMBER" and len(operand) == 1:
        return True
    raised = operand[-2:-1] if operand[-1].type == "RBRACE" else operand[-1:]
    return len(operand) > 1 and superscript_text(raised) in TRANSPOSES


def _is_inner_product(inside: list[Token]) -> bool:
    r"""x_i^T \beta or x_i'\beta alone: a number, for which a factor would need no bracket."""
    return (
        re.fullmatch(r"\\?[A-Za-z]+(?:_\w)?(?:'|\^\{?\\?(?:T|top|prime|intercal)\}?)\\?[A-Za-z]+", joined(list(inside)))
        is not None
    )


def _is_name_or_list(inside: list[Token]) -> bool:
    """Whether a factor would need no such bracket."""
    shown = joined(inside)
    return "," in shown or ";" in shown or re.fullmatch(r"\\?[A-Za-z]+(_(\w|\{\w+\}))?", shown) is not None


class Functions(Names):
    """Functions and words."""

    def _word(self, token: Token) -> None:
        """Adjacent letters multiply, unless they are one declared name or a function before a bracket."""
        if token == "d" and self._increment(token):
            return
        if token in ("sum", "Sum", "prod") and self.source.next_is("UNDERSCORE") and token not in self.context.declared:
            self.source.push([place("COMMAND", rf"\{token.lower()}", span_of(token))])
            return
        if len(token) == 1 or self._is_declared_run(token):
            self._symbol(str(token), token)
            return
        if len(token) == 2 and token[0] == "d" and "d" in self.increments:
            self.source.push(letters_of(token))
            return
        if self._is_trace(token):
            start, end = span_of(token)
            self.source.push([place("WORD", token[2:], (start + 2, end))] if token[2:] else [])
            self._function("tr", place("WORD", token[:2], (start, start + 2)))
            return
        split = self._called_word(token) if self.source.next_is_call() else None
        if split is not None:
            self._letters_before(token, *split)
            return
        if re.fullmatch("tr[A-Z]+", token) and not re.search(r"(?<![A-Za-z\\])[tr](?![A-Za-z])", self.context.text):
            letters = letters_of(token)
            self.source.push([place("WORD", token[2:], (span_of(letters[2])[0], span_of(token)[1]))])
            self._function("tr", place("WORD", "tr", (span_of(token)[0], span_of(letters[1])[1])))
            return
        self._check_word(token)
        *first, last = letters_of(token)
        self.source.push([last])
        for letter in first:
            self._name(canonical_name(letter), letter, "plain")

    def _is_trace(self, token: Token) -> bool:
        """trAB and tr AB: nobody multiplies t and r by matrices."""
        return re.fullmatch("[tT]r[A-Z]*", token) is not None and not {"t", "T", "r"} & self.context.declared

    def _called_word(self, token: Token) -> tuple[int, str] | None:
        """Where a function's name begins in a word before a bracket: ReLU(z), y log(p) without its space; None if nowhere."""
        for start in range(len(token) - 1):
            word = str(token[start:])
            found = self._upright_function(word)
            if found is not None and word not in self.context.declared and not _may_be_product(word, start):
                return start, found
        return None

    def _letters_before(self, token: Token, start: int, function: str) -> None:
        """The letters before the function's name multiply; what is all in capitals may be a product, too."""
        word, letters = token[start:], letters_of(token)
        if word.isupper():
            hint = rf"write {function_spelling(function)} for the function, {' '.join(word)} (…) for the product"
            raise self._fault(
                token, f"{word} before a bracket may be a function or a product", hint, "function-or-factor"
            )
        place_of_function = place("WORD", word, (span_of(letters[start])[0], span_of(token)[1]))
        for letter in letters[:start]:
            self._name(canonical_name(letter), letter, "plain")
        self._function(function, place_of_function)

    def _upright(self, token: Token) -> None:
        """One word: a function, the d of a differential, the number e, a name."""
        group = self._upright_argument(token)
        if len(group) == 1 and group[0] in signs.GREEK_COMMANDS:
            self._symbol(signs.GREEK_COMMANDS[group[0]], token)
            return
        word = self._text_of(group).replace(r"\_", "_").strip()
        if word in ("0", "1"):
            self._constant_array(word, token)
            return
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
        elif len(word) > 1 and self.source.next_is_open_bracket() and not self._may_be_open(word):
            raise self._unknown_function(word, token)
        else:
            self._symbol(word, token, "upright")

    def _upright_argument(self, token: Token) -> list[Token]:
        r"""What is set upright: of \mathop{\rm tr} and of \rm tr the whole word."""
        if token in signs.SWITCHES and (self.source.next_is("WORD") or self.source.next_is("NUMBER")):
            return [self.source.pop()]
        group = self.source.argument(token, "argument")
        return group[1:] if len(group) > 1 and group[0] in signs.SWITCHES else group

    def _upright_function(self, word: str) -> str | None:
        for name in (word, ELSEWHERE.get(word, ""), word.lower()):
            if name.isidentifier() and (found := self.context.functions(name)) is not None:
                return found
        return None

    def _may_be_open(self, word: str) -> bool:
        """Whether a word may be a function that nobody defined: no other one is meant."""
        return word not in ELSEWHERE and nearest(word, self.context.function_names()) is None

    def _unknown_function(self, word: str, token: Token) -> MatcalcError:
        close = nearest(word, self.context.function_names())
        start, end = span_of(token)
        whole = re.compile(r"\\\w+\s*\{[^{}]*\}").match(self.context.text, start)
        place = start, end if whole is None else whole.end()
        hint = written_out(word, place, self.context.text) or (
            did_you_mean(place, function_spelling(close).removesuffix("(…)"))
            if close
            else rf"declare {word}, or put \cdot after it if it is a factor"
        )
        return UnknownNameError(
            f"unknown function {word}", code="unknown-function", text=self.context.text, span=span_of(token), hint=hint
        )

    def _known_function(self, command: str) -> str | None:
        return signs.FUNCTIONS.get(command) or (
            self.context.functions(command[1:]) if len(command) > 2 and command[1:].isalpha() else None
        )

    def _function(self, name: str, token: Token, outer: tuple[str, ...] = ()) -> None:
        r"""A function with its argument in brackets, or before the factor that follows: \det X; ``outer`` ones are taken of it."""
        if name in (*OVER_INDICES, "mean") and self.context.members.binders and self.source.next_is("UNDERSCORE"):
            self.source.push(kept_function(self.source, token, self.context, name))
            return
        given, name = name, self._with_base(name)
        power = self._power_of_function(name)
        argument, bracketed = self._argument_of(name, token)
        if not bracketed or (given, name) in _COMPOSED:
            self._check_power(argument, token)
        if not bracketed:
            self._check_extent(name, token)
        elif name == "tr":
            self._check_root(token)
        left = place("LPAR", "(", self._left_of(argument, token))
        right = place("RPAR", ")", self._right_of(argument, token, bracketed=bracketed))
        names = [as_type("CALLED", place("NAME", n, span_of(token))) for n in (*outer, name)]
        call = [t for n in names for t in (n, left)] + [*argument] + [right] * len(names)
        self.source.push(call + power)

    def _check_power(self, argument: list[Token], token: Token) -> None:
        r"""\log f(x)^2 may be the logarithm of a square, or the square of a logarithm."""
        if not (self.source.next_is("CARET") and argument):
            return
        mark = self.source.pop()
        group = self.source.argument(mark, "superscript")
        is_transpose = joined(group).replace(" ", "") in (r"\top", "T", r"\intercal")
        if not group or is_transpose:  # of the entries, both are the same
            self.source.push([mark, *self.source.rebraced(group, mark)])
            return
        raised, end = self._since(mark)
        start, name_end = span_of(token)
        inside = self.context.text[name_end:raised].strip()
        power = self.context.text[raised:end]
        hint = write((start, end), rf"{token}({inside}{power})", rf"({self.context.text[start:raised]}){power}")
        raise self._fault(token, f"it is not clear whether {inside} or {token} of it has the exponent", hint, "extent")

    def _check_root(self, token: Token) -> None:
        r"""\operatorname{tr}(A)^{1/2} may be the root of a trace, or the trace of a root."""
        if not self.source.next_is("CARET"):
            return
        mark = self.source.pop()
        group = self.source.argument(mark, "superscript")
        if re.sub(r"\\[dt]?frac|[{}/-]", "", joined(group)) == "12":
            hint = r"write \sqrt{\operatorname{tr}(A)} or \operatorname{tr}(A^{1/2})"
            raise self._fault(token, "it is not clear whether the trace or the matrix has the exponent", hint, "extent")
        self.source.push([mark, *self.source.rebraced(group, mark)])

    def _called(self, token: Token) -> None:
        self.out.append(place("FUNCTION", str(token), span_of(token)))

    def _left_of(self, argument: list[Token], token: Token) -> Span:
        start = span_of(argument[0])[0] if argument else span_of(token)[1]
        return start, start

    def _right_of(self, argument: list[Token], token: Token, *, bracketed: bool) -> Span:
        """Behind the bracket that closes an argument, else where the argument ends."""
        if not argument:
            return (span_of(token)[1],) * 2
        text, (start, end) = self.context.text, (span_of(argument[0])[0], span_of(argument[-1])[1])
        opened = bracketed and text[:start].rstrip().endswith(("(", "[", "{", r"\lbrace", r"\lbrack", r"\lparen"))
        closed = _CLOSING.match(text, end) if opened else None
        return (closed.end(),) * 2 if closed is not None else (end, end)

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
        if name == "log" and shown in _BASES:
            return _BASES[shown]
        hint = "write the logarithm as log(x) / log(b)" if name == "log" else "a function has no subscript"
        message = f"{name} with the subscript {shown} is not known"
        raise self._fault(mark, message, hint, "sum-sign" if name in OVER_INDICES else "latex")

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
        shown = superscript_text(group)
        if shown.startswith("-") and row_of(name).inverse not in ("", "none"):
            hint = rf"write {name}(x)^{{{shown}}}, or the inverse function by its name"
            raise self._fault(mark, rf"{name}^{{{shown}}} may be a power or the inverse function", hint)
        if shown in TRANSPOSES:
            raise self._fault(mark, f"{name} is a function", rf"write {name}(…)^\top")
        return [mark, *self.source.rebraced(group, mark)]

    def _argument_of(self, name: str, token: Token) -> tuple[list[Token], bool]:
        self.source.skip(signs.IGNORED)
        if not self.source:
            raise self._fault(token, f"{name} has no argument", rf"write {function_spelling(name)}", "missing-value")
        bracketed = self.source.bracketed()
        if bracketed is not None:
            if bracketed and bracketed[0] in signs.SWITCHES:  # \det{\bf A + B}
                self._check_terms(bracketed, name, token)
            return bracketed, True
        if self.source.next_are([SUM]):
            return self._total(self.source.pop()), True
        following = self.source.peek()
        if following == r"\prod" and self.context.members.binders:  # \log \prod_i
            return kept_function(self.source, self.source.pop(), self.context, "prod"), True
        if not is_value_start(following):
            hint = rf"write {function_spelling(name)}"
            raise self._fault(following, f"{name} needs an argument before {following}", hint, "missing-value")
        operand = self.source.operand(self._is_function)
        if operand[0] in signs.FRACTIONS and self.source.next_are([SUM]):
            return operand + self._total(self.source.pop()), True
        operand += self._arguments_of(operand)
        self._check_number(name, operand, token)
        if operand and operand[0] in signs.STYLES:  # \log\mathbf{A + B}
            self._check_terms(type(self.source)(operand[1:], "").argument(token, "argument"), name, token)
        is_unit = name in OF_PRODUCTS or _begins_unit(operand)
        while is_unit and self._value_follows() and not self._is_function():
            operand += self.source.operand(self._is_function)
        return operand, False

    def _total(self, token: Token) -> list[Token]:
        r"""The call that \sum stands for, with its body, which may tell the index that was left out."""
        self.source.skip(signs.IGNORED)
        if self.source.next_is("UNDERSCORE") or self.source.next_is("CARET"):
            return entry_sum(self.source, token, self.context)
        call, indices = sum_without_limits(self.source, token, self.context)
        self.bound |= indices
        return call

    def _arguments_of(self, operand: list[Token]) -> list[Token]:
        r"""The bracket behind the name of a function that nobody defined: \log\Phi(x), \log p(y)."""
        name = canonical_name(joined(operand)) if operand else ""
        letter = signs.GREEK_COMMANDS.get(operand[0], str(operand[0]).removeprefix("\\")) if operand else ""
        if not letter.isalpha() or not self.source.next_is_open_bracket():
            return []
        opener = self.source.peek()
        inside = self.source.bracketed() or []
        end = span_of(inside[-1] if inside else opener)[1]
        closed = end + (self.context.text[end : end + 1] == ")")
        call = [place("LPAR", "(", span_of(opener)), *inside, place("RPAR", ")", (end, closed))]
        declared = {name, letter} & (self.context.declared - self.context.open_functions)
        called = letter in FUNCTION_LETTERS or _is_name_or_list(inside) or self._is_logistic(letter)
        called = called or (letter in ALSO_FUNCTION_LETTERS and _is_inner_product(inside))
        if not declared and called:
            return call
        self.source.push(call)
        return []

    def _is_logistic(self, letter: str) -> bool:
        r"""Whether \sigma is the logistic function of \log\sigma(w^\top x): wherever it stands, a bracket follows."""
        return letter == "sigma" and re.search(r"\\sigma(?!['\s]*(?:\\left\s*)?\()", self.context.text) is None

    def _check_number(self, name: str, operand: list[Token], token: Token) -> None:
        r"""\log 1 + e^x is hardly log(1) + e^x."""
        self.source.skip(signs.IGNORED)
        if joined(operand) in ("0", "1") and self.source.next_is("SIGN"):
            hint = rf"write {function_spelling(name)} with brackets around the whole argument"
            raise self._fault(token, f"it is not clear where the argument of {name} ends", hint, "extent")

    def _is_function(self) -> bool:
        """Whether a function comes next."""
        if not self.source or self.source.peek().type != "COMMAND":
            return False
        command = self.source.peek()
        if command in signs.UPRIGHT:
            word = self.source.peek_argument()
            return self._upright_function(word) is not None and word not in self.context.declared and len(word) > 1
        return not self._has_meaning(command) and self._known_function(str(command)) is not None

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
        elif not self._value_follows() or self._is_function():
            return
        raise self._without_end(name, token)

    def _check_terms(self, group: list[Token], name: str, token: Token) -> None:
        """What is in bold and the like is no bracket."""
        if has_terms(group):
            raise self._without_end(name, token)

    def _without_end(self, name: str, token: Token) -> MatcalcError:
        spelled = function_spelling(name).removesuffix("(…)")
        hint = rf"write {spelled}(…) with brackets around the whole argument"
        return self._fault(token, f"it is not clear where the argument of {name} ends", hint, "extent")
