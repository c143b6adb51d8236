"""Notes on what stands in products, powers and norms and may be something else: an identity, a bias, the weight of a norm."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR
from matcalc.language.meaning.items import Program
from matcalc.language.sizes.shapes import Shapes
from matcalc.language.words.names import is_greek
from matcalc.notes import Note

__all__ = ["on_products"]


def on_products(program: Program, shapes: Shapes) -> Iterator[Note]:
    """The notes of an expression whose shapes are known."""
    if program.code:
        return
    for index, item in enumerate(program.items):
        if item.kind == "multiply" and SCALAR not in [shapes.kinds[c] for c in item.children]:
            yield from _idle_identity(program, index)
            if {shapes.kinds[c] for c in item.children} == {MATRIX}:
                yield from _dot_of_matrices(program, index)
        elif item.kind == "add" and shapes.kinds[index] == COLUMN:
            yield from _bias_of_samples(program, shapes, index)
        elif item.kind == "power" and shapes.kinds[index] == MATRIX:
            yield from _power_of_programs(program, index)
        elif item.kind == "call" and item.node.value == "quad":
            yield from _weight(program, index)


def _idle_identity(program: Program, index: int) -> Iterator[Note]:
    """x^T I y, where nobody would type an identity; an I with a size is one."""
    for child in program.items[index].children:
        item = program.items[child]
        if item.kind == "identity" and item.data is None:
            hint = "declare I: matrix(n, n) for another matrix"
            yield Note(
                "I is read as the identity, which changes nothing in a product",
                hint,
                "identity",
                program.text,
                item.node.span,
            )


def _dot_of_matrices(program: Program, index: int) -> Iterator[Note]:
    """AB·B of bold capitals: a product of matrices, or the inner product of vectors behind A."""
    left, right = (program.items[c] for c in program.items[index].children)
    last = program.items[left.children[1]] if left.kind == "multiply" else left
    names = [part.bare for part in (last, right) if part.kind == "variable" and part.bare is not None]
    bold = [program.letters[n] for n in dict.fromkeys(names) if program.letters[n].face == "bold"]
    if program.items[index].is_dot and len(names) == 2 and all(program.usual(n) == MATRIX for n in names) and bold:
        declared = ", ".join(f"{letter.name}: vector(n)" for letter in bold)
        message = f"{program.source(index)} is read as a product of matrices"
        yield Note(message, f"declare {declared} for an inner product", "dot", program.text, program.span(index))


def _power_of_programs(program: Program, index: int) -> Iterator[Note]:
    """X**2, which is that of the entries in NumPy."""
    base, exponent = program.items[index].children
    between = program.text[program.place(base)[1] : program.place(exponent)[0]]
    source, power = program.source(base), program.source(exponent)
    if "**" in between and not power.startswith("-"):
        hint = f"write {source}.^{power} for the powers of its entries, as in NumPy"
        yield Note(f"{source} is raised as a matrix", hint, "power", program.text, program.span(index))


def _bias_of_samples(program: Program, shapes: Shapes, index: int) -> Iterator[Note]:
    """b of X w + b, where each row of X is a sample: one number, or one for each sample."""
    terms = program.items[index].children
    signed = [program.items[t].children[0] if program.items[t].kind == "negate" else t for t in terms]
    products = [t for t in signed if _is_of_samples(program, index, t)]
    for term in signed if products else ():
        item = program.items[term]
        if item.kind == "variable" and item.bare is not None and program.usual(item.bare) == SCALAR:
            name, source = program.undeclared[item.bare], program.source(products[0])
            message = f"{name} is read as a column, as {source} beside it"
            yield Note(message, f"declare {name}: scalar for one number", "bias", program.text, item.node.span)


def _is_of_samples(program: Program, index: int, term: int) -> bool:
    """X w: data times weights, or any product in what is multiplied entry by entry."""
    item = program.items[term]
    if item.kind != "multiply":
        return False
    parent = program.parents.get(index)
    first = program.items[item.children[0]]
    of_data = (
        first.kind == "variable"
        and first.bare is not None
        and re.fullmatch(r"X(_?\w)?", program.undeclared[first.bare])
    )
    return bool(of_data) or (parent is not None and program.items[parent].kind == "hadamard")


def _weight(program: Program, index: int) -> Iterator[Note]:
    r"""‖x‖_\Sigma: the weight, or a covariance, whose inverse is the weight."""
    weight = program.items[program.items[index].children[1]]
    named = weight.kind == "variable" and weight.bare is not None
    if named and is_greek(weight.node.value) and not program.source(index).startswith("quad"):
        name = weight.node.value
        message = f"the subscript {name} of a norm is its weight: the square is x^T {name} x"
        inverse = rf"\{name}^{{-1}}" if "\\" in program.text else f"{name}^-1"
        yield Note(
            message, f"write {inverse} below it where {name} is a covariance", "weight", program.text, weight.node.span
        )
