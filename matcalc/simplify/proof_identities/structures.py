"""Triangles, diagonals and orthogonal matrices: what is known of a matrix from its kind."""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import (
    ONE,
    Node,
    apply,
    call,
    chain,
    content,
    det,
    diag,
    diagonal,
    dimension,
    factors,
    hadamard,
    identity,
    is_number,
    mask,
    matmul,
    multiply,
    number,
    ones,
    power,
    scale,
    scaled,
    split_scalar,
    substitute,
    transpose,
    variable,
    variables,
    zeros,
)
from matcalc.expr.canonical.application import entrywise
from matcalc.expr.facts import is_orthogonal, is_pd, is_psd, is_symmetric
from matcalc.expr.supports import is_diagonal, is_triangular
from matcalc.functions import row_of
from matcalc.functions.making import always
from matcalc.simplify.patterns import both_sides, is_call

__all__ = [
    "determinant_of_triangle",
    "diagonal_of_triangular_product",
    "eigenvalues_of_function",
    "eigenvector_times_matrix",
    "logarithmic_determinant_of_orthogonal",
    "mask_by_lower",
    "product_of_entries",
    "product_of_khatri_rao",
    "squared_determinant_of_orthogonal",
    "trace_with_diagonal_matrix",
    "triangle_of_triangle",
    "with_diagonals_written_out",
]


def mask_by_lower(node: Node) -> Node | None:
    """strictly_upper = 1 1^T - lower, strictly_lower = lower - I, upper = 1 1^T - lower + I"""
    every, square = ones(*node.shape), node.is_square
    lower = mask("lower", *node.shape)
    match node.data[0]:
        case "strictly_upper":
            return every - lower
        case "strictly_lower" if square:
            return lower - identity(node.rows)
        case "off_diagonal" if square:
            return every - identity(node.rows)
        case "upper" if square:
            return every - lower + identity(node.rows)
    return None


def triangle_of_triangle(node: Node) -> Node | None:
    """triu(L) = diag(diagonal(L))

    tril(L) = L, triu(L) = diag(diagonal(L)) for lower triangular L
    """
    pairs = list(factors(node))
    for i, (base, exponent) in enumerate(pairs):
        if base.op != "mask" or is_number(exponent) != 1:
            continue
        rest = hadamard(*(power(b, e) for j, (b, e) in enumerate(pairs) if j != i))
        for kind, other in (("lower", "upper"), ("upper", "lower")):
            if rest.is_square and rest.shape == node.shape and is_triangular(rest, kind):
                kept = {kind: rest, other: diag(diagonal(rest)), f"strictly_{other}": zeros(*node.shape)}
                return kept.get(base.data[0])
    return None


def trace_with_diagonal_matrix(node: Node) -> Node | None:
    """tr(D A) = diagonal(D)^T diagonal(A) for diagonal D"""
    links = chain(node.args[0])
    at = next((i for i, f in enumerate(links) if f.op != "diag" and is_diagonal(f)), None)
    if at is None or len(links) < 2:
        return None
    rest = matmul(*links[at + 1 :], *links[:at])
    return matmul(transpose(diagonal(links[at])), diagonal(rest))


def product_of_khatri_rao(node: Node) -> Node | None:
    """(A * B)^T (C * D) = (A^T C) ⊙ (B^T D)"""
    return both_sides(node, _khatri_rao_pair)


def _khatri_rao_pair(left: Node, right: Node) -> Node | None:
    turned = transpose(left)
    if not (is_call(turned, "khatri_rao") and is_call(right, "khatri_rao")):
        return None
    (a, b), (c, d) = turned.args, right.args
    if a.rows != c.rows or b.rows != d.rows:
        return None
    return hadamard(multiply(transpose(a), c), multiply(transpose(b), d))


# --- triangles -----------------------------------------------------------------------------------


def _side(*matrices: Node) -> str:
    """lower or upper, where all of them are triangular on that side."""
    return next((side for side in ("lower", "upper") if all(is_triangular(m, side) for m in matrices)), "")


def determinant_of_triangle(node: Node) -> Node | None:
    """det(L) = prod(diagonal(L)) for triangular L"""
    (x,) = node.args
    return call("prod", diagonal(x), shape=node.shape) if _side(x) else None


def diagonal_of_triangular_product(node: Node) -> Node | None:
    """diagonal(L M) = diagonal(L) ⊙ diagonal(M), diagonal(L^k) = diagonal(L)^k for triangles of one side"""
    (x,) = node.args
    if x.op == "matpow" and is_number(x.args[1]) is not None and _side(x.args[0]):
        return power(diagonal(x.args[0]), x.args[1])
    if x.op == "matmul" and all(f.is_square for f in x.args) and _side(*x.args):
        return hadamard(*map(diagonal, x.args))
    return None


def product_of_entries(node: Node) -> Node | None:
    """prod(u ⊙ v) = prod(u) prod(v), prod(u^k) = prod(u)^k, prod(exp(u)) = exp(1^T u), prod(eigvals(S)) = det(S)"""
    if not is_call(node, "prod"):
        return None
    s, x = split_scalar(node.args[0])
    c, x = content(x)
    if c != 1 or s.op != "ones":
        outside = power(scaled(c, s), dimension(x.rows * x.cols))
        return hadamard(outside, call("prod", x, shape=node.shape))
    if x.op == "apply" and x.data[0] == "exp":
        return apply("exp", _total(x.args[0]))
    if x.op == "diagonal" and is_call(x.args[0], "chol"):
        return power(det(x.args[0].args[0]), Fraction(1, 2))
    if is_call(x, "eigvals", "svdvals") and x.args[0].is_square:
        return det(x.args[0]) if x.data[0] == "eigvals" else apply("abs", det(x.args[0]))
    pairs = factors(x)
    if x.op != "power" or any((e := is_number(k)) is None or e.denominator != 1 for _, k in pairs):
        return number(1) if x.op == "ones" else None
    return hadamard(*(power(call("prod", b, shape=node.shape), k) for b, k in pairs))


def _total(x: Node) -> Node:
    return matmul(transpose(ones(x.rows)), x, *(() if x.is_column else (ones(x.cols),)))


def with_diagonals_written_out(root: Node) -> Node:
    """D = diag(d) for each variable that is a diagonal matrix"""
    found = [v for v in variables(root) if is_diagonal(v) and not v.is_scalar]
    return substitute(root, {v: diag(_diagonal_of(v)) for v in found}) if found else root


def _diagonal_of(v: Node) -> Node:
    kept = ("positive",) if is_pd(v) else ()
    return variable(f"diag {v.data[0]}", (v.rows, ONE), kept)


#: eigenvectors -> the eigenvalues that belong to them
_EIGENVALUES = {"eigvec_max": "eigmax", "eigvec_min": "eigmin", "eigvecs": "eigvals"}


def eigenvector_times_matrix(node: Node) -> Node | None:
    """S V = V diag(λ), V^T V = I for the eigenvectors V of S"""
    return both_sides(node, _eigenvector_pair)


def _eigenvector_pair(left: Node, right: Node) -> Node | None:
    if right.op != "call" or right.data[0] not in _EIGENVALUES:
        return None
    (s,) = right.args
    if left is transpose(right):
        return identity(right.cols)
    if left is not s or not is_symmetric(s):
        return None
    name = _EIGENVALUES[right.data[0]]
    if right.data[0] == "eigvecs":
        return multiply(right, diag(call(name, s, shape=(s.rows, ONE))))
    return scale(call(name, s, shape=(ONE, ONE)), right)


def eigenvalues_of_function(node: Node) -> Node | None:
    """λ(f(S)) = f(λ(S)) for increasing f, in ascending order on both sides"""
    if not is_call(node, "eigvals", "eigmax", "eigmin"):
        return None
    (inside,) = node.args
    if inside.op == "matpow":
        return _eigenvalues_of_power(node, *inside.args)
    function = row_of(inside.data[0]).primary if inside.op == "call" else ""
    if not function or row_of(function).monotone.get("x") != always("increasing") or not is_symmetric(inside.args[0]):
        return None
    return entrywise(function, call(node.data[0], inside.args[0], shape=node.shape))


def _eigenvalues_of_power(node: Node, s: Node, exponent: Node) -> Node | None:
    """λ(S^3) = λ(S)^3, eigmax(S^2) = max(eigmax(S), -eigmin(S))^2; of semidefinite S any power, of definite S its inverse"""
    k = is_number(exponent)
    if k is None or k == 0 or not is_symmetric(s):
        return None
    name, largest = node.data[0], call("eigmax", s, shape=(ONE, ONE))
    if k > 0 and (k % 2 == 1 or is_psd(s)):
        return power(call(name, s, shape=node.shape), exponent)
    if name == "eigmax" and k > 0:
        least = call("eigmin", s, shape=(ONE, ONE))
        return power(apply("max", largest, scaled(-1, least)), exponent)
    if k < 0 and is_pd(s) and name in _MIRRORED:
        return power(call(_MIRRORED[name], s, shape=node.shape), exponent)
    return None


_MIRRORED = {"eigmax": "eigmin", "eigmin": "eigmax"}


def logarithmic_determinant_of_orthogonal(node: Node) -> Node | None:
    """log|det(Q)| = 0 for orthogonal Q"""
    return zeros(*node.shape) if is_orthogonal(node.args[0]) else None


def squared_determinant_of_orthogonal(node: Node) -> Node | None:
    """det(Q)^2 = 1 for orthogonal Q"""
    pairs = list(factors(node))
    for i, (base, exponent) in enumerate(pairs):
        e = is_number(exponent)
        if base.op == "det" and e is not None and e.denominator == 1 and abs(e) > 1 and is_orthogonal(base.args[0]):
            rest = [power(b, x) for j, (b, x) in enumerate(pairs) if j != i]
            return hadamard(number(1), power(base, e % 2), *rest)
    return None
