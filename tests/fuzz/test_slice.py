"""A slice of the fuzzer for every run of the tests, and its own soundness."""

from __future__ import annotations

import random
import re
import time

import pytest

pytest.importorskip("jax")

from matcalc.functions import FUNCTIONS, find
from tests.fuzz.__main__ import report, run
from tests.fuzz.compare import Fault
from tests.fuzz.draw import draw_case
from tests.fuzz.rows import ROWS

SECONDS = 40

#: Rows that only the engine's own answers use; their values are compared wherever those answers are.
INTERNAL = {
    "argmax", "argmin", "eig_gaps", "eigvec_max", "eigvec_min", "eigvecs", "frechet_expm", "frechet_logm",
    "logsoftmax_rows", "softmax_all", "step", "svd_gaps", "svd_u", "svd_v", "sylvester", "tril_half",
}  # fmt: skip
#: Written as an operator or inside of another row.
OTHERWISE = {"zeros", "frechet_matpow", "commutation", "duplication", "elimination", "khatri_rao"}


def test_a_slice() -> None:
    started = time.monotonic()
    for i, case, result in run(100_000, 2024, 4):
        if isinstance(result, Fault):
            pytest.fail(report(case, result, i))
        if time.monotonic() - started > SECONDS:
            break


def test_every_function_is_drawn() -> None:
    written = {w for row in ROWS for w in re.findall(r"[A-Za-z_]\w*", row.text)}
    named = {find(w).name for w in written if find(w) is not None}  # type: ignore[union-attr]
    assert set(FUNCTIONS) - named <= INTERNAL | OTHERWISE, sorted(set(FUNCTIONS) - named - INTERNAL - OTHERWISE)


def test_cases_depend_on_their_number_only() -> None:
    first, second = (draw_case(random.Random("7/3"), 4) for _ in range(2))
    assert first.text == second.text
    assert first.where == second.where
