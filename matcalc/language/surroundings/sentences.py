r"""Sentences around a formula, as in a question: ``Let $A \in \mathbb{R}^{n \times n}$. Find the gradient of $f(x) = x^\top A x$.``

They are read as a statement of the same length: what asks or declares stays, between commas, and blanks stand for the other
words. A text with words that may say more stays as it is, and is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from matcalc.functions import find
from matcalc.language.clauses import split_where
from matcalc.language.surroundings.in_words import UNKNOWN
from matcalc.language.words.names import is_greek
from matcalc.patterns import pattern

__all__ = ["request_in_front", "without_label", "without_words"]

Span = tuple[int, int]

_FORMULA = pattern(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
_NOUN = r"(?:(?:partial |second )?(?:derivative|gradient|hessian|jacobian))"
#: What the words ask for, which statements read.
_ASKED = pattern(
    rf"{_NOUN} of|differentiate|with respect to|w\.r\.t\.?|wrt\b(?!\w)|w\.r\.t\.",
    re.IGNORECASE,
)
_BARE = pattern(rf"\b{_NOUN}\b(?! of\b)", re.IGNORECASE)
_BY = pattern(r"(?:with respect to|w\.r\.t\.?|wrt)\s*$", re.IGNORECASE)
#: Words that say more of the formula than that it is one: it is left as it stands.
_SAYING_MORE = pattern(
    r"\b(?:where|min\w*|max\w*|subject|such|s\.t|inverse|square\w*|root|product|sum|ratio|times|half|twice|minus|plus|negative|log\w*|"
    r"exp\w*|transpose|reciprocal|power|integral|expectation|expected|if|over|divided|and|or|vs|versus|equals?|not|no)\b",
    re.IGNORECASE,
)
#: What is said of matrices.
_PROPERTY = r"(?:symmetric|skew|antisymmetric|positive|negative|semi-?definite|definite|invertible|non-?singular|orthogonal|diagonal|triangular)"
_PROPERTIES = pattern(rf"\b{_PROPERTY}\b", re.IGNORECASE)
#: A name and its property: $A$ be a symmetric matrix.
_DESCRIBED = pattern(
    rf"\s+(?:is|are|be|being)\s+(?:an?\s+)?({_PROPERTY}(?:\s+{_PROPERTY})*)(?:\s+matri(?:x|ces))?(?=\s*(?:[.,;]|and\b|$))",
    re.IGNORECASE,
)
#: Words before a declaration, which say that it is one.
_INTRODUCING = pattern(r"\b(?:where|and|with|for)\s*$", re.IGNORECASE)
#: Words for what a formula shows with a sign of its own.
_SHOWN = {
    "norm": (r"\|", r"\Vert", r"\lVert", "‖", "|", r"\norm"),
    "trace": ("tr", "Tr"),
    "determinant": ("det", "|"),
}
_LETTER = r"(?:\\?[A-Za-z]+|\\(?:math\w+|boldsymbol|bm|vec|hat)\s*\{?\\?[A-Za-z]+\}?)"
_NAME = pattern(_LETTER)
#: x, y \in \mathbb{R}^n
_MEMBERSHIP = pattern(rf"\s*{_LETTER}(?:\s*,\s*{_LETTER})*\s*(?:\\in\b|∈)[^=]*")
_SIGN = r"\s*(?:\\nabla|∇|\\frac\s*\{\s*(?:\\partial|d\b|\\mathrm\s*\{?d)|\\partial|∂)"
#: A derivative on the left of an equals sign, and one that is asked for.
_CLAIM = pattern(rf"{_SIGN}[^=]*=")
_SOUGHT = pattern(rf"{_SIGN}[^=]*")
#: What stands between a function and the claim about its derivative.
_IS = pattern(r"\s*(?:is|equals|is equal to|should be|must be)(?: (?:simply|just|given by))?\s*")
#: A clause that asks for a derivative.
_REQUEST = pattern(
    rf",\s*(?:(?:find|compute|calculate|what is)\s+)?(?:(?:the|its)\s+)?{_NOUN}\b[^,:=]*",
    re.IGNORECASE,
)


def request_in_front(text: str) -> str:
    """``tr(A^T B A) where B is symmetric, derivative w.r.t. A`` with what it asks for before its clauses."""
    start, last = split_where(text), text.rfind(",")
    if not 0 < start < last or _REQUEST.fullmatch(text, last) is None:
        return text
    return f"{text[:start].rstrip()}{text[last:]} {text[start:last]}"


#: What a formula is called in front of a colon: log posterior: …
_LABEL = pattern(r"\s*[A-Za-z]{2,}(?:[ -]+[A-Za-z]{2,})*:(?=\s+\S)(?!\s*[A-Za-z]+\s*(?:↦|->|\\(?:to|mapsto)\b))")


def without_label(text: str) -> str:
    """A text of the same length without the words and the colon that name the formula behind them."""
    found = _LABEL.match(text)
    if found is None or any(said.search(found.group().replace("log", "")) for said in (_ASKED, _BARE, _SAYING_MORE)):
        return text
    words = re.findall("[a-z]+", found.group().lower())
    means_more = any(word in _SHOWN for word in words) or (
        len(words) == 1 and (len(words[0]) < 4 or is_greek(words[0]) or find(words[0]) is not None)
    )
    if means_more:  # trace: A, and sigma: epsilon
        return text
    return " " * found.end() + text[found.end() :]


def without_words(text: str) -> str:
    """A text of the same length with blanks for the words around its formulas; others stay as they are."""
    formulas = list(_FORMULA.finditer(text)) if "$" in text else []
    words = _FORMULA.sub(lambda found: " " * len(found.group()), text)
    if not formulas or "$" in words or "\\" in words or not re.search("[A-Za-z]{2}", words):
        return text
    roles = {
        role: [f for f in formulas if _role(f) == role] for role in ("name", "declared", "claim", "sought", "function")
    }
    if not roles["function"]:  # Find $\\nabla_x x^T x$
        roles["function"], roles["sought"] = roles["sought"], []
    if not roles["function"]:  # Prove that $\\nabla_x x^T x = 2 x$
        roles["function"], roles["claim"] = roles["claim"], []
    if len(roles["function"]) == 2 and _IS.fullmatch(text, *_between(*roles["function"])) and _ASKED.search(words):
        roles["claim"].append(roles["function"].pop())  # the gradient of $x^T x$ is $2 x$
    if len(roles["function"]) != 1 or not _is_shown(words, _inside(roles["function"][0])):
        return text
    described = [(f, found) for f in roles["name"] if (found := _DESCRIBED.match(text, f.end())) is not None]
    declared = [f.span() for f in roles["declared"]]
    properties = [span for f, found in described for span in (f.span(), found.span(1))]
    if _says_more(words, declared, properties):
        return text
    function = roles["function"][0].span()
    bare = [found.span() for found in _BARE.finditer(words)]
    if any(start < function[0] for start, _ in bare) or len(bare) + len(roles["sought"]) > 1:
        return text
    asked = [found.span() for found in _ASKED.finditer(words)]
    names = [f.span() for f in roles["name"] if _BY.search(text, 0, f.start())]
    ends = [*(end for _, end in declared), *(found.end(1) for _, found in described)]
    later = any(start >= function[1] for start, _ in bare)
    followed = not later and any(start >= function[1] for start, _ in names)  # with respect to $x$
    ends += (
        [function[1]]
        if not followed
        and any(start > function[1] for start, _ in [*bare, *declared, *properties, *_spans(roles["sought"])])
        else []
    )
    ends += [end for _, end in names if any(start > end for start, _ in [*declared, *properties])]
    return _kept(text, [function, *asked, *names, *declared, *properties, *bare, *_spans(roles["sought"])], ends)


def _between(first: re.Match[str], second: re.Match[str]) -> Span:
    """Where stands what is between two formulas."""
    return first.end(), second.start()


def _role(formula: re.Match[str]) -> str:
    """What a formula is in the sentences."""
    inside = _inside(formula)
    if _NAME.fullmatch(inside.strip()):
        return "name"
    if _MEMBERSHIP.fullmatch(inside):
        return "declared"
    if _CLAIM.match(inside):
        return "claim"
    return "sought" if _SOUGHT.fullmatch(inside) else "function"


def _inside(formula: re.Match[str]) -> str:
    return formula.group(1) or formula.group(2)


def _spans(formulas: Sequence[re.Match[str]]) -> Iterator[Span]:
    return (f.span() for f in formulas)


def _says_more(words: str, declared: Sequence[Span], properties: Sequence[Span]) -> bool:
    """Whether words say what is not read: but for those before declarations, and properties of a name."""
    for start, end in properties:
        words = words[:start] + " " * (end - start) + words[end:]
    for start, _ in [*declared, *properties[::2]]:
        before = _INTRODUCING.search(words, 0, start)
        if before is not None:
            words = words[: before.start()] + " " * (start - before.start()) + words[start:]
    return any(said.search(words) is not None for said in (_SAYING_MORE, _PROPERTIES, UNKNOWN))


def _kept(text: str, spans: Sequence[Span], ends: Sequence[int]) -> str:
    """Blanks for all but these parts, with commas behind some."""
    found = [" "] * len(text)
    for start, end in spans:
        found[start:end] = text[start:end]
    for end in ends:
        if end < len(text) and text[end:].strip(" .?!\n"):
            found[end] = ","
    return "".join(found)


def _is_shown(words: str, formula: str) -> bool:
    """Whether the norm, the trace or the determinant of the words is that of the formula."""
    said = [signs for word, signs in _SHOWN.items() if re.search(rf"\b{word}", words, re.IGNORECASE)]
    return all(any(sign in formula for sign in signs) for signs in said)
