"""Functions that nobody defined, among the tokens: g(x), g'(x), ∇f(x), J_f(x), D^2 f(X)[H], ∇^2 <r, f>(x).

What belongs to a name before its bracket (primes, an order, signs of differentiation) becomes one token FUNCTION whose
value is an `OpenUse`; what stands in <…> or [...] comes before or behind the arguments in the brackets.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace

from lark import Token

from matcalc.errors import SyntaxFault, UnknownNameError
from matcalc.language.surface.bars import place
from matcalc.language.surface.brackets import Brackets
from matcalc.language.undefined.open_uses import OpenUse, Sign
from matcalc.language.words.names import PRIMES, RAISED, canonical_name
from matcalc.records import dataclass

__all__ = ["Called", "OpenCalls"]

_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", "01234567890123456789")
#: Orders of derivatives that are written out are at most this.
HIGHEST_ORDER = 99


@dataclass(frozen=True)
class Called:
    """A name before a bracket.

    Attributes:
        use: what is written before and behind the name.
        start: the place of the first token that belongs to it.
        bracket: the place of the bracket with the arguments.
        pair: the places of < and of the comma before the name, where there are such.
    """

    use: OpenUse
    start: int
    bracket: int
    pair: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        return self.use.name


@dataclass
class OpenCalls:
    """The calls of open functions in a list of tokens, found by `run`.

    Attributes:
        is_open: decides of a name by all brackets that it stands before, and whether it stands elsewhere, too.
        may_be_open: whether a name such as the f of J_f may be a function at all.
        is_free: whether a name has no meaning of its own, as D and J_f.
    """

    tokens: list[Token]
    text: str
    brackets: Brackets
    is_open: Callable[[str, list[Called], bool], bool]
    may_be_open: Callable[[str], bool]
    is_free: Callable[[str], bool]
    called: dict[str, list[Called]] = field(default_factory=dict)
    bare: set[str] = field(default_factory=set)

    def run(self) -> list[Token]:
        """The tokens with one FUNCTION in place of what belongs to an open function."""
        self._scan()
        found = [
            c for name, calls in self.called.items() if self.is_open(name, calls, name in self.bare) for c in calls
        ]
        edits = {start: (end, instead) for call in found for start, end, instead in self._edits(call)}
        result = list(self._edited(edits)) if edits else self.tokens
        self._refuse_signs(result)
        return result

    def _scan(self) -> None:
        i = 0
        behind: dict[int, int] = {}
        while i < len(self.tokens):
            if i in behind:
                i = behind[i]
                continue
            call = self._call_at(i)
            if call is None:
                if self._type(i) == "NAME":
                    self.bare.add(canonical_name(self.tokens[i]))
                i += 1
                continue
            self.called.setdefault(call.name, []).append(call)
            if call.pair is not None:
                behind[call.pair[1]] = call.bracket
            i = call.pair[0] + 1 if call.pair is not None else call.bracket

    def _type(self, i: int) -> str:
        return self.tokens[i].type if i < len(self.tokens) else ""

    # Signs and names.

    def _call_at(self, i: int) -> Called | None:
        """A name with its signs and primes, before a bracket."""
        signs, after = self._signs(i)
        if signs and self._type(after) == "LANGLE" and all(s.kind == "∇" for s in signs):
            return self._pair(i, signs, after)
        call = self._named(after, signs)
        if call is None and all(s.kind == "D" for s in signs):
            call, signs = self._named(i, ()), ()
        if call is None or self._type(call.bracket) != "LPAR":
            return None
        if any(s.kind == "D" for s in signs) and not self._is_derivative(call):
            return None
        return replace(call, start=i)

    def _is_derivative(self, call: Called) -> bool:
        """Whether D f(X)[H] or D_1 f(x, y) is meant, not a product with a matrix D."""
        end = self.brackets.closer(call.bracket)
        several = self.brackets.is_list(call.bracket)
        return self._has_directions(call, end) or (several and bool(call.use.signs[0].slots))

    def _signs(self, i: int) -> tuple[tuple[Sign, ...], int]:
        found: list[Sign] = []
        while (sign := self._sign(i)) is not None:
            found.append(sign[0])
            i = sign[1]
        return tuple(found), i

    def _sign(self, i: int) -> tuple[Sign, int] | None:
        """∇, ∂ or D with its subscript and superscript, and the place behind it."""
        kind = {"NABLA": "∇", "PARTIAL": "∂"}.get(self._type(i))
        slots: tuple[int, ...] = ()
        if kind is None:
            name = canonical_name(self.tokens[i]) if self._type(i) == "NAME" else ""
            found = re.fullmatch(r"D(?:_(\d+))?", name)
            if found is None or not self.is_free(name):
                return None
            kind, slots = "D", _slots(found.group(1) or "")
        i += 1
        if self._type(i) == "NORM_SUBSCRIPT" and (below := _slots(self.tokens[i])):
            slots, i = below, i + 1
        order, i = self._order(i)
        return Sign(kind, slots, order), i

    def _order(self, i: int) -> tuple[int, int]:
        """The number of a superscript, 1 where there is none, and the place behind it."""
        if self._type(i) == "SUPERSCRIPT" and str(self.tokens[i]).translate(_DIGITS).isdigit():
            return min(int(str(self.tokens[i]).translate(_DIGITS)), HIGHEST_ORDER), i + 1
        if self._type(i) != "POWER":
            return 1, i
        braced = self._type(i + 1) == "LBRACE"
        number = i + 1 + braced
        if self._type(number) != "NUMBER" or not self.tokens[number].isdigit():
            return 1, i
        return min(int(self.tokens[number]), HIGHEST_ORDER), number + 1 + braced

    def _named(self, i: int, signs: tuple[Sign, ...]) -> Called | None:
        """A name with primes or an order; a name such as J_f is f with a sign."""
        if self._type(i) != "NAME":
            return None
        name = canonical_name(self.tokens[i])
        first = i
        if self.is_free(name):
            name, more = self._with_sign(name)
            signs = (*signs, *more)
        i += 1
        name, primes = self._with_order(name)
        while self._type(i) == "TRANSPOSE" and self.tokens[i] in PRIMES:
            primes, i = primes + 1, i + 1
        if not primes:
            primes, i = self._bracketed_order(i)
        return Called(OpenUse(name, primes, signs), first, i)

    def _with_order(self, name: str) -> tuple[str, int]:
        r"""g^{(4)} in LaTeX, where it would be a name with an index, is the fourth derivative of a function g."""
        base, _, order = name.partition(RAISED)
        return (base, min(int(order), HIGHEST_ORDER)) if order.isdigit() and self.may_be_open(base) else (name, 0)

    def _with_sign(self, name: str) -> tuple[str, tuple[Sign, ...]]:
        """J_f, Df, grad_f and hess_f as f with a sign."""
        found = re.fullmatch(r"(J|jac|grad|hess)_(\w+)|(D)(\w+)", name)
        if found is None:
            return name, ()
        word, base = found.group(1) or found.group(3), found.group(2) or found.group(4)
        return (base, (_WORDS[word],)) if self.may_be_open(base) else (name, ())

    def _bracketed_order(self, i: int) -> tuple[int, int]:
        """g^(4): the fourth derivative."""
        if self._type(i) != "POWER":
            return 0, i
        braced = self._type(i + 1) == "LBRACE"
        k = i + 1 + braced
        kinds = [self._type(j) for j in range(k, k + 3 + braced)]
        if kinds[:3] != ["LPAR", "NUMBER", "RPAR"] or (braced and kinds[3] != "RBRACE"):
            return 0, i
        number = self.tokens[k + 1]
        return (min(int(number), HIGHEST_ORDER), k + 3 + braced) if number.isdigit() else (0, i)

    def _pair(self, i: int, signs: tuple[Sign, ...], opener: int) -> Called | None:
        """∇ <r, f>(x)"""
        closer = self.brackets.closer(opener)
        places = [k for k in range(opener + 1, closer) if self.tokens[k].type in ("COMMA", "BAR")]
        if self._type(closer + 1) != "LPAR" or not places:
            return None
        inner, after = self._signs(places[-1] + 1)
        call = self._named(after, inner)
        if call is None or call.bracket != closer or call.use.primes:
            return None
        use = replace(call.use, signs=signs, inner=call.use.signs)
        return Called(use, i, closer + 1, pair=(opener, places[-1]))

    # What stands behind.

    def _has_directions(self, call: Called, end: int) -> bool:
        """Whether what follows in square brackets is what a derivative is contracted with, not an index."""
        touches = end + 1 < len(self.tokens) and self.tokens[end + 1].start_pos == self.tokens[end].end_pos
        if not touches or self._type(end + 1) != "LSQB":
            return False
        signs = call.use.signs
        if not any(s.kind == "D" for s in signs) and sum(len(s.slots or (0,)) * s.order for s in signs) < 2:
            return False
        inside = self.tokens[end + 2 : self.brackets.closer(end + 1)]
        return any(t.type not in ("NUMBER", "COMMA", "COLON", "SIGN") for t in inside)

    def _edits(self, call: Called) -> Iterator[tuple[int, int, list[Token]]]:
        """What comes in place of which tokens: G before the arguments, directions behind them."""
        use, end = call.use, self.brackets.closer(call.bracket)
        if end < len(self.tokens) and self._has_directions(call, end):
            last = self.brackets.closer(end + 1)
            use = replace(use, directions=self.brackets.commas.get(end + 1, 0) + 1)
            yield end, end + 2, [self._placed("COMMA", ",", end + 1)]
            yield last, last + 1, [self._placed("RPAR", ")", last)]
        if call.pair is None:
            yield call.start, call.bracket, [self._token(use, call.start, call.bracket)]
            return
        opener, comma = call.pair
        yield call.start, opener + 1, [self._token(use, call.start, opener), self._placed("LPAR", "(", opener)]
        yield comma, call.bracket + 1, [self._placed("COMMA", ",", comma)]

    def _placed(self, kind: str, sign: str, i: int) -> Token:
        token = self.tokens[min(i, len(self.tokens) - 1)]
        return place(kind, sign, (token.start_pos or 0, token.end_pos or 0))

    def _token(self, use: OpenUse, start: int, end: int) -> Token:
        span = (self.tokens[start].start_pos or 0, self.tokens[end - 1].end_pos or 0)
        token = place("FUNCTION", self.text[slice(*span)], span)
        token.value = use
        return token

    def _edited(self, edits: dict[int, tuple[int, list[Token]]]) -> Iterator[Token]:
        i = 0
        while i < len(self.tokens):
            if i in edits:
                i, instead = edits[i]
                yield from instead
            else:
                yield self.tokens[i]
                i += 1

    def _refuse_signs(self, tokens: Sequence[Token]) -> None:
        sign = next((t for t in tokens if t.type in ("NABLA", "PARTIAL")), None)
        if sign is None:
            return
        hint = "type the function only: its derivatives are what the engine finds"
        span = (sign.start_pos or 0, sign.end_pos or 0)
        if sign.startswith("\\"):
            message = f"the command {sign} is not known here"
            raise UnknownNameError(message, code="unknown-command", text=self.text, span=span, hint=hint)
        message = f"the character {sign} (U+{ord(sign):04X} {unicodedata.name(sign)}) has no meaning here"
        raise SyntaxFault(message, code="character", text=self.text, span=span, hint=hint)


#: Words before an underscore and a function -> the sign that they stand for.
_WORDS = {"J": Sign("D"), "jac": Sign("D"), "D": Sign("D"), "grad": Sign("∇"), "hess": Sign("∇", (), 2)}


def _slots(text: str) -> tuple[int, ...]:
    """The arguments that a subscript names, from 0: _12, _{1}, ₁₂."""
    digits = re.sub(r"[_{}\s,]", "", text.translate(_DIGITS))
    return tuple(int(d) - 1 for d in digits) if digits.isdigit() and "0" not in digits else ()
