"""`minimize`: optima against other routes, what is said of them, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, OptimizeResult

import matcalc as mc
from matcalc.minimizing.derived import Functions
from matcalc.minimizing.methods import newton
from tests.minimizing.problems import PROBLEMS, Problem

TOLERANCE = 1e-6
P = np.array([[2.0, 1.0], [1.0, 3.0]])
FIT = {"A": np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 2.0]]), "b": np.array([1.0, -2.0, 0.5])}


def _solved(problem: Problem, data: dict[str, Any]) -> OptimizeResult:
    options = {"subject_to": problem.subject_to, "bounds": problem.bounds, "where": problem.where}
    return mc.minimize(problem.f, problem.wrt, data, start=problem.start(data), **options)


@pytest.mark.parametrize("size", [4, 12])
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.name)
def test_known_optimum(problem: Problem, size: int) -> None:
    data = problem.data(size)
    found = _solved(problem, data)
    known = problem.known(data, found.x)
    assert found.success and found.constr_violation < 1e-9
    assert abs(found.fun - known) <= TOLERANCE * max(1.0, abs(known))


def test_a_wrong_slope_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: every gradient has a part that is not its own."""
    right = Functions._computed
    wrong = {"of": lambda self, z: (right(self, z)[0], right(self, z)[1] + 1.0)}
    monkeypatch.setattr(Functions, "_computed", wrong["of"])
    problem = PROBLEMS[0]
    data = problem.data(5)
    found = _solved(problem, data)
    assert not found.success or abs(found.fun - problem.known(data, found.x)) > TOLERANCE


# --- ways ---------------------------------------------------------------------------------------


def test_closed_form() -> None:
    found = mc.minimize("||A x - b||^2", "x", FIT)
    assert found.method == "closed form: x = (A^T A)^-1 A^T b" and found.message == "global minimum: f is convex"
    np.testing.assert_allclose(found.x, np.linalg.lstsq(FIT["A"], FIT["b"], rcond=None)[0], atol=1e-12)


def test_closed_form_with_multipliers() -> None:
    found = mc.minimize("w^T S w", "w", {"S": P}, subject_to="sum(w) = 1", where="S: spd(n)")
    expected = np.linalg.solve(P, np.ones(2))
    np.testing.assert_allclose(found.x, expected / expected.sum(), rtol=1e-12)
    np.testing.assert_allclose(2 * P @ found.x + found.multipliers["lambda"], 0, atol=1e-12)


def test_singular_data_take_the_shortest_solution() -> None:
    A, b = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([1.0, 2.0])
    found = mc.minimize("||A x - b||^2", "x", {"A": A, "b": b})
    assert found.success
    np.testing.assert_allclose(A.T @ (A @ found.x - b), 0, atol=1e-9)


def test_without_a_hessian(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is too large for Hessians goes to SciPy, between the same bounds."""
    problem = PROBLEMS[0]
    data = problem.data(12)
    monkeypatch.setattr(newton, "LARGEST_DENSE", 3)
    found = _solved(problem, data)
    assert found.success and found.nhev == 0
    assert abs(found.fun - problem.known(data, found.x)) <= TOLERANCE


def test_saddle_is_left() -> None:
    """At 0 the gradient vanishes, and f does not have its minimum there."""
    found = mc.minimize(
        "x^4 + y^4 - (x y) - x^2 / 4", ["x", "y"], {}, start={"x": 0.0, "y": 0.0}, where="x: scalar, y: scalar"
    )
    grid = np.linspace(-1.5, 1.5, 601)
    x, y = np.meshgrid(grid, grid)
    assert found.fun <= np.min(x**4 + y**4 - x * y - x**2 / 4) + 1e-6


@pytest.mark.parametrize("kind", ["symmetric", "skew", "diagonal", "lower", "upper"])
def test_structure(kind: str) -> None:
    """The optimum in the structure, under a bound that is no closed form: entries of the projection, cut off."""
    A = np.array([[1.0, 4.0, -2.0], [0.5, -3.0, 1.0], [2.0, 2.0, 0.25]])
    sides = {
        "symmetric": (A + A.T) / 2,
        "skew": (A - A.T) / 2,
        "diagonal": np.diag(np.diag(A)),
        "lower": np.tril(A),
        "upper": np.triu(A),
    }
    found = mc.minimize("||X - A||_F^2", "X", {"A": A}, bounds=(-1.0, 1.0), where=f"X: {kind}(n), A: matrix(n, n)")
    np.testing.assert_allclose(found.x, np.clip(sides[kind], -1, 1), atol=1e-8)
    assert found.success


def test_orthogonal_unknown() -> None:
    found = mc.minimize("||Q A - B||_F^2", "Q", {"A": P, "B": np.eye(2)}, where="Q: orthogonal(n)")
    np.testing.assert_allclose(found.x @ found.x.T, np.eye(2), atol=1e-12)
    u, _, v = np.linalg.svd(np.eye(2) @ P.T)
    np.testing.assert_allclose(found.x, u @ v, atol=1e-12)


def test_family_of_vectors() -> None:
    X = np.array([[1.0, 2.0], [3.0, -4.0], [0.5, 0.0]])
    found = mc.minimize(r"\sum_i ||y_i - x_i||^2 + ||y_1||^2", "Y", {"X": X}, bounds=(-1, 1))
    expected = np.clip(X / np.array([[2.0], [1.0], [1.0]]), -1, 1)
    np.testing.assert_allclose(found.x, expected, atol=1e-8)


# --- what is said -------------------------------------------------------------------------------


def test_convex_in_these_data() -> None:
    """Without a declaration the verdict needs something of the data, which is looked at."""
    convex = mc.minimize("x^T P x / 2 - b^T x", "x", {"P": P, "b": np.ones(2)})
    assert convex.is_global and convex.message == "global minimum: f is convex: in these data P + P^T is psd"
    other = mc.minimize("x^T P x / 2 - b^T x", "x", {"P": P - 2.5 * np.eye(2), "b": np.ones(2)}, bounds=(-1, 1))
    assert other.success and not other.is_global and other.message.startswith("local minimum")


def test_no_minimum() -> None:
    found = mc.minimize("c^T x", "x", {"c": np.ones(2)}, where="c: vector(n)")
    assert not found.success and found.message == "f falls without a bound, as far as was seen"


def test_constraints_that_contradict_each_other() -> None:
    data = {"A": np.array([[1.0, 1.0], [1.0, 1.0]]), "b": np.array([1.0, 2.0])}
    found = mc.minimize("||x||^2", "x", data, subject_to="A x = b")
    assert not found.success and found.message.startswith("no point was found that meets the constraints")


def test_border_of_definite_matrices() -> None:
    found = mc.minimize("||X - A||_F^2", "X", {"A": np.diag([1.0, -1.0])}, where="X: spd(n)")
    assert not found.success and "singular" in found.message


def test_callback_sees_every_step() -> None:
    seen: list[float] = []
    mc.minimize(
        "sum(exp(x)) - b^T x", "x", {"b": np.array([1.0, 3.0])}, bounds=(-5, 5), callback=lambda r: seen.append(r.fun)
    )
    assert len(seen) > 1 and seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("bounds", [(0, 1), (np.zeros(2), np.ones(2)), [(0, 1), (0, 1)], Bounds(0, 1), {"x": (0, 1)}])
def test_forms_of_bounds(bounds: Any) -> None:
    found = mc.minimize("||x - a||^2", "x", {"a": np.array([2.0, -1.0])}, bounds=bounds)
    np.testing.assert_allclose(found.x, [1.0, 0.0], atol=1e-12)


def test_several_unknowns_are_a_mapping() -> None:
    found = mc.minimize(
        "(1 - x)^2 + 100 (y - x^2)^2", ["x", "y"], start={"x": -1.2, "y": 1.0}, where="x: scalar, y: scalar"
    )
    assert found.x["x"] == pytest.approx(1) and found.x["y"] == pytest.approx(1)


BAD = (
    ({"f": "A x = b", "data": {}}, "an equation is solved"),
    ({"data": {"A": FIT["A"]}}, "the argument b is missing"),
    ({"data": {**FIT, "x": np.ones(2)}}, "x is the unknown, and stands among the data"),
    ({"bounds": (1, 0)}, "no x lies between its bounds"),
    ({"bounds": {"y": (0, 1)}}, "y has bounds, and is no unknown"),
    ({"bounds": (np.zeros(3), None)}, "a bound of x has shape (3,), and x (2,)"),
    ({"bounds": 3}, "bounds of x are a pair"),
    ({"bounds": (0, None), "start": [-1.0, 0.0]}, "lies outside of the bounds"),
    ({"start": [0.0, 0.0, 0.0]}, "the start of x has the shape (3,), and x (2,)"),
    ({"start": {"z": 1.0}}, "z has a start, and is no unknown"),
    ({"subject_to": "b >= 0"}, "does not hold x"),
    ({"subject_to": "C x = d"}, "the argument"),
    ({"f": "max_x ||A x - b||^2"}, "this is a maximum"),
    ({"f": "A x - b"}, "a stationary point is that of a number"),
    ({"wrt": "z"}, "z is not a variable"),
)


@pytest.mark.parametrize(("changed", "said"), BAD)
def test_bad_input(changed: dict[str, Any], said: str) -> None:
    given = {"f": "||A x - b||^2", "wrt": "x", "data": FIT, **changed}
    with pytest.raises(mc.MatcalcError) as error:
        mc.minimize(**given)
    assert said in str(error.value)


def test_start_outside_of_the_domain() -> None:
    with pytest.raises(mc.MatcalcError, match="f has no value at the start"):
        mc.minimize("sum(log(x)) * -1 + sum(x.^2) + x^T c", "x", {"c": np.ones(2)}, start=[-1.0, 1.0])
    with pytest.raises(mc.MatcalcError, match="not definite"):
        mc.minimize("tr(X^-1 A) + tr(X^2)", "X", {"A": P}, where="X: spd(n)", start=-np.eye(2))


def test_shape_that_nothing_shows() -> None:
    with pytest.raises(mc.MatcalcError, match="the shape of U cannot be read off the data"):
        mc.minimize("||X - U V||_F^2", ["U", "V"], {"X": P})
