r"""A capital sigma with an index that stands for the sign of a sum: \frac12 \Sigma_i (y_i - w^\top x_i)^2."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language.latex.commands.latex_sums import term_behind
from matcalc.language.latex.latex_scan import joined
from matcalc.language.latex_letters.latex_operands import Source
from matcalc.language.signs.text_signs import follows_coefficient
from matcalc.language.surface.arrange import Reading, span_of
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = ["is_sign_of_sum"]

_INDEX = pattern(r"_(?:\{([a-z])(=[^{}]*)?\}|([a-z]))")
#: How many tokens an index with its limit may have.
_LONGEST = 10
_SIGMA = pattern(r"\\Sigma(?![A-Za-z])|Σ")
#: A bracket with a power, or a norm with one: what is summed, and nothing that a matrix would be multiplied by.
_RAISED = pattern(r"(?:\\(?:left|big\w*|Big\w*))?[(\[|].*[)\]|]\^\{?\d+\}?|\\(?:\|.*\\\||lVert.*\\rVert)\^\{?\d+\}?")

#: A function of entries: what a covariance is hardly multiplied by.
_FUNCTION = pattern(r"\\(?:log|ln|exp|max|min)(?![A-Za-z])")


def is_sign_of_sum(token: Token, source: Source, before: Sequence[Token], context: Reading) -> bool:
    r"""Whether \Sigma has limits, or nothing but a number before it and the power of a bracket with its index behind."""
    index = _INDEX.match(joined(source.tokens[-1 : -_LONGEST - 1 : -1])) if source.next_is("UNDERSCORE") else None
    if index is None:
        return False
    if index.group(2):
        return True
    letter = index.group(1) or index.group(3)
    if f"Sigma_{letter}" in context.declared or len(_SIGMA.findall(context.text)) != 1:
        return False
    if not follows_coefficient(before):
        return False
    term = joined(term_behind(source))
    if re.search(rf"_\{{?{letter}(?![A-Za-z])", term) is None:
        return False
    if _FUNCTION.search(term):
        hint = rf"write \sum_{letter} for the sum, or declare Sigma_{letter} for the matrix"
        message = rf"\Sigma_{letter} may be a sum or a matrix"
        raise SyntaxFault(message, code="sum", text=context.text, span=span_of(token), hint=hint)
    if _RAISED.fullmatch(term) is None:
        return False
    message = rf"\Sigma_{letter} is read as the sum over {letter}"
    context.notes.append(
        Note(message, f"declare Sigma_{letter} if it is a matrix", "sum", context.text, span_of(token))
    )
    return True
