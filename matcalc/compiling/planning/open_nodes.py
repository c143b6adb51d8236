"""What depends on indices, computed once whatever its indices are called: of t[i, j] and t[j, i] one is the other, transposed."""

from __future__ import annotations

from itertools import permutations

from matcalc.expr import Index, Node, in_order, reindex

__all__ = ["canonical"]

#: Of more indices than this not every order is tried.
MOST_PERMUTED = 3


def canonical(node: Node) -> tuple[Node, tuple[Index, ...]]:
    """The node with its free indices called 0, 1, …, and the index that each of these stands for."""
    if not node.free:
        return node, ()
    found: tuple[Node, tuple[Index, ...]] | None = node.cache.get("canonical indices")
    if found is None:
        found = node.cache["canonical indices"] = _canonical(node)
    return found


def _canonical(node: Node) -> tuple[Node, tuple[Index, ...]]:
    free = in_order(node.free)
    orders = permutations(free) if len(free) <= MOST_PERMUTED else iter([free])
    named = [(reindex(node, {old: Index(k, old.size) for k, old in enumerate(order)}), order) for order in orders]
    return min(named, key=lambda pair: (pair[0].key, [str(i.size) for i in pair[1]]))
