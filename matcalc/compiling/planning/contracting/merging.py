"""Products that many matrix chains have in common, computed once: the most frequent pair of neighbours first.

This is grammar compression by recursive pairing [Larsson & Moffat 1999]. It is applied to chains of square matrices of
one size, where every pair costs the same.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable
from dataclasses import field

from matcalc.expr import Node, transpose
from matcalc.records import dataclass

__all__ = ["Merged", "Symbol", "merged_chains"]

#: A factor, or the number of a pair that was made before.
Symbol = Node | int
PLAIN = frozenset({"variable", "transpose", "matpow", "apply", "power", "call", "add"})


@dataclass
class Merged:
    """Chains in terms of pairs.

    Attributes:
        chains: node -> its factors, and whether they are those of its transpose.
        pairs: number -> its two parts.
    """

    chains: dict[Node, tuple[list[Symbol], bool]] = field(default_factory=dict)
    pairs: list[tuple[Symbol, Symbol]] = field(default_factory=list)


def merged_chains(nodes: Iterable[Node]) -> Merged:
    """The chains of square matrices among the nodes, with their common pairs."""
    merged = Merged()
    for node in nodes:
        if node.op == "matmul" and len(node.args) > 2 and not node.linear and _is_uniform(node):
            flipped = [transpose(f) for f in reversed(node.args)]
            backward = _transposes(flipped) < _transposes(node.args)
            merged.chains[node] = (list(flipped if backward else node.args), backward)
    while len(merged.chains) > 1 and _merge_once(merged):
        pass
    if not merged.pairs:
        merged.chains.clear()
    return merged


def _is_uniform(node: Node) -> bool:
    return all(f.is_square and f.rows == node.rows and f.op in PLAIN for f in node.args)


def _transposes(factors: Iterable[Node]) -> int:
    return sum(f.op == "transpose" for f in factors)


def _merge_once(merged: Merged) -> bool:
    """Make one pair of the most frequent neighbours, unless all of them are unique."""
    counts: Counter[tuple[Symbol, Symbol]] = Counter()
    for chain, _ in merged.chains.values():
        last: tuple[Symbol, Symbol] | None = None
        for pair in itertools.pairwise(chain):
            repeated = pair == last and pair[0] == pair[1]
            counts[pair] += 0 if repeated else 1
            last = None if repeated else pair
    if not counts:
        return False
    pair, count = counts.most_common(1)[0]
    if count < 2:
        return False
    number = len(merged.pairs)
    merged.pairs.append(pair)
    for node, (chain, flipped) in merged.chains.items():
        merged.chains[node] = (_replaced(chain, pair, number), flipped)
    return True


def _replaced(chain: list[Symbol], pair: tuple[Symbol, Symbol], number: int) -> list[Symbol]:
    result: list[Symbol] = []
    k = 0
    while k < len(chain):
        if k + 1 < len(chain) and (chain[k], chain[k + 1]) == pair:
            result.append(number)
            k += 2
        else:
            result.append(chain[k])
            k += 1
    return result
