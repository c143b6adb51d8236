"""The kind of an open function: ``function``, or what it takes and gives, ``function(vector(n)) -> scalar``."""

from __future__ import annotations

import re

from matcalc.errors import DeclarationError, Hint, Span
from matcalc.language.mends.hints import write
from matcalc.patterns import pattern

__all__ = ["FUNCTION", "function_hint", "kinds_of_function"]

#: The word for the kind of a function that nobody defined.
FUNCTION = "function"

_ARROW = r"(?:->|→|\\to\b|\\rightarrow\b|\\longrightarrow\b)"
_WHOLE = pattern(rf"\s*(?:\\(?:text|mathrm)\{{)?function\}}?\s*(?:\((.*?)\))?\s*(?:{_ARROW}\s*(.*?)\s*)?", re.DOTALL)
_SEPARATOR = pattern(r",(?![^()]*\))")


def kinds_of_function(name: str, body: str, text: str, span: Span) -> list[str] | None:
    """The kinds of the arguments and, last, of the value; none of a function of every entry; None of another kind."""
    found = _WHOLE.fullmatch(body)
    if found is None:
        return None
    inside, result = found.group(1), found.group(2)
    if inside is None and result is None:
        return []
    if not (inside and inside.strip() and result):
        missing = "arguments" if result else "value"
        message = f"the kind of the {missing} of {name} is missing"
        raise DeclarationError(message, code="function-kind", text=text, span=span, hint=function_hint(span))
    return [part.strip() for part in (*_SEPARATOR.split(inside), result)]


def function_hint(span: Span) -> Hint:
    """How a function is declared, in place of the kind at ``span``."""
    return write(span, FUNCTION, f"{FUNCTION}(vector(n)) -> scalar")
