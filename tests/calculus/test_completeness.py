"""Every operator has its row in every table; a missing one is named."""

import importlib
import pkgutil
from collections.abc import Callable
from importlib.util import find_spec

import pytest

import matcalc
from matcalc.compiling.planning.multilinear import TERMS
from matcalc.compiling.planning.values import VALUES
from matcalc.expr import LEAVES, OPERATORS
from matcalc.expr.built.constructors import CONSTRUCTORS
from matcalc.expr.passes import PASSES, Pass
from matcalc.functions import FUNCTIONS
from matcalc.functions.numeric.values import NUMERIC
from matcalc.printing.notations.mathml import MATHML_ROWS
from matcalc.printing.notations.plain import PLAIN_ROWS
from matcalc.printing.notations.symbols import UNICODE_ROWS
from matcalc.printing.notations.tex import LATEX_ROWS
from matcalc.printing.precedence import LEVEL

for module in pkgutil.walk_packages(matcalc.__path__, "matcalc."):
    if not module.name.endswith("__main__"):
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            if error.name is None or find_spec(error.name) is not None or error.name.startswith("matcalc"):
                raise  # only a library that is not installed is none of the tables' business


@pytest.mark.parametrize("table", PASSES, ids=lambda table: table.name)
def test_every_operator_has_its_row_in_each_pass(table: Pass[Callable[..., object]]) -> None:
    missing, more = set(table.over) - set(table.rows) - table.never, set(table.rows) - set(table.over)
    assert not missing, f"{table.name}: no row for {sorted(missing)}"
    assert not more, f"{table.name}: rows for unknown operators {sorted(more)}"
    assert not set(table.rows) & table.never and table.never <= set(table.over)


def test_passes_have_names_of_their_own() -> None:
    names = [table.name for table in PASSES]
    assert len(names) == len(set(names)) >= 30


def test_every_operator_has_an_array_or_terms() -> None:
    """What is not computed at once is contracted from its terms."""
    assert VALUES.never <= TERMS.rows.keys()


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
