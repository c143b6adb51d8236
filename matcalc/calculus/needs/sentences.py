"""Conditions as sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from matcalc.calculus.needs.index_relations import Letters, for_all, is_index_relation, lettered
from matcalc.calculus.validity.branches import relation_of
from matcalc.calculus.validity.requirements import (
    EQUAL_AROUND,
    NONZERO,
    OF_TWO,
    SIGNLESS,
    SOMEWHERE,
    Condition,
)
from matcalc.expr import Node, apply, factors, hadamard, in_order, power, transpose
from matcalc.expr.supports import is_pattern
from matcalc.functions.properties import template
from matcalc.records import dataclass

__all__ = ["Printers", "stated"]

Printer = Callable[[Node], str]


@dataclass(frozen=True)
class Printers:
    """How an expression is written, how one is of which only the size matters, not the sign, and the letters of indices."""

    exact: Printer
    up_to_sign: Printer
    letters: Letters


#: pattern of the entries that are no structural zeros -> where they are
PLACES = {
    "lower": "on and below the diagonal",
    "upper": "on and above the diagonal",
    "strictly_lower": "below the diagonal",
    "strictly_upper": "above the diagonal",
    "off_diagonal": "off the diagonal",
}


def stated(condition: Condition, printers: Printers) -> str:
    """The condition as a sentence."""
    guard = sorted(condition.guard, key=lambda r: r.key)
    nodes = lettered([*condition.subjects, *guard], printers.letters)
    subjects, guard = nodes[: len(condition.subjects)], list(nodes[len(condition.subjects) :])
    condition = replace(condition, subjects=subjects)
    indices = in_order(frozenset().union(*(s.free for s in nodes)))
    relations = [r for r in guard if not is_index_relation(r)]
    text = _sentence(condition, printers) + _place(condition) + for_all(indices, guard)
    if not relations:
        return text
    return f"{text} where {' and '.join(_guard(r, printers) for r in relations)}"


#: mark of the entries that count -> what they are, in their rows or columns
_MARKED = {"argmax": "largest", "argmin": "smallest", "row_argmax": "largest", "row_argmin": "smallest"}


def _guard(relation: Node, printers: Printers) -> str:
    """X^T > 0 of (X > 0)^T; A x - b is largest; X is smallest in its row."""
    found = relation_of(relation)
    if found is not None:
        name, *sides = found
        shown = printers.exact(apply(name, *sides))
        return shown[1:-1] if shown.startswith("(") and shown.endswith(")") else shown
    mark = relation.upright
    which = "column" if mark is not relation else "row"
    place = f" in its {which}" if mark.data[0].startswith("row_") else ""
    (among,) = mark.args
    shown = printers.exact(transpose(among) if mark is not relation else among)
    return f"{shown} is {_MARKED[mark.data[0]]}{place}"


def _sentence(condition: Condition, printers: Printers) -> str:
    kind, subjects = condition.kind, condition.subjects
    printer = printers.up_to_sign if kind in SIGNLESS else printers.exact
    if kind == NONZERO and subjects[0].is_scalar:
        kind = SOMEWHERE

    def shown(match: re.Match[str]) -> str:
        subject = _of_entries_meant(subjects[int(match[2])])
        bracketed = match[1] and subject.op == "add"
        return f"{match[1]}({printer(subject)})" if bracketed else match[1] + printer(subject)

    text = re.sub(r"(-?)\{(\d)\}", shown, template(kind, len(subjects)))
    entrywise = kind in OF_TWO and kind != EQUAL_AROUND and any(not s.is_scalar for s in subjects)
    return f"{text} in every entry" if entrywise else text


def _of_entries_meant(subject: Node) -> Node:
    """The expression without the pattern of the entries that are meant."""
    rest = [power(b, e) for b, e in factors(subject) if not is_pattern(b)] if subject.op == "power" else []
    return hadamard(*rest) if rest else subject


def _place(condition: Condition) -> str:
    """The entries that are meant, beside structural zeros."""
    pattern = condition.pattern
    if pattern is None:
        return ""
    if pattern.op == "identity":
        return " on the diagonal"
    return (
        f" {PLACES[pattern.data[0]]}"
        if pattern.op == "mask" and pattern.data[0] in PLACES
        else " where it is not 0 by structure"
    )
