"""Where a first derivative goes on across a kink: what an expression needs to be continuous, beside what makes it smooth.

A continuous function whose derivative has one limit on both sides of a kink has that derivative there, too: huber(x, c)
where |x| = c, x .* relu(x) at 0.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from matcalc.calculus.validity.branches import is_choice, thresholds
from matcalc.calculus.validity.requirements import Condition, consequences, normal
from matcalc.expr import Node, postorder
from matcalc.expr.canonical.piecewise import RELATIONS
from matcalc.functions import row_of

__all__ = ["jumps", "left_of"]


def jumps(
    roots: Sequence[Node],
    wrt: Iterable[Node],
    needs: Callable[[Node], Iterator[Condition]],
    of_threshold: Callable[[Node], Condition],
) -> set[Condition]:
    """What has to hold for the expressions to be continuous, in normal form; ``needs`` is what makes a node continuous."""
    moving = set(wrt)
    for node in postorder(*roots):
        if not moving.isdisjoint(node.args):
            moving.add(node)
    found = [of_threshold(r) for root in roots for r in thresholds(root, moving, 0)]
    found += [c for node in moving if not _has_no_jump(node) for c in needs(node)]
    return {c for condition in found for c in normal(condition)}


def _has_no_jump(node: Node) -> bool:
    """Whether it has kinks at most, or jumps that are counted where it switches."""
    if node.op not in ("apply", "call"):
        return False
    row = row_of(node.data[0])
    return is_choice(node) or node.data[0] in RELATIONS or (bool(row.continuous) and not row.analytic)


def left_of(kinks: Collection[Condition], jumping: Collection[Condition]) -> set[Condition]:
    """Kinks of the function at which its derivative jumps: all of them where it jumps somewhere else, too."""
    everywhere = {k: replace(k, guard=frozenset()) for k in kinks}
    if not set(jumping) <= {*kinks, *everywhere.values()}:
        return set(kinks)
    left = {weaker for c in jumping for weaker in (c, *consequences(c))}
    return {k for k in kinks if k in left or everywhere[k] in left}
