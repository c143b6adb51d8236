r"""Braces that were typed as brackets: {A + B} x is set as A + B x, and {A B}^T as A B^T."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from itertools import pairwise

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.functions import find
from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.latex_scan import CLOSER, is_value_start
from matcalc.language.latex_letters.latex_operands import Source
from matcalc.language.mends.hints import write
from matcalc.language.surface.bars import ENDS_VALUE, span_of
from matcalc.language.words.names import is_greek

__all__ = [
    "are_meant_to_group",
    "are_typed",
    "check_sets",
    "ends_with_name",
    "has_terms",
    "holds_matrices",
    "parts_of_row",
]

_RAISED = frozenset("CARET TRANSPOSE SUPERSCRIPT INVERSE_TRANSPOSE PSEUDOINVERSE FACTORIAL".split())


def are_typed(brace: Token) -> bool:
    """Whether the brace stands in the text: those that the expansion writes have no width."""
    return brace.start_pos != brace.end_pos


def are_meant_to_group(inside: Sequence[Token], before: Token | None, after: Token | None) -> bool:
    """Whether the braces would mean something else than what is set: a sum beside a factor, a product that is raised."""
    if _is_one_factor(inside):
        return False
    raised = after is not None and after.type in _RAISED
    return (raised or _binds_left(before) or _binds_right(after)) if has_terms(inside) else raised


def has_terms(inside: Sequence[Token]) -> bool:
    """Whether a sum stands there, outside of further brackets."""
    top = Source([], "").top_level(inside)
    return any(t.type == "SIGN" and before.type not in _MARKS for before, t in pairwise(top))


_MARKS = frozenset({"CARET", "UNDERSCORE"})


def holds_matrices(inside: Sequence[Token], sizes: Container[str]) -> bool:
    r"""Whether two matrices stand in square brackets, as in i[H, \rho]: nobody takes entries by capitals or Greek letters."""
    top = Source([], "").top_level(inside)
    separators = [i for i, t in enumerate(inside) if t.type in ("COMMA", "COLON", "SEMICOLON") and t in top]
    if len(separators) != 1 or inside[separators[0]].type != "COMMA":
        return False
    sides = inside[: separators[0]], inside[separators[0] + 1 :]
    return all(any(_is_of_matrix(t, sizes) for t in side) for side in sides)


def parts_of_row(inside: Sequence[Token]) -> list[list[Token]]:
    r"""What wide spaces divide, as in [A \; X]; nothing where signs stand between the parts, too."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in inside:
        kind = signs.BRACKETS.get(token, (token.type, ""))[0]
        if not depth and (kind in ("SIGN", "RELATION", "EQUALS", "OPERATOR") or token in signs.OPERATORS):
            return []
        depth += (kind in CLOSER) - (kind in CLOSER.values())
        if not depth and token in _WIDE:
            parts.append([])
        elif token not in signs.IGNORED and token not in signs.DELIMITER_SIZES:
            parts[-1].append(token)
    found = [part for part in parts if part]
    return found if len(found) > 1 else []


_WIDE = frozenset({r"\;", r"\:", r"\ ", r"\quad", r"\qquad", r"\enspace", r"\enskip"})


def check_sets(tokens: Sequence[Token], text: str) -> None:
    r"""Raises SyntaxFault for \{A, B\} of two matrices, which is an anticommutator elsewhere."""
    opened: list[tuple[int, list[int]]] = []
    for i, token in enumerate(tokens):
        if token.type in CLOSER:
            opened.append((i, []))
        elif token.type in CLOSER.values() and opened:
            start, commas = opened.pop()
            called = start > 0 and tokens[start - 1].type == "FUNCTION"
            if tokens[start] == "{" and tokens[start].type == "LPAR" and len(commas) == 1 and not called:
                _check_pair(tokens[start : i + 1], commas[0] - start, text)
        elif token.type == "COMMA" and opened:
            opened[-1][1].append(i)


def _check_pair(tokens: Sequence[Token], comma: int, text: str) -> None:
    sides = tokens[1:comma], tokens[comma + 1 : -1]
    if all(any(t.type == "NAME" and (t[0].isupper() or is_greek(t)) for t in side) for side in sides):
        left, middle, right = tokens[0], tokens[comma], tokens[-1]
        a = text[span_of(left)[1] : span_of(middle)[0]].strip()
        b = text[span_of(middle)[1] : span_of(right)[0]].removesuffix(r"\right").strip()
        span = span_of(left)[0], span_of(right)[1]
        factor = r"\cdot " if ends_with_name(text[: span[0]]) else ""
        hint = write(span, (f"{factor}({a} {b} + {b} {a})", "for the anticommutator"))
        raise SyntaxFault("a pair in braces is no value", code="unexpected", text=text, span=span, hint=hint)


def ends_with_name(text: str) -> bool:
    r"""Whether a bracket behind the text would be that of a function: \\rho ("""
    found = re.search(r"(?<![\w\\^])\\?[A-Za-z]+(?:_\w|_\{\w+\})?\s*$", text)
    return found is not None and (
        found.group()[0] != "\\" or re.split(r"[_\s]", found.group())[0] in signs.GREEK_COMMANDS
    )


def _is_of_matrix(token: Token, sizes: Container[str]) -> bool:
    if token.type == "COMMAND":
        return token in signs.GREEK_COMMANDS
    return token.type == "WORD" and token not in sizes and re.search("[A-Z]", token) is not None


def _binds_left(before: Token | None) -> bool:
    return before is not None and (before.type in ENDS_VALUE or before.type == "OPERATOR" or before in ("-", "−", "–"))


def _binds_right(after: Token | None) -> bool:
    if after is None or signs.BRACKETS.get(after, (after.type, ""))[0] == "BAR":
        return False
    return after.type == "OPERATOR" or after in signs.OPERATORS or is_value_start(after)


def _is_one_factor(inside: Sequence[Token]) -> bool:
    """A symbol, a bracket, bars, or a function of what stands in a bracket: exp(a + b)^2 is the square of all of it."""
    source = Source([t for t in inside if t not in signs.IGNORED], "")
    factor = source.operand(lambda: False)
    if source and _is_function(factor[0]) and source.next_is_open_bracket():
        source.operand(lambda: False)
    return not source


def _is_function(token: Token) -> bool:
    if token in signs.GREEK_COMMANDS or token.type != "COMMAND":
        return False
    return token in (*signs.FUNCTIONS, r"\operatorname") or find(token.removeprefix("\\")) is not None
