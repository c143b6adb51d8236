"""Constructors bring expressions to canonical form: both columns are the same node."""

from fractions import Fraction

import pytest

from matcalc.errors import DomainError
from matcalc.expr import (
    Node,
    ShapeMismatch,
    add,
    apply,
    block,
    commutation,
    det,
    diag,
    diagonal,
    dimension,
    divide,
    hadamard,
    identity,
    inverse,
    is_number,
    kron,
    logdet,
    mask,
    matmul,
    matrix_power,
    number,
    ones,
    perturbation,
    power,
    scale,
    scaled,
    selector,
    substitute,
    substitute_sizes,
    trace,
    transpose,
    unit,
    unvec,
    variable,
    vec,
    zeros,
)
from matcalc.expr.dims import Dim

A = variable("A", ("n", "n"))
B = variable("B", ("n", "n"))
X = variable("X", ("m", "n"))
S = variable("S", ("n", "n"), ("symmetric",))
K = variable("K", ("n", "n"), ("skew",))
x = variable("x", ("n", 1))
y = variable("y", ("n", 1))
s = variable("s", (1, 1))
t = variable("t", (1, 1))
p = variable("p", (1, 1), ("positive",))
I = identity("n")  # noqa: E741
HALF = Fraction(1, 2)

CANONICAL: list[tuple[str, Node, Node]] = [
    ("sums commute", A + B, B + A),
    ("like terms merge", A + A, scaled(2, A)),
    ("terms cancel", A - A, zeros("n", "n")),
    ("sums are flat", (A + B) + A, add(A, A, B)),
    ("products are flat", (A @ B) @ A, matmul(A, B, A)),
    (
        "a slice of a unit vector",
        matmul(selector(1, "n", Dim.of("n") + 1), unit(Dim.of("n") + 1, Dim.of("n") + 1)),
        unit(Dim.of("n"), "n"),
    ),
    (
        "a slice of a transposed unit vector",
        matmul(transpose(unit(3, 5)), transpose(selector(1, 3, 5))),
        transpose(unit(2, 3)),
    ),
    (
        "a slice that may leave the entry out",
        matmul(selector(1, Dim.of("n") - 1, "n"), unit(1, "n")).args[1],
        unit(1, "n"),
    ),
    ("the identity drops out", I @ A @ I, A),
    ("neighbours become a power", A @ A @ A, matrix_power(A, 3)),
    ("an inverse cancels", matmul(A, inverse(A), B), B),
    ("inverse of a product", inverse(A @ B), inverse(B) @ inverse(A)),
    ("inverse of an inverse", inverse(inverse(A)), A),
    ("inverse of a multiple", inverse(scaled(2, A)), scaled(HALF, inverse(A))),
    ("transpose of a product", (A @ B).T, B.T @ A.T),
    ("transpose twice", A.T.T, A),
    ("transpose of an inverse", inverse(A).T, inverse(A.T)),
    ("a symmetric variable", S.T, S),
    ("a skew variable", K.T, scaled(-1, K)),
    ("X^T X is symmetric", (X.T @ X).T, X.T @ X),
    ("scalars leave a chain", matmul(x, x.T, y), scale(matmul(x.T, y), x)),
    ("one orientation", matmul(x.T, A, y), matmul(y.T, A.T, x)),
    ("a row is a transposed column", x.T @ A, transpose(A.T @ x)),
    ("a row of a sum", (A @ x - y).T, x.T @ A.T - y.T),
    ("trace is cyclic", trace(A @ B @ S), trace(B @ S @ A)),
    ("trace of a transpose", trace(A @ B), trace(B.T @ A.T)),
    ("trace of an outer product", trace(matmul(x, y.T)), matmul(x.T, y)),
    ("trace of skew factors", trace(matmul(A, K, K)), trace(matmul(K, K, A.T))),
    ("trace of two skew factors", trace(matmul(K, perturbation(K), A)), trace(matmul(A.T, perturbation(K), K))),
    ("trace of symmetric times skew", trace(S @ K), number(0)),
    (
        "an even power of |u| where u cancels",
        hadamard(power(apply("abs", s), 3), power(s, 2), apply("abs", s), power(s, -2)),
        power(s, 4),
    ),
    (
        "an even power of |u| that cancels u",
        hadamard(power(s, -4), power(apply("abs", s), 3), apply("abs", s)),
        number(1),
    ),
    ("diagonal of a skew matrix", diagonal(K), zeros("n")),
    ("diagonal of a skew product", diagonal(A @ K @ A.T), zeros("n")),
    ("trace of the identity", trace(I), dimension("n")),
    ("det of a product", det(A @ B), hadamard(det(A), det(B))),
    ("det of a multiple", det(scale(s, A)), hadamard(power(s, dimension("n")), det(A))),
    ("det of an inverse", det(inverse(A)), power(det(A), -1)),
    ("logdet of a product", logdet(A @ B), logdet(A) + logdet(B)),
    ("Hadamard products commute", hadamard(A, B), hadamard(B, A)),
    ("powers merge", hadamard(x, power(x, 2)), power(x, 3)),
    ("a quotient cancels", divide(x, x), ones("n")),
    ("square of a root", power(power(s, HALF), 2), s),
    ("root of a square", power(power(s, 2), HALF), apply("abs", s)),
    ("root of a positive square", power(power(p, 2), HALF), p),
    ("exponentials merge", hadamard(apply("exp", s), apply("exp", t)), apply("exp", s + t)),
    ("log of exp", apply("log", apply("exp", x)), x),
    ("odd functions", apply("tanh", scaled(-1, x)), scaled(-1, apply("tanh", x))),
    ("even functions", apply("cos", scaled(-1, x)), apply("cos", x)),
    ("sign inside a factor", matmul(A, x - y), scaled(-1, matmul(A, y - x))),
    ("content of a factor", matmul(A, scaled(2, x) - scaled(2, y)), scaled(2, matmul(A, x - y))),
    ("a square keeps its sign", power(x - y, 2), power(y - x, 2)),
    ("diag of ones", diag(ones("n")), I),
    ("diagonal of diag", diagonal(diag(x)), x),
    ("diag times a vector", matmul(diag(x), y), hadamard(x, y)),
    ("diag times diag", diag(x) @ diag(y), diag(hadamard(x, y))),
    ("identity ⊙ A", hadamard(I, A), diag(diagonal(A))),
    ("sum of a square", matmul(ones("n").T, power(x, 2)), matmul(x.T, x)),
    ("sum of a product", matmul(ones("n").T, hadamard(x, y)), matmul(x.T, y)),
    ("sum of ones", matmul(ones("n").T, ones("n")), dimension("n")),
    ("kron of scalars", kron(s, A), scale(s, A)),
    ("kron of identities", kron(identity("m"), I), identity(Dim.of("m") * Dim.of("n"))),
    ("kron of column and row", kron(x, y.T), matmul(x, y.T)),
    ("kron is associative", kron(kron(A, B), S), kron(A, kron(B, S))),
    ("vec of an outer product", vec(matmul(x, y.T)), kron(y, x)),
    ("unvec of vec", unvec(vec(X), "m", "n"), X),
    ("vec of a row", vec(x.T), x),
    ("commutation transposed", commutation("m", "n").T, commutation("n", "m")),
    ("commutation with one side 1", commutation("n", 1), I),
    ("unit vectors", matmul(unit(1, "n").T, unit(2, "n")), number(0)),
    ("a unit picks itself", matmul(unit(2, "n").T, unit(2, "n")), number(1)),
    ("selector of everything", selector(0, "n", "n"), I),
    ("selector of one row", selector(0, 1, "n"), unit(1, "n").T),
    ("mask transposed", mask("lower", "n", "n").T, mask("upper", "n", "n")),
    ("a block of one", block([[A]]), A),
    ("block transposed", block([[A, x]]).T, block([[A.T], [x.T]])),
    ("numbers fold", hadamard(number(2), number(3)), number(6)),
    ("exact roots fold", power(number(Fraction(4, 9)), HALF), number(Fraction(2, 3))),
    ("dimension polynomials", dimension(Dim.of("n") * 2 + 1), scaled(2, dimension("n")) + number(1)),
]


@pytest.mark.parametrize(("name", "built", "canonical"), CANONICAL, ids=[row[0] for row in CANONICAL])
def test_canonical_form(name: str, built: Node, canonical: Node) -> None:
    assert built is canonical


def test_nodes_are_interned_and_ordered_by_structure() -> None:
    assert variable("A", ("n", "n")) is A
    assert sorted([B, A]) == [A, B]


def test_powers_do_not_split_without_a_known_sign() -> None:
    root = power(hadamard(s, t), HALF)
    assert root is not hadamard(power(s, HALF), power(t, HALF))
    assert power(hadamard(p, t), HALF) is hadamard(power(p, HALF), power(t, HALF))


def test_division_by_zero_is_an_error() -> None:
    with pytest.raises(DomainError):
        divide(number(1), s - s)


def test_irrational_roots_stay_exact() -> None:
    assert is_number(power(number(2), HALF)) is None
    assert power(power(number(2), HALF), 2) is number(2)


@pytest.mark.parametrize(
    "build",
    [lambda: A + x, lambda: matmul(x, x), lambda: trace(X), lambda: det(X), lambda: diag(A), lambda: power(x, y)],
)
def test_wrong_shapes_are_refused(build: object) -> None:
    assert callable(build)
    with pytest.raises(ShapeMismatch):
        build()


def test_perturbations_inherit_linear_structure_only() -> None:
    spd = variable("C", ("n", "n"), ("spd",))
    d = perturbation(spd)
    assert d.T is d
    orthogonal = variable("Q", ("n", "n"), ("orthogonal",))
    assert perturbation(orthogonal).T is not perturbation(orthogonal)
    assert (A @ d).linear == {d}


def test_substitution_of_nodes_and_sizes() -> None:
    assert substitute(matmul(A, x), {A: I}) is x
    resized = substitute_sizes(matmul(A, x), {"n": Dim.of(1)})
    assert resized.is_scalar


def test_transposing_a_deep_matrix_network_does_not_recurse() -> None:
    h = A
    for _ in range(3000):
        h = A @ apply("tanh", h) + B
    assert h.T.T is h
