"""Answers depend on the question alone: not on what the process computed before, nor on the seed of Python's hashes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

import matcalc as mc
from tests.machine import long

# fmt: off
#: Neighbours share subexpressions in different roles: 1 - s^2 under a root and in a denominator, u and -u, X and X^T.
DERIVATIVES = (
    "atanh(s)", "silu(acos(s))", "sqrt(1 - s^2)", "1 / (1 - s^2)", "asin(s) acos(s)", "1 / (s - 1)", "(1 - s)^(1/2)",
    "(1 - s)^3 / (s - 1)", "log(1 - s)", "s^t", "t^s (1 - t)^s", "tanh(s) - sigmoid(2 s)", "softplus(-s) + softplus(s)",
    "sigmoid(-s) sigmoid(s)", "gelu(s)", "lgamma(s) + digamma(s)", "cbrt(1 - s)", "exp(-s^2 / 2) erf(s)", "huber(s - t, 1)",
    "max(s, t)", "sum(exp(x - s)) / (s - 1)", "log(sum(exp(A x - b)))", "||A x - b||^2", "||b - A x||", "x^T A x / (x^T x)",
    "sum(sqrt(1 - x.^2))", "sum(1 ./ (1 - x.^2))", "sum(atanh(x))", "sum(log(1 - x))", "sum(1 ./ (x - 1))", "norm1(A x - b)",
    "softmax(A x)", "x ./ sum(x)", "normalize(x - b)", "(I - x x^T) b", "logdet(X)", "det(I - X)", "(I - X)^-1", "(X - I)^-1",
    "tr((I - X)^-1 B)", "tr((B - X)^-1 (X - B)^-1)", "logdet(X^T X + I)", "tr(X^T A X)", "||X - X^T||_F^2", "||X - B||_F",
    "norm_nuc(X - B)", "logdet(S) + tr(S^-1 B)", "eigmax(S)", "a^T inv(S) b", "chol(S)", "expm(X)", "tr(sqrtm(S))", "kron(X, B)",
    "sum(relu(X) .* B)", "sum(softmax(X))", "tr(B X^3)", "pinv(X)", "X .* (1 - X)", "sum(abs(X - B))", "sum((1 - B) ./ (1 - X))",
)
EQUALITIES = (
    ("atanh(s)", "1/2 log((1 + s) / (1 - s))"), ("1 / (1 - s^2)", "-1 / (s^2 - 1)"), ("cosh(s)^2 - sinh(s)^2", "1"),
    ("sigmoid(s)", "1 - sigmoid(-s)"), ("(I - X)^-1", "I + X (I - X)^-1"), ("det(I + X B)", "det(I + B X)"),
    ("S inv(S + I)", "I - inv(S + I)"), ("tr(X B)", "tr(B^T X^T)"), ("pinv(X) X pinv(X)", "pinv(X)"), ("tr(X B)", "tr(X B^T)"),
)
# fmt: on
DECLARED = {
    "s": "scalar",
    "t": "scalar(positive)",
    "x": "vector(n)",
    "a": "vector(n)",
    "b": "vector(n)",
    "A": "matrix(n, n)",
    "B": "matrix(n, n)",
    "X": "matrix(n, n)",
    "S": "spd(n)",
}  # fmt: skip


def declared(*texts: str) -> dict[str, str]:
    return {name: kind for name, kind in DECLARED.items() if name in re.findall(r"[A-Za-z_]\w*", " ".join(texts))}


def answers(text: str) -> list[str]:
    """Everything that is said of one derivative, and the code of it and the next."""
    f = mc.parse(text, declared(text))
    (name, *_) = (n for n in "XSxst" if n in f.declarations)
    d = mc.derivative(f, name)
    said = [str(f), str(d), d.latex(), *d.conditions, *map(str, d.notes), str(mc.explain(f, name))]
    second = [mc.compile(mc.derivative(f, name, name)).source] if f.shape == () and name in "st" else []
    return [*said, mc.compile([f, d]).source, *second]


def verdicts(left: str, right: str) -> list[str]:
    return [str(mc.equal(left, right, where=declared(left, right)))]


def every_answer(*, backwards: bool) -> dict[str, list[str]]:
    tasks: list[tuple[Callable[..., list[str]], tuple[str, ...]]] = [
        *((answers, (text,)) for text in DERIVATIVES),
        *((verdicts, pair) for pair in EQUALITIES),
    ]
    found = {" = ".join(texts): run(*texts) for run, texts in (reversed(tasks) if backwards else tasks)}
    return dict(sorted(found.items()))


def in_a_fresh_process(*, backwards: bool, seed: int) -> dict[str, list[str]]:
    code = f"import json; from {__name__} import every_answer as e; print(json.dumps(e(backwards={backwards})))"
    environment = os.environ | {"PYTHONHASHSEED": str(seed)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    found: dict[str, list[str]] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def forwards() -> dict[str, list[str]]:
    return in_a_fresh_process(backwards=False, seed=0)


@long
@pytest.mark.parametrize(("backwards", "seed"), [(True, 0), (True, 1)])
def test_neither_order_nor_seed_changes_an_answer(forwards: dict[str, list[str]], backwards: bool, seed: int) -> None:
    others = in_a_fresh_process(backwards=backwards, seed=seed)
    assert len(others) == len(DERIVATIVES) + len(EQUALITIES)
    for text, said in forwards.items():
        assert others[text] == said, text
