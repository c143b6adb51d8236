r"""Functions by cases: the rows of ``\begin{cases}`` as nested calls of where, and indicators such as \mathbb{1}[x > 0]."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from lark import Token

from matcalc.language.latex import latex_signs as signs
from matcalc.language.latex.latex_scan import place
from matcalc.language.latex_letters.latex_operands import Source
from matcalc.language.surface.arrange import span_of

__all__ = ["CASES", "choice", "holds_relation", "rows_of"]

#: Environments that list the values of a function.
CASES = frozenset({"cases", "dcases", "rcases", "cases*", "dcases*", "numcases"})
#: Words that begin a condition, and those for what is left.
_BEGIN = frozenset("if for when where with given provided that as long whenever".split())
_LEFT = frozenset("otherwise else elsewhere all other cases".split())
_LINE_ENDS = ("\\\\", r"\cr", r"\newline")
_JOIN = {"and": "AND", "or": "OR"}
_OPENS = frozenset({"LBRACE", "LPAR", "LSQB"})
_CLOSES = frozenset({"RBRACE", "RPAR", "RSQB"})

Row = tuple[list[Token], list[Token]]


def holds_relation(tokens: Sequence[Token]) -> bool:
    """Whether a relation stands among these tokens."""
    return any(t.type in ("RELATION", "LANGLE", "RANGLE", "EQUALS") or t in signs.RELATIONS for t in tokens)


def rows_of(source: Source, begin: Token) -> list[Row]:
    """The rows up to the end of the environment, each as its value and its condition; both are taken."""
    rows: list[Row] = []
    cells: list[list[Token]] = [[]]
    for token in _inside(source, begin):
        if token.type != "NESTED" and token in _LINE_ENDS:
            rows += _row(cells)
            cells = [[]]
        elif token.type == "AMPERSAND":
            cells.append([])
        else:
            cells[-1].append(token)
    return rows + _row(cells)


def _inside(source: Source, begin: Token) -> Iterator[Token]:
    """Tokens of the environment; those of brackets and environments inside are kept together by their type."""
    depth = 0
    while source:
        token = source.pop()
        if token == r"\end" and depth == 0:
            source.argument(token, "name")
            return
        depth += (token == r"\begin" or token.type in _OPENS) - (token == r"\end" or token.type in _CLOSES)
        nested = depth > 0 and (token.type == "AMPERSAND" or token in _LINE_ENDS)
        yield place("NESTED", str(token), span_of(token)) if nested else token
    raise source.fault(begin, r"\begin{cases} has no end", r"add \end{cases}")


def _row(cells: list[list[Token]]) -> list[Row]:
    value = _without_punctuation(_unnested(cells[0]))
    condition = [t for cell in cells[1:] for t in _unnested(cell)]
    if len(cells) == 1:
        value, condition = _split_at_words(value)
    return [(value, condition)] if value else []


def _unnested(cell: list[Token]) -> list[Token]:
    kinds = {"&": "AMPERSAND", r"\cr": "COMMAND", r"\newline": "COMMAND"}
    return [place(kinds.get(str(t), "CONTROL"), str(t), span_of(t)) if t.type == "NESTED" else t for t in cell]


def _split_at_words(cell: list[Token]) -> Row:
    r"""x^2 \text{ if } x > 0, without an ampersand"""
    at = next(
        (i for i, t in enumerate(cell) if t in signs.UPRIGHT and _word_after(cell, i) in _BEGIN | _LEFT), len(cell)
    )
    return _without_punctuation(cell[:at]), cell[at:]


def _word_after(cell: list[Token], i: int) -> str:
    return next((str(t) for t in cell[i + 1 :] if t.type == "WORD"), "")


def _without_punctuation(cell: list[Token]) -> list[Token]:
    while cell and (cell[-1].type in ("COMMA", "SEMICOLON") or cell[-1] in (".", ",") or cell[-1] in signs.IGNORED):
        cell = cell[:-1]
    return cell


def _condition(tokens: list[Token], fault: Callable[[Token, str], Exception]) -> list[Token]:
    """The relations of a condition, without its words; nothing where it says otherwise."""
    found: list[Token] = []
    rest = _without_punctuation(tokens)[::-1]
    depth = 0
    while rest:
        token = rest.pop()
        depth += (token.type in _OPENS) - (token.type in _CLOSES)
        if token == r"\begin":
            found += [token, *_environment(rest)]
        elif token in signs.UPRIGHT and not _is_name(token, rest):
            rest += _words(rest)[::-1]
        elif token not in signs.IGNORED and not (token.type == "WORD" and str(token).lower() in _BEGIN | _LEFT):
            found.append(token if depth and token.type == "COMMA" else _in_condition(token))
    if found and not holds_relation(found):
        raise fault(found[0], "this is no condition")
    return found


#: Inside of these a comma stands between arguments.
_OPENS, _CLOSES = frozenset({"LPAR", "LSQB", "LBRACE"}), frozenset({"RPAR", "RSQB", "RBRACE"})


def _environment(rest: list[Token]) -> list[Token]:
    """What follows a begin up to its end, with the name there; it is taken from the end of the tokens."""
    found: list[Token] = []
    depth = 1
    while rest and (depth or found[-1].type != "RBRACE"):
        found.append(rest.pop())
        depth += (found[-1] == r"\begin") - (found[-1] == r"\end")
    return found


def _is_name(command: Token, rest: list[Token]) -> bool:
    r"""Whether what stands in the braces behind \operatorname is a name such as expm1 or \mathrm{B}, no words of a condition."""
    end = next((i for i in reversed(range(len(rest))) if rest[i].type == "RBRACE"), 0)
    inside = rest[end + 1 : -1]
    words = {str(t).lower() for t in inside if t.type == "WORD"}
    return (
        (len(inside) > 1 or (len(inside) == 1 and command == r"\mathrm"))
        and not words & (_BEGIN | _LEFT | _JOIN.keys())
        and all(t.type in ("WORD", "NUMBER", "UNDERSCORE") for t in inside)
    )


def _words(rest: list[Token]) -> list[Token]:
    r"""The inside of the braces behind \text, which stand at the end of the tokens and are taken."""
    if not rest or rest[-1].type != "LBRACE":
        return []
    rest.pop()
    end = next((i for i in reversed(range(len(rest))) if rest[i].type == "RBRACE"), 0)
    inside = rest[end + 1 :][::-1]
    del rest[end:]
    return inside


def _in_condition(token: Token) -> Token:
    """Signs and words of a condition as those of the language."""
    if token.type == "WORD" and str(token).lower() in _JOIN:
        return place(_JOIN[str(token).lower()], str(token), span_of(token))
    match token.type:
        case "COMMA":
            return place("AND", ",", span_of(token))
        case "EQUALS":
            return place("RELATION", "==", span_of(token))
        case "LANGLE" | "RANGLE":
            return place("RELATION", str(token), span_of(token))
    return token


def choice(source: Source, rows: list[Row], begin: Token, fault: Callable[[Token, str], Exception]) -> list[Token]:
    """where(c, a, where(d, b, e)): the value of the last row is taken wherever none of the others is."""
    *before, (value, last) = rows
    _condition(last, fault)
    call = source.braced(value, begin)
    for value, condition in reversed(before):
        relations = _condition(condition, fault)
        if not relations:
            raise fault((condition or value)[0], "only the last row is taken otherwise")
        start = (span_of(begin)[0],) * 2
        end = (span_of(call[-1])[1],) * 2
        comma = place("COMMA", ",", (span_of(relations[0])[0],) * 2)
        call = [
            place("CALLED", "where", start),
            place("LPAR", "(", start),
            *relations,
            comma,
            *source.braced(value, begin),
            comma,
            *call,
            place("RPAR", ")", end),
        ]
    return call
