"""How derivation grows with the size of the function: time and nodes from N to 160, as ratios.

python benchmarks/derive.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np

from matcalc.calculus import adjoint, differential
from matcalc.checking.values.evaluate import evaluate
from matcalc.expr import Node, apply, matmul, perturbation, postorder, trace, transpose, variable

LAYERS = (10, 20, 40, 80, 160)
REPETITIONS = 5


def chain(n: int) -> tuple[Node, Node]:
    """tr(A_1 X A_2 X … A_n X)"""
    x = variable("X", ("n", "n"))
    parts = [p for i in range(n) for p in (variable(f"A_{i}", ("n", "n")), x)]
    return trace(matmul(*parts)), x


def residual_net(n: int) -> tuple[Node, Node]:
    """‖x_n‖² with x_{i+1} = x_i + tanh(W_i x_i), by W_0"""
    x = variable("x", ("n", 1))
    first = variable("W_0", ("n", "n"))
    for i in range(n):
        w = first if i == 0 else variable(f"W_{i}", ("n", "n"))
        x = x + apply("tanh", matmul(w, x))
    return matmul(transpose(x), x), first


def derive(build: Callable[[int], tuple[Node, Node]], n: int) -> tuple[float, int, int, float]:
    """(seconds, nodes of f, nodes of the gradient, seconds to evaluate the gradient once)"""
    times = []
    for _ in range(REPETITIONS):
        f, v = build(n)
        dv = perturbation(v)
        start = time.perf_counter()
        g = adjoint(differential(f, {v: dv}), dv)
        times.append(time.perf_counter() - start)
    values = {
        node.data[0]: np.random.default_rng(0).standard_normal((8, 8 if not node.is_column else 1)) * 0.1
        for node in postorder(f)
        if node.op == "variable"
    }
    start = time.perf_counter()
    evaluate(g, values, {"n": 8})
    return statistics.median(times), len(postorder(f)), len(postorder(g)), time.perf_counter() - start


def main() -> None:
    """Print one table for each family."""
    for name, build in (("tr(A_1 X … A_N X)", chain), ("residual net", residual_net)):
        print(f"{name}\n   N   derive ms   ratio   nodes f   nodes G   ratio   evaluate ms")
        before: tuple[float, int] | None = None
        for n in LAYERS:
            seconds, size, result, evaluation = derive(build, n)
            ratios = (f"{seconds / before[0]:.1f}", f"{result / before[1]:.1f}") if before else ("", "")
            print(
                f"{n:4} {seconds * 1e3:11.2f} {ratios[0]:>7} {size:9} {result:9} {ratios[1]:>7} {evaluation * 1e3:13.1f}"
            )
            before = (seconds, result)
        print()


if __name__ == "__main__":
    main()
