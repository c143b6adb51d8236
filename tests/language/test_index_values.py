"""Indices that are compared, and sums that end where others begin: values against loops over what the indices stand for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import MatcalcError

N = 5

#: text of a sum of a_i b_j, the first values of i and j, and whether a pair of them is in the sum
SUMS: tuple[tuple[str, int, int, Callable[[int, int], bool]], ...] = (
    (r"\sum_{t=2}^n\sum_{s=1}^{t-1} a_t b_s", 2, 1, int.__gt__),
    (r"\sum_{t=2}^n\sum_{s<t} a_t b_s", 2, 1, int.__gt__),
    (r"\sum_{t=2}^n\sum_{s=1}^{t} a_t b_s", 2, 1, int.__ge__),
    (r"\sum_{t=3}^n\sum_{s=1}^{t-1} a_t b_s", 3, 1, int.__gt__),
    (r"\sum_{i=2}^n\sum_{j \ne i} a_i b_j", 2, 1, int.__ne__),
    (r"\sum_{i=2}^n\sum_{j=1}^n \mathbb 1[i = j] a_i b_j", 2, 1, int.__eq__),
    (r"\sum_{i=1}^{n-1}\sum_{j=i+1}^n a_i b_j", 1, 1, int.__lt__),
    (r"\sum_{i,j} \delta_{ij} a_i b_j", 1, 1, int.__eq__),
    (r"\sum_{i=1}^n\sum_{j=2}^{n+1} \delta_{ij} a_i b_j", 1, 2, int.__eq__),
    (r"\sum_{i=1}^{n-1}\sum_{j>i} a_i b_j", 1, 1, int.__lt__),
    (r"\sum_{i=1}^n\sum_{j=i}^n a_i b_j", 1, 1, int.__le__),
    (r"\sum_{i=1}^n\sum_{i' \ne i} a_i b_{i'}", 1, 1, int.__ne__),
    ("sum_{i=1}^n sum_{j=i+1}^n a_i b_j", 1, 1, int.__lt__),
    ("sum_i sum_{j>i} a_i b_j", 1, 1, int.__lt__),
    (r"\sum_{t=0}^n\sum_{s=0}^{t-1} a_t b_s", 0, 0, int.__gt__),
    (r"\sum_{t=0}^n\sum_{s<t} a_t b_s", 0, 0, int.__gt__),
    (r"\sum_{i=0}^n\sum_{j=i}^n a_i b_j", 0, 0, int.__le__),
    (r"\sum_{t=2}^n\sum_{s=0}^{t-1} a_t b_s", 2, 0, int.__gt__),
    (r"\sum_{i=0}^{n}\sum_{j=i+1}^n a_i b_j", 0, 1, int.__lt__),
)


@pytest.mark.parametrize(("text", "first", "second", "holds"), SUMS, ids=[row[0] for row in SUMS])
def test_pairs_of_indices(text: str, first: int, second: int, holds: Callable[[int, int], bool]) -> None:
    f = mc.parse(text)
    rng = np.random.default_rng(0)
    arrays = {
        name: rng.standard_normal(d.shape[0].evaluate(dict.fromkeys("nm", N))) for name, d in f.declarations.items()
    }
    found = mc.compile(f, target="numpy")
    value = found(**arrays, **dict.fromkeys(set(found.parameters) - set(arrays), N))
    used = [(i, j) for i in range(first, N + 1) for j in range(second, N + 1) if holds(i, j)]
    a, b = ({k + min(1, k0): x for k, x in enumerate(arrays[name])} for name, k0 in (("a", first), ("b", second)))
    assert np.isclose(value, sum(a[i] * b[j] for i, j in used))
    assert mc.check(f, "b")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\prod_{i<j}(x_j - x_i)", lambda x: np.prod([x[j] - x[i] for j in range(N) for i in range(j)])),
        (r"\prod_{i,j} (1 + x_i x_j)", lambda x: np.prod(1 + np.outer(x, x))),
        (r"\max_{i,j} (x_i - 2 x_j)", lambda x: x.max() - 2 * x.min()),
        (r"\sum_i x_i \prod_{j<i} (1 - x_j)", lambda x: sum(x[i] * np.prod(1 - x[:i]) for i in range(N))),
        (r"\sum_i x_i \sum_{j<i} x_j + 1", lambda x: sum(x[i] * x[:i].sum() for i in range(N)) + 1),
        (r"\sum_i x_i^2 - \prod_i \cos(x_i)", lambda x: (x**2).sum() - np.prod(np.cos(x))),
        (r"\sum_i x_i^2 - \max_i x_i", lambda x: (x**2).sum() - x.max()),
        (r"\sum_{i<j<k} x_i x_j x_k", lambda x: sum(x[i] * x[j] * x[k] for k in range(N) for j in range(k) for i in range(j))),
        ("sum_i log sum_{j>=i} exp(x_j) + 1", lambda x: sum(np.log(np.exp(x[i:]).sum()) for i in range(N)) + 1),
    ],
)  # fmt: skip
def test_one_family(text: str, value: Callable[[np.ndarray], float]) -> None:
    x = np.random.default_rng(1).standard_normal(N)
    assert np.isclose(mc.compile(text, target="numpy")(x=x), value(x))
    assert mc.check(text, "x")


def test_products_over_a_set_leave_out_what_is_not_in_it() -> None:
    f = mc.parse(r"\prod_{(i,j) \in E} a_{ij}")
    kept, a = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[2.0, 3.0], [5.0, 7.0]])
    assert np.isclose(mc.compile(f, target="numpy")(E=kept, a=a), 14)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (r"\sum_i \max_{j \ne i} x_j", "a maximum runs over all values of its index"),
        (r"\sum_{t=2}^T (y_t - \sum_{s=1}^{t-1} k_s y_{t-s})^2", "depends on the index"),
        (r"\sum_{k'} x_k", "the index k' does not occur"),
        (r"\sum_i x_{i'} x_i", "depends on the index i"),
    ],
)
def test_what_is_not_read(text: str, message: str) -> None:
    with pytest.raises(MatcalcError, match=message):
        mc.parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\sum_{i=2}^n \sum_{j<i} x_i y_j", lambda x, y: sum(x[i] * y[j] for i in range(N) for j in range(i))),
        (r"\sum_{i=2}^n \sum_{j<i} x_i x_j", lambda x, y: sum(x[i] * x[j] for i in range(N) for j in range(i))),
        (r"\sum_{i=1}^{n-1} \sum_{j>i} x_i x_j", lambda x, y: sum(x[i] * x[j] for j in range(N) for i in range(j))),
        (r"\sum_k x_k y_k (x_n - y_1)", lambda x, y: x @ y * (x[-1] - y[0])),
        (r"\max_k (x_k + x_n^2)", lambda x, y: x.max() + x[-1] ** 2),
    ],
)
def test_sums_over_some_of_the_members_that_are_declared(text: str, value: Callable[..., float]) -> None:
    f = mc.parse(text, where="x: vector(n), y: vector(n)")
    x, y = np.random.default_rng(6).standard_normal((2, N))
    function = mc.compile(f, target="numpy")
    assert np.isclose(function(**{n: a for n, a in (("x", x), ("y", y)) if n in function.parameters}), value(x, y))
    assert mc.check(f, "x")
