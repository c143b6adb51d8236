"""Each surcharge of the reader decides how something is printed: without it, the example beside it reads otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

import matcalc as mc
from matcalc.expr import Node
from matcalc.printing.formats import _BY_NAME
from matcalc.printing.notations.plain import plain_writer
from matcalc.printing.reading import reader
from matcalc.printing.reading.reader import SURCHARGES

DIFFERENTIAL = mc.differential("sum(exp(s) - s) / 2", "s", where="s: vector(n)")
# fmt: off
#: surcharge, expression, how it is printed, and how it would be without the surcharge
EXAMPLES = [
    ("matrix",  "(B A)^T",                         "A^T B^T",              "(B A)^T"),
    ("number",  "(x - mean(x))^T",                 "(x - mean(x))^T",      "x^T - mean(x)"),
    ("number",  "(x - 1)^T",                       "(x - 1)^T",            "x^T - 1"),
    ("column",  "sigmoid(x)^T x",                  "sigmoid(x)^T x",       "sigmoid(x^T) x"),
    ("factor",  DIFFERENTIAL,                      "1/2 (exp(s) - 1)^T ds", "1/2 (exp(s)^T - 1) ds"),
    ("entries", "(X.^2)^T A",                      "(X.^2)^T A",           "(X^T).^2 A"),
    ("entries", "exp(X)^T",                        "exp(X)^T",             "exp(X^T)"),
]
# fmt: on


def printed(node: Node, name: str) -> str:
    """In a notation of that name, of which nothing is kept on nodes."""
    return plain_writer().write(reader.Reader(replace(_BY_NAME, name=name)).read(node))


@pytest.mark.parametrize(("surcharge", "expression", "shown", "without"), EXAMPLES)
def test_a_surcharge_decides(
    surcharge: str, expression: str | mc.Expr, shown: str, without: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = mc.parse(expression).node
    assert printed(node, "as it is") == shown
    monkeypatch.setitem(SURCHARGES, surcharge, 0)
    assert printed(node, f"without {surcharge}") == without


def test_every_surcharge_has_an_example() -> None:
    assert {surcharge for surcharge, *_ in EXAMPLES} == set(SURCHARGES)
