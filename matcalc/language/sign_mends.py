r"""What stands for signs and commands that are not known here: `k \ast x`, `C \bullet X`, `\dv{f}{x}`, `\bra{\psi} H \ket{\psi}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcalc.errors import Fix, Span
from matcalc.language.hints import replaced
from matcalc.patterns import pattern

__all__ = ["between_factors", "chosen", "conjugate_transposes", "of_packages"]

_BELOW = r"(?:_(?:\{[^{}]*\}|\w))?"
_FACTOR = rf"(?:\\[A-Za-z]+(?:\s*\{{[^{{}}]*\}})?{_BELOW}|[A-Za-z]{_BELOW}|\([^()]*\))"
_BEFORE = pattern(rf"({_FACTOR})\s*$")
_BEHIND = pattern(rf"\s*({_FACTOR})")
_OF_TWO = {r"\ast": r"\operatorname{{conv}}({}, {})", r"\star": r"\operatorname{{conv}}({}, {})"}
_OF_TWO[r"\bullet"] = r"\langle {}, {} \rangle"


def between_factors(text: str, span: Span) -> Iterator[Fix]:
    r"""k \ast x as \operatorname{conv}(k, x), C \bullet X as an inner product, and both as \odot and \cdot."""
    form = _OF_TWO.get(text[slice(*span)])
    if form is None:
        return
    before, behind = _BEFORE.search(text[: span[0]]), _BEHIND.match(text, span[1])
    if before is not None and behind is not None:
        factors = (re.sub(r"^\((.*)\)$", r"\1", found.group(1)) for found in (before, behind))
        yield replaced((before.start(1), behind.end(1)), form.format(*factors))
    yield replaced(span, r"\odot")
    yield replaced(span, r"\cdot")


def chosen(text: str, span: Span) -> Iterator[Fix]:
    """x > 0 ? a : b of C as where(x > 0, a, b)."""
    found = pattern(r"([^?:]+?)\s*\?\s*([^?:]+?)\s*:\s*([^?:]+?)(?=\s*(?:\bwhere\b|$))").match(text)
    if text[slice(*span)] == "?" and found is not None:
        yield replaced(found.span(), f"where({', '.join(found.groups())})")


def conjugate_transposes(text: str, span: Span) -> Iterator[Fix]:
    """Aᴴ of real matrices as Aᵀ."""
    places = [found.span() for found in re.finditer("ᴴ", text)]
    if places:
        yield Fix(tuple((place, "ᵀ") for place in places))


def of_packages(text: str, span: Span) -> Iterator[Fix]:
    r"""Derivatives and products with the commands of the packages physics and braket."""
    edits = [edit for found in re.finditer(r"\\(p?dv|bra|ket|braket|expval)\b", text) for edit in _written(text, found)]
    if edits:
        yield Fix(tuple(edits))


def _written(text: str, found: re.Match[str]) -> Iterator[tuple[Span, str]]:
    groups, end = _groups(text, found.end())
    match found.group(1), groups:
        case "dv" | "pdv", [function, variable]:
            sign = "d" if found.group(1) == "dv" else r"\partial "
            yield (found.start(), end), rf"\frac{{{sign}{function}}}{{{sign}{variable}}}"
        case "bra", [vector]:
            yield (found.start(), end), rf"{{{vector}}}^\top "
        case "ket", [vector]:
            yield (found.start(), end), f" {{{vector}}}"
        case "braket", [left, right]:
            yield (found.start(), end), rf"\langle {left}, {right} \rangle"
        case "expval", [operator, vector]:
            yield (found.start(), end), rf"{{{vector}}}^\top {operator} {{{vector}}}"


def _groups(text: str, start: int) -> tuple[list[str], int]:
    """What stands in the braces behind a command, and where they end."""
    groups: list[str] = []
    while start < len(text) and text[start] == "{":
        depth, end = 1, start + 1
        while end < len(text) and depth:
            depth += (text[end] == "{") - (text[end] == "}")
            end += 1
        groups.append(text[start + 1 : end - 1])
        start = end
    return groups, start
