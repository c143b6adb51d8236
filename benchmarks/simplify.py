"""How long simplification takes: on the tables of the tests, and as an expression grows.

python benchmarks/simplify.py
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import matcalc as mc
from matcalc.calculus import adjoint, differential
from matcalc.expr import Node, hadamard, matmul, perturbation, postorder, scale, trace, transpose, variable, variables
from matcalc.language import parse_pair
from matcalc.simplify import simplify
from tests.tables.identities import TRUE
from tests.test_main_job import SCALAR

#: Results that passes keep on nodes.
KEPT = ("simplified", "passed", "settled", "factored 0", "factored 1", "factored 2", "cost")


def cold(node: Node) -> Node:
    """The node without what earlier passes kept."""
    for part in postorder(node):
        for name in KEPT:
            part.cache.pop(name, None)
    return node


def milliseconds(node: Node) -> float:
    """One simplification from cold."""
    cold(node)
    start = time.perf_counter()
    simplify(node)
    return (time.perf_counter() - start) * 1e3


def table() -> list[tuple[str, Node]]:
    """Raw gradients of the main job, and both sides of the identities."""
    found: list[tuple[str, Node]] = []
    for text, wrt, where, *_ in SCALAR:
        f = mc.parse(text, where or None).node
        v = next(v for v in variables(f) if v.data[0] == wrt)
        dv = perturbation(v)
        found.append((f"gradient of {text}", adjoint(differential(f, {v: dv}), dv)))
    for left, right, where, _ in TRUE:
        found += [(text, side.node) for text, side in zip((left, right), parse_pair(left, right, where), strict=True)]
    return found


def growing(n: int) -> dict[str, Node]:
    """Families of expressions of size n."""
    a = [variable(f"A_{i}", ("n", "n")) for i in range(n)]
    x, y = variable("x", ("n", 1)), variable("y", ("n", 1))
    quadratic = sum((matmul(transpose(x), m, y) for m in a[1:]), start=matmul(transpose(x), a[0], y))
    shared = sum((matmul(a[0], m) for m in a[1:]), start=matmul(a[0], a[0]))
    weights = [scale(hadamard(matmul(transpose(x), m, x)), m) for m in a]
    return {
        "sum of n quadratic forms": quadratic,
        "n terms with one left factor": shared,
        "n weighted matrices": sum(weights[1:], start=weights[0]),
        "trace of a chain of n": trace(matmul(*a)),
    }


def main() -> None:
    """Print median and largest time over the table, and growth with size."""
    rows = [(milliseconds(node), name) for name, node in table()]
    times = sorted(t for t, _ in rows)
    print(
        f"{len(rows)} expressions: median {statistics.median(times):.2f} ms, 95 % {times[int(len(times) * 0.95)]:.2f} ms"
    )
    for t, name in sorted(rows)[-5:]:
        print(f"  {t:8.1f} ms  {name}")
    print("\nmilliseconds for size" + "".join(f"{n:>9}" for n in (5, 10, 20, 40, 80)))
    families = [growing(n) for n in (5, 10, 20, 40, 80)]
    for name in families[0]:
        print(f"{name:32}" + "".join(f"{milliseconds(f[name]):9.1f}" for f in families))


if __name__ == "__main__":
    main()
