"""Every derivative of the tables of books and practice compiles in every target; Julia code parses as Julia."""

from __future__ import annotations

import importlib.util

import pytest

import matcalc as mc
from matcalc.compiling.targets import TARGETS
from tests.tables import cookbook, magnus

ROWS = [*cookbook.CHAPTER_2, *cookbook.LATER, *magnus.GRADIENTS, *magnus.JACOBIANS]
if importlib.util.find_spec("jax") is not None:
    from tests.tables import practice

    ROWS += [row[:4] for row in practice.ROWS]
UNIQUE = list(dict.fromkeys((row[1], row[2], row[3]) for row in ROWS))


@pytest.mark.parametrize("row", UNIQUE, ids=[r[0][:40] for r in UNIQUE])
def test_compiles(row: tuple[str, str, str]) -> None:
    text, name, where = row
    f = mc.parse(text, where)
    outputs = [f, mc.derivative(f, name), mc.derivative(f, name, name)]
    for target in TARGETS:
        source = mc.compile(outputs, target=target).source
        if target == "julia" and importlib.util.find_spec("tree_sitter_julia") is not None:
            assert not julia_parser().parse(source.encode()).root_node.has_error, source


def julia_parser():  # type: ignore[no-untyped-def]
    import tree_sitter
    import tree_sitter_julia

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_julia.language()))
