"""Factor a sum: shared chains, prefixes, suffixes, scalars, Hadamard and Kronecker factors.

Greedy: of all factors that two or more terms share, take out the one after which the sum reads shortest;
repeat while that helps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from fractions import Fraction
from functools import partial
from itertools import combinations, permutations

from matcalc.expr import (
    Dim,
    Index,
    Node,
    chain,
    combine,
    content,
    diag,
    factors,
    fresh_index,
    hadamard,
    identity,
    is_number,
    kron,
    matmul,
    matrix_power,
    multiply,
    number,
    ones,
    power,
    reindex,
    scale,
    terms,
    total,
    trace,
    transpose,
    vec,
)
from matcalc.records import dataclass
from matcalc.simplify.cost import cost
from matcalc.simplify.patterns import loses_zeros
from matcalc.simplify.scalar_factors import Grouping, common_scalars, grouped

__all__ = ["factored", "factors_factored", "groupings"]

#: The length of a pair of brackets.
BRACKETS = 2

Term = tuple[Node, Fraction]

#: Sums longer than this are not factored: the search is quadratic.
LONGEST_SUM = 40
#: Nor are sums that read longer than this: nobody reads them.
LONGEST_READ = 1000
#: How many factors are tried at each depth of nested sums: one from the third depth on, so that the search is linear.
TRIED = (4, 1)
#: Sums over more indices than this are put together in one order of these only.
MOST_ORDERED = 3


def factored(node: Node, depth: int = 0) -> Node:
    """An equal sum that reads at most as long."""
    if node.op == "transpose" and node.args[0].op == "add":
        return transpose(factored(node.args[0], depth))
    if node.op != "add" or not 2 <= len(node.args) <= LONGEST_SUM or cost(node) > LONGEST_READ:
        return node
    name = f"factored {min(depth, len(TRIED))}"
    known = node.cache.get(name)
    if known is None:
        known = node.cache[name] = _improve(node, depth)
        known.cache.setdefault(name, known)
    result: Node = known
    return result


def factors_factored(node: Node) -> Node:
    """A power product whose sums are products, too, where those read as well: s (t - 2 t^2) = s t (1 - 2 t), (p^2 - p) A = p (p - 1) A"""
    if node.op == "scale":
        return scale(factored(node.args[0], 1), node.args[1])
    if node.op != "power":
        return node
    pairs = [(base, factored(base, 1) if is_number(e) == 1 else base, e) for base, e in factors(node)]
    if all(base is now for base, now, _ in pairs):
        return node
    return hadamard(*(power(now, e) for _, now, e in pairs))


def _improve(node: Node, depth: int) -> Node:
    best = node
    for wrap, body, rest in _promising(node)[: TRIED[depth] if depth < len(TRIED) else 1]:
        total = combine([(wrap(factored(body, depth + 1)), Fraction(1)), *rest], node.shape)
        if _reads_better(total, best, depth):
            best = total
    return factored(best, depth) if best is not node else node


def _reads_better(total: Node, best: Node, depth: int) -> bool:
    """Shorter; inside of a product, where a sum stands in brackets, a product as long as it is better, too."""
    if depth and best.op == "add" and total.op != "add":
        return cost(total) <= cost(best) + BRACKETS
    return cost(total) < cost(best)


@dataclass(frozen=True, slots=True)
class _Grouped:
    """Terms of a sum as one product: wrap(body)."""

    indices: list[int]
    wrap: Callable[[Node], Node]
    body: Node


def _promising(node: Node) -> list[tuple[Callable[[Node], Node], Node, list[Term]]]:
    """(wrap, body, rest) with node = wrap(body) + rest, those first that read shortest as they are."""
    found: list[tuple[int, int, tuple[Callable[[Node], Node], Node, list[Term]]]] = []
    single = [_Grouped(indices, wrap, _body(node, indices, inner)) for indices, wrap, inner in groupings(node)]
    for group in (*single, *_bilinear(single)):
        rest = [pair for i, pair in enumerate(terms(node)) if i not in group.indices]
        if cost(group.body) < cost(node):
            length = cost(combine([(group.wrap(group.body), Fraction(1)), *rest], node.shape))
            found.append((length, len(found), (group.wrap, group.body, rest)))
    return [candidate for _, _, candidate in sorted(found, key=lambda f: f[:2])]


def _body(node: Node, indices: list[int], inner: list[Node]) -> Node:
    return combine(((part, terms(node)[i][1]) for part, i in zip(inner, indices, strict=True)), inner[0].shape)


def _bilinear(groups: list[_Grouped]) -> Iterator[_Grouped]:
    """A X B + A X + X B + X = A X (B + I) + X (B + I) = (A + I) X (B + I)"""
    by_body: dict[Node, list[tuple[_Grouped, Fraction]]] = {}
    for group in groups:
        c, primitive = content(group.body)
        by_body.setdefault(primitive, []).append((group, c))
    for body, alike in by_body.items():
        for (one, c), (other, d) in combinations(alike, 2):
            if not set(one.indices) & set(other.indices):
                yield _Grouped([*one.indices, *other.indices], partial(_sum_of_two, one.wrap, c, other.wrap, d), body)


def _sum_of_two(one: Callable[[Node], Node], c: Fraction, other: Callable[[Node], Node], d: Fraction, x: Node) -> Node:
    left, right = one(x), other(x)
    return factored(combine(((left, c), (right, d)), left.shape), len(TRIED))


def groupings(node: Node) -> Iterator[Grouping]:
    """Every way to take one factor out of two or more terms."""
    pairs = terms(node)
    bodies = [_split_scalar(t) for t, _ in pairs]
    yield from _same_body(bodies)
    yield from common_scalars(bodies, node)
    yield from _common_sides(pairs)
    yield from _common_hadamard(pairs, node)
    yield from _linear_wrappers(pairs)
    yield from _common_kronecker(pairs)
    yield from _common_indices(pairs)


def _split_scalar(term: Node) -> tuple[Node, Node]:
    """(s, M) with term = s M; a scalar term is all scalar."""
    if term.op == "scale":
        return term.args[0], term.args[1]
    if term.op == "transpose" and term.args[0].op == "scale":
        return term.args[0].args[0], transpose(term.args[0].args[1])
    return number(1), term


def _same_body(bodies: list[tuple[Node, Node]]) -> Iterator[Grouping]:
    """s M + t M = (s + t) M"""
    keys = [(i, m) for i, (_, m) in enumerate(bodies) if not m.is_scalar]
    for body, members in grouped(keys):
        yield members, lambda s, body=body: scale(s, body), [bodies[i][0] for i in members]  # type: ignore[misc]


def _common_sides(pairs: tuple[Term, ...]) -> Iterator[Grouping]:
    """A M + A N = A (M + N) and M B + N B = (M + N) B, also under a trace"""
    yield from _sides(pairs, lambda t: t, lambda body: body)
    yield from _sides(pairs, lambda t: t.args[0] if t.op == "trace" else None, trace)


def _sides(
    pairs: tuple[Term, ...], unwrap: Callable[[Node], Node | None], wrap: Callable[[Node], Node]
) -> Iterator[Grouping]:
    scalars: dict[int, Node] = {}
    chains: dict[int, tuple[Node, ...]] = {}
    for i, (t, _) in enumerate(pairs):
        opened = unwrap(t)
        if opened is not None:
            s, m = _split_scalar(opened)
            if m.op != "power" or not m.is_scalar:
                scalars[i], chains[i] = s, chain(m)
    for end in (0, -1):
        keys = [(i, _root(links[end])) for i, links in chains.items() if not links[end].is_scalar]
        for _, members in grouped(keys):
            yield _side(members, end, scalars, chains, wrap)


def _root(link: Node) -> Node:
    """X for X^k and X^-1 for X^-k: what a power shares with lower ones of its sign."""
    return _lower(link, 1)


def _lower(link: Node, k: int) -> Node:
    """X^±k for a power of X with an exponent of that sign."""
    e = is_number(link.args[1]) if link.op == "matpow" else None
    return link if e is None else matrix_power(link.args[0], number(k if e > 0 else -k))


def _degree(link: Node) -> int:
    e = is_number(link.args[1]) if link.op == "matpow" else None
    return 1 if e is None else int(abs(e))


def _side(
    members: list[int],
    end: int,
    scalars: dict[int, Node],
    chains: dict[int, tuple[Node, ...]],
    wrap: Callable[[Node], Node],
) -> Grouping:
    """Take out the longest prefix (end 0) or suffix (end -1) that the members share."""
    links = [list(chains[i] if end == 0 else reversed(chains[i])) for i in members]
    shared_links: list[Node] = []
    while all(links) and len({_root(x[0]) for x in links}) == 1:
        lowest = min(_degree(x[0]) for x in links)
        together = len({x[0] for x in links}) == 1
        shared_links.append(links[0][0] if together else _lower(links[0][0], lowest))
        links = [_without(x, lowest) for x in links] if not together else [x[1:] for x in links]
        if not together:
            break
    shared = matmul(*(shared_links if end == 0 else reversed(shared_links)))
    size = shared.cols if end == 0 else shared.rows
    inner = []
    for i, x in zip(members, links, strict=True):
        rest = x if end == 0 else list(reversed(x))
        inner.append(multiply(scalars[i], matmul(*rest) if rest else identity(size)))
    if end == 0:
        return members, lambda body: wrap(multiply(shared, body)), inner
    return members, lambda body: wrap(multiply(body, shared)), inner


def _without(links: list[Node], degree: int) -> list[Node]:
    """The chain after a power of this degree is taken out of its first factor."""
    left = _degree(links[0]) - degree
    return [_lower(links[0], left), *links[1:]] if left else links[1:]


def _common_hadamard(pairs: tuple[Term, ...], node: Node) -> Iterator[Grouping]:
    """v ⊙ M + v ⊙ N = v ⊙ (M + N)"""
    if node.is_scalar:
        return
    keys: list[tuple[int, Node]] = []
    exponents: dict[tuple[int, Node], Fraction] = {}
    split = [_split_scalar(t) for t, _ in pairs]
    split = [(s, m if m.op != "matmul" else _as_entrywise(m)) for s, m in split]
    for i, (_, m) in enumerate(split):
        for base, exponent in factors(m):
            e = is_number(exponent)
            if e is not None:
                keys.append((i, base))
                exponents[i, base] = e
    for base, members in grouped(keys):
        powers = [exponents[i, base] for i in members]
        if min(powers) <= 0 <= max(powers):
            continue
        shared = power(base, min(powers) if min(powers) > 0 else max(powers))
        over = power(shared, -1)
        inner = [scale(split[i][0], hadamard(over, split[i][1], ones(*node.shape))) for i in members]
        if not loses_zeros(shared, inner):
            yield members, lambda body, shared=shared: hadamard(shared, body), inner  # type: ignore[misc]


def _as_entrywise(product: Node) -> Node:
    """diag(u) A as A ⊙ (u 1^T), whose factor A others may share; other products as they are."""
    links = product.args
    for end, rest in ((0, links[1:]), (-1, links[:-1])):
        if links[end].op == "diag" and not any(f.op == "diag" for f in rest):
            column, inside = links[end].args[0], matmul(*rest)
            outer = matmul(column, transpose(ones(inside.cols)))
            return hadamard(inside, outer if end == 0 else matmul(ones(inside.rows), transpose(column)))
    return product


def _linear_wrappers(pairs: tuple[Term, ...]) -> Iterator[Grouping]:
    """diag(u) + diag(v) = diag(u + v), tr A + tr B = tr(A + B), vec A + vec B = vec(A + B)"""
    wrappers: dict[str, Callable[[Node], Node]] = {"diag": diag, "trace": trace, "vec": vec}
    for op, wrap in wrappers.items():
        by_shape: dict[object, list[int]] = {}
        for i, (t, _) in enumerate(pairs):
            m = _split_scalar(t)[1]
            if m.op == op:
                by_shape.setdefault(m.args[0].shape, []).append(i)
        for members in by_shape.values():
            if len(members) >= 2:
                parts = [_split_scalar(pairs[i][0]) for i in members]
                yield members, wrap, [scale(s, m.args[0]) for s, m in parts]


def _common_kronecker(pairs: tuple[Term, ...]) -> Iterator[Grouping]:
    """A ⊗ M + A ⊗ N = A ⊗ (M + N)"""
    split = {i: _split_scalar(t) for i, (t, _) in enumerate(pairs)}
    krons = {i: (s, m.args) for i, (s, m) in split.items() if m.op == "kron"}
    for end in (0, -1):
        for shared, members in grouped([(i, args[end]) for i, (_, args) in krons.items()]):
            rest = {i: krons[i][1][1:] if end == 0 else krons[i][1][:-1] for i in members}
            inner = [scale(krons[i][0], kron(*rest[i])) for i in members]
            if any(part.shape != inner[0].shape for part in inner):
                continue
            if end == 0:
                yield members, lambda body, a=shared: kron(a, body), inner  # type: ignore[misc]
            else:
                yield members, lambda body, b=shared: kron(body, b), inner  # type: ignore[misc]


def _common_indices(pairs: tuple[Term, ...]) -> Iterator[Grouping]:
    """Σ_i s a_i + Σ_i b_i = Σ_i (s a_i + b_i), of which only a product stays one sum"""
    by_sizes: dict[tuple[Dim, ...], list[int]] = {}
    parts = [_split_scalar(t) for t, _ in pairs]
    for i, (s, m) in enumerate(parts):
        if m.op == "total" and not s.free.intersection(m.data):
            by_sizes.setdefault(tuple(sorted((k.size for k in m.data), key=str)), []).append(i)
    for sizes, members in by_sizes.items():
        if len(members) >= 2:
            indices = _new_indices(sizes, frozenset().union(*(pairs[i][0].free for i in members)))
            bodies = _aligned([parts[i] for i in members], indices)
            yield members, lambda body, over=indices: total(over, body), bodies  # type: ignore[misc]


def _new_indices(sizes: Iterable[Dim], taken: Collection[Index]) -> tuple[Index, ...]:
    found: list[Index] = []
    for size in sizes:
        found.append(fresh_index(size, [*taken, *found]))
    return tuple(found)


def _aligned(parts: list[tuple[Node, Node]], indices: tuple[Index, ...]) -> list[Node]:
    """The bodies of these sums with common indices, in the order of each in which it shares most with the first."""
    bodies: list[Node] = []
    for s, m in parts:
        orders = permutations(indices) if len(indices) <= MOST_ORDERED else [indices]
        fitting = [order for order in orders if [i.size for i in order] == [i.size for i in m.data]]
        forms = [scale(s, reindex(m.args[0], dict(zip(m.data, order, strict=True)))) for order in fitting]
        bodies.append(min(forms, key=lambda form: cost(factored(bodies[0] + form, len(TRIED)))) if bodies else forms[0])
    return bodies
