"""Code of other languages: how it is read, and for NumPy that the reading has the value of the code itself."""

from __future__ import annotations

import numpy as np
import pytest
import scipy
from hypothesis import HealthCheck, given, settings, strategies

import matcalc as mc
from matcalc.errors import MatcalcError, SyntaxFault
from matcalc.language.foreign import may_be_code
from matcalc.language.foreign.signs import MARKS, NEEDED, PERHAPS
from matcalc.language.foreign.translation import translated
from tests.machine import sweep

READ = [
    # NumPy, PyTorch, JAX
    ("np.sum((X @ w - y)**2) / 2", "sum((X @ w - y).^2) / 2"),
    ("w.T.dot(Sigma).dot(w)", "w^T @ Sigma @ w"),
    ("np.linalg.slogdet(S)[1]", "logdet(S)"),
    ("torch.logdet(S) + torch.trace(torch.inverse(S) @ C)", "logdet(S) + tr(inv(S) @ C)"),
    ("-jnp.mean(jnp.log(jax.nn.sigmoid(y * (X @ w))))", "-mean(log(sigmoid(y .* (X @ w))))"),
    ("np.sum(X, axis=0)", "sum(X, 1)^T"),
    ("np.sum(X, axis=1)", "sum(X, 2)"),
    ("F.softmax(z, dim=-1)", "softmax(z)"),
    ("r = A @ x - b\nnp.sum(r**2)", "sum(r.^2) where r = A @ x - b"),
    ("F.mse_loss(X @ w, y)", "mean(((X @ w) - y).^2)"),
    ("np.einsum('ij,jk->ik', A, B)", "A @ B"),
    ("np.einsum('i,ij,j->', x, A, y)", "sum(y .* (A^T @ x))"),
    ("A @ x * y", "A @ x .* y"),
    ("x[0]**2 + x[1]", "x[1]^2 + x[2]"),
    ("h = W @ x\nh = np.tanh(h)\nreturn h.sum()", "sum(h_2) where h = W @ x; h_2 = tanh(h)"),
    ("cp.quad_form(w, Sigma)", "quad(w, Sigma)"),
    ("np.linalg.norm(X - A, 'fro')", "norm2(X - A)"),
    ("np.sum(theta[1:n]**2)", "sum(theta[2:n].^2)"),
    ("np.sum(theta[1:]**2)", "sum(theta[2:end].^2)"),
    ("x[1:n] - x[0:n-1]", "x[2:n] - x[1:n - 1]"),
    ("np.linalg.inv(K + s**2*np.eye(n))", "inv(K + s.^2 .* eye(n))"),
    ("np.trace(A @ (w*np.eye(n)))", "tr(A @ (eye(n)[:, 1].^0 * w^T .* eye(n)))"),
    # MATLAB
    ("trace(X'*A*X) % objective", "tr(X^T * A * X)"),
    # Julia
    ("sum(abs2, A * x .- y)", "sum((A * x - y).^2)"),
    ("dot(x, A, x)", "x^T * A * x"),
    ("sum(log.(1 .+ exp.(-y .* (X*w))))", "sum(log(1 + exp((-y) .* (X * w))))"),
    # R
    ("t(y - X %*% b) %*% (y - X %*% b)", "(y - X @ b)^T @ (y - X @ b)"),
    ("sum((y - X %*% b)^2)", "sum((y - X @ b).^2)"),
    ("crossprod(y - X %*% b)", "(y - X @ b)^T * (y - X @ b)"),
    ("solve(diag(1, nrow = m) - A) %*% b", "inv(eye(m) - A) @ b"),
    # Mathematica
    ("Tr[Transpose[X].A.X]", "tr(X^T @ A @ X)"),
    ("Norm[A.x - b]^2", "||A @ x - b||_2^2"),
    ("Total[Log[1 + Exp[-y*(X.w)]]]", "sum(log(1 + exp((-y) .* (X @ w))))"),
    ("D[Tr[Transpose[X].A.X], X]", "D[tr(X^T @ A @ X), X]"),
    ("Piecewise[{{x^2, x > 0}}, 0]", "where(x > 0, x.^2, 0)"),
]


@pytest.mark.parametrize(("code", "text"), READ)
def test_code_is_said_in_this_language(code: str, text: str) -> None:
    translation = translated(code)
    assert translation is not None
    assert translation.text == text
    mc.parse(code)


#: Differences of all rows of two arrays.
DISTANCES = [
    "np.exp(-c * ((X[:, None, :] - A[None, :, :])**2).sum(-1))",
    "1 / (1 + np.sum((X[:, None] - X[None])**2, axis=2))",
    "np.sum(np.square(X[None, :, :] - A[:, None, :]), axis=2)",
    "np.linalg.norm(X[:, np.newaxis] - A, axis=2)",
    "np.linalg.norm(np.expand_dims(X, 1) - A, axis=-1)**2",
    "np.sum((y[:, None] - y[None, :])**2, axis=-1)",
]
#: Sums over an index, which are those of arrays.
SUMS = [
    "sum((y[i] - X[i] @ w)**2 for i in range(m))",
    "sum((y[i] - np.dot(w, X[i, :]))**2 for i in range(len(y))) / m",
    "np.mean([np.log(1 + np.exp(-yi * (w @ xi + c))) for xi, yi in zip(X, y)])",
    "sum(-y[i] * X[i] @ w for i in range(m))",
    "sum(max(0, 1 - y[i] * (X[i] @ w)) for i in range(m)) + c * w @ w",
    "sum(np.linalg.norm(X[i] - w)**2 for i in range(m))",
    "sum(np.linalg.norm(X[i], 1) + np.sum(X[i]**2) for i in range(m))",
    "sum(X[i] @ A @ X[i] for i in range(m))",
    "sum(x.T @ A @ x for x in X)",
    "sum((X[i] - w) @ np.linalg.inv(A) @ (Y[i] - w) for i in range(m))",
    "sum((X[i] - w) @ np.linalg.solve(A, X[i]) for i in range(m))",
    "sum(np.linalg.norm(A @ x - w)**2 for x in X)",
    "sum(yi * np.tanh(A @ xi) @ w for xi, yi in zip(X, y))",
    "sum((y[i] * X[i] + Y[i]) @ w for i in range(m))",
    "sum(y[i] * y[j] * K[i, j] for i in range(m) for j in range(m))",
    "sum((K[j, i] - y[i] * y[j])**2 for i in range(m) for j in range(m))",
    "sum((K[i, j] - X[i] @ Y[j])**2 for i in range(m) for j in range(m))",
    "sum((K[j][i] - X[i] @ Y[j])**2 for i in range(m) for j in range(m))",
    "sum(sum(K[i, j] * y[j] for j in range(m))**2 for i in range(m))",
    "np.sum([[(K[i, j] - y[i])**2 for j in range(m)] for i in range(m)])",
    "sum(K[i, i] * y[i] for i in range(m))",
    "sum(X[i, 0] * y[i] for i in range(m))",
    "sum(w[j] * X[0, j] for j in range(n))",
    "sum(np.sum(w[j] * X[:, j]) for j in range(n))",
    "sum((y[i+1] - y[i])**2 for i in range(m - 1))",
    "sum(np.linalg.norm(X[i] - X[i-1]) for i in range(1, m))",
    "sum(y[i] * v for i, v in enumerate(y))",
    "sum((a - b)**2 for a, b in zip(y[1:], y[:-1]))",
    "sum(X[i] for i in range(m)) @ w",
    "np.sum([X[i] for i in range(m)]) + np.sum([c * x @ w for x in X])",
    "np.array([y[i] - X[i] @ w for i in range(m)]) @ y",
    "sum(y[i]**2 if y[i] > 0 else -y[i] for i in range(m))",
    "max(np.abs(y[i] - X[i] @ w) for i in range(m))",
    "sum((X[i] + c) @ w for i in range(3))",
    "sum(np.linalg.norm(X[i] - X[j])**2 for i in range(m) for j in range(m))",
    "sum(K[i, j] * np.sum((X[j] - Y[i])**2) for i in range(m) for j in range(m))",
    "sum(np.linalg.norm(X[j] - Y[i]) for i in range(m) for j in range(m))",
]
#: NumPy code -> declarations: the code itself is the oracle.
NUMPY = [
    ("np.sum((X @ w - y)**2) / len(y)", "X: matrix(m, n), w: vector(n), y: vector(m)"),
    ("x.T @ A @ x + np.dot(b, x)", "A: matrix(n, n), x: vector(n), b: vector(n)"),
    (
        "np.log(1 + np.exp(-y * (X @ w))).mean() + 0.5 * lam * w @ w",
        "X: matrix(m, n), w: vector(n), y: vector(m), lam: scalar",
    ),
    ("np.trace(A @ X) * np.sum(X * X)", "A: matrix(n, m), X: matrix(m, n)"),
    ("np.sum(X, axis=0) @ w", "X: matrix(m, n), w: vector(n)"),
    ("np.sum(np.exp(X), axis=1).max()", "X: matrix(m, n)"),
    ("np.linalg.norm(X)", "X: matrix(m, n)"),
    ("np.sum(np.maximum(x, 0)**2 / (1 + np.abs(x)))", "x: vector(n)"),
    ("np.linalg.slogdet(X.T @ X)[1]", "X: matrix(5, 3)"),
    ("np.sum(np.where(x > 0, x**2, -x))", "x: vector(n)"),
    ("scipy.special.logsumexp(A @ x + b)", "A: matrix(m, n), x: vector(n), b: vector(m)"),
    ("(A @ x - b) @ np.linalg.solve(S, A @ x - b)", "A: matrix(m, n), x: vector(n), b: vector(m), S: spd(m)"),
    *(
        (
            code,
            "X: matrix(m, n), Y: matrix(m, n), A: matrix(n, n), K: matrix(m, m), w: vector(n), y: vector(m), c: scalar",
        )
        for code in (*SUMS, *DISTANCES)
    ),
]


@pytest.mark.parametrize(("code", "where"), NUMPY)
def test_the_reading_has_the_value_of_the_code(code: str, where: str) -> None:
    f = mc.parse(code, where)
    sizes = {"m": 4, "n": 3}
    rng = np.random.default_rng(1)
    values = {}
    for name, declared in f.declarations.items():
        shape = [d.evaluate(sizes) for d in declared.shape]
        x = rng.standard_normal(shape)
        x = x @ x.T + np.eye(len(x)) if declared.kind == "spd" else x
        values[name] = x.item() if declared.kind == "scalar" else x[:, 0] if declared.kind == "vector" else x
    expected = eval(code, {"np": np, "scipy": scipy, **sizes, **values})
    assert np.allclose(mc.compile(f, target="numpy")(**values), expected)


#: Loops that add terms to s, which is 0 before.
LOOPS = [
    "s = 0\nfor i in range(m):\n    s += (y[i] - X[i] @ w)**2",
    "s = 0.0\nc = 2\nfor x, t in zip(X, y):\n    r = t - w @ x\n    s += c * r**2",
    "s = 0\nfor i in range(m):\n    for j in range(m):\n        d = X[i] @ X[j]\n        s += y[i] * y[j] * d",
    "s = 0\nfor x in X:\n    s += np.linalg.norm(A @ x - w)**2\ns = s / 2 + w @ w",
]


@pytest.mark.parametrize("code", LOOPS)
def test_loops_that_add_are_sums(code: str) -> None:
    rng = np.random.default_rng(2)
    values = {"X": rng.standard_normal((4, 3)), "w": rng.standard_normal(3), "y": rng.standard_normal(4)}
    names = {"np": np, "m": 4, "A": rng.standard_normal((3, 3)), **values}
    f = mc.parse(code)
    exec(code, names)
    given = {name: names[name] for name in f.declarations}
    assert np.isclose(mc.compile(f, target="numpy")(**given), names["s"])


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("s = 0\nfor i in range(n):\n    s += s * x[i]", "loops"),
        ("s = 0\np = 0\nfor i in range(n):\n    d = x[i] - p\n    p = x[i]\n    s += d**2", "loops"),
        ("s = 0\nfor i in range(n):\n    r = x[i]\n    s += r**2\ns + r", "loops"),
        ("s = 1\nfor i in range(n):\n    s += x[i]", "loops"),
        ("s = 0\nfor i in range(n):\n    if x[i] > 0:\n        s += x[i]", "loops"),
        ("sum(x[i]**2 for i in range(n) if i != 2)", "all values of its index"),
        ("sum((y[i] - X[i] @ W)**2 for i in range(n))", "a number here, or a row"),
        ("sum(np.sum(np.tanh(X[i] - X[j])) for i in range(n) for j in range(n))", "two axes"),
        ("sum(x @ x for i in range(n))", "no entry"),
        ("np.sum([x[i] for i in range(n)] + [y[i] for i in range(n)])", "lists"),
        ("r = [x[i] for i in range(n)]\nnp.sum(2 * r)", "lists"),
        ("np.array([x[i] * y[j] for i in range(n) for j in range(m)])", "one behind the other"),
        ("sum(np.inner(A, X[i]) @ w for i in range(n))", "entry by entry"),
    ],
)
def test_what_is_no_sum_of_arrays_is_an_error(code: str, said: str) -> None:
    with pytest.raises(SyntaxFault, match=said):
        mc.parse(code)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("np.sum(np.tanh(X[:, None, :] - Y[None, :, :]), axis=-1)", "cdist(X, Y)**2"),
        ("np.einsum('bij,bjk->bik', A, B)", "two axes"),
        ("np.linalg.norm(X, axis=1, ord=3)", "1 and 2"),
        ("x @ x.T * np.sum(y)", "outer"),
        ("sum(x.bar) + np.sum(x)", "x_bar"),
        ("x[::2] + np.sum(x)", "slice"),
        ("Table[x^i, {i, 3}]", "Table"),
        ("lm(y ~ x) %*% b", "~"),
        ("cumsum(x)[1] + sum(x);", "cumsum"),
        ("x.foo() + np.sum(x)", "foo"),
        ("np.sum(x", "Python"),
        ("np.linalg.norn(A @ x - b)", "did you mean np.linalg.norm?"),
        ("optax.l2_los(X @ w, y).mean()", "did you mean optax.l2_loss?"),
        ("torch.bmm(A, B).sum()", "A @ B"),
        ("J += lambda/2*sum(w.^2);", "J has no value"),
        ("t = w\nt[0] = 0\nnp.sum(t**2)", "another name"),
        ("t = w\nt[1] = 0\nsum(abs2, t)", "another name"),
        ("A(1) = 0;\nJ = trace(A);", "whole array"),
        ("np.sum(np.abs(x - np.median(x)))", "as x[0]"),
        ("np.sum(np.linalg.svd(X))", "write np.linalg.svdvals"),
        ("F.one_hot(y, 3).float().sum()", "write Y"),
        ("np.linalg.slogdet(S)[2]", "2 values"),
        ("w, V = np.linalg.eigh(S)\nnp.sum(V @ w)", "eigenvalues is known"),
        ("torch.cdist(x, x).sum()", "cdist(X, X)**2"),
        ("c = A @ B\nc.div_(n)\ntorch.trace(c)", "write c = c.div(n)"),
        ("torch.diagonal(c).add_(-1).pow_(2).sum()", "write torch.diagonal(c).add(-1).pow(2)"),
        (
            "def f(params):\n    a, b = params\n    return np.sum(a * X + b) + params @ params",
            "write a, b = params[0], params[1]",
        ),
        ("for i in range(n):\n    s += x[i]\nnp.sum(s)", "loops"),
        ("torch.permute(X, (0, 1)) @ X", "axes"),
        ("norm(x %*% y)", "R"),
        ("Tr[Transpose[X].A", "the end"),
    ],
)
def test_what_has_no_meaning_here_is_an_error_at_its_place(code: str, said: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        mc.parse(code)
    assert said in caught.value.render()
    assert caught.value.text == code


@pytest.mark.parametrize(
    "text", ["x^T A x", "2.*x", "x.^2", "A.T x", r"\mathbf{x}^\top x", "f(x) = x^T x", "X[1, 2]", "a ./ b"]
)
def test_the_language_itself_is_no_code(text: str) -> None:
    assert not may_be_code(text) or translated(text) is None


def test_errors_show_the_code() -> None:
    with pytest.raises(MatcalcError) as caught:
        mc.parse("np.sum(A @ x) + A", "A: matrix(m, n), x: matrix(k, p)")
    assert caught.value.text is not None and caught.value.text.startswith("np.sum")


def test_a_note_says_how_it_is_read() -> None:
    assert "read as R: sum((y - X @ b).^2)" in [str(n) for n in mc.parse("sum((y - X %*% b)^2)").notes]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("(1/(2*len(y))) * np.sum((X @ w - y)**2)", "1 / (2 * m) * sum((X @ w - y).^2)"),
        ("np.sum((X - X.mean(axis=0))**2)", "sum((X - ones(m) * mean(X, 1)).^2)"),
        ("sum((t(X) - mu)^2) / nrow(X)", "sum((X^T - mu * ones(m)^T).^2) / m"),
        ("sum(sum(X.^2)) / numel(X);", "sum(sum(X.^2, 1)) / (m n)"),
    ],
)
def test_notes_name_sizes(code: str, said: str) -> None:
    assert str(mc.parse(code).notes[0]).partition(": ")[2] == said


@sweep(3)
@pytest.mark.parametrize(
    "part",
    [
        "x",
        "x1",
        "\n",
        " ",
        "Tr[",
        "dot(",
        "dot(,",
        ",",
        "x.",
        "x .",
        "for ",
        "...",
        ";",
        "%",
        "ord ",
        "_1",
        "a[",
        "np.",
        "#=\n",
        "#+",
        "(*",
        "%{\n",
        " %",
    ],
)
def test_long_texts_are_searched_in_linear_time(part: str) -> None:
    """A quadratic search of one of them takes minutes."""
    may_be_code(part * (100_000 // len(part)))


@sweep(8)
@pytest.mark.parametrize("mark", [*MARKS.values(), *PERHAPS.values()], ids=[*MARKS, *(f"perhaps {n}" for n in PERHAPS)])
def test_the_quick_search_finds_all_that_a_mark_finds(mark: str) -> None:
    @settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(strategies.from_regex(mark))
    def needed(text: str) -> None:
        assert NEEDED.search(text)

    needed()


#: Slices with an open end -> what they are here.
OPEN_SLICES = [
    ("theta(2:end)'*theta(2:end)", "sum(theta[2:end].^2)"),
    ("sum(W(:,2:end).^2, 'all')", "sum(W[:, 2:n].^2) where W: matrix(m, n)"),
    ("np.sum(theta[1:]**2)", "sum(theta[2:n].^2) where theta: vector(n)"),
    ("x[1:].T @ x[:-1]", "x[2:n]^T x[1:n-1] where x: vector(n)"),
    ("X[-1] @ w", "X[end, :] w"),
    ("np.sum(x[-2:])", "sum(x[end - 1:end])"),
    ("sum(w[-1]^2) + 0 * sum(X %*% w)", "sum(w[2:end].^2)"),
    ("Total[(Rest[x] - Most[x])^2]", "sum((x[2:end] - x[1:end-1]).^2)"),
    ("np.sum(np.diff(x)**2)", "sum((x[2:end] - x[1:end-1]).^2)"),
]


@pytest.mark.parametrize(("code", "same"), OPEN_SLICES)
def test_slices_with_an_open_end_reach_the_last_entry(code: str, same: str) -> None:
    assert mc.equal(mc.parse(code), same)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x[end]", "x[n]"),
        ("sum(x[2:end].^2)", "sum(x[2:n].^2)"),
        ("x[end - 1] x[end]", "x[n - 1] x[n]"),
        ("sum(X[2:end, end])", "sum(X[2:m, n])"),
        ("sum((A x)[1:end-1])", "sum((A x)[1:m-1])"),
    ],
)
def test_the_last_index_has_a_name(text: str, value: str) -> None:
    where = "x: vector(n), X: matrix(m, n), A: matrix(m, n)"
    names = {name for name in "xXA" if name in text}
    declared = "; ".join(part for part in where.replace("), ", ")|").split("|") if part[0] in names)
    assert mc.equal(f"{text} where {declared}", f"{value} where {declared}")
