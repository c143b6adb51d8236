"""Perturbations beside variables that are called dx: another name, the same in every format and target."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

import matcalc as mc
from matcalc.command.program import main
from matcalc.expr.directions import direction_spellings, direction_symbol
from tests.machine import library

#: (name, index, variables, symbol)
SYMBOLS = [
    ("x", 0, ["x", "y"], "dx"),
    ("x", 2, ["x", "y"], "dx_2"),
    ("x", 0, ["x", "dx"], "delta_x"),
    ("x", 1, ["x", "dx"], "delta_x_1"),
    ("x", 0, ["x", "dx_1"], "delta_x"),
    ("x", 0, ["x", "dx_a"], "dx"),
    ("x", 0, ["x", "dx", "delta_x"], "Delta_x"),
    ("x", 0, ["x", "dx", "delta_x_3", "Delta_x", "epsilon_x"], "delta2_x"),
    ("dx", 0, ["x", "dx"], "ddx"),
    ("X", 0, ["X", "dx"], "dX"),
]


@pytest.mark.parametrize(("name", "index", "names", "symbol"), SYMBOLS)
def test_the_first_symbol_that_is_free(name: str, index: int, names: list[str], symbol: str) -> None:
    assert direction_symbol(name, index, names) == symbol
    assert direction_spellings(name, index, names)[0] == symbol


DX = "dx: vector(n), x: vector(n)"
DXX = "dX: matrix(n, n), X: matrix(n, n), C: matrix(n, n)"


def test_a_differential_tells_the_two_apart() -> None:
    d = mc.differential("dx^T x", "x", where=DX)
    assert str(d) == "dx^T delta_x"
    assert d.latex() == r"\mathit{dx}^{\top} \delta_{x}"
    fn = mc.compile(d)
    assert fn.parameters == ("dx", "delta_x")
    assert fn(dx=np.array([1.0, 2.0]), delta_x=np.array([3.0, 4.0])) == 11
    assert fn(dx=np.array([1.0, 2.0]), δx=np.array([3.0, 4.0])) == 11


@pytest.mark.parametrize("target", ["numpy", "array-api", "jax", "torch", "julia", "matlab", "latex"])
def test_every_target_has_two_parameters(target: str) -> None:
    source = mc.compile(mc.differential("tr(C dX X)", "X", where=DXX), target=target).source
    delta = r"\delta_{X}" if target == "latex" else "delta_X"
    assert delta in source and ("dX" in source)


def test_orders_and_formats() -> None:
    run = CliRunner().invoke
    args = ["diff", f"tr(C dX X^2) where {DXX}", "-w", "X", "-n", "2", "--no-check"]
    shown = {form: run(main, [*args, "-f", form]).output for form in ("text", "unicode", "latex", "mathml", "json")}
    assert "delta_X_1" in shown["text"] and "dX delta_X +" in shown["text"]
    assert "δX₁" in shown["unicode"] and "dX δX +" in shown["unicode"]
    assert r"\delta_{X, 1}" in shown["latex"] and r"\mathrm{d}X" not in shown["latex"]
    assert "<mi>δ</mi>" in shown["mathml"] and "<mi mathvariant='normal'>d</mi>" not in shown["mathml"]
    body = json.loads(shown["json"])
    assert "delta_X" in body["derivative"]["operator"] and "delta_X_1" in body["differential"]


def test_the_derivation_uses_the_same_name() -> None:
    derivation = mc.explain("dx^T x", "x", where=DX)
    assert str(derivation.steps[-2]) == "df = dx^T delta_x"
    for text in (derivation.latex(), derivation.html(), derivation.markdown()):
        assert r"\delta_{x}" in text or "<mi>δ</mi>" in text


CLAIMS = [
    ("dx^T x", DX, ["x"]),
    ("tr(C dX X^2)", DXX, ["X"]),
    ("tr(C dX X^2)", DXX, ["X", "X"]),
    ("dX X dX", DXX, ["X"]),
    ("dX X dX", DXX, ["dX"]),
    ("tr(dX X)", DXX, ["X", "dX"]),
]


@pytest.mark.parametrize(("text", "where", "wrt"), CLAIMS)
def test_what_is_printed_is_a_claim(text: str, where: str, wrt: list[str]) -> None:
    f = mc.parse(text, where)
    derivative = mc.derivative(f, *wrt)
    differential = derivative.differential
    shown = CliRunner().invoke(
        main, ["diff", text, "--where", where, *(a for w in wrt for a in ("-w", w)), "-f", "unicode", "--no-check"]
    )
    unicode = [
        line.split(None, 1)[1] for line in shown.output.splitlines() if line.startswith(("vec form", "gradient"))
    ]
    for claim in (str(derivative), derivative.latex(), str(differential), differential.latex(), *unicode):
        claim = claim.removeprefix("form").strip()
        assert mc.check(f, *wrt, claim=claim), claim


def test_sympy_has_two_symbols() -> None:
    library("sympy")
    assert str(mc.to_sympy(mc.differential("dX X", "X", where=DXX))) == "dX*delta_X"
