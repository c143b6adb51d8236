"""Arrays in Python alone give what NumPy gives, function by function, and the engine gives the same verdicts with them."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from matcalc.serving.plain.namespace import namespace
from matcalc.serving.tasks import answer
from tests.serving.inputs import INPUTS

PLAIN = namespace()
X = np.array([[0.5, -1.25, 2.0], [0.75, 0.1, -0.3]])
S = np.array([[2.0, 0.3, -0.1], [0.3, 1.5, 0.2], [-0.1, 0.2, 1.0]])
A = np.array([[1.0, 2.0, -0.5], [0.25, -1.0, 0.75], [2.0, 0.1, 0.4]])
Z = X + 0.25j * X[::-1]
V = np.array([0.2, 0.5, 0.9])


def plain(value: Any) -> Any:
    """The same value without NumPy."""
    if isinstance(value, np.ndarray):
        return PLAIN["array"](value.tolist())
    return (
        tuple(map(plain, value))
        if isinstance(value, tuple)
        else [plain(v) for v in value]
        if isinstance(value, list)
        else value
    )


def listed(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [listed(v) for v in value]
    return value.tolist() if hasattr(value, "tolist") else value


def close(found: Any, wanted: Any) -> None:
    left, right = np.array(listed(found)), np.array(listed(wanted))
    assert left.shape == right.shape
    assert np.allclose(left, right, rtol=1e-12, atol=1e-13, equal_nan=True)


ENTRIES = "exp expm1 exp2 log1p sin cos tan arctan sinh cosh tanh arcsinh cbrt floor ceil rint sign absolute square negative isfinite".split()
ENTRIES_OF_ANY = (
    "exp expm1 exp2 log log1p sin cos tan arcsin arctan sinh cosh tanh arcsinh arctanh sqrt absolute square".split()
)


@pytest.mark.parametrize("name", ENTRIES)
def test_functions_of_entries(name: str) -> None:
    with np.errstate(all="ignore"):
        close(PLAIN[name](plain(X)), getattr(np, name)(X))


@pytest.mark.parametrize("name", ENTRIES_OF_ANY)
def test_functions_of_complex_entries(name: str) -> None:
    close(PLAIN[name](plain(Z)), getattr(np, name)(Z))


@pytest.mark.parametrize(
    "name", ["log", "log2", "log10", "log1p", "sqrt", "exp", "sinh", "arccosh", "arctanh", "arcsin"]
)
def test_infinities_and_what_is_no_number(name: str) -> None:
    x = np.array([0.0, -1.0, 1.0, 1e308, -1e308, np.inf, np.nan, 3.0])
    with np.errstate(all="ignore"):
        close(PLAIN[name](plain(x)), getattr(np, name)(x))


@pytest.mark.parametrize(
    "name", "add subtract multiply divide power maximum minimum greater less_equal equal hypot arctan2".split()
)
def test_functions_of_two(name: str) -> None:
    for a, b in ((X, X[1]), (X[:, :1], V), (X, 2.0), (abs(X), X), (np.zeros(3), V - 0.5)):
        with np.errstate(all="ignore"):
            close(PLAIN[name](plain(a), plain(b)), getattr(np, name)(a, b))


@pytest.mark.parametrize(
    "name", "sum mean var std prod max min argmax argmin all any cumsum cumprod sort argsort diff".split()
)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_along_an_axis(name: str, axis: int) -> None:
    close(PLAIN[name](plain(X), axis=axis), getattr(np, name)(X, axis=axis))


KEYS: list[Any] = [
    0, (slice(None), 1), (1, 2), (Ellipsis, 0), (None, slice(None), None), (slice(None, None, -1), slice(1, None)), [1, 0],
    ([0, 1], [2, 0]), (slice(None), [2, 0]), X > 0, np.array([True, False]), (0, [1, 2]), (slice(None), None, [0, 1]),
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS, ids=repr)
def test_parts_read_and_written(key: Any) -> None:
    mine, theirs = plain(X), X.copy()
    close(mine[plain(key)], theirs[key])
    mine[plain(key)] = 7.0
    theirs[key] = 7.0
    close(mine, theirs)


CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("kron", (X, A)), ("matmul", (X, A)), ("matmul", (V, A)), ("matmul", (A, V)), ("trace", (A,)), ("tril", (A, -1)), ("triu", (X, 1)),
    ("diag", (V,)), ("diag", (X, 1)), ("concatenate", ([X, X], 1)), ("block", ([[X, X[:, :1]], [A, A[:, :1]]],)), ("stack", ([X, X],)),
    ("where", (X > 0, X, 0.0)), ("convolve", (V, X[0])), ("convolve", (V, X[0], "valid")), ("tensordot", (A, S, 1)), ("tensordot", (A, S, 2)),
    ("einsum", ("ik,jk->ijk", X, A)), ("einsum", ("ij,ij->", X, X)), ("transpose", (X,)), ("reshape", (X, (3, 2))), ("ravel", (X,)),
    ("delete", (A, 1, 0)), ("repeat", (X, 2, 1)), ("broadcast_arrays", (V, X)), ("take_along_axis", (X, np.argsort(X, axis=0), 0)),
    ("unravel_index", (4, (2, 3))), ("polyfit", (V, X[0], 1)), ("clip", (X, -1, 1)), ("eye", (2, 3, 1)), ("arange", (1, 7, 2)), ("outer", (V, V)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), CALLS, ids=[f"{name}{k}" for k, (name, _) in enumerate(CALLS)])
def test_functions_of_arrays(name: str, args: tuple[Any, ...]) -> None:
    close(PLAIN[name](*map(plain, args)), getattr(np, name)(*args))


@pytest.mark.parametrize("name", ["inv", "det", "slogdet", "cond", "pinv", "cholesky", "eigvalsh", "norm"])
@pytest.mark.parametrize("x", [S, A @ A.T + np.eye(3), np.eye(3)], ids=["S", "AA", "I"])
def test_linear_algebra(name: str, x: Any) -> None:
    from matcalc.serving.plain import linalg

    close(getattr(linalg, name)(plain(x)), getattr(np.linalg, name)(x))


@pytest.mark.parametrize("x", [A, X, X.T, Z, Z.T, np.outer(V, V), np.zeros((2, 3)), S], ids=lambda x: str(x.shape))
def test_factorisations_multiply_to_what_they_are_of(x: Any) -> None:
    from matcalc.serving.plain import linalg

    u, s, vt = map(np.array, map(listed, linalg.svd(plain(x))))
    close(s, np.linalg.svd(x, compute_uv=False))
    close((u[:, : len(s)] * s) @ vt[: len(s)], x)
    close(u.conj().T @ u, np.eye(len(u)))
    q, r = map(np.array, map(listed, linalg.qr(plain(x))))
    close(q @ r, x)


def test_eigenvalues() -> None:
    from matcalc.serving.plain import linalg

    for x in (A, S, np.array([[0.0, 1.0], [-1.0, 0.0]])):
        values, v = map(np.array, map(listed, linalg.eig(plain(x))))
        close(np.poly(values), np.poly(x))
        close(x @ v, v * values)
    hermitian = S + 1j * np.triu(A, 1) - 1j * np.triu(A, 1).T
    values, v = map(np.array, map(listed, linalg.eigh(plain(hermitian))))
    close(values, np.linalg.eigvalsh(hermitian))
    close(hermitian @ v, v * values)
    with pytest.raises(linalg.LinAlgError):
        linalg.inv(plain(np.zeros((2, 2))))
    with pytest.raises(linalg.LinAlgError):
        linalg.cholesky(plain(-S))


#: Runs the questions of standard input, and says what came of each.
RUN = """
import json, sys
from matcalc.serving.plain import installed
installed()
from matcalc.serving.tasks import answer
for line in sys.stdin:
    print(json.dumps(answer(*json.loads(line))), flush=True)
"""
OTHERS: list[tuple[str, dict[str, Any]]] = [
    ("check_claim", {"expression": "x^T A x", "wrt": ["x"], "claim": "2 A x"}),
    ("check_claim", {"expression": "tr(inv(X) A)", "wrt": ["X"], "claim": "-X^-T A^T X^-T"}),
    ("check_claim", {"expression": "det(X)", "wrt": ["X"], "claim": "det(X) X^-1"}),
    ("prove_equal", {"left": "exp(x + y)", "right": "exp(x) .* exp(y)"}),
    ("prove_equal", {"left": "||x + y||", "right": "||x|| + ||y||"}),
    ("prove_equal", {"left": "erf(s) + erfc(s)", "right": "1"}),
    ("curvature", {"expression": "log(sum(exp(A x)))", "wrt": ["x"]}),
    ("curvature", {"expression": "sum(sin(x))", "wrt": ["x"]}),
    ("solve", {"expression": "w^T S w", "wrt": ["w"], "subject_to": ["sum(w) = 1"], "where": "S: spd(n)"}),
    ("shown", {"expression": "floor(s) s", "wrt": ["s"]}),
    ("shown", {"expression": "sum(g(A x))", "wrt": ["x"]}),
    ("shown", {"expression": "x y where x: vector(n), y: vector(n)"}),
    ("taylor", {"expression": "sum(exp(A x))", "wrt": ["x"]}),
]


def said(found: dict[str, Any]) -> Any:
    """What has to be the same: the verdict, not the points that were drawn."""
    if not found["ok"]:
        return found["error"]
    value = found["value"]
    if "check" in value and isinstance(value["check"], dict):
        check = value["check"]
        return value["derivative"]["text"], check["ok"], check["methods"], check["problem"]
    return [value.get(name) for name in ("ok", "verdict", "title", "diagnosis", "kind", "conditions")]


def test_verdicts_are_those_of_numpy() -> None:
    shown = [("shown", {"expression": e, "wrt": [w] if w else [], "where": d or None}) for e, w, d in INPUTS[::4]]
    questions = [*shown, *OTHERS]
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    run = subprocess.run(
        [sys.executable, "-c", RUN], input=lines, capture_output=True, text=True, timeout=300, check=True
    )
    for question, line in zip(questions, run.stdout.splitlines(), strict=True):
        assert said(json.loads(line)) == said(json.loads(json.dumps(answer(*question)))), question


def test_nothing_of_the_engine_needs_more_than_it() -> None:
    """Without NumPy, SciPy and SymPy on the path."""
    code = "import sys; sys.modules.update(dict.fromkeys(['scipy', 'sympy', 'click']))" + RUN
    line = json.dumps(("shown", {"expression": "||A x - b||^2", "wrt": ["x"]}))
    run = subprocess.run(
        [sys.executable, "-c", code], input=line, capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(run.stdout)["value"]["check"]["ok"]
