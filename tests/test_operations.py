"""How the number of steps grows: definitions are expanded once, and what is shared is computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

import matcalc as mc
from matcalc import budget
from matcalc.errors import MatcalcError
from matcalc.language.rows.definitions import USER_DEFINED, undefine


@pytest.fixture(autouse=True)
def _without_definitions() -> Iterator[None]:
    yield
    for name in list(USER_DEFINED):
        undefine(name)


def steps(work: Callable[[], object]) -> int:
    """How many steps of the budget the work takes."""
    before = budget._steps
    work()
    return budget._steps - before


def doubling_where(levels: int) -> str:
    links = ", ".join(f"h_{i} = sin(h_{i + 1}) .* cos(h_{i + 1})" for i in range(levels))
    return f"sum(h_0) where {links}, h_{levels} = x"


def define_doubling(levels: int, link: str) -> None:
    mc.define("f_0(t) = sin(t)")
    for i in range(1, levels + 1):
        mc.define(f"f_{i}(t) = {link.replace('f(', f'f_{i - 1}(')}")


def test_a_chain_of_definitions_that_doubles_is_expanded_once() -> None:
    short = steps(lambda: mc.gradient(doubling_where(10), "x"))
    long = steps(lambda: mc.gradient(doubling_where(40), "x"))
    assert long < 40 * short


@pytest.mark.parametrize("link", ["f(t) * sin(f(t))", "f(t) + f(t)^2"])
def test_functions_of_functions_are_read_once(link: str) -> None:
    define_doubling(12, link)
    g = mc.gradient("sum(f_12(x))", "x")
    assert mc.check("sum(f_12(x))", "x", claim=g)
    assert steps(lambda: mc.parse("sum(f_12(x))")) < 2_000


def test_matrix_functions_of_functions_are_read_once() -> None:
    mc.define("g_0(S: matrix(n, n)) = S + S^T")
    for i in range(1, 25):
        mc.define(f"g_{i}(S: matrix(n, n)) = g_{i - 1}(S) + g_{i - 1}(S)")
    assert str(mc.gradient("tr(g_24(X))", "X")) == f"{2**25} I"


def test_a_function_that_is_defined_anew_may_not_lead_back_to_itself() -> None:
    mc.define("f(t) = t^2")
    mc.define("g(t) = f(t) + 1")
    with pytest.raises(MatcalcError, match="f is defined by functions that are defined by it"):
        mc.define("f(t) = g(t)")
    assert str(mc.gradient("sum(g(x))", "x")) == "2 x"
    mc.define("f(t) = t^3")
    assert str(mc.gradient("sum(g(x))", "x")) == "3 x.^2"
    assert mc.check("sum(g(x))", "x")
