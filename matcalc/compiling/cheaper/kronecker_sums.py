"""Inverses and determinants of sums of Kronecker products whose factors have common eigenvectors, by those of the factors.

``kron(A, B) + s I``, ``kron(A, I) + kron(I, B)`` and the like with symmetric A and B: at each place of the products stands one
symmetric matrix, or the identity. The eigenvalues are the same sums of products of those of the factors, so that n³ + m³ operations take
the place of (n m)³.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from matcalc.compiling.cheaper.chains import Cost
from matcalc.expr import (
    Dim,
    Node,
    add,
    apply,
    call,
    diag,
    is_number,
    kron,
    matmul,
    number,
    ones,
    power,
    scale,
    scaled,
    split_scalar,
    terms,
    transpose,
)
from matcalc.expr.facts import is_pd, is_symmetric
from matcalc.records import dataclass

__all__ = ["Spectrum", "inverse_by_factors", "log_determinant_by_factors"]

#: What eigenvalues and eigenvectors of a symmetric matrix cost beside one of its inverses.
EIGEN_COST = 10.0
#: A sum of more products is no short one.
MOST_PRODUCTS = 6


@dataclass(frozen=True)
class Spectrum:
    """Q diag(values) Q^T for an orthogonal Q = kron(vectors).

    Attributes:
        values: the eigenvalues, a column.
        vectors: the eigenvectors of the factors.
    """

    values: Node
    vectors: tuple[Node, ...]

    def power(self, e: Fraction) -> Node:
        """Q diag(values.^e) Q^T"""
        q = kron(*self.vectors)
        return matmul(q, diag(power(self.values, e)), transpose(q))


def inverse_by_factors(node: Node, size: Cost) -> Node | None:
    """(Q diag(v) Q^T)^-k = Q diag(v.^-k) Q^T"""
    e = is_number(node.args[1])
    found = spectrum(node.args[0], size) if e is not None and e < 0 and e.denominator == 1 else None
    return None if found is None or e is None else found.power(e)


def log_determinant_by_factors(node: Node, size: Cost) -> Node | None:
    """log |det(Q diag(v) Q^T)| = Σ log |v|"""
    found = spectrum(node.args[0], size)
    if found is None:
        return None
    values = found.values if is_pd(node.args[0]) else apply("abs", found.values)
    return matmul(transpose(ones(node.args[0].rows)), apply("log", values))


def spectrum(node: Node, size: Cost) -> Spectrum | None:
    """The eigenvalues of a sum of Kronecker products with a symmetric matrix for each place, where they are cheaper than its inverse."""
    pairs = terms(node)
    if not 2 <= len(pairs) <= MOST_PRODUCTS or node.linear or node.free or node.is_scalar:
        return None
    split = [
        (scaled(c, s), m.args if m.op == "kron" else (m,)) for c, (s, m) in ((c, split_scalar(t)) for t, c in pairs)
    ]
    sizes = [f.rows for f in max((factors for _, factors in split), key=len)]
    rows = [_placed(factors, sizes) for _, factors in split]
    found = [row for row in rows if row is not None]
    matrices = _matrices(found, len(sizes)) if len(found) == len(rows) and len(sizes) > 1 else None
    if matrices is None or EIGEN_COST * sum(size(d) ** 3 for d in sizes) > size(node.rows) ** 3:
        return None
    sums = [scale(s, kron(*map(_values, row, sizes))) for (s, _), row in zip(split, found, strict=True)]
    return Spectrum(add(*sums), tuple(call("eigvecs", m, shape=m.shape) for m in matrices))


def _placed(factors: Sequence[Node], sizes: Sequence[Dim]) -> list[Node | None] | None:
    """The factor at each place, None for an identity; None where they do not fit."""
    row: list[Node | None] = []
    for factor in factors:
        if not factor.is_square or len(row) == len(sizes):
            return None
        if factor.op != "identity":
            if factor.rows != sizes[len(row)]:
                return None
            row.append(factor)
            continue
        covered = number(1).rows
        while covered != factor.rows:
            if len(row) == len(sizes):
                return None
            covered = covered * sizes[len(row)]
            row.append(None)
    return row if len(row) == len(sizes) else None


def _matrices(rows: Sequence[Sequence[Node | None]], places: int) -> list[Node] | None:
    """The one symmetric matrix at each place; None where there is another number of them."""
    found = [{row[k] for row in rows if row[k] is not None} for k in range(places)]
    matrices = [m for own in found for m in own if m is not None]
    return matrices if all(len(own) == 1 for own in found) and all(map(is_symmetric, matrices)) else None


def _values(factor: Node | None, size: Dim) -> Node:
    return ones(size) if factor is None else call("eigvals", factor, shape=(size, number(1).cols))
