"""Differentials, adjoints and vec forms of function applications, read from the rows of the table of functions.

The few calls that the kernel itself makes (`kron_contract`, `khatri_rao`, `frechet_matpow`, `frechet_det`) have their rules here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.calculus.contraction import contract
from matcalc.calculus.stand_ins import (
    LOGARITHM,
    LOGARITHMS,
    OTHERS,
    SHARES,
    adjoint_along,
    differential_along,
    differential_of_logarithms,
    differential_of_product,
)
from matcalc.errors import UnsupportedError
from matcalc.expr import (
    Node,
    call,
    diag,
    hadamard,
    identity,
    is_number,
    kron,
    matmul,
    matrix_power,
    multiply,
    ones,
    power,
    scale,
    scaled,
    trace,
    transpose,
    vec,
    zeros,
)
from matcalc.expr.built.special import khatri_rao
from matcalc.functions import row_of
from matcalc.language.rows import templates

__all__ = ["adjoint_of_call", "differential_of_call", "partial_derivative", "vec_form_of_call"]

Args = tuple[Node, ...]


def partial_derivative(node: Node, i: int) -> Node:
    """The derivative of an elementwise function by its i-th argument, entry by entry."""
    return templates.partial_derivative(node.data[0], i, node.args, node.shape)


def differential_of_call(node: Node, d: Args) -> Node:
    """The differential text of the row, with the operands put in."""
    match node.data[0]:
        case name if name in OTHERS or name == SHARES:
            return differential_along(node, d)
        case "frechet_prod" | "frechet_prod_rows":
            return differential_of_product(node, d[0])
        case name if name in (LOGARITHM, LOGARITHMS):
            return differential_of_logarithms(node, d[0])
        case "kron_contract":
            return _differential_of_contraction(node, d)
        case "khatri_rao":
            a, b = node.args
            return khatri_rao(d[0], b) + khatri_rao(a, d[1])
        case "frechet_det":
            return trace(matmul(call("frechet_adj", node.args[0], shape=node.args[0].shape), d[0]))
        case name if row_of(name).derivative_of:
            return _differential_of_frechet(node, d)
        case "pinv" if node.is_column:
            return _differential_of_vector_pseudoinverse(transpose(node.args[0]), transpose(d[0]))
    return templates.differential(node.data[0], node.data[1:], node.args, d, node.shape)


def _differential_of_contraction(node: Node, d: Args) -> Node:
    """Linear in each of its three operands"""
    total = zeros(*node.shape)
    for i, step in enumerate(d):
        if not step.is_zero:
            a, g, b = (step if j == i else x for j, x in enumerate(node.args))
            total = total + contract([a], g, [b], node.shape)
    return total


def _differential_of_vector_pseudoinverse(x: Node, dx: Node) -> Node:
    """d (x^T)^+ = dx / (x^T x) - 2 x^T dx x / (x^T x)^2, for x ≠ 0"""
    square = matmul(transpose(x), x)
    turned = scaled(-2, multiply(matmul(transpose(x), dx), power(square, -2)))
    return scale(power(square, -1), dx) + scale(turned, x)


def _frechet(node: Node) -> tuple[Node, tuple[Node, ...], tuple[Node, ...]]:
    """(X, directions, the exponent of a power) of a Fréchet derivative D^k f(X)[E_1, …, E_k]."""
    if node.data[0] == "frechet_matpow":
        return node.args[0], node.args[1:-1], node.args[-1:]
    return node.args[0], node.args[1:], ()


def _differential_of_frechet(node: Node, d: Args) -> Node:
    """D^k f is linear in each direction, and its derivative by X adds one [Higham & Relton 2014]"""
    x, directions, rest = _frechet(node)
    if rest and not d[-1].is_zero:
        raise UnsupportedError("the exponent of a matrix power is an integer: it has no derivative")
    total = zeros(*node.shape)
    if not d[0].is_zero:
        total = call(node.data[0], x, *directions, d[0], *rest, shape=node.shape)
    for i in range(len(directions)):
        if not d[i + 1].is_zero:
            moved = (*directions[:i], d[i + 1], *directions[i + 1 :])
            total = total + call(node.data[0], x, *moved, *rest, shape=node.shape)
    return total


def _adjoint_of_frechet(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """<G, D^k f(X)[E, H, …]> = <D^k f(X^T)[G, H^T, …], E>"""
    x, directions, rest = _frechet(node)
    for i, e in enumerate(directions):
        if dx in e.linear:
            others = [transpose(h) for j, h in enumerate(directions) if j != i]
            yield e, call(node.data[0], transpose(x), g, *others, *rest, shape=g.shape)


def adjoint_of_call(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """What each operand that holds dX receives from the cotangent of a linear call."""
    if node.data[0] == "kron_contract":
        yield from _adjoint_of_contraction(node, g, dx)
    elif node.data[0] == "khatri_rao":
        yield from _adjoint_of_khatri_rao(node, g, dx)
    elif node.data[0] in OTHERS or node.data[0] == SHARES:
        yield from adjoint_along(node, g, dx)
    elif row_of(node.data[0]).derivative_of:
        yield from _adjoint_of_frechet(node, g, dx)
    else:
        for i, operand in enumerate(node.args):
            if dx in operand.linear:
                yield operand, templates.adjoint(node.data[0], node.data[1:], i, node.args, g, node.shape)


def _adjoint_of_contraction(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """<H, contract(A, G, B)> = <G, A ⊗ H ⊗ B>, by each of A, G and B"""
    a, inside, b = node.args
    if dx in inside.linear:
        yield inside, kron(a, g, b)
    if dx in a.linear:
        yield a, contract([], inside, [kron(g, b)], a.shape)
    if dx in b.linear:
        yield b, contract([kron(a, g)], inside, [], b.shape)


def _adjoint_of_khatri_rao(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """A * B = (A ⊗ 1) ⊙ (1 ⊗ B), whose blocks are summed"""
    a, b = node.args
    if dx in a.linear:
        yield a, multiply(kron(identity(a.rows), ones(1, b.rows)), hadamard(g, kron(ones(a.rows), b)))
    if dx in b.linear:
        yield b, multiply(kron(ones(1, a.rows), identity(b.rows)), hadamard(g, kron(a, ones(b.rows))))


def _vec_form_of_khatri_rao(node: Node, v: Sequence[Node], dx: Node) -> Node:
    """V(L * B) = diag(vec(1 ⊗ B)) (I ⊗ 1) V(L), V(A * L) = diag(vec(A ⊗ 1)) (I ⊗ 1 ⊗ I) V(L)"""
    a, b = node.args
    if dx in a.linear:
        return matmul(diag(vec(kron(ones(a.rows), b))), kron(identity(a.cols * a.rows), ones(b.rows)), v[0])
    return matmul(diag(vec(kron(a, ones(b.rows)))), kron(identity(b.cols), ones(a.rows), identity(b.rows)), v[0])


def vec_form_of_call(node: Node, v: Sequence[Node], dx: Node) -> Node | None:
    """The matrix of a linear call, or None where it has no closed form."""
    if node.data[0] == "frechet_matpow":
        return _vec_form_of_power(node, v) if len(node.args) == 3 else None
    moving = [i for i, operand in enumerate(node.args) if dx in operand.linear]
    is_derivative = bool(row_of(node.data[0]).derivative_of)
    if len(moving) != 1 or node.data[0] in OTHERS or (is_derivative and len(_frechet(node)[1]) > 1):
        return None
    if node.data[0] == "khatri_rao":
        return _vec_form_of_khatri_rao(node, v, dx)
    matrix = templates.vec_form(node.data[0], node.data[1:], moving[0], node.args, node.shape)
    return None if matrix is None else multiply(matrix, v[0])


def _vec_form_of_power(node: Node, v: Sequence[Node]) -> Node | None:
    """V(Σ X^k L X^(n-1-k)) = Σ ((X^T)^(n-1-k) ⊗ X^k) V(L), for a number n"""
    x, _, n = node.args
    value = is_number(n)
    if value is None or abs(value) > 12:
        return None
    total = zeros(node.rows * node.cols, x.rows * x.cols)
    for k in range(int(value)):
        total = total + kron(matrix_power(transpose(x), int(value) - 1 - k), matrix_power(x, k))
    for k in range(1, int(-value) + 1):
        total = total - kron(matrix_power(transpose(x), int(value) - 1 + k), matrix_power(x, -k))
    return multiply(total, v[0])
