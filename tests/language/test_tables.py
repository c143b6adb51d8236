"""The stored parse tables are those of the grammars, and no text needs Lark."""

import importlib
import subprocess
import sys
from pathlib import Path

import lark
import pytest

from matcalc.language.tables import generate


@pytest.mark.parametrize("dialect", ["matcalc", "latex"])
def test_tables_are_up_to_date(dialect: str) -> None:
    module = importlib.import_module(f"matcalc.language.parse_tables.{dialect}")
    if lark.__version__ != module.MADE_WITH:
        pytest.skip(f"the tables were made with Lark {module.MADE_WITH}")
    assert module.__file__ is not None
    stored = Path(module.__file__).read_text(encoding="utf-8")
    assert stored == generate(dialect), "run python -m matcalc.language.parse_tables"


def test_parsing_needs_no_lark() -> None:
    code = "import sys, matcalc as mc; mc.parse('x^T A x'); mc.parse(r'\\log\\det X'); assert 'lark' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
