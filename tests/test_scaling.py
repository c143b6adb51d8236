"""Derivation costs grow with the DAG, not with the tree: counted in nodes and operands, never in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest

import matcalc as mc
from benchmarks.derive import chain, residual_net
from matcalc.calculus import adjoint, derive, differential
from matcalc.checking.values.evaluate import evaluate
from matcalc.expr import Node, apply, perturbation, postorder, variable
from matcalc.simplify import simplify


def gradient_of(f: Node, v: Node) -> Node:
    dv = perturbation(v)
    return adjoint(differential(f, {v: dv}), dv)


@pytest.mark.parametrize("build", [chain, residual_net])
def test_gradients_grow_linearly(build: object) -> None:
    assert callable(build)
    sizes = [len(postorder(gradient_of(*build(n)))) for n in (20, 40, 80)]
    assert sizes[2] - sizes[1] <= 2.1 * (sizes[1] - sizes[0])


def nested(name: str, n: int) -> tuple[Node, Node]:
    """f(f(… f(x)))"""
    u = x = variable("x", (1, 1))
    for _ in range(n):
        u = apply(name, u)
    return u, x


def operands(node: Node) -> int:
    return sum(len(part.args) for part in postorder(node))


@pytest.mark.parametrize(
    ("name", "order"), [("sin", 1), ("sin", 2), ("tanh", 1), ("tanh", 2), ("log", 1), ("log", 2), ("exp", 1)]
)
def test_derivatives_of_nested_functions_grow_linearly(name: str, order: int) -> None:
    """By the chain rule the derivative of each function has one factor more than that of the one inside, and shares the others."""
    counts = []
    for n in (50, 100, 200):
        f, x = nested(name, n)
        for _ in range(order):
            f = gradient_of(f, x)
        counts.append(operands(f))
    assert counts[2] - counts[1] <= 2.1 * (counts[1] - counts[0])


def calls(work: Callable[[], object]) -> int:
    """How often a function is called, of Python's own ones, too."""
    found = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal found
        found += event.endswith("call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def test_texts_of_nested_powers_take_linear_time() -> None:
    """((s^2 + s)^2 + s)^2: the names that decide the order of terms are not looked for down to the innermost one."""

    def count(n: int) -> int:
        u = s = mc.parse("s", "s: scalar")
        for _ in range(n):
            u = u**2 + s
        return calls(u.__str__)

    count(20)  # what is computed once is no part of it
    counts = [count(n) for n in (60, 120, 240)]
    assert counts[2] - counts[1] <= 2.8 * (counts[1] - counts[0])  # n² would have 4


def powers(n: int) -> mc.Expr:
    """((x^a)^b)^a …, which is no power of x where x may be negative"""
    u, exponents = mc.parse("x", "x: scalar"), (mc.parse("a", "a: scalar"), mc.parse("b", "b: scalar"))
    for k in range(n):
        u = u ** exponents[k % 2]
    return u


def test_powers_of_powers_take_linear_time() -> None:
    """A power that stays is not built again, with all that it is a power of."""
    powers(20)
    counts = [calls(lambda n=n: powers(n)) for n in (40, 80, 160)]  # type: ignore[misc]
    assert counts[2] - counts[1] <= 2.8 * (counts[1] - counts[0])  # n² would have 4


def test_a_deep_net_is_derived_simplified_and_evaluated() -> None:
    f, v = residual_net(160)
    g = derive(f, [v]).operator
    assert simplify(g) is not None
    rng = np.random.default_rng(0)
    values = {
        n.data[0]: rng.standard_normal((4, 1 if n.is_column else 4)) * 0.1 for n in postorder(f) if n.op == "variable"
    }
    at = evaluate(g, values, {"n": 4})
    e = rng.standard_normal((4, 4))
    h = 1e-6
    up, down = (evaluate(f, {**values, "W_0": values["W_0"] + s * h * e}, {"n": 4}).item() for s in (1, -1))
    assert np.isclose(np.sum(at * e), (up - down) / (2 * h), rtol=1e-6)


def compiled_net(n: int) -> mc.CompiledFunction:
    """The value of a residual net and its gradient by the first layer."""
    x, *weights = mc.symbols(", ".join(["x: vector(n)", *(f"W_{i}: matrix(n, n)" for i in range(n))]))
    out = x
    for w in weights:
        out = out + np.tanh(w @ out)
    net = out.T @ out
    return mc.compile([net, mc.gradient(net, "W_0")], target="numpy")


def test_deep_nets_compile_in_linear_time_to_linear_code() -> None:
    """Each sum of layers goes on from the one before: neither plan nor text has a term for every pair of layers."""
    found = [compiled_net(3)]
    counts = [calls(lambda n=n: found.append(compiled_net(n))) for n in (5, 10, 20)]  # type: ignore[misc]
    assert counts[2] - counts[1] <= 2.8 * (counts[1] - counts[0])  # n² would have 4
    *_, shallow, deep = found
    assert deep.flops(n=10) <= 2.1 * shallow.flops(n=10)
    assert len(deep.source) <= 2.3 * len(shallow.source)


def test_a_compiled_deep_net_has_the_values_of_its_loop() -> None:
    layers, rng = 24, np.random.default_rng(0)
    data = {f"W_{i}": rng.standard_normal((3, 3)) * 0.3 for i in range(layers)}
    x = rng.standard_normal(3)

    def net(w: np.ndarray) -> float:
        out = x
        for i in range(layers):
            out = out + np.tanh((w if i == 0 else data[f"W_{i}"]) @ out)
        return float(out @ out)

    value, gradient = compiled_net(layers)(**data, x=x)
    e, h = rng.standard_normal((3, 3)), 1e-6
    slope = (net(data["W_0"] + h * e) - net(data["W_0"] - h * e)) / (2 * h)
    assert np.isclose(value, net(data["W_0"]), rtol=1e-12)
    assert np.isclose(np.sum(gradient * e), slope, rtol=1e-6)
