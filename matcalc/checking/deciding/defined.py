"""Where a function is defined, as it was typed: what a proof that two of them agree has to name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from matcalc.calculus.needs.sentences import stated
from matcalc.calculus.validity.conditions import ALWAYS_TRUE, conditions
from matcalc.calculus.validity.requirements import (
    INVERTIBLE,
    NONNEGATIVE,
    NONZERO,
    POSITIVE,
    SOMEWHERE,
    Condition,
    consequences,
    normal,
    without_implied,
)
from matcalc.checking.subject import Subject
from matcalc.checking.values.written_out import has_indices
from matcalc.errors import MatcalcError
from matcalc.expr import Node
from matcalc.expr.facts import is_nonnegative
from matcalc.functions.properties import Fact
from matcalc.functions.table import FUNCTIONS
from matcalc.language import Typed, parse
from matcalc.language.surface.tree import walk
from matcalc.printing import typed_text
from matcalc.printing.formats import printers_for

__all__ = ["asked_as_typed", "only_where"]


def only_where(left: Subject, right: Subject) -> tuple[str, ...]:
    """What one side asks of its variables and the other does not: there both are defined."""
    sides = [list(dict.fromkeys(asked_as_typed(side))) for side in (left, right)]
    needed = [c for mine, other in (sides, sides[::-1]) for c in _beyond(mine, other)]
    printers = printers_for(left.style)
    found = dict.fromkeys(stated(c, printers) for c in without_implied(needed))
    return tuple(sorted(found, key=lambda words: (len(words), words)))


def _beyond(mine: Iterable[Condition], other: Iterable[Condition]) -> Iterator[Condition]:
    known = {weaker for c in other for weaker in (c, *consequences(c))}
    return (c for c in mine if c not in known)


def asked_as_typed(side: Subject) -> Iterator[Condition]:
    """What the parts of what was typed ask of their operands."""
    if side.tree is None or has_indices(side.tree):
        yield from conditions(side.node, wrt=())
        return
    for typed in walk(side.tree):
        for kind, operands in _asked(typed):
            nodes = [_node_of(operand, side) for operand in operands]
            subjects = tuple(node for node in nodes if node is not None)
            if len(subjects) == len(nodes) and not (kind == NONNEGATIVE and is_nonnegative(subjects[0])):
                yield from normal(Condition(kind, subjects))


def _node_of(typed: Typed, side: Subject) -> Node | None:
    """What a part of the tree means by itself."""
    try:
        return parse(
            " ".join(typed_text(typed, "text", style=side.style).split()), side.declarations, shape=typed.shape
        ).node
    except MatcalcError:
        return None


Asked = Iterator[tuple[Fact, tuple[Typed, ...]]]


def _asked(typed: Typed) -> Asked:
    """The conditions of one operation, with the operands that they are about."""
    match typed.kind:
        case "divide" | "hadamard_divide":
            yield NONZERO, typed.children[1:]
        case "left_divide":
            yield INVERTIBLE, typed.children[:1]
        case "power" | "hadamard_power":
            yield from _of_power(*typed.children, entrywise=typed.kind == "hadamard_power")
        case "call":
            yield from _of_call(typed)


def _of_power(base: Typed, exponent: Typed, *, entrywise: bool) -> Asked:
    e = _number(exponent)
    square = base.shape[0] == base.shape[1] and not base.shape[0].is_one and not entrywise
    if e is not None and e.denominator % 2 == 0:
        yield NONNEGATIVE if e > 0 else POSITIVE, (base,)
    elif e is not None and e < 0:
        yield INVERTIBLE if square else NONZERO, (base,)


def _number(typed: Typed) -> Fraction | None:
    """The value of a number, of -1 and of 1/2."""
    parts = [_number(child) for child in typed.children]
    if typed.kind == "number":
        return Fraction(typed.value)
    if typed.kind == "negate" and parts[0] is not None:
        return -parts[0]
    if typed.kind == "add" and len(parts) == 1 and parts[0] is not None:
        return parts[0] * Fraction(typed.value[0])
    if typed.kind == "divide" and parts[0] is not None and parts[1]:
        return parts[0] / parts[1]
    return None


def _of_call(typed: Typed) -> Asked:
    """The domain of the table, and what has to have an inverse."""
    operands = [c for c in typed.children if c.kind != "size"]
    if typed.value in FUNCTIONS and FUNCTIONS[typed.value].inverts:
        yield INVERTIBLE, tuple(operands[:1])
        return
    if typed.value == "pinv" and any(d.is_one for d in operands[0].shape):
        yield SOMEWHERE, tuple(operands)
    row = FUNCTIONS.get(typed.value)
    for need in row.domain if row is not None and len(row.parameters) == 1 else ():
        if need.fact not in ALWAYS_TRUE:
            yield need.fact, tuple(operands[:1])
