"""Every operator has its row in every table; a missing one is named."""

import pytest

from matcalc.calculus.adjoint import ADJOINTS
from matcalc.calculus.differential import RULES
from matcalc.calculus.vecform import VEC_FORMS
from matcalc.expr import OPERATORS, REBUILD

LEAVES = {
    "variable",
    "perturbation",
    "ones",
    "zero",
    "identity",
    "unit",
    "constant",
    "dimension",
    "commutation",
    "duplication",
    "elimination",
    "mask",
    "selector",
}
#: Operators that are never linear in a perturbation: their differential is written with others.
NONLINEAR = {"matpow", "det", "logdet", "adjugate", "apply"}
WITH_OPERANDS = set(OPERATORS) - LEAVES
LINEAR = WITH_OPERANDS - NONLINEAR


@pytest.mark.parametrize(
    ("table", "rows", "wanted"),
    [
        ("differential rules", set(RULES), WITH_OPERANDS),
        ("adjoints", set(ADJOINTS), LINEAR),
        ("vec forms", set(VEC_FORMS), LINEAR),
        ("rebuilding", set(REBUILD), WITH_OPERANDS),
    ],
)
def test_every_operator_has_its_row(table: str, rows: set[str], wanted: set[str]) -> None:
    assert not wanted - rows, f"{table}: no row for {sorted(wanted - rows)}"
    assert not rows - wanted, f"{table}: rows for unknown operators {sorted(rows - wanted)}"


def test_leaves_and_operators_are_all_of_the_kernel() -> None:
    assert set(OPERATORS) >= LEAVES
