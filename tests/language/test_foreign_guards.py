"""Nothing of code is left out silently: what a statement assigns is used, or the text is refused."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from types import ModuleType

import pytest

import matcalc as mc
from matcalc.errors import MatcalcError, SyntaxFault
from matcalc.language.foreign import programs
from matcalc.language.foreign.others import julia, mathematica, matlab, r
from matcalc.language.foreign.python import python_programs
from matcalc.language.foreign.python_functions.python_table import FUNCTIONS
from matcalc.language.foreign.translation import translated

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


LEFT_OUT = [
    ("c = [x >= 1]\nc += [x <= 2]\nprob = cp.Problem(cp.Minimize(cp.sum_squares(x)), c)", "no meaning here"),
    ("sum((X - colMeans(X))^2)", "R repeats this down the columns"),
    ("S[np.arange(len(y)), y].sum()", "this takes one entry of each row"),
    ("mu <- exp(X %*% beta)\n-sum(dfoo(y, mean = mu))", "dfoo is not known here"),
    ("mahalanobis(x, mu, S, inverted = TRUE)", "the argument inverted of mahalanobis is not known here"),
    ("sum(t(X, y) %*% z)", "y would be left out here"),
    ("Outer[Plus, x, y]", "Plus would be left out here"),
    ("sum(abs2, vec(X, B))", "B would be left out here"),
    ("np.sum(np.triu(A, k=1))", "the argument k of triu is not known here"),
    ("np.sum(np.tril(A, -1))", "this argument of tril is not known here"),
    ("np.sum(F.softplus(x, beta))", "this argument of softplus is not known here"),
    ("scipy.special.logsumexp(x, b=w)", "the argument b of logsumexp is not known here"),
    ("F.binary_cross_entropy(p, y, weight=w)", "the argument weight of binary_cross_entropy is not known here"),
    ("foo(x, scale=s).sum()", "foo is not known here"),
]


@pytest.mark.parametrize(("code", "said"), LEFT_OUT)
def test_no_argument_is_left_out(code: str, said: str) -> None:
    with pytest.raises(SyntaxFault, match=said):
        mc.parse(code)


def test_a_function_that_forgets_an_argument_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables with a fault: NumPy's and R's functions that use their first argument alone."""
    monkeypatch.setitem(FUNCTIONS, "outer", lambda c: c.codes()[0])
    monkeypatch.setitem(r._FUNCTIONS, "crossprod", lambda a, span: a[0])
    for code in ("np.sum(np.outer(x, y))", "sum(crossprod(X, y) + nrow(X))"):
        with pytest.raises(SyntaxFault, match="y would be left out here"):
            mc.parse(code)


@pytest.mark.parametrize(
    "code",
    [
        "np.sum(X, axis=0, dtype=np.float64) @ w",
        "torch.tensor(x, dtype=dt, device=dev).sum()",
        "torch.norm(X.T @ X - torch.eye(X.shape[1], device=X.device))",
        "sum(colMeans(X, na.rm = TRUE)^2)",
        "crossprod(x = X)",
        "apply(X, 1, sum) %*% w",
    ],
)
def test_what_only_says_how_is_no_loss(code: str) -> None:
    mc.parse(code)


NOTED = [
    ("x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * weight", "x is read as one vector"),
    ("(F.linear(x, W, b) - y).square().mean()", "x is read as one vector"),
    ("jnp.sum(jax.nn.relu(x @ W1 + b1) @ W2)", "x is read as one vector"),
    ("loss = np.sum((y - x * w - b)**2)", "w is read as a number"),
    ("sum((y - X %*% beta - b0)^2)", "b0 is read as a number"),
    ("loss(w, b) = sum(abs2, X*w .+ b .- y)", "b is read as a number"),
    ("loss = sum((X*w + b - y).^2);", "b is read as a number"),
    ("Total[(X.w + b - y)^2]", "b is read as a number"),
    ("np.sum(np.log(pi))", "pi is read as a variable"),
    ("c = [x >= 1]\nprob = cp.Problem(cp.Minimize(cp.sum_squares(x)), c)", "the constraint x >= 1 is left out"),
    ("cp.Problem(cp.Minimize(cp.sum_squares(x)), [x >= 1])", "the constraint x >= 1 is left out"),
    ("cvx_begin\nvariable x(n)\nminimize( norm(x) )\nx >= 1\ncvx_end", "the constraint x >= 1 is left out"),
    ("@constraint(m, x[1] == 1)\n@objective(m, Min, x' * x)", "the constraint x[1] == 1 is left out"),
    ("function [f, g] = q(x)\n  f = x'*x;\n  g = 2*x;\nend", "g is left out"),
    ("G * a * np.einsum('ij,jk->ik', A, B) + b", "b is read as a row"),
    ("np.sum(w * (X @ V - Y)**2)", "w is read as a vector that multiplies every row"),
    ("np.sum(mask * X)", "mask is read as a vector that multiplies every row"),
    ("np.sum(mask * (X @ W))", "mask is read as a matrix"),
    ("loss = jnp.mean(-labels * jax.nn.log_softmax(logits))", "logits is read as one vector"),
    ("out = gamma * (x - x.mean(0)) / x.std(0) + beta", "gamma is read as a vector"),
    ("Z = np.dot(W1, X) + b1\nnp.sum(np.tanh(Z))", "b1 is read as a column"),
    ("y_pred = X @ w + b\nnp.mean((y_pred - Y)**2)", "Y is read as a vector"),
    ("F.logsigmoid(beta * (a - c)).mean()", "beta is read as a number"),
    ("J = (- y'*log(H) - (1-y)'*log(1-H) )/m;", "H is read as a vector"),
    ("f = trace(k*h*l*h);", "k is read as a matrix"),
    ("F(X::Matrix) = tr(X' * A * X * N)", "N is read as a matrix"),
    ("log(det(S)) + sum(diag(solve(S) %*% R)) - p", "p is read as a number"),
]


@pytest.mark.parametrize(("code", "said"), NOTED)
def test_what_only_the_letters_tell_is_noted(code: str, said: str) -> None:
    assert any(said in str(note) for note in mc.parse(code).notes)


@pytest.mark.parametrize("code", ["A @ x + x @ W", "np.sum(softmax(z))", "x @ A @ x"])
def test_what_is_one_vector_without_doubt_has_no_note(code: str) -> None:
    assert not any("is read as" in str(note) for note in mc.parse(code).notes if note.code != "foreign")


#: A text of each language that is that of no other one, with a call in it.
CALLS = {
    matlab: "f = @(X) {}({}) + trace(X);",
    r: "sum(X %*% w) + {}({})",
    julia: "sum(exp.(w)) + {}({})",
    mathematica: "Tr[X.X] + {}[{}]",
}


@pytest.mark.parametrize("language", CALLS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_wrong_number_of_arguments_is_an_error(language: ModuleType) -> None:
    """Every function of the tables with none to four arguments has a meaning, or is a fault."""
    for name, arguments in product(
        language._FUNCTIONS, ("", "X", "X, w", "w, 2, X", "2, 3, X, w", "a = 2", "X, a = 2")
    ):
        with suppress(MatcalcError):
            translated(CALLS[language].format(name, arguments))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sum(X %*% w) + mahalanobis(x)", "mahalanobis takes 3 or more arguments here, not 1"),
        ("f = @(X) norm() + trace(X);", "norm takes 1 or more arguments here, not 0"),
        ("f = @(X) sum(times(X)) + trace(X);", "times takes 2 arguments here, not 1"),
        ("sum(exp.(w)) + mse(w, w, w)", "mse takes 2 arguments here, not 3"),
        ("sum(abs2.()) + sum(exp.(w))", "abs2 takes 1 or more arguments here, not 0"),
        ("Tr[X.X] + Power[2]", "Power takes 2 arguments here, not 1"),
    ],
)
def test_the_number_of_arguments_is_named(code: str, said: str) -> None:
    with pytest.raises(SyntaxFault, match=said):
        mc.parse(code)


def test_sums_along_an_axis_are_of_this_language_where_names_are_declared() -> None:
    """Undeclared, sum(diag(sum(A, 2))) is read as MATLAB, with a note; with sizes of this language it is the sum of all."""
    assert mc.parse("sum(diag(sum(A, 2)))", where="A: matrix(n, 2)").node.is_scalar
    assert mc.parse("sum(diag(sum(A, 2)).^s) where A: matrix(n, 2), s: scalar").node.is_scalar
    assert any(note.code == "foreign" for note in mc.parse("sum(diag(sum(A, 2)))").notes)
