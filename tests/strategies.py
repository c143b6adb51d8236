"""Random well-typed expressions for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from matcalc.expr import (
    Node,
    add,
    apply,
    diag,
    diagonal,
    hadamard,
    identity,
    inverse,
    kron,
    logdet,
    matmul,
    number,
    ones,
    power,
    scale,
    scaled,
    trace,
    transpose,
    variable,
    vec,
)
from matcalc.expr.dims import Dim
from matcalc.language import Declaration

A, B = (variable(name, ("n", "n")) for name in "AB")
S = variable("S", ("n", "n"), ("symmetric",))
M = variable("M", ("m", "n"))
x, y = (variable(name, ("n", 1)) for name in "xy")
s, t = (variable(name, (1, 1)) for name in "st")
p = variable("p", (1, 1), ("positive",))

_N, _M = Dim.of("n"), Dim.of("m")
DECLARATIONS = {
    "A": Declaration("A", "matrix", (_N, _N)),
    "B": Declaration("B", "matrix", (_N, _N)),
    "S": Declaration("S", "symmetric", (_N,)),
    "M": Declaration("M", "matrix", (_M, _N)),
    "x": Declaration("x", "vector", (_N,)),
    "y": Declaration("y", "vector", (_N,)),
    "s": Declaration("s", "scalar"),
    "t": Declaration("t", "scalar"),
    "p": Declaration("p", "scalar", (), ("positive",)),
}
ENTRYWISE = ["exp", "tanh", "sigmoid", "sin", "softplus", "cosh", "atan"]


def scalars(depth: int) -> st.SearchStrategy[Node]:
    """1 x 1"""
    leaves = st.sampled_from([s, t, p, number(2), number(-1)])
    if depth == 0:
        return leaves
    smaller, columns_, squares_ = scalars(depth - 1), columns(depth - 1), squares(depth - 1)
    return st.one_of(
        leaves,
        st.builds(lambda a, b: add(a, b), smaller, smaller),
        st.builds(lambda a, b: hadamard(a, b), smaller, smaller),
        st.builds(lambda f, a: apply(f, a), st.sampled_from(ENTRYWISE), smaller),
        st.builds(lambda a: power(add(number(1), power(a, 2)), -1), smaller),
        st.builds(lambda a, b: matmul(transpose(a), b), columns_, columns_),
        st.builds(lambda a, m, b: matmul(transpose(a), m, b), columns_, squares_, columns_),
        st.builds(trace, squares_),
    )


def columns(depth: int) -> st.SearchStrategy[Node]:
    """n x 1"""
    leaves = st.sampled_from([x, y, ones("n")])
    if depth == 0:
        return leaves
    smaller, scalars_, squares_ = columns(depth - 1), scalars(depth - 1), squares(depth - 1)
    return st.one_of(
        leaves,
        st.builds(lambda a, b: a + b, smaller, smaller),
        st.builds(lambda c, a: scaled(c, a), st.sampled_from([-1, 2, 3]), smaller),
        st.builds(lambda c, a: scale(c, a), scalars_, smaller),
        st.builds(lambda a, b: hadamard(a, b), smaller, smaller),
        st.builds(lambda f, a: apply(f, a), st.sampled_from(ENTRYWISE), smaller),
        st.builds(lambda m, a: matmul(m, a), squares_, smaller),
        st.builds(diagonal, squares_),
    )


def squares(depth: int) -> st.SearchStrategy[Node]:
    """n x n"""
    leaves = st.sampled_from([A, B, S, identity("n"), transpose(A), matmul(transpose(M), M)])
    if depth == 0:
        return leaves
    smaller, scalars_, columns_ = squares(depth - 1), scalars(depth - 1), columns(depth - 1)
    return st.one_of(
        leaves,
        st.builds(lambda a, b: a + b, smaller, smaller),
        st.builds(lambda c, a: scale(c, a), scalars_, smaller),
        st.builds(lambda a, b: matmul(a, b), smaller, smaller),
        st.builds(lambda a, b: hadamard(a, b), smaller, smaller),
        st.builds(lambda f, a: apply(f, a), st.sampled_from(ENTRYWISE), smaller),
        st.builds(transpose, smaller),
        st.builds(lambda u, v: matmul(u, transpose(v)), columns_, columns_),
        st.builds(diag, columns_),
        st.builds(lambda a: inverse(add(identity("n"), matmul(a, transpose(a)))), st.sampled_from([A, B, S])),
    )


def regular_scalars() -> st.SearchStrategy[Node]:
    """Scalar functions with logdet and vec forms among them."""
    return st.one_of(
        scalars(2),
        st.builds(lambda a: logdet(add(identity("n"), matmul(a, transpose(a)))), st.sampled_from([A, B, S])),
        st.builds(lambda a, b: matmul(transpose(vec(a)), vec(b)), squares(1), squares(1)),
        st.builds(lambda a, b: trace(kron(a, b)), squares(1), squares(0)),
    )


def expressions(depth: int = 2) -> st.SearchStrategy[Node]:
    """Of any of the three shapes."""
    return st.one_of(scalars(depth), columns(depth), squares(depth))
