"""The quality of plans: operations are counted, and the code is what one would write."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.values.evaluate import evaluate
from matcalc.compiling.planning.contracting.orders import Orders
from tests.compiling.cases import CASES

#: The gradient of a Cholesky factor solves triangular systems, which NumPy can only invert.
WITHOUT_TRIANGULAR_SOLVES = "chol"
SCALAR = [(t, n) for t, n in CASES if mc.parse(t).node.is_scalar and WITHOUT_TRIANGULAR_SOLVES not in t]
SIZES = {"m": 60, "n": 50, "p": 40, "q": 30, "k": 20}


@pytest.mark.parametrize(("text", "name"), SCALAR, ids=[c[0][:40] for c in SCALAR])
def test_cheap_gradient(text: str, name: str) -> None:
    """A function and its gradient take at most four times the operations of the function [Baur & Strassen 1983]."""
    f = mc.parse(text)
    alone = mc.compile(f).flops(**SIZES)
    both = mc.compile([f, mc.gradient(f, name)]).flops(**SIZES)
    entries = sum(math.prod(dim.evaluate(SIZES) for dim in d.shape) for d in f.declarations.values())
    assert both <= 4 * (alone + entries)


#: expression, variable, order, what the code holds, what it does not hold
CODE = (
    ("||A x - b||^2", "x", 1, "2 * A.T.dot(A.dot(x) - b)", "reshape"),
    ("x^T A x where A: matrix(n, n)", "x", 1, "A.T.dot(x)", "A + A.T"),
    ("||T - U V^T||_F^2 where T: matrix(m, n), U: matrix(m, k), V: matrix(n, k)", "U", 1, "V.T.dot(V)", "U.dot(V.T)"),
    ("y^T X^-1 y where X: matrix(n, n), y: vector(n)", "y", 0, "np.linalg.solve", "inv"),
    ("tr(D A) where D: diagonal(n), A: matrix(n, n)", "A", 0, "np.diagonal(A)", "np.vdot"),
    ("A diag(v) B where A: matrix(m, n), v: vector(n), B: matrix(n, k)", "v", 0, "* v", "np.diag"),
    ("tr(A B) where A: matrix(m, n), B: matrix(n, m)", "A", 0, "np.vdot", ".dot("),
    ("A B x where A: matrix(m, n), B: matrix(n, k), x: vector(k)", "x", 0, "A.dot(B.dot(x))", "A.dot(B)."),
    ("logsumexp(x)", "x", 0, ".max()", "logaddexp"),
    ("sum(log(1 + exp(x)))", "x", 0, "np.log1p", "np.exp(x)"),
    ("kron(eye(m), A) vec(X) where A: matrix(p, n), X: matrix(n, m)", "A", 0, "X.T.dot(A.T)", "np.kron"),
)


@pytest.mark.parametrize(("text", "name", "order", "holds", "lacks"), CODE, ids=[c[0] for c in CODE])
def test_code(text: str, name: str, order: int, holds: str, lacks: str) -> None:
    f = mc.parse(text)
    source = mc.compile(f if order == 0 else mc.derivative(f, *[name] * order)).source
    body = source[source.index('"""\n\n') :]
    assert holds in body
    assert lacks not in body


def test_value_and_gradient_share() -> None:
    f = mc.parse("sum(tanh(W X).^2) where W: matrix(m, n), X: matrix(n, k)")
    source = mc.compile([f, mc.gradient(f, "W")]).source
    assert source.count("np.tanh(") == 1


def test_deep_networks_stay_linear() -> None:
    """The gradient of a chain of layers is planned without recursion, in linear size."""
    text, where = "x", {"x": "vector(n)"}
    for layer in range(40):
        text = f"tanh(W_{layer} {text if layer == 0 else f'({text})'})"
        where[f"W_{layer}"] = "matrix(n, n)"
    f = mc.parse(f"sum({text})", where)
    fn = mc.compile(mc.gradient(f, "x"))
    assert fn.flops(n=10) < 40 * 3 * (2 * 100 + 40)


def test_common_pairs_of_long_chains_are_computed_once() -> None:
    """The gradient of tr(A_0 X A_1 X …) has as many chains as factors X; most of their products are shared."""
    length = 20
    where = {f"A_{i}": "matrix(n, n)" for i in range(length)} | {"X": "matrix(n, n)"}
    g = mc.gradient("tr(" + " ".join(f"A_{i} X" for i in range(length)) + ")", "X", where)
    fn = mc.compile(g)
    products = fn.flops(n=100) / (2 * 100**3)
    assert products < 150 < length * (2 * length - 2)
    rng = np.random.default_rng(0)
    values = {name: rng.standard_normal((4, 4)) / 2 for name in where}
    wanted = evaluate(g.node, values, {"n": 4})
    np.testing.assert_allclose(fn(**values), wanted, rtol=1e-9, atol=1e-12)


def test_long_chains_of_rectangles_compare_few_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step looks at the neighbours of what it made: twice the factors, twice the comparisons and not sixteen times."""
    compared = 0
    entries = Orders.entries

    def counted(self: Orders, indices: Iterable[int]) -> float:
        nonlocal compared
        compared += 1
        return entries(self, indices)

    monkeypatch.setattr(Orders, "entries", counted)
    counts = []
    for length in (20, 40):
        compared = 0
        chain = " ".join(f"A_{k}" for k in range(length))
        shapes = ", ".join(f"A_{k}: matrix(n_{k}, n_{k + 1})" for k in range(length))
        mc.compile(f"{chain} where {shapes}", target="numpy")
        counts.append(compared)
    assert 0 < counts[1] <= 2.5 * counts[0] and counts[1] < 20 * 40
