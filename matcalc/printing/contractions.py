"""How the adjoint of a Kronecker product is read: by Kronecker products with the identity.

Σ_pq B[p, q] (I ⊗ e_p^T) G (I ⊗ e_q) is (I ⊗ vec(I)^T) (G ⊗ I) (I ⊗ vec(B)); a square one is a partial trace of G (I ⊗ B^T).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcalc.expr import ONE, Dim, Node, identity, kron, matmul, transpose
from matcalc.printing.layout import Layout, lay, transposed

if TYPE_CHECKING:
    from matcalc.printing.reading import Reader

__all__ = ["read_contraction"]


def read_contraction(reader: Reader, node: Node, flipped: bool) -> Layout:
    """M[k, l] = Σ A[i, j] B[p, q] G[(i, k, p), (j, l, q)]; two of the identities show their sizes, which fixes the others."""
    a, g, b = node.args
    if node.is_square:
        return _partial_traces(reader, node, flipped)
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
    factors = [reader.of(x) for x in (a, b) if x.is_scalar and x.op != "ones"]
    return lay("product", *factors, inside) if factors else inside


def _partial_traces(reader: Reader, node: Node, flipped: bool) -> Layout:
    """``partial_trace(G (I ⊗ B^T), m, n)`` for a square M, ``blocktrace((A^T ⊗ I) G, m, n)``, or one in the other."""
    a, g, b = node.args
    n = node.rows
    if not b.is_scalar:
        g = matmul(g, kron(identity(a.cols * n), transpose(b)))
    if not a.is_scalar:
        g = matmul(kron(transpose(a), identity(n * (b.rows if not b.is_scalar else ONE))), g)
    inside = reader.of(g, flipped)
    if not b.is_scalar:
        inside = _traced("partial_trace", inside, a.cols * n, b.rows)
    if not a.is_scalar:
        inside = _traced("blocktrace", inside, a.cols, n)
    factors = [reader.of(x) for x in (a, b) if x.is_scalar and x.op != "ones"]
    return lay("product", *factors, inside) if factors else inside


def _traced(name: str, inside: Layout, *sizes: Dim) -> Layout:
    return lay("function", inside, *(lay("literal", value=str(size)) for size in sizes), value=name)


def _eye(size: Dim) -> Layout:
    return lay("identity", value=size)


def _vec(x: Layout) -> Layout:
    return lay("function", x, value="vec")


def _kron(*factors: Layout) -> Layout:
    return lay("kron", *factors)
