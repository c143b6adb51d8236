"""Eigenvalues and singular values, and products with their vectors, for proofs.

Each rule holds wherever its left side is defined, under the conditions it checks. Reference: Horn & Johnson, *Matrix
Analysis*, 2013.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from matcalc.expr import (
    ONE,
    Node,
    apply,
    call,
    chain,
    combine,
    content,
    diag,
    factors,
    hadamard,
    identity,
    inverse,
    is_number,
    logdet,
    matmul,
    matrix_power,
    minimum,
    multiply,
    number,
    ones,
    power,
    scale,
    scaled,
    split_scalar,
    summed_column,
    terms,
    trace,
    transpose,
    unit,
)
from matcalc.expr.facts import is_orthogonal, is_pd, is_positive, is_psd, is_symmetric
from matcalc.functions import matrix_function, row_of
from matcalc.simplify.patterns import both_sides, function_of, gram_half, is_call, outer_factors, product_of

__all__ = [
    "eigenvalues_of_shift",
    "entry_of_eigenvalues",
    "factorisation_product",
    "least_eigenvalue",
    "norm_by_singular_values",
    "orthonormal_columns",
    "reduced_resolvent",
    "singular_values_of_multiple",
    "sum_of_eigenvalues",
    "sum_of_singular_values",
]


def least_eigenvalue(node: Node) -> Node | None:
    """eigmin(S) = -eigmax(-S)"""
    if not is_call(node, "eigmin"):
        return None
    return scaled(-1, call("eigmax", scaled(-1, node.args[0]), shape=node.shape))


def eigenvalues_of_shift(node: Node) -> Node | None:
    """λ(c S + s I) = c λ(S) + s for c > 0, λ(P S P^-1) = λ(S), λmax(S^-1) = 1 / λmin(S) for definite S"""
    if not is_call(node, "eigmax", "eigvals"):
        return None
    name, x = node.data[0], node.args[0]
    shift = [(split_scalar(t)[0], c) for t, c in terms(x) if split_scalar(t)[1].op == "identity"]
    rest = combine(((t, c) for t, c in terms(x) if split_scalar(t)[1].op != "identity"), x.shape)
    if shift and not rest.is_zero:
        s = combine(shift, number(1).shape)
        return call(name, rest, shape=node.shape) + scale(s, ones(*node.shape))
    if rest.is_zero:
        return None
    s, m = split_scalar(x)
    sign = content(x)[0] < 0
    s = scaled(-1, s) if sign else s
    if s is not number(1) and is_positive(s):
        return scale(s, call(name, scaled(-1, m) if sign else m, shape=node.shape))
    links = chain(m)
    if len(links) >= 3 and links[0].is_square and inverse(links[0]) is links[-1]:
        return call(name, scale(split_scalar(x)[0], matmul(*links[1:-1])), shape=node.shape)
    if name == "eigmax" and sign and m.op == "matpow" and is_number(m.args[1]) == -1 and is_pd(m.args[0]):
        return scaled(-1, power(call("eigmax", m.args[0], shape=node.shape), -1))
    if name == "eigmax" and m is x:
        return _largest_eigenvalue(x)
    return None


def _largest_eigenvalue(x: Node) -> Node | None:
    """λmax(S^-1) = 1 / λmin(S) for definite S, λmax(X X^T) = λmax(X^T X), λmax(expm(S)) = exp(λmax(S))"""
    scalar = (ONE, ONE)
    if x.op == "matpow" and is_number(x.args[1]) == -1 and is_pd(x.args[0]):
        return power(call("eigmin", x.args[0], shape=scalar), -1)
    if is_call(x, "expm") and is_symmetric(x.args[0]):
        return apply("exp", call("eigmax", x.args[0], shape=scalar))
    half = gram_half(x)
    other = matmul(half, transpose(half)) if half is not None else x
    return call("eigmax", other, shape=scalar) if other < x else None


def entry_of_eigenvalues(node: Node) -> Node | None:
    """eigvals(S)[n] = eigmax(S)

    The last of eigvals(S) is eigmax(S), the first eigmin(S); the first of svdvals(X) has the square eigmax(X^T X), that of a
    symmetric S is the larger one of eigmax(S) and -eigmin(S)
    """
    links = chain(node)
    if len(links) != 2 or not node.is_scalar:
        return None
    row, column = transpose(links[0]), links[1]
    if row.op != "unit":
        row, column = column, row
    if row.op != "unit" or not is_call(column, "eigvals", "svdvals"):
        return None
    place, x = row.data[0], column.args[0]
    if column.data[0] == "svdvals":
        if place != 1:
            return None
        if is_psd(x):
            return call("eigmax", x, shape=node.shape)
        if is_symmetric(x):
            least = call("eigmin", x, shape=node.shape)
            return apply("max", call("eigmax", x, shape=node.shape), scaled(-1, least))
        return power(call("eigmax", matmul(transpose(x), x), shape=node.shape), Fraction(1, 2))
    if place == 1:
        return call("eigmin", x, shape=node.shape)
    last = x.rows if x.rows.value is None else x.rows.value
    return call("eigmax", x, shape=node.shape) if place == last else None


def reduced_resolvent(node: Node) -> Node | None:
    """resolvent_max(S) = pinv(eigmax(S) I - S), and so for the least eigenvalue"""
    if not is_call(node, "resolvent_max", "resolvent_min"):
        return None
    (s,) = node.args
    extreme = call(node.data[0].replace("resolvent_", "eig"), s, shape=number(1).shape)
    return call("pinv", scale(extreme, identity(s.rows)) - s, shape=node.shape)


def norm_by_singular_values(node: Node) -> Node | None:
    """||X||_2 = σ_1(X), ||X||_* = Σ σ(X), both ||u|| ||v|| of u v^T; ||S^k||_2 = ||S||_2^k for symmetric S"""
    if not is_call(node, "norm_spec", "norm_nuc"):
        return None
    (x,) = node.args
    outer = outer_factors(split_scalar(x)[1]) if not x.is_column and not x.is_row else None
    if outer is not None:
        lengths = [power(matmul(transpose(u), u), Fraction(1, 2)) for u in outer]
        return hadamard(apply("abs", split_scalar(x)[0]), *lengths)
    k = is_number(x.args[1]) if x.op == "matpow" else None
    if node.data[0] == "norm_spec" and k is not None and k > 0 and is_symmetric(x.args[0]):
        return power(call("norm_spec", x.args[0], shape=node.shape), k)
    size = minimum(x.rows, x.cols)
    row = unit(1, size) if node.data[0] == "norm_spec" else ones(size)
    column = call("svdvals", x, shape=(size, ONE))
    return multiply(transpose(row), singular_values_of_multiple(column) or column)


def _entrywise_of(v: Node, name: str) -> tuple[str, Fraction, Node] | None:
    """(f, k, X) with v = f(λ)^k for λ = eigvals(X) or svdvals(X), f one of "", exp, log."""
    pairs = factors(v)
    if len(pairs) != 1:
        return None
    base, k = pairs[0][0], is_number(pairs[0][1])
    if k is None:
        return None
    if base.op == "apply" and base.data[0] in ("exp", "log") and k == 1:
        f, inside = base.data[0], base.args[0]
    else:
        f, inside = "", base
    if inside.op == "apply" and inside.data[0] == "abs" and f != "exp":
        f, inside = f"{f}abs" if f or k % 2 else "", inside.args[0]
    return (f, k, inside.args[0]) if is_call(inside, name) else None


def sum_of_eigenvalues(node: Node) -> Node | None:
    """Σ λ^k = tr(S^k), Σ exp(λ) = tr(expm(S)), Σ log|λ| = log|det(S)|; λ^T λ = tr(S^2)"""
    links = chain(node)
    if len(links) == 2 and is_call(links[1], "eigvals") and transpose(links[0]) is links[1]:
        return trace(matrix_power(links[1].args[0], 2))
    v = summed_column(node)
    found = _entrywise_of(v, "eigvals") if v is not None else None
    if found is None:
        return None
    f, k, s = found
    if f == "" and k.denominator == 1:
        return trace(matrix_power(s, int(k)))
    if f == "exp":
        return trace(function_of("expm", s))
    return logdet(s) if f in ("log", "logabs") else None


def sum_of_singular_values(node: Node) -> Node | None:
    """Σ σ^2 = tr(X^T X)

    Σ σ^(2k) = tr((X^T X)^k), Σ σ = tr(S) for semidefinite S, Σ log σ = log|det(X)|
    """
    links = chain(node)
    if len(links) == 2 and is_call(links[1], "svdvals") and transpose(links[0]) is links[1]:
        x = links[1].args[0]
        return trace(matmul(transpose(x), x))
    v = summed_column(node)
    found = _entrywise_of(v, "svdvals") if v is not None else None
    if found is None:
        return None
    f, k, x = found
    if f in ("log", "logabs"):
        return logdet(x) if x.is_square else None
    if f in ("", "abs") and k.denominator == 1 and k > 0 and k % 2 == 0:
        return trace(matrix_power(matmul(transpose(x), x), int(k) // 2))
    return trace(x) if f in ("", "abs") and k == 1 and is_psd(x) else None


def singular_values_of_multiple(node: Node) -> Node | None:
    """σ(s Q X) = |s| σ(X)

    σ(s X) = |s| σ(X), σ(X^T) = σ(X), σ(Q X) = σ(X Q) = σ(X) for orthogonal Q
    """
    if not is_call(node, "svdvals"):
        return None
    s, m = split_scalar(node.args[0])
    if is_orthogonal(m) and m.is_square:
        return scale(apply("abs", s), ones(*node.shape))
    if s is not number(1):
        return scale(apply("abs", s), call("svdvals", m, shape=node.shape))
    links = chain(m)
    if len(links) > 1:
        for end, rest in ((links[0], links[1:]), (links[-1], links[:-1])):
            if end.is_square and is_orthogonal(end):
                return call("svdvals", matmul(*rest), shape=node.shape)
    turned = transpose(m)
    return call("svdvals", turned, shape=node.shape) if turned < m else None


def _is_orthonormal(node: Node) -> bool:
    """Whether it is a call whose columns have length 1 and are orthogonal."""
    return node.op == "call" and "orthonormal columns" in row_of(node.data[0]).value


def orthonormal_columns(node: Node) -> Node | None:
    """V^T V = I for eigenvectors and singular vectors"""
    if not any(map(_is_orthonormal, node.args)):
        return None
    return both_sides(node, lambda u, v: identity(v.cols) if _is_orthonormal(v) and u is transpose(v) else None)


def factorisation_product(node: Node) -> Node | None:
    """V diag(λ) V^T = S, U diag(σ) V^T = X

    S V = V diag(λ), V diag(f(λ)) V^T = f(S); X V = U diag(σ), U diag(σ) V^T = X
    """
    links = chain(node)
    for i in range(len(links) - 1):
        for size, value in _reduced(links[i:]):
            return product_of([*links[:i], value, *links[i + size :]])
    return None


def _reduced(links: tuple[Node, ...]) -> Iterator[tuple[int, Node]]:
    """(how many factors from the first on, what they are together)."""
    first, second = links[0], links[1]
    if is_call(second, "eigvecs") and second.args[0] is first:
        yield 2, matmul(second, diag(call("eigvals", first, shape=(first.rows, number(1).cols))))
    if is_call(transpose(first), "eigvecs") and transpose(first).args[0] is second:
        yield 2, matmul(diag(call("eigvals", second, shape=(second.rows, number(1).cols))), first)
    if len(links) < 3 or second.op != "diag":
        return
    third = links[2]
    if is_call(first, "eigvecs") and third is transpose(first):
        value = _spectral(first.args[0], second.args[0])
        if value is not None:
            yield 3, value
    if is_call(first, "svd_u") and is_call(transpose(third), "svd_v"):
        x = first.args[0]
        if transpose(third).args[0] is x and is_call(second.args[0], "svdvals") and second.args[0].args[0] is x:
            yield 3, x


def _spectral(s: Node, v: Node) -> Node | None:
    """f(S) for v = f(eigvals(S))."""
    found = _entrywise_of(v, "eigvals")
    if found is None or found[2] is not s:
        return None
    f, k, _ = found
    if f == "" and k.denominator == 1:
        return matrix_power(s, int(k))
    if f == "logabs":
        return function_of("logm", s) if is_pd(s) else None
    found_row = matrix_function(f)
    return function_of(found_row.name, s) if found_row is not None and found_row.kind == "call" else None
