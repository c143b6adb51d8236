"""Differentials, adjoints and vec forms of function applications, read from the rows of the table of functions.

The few calls that the kernel itself makes (`kron_contract`, `khatri_rao`, `frechet_matpow`) have their rules here.
"""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.calculus.contraction import contract
from matcalc.errors import UnsupportedError
from matcalc.expr import (
    Node,
    call,
    is_number,
    kron,
    matrix_power,
    multiply,
    transpose,
    zeros,
)
from matcalc.expr.special import khatri_rao
from matcalc.functions import templates

__all__ = ["adjoint_of_call", "differential_of_call", "partial_derivative", "vec_form_of_call"]

Args = tuple[Node, ...]


def partial_derivative(node: Node, i: int) -> Node:
    """The derivative of an elementwise function by its i-th argument, entry by entry."""
    return templates.partial_derivative(node.data[0], i, node.args, node.shape)


def differential_of_call(node: Node, d: Args) -> Node:
    """The differential text of the row, with the operands put in."""
    match node.data[0]:
        case "kron_contract":
            return _differential_of_contraction(node, d)
        case "khatri_rao":
            a, b = node.args
            return khatri_rao(d[0], b) + khatri_rao(a, d[1])
        case "frechet_matpow":
            return _differential_of_frechet_power(node, d)
    return templates.differential(node.data[0], node.data[1:], node.args, d, node.shape)


def _differential_of_contraction(node: Node, d: Args) -> Node:
    """Linear in each of its three operands"""
    total = zeros(*node.shape)
    for i, step in enumerate(d):
        if not step.is_zero:
            a, g, b = (step if j == i else x for j, x in enumerate(node.args))
            total = total + contract([a], g, [b], node.shape)
    return total


def _differential_of_frechet_power(node: Node, d: Args) -> Node:
    """d(Σ X^k E X^(n-1-k)) in E; in X it is the second Fréchet derivative of the power"""
    x, e, n = node.args
    if not d[2].is_zero:
        raise UnsupportedError("the exponent of a matrix power is an integer: it has no derivative")
    total = call("frechet_matpow", x, d[1], n, shape=node.shape) if not d[1].is_zero else zeros(*node.shape)
    if not d[0].is_zero:
        total = total + call("frechet_matpow_2", x, e, d[0], n, shape=node.shape)
    return total


def adjoint_of_call(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """What each operand that holds dX receives from the cotangent of a linear call."""
    match node.data[0]:
        case "kron_contract":
            yield from _adjoint_of_contraction(node, g, dx)
        case "frechet_matpow":
            x, e, n = node.args
            yield e, call("frechet_matpow", transpose(x), g, n, shape=g.shape)
        case "frechet_matpow_2":
            yield from _adjoint_of_second_power(node, g, dx)
        case _:
            for i, operand in enumerate(node.args):
                if dx in operand.linear:
                    yield operand, templates.adjoint(node.data[0], node.data[1:], i, node.args, g, node.shape)


def _adjoint_of_second_power(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """The second Fréchet derivative is symmetric in its two directions"""
    x, e, h, n = node.args
    for moving, other in ((e, h), (h, e)):
        if dx in moving.linear:
            yield moving, call("frechet_matpow_2", transpose(x), g, transpose(other), n, shape=g.shape)


def _adjoint_of_contraction(node: Node, g: Node, dx: Node) -> Iterator[tuple[Node, Node]]:
    """<H, contract(A, G, B)> = <G, A ⊗ H ⊗ B>, by each of A, G and B"""
    a, inside, b = node.args
    if dx in inside.linear:
        yield inside, kron(a, g, b)
    if dx in a.linear:
        yield a, contract([], inside, [kron(g, b)], a.shape)
    if dx in b.linear:
        yield b, contract([kron(a, g)], inside, [], b.shape)


def vec_form_of_call(node: Node, dx: Node, v: dict[Node, Node]) -> Node | None:
    """The matrix of a linear call, or None where it has no closed form."""
    if node.data[0] == "frechet_matpow":
        return _vec_form_of_power(node, v)
    moving = [i for i, operand in enumerate(node.args) if dx in operand.linear]
    if len(moving) != 1:
        return None
    matrix = templates.vec_form(node.data[0], node.data[1:], moving[0], node.args, node.shape)
    return None if matrix is None else multiply(matrix, v[node.args[moving[0]]])


def _vec_form_of_power(node: Node, v: dict[Node, Node]) -> Node | None:
    """V(Σ X^k L X^(n-1-k)) = Σ ((X^T)^(n-1-k) ⊗ X^k) V(L), for a number n"""
    x, inside, n = node.args
    value = is_number(n)
    if value is None or abs(value) > 12:
        return None
    total = zeros(node.rows * node.cols, x.rows * x.cols)
    for k in range(int(value)):
        total = total + kron(matrix_power(transpose(x), int(value) - 1 - k), matrix_power(x, k))
    for k in range(1, int(-value) + 1):
        total = total - kron(matrix_power(transpose(x), int(value) - 1 + k), matrix_power(x, -k))
    return multiply(total, v[inside])
