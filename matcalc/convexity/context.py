"""What moves, what is known of values where the function is defined, and the shapes that were found."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from matcalc.checking.subject import quietly
from matcalc.checking.values.evaluate import Array, evaluate
from matcalc.convexity.proofs import Need, Shape
from matcalc.convexity.ranges import RANGE, meet
from matcalc.expr import Node, depends, diagonal, factors, is_number, ones, postorder, scaled, transpose, variables
from matcalc.expr.facts import is_nonnegative, is_pd, is_psd, is_symmetric
from matcalc.expr.passes import Fold
from matcalc.expr.supports import is_diagonal
from matcalc.functions.properties import ABOVE_0, AT_LEAST_0, Interval, Within

__all__ = ["Context"]


class Context:
    """One question: the variables that move together, and what was found on the way.

    Attributes:
        moving: the variables.
        names: all variables of the function.
        positive: nodes that are > 0 wherever the function is defined, by its logarithms and roots.
        definite: semidefinite matrices that are inverted: they are definite wherever it is defined.
        shapes: what was found.
        differentiates: whether functions of one number are differentiated where composition does not tell.
    """

    def __init__(self, fold: Fold[Any], root: Node, moving: Iterable[Node], *, differentiates: bool = True) -> None:
        self.differentiates = differentiates
        self.fold, self.moving = fold, frozenset(moving)
        self.shapes: dict[Node, Shape] = {}
        self._moves: dict[Node, bool] = {}
        self._named: dict[Node, bool] = {}
        self.positive: set[Node] = set()
        self.definite: set[Node] = set()
        self.names = variables(root)
        for node in _outside_of_choices(root):
            self._note(node)

    def _note(self, node: Node) -> None:
        """What has to hold for this node to have a value."""
        if node.op == "power":
            pairs = zip(node.args[::2], node.args[1::2], strict=True)
            for base in (b for b, e in pairs if (k := is_number(e)) is not None and k.denominator != 1):
                self._note_positive(base)
        elif node.op == "apply" and node.data[0] == "log":
            self._note_positive(node.args[0])
        elif node.op == "logdet" or (node.op == "matpow" and (is_number(node.args[1]) or 0) < 0):
            self.definite.update(m for m in node.args[:1] if is_psd(m))

    def _note_positive(self, node: Node) -> None:
        """Of a product the only factor that is not known to be, too: v of u / v > 0 where u > 0."""
        self.positive.add(node)
        rest = [(b, e) for b, e in factors(node) if not self.is_positive(b)] if node.op == "power" else []
        if len(rest) == 1 and (k := is_number(rest[0][1])) is not None and k.denominator == 1 and k % 2:
            self.positive.add(rest[0][0])

    def shape(self, node: Node) -> Shape:
        """All claims that are proved of it."""
        found: Shape = self.fold.within(node, self.shapes, self)
        return found

    def moves(self, node: Node) -> bool:
        """Whether it depends on what moves."""
        return depends(node, self.moving, self._moves)

    # --- values ----------------------------------------------------------------------------------

    def range(self, node: Node) -> Interval:
        """Where its entries are."""
        found = RANGE(node)
        if node.op in ("apply", "power") and not node.linear and not self._has_names(node):
            return Within(*_around(quietly(lambda: evaluate(node, {}, {}))))
        return meet(found, ABOVE_0) if node in self.positive and not is_nonnegative(node) else found

    def _has_names(self, node: Node) -> bool:
        """Whether it is no number that can be computed, such as 1 / log(2)."""
        if node not in self._named:
            known = ("ones", "zero", "constant", "apply", "power", "add")
            self._named[node] = not node.is_scalar or any(part.op not in known for part in postorder(node))
        return self._named[node]

    def is_positive(self, node: Node) -> bool:
        return ABOVE_0.covers(self.range(node))

    def is_nonnegative(self, node: Node) -> bool:
        return AT_LEAST_0.covers(self.range(node))

    def is_nonpositive(self, node: Node) -> bool:
        return AT_LEAST_0.covers(self.range(scaled(-1, node))) or Interval(high=0, with_high=True).covers(
            self.range(node)
        )

    def is_definite(self, node: Node) -> bool:
        """Symmetric positive definite wherever the function has a value."""
        return is_pd(node) or node in self.definite

    def sign(self, node: Node) -> int:
        """1 where no entry is negative, -1 where none is positive, else 0."""
        return 1 if self.is_nonnegative(node) else -1 if self.is_nonpositive(node) else 0

    # --- conditions ------------------------------------------------------------------------------

    def at_least(self, node: Node, bound: int) -> tuple[Need, ...] | None:
        """What has to hold for a constant number to be at least 0 or 1; None where it is not."""
        value = is_number(node)
        if value is not None:
            return () if value >= bound else None
        rest = node - scaled(bound, ones(*node.shape))
        if self.is_nonnegative(rest):
            return ()
        return None if self.is_nonpositive(rest) else (Need("at least 1" if bound else "nonnegative", node),)

    def semidefinite(self, node: Node) -> tuple[Need, ...] | None:
        """What has to hold for u^T M u >= 0 with a constant M; None where it is known to be <= 0."""
        if is_psd(node):
            return ()
        if is_psd(scaled(-1, node)):
            return None
        if node.is_scalar:
            return (Need("nonnegative", node),)
        if is_diagonal(node):
            return (Need("entries", diagonal(node)),)
        return (Need("psd", node if is_symmetric(node) else node + transpose(node)),)


def _outside_of_choices(root: Node) -> Iterable[Node]:
    """What is computed whatever the values are: not what stands behind a condition."""
    found, stack = {root}, [root]
    while stack:
        node = stack.pop()
        if not (node.op == "apply" and node.data[0] == "where"):
            new = [a for a in node.args if a not in found]
            found.update(new)
            stack += new
    return found


def _around(found: Array | None) -> tuple[float, float]:
    """Ends between which a number lies that was computed with rounding; every number, where it is none."""
    value = math.nan if found is None else float(found.item())
    rounding = 1e-12 * max(1.0, abs(value))
    return (value - rounding, value + rounding) if math.isfinite(value) else (-math.inf, math.inf)
