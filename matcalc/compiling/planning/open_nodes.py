"""What depends on indices: computed once whatever its indices are called, and as a product where its array is large.

Of t[i, j] and t[j, i] one is the other, transposed. Of x_i - x_j, which is an array of n² columns, a product has several
terms, none of them larger than its factors or its result.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import permutations

from matcalc.expr import Index, Node, factors, in_order, is_number, reindex
from matcalc.functions import UNDEFINED, row_of

__all__ = ["Layouts", "Opened", "canonical", "is_spread", "multilinear_factors", "seen_and_read"]

#: Of more indices than this not every order is tried.
MOST_PERMUTED = 3
#: Scalars that are sums of products.
PRODUCTS = frozenset("matmul trace total scale power".split())


def canonical(node: Node) -> tuple[Node, tuple[Index, ...]]:
    """The node with its free indices called 0, 1, …, and the index that each of these stands for."""
    found, orders = _canonical(node)
    return found, orders[0]


def _canonical(node: Node) -> tuple[Node, list[tuple[Index, ...]]]:
    """The same with all orders that give this node: several of what is symmetric in its indices."""
    if not node.free:
        return node, [()]
    found: tuple[Node, list[tuple[Index, ...]]] | None = node.cache.get("canonical indices")
    if found is None:
        found = node.cache["canonical indices"] = _called_by_number(node)
    return found


def _called_by_number(node: Node) -> tuple[Node, list[tuple[Index, ...]]]:
    free = in_order(node.free)
    orders = permutations(free) if len(free) <= MOST_PERMUTED else iter([free])
    named = [(reindex(node, {old: Index(k, old.size) for k, old in enumerate(order)}), order) for order in orders]
    least, first = min(named, key=lambda pair: (pair[0].key, [str(i.size) for i in pair[1]]))
    sizes = [i.size for i in first]
    return least, [order for node, order in named if node is least and [i.size for i in order] == sizes]


class Layouts:
    """In which order the axes of indices stand in arrays: as in those that they are combined with, entry by entry.

    What has no other reason for an order follows matrices whose entries are taken.
    """

    def __init__(self, order: Iterable[Node]) -> None:
        self._known: dict[Node, tuple[Index, ...]] = {}
        self._beside: dict[Node, list[tuple[Node, dict[Index, Index]]]] = defaultdict(list)
        several = [node for node in order if len(node.free) > 1]
        for node in several:
            self._link(node)
        for node in sorted(several, key=lambda n: not _is_entry(n)):
            self._spread(node)

    def of(self, node: Node) -> tuple[Index, ...]:
        """The free indices of a node in canonical form, in the order of the axes of its array."""
        if node not in self._known:
            self._known[node] = _layout(node)
        return self._known[node]

    def placed(self, node: Node, wanted: tuple[Index, ...] = ()) -> tuple[Node, tuple[Index, ...]]:
        """The node in canonical form, and its indices whose axes stand in front in the array of that.

        Of an array that is symmetric in its indices they are in the order that is wanted.
        """
        found, orders = _canonical(node)
        places = [int(i.name) for i in self.of(found)]
        seen = [tuple(order[k] for k in places) for order in orders]
        return found, next((s for s in seen if s == tuple(i for i in wanted if i in s)), seen[0])

    def _link(self, node: Node) -> None:
        if node.op not in ENTRYWISE:
            return
        for part in (a for a in node.args if a.free == node.free and a.shape == node.shape):
            found, order = canonical(part)
            names = {Index(k, old.size): old for k, old in enumerate(order)}
            self._beside[found].append((node, names))
            self._beside[node].append((found, {old: new for new, old in names.items()}))

    def _spread(self, start: Node) -> None:
        if start in self._known:
            return
        self._known[start] = _layout(start)
        waiting = [start]
        while waiting:
            node = waiting.pop()
            for other, names in self._beside[node]:
                if other not in self._known:
                    self._known[other] = tuple(names[i] for i in self._known[node])
                    waiting.append(other)


#: Functions of entries.
ENTRYWISE = frozenset("add apply power".split())


def _is_entry(node: Node) -> bool:
    """a_ij of a matrix that has no indices"""
    links = node.args if node.op == "matmul" else ()
    return (
        len(links) > 2
        and all(f.upright.op == "at" for f in (links[0], links[-1]))
        and not any(f.free for f in links[1:-1])
    )


def _layout(node: Node) -> tuple[Index, ...]:
    """The indices in the order of an operand, or of the members."""
    free = node.free
    while len(free) > 1 and (whole := next((a for a in node.args if free <= a.free), None)) is not None:
        node = whole
    orders = [_layout(a) for a in node.args] if len(free) > 1 else [in_order(free)]
    return tuple(dict.fromkeys(i for order in orders for i in order if i in free))


def is_spread(node: Node) -> bool:
    """Whether it is a sum none of whose terms depends on all of its indices."""
    return node.op == "add" and bool(node.free) and all(t.free != node.free for t in node.args)


def multilinear_factors(node: Node) -> list[Node]:
    """The factors of a product that are sums of products themselves; functions are not."""
    pairs = factors(node)
    return [b for b, e in pairs if is_number(e) == 1 and (b.op in PRODUCTS or is_spread(b))]


def seen_and_read(node: Node) -> tuple[list[Node], list[Node]]:
    """The operands of a sum of products that are such sums themselves, and those that are read as arrays."""
    if node.op != "power":
        return list(node.args), []
    products = multilinear_factors(node)
    return products, [part for pair in factors(node) if pair[0] not in products for part in pair]


class Opened:
    """The nodes that are planned as sums of products where they are used.

    Attributes:
        nodes: in canonical form.
        shifted: those of them in squares, where x_i - x_j is taken as (x_i - x_1) - (x_j - x_1): no digit is lost
            where all of them are far from 0.
    """

    def __init__(self, order: Iterable[Node], consumers: Counter[Node]) -> None:
        self.nodes: set[Node] = set()
        self.shifted: set[Node] = set()
        self._consumers = consumers
        order = list(order)
        self._irregular = {a for node in order for a in _irregular(node)}
        for node in order:
            if node.op == "matmul" and not node.linear:
                self._sums_of_chain(node)
            elif node.op == "scale" and is_spread(node.args[1].upright):
                self.nodes.add(canonical(node.args[1].upright)[0])
        for node in order:
            if node.op == "total" and not node.linear:
                self._body(node.args[0])

    def __contains__(self, node: Node) -> bool:
        return canonical(node)[0] in self.nodes

    def _sums_of_chain(self, node: Node) -> None:
        spread = [canonical(f.upright)[0] for f in node.args if is_spread(f.upright)]
        if len(spread) > 1 and canonical(node)[0] in self._irregular:
            return
        self.nodes.update(spread)
        if len(spread) > 1:
            self.shifted.update(spread)

    def _body(self, node: Node) -> None:
        """Open a product and its factors, as far as nothing else needs their arrays."""
        for part in _parts(node):
            found = canonical(part)[0]
            if self._consumers[found] <= 1 and found not in self.nodes:
                self.nodes.add(found)
                self._body(part)


def _parts(node: Node) -> Iterator[Node]:
    match node.op:
        case "power":
            yield node
            yield from multilinear_factors(node)
        case "scale" | "total":
            yield from (a for a in node.args if a.op in PRODUCTS or is_spread(a))


def _irregular(node: Node) -> Iterator[Node]:
    """Squares of lengths whose small values a function magnifies: they are not computed as differences."""
    if node.op == "apply" and row_of(node.data[0]).at_zero == UNDEFINED:
        yield from (canonical(a)[0] for a in node.args)
    if node.op == "power":
        pairs = [(b, is_number(e)) for b, e in factors(node)]
        yield from (canonical(b)[0] for b, e in pairs if e is None or e < 0 or e.denominator != 1)
