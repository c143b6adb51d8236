"""How the adjoint of a Kronecker product is read: by Kronecker products with the identity.

Σ_pq B[p, q] (I ⊗ e_p^T) G (I ⊗ e_q) is (I ⊗ vec(I)^T) (G ⊗ I) (I ⊗ vec(B)); a square one is a partial trace of G (I ⊗ B^T).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcalc.expr import Dim, Node, identity, kron, matmul, transpose
from matcalc.printing.layout import Layout, lay, transposed

if TYPE_CHECKING:
    from matcalc.printing.reading.reader import Reader

__all__ = ["read_contraction"]


def read_contraction(reader: Reader, node: Node, flipped: bool) -> Layout:
    """M[k, l] = Σ A[i, j] B[p, q] G[(i, k, p), (j, l, q)]."""
    a, _, b = node.args
    inside = (_partial_traces if node.is_square else _by_identities)(reader, node, flipped)
    factors = [reader.of(x) for x in (a, b) if x.is_scalar and x.op != "ones"]
    return lay("product", *factors, inside) if factors else inside


def _by_identities(reader: Reader, node: Node, flipped: bool) -> Layout:
    """Kronecker products with the identity; two of these show their sizes, which fixes the others."""
    a, g, b = node.args
    inside = reader.of(g, flipped)
    rows = (node.cols, node.rows)[not flipped]
    if not b.is_scalar:
        outer = rows * (a.cols if flipped else a.rows)
        inside = lay(
            "product",
            _kron(_eye(outer), transposed(_vec(_eye(b.cols if flipped else b.rows)))),
            _kron(inside, lay("identity")),
            _kron(lay("identity"), _vec(reader.of(b, flipped))),
        )
    if not a.is_scalar:
        inside = lay(
            "product",
            _kron(transposed(_vec(_eye(a.cols if flipped else a.rows))), _eye(rows)),
            _kron(lay("identity"), inside),
            _kron(_vec(reader.of(a, not flipped)), lay("identity")),
        )
    return inside


def _partial_traces(reader: Reader, node: Node, flipped: bool) -> Layout:
    """``partial_trace(G (I ⊗ B^T), m, n)`` for a square M, ``blocktrace((A^T ⊗ I) G, m, n)``, or one in the other."""
    a, g, b = node.args
    n = node.rows
    if not b.is_scalar:
        g = matmul(g, kron(identity(a.cols * n), transpose(b)))
    if not a.is_scalar:
        g = matmul(kron(transpose(a), identity(n * b.rows)), g)
    inside = reader.of(g, flipped)
    if not b.is_scalar:
        inside = _traced("partial_trace", inside, a.cols * n, b.rows)
    return inside if a.is_scalar else _traced("blocktrace", inside, a.cols, n)


def _traced(name: str, inside: Layout, *sizes: Dim) -> Layout:
    return lay("function", inside, *(lay("literal", value=str(size)) for size in sizes), value=name)


def _eye(size: Dim) -> Layout:
    return lay("identity", value=size)


def _vec(x: Layout) -> Layout:
    return lay("function", x, value="vec")


def _kron(*factors: Layout) -> Layout:
    return lay("kron", *factors)
