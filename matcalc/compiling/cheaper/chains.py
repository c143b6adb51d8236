"""Orders of matrix chains in which sums and powers are applied to what they meet, where that is cheaper than their arrays.

``(A B C - I) x`` is ``A (B (C x)) - x``, ``A^3 b`` is ``A (A (A b))``, ``(U V^T - T) V`` is ``U (V^T V) - T V``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Sequence
from dataclasses import field

from matcalc.expr import Dim, Node, inverse, is_number, matrix_power, ones, transpose
from matcalc.records import dataclass

__all__ = ["ENTRY_COST", "Applied", "Cost", "Order", "cost_of_chain", "links_of", "parts_of"]

#: What one pass over an entry costs beside one multiplication and addition inside a matrix product.
ENTRY_COST = 6.0
#: Longer sums are computed first.
MOST_TERMS = 4
#: Of longer chains not every order is compared.
LONGEST_CHAIN = 20
#: Higher powers are computed first.
HIGHEST_POWER = 32

Cost = Callable[[Dim], float]
#: A factor by its place, or a product.
Order = int | tuple["Order", "Order"]


def parts_of(node: Node) -> list[list[Node]] | None:
    """The chains whose sum a node is: those of the terms of a sum, or the factors of a power; None of anything else."""
    if node.op == "add" and 1 < len(node.args) <= MOST_TERMS:
        return [links_of(term) for term in node.args]
    power = _exponent(node)
    return [links_of(node.args[0] if power > 0 else inverse(node.args[0])) * abs(power)] if power else None


def _exponent(node: Node) -> int:
    """k of a power M^k that products with M come to, 0 of anything else."""
    value = is_number(node.args[1]) if node.op == "matpow" else None
    return int(value) if value is not None and 1 < abs(value) <= HIGHEST_POWER else 0


def links_of(term: Node) -> list[Node]:
    """The factors of a term beside its number: none of an identity, two columns of a matrix of ones."""
    match term.op:
        case "scale":
            return links_of(term.args[1])
        case "matmul":
            return list(term.args)
        case "identity":
            return []
        case "ones" if not term.cols.is_one and not term.rows.is_one:
            return [ones(term.rows), transpose(ones(term.cols))]
    return [term]


@dataclass
class Applied:
    """What is applied instead of computed, and in which order the products with it are.

    Attributes:
        size: the number that a size is taken for.
        nodes: the sums and powers that are never computed as arrays.
        halved: the powers of which only traces or diagonals are taken.
        orders: chains with such factors -> their factors, powers taken apart, and the order of the products.
    """

    size: Cost
    nodes: set[Node] = field(default_factory=set)
    halved: set[Node] = field(default_factory=set)
    orders: dict[Node, tuple[list[Node], Order]] = field(default_factory=dict)

    def find(self, order: Sequence[Node], fixed: Callable[[Node], bool]) -> None:
        """Decide for all nodes, operands first; ``fixed`` ones stay as they are."""
        chains = _chains(order, fixed)
        self.halved = _of_traces(order)
        self.nodes = {f for chain in chains for f in chain.args if parts_of(f)} - _needed_as_arrays(order, set(chains))
        uses: dict[Node, set[Node]] = defaultdict(set)
        for chain in chains:
            for f in chain.args:
                if f in self.nodes:
                    uses[f].add(chain)
        for node in [f for f in order if f in self.nodes]:
            self._decide(node, uses)
        inside = self.terms
        for chain in chains:
            if chain not in inside and any(f in self.nodes for f in chain.args):
                links = self._flat(chain.args)
                self.orders[chain] = links, self.best(links)[1]

    @property
    def terms(self) -> set[Node]:
        """The terms of the sums that are taken apart, and what stands beside a number in them."""
        return {part for node in self.nodes for term in node.args for part in (term, *term.args[1:])}

    def __contains__(self, node: Node) -> bool:
        """Whether a node is taken apart where it is used."""
        return node in self.nodes or node in self.halved

    def links(self, node: Node) -> list[Node]:
        """The factors of a power that is taken apart; none of a sum."""
        if node in self.halved:
            base, k = node.args[0], _exponent(node)
            first = (abs(k) + 1) // 2 * (1 if k > 0 else -1)
            return [matrix_power(base, first), matrix_power(base, k - first)]
        return (parts_of(node) or [[]])[0] if node.op == "matpow" else []

    def _decide(self, node: Node, uses: dict[Node, set[Node]]) -> None:
        """Compute the node, and its transpose, where that is not dearer."""
        pair = {node, transpose(node)} & self.nodes
        chains = sorted({chain for n in pair for chain in uses[n]}, key=lambda n: n.key)
        applied = sum(self.best(self._flat(chain.args))[0] for chain in chains)
        self.nodes -= pair
        if self.built(node) + sum(self.best(self._flat(chain.args))[0] for chain in chains) > applied:
            self.nodes |= pair

    def _flat(self, links: Sequence[Node]) -> list[Node]:
        """The factors, those of powers that are taken apart in their place."""
        return [x for f in links for x in (self.links(f) if f in self.nodes and f.op == "matpow" else [f])]

    # --- costs --------------------------------------------------------------------------------

    def built(self, node: Node) -> float:
        """The cost of the array of a sum or a power."""
        entries = self.size(node.rows) * self.size(node.cols)
        parts = parts_of(node) or []
        if node.op == "add":
            return sum(self.product(part) for part in parts) + ENTRY_COST * entries * len(parts)
        n, k = self.size(node.rows), abs(_exponent(node))
        return 2 * n**3 * (k.bit_length() + bin(k).count("1") - 2)

    def product(self, links: Sequence[Node]) -> float:
        """The cost of a chain in its best order [Cormen et al. 15.2]."""
        return self.best(links, frozenset())[0] if len(links) > 1 else 0.0

    def best(self, links: Sequence[Node], applied: Container[Node] | None = None) -> tuple[float, Order]:
        """The cheapest order of a chain, and its cost; what is the same from both ends is computed once."""
        if len(links) > LONGEST_CHAIN:
            return self._from_the_thin_end(links)
        seen = self.nodes if applied is None else applied
        n = len(links)
        found: dict[tuple[int, int], tuple[float, Order]] = {(k, k): (0.0, k) for k in range(n)}
        mirrored = _mirrored(links)
        for length in range(2, n + 1):
            for i in range(n - length + 1):
                j = i + length - 1
                splits = (
                    (
                        found[i, k][0]
                        + (0.0 if (i, j) in mirrored and 2 * (k - i + 1) == length else found[k + 1, j][0])
                        + self._step(links[i : k + 1], links[k + 1 : j + 1], seen),
                        (found[i, k][1], found[k + 1, j][1]),
                    )
                    for k in range(i, j)
                )
                found[i, j] = min(splits, key=lambda pair: pair[0])
        return found[0, n - 1]

    def _from_the_thin_end(self, links: Sequence[Node]) -> tuple[float, Order]:
        """One product after the other, from the right where that end is the thinner one."""
        turned = self.size(links[-1].cols) < self.size(links[0].rows)
        tree: Order = len(links) - 1 if turned else 0
        cost = 0.0
        for k in range(1, len(links)):
            place = len(links) - 1 - k if turned else k
            cut = place + 1 if turned else place
            cost += self._step(
                links[place:cut] if turned else links[:cut], links[cut:] if turned else links[cut : cut + 1], self.nodes
            )
            tree = (place, tree) if turned else (tree, place)
        return cost, tree

    def _step(self, left: Sequence[Node], right: Sequence[Node], seen: Container[Node]) -> float:
        """The cost of the product of two arrays, or of a sum or power with what it is applied to."""
        rows, inner, cols = (self.size(d) for d in (left[0].rows, left[-1].cols, right[-1].cols))
        if len(left) == 1 and left[0] in seen:
            return self._application(left[0], cols, rows, False)
        if len(right) == 1 and right[0] in seen:
            return self._application(right[0], rows, cols, True)
        if any(len(side) == 1 and side[0].op == "diag" for side in (left, right)):
            return ENTRY_COST * rows * cols
        return 2 * rows * inner * cols

    def _application(self, node: Node, outer: float, length: float, turned: bool) -> float:
        """The products with the factors of each part in their best order, and the passes that add them up."""
        parts = parts_of(node) or []
        total = ENTRY_COST * length * outer * (len(parts) - 1)
        for part in parts:
            full = [f for f in part if f.op != "diag"]
            sizes = [self.size(full[0].rows), *(self.size(f.cols) for f in full)] if full else []
            total += cost_of_chain([outer, *sizes] if turned else [*sizes, outer])
            total += ENTRY_COST * length * outer * (len(part) - len(full))
        return total


def cost_of_chain(sizes: Sequence[float]) -> float:
    """The cost of a matrix chain in its best order [Cormen et al. 15.2]."""
    n = len(sizes) - 1
    best = {(i, i): 0.0 for i in range(n)}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            best[i, j] = min(
                best[i, k] + best[k + 1, j] + 2 * sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j)
            )
    return best.get((0, n - 1), 0.0)


def _chains(order: Sequence[Node], fixed: Callable[[Node], bool]) -> list[Node]:
    """The products with a sum or a power among their factors; not those inside of one, which it takes apart."""
    found = [n for n in order if n.op == "matmul" and not n.linear and not n.free and not fixed(n)]
    return [n for n in found if any(parts_of(f) is not None for f in n.args)]


def _needed_as_arrays(order: Sequence[Node], chains: set[Node]) -> set[Node]:
    """Operands of anything but these chains, and what has no place in them."""
    found = {a for n in order if n not in chains for a in n.args}
    return found | {transpose(n) for n in found} | {n for n in order if n.free or n.linear}


def _mirrored(links: Sequence[Node]) -> set[tuple[int, int]]:
    """The parts of a chain that are products of an array and its transpose."""
    found = set()
    for middle in range(1, len(links)):
        i, j = middle - 1, middle
        while i >= 0 and j < len(links) and transpose(links[i]) is links[j]:
            found.add((i, j))
            i, j = i - 1, j + 1
    return found


def _of_traces(order: Sequence[Node]) -> set[Node]:
    """The powers that only traces and diagonals use: tr(A^5) = <A^3, (A^2)^T>"""
    uses: dict[Node, set[str]] = defaultdict(set)
    for node in order:
        for a in node.args:
            uses[a].add(node.op)
    powers = [n for n in order if _exponent(n) and not n.free and not n.linear]
    return {n for n in powers if uses[n] and uses[n] <= {"trace", "diagonal"}}
