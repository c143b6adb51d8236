"""Every name that generated code uses is one of its language, of its arguments, or is defined in it: in every target."""

from __future__ import annotations

import ast
import builtins
import re

import pytest

import matcalc as mc
from matcalc.compiling.compiler import TARGETS
from matcalc.errors import UnsupportedError
from matcalc.functions import FUNCTIONS
from tests.machine import long

PYTHON = ("numpy", "array-api", "jax", "torch")
LISTED = ("julia", "matlab")
#: Texts whose code needs more than a line: functions of matrices, factors of them, sums along axes, products, lengths, series.
TEXTS = (
    "tr(expm(X) A)", "tr(logm(S) A)", "tr(sqrtm(S))", "tr(sinm(X) cosm(A))", "tr(signm(X) A)", "tr(chol(S) A)", "det(X)^2",
    "sum(adj(X))", "eigmax(S)", "sum(eigvals(S).^2)", "norm_nuc(X)", "norm_spec(X)", "sum(pinv(X))", "tr(X^7 A)", "tr(X^-9)",
    "sum(cumsum(X, 1))", "sum(cumprod(X, 2))", "prod(x)", "sum(sort(x) .* y)", "||x - y||", "max(X)", "sum(softmax(X, 2) A)",
    "logsumexp(X x)", "log_ndtr(x^T y)", "sum(gelu(x))", "sum(digamma(x) .* lgamma(y))", "sum(erfcinv(sigmoid(x)))",
    "sum(conv(x, y))", "sum(toeplitz(x) A)", "sum(kron(X, A))", "sum(khatri_rao(X, A))", "logdet(S)", "sum(vech(S))",
    "sum((exp(x) - 1) ./ x)", "sum(sinc(x))", "sum(tril(X) .* A)", "sum(where(x > y, x, y).^2)", "sum(huber(x, 1))",
)  # fmt: skip
WHERE = "X: matrix(n, n), A: matrix(n, n), S: spd(n), x: vector(n), y: vector(n)"


def sources(text: str, target: str) -> list[str]:
    """The code of f and of its derivatives by the first variable, where the target has them."""
    try:
        f = mc.parse(text, where=WHERE)
    except mc.MatcalcError:
        return []
    name = next(n for n in ("X", "S", "x") if re.search(rf"\b{n}\b", text))
    found = []
    for order in range(3):
        try:
            found.append(mc.compile(mc.derivative(f, *[name] * order) if order else f, target=target).source)
        except UnsupportedError:
            continue
    return found


def unknown_names(source: str) -> set[str]:
    """Names of Python that are read in a text and bound nowhere in it."""
    nodes = list(ast.walk(ast.parse(source)))
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)} | set(dir(builtins))
    for n in nodes:
        if isinstance(n, (ast.FunctionDef, ast.ClassDef)):
            bound.add(n.name)
        elif isinstance(n, ast.arg):
            bound.add(n.arg)
        elif isinstance(n, (ast.Import, ast.ImportFrom)):
            bound |= {(a.asname or a.name).partition(".")[0] for a in n.names}
    return {n.id for n in nodes if isinstance(n, ast.Name)} - bound


@long
@pytest.mark.parametrize("target", PYTHON)
def test_names_in_python(target: str) -> None:
    seen = 0
    for text in TEXTS:
        for source in sources(text, target):
            assert not unknown_names(source), (text, unknown_names(source))
            seen += 1
    assert seen > 2 * len(TEXTS)


@long
@pytest.mark.parametrize("target", LISTED)
def test_names_in_listings(target: str) -> None:
    """What is called and stands in some table of helpers, or is a name with an underscore as these are, is defined in the text."""
    helpers = {name.lstrip("_") for t in TARGETS.values() for name in t.helpers} | set(FUNCTIONS)
    own = set(TARGETS[target].helpers)
    seen = 0
    for text in TEXTS:
        for source in sources(text, target):
            code = re.sub(r'""".*?"""|"[^"\n]*"|#[^\n]*|%[^\n]*', "", source, flags=re.S)
            called = set(re.findall(r"(?<![\w.])([A-Za-z]\w*)\(", code))
            defined = set(re.findall(r"function (?:[^=\n(]*= *)?(\w+)\(|^(\w+)\([^)]*\) *=", code, re.M))
            names = {n for pair in defined for n in pair if n}
            missing = {n for n in called - names if n in own or (n in helpers and "_" in n)}
            assert not missing, (text, missing)
            seen += bool(called & own)
    assert seen > 5
