r"""Sentences around a formula, as in a question: ``Let $A \in \mathbb{R}^{n \times n}$. Find the gradient of $f(x) = x^\top A x$.``

They are read as a statement of the same length: what asks or declares stays, between commas, and blanks stand for the other
words. A text with words that may say more stays as it is, and is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from matcalc.functions import find
from matcalc.language.clauses import split_where
from matcalc.language.surroundings.in_words import UNKNOWN
from matcalc.language.surroundings.left_words import holds_mathematics, without
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
_RESPECT = r"(?:with respect to|w\.r\.t\.?|wrt)"
_OF_ARRAYS = r"(?:the\s+)?(?:(?:matrix|vector|scalar|variable|parameter|weight|coefficient)s?\s*)?"
_BY = pattern(rf"{_RESPECT}\s*{_OF_ARRAYS}$", re.IGNORECASE)
#: A variable without dollar signs.
_BY_LETTER = pattern(rf"{_RESPECT}\s+{_OF_ARRAYS}([A-Za-z])(?![\w'’])", re.IGNORECASE)
#: dy/dx without dollar signs.
_RATIO = pattern(r"(?<![\w/])d\w\s*/\s*d\w(?![\w/])")
#: The gradient of the function by its name.
_OF_NAME = pattern(rf"({_NOUN})\s+of\s+(?:the\s+)?(?:function\s*)?$", re.IGNORECASE)
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
#: A conjunction between two sentences: … and I want its gradient.
_AND = pattern(
    r"\band\b(?=\s+(?:(?:I|we|you)\b|(?:want|need|find|compute|calculate|take|differentiate|then|so|what|its)\b))",
    re.IGNORECASE,
)
#: Words before a declaration, which say that it is one.
_INTRODUCING = pattern(r"\b(?:where|and|with|for)\s*$", re.IGNORECASE)
#: If $y = A x$ then find …
_IF = pattern(r"\A\s*if\s+(?=\$)", re.IGNORECASE)
#: Words for what a formula shows with a sign of its own.
_SHOWN = {
    "norm": (r"\|", r"\Vert", r"\lVert", "‖", "|", r"\norm"),
    "trace": ("tr", "Tr"),
    "determinant": ("det", "|"),
}
_LETTER = r"(?:\\?[A-Za-z]+|\\(?:math\w+|boldsymbol|bm|vec|hat)\s*\{?\\?[A-Za-z]+\}?)"
_NAME = pattern(_LETTER)
_LEFT = pattern(rf"\s*({_LETTER})\s*(?:\([^()=]*\))?\s*:?=")
#: x, y \in \mathbb{R}^n
_MEMBERSHIP = pattern(
    rf"\s*{_LETTER}(?:\s*,\s*{_LETTER})*\s*(?:\\in\b|∈|(?:\\neq?\b|≠|>|<|\\geq?\b|\\leq?\b|\\succ(?:eq)?\b)\s*0\s*\Z)[^=]*"
)
_SIGN = r"\s*(?:\\nabla|∇|\\[dt]?frac\s*\{\s*(?:\\partial|d\b|d\s*\\?[A-Za-z]+\s*\}\s*\{\s*d|\\mathrm\s*\{?d)|\\partial|∂|d\w\s*/\s*d\w)"
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
    roles = _roles(formulas, text, words)
    if len(roles["function"]) != 1 or not _is_shown(words, _inside(roles["function"][0])):
        return text
    if (front := _IF.match(text)) is not None and roles["function"][0].start() == front.end():
        words = words[front.end() :].rjust(len(words))
    return _Sentences(text, words, roles).kept()


def _roles(formulas: Sequence[re.Match[str]], text: str, words: str) -> dict[str, list[re.Match[str]]]:
    """The formulas by what they are."""
    roles = {
        role: [f for f in formulas if _role(f) == role] for role in ("name", "declared", "claim", "sought", "function")
    }
    if not roles["function"]:  # Find $\\nabla_x x^T x$
        roles["function"], roles["sought"] = roles["sought"], []
    if not roles["function"]:  # Prove that $\\nabla_x x^T x = 2 x$
        roles["function"], roles["claim"] = roles["claim"], []
    if len(roles["function"]) == 2 and _IS.fullmatch(text, *_between(*roles["function"])) and _ASKED.search(words):
        roles["claim"].append(roles["function"].pop())  # the gradient of $x^T x$ is $2 x$
    return roles


class _Sentences:
    """Which parts of the sentences around one function stay."""

    def __init__(self, text: str, words: str, roles: Mapping[str, Sequence[re.Match[str]]]) -> None:
        self.text, self.words = text, words
        self.formula = roles["function"][0]
        self.function = self.formula.span()
        self.named = roles["name"]
        described = [(f, found) for f in self.named if (found := _DESCRIBED.match(text, f.end())) is not None]
        self.declared = [f.span() for f in roles["declared"]]
        self.properties = [span for f, found in described for span in (f.span(), found.span(1))]
        self.ends = [*(end for _, end in self.declared), *(found.end(1) for _, found in described)]
        self.sought = [*(f.span() for f in roles["sought"]), *(m.span() for m in _RATIO.finditer(words))]
        self.own = dict(self._own_name())
        nouns = self.own.values()
        self.bare = sorted([*(found.span() for found in _BARE.finditer(words)), *nouns])
        self.asked = [m.span() for m in _ASKED.finditer(words) if not any(m.start() == start for start, _ in nouns)]
        self.names = [f.span() for f in self.named if _BY.search(text, 0, f.start())]
        self.names += [found.span(1) for found in _BY_LETTER.finditer(words)]

    def _own_name(self) -> Iterator[tuple[Span, Span]]:
        """$f$ and the noun in the gradient of $f$, where f is what the function is called."""
        left = _LEFT.match(_inside(self.formula))
        for f in self.named:
            found = _OF_NAME.search(self.text, 0, f.start())
            if left is not None and found is not None and left.group(1) == _inside(f).strip():
                yield f.span(), found.span(1)

    def kept(self) -> str:
        """The text with blanks for the other words, or as it stands where these say more."""
        listed = [(a.span(), b.span()) for a, b in pairwise(self.named) if self._are_listed(a, b)]
        between = [(a[1], b[0]) for a, b in listed] + [m.span() for m in _AND.finditer(self.words)]
        front = _INTRODUCING.search(self.words, 0, self.function[0])
        if front is not None and front.group().strip() == "and" and _LEFT.match(_inside(self.formula)):
            between.append(front.span())  # Let $A$ be a matrix and $f(x) = …
        if _says_more(without(self.words, between), self.declared, self.properties):
            return self.text
        if any(a in self.names for a, _ in listed):  # with respect to $x$ and $A$
            return self.text
        if any(start < self.function[0] for start, _ in self.bare) or len(self.bare) + len(self.sought) > 1:
            return self.text
        kept = [self.function, *self.asked, *self.names, *self.declared, *self.properties, *self.bare, *self.sought]
        dropped = [f.span() for f in self.named if f.span() not in kept and f.span() not in self.own]
        if holds_mathematics(without(self.words, kept), self.text, _inside(self.formula), dropped):
            return self.text
        return _kept(self.text, kept, [*self.ends, *self._further_ends()])

    def _are_listed(self, first: re.Match[str], second: re.Match[str]) -> bool:
        """$A$ and $B$, or $A$, $B$"""
        between = self.text[slice(*_between(first, second))]
        return between.strip(" ,") in ("", "and") and bool(between.strip())

    def _further_ends(self) -> Iterator[int]:
        """The ends of the function, and of what it is differentiated by, before what else is said."""
        said = [*self.declared, *self.properties]
        later = any(start >= self.function[1] for start, _ in self.bare)
        followed = not later and any(start >= self.function[1] for start, _ in self.names)  # with respect to $x$
        if not followed and any(start > self.function[1] for start, _ in [*self.bare, *said, *self.sought]):
            yield self.function[1]
        yield from (end for _, end in self.names if any(start > end for start, _ in said))


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


def _says_more(words: str, declared: Sequence[Span], properties: Sequence[Span]) -> bool:
    """Whether words say what is not read: but for those before declarations, and properties of a name."""
    words = without(words, properties)
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
