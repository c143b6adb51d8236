r"""What signs say of names behind a formula: x^T A x with A = A^T, x^T x for x in R^n, log det X, X in S^n_{++}.

They stand behind a comma for the reader of statements, and every place is kept: with A^T = A becomes , A = A^T, and a plain in the sign ∈.
"""

from __future__ import annotations

import re

from matcalc.language.surroundings.in_words import TRANSPOSED
from matcalc.patterns import pattern

__all__ = ["with_facts_behind"]

_NAME = r"(?:\\math\w+ ?\{\w+\}|\\[A-Za-z]+|[^\W\d_]\w*)(?:_\w|_\{\w+\})?"
_NAMES = rf"{_NAME}(?:(?: ?, ?(?:and )?| and ){_NAME})*"
_SPACE = r"(?:\s|\\q?quad(?![A-Za-z])|\\[,;:! ]|~)"
_WORD = r"(?:\\(?:text|mathrm|mbox)\s*\{\s*)?(?:with|for(?: all)?|given(?: that)?|if|when|where|assuming(?: that)?|assume(?: that)?|suppose(?: that)?|and)(?:\s*\}|(?=\s))"
_OWN = (
    rf"(?P<a>{_NAME}) ?= ?-? ?(?P=a) ?{TRANSPOSED}"
    rf"|(?P<b>{_NAME})(?P<gap> ?)(?P<sign>{TRANSPOSED})(?P<equals> ?= ?-? ?)(?P=b)(?!\w)"
)
#: (A = A^T), with A^T = A, and the same behind a comma.
_AT_END = pattern(
    rf"(?:(?=[,;\s\\~])(?:{_SPACE}*,{_SPACE}*(?:{_WORD}{_SPACE}*)?|{_SPACE}*;{_SPACE}*|{_SPACE}*\\q?quad(?![A-Za-z]){_SPACE}*(?:{_WORD}{_SPACE}*)?"
    rf"|{_SPACE}+{_WORD}{_SPACE}*|{_SPACE}+(?P<open>\(){_SPACE}*(?:{_WORD}{_SPACE}*)?))(?P<inner>\()?\$?(?P<own>{_OWN})\$?(?(inner)\s*\))(?(open)\s*\))[\s.$]*\Z"
)
#: A^T = A among the clauses of a where.
_TURNED = pattern(
    rf"((?:\bwhere|[,;]|\band)\s+\$?)(?P<b>{_NAME}) ?(?P<sign>{TRANSPOSED})(?P<equals> ?= ?)(?P=b)(?=\$?\s*(?:[,;.]|and\b|\Z))"
)
_SET = (
    r"(?:[RS]|ℝ|𝕊|\\mathbb ?\{?[RS]\}?|\\R(?:eals)?|\\reals)(?![A-Za-z])"
    r"(?: ?\^ ?(?:\{[^{}]*\}|\([^()]*\)|\w+(?: ?[x×*] ?\w+)?)| ?_ ?(?:\{\+{1,2}\}|\+{1,2}))*"
)
#: for x in R^n, and behind a comma: the last words.
_MEMBERS = pattern(
    rf"(?P<word>\s+(?:for(?: all)?|with|given|if)\s+|\s+and\s+|\s*[,;]\s*(?:(?:for(?: all)?|with|where|and)\s+)?)(?P<names>{_NAMES})(?P<sign>\s*(?:\bin\b|\\in(?![A-Za-z])|∈)\s*)"
    rf"(?={_SET}\s*(?:\Z|[,;.]|and\b))"
)
_LONGEST = 160


def with_facts_behind(text: str) -> str:
    """A text with these facts as the reader of statements and of ``where`` takes them; other texts as they are."""
    if "=" in text and "\n" not in text and re.search(TRANSPOSED, text) is not None:
        text = _with_symmetric(text)
    if " in " in text or "∈" in text or r"\in" in text:
        return _with_members(text)
    return text


def _with_symmetric(text: str) -> str:
    if re.search(r"(?<![\w\\.])where(?!\w)", text) is not None:
        return _TURNED.sub(r"\1\g<b>\g<equals>\g<b>\g<sign>", text)
    found = _AT_END.search(text, max(0, len(text) - _LONGEST))
    if found is None or not text[: found.start()].strip(" $"):
        return text
    start, end = found.span("own")
    words = found.group()[: start - found.start()].replace("$", "")
    dollars = "$" * (found.group()[: start - found.start()].count("$"))
    own = text[start:end] if found["a"] else f"{found['b']}{found['equals']}{found['b']}{found['gap']}{found['sign']}"
    fact = f"{',':<{len(words)}}{dollars}{own:<{end - start}}{re.sub('[^$]', ' ', text[end:])}"
    return text[: found.start()] + fact[: len(text) - found.start()]


def _with_members(text: str) -> str:
    """x^T x, x ∈ R^n, at the same places; what stands behind a ``where`` is told there."""
    where = re.search(r"(?<![\w\\.])where(?!\w)", text)
    end = where.start() if where is not None else len(text)
    return _MEMBERS.sub(_with_comma, text[:end]) + text[end:]


def _with_comma(found: re.Match[str]) -> str:
    sign = found["sign"].replace("in", "∈ ", 1) if "\\" not in found["sign"] else found["sign"]
    return ",".rjust(len(found["word"].rstrip())).ljust(len(found["word"])) + found["names"] + sign
