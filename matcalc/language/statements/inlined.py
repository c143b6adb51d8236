r"""Functions that a text defines beside the function that it is about, in place of their calls: ``f(x) = g(A x), g(y) = \|y\|^2``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from matcalc.errors import MatcalcError
from matcalc.language.clauses import clauses_of_where
from matcalc.patterns import pattern
from matcalc.records import dataclass

__all__ = ["in_place", "with_functions_in_place"]

Meaning = TypeVar("Meaning")

_NAME = r"\\?[A-Za-z]+(?:_(?:\{[^{}]*\}|\\?[A-Za-z]+|\d))?"
_ARGUMENT = rf"(?:\\math\w+\s*\{{\w\}}|{_NAME})"
_DEFINITION = pattern(
    rf"\s*({_NAME})\s*\(\s*({_ARGUMENT}(?:\s*,\s*{_ARGUMENT})*)\s*\)\s*:?=(?!=)\s*(.+?)\s*", re.DOTALL
)
#: What stands between a function and the definitions behind it.
_BETWEEN = pattern(
    r"\\(?:text|mathrm|mbox)\s*\{\s*(?:where|with|and)\s*\}|(?<![A-Za-z\\])where(?![A-Za-z])|\\q?quad(?![A-Za-z])"
)
_TOKEN = pattern(r"\\math\w+\s*\{\w\}|\\[A-Za-z]+|[A-Za-z]\w*")
_LETTER = pattern(r"\\math\w+\s*\{\w\}|\\[A-Za-z]+|[A-Za-z]")
#: So often calls are replaced, one function in another.
_ROUNDS = 6
_LONGEST = 2000


@dataclass(frozen=True)
class _Function:
    """g(y) = ||y||^2 with its name, the names of its arguments and its text."""

    name: str
    arguments: Sequence[str]
    body: str

    def of(self, values: Sequence[str], token: re.Pattern[str]) -> str:
        """The text with these in place of the arguments."""
        given = dict(zip(self.arguments, map(_in_brackets, values), strict=True))
        return f"({token.sub(lambda found: given.get(_spaceless(found.group()), found.group()), self.body)})"


def in_place(text: str, meaning: Callable[[str], Meaning]) -> Meaning | None:
    """What a text means in which functions of its own are called with other arguments; None where it has none."""
    whole = with_functions_in_place(text)
    try:
        return None if whole is None else meaning(whole)
    except MatcalcError:
        return None


def with_functions_in_place(text: str) -> str | None:
    """The text without such definitions; None where it has none, or none that is called with other arguments."""
    if text.count("=") < 2 or len(text) > _LONGEST:
        return None
    source = _BETWEEN.sub(",", text)
    parts = [source[slice(*span)].strip(" .") for span in clauses_of_where(source, 0)]
    first, *others = parts
    functions = [(part, _function(part)) for part in others]
    rest = [part for part, function in functions if function is None]
    token = _LETTER if "\\" in text else _TOKEN
    found, left = first, [f for _, f in functions if f is not None]
    for _ in range(_ROUNDS):
        before = found
        for function in left:
            found = _replaced(found, function, token)
        if found == before or len(found) > _LONGEST:
            break
    return ", ".join([found, *rest]) if found != first and len(found) <= _LONGEST else None


def _function(part: str) -> _Function | None:
    match = _DEFINITION.fullmatch(part)
    if match is None:
        return None
    return _Function(match.group(1), [_spaceless(a) for a in match.group(2).split(",")], match.group(3))


def _replaced(text: str, function: _Function, token: re.Pattern[str]) -> str:
    """The text with the value of the function for each of its calls that has as many arguments."""
    head = text.index("=") + 1 if "=" in text else 0
    call = re.compile(rf"(?<![A-Za-z\\]){re.escape(function.name)}\s*(?:\\left\s*)?\(")
    pieces, start = [text[:head]], head
    while (found := call.search(text, start)) is not None:
        end = _closing(text, found.end())
        values = _arguments(text[found.end() : end])
        if end >= len(text) or len(values) != len(function.arguments):
            break
        pieces += text[start : found.start()], function.of(values, token)
        start = end + 1
    return "".join([*pieces, text[start:]])


def _closing(text: str, start: int) -> int:
    """Where the bracket closes that opens before ``start``."""
    depth = 1
    for i in range(start, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0:
            return i
    return len(text)


def _arguments(inside: str) -> list[str]:
    return [inside[slice(*span)].removesuffix(r"\right").strip() for span in clauses_of_where(inside, 0)]


def _in_brackets(value: str) -> str:
    return value if re.fullmatch(_NAME, value) else f"({value})"


def _spaceless(text: str) -> str:
    return "".join(text.split())
