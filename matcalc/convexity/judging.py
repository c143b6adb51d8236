"""`curvature`: the question, the ways to answer it in turn, and the answer in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from matcalc.budget import within
from matcalc.checking import Subject
from matcalc.convexity.by_derivatives.second_order import second_order
from matcalc.convexity.composing.open_functions import agree
from matcalc.convexity.composing.shares import share_line
from matcalc.convexity.composition import CURVATURE
from matcalc.convexity.context import Context
from matcalc.convexity.domains import has_convex_domain
from matcalc.convexity.kinds.certainty import constant_of, is_strict, strict_line, strong_line
from matcalc.convexity.kinds.declared import declared_otherwise, hole_as_typed
from matcalc.convexity.kinds.quasi import weaker_claims
from matcalc.convexity.proofs import NEEDS, Need, Proof, lines_of
from matcalc.convexity.verdicts import Curvature, Line
from matcalc.errors import LimitError, ShapeError
from matcalc.expr import Node, scaled, variables
from matcalc.language.limits import bounded
from matcalc.notes import Note
from matcalc.objects.arithmetic import shape_text
from matcalc.objects.asked import asked
from matcalc.objects.by_powers import in_powers
from matcalc.objects.expressions import Expr, Variable, Where, parsed_beside, with_fixed_directions
from matcalc.objects.variables import name_of, variable_named
from matcalc.printing import latex, text
from matcalc.printing.style import Style

if TYPE_CHECKING:
    from matcalc.convexity.search import Segment

__all__ = ["answered", "curvature", "judged", "proof_in", "proof_of"]

#: Parts of the time that is left which second differentials, the search for segments, and weaker claims may take.
PART_OF_DERIVATIVES, PART_OF_SEARCH, PART_OF_KINDS = 0.25, 0.4, 0.2
#: What a line says of its expression.
SAID = {
    "order convex": "is convex in the order of symmetric matrices",
    "order concave": "is concave in the order of symmetric matrices",
    "gram": "is convex in the order of symmetric matrices",
}


@bounded
def curvature(f: str | Expr, *wrt: Variable, where: Where = None) -> Curvature:
    """Whether a number is convex or concave in variables, jointly, with a certificate or two counterexamples.

    ``wrt`` are the variables, the one that is meant where none is named.

    >>> print(mc.curvature("x^2 / y where x: scalar, y: scalar(positive)", "x", "y"))
    convex in x and y
    >>> mc.curvature("x^T A x", "x").conditions
    ('A + A^T is psd',)

    Raises:
        MatcalcError: the expression is at fault, or is no number, or has no such variable.
    """
    f, names = _asked(with_fixed_directions(parsed_beside(f, where, by=wrt)).function, wrt)
    if not f.node.is_scalar:
        raise ShapeError(f"curvature is that of a number, and {f} is {shape_text(f.node)}")
    return judged(f, [variable_named(f, name) for name in names])


def _asked(f: Expr, wrt: Sequence[Variable]) -> tuple[Expr, tuple[str, ...]]:
    """The function and the names of what moves."""
    if not wrt:
        return asked(f, ())
    names = tuple(dict.fromkeys(name_of(f, given) for given in wrt))
    return in_powers(f, names), names


def judged(f: Expr, moving: Sequence[Node]) -> Curvature:
    """The verdict on an expression, by its variables."""
    names = tuple(str(v.data[0]) for v in moving)
    at = Context(CURVATURE, f.node, moving)
    found = proof_in(at, f.node, moving)
    if found is None:
        return _with_hint(_with_weaker(_refuted(f, names), f, at), f, moving)
    hole = hole_as_typed(Subject(f.node, f.declarations, f.tree, style=f.style), found.needs, at)
    return answered(f, names, found, at) if hole is None else _with_hole(f, names, found, hole)


def _with_hole(f: Expr, names: tuple[str, ...], proof: Proof, hole: str) -> Curvature:
    """Undecided: what was typed has no values on a convex set, though it equals something that is convex."""
    told = Note(
        f"what was typed has values only where {hole}, which is no convex set",
        f"{text(proof.node, style=f.style)}, which it equals there, is {proof.claim}",
        code="hole",
    )
    return Curvature("undecided", str(f), names, notes=(*f.notes, told))


def _with_hint(answer: Curvature, f: Expr, moving: Sequence[Node]) -> Curvature:
    """With the declaration by which it is convex, or concave."""
    with suppress(LimitError), within(PART_OF_KINDS):
        for node, variables_, said in declared_otherwise(f.node, moving):
            shape = Context(CURVATURE, node, variables_)
            proof = shape.shape(node).get("convex") or shape.shape(node).get("concave")
            if proof is not None and not proof.needs and has_convex_domain(node, (), shape):
                hint = Note(f"declared {said}, it is {proof.claim}", code="declare")
                return replace(answer, notes=(*answer.notes, hint))
    return answer


def _with_weaker(answer: Curvature, f: Expr, at: Context) -> Curvature:
    """With what it is instead: log-concave, quasi-convex."""
    found: list[Proof] = []
    with suppress(LimitError), within(PART_OF_KINDS):
        found = weaker_claims(f.node, at)
    lines = {line: None for proof in found for line in _lines(proof, f.style)}
    also = {proof.claim: _all_words(proof.needs, f.style) for proof in found}
    return replace(answer, also=also, certificate=tuple(lines))


def _refuted(f: Expr, names: tuple[str, ...]) -> Curvature:
    """Neither, where a segment lies above the chord and another one below."""
    from matcalc.convexity.search import segments

    shown: list[dict[str, Any]] = []
    with suppress(LimitError), within(PART_OF_SEARCH):
        found = segments(Subject(f.node, f.declarations, f.tree), names)
        shown = [_example(segment, f) for segment in (found.above, found.below) if segment is not None]
    if len(shown) < 2:
        return Curvature("undecided", str(f), names, notes=f.notes)
    functions = tuple(n for n, d in f.declarations.items() if d.is_function)
    return Curvature(
        "neither", str(f), names, counterexample=shown[0], against_concave=shown[1], notes=f.notes, some=functions
    )


def _example(segment: Segment, f: Expr) -> dict[str, Any]:
    """The ends as arrays with the axes that the declarations say."""
    sides = {"a": segment.a, "b": segment.b}
    shaped = {
        side: {n: _as_declared(f, n, v) for n, v in values.items() if not f.declarations[n].is_function}
        for side, values in sides.items()
    }
    return {**shaped, "weight": segment.weight}


def _as_declared(f: Expr, name: str, value: Any) -> Any:
    rank = len(f.declarations[name].axes)
    return value.reshape(-1) if rank == 1 else value.reshape(()) if rank == 0 else value


def proof_of(node: Node, moving: Sequence[Node]) -> Proof | None:
    """The proof that needs least, among those of all claims."""
    return proof_in(Context(CURVATURE, node, moving), node, moving)


def proof_in(at: Context, node: Node, moving: Sequence[Node]) -> Proof | None:
    """The same, in a context that keeps what is found on the way."""
    shape = at.shape(node)
    found = [p for claim in ("affine", "convex", "concave") if (p := shape.get(claim)) is not None]
    fine = [p for p in found if agree(p.needs) and can_hold(p.needs, at) and has_convex_domain(node, p.needs, at)]
    best = min(fine, key=lambda p: len(p.needs), default=None)
    if best is not None and not best.needs:
        return best
    with suppress(LimitError), within(PART_OF_DERIVATIVES):
        return second_order(node, moving, at) or best
    return best


def can_hold(needs: Sequence[Need], at: Context) -> bool:
    """Whether no condition contradicts the declarations: x^T B x < 0 with a definite B."""
    return not any(need.kind in ("positive", "at least 1") and at.is_nonpositive(need.node) for need in needs)


# --- in words -----------------------------------------------------------------------------------


def answered(f: Expr, names: tuple[str, ...], proof: Proof, at: Context) -> Curvature:
    """The verdict of a proof, with all that it says."""
    lines = list(_lines(proof, f.style))
    needs = _all_words(proof.needs, f.style)
    least = constant_of(proof, at)
    constant = "" if least is None else text(least, style=f.style)
    strict = bool(constant) or is_strict(proof, at)
    if strict:
        lines.append(strong_line(proof, constant, f.style) if constant else strict_line(proof, f.style))
    return Curvature(proof.claim, str(f), names, needs, tuple(lines), notes=f.notes, strict=strict, constant=constant)


def _all_words(needs: Sequence[Need], style: Style) -> tuple[str, ...]:
    """Conditions of one name in one: g is convex and nondecreasing."""
    found: dict[str, list[str]] = {}
    for need in needs:
        subject, _, said = _words(need, style).partition(" is ")
        found.setdefault(subject, []).extend([said] if said else [])
    return tuple(f"{subject} is {' and '.join(said)}" if said else subject for subject, said in found.items())


def _words(need: Need, style: Style) -> str:
    said = text(need.node, style=style)
    if need.kind == "positive" and said.startswith("-"):
        opposite = text(scaled(-1, need.node), style=style)
        if len(opposite) < len(said):
            return f"{opposite} < 0"
    return NEEDS[need.kind].format(said)


def _lines(proof: Proof, style: Style) -> Iterator[Line]:
    """The steps that say something new: not that a variable is affine, nor a part of what is."""
    before: tuple[str, str] | None = None
    steps = list(lines_of(proof))
    inside = {id(b) for step in steps if step.claim == "affine" for b in step.below}
    for step in steps:
        if (
            step.rule in ("constant", "variable")
            or id(step) in inside
            or (step.node.op == "variable" and step is not proof)
        ):
            continue
        shown, claim = text(step.node, style=style), _claim(step, style)
        if step.shown is not None:
            yield share_line(step, style) if step.rule == "log-sum-exp" else _second(step, style)
        if (shown, claim) != before:
            conditions = _all_words(step.own, style)
            yield Line(shown, claim, step.by.words, step.by.reference, conditions, latex(step.node, style=style))
        before = shown, claim


def _second(step: Proof, style: Style) -> Line:
    """The second derivative, or differential, that has the sign."""
    assert step.shown is not None
    sign = ">=" if step.claim == "convex" else "<="
    of = {"univariate": text(step.node, style=style), "trace function": "the function of the eigenvalues t"}.get(
        step.rule
    )
    what = f"second derivative of {of}" if of else "second differential"
    names = [str(v.data[0]) for v in variables(step.shown)]
    inside = next((b.node for b in step.below), None)
    at = (
        f", where t = {text(inside, style=style)}"
        if inside is not None and step.rule == "univariate" and "t" in names and inside.op != "variable"
        else ""
    )
    return Line(text(step.shown, style=style), f"{sign} 0", f"the {what}{at}", "", (), latex(step.shown, style=style))


def _claim(step: Proof, style: Style) -> str:
    if step.degree is None:
        return SAID.get(step.claim, f"is {step.claim}")
    if step.claim == "mean":
        return (
            "is concave" if step.degree.op == "ones" else f"is m^({text(step.degree, style=style)}) of a concave m > 0"
        )
    return "is convex" if step.degree.op == "ones" else f"is h^{text(step.degree, style=style)} of a convex h >= 0"
