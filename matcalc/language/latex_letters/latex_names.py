r"""Names in LaTeX: letters with their subscripts, accents and type, and the constants that look like names."""

from __future__ import annotations

import re

from lark import Token

from matcalc.errors import MatcalcError, Span
from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.commands.latex_braces import are_meant_to_group, has_terms
from matcalc.language.latex.commands.latex_cases import holds_relation
from matcalc.language.latex.latex_expansion import function_spelling, index_text, letters_of, superscript_text
from matcalc.language.latex.latex_places import with_index
from matcalc.language.latex.latex_scan import joined, place
from matcalc.language.latex_letters.latex_faces import distributed
from matcalc.language.latex_letters.latex_marks import Mark, mark_of
from matcalc.language.latex_letters.latex_superscripts import Superscripts
from matcalc.language.surface.arrange import span_of
from matcalc.language.words.elsewhere import ELSEWHERE
from matcalc.language.words.names import GREEK, RAISED, canonical_name, is_greek, numbers_identities, slopes_of_image
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = ["Names"]

#: Greek letters with subscripts before a bracket, and the functions that they stand for.
_EXTREMES = {
    "lambda max": ("eigmax",),
    "lambda min": ("eigmin",),
    "sigma max": ("norm_spec",),
    "sigma min": ("min", "svdvals"),
}
#: Upright letters with subscripts, and the constants that they stand for.
_UPRIGHT_CONSTANTS = {"K": ("commutation", 2), "D": ("duplication", 1), "L": ("elimination", 1), "e": ("e", 1)}
#: Letters of open face that are no matrices before a subscript or a bracket.
_OF_CHANCE = {"E": "expectations", "P": "probabilities", "V": "variances"}
#: Functions that are looked for in words.
_FUNCTIONS_IN_WORDS = pattern("log|exp|sin|cos|tan|det|max|min", re.IGNORECASE)
_GREEK_OF = {rf"\{name}": name for name in GREEK.values()}


class Names(Superscripts):
    """Letters and what belongs to them."""

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
            if self._constant_with_size(base, style, token, mark) or self._extreme_value(base, mark):
                return
            index = self._name_index(mark)
        if index:
            token = place(token.type, str(token), with_index(self.context.text, span_of(token)))
        name, span = self._marked(canonical_name(base), index, token)
        self._name(name, place(token.type, str(token), span), style)

    def _marked(self, base: str, index: str, token: Token) -> tuple[str, Span]:
        r"""The name with what is raised behind it: W^{(l)} is W__l; in a sum over i, x^{(i)} is x_i."""
        mark = self._next_mark(base)
        name = self._declared(base, index)[0]
        if mark is None:
            return name, span_of(token)
        if mark.words in self.bound:
            glue = "" if len(index) == 1 else "_"
            return f"{base}_{index}{glue}{mark.words}" if index else f"{base}_{mark.words}", self._since(token)
        return f"{name}{RAISED}{mark.words}", self._since(token)

    def _next_mark(self, base: str) -> Mark | None:
        if not self.source.next_is("CARET") or base in self.context.dimensions:
            return None
        caret = self.source.pop()
        group = self.source.argument(caret, "superscript")
        mark = mark_of(group, base[0].isupper() and not self.has_bare_minus)
        if mark is None or (mark.adjoint and self._may_be_adjoint(base)):
            self.source.push([caret, *self.source.rebraced(group, caret)])
            return None
        if mark.rest:
            self.source.push([caret, *self.source.braced(mark.rest, caret)])
        return mark

    def _may_be_adjoint(self, base: str) -> bool:
        r"""A^*, and x^* before a factor; \lambda^* is a number, and x - x^* has an optimum."""
        return base[0].isupper() or (self._value_follows() and not is_greek(base))

    def _name(self, name: str, token: Token, style: str) -> None:
        before = [str(t) for t in self.out[-2:]]
        raised = name == "H" and (before[-1:] == ["^"] or before == ["^", "{"])
        known = (style, token) if raised else self.spelled.setdefault(name, (style, token))
        if {known[0], style} == {"plain", "bold"} and is_greek(name.partition("_")[0]) and name[0].isupper():
            self._in_two_types(name, token, style)
        elif known[0] != style:
            raise self._fault(
                token, f"{name} stands here in another type than before", "give the two different letters", "two-types"
            )
        self.out.append(place("NAME", name, span_of(token)))

    def _in_two_types(self, name: str, token: Token, style: str) -> None:
        r"""`\mathbf\Sigma` beside `\Sigma` is the same matrix, with a note."""
        self.spelled[name] = ("bold", token)
        message = f"{name} is one matrix in both types"
        if all(note.message != message for note in self.context.notes):
            hint = "give two matrices different letters"
            self.context.notes.append(Note(message, hint, "two-types", self.context.text, span_of(token)))

    def _declared(self, base: str, index: str) -> tuple[str, bool]:
        """The declared name of this letter and subscript: x_1, else x1; and whether there is one."""
        name = f"{base}_{index}" if index else base
        if name in self.context.declared:
            return name, True
        glued = base + index.replace("_", "", 1) if index[:1].isdigit() else name
        first, _, rest = index.partition("_")
        glued = f"{base}{first}" + (f"_{rest}" if rest else "")
        return (glued, True) if first.isdigit() and glued in self.context.declared else (name, False)

    def _pull_subscript_forward(self) -> None:
        """x^2_1 is x_1^2."""
        raised = self.source.superscript_before_subscript()
        if raised is not None:
            superscript, subscript = raised
            self.source.push([*subscript, *superscript])

    def _constant_with_size(self, base: str, style: str, token: Token, mark: Token) -> bool:
        r"""I_{n}, \mathrm{K}_{m, n}, \mathrm{e}_{i}, \mathrm{e}_{i, n}: with sizes as their subscript."""
        group = self.source.argument(mark, "subscript")
        group = _one_of_two(group) if base == "I" else group
        count = sum(t.type == "COMMA" for t in self.source.top_level(group)) + 1
        is_numbered = joined(group).isdigit() and numbers_identities(self.context.text)
        is_function = joined(group).isdigit() and (joined(group) == "0" or self.source.next_is_open_bracket())  # I_0(x)
        is_name = is_numbered or is_function or joined(group) in slopes_of_image(self.context.text)
        if base == "I" and "I" not in self.context.declared and count == 1 and self._is_size(group) and not is_name:
            self._call("eye", mark, group)
            return True
        if base == "I" and count == 1 and self._is_open_size(group) and not is_name:
            if self._stands_there_alone(index_text(group) or ""):
                self._call("eye", mark, group)
                return True
            end = span_of(group[-1])[1]
            braced = "{" in self.context.text[span_of(mark)[1] : end]
            self.out.append(place("NAME", "I", (span_of(token)[0], end + braced)))
            return True
        name, wanted = _UPRIGHT_CONSTANTS.get(base, ("", 0)) if style == "upright" else ("", 0)
        is_unit = base == "e" and count <= 2
        if name and (is_unit or (wanted == count and self._is_size(group))):
            self._call(name, mark, group)
            return True
        self.source.push([mark, *self.source.rebraced(group, mark)])
        self.source.pop()
        return False

    def _is_open_size(self, group: list[Token]) -> bool:
        """I_T is the identity, whatever T: its size is that of its neighbours. I_C(x) is a function."""
        index = index_text(group) or ""
        known = {"I", f"I_{index}"} & self.context.declared
        return (
            re.fullmatch(r"[A-Za-z](?:_[A-Za-z\d])?", index) is not None
            and not known
            and not self.source.next_is("LPAR")
        )

    def _stands_there_alone(self, letter: str) -> bool:
        """Whether a letter stands nowhere but as the size of identities, and as the sign of a transpose."""
        again = rf"(?:\W*(?:times)?\W*{letter}(?![A-Za-z_]))?"
        rest = re.sub(
            rf"I\W*_\W*{letter}(?![A-Za-z_]){again}|\^\W*{letter}(?![A-Za-z])|\\[A-Za-z]+", " ", self.context.text
        )
        return len(letter) == 1 and letter not in rest

    def _extreme_value(self, base: str, mark: Token) -> bool:
        r"""\lambda_{\max}(S) is the largest eigenvalue, \sigma_{\min}(X) the smallest singular value."""
        group = self.source.argument(mark, "subscript")
        functions = _EXTREMES.get(f"{base} {superscript_text(group)}".replace("\\", ""))
        if functions is not None and self.source.next_is_open_bracket():
            self._function(functions[-1], mark, functions[:-1])
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

    def _is_declared_run(self, token: Token) -> bool:
        return canonical_name(token) in self.context.declared or self._declared(str(token), self._peek_index())[1]

    def _peek_index(self) -> str:
        """The subscript that follows, without taking it."""
        if not self.source.next_is("UNDERSCORE"):
            return ""
        mark = self.source.pop()
        group = self.source.argument(mark, "subscript")
        self.source.push([mark, *self.source.rebraced(group, mark)])
        return index_text(group) or ""

    def _function_named(self, word: str) -> bool:
        return len(word) > 1 and word not in self.context.declared and self.context.functions(word) is not None

    def _check_word(self, token: Token) -> None:
        if (self._function_named(token) and len(token) > 2) or token in ("tr", "Tr", "ln"):
            function = self.context.functions(str(token)) or ELSEWHERE.get(str(token), str(token))
            raise self._glued(token, rf"write {function_spelling(function)}")
        if len(token) > 2 and is_greek(str(token)):
            raise self._glued(token, rf"write \{token} for the Greek letter")
        inside = _FUNCTIONS_IN_WORDS.search(token)
        if inside is not None:
            raise self._glued(token, rf"write \{inside.group().lower()} for the function")

    def _glued(self, token: Token, hint: str) -> MatcalcError:
        return self._fault(token, f"{token} is read as a product of letters", hint)

    def _increment(self, token: Token) -> bool:
        r"""\Delta x and \delta x as one name, and the d of dX."""
        if token not in self.increments or signs.GREEK_COMMANDS.get(token, "d") in self.context.declared:
            return False
        moved = self._variable_that_follows()
        if moved is None:
            return False
        name = f"{token[1:]}_{moved}" if token != "d" else f"d{moved}"
        span = self._whole(span_of(token)[0], span_of(moved)[1])
        self._name(name, place("NAME", name, span), "increment")
        self.read_as_increments.append((token, str(moved), span))
        return True

    def _whole(self, start: int, end: int) -> Span:
        """With the closing braces of what stands there."""
        text = self.context.text
        while text[start:end].count("{") > text[start:end].count("}") and text[end : end + 1] == "}":
            end += 1
        return start, end

    def _greek(self, token: Token) -> None:
        if self._increment(token):
            return
        style = "variant" if signs.GREEK_COMMANDS[token] != token[1:] else "plain"
        self._symbol(signs.GREEK_COMMANDS[token], token, style)

    def _ell(self, token: Token) -> None:
        self._symbol("ell", token)

    def _hbar(self, token: Token) -> None:
        self._symbol("hbar", token)

    def _styled(self, token: Token) -> None:
        """A letter in bold and the like; what holds more is set so letter by letter, and is no bracket: none is printed."""
        if token == r"\vec" and self.source.next_is("LPAR"):
            self._function("vec", token)
            return
        if token in (r"\va", r"\vb") and not self.source.next_is("LBRACE"):
            self._symbol(token[-1], token, "bold")
            return
        group = self.source.argument(token, "argument")
        shown = joined(group)
        if shown in ("1", "0"):
            self._constant_array(shown, token)
        elif len(group) == 1 and group[0] in signs.GREEK_COMMANDS:
            self._symbol(signs.GREEK_COMMANDS[group[0]], group[0], signs.FACES[token])
        elif len(group) == 1 and group[0].type == "WORD":
            self._refuse_expectation(token, shown)
            self._styled_word(group[0], signs.FACES[token])
        else:
            self._note_braces(group, token)
            self.source.push(distributed(group, token, self.context.text))

    def _note_braces(self, group: list[Token], token: Token) -> None:
        r"""\mathbf{y - X}\beta is y - X \beta, as it is printed."""
        before, after = (side[-1] if side else None for side in (self.out, self.source.tokens))
        if has_terms(group) and are_meant_to_group(group, before, after):
            shown = self._text_of(group)
            message = f"the braces around {shown} print nothing, and are no brackets"
            span = (span_of(token)[0], self.source.end)
            self.context.notes.append(Note(message, f"write ({shown}) for brackets", "braces", self.context.text, span))

    def _refuse_expectation(self, token: Token, letter: str) -> None:
        r"""\mathbb{E}_x f(x), \mathbb{E}\|x\|^2 and \mathbb P(A): neither functions nor factors."""
        follows = letter == "E" or self.source.next_is("UNDERSCORE") or self.source.next_is_open_bracket()
        if (
            token in (r"\mathbb", r"\mathds")
            and letter in _OF_CHANCE
            and follows
            and letter not in self.context.declared
        ):
            hint = "declare the letter"
            if letter == "E":
                hint = "one over data is a mean over the rows of a matrix X, as in mean((y - X w).^2)"
            raise self._fault(token, f"there are no {_OF_CHANCE[letter]}", hint)

    def _styled_word(self, word: Token, style: str) -> None:
        if len(word) == 1 or self._is_declared_run(word):
            self._symbol(str(word), word, style)
            return
        if self._function_named(word) and self.source.next_is_open_bracket():
            self._function(self.context.functions(str(word)) or str(word), word)
            return
        self._check_word(word)
        *first, last = letters_of(word)
        for letter in first:
            self._name(canonical_name(letter), letter, style)
        self._symbol(str(last), last, style)

    def _constant_array(self, digit: str, token: Token) -> None:
        r"""\mathbf{1}, \mathbf{1}_n and \mathbf{1}_{m \times n}: ones, or zeros, sized by context or subscript."""
        if digit == "1" and self._indicator(token):
            return
        self._pull_subscript_forward()
        if not self.source.next_is("UNDERSCORE"):
            self._call("vector", token, [place("NUMBER", digit, span_of(token))])
            return
        mark = self.source.pop()
        group = self.source.argument(mark, "subscript")
        sizes = [place("COMMA", ",", span_of(t)) if t == r"\times" else t for t in group]
        self._call("ones" if digit == "1" else "zeros", mark, sizes)

    def _indicator(self, token: Token) -> bool:
        r"""\mathbb{1}[x > 0], \mathbf 1\{x > 0\} and \mathbf{1}_{x > 0} are the entries 0 and 1 of the relation."""
        mark = self.source.pop() if self.source.next_is("UNDERSCORE") else None
        following = list(self.source.tokens)
        inside = self.source.bracketed() if self.source else None
        while inside and len(inside) > 2 and inside[0] in (r"\{", r"\lbrace") and inside[-1] in (r"\}", r"\rbrace"):
            inside = inside[1:-1]
        if inside is None or not holds_relation(inside):
            self.source.tokens = following
            if mark is not None:
                self.source.push([mark])
            return False
        relation = [place("RELATION", "==", span_of(t)) if t.type == "EQUALS" else t for t in inside]
        end = span_of(inside[-1])[1]
        opener, closer = place("LPAR", "(", span_of(token)), place("RPAR", ")", (end, end))
        self.source.push([opener, *relation, closer])
        return True

    def _without_subscript(self, group: list[Token]) -> list[Token]:
        r"""The letter under the accent of \hat{\mu_c}, whose subscript goes on behind it."""
        mark = next((i for i, t in enumerate(group) if t.type in ("UNDERSCORE", "DIGITS_BELOW")), len(group))
        self.source.push(group[mark:])
        return group[:mark]

    def _accented(self, token: Token) -> None:
        group = self._without_subscript(self.source.argument(token, "argument"))
        face = next((signs.FACES[t] for t in group if t in signs.STYLES), "plain")
        letters = [t for t in group if not (t in signs.STYLES or t in signs.IGNORED or t.type in ("LBRACE", "RBRACE"))]
        shown = _GREEK_OF.get(joined(letters), joined(letters))
        if not re.fullmatch(r"[A-Za-z]+", shown):
            raise self._fault(token, f"{token} belongs on one letter", r"as in \hat{x}, which is the name x_hat")
        self._symbol(f"{shown}_{signs.ACCENTS[token]}", token, face)


def _one_of_two(sizes: list[Token]) -> list[Token]:
    r"""n of n \times n, n * n and n, n."""
    is_square = len(sizes) == 3 and sizes[0] == sizes[2]
    return sizes[:1] if is_square and (sizes[1].type in ("COMMA", "OPERATOR") or sizes[1] == r"\times") else sizes
