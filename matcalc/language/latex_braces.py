r"""Braces that were typed as brackets: {A + B} x is set as A + B x, and {A B}^T as A B^T."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matcalc.language import latex_signs as signs
from matcalc.language.bars import ENDS_VALUE
from matcalc.language.latex_operands import Source
from matcalc.language.latex_scan import is_value_start
from matcalc.language.tokens import Token

__all__ = ["are_meant_to_group", "are_typed", "has_terms"]

_RAISED = frozenset("CARET TRANSPOSE SUPERSCRIPT INVERSE_TRANSPOSE PSEUDOINVERSE FACTORIAL".split())


def are_typed(brace: Token) -> bool:
    """Whether the brace stands in the text: those that the expansion writes have no width."""
    return brace.start_pos != brace.end_pos


def are_meant_to_group(inside: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """Whether the braces would mean something else than what is set: a sum beside a factor, a product that is raised."""
    raised = after is not None and after.type in _RAISED
    if has_terms(inside):
        return raised or _binds_left(before) or _binds_right(after)
    return raised and not _is_one_factor(inside)


def has_terms(inside: Sequence[Token]) -> bool:
    """Whether a sum stands there, outside of further brackets."""
    top = Source([], "").top_level(inside)
    return any(t.type == "SIGN" and before.type not in _MARKS for before, t in pairwise(top))


_MARKS = frozenset({"CARET", "UNDERSCORE"})


def _binds_left(before: Token | None) -> bool:
    return before is not None and (before.type in ENDS_VALUE or before.type == "OPERATOR" or before in ("-", "−", "–"))


def _binds_right(after: Token | None) -> bool:
    if after is None or signs.BRACKETS.get(after, (after.type, ""))[0] == "BAR":
        return False
    return after.type == "OPERATOR" or after in signs.OPERATORS or is_value_start(after)


def _is_one_factor(inside: Sequence[Token]) -> bool:
    source = Source([t for t in inside if t not in signs.IGNORED], "")
    source.operand(lambda: False)
    return not source
