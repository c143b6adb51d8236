"""Determinants and adjugates where the matrix is singular: forms of an expression that code computes.

det and adj are polynomials, and so are all their derivatives. These are printed with an inverse, as det(X) X^-T, and are
computed from adj(X) and its derivatives in place of it [M&N 8.3, 8.6].
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from matcalc.calculus.stand_ins import is_product, product_opened, product_stand_in
from matcalc.expr import (
    Node,
    adjugate,
    bottom_up,
    call,
    combine,
    det,
    hadamard,
    is_number,
    is_singular,
    matmul,
    matrix_power,
    number,
    postorder,
    power,
    rebuild,
    scale,
    trace,
    transpose,
)
from matcalc.expr.facts import is_pd
from matcalc.expr.node import OPERATORS
from matcalc.expr.passes import Always, Fold, rows_of
from matcalc.functions import UNDEFINED, row_of

__all__ = ["as_determinants", "as_polynomials", "has_determinants", "in_powers", "without_inverses"]

#: Stand-ins for det and adj with differentials that hold for every matrix.
STAND_INS = {"det": "frechet_det", "adjugate": "frechet_adj"}


# --- derivatives that stay polynomials ----------------------------------------------------------


def has_determinants(f: Node) -> bool:
    """Whether the derivatives of f may need the adjugate, or products without some of the entries."""
    return any(n.op in STAND_INS or is_product(n) for n in postorder(f))


def as_polynomials(f: Node) -> Node:
    """f with a stand-in for every det and adj whose derivatives are finite where the matrix is singular, and so for products."""
    root = without_inverses(f)
    order = postorder(root)
    divided = {m for n in order for m in _divided(n)}
    new: dict[Node, Node] = {}
    for node in order:
        new[node] = rebuild(node, tuple(new[a] for a in node.args))
        if is_product(node) and node.args[0] not in divided:
            new[node] = product_stand_in(node, new[node.args[0]])
        if node.op in STAND_INS and node.args[0] not in divided and not is_pd(node.args[0]):
            new[node] = call(STAND_INS[node.op], new[node.args[0]], shape=node.shape)
    return new[root]


def as_determinants(node: Node) -> Node:
    """The stand-ins as det and adj, and as products."""
    return bottom_up(node, lambda n: product_opened(n) or _opened(n))


def _opened(node: Node) -> Node:
    if node.op != "call" or len(node.args) > 1:
        return node
    match node.data[0]:
        case "frechet_det":
            return det(node.args[0])
        case "frechet_adj":
            return adjugate(node.args[0])
    return node


def _divided(node: Node) -> Iterator[Node]:
    """The M of which det(M) has to differ from 0: below a fraction or a root, in a logarithm."""
    if node.op == "power":
        for base, exponent in zip(node.args[::2], node.args[1::2], strict=True):
            e = is_number(exponent)
            if e is None or e < 0 or e.denominator != 1:
                yield from _determinants_of(base)
    elif node.op == "apply" and row_of(node.data[0]).at_zero == UNDEFINED:
        yield from _determinants_of(node.args[0])


def _determinants_of(node: Node) -> Iterator[Node]:
    """The M with a factor det(M)."""
    if node.op == "det" or is_product(node):
        yield node.args[0]
    elif node.op in ("power", "scale") or (node.op == "add" and len(node.args) == 1) or node.op == "apply":
        for arg in node.args:
            yield from _determinants_of(arg)


def in_powers(f: Node) -> Node:
    """f with adj(A) in powers of A for every skew-symmetric matrix A of odd size, which is singular everywhere."""
    if not any(n.op == "adjugate" and is_singular(n.args[0]) for n in postorder(f)):
        return f
    return bottom_up(f, lambda n: _in_powers(n.args[0]) if n.op == "adjugate" and is_singular(n.args[0]) else n)


def _in_powers(a: Node) -> Node:
    """adj(A) = Σ e_(n-1-k) A^k over even k, with 2 k e_(2k) = -Σ e_(2k-2i) tr(A^(2i)), for A^T = -A [HJ 1.2.P18]"""
    assert a.rows.value is not None
    half = a.rows.value // 2
    squares = [matrix_power(a, 2 * k) for k in range(half + 1)]
    e = [number(1)]
    for k in range(1, half + 1):
        parts = [(hadamard(e[k - i], trace(squares[i])), Fraction(-1, 2 * k)) for i in range(1, k + 1)]
        e.append(combine(parts, number(1).shape))
    return combine(((scale(e[half - k], squares[k]), Fraction(1)) for k in range(half + 1)), a.shape)


# --- products of a determinant and an inverse ---------------------------------------------------


def without_inverses(node: Node) -> Node:
    """det(M) M^-1 as adj(M), wherever one stands beside the other."""
    return bottom_up(node, _joined) if has_determinants(node) else node


def _joined(node: Node) -> Node:
    for m, rest, inside in _products(node):
        found = TIMES_DETERMINANT.within(inside, {}, m)
        if found is not None:
            return _joined(_product(rest, found))
    return node


def _product(scalar: Node, value: Node) -> Node:
    return hadamard(scalar, value) if value.is_scalar else scale(scalar, value)


def _products(node: Node) -> Iterator[tuple[Node, Node, Node]]:
    """(M, r, A) with node = det(M) r A"""
    if node.op == "scale":
        scalar, inside = node.args
        for m, rest in _determinant_factors(scalar):
            yield m, rest, inside
    elif node.op == "power" and node.is_scalar:
        for k in range(0, len(node.args), 2):
            if is_number(node.args[k + 1]) == 1:
                others = [power(*node.args[j : j + 2]) for j in range(0, len(node.args), 2) if j != k]
                for m, rest in _determinant_factors(hadamard(*others)):
                    yield m, rest, node.args[k]


def _determinant_factors(scalar: Node) -> Iterator[tuple[Node, Node]]:
    """(M, r) with scalar = det(M) r"""
    if scalar.op == "det" and not is_pd(scalar.args[0]):
        yield scalar.args[0], number(1)
    elif scalar.op == "add" and len(scalar.args) == 1:
        for m, rest in _determinant_factors(scalar.args[0]):
            yield m, combine([(rest, scalar.data[0])], rest.shape)
    elif scalar.op == "power":
        for k in range(0, len(scalar.args), 2):
            base, e = scalar.args[k], is_number(scalar.args[k + 1])
            if base.op == "det" and not is_pd(base.args[0]) and e is not None and e.denominator == 1 and e >= 1:
                yield base.args[0], hadamard(power(base, number(-1)), scalar)


Found = Sequence[Node | None]


def _power_times_determinant(node: Node, below: Found, m: Node) -> Node | None:
    base, exponent = node.args
    e = is_number(exponent)
    if e is None or e >= 0 or base not in (m, transpose(m)):
        return None
    return matmul(adjugate(base), matrix_power(base, int(e) + 1))


def _one_of_factors(node: Node, below: Found, m: Node) -> Node | None:
    for k, found in enumerate(below):
        if found is not None:
            factors = (*node.args[:k], found, *node.args[k + 1 :])
            return scale(*factors) if node.op == "scale" else matmul(*factors)
    return None


def _each_of_terms(node: Node, below: Found, m: Node) -> Node | None:
    """det(M) (A + B): a term without an inverse keeps the determinant."""
    if all(f is None for f in below):
        return None
    terms = [_product(det(m), t) if f is None else f for f, t in zip(below, node.args, strict=True)]
    return combine(zip(terms, node.data, strict=True), node.shape)


_ROWS: dict[str, Callable[..., Node | None]] = {
    "matpow": _power_times_determinant,
    **rows_of("matmul scale", _one_of_factors),
    "add": _each_of_terms,
    "transpose": lambda node, below, m: None if below[0] is None else transpose(below[0]),
    "trace": lambda node, below, m: None if below[0] is None else trace(below[0]),
}
#: operator -> det(M) node, with adj(M) in the place of an inverse of M; None where there is none in each term
TIMES_DETERMINANT: Fold[Node | None] = Fold(
    "times a determinant", {**rows_of(OPERATORS.keys() - _ROWS.keys(), Always(None)), **_ROWS}
)
