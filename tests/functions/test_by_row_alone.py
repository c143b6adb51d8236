"""A function that is added by its row works everywhere: gd, the Gudermannian, which no other line of the package names.

A row that lacks a cell is refused, or the one question that needs the cell is, and the answer names it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from math import pi
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import UnsupportedError
from matcalc.functions import FUNCTIONS, Function
from matcalc.functions.making import SAME, always, bends
from matcalc.functions.properties import Inside
from matcalc.functions.spelling import MISSING, Spelling
from matcalc.functions.table import register, unregister
from matcalc.language import parsing
from matcalc.language.rows import templates
from matcalc.language.rows.definitions import USER_DEFINED
from tests.machine import program

SPELLED = Spelling(
    "{xp}.atan({xp}.sinh({0}))", "atan~(sinh~({0}))", "atan(sinh({0}))", "np.arctan(np.sinh({0}))",
    number="math.atan(math.sinh({0}))",
)  # fmt: skip
GD = Function(
    "gd", SAME, ("x",), "elementwise", "Gudermannian", derivatives=("1 / cosh(x)",), reference="DLMF 4.23.39",
    aliases=("gudermann",), range=Inside(-pi / 2, pi / 2), at_zero="0", parity="odd", inverse="none",
    monotone={"x": always("increasing")}, curvature={"x": bends("convex", 0, "concave")}, continuous=True,
    spelled=SPELLED, sympy="atan(sinh(x))", latex=r"\operatorname{gd}", numeric=lambda x: np.arctan(np.sinh(x)),
)  # fmt: skip
A, X = np.array([[0.3, -1.2], [2.0, 0.1], [0.4, 0.9]]), np.array([0.7, -0.4])


def gd(x: float) -> float:
    """By another formula, in many digits."""
    with mp.workdps(30):
        return float(2 * mp.atan(mp.tanh(mp.mpf(x) / 2)))


WANTED = np.array([gd(v) for v in A @ X])


def forget() -> None:
    templates.forget()
    parsing.forget()


@pytest.fixture
def added() -> Iterator[None]:
    register(GD)
    forget()
    yield
    unregister("gd")
    forget()


def added_with(**cells: Any) -> None:
    register(GD._replace(**cells))
    forget()


@pytest.fixture
def later() -> Iterator[None]:
    """For a row that the test adds itself."""
    yield
    if "gd" in FUNCTIONS:
        unregister("gd")
    forget()


with_gd = pytest.mark.usefixtures("added")


def test_no_line_of_the_package_names_it() -> None:
    package = Path(mc.__file__).parent
    assert not [path for path in package.rglob("*.py") if '"gd"' in path.read_text(encoding="utf-8")]


@with_gd
@pytest.mark.parametrize(
    "text",
    [
        "sum(gd(A x))", "sum(gudermann(A x))", r"\mathbf 1^\top \operatorname{gd}(A x)", r"\mathbf 1^\top \mathrm{gd}(A x)",
        "np.sum(gd(A @ x))", "sum(gd.(A * x))", "sum(gd(A %*% x))", "sum(gd(A*x))",
    ],
)  # fmt: skip
def test_it_is_read_in_every_dialect(text: str) -> None:
    wanted = mc.parse("sum(gd(A x))", "A: matrix(m, n), x: vector(n)")
    assert mc.parse(text, "A: matrix(m, n), x: vector(n)") == wanted


@with_gd
def test_it_is_simplified_by_its_cells() -> None:
    assert mc.parse("gd(-x)") == mc.parse("-gd(x)")
    assert mc.parse("gd(0 x)") == mc.parse("0 x")
    assert mc.equal("gd(s)", "2 atan(tanh(s / 2))", "s: scalar").verdict == "proved"
    assert mc.equal("gd(s)", "tanh(s)", "s: scalar").verdict == "refuted"


@with_gd
@pytest.mark.parametrize("order", range(1, 6))
def test_derivatives_of_any_order(order: int) -> None:
    f = mc.compile(mc.derivative(mc.parse("gd(s)", "s: scalar"), *["s"] * order))
    with mp.workdps(40):
        wanted = mp.diff(lambda t: 2 * mp.atan(mp.tanh(t / 2)), mp.mpf("0.7"), order)
    assert f(s=0.7) == pytest.approx(float(wanted), rel=1e-9)


@with_gd
def test_it_is_checked_and_explained() -> None:
    assert mc.check("sum(gd(A x))", "x")
    assert mc.check("sum(gd(A x))", "x", "x")
    assert mc.check("sum(gd(x))", "x", claim="1 ./ cosh(x)")
    assert not mc.check("sum(gd(x))", "x", claim="1 ./ sinh(x)")
    steps = str(mc.explain("sum(gd(A x))", "x"))
    assert "chain rule for gd: d gd(x) = (1 / cosh(x)) ⊙ dx [DLMF 4.23.39]" in steps


@with_gd
def test_it_is_written() -> None:
    f = mc.parse("sum(gd(A x))")
    assert str(f) == "sum(gd(A x))"
    assert r"\operatorname{gd}(A x)" in mc.latex(f)
    assert mc.parse(mc.latex(f)) == f
    assert r"\operatorname{gd}" in mc.latex(mc.parse(r"\sum_i a_i \operatorname{gd}(b_i^\top x)^3"))
    assert r"\operatorname{gd}" in mc.compile(f, target="latex").source


@with_gd
def test_sympy() -> None:
    sympy = pytest.importorskip("sympy")
    s = sympy.Symbol("s", real=True)
    assert mc.to_sympy(mc.parse("gd(s)", "s: scalar")).subs(sympy.Symbol("s", real=True), s) == sympy.atan(
        sympy.sinh(s)
    )
    assert mc.equal(mc.from_sympy(mc.to_sympy(mc.parse("gd(s)", "s: scalar"))), mc.parse("gd(s)", "s: scalar"))


@with_gd
@pytest.mark.parametrize("target", ["numpy", "array-api", "jax", "torch"])
def test_libraries(target: str) -> None:
    modules = {"array-api": "array_api_strict", "jax": "jax", "torch": "torch", "numpy": "numpy"}
    library = pytest.importorskip(modules[target])
    array = library.asarray if target != "jax" else library.numpy.asarray
    fn = mc.compile("gd(A x)", target=target)
    found = np.array(fn(A=array(A), x=array(X)))
    assert np.allclose(found, WANTED, rtol=1e-5)
    fn = mc.compile(mc.gradient("sum(gd(A x))", "x"), target=target)
    assert np.allclose(np.array(fn(A=array(A), x=array(X))), A.T @ (1 / np.cosh(A @ X)), rtol=1e-5)
    fn = mc.compile("gd(n) x where x: vector(n)", target=target)
    assert np.allclose(np.array(fn(x=array(X))), gd(2) * X, rtol=1e-5)


@with_gd
def test_matlab_and_julia() -> None:
    assert "atan.(sinh.(A * x))" in mc.compile("gd(A x)", target="julia").source
    assert "atan(sinh(A * x))" in mc.compile("gd(A x)", target="matlab").source


@with_gd
def test_octave_runs_it() -> None:
    source = mc.compile("gd(A x)", target="matlab").source
    call = f"{source}\nprintf('%.15g ', f([0.3, -1.2; 2, 0.1; 0.4, 0.9], [0.7; -0.4]))"
    out = subprocess.run([program("octave"), "--eval", call], capture_output=True, text=True, check=True, timeout=60)
    assert np.allclose([float(v) for v in out.stdout.split()], WANTED)


@with_gd
def test_it_is_listed() -> None:
    from click.testing import CliRunner

    from matcalc.command.program import main

    listed = CliRunner().invoke(main, ["functions"]).output
    assert "gd" in listed
    page = CliRunner().invoke(main, ["functions", "gd"]).output
    assert all(part in page for part in ("Gudermannian", "1 / cosh(x)", "DLMF 4.23.39", "gudermann"))


# --- cells that are missing ------------------------------------------------------------------------

EMPTY = {
    "signatures": (), "parameters": (), "summary": "", "reference": "", "derivatives": (), "sympy": "", "latex": "",
    "at_zero": "", "parity": "", "inverse": "", "range": None, "continuous": None, "spelled": None, "monotone": {},
    "curvature": {},
}  # fmt: skip


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("cell", EMPTY)
def test_a_row_without_a_cell_is_refused(cell: str) -> None:
    with pytest.raises(ValueError, match=rf"the row of gd has no .*\b{cell}\b"):
        register(GD._replace(**{cell: EMPTY[cell]}))
    assert "gd" not in FUNCTIONS


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("target", ["numpy", "array-api", "jax", "torch", "julia", "matlab"])
def test_a_target_without_a_word_says_so(target: str) -> None:
    cell = target.replace("-", "_")
    added_with(spelled=SPELLED._replace(**{cell: MISSING}), numeric=None)
    with pytest.raises(UnsupportedError, match=rf"(?s){target} has no gd.*spelled\.{cell}"):
        assert not mc.compile("gd(x)", target=target).source


@pytest.mark.usefixtures("later")
def test_without_a_value_a_check_says_so() -> None:
    added_with(numeric=None)
    with pytest.raises(UnsupportedError, match=r"(?s)the value of gd is not known.*cell numeric"):
        mc.check("sum(gd(x))", "x")


def test_every_row_of_the_table_is_complete() -> None:
    assert not {row.name: row.missing for row in FUNCTIONS.values() if row.missing}
    for row in (row for row in FUNCTIONS.values() if row.name not in USER_DEFINED):  # other tests may have defined some
        assert row.summary, row.name
        assert row.reference, row.name
        assert row.derivatives or row.differential or row.definition or row.derivative_of or row.kind == "name", (
            row.name
        )
