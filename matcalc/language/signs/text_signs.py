"""Sums and roots by their signs, in both dialects: √x, ∑_i x_i^2 and sum_i x_i^2."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lark import Token

from matcalc.errors import Hint, SyntaxFault
from matcalc.language.kinds.kinds import SCALAR, Letter
from matcalc.language.mends.hints import write
from matcalc.language.surface.bars import place, span_of
from matcalc.language.words.indices import index_words, later_beginning
from matcalc.language.words.names import canonical_name, spelled
from matcalc.language.words.stray_members import check_indices
from matcalc.notes import Note
from matcalc.patterns import pattern

if TYPE_CHECKING:
    from matcalc.language.surface.arrange import Reading

__all__ = ["follows_coefficient", "sum_end", "sums_and_roots", "sums_found"]

_STARTS = frozenset("NUMBER NAME FUNCTION LPAR LSQB LBRACE LANGLE NORM_OPEN ABS_OPEN BAR SUM ROOT".split())
_OPENS = frozenset("LPAR LSQB LBRACE LANGLE NORM_OPEN ABS_OPEN".split())
_CLOSES = frozenset("RPAR RSQB RBRACE RANGLE NORM_CLOSE ABS_CLOSE".split())
_ENDS = frozenset({"COMMA", "SEMICOLON"})
_ROOTS = {"√": "sqrt", "∛": "cbrt"}
_OTHERS = {
    "prod": "the product of the entries of x is exp(sum(log(x)))",
    "max": "the largest entry of x is max(x)",
    "min": "the smallest entry of x is min(x)",
    "mean": "the mean of the entries of x is mean(x)",
}


def sums_found(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with SUM for the words and signs of sums, as ``sum_i``; before bars are paired."""
    if not any(t.type == "SUM" or (t.type == "NAME" and _SUM.match(t)) for t in tokens):
        return tokens
    return list(_found(tokens, context))


#: Σ_{(x, y) in data}
_OVER_SET = pattern(r"(?:sum|Sum|Σ)_\{[^{}]*(?:\bin\b|∈)")
_OVER_SEVERAL = pattern(r"Σ_\{\w+,\s*\w+\}")
_SUM = pattern(r"(sum|Sum|prod|max|min|mean|Σ)(?:_|$|[ᵢⱼₖₗₘₙₛₜ])")


def _found(tokens: Sequence[Token], context: Reading) -> Iterator[Token]:
    for i, token in enumerate(tokens):
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        word, index = _word_and_index(token)
        called = following is not None and following.type in _STARTS | {"POWER"}
        if not (word or _OVER_SET.match(token)) or not called or canonical_name(token) in context.declared:
            yield token
        elif _OVER_SET.match(token) and context.members.binders:
            yield place("SUM", token, span_of(token))
        elif _OVER_SET.match(token):
            hint = "write the sum over an index, such as sum_i f(x_i)"
            raise _fault(token, context, f"{token} runs over a set, which is not read", hint)
        elif (word == "sum" and index and (len(index) == 1 or _members(tokens[i + 1 :], index))) or (
            word in _OTHERS and context.members.binders and _members(tokens[i + 1 :], index)
        ):
            yield place("SUM", token, span_of(token))
        elif word in _OTHERS and _members(tokens[i + 1 :], index):
            raise _fault(token, context, f"{token} runs over an index, which is not read", _OTHERS[word])
        elif word == "Σ" and _members(tokens[i + 1 :], index) and follows_coefficient(tokens[:i]):
            if _is_sum(tokens, i, index, context):
                message = f"{token} is read as the sum over {index}"
                hint = f"declare Sigma{token[1:]} if it is a matrix"
                context.notes.append(Note(message, hint, "sum", context.text, span_of(token)))
                yield place("SUM", "∑" + token[1:], span_of(token))
                continue
            index = token[1:]
            sum_sign = (f"sum{index}" if index else "∑", "for the sum")
            hint = write(span_of(token), sum_sign, (f"Sigma{index}", "for the matrix"))
            raise _fault(token, context, f"{token} may be a sum or a matrix", hint)
        else:
            yield token


def _is_sum(tokens: Sequence[Token], start: int, index: str, context: Reading) -> bool:
    """Whether Σ_i is a sum: no Σ of the text is a matrix, and what follows is no product with a vector."""
    others = [i for i, t in enumerate(tokens) if i != start and t.type == "NAME" and t.startswith(("Σ", "Sigma"))]
    if not index or not all(_OVER_SEVERAL.match(tokens[i]) or _sums_members(tokens, i) for i in others):
        return False
    behind = tokens[start + 1 : start + 3]
    called = len(behind) > 1 and behind[1].type in ("LPAR", "POWER", "SUPERSCRIPT")
    return called or behind[0].type in ("LPAR", "BAR", "LSQB") or _is_of_numbers(tokens[start + 1 :], context)


def _sums_members(tokens: Sequence[Token], i: int) -> bool:
    word, index = _word_and_index(tokens[i])
    return word == "Σ" and bool(index) and _members(tokens[i + 1 :], index)


def _is_of_numbers(tokens: Sequence[Token], context: Reading) -> bool:
    """Whether a product begins with a letter of numbers, α_i, or one stands in front of a function: y_i log(p_i)."""
    body = [t for t in tokens[: _body_end(tokens, 0)] if t.type == "NAME"]
    letter = Letter(spelled(canonical_name(body[0])).word) if body else None
    functions = [t for t in body if context.functions(canonical_name(t)) is not None]
    return letter is not None and (letter.usual == SCALAR or bool(functions))


def _word_and_index(token: Token) -> tuple[str, str]:
    """sum and i of sum_i; the word is empty for other names."""
    if token.type != "NAME" or not _SUM.match(token):
        return "", ""
    parts = spelled(canonical_name(token))
    word = "Σ" if token[0] == "Σ" else parts.word.lower()
    letters = "[a-z]{1,2}" if word == "sum" else "[a-z]"  # sum_ij
    single = len(parts.below) <= 1 and not parts.above and all(re.fullmatch(letters, w) for w in parts.below)
    return (word, "".join(parts.below)) if single else ("", "")


def _members(tokens: Sequence[Token], index: str) -> bool:
    """Whether names with this index stand in the product that follows, or without one names with any."""
    for token in tokens[: _body_end(tokens, 0)]:
        if token.type == "NAME":
            below = spelled(canonical_name(token)).below
            named = (
                index in below or set(index) == set(below) if index else any(re.fullmatch("[ijk]", w) for w in below)
            )
            if named:
                return True
    return False


#: What numbers in front of a sum are made of, beside letters: 1/(2 n).
_OF_COEFFICIENT = frozenset("NUMBER OPERATOR JUXTAPOSED POWER SUPERSCRIPT LPAR RPAR LBRACE RBRACE".split())


def follows_coefficient(tokens: Sequence[Token]) -> bool:
    """Whether a term begins behind the tokens, or nothing but a number as 1/n stands before in it."""
    depth = 0
    for token in reversed(tokens):
        depth += (token.type in _CLOSES) - (token.type in _OPENS)
        if depth < 0 or (depth == 0 and token.type not in _OF_COEFFICIENT and not _ends_value(token)):
            return True
        if token.type == "NAME" and not _is_count(token):
            return False
        if token.type != "NAME" and token.type not in _OF_COEFFICIENT:
            return False
    return True


def _is_count(name: Token) -> bool:
    """Whether a name in front of a sum is a number: its letter is one of numbers or counts."""
    letter = Letter(canonical_name(name))
    return letter.may_count or letter.usual == SCALAR


def _ends_value(token: Token) -> bool:
    return token.type in _CLOSES or token.type in ("NAME", "NUMBER", "TRANSPOSE", "SUPERSCRIPT")


def sums_and_roots(tokens: list[Token], context: Reading) -> list[Token]:
    """The tokens with calls in place of the signs; after bars are paired. The last sign is taken first."""
    for i in range(len(tokens) - 1, -1, -1):
        if tokens[i].type == "ROOT":
            tokens = _root(tokens, i, context)
        elif tokens[i].type == "SUM":
            tokens = _sum(tokens, i, context)
    if not context.members.binders:
        check_indices([t for t in tokens if str(t) not in context.declared], context.text)
    return tokens


def _root(tokens: list[Token], start: int, context: Reading) -> list[Token]:
    """√x and √(…), where it is clear what stands below the root."""
    sign = tokens[start]
    end = _operand_end(tokens, start + 1)
    behind = tokens[end] if end < len(tokens) else None
    glued = behind is not None and behind.start_pos == tokens[end - 1].end_pos and behind.type not in _CLOSES
    if end == start + 1 or (
        glued and end == start + 2 and behind is not None and behind.type not in ("OPERATOR", *_ENDS)
    ):
        raise _fault(sign, context, "it is not clear what stands below the root", _roots(tokens, start, context))
    return [*tokens[:start], *_call(_ROOTS[sign], sign, tokens[start + 1 : end]), *tokens[end:]]


def _roots(tokens: Sequence[Token], start: int, context: Reading) -> Hint | None:
    """sqrt(2) x or sqrt(2x)"""
    if len(tokens) < start + 3:
        return None
    sign, atom, behind = tokens[start : start + 3]
    name, joint = _ROOTS[sign], " " if behind.type in _STARTS else ""
    place_of_all = span_of(sign)[0], span_of(behind)[1]
    glued = context.text[span_of(atom)[0] : place_of_all[1]]
    return write(place_of_all, f"{name}({atom}){joint}{behind}", f"{name}({glued})")


def _operand_end(tokens: Sequence[Token], start: int) -> int:
    """Where the atom ends that begins here: a name, a number, or what stands in brackets."""
    depth = 0
    for i in range(start, len(tokens)):
        kind = tokens[i].type
        depth += (kind in _OPENS) - (kind in _CLOSES)
        if depth == 0 and (kind in _CLOSES or kind in ("NAME", "NUMBER")):
            return i + 1
        if depth <= 0 and kind != "FUNCTION":
            return start
    return start


def _sum(tokens: list[Token], start: int, context: Reading) -> list[Token]:
    """sum_i with its limits and all that it runs over: a product, up to a sign or the end of its bracket."""
    sign = tokens[start]
    first, upper = _limit(tokens, start + 1)
    end = _body_end(tokens, first)
    body = tokens[first:end]
    if not body:
        raise _fault(sign, context, "the sum has no terms", None)
    if context.members.binders and (shown := _shown_below(sign)):
        word = re.match("prod|max|min|mean", sign)
        function = rf"\{word.group() if word else 'sum'}|{shown}"
        return [*tokens[:start], *_call(function, sign, body, upper), *tokens[end:]]
    letters = _letters(sign, body, context)
    function = rf"\sum {' '.join(letters)}" if letters else "sum"
    return [*tokens[:start], *_call(function, sign, body, upper), *tokens[end:]]


def _limit(tokens: Sequence[Token], start: int) -> tuple[int, Sequence[Token]]:
    """Where the body begins, behind ^n or ^{n}, and that limit."""
    if start >= len(tokens) or tokens[start] != "^":
        return start, ()
    end = _operand_end(tokens, start + 1)
    limit = tokens[start + 1 : end]
    return end, limit[1:-1] if limit and limit[0].type == "LBRACE" else limit


def _body_end(tokens: Sequence[Token], start: int) -> int:
    depth = bars = 0
    for i in range(start, len(tokens)):
        kind = tokens[i].type
        if depth == 0 and (
            kind in _CLOSES
            or kind in _ENDS
            or (kind == "SIGN" and bars % 2 == 0 and _ends_value(tokens[i - 1]) and i > start)
        ):
            return i
        depth += (kind in _OPENS) - (kind in _CLOSES)
        bars += kind == "BAR" and not _is_second_bar(tokens, i)
    return len(tokens)


def _is_second_bar(tokens: Sequence[Token], i: int) -> bool:
    """Whether a bar is the other half of ||."""
    before, bar = tokens[i - 1], tokens[i]
    return i > 0 and before.type == "BAR" and before == bar == "|" and before.end_pos == bar.start_pos


def sum_end(tokens: Sequence[Token], start: int) -> int:
    """Where a sum ends that begins here, before bars are paired: log sum_k … + 1; the start itself where none does."""
    token = tokens[start]
    if token.type != "SUM" and not (token.type == "NAME" and _SUM.match(token) and _word_and_index(token)[1]):
        return start
    return _body_end(tokens, _limit(tokens, start + 1)[0])


def _shown_below(sign: Token) -> str:
    """i=1 of sum_{i=1}, where a sum tells its indices."""
    below = re.sub("^(?:[Ss]um|prod|max|min|mean|∑|Σ)", "", unicodedata.normalize("NFKC", sign))
    return re.sub(r"^_?\{?|\}$|\s", "", re.sub(r"(?<=[\w)])\s+in\s+(?=\w)", "∈", below))


def _letters(sign: Token, body: Sequence[Token], context: Reading) -> list[str]:
    """The indices that stand below the sign, or of all names of the body."""
    below = re.sub(r"[{}\s_]", "", re.sub("^(?:sum|Sum|∑|Σ)", "", unicodedata.normalize("NFKC", sign)))
    relation = re.search("[<>≤≥≠∈]|!=", below)
    if relation is not None:
        raise _fault(sign, context, f"a sum over {below} is not known", "write sum_i, sum_{i=1}^n or sum_{i,j}")
    below = index_words(below.split("=")[0].replace(",", "")) or ""
    if "=" in sign and not re.search(r"=\s*1\s*\}", sign):
        raise _fault(
            sign, context, "the sum does not begin at 1", later_beginning(re.split(r"=\s*", sign)[1].strip("{} "))
        )
    if re.fullmatch("[a-z]{1,2}", below):
        return list(below)
    if below:
        raise _fault(sign, context, f"a sum over {below} is not known", "write sum_i, sum_{i=1}^n or sum_{i,j}")
    words = {w for t in body if t.type == "NAME" for w in spelled(canonical_name(t)).below}
    found = sorted(w for w in words if re.fullmatch("[ijklmnst]|[ijkl][ijkl]", w))
    if len(found) > 1:
        hint = write(span_of(sign), *(f"∑_{letter}" for letter in found))
        raise _fault(sign, context, f"the sum does not tell its index, {' or '.join(found)}", hint)
    return list(found[0]) if found else []


def _call(function: str, sign: Token, body: Sequence[Token], upper: Sequence[Token] = ()) -> list[Token]:
    start, end = span_of(body[0])[0], span_of(body[-1])[1]
    limit = [place("COMMA", ",", (end, end)), *upper] if upper else []
    opener, closer = place("LPAR", "(", (start, start)), place("RPAR", ")", (end, end))
    return [place("FUNCTION", function, span_of(sign)), opener, *body, *limit, closer]


def _fault(token: Token, context: Reading, message: str, hint: Hint | str | None) -> SyntaxFault:
    return SyntaxFault(message, code="sum", text=context.text, span=span_of(token), hint=hint)
