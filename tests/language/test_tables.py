"""The stored parse tables are those of the grammars."""

import importlib
from pathlib import Path

import lark
import pytest

from matcalc.language.parse_tables.making import generate
from matcalc.language.surface.grammar import arranger, grammar_text
from matcalc.language.surface.stored_tables import stored


@pytest.mark.parametrize("dialect", ["matcalc", "latex"])
def test_tables_are_up_to_date(dialect: str) -> None:
    made_with = importlib.import_module(f"matcalc.language.parse_tables.{dialect}").FINGERPRINT.split()[0]
    if made_with != lark.__version__:
        pytest.skip(f"the tables were made with Lark {made_with}")
    assert stored(dialect, grammar_text(dialect)) is not None, "run python -m matcalc.language.parse_tables"


def test_tables_of_another_grammar_are_not_served() -> None:
    assert stored("matcalc", grammar_text("matcalc") + " ") is None


@pytest.mark.parametrize("dialect", ["matcalc", "latex"])
def test_tables_are_the_same_on_every_run(dialect: str) -> None:
    module = importlib.import_module(f"matcalc.language.parse_tables.{dialect}")
    if module.FINGERPRINT.split()[0] != lark.__version__:
        pytest.skip("the tables were made with another Lark")
    assert module.__file__ is not None
    made = generate(dialect, grammar_text(dialect), arranger(dialect))
    assert made == Path(module.__file__).read_text(encoding="utf-8")
