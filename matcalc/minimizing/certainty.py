"""Whether a minimum is one of all points: f and its constraints are proved to be convex, for all data or for the given ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from matcalc.calculus.differential import differential
from matcalc.compiling import compile_outputs
from matcalc.convexity.judging import proof_of
from matcalc.convexity.proofs import NEEDS, Need
from matcalc.errors import LimitError, MatcalcError
from matcalc.expr import Node, perturbation
from matcalc.minimizing.coordinates import Array
from matcalc.printing import readable
from matcalc.records import dataclass
from matcalc.simplify import simplify
from matcalc.solving.problems import Constraint, Problem
from matcalc.solving.ways.equations import holds

__all__ = ["Certainty", "certainty_of"]

#: What rounding makes of an eigenvalue that is 0, beside the largest.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Certainty:
    """A proof of convexity.

    Attributes:
        needs: what has to hold of the data for it.
        shown: each of them in words.
        codes: code that gives the value of each.
    """

    needs: tuple[Need, ...]
    shown: tuple[str, ...]
    codes: tuple[Any, ...]

    def reason(self, data: Mapping[str, Any]) -> str | None:
        """What to say for these data, or None where a condition does not hold."""
        for need, code in zip(self.needs, self.codes, strict=True):
            (value,) = code(**data)
            if not _is_met(need.kind, np.asarray(value, dtype=float)):
                return None
        return "f is convex" + (f": in these data {' and '.join(self.shown)}" if self.shown else "")


def _is_met(kind: str, value: Array) -> bool:
    if kind == "psd":
        sizes = np.linalg.eigvalsh((value + value.T) / 2)
        return bool(sizes[0] >= -ROUNDING * max(1e-300, float(np.abs(sizes).max())))
    least = float(np.min(value))
    return least > 0 if kind == "positive" else least >= (1.0 if kind == "at least 1" else 0.0)


def certainty_of(problem: Problem) -> Certainty | None:
    """The proof for f and all constraints; None where there is none, or where one needs something of the unknowns."""
    assert problem.objective is not None
    unknowns, frame = problem.unknowns, problem.frame
    try:
        found = [_needs(problem.objective.node, unknowns), *(_of_constraint(c, unknowns) for c in problem.constraints)]
        if any(needs is None for needs in found) or any("orthogonal" in x.data[1] for x in unknowns):
            return None
        needs = tuple(dict.fromkeys(n for part in found for n in part or ()))
        if any(holds(n.node, x) for n in needs for x in unknowns):
            return None
        codes = tuple(compile_outputs([frame.of(n.node)], single=False) for n in needs)
    except (LimitError, MatcalcError):
        return None
    shown = tuple(NEEDS[n.kind].format(readable(n.node, style=frame.style)) for n in needs)
    return Certainty(needs, shown, codes)


def _needs(node: Node, unknowns: Sequence[Node]) -> tuple[Need, ...] | None:
    proof = proof_of(node, unknowns)
    return None if proof is None or proof.claim not in ("convex", "affine") else tuple(proof.needs)


def _of_constraint(constraint: Constraint, unknowns: Sequence[Node]) -> tuple[Need, ...] | None:
    """Affine, or an inequality of numbers whose left side is convex."""
    change = simplify(differential(constraint.residual, {x: perturbation(x) for x in unknowns}))
    if not any(holds(change, x) for x in unknowns):
        return ()
    if constraint.is_equality or not constraint.residual.is_scalar:
        return None
    return _needs(constraint.residual, unknowns)
