"""Distribute products over sums, within a bound."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

from matcalc.expr import (
    LEAVES,
    Node,
    bottom_up,
    combine,
    diag,
    factors,
    hadamard,
    is_number,
    kron,
    matmul,
    number,
    power,
    scale,
    scaled,
    terms,
    trace,
)
from matcalc.expr.passes import Pass, rows_of

__all__ = ["expanded"]

#: More terms than this are not written out: they cost more and read worse.
MOST_TERMS = 100
_ONE = Fraction(1)

Weighted = list[tuple[Node, Fraction]]


def expanded(root: Node, most_terms: int = MOST_TERMS) -> Node:
    """The same value with products of sums written out, where that stays short."""
    return bottom_up(root, lambda node: _distributed(node, most_terms))


def _distributed(node: Node, most_terms: int) -> Node:
    return WRITTEN_OUT.row(node.op)(node, most_terms)


def _as_it_is(node: Node, most_terms: int) -> Node:
    return node


def _product(node: Node, most_terms: int) -> Node:
    return _over(node, list(node.args), matmul, most_terms)


def _matrix_power(node: Node, most_terms: int) -> Node:
    repeated = _repeated(node)
    return _over(node, [node.args[0]] * repeated, matmul, most_terms) if repeated > 1 else node


def _of_terms(build: Callable[[Node], Node]) -> Callable[[Node, int], Node]:
    return lambda node, most_terms: combine(((build(t), c) for t, c in terms(node.args[0])), node.shape)


def _sum(node: Node, most_terms: int) -> Node:
    if len(node.args) == 1:
        return scaled(node.data[0], _opened(node.args[0], most_terms))
    return _collected(node, most_terms)


def _collected(node: Node, most_terms: int) -> Node:
    return combine([(t, c) for t, c in terms(node)], node.shape)


def _opened(product: Node, most_terms: int) -> Node:
    """A product out of which a constructor took a scalar, or a sign: it is written out all the same."""
    return _distributed(product, most_terms)


def _repeated(node: Node) -> int:
    """The exponent of a small natural power of a sum or a product."""
    e = is_number(node.args[1])
    small = e is not None and e.denominator == 1 and 1 < e <= 4
    return int(e) if small and e is not None and node.args[0].op in ("add", "matmul") else 0


def _entrywise_factors(node: Node) -> list[Node]:
    """Factors of a power product, with small natural powers of sums repeated."""
    parts: list[Node] = []
    for base, exponent in factors(node):
        e = is_number(exponent)
        repeat = e is not None and e.denominator == 1 and 1 <= e <= 4 and base.op == "add"
        parts.extend([base] * int(e) if repeat and e is not None else [power(base, exponent)])
    return parts


def _over(node: Node, parts: list[Node], build: object, most_terms: int) -> Node:
    choices = [terms(p) if _is_sum(p) else ((p, _ONE),) for p in parts]
    count = 1
    for choice in choices:
        count *= len(choice)
    if (count == 1 and node.op != "matpow") or count > most_terms:
        return node
    assert callable(build)
    total: Weighted = []
    for combination in product(*choices):
        weight = _ONE
        for _, c in combination:
            weight = c if weight is _ONE else weight * c
        total.append((build(*(t for t, _ in combination)) if combination else number(1), weight))
    return combine(total, node.shape)


def _is_sum(node: Node) -> bool:
    return node.op == "add" or (node.op == "transpose" and node.args[0].op == "add")


# fmt: off
#: operator -> the node with what it is linear in written out term by term
WRITTEN_OUT: Pass[Callable[[Node, int], Node]] = Pass("products written out", {
    **rows_of(LEAVES, _as_it_is),
    **rows_of("apply call open det logdet adjugate diagonal vec unvec total block", _as_it_is),
    "matmul":    _product,
    "matpow":    _matrix_power,
    "scale":     lambda node, most: _over(node, [node.args[0], _opened(node.args[1], most)], scale, most),
    "kron":      lambda node, most: _over(node, list(node.args), kron, most),
    "power":     lambda node, most: _over(node, _entrywise_factors(node), hadamard, most),
    "trace":     _of_terms(trace),
    "diag":      _of_terms(diag),
    "add":       _sum,
    "transpose": _collected,
})
# fmt: on
