"""How minimisers move: against differences of a numeric solver, which finds the minimiser again for moved data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.solving import sensitivity as module

Array = np.ndarray[Any, Any]
STEP = 1e-5
SIZES = {"m": 6, "n": 3, "k": 2, "p": 2}

# fmt: off
#: f, minimiser, parameter, constraint, declarations
CASES = (
    ("||A x - b||^2 / 2 + s ||x||^2 / 2",              "x", "s", None,          "A: matrix(m, n), s: scalar(positive)"),
    ("||A x - b||^2 / 2 + s ||x||^2 / 2",              "x", "A", None,          "A: matrix(m, n), s: scalar(positive)"),
    ("||A x - b||^2 / 2 + s ||x||^2 / 2",              "x", "b", None,          "A: matrix(m, n), s: scalar(positive)"),
    ("sum(log(1 + exp(A x))) - b^T A x + s ||x||^2 / 2", "x", "s", None,        "A: matrix(m, n), b: vector(m), s: scalar(positive)"),
    ("sum(log(1 + exp(A x))) - b^T A x + s ||x||^2 / 2", "x", "A", None,        "A: matrix(m, n), b: vector(m), s: scalar(positive)"),
    ("logsumexp(x) + ||x - a||^2 / 2",                 "x", "a", None,          "a: vector(n)"),
    ("x^T P x / 2 + q^T x",                            "x", "q", "C x = d",     "P: spd(n), C: matrix(k, n)"),
    ("x^T P x / 2 + q^T x",                            "x", "d", "C x = d",     "P: spd(n), C: matrix(k, n)"),
    ("x^T P x / 2 + q^T x",                            "x", "C", "C x = d",     "P: spd(n), C: matrix(k, n)"),
    ("||B X - Y||_F^2 / 2 + s ||X||_F^2 / 2",          "X", "Y", None,          "B: matrix(m, n), Y: matrix(m, k), s: scalar(positive)"),
    ("exp(t) - a^T b t",                               "t", "a", None,          "t: scalar, a: vector(n, positive), b: vector(n, positive)"),
    ("logdet(S) + tr(S^-1 C)",                         "S", "C", None,          "S: spd(p), C: spd(p)"),
)
# fmt: on


def _data(declarations: Any, rng: np.random.Generator) -> dict[str, Array]:
    found = {}
    for name, d in declarations.items():
        shape = tuple(SIZES[dim.names[0]] for dim in d.axes)
        value = rng.standard_normal(shape)
        if d.kind == "spd":
            value = value @ value.T + 2 * np.eye(len(value))
        found[name] = np.abs(value) + 0.5 if "positive" in d.assumptions else value
    return found


def _solved(slopes: dict[str, Any], start: dict[str, Array], data: dict[str, Array]) -> dict[str, Array]:
    """Newton's method for the gradient of the Lagrangian, its Jacobian by differences."""
    names = list(slopes)
    shapes = [start[n].shape for n in names]

    def apart(z: Array) -> dict[str, Array]:
        ends = np.cumsum([int(np.prod(s)) for s in shapes])[:-1]
        return {n: part.reshape(s) for n, part, s in zip(names, np.split(z, ends), shapes, strict=True)}

    def residual(z: Array) -> Array:
        values = {**data, **apart(z)}
        return np.concatenate([np.ravel(slopes[n](**values)) for n in names])

    z = np.concatenate([np.ravel(start[n]) for n in names])
    for _ in range(30):
        r = residual(z)
        jacobian = np.array([(residual(z + 1e-6 * e) - residual(z - 1e-6 * e)) / 2e-6 for e in np.eye(len(z))]).T
        step = np.linalg.lstsq(jacobian, r, rcond=1e-9)[0]
        z = z - step
        if np.abs(step).max() < 1e-12:
            break
    assert np.abs(residual(z)).max() < 1e-8
    return apart(z)


@pytest.mark.parametrize(("f", "x", "t", "constraint", "where"), CASES)
def test_against_differences_of_a_solver(f: str, x: str, t: str, constraint: str | None, where: str) -> None:
    found = mc.sensitivity(f, x, t, subject_to=constraint, where=where)
    solution = mc.solve(f, x, subject_to=constraint, where=where)
    whole = solution.lagrangian if solution.lagrangian is not None else mc.parse(f, where)
    unknowns = [x, *(n for n in whole.declarations if n.startswith("lambda"))]
    # Every entry is an unknown of the solver; a Cholesky factor, as SciPy's target takes, would read one triangle alone.
    slopes = {n: mc.compile(mc.gradient(whole, n), target="numpy") for n in unknowns}
    data = _data(whole.declarations, np.random.default_rng(3))
    start = {n: data["C"] if n == "S" else np.zeros_like(data[n]) for n in unknowns}
    rng = np.random.default_rng(4)
    e = rng.standard_normal(data[t].shape)
    e = (e + e.T) / 2 if "spd" in whole.declarations[t].kind else e
    here, up, down = (_solved(slopes, start, {**data, t: data[t] + h * e}) for h in (0.0, STEP, -STEP))
    expected = (up[x] - down[x]) / (2 * STEP)
    value = mc.compile(found)(**{**data, **here})
    moved = np.tensordot(value, e, axes=e.ndim) if e.ndim else value * e
    np.testing.assert_allclose(moved, expected, rtol=2e-5, atol=1e-7)


def test_what_is_printed() -> None:
    ridge = "||A x - b||^2 / 2 + k ||x||^2 / 2"
    assert str(mc.sensitivity(ridge, "x", "k", where="k: scalar(positive)")) == "-(A^T A + k I)^-1 x"
    found = mc.sensitivity("||A x - b||^2", "x", "A")
    assert str(found.operator) == "-(A^T A)^-1 (A^T dA x + dA^T (A x - b))" and str(found).startswith("dx = ")
    assert found.conditions == ("A^T A is invertible",)
    moved = mc.sensitivity("x^T P x / 2 + q^T x", "x", "q", subject_to="A x = b", where="P: spd(n)")
    assert str(moved) == "P^-1 A^T (A P^-1 A^T)^-1 A P^-1 - P^-1"
    assert moved.conditions == ("A P^-1 A^T is invertible",)


def test_by_a_symmetric_parameter() -> None:
    found = mc.sensitivity("x^T P x / 2 + q^T x", "x", "P", where="P: spd(n)")
    assert str(found.operator) == "-P^-1 dP x"


def test_a_wrong_change_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: the change has the other sign."""
    right = module._changes
    wrong = {"x": lambda problem, t: {y: -change for y, change in right(problem, t).items()}}  # type: ignore[union-attr]
    monkeypatch.setattr(module, "_changes", wrong["x"])
    with pytest.raises(MatcalcError) as error:
        mc.sensitivity("||A x - b||^2", "x", "b")
    assert error.value.code == "sensitivity"


@pytest.mark.parametrize("given", [("||A x - b||^2", "x", "c"), ("||A x - b||^2", "x", "x"), ("A x = b", "x", "b")])
def test_bad_input(given: tuple[str, str, str]) -> None:
    with pytest.raises(MatcalcError):
        mc.sensitivity(*given)


@pytest.mark.parametrize(("f", "x", "t", "constraint", "where"), CASES)
def test_the_adjoint_is_that_of_the_derivative(f: str, x: str, t: str, constraint: str | None, where: str) -> None:
    """<g, J e> = <J* g, e> at arbitrary points, whatever they are."""
    found = mc.sensitivity(f, x, t, subject_to=constraint, where=where)
    back = found.adjoint()
    data = _data(back.declarations, np.random.default_rng(6))
    value, gradient = mc.compile(found)(**{n: v for n, v in data.items() if n != "g"}), mc.compile(back)(**data)
    e = np.random.default_rng(7).standard_normal(data[t].shape)
    e = (e + e.T) / 2 if "spd" in back.declarations[t].kind else e
    moved = np.tensordot(value, e, axes=e.ndim) if e.ndim else value * e
    assert np.sum(data["g"] * moved) == pytest.approx(np.sum(gradient * e), rel=1e-8)


@pytest.mark.parametrize(("f", "x", "t", "constraint", "where"), CASES)
def test_the_least_value_against_a_solver(f: str, x: str, t: str, constraint: str | None, where: str) -> None:
    """The envelope theorem: differences of the least value itself, for moved data."""
    found = mc.sensitivity(f, x, t, subject_to=constraint, of="value", where=where)
    solution = mc.solve(f, x, subject_to=constraint, where=where)
    whole = solution.lagrangian if solution.lagrangian is not None else mc.parse(f, where)
    unknowns = [x, *(n for n in whole.declarations if n.startswith("lambda"))]
    slopes = {n: mc.compile(mc.gradient(whole, n)) for n in unknowns}
    data = _data(whole.declarations, np.random.default_rng(3))
    start = {n: data["C"] if n == "S" else np.zeros_like(data[n]) for n in unknowns}
    e = np.random.default_rng(4).standard_normal(data[t].shape)
    e = (e + e.T) / 2 if "spd" in whole.declarations[t].kind else e
    moved = [{**data, t: data[t] + h * e} for h in (0.0, STEP, -STEP)]
    here, up, down = (_solved(slopes, start, d) for d in moved)
    value = mc.compile(mc.parse(f, where))
    ends = [
        value(**{**{n: d[n] for n in d if n in mc.parse(f, where).declarations}, x: s[x]})
        for d, s in zip(moved[1:], (up, down), strict=True)
    ]
    expected = (ends[0] - ends[1]) / (2 * STEP)
    assert np.sum(mc.compile(found)(**{**data, **here}) * e) == pytest.approx(expected, rel=2e-5, abs=1e-6)


def test_of_what_is_no_choice() -> None:
    with pytest.raises(MatcalcError, match="of is minimiser or value"):
        mc.sensitivity("||A x - b||^2", "x", "b", of="residual")
