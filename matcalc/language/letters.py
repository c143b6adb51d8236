"""Names that are read against their letter: where that needs a declaration, and what it costs before.

A name in a product keeps the kind of its letter unless a sum, a divisor or an exponent says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from matcalc.expr import ONE
from matcalc.language.items import Item, Program
from matcalc.language.kinds import COLUMN, MATRIX, ROW, SCALAR, is_sometimes_scalar, matching, preferred

__all__ = ["Evidence", "against", "may_be_row", "may_be_scalar", "strain"]

#: A name in a product keeps the kind of its letter unless a sum or a divisor says otherwise.
AGAINST_LETTER = 2000


class Evidence:
    """Terms, divisors and exponents that show the kind of a name."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.terms: dict[int, set[int]] = {}
        self.others: set[int] = set()
        for index, item in enumerate(items):
            if item.kind == "add":
                for name in self._bare(items, item.children):
                    self.terms.setdefault(name, set()).add(index)
            elif item.kind in ("divide", "power"):
                self.others.update(self._bare(items, item.children[1:]))
            if item.kind == "divide" and items[item.children[1]].kind == "add":
                self.others.update(self._bare(items, items[item.children[1]].children))

    @staticmethod
    def _bare(items: Sequence[Item], children: Iterable[int]) -> set[int]:
        return {bare for c in children if (bare := items[c].bare) is not None}

    def of(self, name: int, strained: Item, child: int) -> bool:
        """Whether something else than the operand ``child`` shows the kind; for a power, not a term alone."""
        if strained.kind not in ("multiply", "power") or (strained.kind == "power" and child == strained.children[1]):
            return False
        if name in self.others:
            return True
        return strained.kind == "multiply" and bool(self.terms.get(name, set()) - {child})


def against(program: Program, item: Item, kinds: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Operands that are names, or sums of names, read against their letter: (operand, names)."""
    match item.kind:
        case "multiply" if is_transposed_name(program.items, item):
            return  # the transpose itself says what stands against the letter
        case "multiply":
            operands = list(zip(item.children, kinds, strict=True))
        case "power":
            usual = kinds[0] == SCALAR and _power_of_letter(program, item)
            operands = [] if usual else [(item.children[0], kinds[0])]
            exponent = program.items[item.children[1]].bare
            if exponent is not None and preferred(program.undeclared[exponent]) == MATRIX:
                yield item.children[1], (exponent,)
        case "divide":
            operands = list(_strained_quotient(program, item, kinds))
        case "transpose" if kinds[0] in (SCALAR, MATRIX):
            bare = program.items[item.children[0]].bare
            if bare is not None and (kinds[0] == SCALAR or preferred(program.undeclared[bare]) == COLUMN):
                yield item.children[0], (bare,)
            return
        case "call":
            yield from _powers_as_arrays(program, item, kinds)
            return
        case "norm":
            yield from _power_in_norm(program, item.children[0], kinds[0])
            return
        case "bars" | "entry":
            operands = [(item.children[0], kinds[0])]
            if item.kind == "bars" and may_be_scalar(program, item.children[0]):
                return
        case _:
            return
    for child, kind in operands:
        part = program.items[child]
        names = (part.bare,) if part.bare is not None else part.group if item.kind == "multiply" else ()
        if names and all(_against_letter(program.undeclared[n], kind, item.kind) for n in names):
            yield child, names


def is_transposed_name(items: Sequence[Item], item: Item) -> bool:
    """x^T, perhaps with a sign and numbers before it"""
    while item.bare is not None and item.kind in ("negate", "multiply"):
        item = items[next(c for c in item.children if items[c].bare is not None)]
    return item.bare is not None and item.kind == "transpose"


def may_be_row(items: Sequence[Item]) -> set[int]:
    """Names in a sum with the transpose of a name that stand nowhere but in sums."""
    found: set[int] = set()
    elsewhere: set[int] = set()
    for item in items:
        names = {bare for c in item.children if (bare := items[c].bare) is not None}
        if item.kind == "add":
            transposed = [items[c] for c in item.children if is_transposed_name(items, items[c])]
            if transposed:
                found |= names
            elsewhere |= {part.bare for part in transposed if part.bare is not None}
        elif item.bare is None:
            elsewhere |= names
    return found - elsewhere


def _strained_quotient(program: Program, item: Item, kinds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """x / n is a vector over a scalar, not a scalar x; in 1 / x the letter stands for a vector."""
    above, below = item.children
    if program.items[below].bare is None:
        return
    yield above, kinds[0]
    if not may_be_scalar(program, below):
        yield below, kinds[1]


def may_be_scalar(program: Program, index: int) -> bool:
    bare = program.items[index].bare
    return bare is not None and is_sometimes_scalar(program.undeclared[bare])


def _power_of_letter(program: Program, item: Item) -> bool:
    """s^2, s^n, and x^n where n is a size: a power of a scalar."""
    base, exponent = item.children
    return program.items[exponent].kind == "dimension" or may_be_scalar(program, base)


def _powers_as_arrays(program: Program, item: Item, kinds: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """sum(s^2) was rather meant entry by entry."""
    signature = matching(item.data, kinds)
    if signature is None:
        return
    for child, kind, parameter in zip(item.children, kinds, signature.parameters, strict=False):
        if parameter.kind == "array" and parameter.shape not in ((ONE, ONE), signature.result):
            yield from _power_in_norm(program, child, kind)


def _power_in_norm(program: Program, child: int, kind: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """A power of a letter for a vector, read as a scalar where an array is expected."""
    part = program.items[child]
    base = program.items[part.children[0]].bare if part.kind == "power" else None
    if base is not None and kind == SCALAR and preferred(program.undeclared[base]) == COLUMN:
        yield child, (base,)


def _against_letter(name: str, kind: int, operator: str) -> bool:
    usual = preferred(name)
    if kind in (COLUMN, ROW) and usual == SCALAR and operator != "power":
        return False
    if {kind, usual} <= {COLUMN, ROW}:
        return False
    return kind != usual


def strain(program: Program, item: Item, kinds: Sequence[int]) -> int:
    return AGAINST_LETTER * sum(1 for _ in against(program, item, kinds))
