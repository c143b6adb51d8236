r"""Functions of the matrices of physics under a trace: log in tr(ρ log ρ) is that of the matrix, as nobody means that of its entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from matcalc.functions import matrix_function
from matcalc.language.kinds.kinds import MATRIX, SCALAR
from matcalc.language.mends.hints import unbracketed
from matcalc.language.sizes.shapes import OF_SQUARES
from matcalc.language.words.names import is_greek
from matcalc.notes import Note

if TYPE_CHECKING:
    from matcalc.language.kinds.kind_inference import Kinds
    from matcalc.language.meaning.items import Item, Program

__all__ = ["OF_MATRICES", "of_matrices_in_traces", "of_matrix"]

#: Functions that people write for those of a matrix, and mean them.
OF_MATRICES = ("exp", "log", "sqrt")
_NAMES = (*OF_MATRICES, "log2", "log10")
#: What is made of matrices, and stays a matrix, up to the trace.
_PASSED = frozenset("add negate multiply divide power transpose exponential".split())


def of_matrix(name: str) -> str:
    """The function of matrices that is made of one of numbers."""
    row = matrix_function(name)
    assert row is not None
    return row.name


def of_matrices_in_traces(program: Program, kinds: Kinds) -> None:
    """Give the functions of small Greek matrices in products under a trace their meaning, with a note."""
    if program.code or not any(name[:1].islower() and is_greek(name) for name in program.order):
        return
    for index in list(_functions(program, kinds.of)):
        item = program.items[index]
        name = item.node.value
        source = unbracketed(program.source(item.children[0]))
        meant = of_matrix(name)
        program.items[index] = replace(item, node=replace(item.node, value=meant), data=[OF_SQUARES])
        command = rf"\operatorname{{{meant}}}" if "\\" in program.text else meant
        message = f"{name} of a matrix in a product under a trace is the function of the matrix"
        program.notes.append(
            Note(message, f"{command}({source}) says the same", "of-matrix", program.text, item.node.span)
        )


def _functions(program: Program, kinds: list[int]) -> Iterator[int]:
    """The calls of such functions whose matrices are small Greek letters, under a trace with a product of matrices."""
    for index, item in enumerate(program.items):
        if item.kind == "call" and item.node.value in _NAMES and kinds[index] == MATRIX:
            if _is_multiplied_in_trace(program, kinds, index) and _is_of_greek(program, kinds, index):
                yield index


def _is_multiplied_in_trace(program: Program, kinds: list[int], index: int) -> bool:
    """Whether it stands under a trace by operations of matrices, and one of them, or one below it, is a product."""
    multiplied = any(_is_product(program.items[i], kinds) for i in _below(program, index))
    while (parent := program.parents.get(index)) is not None and kinds[parent] == MATRIX:
        item = program.items[parent]
        if not (item.kind in _PASSED or (item.kind == "call" and item.node.value in _NAMES)):
            return False
        multiplied = multiplied or _is_product(item, kinds)
        index = parent
    top = program.items[parent] if parent is not None else None
    return multiplied and top is not None and top.kind == "call" and top.node.value == "tr"


def _is_product(item: Item, kinds: list[int]) -> bool:
    return item.kind == "multiply" and all(kinds[c] == MATRIX for c in item.children)


def _is_of_greek(program: Program, kinds: list[int], index: int) -> bool:
    """Whether all matrices below are small Greek letters."""
    arrays = [program.items[i] for i in _below(program, index) if kinds[i] != SCALAR and not program.items[i].children]
    names = [item.node.value for item in arrays if item.kind == "variable"]
    return len(names) == len(arrays) > 0 and all(name[0].islower() and is_greek(name) for name in names)


def _below(program: Program, index: int) -> Iterator[int]:
    """All items that one is made of."""
    pending = [*program.items[index].children]
    while pending:
        yield (found := pending.pop())
        pending += program.items[found].children
