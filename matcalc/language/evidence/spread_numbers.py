"""A number beside a matrix that is inverted, or whose determinant is taken: Ψ + w^T w is hardly each entry and a number."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.errors import MatcalcError, ShapeError
from matcalc.language.faults.operand_reports import display_names
from matcalc.language.kinds.kind_inference import Kinds
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.items import Item, Program
from matcalc.language.mends.hints import declare, either, write
from matcalc.language.sizes.shapes import Shapes

__all__ = ["spread_error"]

#: Functions of a matrix as a whole.
_OF_MATRICES = frozenset("inv pinv det logdet solve".split())


def spread_error(program: Program, kinds: Kinds, shapes: Shapes) -> MatcalcError | None:
    """The question what a number is beside the matrix of an inverse, where no declaration says that it is one."""
    for index in _inverted(program, kinds) if not program.code else ():
        item = program.items[index]
        if item.kind == "add" and kinds.of[index] == MATRIX:
            numbers = [c for c in item.children if kinds.of[c] == SCALAR and _is_open(program, c)]
            if numbers:
                return _question(program, kinds, shapes, index, numbers[0])
    return None


def _inverted(program: Program, kinds: Kinds) -> Iterator[int]:
    for index, item in enumerate(program.items):
        is_determinant = item.kind == "bars" and kinds.of[index] == SCALAR
        of_matrix = item.kind == "call" and item.node.value in _OF_MATRICES
        if is_determinant or of_matrix or item.kind in ("power", "left_divide"):
            yield item.children[0]


def _leaves(program: Program, index: int) -> Iterator[Item]:
    pending, seen = [index], {index}
    while pending:
        item = program.items[pending.pop()]
        if not item.children:
            yield item
        new = [c for c in item.children if c not in seen]
        seen.update(new)
        pending.extend(new)


def _is_open(program: Program, index: int) -> bool:
    """Whether a name stands in it of which no declaration says that it makes a number."""
    return any(map(_undeclared, _leaves(program, index)))


def _undeclared(item: Item) -> bool:
    return item.kind == "variable" and isinstance(item.data, int)


def _question(program: Program, kinds: Kinds, shapes: Shapes, index: int, number: int) -> MatcalcError:
    size = shapes.resolved(index)[0].substitute(display_names(program, shapes, [shapes.resolved(index)]))
    place = whole(program.text, program.span(number))
    typed = program.text[slice(*place)]
    matrix = next(c for c in program.items[index].children if kinds.of[c] == MATRIX)
    declarations = [
        *(f"{program.letters[n].name}: matrix(k, {size})" for n in _columns(program, kinds, number)),
        *(f"{program.letters[n].name}: scalar" for n in _names(program, matrix)),
    ]
    return ShapeError(
        f"{typed} is a number beside {program.source(matrix)}, a matrix: added to every entry, or what is it?",
        code="spread",
        text=program.text,
        span=place,
        related=program.span(matrix),
        hint=either(
            write(place, (f"({typed}) I", "for a multiple of the identity")),
            declare(program.text, *declarations) if declarations else None,
        ),
    )


def _columns(program: Program, kinds: Kinds, number: int) -> Iterator[int]:
    """The names whose products with themselves the number is: w of w^T w."""
    leaves = [item for item in _leaves(program, number) if not item.constant]
    names = {item.data for item in leaves if _undeclared(item)}
    if len(names) == 1 and len(leaves) == 2 and kinds.of_name(next(iter(names))) == COLUMN:
        yield from names


def _names(program: Program, matrix: int) -> Iterator[int]:
    bare = program.items[matrix].bare
    if bare is not None:
        yield bare
