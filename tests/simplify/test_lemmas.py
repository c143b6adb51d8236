"""Every rule holds the identity that it is called by, fires on an expression, and keeps its value there."""

from __future__ import annotations

import re

import pytest

import matcalc as mc
from matcalc.expr import postorder, substitute, variable
from matcalc.simplify import recording, simplify
from matcalc.simplify.lemmas import LEMMAS
from matcalc.simplify.proof.proof_rules import PROOF_RULES
from matcalc.simplify.recorder import Rule
from tests.simplify.lemmas import FIRES
from tests.simplify.test_equal import same_values

RULES = {rule.name: rule for rule in LEMMAS}


def test_every_rule_has_an_expression() -> None:
    """But that of sums over indices that stay sums: it is seen in `tests/simplify/sums_over_indices.py`."""
    assert RULES.keys() - {name for name, *_ in FIRES} == {"entry of softmax"}


@pytest.mark.parametrize(("name", "text", "wrt", "where"), FIRES, ids=[row[0] for row in FIRES])
def test_it_fires_and_keeps_the_value(name: str, text: str, wrt: str, where: str) -> None:
    """What a rule makes of a node has the value of the node, at random points, computed without the rule."""
    f = mc.parse(text, where or None)
    for node in postorder(f.node):
        node.cache.clear()
    with recording() as firings:
        mc.derivative(f, wrt) if wrt else simplify(f.node)
    assert name in [firing.rule.name for firing in firings]
    for firing in firings:
        fixed = {d: variable(f"d{d.data[0]}", d.shape) for d in firing.before.linear}
        before, after = (substitute(node, fixed) for node in (firing.before, firing.after))
        assert same_values(before, after, f.node), firing.rule.name


@pytest.mark.parametrize("rule", [*LEMMAS, *PROOF_RULES], ids=lambda rule: rule.name)
def test_the_docstring_begins_with_the_identity(rule: Rule) -> None:
    left, sign, _ = rule.identity.partition(" = ")
    assert sign and squeezed(rule.apply.__doc__ or "").startswith(squeezed(left))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
