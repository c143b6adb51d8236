r"""English around a plain formula, as questions have it: ``Show that the gradient of f(x) = x^T x is 2 x``, ``df/dx if f = a^T x``.

A text of the same length comes out that statements read: blanks for words that only frame the formula, a comma between two clauses, and an
equals sign where a derivative ``is`` something. What other words say stays, and is an error.
"""

from __future__ import annotations

import re

from matcalc.functions import find
from matcalc.language.words.names import is_greek
from matcalc.patterns import pattern

__all__ = ["without_framing"]

#: What every such text holds.
_TRIGGER = pattern(
    r"\b(?:derivatives?|gradients?|hessian|jacobian|differentiat\w+|convex|concave|find|compute|calculate|determine|simplify|show|prove|verify)\b|\bd\w+/d\w|[∇∂]|\\nabla|\\partial",
    re.IGNORECASE,
)
_NOUN = r"(?:(?:(?:partial|second|matrix|first|directional)\s+)?(?:derivative|gradient|hessian|jacobian))"
_SIGN = r"(?:∇|∂|\\nabla|\\partial|\\frac\s*\{\s*(?:\\partial|d)|d\w*\s*/\s*d)"
_ASKS = rf"(?=\s*(?:(?:the|a)\s+)?(?:{_NOUN}s?\b|differentiat|find\b|compute\b|calculate\b|take\b|{_SIGN}))"
_I = r"(?:i|we|you|one)"
_FIND = r"(?:find|compute|calculate|determine|derive|get|take|obtain)"
#: How do I find, what is
_WHAT = rf"(?:(?:so\s+)?(?:how\s+(?:to|(?:do|can|would|should)\s+{_I})\s+)?{_FIND}\s+|what(?:\s+is|['’]s)\s+)?"
#: Words in front of what is asked, of which nothing is lost.
_FRAMES = (
    pattern(
        rf"\s*(?:I(?:['’]m| am)\s+(?:trying|asked|supposed)\s+to|I\s+(?:want|need|have|would\s+like)\s+to"
        rf"|(?:can|could)\s+(?:someone|anyone|somebody|you)(?:\s+(?:please|kindly))?(?:\s+help\s+me)?(?:\s+(?:with|to|explain|show\s+me|tell\s+me))?"
        rf"|please|help\s+(?:me\s+)?(?:with|to)|trying\s+to|need\s+to|why\s+is)\b{_ASKS}",
        re.IGNORECASE,
    ),
    pattern(
        rf"\s*(?:(?:show|prove|verify|check)(?:\s+that)?|simplify|(?:so\s+)?(?:how\s+(?:to|(?:do|can|would|should)\s+{_I})\s+)?{_FIND}|work\s+out|what(?:['’]s|\s+is))\b"
        rf"(?=\s*(?:(?:the|a)\s+)?(?:{_NOUN}\b|{_SIGN}))",
        re.IGNORECASE,
    ),
    pattern(
        rf"\s*(?:how\s+(?:to|(?:do|can)\s+{_I})\s+)?(?:(?:{_FIND}|differentiate)\s+)?(?:the\s+)?(?:gradient|derivative)?"
        r"(?:\s*(?:w\.?r\.?t\.?|with\s+respect\s+to)\s+(?:an?\s+)?(?:matrix|vector))?(?:\s+of)?\s*:(?=\s)",
        re.IGNORECASE,
    ),
)
#: What stands behind a function and asks for its derivative: . How do I find its gradient?
_AFTER = pattern(
    rf"(?P<join>\s+and\s+(?:i\s+)?(?:want|need)\s+|[.,]\s+{_WHAT}|\s+what(?:\s+is|['’]s)\s+)(?:the|its)\s+{_NOUN}\s*[.?]*\s*\Z",
    re.IGNORECASE,
)
#: I have the cost function f(x) = …
_GIVEN = pattern(
    r"\s*i\s+(?:have|am\s+given|got)\s+(?:(?:the|a|this|an)\s+)?(?:following\s+)?(?:(?:\w+\s+)?(?:function|loss|cost|objective)\s+)?(?=[^\s=]+\s*=)",
    re.IGNORECASE,
)
#: If y = A x, what is dy/dx?
_IF = pattern(
    r"\s*(?:if|suppose(?:\s+that)?|given(?:\s+that)?|assume(?:\s+that)?|let)\s+(?=[A-Za-z]\w*(?:\([\w\s,]*\))?\s*=)",
    re.IGNORECASE,
)
_THEN = pattern(
    rf"(?<=[\w)\]}}'’|²])(?P<join>\s*,?\s+then,?\s+)(?={_WHAT}(?:the\s+|its\s+)?(?:{_NOUN}\b|{_SIGN}))", re.IGNORECASE
)
#: The Jacobian of x -> A x
_MAPPING = pattern(r"(?<=\bof\s)\s*[A-Za-z]\w*\s*(?:->|→|↦|\\mapsto\b|\\to\b)", re.IGNORECASE)
_CONVEX = pattern(
    r"(\s*is\s+)(?=\S)(?:.+?)(\s+(?:strictly\s+|strongly\s+)?(?:convex|concave)(?:\s+in\s+\S+)?\s*\?\s*)\Z",
    re.IGNORECASE,
)
#: The second clause: . Find df/dx
_SECOND = pattern(rf"\.(?=\s+{_WHAT}(?:the\s+|its\s+)?(?:{_NOUN}\b|{_SIGN}))", re.IGNORECASE)
_ORDER = pattern(rf"(?<=[.,])\s+(?:{_FIND}|what\s+is)(?=\s+{_SIGN})", re.IGNORECASE)
#: df/dx if f = …, ∇f for f(x, y) = …
_CLAUSE = pattern(
    r"\s(?:if|for|where|with|when)\s(?=\s*(?P<name>[A-Za-z]\w*)\s*(?:\([\w\s,]*\))?\s*=(?!=))", re.IGNORECASE
)
_OF_NAME = pattern(
    rf"\s*(?:{_NOUN}\s+of\s+|∇(?:_\w+|[ₓ])?\s*|d(?=\w+\s*/\s*d))(?P<name>[A-Za-z])\w*(?:\s*/\s*d\w+)?\s*", re.IGNORECASE
)
#: The gradient of … is …
_CLAIM = pattern(
    rf"(?:\s*(?:the\s+)?{_NOUN}\s+of\s+|\s*{_SIGN}).*?(?<=[\w)\]}}'’$|²])(?P<verb>\s+(?:is\s+(?:equal\s+to\s+)?|equal(?:s|\s+to)\s+))"
    r"(?P<claim>[^,;]*?)[.?]?\s*\Z",
    re.IGNORECASE,
)
#: Words between "of the" and the formula that they name.
_NAMED = pattern(
    rf"(?P<front>\b{_NOUN}\s+of\s+)(?P<words>(?:(?:the|a|an|this|my|our|your|following)\s+)*(?:[A-Za-z][A-Za-z-]{{2,}}\s+){{1,4}})(?=[^\s=,.;:])",
    re.IGNORECASE,
)
_ARTICLES = frozenset("the a an this my our your following".split())
#: Words that make another formula of the one behind them, and words of a derivative.
_MAKING = pattern(
    r"half|twice|double|minus|plus|negative|positive|inverse|transpose|sum|product|respect|wrt|with|where|and|of|function|exp\w*|log|logarithm|square-?root|root|map\w*"
)
#: What such words are called with: the formula is all of it.
_SHOWN_WHOLE = frozenset("likelihood loglikelihood posterior loss objective density lagrangian entropy".split())
_WORD = pattern(r"[A-Za-z]{3,}")
#: What the words say that the formula has to show.
_SHOWN = {
    "norm": ("|", "‖", "norm", r"\Vert"), "trace": ("tr", "Tr"), "determinant": ("det", "|"),
    "squared": ("^2", "²", "^{2}", ".^2"), "square": ("^2", "²", "^{2}", ".^2"),
}  # fmt: skip


def without_framing(text: str) -> str:
    """The text without such words; one with dollar signs, with several lines, or without them stays as it is."""
    if "$" in text or "\n" in text or _TRIGGER.search(text) is None:
        return text
    found = _CONVEX.fullmatch(text)
    if found is not None:
        text = _blank(_blank(text, *found.span(1)), *found.span(2))
    if "=" in text and (after := _AFTER.search(text)) is not None:
        text = _joined(text, *after.span("join"))
        text = text if (given := _GIVEN.match(text)) is None else _blank(text, *given.span())
    if (given := _IF.match(text)) is not None and (_THEN.search(text) or _ORDER.search(text) or _SECOND.search(text)):
        then = _THEN.search(text)
        text = _blank(text if then is None else _joined(text, *then.span("join")), *given.span())
    for frame in _FRAMES:
        if (front := frame.match(text)) is not None and front.group().strip():
            text = _blank(text, *front.span())
    text = _MAPPING.sub(lambda m: " " * len(m.group()), text)
    text = _ORDER.sub(lambda m: " " * len(m.group()), _SECOND.sub(",", text))
    return _with_claim(_with_definition(_without_names(text)))


def _joined(text: str, start: int, end: int) -> str:
    """A comma in place of the words between two clauses."""
    return text[:start] + ",".ljust(end - start) + text[end:]


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _with_definition(text: str) -> str:
    """df/dx, f = …"""
    asked = _OF_NAME.match(text)
    clause = _CLAUSE.search(text)
    if asked is None or clause is None or asked["name"] != clause["name"] or asked.end() < clause.start():
        return text
    return _joined(text, *clause.span())


def _with_claim(text: str) -> str:
    """d/dx (x^T x) = 2 x"""
    found = _CLAIM.fullmatch(text)
    if found is None or not found["claim"].strip() or not all(map(_is_no_word, _WORD.findall(found["claim"]))):
        return text
    return text[: found.start("verb")] + " =".ljust(len(found["verb"])) + text[found.end("verb") :]


def _without_names(text: str) -> str:
    """The gradient of x^T A x, for that of the quadratic form x^T A x."""
    found = _NAMED.search(text)
    if found is None:
        return text
    words = [word for part in found["words"].lower().split() for word in part.split("-")]
    plain = [w for w in words if w not in _ARTICLES]
    if plain and plain[-1] in _SHOWN_WHOLE:  # the negative log-likelihood
        return _blank(text, *found.span("words"))
    if not plain or any(_MAKING.fullmatch(w) for w in plain) or not (len(plain) > 1 or len(words) > len(plain)):
        return text
    rest = text[found.end() :]
    shows = all(any(sign in rest for sign in _SHOWN[w]) for w in plain if w in _SHOWN)
    if not shows or _is_no_word(plain[-1]) or rest.startswith("="):
        return text
    return _blank(text, *found.span("words"))


def _is_no_word(word: str) -> bool:
    """A function, a Greek letter, or letters that are factors."""
    return (find(word) is not None and word not in _SHOWN) or is_greek(word) or not word.islower()
