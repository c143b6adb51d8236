"""What stands in a trace: a number would stand before it."""

from __future__ import annotations

from collections.abc import Mapping

from matcalc.language.items import Program
from matcalc.language.kinds import MATRIX
from matcalc.language.names import is_greek

__all__ = ["stands_in_trace"]


def stands_in_trace(program: Program, parents: Mapping[int, int], index: int, factor: int) -> bool:
    """Whether a factor of the product ``index`` is the first or last one in a trace, before which a number would stand.

    That is a Greek letter, or the inverse of a sum with a matrix's letter: tr((Psi + w^T w)^-1 V).
    """
    if not (_is_greek(program, factor) or _is_inverse_sum(program, factor)):
        return False
    items = program.items
    leads, above = factor == items[index].children[0], parents.get(index)
    while leads and above is not None and items[above].kind == "multiply" and items[above].children[0] == index:
        index, above = above, parents.get(above)
    item = items[index if above is None else above]
    return item.kind == "call" and item.node.value == "tr"


def _is_greek(program: Program, index: int) -> bool:
    data = program.items[index].data
    return program.items[index].kind == "variable" and isinstance(data, int) and is_greek(program.letters[data].name)


def _is_inverse_sum(program: Program, index: int) -> bool:
    """Whether it is the power of a sum in which a letter of a matrix stands alone."""
    items = program.items
    base = items[items[index].children[0]] if items[index].kind == "power" else items[index]
    names = [items[c].bare for c in base.children] if base.kind == "add" else []
    return base is not items[index] and any(program.usual(n) == MATRIX for n in names if n is not None)
