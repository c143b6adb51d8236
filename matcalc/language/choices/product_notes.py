"""Notes on what stands in products and norms and may be something else: an identity, a bias, the weight of a norm."""

from __future__ import annotations

from collections.abc import Iterator

from matcalc.language.kinds.kinds import COLUMN, SCALAR
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
        elif item.kind == "hadamard" and shapes.kinds[index] == COLUMN:
            yield from _bias_of_samples(program, shapes, index)
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


def _bias_of_samples(program: Program, shapes: Shapes, index: int) -> Iterator[Note]:
    """b of y .* (X w + b), where each row of X is a sample: one number, or one for each sample."""
    for child in program.items[index].children:
        terms = program.items[child].children if program.items[child].kind == "add" else ()
        products = [c for c in terms if program.items[c].kind == "multiply" and shapes.kinds[c] == COLUMN]
        for term in terms:
            item = program.items[term]
            if products and item.kind == "variable" and item.bare is not None and program.usual(item.bare) == SCALAR:
                if shapes.kinds[term] == COLUMN:
                    name, source = program.undeclared[item.bare], program.source(products[0])
                    message = f"{name} is read as a column, as {source} beside it"
                    yield Note(message, f"declare {name}: scalar for one number", "bias", program.text, item.node.span)


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
