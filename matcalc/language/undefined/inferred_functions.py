"""Functions without a declaration: what was inferred of them, and what a reader is told or asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matcalc.expr import ONE, Dim
from matcalc.expr.canonical.open_functions import OUT
from matcalc.language.declarations import Declaration
from matcalc.language.kinds.kind_inference import Kinds
from matcalc.language.kinds.kinds import SCALAR
from matcalc.language.meaning.items import Item, Program
from matcalc.language.sizes.shapes import Shape, Shapes
from matcalc.language.undefined.function_kinds import FUNCTION
from matcalc.language.undefined.open_kinds import COLUMN_VALUE, ENTRYWISE, NUMBER, legs_for, misused
from matcalc.language.undefined.open_uses import Misuse, OpenTyped
from matcalc.notes import Note

__all__ = ["function_declaration", "function_shapes", "note_functions", "typed_open"]


def typed_open(item: Item, declarations: Mapping[str, Declaration], text: str) -> OpenTyped:
    """The value of the typed node of a use."""
    use = item.node.value
    declared = declarations[use.name]
    try:
        legs = legs_for(item, declared)
    except Misuse as misuse:
        raise misused(text, item, misuse) from None
    return OpenTyped(use, declared.function(use.count(len(item.node.children))), legs)


def function_shapes(program: Program, shapes: Shapes) -> dict[str, list[Shape]]:
    """The shapes of arguments and values of undeclared functions, whose sizes need names, too."""
    return {
        program.undeclared[i]: [*(s for leg, s in found.items() if leg != OUT), found[OUT]]
        for i, found in shapes.functions.items()
    }


def function_declaration(
    name: str, shapes: Mapping[int, Shape] | None, size: Callable[[Dim], Dim], structure: str | None
) -> Declaration:
    """What is known of the function; without shapes it is applied to every entry."""
    if shapes is None:
        return Declaration(name, FUNCTION, inferred=True)
    kinds = {leg: _kind(*map(size, shape)) for leg, shape in shapes.items()}
    result = kinds.pop(OUT)
    if structure is not None and result.kind == "matrix" and result.dims[0] == result.dims[1]:
        result = Declaration("", structure, result.dims[:1])
    parameters = tuple(kinds[leg] for leg in sorted(kinds))
    dims = dict.fromkeys(d for part in (*parameters, result) for d in part.dims)
    return Declaration(name, FUNCTION, tuple(dims), inferred=True, parameters=parameters, result=result)


def _kind(rows: Dim, cols: Dim) -> Declaration:
    if cols == ONE:
        return Declaration("", "scalar") if rows == ONE else Declaration("", "vector", (rows,))
    return Declaration("", "matrix", (rows, cols))


# What a reader is told.


def note_functions(program: Program, kinds: Kinds) -> None:
    """One note for each undeclared function: how it is read, and how to say something else."""
    for identifier in program.functions:
        index = next(i for i, item in enumerate(program.items) if item.kind == "open" and item.data == identifier)
        program.notes.append(_note(program, index, kinds))


def _note(program: Program, index: int, kinds: Kinds) -> Note:
    item = program.items[index]
    name = program.undeclared[item.data]
    start, end = item.node.span
    typed = _balanced(program.text[start:end].partition("(")[0].strip().removesuffix(r"\left").rstrip())
    mode = kinds.of[item.children[0]]
    product = rf"{typed} \cdot (…)" if "\\" in program.text else f"{typed} * (…)"
    other = "function(vector(n)) -> scalar" if mode == ENTRYWISE else "function"
    inverse = name.removesuffix("_inv")
    what = f"{name}, the inverse function of {inverse}," if inverse != name and not typed.endswith("_inv") else name
    return Note(
        f"{what} is read as a function that nobody defined, {_described(program, item, kinds)}",
        f"declare {name}: {other} for another, or write {product} for a product",
        "open-function",
        program.text,
        (start, start + len(typed)),
    )


def _balanced(typed: str) -> str:
    r"""h for the `h}` of `\mathbf{h}(x)`: a brace that opens before the name closes behind it."""
    return typed.rstrip("}") if typed.count("}") > typed.count("{") else typed


def _described(program: Program, item: Item, kinds: Kinds) -> str:
    mode, *arguments = item.children
    mode = kinds.of[mode]
    if mode == ENTRYWISE:
        numbers = [program.source(c) for c in arguments if kinds.of[c] == SCALAR]
        beside = f", with the number {' and the number '.join(numbers)}" if numbers else ""
        return "of numbers" if len(numbers) == len(arguments) else f"applied to every entry{beside}"
    return f"whose value is a {'number' if mode == NUMBER else 'column' if mode == COLUMN_VALUE else 'matrix'}"
