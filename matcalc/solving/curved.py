"""Kinds that curvature proves: of a function that is convex in all unknowns, or in one while the others are reduced to fewer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from matcalc.convexity.judging import proof_of
from matcalc.errors import LimitError, MatcalcError
from matcalc.expr import Node, substitute
from matcalc.language.words.names import typed_name
from matcalc.simplify import simplify
from matcalc.solving.problems import Problem
from matcalc.solving.samples import trials
from matcalc.solving.ways.roots import roots

__all__ = ["by_curvature", "by_parts"]

#: claim of a function -> the kind of its stationary points, and the word for its value there
KINDS = {"convex": ("minimum", "least"), "affine": ("minimum", "least"), "concave": ("maximum", "largest")}

#: A kind and its reason.
Named = tuple[str, str]


def claim_of(f: Node, moving: Sequence[Node]) -> tuple[str, str] | None:
    """Convex, concave or affine without conditions, and the rule of the last step; else None."""
    with suppress(LimitError, MatcalcError):
        proof = proof_of(f, moving)
        if proof is not None and not proof.needs and proof.claim in KINDS:
            return proof.claim, proof.by.words
    return None


def by_curvature(problem: Problem) -> Named | None:
    """The minimum, since f is convex."""
    assert problem.objective is not None
    found = claim_of(problem.objective.node, problem.unknowns)
    if found is None:
        return None
    claim, rule = found
    return KINDS[claim][0], f"f is {claim}: {rule}"


def by_parts(problem: Problem, values: Mapping[Node, Node], kind_of: Callable[[Problem], Named]) -> Named | None:
    """inf over x and y of f is inf over y of inf over x: f is convex in x, and its least value there has a minimum in y."""
    if len(problem.unknowns) < 2 or problem.constraints or problem.objective is None:
        return None
    f = problem.objective.node
    for i, x in enumerate(problem.unknowns):
        found = claim_of(f, [x])
        given = None if found is None else _given(problem, i)
        if found is None or given is None:
            continue
        reduced = replace(problem.objective.function, derived=None)
        rest = Problem(
            reduced.of(simplify(substitute(f, {x: given}))), tuple(y for y in problem.unknowns if y is not x)
        )
        name, reason = kind_of(rest)
        wanted, word = KINDS[found[0]]
        if name == wanted:
            shown = typed_name(str(x.data[0]))
            return name, f"f is {found[0]} in {shown}, and of its {word} value there {reason}"
    return None


def _given(problem: Problem, i: int) -> Node | None:
    """The only value of an unknown in terms of the others, which was put back at random data."""
    x = problem.unknowns[i]
    found = roots(problem.equations[i])
    if len(found) != 1:
        return None
    tried = trials(Problem(problem.objective, (x,)), {x: found[0].value})
    is_right = bool(tried) and all(t.solves and not t.outside for t in tried)
    return found[0].value if is_right else None
