"""Products typed without spaces in plain text, as they come from papers and forums: x'Ax, x^TAx, ||Xw - y||², wTx.

A run of letters is taken apart, with a note, where no other name can be meant: its author sets no spaces between
factors elsewhere, and its letters are those of matrices and vectors. Names that are declared stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import Span
from matcalc.language.faults.name_faults import lost_transpose
from matcalc.language.surface.bars import place, span_of
from matcalc.language.words.elsewhere import ELSEWHERE
from matcalc.language.words.names import canonical_name, is_greek
from matcalc.notes import Note
from matcalc.patterns import pattern

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["unspaced"]

#: So many runs are named in the note.
MOST_NAMED = 4
#: Second letters of X_t and the like whose subscript was lost: no factors, unless they stand alone elsewhere.
_INDICES = frozenset("ijklmnt")
#: Signs of products between factors.
_PRODUCTS = frozenset("* @ .* · ⋅ × ⊙ ∘".split())
_MIXED = pattern(r"([A-Z]{1,3})([a-z])((?:_\w+)?[₀-₉]*)")
#: S_bW, whose subscript is one letter.
_BELOW = pattern(r"([^\W\d_]_[A-Za-z0-9])([A-Za-z])")
_CAPITALS = pattern(r"[A-Z]{2,4}")
_FACTOR_FIRST = pattern(r"([a-z])([A-Z]{1,2})([a-z]?)")
#: The power in BD^{-1}C, behind which another factor stands.
_RAISED_BEFORE_FACTOR = pattern(r"(?:\^(?:\{-?\d\}|-?\d)|⁻?[¹²³])[A-Za-z]")
_TRANSPOSES = frozenset(["TRANSPOSE", "INVERSE_TRANSPOSE"])
_RAISED = _TRANSPOSES | {"POWER", "SUPERSCRIPT", "NAME"}
_CLOSING = _TRANSPOSES | {"RPAR", "SUPERSCRIPT"}


def unspaced(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with the factors of such runs, and with the transpose in x^TA."""
    if context.code or not any(t.type == "NAME" and len(t) > 1 and _is_free(t, context) for t in tokens):
        return tokens
    return _Parting(tokens, context).run()


def _is_free(name: str, context: Reading) -> bool:
    """Whether a name has no meaning of its own here or elsewhere."""
    known = canonical_name(name)
    if known in context.declared or known in context.dimensions:
        return False
    return context.functions(known) is None and known not in ELSEWHERE


class _Parting:
    """One walk over the tokens of a text."""

    def __init__(self, tokens: Sequence[Token], context: Reading) -> None:
        self.tokens = tokens
        self.context = context
        self.alone = {t.value for t in tokens if t.type == "NAME"} | context.beside | context.declared
        self.numbers = any(_is_product(a, b, context) for a, b in pairwise(tokens))
        self.pairs = {t.value for t in tokens if t.type == "NAME" and len(t) == 2}
        self.letters = self.alone | self._transposed_letters()
        self.apart = self._separates_arrays()
        self.read: dict[str, tuple[str, Span]] = {}

    def run(self) -> list[Token]:
        """The tokens, with a note that names what was taken apart."""
        found = list(self._walk())
        if self.read:
            said = [f"{name} is read as {product}" for name, (product, _) in self.read.items()]
            hint = "declare what is one name" if any("^" not in name for name in self.read) else None
            place_of_first = next(iter(self.read.values()))[1]
            note = Note(" and ".join(said[:MOST_NAMED]), hint, "unspaced", self.context.text, place_of_first)
            self.context.notes.append(note)
        return found

    def _walk(self) -> Iterator[Token]:
        i = 0
        while i < len(self.tokens):
            token = self.tokens[i]
            following = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
            if token.type == "POWER" and following is not None and self._holds_transpose(following):
                yield place("TRANSPOSE", "^T", (span_of(token)[0], span_of(following)[0] + 1))
                yield from self._behind_transpose(i, following)
                i += 2
                continue
            yield from self._parts(i) if token.type == "NAME" and len(token) > 1 else (token,)
            i += 1

    def _holds_transpose(self, exponent: Token) -> bool:
        """Whether an exponent is T with what follows it, as in x^TAx."""
        if exponent.type != "NAME" or not self._is_free(exponent):
            return False
        return re.fullmatch(r"T(?:[A-Z]{0,3}[a-z]?|[A-Za-z]\w*_\w+)|t[A-Z]{1,2}[a-z]?", exponent) is not None and (
            len(exponent) > 1 and exponent[1] != "_"
        )

    def _behind_transpose(self, power: int, exponent: Token) -> Iterator[Token]:
        base = self.tokens[power - 1]
        start, end = span_of(exponent)
        rest = place("NAME", exponent[1:], (start + 1, end))
        parts = list(rest) if rest.isalpha() and not self._is_greek(rest) and not self.apart else self._below(rest)
        letter = base[-1:] if base.isalpha() and base[:1] == "T" else str(base)
        typed = letter if base.type == "NAME" else "".join(self.tokens[power - 2 : power]) if base == "'" else "(…)"
        left = self.read.get(str(base), (letter,))[0] if base.type == "NAME" else typed
        self.read.setdefault(f"{typed}^{exponent}", (f"{left}^T {' '.join(parts)}", (start - 1, end)))
        return self._split(rest, parts)

    def _parts(self, i: int) -> Iterator[Token]:
        token = self.tokens[i]
        parts = self._factors(i) if self._is_free(token) else []
        of_identity = len(parts) == 2 and parts[1] == "I" and "I" not in self.context.declared  # sI
        settled = of_identity or self._is_raised_run(i)
        if len(parts) < 2 or not (settled or self._is_product(parts) or self._is_of_vector(i)):
            yield token
            return
        self.read.setdefault(str(token), (" ".join(parts).replace(" ^", "^"), span_of(token)))
        yield from self._split(token, parts)

    def _is_product(self, parts: Sequence[str]) -> bool:
        """Whether a run is rather a product than a name of its own: where factors are set apart, its letters tell."""
        known = [p in self.alone for p in parts]
        return not self.numbers or (any(known) and not self.apart) or (all(known) and self.apart == "space")

    def _is_of_vector(self, i: int) -> bool:
        """Whether it is the Ax of x^T Q x + (Ax + Bu)^T P (Ax + Bu): a capital before a letter that is a factor, too; not Wx x, Sx^-1."""
        mixed, following = _MIXED.fullmatch(self.tokens[i]), self.tokens[i + 1 : i + 2]
        if mixed is None or self.apart != "space" or any(t.type in _RAISED for t in following):
            return False
        return mixed.group(2) + mixed.group(3) in self.alone

    def _separates_arrays(self) -> str:
        """What stands between two arrays: a space, a sign, or "" where only numbers and words are set apart."""
        separated = ""
        for i in range(1, len(self.tokens)):
            left, right = self.tokens[i - 1 : i + 1]
            if not _is_product(left, right, self.context):
                continue
            is_sign = left.type == "OPERATOR"
            if _may_be_array(self.tokens[i - 1 - is_sign]) and _may_be_array(right):
                if is_sign:
                    return "sign"
                separated = "space"
        return separated

    def _is_greek(self, name: str) -> bool:
        """Whether it is a Greek letter, and not the N u of x^TNu beside a u: the capitals Nu and Mu look like Latin ones."""
        return is_greek(name) and not (name in ("Nu", "Mu") and bool({*name} & self.alone))

    def _is_free(self, name: str) -> bool:
        return _is_free(name, self.context) and not self._is_greek(canonical_name(name))

    def _factors(self, i: int) -> list[str]:
        """The factors of a run of letters, or none."""
        token = self.tokens[i]
        after_value = i > 0 and _touch(self.tokens[i - 1], token)
        following = self.tokens[i + 1] if i + 1 < len(self.tokens) else None
        if following is not None and following.type == "LPAR" and span_of(token)[1] == span_of(following)[0]:
            return self._before_bracket(token)
        behind = self.tokens[i + 2] if i + 2 < len(self.tokens) else None
        transposed = following is not None and (
            following.type == "TRANSPOSE"
            or (following.type == "POWER" and behind is not None and self._holds_transpose(behind))
        )
        if token.islower() and len(token) <= 3 and self.context.beside.issuperset(token):  # f(x, y) = xy
            return list(token)
        if (flat := _flat_product(token)) and "T" not in self.alone:
            return flat
        if after_value and len(parts := self._below(token)) > 1:
            return parts
        if (mixed := _MIXED.fullmatch(token)) and self._is_factor(mixed.group(2), mixed.group(3)):
            return [*mixed.group(1), mixed.group(2) + mixed.group(3)]
        if (first := _FACTOR_FIRST.fullmatch(token)) and self._is_scaled(first, after_value):
            return [*first.group(1), *first.group(2), *first.group(3)]
        before_factor = _RAISED_BEFORE_FACTOR.match(self.context.text, span_of(token)[1])
        settled = after_value or before_factor or transposed
        if _CAPITALS.fullmatch(token) and (settled or not {*token}.isdisjoint(self.letters)):
            return list(token)
        if self._is_raised_run(i):
            return list(token)
        return list(token) if transposed and re.fullmatch("[u-z]{2}|ab", token) else []  # (A + uv^T)^-1

    def _transposed_letters(self) -> set[str]:
        """The last letters of runs of capitals before a transpose: the X of A X B + CX^T D."""
        pairs = pairwise(self.tokens)
        return {
            a[-1] for a, b in pairs if a.type == "NAME" and _CAPITALS.fullmatch(a) and b.type in ("TRANSPOSE", "POWER")
        }

    def _is_raised_run(self, i: int) -> bool:
        """Whether it is the ax of ax^2 + bx, or the mv of mv^2, where the power is that of the last letter."""
        token, raised = self.tokens[i], self.tokens[i + 1 : i + 2]
        if not re.fullmatch("[a-ce-hk-np-s][u-z]", token):
            return False
        others = any(t[1] == token[1] and t != token for t in self.pairs)
        return others or token[1] in self.alone or any(t.type in ("POWER", "SUPERSCRIPT") for t in raised)

    def _below(self, token: str) -> list[str]:
        """S_b and W of S_bW, where W stands elsewhere."""
        parts = _BELOW.fullmatch(token)
        return list(parts.groups()) if parts and parts.group(2) in self.alone else [str(token)]

    def _before_bracket(self, token: Token) -> list[str]:
        """AX(…) is no product unless its letters stand elsewhere."""
        found = _CAPITALS.fullmatch(token) and len(self.alone & set(token)) == len(set(token))
        return list(token) if found else []

    def _is_factor(self, letter: str, below: str) -> bool:
        return letter not in _INDICES or letter in self.alone or bool(below)

    def _is_scaled(self, run: re.Match[str], after_value: bool) -> bool:
        """sI, and tA where another sign says that these are factors; dX is an increment."""
        number, matrices, _ = run.groups()
        if number == "d":
            return False
        return matrices == "I" or after_value or bool(self.alone & {number, *matrices})

    def _split(self, token: Token, parts: Sequence[str]) -> Iterator[Token]:
        start = span_of(token)[0]
        for part in parts:
            end = start + len(part.removeprefix("^"))
            yield place("TRANSPOSE" if part == "^T" else "NAME", part, (start, end))
            start = end


def _flat_product(run: str) -> list[str]:
    """wTx and xTAx: a transpose whose superscript was lost, between letters of vectors and of at most two matrices."""
    first, *factors = lost_transpose(run) or [""]
    vectors = re.fullmatch(r"[a-hp-z]\^T", first) and factors and re.fullmatch("[a-z]", factors[-1])
    matrices = len(factors) < 4 and all(factor.isupper() for factor in factors[:-1])
    return [first[0], "^T", *factors] if vectors and matrices else []


def _may_be_array(token: Token) -> bool:
    """Whether it is a bracket or a single letter with what stands below it; words are rather numbers."""
    return token.type != "NUMBER" and (
        token.type != "NAME" or re.fullmatch(r"[^\W\d_](?:[_\d₀-₉].*)?", token) is not None
    )


def _touch(left: Token, right: Token) -> bool:
    """Whether a factor follows another directly: x'A, (A + B)x."""
    return left.type in _CLOSING and right.type == "NAME" and span_of(left)[1] == span_of(right)[0]


def _is_product(left: Token, right: Token, context: Reading) -> bool:
    """Whether the author separates factors, by a sign or by a space that stands not only behind a transpose."""
    if left.type == "OPERATOR" and left in _PRODUCTS:
        return right.type in ("NAME", "LPAR")
    values = left.type in ("NAME", *_CLOSING - _TRANSPOSES) and right.type == "NAME"
    spaced = values and span_of(left)[1] < span_of(right)[0]
    return spaced and not any(context.functions(canonical_name(t)) for t in (left, right) if t.type == "NAME")
