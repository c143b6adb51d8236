"""Notes on bars and norms of arrays: absolute values of entries, lengths, determinants and norms that are others elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.language.kinds.kinds import MATRIX
from matcalc.language.meaning.items import Program
from matcalc.language.mends.hints import write
from matcalc.language.sizes.shapes import Shapes
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = [
    "WITH_POWERS",
    "entries_in_bars",
    "is_of_columns_elsewhere",
    "length_in_bars",
    "lone_determinant",
    "norm_of_entries",
    "of_all_entries",
    "spectral_norm",
]

#: norm(X, 2) elsewhere.
WITH_POWERS = frozenset(("norm", "norm1", "norm_inf"))
_OPERATOR_NORMS = {
    "1": ("the sum of the absolute values of the entries", "max(sum(abs({}), 1)) for the largest sum of a column"),
    "2": ("the root of the sum of the squares of the entries", "norm_spec({}) for the largest singular value"),
    "inf": ("the largest absolute value of an entry", "max(sum(abs({}), 2)) for the largest sum of a row"),
}
#: A product of names, as programs write it.
_STARS = pattern(r"[A-Za-z]'?\s*\*\s*[A-Za-z]")


def entries_in_bars(program: Program, index: int) -> Note:
    (child,) = program.items[index].children
    source = program.source(child)
    det, norm = (rf"\det({source})", rf"\|{source}\|") if "\\" in program.text else (f"det({source})", f"||{source}||")
    hint = write(program.place(index), (det, "for a determinant"), (norm, "for a norm"))
    return Note(
        f"the bars around {source} are absolute values of the entries", hint, "bars", program.text, program.span(index)
    )


def lone_determinant(program: Program, index: int) -> Iterator[Note]:
    """|D| of what is divided by, where D stands in bars alone: it may be a set."""
    child = program.items[program.items[index].children[0]]
    places = [i for i, item in enumerate(program.items) if item.kind == "variable" and item.data == child.data]
    if not isinstance(child.data, int) or any(program.items[program.parents.get(i, i)].kind != "bars" for i in places):
        return
    while (parent := program.parents.get(index)) is not None and program.items[parent].kind in ("multiply", "call"):
        index = parent
    if parent is not None and program.items[parent].kind == "divide" and program.items[parent].children[1] == index:
        name = program.undeclared[child.data]
        message, hint = (
            f"|{name}| is read as a determinant",
            f"write N for the number of elements where {name} is a set",
        )
        yield Note(message, hint, "bars", program.text, child.node.span)


def length_in_bars(program: Program, index: int) -> Note:
    source = program.source(program.items[index].children[0])
    hint = rf"write \operatorname{{abs}}({source})" if "\\" in program.text else f"write abs({source})"
    message = f"the bars around {source}, a column, are its Euclidean norm"
    return Note(message, f"{hint} for the absolute values of the entries", "bars", program.text, program.span(index))


def norm_of_entries(program: Program, index: int) -> Iterator[Note]:
    """norm(X, 2) of a matrix, written with its power behind a comma."""
    source = program.source(index)
    written, _, power = source.rstrip(") ").rpartition(",")
    meaning, other = _OPERATOR_NORMS.get(power.strip(" '\"").lower(), ("", ""))
    if meaning and written.startswith("norm("):
        hint = f"write {other.format(program.source(program.items[index].children[0]))}"
        message = f"{source} is {meaning} here"
        yield Note(message, hint, "norm-of-entries", program.text, program.span(index))


def is_of_columns_elsewhere(program: Program, shapes: Shapes, index: int) -> bool:
    """norm(X), mean(X) of a matrix where products are written with a star, as in MATLAB."""
    item = program.items[index]
    if program.code or len(item.children) != 1 or shapes.kinds[item.children[0]] != MATRIX:
        return False
    return program.source(index).startswith(("norm(", "mean(")) and _STARS.search(program.text) is not None


def of_all_entries(program: Program, index: int) -> Note:
    source, inside = program.source(index), program.source(program.items[index].children[0])
    if source.startswith("mean("):
        message = f"{source} is the mean of all entries here"
        hint = f"write mean({inside}, 1) for the means of the columns, as in MATLAB"
        return Note(message, hint, "mean-of-entries", program.text, program.span(index))
    message = f"{source} is {_OPERATOR_NORMS['2'][0]} here"
    hint = f"write {_OPERATOR_NORMS['2'][1].format(inside)}, as in MATLAB"
    return Note(message, hint, "norm-of-entries", program.text, program.span(index))


def spectral_norm(program: Program, index: int) -> Note:
    source = program.source(index)
    frobenius = source.rpartition("_")[0] + "_F"
    return Note(
        "the norm of a matrix with the subscript 2 is its largest singular value",
        write(program.span(index), (frobenius, "for the root of the sum of the squares of its entries")),
        "spectral-norm",
        program.text,
        program.span(index),
    )
