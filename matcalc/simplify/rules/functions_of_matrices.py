"""Exponentials, logarithms and square roots of matrices, for proofs.

Each rule holds wherever its left side is defined, under the conditions it checks. Reference: Higham, *Functions of
Matrices*, 2008.
"""

from __future__ import annotations

from fractions import Fraction

from matcalc.expr import (
    Node,
    apply,
    call,
    chain,
    content,
    det,
    diag,
    dimension,
    hadamard,
    identity,
    inverse,
    is_number,
    kron,
    logdet,
    matmul,
    matrix_power,
    multiply,
    number,
    power,
    scale,
    scaled,
    split_scalar,
    terms,
    trace,
)
from matcalc.expr.facts import is_pd, is_positive, is_psd, is_symmetric
from matcalc.simplify.patterns import both_sides, function_of, gram_half, is_call, is_primary, outer_factors, product_of

__all__ = [
    "commuting_functions",
    "determinant_of_function",
    "determinant_of_negative",
    "exponential",
    "exponential_of_logarithm",
    "exponential_of_rank_one",
    "exponentials_of_one_matrix",
    "function_of_similar_matrix",
    "generator",
    "kronecker_of_function",
    "kronecker_sum",
    "logarithm_of_exponential",
    "logarithm_of_power",
    "power_of_exponential",
    "power_of_root",
    "squared_cosine_of_matrix",
    "trace_of_logarithm",
    "trace_of_root",
]


def exponentials_of_one_matrix(node: Node) -> Node | None:
    """expm(X) expm(Y) = expm(X + Y) where X and Y are functions of one matrix"""

    def step(left: Node, right: Node) -> Node | None:
        if is_call(left, "expm") and is_call(right, "expm"):
            x, y = left.args[0], right.args[0]
            if generator(x) is generator(y):
                return exponential(x + y)
        return None

    return both_sides(node, step)


def exponential(x: Node) -> Node:
    """expm(0) = I"""
    return identity(x.rows) if x.is_zero else function_of("expm", x)


def power_of_exponential(node: Node) -> Node | None:
    """expm(X)^k = expm(k X), expm(s I) = e^s I, expm(diag(v)) = diag(exp(v))"""
    if node.op == "matpow":
        base, k = node.args
        return exponential(scale(k, base.args[0])) if is_call(base, "expm") else None
    if not is_call(node, "expm"):
        return None
    s, m = split_scalar(node.args[0])
    if m.op == "identity":
        return scale(apply("exp", s), m)
    if m.op == "diag":
        return diag(apply("exp", scale(s, m.args[0])))
    return identity(node.rows) if node.args[0].is_zero else None


def exponential_of_logarithm(node: Node) -> Node | None:
    """expm(k/2 logm(X)) = sqrtm(X)^k

    expm(k logm(X)) = X^k for integers k, expm(k/2 logm(X)) = sqrtm(X)^k
    """
    if not is_call(node, "expm"):
        return None
    s, inside = split_scalar(node.args[0])
    c, k = content(inside)[0], is_number(s)
    inside = content(inside)[1]
    if not is_call(inside, "logm") or k is None or (2 * c * k).denominator != 1:
        return None
    twice, (x,) = int(2 * c * k), inside.args
    return matrix_power(x, twice // 2) if twice % 2 == 0 else matrix_power(function_of("sqrtm", x), twice)


def exponential_of_rank_one(node: Node) -> Node | None:
    """expm(u v^T) = I + (e^w - 1) / w u v^T for w = v^T u"""
    if not is_call(node, "expm") or outer_factors(split_scalar(node.args[0])[1]) is None:
        return None
    w = trace(node.args[0])
    if w.is_zero:
        return identity(node.rows) + node.args[0]
    return identity(node.rows) + scale(hadamard(apply("exp", w) - number(1), power(w, -1)), node.args[0])


def squared_cosine_of_matrix(node: Node) -> Node | None:
    """cosm(X)^2 = I - sinm(X)^2"""
    base, k = node.args[0], is_number(node.args[1])
    if not is_call(base, "cosm") or k is None or k.denominator != 1 or k < 2:
        return None
    square = identity(node.rows) - matrix_power(function_of("sinm", base.args[0]), 2)
    return matmul(square, matrix_power(base, int(k) - 2))


def trace_of_root(node: Node) -> Node | None:
    """tr(sqrtm(X^T X)) = Σ σ(X)"""
    half = gram_half(node.args[0].args[0]) if is_call(node.args[0], "sqrtm") else None
    return None if half is None else call("norm_nuc", half, shape=node.shape)


def logarithm_of_exponential(node: Node) -> Node | None:
    """logm(expm(S)) = S for symmetric S"""
    if not (is_call(node, "logm") and is_call(node.args[0], "expm")):
        return None
    inside = node.args[0].args[0]
    return inside if is_symmetric(inside) else None


def logarithm_of_power(node: Node) -> Node | None:
    """logm(X^-1) = -logm(X), logm(sqrtm(X)) = logm(X) / 2, logm(c X) = log(c) I + logm(X) for c > 0, logm(S^k) = k logm(S)"""
    if not is_call(node, "logm"):
        return None
    x = node.args[0]
    if x.op == "identity":
        return scaled(0, x)
    if is_call(x, "sqrtm"):
        return scaled(Fraction(1, 2), function_of("logm", x.args[0]))
    if x.op == "matpow" and (is_number(x.args[1]) == -1 or is_pd(x.args[0])):
        return scale(x.args[1], function_of("logm", x.args[0]))
    s, m = split_scalar(x)
    if s is number(1) or not is_positive(s):
        return None
    return scale(apply("log", s), identity(x.rows)) + function_of("logm", m)


def power_of_root(node: Node) -> Node | None:
    """sqrtm(X)^2 = X, sqrtm(c X) = sqrt(c) sqrtm(X) for c > 0, sqrtm(X^-1) = sqrtm(X)^-1, sqrtm(S^2) = S for semidefinite S"""
    if node.op == "matpow":
        base, k = node.args[0], is_number(node.args[1])
        if not is_call(base, "sqrtm") or k is None or k.denominator != 1 or k == 1:
            return None
        half, odd = divmod(int(k), 2)
        whole = matrix_power(base.args[0], half)
        return matmul(whole, base) if odd else whole
    if not is_call(node, "sqrtm"):
        return None
    x = node.args[0]
    if x.op == "identity":
        return x
    if x.op == "matpow":
        k = is_number(x.args[1])
        if k is not None and k.denominator == 1 and k % 2 == 0 and (is_psd(x.args[0]) if k > 0 else is_pd(x.args[0])):
            return matrix_power(x.args[0], int(k) // 2)
        return inverse(function_of("sqrtm", x.args[0])) if k == -1 else None
    if is_call(x, "expm") and is_symmetric(x.args[0]):
        return function_of("expm", scaled(Fraction(1, 2), x.args[0]))
    if x.op == "diag":
        return diag(power(x.args[0], Fraction(1, 2)))
    s, m = split_scalar(x)
    return None if s is number(1) or not is_positive(s) else scale(power(s, Fraction(1, 2)), function_of("sqrtm", m))


def commuting_functions(node: Node) -> Node | None:
    """f(A) g(A) = g(A) f(A)"""
    links = list(chain(node))
    for i in range(len(links) - 1):
        left, right = links[i], links[i + 1]
        if right < left and left.is_square and right.is_square and left is not right:
            g = generator(left)
            if g is not None and g is generator(right) and (left is not g or right is not g):
                return product_of([*links[:i], right, left, *links[i + 2 :]])
    return None


def function_of_similar_matrix(node: Node) -> Node | None:
    """f(P A P^-1) = P f(A) P^-1"""
    if not is_call(node, "expm", "logm", "sqrtm"):
        return None
    s, m = split_scalar(node.args[0])
    links = chain(m)
    if len(links) < 3 or not links[0].is_square or inverse(links[0]) is not links[-1]:
        return None
    return matmul(links[0], function_of(node.data[0], scale(s, matmul(*links[1:-1]))), links[-1])


def kronecker_sum(node: Node) -> Node | None:
    """expm(A ⊗ I + I ⊗ B) = expm(A) ⊗ expm(B)"""
    if not is_call(node, "expm") or len(terms(node.args[0])) != 2:
        return None
    for (first, c), (second, d) in (terms(node.args[0]), terms(node.args[0])[::-1]):
        (s, a), (t, b) = split_scalar(first), split_scalar(second)
        if a.op != "kron" or b.op != "kron" or len(a.args) != 2 or len(b.args) != 2:
            continue
        if a.args[1].op == "identity" and b.args[0].op == "identity" and a.args[0].shape == b.args[0].shape:
            return kron(exponential(scaled(c, scale(s, a.args[0]))), exponential(scaled(d, scale(t, b.args[1]))))
    return None


def kronecker_of_function(node: Node) -> Node | None:
    """pinv(A ⊗ B) = pinv(A) ⊗ pinv(B), and so for chol and, for definite A and B, sqrtm"""
    if not is_call(node, "pinv", "chol", "sqrtm") or node.args[0].op != "kron":
        return None
    parts = node.args[0].args
    name = node.data[0]
    if name == "sqrtm" and not all(is_psd(p) for p in parts):
        return None
    if name == "chol" and not all(is_pd(p) for p in parts):
        return None
    return kron(*(call(name, p, shape=(p.cols, p.rows)) for p in parts))


def determinant_of_negative(node: Node) -> Node | None:
    """det(A - B) = (-1)^n det(B - A), whichever of A and B leads"""
    c, _ = content(node.args[0])
    if node.op != "det" or c > 0:
        return None
    return multiply(power(number(-1), dimension(node.args[0].rows)), det(scaled(-1, node.args[0])))


def determinant_of_function(node: Node) -> Node | None:
    """det(expm(A)) = exp(tr(A)), det(sqrtm(A)) = det(A)^(1/2), det(chol(S)) = det(S)^(1/2)"""
    (x,) = node.args
    if not is_call(x, "expm", "sqrtm", "chol"):
        return None
    if x.data[0] == "expm":
        t = trace(x.args[0])
        return t if node.op == "logdet" else apply("exp", t)
    inside = x.args[0]
    half = Fraction(1, 2)
    return scaled(half, logdet(inside)) if node.op == "logdet" else power(det(inside), half)


def trace_of_logarithm(node: Node) -> Node | None:
    """tr(logm(A)) = log det(A)"""
    return logdet(node.args[0].args[0]) if is_call(node.args[0], "logm") else None


def generator(x: Node) -> Node | None:
    """A matrix G with X a polynomial in G or a primary function of it; None for multiples of I."""
    found = {g for t, _ in terms(x) if (g := _generator_of_term(split_scalar(t)[1])) is not None}
    return None if not found else found.pop() if len(found) == 1 else x


def _generator_of_term(m: Node) -> Node | None:
    if m.op == "identity":
        return None
    if m.op == "matpow" or is_primary(m):
        return generator(m.args[0])
    return m
