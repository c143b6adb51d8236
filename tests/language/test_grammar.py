"""Both grammars are LALR without a conflict, also between terminals."""

from __future__ import annotations

import pytest
from lark import Lark

from matcalc.language.surface.grammar import arranger, grammar_text
from tests.machine import library


@pytest.mark.parametrize("dialect", ["matcalc", "latex"])
def test_grammar_has_no_conflict_in_strict_mode(dialect: str) -> None:
    library("interegular")
    Lark(
        grammar_text(dialect),
        parser="lalr",
        lexer="basic",
        postlex=arranger(dialect),
        maybe_placeholders=False,
        keep_all_tokens=True,
        strict=True,
    )
