"""A power that only a matrix can have, where the rest of the text speaks of a column or of the entries: sum((y - X b)^2).

Read as a power of entries such a text would need fewer letters against their convention. Then the power is refused as that
of a column is; where both readings are as likely, and a sum or a norm of the entries is taken, there is a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from matcalc.errors import MatcalcError
from matcalc.language import prices
from matcalc.language.kinds.kind_inference import Conflict, Kinds, assign_kinds
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR
from matcalc.language.meaning.items import Program
from matcalc.language.surface.tree import OF_VALUES
from matcalc.notes import Note

__all__ = ["power_of_column", "powers_of_values", "powers_summed"]

_OF_ENTRIES = frozenset({"sum", "mean", "norm1", "norm2"})


def powers_of_values(program: Program, kinds: Kinds) -> None:
    """Make tanh^2(W x) of an array the powers of its entries."""
    for index, item in enumerate(program.items):
        if item.kind == "power" and item.node.value == OF_VALUES and kinds.of[index] != SCALAR:
            program.items[index] = replace(item, kind="hadamard_power")


def power_of_column(program: Program, kinds: Kinds, *, strained: bool) -> MatcalcError | None:
    """The error for a power whose base is a matrix only because matrices have powers.

    One of numbers is looked at where the reading is ``strained``: where letters are numbers that cannot stay so.
    """
    places = [i for i in _powers(program) if _is_compound(program, i)] if program.undeclared else []
    summed = {*_summed(program)} if places else set()
    doubtful = [i for i in places if kinds.of[i] == MATRIX or ((strained or i in summed) and kinds.of[i] == SCALAR)]
    if not doubtful or program.code:
        return None
    of_entries = {*_summed(program), *doubtful}
    entrywise = [
        replace(item, kind="hadamard_power") if i in of_entries else item for i, item in enumerate(program.items)
    ]
    try:
        other = assign_kinds(replace(program, items=entrywise))
    except Conflict:
        return None
    if kinds.choices[0].cost - other.choices[0].cost < prices.MUCH_CHEAPER:
        return None
    for place in doubtful:
        if other.of[program.items[place].children[0]] == COLUMN:
            conflict = Conflict(place, dict(enumerate(other.of)), program.items[place].children)
            from matcalc.language.faults.shape_faults import conflict_error

            return conflict_error(program, conflict)
    return None


def _powers(program: Program) -> Iterator[int]:
    """The powers with an exponent of 2 or more."""
    for index, item in enumerate(program.items):
        if item.kind == "power":
            exponent = program.items[item.children[1]]
            if exponent.kind == "number" and exponent.node.value > 1:
                yield index


def _is_compound(program: Program, index: int) -> bool:
    """Whether it is the power of a sum or a product."""
    return program.items[program.items[index].children[0]].kind in ("add", "multiply")


def _is_inferred(program: Program, index: int) -> bool:
    """Whether a name without a declaration stands in it."""
    pending, seen = [index], set[int]()
    while pending:
        item = program.items[pending.pop()]
        if item.kind == "variable" and isinstance(item.data, int):
            return True
        new = [c for c in item.children if c not in seen]
        seen.update(new)
        pending += new
    return False


def _summed(program: Program) -> Iterator[int]:
    """The powers that stand directly under a sum, a mean or a norm of entries."""
    for item in program.items:
        if (item.kind == "call" and item.node.value in _OF_ENTRIES) or item.kind == "norm":
            if program.items[item.children[0]].kind == "power":
                yield item.children[0]


def powers_summed(program: Program, kinds: Kinds) -> Iterator[Note]:
    """Notes on powers of matrices whose entries are summed: sum((Y - X W)^2)."""
    if program.code:
        return
    powers = set(_powers(program))
    for index in _summed(program):
        item = program.items[index]
        if kinds.of[index] == MATRIX and index in powers and _is_inferred(program, index):
            base, exponent = (program.source(c) for c in item.children)
            sign = program.text[program.span(item.children[0])[1] : program.span(item.children[1])[0]].strip() or "^"
            yield Note(
                f"{base} is a matrix here, and {sign}{exponent} its power",
                f"the powers of the entries are {base}.^{exponent}",
                "matrix-power",
                program.text,
                item.node.span,
            )
