"""A constraint put to use inside of products: with W^T B W = I stands W W^T B W for W."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.expr import Node, chain, combine, identity, matmul, number, scale, split_scalar, terms, trace
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.problems import Problem
from matcalc.solving.ways.equations import holds

__all__ = ["Replaced", "orthonormality", "with_constraint"]

#: Factors of a product that are the identity.
Replaced = tuple[Node, ...]


def orthonormality(problem: Problem) -> Replaced | None:
    """The factors W^T, B, W of the only constraint W^T B W = I, of one unknown."""
    if len(problem.unknowns) != 1 or len(problem.constraints) != 1:
        return None
    (w,) = problem.unknowns
    pairs = list(terms(expanded(problem.constraints[0].residual)))
    products = [(t, c) for t, c in pairs if holds(t, w)]
    rest = [(t, c) for t, c in pairs if not holds(t, w)]
    if len(products) != 1 or len(rest) != 1 or rest[0][1] != -products[0][1] or rest[0][0].op != "identity":
        return None
    s, product = split_scalar(products[0][0])
    return tuple(chain(product)) if s is number(1) else None


def with_constraint(node: Node, factors: Replaced) -> Node:
    """A sum of products, or of their traces, in which such factors are left out wherever they stand side by side."""
    found = []
    for term, c in terms(expanded(node)):
        s, rest = split_scalar(term)
        inside = rest.args[0] if rest.op == "trace" else rest
        short = _without(chain(inside), factors)
        whole = matmul(*short) if short else identity(inside.rows)
        found.append((scale(s, trace(whole) if rest.op == "trace" else whole), c))
    return simplify(combine(found, node.shape))


def _without(parts: Sequence[Node], factors: Replaced) -> tuple[Node, ...]:
    """Without the factors, also where they meet once others are left out."""
    kept: list[Node] = []
    for part in parts:
        kept.append(part)
        if tuple(kept[-len(factors) :]) == factors:
            del kept[-len(factors) :]
    return tuple(kept)
