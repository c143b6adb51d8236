"""What the language reads: `readings.txt` has one text a line, with its meaning and its variables."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from matcalc.checking.sampling import points
from matcalc.checking.values.evaluate import evaluate
from matcalc.checking.values.reference import reference_value, typed_order
from matcalc.expr import Dim
from matcalc.language import parse
from matcalc.printing import text

LINES = [
    line
    for line in Path(__file__).with_name("readings.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


@pytest.mark.parametrize("line", LINES)
def test_reading(line: str) -> None:
    source, _, rest = line.partition("  =>  ")
    expected, _, declared = rest.partition("  //  ")
    parsed = parse(source)
    assert text(parsed.node, exact=True) == expected
    assert "; ".join(map(str, parsed.declarations.values())) == declared


@pytest.mark.parametrize("line", LINES)
def test_what_is_built_has_the_value_of_what_was_typed(line: str) -> None:
    parsed = parse(line.partition("  =>  ")[0])
    dims = {name for node in typed_order(parsed.tree) for dim in node.shape for name in dim.names}
    dims |= {n for node in typed_order(parsed.tree) if isinstance(node.value, Dim) for n in node.value.names}
    for point in islice(points(parsed.declarations, dims, np.random.default_rng(1), dict.fromkeys(dims, 4)), 3):
        try:
            with np.errstate(all="ignore"):
                typed = reference_value(parsed.tree, point.values, point.sizes)
                built = evaluate(parsed.node, point.values, point.sizes)
        except (np.linalg.LinAlgError, ValueError):
            continue
        if typed.size and np.all(np.isfinite(typed)) and np.all(np.isfinite(built)):
            assert typed.shape == built.shape
            assert np.allclose(typed, built, rtol=1e-6, atol=1e-8 * (1 + np.abs(typed).max()))
            return


#: Spellings of one expression.
SAME = [
    ["tr(X^T A X)", "tr(X'*A*X)", "tr(X.T @ A @ X)", "tr(Xᵀ A X)", "trace(X^⊤ A X)", r"\operatorname{tr}(X^\top A X)"],
    [r"\mathrm{Tr}(X^{\mathsf T} A X)", r"\text{tr}\left(X^\intercal AX\right)", "$tr(X^T A X)$", "tr(X' A X)"],
    ["A B", "A * B", "A @ B", "A · B", r"A \cdot B", r"AB + 0 A B \,"],
    ["A .* B", "A ⊙ B", "A ∘ B", r"A \odot B", r"A \circ B"],
    ["A ./ B", "A ⊘ B", r"A \oslash B"],
    ["A ⊗ B", "kron(A, B)", r"A \otimes B"],
    ["X^-1", "X^{-1}", "X⁻¹", "inv(X)", r"\mathbf{X}^{-1}", "X**-1"],
    ["X^-T", "X^{-T}", "X⁻ᵀ", "inv(X)'", r"X^{-\top}", r"{X^{-1}}^{\mathsf{T}}", "X^(-T)"],
    ["X²", "X^2", "X**2", "X X", r"\mathbf{X}^2"],
    ["||x||^2", "‖x‖²", "‖x‖_2^2", "x' x", "norm2(x)^2", "norm(x)^2", "<x, x>", r"\lVert x \rVert_2^2", r"\|x\|^2_2", r"\left\| \bm{x} \right\|^2", "||x||_2^2", r"\langle x, x \rangle", "inner(x, x)"],
    ["‖X‖_F", "||X||", "norm2(X)", "‖X‖", r"\|X\|_F", r"\lVert X \rVert_{\mathrm{F}}", "||X||_fro"],
    ["‖X‖_2", "norm_spec(X)", r"\|X\|_2", r"\|X\|_{\text{op}}"],
    ["‖X‖_*", "norm_nuc(X)", r"\|X\|_*", r"\|X\|_{\ast}"],
    ["‖x‖_1", "norm1(x)", "||x||_1", "sum(abs(x))", r"\|x\|_1"],
    ["‖x‖_∞", "norm_inf(x)", "||x||_inf", "max(abs(x))", r"\|x\|_\infty"],
    ["A \\ b", "A^-1 b", "solve(A, b)"],
    ["x.^2", "x .^ 2", "x.**2", "x .* x", "pow(x, 2)", r"x^{\odot 2}", r"x^{\circ 2}"],
    ["Σ x", "Sigma x", r"\Sigma x", r"\boldsymbol{\Sigma} \mathbf{x}"],
    ["x_{ij}", "x_ij", r"\mathbf{x}_{ij}"],
    ["W₁ x", "W_1 x", "W_{1} x", r"\mathbf{W}_1 \mathbf{x}"],
    ["logdet(X)", "log(|X|)", r"\log\det X", r"\log\det(X)", r"\log|X|", r"\ln \det X", r"\log\lvert X \rvert"],
    ["1/2 x", "0.5 x", "x / 2", r"\frac12 x", r"\frac{1}{2} x", r"\tfrac{x}{2}", r"\frac{1}2 x", ".5x"],
    ["sum(x)", "ones(n)^T x where x: vector(n)", "vector(1)' x", r"\mathbf{1}^\top x", r"\sum_i x_i", r"\sum_{i=1}^n x_i where x: vector(n)"],
    ["sum(log(A x)) where A: matrix(m, n)", r"\sum_{i=1}^m \log(a_i^\top x) where A: matrix(m, n)"],
    ["||A x - b||^2", r"\sum_i (a_i^\top x - b_i)^2", r"\left\| Ax - b \right\|^2", r"\|\mathbf{Ax} - \mathbf{b}\|_2^2"],
    ["[A, B; C, D]", r"\begin{bmatrix} A & B \\ C & D \end{bmatrix}", r"\begin{pmatrix} A & B \\ C & D \\ \end{pmatrix}"],
    ["x^T A x", "quad(x, A)", r"x^{\rm T} A x", r"x' A x + 0 \alpha"],
    ["sqrt(x^T x)", "(x^T x)^(1/2)", "(x' x)^.5", r"\sqrt{x^\top x}", "||x||", "norm2(x)"],
    ["exp(-||x||^2)", r"\mathrm{e}^{-\|x\|^2}", r"\exp\left(-x^\top x\right)"],
    ["e(1, n)^T x where x: vector(n)", "x[1]", r"[x]_1", r"(x)_{1}"],
    ["X[1, 2]", r"[X]_{1,2}", r"(X)_{1, 2}", "e(1, m)' X e(2, n) where X: matrix(m, n)"],
    ["max(x, 0)", r"\max(0, x)", r"\max\{x, 0\}"],
    ["I + x x'", "eye(n) + x x^T where x: vector(n)", "I_n + x x^T where x: vector(n)", r"\mathbf{I} + xx^\top", r"\mathbb{I} + \mathbf{xx}^\top"],
    ["2.*x", "2 * x", "2x", "2. * x", "2 .* x"],
    ["unvec(vec(X), m, n) where X: matrix(m, n)", "X where X: matrix(m, n)"],
]  # fmt: skip


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_expression(spellings: list[str]) -> None:
    nodes = {source: parse(source).node for source in spellings}
    assert set(nodes.values()) == {nodes[spellings[0]]}, nodes
