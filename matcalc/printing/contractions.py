"""How the adjoint of a Kronecker product is read: by Kronecker products with the identity.

Σ_pq B[p, q] (I ⊗ e_p^T) G (I ⊗ e_q) is (I ⊗ vec(I)^T) (G ⊗ I) (I ⊗ vec(B)): a partial trace of G (I ⊗ B^T).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcalc.expr import Dim, Node
from matcalc.printing.layout import Layout, lay, transposed

if TYPE_CHECKING:
    from matcalc.printing.reading import Reader

__all__ = ["read_contraction"]


def read_contraction(reader: Reader, node: Node, flipped: bool) -> Layout:
    """M[k, l] = Σ A[i, j] B[p, q] G[(i, k, p), (j, l, q)]; two of the identities show their sizes, which fixes the others."""
    a, g, b = node.args
    inside = reader.of(g, flipped)
    traced = _partial_trace(a, b, node)
    if traced is not None:
        name, *sizes = traced
        return lay("function", inside, *(lay("literal", value=str(size)) for size in sizes), value=name)
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


def _partial_trace(a: Node, b: Node, node: Node) -> tuple[str, Dim, Dim] | None:
    """The function, and the sizes m and n, of a partial trace of an m n x m n matrix."""
    if not node.is_square or {a.op, b.op} != {"identity", "ones"} or not (a.is_scalar or b.is_scalar):
        return None
    return ("blocktrace", a.rows, node.rows) if b.is_scalar else ("partial_trace", node.rows, b.rows)


def _eye(size: Dim) -> Layout:
    return lay("identity", value=size)


def _vec(x: Layout) -> Layout:
    return lay("function", x, value="vec")


def _kron(*factors: Layout) -> Layout:
    return lay("kron", *factors)
