"""Kronecker products, vec and the commutation matrix."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from matcalc.expr import (
    Node,
    apply,
    chain,
    commutation,
    diag,
    diagonal,
    factors,
    hadamard,
    identity,
    is_number,
    kron,
    matmul,
    multiply,
    ones,
    power,
    scaled,
    transpose,
    unit,
    vec,
)
from matcalc.expr.built.special import khatri_rao
from matcalc.expr.facts import is_symmetric
from matcalc.simplify.patterns import both_sides, is_call, product_of

__all__ = [
    "commutation_times_kronecker",
    "commutation_times_vec",
    "duplication_products",
    "entries_of_vec",
    "khatri_rao_of_identities",
    "kronecker_mixed_product",
    "kronecker_times_vec",
    "power_of_commutation",
    "product_of_units",
    "product_with_row",
    "sum_over_vec",
]


def kronecker_mixed_product(node: Node) -> Node | None:
    """(A ⊗ B) (C ⊗ D) = (A C) ⊗ (B D)"""
    links = chain(node)
    for i in range(len(links) - 1):
        left, right = links[i], links[i + 1]
        merged = _kron_pair(left, right)
        if merged is not None:
            return product_of([*links[:i], merged, *links[i + 2 :]])
    return None


def _kron_pair(left: Node, right: Node) -> Node | None:
    if right.op == "call" and right.data[0] == "khatri_rao" and left.op == "kron" and len(left.args) == 2:
        if all(k.cols == r.rows for k, r in zip(left.args, right.args, strict=True)):
            return khatri_rao(*(multiply(k, r) for k, r in zip(left.args, right.args, strict=True)))
    if left.op != "kron" or right.op != "kron" or len(left.args) != len(right.args):
        return None
    pairs = list(zip(left.args, right.args, strict=True))
    return kron(*(multiply(p, q) for p, q in pairs)) if all(p.cols == q.rows for p, q in pairs) else None


def product_with_row(node: Node) -> Node | None:
    """A (x^T ⊗ I) = x^T ⊗ A

    A (x^T ⊗ B) = x^T ⊗ (A B), (x ⊗ A) B = x ⊗ (A B), u (x ⊗ s)^T = x^T ⊗ (u s^T)
    """
    return both_sides(node, _product_with_row)


def _product_with_row(left: Node, right: Node) -> Node | None:
    """A (x^T ⊗ B) = x^T ⊗ (A B)"""
    if right.op == "transpose" and right.args[0].op == "kron":
        x, *rest = (transpose(f) for f in right.args[0].args)
    elif right.op == "kron":
        x, *rest = right.args
    else:
        return None
    if not x.is_row or left.op in ("kron", "commutation") or left.is_row:
        return None
    return kron(x, multiply(left, kron(*rest)))


def khatri_rao_of_identities(node: Node) -> Node | None:
    """(I * I)^T (A ⊗ B) (I * I) = A ⊙ B, (I * I) (I * I)^T = diag(vec(I)), (I * I)^T vec(A) = diagonal(A)"""
    links = chain(node)
    for i, link in enumerate(links):
        if _is_khatri_rao_of_identities(link) and i + 1 < len(links) and links[i + 1] is transpose(link):
            return product_of([*links[:i], diag(vec(identity(link.cols))), *links[i + 2 :]])
        if link.op != "transpose" or not _is_khatri_rao_of_identities(link.args[0]):
            continue
        after = links[i + 1 :]
        if after and after[0].op == "vec":
            return product_of([*links[:i], diagonal(after[0].args[0]), *after[1:]])
        if after and after[0] is link.args[0]:
            return product_of([*links[:i], *after[1:]]) if len(links) > 2 else identity(link.rows)
        if len(after) > 1 and after[0].op == "kron" and len(after[0].args) == 2 and after[1] is link.args[0]:
            a, b = after[0].args
            return product_of([*links[:i], hadamard(a, b), *after[2:]])
        if after and is_call(after[0], "khatri_rao"):
            a, b = after[0].args
            if a.shape == b.shape and a.rows == link.rows:
                return product_of([*links[:i], hadamard(a, b), *after[1:]])
    return None


def _is_khatri_rao_of_identities(node: Node) -> bool:
    return is_call(node, "khatri_rao") and all(a.op == "identity" for a in node.args)


def kronecker_times_vec(node: Node) -> Node | None:
    """(B^T ⊗ A) vec(X) = vec(A X B)"""
    return both_sides(node, _kronecker_times_vec)


def _kronecker_times_vec(left: Node, right: Node) -> Node | None:
    if left.op != "kron" or len(left.args) != 2 or right.op != "vec":
        return None
    (b, a), (x,) = left.args, right.args
    if a.cols != x.rows or b.cols != x.cols:
        return None
    return vec(multiply(multiply(a, x), transpose(b)))


def commutation_times_kronecker(node: Node) -> Node | None:
    """K(p, m) (A ⊗ B) K(n, q) = B ⊗ A

    (a^T ⊗ B) K(n, q) = B ⊗ a^T; K(p, m) (A ⊗ B) K(n, q) = B ⊗ A
    """
    links = chain(node)
    for i, (left, right) in enumerate(pairwise(links)):
        if left.op == "kron" and right.op == "commutation" and (swapped := _exchanged(left, right)) is not None:
            outside = commutation(swapped.args[1].rows, swapped.args[0].rows)
            if outside.op == "identity":
                return product_of([*links[:i], swapped, *links[i + 2 :]])
            if i and links[i - 1] is transpose(outside):
                return product_of([*links[: i - 1], swapped, *links[i + 2 :]])
        if left.op == "commutation" and right.op == "kron":
            turned = _exchanged(transpose(right), transpose(left))
            if turned is not None and any(f.is_column for f in right.args):
                return product_of([*links[:i], transpose(turned), *links[i + 2 :]])
    return None


def _exchanged(product: Node, k: Node) -> Node | None:
    """B ⊗ A with (A ⊗ B) K = K' (B ⊗ A) [M&N 3.7]"""
    if len(product.args) != 2:
        return None
    a, b = product.args
    swapped = kron(b, a)
    return swapped if swapped.op == "kron" and k.data == (a.cols, b.cols) else None


def commutation_times_vec(node: Node) -> Node | None:
    """K(m, n) vec(X) = vec(X^T), K(m, n) K(n, m) = I"""
    return both_sides(node, _commutation_times_vec)


def _commutation_times_vec(left: Node, right: Node) -> Node | None:
    if left.op != "commutation":
        return None
    if right.op == "vec" and right.args[0].shape == left.data:
        return vec(transpose(right.args[0]))
    return identity(left.rows) if right.op == "commutation" and right.data == left.data[::-1] else None


def entries_of_vec(node: Node) -> Node | None:
    """f(vec(A)) = vec(f(A)), vec(A) ⊙ vec(B) = vec(A ⊙ B)"""
    if node.op == "apply":
        whole = _matrices(node.args)
        return None if whole is None else vec(apply(node.data[0], *whole))
    pairs = list(factors(node))
    whole = _matrices([base for base, _ in pairs])
    if whole is None or not all(exponent.is_scalar for _, exponent in pairs):
        return None
    return vec(hadamard(*(power(base, exponent) for base, (_, exponent) in zip(whole, pairs, strict=True))))


def _matrices(columns: Sequence[Node]) -> list[Node] | None:
    """A and B of vec(A) and vec(B), beside numbers, if all have one shape."""
    shapes = {column.args[0].shape if column.op == "vec" else None for column in columns if not column.is_scalar}
    if len(shapes) != 1 or None in shapes:
        return None
    return [column if column.is_scalar else column.args[0] for column in columns]


def sum_over_vec(node: Node) -> Node | None:
    """1^T vec(A) = 1^T A 1"""
    return both_sides(node, _sum_over_vec)


def _sum_over_vec(left: Node, right: Node) -> Node | None:
    if transpose(left).op != "ones" or right.op != "vec" or not left.is_row:
        return None
    inside = right.args[0]
    return matmul(transpose(ones(inside.rows)), inside, ones(inside.cols))


def duplication_products(node: Node) -> Node | None:
    """L D = I, D^+ D = I, D D^+ = (I + K) / 2, K D = D, D L vec(S) = vec(S) for symmetric S"""

    def step(left: Node, right: Node) -> Node | None:
        if right.op == "duplication":
            if left.op == "elimination" or (is_call(left, "pinv") and left.args[0] is right):
                return identity(right.cols)
            if left.op == "commutation" and left.data == (*right.data, *right.data):
                return right
        if left.op == "duplication" and is_call(right, "pinv") and right.args[0] is left:
            n = left.data[0]
            return scaled(Fraction(1, 2), identity(left.rows) + commutation(n, n))
        return None

    found = both_sides(node, step)
    if found is not None:
        return found
    links = chain(node)
    for i in range(len(links) - 2):
        d, low, v = links[i : i + 3]
        if d.op == "duplication" and low.op == "elimination" and v.op == "vec" and is_symmetric(v.args[0]):
            return product_of([*links[:i], *links[i + 2 :]])
    return None


def power_of_commutation(node: Node) -> Node | None:
    """K(n, n)^2 = I"""
    base, k = node.args[0], is_number(node.args[1])
    if base.op != "commutation" or base.data[0] != base.data[1] or k is None or k.denominator != 1:
        return None
    return base if k % 2 else identity(node.rows)


def product_of_units(node: Node) -> Node | None:
    """e_1 ⊗ e_2 = e_2, e_2 ⊗ e_1 = e_3 of length 4: for fixed sizes"""
    for i, (a, b) in enumerate(pairwise(node.args)):
        if not (a.op == b.op == "unit" and b.rows.value is not None):
            continue
        (first,), (second,) = a.data, b.data
        if isinstance(first, int) and isinstance(second, int):
            together = unit((first - 1) * b.rows.value + second, a.rows * b.rows)
            return kron(*node.args[:i], together, *node.args[i + 2 :])
    return None
