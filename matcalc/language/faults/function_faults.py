"""Errors for names before a bracket that are no functions, or may be something else."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matcalc.errors import Fix, Hint, MatcalcError, Offers, Span, SyntaxFault, UnknownNameError
from matcalc.language.mends.hints import declare, did_you_mean, either, offer
from matcalc.language.words.elsewhere import ELSEWHERE, FOREIGN, KEYWORDS
from matcalc.language.words.names import nearest
from matcalc.language.words.written_out import written_out

__all__ = ["as_factor", "function_or_factor", "power_or_value", "unknown_function"]

#: What stands for the arguments in a hint.
_ARGUMENTS = "(…)"


def as_factor(text: str, span: Span) -> Hint:
    """g * (…), with the sign of a product behind a name and its subscript."""
    dot = r" \cdot " if "\\" in text else " * "
    subscript = re.compile(r"(?:_(?:\w|\{[^{}]*\}))?").match(text, span[1])
    end = span[1] if subscript is None else subscript.end()
    words = f"{text[span[0] : end]}{dot}{_ARGUMENTS}"
    return Hint(Offers("write {} for a product", ((words, Fix((((end, end), dot),))),)))


def unknown_function(name: str, span: Span, text: str, known: Iterable[str]) -> MatcalcError:
    """A word before a bracket that is no function, but nearly one or one elsewhere."""
    return UnknownNameError(
        f"unknown function {name}",
        code="unknown-function",
        text=text,
        span=span,
        hint=_instead(name, span, text, known),
    )


def _instead(name: str, span: Span, text: str, known: Iterable[str]) -> str | None:
    written = written_out(name, span, text)
    if written is not None:
        another = None if name in ELSEWHERE else declare(text, f"{name}: function", sentence="declare {} for another")
        return either(written, another, joint=" Or ")
    if name in ELSEWHERE:
        shown = ELSEWHERE[name]
        return did_you_mean(span, shown) if shown.isidentifier() else f"did you mean {shown}?"
    if name in KEYWORDS:
        return "type the expression only"
    if name in FOREIGN:
        return "write what it computes: what is linear in x is a product, as in F x"
    close = nearest(name, known)
    function = declare(text, f"{name}: function", sentence="declare {} where it is one")
    if close:
        return either(offer("did you mean {}?", span, close), function, joint=" Or ")
    return either(function, as_factor(text, span))


def function_or_factor(name: str, span: Span, text: str, meaning: str = "") -> MatcalcError:
    """A letter before a bracket of which nothing tells what it is; ``meaning`` is what else it may be."""
    function = declare(text, f"{name}: function", sentence="declare {} where it is a function")
    if name == "sigma":
        meaning = offer("the logistic function is {}", span, r"\operatorname{sigmoid}" if "\\" in text else "sigmoid")
    return SyntaxFault(
        f"{name} before a bracket may be a function or a factor",
        code="function-or-factor",
        text=text,
        span=span,
        hint=either(meaning, function, as_factor(text, span), joint="; "),
    )


def power_or_value(name: Span, raised: Span, bracket: Span, text: str, inverse: str) -> MatcalcError:
    """f^2(x), A^{-1}(b): of a function or of its value, or a factor; ``inverse`` is the name of an inverse function."""
    typed, power, inside = (text[slice(*span)].strip() for span in (name, raised, bracket))
    dot = r" \cdot " if "\\" in text else " * "
    offers = [(f"{inverse}{inside}", "for the inverse function")] if inverse else []
    offers += [(f"{typed}{inside}{power}", "for its value"), (f"{typed}{power}{dot}{inside}", "for a product")]
    return SyntaxFault(
        f"{typed}{power} before a bracket may be that of a function, of its value, or a factor",
        code="function-or-factor",
        text=text,
        span=(name[0], raised[1]),
        hint=offer("write {}", (name[0], bracket[1]), *offers),
    )
