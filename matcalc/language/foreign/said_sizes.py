"""How code is read, in a note: a number of rows by the name of the size, what is spread by ones."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.errors import Span
from matcalc.expr import Dim
from matcalc.language.surface.tree import Typed

__all__ = ["with_sizes"]


def with_sizes(text: str, tree: Typed) -> str:
    """m for sum(Y.^0), ones(m) for X[:, 1].^0; the tree has its places in the text, and in what stands behind it."""
    found = dict(_said(tree, len(text)))
    for (start, end), words in sorted(found.items(), reverse=True):
        text = text[:start] + words + text[end:]
    return text


def _said(tree: Typed, length: int) -> Iterator[tuple[Span, str]]:
    pending, seen = [tree], set[int]()
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        inner = node.children[0] if node.kind == "call" and node.value == "sum" and len(node.children) == 1 else None
        if inner is not None and _is_of_ones(inner) and node.span[1] <= length:
            yield node.span, _count(*inner.shape)
        elif _is_of_ones(node) and node.span[1] <= length:
            yield node.span, _ones(*node.shape)
        else:
            pending.extend(node.children)


def _is_of_ones(node: Typed) -> bool:
    """x.^0"""
    return node.kind == "hadamard_power" and node.children[1].kind == "number" and node.children[1].value == 0


def _count(rows: Dim, cols: Dim) -> str:
    sides = [str(side) for side in (rows, cols) if not side.is_one]
    return sides[0] if len(sides) == 1 else f"({' '.join(sides) or 1})"


def _ones(rows: Dim, cols: Dim) -> str:
    if rows.is_one:
        return "1" if cols.is_one else f"ones({cols})^T"
    return f"ones({rows})" if cols.is_one else f"ones({rows}, {cols})"
