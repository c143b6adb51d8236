"""A scalar in front of an entrywise product or quotient stands without brackets, and is read back."""

from __future__ import annotations

import pytest

import matcalc as mc

WHERE = "A: matrix(m, n), B: matrix(m, n), x: vector(n), y: vector(n), z: vector(n), c: scalar, s: scalar"

ROWS = [
    # text, as printed
    ("2 * (x .* y)", "2 x .* y"),
    ("-2 * (x .* y)", "-2 x .* y"),
    ("c * (x .* y) / s", "c x .* y / s"),
    ("c * (1 ./ x)", "c ./ x"),
    ("2 * ((x - y) ./ z)", "2 (x - y) ./ z"),
    ("1/2 * (1 ./ sqrt(abs(x)))", "1 ./ (2 sqrt(abs(x)))"),
    ("(1 ./ x.^2) / sum(y)^2", "1 ./ (sum(y)^2 x.^2)"),
    ("(x ./ (y .* z)) / s", "x ./ (y .* z) / s"),
    ("3 * (x .* y ./ z) / 2", "3 x .* y ./ (2 z)"),
    ("(x^T y) * (1 ./ z)", "(x^T y) ./ z"),
    ("A (2 * (x .* y))", "2 A (x .* y)"),
    ("(A x) (c * (x ./ y))^T", "c A x (x ./ y)^T"),
    ("c * (A .* B) x", "c (A .* B) x"),
    ("y - 2 * (x .* y)", "y - 2 x .* y"),
    ("exp(2 * (x .* y))", "exp(2 x .* y)"),
    ("(2 * (x .* y) + z).^2", "(2 x .* y + z).^2"),
]


@pytest.mark.parametrize(("text", "printed"), ROWS)
def test_multiples(text: str, printed: str) -> None:
    f = mc.parse(text, WHERE)
    assert str(f) == printed
    for again in (str(f), f.latex()):
        assert mc.equal(f, mc.parse(again, WHERE)), again
