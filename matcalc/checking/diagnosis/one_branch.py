"""Claims that are right on one side of a threshold only."""

from __future__ import annotations

import numpy as np

from matcalc.checking.branches import switches
from matcalc.checking.comparison import Comparison, Finding, equal
from matcalc.checking.sampling import Point
from matcalc.expr import Node

__all__ = ["only_one_branch"]

_SIDES = {1.0: "positive", -1.0: "negative"}


def only_one_branch(c: Comparison) -> Finding | None:
    """Right where a kink's argument has one sign, and wrong where it has the other."""
    right = [equal(c.value(c.claimed, p), c.value(c.right, p)) for p in c.points]
    if all(right) or not any(right):
        return None
    for switch in switches((c.subject.node, c.right, c.claimed)):
        for sign, side in _SIDES.items():
            if all(_has_sign(c, switch, p, sign) == agrees for p, agrees in zip(c.points, right, strict=True)):
                where = (
                    f"{c.text(switch)} is {side}" if switch.is_scalar else f"every entry of {c.text(switch)} is {side}"
                )
                return Finding("branch", f"right only where {where}: the derivative is {c.shown}")
    return None


def _has_sign(c: Comparison, switch: Node, point: Point, sign: float) -> bool:
    value = c.value(switch, point)
    return value is not None and bool(np.all(np.sign(value) == sign))
