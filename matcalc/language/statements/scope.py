"""Where signs of derivatives are looked for, and what one says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from matcalc.language.statements.tokens import Token
from matcalc.records import dataclass

__all__ = ["Operator", "Scope"]


@dataclass(frozen=True)
class Scope:
    """Where an operator is looked for.

    Attributes:
        text: the whole text.
        latex: its dialect.
        declared: names that ``where`` declares or defines: they are no operators.
        defined: those that stand for an expression.
        functions: those that are declared as functions.
        rows: those that rows of the text define, each with whether its arguments are named, as in f(x) = ….
    """

    text: str
    latex: bool
    declared: frozenset[str]
    defined: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    rows: Mapping[str, bool] = field(default_factory=dict)

    def spelled(self, tokens: Sequence[Token]) -> str:
        """What was typed for these tokens, on one line."""
        return " ".join(self.text[tokens[0].start : tokens[-1].end].split()) if tokens else ""


@dataclass(frozen=True)
class Operator:
    """A sign of a derivative.

    Attributes:
        variables: by what it differentiates, in turn; empty where it does not say.
        choices: several names of which any may be meant.
        order: how often it differentiates.
        head: its own tokens.
        operand: the tokens behind it.
        function: the tokens of the function that stands within it, as above a fraction; else None.
        is_spoken: whether it is a word: gradient of f(x) = x^T x.
    """

    variables: tuple[str, ...]
    order: int
    head: Sequence[Token]
    operand: Sequence[Token]
    function: Sequence[Token] | None = None
    choices: tuple[str, ...] = ()
    is_spoken: bool = False
