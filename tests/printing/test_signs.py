"""A minus sign that a sum takes in is not lost, and not taken in twice."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.printing import typed_text

ROWS: list[tuple[str, str | None]] = [
    # text, as printed, where only one form is right
    ("-sum(B - A)", "sum(A - B)"),
    ("sum(1 - A)", "sum(ones(n, n) - A)"),
    ("sum(1 - x)", "sum(1 - x)"),
    ("-sum(x - y)", "sum(y - x)"),
    ("-sum((A - B) x)", "sum((B - A) x)"),
    ("x - (A - B)[:, 2]", "x + (B - A)[:, 2]"),
    ("-tril(A - B) .* C", "tril(C .* (B - A))"),
    ("s - x^T (A - B) y", "s + x^T (B - A) y"),
    ("-diag(x - y)", "diag(y - x)"),
    ("-diag(diag(A - B))", "diag(diag(B) - diag(A))"),
    ("-diag(A (B - A))", "diag(A (A - B))"),
    ("-tril(A (B - A))", "tril(A (A - B))"),
    ("-triu(A (B - A)^T)", "triu(A (A - B)^T)"),
    ("-kron(x, A - B)", "x ⊗ (B - A)"),
    ("-A diag(x - y) B", "A diag(y - x) B"),
    ("-A (x - y) x^T - B (y - x) x^T", None),
    ("-(A - B) .* (A - B).^2", None),
    ("-A diag(x - y) (x - y)", None),
    ("-A (1 - x) y^T / sum(1 - x)", None),
    ("-A diag(x - y) / sum(x - y)", None),
    ("-A diag(x - y) / sum(x - y)^3", None),
    ("-(x - y)^T (x - y) (A - B)", None),
    ("-(x^T (A - B) y) / (y^T (A - B)^T x)^2", None),
]
#: Derivatives whose only sum stands inside of a function.
GRADIENTS = [("max(softmax(A, 2))", "A: lower(n)", "tril(softmax(A) .* (argmax(softmax(A)) - ")]

WHERE = "A: matrix(n, n), B: matrix(n, n), C: matrix(n, n), x: vector(n), y: vector(n), s: scalar"


@pytest.mark.parametrize(("text", "printed"), ROWS)
def test_signs(text: str, printed: str | None) -> None:
    f = mc.parse(text, WHERE)
    assert printed is None or str(f) == printed
    for again in (str(f), f.latex()):
        assert mc.equal(f, mc.parse(again, WHERE)), again


@pytest.mark.parametrize(("text", "where", "start"), GRADIENTS)
def test_signs_inside_of_functions(text: str, where: str, start: str) -> None:
    gradient = mc.gradient(text, "A", where=where)
    assert str(gradient).startswith(start)
    assert mc.equal(gradient, mc.parse(str(gradient), where))


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("-1/2 y^T inv(K) y - logdet(K)", r"-\frac{1}{2} y^{\top} K^{-1} y - \log\det(K)"),
        ("-(x + y) - z", "-(x + y) - z"),
        ("2 s - -3 t", "2 s + 3 t"),
    ],
)
def test_a_sign_in_front_of_what_was_typed_needs_no_brackets(text: str, latex: str) -> None:
    tree = mc.parse(text).tree
    assert tree is not None and typed_text(tree, "latex") == latex
