"""Where calls of undeclared functions stand, as far as it tells how a function is meant.

φ(W x) is rather applied to every entry, r(x) rather a value of its own; below a sum of entries, both are of entries.
In q^T M(q) q stands a matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcalc.functions import find
from matcalc.language.declarations import Declaration
from matcalc.language.kinds.kinds import COLUMN, MATRIX, kind_of
from matcalc.records import dataclass

if TYPE_CHECKING:
    from matcalc.language.meaning.items import Item, Program

__all__ = ["OpenContext", "contexts"]

#: Functions whose value is made of all entries of their argument alike.
_OF_ENTRIES = frozenset({"sum", "mean", "max", "min", "prod", "logsumexp"})
_ENTRYWISE = frozenset({"add", "negate", "hadamard", "hadamard_divide", "hadamard_power", "divide"})


@dataclass
class OpenContext:
    """What the calls of a function tell.

    Attributes:
        first: the item of its name in the first call.
        of_matrices: whether arguments are made with matrices.
        in_entries: whether the value is taken entry by entry.
        amid: whether a product goes on behind it.
        in_front: whether it stands directly before a function of numbers or a norm, as C(k) exp(k m^T x).
    """

    first: int
    of_matrices: bool = False
    in_entries: bool = False
    amid: bool = False
    in_front: bool = False


def contexts(program: Program) -> dict[int, OpenContext]:
    """The context of each undeclared function."""
    of_matrices = _with_matrices(program)
    in_entries = _in_entries(program)
    amid = _amid(program)
    in_front = _in_front(program)
    found: dict[int, OpenContext] = {}
    for index, item in enumerate(program.items):
        if item.kind == "open" and isinstance(item.data, int):
            context = found.setdefault(item.data, OpenContext(item.children[0]))
            context.of_matrices |= any(c in of_matrices and program.items[c].bare is None for c in item.children)
            context.in_entries |= index in in_entries
            context.amid |= index in amid
            context.in_front |= index in in_front
    return found


def _with_matrices(program: Program) -> set[int]:
    """Items with the name of a matrix below them, or a matrix letter."""
    found: set[int] = set()
    for index, item in enumerate(program.items):
        if (item.kind == "variable" and _is_matrix(program, item)) or any(c in found for c in item.children):
            found.add(index)
    return found


def _is_matrix(program: Program, item: Item) -> bool:
    if isinstance(item.data, Declaration):
        return kind_of(*item.data.shape) == MATRIX
    return program.usual(item.data) == MATRIX


def _in_entries(program: Program) -> set[int]:
    """Items that a sum of entries, or a product entry by entry, takes apart."""
    found: set[int] = set()
    for index in reversed(range(len(program.items))):
        item = program.items[index]
        through = index in found and (item.kind in _ENTRYWISE or _is_entrywise_call(item))
        if through or item.kind.startswith("hadamard") or (item.kind == "call" and item.node.value in _OF_ENTRIES):
            found.update(item.children)
    return found


def _amid(program: Program) -> set[int]:
    """Factors with another one on each side, or before a letter of vectors, as in A(t) x, and inverses in front: M(q)^{-1} (u - v)."""
    items = program.items
    products = [item for item in items if item.kind == "multiply"]
    firsts = [items[item.children[0]] for item in products]
    found = {first.children[1] for first in firsts if first.kind == "multiply"}
    found |= {item.children[0] for item in products if _is_vector(program, item.children[1])}
    found |= {item.children[0] for item in products if _is_inverse(program, item.children[0])}
    for index in reversed(range(len(items))):
        if index in found and items[index].kind in ("power", "transpose", "negate"):
            found.add(items[index].children[0])
    return found


def _in_front(program: Program) -> set[int]:
    """Factors directly before what may be a number by its form."""
    products = (item.children for item in program.items if item.kind == "multiply")
    behind = frozenset({"call", "exponential", "norm", "inner"})
    return {left for left, right in products if program.items[right].kind in behind}


def _is_inverse(program: Program, index: int) -> bool:
    """Whether it is raised to -1."""
    item = program.items[index]
    exponent = program.items[item.children[1]] if item.kind == "power" else None
    if exponent is not None and exponent.kind == "negate":
        return bool(program.items[exponent.children[0]].node.value == 1)
    return exponent is not None and bool(exponent.node.value == -1)


def _is_vector(program: Program, index: int) -> bool:
    bare = program.items[index].bare
    return bare is not None and program.usual(bare) == COLUMN


def _is_entrywise_call(item: Item) -> bool:
    function = find(item.node.value) if item.kind == "call" else None
    return function is not None and (function.kind == "elementwise" or function.entrywise)
