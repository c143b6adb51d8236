"""Projections onto the linear space of a structured variable are idempotent, symmetric and match their matrices."""

import pytest

from matcalc.calculus.structure import linear_structure, project
from matcalc.expr import variable

G = variable("G", ("n", "n"))


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("symmetric", "symmetric"),
        ("spd", "symmetric"),
        ("psd", "symmetric"),
        ("skew", "skew"),
        ("diagonal", "diagonal"),
        ("lower", "lower"),
        ("upper", "upper"),
        ("orthogonal", None),
        ("invertible", None),
    ],
)
def test_projection_is_idempotent(tag: str, kind: str | None) -> None:
    v = variable("X", ("n", "n"), (tag,))
    assert linear_structure(v) == kind
    once = project(G, v)
    assert project(once, v) is once
