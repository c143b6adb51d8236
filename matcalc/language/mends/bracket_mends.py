"""What makes brackets and environments pair: one that is closed, opened, left out or exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcalc.errors import Fix, Span
from matcalc.language.clauses import split_where
from matcalc.language.mends.hints import replaced
from matcalc.patterns import pattern

__all__ = ["closed", "end_of", "environment_ended", "in_bars", "inserted", "matrix_environment", "unopened"]

_PARTNERS = {"(": ")", "[": "]", "{": "}", "<": ">", "⟨": "⟩", "|": "|", "‖": "‖", "||": "||", r"\{": r"\}"}
_ENVIRONMENT = pattern(r"\\(begin|end)\{(\w+\*?)\}")


def end_of(text: str) -> int:
    """Where the expression ends, before its declarations."""
    start = split_where(text)
    return len(text[:start].rstrip() if start >= 0 else text.rstrip())


def inserted(place: int, sign: str) -> Fix:
    return replaced((place, place), sign)


def closed(text: str, span: Span) -> Iterator[Fix]:
    """The bracket that is never closed, closed at the end of the expression, or left out where it is no call's."""
    opener = text[slice(*span)].removeprefix(r"\left")
    sized = r"\left" in text[max(span[0] - 5, 0) : span[1]]
    partner = _PARTNERS.get(opener)
    if partner is not None:
        yield inserted(end_of(text), rf" \right{partner}" if sized else partner)
        if not sized and not re.search(r"[\w}]$", text[: span[0]]):
            yield replaced(span, "")


def in_bars(text: str, span: Span) -> Iterator[Fix]:
    """A bracket that closes nothing within bars, without which these pair: ||A x - b)||."""
    depth = 0
    for place in range(end_of(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth < 0:
            yield replaced((place, place + 1), "")
            return


def unopened(text: str, span: Span) -> Iterator[Fix]:
    """The bracket that closes nothing: left out, or opened at the beginning; in place of it that which was opened."""
    closer = text[slice(*span)].removeprefix(r"\right")
    sized = r"\right" in text[max(span[0] - 6, 0) : span[1]]
    start = span[1] - len(closer) - len(r"\right") * sized
    open_ones = [p for o, p in _PARTNERS.items() if p != closer and text[:start].count(o) > text[:start].count(p)]
    yield from (replaced((start, span[1]), (r"\right" if sized else "") + partner) for partner in open_ones)
    opener = next((o for o, p in _PARTNERS.items() if p == closer), None)
    if opener is None or open_ones:
        return
    more = re.match(rf"(?:\s*{re.escape(closer)})*", text[span[1] :])
    yield replaced((start, span[1] + (more.end() if more else 0)), "")
    yield inserted(0, rf"\left{opener} " if sized else opener)


def environment_ended(text: str, span: Span) -> Iterator[Fix]:
    r"""\begin without \end, closed at the end; \end without \begin, left out."""
    opened: list[re.Match[str]] = []
    for found in _ENVIRONMENT.finditer(text):
        if found.group(1) == "begin":
            opened.append(found)
        elif opened and opened[-1].group(2) == found.group(2):
            opened.pop()
        else:
            yield replaced(found.span(), "")
            if opened:
                yield replaced(found.span(), rf"\end{{{opened[-1].group(2)}}}")
            return
    if opened:
        yield inserted(end_of(text), "".join(rf" \end{{{m.group(2)}}}" for m in reversed(opened)))


def matrix_environment(text: str, span: Span) -> Iterator[Fix]:
    r"""An environment that is not known as one of matrices."""
    found = re.search(r"\\begin\{(\w+\*?)\}", text)
    if found is not None:
        places = [m.span(2) for m in _ENVIRONMENT.finditer(text) if m.group(2) == found.group(1)]
        yield Fix(tuple((place, "bmatrix") for place in places))
