"""With, Module and Block of Mathematica as statements, one behind the other, every part at its own place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcalc.errors import Span
from matcalc.language.foreign.code import Fault
from matcalc.patterns import pattern

__all__ = ["inside", "unblocked"]

#: Where a statement or the value of a function begins.
_BLOCK = pattern(r"(?P<start>\A|[;\n]|:=)\s*(?P<head>(?:With|Module|Block)\[\s*\{)")
_CLOSING = {"[": "]", "{": "}", "(": ")"}


def unblocked(text: str) -> str:
    """With[{r = a}, r.r] is r = a; r.r, in brackets behind the head of a function."""
    while (found := _BLOCK.search(text)) is not None:
        start, inner = found.span("head")
        names, end = _closed(text, inner), _closed(text, start + text[start:].index("[") + 1)
        if text[names + 1 : end].lstrip()[:1] != "," or re.match(r"\s*(?:[;\n]|\Z)", text[end + 1 :]) is None:
            raise Fault("a block is read as a statement of its own here", (start, end + 1), "write r = …; before it")
        comma = text.index(",", names)
        text = _written(text, found["start"] == ":=", (start, inner), (names, comma), end)
    return text


def _written(text: str, in_brackets: bool, head: Span, middle: Span, end: int) -> str:
    opener, closer = ("(", ")") if in_brackets else (" ", " ")
    items = "".join(_statements(text, head[1], middle[0]))
    first = opener.ljust(head[1] - head[0])
    return (
        text[: head[0]]
        + first
        + items
        + ";".ljust(middle[1] - middle[0] + 1)
        + text[middle[1] + 1 : end]
        + closer
        + text[end + 1 :]
    )


def _statements(text: str, start: int, end: int) -> Iterator[str]:
    """a = b; c = d for {a = b, c = d}: all of them are of what stands outside; a name alone has no value."""
    names: list[str] = []
    for left, right in _between_commas(text, start, end):
        source = text[left:right]
        name, equals, value = source.partition("=")
        if set(names) & set(re.findall(r"[^\W\d_]\w*", value)):
            raise Fault("this is defined beside the others, not behind them", (left, right), "write another name")
        names.append(name.strip())
        yield (source if equals else " " * len(source)) + (";" if right < end else "")


def _between_commas(text: str, start: int, end: int) -> Iterator[Span]:
    depth, left = 0, start
    for i in range(start, end):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if text[i] == "," and depth == 0:
            yield left, i
            left = i + 1
    yield left, end


def _closed(text: str, start: int) -> int:
    """Where the bracket before this place is closed."""
    depth = 1
    for i in range(start, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0:
            return i
    raise Fault("a bracket is not closed", (start - 1, start))


def inside(text: str) -> str:
    """The statements in the brackets of f[x_] := (a = x; a.a)"""
    bare = text.strip()
    if ";" not in bare or not bare.startswith("(") or _closed(bare, 1) != len(bare) - 1:
        return text
    start, end = text.index("("), text.rindex(")")
    return text[:start] + " " + text[start + 1 : end] + " " + text[end + 1 :]
