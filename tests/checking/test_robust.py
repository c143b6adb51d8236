"""A thousand checks in one process: memory stays, warnings do not leak, results are reproducible."""

from __future__ import annotations

import gc
import subprocess
import sys
import warnings

import pytest

import matcalc as mc
from matcalc.expr import node as kernel
from tests.machine import long


@long
def test_many_checks_do_not_grow_memory() -> None:
    functions = ["tr(X^T A X)", "logdet(X)", "||A x - b||^2", "sum(exp(x))", "A X B where X: matrix(n, k)"]
    for text in functions:
        mc.check(text)
    gc.collect()
    before = len(kernel._interned)
    for i in range(1000):
        assert mc.check(functions[i % len(functions)], seed=i, trials=1)
    gc.collect()
    assert len(kernel._interned) <= before + 50


@pytest.mark.parametrize(
    "text", ["log(x)", "sqrt(x)", "logm(X)", "x.^p", "acosh(x)", "1 ./ x", "exp(exp(exp(x)))", "X^-1", "asin(x)"]
)
def test_warnings_of_numpy_never_leak(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mc.check(text, *(["x"] if "x" in text else ["X"]))


@pytest.mark.parametrize(
    "text", ["log(-exp(s)) where s: scalar", "acosh(sin(x) / 2)", "log(-x^T x)", "sqrt(-1 - x^T x)"]
)
def test_a_function_that_is_nowhere_defined_gives_a_message(text: str) -> None:
    report = mc.check(text)
    assert not report
    assert report.problem is not None and "domain" in report.problem
    assert "nan" not in str(report)


PROGRAM = """
import matcalc as mc
for f, x, claim in [("logdet(X^T X) + tr(A X)", "X", None), ("x^T A x", "x", "2 A x"), ("eigmax(S) where S: symmetric(40)", "S", None),
                    ("tr(A X^-1) where X: matrix(60, 60)", "X", None), ("A X B", "X", "A ⊗ B^T")]:
    for order in (1, 2) if claim is None and "eig" not in f else (1,):
        for label, text in mc.check(f, x, claim=claim, order=order, seed=3, trials=4).rows:
            print(label, text)
"""


def test_the_report_does_not_depend_on_hash_seed_or_threads() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads, "PYTHONIOENCODING": "utf-8"},
        ).stdout
        for seed, threads in (("0", "1"), ("77", "2"), ("3", "2"))
    }
    assert len(outputs) == 1
    assert "REFUTED" in outputs.pop()


def test_the_same_seed_gives_the_same_report() -> None:
    reports = [mc.check("tr(X^T A X B)", "X", claim="A X B", seed=seed) for seed in (5, 5, 6)]
    assert reports[0] == reports[1] != reports[2]
    assert reports[0].sizes == reports[1].sizes and reports[0].worst == reports[1].worst


@pytest.mark.parametrize(
    "text", ["x[i]", "X[i, j]", "x[i:j]", "e(i, n)^T x", "x^T e(i)", "x[n - 1] where x: vector(n)"]
)
def test_indices_that_are_names_stay_within_the_sizes(text: str) -> None:
    assert mc.check(text, "X" if "X" in text else "x")


@pytest.mark.parametrize(
    "text", ["x^T A x where A: spd(100000)", "x^T x where x: vector(10^10)", "tr(eye(10^9) X)", "X[10^9, 2]"]
)
def test_huge_sizes_are_not_made(text: str) -> None:
    report = mc.check(text, "X" if "X" in text else "x")
    is_named = "where" in text  # a name stands in the place of a declared size
    assert bool(report) is bool(report.stand_in) is is_named
    assert is_named or (report.problem is not None and "too large" in report.problem)
    assert not mc.equal(text, "0 * ones(2)^T ones(2)")
