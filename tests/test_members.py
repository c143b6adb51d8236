"""Derivatives by one member of a family: the parts of that by all of them."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate

SIZES = {"n": 4, "m": 3, "d": 3, "K": 3, "k": 2, "T": 4, "N": 4}


@pytest.mark.parametrize(
    ("text", "member", "array", "shown"),
    [
        ("sum_{i,j} W_ij ||x_i - y_j||^2", "x_k", "X", None),
        (r"\sum_i \log \sum_k \pi_k \exp(-\frac12 \|x_i-\mu_k\|^2)", "mu_k", "mu", None),
        (r"\sum_{i<j} \log(1 + e^{s_i - s_j})", "s_k", "s", None),
        (r"\sum_{i<j} \frac{1}{\|x_i - x_j\|}", "x_k", "X", None),
        (r"\sum_{t=1}^{T-1} \|x_{t+1} - A x_t\|^2", "x_k", "X", None),
        (r"\sum_i p_i \log p_i where p: vector(n, positive)", "p_k", "p", "1 + log(p_k)"),
        (r"\sum_k \operatorname{tr}(A_k B A_k^\top) where A_k: matrix(m, d), B: matrix(d, d)", "A_j", "A", None),
        (r"\sum_{i,j} (R_{ij} - W_{ij})^2", "W_kl", "W", None),
    ],
)
def test_the_derivative_by_a_member_is_its_part(text: str, member: str, array: str, shown: str | None) -> None:
    f = mc.parse(text)
    part, whole = mc.gradient(f, member), mc.gradient(f, array)
    assert shown is None or str(part) == shown
    rng = np.random.default_rng(3)
    values = {
        name: np.abs(rng.normal(size=tuple(dim.evaluate(SIZES) for dim in d.shape))) + 0.1
        for name, d in f.declarations.items()
    }
    found, expected = (evaluate(x.node, values, SIZES) for x in (part, whole))
    assert found.reshape(expected.shape) == pytest.approx(expected)
    given = {name: _as_given(f, name, x) for name, x in values.items()}
    assert np.reshape(mc.compile(part)(**given, **_sizes_left(text)), expected.shape) == pytest.approx(expected)


def _sizes_left(text: str) -> dict[str, int]:
    """What the arrays do not tell: how many blocks stand below each other."""
    return {"K": SIZES["K"]} if "A_k" in text else {}


def _as_given(f: mc.Expr, name: str, x: np.ndarray) -> np.ndarray:
    return x[:, 0] if f.declarations[name].kind == "vector" else x.item() if x.size == 1 else x


def test_a_member_that_is_none_is_an_error() -> None:
    with pytest.raises(mc.MatcalcError, match="not a variable"):
        mc.gradient(r"\sum_i x_i^2", "z_k")
