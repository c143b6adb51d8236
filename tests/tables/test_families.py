"""Formulas with indices: value and derivatives of compiled code against JAX.

Each function in JAX is written from what the formula means, with loops or einsum, and JAX differentiates it by every variable.
The suite takes a slice of the rows, and the derivative by one variable; `python -m tests.tables.test_families` takes all of both.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from tests.machine import library, long

jax = library("jax")

from tests.fuzz.points import projected  # noqa: E402
from tests.tables import families, families_more  # noqa: E402

ROWS = (*families.ROWS, *families_more.ROWS)


class Sizes(dict[str, int]):
    """Of the sizes that a formula has together few are equal; what is not named here is 3."""

    def __missing__(self, name: str) -> int:
        return 3


SIZES = Sizes({"N": 5, "T": 5, "n": 4, "K": 3, "m": 3, "k": 2, "p": 2, "d": 2, "D": 2, "q": 5, "V": 4, "R": 2})


def test_there_are_enough_rows() -> None:
    assert len(ROWS) >= 200
    assert len({row[0] for row in ROWS}) == len(ROWS)


@long
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_against_jax(row: families.Row) -> None:
    differ = differences(row, [row[2]])
    assert not differ, differ


def differences(row: families.Row, wrt: Iterable[str] | None = None) -> list[str]:
    """What of value and derivatives by these variables, or by all, is not what JAX finds."""
    _, text, _, where, value = row
    f = mc.parse(text, where or None)
    names = [known_as(f, name) for name in wrt or f.declarations]
    function = mc.compile([f, *(mc.gradient(f, name) for name in names)], target="numpy")
    keys = [parameter(name) for name in names]
    arrays, wanted = reference(f, value, keys)
    found = function(**{n: a for n, a in arrays.items() if n in function.parameters}, **sizes_of(f, function))
    return [
        f"{name}: {np.asarray(a).tolist()} is not {np.asarray(b).tolist()}"
        for name, a, b in zip(["value", *names], found, wanted, strict=True)
        if np.shape(a) != np.shape(b) or not np.allclose(a, b, rtol=1e-8, atol=1e-9 * (1 + np.abs(b).max()))
    ]


def known_as(f: mc.Expr, name: str) -> str:
    """The name that a variable has among the declarations: X for x_i, y_hat for \\hat{y}."""
    mark = re.fullmatch(r"\\(\w+)\{(\w+)\}", name)
    spelled = f"{mark[2]}_{mark[1]}" if mark else name.lstrip("\\")
    near = [n for n in f.declarations if n in (spelled, f"{spelled}_all") or n.casefold() == spelled.casefold()]
    return spelled if spelled in near else near[0]


def parameter(name: str) -> str:
    return f"{name}_" if name == "lambda" else name


def sizes_of(f: mc.Expr, function: Any) -> dict[str, int]:
    """The sizes that no argument shows."""
    names = {parameter(name) for name in f.declarations}
    return {name: SIZES[name] for name in function.parameters if name not in names}


def reference(f: mc.Expr, value: Any, keys: list[str]) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
    """A point at which the formula is defined, its value there, and its derivatives."""
    for arrays in points(f):
        wanted = value(**arrays)
        if np.isfinite(wanted):
            gradients = jax.grad(lambda some, arrays=arrays: value(**{**arrays, **some}))({k: arrays[k] for k in keys})
            if all(np.isfinite(g).all() for g in gradients.values()):
                kinds = {parameter(n): d.kind for n, d in f.declarations.items()}
                return arrays, [np.asarray(wanted), *(within(kinds[k], np.asarray(gradients[k])) for k in keys)]
    raise AssertionError("the function in JAX is defined nowhere")


def within(kind: str, gradient: np.ndarray) -> np.ndarray:
    """The gradient within the space of a symmetric, definite or diagonal variable."""
    return projected(kind, gradient) if gradient.ndim == 2 else gradient


def points(f: mc.Expr) -> Iterator[dict[str, np.ndarray]]:
    """Values of any sign first, then positive ones, those below 1, and for square matrices definite ones."""
    sets = set(re.findall(r"\\in\s*\\?(?:mathcal)?\W*(\w+)", f.text or ""))
    for k in range(60):
        rng = np.random.default_rng(k)
        yield {parameter(n): drawn(d, n in sets, k % 4, rng) for n, d in f.declarations.items()}


def drawn(declared: Any, is_set: bool, sort: int, rng: np.random.Generator) -> np.ndarray:
    shape = [d.evaluate(SIZES) for d in declared.axes]
    a = rng.standard_normal(shape) if sort == 0 else rng.uniform(0.2, 0.8 if sort > 1 else 2.0, shape)
    if is_set:
        a = np.round(rng.uniform(0, 1, shape))
    if declared.kind in ("spd", "symmetric") or (sort == 3 and len(shape) > 1 and shape[-2] == shape[-1] > 1):
        a = a @ np.swapaxes(a, -1, -2) + np.eye(shape[-1])
    if declared.kind == "diagonal":
        a = np.diag(np.diag(a) ** 2)
    return np.abs(a) + 0.1 if "positive" in declared.assumptions else a


def main() -> int:
    """The derivatives of every row by all of its variables."""
    wrong = 0
    for row in ROWS:
        try:
            differ = differences(row)
        except Exception as error:
            differ = [str(error)]
        wrong += bool(differ)
        for line in differ:
            print(f"{row[0]}: {line}"[:600])
    print(f"{len(ROWS)} formulas, {wrong} with another value or derivative")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
