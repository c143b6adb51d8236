"""σ(z) and σ'(z) before the grammar: the logistic function and its derivatives, with a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import Span
from matcalc.language.faults.function_faults import function_or_factor
from matcalc.language.signs.called.slopes import HIGHEST, LOGISTIC
from matcalc.language.surface.bars import place, span_of
from matcalc.language.surface.brackets import Brackets
from matcalc.language.surface.tree import EXPONENTIAL
from matcalc.language.words.names import PRIMES, canonical_name
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["LOGISTIC_HINT", "is_steepness", "logistic", "mark_slopes", "note_powers", "steepness"]

_EXPONENT = frozenset("LBRACE NUMBER RBRACE".split())
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


def note_powers(tokens: Sequence[Token], context: Reading) -> None:
    """σ^2 (W x) is a variance times W x: a note says how the square of the logistic function is written."""
    if "sigma" in context.declared:
        return
    for i, token in enumerate(tokens[:-3]):
        if token.type != "NAME" or canonical_name(token) != "sigma" or tokens[i + 1].type != "POWER":
            continue
        bracket = next((k for k in range(i + 2, min(i + 6, len(tokens))) if tokens[k].type not in _EXPONENT), i)
        if tokens[bracket].type == "LPAR" and _holds_column(tokens, bracket):
            other = rf"{token}(…)^2" if context.latex else "sigmoid(…).^2"
            hint = f"write {other} for the square of the logistic function"
            context.notes.append(Note("sigma^2 is read as a factor", hint, "sigma", context.text, span_of(token)))
            return


def _holds_column(tokens: Sequence[Token], bracket: int) -> bool:
    """Whether a bracket holds W x, which needs none behind a factor, and nothing is raised behind it."""
    closer = Brackets(tokens).closer(bracket)
    inside = [t for t in tokens[bracket + 1 : closer] if t.type not in ("LBRACE", "RBRACE")]
    raised = closer + 1 < len(tokens) and tokens[closer + 1].type in ("POWER", "SUPERSCRIPT", "TRANSPOSE")
    return len(inside) > 1 and all(t.type == "NAME" for t in inside) and inside[-1][0].islower() and not raised


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


def is_steepness(tokens: Sequence[Token], i: int) -> bool:
    r"""Whether it multiplies the difference in e^{-\sigma (s_i - s_j)}, from which logistic functions are made, as all others do."""
    brackets = Brackets(tokens)
    called = (
        k for k in range(len(tokens) - 1) if canonical_name(tokens[k]) == "sigma" and tokens[k + 1].type == "LPAR"
    )
    return all(_multiplies_difference(tokens, k, brackets) for k in called) and LOGISTIC not in tokens[:i]


def _multiplies_difference(tokens: Sequence[Token], i: int, brackets: Brackets) -> bool:
    """Whether it stands behind the minus of an exponent, before a difference that ends it."""
    before = [str(t) for t in tokens[max(i - 4, 0) : i]]
    closer = brackets.closer(i + 1)
    alone = closer + 1 < len(tokens) and tokens[closer + 1].type == "RPAR"
    raised = before[-3:-2] in (["exp"], [EXPONENTIAL]) or before[-4:-2] == ["e", "^"]
    return alone and raised and before[-2:] == ["(", "-"] and "-" in tokens[i + 3 : closer]


def steepness(token: Token, context: Reading) -> Note:
    """What a reader has to know of a sigma that is read as a factor."""
    function = r"\operatorname{sigmoid}(…)" if context.latex else "sigmoid(…)"
    message, hint = "sigma is read as a factor", f"write {function} for the logistic function"
    return Note(message, hint, "sigma", context.text, span_of(token))
