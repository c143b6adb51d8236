r"""Indices that are compared with others: those that a relation binds, and \sum_{j=1}^{i} as the relation that it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from matcalc.language.indices.binders import Binder, Relation
from matcalc.language.indices.bound.member_names import Scope

__all__ = ["bound_by_relations", "with_triangles"]


def with_triangles(binder: Binder, scope: Scope) -> Binder:
    r"""\sum_{j=1}^{i} and \sum_{j=1}^{i-1} inside of a sum over i: j runs over all values up to i, or less than i."""
    limits, relations = list(binder.limits), list(binder.relations)
    for place, limit in enumerate(limits):
        last, sign = limit.last, "<="
        if last is not None and last.kind == "add" and last.value == (1, -1) and last.children[1].value == 1:
            last, sign = last.children[0], "<"
        if last is not None and last.kind == "name" and last.value in scope.numbers:
            limits[place] = limit._replace(last=None)
            relations.append(Relation(sign, limit.letter, last.value))
    return replace(binder, limits=tuple(limits), relations=tuple(relations))


def bound_by_relations(binder: Binder, known: Collection[str], scope: Scope) -> list[str]:
    """i and j of i < j, j alone of j ≠ i and where the other is bound by a sum around this one."""
    found: list[str] = []
    for sign, left, right in binder.relations:
        both = left < right or (sign in ("<", "<=") and left == right)
        for letter in (left, right) if both else (left,):
            if letter not in scope.numbers and letter not in known and letter not in found:
                found.append(letter)
    return found
