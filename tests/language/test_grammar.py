"""Both grammars are LALR without a conflict, also between terminals."""

from __future__ import annotations

import pytest

from matcalc.language.parse_tables.making import grammar_text, parser
from matcalc.language.surface.grammar import arranger
from tests.machine import library


@pytest.mark.parametrize("dialect", ["matcalc", "latex"])
def test_grammar_has_no_conflict_in_strict_mode(dialect: str) -> None:
    library("interegular")
    parser(grammar_text(dialect), arranger(dialect), strict=True)
