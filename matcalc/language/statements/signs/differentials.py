r"""Differentials within a sign: the d of ``dx``, and the denominators of `\frac{\partial}{\partial x \partial y^2}`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from matcalc.expr.named_powers import power_name
from matcalc.functions import find
from matcalc.language.latex.latex_signs import UPRIGHT
from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.derived_functions import SUPERSCRIPTS
from matcalc.language.statements.signs.spelled_names import name_at, whole_name, whole_power
from matcalc.language.statements.tokens import Token, argument, group_end
from matcalc.language.words.names import canonical_name, is_greek

__all__ = [
    "after_d",
    "after_transpose",
    "denominator",
    "in_turn",
    "letters_of",
    "perturbed_names",
    "raised_number",
    "separated",
]

_D = frozenset(["d", "∂", r"\partial", r"\dd", r"\diff", "𝑑", "𝜕", "𝜕"])
_TRANSPOSES = frozenset(["T", r"\top", r"\intercal", "'", "⊤", "ᵀ", r"\mathsf", r"\mathrm", r"\prime", r"\mathit"])
#: What is higher counts as this; `matcalc.language.limits` refuses it.
HIGHEST_ORDER = 99


def raised_number(tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
    """A number that is raised, and the index behind it."""
    if i >= len(tokens):
        return None
    if tokens[i].text in SUPERSCRIPTS:
        return SUPERSCRIPTS[tokens[i].text], i + 1
    if tokens[i].text not in ("^", "**"):
        return None
    group, end = argument(tokens, i + 1)
    shown = "".join(t.text for t in group)
    if not (shown.isascii() and shown.isdigit() and shown.strip("0")):
        return None
    return (int(shown) if len(shown) < 3 else HIGHEST_ORDER, end)


def separated(tokens: Sequence[Token], scope: Scope) -> list[Token]:
    """The tokens with the d of dx and df standing alone; delta and det stay words."""
    return [part for token in tokens for part in _without_d(token, scope)]


def _without_d(token: Token, scope: Scope) -> Iterator[Token]:
    word = token.text
    whole = token.kind != "word" or len(word) == 1 or word in scope.declared
    if whole or word[0] not in "d" or (not scope.latex and (is_greek(canonical_name(word)) or find(word) is not None)):
        yield token
        return
    pieces = list(word) if scope.latex else ["d", word[1:]]
    if not scope.latex and len(word) == 4 and word[2] == "d":
        pieces = list(word)
    start = token.start
    for piece in pieces:
        yield replace(token, text=piece, start=start, end=start + len(piece))
        start += len(piece)


def perturbed_names(tokens: Sequence[Token], scope: Scope) -> Iterator[str]:
    """The names behind a d: X of dX and of \\mathrm{d} X."""
    parts = [part for token in tokens for part in (letters_of(token) if scope.latex else _without_d(token, scope))]
    for i in range(len(parts)):
        start = after_d(parts, i, scope)
        named = name_at(parts, start, latex=scope.latex) if start is not None else None
        if named is not None:
            yield named[0]


def letters_of(token: Token) -> list[Token]:
    if token.kind != "word":
        return [token]
    starts = enumerate(token.text, token.start)
    return [replace(token, text=letter, start=start, end=start + 1) for start, letter in starts]


def after_d(tokens: Sequence[Token], i: int, scope: Scope) -> int | None:
    """The index behind a sign of a differential."""
    while i < len(tokens) and tokens[i].text in UPRIGHT:
        i += 1
    if i >= len(tokens) or not (tokens[i].text in _D and tokens[i].text not in scope.declared):
        return None
    return i + 1


#: A variable of a denominator, and the number behind it.
_Turn = tuple[str, int]


def denominator(
    tokens: Sequence[Token], scope: Scope, most: int | None = None
) -> tuple[tuple[_Turn, ...], Sequence[Token]] | None:
    """The variables of a denominator, and what is left behind them; at most ``most`` variables are taken."""
    if tokens and tokens[0].text == "(":
        end = group_end(tokens, 0)
        found = denominator(tokens[1:end], scope)
        if found is None or found[1]:
            return None
        raised = raised_number(tokens, end + 1)
        times, rest = raised or (1, end + 1)
        return found[0] * times, tokens[rest:]
    turns: list[_Turn] = []
    i = 0
    while i < len(tokens) and (most is None or sum(times for _, times in turns) < most):
        turn = _turn(tokens, i, scope)
        if turn is None:
            break
        taken, i = turn
        turns.append(taken)
    return (tuple(turns), tokens[i:]) if turns else None


def _turn(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[_Turn, int] | None:
    r"""One differential of a denominator: dx, \partial x^2, \partial x^\top, \partial (\sigma^2), \partial \operatorname{vec}(X)^\top."""
    start = after_d(tokens, i, scope)
    named = None if start is None else _stacked_at(tokens, start, scope) or _power_at(tokens, start, scope)
    if named is None and start is not None:
        named = name_at(tokens, start, latex=scope.latex)
    if named is None:
        return None
    name, i = named
    raised = raised_number(tokens, i)
    if raised is not None:
        return (name, raised[0]), raised[1]
    return (name, 1), after_transpose(tokens, i)


def _power_at(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[str, int] | None:
    """(sigma^2) in brackets is one variable, and so is a name in brackets at the end."""
    if i >= len(tokens) or tokens[i].text not in ("(", "{"):
        return None
    end = group_end(tokens, i)
    inside = tokens[i + 1 : end]
    name = whole_power(inside, latex=scope.latex)
    if name is None and tokens[i].text == "(" and end + 1 >= len(tokens):
        name = whole_name(inside, latex=scope.latex)
    return None if name is None else (name, end + 1)


def _stacked_at(tokens: Sequence[Token], i: int, scope: Scope) -> tuple[str, int] | None:
    """vec(X) or vec X: the derivative by its entries in a column is that by X."""
    if i + 1 >= len(tokens) or tokens[i].text != "vec":
        return None
    if tokens[i + 1].text != "(":
        return name_at(tokens, i + 1, latex=scope.latex)
    end = group_end(tokens, i + 1)
    name = whole_name(tokens[i + 2 : end], latex=scope.latex)
    return None if name is None else (name, end + 1)


def in_turn(turns: Sequence[_Turn], order: int) -> tuple[str, ...]:
    r"""The variables in turn; where their number is another, \sigma^2 is one variable."""
    if sum(times for _, times in turns) != order:
        if len(turns) == order:
            return tuple(power_name(name, times) if times > 1 else name for name, times in turns)
        if len(turns) == 1 and turns[0][1] % order == 0:
            return (power_name(turns[0][0], turns[0][1] // order),) * order
    return tuple(name for name, times in turns for _ in range(times))


def after_transpose(tokens: Sequence[Token], i: int) -> int:
    if i < len(tokens) and tokens[i].text in ("'", "ᵀ", "⊤"):
        return i + 1
    if i + 1 < len(tokens) and tokens[i].text == "^":
        group, end = argument(tokens, i + 1)
        if group and all(t.text in _TRANSPOSES or t.text in ("{", "}") for t in group):
            return end
    return i
