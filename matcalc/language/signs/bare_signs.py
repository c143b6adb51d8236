"""A^+ b and P^- H' of plain text: a sign that is raised alone is no sign of what follows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import SyntaxFault
from matcalc.language.mends.hints import write
from matcalc.language.surface.bars import place, span_of
from matcalc.language.words.indices import index_words
from matcalc.language.words.names import RAISED, canonical_name
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["bare_sign", "signed_names"]

_OPENERS = {"RPAR": "LPAR", "RSQB": "LSQB"}
_FACTORS = frozenset("NAME FUNCTION LPAR LSQB LBRACE LANGLE NORM_OPEN ABS_OPEN BAR".split())
_MINUS = frozenset("-−–")


def signed_names(tokens: Sequence[Token]) -> frozenset[tuple[str, str]]:
    """Names with a sign that cannot belong to what follows, such as P^- in P^- + K."""
    fours = zip(tokens, tokens[1:], tokens[2:], [*tokens[3:], None], strict=False)
    return frozenset(
        (canonical_name(name), str(sign))
        for name, mark, sign, following in fours
        if name.type == "NAME"
        and name != "e"
        and mark == "^"
        and sign.type == "SIGN"
        and _stands_alone(sign, following)
    )


def _stands_alone(sign: Token, following: Token | None) -> bool:
    if following is None or following.type in (*_OPENERS, "COMMA"):
        return True
    return following.type != "NUMBER" and following.start_pos != sign.end_pos


def bare_sign(
    before: Sequence[Token],
    mark: Token,
    behind: Sequence[Token],
    context: Reading,
    signed: Collection[tuple[str, str]] = (),
) -> Token | None:
    """What stands for the mark ^+ or ^-: the pseudoinverse, or the base as a name with a sign; None of a power.

    ``before`` ends with the base, ``behind`` begins with the sign; ``signed`` names have it wherever it follows them.
    """
    base, sign = before[-1], behind[0]
    following = behind[1] if len(behind) > 1 else None
    if context.latex or sign.type != "SIGN" or sign.start_pos != mark.end_pos or base == "e":
        return None
    if base.type != "NAME" and base.type not in _OPENERS:
        return None
    touches = following is not None and following.start_pos == sign.end_pos
    followed = following is not None and following.type in _FACTORS
    matrix = _may_be_matrix(before)
    if base.type == "NAME" and (canonical_name(base), sign) in signed:
        return _meaning(before, sign, context, matrix and not _is_paired(signed), followed=False)
    if following is not None and (following.type == "NUMBER" or (touches and following.type == "SIGN")):
        return None
    if touches and followed and (sign in _MINUS or not matrix):
        return None
    if _is_paired(signed) and base.type == "NAME":
        return _meaning(before, sign, context, matrix=False, followed=False)
    return _meaning(before, sign, context, matrix, followed)


def _is_paired(signed: Collection[tuple[str, str]]) -> bool:
    """Whether P^- stands in the text: beside it P^+ is no pseudoinverse."""
    return any(sign in _MINUS for _, sign in signed)


def _meaning(before: Sequence[Token], sign: Token, context: Reading, matrix: bool, followed: bool) -> Token:
    base = before[-1]
    whole = span_of(before[_first(before)])[0], span_of(sign)[1]
    typed = context.text[slice(*whole)]
    if matrix and sign not in _MINUS:
        hint = "write the exponent of a power in brackets"
        _note(context, f"{typed} is read as the pseudoinverse", hint, whole)
        return place("PSEUDOINVERSE", "^+", span_of(sign))
    if base.type == "NAME" and (matrix or not followed):
        hint = "write the exponent of a power in brackets, a generalized inverse as pinv(…)"
        _note(context, f"{typed} is read as a name", hint, whole)
        return place("NAME", f"{canonical_name(base)}{RAISED}{index_words(str(sign))}", span_of(base))
    raise _question(typed, whole, context)


def _question(typed: str, whole: tuple[int, int], context: Reading) -> SyntaxFault:
    base = typed[: typed.rindex("^")].strip()
    inside = base[1:-1] if base[0] in "([" else base
    choices = [(f"pinv({inside})", "for the pseudoinverse"), (f"max({inside}, 0)", "for the positive part")]
    message = f"{typed} may be a power, a pseudoinverse, a positive part or a name"
    return SyntaxFault(message, code="mark", text=context.text, span=whole, hint=write(whole, *choices))


def _first(tokens: Sequence[Token]) -> int:
    """Where the name or the bracket begins that ends here."""
    closer = tokens[-1].type
    depth = 0
    for i in range(len(tokens) - 1, -1, -1):
        depth += (tokens[i].type == closer) - (tokens[i].type == _OPENERS.get(closer))
        if closer not in _OPENERS or depth == 0:
            return i
    return 0


def _may_be_matrix(tokens: Sequence[Token]) -> bool:
    """A capital, or a bracket in which all names are capitals."""
    names = [canonical_name(t) for t in tokens[_first(tokens) :] if t.type == "NAME"]
    return bool(names) and all(name[0].isupper() for name in names)


def _note(context: Reading, message: str, hint: str, span: tuple[int, int]) -> None:
    if all(note.message != message for note in context.notes):
        context.notes.append(Note(message, hint, "mark", context.text, span))
