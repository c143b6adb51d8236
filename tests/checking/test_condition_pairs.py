"""Every condition is enough and is needed: derivatives are finite where it holds, and undefined or wrong where it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.calculus.conditions import ALWAYS_TRUE, kind_of
from matcalc.calculus.requirements import Condition
from matcalc.checking.conditions import PREDICATES, holds
from matcalc.checking.evaluate import evaluate
from matcalc.checking.sampling import project_numeric
from matcalc.expr import variables
from matcalc.functions.table import FUNCTIONS

Array = np.ndarray[Any, np.dtype[Any]]
Values = dict[str, Array]

SIZES = {"m": 4, "n": 3, "k": 2}
ENTRYWISE = ("abs log log1p log2 log10 sqrt cbrt asin acos acosh atanh lgamma digamma trigamma gamma relu").split()
OPERANDS = [
    ("x", "x", "x: vector(n)"),
    ("A x - b", "x", "A: matrix(m, n), x: vector(n), b: vector(m)"),
    ("X .* Z", "X", "X: matrix(m, n), Z: matrix(m, n)"),
    ("(A X)^T", "X", "A: matrix(m, n), X: matrix(n, k)"),
]

#: text, variable, declarations
CASES: list[tuple[str, str, str]] = [
    *((f"sum({f}({u}))", x, where) for f, (u, x, where) in product(ENTRYWISE, OPERANDS)),
    *((f"sum(({u}).^{e})", x, where) for e, (u, x, where) in product(("(-1)", "(1/2)", "(-3/2)", "(-2)"), OPERANDS)),
    *((f"{f}({u})", x, where) for f, (u, x, where) in product(("norm1", "norm2", "norm_inf", "max", "min"), OPERANDS)),
    ("sum(relu(x).^2)", "x", "x: vector(n)"),
    ("sum(abs(x).^3)", "x", "x: vector(n)"),
    ("norm(x, 3)", "x", "x: vector(n)"),
    ("sum(normalize(A x))", "x", "x: vector(n), A: matrix(m, n)"),
    ("sum(log(x / sum(x)))", "x", "x: vector(n)"),
    ("log(x^T x / (1 + x^T x))", "x", "x: vector(n)"),
    ("log(log(x^T x))", "x", "x: vector(n)"),
    ("sqrt(log(det(X)))", "X", "X: matrix(n, n)"),
    ("lgamma(s^2)", "s", "s: scalar"),
    ("tr(sqrtm(X^T X))", "X", "X: matrix(n, n)"),
    ("sqrt(x^T S x)", "x", "x: vector(n), S: spd(n)"),
    ("x^T y / (norm2(x) norm2(y))", "x", "x: vector(n), y: vector(n)"),
    ("tr(sqrt(X^T X))", "X", "X: matrix(m, n)"),
    ("sum(sqrt(diag(X^T X)))", "X", "X: matrix(m, n)"),
    ("sum(normalize(x).^3)", "x", "x: vector(n)"),
    ("sum(max(x, y))", "x", "x: vector(n), y: vector(n)"),
    ("sum(min(A x, y))", "x", "A: matrix(m, n), x: vector(n), y: vector(m)"),
    ("sum(max(X - Z, 0))", "X", "X: matrix(m, n), Z: matrix(m, n)"),
    ("1 / s + log(s)", "s", "s: scalar"),
    ("s^t", "s", "s: scalar, t: scalar(positive)"),
    ("sum(sqrt(L))", "L", "L: lower(n)"),
    ("sum(log(diag(L)))", "L", "L: lower(n)"),
    ("sum(sqrt(D))", "D", "D: diagonal(n)"),
    ("tr(X^-1)", "X", "X: matrix(n, n)"),
    ("tr((A X)^-1)", "X", "A: matrix(n, n), X: matrix(n, n)"),
    ("tr(X^-2)", "X", "X: matrix(n, n)"),
    ("tr(S^-1)", "S", "S: symmetric(n)"),
    ("logdet(X)", "X", "X: matrix(n, n)"),
    ("logdet(X^T X)", "X", "X: matrix(m, n)"),
    ("log(det(X))", "X", "X: matrix(n, n)"),
    ("1 / det(X)", "X", "X: matrix(n, n)"),
    ("sqrt(det(X))", "X", "X: matrix(n, n)"),
    ("det(X)^2 / tr(X)", "X", "X: matrix(n, n)"),
    ("tr(B logm(X))", "X", "B: matrix(n, n), X: matrix(n, n)"),
    ("tr(B sqrtm(X))", "X", "B: matrix(n, n), X: matrix(n, n)"),
    ("sum(chol(S))", "S", "S: symmetric(n)"),
    ("eigmax(S)", "S", "S: symmetric(n)"),
    ("eigmin(S)", "S", "S: symmetric(n)"),
    ("sum(eigvals(S) .* y)", "S", "S: symmetric(n), y: vector(n)"),
    ("norm_spec(X)", "X", "X: matrix(m, n)"),
    ("norm_nuc(X)", "X", "X: matrix(m, n)"),
    ("sum(sin(svdvals(X)))", "X", "X: matrix(m, n)"),
    ("sum(sylvester(A, X, C))", "X", "A: matrix(n, n), X: matrix(n, n), C: matrix(n, n)"),
    ("tr(B pinv(X))", "X", "X: matrix(m, n), B: matrix(m, n)"),
]
#: So often is each condition kept, and each violated.
POINTS = 6

STEP = 1e-6
#: Expressions that are 0 by way of their variables, none of which is a factor of the function.
MOVED = ("add", "variable")


def numbers(declaration: Any, rng: np.random.Generator) -> Array:
    """Small integers and halves, with which zeros are exact; nothing is symmetric by chance."""
    shape = tuple(d.evaluate(SIZES) for d in declaration.shape)
    x = rng.choice([-1, 1], shape) * rng.integers(1, 7, shape) / 2.0
    if "spd" in declaration.node.data[1]:
        return x @ x.T + np.eye(len(x))
    x = np.abs(x) + 0.5 if "positive" in declaration.node.data[1] else x
    return project_numeric(declaration.node, x)


def tamed(x: Array, rng: np.random.Generator) -> Iterator[Array]:
    """Values in the domains of most functions."""
    yield from (x, np.abs(x) + 0.25, x / 16, np.abs(x) + 1.25)
    if x.shape[0] == x.shape[1]:
        yield np.eye(len(x)) * 8 + x / 4


def special(x: Array, rng: np.random.Generator) -> Iterator[Array]:
    """Values at the edges of domains: zeros, ties, defects of rank, the wrong sign."""
    rows, cols = x.shape
    yield 0 * x
    for k in range(x.size):
        for v in (0.0, -1.0, 1.0, -2.0, x.flat[(k + 1) % x.size], -x.flat[(k + 1) % x.size]):
            y = x.copy()
            y.flat[k] = v
            yield y
    yield from (-x, -np.abs(x) - 1, np.abs(x) + 2, np.ones_like(x), -np.ones_like(x))
    yield np.outer(np.arange(rows) + 1.0, np.arange(cols) + 1.0)
    yield np.eye(rows, cols)
    yield -np.eye(rows, cols)
    y = x.copy()
    y[:, 0] = 0
    yield y
    y = x.copy()
    y[:, -1] = y[:, 0]
    yield y


def points(f: mc.Expr, wrt: str, rng: np.random.Generator) -> Iterator[Values]:
    declared = f.declarations
    for attempt in range(60):
        values = {name: numbers(d, rng) for name, d in declared.items()}
        if attempt % 2:
            values = {n: v if is_definite(declared[n]) else tame(n, np.abs(v), declared) for n, v in values.items()}
        for x in tamed(values[wrt], rng):
            yield {**values, wrt: project_numeric(declared[wrt].node, x)}


def is_definite(declaration: Any) -> bool:
    return "spd" in declaration.node.data[1]


def tame(name: str, value: Array, declared: Any) -> Array:
    """Positive, what is subtracted small."""
    value = value / 16 if name == "b" else value
    return project_numeric(declared[name].node, value)


def violations(f: mc.Expr, wrt: str, condition: Condition, at: Values, rng: np.random.Generator) -> Iterator[Values]:
    """Points beside a good one at which the condition does not hold, by way of any of its variables."""
    shapes = {u.shape for u in condition.subjects}
    names = [v.data[0] for u in condition.subjects for v in variables(u) if u.op in MOVED and v.shape in shapes]
    for name in dict.fromkeys([wrt, *names]):
        node = f.declarations[name].node
        if {"positive", "spd"}.intersection(node.data[1]):
            continue
        others = [v for n, v in at.items() if v.shape == at[name].shape and n != name]
        gaps = [evaluate(u, at, SIZES) for u in condition.subjects if u.shape == node.shape]
        found = [x for v in (*others, *(at[name] + g for g in gaps), *(at[name] - g for g in gaps)) for x in (v, -v)]
        for value in (*special(at[name], rng), *found):
            moved = {**at, name: project_numeric(node, value)}
            if not holds(condition, moved, SIZES):
                yield moved


def quiet(run: Callable[[], Any]) -> Any:
    """The value, or None where it is undefined."""
    with np.errstate(all="ignore"):
        try:
            return np.asarray(run())
        except np.linalg.LinAlgError:
            return None


class Case:
    def __init__(self, text: str, wrt: str, where: str) -> None:
        self.f, self.wrt = mc.parse(text, where), wrt
        self.derivative = mc.derivative(self.f, wrt)
        self.value, self.gradient = mc.compile(self.f, checks=False), mc.compile(self.derivative, checks=False)

    def arrays(self, values: Values) -> dict[str, Array]:
        shapes = {name: len(mc.parse(name, f"{d}").shape) for name, d in self.f.declarations.items()}
        return {n: v.reshape(v.shape[: shapes[n]]) if shapes[n] < 2 else v for n, v in values.items()}

    def of(self, run: Any, values: Values) -> Any:
        return quiet(lambda: run(**self.arrays(values)))

    def is_defined(self, values: Values) -> bool:
        g = self.of(self.gradient, values)
        return g is not None and bool(np.isfinite(g).all())

    def is_right(self, values: Values, rng: np.random.Generator) -> bool:
        """Whether the derivative is the slope of f on both sides, in directions to and fro."""
        here, g = self.of(self.value, values), self.of(self.gradient, values)
        node = self.f.declarations[self.wrt].node
        if here is None or not np.isfinite(here):
            return False
        for _ in range(6):
            e = project_numeric(node, rng.standard_normal(values[self.wrt].shape))
            slope = float(np.sum(g.reshape(e.shape) * e))
            for step in (STEP, -STEP):
                there = self.of(self.value, {**values, self.wrt: values[self.wrt] + step * e})
                if there is None or not abs((there - here) / step - slope) <= 1e-2 * max(1.0, abs(slope)):
                    return False
        return True


def edges(subject: Case, wrt: str, good: list[Values], rng: np.random.Generator) -> Iterator[Values]:
    """Points at the edges of domains, whether a condition speaks of them or not."""
    for values in good:
        for x in special(values[wrt], rng):
            yield {**values, wrt: project_numeric(subject.f.declarations[wrt].node, x)}


@pytest.mark.parametrize("case", CASES, ids=[f"{text}, {where}" for text, _, where in CASES])
def test_conditions_are_enough_and_needed(case: tuple[str, str, str]) -> None:
    subject, rng = Case(*case), np.random.default_rng(len(case[0]))
    needed = subject.derivative.requirements
    good = [v for v in points(subject.f, case[1], rng) if all(holds(c, v, SIZES) for c in needed)][:POINTS]
    assert len(good) == POINTS, f"no points satisfy {needed}"
    for values in good:
        assert subject.is_defined(values), f"{subject.derivative.conditions} hold, and there is no derivative"
        assert subject.is_right(values, rng), f"{subject.derivative.conditions} hold, and the derivative is wrong"
    for condition in needed:
        bad = [w for v in good[:3] for w in list(violations(subject.f, case[1], condition, v, rng))[:4]]
        assert bad, f"{condition.kind} was not violated"
        for values in bad:
            found = subject.is_defined(values) and subject.is_right(values, rng)
            assert not found, f"{condition.kind} does not hold, and the derivative is right at {values}"


#: Cases whose derivatives are read from more than one entry at a time.
JOINT = [c for c in CASES if re.search("sqrt|det|norm_spec|norm_nuc|norm2|eig|svd|lower|diagonal", " ".join(c))]


@pytest.mark.parametrize("case", JOINT, ids=[f"{text}, {where}" for text, _, where in JOINT])
def test_no_condition_is_missing_at_the_edges(case: tuple[str, str, str]) -> None:
    subject, rng = Case(*case), np.random.default_rng(len(case[0]))
    needed = subject.derivative.requirements
    good = [v for v in points(subject.f, case[1], rng) if all(holds(c, v, SIZES) for c in needed)][:1]
    for values in edges(subject, case[1], good, rng):
        if all(holds(c, values, SIZES) for c in needed):
            assert subject.is_defined(values), f"{subject.derivative.conditions} hold at {values}"
            assert subject.is_right(values, rng), f"{subject.derivative.conditions} hold at {values}"


def test_every_condition_of_the_table_has_a_predicate() -> None:
    rows = [row for row in FUNCTIONS.values() if row.kind in ("elementwise", "call") and row.name != "where"]
    for row in rows:
        for words in {row.condition, row.domain} - {*ALWAYS_TRUE, "no entry is 0"}:
            kind = kind_of(words, row.parameters)
            places = dict.fromkeys(re.findall(r"\{\d\}", kind))
            if len(places) == 1:
                kind = kind.replace(*places, "{0}")
            assert kind in PREDICATES, f"{row.name}: {words}"
