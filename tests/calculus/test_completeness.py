"""Every operator has its row in every table; a missing one is named."""

import pytest

from matcalc.calculus.adjoint import ADJOINTS
from matcalc.calculus.differential import RULES
from matcalc.calculus.vecform import VEC_FORMS
from matcalc.checking.values.evaluate import VALUES
from matcalc.expr import OPERATORS, REBUILD
from matcalc.expr.constructors import CONSTRUCTORS
from matcalc.functions import FUNCTIONS
from matcalc.functions.numeric.values import NUMERIC
from matcalc.printing.notations.mathml import MATHML_ROWS
from matcalc.printing.notations.plain import PLAIN_ROWS
from matcalc.printing.notations.symbols import UNICODE_ROWS
from matcalc.printing.notations.tex import LATEX_ROWS
from matcalc.printing.precedence import LEVEL
from matcalc.printing.reading.nodes import READINGS

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
    "at",
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
        ("printing", set(READINGS), set(OPERATORS)),
        ("values", set(VALUES), set(OPERATORS)),
    ],
)
def test_every_operator_has_its_row(table: str, rows: set[str], wanted: set[str]) -> None:
    assert not wanted - rows, f"{table}: no row for {sorted(wanted - rows)}"
    assert not rows - wanted, f"{table}: rows for unknown operators {sorted(rows - wanted)}"


def test_leaves_and_operators_are_all_of_the_kernel() -> None:
    assert set(OPERATORS) >= LEAVES


@pytest.mark.parametrize(
    ("notation", "rows"),
    [("text", PLAIN_ROWS), ("unicode", UNICODE_ROWS), ("latex", LATEX_ROWS), ("mathml", MATHML_ROWS)],
)
def test_every_notation_writes_every_layout(notation: str, rows: dict[str, object]) -> None:
    assert set(rows) == set(LEVEL), f"{notation}: {set(rows) ^ set(LEVEL)}"


def test_every_function_has_a_rule_and_a_value() -> None:
    """A call needs a differential and numbers; an elementwise function a derivative for each parameter."""
    for row in FUNCTIONS.values():
        if row.kind == "elementwise":
            assert len(row.derivatives) == len(row.parameters), row.name
        if row.kind in ("elementwise", "call"):
            assert row.name in NUMERIC, f"{row.name} has no value"
        if row.kind == "constructor":
            assert row.name in CONSTRUCTORS, f"{row.name} has no node"
        if row.kind == "macro":
            assert row.definition, row.name
        assert row.reference, f"{row.name} cites nothing"
