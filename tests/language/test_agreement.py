"""Code of NumPy is read with the axes that its names turn out to have: what is read has the value of the code itself."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import MatcalcError, ShapeError
from matcalc.language.foreign.translation import translated
from tests.language.meanings import TABLES, rows
from tests.machine import sweep

NAMES = "x w b X A y a s p theta B u".split()


def random_code(rng: random.Random, depth: int) -> str:
    """Operations whose meaning depends on the axes of what they are of."""
    if depth == 0:
        return rng.choice(NAMES)
    a, b = (random_code(rng, depth - 1) for _ in range(2))
    return rng.choice(
        [
            f"({a}) @ ({b})", f"({a}) @ ({b})", f"({a}) * ({b})", f"({a} + {b})", f"({a} - {b})", f"({a}).T", f"({a})**2",
            f"np.sum({a}, axis={rng.choice([0, 1, -1])})", f"np.mean({a}, axis={rng.choice([0, 1])}, keepdims=True)",
            f"np.exp({a})", f"np.dot({a}, {b})", f"np.linalg.norm({a}, axis={rng.choice([0, 1])})", f"np.diag({a})",
            f"{rng.choice(NAMES)}[0]", f"{rng.choice(NAMES)}[:, None]", f"({a}) / ({b})", f"np.sum({a})",
        ]
    )  # fmt: skip


def codes() -> Iterator[str]:
    rng = random.Random(11)
    yield from (f"np.sum({random_code(rng, rng.choice([1, 2, 2, 3]))})" for _ in range(250))
    for row in rows(TABLES[1]):
        words = set(re.findall(r"(?<![\w.])(\w+)\.", row.text)) - {"np"}
        if "np." in row.text and "\n" not in row.text and not words & {"torch", "F", "jnp", "scipy", "special"}:
            yield row.text


def in_numpy(code: str, values: dict[str, object]) -> np.ndarray | None:
    """The value of the code, None where NumPy has none or other names are needed."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(eval(code, {"np": np, **values}), dtype=float)
    except (NameError, TypeError, ValueError, SyntaxError, AttributeError, np.linalg.LinAlgError):
        return None


@sweep(4)
@pytest.mark.parametrize("code", list(codes()))
def test_what_is_read_has_the_value_of_the_code(code: str) -> None:
    try:
        f = mc.parse(code)
    except MatcalcError:
        return
    rng = np.random.default_rng(1)
    sizes: dict[str, int] = {}
    values: dict[str, object] = {}
    for name, declared in f.declarations.items():
        if declared.kind == "function":
            return
        for size in (n for d in declared.shape for n in d.names):
            sizes.setdefault(size, len(sizes) % 6 + 2)
        array = rng.uniform(0.5, 1.5, [d.evaluate(sizes) for d in declared.shape])
        values[name] = (
            np.float64(array.item())
            if declared.kind == "scalar"
            else array[:, 0]
            if declared.kind == "vector"
            else array
        )
    expected = in_numpy(code, values)
    if expected is not None:
        with np.errstate(all="ignore"):
            found = np.asarray(mc.compile(f, target="numpy", checks=False)(**values), dtype=float)
        assert found.squeeze().shape == expected.squeeze().shape
        assert np.allclose(found.squeeze(), expected.squeeze(), equal_nan=True)


def test_axes_that_make_no_difference_are_no_question() -> None:
    """p was taken for an array, and is a number."""
    assert mc.equal("torch.sum(torch.abs(x) ** p) ** (1 / p)", "sum(abs(x).^p)^(1/p) where p: scalar, x: vector(n)")


def test_code_is_read_anew_with_the_axes_that_fit() -> None:
    f = mc.parse("np.sum(np.sum(x, axis=0) + theta @ w)")
    assert [str(d) for d in f.declarations.values()] == ["x: matrix(m, n)", "theta: matrix(n, k)", "w: vector(k)"]
    assert "theta is read as a matrix" in " ".join(map(str, f.notes))


def test_two_choices_of_axes_are_a_question() -> None:
    code = "np.sum(np.dot(s @ a @ (A - b), (s @ theta) * (A @ b)))"
    with pytest.raises(
        ShapeError, match="s a vector and theta a vector, or with s a matrix and theta a matrix"
    ) as caught:
        mc.parse(code)
    assert len(caught.value.fixed) == 2
    for text in caught.value.fixed:
        mc.parse(text)


def test_parts_whose_axes_are_not_clear_are_refused() -> None:
    with pytest.raises(ShapeError, match="the axes of B are not clear") as caught:
        mc.parse("np.sum(np.linalg.norm(B, axis=0) @ np.outer(B, B))")
    assert caught.value.span is not None


def test_declared_matrices_of_one_row_have_two_axes() -> None:
    f = mc.parse("max(A, s) .* mean(B, 1)", "A: matrix(1, n), s: scalar, B: matrix(2, n)")
    assert f.node is mc.parse("max(A, s) .* (ones(2)^T B) / 2", f.declarations).node


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("np.sum(x) @ w", "no product @"),
        ("np.linalg.norm(np.sum(X, axis=1), axis=1)", "no such axis"),
        ("np.sum(np.sum(x), axis=0)", "no such axis"),
        ("np.sum(A @ np.mean(B, axis=0, keepdims=True))", "does not fit"),
        ("np.dot(x, y.T) + np.sum(z)", "outer"),
        ("np.diag(x[:, None])", "diagonal"),
        ("np.outer(x, np.sum(y))", "two arrays"),
    ],
)
def test_what_numpy_refuses_is_refused(code: str, said: str) -> None:
    with pytest.raises(MatcalcError, match=said):
        mc.parse(code)


def test_claims_stay_at_their_places() -> None:
    translation = translated("np.sum((X @ w - y)**2) / len(y)")
    assert translation is not None
    said = {translation.text[c.start : c.end]: c.axes for c in translation.claims}
    assert said["X"] == "m" and said["X @ w"] == "v" and said["sum((X @ w - y).^2)"] == ""
