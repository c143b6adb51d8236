"""The sign of a Hessian in one line, where it is quickly known: positive semidefinite, so that f is convex."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from matcalc.budget import Grant, granted
from matcalc.checking import Subject
from matcalc.convexity.composition import CURVATURE
from matcalc.convexity.context import Context
from matcalc.convexity.judging import answered, proof_in
from matcalc.convexity.kinds.declared import hole_as_typed
from matcalc.convexity.verdicts import Curvature
from matcalc.errors import MatcalcError
from matcalc.objects.expressions import Expr
from matcalc.objects.variables import variable_named

__all__ = ["sign_of_hessian"]

#: Processor time that it may take.
SECONDS = 0.2


def sign_of_hessian(f: Expr, wrt: Sequence[str]) -> str:
    """positive semidefinite: f is convex; empty where that is not known, or f is affine."""
    if len(wrt) != 2 or wrt[0] != wrt[1] or not f.node.is_scalar:
        return ""
    found = None
    with suppress(MatcalcError), granted(Grant(seconds=SECONDS)):
        found = _quickly(f, wrt[0])
    return "" if found is None or found.verdict == "affine" else _said(found)


def _quickly(f: Expr, name: str) -> Curvature | None:
    moving = [variable_named(f, name)]
    at = Context(CURVATURE, f.node, moving)
    proof = proof_in(at, f.node, moving)
    if proof is None or any(need.kind == "psd" for need in proof.needs):  # that says nothing of a quadratic form
        return None
    if hole_as_typed(Subject(f.node, f.declarations, f.tree, style=f.style), proof.needs, at) is not None:
        return None
    return answered(f, (name,), proof, at)


def _said(found: Curvature) -> str:
    side = "positive" if found.verdict == "convex" else "negative"
    where = f" where {', '.join(found.conditions)}" if found.conditions else ""
    constant = f" with constant {found.constant}" if found.constant else ""
    return f"{side} {'' if found.constant else 'semi'}definite{where}: f is {found.kind}{constant}"
