"""Derivatives of functions that the text defines, marked on their names: f'(x), f_x, f_{xy}."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from matcalc.language.statements.scope import Operator, Scope
from matcalc.language.statements.signs.spelled_names import left_side, name_at
from matcalc.language.statements.tokens import Token
from matcalc.language.words.names import FUNCTION_LETTERS, PRIMES, is_greek, spelled

__all__ = ["below_defined", "primed", "primed_alone"]


def primed(side: Sequence[Token], scope: Scope) -> Operator | None:
    """The derivative that f'(x) on the left side of a claim is."""
    found = name_at(side, 0, latex=scope.latex)
    start = end = found[1] if found is not None else 0
    while end < len(side) and side[end].text in PRIMES:
        end += 1
    left = left_side([*side[:start], *side[end:]], scope.text, latex=scope.latex) if 0 < start < end else None
    if left is None:
        return None
    turns = left.arguments * (end - start) if len(left.arguments) == 1 else ()
    return Operator(turns, end - start, side, side[:start], side[:start])


def primed_alone(side: Sequence[Token], scope: Scope) -> Operator | None:
    """The derivative that f'(x) is where the text defines f, and nothing stands beside it; mu' is a transpose."""
    found = primed(side, scope)
    left = left_side(found.operand, scope.text, latex=scope.latex) if found is not None else None
    if left is None or not (
        scope.rows.get(left.name, False) or (left.name in FUNCTION_LETTERS and _is_defined(left.name, scope))
    ):
        return None
    return found


def below_defined(side: Sequence[Token], scope: Scope) -> Operator | None:
    """The derivative that f_x or f_{xy} is where the text defines f, and no f_x."""
    left = left_side(side, scope.text, latex=scope.latex) if side else None
    parts = spelled(left.name) if left is not None else None
    if left is None or parts is None or len(parts.below) != 1 or parts.above or parts.accent or side[0].kind != "word":
        return None
    if not _is_defined(parts.word, scope) or left.name in scope.declared or not parts.below[0].isalpha():
        return None
    below = parts.below[0]
    names = (below,) if is_greek(below) else tuple(below)
    name = replace(side[0], text=parts.word, end=side[0].start + len(parts.word))
    return Operator(names, len(names), side, [name], [name])


def _is_defined(name: str, scope: Scope) -> bool:
    return name in scope.defined or name in scope.rows
