"""Hostile texts of the kinds that people paste, and worse: each ends soon, in one message with status 2, or in an answer."""

from __future__ import annotations

import time

import pytest
from click.testing import CliRunner

from matcalc.command.program import main
from tests.machine import sweep

#: What nobody can differentiate; a row is the text and further arguments.
ERRORS: list[tuple[str, ...]] = [
    # unbalanced and cut off
    (r"\frac{\partial}{\partial X",),
    (r"\frac{\partial}{\partial} x^T x",),
    (r"\nabla",),
    (r"\nabla_ x^T x",),
    (r"\nabla_{} x^\top x",),
    (r"\nabla_{x y} x^\top y \nabla",),
    (r"\min_{x",),
    (r"\min_x",),
    (r"\arg\min",),
    (r"\text{s.t.} A x = b",),
    (r"\begin{cases} x & x > 0",),
    (r"\begin{cases} \end{cases}",),
    (r"\begin{aligned} f &= x^\top x \\ g &=",),
    (r"\left( x^\top x",),
    (r"x^\top x \right)",),
    (r"\begin{pmatrix} a & b \\ c",),
    (r"\frac{x^\top",),
    ("sum(x",),
    ("np.sum(",),
    ("np.linalg.(x)",),
    ("np.",),
    ("x.T.",),
    ("Tr[X",),
    ("Tr[X]]",),
    ("log.(x",),
    ("f(x) =",),
    ("= x^T x",),
    ("f(x) == x^T x",),
    ("f(x) = = x^T x",),
    ("f(x) = g(x) = ",),
    ("x^T A x = ",),
    ("where(x > 0, 1",),
    ("where(x > 0)",),
    ("where",),
    ("d/dx",),
    ("∂/∂x",),
    ("∇",),
    ("∇_x",),
    # definitions that lead nowhere
    ("x where x = x",),
    ("a^T x where a = b, b = a",),
    ("r^T r where r = A s, s = B r",),
    ("f where f = f(x)",),
    ("x^T y where y = x^T y",),
    ("f(x) = f(x)",),
    ("f(x) = f(x) + x^T x",),
    ("r^T r where r = A x - b, r = x",),
    ("x^T x where x: vector(n), x: matrix(n, n)",),
    ("x^T x where x: vector(n, n)",),
    ("x^T x where x: banana(n)",),
    ("x^T x where x: vector(n), x = y",),
    ("g(x) where g: function(",),
    ("g(x) where g: function -> ",),
    ("g(x) where g: function(vector(n)) -> banana",),
    ("g(x, y) where g: function(vector(n)) -> scalar",),
    ("g + x where g: function",),
    # contradictions of the text and the arguments
    (r"\nabla_x x^\top A x", "--wrt", "A"),
    (r"\frac{\partial}{\partial X} \operatorname{tr}(A X)", "--wrt", "A"),
    (r"\frac{d}{dx} x^\top x", "--wrt", "y"),
    (r"\min_x \|A x - b\|^2", "--wrt", "A"),
    (r"\frac{\partial^2}{\partial x^2} x^\top A x", "--order", "1"),
    (r"\nabla^2_x x^\top A x", "--wrt", "A"),
    (r"\nabla_z x^\top A x",),
    (r"\frac{\partial}{\partial q} \operatorname{tr}(A X)",),
    ("f(z) = x^T A x", "--wrt", "y"),
    ("x^T x", "--wrt", ""),
    ("x^T x", "--wrt", "x^T"),
    ("x^T x", "--wrt", r"\frac{x}{y}"),
    ("x^T x", "--wrt", "x)"),
    # several questions at once
    (r"x^\top x = y^\top y = z",),
    (r"f(x) = x^\top x, \quad g(y) = y^\top y",),
    (r"\nabla_x \nabla_y \nabla_z x",),
    (r"\frac{\partial f}{\partial x} \frac{\partial g}{\partial y}",),
    (r"\frac{\partial f}{\partial x} + x",),
    (r"\frac{dx}{dy}",),
    (r"\frac{d}{dx} \frac{d}{dy}",),
    ("x^T x; y^T y",),
    ("x^T x, y^T y",),
    # no mathematics
    ("",),
    (" \t\n",),
    ("$$",),
    ("$$ $$",),
    (r"\[ \]",),
    ("?",),
    ("the gradient of the loss",),
    ("please differentiate x^T A x for me",),
    ("<script>alert(1)</script>",),
    ("'; DROP TABLE x; --",),
    ("__import__('os').system('true')",),
    ("lambda: 0",),
    ("lambda: 1",),
    ("lambda: A",),
    ("λ: 0",),
    ("R: 5",),
    ("import numpy as np",),
    ("for i in range(3): x",),
    ("%s%s%n",),
    ("x\x00^T x",),
    ("x\x1b[31m^T x",),
    ("\u202ex^T x",),
    ("x\ufffd",),
    ("x\u0007",),
    ("💥",),
    ("x^💥",),
    ("x" + "\u0301" * 200,),
    # much of it
    (r"\nabla_x " * 400 + "x",),
    (r"\frac{\partial}{\partial x} " * 400 + r"x^\top x",),
    ("f(x) = " * 500 + "x^T x",),
    (r"\min_x " * 500 + r"x^\top x",),
    ("d/dx " * 500 + "x^T x",),
    ("g(" * 3000 + "x" + ")" * 3000,),
    (r"\begin{cases} " * 300 + "x" + r" \end{cases}" * 300,),
    ("where(" * 500 + "x > 0",),
    ("np." * 2000 + "x",),
    ("x" + ".T" * 4001 + " y,,",),
    ("x^T x where " + ", ".join(f"a{i} = a{(i + 1) % 300}" for i in range(300)),),
    ("=" * 5000,),
    ("_" * 5000,),
    ("\\" * 5000,),
    ("'" * 5000,),
    ("|" * 4999,),
    ("[" * 5000,),
    ("Tr[" * 2000 + "X" + "]" * 1999,),
    (r"\hat{\bar{\tilde{" * 300 + "x",),
    (r"x_{" * 500 + "i" + "}" * 499,),
    (r"\text{" * 500 + "if",),
    (r"\quad" * 3000,),
    ("&" * 3000,),
    (r"\\" * 3000,),
]  # fmt: skip


@sweep(12)
@pytest.mark.parametrize("arguments", ERRORS, ids=lambda a: ascii(a[0][:40]))
def test_one_message_and_status_2(arguments: tuple[str, ...]) -> None:
    start = time.process_time()
    result = CliRunner().invoke(main, ["diff", "--no-check", *arguments[1:], "--", arguments[0]])
    assert time.process_time() - start < 10
    assert result.exit_code == 2, result.output[:400]
    assert result.output.count("error: ") == 1
    assert "Traceback" not in result.output
    assert len(result.output) < 5000
    assert all(c.isprintable() or c == "\n" for c in result.output)
