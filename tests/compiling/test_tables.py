"""Every derivative of the tables of books and practice compiles in every target; Julia code parses as Julia."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.compiling.targets import TARGETS
from tests.machine import has, library, sweep
from tests.tables import cookbook, magnus

ROWS = [*cookbook.CHAPTER_2, *cookbook.LATER, *magnus.GRADIENTS, *magnus.JACOBIANS]
if has("jax"):
    from tests.tables import practice

    ROWS += [row[:4] for row in practice.ROWS]
UNIQUE = list(dict.fromkeys((row[1], row[2], row[3]) for row in ROWS))


@sweep(35)
@pytest.mark.parametrize("row", UNIQUE, ids=[r[0][:40] for r in UNIQUE])
def test_compiles(row: tuple[str, str, str]) -> None:
    text, name, where = row
    f = mc.parse(text, where)
    outputs = [f, mc.derivative(f, name), mc.derivative(f, name, name)]
    for target in TARGETS:
        assert mc.compile(outputs, target=target).source


@sweep(6)
@pytest.mark.parametrize("start", range(0, 18, 3))
def test_julia_code_is_julia(start: int) -> None:
    tree_sitter, grammar = library("tree_sitter"), library("tree_sitter_julia")
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
    for text, name, where in UNIQUE[start::18]:
        f = mc.parse(text, where)
        source = mc.compile([f, mc.derivative(f, name), mc.derivative(f, name, name)], target="julia").source
        assert not parser.parse(source.encode()).root_node.has_error, source
