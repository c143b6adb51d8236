"""Both grammars are LALR without a conflict, also between terminals."""

from __future__ import annotations

import pytest

from matcalc.language.tables import built


@pytest.mark.parametrize("dialect", ["matcalc", "latex"])
def test_grammar_has_no_conflict_in_strict_mode(dialect: str) -> None:
    pytest.importorskip("interegular")
    built(dialect, strict=True)
