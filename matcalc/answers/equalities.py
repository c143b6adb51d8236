"""`equal`: whether two expressions are equal, or what a text says of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from matcalc.errors import MatcalcError, SyntaxFault, UnsupportedError
from matcalc.expr import zeros
from matcalc.language import may_be_statement, sides_of
from matcalc.language.limits import bounded
from matcalc.notes import Note, as_dicts, distinct, note_lines
from matcalc.objects.arithmetic import shape_text
from matcalc.objects.derivatives import Derivative, differential, stated
from matcalc.objects.expressions import Expr, Where, parse, parsed_together, with_fixed_directions
from matcalc.records import dataclass

__all__ = ["Equality", "equal"]


@dataclass(frozen=True)
class Equality:
    """The answer to `equal`: verdict is "proved", "refuted" or "undecided"; true where proved.

    >>> answer = mc.equal("(A + B)^2", "A^2 + 2 A B + B^2")
    >>> answer.verdict, bool(answer), sorted(answer.counterexample)
    ('refuted', False, ['A', 'B'])

    Attributes:
        verdict: the answer.
        reason: the identities of the proof, or what differs.
        counterexample: values of the variables at which the two sides differ, where refuted.
        notes: how the texts were read, where a reader has to know.
        steps: of a text with several equals signs, the answer to each.
        title: what was compared, of a step.
    """

    verdict: str
    reason: str
    counterexample: Mapping[str, Any] | None = None
    notes: tuple[Note, ...] = ()
    steps: tuple[Equality, ...] = ()
    title: str = ""

    def __bool__(self) -> bool:
        return self.verdict == "proved"

    def __str__(self) -> str:
        lines = [f"{self.verdict}: {self.reason}"]
        for name, value in (self.counterexample or {}).items():
            lines.append(f"  {name} = {_shown(value)}")
        lines += [f"  {step.title}: {step.verdict}: {step.reason}" for step in self.steps]
        return "\n".join([*lines, *note_lines(self.notes)])

    def _repr_html_(self) -> str:
        from matcalc.objects.notebook import told_html

        return told_html(str(self).split("\n"), {"proved": True, "refuted": False}.get(self.verdict))

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "verdict": self.verdict,
            "reason": self.reason,
            "counterexample": self.counterexample,
            "notes": as_dicts(self.notes),
            **({"steps": [{"title": s.title, **s.as_dict()} for s in self.steps]} if self.steps else {}),
        }


def _shown(value: Any) -> str:
    """A value of a counterexample on one line, rounded."""
    rows = [", ".join(f"{entry:.3g}" for entry in row) for row in value]
    return rows[0] if len(rows) == 1 and "," not in rows[0] else f"[{'; '.join(rows)}]"


@bounded
def equal(a: str | Expr | Derivative, b: str | Expr | Derivative | None = None, where: Where = None) -> Equality:
    """Whether two expressions are equal wherever both are defined: proved, refuted by numbers, or undecided.

    A derivative is taken in its matrix notation, `Derivative.expr`. One text alone holds its equals signs; of several,
    or of the rows of a derivation, each side is compared with the one before.

    >>> mc.equal("tr(A B)", "tr(B A)").verdict
    'proved'
    >>> mc.equal("A B = B A where A: matrix(n, n), B: matrix(n, n)").verdict
    'refuted'
    >>> print(mc.equal("f(x) = ||A x||^2 = (A x)^T A x = x^T A^T A x"))
    proved: each of 2 steps
      ||A x||^2 = (A x)^T A x: proved: by simplification
      (A x)^T A x = x^T A^T A x: proved: by simplification

    Raises:
        MatcalcError: one of them is at fault, has no matrix notation, or a name means two things.
    """
    if b is not None:
        left, right = (_as_value(side, where, [other]) for side, other in ((a, b), (b, a)))
        return _compared(*parsed_together(left, right, where))
    if not isinstance(a, str):
        raise UnsupportedError("there is nothing to compare with", hint='mc.equal(a, b), or mc.equal("A B = B A")')
    return _joined(list(_steps(a, where)))


def _compared(*sides: Expr) -> Equality:
    from matcalc.checking import Subject, decide

    left, right = map(with_fixed_directions, sides)
    left, right = _as_zero(left, right), _as_zero(right, left)
    notes = distinct((*left.notes, *right.notes))
    if left.node.shape != right.node.shape:
        shapes = f"{shape_text(left.node)} and {shape_text(right.node)}"
        return Equality("refuted", f"the shapes differ: {shapes}", notes=notes)
    joined = left._with(left.node, right)
    style = joined.style
    decision = decide(*(Subject(side.node, joined.declarations, side.tree, style=style) for side in (left, right)))
    found = decision.values
    values = {n: v.tolist() for n, v in found.items() if v.dtype != object} if found is not None else None
    return Equality(decision.verdict, decision.reason, values, notes)


def _as_zero(side: Expr, other: Expr) -> Expr:
    """A lone 0 beside an array is the array of zeros."""
    is_number = side.tree is not None and side.tree.kind == "number" and side.node.is_zero
    return other.of(zeros(*other.node.shape)) if is_number and not other.node.is_scalar else side


def _as_value(side: str | Expr | Derivative, where: Where, others: Iterable[object] = ()) -> str | Expr:
    """A derivative, also one that a text asks for, as the expression it is printed as; of a differential, what moves in the ``others``.

    Raises UnsupportedError where it is an operator only, and where a text asks for an optimum.
    """
    if isinstance(side, str):
        return _value_of_text(side, where, others)
    return _in_matrix_notation(side if isinstance(side, Derivative) else stated(side))


def _value_of_text(text: str, where: Where, others: Iterable[object]) -> str | Expr:
    if not may_be_statement(text):
        return text
    try:
        f = parse(text, where)
    except MatcalcError:
        return text
    if f.statement is not None and f.statement.sense:
        what = f"{f.statement.head} asks for an optimum, which is no expression"
        raise SyntaxFault(what, code="sense", text=text, span=f.statement.place, hint="compare the objectives alone")
    if f.statement is None or not f.statement.differentiates:
        return text
    return differential(f, *_moving(f, others)) if f.statement.is_total else _in_matrix_notation(stated(f))


def _moving(f: Expr, others: Iterable[object]) -> list[str]:
    """The variables of a differential whose perturbations stand in the other sides: X and Y of dX Y + X dY."""
    found = {name for side in others if isinstance(side, str) for name in _names_in(side)}
    return [name for name in f.declarations if f"d{name}" in found]


def _names_in(text: str) -> Iterable[str]:
    try:
        return parse(text).declarations
    except MatcalcError:
        return ()


def _in_matrix_notation(side: Expr | Derivative) -> Expr:
    if not isinstance(side, Derivative):
        return side
    found = side.expr
    if found is None:
        raise UnsupportedError(
            f"the derivative by {', '.join(side.wrt)} has no matrix notation: its array has {len(side.shape)} axes",
            hint="compare its operator, as in mc.equal(derivative.operator, …)",
        )
    return found


# --- one text ---------------------------------------------------------------------------------


def _steps(text: str, where: Where) -> Iterator[Equality]:
    """Each side of a text compared with the one before, where every name means what it meant before."""
    sides = sides_of(text, where)
    known: dict[str, str] = {}
    left: str | Expr = _as_value(sides.texts[0], where, sides.texts[1:])
    for before, side in zip(sides.shown, sides.texts[1:], strict=False):
        number = sides.shown.index(before) + 1
        found = parsed_together(left, _as_value(side, where), known or where)
        known = {n: d.type_text for e in found for n, d in e.declarations.items()} | known
        left = found[1]
        yield replace(_compared(*found), title=f"{before} = {sides.shown[number]}")


def _joined(steps: Sequence[Equality]) -> Equality:
    """The answer to all of them: that of the first that is not proved."""
    if len(steps) == 1:
        return replace(steps[0], title="")
    notes = distinct(note for step in steps for note in step.notes)
    for verdict in ("refuted", "undecided"):
        found = next((s for s in steps if s.verdict == verdict), None)
        if found is not None:
            reason = f"step {steps.index(found) + 1} of {len(steps)}: {found.reason}"
            return Equality(verdict, reason, found.counterexample, notes, tuple(steps))
    return Equality("proved", f"each of {len(steps)} steps", None, notes, tuple(steps))
