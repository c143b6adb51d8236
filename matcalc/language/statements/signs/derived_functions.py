"""Signs of derivatives that belong to functions without an expression: the value of ∇f(x) is one of the terms of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from matcalc.functions import find
from matcalc.language.statements.signs.spelled_names import name_at
from matcalc.language.statements.tokens import Token, argument
from matcalc.language.words.names import FUNCTION_LETTERS
from matcalc.patterns import pattern

if TYPE_CHECKING:
    from matcalc.language.statements.scope import Scope

__all__ = ["SUPERSCRIPTS", "is_gradient_of", "is_of_function"]

SUPERSCRIPTS = {"²": 2, "³": 3, "⁴": 4}
_DIGITS_BELOW = frozenset("₁₂₃₄₅₆₇₈₉")
_EQUALS = pattern("[=≔≜≡]")


def is_of_function(tokens: Sequence[Token], scope: Scope, *, leading: bool = False) -> bool:
    """Whether a sign belongs to a function without an expression: ∇f(x) and ∂_1 f(x, y) are its derivatives' values.

    One that is not declared, either, has to stand before a bracket; ``leading`` an equation it would be what that is of.
    """
    end, by_number = _behind_numbers(tokens)
    if tokens[end : end + 1] and tokens[end].text in ("<", "⟨", r"\langle"):
        return True
    named = name_at(tokens, end, latex=scope.latex)
    if named is None or not tokens[named[1] : named[1] + 1]:
        return False
    signed = by_number or tokens[0].text in ("∇", r"\nabla")
    undeclared = signed and tokens[named[1]].text == "(" and _is_undefined(tokens[named[1] - 1], named[0], scope)
    return named[0] in scope.functions or (undeclared and not (leading and _EQUALS.search(scope.text)))


def _behind_numbers(tokens: Sequence[Token]) -> tuple[int, bool]:
    """The place behind a sign with an order and the numbers of arguments, and whether it has such: ∂_12, ∇^2."""
    end, by_number = 1, False
    while end + 1 < len(tokens):
        below = tokens[end].text in _DIGITS_BELOW
        if below or tokens[end].text in SUPERSCRIPTS:
            by_number, end = by_number or below, end + 1
            continue
        if tokens[end].text not in ("_", "^"):
            break
        group, after = argument(tokens, end + 1)
        if not all(t.kind == "number" or t.text in ("{", "}", ",") for t in group):
            break
        by_number = by_number or tokens[end].text == "_"
        end = after
    return end, by_number


def _is_undefined(last: Token, name: str, scope: Scope) -> bool:
    """Whether nothing in the text says what a name before a bracket is; it stands nowhere else."""
    if name in scope.declared or find(name) is not None:
        return False
    return _stands_for_function(last.text, scope.text)


@lru_cache(8)
def _stands_for_function(name: str, text: str) -> bool:
    """Whether a bracket follows wherever the name stands, and no sign of a definition."""
    spelled = re.escape(name) + (r"(?![A-Za-z])" if name[-1:].isalpha() else "")
    before = r"(?<![A-Za-z\\])" if name[:1].isalpha() else ""
    standing = re.findall(rf"{before}{spelled}['′]*\s*(?:\\left\s*)?(\()?([^()=]*\)\s*[:=])?", text)
    return all(bracket and not defined for bracket, defined in standing)


def is_gradient_of(name: str, following: Sequence[Token], scope: Scope) -> bool:
    """Whether grad_f stands for the gradient of a function f, before its arguments."""
    letter = name in FUNCTION_LETTERS and name not in scope.declared
    return bool(following) and following[0].text == "(" and (letter or name in scope.functions)
