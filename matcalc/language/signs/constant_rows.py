"""A transposed 1 is a row of ones: 1^T x is the sum of the entries, and 1 1^T a matrix of ones; the word ones is a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lark import Token

from matcalc.language.surface.bars import ENDS_VALUE, place, span_of
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["rows_of_constants"]

_PRODUCTS = frozenset("*@·⋅")
_CLOSERS = frozenset("RPAR RSQB RBRACE NORM_CLOSE ABS_CLOSE RANGLE".split())
_EXPONENTS = frozenset({"POWER", "DOT_POWER"})


def rows_of_constants(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with columns sized by their context in place of a 1 that is transposed, and of a 1 before one: 11^T."""
    tokens = _columns_by_name(tokens, context)
    if not any(t.type == "TRANSPOSE" for t in tokens):
        return tokens
    rows = any(_is_row(tokens, i) for i in range(len(tokens)))
    found: list[Token] = []
    for i, token in enumerate(tokens):
        if _is_row(tokens, i):
            _note(token, tokens[i + 1], context)
            found += [part for digit in _digits(token) for part in _column(digit)]
        elif token == "1" and _is_column(tokens, i, rows) and not _is_exponent(tokens, i):
            found += _column(token)
        else:
            found.append(token)
    return found


def _is_column(tokens: list[Token], i: int, rows: bool) -> bool:
    """Whether a 1 stands before one that is transposed, or ends a product: behind a row, or where others are transposed."""
    behind_row = i > 0 and tokens[i - 1].type == "TRANSPOSE"
    return _is_row(tokens, i + 1) or ((rows or behind_row) and _ends_product(tokens, i))


def _columns_by_name(tokens: list[Token], context: Reading) -> list[Token]:
    """The word ones without sizes, which is no argument itself, is a column of ones that fits, with a note."""
    places = [
        i
        for i, t in enumerate(tokens)
        if t == "ones" and t.type == "NAME" and not _is_called(tokens, i) and not _is_argument(tokens, i)
    ]
    if not places or context.code or "ones" in context.declared | context.dimensions:
        return tokens
    message, hint = "ones is read as a column of ones", "write ones(m, n) for a matrix of ones, or declare ones"
    context.notes.append(Note(message, hint, "constant-row", context.text, span_of(tokens[places[0]])))
    one = [_column(place("NUMBER", "1", span_of(t))) if i in places else [t] for i, t in enumerate(tokens)]
    return [token for part in one for token in part]


def _is_called(tokens: list[Token], i: int) -> bool:
    return i + 1 < len(tokens) and tokens[i + 1].type == "LPAR"


def _is_argument(tokens: list[Token], i: int) -> bool:
    """Whether it stands alone between the commas of a call, as the name of a size does."""
    before, behind = (tokens[k].type if 0 <= k < len(tokens) else "" for k in (i - 1, i + 1))
    return "COMMA" in (before, behind) and before in ("LPAR", "COMMA") and behind in ("COMMA", "RPAR")


def _is_row(tokens: list[Token], i: int) -> bool:
    """Whether a 1 or an 11 with a transpose begins here, which is no exponent."""
    if i + 1 >= len(tokens) or tokens[i].type != "NUMBER" or tokens[i + 1].type != "TRANSPOSE":
        return False
    return tokens[i] in ("1", "11") and not _is_exponent(tokens, i)


def _ends_product(tokens: list[Token], i: int) -> bool:
    """Whether a 1 is the last factor of a product, where the number would be idle: 1' A 1 and inv(A) * 1."""
    sign = i > 0 and tokens[i - 1].type == "OPERATOR" and tokens[i - 1] in _PRODUCTS
    before = tokens[i - 1 - sign] if i > sign else None
    behind = tokens[i + 1].type if i + 1 < len(tokens) else ""
    follows = before is not None and before.type in ENDS_VALUE and before.type != "NUMBER"
    return follows and behind in ("", "SIGN", "OPERATOR", "COMMA", *_CLOSERS)


def _is_exponent(tokens: list[Token], i: int) -> bool:
    return i > 0 and tokens[i - 1].type in _EXPONENTS


def _digits(token: Token) -> list[Token]:
    """11 is a column and a row, side by side."""
    start = span_of(token)[0]
    return [place("NUMBER", digit, (start + i, start + i + 1)) for i, digit in enumerate(token)]


def _column(digit: Token) -> list[Token]:
    span = span_of(digit)
    kinds = (("FUNCTION", "vector"), ("LPAR", "("), ("NUMBER", str(digit)), ("RPAR", ")"))
    return [place(kind, value, span) for kind, value in kinds]


def _note(number: Token, mark: Token, context: Reading) -> None:
    """Said once."""
    if any(note.code == "constant-row" for note in context.notes):
        return
    column = r"\mathbf{1}" if context.latex else "ones(n)"
    message = f"1{mark} is read as a row of ones"
    context.notes.append(Note(message, f"write {column} for the column", "constant-row", context.text, span_of(number)))
