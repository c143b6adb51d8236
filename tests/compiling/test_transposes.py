"""What is known transposed or negated is computed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.compiling.passes.transposes import shared
from matcalc.compiling.planning.program import Axes, Program, Value, needed
from matcalc.expr import Dim

n = Dim.of("n")
rng = np.random.default_rng(7)


def planned(text: str, *names: str) -> tuple[Any, Counter[str]]:
    """Value and gradients as one function, and how often each function of entries stands in its plan."""
    f = mc.parse(text)
    function = mc.compile([f, *(mc.gradient(f, name) for name in names)], target="numpy")
    return function, Counter(v.data[0] if v.op == "function" else v.op for v in needed(function._plan) if v.rank > 1)


def test_distances_of_pairs_are_computed_once() -> None:
    """D_ij = D_ji: one Gram matrix, and one exponential."""
    function, count = planned(r"\sum_{i,j} a_i b_j \exp(-\gamma \|x_i - x_j\|^2)", "gamma", "a", "b")
    assert count["exp"] == 1
    X, a, b, gamma = rng.standard_normal((5, 3)), rng.standard_normal(5), rng.standard_normal(5), np.array(0.3)
    D = np.array([[((x - y) ** 2).sum() for y in X] for x in X])
    K = np.exp(-gamma * D)
    found = function(X=X, a=a, b=b, gamma=gamma)
    for one, other in zip(found, (a @ K @ b, -a @ (D * K) @ b, K @ b, K @ a), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_differences_of_pairs_are_negated_by_their_transposes() -> None:
    """beta_i - beta_j once, also where w_ij and w_ji stand beside it."""
    text = r"\sum_{i,j} w_{ij}\sin(\beta_i - \beta_j) + \sum_{i,j} w_{ij}(\beta_j - \beta_i)^3"
    function, count = planned(text, "beta")
    assert count["sin"] <= 1 and count["cos"] == 1
    w, beta = rng.standard_normal((4, 4)), rng.standard_normal(4)

    def value(beta: Any) -> float:
        return sum(w[i, j] * (np.sin(beta[i] - beta[j]) + (beta[j] - beta[i]) ** 3) for i in range(4) for j in range(4))

    found, slope = function(w=w, beta=beta)
    np.testing.assert_allclose(found, value(beta))
    steps = [1e-6 * e for e in np.eye(4)]
    np.testing.assert_allclose(slope, [(value(beta + e) - value(beta - e)) / 2e-6 for e in steps], rtol=1e-7)


def test_a_residual_is_taken_once_for_value_and_gradients() -> None:
    """y_ik - w_k^T x_i of the value is the transpose of that of one gradient, and the negative of the other."""
    _, count = planned(r"\sum_{k=1}^K\sum_{i=1}^n (y_{ik} - w_k^\top x_i)^2", "W", "X")
    assert count["matmul"] == 3


def random_program(start: int) -> tuple[Program, list[Value]]:
    """Entrywise operations, products and sums of two matrices and a vector, many of them equal up to transpose or sign."""
    draw = np.random.default_rng(start)
    p, square = Program(), (n, n)
    values = [p.input("A", square), p.input("B", square), p.leaf("eye", square)]
    for _ in range(25):
        a, b = (values[k] for k in draw.integers(len(values), size=2))
        made = STEPS[draw.integers(len(STEPS))](p, a, b, Fraction(int(draw.choice((-1, 1, 2)))))
        values.append(made)
    a, b, c, d = (values[k] for k in draw.integers(len(values), size=4))
    return p, [a, p.permute(b, (1, 0)), p.sum(c, (0,)), p.sum(d, (1,)), p.dot(c, d), p.matmul(p.sum(d, (0,)), a)]


def flipped(p: Program, a: Value) -> Value:
    return p.permute(a, (1, 0))


def vector(p: Program) -> Value:
    return p.input("c", (n,))


def column(p: Program) -> Value:
    return p.expand(vector(p), (True, False))


ONE = Fraction(1)
#: A value from two of them and a sign.
STEPS: tuple[Callable[[Program, Value, Value, Fraction], Value], ...] = (
    lambda p, a, b, c: flipped(p, a),
    lambda p, a, b, c: p.combine([(a, c)]),
    lambda p, a, b, c: p.combine([(a, ONE), (b, c)]),
    lambda p, a, b, c: p.combine([(a, c), (flipped(p, a), -c)]),
    lambda p, a, b, c: p.times(a, b),
    lambda p, a, b, c: p.matmul(a, flipped(p, a)),
    lambda p, a, b, c: p.matmul(a, b),
    lambda p, a, b, c: p.function("tanh", a),
    lambda p, a, b, c: p.function("relu", a),
    lambda p, a, b, c: p.function("abs", a),
    lambda p, a, b, c: p.function("max", a, b),
    lambda p, a, b, c: p.where(">", a, b, b, a),
    lambda p, a, b, c: p.combine([(column(p), c), (vector(p), -c)]),
    lambda p, a, b, c: p.times(a, column(p)),
    lambda p, a, b, c: p.times(a, vector(p)),
    lambda p, a, b, c: p.divide(a, p.combine([(p.number(3), ONE), (p.power(b, p.number(2)), ONE)])),
)


@pytest.mark.parametrize("start", range(60))
def test_values_stay(start: int) -> None:
    program, outputs = random_program(start)
    arrays = {name: rng.standard_normal(shape) for name, shape in (("A", (3, 3)), ("B", (3, 3)), ("c", (3,)))}
    before = computed(outputs, arrays)
    after = computed(shared(program, outputs), arrays)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def computed(outputs: list[Value], arrays: dict[str, Any]) -> list[Any]:
    """The outputs, each instruction by NumPy."""
    known: dict[Value, Any] = {}
    for v in needed(outputs):
        known[v] = one_instruction(v, [known[a] for a in v.args], arrays)
    return [known[v] for v in outputs]


def one_instruction(v: Value, args: list[Any], arrays: dict[str, Any]) -> Any:
    match v.op:
        case "input":
            return arrays[v.data[0]]
        case "number":
            return float(v.data[0])
        case "eye" | "zeros" as name:
            return np.eye(3) if name == "eye" else np.zeros(shape(v.axes))
        case "combine":
            return np.broadcast_to(sum(float(c) * a for c, a in zip(v.data, args, strict=True)), shape(v.axes))
    return BY_NUMPY[v.op](v.data, *args)


BY_NUMPY: dict[str, Callable[..., Any]] = {
    "times": lambda data, *args: np.prod(np.broadcast_arrays(*args), axis=0),
    "divide": lambda data, a, b: a / b,
    "power": lambda data, a: a ** float(data[0]),
    "function": lambda data, *args: FUNCTIONS[data[0]](*args),
    "where": lambda data, x, y, a, b: np.where(x > y, a, b),
    "permute": lambda data, a: a.transpose(data),
    "expand": lambda data, a: a[:, None],
    "matmul": lambda data, a, b: a @ b,
    "sum": lambda data, a: a.sum(data),
    "dot": lambda data, a, b: np.vdot(a, b),
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tanh": np.tanh,
    "abs": np.abs,
    "max": np.maximum,
    "relu": lambda x: np.maximum(x, 0),
}


def shape(axes: Axes) -> tuple[int, ...]:
    return tuple(3 if d == n else 1 for d in axes)
