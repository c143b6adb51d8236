"""1U: a 1 directly before a matrix, with no sign between them, says nothing as a number; in papers it is an array of ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matcalc.errors import Hint, Offers, SyntaxFault
from matcalc.language.latex.latex_places import whole
from matcalc.language.mends.hints import replaced, shown
from matcalc.language.surface.tree import Surface, walk
from matcalc.patterns import pattern

__all__ = ["check_units"]

_SPACE = r"(?:\s|\\[,;:! ])*"
_BEFORE_CAPITAL = pattern(rf"(?<![\w.^])1{_SPACE}(?:\\math\w+\s*\{{?\s*)?[A-Z]")
_ONES = {True: r"\mathbf{1}\mathbf{1}^T ", False: "ones(n, n) "}


def check_units(trees: Iterable[Surface], text: str) -> None:
    """Raise SyntaxFault where a 1, which is no -1, stands directly before a capital."""
    if _BEFORE_CAPITAL.search(text) is None:
        return
    for tree in trees:
        for node in walk(tree):
            if node.kind == "multiply" and _is_unit(node.children[0], text):
                raise _question(node, text)


def _is_unit(node: Surface, text: str) -> bool:
    before = text[: node.span[0]].rstrip()
    found = _BEFORE_CAPITAL.match(text, node.span[0])
    return node.kind == "number" and found is not None and not before.endswith("-")


def _question(node: Surface, text: str) -> SyntaxFault:
    one, operand = node.children
    start, end = one.span
    space = re.compile(_SPACE).match(text, end)
    place = (start, end if space is None else space.end())
    without, ones = replaced(place, ""), replaced(place, _ONES["\\" in text])
    texts = [f'"{" ".join(fix.applied(text).split())}"' for fix in (without, ones)]
    source = shown(" ".join(text[start : whole(text, operand.span)[1]].split()))
    return SyntaxFault(
        f"the 1 in {source} is a number, which says nothing, or a matrix of ones",
        code="unit-factor",
        text=text,
        span=one.span,
        hint=Hint(Offers("write {}", tuple(zip(texts, (without, ones), strict=True)))),
    )
