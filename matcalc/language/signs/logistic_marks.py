"""σ(z) and σ'(z) before the grammar: the logistic function and its derivatives, with a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import Span
from matcalc.language.faults.function_faults import function_or_factor
from matcalc.language.signs.slopes import HIGHEST, LOGISTIC
from matcalc.language.surface.bars import place, span_of
from matcalc.language.words.names import PRIMES, canonical_name
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["LOGISTIC_HINT", "logistic", "mark_slopes"]

LOGISTIC_HINT = "the logistic function is sigmoid"


def mark_slopes(tokens: list[Token], bare: set[str], context: Reading) -> None:
    """σ'(z) is the derivative of the logistic function, as σ(z) is that function; the primes vanish."""
    if "sigma" in context.declared:
        return
    for i in reversed(range(len(tokens))):
        primes = _primes_before_bracket(tokens, i + 1, context) if canonical_name(tokens[i]) == "sigma" else 0
        if primes and tokens[i].type == "NAME":
            if primes > HIGHEST or "sigma" in bare:
                raise function_or_factor("sigma", span_of(tokens[i]), context.text, LOGISTIC_HINT)
            place_of_all = span_of(tokens[i])[0], span_of(tokens[i + primes])[1]
            tokens[i : i + primes + 1] = [logistic(tokens[i], context, place_of_all, primes)]


def _primes_before_bracket(tokens: Sequence[Token], i: int, context: Reading) -> int:
    """How many primes begin here, if a bracket follows that touches the last one, spaces of LaTeX apart."""
    end = i
    while end < len(tokens) and tokens[end].type == "TRANSPOSE" and tokens[end] in PRIMES:
        end += 1
    if end == i or end == len(tokens) or tokens[end].type != "LPAR":
        return 0
    return end - i if context.latex or tokens[end].start_pos == tokens[end - 1].end_pos else 0


def logistic(token: Token, context: Reading, span: Span, order: int = 0) -> Token:
    r"""σ(W x) is the logistic function, with a note; of a matrix it is asked for when its shape is known."""
    other = rf"{token} \cdot (…)" if context.latex else f"{token} * (…)"
    if order:
        other = rf"{token}^\top (…)" if context.latex else f"{token}^T (…)"
    hint = f"declare sigma: function for another one, or write {other} for a product"
    context.notes.append(Note("sigma is read as the logistic function", hint, "sigma", context.text, span))
    return place("FUNCTION", LOGISTIC + "'" * order, span)
