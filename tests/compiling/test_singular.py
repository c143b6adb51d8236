"""Derivatives of determinants and adjugates where the matrix is singular, against exact arithmetic in integers."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.machine import library, sweep

Array = np.ndarray[Any, np.dtype[Any]]


class Hyperdual:
    """a + b ε + c δ + d ε δ with ε² = δ² = 0: the derivatives of a polynomial, exact in integers."""

    def __init__(self, *parts: int) -> None:
        self.parts = (*parts, 0, 0, 0)[:4]

    def __add__(self, other: Any) -> Hyperdual:
        other = other if isinstance(other, Hyperdual) else Hyperdual(other)
        return Hyperdual(*(p + q for p, q in zip(self.parts, other.parts, strict=True)))

    def __mul__(self, other: Any) -> Hyperdual:
        other = other if isinstance(other, Hyperdual) else Hyperdual(other)
        (a, b, c, d), (e, f, g, h) = self.parts, other.parts
        return Hyperdual(a * e, a * f + b * e, a * g + c * e, a * h + b * g + c * f + d * e)

    __radd__, __rmul__ = __add__, __mul__


def det(x: Array) -> Any:
    """Leibniz's formula"""
    total: Any = 0
    for order in permutations(range(len(x))):
        sign = (-1) ** sum(order[i] > order[j] for j in range(len(x)) for i in range(j))
        term: Any = sign
        for i, j in enumerate(order):
            term = term * x[i, j]
        total = term + total
    return total


def adj(x: Array) -> Array:
    n = len(x)
    minors = [[(-1) ** (i + j) * det(np.delete(np.delete(x, j, 0), i, 1)) for j in range(n)] for i in range(n)]
    return np.array(minors, dtype=object)


#: text -> the same in exact numbers, of X and constant A and B
POLYNOMIALS: dict[str, Callable[[Array, Array, Array], Any]] = {
    "det(X)": lambda x, a, b: det(x),
    "det(X)^2": lambda x, a, b: det(x) * det(x),
    "det(A X B)": lambda x, a, b: det(a @ x @ b),
    "det(X^T X)": lambda x, a, b: det(x.T @ x),
    "det(I + X X^T)": lambda x, a, b: det(np.eye(len(x), dtype=int).astype(object) + x @ x.T),
    "det(X) det(X + A)": lambda x, a, b: det(x) * det(x + a),
    "det(X) tr(X B)": lambda x, a, b: det(x) * np.trace(x @ b),
    "det(X) tr(X^-1 B)": lambda x, a, b: np.trace(adj(x) @ b),
    "tr(adj(X) B)": lambda x, a, b: np.trace(adj(x) @ b),
    "tr(adj(X)^T A adj(X))": lambda x, a, b: np.trace(adj(x).T @ a @ adj(x)),
}

#: n and the rank of X
RANKS = [(1, 0), (2, 1), (2, 0), (3, 2), (3, 1), (3, 0), (4, 3), (4, 2), (5, 4)]


def singular(n: int, rank: int, rng: np.random.Generator) -> Array:
    """A matrix of small integers of this rank."""
    while True:
        x = rng.integers(-2, 3, (n, rank)) @ rng.integers(-2, 3, (rank, n))
        if np.linalg.matrix_rank(x) == rank:
            return x


def exact(f: Callable[..., Any], x: Array, a: Array, b: Array, pairs: list[tuple[Any, Any]]) -> list[Hyperdual]:
    """f and its derivatives along two unit matrices, for each pair of places."""
    found = []
    for first, second in pairs:
        moved = np.array([[Hyperdual(int(v)) for v in row] for row in x], dtype=object)
        moved[first] = moved[first] + Hyperdual(0, 1)
        moved[second] = moved[second] + Hyperdual(0, 0, 1)
        found.append(f(moved, a.astype(object), b.astype(object)) * Hyperdual(1))
    return found


def arguments(run: Any, **values: Array) -> dict[str, Array]:
    names = inspect.signature(run).parameters
    return {name: value.astype(float) for name, value in values.items() if name in names}


@sweep(3)
@pytest.mark.parametrize("text", POLYNOMIALS)
@pytest.mark.parametrize(("n", "rank"), RANKS)
def test_first_and_second_derivatives(text: str, n: int, rank: int) -> None:
    rng = np.random.default_rng([n, rank, len(text)])
    x, a, b = singular(n, rank, rng), rng.integers(-2, 3, (n, n)), rng.integers(-2, 3, (n, n))
    places = list(np.ndindex(n, n))
    chosen = [tuple(places[k] for k in rng.integers(0, len(places), 2)) for _ in range(8)]
    wanted = exact(POLYNOMIALS[text], x, a, b, chosen)
    gradient, hessian = mc.compile(mc.gradient(text, "X")), mc.compile(mc.hessian(text, "X"))
    g, h = gradient(**arguments(gradient, X=x, A=a, B=b)), hessian(**arguments(hessian, X=x, A=a, B=b))
    scale = max(1.0, np.abs(g).max(), np.abs(h).max(), 1e-4 * np.linalg.norm(a @ x @ b) ** n if "A X" in text else 0)
    for (first, second), value in zip(chosen, wanted, strict=True):
        assert abs(g[first] - value.parts[1]) <= 1e-9 * scale
        assert abs(h[*first, *second] - value.parts[3]) <= 1e-9 * scale


@pytest.mark.parametrize(
    "text", ["log(1 + det(X)^2)", "asin(det(X) / 10)", "sqrt(1 + det(X))", "det(X) / (2 + det(X))"]
)
@pytest.mark.parametrize(("n", "rank"), RANKS)
def test_functions_of_a_determinant(text: str, n: int, rank: int) -> None:
    """f(det(X)) has the gradient f'(0) adj(X)^T where X is singular, for an f that has a derivative at 0."""
    slope = {"log": 0.0, "asi": 0.1, "sqr": 0.5, "det": 0.5}[text[:3]]
    x = singular(n, rank, np.random.default_rng([n, rank]))
    found = mc.compile(mc.gradient(text, "X"))(X=x.astype(float))
    np.testing.assert_allclose(found, slope * adj(x).T.astype(float), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("gap", [1e-4, 1e-8, 1e-12, 1e-15, 1e-18])
def test_nearly_singular_matrices_lose_no_digits(gap: float) -> None:
    """adj and D adj of a rotated diagonal matrix are known from its entries."""
    rng = np.random.default_rng(5)
    u, v = (np.linalg.qr(rng.normal(size=(4, 4)))[0] for _ in range(2))
    values = np.array([2.0, 1.0, gap, 3 * gap])
    sign = np.linalg.det(u) * np.linalg.det(v)
    others = np.array([np.prod(np.delete(values, k)) for k in range(4)])
    e = rng.normal(size=(4, 4))
    inside = np.diag([sum(e[j, j] * np.prod(np.delete(values, [i, j])) for j in range(4) if j != i) for i in range(4)])
    for i, j in permutations(range(4), 2):
        inside[i, j] = -e[i, j] * np.prod(np.delete(values, [i, j]))
    x = u @ np.diag(values) @ v.T
    found = mc.compile("adj(X)")(X=x)
    assert np.allclose(found, sign * v @ np.diag(others) @ u.T, atol=1e-14)
    step = mc.compile(mc.differential("adj(X)", "X"))(X=x, dX=u @ e @ v.T)
    assert np.allclose(step, sign * v @ inside @ u.T, atol=1e-11)


@pytest.mark.parametrize("structure", ["symmetric", "skew", "lower", "upper", "diagonal"])
@pytest.mark.parametrize("text", ["det(S)", "det(S)^2", "tr(adj(S) B)"])
def test_structured_matrices(text: str, structure: str) -> None:
    """The derivative within a structure is the projection of the one that is free, which exact numbers give."""
    rng = np.random.default_rng(3)
    x, b = singular(3, 1, rng), rng.integers(-2, 3, (3, 3))
    project = {
        "symmetric": lambda m: (m + m.T) / 2,
        "skew": lambda m: (m - m.T) / 2,
        "lower": np.tril,
        "upper": np.triu,
        "diagonal": lambda m: np.diag(np.diag(m)),
    }[structure]
    s = {"symmetric": x + x.T, "skew": x - x.T, "lower": np.tril(x, -1), "upper": np.triu(x, 1)}.get(structure)
    s = np.diag([2, 0, 0]) if s is None else s
    places = list(np.ndindex(3, 3))
    f = POLYNOMIALS[text.replace("S", "X")]
    free = [exact(f, s, b, b, [(p, q) for q in places]) for p in places]
    g = np.array([row[0].parts[1] for row in free]).reshape(3, 3)
    h = np.array([[v.parts[3] for v in row] for row in free]).reshape(3, 3, 3, 3)
    where = f"S: {structure}(n)"
    gradient = mc.compile(mc.gradient(text, "S", where=where))
    hessian = mc.compile(mc.hessian(text, "S", where=where))
    assert np.allclose(gradient(**arguments(gradient, S=s, B=b)), project(g), atol=1e-9)
    h = np.array([[project(m) for m in row] for row in h])
    h = np.moveaxis(np.array([[project(h[:, :, i, j]) for j in range(3)] for i in range(3)]), (0, 1), (2, 3))
    assert np.allclose(hessian(**arguments(hessian, S=s, B=b)), h, atol=1e-9)


TARGETS = {"numpy": "numpy", "array-api": "array_api_strict", "jax": "jax.numpy", "torch": "torch"}


@sweep(6)
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("text", ["det(X)", "det(X)^2 tr(X)", "tr(adj(X) B)"])
def test_every_target(text: str, target: str) -> None:
    module = library(TARGETS[target])
    if target == "jax":
        importlib.import_module("jax").config.update("jax_enable_x64", True)
    rng = np.random.default_rng(8)
    for rank in (2, 1, 0, 3):
        values = {"X": singular(3, rank, rng), "B": rng.integers(-2, 3, (3, 3))}
        for derivative in (mc.gradient(text, "X"), mc.hessian(text, "X")):
            wanted = mc.compile(derivative)
            given = arguments(wanted, **values)
            run = mc.compile(derivative, target=target)
            found = np.asarray(run(**{name: module.asarray(v) for name, v in given.items()}))
            assert np.allclose(found, wanted(**given), atol=1e-9)


def test_objectives_and_products() -> None:
    x = np.array([[1.0, 2, 3], [2, 4, 6], [1, 0, 1]])
    o = mc.objective("det(X)^2 + tr(X)", "X", {})
    d = np.array([[0.0, 1, 0], [0, 0, 0], [0, 0, 0]])
    slope = adj(x).astype(float).T
    assert np.allclose(o.jac(x), np.eye(3))
    assert np.allclose(o.hessp(x, d), 2 * slope * np.sum(slope * d))
    assert np.allclose(o.hess(x).reshape(9, 9) @ d.ravel(), (2 * slope * np.sum(slope * d)).ravel())


@pytest.mark.parametrize("convention", ["structured", "independent", "unstructured"])
def test_every_convention_says_that_it_holds_at_singular_matrices(convention: str) -> None:
    found = mc.derivative("det(L L) where L: lower(n)", "L", convention=convention)
    assert found.continued is not None and found.continued.startswith("where L is singular: 2 det(L) ")
    assert not found.conditions


@pytest.mark.parametrize("convention", ["structured", "unstructured"])
@pytest.mark.parametrize(
    "text",
    [
        "det(X)^2",
        "tr(adj(X) adj(X))",
        "sum(cumprod(X, 2).^2)",
        "prod(X)^2 + sum(prod(X, 1))",
        "sum(cumprod(softplus(1000 X), 2))",
        "det(X) where X: lower(n)",
        "det(X)^2 where X: symmetric(n)",
    ],
)
def test_differentials_along_directions(text: str, convention: str) -> None:
    """The differential of a derivative is its array along the directions, at zeros and where factors underflow, too."""
    x = np.array([[0.0, 0, -2], [0, 1, 0], [-2, 0, 0]])
    x = np.tril(x) if "lower" in text else x if "symmetric" in text else x * [[1], [1], [0]]
    rng = np.random.default_rng(3)
    first, second = (
        e + e.T if "symmetric" in text else np.tril(e) if "lower" in text else e for e in rng.normal(size=(2, 3, 3))
    )
    g, h = mc.derivative(text, "X", convention=convention), mc.derivative(text, "X", "X", convention=convention)
    slope = mc.compile(g.differential)(X=x, dX=first)
    bend = mc.compile(h.differential)(X=x, dX_1=first, dX_2=second)
    np.testing.assert_allclose(slope, np.sum(mc.compile(g)(X=x) * first), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(bend, np.einsum("ijkl,ij,kl", mc.compile(h)(X=x), first, second), rtol=1e-9, atol=1e-9)


def test_batches_and_values_that_are_no_numbers() -> None:
    x = np.array([[1.0, 2], [2, 4]])
    run = mc.compile(mc.gradient("det(X)", "X"), batch="X")
    assert np.allclose(run(X=np.stack([x, np.eye(2), 0 * x])), [[[4, -2], [-2, 1]], np.eye(2), 0 * x])
    assert np.isnan(mc.compile(mc.gradient("det(X)", "X"))(X=x * np.nan)).all()
    assert mc.compile(mc.hessian("det(X)", "X"), batch="X")(X=np.stack([np.eye(2)] * 3)).shape == (3, 2, 2, 2, 2)


@pytest.mark.parametrize("f", ["det(A)", "det(A)^2", "det(A) tr(B A)", "det(A + A) + tr(B A)"])
def test_a_skew_matrix_of_odd_size_is_never_regular(f: str) -> None:
    """Its determinant is 0 everywhere, and no inverse of it is printed."""
    derivative = mc.derivative(f, "A", where="A: skew(3), B: matrix(3, 3)")
    assert "^-1" not in str(derivative) and derivative.continued is None and not derivative.conditions
    b = np.arange(9.0).reshape(3, 3) ** 2
    a = b - b.T
    given = {n: v for n, v in (("A", a), ("B", b)) if n in derivative.f.declarations}
    wanted = (b.T - b) / 2 if f.endswith("+ tr(B A)") else np.zeros((3, 3))
    assert np.allclose(
        mc.compile(derivative)(**{n: given[n] for n in mc.compile(derivative).parameters}), wanted, atol=1e-9
    )


ADJUGATES_OF_SKEW = [
    ("adj(A)", "A", "A: skew(3)", "dF = dA A + A dA - tr(A dA) I"),
    ("adj(A)", "A", "A: skew(5)", None),
    ("adj(X - X^T)", "X", "X: matrix(3, 3)", None),
    ("tr(B adj(A))", "A", "A: skew(3), B: matrix(3, 3)", "(A (2 tr(B) I - B - B^T) - (B + B^T) A) / 2"),
    ("tr(B adj(A))", "B", "A: skew(3), B: matrix(3, 3)", "A^2 - 1/2 tr(A^2) I"),
    ("det(B A B^T) + det(A + B)", "B", "A: skew(3), B: matrix(3, 3)", None),
]


@pytest.mark.parametrize(("f", "wrt", "where", "shown"), ADJUGATES_OF_SKEW)
@pytest.mark.parametrize("order", [1, 2])
def test_adjugates_of_skew_matrices_of_odd_size_are_powers(
    f: str, wrt: str, where: str, shown: str | None, order: int
) -> None:
    derivative = mc.derivative(f, *[wrt] * order, where=where)
    assert "A^-1" not in str(derivative) and "X^-1" not in str(derivative) and not derivative.conditions
    assert order == 2 or shown is None or str(derivative).startswith(shown)
    assert mc.check(f, wrt, where=where, order=order)


@pytest.mark.parametrize("f", ["det(x x^T)", "tr(B adj(X X^T))", "adj(X X^T)", "det(K)^2 K"])
def test_what_is_singular_everywhere_is_verified(f: str) -> None:
    where = "x: vector(n), X: matrix(3, 2), B: matrix(3, 3), K: skew(3)"
    assert mc.check(f, next(v for v in ("X", "x", "K") if v in f), where=where)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_signs_leave_an_adjugate_of_known_size(n: int) -> None:
    f = mc.parse(f"adj(-X) where X: matrix({n}, {n})")
    x = np.arange(1.0, n * n + 1).reshape(n, n) ** 2 % 7
    plain = mc.compile(mc.parse(f"adj(X) where X: matrix({n}, {n})"))
    assert str(f.simplify()) == ("adj(X)" if n % 2 else "-adj(X)")
    assert np.allclose(mc.compile(f)(x), plain(-x))


#: f, the variables with a batch
BATCHES = (
    ("det(X)", "X"),
    ("tr(adj(X) A)", "X"),
    ("det(X)^2 + tr(A adj(X))", "XA"),
    ("det(X)^3 tr(X)", "X"),
    ("det(sym(X)) + tr(A X)", "XA"),
)


@sweep(4)
@pytest.mark.parametrize("target", ["numpy", "array-api", "jax", "torch"])
@pytest.mark.parametrize(("f", "batch"), BATCHES)
def test_each_matrix_of_a_batch_may_be_singular(f: str, batch: str, target: str) -> None:
    if target in ("jax", "torch"):
        library(target)
    where = "X: matrix(3, 3), A: matrix(3, 3)"
    x = np.array([[1.0, 2, 3], [2, 4, 6], [1, 0, 1]])
    given = {"X": np.stack([x, np.eye(3), 0 * x, x + np.eye(3)])}
    if "A" in f:
        given["A"] = np.stack([x.T / 3, x, x - 1, 1 - x]) if "A" in batch else x / 2
    for order in (1, 2):
        derivative = mc.derivative(f, *["X"] * order, where=where)
        one, run = mc.compile(derivative), mc.compile(derivative, batch=tuple(batch), target=target)
        names = [n for n in run.parameters if n in given]
        found = run(**{n: library("torch").as_tensor(given[n]) if target == "torch" else given[n] for n in names})
        for k in range(4):
            wanted = one(**{n: given[n][k] if n in batch else given[n] for n in names})
            np.testing.assert_allclose(np.asarray(found)[k], wanted, rtol=2e-4, atol=2e-3)


def test_definite_matrices_and_logarithms_keep_their_form() -> None:
    assert "_adjugate" not in mc.compile(mc.gradient("log(det(X))", "X")).source
    assert "_adjugate" not in mc.compile(mc.gradient("det(S)", "S", where="S: spd(n)")).source
    assert "_adjugate" not in mc.compile(mc.hessian("det(I + X X^T)", "X")).source
    assert str(mc.gradient("det(X)", "X")) == "det(X) X^-T"


def test_without_the_form_for_singular_matrices_there_is_no_value() -> None:
    """What is printed, computed as it stands, has no value there: the test above sees the difference."""
    printed = replace(mc.hessian("det(X)", "X"), derived=None)
    with pytest.raises(np.linalg.LinAlgError):
        mc.compile(printed)(X=np.zeros((2, 2)))
