"""Relations between the indices of sums: which of them hold where a part of an expression is used, and in words.

[i < j] is the entry (i, j) of a matrix of zeros and ones. As a factor it leaves out what the others are where it is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from matcalc.expr import Index, Node, at, factors, in_order, mask, matmul, reindex, scaled, transpose

__all__ = ["Letters", "common_relations", "either_way", "for_all", "index_relations", "is_index_relation", "lettered"]

#: Letters for indices that are numbers, as they are chosen in these expressions.
Letters = Callable[[Sequence[Index], Sequence[Node]], Mapping[Index, Index]]

#: kind of the mask -> the sign, and which of less, equal and greater it allows
SIGNS = {
    "strictly_upper": ("<", frozenset("<")),
    "upper": ("<=", frozenset("<=")),
    "strictly_lower": (">", frozenset(">")),
    "lower": (">=", frozenset(">=")),
    "off_diagonal": ("!=", frozenset("<>")),
}
_KINDS = {allowed: kind for kind, (_, allowed) in SIGNS.items()}
_TURNED = {"<": ">", ">": "<", "=": "="}

Pair = tuple[Index, Index]


def is_index_relation(node: Node) -> bool:
    """e_i^T M e_j with a mask M of zeros and ones"""
    if node.op != "matmul" or len(node.args) != 3:
        return False
    left, pattern, right = node.args
    return (
        left.op == "transpose"
        and left.args[0].op == right.op == "at"
        and pattern.op == "mask"
        and pattern.data[0] in SIGNS
    )


def index_relations(scalar: Node) -> frozenset[Node]:
    """The relations among the factors of a number."""
    bases = [b for b, _ in factors(scalar)] if scalar.op == "power" else [scalar]
    return frozenset(b for b in bases if b.is_scalar and is_index_relation(b))


def common_relations(pieces: Sequence[frozenset[Node]]) -> frozenset[Node]:
    """What holds in every one of these: of i < j and i > j that they differ."""
    plain = frozenset.intersection(*(frozenset(r for r in piece if not is_index_relation(r)) for piece in pieces))
    allowed = [_allowed(piece) for piece in pieces]
    pairs = set.intersection(*(set(a) for a in allowed))
    either = {pair: frozenset().union(*(a[pair] for a in allowed)) for pair in pairs}
    return plain | {_relation(pair, signs) for pair, signs in either.items() if signs in _KINDS}


def either_way(relations: frozenset[Node], subjects: Sequence[Node]) -> frozenset[Node]:
    """i != j for i < j where it does not matter which of them is the larger: of x_i - x_j != 0."""
    return frozenset(_either_way(r, subjects) if is_index_relation(r) else r for r in relations)


def _either_way(relation: Node, subjects: Sequence[Node]) -> Node:
    i, j = relation.args[0].args[0].data[0], relation.args[2].data[0]
    exchanged = [reindex(u, {i: j, j: i}) for u in subjects]
    alike = all(v in (u, scaled(-1, u)) for u, v in zip(subjects, exchanged, strict=True))
    kind = {"strictly_upper": "off_diagonal", "strictly_lower": "off_diagonal"}.get(relation.args[1].data[0])
    pair = in_order((i, j))
    return matmul(transpose(at(pair[0])), mask(kind, i.size, j.size), at(pair[1])) if alike and kind else relation


def _allowed(relations: Iterable[Node]) -> dict[Pair, frozenset[str]]:
    """Which of less, equal and greater may hold between two indices, the first of which is the earlier."""
    found: dict[Pair, frozenset[str]] = {}
    for relation in relations:
        if is_index_relation(relation):
            left, right = relation.args[0].args[0].data[0], relation.args[2].data[0]
            allowed = SIGNS[relation.args[1].data[0]][1]
            if (left, right) != in_order((left, right)):
                left, right, allowed = right, left, frozenset(_TURNED[sign] for sign in allowed)
            found[left, right] = found.get((left, right), allowed) & allowed
    return found


def _relation(pair: Pair, allowed: frozenset[str]) -> Node:
    i, j = pair
    return matmul(transpose(at(i)), mask(_KINDS[allowed], i.size, j.size), at(j))


# --- in words -------------------------------------------------------------------------------------


def lettered(nodes: Sequence[Node], letters: Letters) -> tuple[Node, ...]:
    """Expressions with letters for their free indices, the same in all of them."""
    free = in_order(frozenset().union(*(node.free for node in nodes)))
    change = letters(free, nodes) if free else {}
    return tuple(reindex(node, change) for node in nodes)


def for_all(indices: Iterable[Index], relations: Iterable[Node]) -> str:
    """for all i != j; for all i, k"""
    words: list[str] = []
    told: set[Index] = set()
    for (left, right), allowed in sorted(_allowed(relations).items(), key=repr):
        if allowed in _KINDS:
            sign = SIGNS[_KINDS[allowed]][0]
            turned = sign.startswith(">")
            first, second = (right, left) if turned else (left, right)
            words.append(f"{first.name} {sign.replace('>', '<')} {second.name}")
            told |= {left, right}
    words += [str(index.name) for index in in_order(indices) if index not in told]
    return f" for all {', '.join(words)}" if words else ""
