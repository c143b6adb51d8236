"""Kinds of entries, rows, columns and ranges, of block matrices, and of operators on entries."""

from __future__ import annotations

from collections.abc import Sequence

from matcalc.language import prices
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR
from matcalc.language.meaning.items import Item, Program

__all__ = ["block_kind", "broadcast", "entry_kind", "entrywise_power", "forms_of", "paired"]


Outcome = tuple[int, int] | None


def block_kind(k: Sequence[int], width: int) -> Outcome:
    """Heights agree along each row, widths down each column, as far as kinds show them."""
    rows = [k[i : i + width] for i in range(0, len(k), width)]
    if any(len({kind & 1 for kind in row}) > 1 for row in rows):
        return None
    if any(len({row[j] & 2 for row in rows}) > 1 for j in range(width)):
        return None
    tall = len(rows) > 1 or rows[0][0] & 1
    wide = width > 1 or rows[0][0] & 2
    return int(bool(tall)) + 2 * int(bool(wide)), 0


def paired(k: Sequence[int], *, contracted: bool) -> Outcome:
    """An inner product <a, b>, or A : B, which contracts two axes."""
    if k[0] != k[1]:
        return None
    of_column = prices.COLUMN_CONTRACTED_TWICE if contracted and k[0] != MATRIX else 0
    return SCALAR, of_column + (prices.SCALAR_IN_NORM if k[0] == SCALAR else 0)


def forms_of(program: Program, item: Item) -> list[str]:
    """The forms of the indices; a range of one is an entry."""
    indices = [program.items[c].data for c in item.children[1:]]
    forms: list[str] = []
    for form in item.node.value:
        taken = [indices.pop(0) for _ in range({"at": 1, "all": 0, "range": 2}[form])]
        single = form == "range" and (taken[1] - taken[0] + 1).is_one
        forms.append("at" if single else form)
    return forms


def entry_kind(kind: int, forms: Sequence[str]) -> Outcome:
    if len(forms) == 1:
        return ((kind if forms[0] != "at" else SCALAR), 0) if kind in (COLUMN, ROW) else None
    if kind == SCALAR:
        return None
    rows = 0 if forms[0] == "at" else kind & 1
    cols = 0 if forms[1] == "at" else kind & 2
    return None if set(forms) == {"all"} and kind != MATRIX else (rows | cols, 0)


def broadcast(k: Sequence[int], fixed: Sequence[bool], price: int) -> Outcome:
    """Arrays of one kind; each number beside them, but for ``fixed`` ones, costs its price."""
    arrays = {kind for kind in k if kind != SCALAR}
    if len(arrays) > 1:
        return None
    scalars = sum(1 for kind, constant in zip(k, fixed, strict=True) if kind == SCALAR and not constant)
    return (arrays.pop(), scalars * price) if arrays else (SCALAR, 0)


def entrywise_power(k: Sequence[int], fixed: Sequence[bool]) -> Outcome:
    """Base and exponent entry by entry: the exponent is a scalar, as a rule."""
    base, exponent = k
    if exponent == SCALAR:
        return base, 0
    if base == exponent:
        return base, prices.BROADCAST
    return (exponent, 0 if fixed[0] else prices.BROADCAST) if base == SCALAR else None
