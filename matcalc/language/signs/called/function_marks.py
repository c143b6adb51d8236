"""Which names before a bracket are functions: known ones, declared ones, and those that nothing defines.

Of an undeclared name that is no function of the language, a bracket that touches it says that it is a function where the
letter is one of functions (f, g, h, φ, ψ), where a product would not need the bracket (V(x), Σ(θ)), where the bracket
holds a list, or where a sign of differentiation stands before it. A name that also stands without a bracket is a factor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import MatcalcError
from matcalc.language.faults.function_faults import function_or_factor, unknown_function
from matcalc.language.mends.hints import offer
from matcalc.language.signs.called.function_letters import (
    ALSO_LETTERS,
    LETTERS_OF_PAIRS,
    is_factor,
    is_value_of_members,
)
from matcalc.language.signs.called.known_marks import LONGEST_ARGUMENT, OTHER_MEANINGS, is_word, mark_known
from matcalc.language.signs.called.logistic_marks import mark_slopes, note_powers
from matcalc.language.surface.bars import ENDS_VALUE, span_of
from matcalc.language.surface.brackets import Brackets
from matcalc.language.words.names import (
    ALSO_FUNCTION_LETTERS,
    FUNCTION_LETTERS,
    INVERSE_NAME,
    canonical_name,
    is_greek,
    nearest,
    spelled,
)
from matcalc.language.words.written_out import OF_OTHERS
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.language.signs.called.open_calls import Called
    from matcalc.language.surface.arrange import Reading

__all__ = ["mark_functions"]

#: Names that are indices rather than arguments, where they stand alone.
_INDICES = frozenset("i j k l m n end".split())
_CONSTANTS = frozenset({"I", "pi", "e"})
#: Greek letters that multiply what stands behind them.
_MULTIPLIERS = frozenset("alpha beta gamma epsilon varepsilon lambda".split())


def mark_functions(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with FUNCTION for a name before a bracket that is one."""
    if not _calls_others(tokens, context):
        mark_known(tokens, set(), context)
        return tokens
    from matcalc.language.signs.called.open_calls import OpenCalls

    tokens = _Marking(tokens, context, Brackets(tokens)).settled()
    marking = _Marking(tokens, context, Brackets(tokens))
    calls = OpenCalls(tokens, context.text, marking.brackets, marking.is_open, marking.may_be_open, marking.is_free)
    found = calls.run()
    mark_slopes(found, calls.bare, context)
    note_powers(found, context)
    mark_known(found, calls.bare, context)
    return found


def _calls_others(tokens: Sequence[Token], context: Reading) -> bool:
    """Whether a bracket stands behind a value that is no function of the language, or a sign of differentiation anywhere."""
    for before, token in pairwise(tokens):
        if token.type == "LPAR" and before.type in ENDS_VALUE and not _is_known(before, context):
            return True
    return any(token.type in ("NABLA", "PARTIAL") for token in tokens)


def _is_known(token: Token, context: Reading) -> bool:
    """Whether it is the name of a function of the language that is not declared otherwise."""
    name = canonical_name(token) if token.type == "NAME" else ""
    return context.functions(name) is not None and name not in {"e", *context.declared, *context.open_functions}


@dataclass
class _Marking:
    """Decides which names are open functions."""

    tokens: list[Token]
    context: Reading
    brackets: Brackets

    def settled(self) -> list[Token]:
        """The tokens without superscripts between functions and their brackets."""
        from matcalc.language.signs.called.raised_calls import settle_raised

        return settle_raised(
            self.tokens,
            self.brackets,
            self.context.text,
            self.context.latex,
            self.has_letter,
            lambda name: self.is_free(name) or (name == "e" and name not in self.context.declared),
            self.is_argument,
            self._holds_asked,
        )

    def _holds_asked(self, bracket: int) -> bool:
        """Whether the bracket holds an argument of the left side alone."""
        inside = self._inside(bracket)
        return len(inside) == 1 and canonical_name(inside[0]) in self.context.beside

    def has_letter(self, name: str) -> bool:
        """Whether a name is declared as a function, or has a letter of functions."""
        letter = self.is_free(name) and spelled(name).word in FUNCTION_LETTERS
        return letter or name in self.context.open_functions

    def is_free(self, name: str) -> bool:
        """Whether a name has no meaning of its own."""
        context = self.context
        return name not in context.declared and name not in context.dimensions and context.functions(name) is None

    def may_be_open(self, name: str) -> bool:
        """Whether a name such as the f of J_f may be that of a function."""
        return self.has_letter(name) or (self.is_free(name) and is_word(name))

    def is_open(self, name: str, calls: Sequence[Called], bare: bool) -> bool:
        """Whether a name that stands before these brackets is an open function; ``bare`` tells that it stands elsewhere."""
        if name in self.context.open_functions:
            return True
        if name == "e" and name not in self.context.declared:
            return not bare and all(map(self._is_error, calls))
        if bare or self._is_step(name) or not self.is_free(name) or name in OF_OTHERS:
            if bare and (doubtful := next(filter(self._is_also_called, calls), None)) is not None:
                raise self._question(doubtful)
            return False
        if name in _CONSTANTS:
            return name == "pi" and all(map(self._is_projection, calls))
        if is_word(name):
            self._check_word(name, calls)
            return True
        return self._letter_is_open(name, calls)

    def _is_also_called(self, call: Called) -> bool:
        r"""a(\theta) beside an a that stands alone: as a product it would need no bracket; T(x) beside T x may be one."""
        is_letter = len(spelled(call.name).word) == 1 and self.is_free(call.name)
        argument = self._inside(call.bracket)
        if self.has_letter(call.name) and len(argument) == 1 and argument[0].type == "NAME":
            called = self._is_glued(call) and not self._is_index(call) and not self.context.code
            return called and not is_factor(self.tokens, call.name)
        if [t.type for t in argument] != ["NAME"] or canonical_name(argument[0]) in self.context.declared:
            return False
        numbers = canonical_name(argument[0]) == "t" or is_greek(canonical_name(argument[0]))
        return is_letter and numbers and self._is_glued(call) and not self._is_index(call) and not self.context.code

    def _is_error(self, call: Called) -> bool:
        """e(t) of a time, a place or parameters, and not the unit vector e(i)."""
        argument = [canonical_name(t) for t in self._inside(call.bracket)]
        return self._is_glued(call) and len(argument) == 1 and bool(re.fullmatch("[t-z]|theta|phi|tau", argument[0]))

    def _is_projection(self, call: Called) -> bool:
        """π(x), and π(R p + t) of a matrix's product or in a norm, in front of which a number would stand."""
        before, inside = self.tokens[: call.start], self._inside(call.bracket)
        pairs = [a for a, b in pairwise(inside) if a.type == b.type == "NAME"]
        of_array = any(a[0].isupper() for a in pairs) and all(t.type not in ("POWER", "SUPERSCRIPT") for t in inside)
        in_norm = sum(t == "‖" for t in before) % 2 == 1
        follows_value = bool(before) and before[-1].type in ENDS_VALUE
        return self._is_glued(call) and not follows_value and (of_array or in_norm or self.is_redundant(call.bracket))

    def _is_step(self, name: str) -> bool:
        """Whether it is a number that is added in an index, as in V_{t+h}."""
        added = re.compile(rf"_(?:plus|minus)_{re.escape(name)}(?:_|$)")
        return any(t.type == "NAME" and added.search(canonical_name(t)) is not None for t in self.tokens)

    def _letter_is_open(self, name: str, calls: Sequence[Called]) -> bool:
        letter = spelled(name).word
        if any(c.use.signs or c.use.inner is not None for c in calls):
            return True
        if letter in OTHER_MEANINGS:
            return self._other_is_open(name, calls)
        chance = next((c for c in calls if letter == "E" and self._is_idle(c.bracket)), None)
        if chance is not None:
            raise self._question(chance)
        if self._is_greek_function(name, calls) or self._is_of_inner_products(name, calls):
            return True
        if letter in LETTERS_OF_PAIRS or re.fullmatch("[A-Z]", letter):
            within = all(self._is_glued(c) and is_value_of_members(self.tokens, self.brackets, c) for c in calls)
            if within and letter not in LETTERS_OF_PAIRS:
                raise self._question(calls[0])
            if within:
                return True
        if letter[0].isupper() and all(self._holds_identity(c.bracket) for c in calls):
            return False  # \\Psi(I - B)^{-T} is a product
        arguments = [self.is_argument(c.bracket) for c in calls]
        if letter in FUNCTION_LETTERS or name.endswith(INVERSE_NAME):
            doubtful = next((c for c, a in zip(calls, arguments, strict=True) if not (a or self._touches(c))), None)
            if doubtful is not None:
                raise self._question(doubtful)
            return True
        if not all(arguments) or not any(self.is_redundant(c.bracket) for c in calls):
            return False
        if name in ALSO_LETTERS and all(self.brackets.is_list(c.bracket) for c in calls):
            return name == "K" and not all(map(self._holds_sizes, calls))
        indexed = next((c for c in calls if self._is_index(c)), None)
        if indexed is not None and self._is_glued(indexed):
            raise self._question(indexed, self._as_entry(indexed))
        return all(self._is_glued(c) for c in calls)

    def _other_is_open(self, name: str, calls: Sequence[Called]) -> bool:
        r"""N(d_1) and N(\frac{…}{…}) in formulas of prices, \sigma_1(W x) and \sigma_1'(z) of layers."""
        if name == "N":
            return all(self._is_glued(c) and self._is_of_a_number(c) for c in calls)
        if re.fullmatch(r"P_[A-Z][a-z]+", name) and any(map(self._is_glued, calls)):
            raise self._question(calls[0])  # P_Ω(M - U V^T) is a projection
        if not name.startswith("sigma_") or not all(map(self._is_glued, calls)):
            return False
        for call in calls:
            if not (self.is_argument(call.bracket) or self._is_needless(call)):
                raise self._question(call)
            self._check_singular_value(call)
        return True

    def _check_singular_value(self, call: Called) -> None:
        r"""\sigma_1(A) of a matrix's letter may be a singular value, or the function of a layer."""
        index, inside = re.fullmatch(r"sigma_(\d|[ijkr])", call.name), self._inside(call.bracket)
        if index is not None and len(inside) == 1 and inside[0].type == "NAME" and inside[0][0].isupper():
            svdvals = r"\operatorname{svdvals}" if self.context.latex else "svdvals"
            whole = (
                self.tokens[call.start].start_pos or 0,
                self.tokens[self.brackets.closer(call.bracket)].end_pos or 0,
            )
            typed = self.context.text[slice(*span_of(inside[0]))]
            raise self._question(
                call, offer("the singular value is {}", whole, f"{svdvals}({typed})[{index.group(1)}]")
            )

    def _is_greek_function(self, name: str, calls: Sequence[Called]) -> bool:
        r"""\kappa(x^T y) needs no bracket as a product, nor \sum_i \rho(y_i - x_i^T b), which is the whole of its terms.

        Letters of multipliers are factors there, too, and capitals, which may be matrices, before all but quotients.
        """
        letter = spelled(name).word
        if not is_greek(name) or letter in _MULTIPLIERS or not all(map(self._is_glued, calls)):
            return False
        shown = [self._is_needless(c) or self._is_term_of_sum(c) for c in calls]
        if all(shown[i] or self.is_argument(c.bracket) for i, c in enumerate(calls)):
            return any(shown)
        if letter == "rho":
            raise self._question(calls[0])
        return False

    def _is_of_inner_products(self, name: str, calls: Sequence[Called]) -> bool:
        r"""F(x_i'\beta), \Lambda(x^T b): a number needs no bracket behind a factor; S(W x) may be one of matrices."""
        if spelled(name).word not in ALSO_FUNCTION_LETTERS or not all(map(self._is_glued, calls)):
            return False
        shown = [self.brackets.is_list(c.bracket) or self._is_inner_product(c.bracket) for c in calls]
        if not all(shown[i] or self.is_argument(c.bracket) for i, c in enumerate(calls)):
            doubtful = next((c for c in calls if self.is_product(c.bracket)), None)
            if doubtful is not None and len(spelled(name).word) == 1 and name[0].isupper() and name not in "KL":
                raise self._question(doubtful)
        return any(self._is_inner_product(c.bracket) for c in calls) and all(
            shown[i] or self.is_argument(c.bracket) for i, c in enumerate(calls)
        )

    def _is_inner_product(self, bracket: int) -> bool:
        """x^T y of two names."""
        inside = [t for t in self._inside(bracket) if t.type in ("NAME", "TRANSPOSE", "NUMBER", "SIGN")]
        types = [t.type for t in inside if t.type != "SIGN"]
        return types == ["NAME", "TRANSPOSE", "NAME"] and inside[-1] != inside[-3] and self.is_product(bracket)

    def _is_needless(self, call: Called) -> bool:
        """Whether a factor would not need the bracket, whatever it is."""
        is_capital = spelled(call.name).word[0].isupper()
        return self.is_quotient(call.bracket) or (self.is_product(call.bracket) and not is_capital)

    def _is_of_a_number(self, call: Called) -> bool:
        """d_1, a quotient, or an inner product."""
        inside = self._is_signed_name(call) or self.is_quotient(call.bracket)
        return inside or self._is_inner_product(call.bracket)

    def _is_signed_name(self, call: Called) -> bool:
        """d_1 or -d_1 alone."""
        inside = self._inside(call.bracket)
        return [t.type for t in inside[-1:]] == ["NAME"] and all(t.type == "SIGN" for t in inside[:-1])

    def _is_term_of_sum(self, call: Called) -> bool:
        """Whether the call is all that a sum with an index adds, and no weight delta_i of a bracket."""
        if re.fullmatch("[i-nst]", spelled(call.name).below[-1] if spelled(call.name).below else ""):
            return False
        before, behind = self.tokens[: call.start][-2:], self.tokens[self.brackets.closer(call.bracket) + 1 :]
        is_opened = [t.type for t in before] == ["FUNCTION", "LPAR"] and before[0].startswith(r"\sum")
        return is_opened and bool(behind) and behind[0].type == "RPAR"

    def is_product(self, bracket: int) -> bool:
        """Whether the bracket holds a product or a quotient, which it would not need after a factor; no power is behind."""
        types = self._types_inside(bracket)
        end = self.brackets.closer(bracket) + 1
        behind = self.tokens[end].type if end < len(self.tokens) else ""
        products = bool(types) and not {"SIGN", "COMMA"} & set(types) and types.count("NAME") > 1
        return products and behind not in ("POWER", "TRANSPOSE", "SUPERSCRIPT")

    def _is_idle(self, bracket: int) -> bool:
        """Whether it holds one term of several parts, as (x x^T) and [(w^T z)^4] do: after a factor it would not stand."""
        types = self._types_inside(bracket)
        return len(types) > 1 and not {"SIGN", "COMMA"} & set(types)

    def is_quotient(self, bracket: int) -> bool:
        """Whether it holds one quotient."""
        types = self._types_inside(bracket)
        return "/" in types and not {"SIGN", "COMMA"} & set(types)

    def _types_inside(self, bracket: int) -> list[str]:
        """The tokens in a bracket that stand in no other, also in no group around all of it."""
        first, last = bracket + 1, self.brackets.closer(bracket)
        while first < last and self.tokens[first].type == "LBRACE" and self.brackets.closer(first) == last - 1:
            first, last = first + 1, last - 1
        found: list[str] = []
        while first < last:
            found.append("/" if self.tokens[first] == "/" else self.tokens[first].type)
            nested = self.tokens[first].type in ("LPAR", "LSQB", "LBRACE")
            first = self.brackets.closer(first) + 1 if nested else first + 1
        return found

    def _check_word(self, name: str, calls: Sequence[Called]) -> None:
        """A word that is nearly a function, or letters without spaces, is no function of its own."""
        token = self.tokens[calls[0].start]
        functions = self.context.function_names()
        close = nearest(name, functions) or (name[:-1] in functions and len(name) == 3)
        if close:
            raise self._unknown(name, token)
        letters = {canonical_name(t) for t in self.tokens if t.type == "NAME"}
        if name.isalpha() and len(name) <= 4 and (len(name) < 3 or letters.issuperset(name)):
            raise self._unknown(name, token)

    def _unknown(self, name: str, token: Token) -> MatcalcError:
        return unknown_function(name, span_of(token), self.context.text, self.context.function_names())

    def _question(self, call: Called, meaning: str = "") -> MatcalcError:
        return function_or_factor(call.name, span_of(self.tokens[call.start]), self.context.text, meaning)

    # What stands in the bracket, and how near it is.

    def _inside(self, bracket: int) -> list[Token]:
        """What stands in a bracket, but for braces; its beginning if that is long."""
        end = min(self.brackets.closer(bracket), bracket + LONGEST_ARGUMENT)
        return [t for t in self.tokens[bracket + 1 : end] if t.type not in ("LBRACE", "RBRACE")]

    def is_redundant(self, bracket: int) -> bool:
        """Whether a product would do without the bracket: it holds one name or a list, or calls around such a bracket."""
        bracket = self.brackets.innermost(bracket)
        inside = self._inside(bracket)
        return any(t.type == "NAME" for t in inside) and (len(inside) == 1 or self.brackets.is_list(bracket))

    def is_argument(self, bracket: int) -> bool:
        """The same, or a number."""
        inside = self._inside(bracket)
        is_number = bool(inside) and all(t.type in ("NUMBER", "SIGN") for t in inside)
        return is_number or self.is_redundant(bracket)

    def _is_index(self, call: Called) -> bool:
        """Whether the bracket holds indices: A(i, j)."""
        inside = self._inside(call.bracket)
        return all(t.type == "COMMA" or t.type == "NUMBER" or canonical_name(t) in _INDICES for t in inside)

    def _holds_sizes(self, call: Called) -> bool:
        """Whether the bracket may hold sizes: K(m, n), K(p, q) and not the kernel K(x, y)."""
        names = [canonical_name(t) for t in self._inside(call.bracket) if t.type == "NAME"]
        return all(n in self.context.dimensions or re.fullmatch("[a-t]", n) is not None for n in names)

    def _holds_identity(self, bracket: int) -> bool:
        """Whether the identity is a term of a sum there."""
        types = self._types_inside(bracket)
        return "SIGN" in types and any(t.type == "NAME" and t == "I" for t in self._inside(bracket))

    def _as_entry(self, call: Called) -> str:
        inside = ", ".join(str(t) for t in self._inside(call.bracket) if t.type != "COMMA")
        last = self.tokens[min(self.brackets.closer(call.bracket), len(self.tokens) - 1)]
        whole = (self.tokens[call.start].start_pos or 0, last.end_pos or 0)
        return offer("an entry is {}", whole, f"{self.tokens[call.start]}[{inside}]")

    def _is_glued(self, call: Called) -> bool:
        """Whether nothing stands between name and bracket, spaces of LaTeX apart."""
        before, bracket = self.tokens[call.bracket - 1], self.tokens[call.bracket]
        return self.context.latex or before.end_pos == bracket.start_pos

    def _touches(self, call: Called) -> bool:
        """The same; a letter with an index and a space is rather a factor."""
        before, bracket = self.tokens[call.bracket - 1], self.tokens[call.bracket]
        indexed = bool(spelled(call.name).below)
        return before.end_pos == bracket.start_pos or (self.context.latex and not indexed)
