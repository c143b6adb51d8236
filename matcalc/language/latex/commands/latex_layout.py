r"""Commands that set and name without meaning: \boxed, \underbrace, \color, \over, braces around a function."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lark import Token

from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.latex_scan import place
from matcalc.language.latex_letters.latex_operands import Source
from matcalc.language.surface.arrange import span_of
from matcalc.language.words.names import GREEK

__all__ = ["has_short_macros", "without_layout"]

_OPEN = frozenset({"LBRACE", "LPAR", "LSQB"})
_CLOSE = frozenset({"RBRACE", "RPAR", "RSQB"})


def without_layout(tokens: Sequence[Token], text: str) -> list[Token]:
    r"""The tokens without what is layout only: the braces of \boxed{…} stay, the label of \underbrace{…}_{…} goes."""
    source = Source(_without_null_delimiters(tokens), text)
    found: list[Token] = []
    while source:
        token = source.pop()
        if token in signs.TRANSPARENT:
            source.push(source.braced(_argument(source, token), token))
        elif token in signs.UNWRAPPED or (token == r"\mathop" and _holds_word(source)):
            source.push(source.argument(token, "argument"))
        elif token in signs.DELIMITERS and (source.next_is("LBRACE") or source.next_is("LSQB")):
            source.push(_delimited(source, token))
        elif token in signs.BRAKETS and source.next_is("LBRACE"):
            source.push(_braket(source, token))
        elif token in signs.SKIPPED:
            _skip_argument(source, token)
        elif token == r"\_":
            found.append(place("UNDERSCORE", "_", span_of(token)))
        elif token.type == "WORD" and not token.isascii():
            found += _with_commands(token)
        elif not _is_space(token, found, source):
            found.append(token)
    return _split_at_over(found)


def _holds_word(source: Source) -> bool:
    r"""Whether the group that follows begins with a word in upright type: \mathop{\mathrm{tr}}."""
    return (
        [t.type for t in source.tokens[-1:]] == ["LBRACE"]
        and source.tokens[-2:-1] != []
        and source.tokens[-2] in signs.UPRIGHT
    )


def _without_null_delimiters(tokens: Sequence[Token]) -> list[Token]:
    r"""\left. x \right. is x; other partners of a delimiter that is not seen stay."""
    opened: list[int] = []
    dropped: set[int] = set()
    for i, token in enumerate(tokens):
        if token == r"\left" or (token.type == "NO_DELIMITER" and token.startswith(r"\left")):
            opened.append(i)
        elif (token == r"\right" or token.type == "NO_DELIMITER") and opened:
            partner = tokens[opened.pop()]
            if partner.type == token.type == "NO_DELIMITER":
                dropped |= {i, tokens.index(partner)}
    return [token for i, token in enumerate(tokens) if i not in dropped]


def _with_commands(word: Token) -> list[Token]:
    """A word with commands for its Greek letters, and what stands between them in one piece."""
    found: list[Token] = []
    for piece in re.finditer(f"[{''.join(GREEK)}]|[^{''.join(GREEK)}]+", word):
        span = span_of(word)[0] + piece.start(), span_of(word)[0] + piece.end()
        name = GREEK.get(piece.group())
        found.append(place("COMMAND", rf"\{name}", span) if name else place("WORD", piece.group(), span))
    return found


def has_short_macros(tokens: Sequence[Token]) -> bool:
    r"""Whether \w and the like are letters, not left divisions A\w: one stands where nothing is there to divide by."""
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else None
        opens = before is None or before.type in _OPEN or before.type in ("SIGN", "COMMA", "CARET", "UNDERSCORE")
        if re.fullmatch(r"\\[A-Za-z01]", token) and opens and token not in signs.HINTS and not _is_known(token):
            return True
    return False


def _is_known(command: Token) -> bool:
    return command in signs.IGNORED or command in signs.TRANSPOSITIONS or command in signs.OPERATORS


def _argument(source: Source, command: Token) -> list[Token]:
    """What is set; the arguments before it, such as a colour, and labels behind it are left out."""
    for _ in range(signs.TRANSPARENT[command]):
        source.argument(command, "argument")
    inside = source.argument(command, "argument")
    while command in signs.LABELLED and (source.next_is("UNDERSCORE") or source.next_is("CARET")):
        source.argument(source.pop(), "label")
    return inside


def _delimited(source: Source, command: Token) -> list[Token]:
    r"""\norm{x} as \lVert x \rVert, \inner{a}{b} as \langle a, b \rangle"""
    opener, closer, count = signs.DELIMITERS[command]
    source.option()
    first = source.argument(command, "argument")
    found = [place("COMMAND", opener, span_of(command)), *first]
    if count > 1 and source.next_is("LBRACE"):
        second = source.argument(command, "argument")
        found += [place("COMMA", ",", span_of(second[0]) if second else span_of(command)), *second]
    return [*found, place("COMMAND", closer, (source.end - 1, source.end))]


_ANGLES = {"<": ("COMMAND", r"\langle"), ">": ("COMMAND", r"\rangle"), "|": ("COMMAND", r"\vert")}


def _braket(source: Source, command: Token) -> list[Token]:
    r"""\bra{a} as \langle a |, \expval{H}{\psi} as \langle \psi | H | \psi \rangle"""
    form = signs.BRAKETS[command]
    arguments = [source.argument(command, "argument") for _ in range(max(map(int, re.findall(r"\d", form))))]
    at_end = source.end - 1, source.end
    found: list[Token] = []
    for sign in form:
        span = span_of(command) if not found else at_end
        found += arguments[int(sign) - 1] if sign.isdigit() else [place(*_ANGLES[sign], span)]
    return found


def _skip_argument(source: Source, command: Token) -> None:
    source.option()
    source.argument(command, "argument")


def _is_space(token: Token, before: Sequence[Token], source: Source) -> bool:
    r"""A backslash and a blank: between values with blanks on both sides, it may be a left division."""
    if token != "\\ ":
        return False
    touches = bool(before) and before[-1].end_pos == token.start_pos
    after = source.tokens[-1] if source else None
    return touches or not before or after is None or after == "\\ "


def _split_at_over(tokens: Sequence[Token]) -> list[Token]:
    r"""{a \over b} as {\frac{a}{b}}, of the innermost group, or of the whole."""
    if not any(token == r"\over" for token in tokens):
        return list(tokens)
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if token.type in _CLOSE and len(groups) > 1:
            inside = _fraction(groups.pop())
            groups[-1] += [*inside, token]
        else:
            groups[-1].append(token)
        if token.type in _OPEN:
            groups.append([])
    while len(groups) > 1:
        inside = groups.pop()
        groups[-1] += inside
    return _fraction(groups[0])


def _fraction(group: list[Token]) -> list[Token]:
    over = [i for i, token in enumerate(group) if token == r"\over"]
    depth = 0
    if len(over) != 1:
        return group
    for token in group[: over[0]]:
        depth += (token.type in _OPEN) - (token.type in _CLOSE)
    if depth:
        return group
    command = place("COMMAND", r"\frac", span_of(group[over[0]]))
    source = Source([], "")
    above, below = group[: over[0]], group[over[0] + 1 :]
    return [command, *source.braced(above, command), *source.braced(below, command)]
