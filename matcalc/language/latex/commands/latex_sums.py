r"""Sums over entries: \sum_{i=1}^m f(a_i^\top x) as 1^T f(A x).

The index stands for an entry of a column (x_i), of a matrix (X_{ij}), or for a row (a_i^\top, of the matrix A). What
depends on it is computed for all entries at once; everything else in the sum has to be a scalar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lark import Token

from matcalc.errors import Span, SyntaxFault
from matcalc.language import limits
from matcalc.language.latex.latex_scan import joined, place
from matcalc.language.latex.latex_signs import ACCENTS, DELIMITER_SIZES, ENTRYWISE, GREEK_COMMANDS, STYLES
from matcalc.language.latex_letters.latex_operands import Source
from matcalc.language.meaning.index_sums import SUM
from matcalc.language.surface.arrange import Reading, span_of
from matcalc.language.words.indices import later_beginning
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = [
    "OVER_INDICES",
    "SUM",
    "bound_indices",
    "entry_sum",
    "kept_function",
    "sum_without_limits",
    "term_behind",
    "with_joined_indices",
]

#: Functions that run over an index as sums do.
OVER_INDICES = frozenset({"prod", "max", "min"})
_LETTERS = frozenset((*GREEK_COMMANDS, *STYLES, *ACCENTS))
#: How to write a sum that does not tell its index.
NO_INDEX = r"write \sum_i with the index behind each name, or \mathbf 1^\top (…) for the sum of all entries"
_CLOSING = frozenset("RPAR RSQB RBRACE RANGLE COMMA SEMICOLON AMPERSAND".split())
_OPENING = frozenset("LPAR LSQB LBRACE LANGLE".split())
_ENDS = frozenset({r"\end", r"\\", r"\rangle", r"\}", r"\rVert", r"\rvert"})
_NO_SIGN_AFTER = frozenset("CARET UNDERSCORE OPERATOR SIGN".split())


def entry_sum(source: Source, token: Token, context: Reading) -> list[Token]:
    r"""What \sum with its limits stands for: a call with the body and the upper limit as arguments."""
    below, above = _limits(source)
    if not below and not above:
        return sum_without_limits(source, token, context)[0]
    upper = [above] if above else []
    if context.members.binders:
        return _kept(source, token, context, below, upper)
    indices = _indices(below, token, context)
    if len(indices) == 1 and source and source.peek() == SUM:
        indices, upper = _with_inner(source, indices, upper, context)
    function = place("CALLED", f"{SUM} {' '.join(indices)}", span_of(token))
    body = _terms(source, token, context)
    further = _further_terms(source, frozenset(indices))
    if further:
        hint = r"put brackets around what is summed, \sum_i (…)"
        message = "the sum is read as running over all terms that have its index"
        context.notes.append(Note(message, hint, "sum", context.text, (span_of(token)[0], span_of(further[-1])[1])))
    return _call(function, body + further, upper)


def _kept(source: Source, token: Token, context: Reading, below: list[Token], upper: list[list[Token]]) -> list[Token]:
    r"""The same where the sum keeps its indices: the call has the text below the sign in its name."""
    body = _terms(source, token, context)
    shown = " ".join(below)
    indices = re.findall(r"(?<![A-Za-z\\])[a-z]'?(?![A-Za-z])", re.sub(r"\s+'", "'", shown))
    body += _further_terms(source, frozenset(indices))
    return _call(place("CALLED", rf"{SUM}|{shown}", span_of(token)), body, upper)


def kept_function(source: Source, token: Token, context: Reading, name: str) -> list[Token]:
    r"""The call for \prod_{i=1}^n, \max_k and \min_k, which keep their indices as sums do."""
    below, above = _limits(source)
    body = _terms(source, token, context)
    return _call(place("CALLED", rf"\{name}|{' '.join(below)}", span_of(token)), body, [above] if above else [])


def _limits(source: Source) -> tuple[list[Token], list[Token]]:
    """What stands below and above the sign of the sum."""
    found: dict[str, list[Token]] = {}
    for _ in range(2):
        if source.next_is("UNDERSCORE") or source.next_is("CARET"):
            mark = source.pop()
            found[mark.type] = source.argument(mark, "superscript" if mark.type == "CARET" else "subscript")
    return found.get("UNDERSCORE", []), found.get("CARET", [])


def _with_inner(
    source: Source, indices: list[str], upper: list[list[Token]], context: Reading
) -> tuple[list[str], list[list[Token]]]:
    r"""The indices and upper limits of \sum_i \sum_j as those of \sum_{i,j}, where the inner sum has as many for each i."""
    ahead = Source(source.tokens[::-1], source.text)
    token = ahead.pop()
    below, above = _limits(ahead)
    inner = _indices(below, token, context) if below else []
    depends = any(index in _letters_of(above) for index in indices)
    if len(inner) != 1 or inner == indices or depends or bool(above) != bool(upper):
        return indices, upper
    while len(source.tokens) > len(ahead.tokens):
        source.pop()
    return [*indices, *inner], [*upper, above] if above else []


def _letters_of(tokens: Sequence[Token]) -> set[str]:
    """All letters in a limit: n and i of n_i."""
    return set("".join(t for t in tokens if not t.startswith("\\")))


def _further_terms(source: Source, indices: frozenset[str]) -> list[Token]:
    r"""The terms behind that have the index and no sum of their own: of \sum_i y_i a_i + (1 - y_i) b_i both are summed."""
    found: list[Token] = []
    while source.next_is("SIGN"):
        sign = source.pop()
        term = _body(source)
        if _has_limits(term) or not any(indices & _letters(subscript) for subscript in _subscripts(term)):
            source.push([sign, *term])
            break
        found += [sign, *term]
    return found


def _has_limits(term: Sequence[Token]) -> bool:
    """Whether a sum, a product or an extremum in the term binds indices of its own."""
    return SUM in term or any(
        sign.startswith("\\") and sign[1:] in OVER_INDICES and behind.type == "UNDERSCORE"
        for sign, behind in pairwise(term)
    )


def _letters(subscript: str) -> set[str]:
    """The indices i, ij, i,j and t-1 stand for; none of max, which is a word."""
    is_index = re.fullmatch(r"[A-Za-z]'?(,?[A-Za-z]'?)?([+-]\d)?", subscript)
    return set(re.findall("[A-Za-z]'?", subscript)) if is_index else set()


def sum_without_limits(source: Source, token: Token, context: Reading) -> tuple[list[Token], set[str]]:
    r"""\sum (x_i - \mu)^2, whose index stands in its body, or \sum \log x over all entries; and the indices."""
    body = _terms(source, token, context)
    found = {i for i in _subscripts(body) if re.fullmatch("[ijklmnst]|[ijkl],?[ijkl]", i)}
    if len(found) > 1:
        shown = " or ".join(sorted(found))
        hint = rf"write \sum_{{{min(found)}}} for the index {min(found)}"
        raise _fault(context.text, span_of(token), f"the sum does not tell its index, {shown}", hint)
    letters = found.pop().replace(",", "") if found else ""
    if not letters and (entries := _of_entries(body)) is not None:
        start, end = span_of(token)[0], span_of(body[-1])[1]
        message = f"{context.text[start:end]} is read as the sum over all entries"
        hint = r"write \mathbf 1^\top (…) for the sum before the power"
        context.notes.append(Note(message, hint, "sum", context.text, (start, end)))
        body = entries
    elif not letters and _is_product(body):
        raise _fault(context.text, span_of(token), "the sum has no index", NO_INDEX)
    function = place("CALLED", f"{SUM} {' '.join(letters)}" if letters else "sum", span_of(token))
    return _call(function, body), set(letters)


def _of_entries(body: Sequence[Token]) -> list[Token] | None:
    r"""The body of \sum (y - z)^2, \sum |y - z| and \sum \log |A x| entry by entry; None for other bodies."""
    first = next((i for i, t in enumerate(body) if t not in ENTRYWISE), 0)
    if body[first].type == "BAR" and body[-1].type == "BAR" and sum(t.type == "BAR" for t in body) == 2:
        return list(body)
    end = _end_of_bracket(body)
    mark, exponent = body[end : end + 1], body[end + 1 :]
    if not end or not mark or mark[0].type != "CARET" or not re.fullmatch(r"\{?\d+\}?", joined(exponent)):
        return None
    return [*body[:end], place("DOT_POWER", ".^", span_of(mark[0])), *exponent]


def _end_of_bracket(body: Sequence[Token]) -> int:
    """Behind the bracket that the body begins with; 0 where it begins otherwise."""
    start = next((i for i, t in enumerate(body) if t not in DELIMITER_SIZES), 0)
    depth = 0
    for i in range(start, len(body)):
        depth += (body[i].type == "LPAR") - (body[i].type == "RPAR")
        if depth == 0:
            return i + 1 if i > start else 0
    return 0


def _is_product(body: Sequence[Token]) -> bool:
    r"""Whether several values stand side by side, as in \sum y \log \hat y."""
    depth = found = 0
    for i, token in enumerate(body):
        depth -= token.type in _CLOSING and token.type.startswith("R")
        raised = i > 0 and body[i - 1].type in ("CARET", "UNDERSCORE")
        if depth == 0 and not raised and (token.type == "LPAR" or token.type == "WORD" or token in _LETTERS):
            found += len(token) if token.type == "WORD" else 1
        depth += token.type in _OPENING
    return found > 1 and not any(t in (r"\odot", "⊙", ".*") for t in body)


def _subscripts(body: Sequence[Token]) -> Iterator[str]:
    """The subscripts in the body of a sum, and the marks (i)."""
    inside = Source(body, "")
    while inside:
        mark = inside.pop()
        if mark.type == "UNDERSCORE" and inside:
            yield joined(inside.argument(mark, "subscript"))
        elif mark.type == "CARET" and inside.next_are(["{", "("]) and inside.tokens[-4:-3]:
            yield str(inside.tokens[-3]) if inside.tokens[-4] == ")" else ""


def _terms(source: Source, token: Token, context: Reading) -> list[Token]:
    body = _body(source)
    if not body:
        raise _fault(context.text, span_of(token), "the sum has no terms")
    if sum(t == SUM for t in body) > source.most:
        raise limits.exceeded("nesting", "the expression is nested too deeply", context.text, span_of(token))
    return body


def _call(function: Token, body: list[Token], upper: Sequence[list[Token]] = ()) -> list[Token]:
    start, end = span_of(body[0])[0], span_of(body[-1])[1]
    limits_behind = [t for limit in upper for t in (place("COMMA", ",", (end, end)), *limit)]
    arguments = [*body, *limits_behind]
    return [function, place("LPAR", "(", (start, start)), *arguments, place("RPAR", ")", (end, end))]


def _indices(group: list[Token], token: Token, context: Reading) -> list[str]:
    shown = joined(group)
    found = re.fullmatch(r"([A-Za-z])(?:,?([A-Za-z]))?(?:=(.*))?", shown)
    if found is None:
        message = f"a sum over {' '.join(group) or 'nothing'} is not known"
        raise _fault(context.text, span_of(token), message, _over_all(shown))
    if (first := found.group(3)) not in (None, "1"):
        raise _fault(context.text, span_of(token), f"the sum begins at {first}", later_beginning(first))
    return [index for index in found.groups()[:2] if index]


def _over_all(shown: str) -> str:
    """How to write a sum over some of the values of its indices."""
    if re.fullmatch(r"[A-Za-z,]*", shown):
        return r"write \sum_i, \sum_{i=1}^n or \sum_{i,j}"
    return (
        r"\sum_i runs over all i and \sum_{i,j} over all pairs, with i = j: "
        r"for a sum over some of them weight the terms with numbers w_i or W_{ij}, 1 or 0"
    )


def term_behind(source: Source) -> list[Token]:
    """The product that follows a subscript; both stay where they are."""
    copy = Source(source.tokens[::-1], source.text)
    copy.argument(copy.pop(), "subscript")
    return _body(copy)


def _body(source: Source) -> list[Token]:
    """The product that follows, up to a sign or the end of what it stands in."""
    body: list[Token] = []
    depth = braces = 0
    bars: list[str] = []
    while source:
        token = source.peek()
        inside = depth > 0 or bars
        if not inside and (token.type in _CLOSING or token in _ENDS or _is_right(source)):
            break
        if not inside and token.type == "SIGN" and body and body[-1].type not in _NO_SIGN_AFTER:
            break
        sided = bool(body) and body[-1] in (r"\left", r"\right")
        if not inside and body and not sided and _closes_outside(source, token):
            break
        if _is_bar(token) and not sided:
            if bars and bars[-1] == token:
                bars.pop()
            else:
                bars.append(str(token))
        braces += (token.type == "LBRACE") - (token.type == "RBRACE")
        if braces and token in ("<", ">"):  # \sum_{j<i}
            body.append(source.pop())
            continue
        depth += token.type in _OPENING or token in (r"\{", r"\langle", r"\lVert", r"\lvert", r"\begin")
        depth -= token.type in _CLOSING and token.type.startswith("R")
        depth -= token in (r"\}", r"\rangle", r"\rVert", r"\rvert", r"\end")
        if token in (r"\left", r"\right") and len(source.tokens) > 1 and _is_bar(source.tokens[-2]):
            depth += 1 if token == r"\left" else -1
        body.append(source.pop())
        if token.type == "UNDERSCORE" and source.next_is("LBRACE"):
            body += _group(source)
    return body


def _group(source: Source) -> list[Token]:
    r"""A subscript in braces as it stands: the < of \sum_{j<i} is no bracket."""
    group: list[Token] = []
    depth = 0
    while source and (depth or not group):
        group.append(source.pop())
        depth += (group[-1].type == "LBRACE") - (group[-1].type == "RBRACE")
    return group


def _is_right(source: Source) -> bool:
    r"""\right, or \Big before a bracket that closes."""
    size, *behind = source.tokens[:-3:-1]
    closes = bool(behind) and behind[0].type in _CLOSING and behind[0].type.startswith("R")
    return size == r"\right" or (size in DELIMITER_SIZES and closes)


_BARS = frozenset({r"\|", r"\Vert", r"\vert"})


def _is_bar(token: Token) -> bool:
    return token.type == "BAR" or token in _BARS


def _closes_outside(source: Source, token: Token) -> bool:
    r"""Whether a bar is the last of an odd number: of ‖y - \sum_j w_j v_j‖ it closes what was opened before the sum."""
    if not _is_bar(token):
        return False
    return len([t for t in source.tokens if t == token]) % 2 == 1


def bound_indices(text: str) -> set[str]:
    """The letters that sums in the text run over."""
    return set("".join(re.findall(r"\\(?:sum|prod)\b[\s\\a-z]*?_\s*\{?([\sA-Za-z,]+)", text)))


#: i of sum_i, \sum_{i=1} and \max_{1 \le i < j}: what stands below the sign, in braces or as one letter.
_BELOW_SIGN = pattern(r"(?:\\?(?:sum|prod)|\\(?:max|min))(?:\\(?:no)?limits)?\s*_\s*(?:\{([^{}]*)\}|([a-z])(?![a-z]))")


def with_joined_indices(tokens: list[Token], text: str) -> list[Token]:
    """A_ii of a sum over i as A_{ii}: an index of a sum is no factor that stands behind another."""
    bound = set(re.findall(r"(?<![A-Za-z\\])[a-z](?![A-Za-z])", " ".join(map("".join, _BELOW_SIGN.findall(text)))))
    if not bound:
        return tokens
    found: list[Token] = []
    for before, token, behind in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if _joins(before, token, behind, bound):
            start, end = span_of(token)
            found += [place("LBRACE", "{", (start, start)), token, place("RBRACE", "}", (end, end))]
        else:
            found.append(token)
    return found


#: Letters that are indices where another one is.
_INDICES = frozenset("ijkl")


def _joins(before: Token | None, token: Token, behind: Token | None, bound: set[str]) -> bool:
    """Whether a word right behind _ is made of indices alone, one of them of a sum, and has no subscript itself."""
    below = before is not None and before.type == "UNDERSCORE" and before.end_pos == token.start_pos
    marked = behind is not None and behind.type == "UNDERSCORE"
    return (
        below
        and token.type == "WORD"
        and 1 < len(token) <= 3
        and bool(bound & set(token))
        and set(token) - bound <= _INDICES
        and not marked
    )


def _fault(text: str, span: Span, message: str, hint: str | None = None) -> SyntaxFault:
    return SyntaxFault(message, code="sum", text=text, span=span, hint=hint)
