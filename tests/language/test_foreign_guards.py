"""Nothing of code is left out silently: what a statement assigns is used, or the text is refused."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.errors import SyntaxFault
from matcalc.language.foreign import programs, python_programs

ASSIGNED = [
    "s = X.var(axis=0)\nnp.sum(X / s)",
    "v = torch.var(r)\nloss = r @ r / v",
    "def f(x):\n    s = x.std()\n    return x @ x / s",
    "X = MatrixSymbol('X', 3, 3); d = Determinant(X)\n(k * d).diff(X)",
    "s2 = var(r);\nf = r'*r/s2;",
    "s2 <- var(r)\nsum(r^2)/s2 + sum(r)",
    "m = maximum(x)\nm + log(sum(exp.(x .- m)))",
    "r = y - X.w;\nTotal[r^2] + w.w",
]


@pytest.mark.parametrize("code", ASSIGNED)
def test_an_assignment_that_is_dropped_is_an_error(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mc.parse(code)
    monkeypatch.setattr(python_programs.Program, "define", lambda self, node: None)
    monkeypatch.setattr(programs._Program, "define", lambda self, span: None)
    with pytest.raises(SyntaxFault, match="is not read here"):
        mc.parse(code)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("w = zeros(3,1);\nz = X*w;\nf = @(w) sum((z - y).^2 + w'*w);", "w is assigned here, and an argument below"),
        ("w = np.zeros(3)\nz = X @ w\ndef f(w):\n    return np.sum((z - y)**2) + w @ w", "w is assigned here"),
        ("def f(x, y):\n    return x @ y\nf(x)", "y is missing"),
        ("def f(x, y):\n    return x @ y\nf(x, z=y)", "z is none of its arguments"),
        ("f <- function(x, b) sum(b * x)\nf(x, d = 2)", "an argument is named here that the function has not"),
    ],
)
def test_arguments_are_those_of_the_function(code: str, said: str) -> None:
    with pytest.raises(SyntaxFault, match=said):
        mc.parse(code)
