"""Notes on levels, thresholds and counts: letters beside arrays and sums of which the text does not show what they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from matcalc.language.kinds.kind_inference import Kinds
from matcalc.language.kinds.kinds import COLUMN, SCALAR
from matcalc.language.meaning.items import Item, Program
from matcalc.notes import Note

__all__ = ["on_levels"]

#: A note on a name: the name, its code, its message and its hint.
Noted = Callable[[int, str, str, str], Note]
#: Faces of letters that are arrays as often as numbers.
_OPEN_FACES = frozenset(("code coefficient", "code time", "code mean"))
#: Functions by which numbers are compared.
_COMPARING = frozenset("greater at_least max min relu".split())


def on_levels(program: Program, kinds: Kinds, divisors: Collection[int], note: Noted) -> Iterator[Note]:
    """The notes of the likeliest reading; ``divisors`` are the names that stand nowhere but below a line."""
    for name in dict.fromkeys((*_levels(program, kinds), *_thresholds(program, kinds), *_below_roots(program, kinds))):
        hint = f"declare {program.undeclared[name]}: scalar if it is one"
        yield note(name, "against-letter", "is read as a column", hint)
    for name in dict.fromkeys(_lengths_beside_sums(program, divisors)):
        message = "is read as a number of its own, and not as how many terms the sum has"
        yield note(name, "count", message, f"write {program.undeclared[name]} above the sum for that")


def _thresholds(program: Program, kinds: Kinds) -> Iterator[int]:
    """d of abs(r) <= d, t of max(x - t, 0), and m of relu(m - x + y): the only letter there that may be a number."""
    for item in program.items:
        compared = _compared(program, item)
        names = [name for c in compared if (name := program.items[c].bare) is not None and _is_open(program, name)]
        arrays = [c for c in compared if kinds.of[c] == COLUMN]
        if len(names) == 1 and len(arrays) > 1 and kinds.of_name(names[0]) == COLUMN:
            yield names[0]


def _below_roots(program: Program, kinds: Kinds) -> Iterator[int]:
    """eps of sqrt(x.^2 + eps): what is added to squares below a root is rather one number for all."""
    for item in program.items:
        inside = program.items[item.children[0]] if item.kind == "call" and item.node.value == "sqrt" else None
        if inside is None or inside.kind != "add":
            continue
        squares = any(program.items[c].kind in ("hadamard_power", "hadamard") for c in inside.children)
        for name in (program.items[c].bare for c in inside.children if squares):
            if name is not None and program.usual(name) == SCALAR and kinds.of_name(name) == COLUMN:
                yield name


def _is_open(program: Program, name: int) -> bool:
    return program.letters[name].face in _OPEN_FACES


def _compared(program: Program, item: Item) -> Sequence[int]:
    """What is compared: the sides of a relation and of max and min, and the terms of what is cut off at a constant."""
    if item.kind != "call" or item.node.value not in _COMPARING:
        return ()
    children = [c for c in item.children if not program.items[c].constant]
    if len(children) == 1 and program.items[children[0]].kind == "add":
        return program.items[children[0]].children
    return children


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
            for name in _divisors(program, item.children[0]):
                if name is not None and name in divisors and program.letters[name].may_count:
                    yield name


def _is_open_sum(program: Program, index: int) -> bool:
    """Whether it is a sum over indices of which none has a last value."""
    node = program.items[index].node
    if program.items[index].kind == "total":
        return not any(n in program.ends or program.bounds[n].last is not None for n in node.value.bound)
    return node.value == "sum" and re.match(r"\\sum|sum_|∑|Σ", program.source(index)) is not None


def _divisors(program: Program, index: int) -> list[int | None]:
    """n of 1 / n, 1 / (2 n), 1 / n^2 and 1 / (n (n - 1)); n and m of 1 / (n m)."""
    item = program.items[index]
    item = program.items[item.children[0]] if item.kind == "negate" else item
    return list(_bare_names(program, item.children[1])) if item.kind == "divide" else []


def _bare_names(program: Program, index: int) -> Iterator[int | None]:
    """The undeclared names of powers, products and sums with numbers; None for anything else."""
    item = program.items[index]
    if item.bare is not None or item.kind not in ("multiply", "power", "add"):
        yield item.bare
        return
    for child in item.children:
        if not program.items[child].constant:
            yield from _bare_names(program, child)
