"""Rows and segments of a text: several lines, commas behind an equation, and words such as "subject to" between parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcalc.language.statements.scope import Scope
from matcalc.language.statements.signs.calls import request_of
from matcalc.language.statements.signs.mappings import mapping_at
from matcalc.language.statements.signs.optima import constraint_at
from matcalc.language.statements.signs.sayings import begins_saying, said_kinds
from matcalc.language.statements.tokens import Token
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["Segment", "outside_bars", "segments_of", "without_closing"]

#: A row goes on where the one before ends with such a sign, or it begins with one.
_INFIX = frozenset(
    r"+ - − * / @ · ⋅ × ⊙ ∘ ⊗ ⊘ .* ./ ^ ** .^ = := \cdot \times \odot \otimes \oslash \circ , ; : ( [ {".split()
)
_LEADING = _INFIX - frozenset(["(", "[", "{", "@", ":"]) | frozenset([")", "]", "}", "'", "="])
_NUMBER = pattern(r"\\q?quad|\\hfill|\\hspace|\s{2,}|\\eqno")


@dataclass(frozen=True)
class Segment:
    """A part of the text that says one thing.

    Attributes:
        tokens: its tokens.
        constrained: whether it stands behind "subject to".
        said: whether it stands behind a word such as "if": it says when the rest holds.
        begins_row: whether it is the first of its row; else a comma or a word stands before it.
    """

    tokens: Sequence[Token]
    constrained: bool
    begins_row: bool
    said: bool = False


def without_closing(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """The tokens without the punctuation and the number of a displayed formula at its end."""
    while tokens:
        number = _equation_number(tokens, text)
        if (tokens[-1].kind == "row" and tokens[-1].text[:2] == r"\\") or _is_closing(tokens):
            tokens = tokens[:-1]
        elif number:
            tokens = tokens[:-number]
        else:
            break
    return tokens


def _is_closing(tokens: Sequence[Token]) -> bool:
    """Whether a sign of punctuation ends the text; np. and x.T. are cut off."""
    if tokens[-1].text not in _CLOSING or (tokens[-2:-1] and tokens[-2].text in _CLOSING):
        return False
    cut_off = len(tokens) == 2 or (len(tokens) > 2 and tokens[-2].kind == "word" and tokens[-3].text == ".")
    return tokens[-1].text != "." or not cut_off


_CLOSING = frozenset([".", ",", ";", ":", "?"])


def _equation_number(tokens: Sequence[Token], text: str) -> int:
    """The number of tokens of ``(3)`` at the end, set off by a space."""
    if tokens[-1].text != ")" or len(tokens) < 4:
        return 0
    opener = next((i for i in range(len(tokens) - 2, 0, -1) if tokens[i].depth == tokens[-1].depth), 0)
    inside = "".join(t.text for t in tokens[opener + 1 : -1])
    gap = text[tokens[opener - 1].end : tokens[opener].start]
    is_number = re.fullmatch(r"[A-Z]?\.?\d{1,3}(?:[.-]\d{1,3})*[a-z]?|\*+|\\star|\\ast", inside)
    return len(tokens) - opener if opener and is_number and _NUMBER.search(gap) else 0


def segments_of(tokens: Sequence[Token], scope: Scope) -> list[Segment]:
    """The tokens cut at rows, at commas outside of brackets, and at "subject to"."""
    found: list[Segment] = []
    constrained = False
    for row in _rows(tokens, scope.text, scope.latex):
        first = True
        said = False
        row, aside = _set_off(row, scope)
        for part, word in [*_cut(row, scope), *([(aside, "condition")] if aside else [])]:
            constrained = constrained or word == "constraint"
            said = said or word == "condition"
            if part:
                found.append(Segment(part, constrained, first, said))
            first = False
    return found


#: Words between two formulas, in upright type.
_JOINING = frozenset(["with", "and", "where"])
#: Words before what has to hold.
_CONDITIONAL = frozenset(
    "if|when|whenever|for|for all|for any|provided|provided that|since|because|as|assuming|iff|if and only if".split(
        "|"
    )
)


def _cut(row: Sequence[Token], scope: Scope) -> list[tuple[Sequence[Token], str]]:
    r"""The parts of a row, and what stands before each; a set behind f(x) = x^T x \in \mathbb R is a part."""
    parts: list[tuple[Sequence[Token], str]] = []
    mapping = mapping_at(row, scope)
    i = mapping.end if mapping is not None else 0
    start, before, equals = 0, "", False
    while i < len(row):
        sign, length = _sign_at(row, i, scope) if row[i].depth == 0 else ("", 0)
        equals = equals or (row[i].text == "=" and row[i].depth == 0)
        if sign or (equals and row[i].depth == 0 and row[i].text in (r"\in", "∈")):
            parts.append((row[start:i], before))
            start, before, equals = i + length, sign, False
        i += length or 1
    return [*parts, (row[start:], before)]


def _set_off(row: Sequence[Token], scope: Scope) -> tuple[Sequence[Token], Sequence[Token]]:
    r"""A row without what its last bracket says, set off by a space: `x^T W x \quad (W \text{ symmetric})`."""
    opener = next((i for i in range(len(row) - 1, 0, -1) if row[i].text == "(" and row[i].depth == 0), 0)
    if not opener or row[-1].text != ")" or row[-1].depth or said_kinds(row[opener + 1 : -1], scope) is None:
        return row, ()
    gap = scope.text[row[opener - 1].end : row[opener].start]
    return (row[:opener], row[opener + 1 : -1]) if _NUMBER.search(gap) or not scope.latex else (row, ())


def _sign_at(row: Sequence[Token], i: int, scope: Scope) -> tuple[str, int]:
    """What separates the parts of a row here, and its length in tokens."""
    length = constraint_at(row, i)
    if length:
        return "constraint", length
    asks = row[i].text == "." and i + 1 < len(row) and request_of(row[i + 1 :], scope) is not None
    if row[i].kind == "separator" or asks:
        return "comma", 1
    word = row[i].text.lower().rstrip(":") if row[i].kind == "upright" else ""
    if word in _JOINING or word in _CONDITIONAL:
        return ("comma" if word in _JOINING else "condition"), 1
    if begins_saying(row[i]):
        return "condition", 0
    return "", 0


def _rows(tokens: Sequence[Token], text: str, latex: bool) -> list[Sequence[Token]]:
    """Lines that are complete; what begins or ends with an operator goes on."""
    rows: list[Sequence[Token]] = []
    start = 0
    for i in range(1, len(tokens) + 1):
        if i == len(tokens) or _breaks(tokens, i, start, text, latex):
            row = [t for t in tokens[start:i] if t.kind != "row"]
            if row:
                rows.append(row)
            start = i
    return rows


def _breaks(tokens: Sequence[Token], i: int, start: int, text: str, latex: bool) -> bool:
    """Whether a row ends before token ``i``."""
    before, after = tokens[i - 1], tokens[i]
    if after.depth or before.depth or after.kind == "row":
        return False
    gap = text[before.end : after.start]
    if before.kind == "row":
        before = tokens[i - 2] if i >= 2 else before
    elif not ("\n" in gap and (not latex or _ends_formula(gap, tokens, text))):
        return False
    if after.kind == "open" and r"\quad" in text[tokens[i - 1].end : after.start]:
        return False  # an indented row that begins with a bracket is a factor
    if before.text in _INFIX or (after.text in _LEADING and not _uses_defined(tokens, i, text)):
        return False
    row = [t for t in tokens[start:i] if t.kind != "row"]
    return not _is_constant(row) and not _walk(row)[1]


def _uses_defined(tokens: Sequence[Token], i: int, text: str) -> bool:
    """Whether a line that begins with a minus holds a name that a line before defines: r = A x - b, then -r^T r."""
    if tokens[i].text not in ("-", "+"):
        return False
    heads = {tokens[k].text for k in range(i - 1) if tokens[k].kind == "word" and tokens[k + 1].text in ("=", ":=")}
    ends = (
        k
        for k in range(i + 1, len(tokens))
        if not tokens[k].depth and "\n" in text[tokens[k - 1].end : tokens[k].start]
    )
    return any(t.text in heads for t in tokens[i : next(ends, len(tokens))])


def _ends_formula(gap: str, tokens: Sequence[Token], text: str) -> bool:
    """Whether a line end of LaTeX ends a formula: it is a space within signs that enclose the whole."""
    enclosed = re.match(r"\s*(?:\$|\\\[|\\\(|\\begin)", text) is not None
    return "$" in gap or re.search(r"\n\s*\n", gap) is not None or not enclosed


def _is_constant(tokens: Sequence[Token]) -> bool:
    r"""A coefficient such as -\frac12 stands before what it multiplies."""
    return all(t.kind in ("number", "open", "close", "sign") or t.text in (r"\frac", r"\tfrac", r"\pi") for t in tokens)


def outside_bars(tokens: Sequence[Token]) -> list[int]:
    """Indices of the tokens that stand neither in brackets nor between bars; bars themselves are left out."""
    return _walk(tokens)[0]


_BARS = {r"\|": "‖", "||": "‖", "‖": "‖", r"\Vert": "‖", "|": "|", r"\vert": "|"}
_SIDED = {r"\lVert": 1, r"\lvert": 1, r"\rVert": -1, r"\rvert": -1}


def _walk(tokens: Sequence[Token]) -> tuple[list[int], bool]:
    depth = min((t.depth for t in tokens), default=0)
    pending: list[str] = []
    nested = 0
    found: list[int] = []
    for i, token in enumerate(tokens):
        bar = _BARS.get(token.text)
        if token.text in _SIDED:
            nested += _SIDED[token.text]
        elif bar is not None and token.depth == depth:
            if pending and pending[-1] == bar:
                pending.pop()
            else:
                pending.append(bar)
        elif token.depth == depth and not pending and nested <= 0:
            found.append(i)
    return found, bool(pending) or nested > 0
