"""Linear systems of SciPy, PyTorch and TensorFlow whose matrix is a triangle or a product of triangles."""

from __future__ import annotations

from dataclasses import replace

from matcalc.language.foreign.code import Code, Fault, infix
from matcalc.language.foreign.common.functions import transposed
from matcalc.language.foreign.python.python_calls import Call
from matcalc.language.foreign.python_functions.python_libraries import path_of

__all__ = ["solved", "solved_by_factor", "solved_by_triangle"]


def solved(c: Call) -> Code:
    """solve(A, b)"""
    return _solution(*c.two(), c)


def solved_by_triangle(c: Call) -> Code:
    """solve_triangular(L, y, lower=True), torch.linalg.solve_triangular(L, Y, upper=False): of one triangle alone.

    Without a word of it the triangle is the upper one in SciPy and JAX, the lower one in TensorFlow; PyTorch asks for it.
    """
    matrix, right = c.two()
    if c.is_true("unit_diagonal", "unitriangular") or c.is_false("left"):
        raise Fault("only triangles with their own diagonal on the left are known here", c.span, "write inv(L) @ y")
    by_place = getattr(c.node(2), "value", None) == "T" or getattr(c.node(2), "value", None) in (1, 2)
    turned = by_place or c.word("trans", "0") in ("1", "2", "T", "C") or c.is_true("adjoint")
    triangle = replace(c.make("tril" if _is_lower(c) else "triu", replace(matrix, axes="m")), axes="m")
    return _solution(transposed(triangle, c.span) if turned else triangle, right, c)


def _is_lower(c: Call) -> bool:
    if "upper" in c.keywords:
        return c.is_false("upper")
    if "lower" in c.keywords:
        return c.is_true("lower")
    return c.name == "triangular_solve" or getattr(c.node(3), "value", None) is True


def solved_by_factor(c: Call) -> Code:
    """torch.cholesky_solve(B, L) and tf.linalg.cholesky_solve(L, B): (L L^T)^-1 B"""
    first, second = c.two()
    right, factor = (second, first) if path_of(c).startswith("tf.") else (first, second)
    factor = replace(factor, axes="m")
    factor = transposed(factor, c.span) if c.is_true("upper") else factor
    return _solution(replace(infix(factor, "@", transposed(factor, c.span)), axes="m"), right, c)


def _solution(matrix: Code, right: Code, c: Call) -> Code:
    return replace(c.make("solve", matrix, right), axes=right.kind)
