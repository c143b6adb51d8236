"""Primes that name another vector: in w^T φ' - w^T φ nobody transposes the φ of the next state."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language.mends.hints import write
from matcalc.language.surface.bars import span_of
from matcalc.language.words.names import PRIMES, canonical_name

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["check_primes", "primed_names", "without_index"]

_BRACKETS = frozenset("LPAR LSQB LBRACE LANGLE NORM_OPEN ABS_OPEN".split())
_OPENS = _BRACKETS | {"SIGN", "BAR"}
_CLOSES = frozenset("RPAR RSQB RBRACE RANGLE NORM_CLOSE ABS_CLOSE BAR".split())
_FACTORS = frozenset("NAME TRANSPOSE INVERSE_TRANSPOSE SUPERSCRIPT".split())
_GOES_ON = frozenset("NAME NUMBER FUNCTION LPAR LBRACE NORM_OPEN OPERATOR".split())


def check_primes(tokens: Sequence[Token], context: Reading) -> None:
    """Raises SyntaxFault for a primed letter where a row has no meaning.

    That is behind a row, w^T x', where the letter itself stands behind a row, too.
    """
    if not any(token.type == "TRANSPOSE" and token in PRIMES for token in tokens):
        return
    bare = {canonical_name(tokens[i]) for i in _behind_rows(tokens) if not _is_primed(tokens, i)}
    for i in _behind_rows(tokens):
        name = canonical_name(tokens[i])
        behind = tokens[i + 2].type if i + 2 < len(tokens) else ""
        if name in bare and _is_primed(tokens, i) and behind not in _GOES_ON and name not in context.declared:
            raise _question(tokens[i], tokens[i + 1], context)


def primed_names(tokens: Sequence[Token], declared: Container[str]) -> Iterator[str]:
    """The x of x'^T and {x'}^T, which nobody transposes twice, of x' - A x and x^T x', where no row fits, and of V(x') - V(x)."""
    yield from (name for name in _other_arguments(tokens) if name not in declared)
    places = (*_beside_itself(tokens), *_behind_own_rows(tokens))
    yield from (name for i in places if (name := canonical_name(tokens[i])) not in declared)
    for i, token in enumerate(tokens[:-2]):
        if token.type == "NAME" and _is_primed(tokens, i):
            behind = next((t for t in tokens[i + 2 : i + 5] if t.type != "RBRACE"), token)
            if behind.type == "TRANSPOSE" and behind not in PRIMES:
                yield canonical_name(token)


def _other_arguments(tokens: Sequence[Token]) -> Iterator[str]:
    """The small letters that are, with and without a prime, arguments of one function: V(s') - V(s)."""
    plain, primed = set[tuple[str, str]](), set[tuple[str, str]]()
    for i in range(len(tokens) - 2):
        if tokens[i].type in ("NAME", "FUNCTION") and tokens[i + 1].type == "LPAR":
            for k in _arguments(tokens, i + 2):
                (primed if _is_primed(tokens, k) else plain).add((str(tokens[i]), canonical_name(tokens[k])))
    yield from (letter for _, letter in sorted(primed & plain))


def _arguments(tokens: Sequence[Token], i: int) -> Iterator[int]:
    """The small letters in a bracket that are arguments alone, up to the first one that is more."""
    while i + 1 < len(tokens) and tokens[i].type == "NAME" and tokens[i][0].islower():
        end = i + 1
        while end < len(tokens) and tokens[end] in PRIMES:
            end += 1
        if end >= len(tokens) or tokens[end].type not in ("COMMA", "RPAR"):
            return
        yield i
        if tokens[end].type == "RPAR":
            return
        i = end + 1


def _beside_itself(tokens: Sequence[Token]) -> Iterator[int]:
    """The small letters that are, primed, a term of a sum, of which another term ends with the letter: x' - A x."""
    for i, token in enumerate(tokens):
        if token.type != "NAME" or not token[0].islower() or not _is_primed(tokens, i):
            continue
        if (i == 0 or tokens[i - 1].type in _OPENS) and _ends(tokens, i + 2):
            if any(tokens[k] == token and _ends(tokens, k + 1) for k in _same_level(tokens, i)):
                yield i


def _behind_own_rows(tokens: Sequence[Token]) -> Iterator[int]:
    """The small letters that are primed in a product with their own row, written with another sign: x^T A x'."""
    for i, token in enumerate(tokens):
        if token.type == "NAME" and token[0].islower() and i > 1 and _is_primed(tokens, i):
            k = i - 1
            while k > 1 and not _is_row(tokens, k) and tokens[k].type in _FACTORS:
                k -= 1
            if _is_row(tokens, k) and without_index(tokens[k - 1]) == without_index(token):
                yield i


def _is_row(tokens: Sequence[Token], i: int) -> bool:
    """Whether this is the sign of a row x^T."""
    return i > 0 and tokens[i].type == "TRANSPOSE" and tokens[i] not in PRIMES and tokens[i - 1].type == "NAME"


def without_index(name: str) -> str:
    """z of z_i: the letter of a family, or of a name with a subscript."""
    return canonical_name(name).partition("_")[0]


def _ends(tokens: Sequence[Token], i: int) -> bool:
    """Whether a term ends before this place."""
    return i >= len(tokens) or tokens[i].type == "SIGN" or tokens[i].type in _CLOSES


def _same_level(tokens: Sequence[Token], start: int) -> Iterator[int]:
    """The places in the same bracket, on either side."""
    for step in (1, -1):
        depth, i = 0, start + step
        while 0 <= i < len(tokens):
            inwards = tokens[i].type in (_BRACKETS if step == 1 else _CLOSES)
            outwards = tokens[i].type in (_CLOSES if step == 1 else _BRACKETS)
            depth += inwards - outwards
            if depth < 0 or tokens[i].type == "BAR":
                break
            if depth == 0 and not outwards:
                yield i
            i += step


def _behind_rows(tokens: Sequence[Token]) -> Iterator[int]:
    """The small letters directly behind a transpose that is no prime."""
    for i in range(1, len(tokens)):
        before = tokens[i - 1]
        if tokens[i].type == "NAME" and tokens[i][0].islower() and before.type == "TRANSPOSE" and before not in PRIMES:
            yield i


def _is_primed(tokens: Sequence[Token], i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i + 1].type == "TRANSPOSE" and tokens[i + 1] in PRIMES


def _question(name: Token, mark: Token, context: Reading) -> SyntaxFault:
    start, end = span_of(name)[0], span_of(mark)[1]
    source = context.text[slice(*span_of(name))]
    other, row = (
        (rf"{source}_{{\text{{next}}}}", rf"{source}^\top") if context.latex else (f"{source}_next", f"{source}^T")
    )
    return SyntaxFault(
        f"{source}' may be another name or a transpose",
        code="prime",
        text=context.text,
        span=(start, end),
        hint=write((start, end), (other, "for another name"), (row, "for the transpose")),
    )
