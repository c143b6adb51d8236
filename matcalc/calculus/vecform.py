"""The vec form: from dF = …dX… read the matrix J with vec(dF) = J vec(dX).

One rule for each linear operator; vec stacks columns, and vec(A X B) = (B^T ⊗ A) vec(X)
[Magnus & Neudecker 2.4]. The Jacobian of a vector is the case in which vec does nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from matcalc.calculus.adjoint import entrywise_parts, product_around
from matcalc.calculus.calls import vec_form_of_call
from matcalc.calculus.open_functions import vec_form_of_open
from matcalc.expr import (
    Dim,
    Node,
    Shape,
    combine,
    commutation,
    diag,
    identity,
    kron,
    multiply,
    number,
    postorder,
    scale,
    selector,
    total,
    transpose,
    vec,
    zeros,
)
from matcalc.expr.special import khatri_rao

__all__ = ["VEC_FORMS", "vec_form"]

Rule = Callable[[Node, Node, dict[Node, Node]], Node | None]


def vec_form(df: Node, perturbation: Node) -> Node | None:
    """J of shape (size of F) x (size of X), or None where no matrix notation exists."""
    size = _size(perturbation.shape)
    known: dict[Node, Node] = {perturbation: identity(size)}
    for node in postorder(df):
        if node is perturbation or perturbation not in node.linear:
            continue
        form = VEC_FORMS[node.op](node, perturbation, known)
        if form is None:
            return None
        assert form.shape == (_size(node.shape), size), f"the vec form of {node.op} has another shape"
        known[node] = form
    return known.get(df, zeros(_size(df.shape), size))


def _size(shape: Shape) -> Dim:
    return shape[0] * shape[1]


def _add(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """V(α L + β M) = α V(L) + β V(M)"""
    pairs = [(t, c) for t, c in zip(node.args, node.data, strict=True) if dx in t.linear]
    return combine(((v[t], c) for t, c in pairs), v[pairs[0][0]].shape)


def _matmul(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """V(A L B) = (B^T ⊗ A) V(L)"""
    left, inside, right = product_around(node, dx)
    a = left if left is not None else identity(inside.rows)
    b = transpose(right) if right is not None else identity(inside.cols)
    return multiply(kron(b, a), v[inside])


def _scale(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """V(s M) = vec(M) V(s) where s moves, s V(M) where M moves"""
    s, m = node.args
    return multiply(vec(m), v[s]) if dx in s.linear else scale(s, v[m])


def _power(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """V(M ⊙ L) = diag(vec M) V(L)"""
    rest, inside = entrywise_parts(node, dx)
    return multiply(diag(vec(rest)), v[inside])


def _transpose(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """V(L^T) = K(m, n) V(L)"""
    (inside,) = node.args
    return multiply(commutation(inside.rows, inside.cols), v[inside])


def _diag(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """V(diag l) = (I * I) V(l), with * the columnwise Kronecker (Khatri–Rao) product"""
    n = identity(node.rows)
    return multiply(khatri_rao(n, n), v[node.args[0]])


def _diagonal(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """V(diagonal L) = (I * I)^T V(L)"""
    n = identity(node.rows)
    return multiply(transpose(khatri_rao(n, n)), v[node.args[0]])


def _trace(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """V(tr L) = vec(I)^T V(L)"""
    (inside,) = node.args
    return multiply(transpose(vec(identity(inside.rows))), v[inside])


def _kron(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """vec(A ⊗ B) = (I ⊗ K(q, m) ⊗ I) (vec A ⊗ vec B), A m x n and B p x q [M&N 3.7, Theorem 10]"""
    at = next(i for i, f in enumerate(node.args) if dx in f.linear)
    form, inside = v[node.args[at]], node.args[at]
    before = kron(*node.args[:at]) if at else number(1)
    if not before.is_scalar:
        form = _kron_pair(before, inside, multiply(kron(vec(before), identity(_size(inside.shape))), form))
        inside = kron(before, inside)
    after = kron(*node.args[at + 1 :]) if at + 1 < len(node.args) else number(1)
    if not after.is_scalar:
        form = _kron_pair(inside, after, multiply(kron(identity(_size(inside.shape)), vec(after)), form))
    return form


def _kron_pair(a: Node, b: Node, stacked: Node) -> Node:
    shuffle = kron(identity(a.cols), commutation(b.cols, a.rows), identity(b.rows))
    return multiply(shuffle, stacked)


def _block(node: Node, dx: Node, v: dict[Node, Node]) -> Node:
    """Each block is placed by selectors: S^T L T has the vec form (T^T ⊗ S^T) V(L)"""
    _, width = node.data
    total: list[tuple[Node, Fraction]] = []
    top = Dim.of(0)
    for start in range(0, len(node.args), width):
        left = Dim.of(0)
        for part in node.args[start : start + width]:
            if dx in part.linear:
                rows = transpose(selector(top, part.rows, node.rows))
                cols = transpose(selector(left, part.cols, node.cols))
                total.append((multiply(kron(cols, rows), v[part]), Fraction(1)))
            left = left + part.cols
        top = top + node.args[start].rows
    return combine(total, total[0][0].shape)


# fmt: off
VEC_FORMS: dict[str, Rule] = {
    "add":       _add,
    "matmul":    _matmul,
    "scale":     _scale,
    "power":     _power,
    "transpose": _transpose,
    "diag":      _diag,
    "diagonal":  _diagonal,
    "trace":     _trace,
    "kron":      _kron,
    "total":     lambda node, dx, v: total(node.data, v[node.args[0]]),
    "block":     _block,
    "vec":       lambda node, dx, v: v[node.args[0]],
    "unvec":     lambda node, dx, v: v[node.args[0]],
    "call":      lambda node, dx, v: vec_form_of_call(node, dx, v),
    "open":      vec_form_of_open,
}
# fmt: on
