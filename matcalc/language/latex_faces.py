r"""Letters in bold and other types: \mathbf{A x} is \mathbf{A} \mathbf{x}, {\bf x} is \mathbf{x}."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lark import Token

from matcalc.language import latex_signs as signs
from matcalc.language.arrange import span_of
from matcalc.language.latex_operands import Source
from matcalc.language.latex_scan import place

__all__ = ["distributed", "is_one_symbol", "is_run_of_symbols", "switched", "unswitched"]

_LETTERS = signs.STYLES | signs.ACCENTS.keys()


def is_one_symbol(group: Sequence[Token]) -> bool:
    """x, AX or \\Sigma"""
    return len(group) == 1 and (group[0].type == "WORD" or group[0] in signs.GREEK_COMMANDS)


def is_run_of_symbols(group: Sequence[Token]) -> bool:
    r"""Letters side by side, whose last one takes what is raised behind them: \mathbf{L L}^\top is L L^\top."""
    return bool(group) and all(_is_part_of_symbol(token) for token in group)


def _is_part_of_symbol(token: Token) -> bool:
    if token.type in ("WORD", "UNDERSCORE", "LBRACE", "RBRACE", "DIGITS_BELOW", "NUMBER", "CARET"):
        return True
    return token in signs.GREEK_COMMANDS or token in _LETTERS or token in signs.IGNORED


def distributed(group: Sequence[Token], command: Token) -> list[Token]:
    """The group with the command at each of its symbols, under accents, and not in subscripts and superscripts."""
    source = Source(group, "")
    found: list[Token] = []
    while source:
        found += _next_part(source, command)
    return found


def _next_part(source: Source, command: Token) -> Iterator[Token]:
    token = source.pop()
    if token in ("_", "^", "**"):
        yield token
        if source and source.peek().type == "LBRACE":
            yield from source.braced(source.argument(token, "argument"), token)
        elif source:
            yield source.pop()
    elif token in signs.ACCENTS and source:
        inside = source.argument(token, "argument")
        yield from (token, *source.braced(distributed(inside, command), token))
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
