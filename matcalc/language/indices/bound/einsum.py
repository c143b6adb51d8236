"""einsum("bi,ijk,bk->bj", x, T, z) as a sum over its indices: arrays of any order in, numbers, vectors and matrices out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import reduce

from matcalc.errors import Span, SyntaxFault
from matcalc.language.indices.binders import Binder, Limit, Member, Place
from matcalc.language.surface.tree import Surface

__all__ = ["as_sum"]

#: What is wrong with some subscripts, at a place.
Fault = Callable[[str, str | None], SyntaxFault]


def as_sum(
    node: Surface, operands: Sequence[Surface], known: Collection[str], first: int, fault: Fault
) -> tuple[Surface, str]:
    """The sum, its indices being numbered from the first one on, and the letters of these.

    Names that are not known, by a declaration or definition, have as many axes as their subscripts.
    Raises what `fault` makes of subscripts that are none, and of a result with more than two axes.
    """
    subscripts = re.sub(r"\s", "", node.value)
    left, arrow, right = subscripts.partition("->")
    inputs = left.split(",")
    if re.fullmatch(r"[A-Za-z]*(?:,[A-Za-z]*)*", left) is None:
        raise fault(f"{subscripts} are no subscripts", 'they are letters, as in "ij,jk->ik"')
    if len(inputs) != len(operands):
        raise fault(f"einsum has subscripts for {len(inputs)} arrays, and {len(operands)} are given", None)
    counts = Counter("".join(inputs))
    output = right if arrow else "".join(sorted(i for i, count in counts.items() if count == 1))
    unknown = next((i for i in output if i not in counts or output.count(i) > 1), None)
    if unknown is not None:
        raise fault(f"the index {unknown} of the result has to stand in an array, and once in the result", None)
    if len(output) > 2:
        message = f"the result of einsum has {len(output)} axes, and at most two have a place in a formula"
        raise fault(message, f"leave out indices of the result, and sum over them: ->{output[:2]}")
    letters = "".join(counts)
    numbers = {letter: first + place for place, letter in enumerate(letters)}
    factors = [
        _entry(s, operand, numbers, known, node.span, fault) for s, operand in zip(inputs, operands, strict=True)
    ]
    columns = [Surface("at", (), numbers[i], node.span) for i in output]
    if len(columns) == 2:
        columns[1] = Surface("transpose", (columns[1],), None, node.span)
    body = _product([*factors, *columns], node.span)
    if not letters:
        return body, letters
    binder = Binder("sum", tuple(Limit(letter) for letter in letters), bound=tuple(numbers.values()))
    return Surface("total", (body,), binder, node.span), letters


def _entry(
    subscripts: str, operand: Surface, numbers: Mapping[str, int], known: Collection[str], span: Span, fault: Fault
) -> Surface:
    """A number, u_i, A_ij, or a member of a family of numbers with more indices, which stands in no place of its own."""
    is_new = operand.kind == "name" and operand.value not in known and len(subscripts) > 0
    if len(subscripts) > 2 or is_new:
        if operand.kind != "name":
            raise fault(f"an array with the {len(subscripts)} indices {subscripts} has to be a name", None)
        places = tuple(Place(numbers[i]) for i in subscripts)
        member = Member.of(f"{operand.value}_{subscripts.lower()}", operand.value, places, is_number=True)
        return Surface("name", (), member, span)
    units = tuple(Surface("at", (), numbers[i], operand.span) for i in subscripts)
    found = operand if len(units) < 2 else _product([operand, units[1]], operand.span)
    return _product([Surface("transpose", units[:1], None, operand.span), found], operand.span) if units else found


def _product(factors: Sequence[Surface], span: Span) -> Surface:
    return reduce(lambda left, right: Surface("multiply", (left, right), None, span), factors)
