"""Notes on levels, thresholds and counts: letters beside arrays and sums of which the text does not show what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from matcalc.language.kinds.kind_inference import Kinds
from matcalc.language.kinds.kinds import COLUMN
from matcalc.language.meaning.items import Item, Program
from matcalc.notes import Note

__all__ = ["on_levels"]

#: A note on a name: the name, its code, its message and its hint.
Noted = Callable[[int, str, str, str], Note]
#: Faces of letters that are arrays as often as numbers.
_OPEN_FACES = frozenset(("code coefficient", "code time"))


def on_levels(program: Program, kinds: Kinds, divisors: Collection[int], note: Noted) -> Iterator[Note]:
    """The notes of the likeliest reading; ``divisors`` are the names that stand nowhere but below a line."""
    for name in dict.fromkeys((*_levels(program, kinds), *_thresholds(program, kinds))):
        hint = f"declare {program.undeclared[name]}: scalar if it is one"
        yield note(name, "against-letter", "is read as a column", hint)
    for name in dict.fromkeys(_lengths_beside_sums(program, divisors)):
        message = "is read as a number of its own, and not as how many terms the sum has"
        yield note(name, "count", message, f"write {program.undeclared[name]} above the sum for that")


def _thresholds(program: Program, kinds: Kinds) -> Iterator[int]:
    """d of abs(r) <= d, and t of max(x - t, 0)."""
    for item in program.items:
        for level, other in _compared(program, item):
            name = program.items[level].bare
            if name is None or kinds.of_name(name) != COLUMN or kinds.of[other] != COLUMN:
                continue
            against = program.items[other].bare
            if _is_open(program, name) and (against is None or not _is_open(program, against)):
                yield name


def _is_open(program: Program, name: int) -> bool:
    return program.letters[name].face in _OPEN_FACES


def _compared(program: Program, item: Item) -> Iterator[tuple[int, int]]:
    """What is compared, in both orders: the sides of a relation, and of a difference with the constant of max."""
    children = item.children
    if item.kind != "call" or len(children) != 2:
        return
    if item.node.value in ("max", "min") and program.items[children[1]].constant:
        children = program.items[children[0]].children if program.items[children[0]].kind == "add" else ()
    elif item.node.value not in ("greater", "at_least"):
        return
    if len(children) == 2:
        yield children[0], children[1]
        yield children[1], children[0]


def _levels(program: Program, kinds: Kinds) -> Iterator[int]:
    """q of max(q .* e, (q - 1) .* e): what weighs one array both ways is as often a number."""
    for item in program.items:
        if item.kind != "call" or item.node.value not in ("max", "where", "min") or len(item.children) < 2:
            continue
        products = [program.items[c] for c in item.children[-2:]]
        if all(p.kind == "hadamard" for p in products):
            (first, one), (second, other) = (p.children for p in products)
            name = _compared_with_constant(program, first, second)
            if name is not None and kinds.of_name(name) == COLUMN and program.source(one) == program.source(other):
                yield name


def _compared_with_constant(program: Program, first: int, second: int) -> int | None:
    """q of q and q - 1, in either order."""
    for alone, compared in ((first, second), (second, first)):
        terms = [program.items[c] for c in program.items[compared].children if not program.items[c].constant]
        name = program.items[alone].bare
        if name is not None and program.items[compared].kind == "add" and [t.bare for t in terms] == [name]:
            return name
    return None


def _lengths_beside_sums(program: Program, divisors: Collection[int]) -> Iterator[int]:
    r"""n of 1/n \sum_j x_j, where nothing says that j ends at n."""
    sums = {i for i, item in enumerate(program.items) if item.kind in ("call", "total") and _is_open_sum(program, i)}
    for item in program.items:
        if item.kind == "multiply" and item.children[1] in sums:
            name = _divisor(program, item.children[0])
            if name is not None and name in divisors and program.letters[name].may_count:
                yield name


def _is_open_sum(program: Program, index: int) -> bool:
    """Whether it is a sum over indices of which none has a last value."""
    node = program.items[index].node
    if program.items[index].kind == "total":
        return not any(n in program.ends or program.bounds[n].last is not None for n in node.value.bound)
    return node.value == "sum" and re.match(r"\\sum|sum_|∑|Σ", program.source(index)) is not None


def _divisor(program: Program, index: int) -> int | None:
    """n of 1 / n and 1 / (2 n)"""
    item = program.items[index]
    item = program.items[item.children[0]] if item.kind == "negate" else item
    return program.items[item.children[1]].bare if item.kind == "divide" else None
