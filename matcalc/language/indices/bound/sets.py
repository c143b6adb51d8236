r"""Sets that sums run over: |S| beside \sum_{i \in S} is how many there are, and no determinant."""

from __future__ import annotations

from fractions import Fraction

from matcalc.errors import Span
from matcalc.language.indices.binders import Binder, Limit
from matcalc.language.surface.tree import Surface, mapped, walk

__all__ = ["sets_of_members", "with_counts"]


def sets_of_members(root: Surface) -> list[tuple[str, str, Span]]:
    """The sets of one index, each with that index and the sum that runs over it."""
    found: dict[str, tuple[str, str, Span]] = {}
    for node in walk(root):
        for name, letters in node.value.weights if node.kind == "total" else ():
            if len(letters) == 1:
                found.setdefault(name, (name, letters[0], node.span))
    return list(found.values())


def with_counts(root: Surface) -> Surface:
    """The tree with the sum of a set's zeros and ones in place of its name in bars."""
    counts = dict(count for node in walk(root) if node.kind == "total" for count in _counts(node.value))
    if not counts:
        return root

    def counted(node: Surface) -> Surface:
        inside = node.children[0] if node.kind == "bars" else None
        if inside is None or inside.kind != "name" or inside.value not in counts:
            return node
        one = Surface("number", (), Fraction(1), node.span)
        return Surface("total", (one,), counts[inside.value], node.span)

    return mapped(root, counted)


def _counts(binder: Binder) -> list[tuple[str, Binder]]:
    """S and C_k, as they stand in bars, each with what binds the indices of its members."""
    bound = {limit.letter for limit in binder.limits}
    found = []
    for name, letters in binder.weights:
        of, members = ([x for x in letters if (x in bound) is inside] for inside in (False, True))
        shown = "_".join((name, "".join(of))) if of else name
        limits = tuple(Limit(letter) for letter in members)
        found.append((shown, Binder("sum", limits, weights=((name, letters),))))
    return found
