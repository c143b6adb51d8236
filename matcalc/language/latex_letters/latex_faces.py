r"""Letters in bold and other types: \mathbf{A x} is \mathbf{A} \mathbf{x}, {\bf x} is \mathbf{x}."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lark import Token

from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.latex_scan import place
from matcalc.language.latex_letters.latex_operands import Source
from matcalc.language.surface.arrange import span_of
from matcalc.language.surface.bars import ENDS_VALUE

__all__ = ["distributed", "is_one_symbol", "switched", "unswitched"]

_MARKS = {"CARET": "superscript", "UNDERSCORE": "subscript"}


def is_one_symbol(group: Sequence[Token]) -> bool:
    """x, AX or \\Sigma"""
    return len(group) == 1 and (group[0].type == "WORD" or group[0] in signs.GREEK_COMMANDS)


def distributed(group: Sequence[Token], command: Token, text: str) -> list[Token]:
    """The group with the command at each of its symbols, under accents, and not in subscripts and superscripts."""
    source = Source(group, text)
    found: list[Token] = []
    while source:
        found += _next_part(source, command, follows_value=bool(found) and found[-1].type in ENDS_VALUE)
    return found


def _next_part(source: Source, command: Token, *, follows_value: bool) -> Iterator[Token]:
    token = source.pop()
    if token.type in _MARKS:
        yield from (token, *source.braced(source.argument(token, _MARKS[token.type]), token))
    elif token == "1" and follows_value:  # a bold 1 behind a factor: a column of ones
        yield from (command, *source.braced([token], token))
    elif token in signs.ACCENTS and source:
        inside = source.argument(token, "argument")
        yield from (token, *source.braced(distributed(inside, command, source.text), token))
    elif (token in signs.STYLES or token in signs.UPRIGHT) and source:
        yield from (token, *source.braced(source.argument(token, "argument"), token))
    elif is_one_symbol([token]):
        yield from (command, *source.braced([token], token))
    else:
        yield token


def switched(source: Source) -> list[Token] | None:
    r"""After an opening brace: {\bf A x} as \mathbf{A x}; None where no switch comes next."""
    source.skip(signs.IGNORED)
    if not source or source.peek() not in signs.SWITCHES:
        return None
    switch = source.peek()
    return unswitched(source.group_until_brace(switch))


def unswitched(group: Sequence[Token]) -> list[Token]:
    r"""\bf A x, up to the end of its group, as \mathbf{A x}; other groups as they are."""
    shown = [token for token in group if token not in signs.IGNORED]
    command = signs.SWITCHES.get(str(shown[0])) if shown else None
    if command is None:
        return list(group)
    switch, *inside = shown
    named = place("COMMAND", command, span_of(switch))
    source = Source([], "")
    if command in signs.UPRIGHT and len(inside) > 1:  # \rm tr A: what is one word ends with it
        return [named, *source.braced(inside[:1], switch), *inside[1:]]
    return [named, *source.braced(inside, switch)] if inside else []
