"""Whatever is claimed: a verdict or an error for people, the same for every hash seed, and no memory is kept."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import warnings

import pytest

import matcalc as mc
from tests.machine import long, sweep

FUNCTIONS = [
    ("x^T A x", "x"),
    ("tr(A X B)", "X"),
    ("logdet(X)", "X"),
    ("tanh(A x)", "x"),
    ("A X^-1 + B", "X"),
    ("a^b", "a"),
    ("tr(A S) where S: symmetric(n)", "S"),
    ("||x||_1", "x"),
    ("eigmax(S) where S: symmetric(n)", "S"),
    ("X^T A X", "X"),
]
# fmt: off
CLAIMS = [
    "{n}", "2 {n}", "{n}^T", "d{n}", "tr(d{n})", "0", "1", "I", "{f}", "{n} .* {n}", "exp({n})", "A", "A^T", "A x", "{n}^-1",
    "{n}^-T", "sum({n})", "df = tr({n}^T d{n})", "dF = A", "{n} + 1", "B^T ⊗ A", "x x^T", "vec(A)", "({n}", "ones(3)",
    "e(1, n)", "vector(1)", "matrix(2)", "zeros(n, n)", "1/0", "log(-1)", "{n} = {n} = 1", "", "import os",
]
# fmt: on


@sweep(7)
@pytest.mark.parametrize(("text", "name"), FUNCTIONS)
@pytest.mark.parametrize("order", [1, 2])
def test_any_claim_has_a_verdict_or_an_error(text: str, name: str, order: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for claim in CLAIMS:
            try:
                report = mc.check(text, name, claim=claim.format(n=name, f=text.split(" where")[0]), order=order)
            except mc.MatcalcError:
                continue
            assert report.ok or report.problem or report.diagnosis, claim


def test_a_claim_of_no_fitting_shape_is_an_error() -> None:
    with pytest.raises(mc.MatcalcError, match="derivative is 3 x 2"):
        mc.check("tanh(A x)", "x", claim="I", where="A: matrix(3, 2)")


@long
def test_memory_does_not_grow() -> None:
    def some(start: int, count: int) -> None:
        for k in range(start, start + count):
            mc.check(f"x^T A x + c_{k} b^T x", "x", claim="2 A x", seed=k)

    some(0, 60)
    gc.collect()
    before = sys.getallocatedblocks()
    some(1000, 60)
    gc.collect()
    grown = sys.getallocatedblocks() - before
    assert grown < 600, f"{grown} blocks of memory are kept after 60 checks"


CODE = """
import matcalc as mc
for f, x, claim in [("x^T A x", "x", "2 A x"), ("tr((X^T C X)^-1 (X^T B X))", "X", "B X"), ("det(X)", "X", "X^-T")]:
    print(mc.check(f, x, claim=claim))
    print(mc.explain(f, x, detail="full"))
"""


def test_nothing_depends_on_the_hash_seed() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", CODE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "12345")
    }
    assert len(outputs) == 1
