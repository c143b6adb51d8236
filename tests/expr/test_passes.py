"""Passes: a missing row names itself, and no depth of nesting is too much."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matcalc.expr import Node, apply, matmul, postorder, variable
from matcalc.expr.facts import DEFINITE, INVERTIBLE, ORTHOGONAL, SIGN, WHOLE
from matcalc.expr.node import make
from matcalc.expr.passes import PASSES, Always, Fold, MissingRow, rows_of
from matcalc.expr.supports import PATTERN, SUPPORT
from tests.machine import sweep, whole_sweeps

DEEP = 100_000 if whole_sweeps() else 20_000
A, B, v, x = (
    variable(name, shape) for name, shape in (("A", ("n", "n")), ("B", ("n", "n")), ("v", ("n", 1)), ("x", (1, 1)))
)
FACTS = (SIGN, DEFINITE, INVERTIBLE, ORTHOGONAL, WHOLE, PATTERN, SUPPORT)


def nested(step: Callable[[Node], Node], start: Node) -> Node:
    for _ in range(DEEP):
        start = step(start)
    return start


def test_missing_rows_are_named() -> None:
    depth: Fold[int] = Fold("depth of the test", rows_of("variable", Always(0)))
    PASSES.remove(depth)
    with pytest.raises(MissingRow, match="'depth of the test' has no row for the operator 'apply'"):
        depth(apply("sin", x))


@sweep(2)
@pytest.mark.parametrize(
    "build",
    [
        lambda: nested(lambda u: apply("sin", u), x),
        lambda: nested(lambda u: make("transpose", (u,), (), u.shape), A),
        lambda: nested(lambda u: make("add", (u, B), (1, 1), u.shape), A),
        lambda: nested(lambda u: make("diagonal", (make("diag", (u,), (), A.shape),), (), u.shape), v),
        lambda: matmul(*[A] * DEEP),
    ],
    ids=["functions", "transposes", "sums", "diagonals", "product"],
)
def test_facts_of_what_is_nested_deeply(build: Callable[[], Node]) -> None:
    deep = build()
    for fact in FACTS:
        for node in postorder(deep):
            node.cache.clear()
        fact(deep)
