"""Bilinear functions x^T M y under x^T P x = a and y^T Q y = b: singular vectors, canonical correlations, best approximations of rank 1."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matcalc.calculus import derive
from matcalc.expr import (
    ONE,
    Node,
    call,
    chain,
    divide,
    hadamard,
    identity,
    inverse,
    matmul,
    number,
    power,
    scale,
    scaled,
    split_scalar,
    substitute,
    terms,
    transpose,
    zeros,
)
from matcalc.expr.facts import is_pd, is_positive
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.problems import Problem
from matcalc.solving.ways.equations import Root, holds

__all__ = ["Singular", "singular_vectors"]

WAY = "singular vectors"


@dataclass(frozen=True)
class Singular:
    """One of the two ends: ``sign`` is -1 where x^T M y is least; ``is_unit`` where both lengths are 1."""

    sign: int
    is_unit: bool

    @property
    def reason(self) -> str:
        """What is said of the value."""
        value = f"{'minus ' * (self.sign < 0)}the largest singular value"
        return f"its value is {value}{'' if self.is_unit else ' times both lengths'}, by Cauchy-Schwarz"


@dataclass(frozen=True)
class _Length:
    """``x^T P x = a`` with the multiplier of this constraint."""

    matrix: Node
    size: Node
    multiplier: Node


def singular_vectors(problem: Problem) -> Iterator[tuple[dict[Node, Root], Singular]]:
    """Both ends, with K = L_P^-1 M L_Q^-T for P = L_P L_P^T and Q = L_Q L_Q^T."""
    if problem.objective is None or len(problem.unknowns) != 2 or len(problem.constraints) != 2:
        return
    x, y = problem.unknowns
    middle = _middle(problem.objective.node, x, y)
    lengths = [_length(problem, x, y), _length(problem, y, x)]
    if middle is None or lengths[0] is None or lengths[1] is None:
        return
    (first, second) = lengths[0], lengths[1]
    left, right = _inverse_root(first.matrix), _inverse_root(second.matrix)
    k = simplify(matmul(left, middle, transpose(right)))
    u, v = (call(f"svd_{side}_max", k, shape=(rows, ONE)) for side, rows in (("u", k.rows), ("v", k.cols)))
    largest = call("norm_spec", k, shape=(ONE, ONE))
    roots = [power(length.size, Fraction(1, 2)) for length in (first, second)]
    for sign in (-1, 1):
        found = {
            x: Root(simplify(scale(scaled(sign, roots[0]), matmul(transpose(left), u))), WAY),
            y: Root(simplify(scale(roots[1], matmul(transpose(right), v))), WAY),
            first.multiplier: Root(simplify(_multiplier(sign, largest, roots[1], roots[0])), WAY),
            second.multiplier: Root(simplify(_multiplier(sign, largest, roots[0], roots[1])), WAY),
        }
        yield found, Singular(sign, all(root is number(1) for root in roots))


def _multiplier(sign: int, largest: Node, above: Node, below: Node) -> Node:
    return scaled(Fraction(-sign, 2), divide(hadamard(largest, above), below))


def _inverse_root(matrix: Node) -> Node:
    """L^-1 of P = L L^T"""
    return matrix if matrix.op == "identity" else inverse(call("chol", matrix, shape=matrix.shape))


def _middle(f: Node, x: Node, y: Node) -> Node | None:
    """M of x^T M y, and nothing beside it that moves."""
    gradient = derive(f, [x]).matrix
    if gradient is None or not x.is_column or not y.is_column or x.is_scalar or y.is_scalar:
        return None
    middle = _before(gradient, y)
    rest = None if middle is None else simplify(expanded(f - matmul(transpose(x), middle, y)))
    return middle if rest is not None and not holds(rest, x) and not holds(rest, y) else None


def _before(gradient: Node, y: Node) -> Node | None:
    """M of M y"""
    found = zeros(gradient.rows, y.rows)
    for term, c in terms(expanded(gradient)):
        s, rest = split_scalar(term)
        factors = chain(rest)
        if factors[-1] is not y or holds(s, y) or any(holds(f, y) for f in factors[:-1]):
            return None
        own = matmul(*factors[:-1]) if len(factors) > 1 else identity(y.rows)
        found = found + scale(scaled(c, s), own)
    return simplify(found)


def _length(problem: Problem, x: Node, other: Node) -> _Length | None:
    """The constraint on x alone, of the form x^T P x = a with a definite P and a > 0."""
    own = [c for c in problem.constraints if holds(c.residual, x) and not holds(c.residual, other)]
    if len(own) != 1 or own[0].multiplier is None or not own[0].residual.is_scalar:
        return None
    residual = own[0].residual
    gradient = derive(residual, [x]).matrix
    twice = None if gradient is None else _before(gradient, x)
    if twice is None or holds(twice, x):
        return None
    matrix = simplify(scaled(Fraction(1, 2), twice))
    size = simplify(scaled(-1, substitute(residual, {x: zeros(*x.shape)})))
    rest = simplify(expanded(residual - matmul(transpose(x), matrix, x) + size))
    if not rest.is_zero or not is_positive(size) or not (matrix.op == "identity" or is_pd(matrix)):
        return None
    return _Length(matrix, size, own[0].multiplier)
