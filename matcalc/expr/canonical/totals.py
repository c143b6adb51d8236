"""Sums over indices, and the change of an index.

A sum binds its indices. It is linear, holds nothing that does not depend on its indices, and is joined where an index
occurs twice: Σ_i X^T e_i e_i^T Y = X^T Y. Bound indices are called by the first numbers that are not free in the sum,
so that equal sums are one node and a body is itself in canonical form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import permutations

from matcalc.expr import rebuild
from matcalc.expr.canonical import invariants, powers, products, sums, transposition
from matcalc.expr.indices import Index, at, fresh_index, in_order
from matcalc.expr.leaves import dimension, identity, number, ones, zeros
from matcalc.expr.node import Node, make

__all__ = ["apart", "member_of", "reindex", "total"]

#: Sums over more indices than this are not put into the least of their orders.
MOST_PERMUTED = 3


def total(indices: Iterable[Index], body: Node) -> Node:
    """The sum of the body over its indices; an index that it does not depend on multiplies it with the size."""
    over = in_order(set(indices))
    times = [dimension(index.size) for index in over if index not in body.free]
    inside = _sum_over(tuple(index for index in over if index in body.free), body)
    return sums.scale(powers.hadamard(*times), inside) if times else inside


def reindex(node: Node, change: Mapping[Index, Index]) -> Node:
    """The node with free indices replaced; bound ones get out of their way."""
    change = {old: new for old, new in change.items() if old in node.free and old != new}
    if not change:
        return node
    key = "reindexed " + repr(sorted((repr(old), repr(new)) for old, new in change.items()))
    found: Node | None = node.cache.get(key)
    if found is None:
        found = node.cache[key] = _reindexed(node, change)
    return found


def _reindexed(root: Node, change: Mapping[Index, Index]) -> Node:
    memo: dict[Node, Node] = {}
    for node in _outside_of_sums(root, change):
        if not any(index in node.free for index in change):
            memo[node] = node
        elif node.op == "at":
            memo[node] = at(change.get(node.data[0], node.data[0]))
        elif node.op == "total":
            memo[node] = _reindexed_sum(node, change)
        else:
            memo[node] = rebuild.rebuild(node, tuple(memo[a] for a in node.args))
    return memo[root]


def _outside_of_sums(root: Node, change: Mapping[Index, Index]) -> list[Node]:
    """What depends on the indices, operands first; bodies of sums are no part of it."""
    order: list[Node] = []
    seen = {root}
    stack: list[tuple[Node, Iterator[Node]]] = [(root, _below(root, change))]
    while stack:
        node, rest = stack[-1]
        below = next((a for a in rest if a not in seen), None)
        if below is None:
            order.append(node)
            stack.pop()
        else:
            seen.add(below)
            stack.append((below, _below(below, change)))
    return order


def _below(node: Node, change: Mapping[Index, Index]) -> Iterator[Node]:
    concerned = node.op != "total" and any(index in node.free for index in change)
    return iter(node.args if concerned else ())


def _reindexed_sum(node: Node, change: Mapping[Index, Index]) -> Node:
    aside = _aside(node, change.values())
    inner = reindex(node.args[0], {**{old: new for old, new in change.items() if old not in node.data}, **aside})
    return total(aside.values(), inner)


def _aside(node: Node, taken: Collection[Index]) -> dict[Index, Index]:
    """Other names for the indices of a sum, which neither its body nor what is taken holds."""
    aside = {index: Index(f"~{k}", index.size) for k, index in enumerate(node.data)}
    while any(new in node.args[0].free or new in taken for new in aside.values()):
        aside = {index: Index(f"~{new.name}", new.size) for index, new in aside.items()}
    return aside


def apart(node: Node, taken: Collection[Index]) -> tuple[tuple[Index, ...], Node]:
    """The indices of a sum and its body, with other names where these are taken."""
    if not any(index in taken for index in node.data):
        return node.data, node.args[0]
    aside = _aside(node, taken)
    return tuple(aside.values()), reindex(node.args[0], aside)


def member_of(node: Node, index: Index) -> Node:
    """Row i of a matrix, as a column; entry i of a column."""
    return products.matmul(transposition.transpose(node), at(index))


# --- the sum --------------------------------------------------------------------------------------


def _sum_over(indices: tuple[Index, ...], body: Node) -> Node:
    if not indices:
        return body
    match body.op:
        case "zero":
            return zeros(*body.shape)
        case "add":
            return sums.combine(((total(indices, t), c) for t, c in sums.terms(body)), body.shape)
        case "transpose" if body.is_row:
            return transposition.transpose(total(indices, body.args[0]))
        case "total":
            return _sum_over((*indices, *body.data), body.args[0])
        case "matmul":
            return _sum_of_chain(indices, body)
        case "trace":
            return _sum_of_trace(indices, body)
        case "power" | "scale":
            return _sum_of_product(indices, body)
    return _joined(indices, body)


def _sum_of_chain(indices: tuple[Index, ...], body: Node) -> Node:
    """Σ_i A B_i C = A (Σ_i B_i) C: each stretch of factors that share indices is summed alone."""
    spans = _stretches(indices, body.args)
    if spans == [(0, len(body.args))]:
        return _joined(indices, body)
    parts: list[Node] = []
    place = 0
    for start, stop in spans:
        inside = products.matmul(*body.args[start:stop])
        parts += [*body.args[place:start], total([i for i in indices if i in inside.free], inside)]
        place = stop
    return products.matmul(*parts, *body.args[place:])


def _sum_of_trace(indices: tuple[Index, ...], body: Node) -> Node:
    """Σ_i tr(A B_i) = tr(A Σ_i B_i)"""
    factors = products.chain(body.args[0])
    start = next((k for k, f in enumerate(factors) if not f.free.intersection(indices)), None)
    if start is None or len(factors) < 2:
        return _joined(indices, body)
    return invariants.trace(total(indices, products.matmul(*factors[start:], *factors[:start])))


def _stretches(indices: tuple[Index, ...], factors: tuple[Node, ...]) -> list[tuple[int, int]]:
    """The places from the first factor with an index to the last, together where they overlap."""
    found: list[tuple[int, int]] = []
    for index in indices:
        places = [k for k, f in enumerate(factors) if index in f.free]
        start, stop = places[0], places[-1] + 1
        for other in [s for s in found if s[0] < stop and start < s[1]]:
            found.remove(other)
            start, stop = min(start, other[0]), max(stop, other[1])
        found.append((start, stop))
    return sorted(found)


def _sum_of_product(indices: tuple[Index, ...], body: Node) -> Node:
    """Σ_ij a_i b_j C = (Σ_i a_i) (Σ_j b_j) C, each group of factors that share indices for itself."""
    groups: list[tuple[frozenset[Index], list[Node]]] = []
    for factor in _factors(body):
        mine = factor.free.intersection(indices)
        together = [g for g in groups if g[0] & mine]
        groups = [g for g in groups if g not in together]
        groups.append((mine.union(*(g[0] for g in together)), [*(f for g in together for f in g[1]), factor]))
    if len(groups) == 1:
        return _joined(indices, body)
    return _product(total(shared, _product(factors)) for shared, factors in groups)


def _factors(body: Node) -> list[Node]:
    """The factors of a product of scalars with at most one array, or entry by entry."""
    if body.op == "scale":
        return [*_factors(body.args[0]), *_factors(body.args[1])]
    return [powers.power(b, e) for b, e in powers.factors(body)] if body.op == "power" else [body]


def _product(factors: Iterable[Node]) -> Node:
    return powers.hadamard(number(1), *factors)


# --- indices that occur twice ----------------------------------------------------------------------


def _joined(indices: tuple[Index, ...], body: Node) -> Node:
    """The sum over indices that all factors share, without those that select one value or meet themselves."""
    for index in indices:
        found = _selected(index, body)
        if found is None:
            found = _contracted(index, body)
        if found is not None:
            return total([i for i in indices if i != index], found)
    return _node(indices, body)


def _selected(index: Index, body: Node) -> Node | None:
    """Σ_i [i = k] b_i = b_k"""
    factors = _factors(body)
    for place, factor in enumerate(factors):
        other = _other_of_equal(index, factor)
        if other is not None:
            rest = _product([*factors[:place], *factors[place + 1 :]])
            return reindex(rest if rest.shape == body.shape else _filled(rest, body), {index: other})
    return None


def _filled(scalar: Node, like: Node) -> Node:
    return sums.scale(scalar, ones(*like.shape))


def _other_of_equal(index: Index, factor: Node) -> Index | None:
    """k where the factor is [i = k]"""
    if factor.op != "matmul" or len(factor.args) != 2 or not factor.is_scalar:
        return None
    ends = [f.upright for f in factor.args]
    names = [f.data[0] for f in ends if f.op == "at"]
    return next((name for name in names if name != index), None) if len(names) == 2 and index in names else None


def _contracted(index: Index, body: Node) -> Node | None:
    """Σ_i A e_i e_i^T B = A B, Σ_i e_i^T A e_i = tr A, Σ_i (u^T e_i) e_i = u, where i occurs nowhere else."""
    unit = at(index)
    if body is unit:
        return ones(index.size)
    factors = _factors(body)
    holding = [k for k, f in enumerate(factors) if index in f.free]
    chains = [products.chain(factors[k]) for k in holding]
    if sum(_places(index, c) is not None for c in chains) < len(chains):
        return None
    counts = [_places(index, c) or [] for c in chains]
    if sum(len(c) for c in counts) != 2 or len(chains) > 2:
        return None
    inside = _traced(chains[0], counts[0]) if len(chains) == 1 else _met(chains, counts, [factors[k] for k in holding])
    if inside is None:
        return None
    return _product([*(f for k, f in enumerate(factors) if k not in holding), inside])


def _places(index: Index, chain_: tuple[Node, ...]) -> list[int] | None:
    """Where e_i and e_i^T stand in a product; None where i is inside of other factors, too."""
    places = [k for k, f in enumerate(chain_) if f.upright.op == "at" and f.upright.data[0] == index]
    return places if all(index not in f.free for k, f in enumerate(chain_) if k not in places) else None


def _traced(chain_: tuple[Node, ...], places: list[int]) -> Node | None:
    first, second = places
    if second == first + 1 and chain_[first].is_column:
        around = (*chain_[:first], *chain_[second + 1 :])
        return products.matmul(*around) if around else identity(chain_[first].rows)
    if (first, second) == (0, len(chain_) - 1) and chain_[0].is_row and second > 1:
        return invariants.trace(products.matmul(*chain_[1:-1]))
    return None


def _met(chains: list[tuple[Node, ...]], places: list[list[int]], factors: list[Node]) -> Node | None:
    """(u^T e_i) and M e_i, a scalar and any chain, as M u; entry by entry in arrays this is something else."""
    if not all(len(p) == 1 for p in places) or not any(f.is_scalar for f in factors):
        return None
    if len(factors[0].args) > 1 and not factors[0].is_scalar:
        chains, places = chains[::-1], places[::-1]
    row = chains[0] if places[0][0] == len(chains[0]) - 1 else _turned(chains[0])
    place = places[1][0]
    if row[-1].upright.op != "at" or not products.matmul(*row).is_scalar or len(row) < 2:
        return None
    vector = transposition.transpose(products.matmul(*row[:-1]))
    here = vector if chains[1][place].is_column else transposition.transpose(vector)
    return products.matmul(*chains[1][:place], here, *chains[1][place + 1 :])


def _turned(chain_: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(transposition.transpose(f) for f in reversed(chain_))


# --- names ------------------------------------------------------------------------------------------


def _node(indices: tuple[Index, ...], body: Node) -> Node:
    """The node with its bound indices called by the first free numbers, in the order that makes the least body."""
    taken = set(body.free.difference(indices))
    orders = permutations(indices) if len(indices) <= MOST_PERMUTED else iter([in_order(indices)])
    named: list[tuple[Node, Fraction, tuple[Index, ...]]] = []
    for order in orders:
        names: dict[Index, Index] = {}
        for index in order:
            names[index] = fresh_index(index.size, [*taken, *names.values()])
        c, renamed = sums.content(reindex(body, names))
        named.append((renamed, c, tuple(names.values())))
    found, c, bound = min(named, key=lambda pair: (pair[0].key, [i.size.terms for i in pair[2]]))
    if any(other is found and d == -c and b == bound for other, d, b in named):
        return zeros(*body.shape)
    return sums.scaled(c, make("total", (found,), bound, found.shape))
