"""The table of named identities.

Each rule is a function of one node that returns an equal node or None; its docstring's first line is
the identity, and ``LEMMAS`` gives the reference. MC is *The Matrix Cookbook*, 2012.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from matcalc.expr import (
    Node,
    add,
    apply,
    block,
    call,
    chain,
    combine,
    content,
    det,
    diag,
    diagonal,
    factors,
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
    ones,
    power,
    scale,
    scaled,
    terms,
    trace,
    transpose,
    vec,
)
from matcalc.expr.special import khatri_rao
from matcalc.simplify.recorder import Rule

__all__ = ["LEMMAS"]


def _identity_plus_rank_one(node: Node) -> tuple[Fraction, Node, Node, Node, Fraction] | None:
    """(a, s, u, v, c) with node = a I + c s u v^T."""
    if node.op != "add" or len(node.args) != 2:
        return None
    pairs = dict(zip(node.args, node.data, strict=True))
    one = next((t for t in pairs if t.op == "identity"), None)
    if one is None:
        return None
    a = pairs.pop(one)
    ((term, c),) = pairs.items()
    s = number(1)
    if term.op == "scale":
        s, term = term.args
    split = _outer(term)
    return None if split is None else (a, s, *split, c)


def _outer(node: Node) -> tuple[Node, Node] | None:
    """(u, v) with node = u v^T."""
    if node.op == "ones" and not node.is_scalar:
        return ones(node.rows), ones(node.cols)
    links = chain(node)
    cut = next((i for i in range(1, len(links)) if links[i].rows.is_one), None)
    if cut is None:
        return None
    return matmul(*links[:cut]), transpose(matmul(*links[cut:]))


def _capacitance(a: Fraction, s: Node, u: Node, v: Node, c: Fraction) -> Node:
    """1 + (c/a) s v^T u"""
    return add(number(1), scaled(c / a, hadamard(s, matmul(transpose(v), u))))


def determinant_lemma(node: Node) -> Node | None:
    """det(I + u v^T) = 1 + v^T u"""
    found = _identity_plus_rank_one(node.args[0])
    if found is None:
        return None
    a, s, u, v, c = found
    return multiply(det(scaled(a, identity(node.args[0].rows))), _capacitance(a, s, u, v, c))


def logarithmic_determinant_lemma(node: Node) -> Node | None:
    """log|det(I + u v^T)| = log|1 + v^T u|"""
    found = _identity_plus_rank_one(node.args[0])
    if found is None:
        return None
    a, s, u, v, c = found
    inside = apply("log", apply("abs", _capacitance(a, s, u, v, c)))
    return logdet(scaled(a, identity(node.args[0].rows))) + inside


def sherman_morrison_product(node: Node) -> Node | None:
    """(I + u v^T)^-1 u = u / (1 + v^T u)"""
    links = chain(node)
    for i, link in enumerate(links):
        if link.op != "matpow" or is_number(link.args[1]) != -1:
            continue
        found = _identity_plus_rank_one(link.args[0])
        if found is None:
            continue
        a, s, u, v, c = found
        factor = scaled(1 / a, power(_capacitance(a, s, u, v, c), -1))
        right, left = chain(u), chain(transpose(v))
        if links[i + 1 : i + 1 + len(right)] == right:
            return _product([*links[:i], factor, *links[i + 1 :]])
        if i >= len(left) and links[i - len(left) : i] == left:
            return _product([*links[:i], factor, *links[i + 1 :]])
    return None


def _product(parts: list[Node]) -> Node:
    """The product of factors among which scalars may stand."""
    scalars = [p for p in parts if p.is_scalar]
    arrays = [p for p in parts if not p.is_scalar]
    body = matmul(*arrays) if arrays else number(1)
    return multiply(hadamard(number(1), *scalars), body)


def log_sum_exp(node: Node) -> Node | None:
    """log(1^T exp(u)) = logsumexp(u)"""
    if node.data[0] != "log" or not node.is_scalar:
        return None
    u = _sum_of_exponentials(node.args[0])
    return None if u is None else call("logsumexp", u, shape=node.shape)


def _sum_of_exponentials(node: Node) -> Node | None:
    """u with node = 1^T exp(u), for a column u."""
    if node.op != "matmul" or len(node.args) != 2:
        return None
    left, right = transpose(node.args[0]), node.args[1]
    if left.op != "ones":
        left, right = right, left
    return right.args[0] if left.op == "ones" and right.op == "apply" and right.data[0] == "exp" else None


def softmax_from_exponentials(node: Node) -> Node | None:
    """exp(u) / (1^T exp(u)) = softmax(u)"""
    s, m = node.args
    if not (m.op == "apply" and m.data[0] == "exp" and m.is_column):
        return None
    total = matmul(transpose(ones(m.rows)), m)
    if (total, number(-1)) not in factors(s):
        return None
    return scale(hadamard(s, total), call("softmax", m.args[0], shape=m.shape))


def softplus_from_logarithm(node: Node) -> Node | None:
    """log(1 + exp(u)) = softplus(u)"""
    if node.data[0] != "log":
        return None
    u = _one_plus_exp(node.args[0])
    return None if u is None else apply("softplus", u)


def _one_plus_exp(node: Node) -> Node | None:
    """u with node = 1 + exp(u)."""
    if node.op != "add" or len(node.args) != 2 or node.data != (1, 1):
        return None
    one, other = node.args
    if one.op != "ones":
        one, other = other, one
    return other.args[0] if one.op == "ones" and other.op == "apply" and other.data[0] == "exp" else None


def sigmoid_from_exponentials(node: Node) -> Node | None:
    """exp(u) / (1 + exp(u)) = sigmoid(u), 1 / (1 + exp(u)) = sigmoid(-u)"""
    pairs = list(factors(node))
    for base, exponent in pairs:
        u, e = _one_plus_exp(base), is_number(exponent)
        if u is None or e is None or e.denominator != 1 or e >= 0:
            continue
        argument, rest = _exponential_factor(pairs, u)
        result = apply("sigmoid", u if argument is not None else scaled(-1, u))
        others = [power(b, f) for b, f in rest if b is not base]
        left_over = [power(base, e + 1)] if e != -1 else []
        return hadamard(result, *left_over, *others)
    return None


def _exponential_factor(pairs: list[tuple[Node, Node]], u: Node) -> tuple[Node | None, list[tuple[Node, Node]]]:
    """(exp(u), the other factors) where exp(u) is a factor, else (None, all)."""
    for i, (b, e) in enumerate(pairs):
        if b.op == "apply" and b.data[0] == "exp" and is_number(e) == 1 and b.args[0] is u:
            return b, pairs[:i] + pairs[i + 1 :]
    return None, pairs


def sigmoid_complement(node: Node) -> Node | None:
    """1 - sigmoid(u) = sigmoid(-u)"""
    pairs = dict(terms(node))
    one = next((t for t in pairs if t.op == "ones"), None)
    if one is None:
        return None
    for term, c in pairs.items():
        if term.op == "apply" and term.data[0] == "sigmoid" and pairs[one] == -c:
            rest = [(t, k) for t, k in pairs.items() if t is not one and t is not term]
            return combine([*rest, (apply("sigmoid", scaled(-1, term.args[0])), -c)], node.shape)
    return None


def pythagoras(node: Node) -> Node | None:
    """sin(u)^2 + cos(u)^2 = 1"""
    squares = {
        (t.args[0].data[0], t.args[0].args[0]): (t, c)
        for t, c in terms(node)
        if t.op == "power" and len(t.args) == 2 and is_number(t.args[1]) == 2 and t.args[0].op == "apply"
    }
    for (name, u), (sine, c) in squares.items():
        found = squares.get(("cos", u)) if name == "sin" else None
        if found is not None and found[1] == c:
            rest = [(t, k) for t, k in terms(node) if t is not sine and t is not found[0]]
            return combine([*rest, (ones(*node.shape), c)], node.shape)
    return None


def sign_times_absolute(node: Node) -> Node | None:
    """sign(u) ⊙ |u| = u, sign(u) ⊙ u = |u|"""
    pairs = list(factors(node))
    for i, (b, e) in enumerate(pairs):
        if b.op != "apply" or b.data[0] != "sign" or is_number(e) != 1:
            continue
        u = b.args[0]
        others = [p for j, p in enumerate(pairs) if j != i]
        for j, (other, f) in enumerate(others):
            if is_number(f) != 1:
                continue
            rest = [power(*p) for k, p in enumerate(others) if k != j]
            if other is apply("abs", u):
                return hadamard(u, *rest)
            if other is u:
                return hadamard(apply("abs", u), *rest)
    return None


def kronecker_mixed_product(node: Node) -> Node | None:
    """(A ⊗ B) (C ⊗ D) = (A C) ⊗ (B D)"""
    links = chain(node)
    for i in range(len(links) - 1):
        left, right = links[i], links[i + 1]
        merged = _kron_pair(left, right)
        if merged is not None:
            return _product([*links[:i], merged, *links[i + 2 :]])
    return None


def _kron_pair(left: Node, right: Node) -> Node | None:
    if right.op == "call" and right.data[0] == "khatri_rao" and left.op == "kron" and len(left.args) == 2:
        if all(k.cols == r.rows for k, r in zip(left.args, right.args, strict=True)):
            return khatri_rao(*(multiply(k, r) for k, r in zip(left.args, right.args, strict=True)))
    if left.op != "kron" or right.op != "kron" or len(left.args) != len(right.args):
        return None
    pairs = list(zip(left.args, right.args, strict=True))
    return kron(*(multiply(p, q) for p, q in pairs)) if all(p.cols == q.rows for p, q in pairs) else None


def _both_sides(node: Node, step: Callable[[Node, Node], Node | None]) -> Node | None:
    """Apply a rule for two neighbours L R to every pair of a product, and to (R^T, L^T)."""
    links = chain(node)
    for i, (left, right) in enumerate(pairwise(links)):
        merged = step(left, right)
        if merged is None:
            flipped = step(transpose(right), transpose(left))
            merged = None if flipped is None else transpose(flipped)
        if merged is not None:
            return _product([*links[:i], merged, *links[i + 2 :]])
    return None


def kronecker_times_vec(node: Node) -> Node | None:
    """(B^T ⊗ A) vec(X) = vec(A X B)"""
    return _both_sides(node, _kronecker_times_vec)


def _kronecker_times_vec(left: Node, right: Node) -> Node | None:
    if left.op != "kron" or len(left.args) != 2 or right.op != "vec":
        return None
    (b, a), (x,) = left.args, right.args
    if a.cols != x.rows or b.cols != x.cols:
        return None
    return vec(multiply(multiply(a, x), transpose(b)))


def commutation_times_vec(node: Node) -> Node | None:
    """K(m, n) vec(X) = vec(X^T), K(m, n) K(n, m) = I"""
    return _both_sides(node, _commutation_times_vec)


def _commutation_times_vec(left: Node, right: Node) -> Node | None:
    if left.op != "commutation":
        return None
    if right.op == "vec" and right.args[0].shape == left.data:
        return vec(transpose(right.args[0]))
    return identity(left.rows) if right.op == "commutation" and right.data == left.data[::-1] else None


def diagonal_of_diagonal_product(node: Node) -> Node | None:
    """diagonal(diag(u) A) = u ⊙ diagonal(A)"""
    links = chain(node.args[0])
    if len(links) < 2:
        return None
    if links[0].op == "diag":
        return hadamard(links[0].args[0], diagonal(matmul(*links[1:])))
    if links[-1].op == "diag":
        return hadamard(links[-1].args[0], diagonal(matmul(*links[:-1])))
    return None


def trace_of_diagonal_product(node: Node) -> Node | None:
    """tr(diag(v) A) = v^T diagonal(A)"""
    links = chain(node.args[0])
    at = [i for i, f in enumerate(links) if f.op == "diag"]
    if len(links) < 2 or len(at) != 1:
        return None
    rest = matmul(*links[at[0] + 1 :], *links[: at[0]])
    return matmul(transpose(links[at[0]].args[0]), diagonal(rest))


def hadamard_with_outer_product(node: Node) -> Node | None:
    """A ⊙ (u v^T) = diag(u) A diag(v)"""
    pairs = list(factors(node))
    if len(pairs) < 2 or node.is_column:
        return None
    for i, (b, e) in enumerate(pairs):
        split = _outer(b) if b.op == "matmul" and is_number(e) == 1 else None
        if split is not None:
            rest = hadamard(*(power(*p) for j, p in enumerate(pairs) if j != i))
            return multiply(multiply(diag(split[0]), rest), diag(split[1]))
    return None


#: f -> f', for the Fréchet derivatives of the table: operands are X and, for a power, its exponent
_SCALAR_DERIVATIVES: dict[str, Callable[..., Node]] = {
    "frechet_expm": lambda x: call("expm", x, shape=x.shape),
    "frechet_logm": inverse,
    "frechet_matpow": lambda x, n: scale(n, matrix_power(x, n - number(1))),
}


def frechet_along_the_identity(node: Node) -> Node | None:
    """Df(X)[s I] = s f'(X)"""
    derivative = _SCALAR_DERIVATIVES.get(node.data[0])
    exponent = node.args[-1:] if node.data[0] == "frechet_matpow" else ()
    if derivative is None or len(node.args) != 2 + len(exponent):
        return None
    c, direction = content(node.args[1])
    s, one = direction.args if direction.op == "scale" else (number(1), direction)
    return scaled(c, scale(s, derivative(node.args[0], *exponent))) if one.op == "identity" else None


def sylvester_of_identity(node: Node) -> Node | None:
    """The Y with A Y + Y A = I is A^-1/2"""
    if node.data[0] != "sylvester" or node.args[0] is not node.args[1] or node.args[2].op != "identity":
        return None
    return scaled(Fraction(1, 2), inverse(node.args[0]))


def product_of_blocks(node: Node) -> Node | None:
    """[A, B; C, D] [E; F] = [A E + B F; C E + D F]"""
    return _both_sides(node, _product_of_blocks)


def _product_of_blocks(left: Node, right: Node) -> Node | None:
    rows, transposed_cols = _rows_of_blocks(left), _rows_of_blocks(transpose(right))
    if not rows or not transposed_cols or len(rows[0]) != len(transposed_cols[0]):
        return None
    cols = [[transpose(b) for b in r] for r in transposed_cols]
    if any(a.cols != b.rows for a, b in zip(rows[0], cols[0], strict=True)):
        return None
    return block([[add(*(multiply(a, b) for a, b in zip(r, c, strict=True))) for c in cols] for r in rows])


def _rows_of_blocks(node: Node) -> list[list[Node]]:
    """The blocks, row by row; none where the node is no block matrix."""
    if node.op == "transpose" and node.args[0].op == "block":
        columns = _rows_of_blocks(node.args[0])
        return [[transpose(row[j]) for row in columns] for j in range(len(columns[0]))]
    if node.op != "block":
        return []
    height, width = node.data
    return [list(node.args[i * width : (i + 1) * width]) for i in range(height)]


def trace_of_blocks(node: Node) -> Node | None:
    """tr([A, B; C, D]) = tr(A) + tr(D)"""
    (inside,) = node.args
    if inside.op != "block" or inside.data[0] != inside.data[1]:
        return None
    size = inside.data[0]
    on_diagonal = [inside.args[i * size + i] for i in range(size)]
    return add(*(trace(a) for a in on_diagonal)) if all(a.is_square for a in on_diagonal) else None


def determinant_of_triangular_blocks(node: Node) -> Node | None:
    """det([A, B; 0, D]) = det(A) det(D)"""
    (inside,) = node.args
    if inside.op != "block" or inside.data != (2, 2):
        return None
    a, b, c, d = inside.args
    if not (a.is_square and d.is_square and (b.is_zero or c.is_zero)):
        return None
    return hadamard(det(a), det(d)) if node.op == "det" else logdet(a) + logdet(d)


# fmt: off
#: Tried in this order on every node of the operator.
LEMMAS: tuple[Rule, ...] = (
    Rule("determinant lemma",        ("det",),    "det(I + u v^T) = 1 + v^T u",                 "MC (24)", determinant_lemma),
    Rule("log-determinant lemma",    ("logdet",), "log|det(I + u v^T)| = log|1 + v^T u|",       "MC (24)", logarithmic_determinant_lemma),
    Rule("Sherman–Morrison",         ("matmul",), "(I + u v^T)^-1 u = u / (1 + v^T u)",         "MC (160)", sherman_morrison_product),
    Rule("log-sum-exp",              ("apply",),  "log(1^T exp(u)) = logsumexp(u)",             "definition", log_sum_exp),
    Rule("softmax",                  ("scale",),  "exp(u) / (1^T exp(u)) = softmax(u)",         "definition", softmax_from_exponentials),
    Rule("softplus",                 ("apply",),  "log(1 + exp(u)) = softplus(u)",              "definition", softplus_from_logarithm),
    Rule("sigmoid",                  ("power",),  "exp(u) / (1 + exp(u)) = sigmoid(u)",         "definition", sigmoid_from_exponentials),
    Rule("sigmoid complement",       ("add",),    "1 - sigmoid(u) = sigmoid(-u)",               "definition", sigmoid_complement),
    Rule("Pythagoras",               ("add",),    "sin(u)^2 + cos(u)^2 = 1",                    "DLMF 4.21.12", pythagoras),
    Rule("sign and absolute value",  ("power",),  "sign(u) ⊙ |u| = u",                          "definition", sign_times_absolute),
    Rule("commutation matrix",       ("matmul",), "K(m, n) vec(X) = vec(X^T)",                  "M&N 3.7", commutation_times_vec),
    Rule("Kronecker mixed product",  ("matmul",), "(A ⊗ B)(C ⊗ D) = (A C) ⊗ (B D)",             "MC (511)", kronecker_mixed_product),
    Rule("Kronecker and vec",        ("matmul",), "(B^T ⊗ A) vec(X) = vec(A X B)",              "MC (520)", kronecker_times_vec),
    Rule("Fréchet derivative along I", ("call",), "Df(X)[I] = f'(X)",                           "Higham 2008, 3.2", frechet_along_the_identity),
    Rule("Sylvester equation of I",  ("call",),   "A Y + Y A = I gives Y = A^-1 / 2",           "definition", sylvester_of_identity),
    Rule("product of blocks",        ("matmul",), "[A, B] [E; F] = A E + B F",                  "HJ 0.7.3", product_of_blocks),
    Rule("trace of blocks",          ("trace",),  "tr([A, B; C, D]) = tr(A) + tr(D)",           "HJ 0.7", trace_of_blocks),
    Rule("triangular blocks",        ("det", "logdet"), "det([A, B; 0, D]) = det(A) det(D)",    "HJ 0.8.5", determinant_of_triangular_blocks),
    Rule("diagonal of a product",    ("diagonal",), "diagonal(diag(u) A) = u ⊙ diagonal(A)",    "definition", diagonal_of_diagonal_product),
    Rule("trace with a diagonal",    ("trace",),  "tr(diag(v) A) = v^T diagonal(A)",            "definition", trace_of_diagonal_product),
    Rule("Hadamard and outer",       ("power",),  "A ⊙ (u v^T) = diag(u) A diag(v)",            "M&N 3.6", hadamard_with_outer_product),
)
# fmt: on
