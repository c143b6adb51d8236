"""Entries of products and powers of triangular matrices, for proofs: of row i no more than i entries count."""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import (
    Node,
    chain,
    combine,
    is_number,
    matmul,
    matrix_power,
    multiply,
    number,
    power,
    scale,
    transpose,
    unit,
)
from matcalc.expr.supports import is_triangular

__all__ = ["row_of_triangle"]

#: Rows further down, and higher powers, are not written out.
LAST_ROW = 6
HIGHEST_POWER = 6

Links = tuple[Node, ...]
Parts = list[tuple[Node, Fraction]]


def row_of_triangle(node: Node) -> Node | None:
    """e_i^T L = Σ_{j ≤ i} L_ij e_j^T, e_i^T L^-1 = (e_i^T - Σ_{j < i} L_ij e_j^T L^-1) / L_ii; U e_j likewise"""
    links = chain(node)
    found = _read_from_left(links)
    if found is None:
        turned = _read_from_left(tuple(transpose(f) for f in reversed(links)))
        found = None if turned is None else transpose(turned)
    return found


def _read_from_left(links: Links) -> Node | None:
    for at in range(len(links) - 1):
        row, rest = transpose(links[at]), links[at + 2 :]
        base, k = _power_of_triangle(links[at + 1])
        if not k or row.op != "unit" or not isinstance(row.data[0], int) or row.data[0] > LAST_ROW:
            continue
        if k == 1 and _is_entry(row.data[0], rest):
            continue
        before = matmul(*links[:at]) if at else number(1)
        parts = [(multiply(before, part), c) for part, c in _row(row.data[0], base, k, rest)]
        return combine(parts, parts[0][0].shape)
    return None


def _power_of_triangle(link: Node) -> tuple[Node, int]:
    """(L, k) with link = L^k for a lower triangular L; k = 0 where there is none."""
    base, e = link.args if link.op == "matpow" else (link, None)
    k = is_number(e) if e is not None else Fraction(1)
    if k is None or k.denominator != 1 or abs(k) > HIGHEST_POWER or not is_triangular(base, "lower"):
        return base, 0
    return base, int(k)


def _is_entry(i: int, rest: Links) -> bool:
    """Whether what is left of e_i^T L … is L_ij, with j ≤ i."""
    if len(rest) != 1 or rest[0].op != "unit":
        return False
    j = rest[0].data[0]
    return not isinstance(j, int) or j <= i


def _row(i: int, base: Node, k: int, rest: Links) -> Parts:
    """e_i^T L^k times the rest, by the entries of row i of L."""
    n = base.rows

    def entry(j: int) -> Node:
        return matmul(transpose(unit(i, n)), base, unit(j, n))

    def after(j: int, e: int) -> Node:
        return matmul(transpose(unit(j, n)), matrix_power(base, e), *rest)

    if k > 0:
        return [(scale(entry(j), after(j, k - 1)), Fraction(1)) for j in range(1, i + 1)]
    over = power(entry(i), -1)
    first = [(scale(over, after(i, k + 1)), Fraction(1))]
    return first + [(scale(over, scale(entry(j), after(j, k))), Fraction(-1)) for j in range(1, i)]
