"""Nested nodes, more than Python recurses into: whatever is asked of them has an answer or names the limit that it meets."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from functools import cache

import pytest

import matcalc as mc
from matcalc.api import verify
from matcalc.errors import LimitError
from matcalc.expr import apply, matmul, power, trace
from matcalc.language import limits
from tests.machine import sweep, whole_sweeps

#: Python recurses 1,000 times.
DEPTH, SECONDS = (100_000, 2.0) if whole_sweeps() else (1_200, 1.0)


def of_functions(depth: int = DEPTH) -> tuple[mc.Expr, str]:
    """sin(sin(… sin(s)))"""
    s = mc.parse("s", "s: scalar")
    node = s.node
    for _ in range(depth):
        node = apply("sin", node)
    return s.of(node), "s"


def of_powers() -> tuple[mc.Expr, str]:
    """((s^2 + s)^2 + s)^2 + …"""
    s = mc.parse("s", "s: scalar")
    node = s.node
    for _ in range(DEPTH // 2):
        node = power(node, 2) + s.node
    return s.of(node), "s"


def of_products() -> tuple[mc.Expr, str]:
    """tr(((A + B) A + B) A …)"""
    a, b = (mc.parse(name, f"{name}: matrix(n, n)") for name in "AB")
    node = a.node
    for _ in range(DEPTH // 2):
        node = matmul(node + b.node, a.node)
    return (a @ b).of(trace(node)), "A"


BUILT: dict[str, Callable[[], tuple[mc.Expr, str]]] = {
    f.__name__: cache(f) for f in (of_functions, of_powers, of_products)
}

# fmt: off
ASKED: dict[str, Callable[[mc.Expr, str], object]] = {
    "text":         lambda f, v: str(f),
    "LaTeX":        lambda f, v: mc.latex(f),
    "a notebook":   lambda f, v: f._repr_html_(),
    "repr":         lambda f, v: repr(f.node),
    "differential": mc.differential,
    "gradient":     mc.gradient,
    "derivative":   lambda f, v: str(mc.derivative(f, v)),
    "hessian":      mc.hessian,
    "code":         lambda f, v: mc.compile(f),
    "gradient's code": lambda f, v: mc.compile(mc.derivative(f, v)),
    "Julia":        lambda f, v: mc.compile(f, target="julia"),
    "check":        mc.check,
    "claim":        lambda f, v: mc.check(f, v, claim=f),
    "verify":       lambda f, v: verify(mc.derivative(f, v)),
    "simplify":     lambda f, v: f.simplify(),
    "equal":        lambda f, v: mc.equal(f, f + f),
    "explain":      lambda f, v: str(mc.explain(f, v)),
    "in full":      lambda f, v: str(mc.explain(f, v, detail="full")),
    "SymPy":        lambda f, v: mc.to_sympy(f),
    "objective":    lambda f, v: mc.objective(f, v, {}),
    "transpose":    lambda f, v: f.T,
    "negative":     lambda f, v: -f,
    "pickle":       lambda f, v: pickle.loads(pickle.dumps(f)),
}
# fmt: on


@sweep(15, smaller=True)
@pytest.mark.parametrize("build", BUILT)
@pytest.mark.parametrize("asked", ASKED)
def test_what_is_nested_deeply(asked: str, build: str) -> None:
    """A RecursionError, or an error that names no limit, fails."""
    with limits.using(seconds=SECONDS * 10):
        f, name = BUILT[build]()
    try:
        with limits.using(seconds=SECONDS):
            ASKED[asked](f, name)
    except LimitError as error:
        assert re.search(r"limit (of|is) .*\d", error.message), error


@pytest.mark.parametrize(
    "asked", ["text", "LaTeX", "differential", "check", "simplify", "transpose", "negative", "pickle"]
)
def test_what_takes_little_time_has_an_answer(asked: str) -> None:
    f, name = of_functions(1_200)
    with limits.using(seconds=20):
        assert ASKED[asked](f, name) is not None
