"""Sums stand as they were typed, and what is printed keeps its value."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.expr import content, postorder
from matcalc.printing.reading.spelling import Spelling


@pytest.mark.parametrize(
    ("text", "where", "wrt", "condition"),
    [
        ("||x - y||", "x: vector(n), y: vector(n)", "x", "x - y != 0"),
        ("(I - A)^-1 f", "A: matrix(n, n), f: vector(n)", "A", "I - A is invertible"),
        ("logdet(I - B)", "B: matrix(n, n)", "B", "I - B is invertible"),
        ("tr((A + X B)^-1)", "A: matrix(n, n), X: matrix(n, k), B: matrix(k, n)", "X", "A + X B is invertible"),
        (
            "c^T (s * I - A)^-1 b",
            "A: matrix(n, n), c: vector(n), b: vector(n), s: scalar",
            "A",
            "s I - A is invertible",
        ),
    ],
)
def test_conditions(text: str, where: str, wrt: str, condition: str) -> None:
    assert mc.derivative(text, wrt, where=where).conditions == (condition,)


@pytest.mark.parametrize(
    ("text", "where", "wrt", "latex"),
    [
        ("||x - y||", "x: vector(n), y: vector(n)", "x", r"\frac{x - y}{\lVert x - y \rVert}"),
        ("logdet(I - B)", "B: matrix(n, n)", "B", r"-(I - B)^{-\top}"),
    ],
)
def test_latex(text: str, where: str, wrt: str, latex: str) -> None:
    assert mc.latex(mc.gradient(text, wrt, where=where)) == latex


def test_respelled_expressions_leave_no_trace() -> None:
    """Nodes made for the printer never come back from a constructor of the engine."""
    f = mc.parse("logdet(I - A) + tr((I - A)^-1 B (I - A)) where A: matrix(n, n), B: matrix(n, n)")
    for node in (f.node, mc.gradient(f, "A").node, mc.hessian(f, "A").reading.operator):
        Spelling(f.sums).respelled(node)
        for part in postorder(node):
            assert part.T.T is part
            if part.op == "matpow":
                assert content(part.args[0])[0] == 1
            assert all(content(a)[0] == 1 for a in part.args if part.op == "matmul")


def test_expressions_of_python_keep_their_sums() -> None:
    f = mc.parse("x - y where x: vector(n), y: vector(n)")
    g = f.T * f
    assert str(mc.gradient(1 / (1 + g), "x")) == "-2 (x - y) / (1 + ||x - y||^2)^2"


def test_rows_of_matrices_that_begin_with_a_bracket() -> None:
    r"""TeX and the reader take ``[x]`` behind the two backslashes of a new row for a distance."""
    f = mc.parse("[x[1], y; x[2], y]", "x: vector(n), y: scalar")
    latex = mc.latex(f)
    assert r"\\ [" not in latex
    assert mc.parse(latex, "x: vector(n), y: scalar").node is f.node


@pytest.mark.parametrize(
    "text", ["[A * x; B * x]", "[s * y; A * x]", "||[A * x; B * x] - [y; z]||^2", "[s A, y; B, z]", "[s y; z]"]
)
def test_columns_of_products_are_read_back(text: str) -> None:
    """[A x; B y] might be a matrix of four entries, and is refused; in LaTeX & divides entries."""
    where = {
        "A": "matrix(m, n)",
        "B": "matrix(k, n)",
        "x": "vector(n)",
        "s": "scalar",
        "y": "vector(m)",
        "z": "vector(k)",
    }
    f = mc.parse(text, {name: kind for name, kind in where.items() if name in text})
    assert str(f) == text
    again = mc.parse(mc.latex(f), {name: kind for name, kind in where.items() if name in text})
    assert again.node is f.node
