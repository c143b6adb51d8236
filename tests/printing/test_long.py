"""Long results are one page: repeated parts are named, in every notation."""

from __future__ import annotations

import matcalc as mc
from benchmarks.derive import residual_net
from matcalc import printing
from matcalc.calculus import derive
from matcalc.language import limits


def test_a_deep_net_is_one_page() -> None:
    f, v = residual_net(20)
    g = derive(f, [v]).operator
    lines = printing.readable(g).splitlines()
    assert 10 < len(lines) < 70
    assert lines[1].startswith("where u_1 = ")
    assert all("u_" in line for line in lines)


def test_a_very_deep_net_is_written_in_linear_length() -> None:
    f, v = residual_net(120)
    with limits.using(seconds=0):
        text = mc.Expr(derive(f, [v]).operator).latex()
    assert text.startswith(r"\begin{aligned}") and r"\text{where }" in text
    assert len(text) < 400_000  # written out, it would be longer than memory


def test_short_results_stay_in_one_piece() -> None:
    assert printing.readable(mc.gradient("||A x - b||^2", "x").node) == "2 A^T (A x - b)"
    assert "aligned" not in mc.gradient("||A x - b||^2", "x").latex()


def test_names_avoid_those_of_the_expression() -> None:
    f = mc.parse("||W2 tanh(W1 tanh(W0 (u_1 + tanh(W3 u_1)))) - y||^2 where u_1: vector(n)")
    short = printing.abbreviate(mc.hessian(f, "W3").operator.node)
    assert short.definitions and "u_1" not in {name.data[0] for name, _ in short.definitions}
