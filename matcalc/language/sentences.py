r"""A sentence around one formula, as in a question: ``Show that the gradient of $f(x) = x^\top A x$ is …``."""

from __future__ import annotations

import re

from matcalc.patterns import pattern

__all__ = ["without_words"]

_FORMULA = pattern(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
#: What the words ask for, which statements read.
_ASKED = pattern(
    r"(?:(?:partial |second )?(?:derivative|gradient|hessian|jacobian) of|differentiate|with respect to|w\.r\.t\.?|wrt)\b(?!\w)|w\.r\.t\.",
    re.IGNORECASE,
)
#: The second derivative, asked for behind the formula: find its Hessian.
_SECOND = pattern(r"\bhessian|\bsecond[- ](?:order )?derivative", re.IGNORECASE)
#: Words that say more of the formula than that it is one: it is left as it stands.
_SAYING_MORE = pattern(
    r"\b(?:where|min\w*|max\w*|subject|such|s\.t|inverse|square\w*|root|product|sum|ratio|times|half|twice|minus|plus|negative|log\w*|"
    r"exp\w*|transpose|reciprocal|power|integral|expectation|expected|if|over|divided|and|or|vs|versus|equals?|not|no)\b",
    re.IGNORECASE,
)
#: Words for what a formula shows with a sign of its own.
_SHOWN = {
    "norm": (r"\|", r"\Vert", r"\lVert", "‖", "|", r"\norm"),
    "trace": ("tr", "Tr"),
    "determinant": ("det", "|"),
}
_NAME = pattern(r"\\?[A-Za-z]+|\\(?:math\w+|boldsymbol|bm|vec|hat)\s*\{?\\?[A-Za-z]+\}?")
#: A derivative on the left of an equals sign.
_CLAIM = pattern(r"\s*(?:\\nabla|∇|\\frac\s*\{\s*(?:\\partial|d\b|\\mathrm\s*\{?d)|\\partial|∂)[^=]*=")


def without_words(text: str) -> str:
    """A text of the same length with blanks for the words around its only formula; others stay as they are."""
    formulas = list(_FORMULA.finditer(text)) if "$" in text else []
    words = _FORMULA.sub(lambda found: " " * len(found.group()), text)
    if not formulas or "$" in words or "\\" in words or not re.search("[A-Za-z]{2}", words):
        return text
    functions = [f for f in formulas if not _NAME.fullmatch(_inside(f).strip()) and not _CLAIM.match(_inside(f))]
    names = [f for f in formulas if _NAME.fullmatch(_inside(f).strip())]
    if len(functions) != 1 or _SAYING_MORE.search(words) or not _is_shown(words, _inside(functions[0])):
        return text
    asked = [found.span() for found in _ASKED.finditer(words)]
    kept = [functions[0].span(), *asked, *(n.span() for n in names if _is_asked(text, n.start()))]
    blank = "".join(c if any(a <= i < b for a, b in kept) else " " for i, c in enumerate(text))
    if asked or not _SECOND.search(words):
        return blank
    start = functions[0].start()
    return f"{'hessian of':{start}}{blank[start:]}" if start > len("hessian of") else text


def _inside(formula: re.Match[str]) -> str:
    return formula.group(1) or formula.group(2)


def _is_shown(words: str, formula: str) -> bool:
    """Whether the norm, the trace or the determinant of the words is that of the formula."""
    said = [signs for word, signs in _SHOWN.items() if re.search(rf"\b{word}", words, re.IGNORECASE)]
    return all(any(sign in formula for sign in signs) for signs in said)


def _is_asked(text: str, start: int) -> bool:
    """Whether this name is the variable: with respect to $x$."""
    return re.search(r"(?:with respect to|w\.r\.t\.?|wrt)\s*$", text[:start], re.IGNORECASE) is not None
