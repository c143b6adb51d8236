"""The normal form of products does not depend on how a product was written."""

import random

import pytest

from matcalc.expr import (
    Node,
    add,
    commutation,
    det,
    diag,
    diagonal,
    hadamard,
    identity,
    inverse,
    kron,
    matmul,
    ones,
    scaled,
    trace,
    transpose,
    variable,
    vec,
)
from matcalc.simplify.proof.index_graphs.graph import normal_form
from tests.machine import long

N = "n"
A, B, C, D = (variable(name, (N, N)) for name in "ABCD")
S = variable("S", (N, N), ("symmetric",))
M = variable("M", ("m", N))
u, v, w = (variable(name, (N, 1)) for name in "uvw")
ONE = ones(N)

EQUAL: list[tuple[str, Node, Node]] = [
    ("trace is cyclic", trace(A @ B @ C), trace(B @ C @ A)),
    ("trace of a transpose", trace(A @ B), trace(A.T @ B.T)),
    ("vec of a product", vec(A @ B @ C), kron(C.T, A) @ vec(B)),
    ("mixed product", kron(A, B) @ kron(C, D), kron(A @ C, B @ D)),
    ("commutation and vec", commutation("m", N) @ vec(M), vec(M.T)),
    ("commutation and Kronecker", commutation(N, N) @ kron(A, B) @ commutation(N, N), kron(B, A)),
    ("three vectors", matmul(u.T, hadamard(v, w)), matmul(v.T, hadamard(u, w))),
    ("Hadamard and outer", hadamard(A, v @ w.T), diag(v) @ A @ diag(w)),
    ("diagonal of a scaled product", diagonal(A @ diag(v) @ B), hadamard(A, B.T) @ v),
    ("trace of three", trace(A.T @ hadamard(B, C)), trace(hadamard(A, B).T @ C)),
    ("trace with two diagonals", trace(diag(v) @ A @ diag(w) @ B), v.T @ hadamard(A, B.T) @ w),
    ("vec inner product", vec(A).T @ vec(B), trace(A.T @ B)),
    ("vec of outer", kron(v, w), vec(w @ v.T)),
    ("Hadamard sum", ONE.T @ hadamard(A, B) @ ONE, trace(A @ B.T)),
    ("diag of diagonal", diag(diagonal(A)), hadamard(A, identity(N))),
    ("square of a sum", (A + B) @ (A + B), A @ A + A @ B + B @ A + B @ B),
    ("difference of inverses", inverse(A) - inverse(B), inverse(A) @ (B - A) @ inverse(B)),
    ("symmetric", v.T @ S @ w, w.T @ S @ v),
    ("det", det(A @ B), det(B.T @ A)),
    ("inverse in a trace", trace(A @ B @ inverse(A)), trace(B)),
]

DIFFERENT: list[tuple[str, Node, Node]] = [
    ("a transpose", trace(A @ B), trace(A.T @ B)),
    ("order", trace(A @ B @ C), trace(A @ C @ B)),
    ("Kronecker order", kron(A, B), kron(B, A)),
    ("inverse transposed", inverse(A) @ B, inverse(A.T) @ B),
    ("a factor", trace(A @ B), scaled(2, trace(A @ B))),
    ("Hadamard is not the product", hadamard(A, B), A @ B),
    ("sizes", trace(identity(N)), trace(identity("m"))),
]


@pytest.mark.parametrize(("name", "a", "b"), EQUAL, ids=[row[0] for row in EQUAL])
def test_equal_products_have_one_normal_form(name: str, a: Node, b: Node) -> None:
    assert normal_form(a) == normal_form(b)


@pytest.mark.parametrize(("name", "a", "b"), DIFFERENT, ids=[row[0] for row in DIFFERENT])
def test_different_products_have_different_normal_forms(name: str, a: Node, b: Node) -> None:
    assert normal_form(a) != normal_form(b)


def _random_network(rng: random.Random) -> tuple[list[tuple[Node, int, int]], list[tuple[Node, int]], int]:
    """Edges (matrix, i, j) and marks (vector, i) over a few indices."""
    size = rng.randint(2, 5)
    edges = [(rng.choice((A, B, S)), rng.randrange(size), rng.randrange(size)) for _ in range(rng.randint(2, 6))]
    marks = [(rng.choice((u, v)), rng.randrange(size)) for _ in range(rng.randint(0, 3))]
    return edges, marks, size


def _as_kronecker(
    edges: list[tuple[Node, int, int]], marks: list[tuple[Node, int]], order: list[int], rng: random.Random
) -> Node:
    """Σ over all indices of the product, written with Kronecker products of unit-free ones vectors.

    Each edge is a Hadamard factor on the grid of all indices: 1 ⊗ … X … ⊗ 1 read as a column over the grid.
    """
    factors: list[Node] = []
    for matrix, i, j in edges:
        if rng.random() < 0.5:
            matrix, i, j = transpose(matrix), j, i
        factors.append(_on_grid(matrix, order.index(i), order.index(j), len(order)))
    factors.extend(kron(*(x if k == order.index(i) else ONE for k in range(len(order)))) for x, i in marks)
    rng.shuffle(factors)
    grid = ones(factors[0].rows)
    return matmul(grid.T, hadamard(*factors))


def _on_grid(matrix: Node, i: int, j: int, size: int) -> Node:
    if i == j:
        return kron(*(diagonal(matrix) if k == i else ONE for k in range(size)))
    return transpose(vec_on_axes(matrix, i, j, size))


def vec_on_axes(matrix: Node, i: int, j: int, size: int) -> Node:
    """The row over the grid whose entry at (…, a, …, b, …) is X[a, b], built by matrix products only."""
    first, second = min(i, j), max(i, j)
    inside = matrix if i < j else transpose(matrix)
    between = second - first - 1
    middle = kron(*([ONE] * between)) if between else None
    body = vec(inside.T) if middle is None else _spread(inside, middle)
    parts = [ONE] * first + [body] + [ONE] * (size - second - 1)
    return transpose(kron(*parts))


def _spread(inside: Node, middle: Node) -> Node:
    """vec over (a, m, b): rows a, then the free indices m, then b."""
    return kron(identity(inside.rows), kron(middle, identity(inside.cols))) @ vec(inside.T)


@long
def test_relabelled_networks_have_one_normal_form() -> None:
    """Indices renamed, factors shuffled, matrices transposed in place: always the same key."""
    rng = random.Random(20261124)
    compared = 0
    for _ in range(1000):
        edges, marks, size = _random_network(rng)
        order = list(range(size))
        first = normal_form(_as_kronecker(edges, marks, order, rng))
        for _ in range(3):
            rng.shuffle(order)
            assert normal_form(_as_kronecker(edges, marks, order, rng)) == first
            compared += 1
    assert compared == 3000


def test_sums_do_not_depend_on_the_order_of_terms() -> None:
    rng = random.Random(7)
    parts = [A @ B, B @ A, scaled(3, S), hadamard(A, B)]
    first = normal_form(add(*parts))
    for _ in range(10):
        rng.shuffle(parts)
        assert normal_form(add(*parts)) == first
