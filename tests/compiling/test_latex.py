"""The pseudo-code in LaTeX: some plans as they are printed, and balanced text for every case of the table."""

from __future__ import annotations

import re

import pytest

import matcalc as mc
from matcalc.compiling.targets.in_python.python import ROWS as PYTHON_ROWS
from matcalc.compiling.targets.latex import ROWS
from matcalc.errors import MatcalcError
from tests.compiling.cases import CASES
from tests.machine import sweep


def body(source: str) -> list[str]:
    """The lines between the ends of the environment."""
    lines = source.splitlines()
    return lines[lines.index(r"\begin{aligned}") + 1 : lines.index(r"\end{aligned}")]


#: What only code that is run takes small matrices of a stack apart into: readers get F^-1 and det(F).
CLOSED_FORMS = {"cofactors", "det_of_cofactors", "inverse_of_cofactors"}


def test_every_operator_has_a_row() -> None:
    assert PYTHON_ROWS.keys() - ROWS.keys() == CLOSED_FORMS


@pytest.mark.parametrize(
    ("text", "latex"),
    [("inv(F)", "F^{-1}"), ("det(F)", r"\det(F)"), ("logdet(F)", r"\log\det(F)"), ("adj(F)", r"\operatorname{adj}(F)")],
)
def test_stacks_of_small_matrices_are_not_taken_apart(text: str, latex: str) -> None:
    for size in (2, 3):
        f = mc.parse(text, where=f"F: matrix({size}, {size})")
        assert body(mc.compile(f, batch="F", target="latex").source) == [rf"\text{{result}} &= {latex}"]
        assert any(op in mc.compile(f, batch="F", target="numpy").source for op in CLOSED_FORMS)


@sweep(2)
@pytest.mark.parametrize(("text", "name"), CASES, ids=[text[:40] for text, _ in CASES])
def test_every_case_is_written(text: str, name: str) -> None:
    f = mc.parse(text)
    outputs = [f, mc.derivative(f, name), mc.derivative(f, name, name)]
    source = mc.compile(outputs, target="latex").source
    lines = body(source)
    code = "\n".join(lines)
    assert code.count("{") == code.count("}")
    assert code.count("(") == code.count(")")
    assert sorted(re.findall(r"\\begin\{(\w+)\}", code)) == sorted(re.findall(r"\\end\{(\w+)\}", code))
    assert "**" not in code and "None" not in code
    assert all(line.count("&=") == 1 for line in lines)
    defined: set[str] = set()
    for line in lines:
        left, right = line.split("&=")
        assert set(re.findall(r"\bt_\{\d+\}", right)) <= defined
        defined.add(left.strip())


def test_least_squares() -> None:
    f = "||A x - b||^2 where A: matrix(m, n), x: vector(n), b: vector(m)"
    source = mc.compile(mc.derivative(f, "x"), target="latex").source
    assert source.startswith("% The gradient by x.\n")
    assert body(source) == [r"\text{result} &= 2 (A^{\top} (A x - b))"]


def test_entrywise_products_are_bracketed_as_factors() -> None:
    f = mc.parse("((A .* B) ./ C) x where A: matrix(m, n), B: matrix(m, n), C: matrix(m, n), x: vector(n)")
    (line,) = body(mc.compile(f, target="latex").source)[-1:]
    assert r"\oslash C) x" in line
    assert r"\odot B x" not in line
    assert r"\oslash C x" not in line


def test_multiple_of_the_identity() -> None:
    f = mc.derivative("x^T x where x: vector(n)", "x", "x")
    assert body(mc.compile(f, target="latex").source) == [r"\text{result} &= 2 I_{n}"]


def test_names_are_set_as_everywhere() -> None:
    source = mc.compile(mc.parse("a^T Sigma_1 a where Sigma_1: spd(n), a: vector(n)"), target="latex").source
    assert r"\Sigma_{1}" in body(source)[-1]


def test_it_is_text() -> None:
    with pytest.raises(MatcalcError, match="cannot be run"):
        mc.compile(mc.parse("x^T x where x: vector(n)"), target="latex")(x=[1.0])
