"""The stored parse tables are those of the grammars, and the machine builds by them what Lark builds."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from matcalc.language.parse_tables.making import generate, grammar_text, parser
from matcalc.language.surface.grammar import arranger
from matcalc.language.surface.machine import Machine, UnexpectedCharacter, UnexpectedToken, stored
from matcalc.language.tokens import Token


@pytest.mark.parametrize("dialect", ["matcalc", "latex"])
def test_tables_are_those_of_the_grammar(dialect: str) -> None:
    module = importlib.import_module(f"matcalc.language.parse_tables.{dialect}")
    made = generate(dialect, grammar_text(dialect), arranger(dialect))
    assert module.__file__ is not None
    assert made == Path(module.__file__).read_text(encoding="utf-8"), "run python -m matcalc.language.parse_tables"


class _Bare:
    """Arranges nothing but juxtaposed factors: enough for texts without functions and bars."""

    always_accept = ("JUXTAPOSED",)

    def process(self, stream: Any) -> Any:
        before = None
        for token in stream:
            if before in ("NAME", "NUMBER", "RPAR") and token.type in ("NAME", "NUMBER", "LPAR"):
                yield Token("JUXTAPOSED", "", token.start_pos, token.start_pos)
            before = token.type
            yield token


class _Nested:
    """Builds lists that begin with the name of their rule."""

    def __getattr__(self, name: str) -> Any:
        return lambda items: [name, *items]


def _lists(tree: Any) -> Any:
    return [str(tree.data), *map(_lists, tree.children)] if hasattr(tree, "children") else str(tree)


TEXTS = ["a", "-a + b - c d", "a ^ -b ^ c", "((a))", "a' ^ 2 b", "a b c + d * (e - f)' - 2 .* g ^ -1", "(a >= b <= c)"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_machine_builds_what_lark_builds(text: str) -> None:
    lark = parser(grammar_text("matcalc"), _Bare())
    assert Machine(stored("matcalc"), _Bare(), _Nested()).parse(text) == _lists(lark.parse(text))


def test_the_machine_says_where_a_text_has_no_rule() -> None:
    machine = Machine(stored("matcalc"), _Bare(), _Nested())
    with pytest.raises(UnexpectedCharacter) as character:
        machine.parse("a + ?")
    assert character.value.position == 4
    with pytest.raises(UnexpectedToken) as token:
        machine.parse("a + * b")
    assert (token.value.token, token.value.token.start_pos) == ("*", 4)
    with pytest.raises(UnexpectedToken) as last:
        machine.parse("a +")
    assert last.value.token.type == "$END"


def test_tokens_of_different_types_are_unequal() -> None:
    sign, operator = Token("SIGN", "-", 0, 1), Token("OPERATOR", "-", 0, 1)
    assert sign == "-" == operator
    assert sign != operator
    assert sign == Token("SIGN", "-", 4, 5)
    assert len({sign, operator, "-"}) == 2
