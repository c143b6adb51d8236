"""Marks that look like powers, in both dialects: X^t is a transpose where t is nothing else, W^l a name with the index l."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import Fix, Hint, Offers, SyntaxFault
from matcalc.language.mends.hints import declare, either, replaced, write
from matcalc.language.signs.bare_signs import bare_sign, signed_names
from matcalc.language.signs.primes import primed_names, without_index
from matcalc.language.surface.bars import place, span_of
from matcalc.language.words.indices import index_words
from matcalc.language.words.names import ADJOINT, CONJUGATE, PRIMES, RAISED, canonical_name, is_greek
from matcalc.notes import Note
from matcalc.patterns import pattern

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["marked"]

#: Letters that are indices where they are raised, unless they stand elsewhere for a value.
_INDEX = pattern(r"([ijlL])(?:[-−+]\d+)?")
#: What is raised behind iterates.
_ITERATION = r"[kt](?:[-−+]1)?"
#: More tokens in braces are no mark.
_LONGEST = 8
_SUM = pattern(r"\\sum|sum_|[∑Σ]_")
#: Signs that are raised alone.
_STARS = frozenset("*∗⋆")
_SIGNS = _STARS | frozenset("-−+")
_STARTS = frozenset("NUMBER NAME FUNCTION LPAR LSQB LBRACE LANGLE NORM_OPEN ABS_OPEN BAR".split())
_FACTORS = frozenset("NAME NUMBER LBRACE RBRACE SUPERSCRIPT TRANSPOSE POWER".split())
_OPENS = {"RPAR": "LPAR", "RBRACE": "LBRACE", "RSQB": "LSQB"}


def marked(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with a mark in place of each superscript that is no power."""
    primes = any(name.endswith("_prime") for name in context.beside)
    if not (
        primes
        or any(primed_names(tokens, context.declared))
        or context.faces
        or any(_may_be_mark(tokens, i) for i in range(len(tokens)))
    ):
        return tokens
    return _Marking(tokens, context).run()


def _may_be_mark(tokens: Sequence[Token], i: int) -> bool:
    """Whether it is a dagger, or an exponent begins that is no number."""
    if tokens[i].type != "POWER":
        return tokens[i].type == "PSEUDOINVERSE"
    kinds = [t.type for t in tokens[i + 1 : i + 4]]
    for optional in ("LBRACE", "SIGN"):
        kinds = kinds[kinds[:1] == [optional] :]
    return kinds[:1] != ["NUMBER"]


class _Marking:
    def __init__(self, tokens: list[Token], context: Reading) -> None:
        self.tokens = tokens
        self.context = context
        self.out: list[Token] = []
        self.noted: set[str] = set()
        self.signed = signed_names(tokens)
        names = [canonical_name(t) for t in _outside_of_marks(tokens) if t.type == "NAME"]
        known = context.declared | context.dimensions
        self.values = known.union(name.partition("_")[0] for name in names)
        self.indices = {word for name in names for word in name.split("_")[1:]}
        self.summed = {letter for t in tokens if (m := _SUM.match(t)) for letter in re.findall("[a-z]", t[m.end() :])}
        self.bound = {word for t in tokens if t.startswith("\\sum ") for word in t.split()[1:]}
        self.iterates = _iterates(tokens, self.values)
        self.labels = _labels(tokens) if _has_norm(tokens) else {}
        self.primed = set(primed_names(tokens, context.declared))
        self.layers = {letter for base, letter in _raised_letters(tokens) if base[0].isupper()}

    def run(self) -> list[Token]:
        position = 0
        while position < len(self.tokens):
            position = self._step(position)
        return self.out

    def _step(self, position: int) -> int:
        """Write this token, or the mark that begins with it; where the next one is."""
        token = self.tokens[position]
        if token.type == "NAME" and self.context.faces.get(token) == "script":
            self._check_operator(token, self.tokens[position + 1 : position + 2])
        if token == "^" and self.out and position + 1 < len(self.tokens):
            sign = bare_sign(self.out, token, self.tokens[position + 1 : position + 3], self.context, self.signed)
            if sign is not None:
                self.out[len(self.out) - (sign.type == "NAME") :] = [sign]
                return position + 2
            end, inside = _superscript(self.tokens, position + 1)
            shown = "".join(map(str, inside))
            following = self.tokens[end] if end < len(self.tokens) else None
            if shown == "t" and self._is_transpose(following):
                self._transpose(token, inside[0])
                return end
            if self.context.complex_names and (mark := self._of_complex(shown, token, inside)):
                self.out.append(mark)
                return end
            if shown == "H" and ("H" not in self.values or self._is_matrix(self.out[-1])):
                self._adjoint_of_real(token, "^H", (span_of(token)[0], self._closed(span_of(inside[0])[1])))
                return end
            known = self.context.declared | self.context.dimensions
            is_iterate = shown in self.iterates.get(canonical_name(self.out[-1]), ())
            if is_iterate and not self._is_normed(self.out[-1]):
                raise self._iterate(token, inside, shown)
            is_label = shown in self.labels.get(canonical_name(self.out[-1]), frozenset()) - known
            if is_iterate or is_label or self._is_index(shown):
                self._name(token, inside, shown)
                return end
            braced = self.tokens[end - 1].type == "RBRACE"
            if shown in (_SIGNS if braced else _STARS) and self.out[-1].type == "NAME":
                self._signed_name(token, shown, end)
                return end
        self._mark(token, position)
        return position + 1

    def _mark(self, token: Token, position: int) -> None:
        """A prime, a dagger, or any other token."""
        if token.type == "TRANSPOSE" and self._is_primed(token):
            self.out[-1] = place("NAME", self._primed(), (span_of(self.out[-1])[0], span_of(token)[1]))
            return
        if token.type == "PSEUDOINVERSE" and "†" in token and self.out:
            self._dagger(token, self.tokens[position + 1 :])
            return
        self.out.append(token)

    def _is_primed(self, mark: Token) -> bool:
        """Whether it belongs to the name x' that a left side has beside x, or of which x'^T is the transpose."""
        name = canonical_name(self.out[-1]) if self.out and self.out[-1].type == "NAME" else ""
        is_name = name in self.primed or f"{name}_prime" in self.context.beside
        is_name = is_name or (self._is_member(name) and without_index(name) in map(without_index, self.primed))
        return is_name and mark.strip("^{}") in PRIMES

    def _is_member(self, name: str) -> bool:
        """Whether it ends with an index that a sum binds."""
        index = name.partition("_")[2]
        return bool(index) and all(letter in self.summed for letter in index)

    def _primed(self) -> str:
        """x_prime of the last name, and z_prime_i of its member z_i."""
        name = canonical_name(self.out[-1])
        base, _, index = name.partition("_")
        return f"{base}_prime_{index}" if self._is_member(name) else f"{self.out[-1]}_prime"

    def _dagger(self, mark: Token, behind: Sequence[Token]) -> None:
        """x† and <x, U† H U x> are those of physics, A† b the pseudoinverse; X† A X is a question."""
        base = self.out[-1]
        if self.context.complex_names:
            self.out.append(place("TRANSPOSE", ADJOINT, span_of(mark)))
            return
        name = canonical_name(base) if base.type == "NAME" else ""
        places = [i for i, t in enumerate(self.out[:-1]) if t.type == "NAME" and canonical_name(t) == name]
        around = bool(places) and self._is_product_of_others(places[-1] + 1)
        behind_it = not places and any(t.type == "NAME" and canonical_name(t) == name for t in behind)
        if name[:1].islower() or ((around or behind_it) and self._in_angles()):
            self._adjoint_of_real(mark, mark.strip(), span_of(mark))
            return
        if name and (around or behind_it):
            transposed, inverse = (
                (rf"{base}^\top", rf"\operatorname{{pinv}}({base})")
                if self.context.latex
                else (
                    f"{base}^T",
                    f"pinv({base})",
                )
            )
            hint = write(
                (span_of(base)[0], span_of(mark)[1]),
                (transposed, "for the adjoint"),
                (inverse, "for the pseudoinverse"),
            )
            message = "a dagger may be the adjoint or the pseudoinverse"
            raise SyntaxFault(message, code="mark", text=self.context.text, span=span_of(mark), hint=hint)
        if places or not name:
            self._note(f"{mark.strip()} is read as the pseudoinverse", "write ^T for the transpose", span_of(mark))
        self.out.append(mark)

    def _in_angles(self) -> bool:
        """Whether an inner product is open."""
        return sum((t.type == "LANGLE") - (t.type == "RANGLE") for t in self.out) > 0

    def _is_product_of_others(self, start: int) -> bool:
        """Whether factors stand between here and the last name, and nothing else: H Q H†."""
        between = self.out[start:-1]
        return any(t.type == "NAME" for t in between) and all(t.type in _FACTORS for t in between)

    def _of_complex(self, shown: str, token: Token, inside: Sequence[Token]) -> Token | None:
        """Z^H, Z^* and Z^† beside names that are declared complex."""
        span = span_of(token)[0], self._closed(span_of(inside[-1])[1]) if inside else span_of(token)[1]
        names_matrix = "H" not in self.values or "H" in self.context.complex_names
        if (shown == "H" and names_matrix) or shown == "†":
            return place("TRANSPOSE", ADJOINT, span)
        return place("TRANSPOSE", CONJUGATE, span) if shown in _STARS else None

    def _adjoint_of_real(self, mark: Token, shown: str, span: tuple[int, int]) -> None:
        """The conjugate transpose of what is real."""
        self.out.append(place("TRANSPOSE", "^T", span))
        message = f"{shown} is read as the transpose, which the adjoint of a real array is: all arrays are real"
        self._note(message, "declare one complex, as in z: complex vector(n), for the conjugate transpose", span)

    def _is_matrix(self, base: Token) -> bool:
        """Whether it is a capital: with a matrix H as its exponent it has no meaning, and H^H is a transpose."""
        return base.type == "NAME" and base[0].isupper() and "H" not in self.context.declared

    def _is_normed(self, base: Token) -> bool:
        """Whether a norm stands in the text, and this is a letter of vectors, which have no powers there."""
        return base.type == "NAME" and re.match("[h-z](?![a-z])", base) is not None and _has_norm(self.tokens)

    def _is_transpose(self, following: Token | None) -> bool:
        """X^t, x^t y and (A x - b)^t y, where t has no value and is no index."""
        if "t" in self.values | self.indices | self.bound or any(
            "t" in found for found in (*self.iterates.values(), *self.labels.values())
        ):
            return False
        last = self.out[-1]
        followed = following is not None and following.type in _STARTS
        if last.type in _OPENS:
            return followed and self._holds_array(_OPENS[last.type])
        name = canonical_name(last)
        latin = last.type == "NAME" and not is_greek(name)
        return latin and (name[0].isupper() or (followed and name != "e"))

    def _holds_array(self, opener: str) -> bool:
        """Whether a capital, or a letter of vectors, stands in the bracket that was just closed, and no number."""
        start = max((i for i, t in enumerate(self.out) if t.type == opener), default=0)
        inside = self.out[start:]
        names = [canonical_name(t) for t in inside if t.type == "NAME"]
        return any(re.match("[A-Zu-z]", n) for n in names) and not any(t.type == "NUMBER" for t in inside)

    def _check_operator(self, name: Token, following: Sequence[Token]) -> None:
        r"""\mathcal{P}(X) may be an operator."""
        if following and following[0].type == "LPAR" and canonical_name(name) not in self.context.declared:
            message = f"{name} before a bracket may be an operator or a factor"
            declaration = f"{canonical_name(name)}: function(matrix(n, n)) -> vector(m)"
            operator = declare(self.context.text, declaration, sentence="declare {} where it is an operator")
            raise self._function_or_factor(message, name, following[0], operator)

    def _function_or_factor(
        self, message: str, name: Token, bracket: Token, function: Hint | None = None
    ) -> SyntaxFault:
        sign = r"\cdot" if self.context.latex else "*"
        before = (span_of(bracket)[0],) * 2
        offers = Offers("write {} before the bracket for a product", ((sign, replaced(before, f" {sign} ")),))
        hint, text = either(function, Hint(offers)), self.context.text
        return SyntaxFault(message, code="function-or-factor", text=text, span=span_of(name), hint=hint)

    def _transpose(self, mark: Token, letter: Token) -> None:
        span = span_of(mark)[0], span_of(letter)[1]
        self.out.append(place("TRANSPOSE", "^T", span))
        self._note("^t is read as the transpose", "write ^{(t)} for an index, or declare t: scalar for a power", span)

    def _is_index(self, shown: str) -> bool:
        """W^l and W^L, and beside them a^{l-1}, where l stands nowhere for a value"""
        found = _INDEX.fullmatch(shown)
        base, letter = self.out[-1], found.group(1) if found else ""
        named = base.type == "NAME" and base != "e" and letter not in self.values
        return bool(letter) and named and (base[0].isupper() or letter in self.layers | {"L"})

    def _name(self, mark: Token, inside: Sequence[Token], shown: str) -> None:
        base = self.out.pop()
        joint = "_" if shown in self.bound else RAISED
        span = span_of(base)[0], span_of(inside[-1])[1]
        self.out.append(place("NAME", f"{canonical_name(base)}{joint}{index_words(shown)}", span))
        letter = shown[0]
        if letter not in self.bound | self.noted:
            self.noted.add(letter)
            message = f"{letter} is read as an index of {base}, which makes another name of it"
            self._note(message, f"write ({base})^{{{shown}}} for a power", span)

    def _iterate(self, mark: Token, inside: Sequence[Token], shown: str) -> SyntaxFault:
        """The question whether a superscript counts steps: with all of them in brackets, or all of what is raised."""
        text, base = self.context.text, self.out[-1]
        source = text[slice(*span_of(base))]
        raised = rf"(?<![\w\\]){re.escape(source)}\s*\^\s*(?:\{{\s*({_ITERATION})\s*\}}|({_ITERATION[:4]})(?!\w))"
        places = [(found.span(), found[1] or found[2]) for found in re.finditer(raised, text)]
        names = Fix(tuple((span, f"{source}^{{({index})}}") for span, index in places))
        powers = Fix(tuple((span, f"({source})^{{{index}}}") for span, index in places))
        message = f"{text[span_of(base)[0] : self._closed(span_of(inside[-1])[1])]} may be a power or an iterate"
        words = (f"{source}^{{({shown})}} for an iterate", f"({source})^{{{shown}}} for a power")
        hint = Hint(Offers("write {}", tuple(zip(words, (names, powers), strict=True))))
        return SyntaxFault(message, code="mark", text=text, span=span_of(mark), hint=hint)

    def _closed(self, end: int) -> int:
        return end + (self.context.text[end : end + 1] == "}")

    def _signed_name(self, mark: Token, shown: str, end: int) -> None:
        """x^*, an optimum where no factor follows, and x^{-}"""
        base = self.out[-1]
        followed = end < len(self.tokens) and self.tokens[end].type in _STARTS
        if shown in "*∗" and (base[0].isupper() or followed):
            raise self._adjoint(mark)
        self.out[-1] = place("NAME", f"{canonical_name(base)}{RAISED}{index_words(shown)}", span_of(base))

    def _adjoint(self, mark: Token) -> SyntaxFault:
        hint = "the transpose is X^T, the name of an optimum x_star"
        message = "^* may be the adjoint or a name"
        return SyntaxFault(message, code="mark", text=self.context.text, span=span_of(mark), hint=hint)

    def _note(self, message: str, hint: str, span: tuple[int, int]) -> None:
        self.context.notes.append(Note(message, hint or None, "mark", self.context.text, span))


def _superscript(tokens: Sequence[Token], start: int) -> tuple[int, list[Token]]:
    """Where the superscript ends that begins here, and its tokens without braces; of long ones none."""
    if start < len(tokens) and tokens[start].type == "LBRACE":
        short = tokens[start : start + _LONGEST]
        end = next((i for i, t in enumerate(short) if t.type == "RBRACE"), 0)
        return start + end + 1, list(short[1:end])
    return start + 1, list(tokens[start : start + 1])


def _iterates(tokens: Sequence[Token], values: Collection[str]) -> dict[str, set[str]]:
    """Names that are raised to k and to k + 1, where k has no value, x^{k+1} - x^k, or beside a norm to the same: x^k - z^k."""
    raised: dict[str, set[str]] = {}
    for i, token in enumerate(tokens[:-2]):
        if token.type == "NAME" and tokens[i + 1] == "^":
            shown = "".join(map(str, _superscript(tokens, i + 2)[1]))
            if re.fullmatch(_ITERATION, shown) and shown[0] not in values:
                raised.setdefault(canonical_name(token), set()).add(shown)
    has_norm = _has_norm(tokens)
    stepping = {name for name, shown in _steps(tokens) if has_norm and re.fullmatch(_ITERATION, shown)}
    alike = has_norm and len(raised) > 1
    return {
        name: found
        for name, found in raised.items()
        if len(found) > 1 or name in stepping or (alike and re.match("[u-z]", name))
    }


def _has_norm(tokens: Sequence[Token]) -> bool:
    """Whether ‖ or || stands in the text."""
    bars = [span_of(token) for token in tokens if token.type == "BAR" and token != "‖"]
    doubled = any(first[1] == second[0] for first, second in pairwise(bars))
    return doubled or any(token == "‖" or token.type == "NORM_OPEN" for token in tokens)


def _steps(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """w - w^t and w^t - w: what differs from the same name without the superscript is one of its steps."""
    for i, token in enumerate(tokens[:-2]):
        if token.type != "NAME" or tokens[i + 1] != "^":
            continue
        end, inside = _superscript(tokens, i + 2)
        before, behind = tokens[max(i - 2, 0) : i], tokens[end : end + 2]
        beside = [list(before)[::-1], list(behind)]
        if any(
            len(pair) == 2 and pair[0] == "-" and canonical_name(pair[1]) == canonical_name(token) for pair in beside
        ):
            yield canonical_name(token), "".join(map(str, inside))


def _labels(tokens: Sequence[Token]) -> dict[str, frozenset[str]]:
    r"""Letters that tell vectors apart, as in \|x^a - x^p\|: what differs from the same name with another one, where they stand nowhere else."""
    raised: dict[str, set[str]] = {}
    for i, token in enumerate(tokens[:-2]):
        if token.type == "NAME" and tokens[i + 1] == "^":
            end, inside = _superscript(tokens, i + 2)
            if [t.type for t in inside] == ["NAME"] and re.fullmatch("[a-z]", inside[0]):
                others = raised.setdefault(canonical_name(token), set())
                is_compared = tokens[i - 1] == "-" or (end < len(tokens) and tokens[end] == "-")
                others.update([str(inside[0])] if is_compared else [])
    raised = {name: found for name, found in raised.items() if len(found) > 1 and re.match("[f-z](?![a-z])", name)}
    behind = Counter(str(t) for i, t in enumerate(tokens) if tokens[i - 1] == "^" or tokens[i - 2 : i] == ["^", "{"])
    total = Counter(str(t) for t in tokens)
    return {name: frozenset(c for c in found if behind[c] == total[c]) for name, found in raised.items()}


def _raised_letters(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Names with the letter of the index that is raised behind them."""
    for i, token in enumerate(tokens[:-2]):
        if token.type == "NAME" and tokens[i + 1] == "^":
            found = _INDEX.fullmatch("".join(map(str, _superscript(tokens, i + 2)[1])))
            if found:
                yield token, found.group(1)


def _outside_of_marks(tokens: Sequence[Token]) -> Iterator[Token]:
    """All tokens but those of superscripts that may be marks."""
    position = 0
    while position < len(tokens):
        if tokens[position] == "^":
            end, inside = _superscript(tokens, position + 1)
            if re.fullmatch(rf"{_ITERATION}|{_INDEX.pattern}|H", "".join(map(str, inside))):
                position = end
                continue
        yield tokens[position]
        position += 1
