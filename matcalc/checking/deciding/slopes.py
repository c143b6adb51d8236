"""Proofs by calculus: functions of one number with equal derivatives on an interval, and one value in common, are equal."""

from __future__ import annotations

from fractions import Fraction

from matcalc.calculus import derive
from matcalc.calculus.validity.conditions import conditions
from matcalc.calculus.validity.requirements import Condition
from matcalc.errors import DomainError
from matcalc.expr import Node, is_number, number, postorder, power, substitute, terms, variables
from matcalc.expr.facts import is_positive
from matcalc.functions import row_of
from matcalc.functions.properties import INFINITE, Interval
from matcalc.simplify.proof.prover import Proof, prove_zero

__all__ = ["proof_by_slopes"]

#: Where the two functions may have the same value.
STARTS = tuple(map(Fraction, ("0", "1", "1/2", "2", "-1/2", "-1", "3")))


def proof_by_slopes(gap: Node) -> Proof | None:
    """A proof that a function of one number is zero: its derivative is, on an interval that holds a zero of it.

    At the ends of the interval it is zero by continuity.
    """
    names = list(variables(gap))
    if len(names) != 1 or not (gap.is_scalar and names[0].is_scalar and all(map(_is_smooth, postorder(gap)))):
        return None
    (s,) = names
    needed = conditions(gap, wrt=names)
    if not all(_is_of_interval(c, s) for c in needed):
        return None
    starts = (value for value in STARTS if value > 0 or not is_positive(s))
    start = next((value for value in starts if _starts_at(gap, needed, s, value)), None)
    proof = None if start is None else prove_zero(derive(gap, names).operator)
    return None if proof is None else Proof((f"equal derivatives and values at {s.data[0]} = {start}", *proof.steps))


def _is_smooth(node: Node) -> bool:
    """Whether it is continuous on an interval that its conditions hold in, and has a derivative there."""
    match node.op:
        case "variable" | "ones" | "zero" | "constant" | "add" | "scale":
            return True
        case "power":
            return all(is_number(e) is not None for e in node.args[1::2])
    if node.op != "apply" or len(node.args) > 1:
        return False
    row = row_of(node.data[0])
    return row.analytic and bool(row.continuous) and not row.poles


def _is_of_interval(condition: Condition, s: Node) -> bool:
    """Whether the condition holds for the s of an interval: a line within bounds, or a parabola that opens below above one."""
    inside = condition.kind
    if condition.guard or not isinstance(inside, Interval) or len(condition.subjects) > 1:
        return False
    square, known = power(s, 2), []
    for term, c in terms(condition.subjects[0]):
        is_below = term is square and c < 0 and inside.high == INFINITE
        known.append(is_below or term is s or term.op == "ones")
    return all(known)


def _starts_at(gap: Node, needed: tuple[Condition, ...], s: Node, value: Fraction) -> bool:
    """Whether this is a zero of the function inside of the interval."""
    put = {s: number(value)}
    try:
        inside = all(_holds(c, put) for c in needed)
        return inside and ((at := substitute(gap, put)).is_zero or prove_zero(at) is not None)
    except DomainError:
        return False


def _holds(condition: Condition, put: dict[Node, Node]) -> bool:
    value = is_number(substitute(condition.subjects[0], put))
    assert isinstance(condition.kind, Interval)
    return value is not None and condition.kind.low < value < condition.kind.high
