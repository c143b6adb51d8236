"""Eigen equations: A x = s x, and A x = s B x, where s is a number that may depend on x."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.expr import (
    ONE,
    Node,
    call,
    chain,
    divide,
    hadamard,
    identity,
    inverse,
    is_number,
    matmul,
    number,
    scaled,
    split_scalar,
    terms,
    transpose,
)
from matcalc.expr.facts import is_pd, is_symmetric
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.simplify.expansion import expanded
from matcalc.solving.ways.equations import Equation, holds

__all__ = ["Eigen", "Pair", "eigen_equation"]


@dataclass(frozen=True)
class Eigen:
    """``A x = s B x``.

    Attributes:
        left: A.
        right: B, the identity of an ordinary eigen equation.
        value: s in terms of x and of other unknowns.
    """

    left: Node
    right: Node
    value: Node

    def pairs(self) -> tuple[Pair, ...]:
        """The least and the largest eigenvalue with their vectors, of a symmetric A and a definite B = L L^T; else none."""
        if not is_symmetric(self.left) or not is_pd(self.right):
            return ()
        if self.right.op == "identity":
            return _ends(self.left, None)
        root = call("chol", self.right, shape=self.right.shape)
        inner = simplify(matmul(inverse(root), self.left, transpose(inverse(root))))
        return _ends(inner, transpose(inverse(root)))


@dataclass(frozen=True)
class Pair:
    """An eigenvalue, and its vector x with x^T B x = 1."""

    value: Node
    vector: Node


def _ends(matrix: Node, factor: Node | None) -> tuple[Pair, ...]:
    found = []
    for end in ("min", "max"):
        vector = call(f"eigvec_{end}", matrix, shape=(matrix.rows, ONE))
        value = call(f"eig{end}", matrix, shape=(ONE, ONE))
        found.append(Pair(value, vector if factor is None else matmul(factor, vector)))
    return tuple(found)


def eigen_equation(equation: Equation, numbers: Sequence[Node] = ()) -> Eigen | None:
    """The reading of s_1 M_1 x + s_2 M_2 x = 0, where s_1 or s_2 holds x or one of the ``numbers``, which are unknown."""
    x = equation.unknown
    if not x.is_column or x.is_scalar:
        return None
    groups: dict[Node, Node] = {}
    for term, c in terms(expanded(equation.residual)):
        read = _of_term(term, x)
        if read is None:
            return None
        s, matrix = read
        factor = is_number(s)
        key, weight = (number(1), c * factor) if factor is not None else (s, c)
        groups[key] = groups[key] + scaled(weight, matrix) if key in groups else scaled(weight, matrix)
    if len(groups) != 2:
        return None
    first, second = ((s, simplify(m)) for s, m in groups.items())
    return _ordered(first, second, (x, *numbers))


def _of_term(term: Node, x: Node) -> tuple[Node, Node] | None:
    """(s, M) of s M x."""
    s, rest = split_scalar(term)
    factors = chain(rest)
    if factors[-1] is not x or any(holds(f, x) for f in factors[:-1]):
        return None
    return s, matmul(*factors[:-1]) if len(factors) > 1 else identity(x.rows)


Group = tuple[Node, Node]


def _ordered(first: Group, second: Group, unknowns: Sequence[Node]) -> Eigen | None:
    """A x = s B x with B = I, else with a definite B, and s what is unknown."""
    if not any(holds(s, x) for s, _ in (first, second) for x in unknowns):
        return None
    pairs = [(_with_plain(first), _with_plain(second)), (_with_plain(second), _with_plain(first))]
    pairs.sort(key=lambda pair: (pair[1][1].op != "identity", not is_pd(pair[1][1])))
    (s, left), (t, right) = pairs[0]
    return Eigen(left, right, simplify(divide(scaled(-1, t), s)))


def _with_plain(group: Group) -> Group:
    """(s, M) with no number before M."""
    s, rest = split_scalar(group[1])
    return hadamard(group[0], s), rest
