"""Conditions of functions of complex numbers, in their words: where a root or a logarithm of what is not real has a cut, and where a size is 0."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from matcalc.calculus.validity.requirements import POSITIVE, Condition
from matcalc.expr import Node, is_number, transpose, variables
from matcalc.expr.conjugates import conjugate, is_complex, is_real, original
from matcalc.functions.properties import Said

__all__ = ["of_complex"]

#: Of a number, and of an array.
OFF_THE_CUT = Said("{0} is not on (-inf, 0]"), Said("no entry of {0} is on (-inf, 0]")
NOT_ZERO = Said("{0} != 0"), Said("no entry of {0} is 0")


def of_complex(found: Iterable[Condition]) -> tuple[Condition, ...]:
    """The conditions, each once: what holds of Z holds of conj(Z)."""
    told = [_told(condition) for condition in found]
    kept: list[Condition] = []
    for condition in told:
        turned = tuple(map(conjugate, condition.subjects))
        same = [(c.kind, c.subjects) for c in kept]
        if (condition.kind, condition.subjects) not in same and (condition.kind, turned) not in same:
            kept.append(condition)
    return tuple(kept)


def _told(condition: Condition) -> Condition:
    """z conj(z) > 0 as z != 0; u > 0 of a u that need not be real as one that is not on the cut."""
    subject = condition.subjects[0]
    if condition.kind != POSITIVE or not is_complex(subject):
        return condition
    inside = _measured(subject)
    if inside is not None:
        return replace(condition, kind=NOT_ZERO[not subject.is_scalar], subjects=(inside,))
    if is_real(subject):
        return condition
    return replace(condition, kind=OFF_THE_CUT[not subject.is_scalar], subjects=(subject,))


def _measured(node: Node) -> Node | None:
    """u of u conj(u) and of u^H u."""
    if node.op == "power" and len(node.args) == 4 and is_number(node.args[1]) == is_number(node.args[3]) == 1:
        first, _, second, _ = node.args
        return min(first, second, key=_conjugates) if conjugate(first) is second else None
    if node.op == "matmul" and len(node.args) == 2 and node.is_scalar:
        row, column = node.args
        return column if transpose(conjugate(column)) is row else None
    return None


def _conjugates(node: Node) -> int:
    """How many conjugates are printed in it."""
    return sum(original(str(v.data[0])) is not None for v in variables(node))
