"""The vec form: from dF = …dX… read the matrix J with vec(dF) = J vec(dX).

One rule for each linear operator; vec stacks columns, and vec(A X B) = (B^T ⊗ A) vec(X)
[Magnus & Neudecker 2.4]. The Jacobian of a vector is the case in which vec does nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from matcalc.calculus.adjoint import NONLINEAR, entrywise_parts, product_around
from matcalc.calculus.calls import vec_form_of_call
from matcalc.calculus.open_functions import vec_form_of_open
from matcalc.expr import (
    LEAVES,
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
    scale,
    selector,
    total,
    transpose,
    vec,
    zeros,
)
from matcalc.expr.built.special import khatri_rao
from matcalc.expr.passes import Fold

__all__ = ["VEC_FORM", "vec_form"]

Forms = Sequence[Node]
Rule = Callable[[Node, Forms, Node], Node | None]


def vec_form(df: Node, perturbation: Node) -> Node | None:
    """J of shape (size of F) x (size of X), or None where no matrix notation exists."""
    size = _size(perturbation.shape)
    if perturbation not in df.linear:
        return zeros(_size(df.shape), size)
    return VEC_FORM.within(df, {perturbation: identity(size)}, perturbation)


def _moving(node: Node, dx: Node) -> list[Node]:
    return [operand for operand in node.args if dx in operand.linear]


def _where_known(rule: Rule, node: Node, v: Forms, dx: Node) -> Node | None:
    """None where an operand has no form."""
    form = None if any(part is None for part in v) else rule(node, v, dx)
    assert form is None or form.shape == (_size(node.shape), _size(dx.shape)), (
        f"the vec form of {node.op} has another shape"
    )
    return form


def _size(shape: Shape) -> Dim:
    return shape[0] * shape[1]


def _add(node: Node, v: Forms, dx: Node) -> Node:
    """V(α L + β M) = α V(L) + β V(M)"""
    coefficients = (c for t, c in zip(node.args, node.data, strict=True) if dx in t.linear)
    return combine(zip(v, coefficients, strict=True), v[0].shape)


def _matmul(node: Node, v: Forms, dx: Node) -> Node:
    """V(A L B) = (B^T ⊗ A) V(L)"""
    left, inside, right = product_around(node, dx)
    a = left if left is not None else identity(inside.rows)
    b = transpose(right) if right is not None else identity(inside.cols)
    return multiply(kron(b, a), v[0])


def _scale(node: Node, v: Forms, dx: Node) -> Node:
    """V(s M) = vec(M) V(s) where s moves, s V(M) where M moves"""
    s, m = node.args
    return multiply(vec(m), v[0]) if dx in s.linear else scale(s, v[0])


def _power(node: Node, v: Forms, dx: Node) -> Node:
    """V(M ⊙ L) = diag(vec M) V(L)"""
    rest, _ = entrywise_parts(node, dx)
    return multiply(diag(vec(rest)), v[0])


def _transpose(node: Node, v: Forms, dx: Node) -> Node:
    """V(L^T) = K(m, n) V(L)"""
    (inside,) = node.args
    return multiply(commutation(inside.rows, inside.cols), v[0])


def _diag(node: Node, v: Forms, dx: Node) -> Node:
    """V(diag l) = (I * I) V(l), with * the columnwise Kronecker (Khatri–Rao) product"""
    n = identity(node.rows)
    return multiply(khatri_rao(n, n), v[0])


def _diagonal(node: Node, v: Forms, dx: Node) -> Node:
    """V(diagonal L) = (I * I)^T V(L)"""
    n = identity(node.rows)
    return multiply(transpose(khatri_rao(n, n)), v[0])


def _trace(node: Node, v: Forms, dx: Node) -> Node:
    """V(tr L) = vec(I)^T V(L)"""
    (inside,) = node.args
    return multiply(transpose(vec(identity(inside.rows))), v[0])


def _kron(node: Node, v: Forms, dx: Node) -> Node:
    """vec(A ⊗ B) = (I ⊗ K(q, m) ⊗ I) (vec A ⊗ vec B), A m x n and B p x q [M&N 3.7, Theorem 10]"""
    at = next(i for i, f in enumerate(node.args) if dx in f.linear)
    form, inside = v[0], node.args[at]
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


def _block(node: Node, v: Forms, dx: Node) -> Node:
    """Each block is placed by selectors: S^T L T has the vec form (T^T ⊗ S^T) V(L)"""
    _, width = node.data
    total: list[tuple[Node, Fraction]] = []
    forms = iter(v)
    top = Dim.of(0)
    for start in range(0, len(node.args), width):
        left = Dim.of(0)
        for part in node.args[start : start + width]:
            if dx in part.linear:
                rows = transpose(selector(top, part.rows, node.rows))
                cols = transpose(selector(left, part.cols, node.cols))
                total.append((multiply(kron(cols, rows), next(forms)), Fraction(1)))
            left = left + part.cols
        top = top + node.args[start].rows
    return combine(total, total[0][0].shape)


# fmt: off
#: linear operator -> the form of its value, from those of the operands that hold dX
VEC_FORM: Fold[Node | None] = Fold("vec form", {
    "perturbation": lambda node, v, dx: v[0],
    "add":       _add,
    "matmul":    _matmul,
    "scale":     _scale,
    "power":     _power,
    "transpose": _transpose,
    "diag":      _diag,
    "diagonal":  _diagonal,
    "trace":     _trace,
    "kron":      _kron,
    "total":     lambda node, v, dx: total(node.data, v[0]),
    "block":     _block,
    "vec":       lambda node, v, dx: v[0],
    "unvec":     lambda node, v, dx: v[0],
    "call":      lambda node, v, dx: vec_form_of_call(node, v, dx),
    "open":      vec_form_of_open,
}, through=_moving, around=_where_known, never=NONLINEAR | LEAVES - {"perturbation"})
# fmt: on
