"""The plain dialect's other spellings, on tokens: Tr(X), tr[A X], log det X, ln|A|, transpose(X), x(1), X(:), I(n)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import Span, SyntaxFault
from matcalc.language.mends.hints import write
from matcalc.language.signs.text_signs import sum_end
from matcalc.language.surface.bars import closes, place, span_of
from matcalc.language.words.names import canonical_name
from matcalc.language.words.plain.plain_operands import Operands
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["NORM_WORDS", "plainly"]

#: Names of functions in other letters, before a bracket.
SPELLED = {
    **dict.fromkeys(["Tr", "TR", "Trace"], "tr"),
    **dict.fromkeys(["Det", "Determinant"], "det"),
    **dict.fromkeys(["Inverse", "Inv"], "inv"),
    "Norm": "norm",
    "Diag": "diag",
    "Kron": "kron",
    **{f"log_{base}": name for base, name in (("2", "log2"), ("10", "log10"), ("e", "log"))},
    "Vec": "vec",
    **{
        name.capitalize(): name
        for name in "log ln exp sqrt sin cos tan sinh cosh tanh abs sign max min sum mean".split()
    },
}
#: Functions that are postfix signs here.
TRANSPOSITIONS = frozenset({"transpose", "Transpose", "ctranspose"})
#: Functions that take the whole product behind them.
OF_PRODUCTS = frozenset({"tr", "trace"})
#: Functions that are written without brackets, as in log det X.
BARE = frozenset(
    "log ln exp sqrt sin cos tan asin acos atan sinh cosh tanh det logdet tr trace diag vec abs sign sigmoid".split()
)
#: Names that are functions rather than arrays: f(1) is a value.
_NO_ARRAYS = frozenset("f g h phi psi F G H zeta".split())
#: Norms that are named in an argument, as in norm(X, 'fro').
NORM_WORDS = frozenset("fro Fro F nuc nuclear inf Inf infty spec op".split())
#: An index of more tokens is none.
LONGEST_INDEX = 12
_BEFORE_BRACKETS = frozenset({"LPAR", "LSQB"})
_RAISED = frozenset({"POWER", "SUPERSCRIPT"})


def plainly(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens of a plain text in the language's own spellings."""
    return _Spelling(tokens, context).run() if _is_concerned(tokens, context) else tokens


def _is_concerned(tokens: Sequence[Token], context: Reading) -> bool:
    """Whether a word in quotation marks, a name in other words, or one before brackets that they do not call stands there."""
    following = [*(t.type for t in tokens[1:]), ""]
    return any(
        token.type == "STRING" or (token.type == "NAME" and _is_other(token, behind, context))
        for token, behind in zip(tokens, following, strict=False)
    )


def _is_other(name: Token, behind: str, context: Reading) -> bool:
    if name in SPELLED or name == "Id":
        return True
    if behind != "LPAR":
        raised = behind in _RAISED and context.functions(canonical_name(name)) is not None
        return name in BARE or behind == "LSQB" or raised
    known = canonical_name(name)
    declared = known in context.declared or known in context.dimensions
    return declared or context.functions(known) is None or name in TRANSPOSITIONS


class _Spelling:
    """One walk from left to right; what closes a bracket that was added waits in `behind` for its place."""

    def __init__(self, tokens: Sequence[Token], context: Reading) -> None:
        self.tokens = list(tokens)
        self.context = context
        self.operands = Operands(tokens)
        self.out: list[Token] = []
        self.behind: dict[int, list[Token]] = defaultdict(list)

    def run(self) -> list[Token]:
        position = 0
        while position < len(self.tokens):
            self._close(position)
            position = self._step(position)
        self._close(len(self.tokens))
        return self.out

    def _close(self, i: int) -> None:
        self.out += reversed(self.behind.pop(i, []))

    def _step(self, i: int) -> int:
        """Write what begins here; the place behind it."""
        token = self.tokens[i]
        match token.type:
            case "STRING":
                self.out.append(self._word_of_norm(i, token))
                return i + 1
            case "NAME":
                return self._name(i, token)
        self.out.append(token)
        return i + 1

    def _name(self, i: int, token: Token) -> int:
        following = self.operands.type(i + 1)
        if canonical_name(token) in self.context.declared or canonical_name(token) in self.context.dimensions:
            return self._array(i, token)
        if following in _BEFORE_BRACKETS and token in TRANSPOSITIONS and i + 1 in self.operands.partner:
            return self._transposed(i)
        if token in ("I", "Id") and following == "LPAR" and self._is_size(i + 1):
            return self._renamed(i, "eye")
        if token == "Id":
            return self._renamed(i, "I")
        if following == "LSQB" and self.operands.touches(i) and self._is_function(i):
            return self._in_square_brackets(i, token)
        if token in SPELLED and following == "LPAR":
            return self._renamed(i, SPELLED[token])
        if (behind := self._power_of_function(i + 1)) and self._is_function(i):
            return self._raised(i, behind)
        if SPELLED.get(token, token) in BARE and following != "LPAR":
            return self._bare(i, place("NAME", SPELLED.get(token, token), span_of(token)))
        return self._array(i, token)

    def _power_of_function(self, i: int) -> int:
        """Where the bracket opens behind the power of sin^2(x) and sin²(x); 0 where there is none."""
        end = i + 1 if self.operands.type(i) == "SUPERSCRIPT" else i + 2 if self.operands.type(i) == "POWER" else 0
        is_number = end == i + 1 or self.operands.type(i + 1) == "NUMBER"
        return end if end and is_number and end in self.operands.partner and self.operands.type(end) == "LPAR" else 0

    def _raised(self, i: int, opener: int) -> int:
        """The function of the bracket, and its power behind it."""
        token = self.tokens[i]
        self.out.append(place("NAME", SPELLED.get(token, token), span_of(token)))
        self.behind[self.operands.partner[opener] + 1] += reversed(self.tokens[i + 1 : opener])
        return opener

    def _renamed(self, i: int, name: str) -> int:
        self.out.append(place("NAME", name, span_of(self.tokens[i])))
        return i + 1

    def _array(self, i: int, token: Token) -> int:
        if self._is_entry(i):
            return self._entry(i)
        self._check_product(i)
        self.out.append(token)
        return i + 1

    def _is_function(self, i: int) -> bool:
        """Whether this is the name of a function that is not declared otherwise."""
        if self.operands.type(i) != "NAME":
            return False
        token = self.tokens[i]
        name = canonical_name(token)
        if name in self.context.declared:
            return False
        return token in SPELLED or self.context.functions(name) is not None

    # Functions.

    def _called(self, i: int, function: Token, start: int, end: int) -> int:
        """The function of what stands between two places; where there is nothing it stands alone."""
        self.out.append(function)
        if end <= start:
            return i + 1
        left, right = span_of(self.tokens[start])[0], span_of(self.tokens[end - 1])[1]
        self.out.append(place("LPAR", "(", (left, left)))
        self.behind[end].append(place("RPAR", ")", (right, right)))
        return start

    def _bare(self, i: int, token: Token) -> int:
        """log det X, ln|A|, tr A B; what leaves open where the argument ends stays an error."""
        function, start = token, i + 1
        if token in ("log", "ln") and self.operands.type(start) == "NAME" and self.tokens[start] == "det":
            function = place("NAME", "logdet", (span_of(token)[0], span_of(self.tokens[start])[1]))
            start += 1
            if self.operands.type(start) == "LPAR":
                self.out.append(function)
                return start
        end = self._end_of_argument(token, start)
        if end == start or not self._ends_clearly(end):
            self.out.append(token)
            return i + 1
        return self._called(i, function, start, end)

    def _end_of_argument(self, function: Token, start: int) -> int:
        if start < len(self.tokens) and (end := sum_end(self.tokens, start)) > start:
            return end
        while self._is_function(start) and self.operands.type(start + 1) != "LPAR":
            function, start = self.tokens[start], start + 1
        if function in OF_PRODUCTS and not self._is_function(start):
            return self.operands.product_end(start, lambda i: self._is_function(i) or self._closes(i))
        return self.operands.end(start)

    def _closes(self, i: int) -> bool:
        """Whether this is a bar that closes one that is open."""
        token = self.tokens[i]
        return token.type == "BAR" and closes(token, token, self.out, self.context.text)

    def _ends_clearly(self, end: int) -> bool:
        """Whether no factor follows that might belong to the argument."""
        following = self.operands.type(end)
        if following == "BAR":
            return self._closes(end)
        if following == "OPERATOR":
            return end + 1 < len(self.tokens) and self._is_function(end + 1)
        return not self.operands.starts(end) or self._is_function(end)

    def _transposed(self, i: int) -> int:
        closer = self.operands.partner[i + 1]
        end = span_of(self.tokens[closer])[1]
        self.behind[closer + 1].append(place("TRANSPOSE", "^T", (end, end)))
        if self.tokens[i + 1].type == "LPAR":
            return i + 1
        self._put_round_brackets(i + 1, closer)
        return i + 2

    def _in_square_brackets(self, i: int, token: Token) -> int:
        """tr[A X]"""
        end = self.operands.partner.get(i + 1)
        self.out.append(token)
        if end is None or any(t.type in ("COLON", "SEMICOLON") for t in self.tokens[i + 2 : min(end, i + 4)]):
            return i + 1
        if token in SPELLED:
            self.out[-1] = place("NAME", SPELLED[token], span_of(token))
            self._note_entrywise(i + 2, end)
        self._put_round_brackets(i + 1, end)
        return i + 2

    def _put_round_brackets(self, opener: int, closer: int) -> None:
        self.out.append(place("LPAR", "(", span_of(self.tokens[opener])))
        self.tokens[closer] = place("RPAR", ")", span_of(self.tokens[closer]))

    def _note_entrywise(self, start: int, end: int) -> None:
        """The * of Mathematica, whose functions have capitals and square brackets, is entrywise."""
        sign = next((t for t in self.tokens[start:end] if t == "*"), None)
        if sign is not None and not any(note.code == "product-sign" for note in self.context.notes):
            message, hint = "* is the matrix product here", "Mathematica's product of the entries is .*"
            self.context.notes.append(Note(message, hint, "product-sign", self.context.text, span_of(sign)))

    def _word_of_norm(self, i: int, token: Token) -> Token:
        """'fro' of norm(X, 'fro')"""
        if not any(self._encloses(opener, i) for opener in self.operands.partner):
            hint = "a word in quotation marks names a norm: norm(X, 'fro')"
            raise SyntaxFault("there are no strings", text=self.context.text, span=span_of(token), hint=hint)
        word = token.strip("'\"")
        if word not in NORM_WORDS:
            message, hint = f"there is no norm {token}", f"norms are named {', '.join(sorted(NORM_WORDS))}"
            raise SyntaxFault(message, text=self.context.text, span=span_of(token), hint=hint)
        return place("NAME", word, span_of(token))

    def _encloses(self, opener: int, i: int) -> bool:
        """Whether this is the bracket of norm(…, 'fro')."""
        named = opener > 0 and self.tokens[opener - 1] in ("norm", "Norm")
        return named and self.operands.partner[opener] == i + 1

    # Sizes and entries.

    def _is_size(self, opener: int) -> bool:
        """(n) or (3)"""
        if self.operands.partner.get(opener) != opener + 2:
            return False
        inside = self.tokens[opener + 1]
        free = inside.type == "NAME" and canonical_name(inside) not in self.context.declared
        return (free and (len(inside) == 1 or inside in self.context.dimensions)) or inside.isdigit()

    def _is_entry(self, i: int) -> bool:
        """x(1), A(1, 2), A(:, 1) and X(:), directly behind a name that is no function."""
        end = self.operands.partner.get(i + 1)
        if end is None or end == i + 2 or self.operands.type(i + 1) != "LPAR" or not self.operands.touches(i):
            return False
        inside = self.tokens[i + 2 : min(end, i + 2 + LONGEST_INDEX)]
        if not all(t.type in ("COMMA", "COLON") or (t.isdigit() and t != "0") for t in inside):
            return False
        return not self._is_function(i) and self._may_be_array(i)

    def _may_be_array(self, i: int) -> bool:
        name = canonical_name(self.tokens[i])
        return name not in self.context.open_functions and name not in _NO_ARRAYS

    def _check_product(self, i: int) -> None:
        """x (1) and x(0) are no products that anybody writes."""
        opener = i + 1
        if self.operands.type(opener) != "LPAR" or self.operands.partner.get(opener) != opener + 2:
            return
        number, name = self.tokens[opener + 1], self.tokens[i]
        if not number.isdigit() or self._is_function(i) or not self._may_be_array(i):
            return
        message = "indices count from 1" if number == "0" else f"{name} before a bracket may be an array or a factor"
        offers = f"{name}[{1 if number == '0' else number}]", f"{number} * {name}"
        raise self._fault(message, self._span(i, opener + 3), "entry-or-factor", *offers)

    def _entry(self, i: int) -> int:
        opener = i + 1
        end = self.operands.partner[opener]
        name = self.tokens[i]
        if end == i + 3 and self.tokens[i + 2].type == "COLON":
            start = span_of(name)[0]
            self.out += [place("NAME", "vec", (start, start)), place("LPAR", "(", (start, start)), name]
            self.out.append(place("RPAR", ")", span_of(self.tokens[end])))
            return end + 1
        inside = self.tokens[opener + 1 : end]
        self.out += [name, place("LSQB", "[", span_of(self.tokens[opener])), *inside]
        self.out.append(place("RSQB", "]", span_of(self.tokens[end])))
        self._note_entry(i, end)
        return end + 1

    def _note_entry(self, i: int, end: int) -> None:
        source, name = self._source(i, end + 1), self.tokens[i]
        shown = f"{name}[{self._source(i + 2, end)}]"
        hint = f"write {name} * (…) for a product"
        note = Note(f"{source} is read as {shown}", hint, "entry", self.context.text, self._span(i, end + 1))
        self.context.notes.append(note)

    # Places.

    def _span(self, start: int, end: int) -> Span:
        return span_of(self.tokens[start])[0], span_of(self.tokens[end - 1])[1]

    def _source(self, start: int, end: int) -> str:
        return self.context.text[slice(*self._span(start, end))]

    def _fault(self, message: str, span: Span, code: str, *offers: str) -> SyntaxFault:
        return SyntaxFault(message, code=code, text=self.context.text, span=span, hint=write(span, *offers))
