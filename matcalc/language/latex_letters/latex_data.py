r"""What papers on data write with signs of their own: \mathbb E_i[…], \rho_\tau(…) and 1\{y_i = k\}, in signs that are known."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lark import Token

from matcalc.language.latex.latex_scan import CLOSER, joined, place
from matcalc.language.latex.latex_signs import BRACKETS, DELIMITER_SIZES
from matcalc.language.surface.arrange import Reading, span_of
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = ["with_known_signs"]

_TYPES = {"(": "LPAR", ")": "RPAR", "{": "LBRACE", "}": "RBRACE", "_": "UNDERSCORE", "-": "SIGN", ",": "COMMA"}
_EXPECTED = pattern(r"\\mathbb\{?E\}?_\{?([a-z])\}?")
_CHECKED = pattern(r"\\rho_\{?\\tau\}?")
_RELATIONS = frozenset({"=", "<", ">", "≤", "≥", "≠", r"\le", r"\leq", r"\ge", r"\geq", r"\ne", r"\neq", r"\in"})
#: How many tokens a sign has at most before its bracket: \mathbb { E } _ { i }
LONGEST = 8


def with_known_signs(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with every such sign written out; notes say what it is read as."""
    found: list[Token] = []
    i = 0
    while i < len(tokens):
        end, instead = _first_of(tokens, i, context)
        found += instead
        i = end
    return found


def _first_of(tokens: list[Token], start: int, context: Reading) -> tuple[int, list[Token]]:
    """The place behind the sign that begins here and what it stands for; the token itself where none begins."""
    if tokens[start] == "1" and tokens[start].type == "NUMBER" and tokens[start + 1 : start + 2] == [r"\{"]:
        end = _closing(tokens, start + 1)
        if _RELATIONS.intersection(tokens[start:end]):
            span = span_of(tokens[start])
            return start + 1, [place("COMMAND", r"\mathbf", span), *_tokens("{ 1 }", span)]
    for sign, write in _WRITTEN.items():
        if tokens[start].startswith(sign):
            end = _opening(tokens, start)
            head, behind = joined(tokens[start:end]), _closing(tokens, end)
            sized = end < behind and tokens[end] in DELIMITER_SIZES
            inside = tokens[end + 1 + sized : behind - 1 - (behind > 1 and tokens[behind - 2] in DELIMITER_SIZES)]
            span = (span_of(tokens[start])[0], span_of(tokens[max(behind - 1, start)])[1])
            instead = write(head, inside, span, context) if inside else []
            if instead:
                return behind, with_known_signs(instead, context)
    return start + 1, [tokens[start]]


def _expectation(letter: str, inside: list[Token], span: tuple[int, int], context: Reading) -> list[Token]:
    r"""\mathbb E_i[…] is the mean over i, where something in the bracket has that index."""
    found = _EXPECTED.fullmatch(letter)
    if found is None or "E" in context.declared or not _has_index(found.group(1), inside):
        return []
    index = found.group(1)
    _note(f"the expectation over {index} is read as the mean over all {index}", span, context)
    mean = place("COMMAND", r"\mean", span)
    return [*_tokens("(", span), mean, *_tokens(f"_ {{ {index} }} (", span), *inside, *_tokens(") )", span)]


def _check_loss(letter: str, inside: list[Token], span: tuple[int, int], context: Reading) -> list[Token]:
    r"""\rho_\tau(u) = max(tau u, (tau - 1) u) [Koenker, Bassett 1978]"""
    if _CHECKED.fullmatch(letter) is None or {"rho", "rho_tau"} & context.declared:
        return []
    _note("rho_tau(u) is read as the loss of a quantile, max(tau u, (tau - 1) u)", span, context)
    tau = place("COMMAND", r"\tau", span)
    call = [place("COMMAND", r"\max", span), *_tokens("(", span)]
    upper = [tau, *_tokens("(", span), *inside, *_tokens(") ,", span)]
    lower = [*_tokens("(", span), tau, *_tokens("- 1 ) (", span), *inside, *_tokens(") )", span)]
    return [*call, *upper, *lower]


_WRITTEN: dict[str, Callable[[str, list[Token], tuple[int, int], Reading], list[Token]]] = {
    r"\mathbb": _expectation,
    r"\rho": _check_loss,
}


def _note(message: str, span: tuple[int, int], context: Reading) -> None:
    if all(note.message != message for note in context.notes):
        context.notes.append(Note(message, None, "sign", context.text, span))


def _has_index(letter: str, inside: Sequence[Token]) -> bool:
    shown = "".join(inside)
    return re.search(rf"[_^](?:{letter}|\{{[^{{}}]*{letter}[^{{}}]*\}}|\{{?\({letter}\)\}}?)", shown) is not None


def _opening(tokens: Sequence[Token], start: int) -> int:
    """The place of the bracket that follows what stands here, with its size."""
    for k in range(start + 1, min(start + LONGEST, len(tokens))):
        if tokens[k] in DELIMITER_SIZES or tokens[k] in ("(", "["):
            return k
    return start


def _closing(tokens: Sequence[Token], start: int) -> int:
    """The place behind the bracket that opens here; where it begins if nothing closes it."""
    depth = 0
    for k in range(start, len(tokens)):
        kind = BRACKETS.get(tokens[k], (tokens[k].type, ""))[0]
        depth += (kind in CLOSER) - (kind in CLOSER.values())
        if depth == 0 and kind in CLOSER.values():
            return k + 1
    return start


def _tokens(text: str, span: tuple[int, int]) -> list[Token]:
    return [place(_TYPES.get(p, "NUMBER" if p.isdigit() else "WORD"), p, span) for p in text.split()]
