"""Cholesky factors, adjugates and pseudoinverses, for proofs.

Each rule holds wherever its left side is defined, under the conditions it checks. Reference: Horn & Johnson, *Matrix
Analysis*, 2013.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import (
    Node,
    apply,
    call,
    chain,
    det,
    diagonal,
    inverse,
    is_number,
    logdet,
    matmul,
    number,
    ones,
    postorder,
    power,
    scale,
    scaled,
    split_scalar,
    substitute,
    summed_column,
    transpose,
)
from matcalc.expr.facts import is_invertible, is_orthogonal, is_pd, is_positive
from matcalc.expr.supports import is_triangular
from matcalc.simplify.patterns import both_sides, function_of, gram_half, is_call, product_of

__all__ = [
    "adjugate_by_inverse",
    "cholesky_of_definite",
    "cholesky_of_multiple",
    "cholesky_product",
    "logarithmic_determinant_by_cholesky",
    "penrose",
    "pseudoinverse_of_function",
    "pseudoinverse_of_vector",
    "pseudoinverses_beside_lengths",
    "sum_over_cholesky_diagonal",
    "triangular_logarithmic_determinant",
]


def cholesky_product(node: Node) -> Node | None:
    """chol(S) chol(S)^T = S, and what follows for S^-1"""

    def step(left: Node, right: Node) -> Node | None:
        if is_call(left, "chol") and right is transpose(left):
            return left.args[0]
        if left.op == "matpow" and is_number(left.args[1]) == -1:
            x = left.args[0]
            if is_call(right, "chol") and right.args[0] is x:
                return inverse(transpose(right))
            if x.op == "transpose" and is_call(x.args[0], "chol") and right is inverse(x.args[0]):
                return inverse(x.args[0].args[0])
        if left.op == "matpow" and is_call(left.args[0], "chol") and is_number(left.args[1]) == -1:
            factor = left.args[0]
            return transpose(factor) if right is factor.args[0] else None
        return None

    return both_sides(node, step)


def sum_over_cholesky_diagonal(node: Node) -> Node | None:
    """2 Σ log(diag(chol(S))) = log|det(S)|"""
    v = summed_column(node)
    if v is None or v.op != "apply" or v.data[0] != "log":
        return None
    inside = v.args[0]
    if inside.op == "apply" and inside.data[0] == "abs":
        inside = inside.args[0]
    factor = inside.args[0] if inside.op == "diagonal" else inside
    factor = factor.upright
    if inside.op != "diagonal" or not is_call(factor, "chol"):
        return None
    return scaled(Fraction(1, 2), logdet(factor.args[0]))


def cholesky_of_definite(node: Node) -> Node | None:
    """chol(S) chol(S)^T = S for S that is known to be definite: elsewhere the left side says that it is"""
    return cholesky_product(node) if _holds_definite_factor(node) else None


def logarithmic_determinant_by_cholesky(node: Node) -> Node | None:
    """2 Σ log(diag(chol(S))) = log|det(S)|

    Σ log(diag(chol(S))) = log|det(S)| / 2 for S that is known to be definite
    """
    return sum_over_cholesky_diagonal(node) if _holds_definite_factor(node) else None


def _holds_definite_factor(node: Node) -> bool:
    """Every Cholesky factor among the operands, or under their logarithm, is that of a definite matrix."""
    nodes = list(chain(node))
    found = False
    while nodes:
        inside = nodes.pop()
        if is_call(inside, "chol"):
            found = True
            if not is_pd(inside.args[0]):
                return False
        elif inside.op in ("matpow", "transpose", "apply", "diagonal"):
            nodes.extend(inside.args[:1])
    return found


def penrose(node: Node) -> Node | None:
    """X pinv(X) X = X, pinv(X) X pinv(X) = pinv(X), (X pinv(X))^T = X pinv(X)"""
    links = chain(node)
    for i in range(len(links) - 1):
        left, right = links[i : i + 2]
        if not _are_pseudoinverse(left, right):
            continue
        matrix = right if is_call(left, "pinv") and left.args[0] is right else left
        if transpose(matrix) < matrix:
            return product_of([*links[:i], transpose(right), transpose(left), *links[i + 2 :]])
        if i + 2 < len(links) and links[i + 2] in (left, transpose(right)):
            return product_of([*links[:i], *links[i + 2 :]])
        if i > 0 and links[i - 1] in (right, transpose(left)):
            return product_of([*links[:i], *links[i + 2 :]])
    return None


def _are_pseudoinverse(a: Node, b: Node) -> bool:
    return (is_call(a, "pinv") and a.args[0] is b) or (is_call(b, "pinv") and b.args[0] is a)


def cholesky_of_multiple(node: Node) -> Node | None:
    """chol(c S) = sqrt(c) chol(S) for c > 0, chol(I) = I"""
    if not is_call(node, "chol"):
        return None
    s, m = split_scalar(node.args[0])
    if m.op == "identity":
        return scale(power(s, Fraction(1, 2)), m)
    if s is number(1) or not is_positive(s):
        return None
    return scale(power(s, Fraction(1, 2)), function_of("chol", m))


def pseudoinverse_of_function(node: Node) -> Node | None:
    """pinv(pinv(A)) = A, pinv(A^T A) = pinv(A) pinv(A)^T, pinv(s A) = pinv(A) / s for s > 0, pinv(A) = A^-1"""
    if not is_call(node, "pinv"):
        return None
    (a,) = node.args
    if is_call(a, "pinv"):
        return a.args[0]
    if is_invertible(a):
        return inverse(a)
    if a.op == "scale" and is_positive(a.args[0]):
        return scale(power(a.args[0], -1), call("pinv", a.args[1], shape=node.shape))
    links = chain(a)
    for end, rest in ((0, links[1:]), (-1, links[:-1])):
        if rest and links[end].is_square and is_orthogonal(links[end]):
            inner = matmul(*rest)
            turned = call("pinv", inner, shape=(inner.cols, inner.rows))
            return matmul(turned, inverse(links[end])) if end == 0 else matmul(inverse(links[end]), turned)
    half = gram_half(a)
    if half is None:
        return None
    plus = call("pinv", half, shape=(half.cols, half.rows))
    return matmul(plus, transpose(plus))


def pseudoinverse_of_vector(node: Node) -> Node | None:
    """pinv(x) = x^T / (x^T x), of x = 0 left aside"""
    if not (is_call(node, "pinv") and node.is_column):
        return None
    x = transpose(node.args[0])
    return scale(power(matmul(transpose(x), x), -1), x)


def pseudoinverses_beside_lengths(root: Node) -> Node | None:
    """pinv(x) = x^T / (x^T x) where x^T x stands below a fraction"""
    order = postorder(root)
    below = {
        b
        for n in order
        if n.op == "power"
        for b, e in zip(n.args[::2], n.args[1::2], strict=True)
        if (is_number(e) or 0) < 0
    }
    found = {n: x for n in order if (x := pseudoinverse_of_vector(n)) is not None}
    known = {n: x for n, x in found.items() if not below.isdisjoint(_below(x))}
    return substitute(root, known) if known else None


def _below(x: Node) -> tuple[Node, ...]:
    """The bases of the factor before a column, or of a fraction."""
    scalar = x.args[0] if x.op == "scale" else x
    return scalar.args[::2]


def triangular_logarithmic_determinant(node: Node) -> Node | None:
    """log|det(L)| = 1^T log|diagonal(L)| for triangular L"""
    (x,) = node.args
    if is_call(x, "chol") or not (is_triangular(x, "lower") or is_triangular(x, "upper")) or x.op != "variable":
        return None
    return matmul(transpose(ones(x.rows)), apply("log", apply("abs", diagonal(x))))


def adjugate_by_inverse(node: Node) -> Node | None:
    """adj(X) = det(X) X^-1"""
    return scale(det(node.args[0]), inverse(node.args[0]))
