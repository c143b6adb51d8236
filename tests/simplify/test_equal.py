"""Identities: every true one is proved, no false one ever, and the prover alone never proves a false one."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.expr import add, scaled
from matcalc.language import parse_pair
from matcalc.simplify.prover import prove_zero
from tests.tables.identities import FALSE, TRUE


def test_the_table_is_large() -> None:
    assert len(TRUE) >= 150 and len(FALSE) >= 60


@pytest.mark.parametrize(("left", "right", "where", "source"), TRUE, ids=[f"{row[3]}: {row[0]}" for row in TRUE])
def test_true_identities_are_proved(left: str, right: str, where: str, source: str) -> None:
    answer = mc.equal(left, right, where)
    assert answer.verdict == "proved", answer.reason
    assert answer.reason.startswith("by ")


@pytest.mark.parametrize(("left", "right", "where"), FALSE, ids=[f"{row[0]} = {row[1]}" for row in FALSE])
def test_false_identities_are_refuted(left: str, right: str, where: str) -> None:
    answer = mc.equal(left, right, where)
    assert answer.verdict == "refuted"
    assert not answer


@pytest.mark.parametrize(("left", "right", "where"), FALSE, ids=[f"{row[0]} = {row[1]}" for row in FALSE])
def test_the_prover_alone_never_proves_a_false_identity(left: str, right: str, where: str) -> None:
    a, b = (side.node for side in parse_pair(left, right, where))
    if a.shape == b.shape:
        assert prove_zero(add(a, scaled(-1, b))) is None
