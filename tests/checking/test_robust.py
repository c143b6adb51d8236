"""A thousand checks in one process: memory stays, warnings do not leak, results are reproducible."""

from __future__ import annotations

import gc
import subprocess
import sys
import warnings

import pytest

import matcalc as mc
from matcalc.expr import node as kernel


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


def test_results_do_not_depend_on_hash_seed_or_threads() -> None:
    program = "import matcalc as mc; print(mc.check('logdet(X^T X) + tr(A X)', 'X', seed=3, trials=4))"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads},
        ).stdout.split("relative error")[0]
        for seed, threads in (("0", "1"), ("77", "2"))
    }
    assert len(outputs) == 1
