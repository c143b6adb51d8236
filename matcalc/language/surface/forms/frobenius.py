"""A : B, the Frobenius product, in place of which the grammar has <A, B>."""

from __future__ import annotations

from collections.abc import Sequence

from lark import Token

from matcalc.language.surface.bars import place, span_of
from matcalc.language.words.names import canonical_name, is_greek

__all__ = ["frobenius_products"]

_OPENS = frozenset("LPAR LSQB LBRACE LANGLE NORM_OPEN ABS_OPEN".split())
_CLOSES = frozenset("RPAR RSQB RBRACE RANGLE NORM_CLOSE ABS_CLOSE".split())
_BETWEEN_TERMS = frozenset("SIGN COMMA SEMICOLON RELATION COLON".split())
#: What stands behind the colon of a declaration.
_KINDS = frozenset(
    "scalar vector matrix symmetric spd psd skew diagonal lower upper orthogonal invertible function index".split()
)


def frobenius_products(tokens: list[Token]) -> list[Token]:
    """The tokens with angles around the two sides of a colon that is none of an index, a label or a declaration."""
    for i in range(len(tokens) - 1, -1, -1):
        if tokens[i].type == "COLON" and not _is_in_index(tokens, i):
            start, end = _left(tokens, i), _right(tokens, i)
            if _is_product(tokens, start, i, end):
                tokens = _bracketed(tokens, start, i, end)
    return tokens


def _is_in_index(tokens: Sequence[Token], colon: int) -> bool:
    """Whether the innermost bracket around it is square."""
    depth = 0
    for token in reversed(tokens[:colon]):
        if depth == 0 and token.type in _OPENS:
            return token.type == "LSQB"
        depth += (token.type in _CLOSES) - (token.type in _OPENS)
    return False


def _left(tokens: Sequence[Token], colon: int) -> int:
    """Where the term begins."""
    depth = 0
    for i in range(colon - 1, -1, -1):
        kind = tokens[i].type
        if depth == 0 and (kind in _OPENS or kind in _BETWEEN_TERMS):
            return i + 1
        depth += (kind in _CLOSES) - (kind in _OPENS)
    return 0


def _right(tokens: Sequence[Token], colon: int) -> int:
    """Where the term ends."""
    depth = 0
    for i in range(colon + 1, len(tokens)):
        kind = tokens[i].type
        if depth == 0 and i > colon + 1 and (kind in _CLOSES or kind in _BETWEEN_TERMS):
            return i
        depth += (kind in _OPENS) - (kind in _CLOSES)
    return len(tokens)


def _is_product(tokens: Sequence[Token], start: int, colon: int, end: int) -> bool:
    left, right = tokens[start:colon], tokens[colon + 1 : end]
    beside = (*tokens[start - 1 : start], *tokens[end : end + 1])
    if not left or not right or any(t.type == "COLON" for t in beside):
        return False
    if right[0].type in ("NAME", "FUNCTION") and right[0] in _KINDS:
        return False
    is_same = [canonical_name(t) for t in left] == [canonical_name(t) for t in right]
    is_label = len(left) == 1 and left[0].type == "NAME" and start == 0 and not is_same
    return not is_label or _are_tensors(left[0], right)


def _are_tensors(name: Token, right: Sequence[Token]) -> bool:
    """Whether a name alone is contracted with what follows: f: 0 and lambda: 0 are no products, and A : 1 sums the entries."""
    if _is_keyword(name) or not all(_is_tensor(t) for t in (name, *right) if t.type == "NAME"):
        return False
    is_sum = _is_capital(name) and [str(t) for t in right] == ["1"]
    return is_sum or any(t.type in ("NAME", "FUNCTION") for t in right)


def _is_keyword(name: Token) -> bool:
    r"""Python's lambda, which \lambda and λ are not."""
    start, end = span_of(name)
    return name == "lambda" and end - start == len(name)


def _is_tensor(token: Token) -> bool:
    r"""A capital or a Greek letter: \sigma : \epsilon and \sigma : L."""
    return _is_capital(token) or is_greek(canonical_name(token))


def _is_capital(token: Token) -> bool:
    name = canonical_name(token)
    return token.type == "NAME" and name[0].isupper() and len(name.partition("_")[0]) == 1


def _bracketed(tokens: list[Token], start: int, colon: int, end: int) -> list[Token]:
    first, last = span_of(tokens[start])[0], span_of(tokens[end - 1])[1]
    opener, closer = place("LANGLE", "<", (first, first)), place("RANGLE", ">", (last, last))
    comma = place("COMMA", ":", span_of(tokens[colon]))
    left, right = _side(tokens[start:colon]), _side(tokens[colon + 1 : end])
    return [*tokens[:start], opener, *left, comma, *right, closer, *tokens[end:]]


def _side(tokens: list[Token]) -> list[Token]:
    """One side; the 1 of A : 1 is the matrix of ones."""
    if [str(t) for t in tokens] != ["1"]:
        return tokens
    kinds = {"FUNCTION": "matrix", "LPAR": "(", "NUMBER": "1", "RPAR": ")"}
    return [place(kind, text, span_of(tokens[0])) for kind, text in kinds.items()]
