"""Comments and prompts in code, and types of arguments of Julia, as blanks: they change nothing, and every place in the text stays."""

from __future__ import annotations

import re

from matcalc.patterns import pattern

__all__ = ["muted"]

#: A text in quotes; #= … =#; (* … *); # … up to the end of its line, but for a slot of Mathematica, #^2 &.
_COMMENTS = pattern(
    r"(?P<kept>\"[^\"\n]*\"|'#[^'\n]*')"
    r"|#=.{0,2000}?=#|\(\*(?!\)).{0,2000}?\*\)|(?<!\\)#(?!\d?[ ]?[\^.*+/\],)(\[-][^\n]{0,200}&)[^\n]*",
    re.DOTALL,
)
#: % … up to the end of its line, where it is no operator of R or Python; %{ … %} on lines of their own.
_OF_MATLAB = pattern(
    r"(?P<kept>\"[^\"\n]*\")|^[ \t]*%\{[ \t]*$.{0,2000}?^[ \t]*%\}[ \t]*$"
    r"|(?:^[ \t]*|(?<=[\s;),\]]))%(?!\{[ \t]*\n)(?![^\s%]{1,6}%|[ \t]*\d+[ \t]*(?:$|[-+*/)]))(?:(?<=^%)|(?!%))[^\n]*",
    re.DOTALL | re.MULTILINE,
)


#: The types of arguments in Julia: f(x::Vector{T}) where T = …
_TYPES = pattern(
    r"(?P<kept>::[^()\n]{0,200}\)(?:::[\w.{}]+)?)[ \t]*\bwhere[ \t]+(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\w+(?:[ \t]*<:[ \t]*\w+)?)"
    r"(?=[ \t]*(?:=(?!=)|\n))"
)


#: What Python prints before what is typed.
_PROMPTS = pattern(r"^[ \t]*(?:>>>|\.\.\.)(?=[ \t]|$)", re.MULTILINE)


def muted(text: str, *, percent: bool = False) -> str:
    """The text without comments and the types of Julia; of those of MATLAB, if they are taken for some at all, the sign stays."""
    if ">>>" in text:
        text = _PROMPTS.sub(lambda found: " " * len(found.group()), text)
    if "#" in text or "(*" in text:
        text = _COMMENTS.sub(_blank, text)
    if "::" in text:
        text = _TYPES.sub(lambda found: found["kept"].ljust(len(found.group())), text)
    if percent and "%" in text:
        text = _OF_MATLAB.sub(lambda found: _blank(found, kept="%"), text)
    return text


def _blank(found: re.Match[str], kept: str = "") -> str:
    start, sign, rest = found.group().partition(kept) if kept else ("", "", found.group())
    return found["kept"] or re.sub(r"[^\n]", " ", start) + sign + re.sub(r"[^\n]", " ", rest)
