"""What has to be true of the indices of a sum: they occur in it, belong to it alone, and end where no other index tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from matcalc.errors import SyntaxFault
from matcalc.language.indices.binders import Binder, Limit
from matcalc.language.indices.bound.member_names import Scope
from matcalc.language.indices.bound.occurring import is_index, occurs
from matcalc.language.surface.tree import Surface, walk
from matcalc.language.words.names import spelled, typed_name

__all__ = ["check_last", "check_letters", "typed_index"]

Fault = Callable[[str, Surface, str | None], SyntaxFault]


def check_letters(node: Surface, binder: Binder, limits: Sequence[Limit], scope: Scope, fault: Fault) -> None:
    """Each index occurs in the sum, or has the range of one that it is compared with, and no sum inside binds it again."""
    (body,) = node.children
    told = {letter for r in binder.relations for letter in (r.left, r.right)}
    bound = {*scope.numbers, *(limit.letter for limit in limits)}
    for letter in (limit.letter for limit in limits if limit.last is None and limit.letter not in told):
        _check_twice(letter, body, fault)
        if not (binder.weights or occurs(letter, body)):
            raise fault(f"the index {typed_index(letter)} does not occur in the sum", node, None)
        if occurs(letter, body) and not is_index(letter, body, bound):
            raise _of_data(letter, node, fault)
    for letter in (limit.letter for limit in limits if limit.last is not None):
        _check_twice(letter, body, fault)


def _check_twice(letter: str, body: Surface, fault: Fault) -> None:
    """sum_i sum_i x_i: all that has the index belongs to the sum inside."""
    inside = (n for n in walk(body) if n.kind == "total")
    again = next((n for n in inside if any(limit.letter == letter for limit in n.value.limits)), None)
    if again is not None and not occurs(letter, body):
        message = f"two sums, one inside of the other, bind the index {typed_index(letter)}"
        raise fault(message, again, f"give one of them another letter than {typed_index(letter)}")


def _of_data(letter: str, node: Surface, fault: Fault) -> SyntaxFault:
    r"""\sum_{x \in D} (x - m)^2 runs over data, and no name has x as its index."""
    shown = typed_index(letter)
    hint = f"number the data: sum over i, and write {shown}_i for {shown}"
    return fault(f"the sum runs over the values of {shown}, which is no index of anything in it", node, hint)


def check_last(limit: Limit, scope: Scope, fault: Fault) -> None:
    r"""The last value of an index does not depend on another, but for \sum_{j=1}^{i}."""
    for part in walk(limit.last) if limit.last is not None else ():
        if part.kind == "name" and {part.value, *spelled(part.value).below} & scope.numbers.keys():
            message = f"the sum over {limit.letter} ends at {typed_name(part.value)}, which depends on another index"
            raise fault(message, part, "sum over all, and weight the terms with numbers 1 or 0")


def typed_index(letter: str) -> str:
    """k' of k_prime"""
    return letter.replace("_prime", "'")
