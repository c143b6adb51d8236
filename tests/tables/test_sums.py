"""Equal sums over indices are proved, others are refuted, and the prover alone proves none of these."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.checking.sampling import random_value
from matcalc.checking.values.reference import reference_value
from matcalc.expr import add, scaled
from matcalc.language import Parsed, parse_pair
from matcalc.simplify.proof.prover import prove_zero
from tests.machine import sweep
from tests.tables.sums import ONLY_FALSE, SUMS

PAIRS = [(left, right, where) for left, right, _, where in SUMS]
WRONG = [*((left, wrong, where) for left, _, wrong, where in SUMS), *ONLY_FALSE]
SIZES = {"n": 4, "T": 6, "d": 3}


def both(left: str, right: str, where: str) -> tuple[Parsed, Parsed]:
    return parse_pair(left, right, where or None)


def values(one: Parsed, other: Parsed) -> list[np.ndarray]:
    """Both sides term by term, as they were typed, at one point; what is compared under a root grows with its index."""
    rng = np.random.default_rng(2)
    sizes = dict.fromkeys(
        {n for p in (one, other) for d in p.declarations.values() for s in d.dims for n in s.names}, 4
    )
    sizes |= SIZES
    point = {name: np.sort(random_value(d, sizes, rng), axis=0) for name, d in one.declarations.items()}
    return [reference_value(side.tree, point, sizes) for side in (one, other)]


@pytest.mark.parametrize(("left", "right", "where"), PAIRS)
def test_equal_sums_are_proved(left: str, right: str, where: str) -> None:
    one, other = values(*both(left, right, where))
    assert np.allclose(one, other) and np.isfinite(one).all()
    assert mc.equal(left, right, where=where or None).verdict == "proved"


@sweep(3)
@pytest.mark.parametrize(("left", "right", "where"), WRONG)
def test_other_sums_are_refuted_and_not_proved_before_values_are_compared(left: str, right: str, where: str) -> None:
    one, other = both(left, right, where)
    assert not np.allclose(*values(one, other))
    assert prove_zero(add(one.node, scaled(-1, other.node))) is None
    assert mc.equal(left, right, where=where or None).verdict == "refuted"


#: Gradients with unit columns and relations in them: (f, wrt).
WITH_UNITS = [
    (r"\sum_{i \ne j} 1/(x_i - x_j)^2", "x"),
    (r"\sum_{i,j} [i \ne j] / (x_i - x_j)^2", "x"),
    (r"\sum_i \sum_{j \ne i} y_j/(x_i - x_j)", "x"),
    (r"\sum_{i<j} \log(x_j - x_i)^2", "x"),
    (r"\sum_{i<j<k} 1/((x_i - x_j) (x_j - x_k))", "x"),
    (r"\sum_{i \ne j} (V_{ij} - V_{ii})/(y_j - y_i)", "y"),
    (r"\sum_{i \ne j} (V_{ij} - V_{jj})^2/(y_j - y_i)", "V"),
    (r"\sum_{i \ne j} \cos(\log \|x_i - x_j\|^2)", "X"),
    (r"\sum_{i \ne j} x_i^\top x_j/\|x_i - x_j\|", "X"),
    (r"\sum_i (\sum_{j \ne i} V_{ij}/(y_i - y_j))^2", "V"),
]


@sweep(5)
@pytest.mark.parametrize(("f", "wrt"), WITH_UNITS)
def test_what_is_printed_is_a_claim(f: str, wrt: str) -> None:
    slope = mc.derivative(f, wrt)
    assert mc.check(f, wrt)
    assert mc.check(f, wrt, claim=str(slope))
    assert mc.check(f, wrt, claim=slope.latex())
    assert not mc.check(f, wrt, claim=f"2 ({slope})")
