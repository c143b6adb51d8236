"""A letter that is no matrix's beside a product of matrices: b in X W + b is rather a row for every row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.errors import Hint, MatcalcError, ShapeError
from matcalc.expr import Dim
from matcalc.language.faults.operand_reports import display_names
from matcalc.language.kinds.kind_inference import Kinds
from matcalc.language.kinds.kinds import COLUMN, MATRIX, ROW, SCALAR
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.items import Program
from matcalc.language.mends.hints import declare, either, write
from matcalc.language.sizes.shapes import Shapes

__all__ = ["bias_error", "multiplier_error"]


def bias_error(program: Program, kinds: Kinds, shapes: Shapes) -> MatcalcError | None:
    """The question what b is in X W + b, where nothing but the sum says that it is a matrix."""
    for product, child in _beside_products(program, kinds):
        name = program.items[child].data
        if sum(item.kind == "variable" and item.data == name for item in program.items) == 1:
            return _question(program, shapes, product, child)
    return None


def multiplier_error(program: Program, kinds: Kinds) -> MatcalcError | None:
    """The question what lambda (R b - r) is beside (y - X b)'(y - X b): added to each entry, or lambda^T (R b - r)."""
    items = program.items
    terms = items[program.root].children if items[program.root].kind == "add" else ()
    forms = [c for c in terms if kinds.of[c] == SCALAR and _is_form(program, kinds, c)]
    columns = [(c, f) for c in terms if kinds.of[c] == COLUMN for f in _multipliers(program, kinds, c)]
    if not forms or not columns:
        return None
    (column, factor), form = columns[0], forms[0]
    name, rest = program.source(factor), program.source(column)
    place = whole(program.text, program.span(factor))
    typed = program.text[slice(*place)]
    offers = [(f"{typed}^T", f"for the product of {name} with the column")]
    return ShapeError(
        f"{rest} is a column where {name} is a number, and {program.source(form)} is a number",
        code="multiplier",
        text=program.text,
        span=program.span(column),
        related=program.span(form),
        hint=either(
            write(place, *offers), declare(program.text, f"{program.letters[items[factor].data].name}: scalar")
        ),
    )


def _is_form(program: Program, kinds: Kinds, index: int) -> bool:
    """A product of a row and a column, perhaps with a sign or a number before it, or a norm."""
    item = program.items[index]
    if item.kind in ("negate", "power"):
        return _is_form(program, kinds, item.children[0])
    found = {kinds.of[c] for c in item.children}
    return item.kind == "norm" or (
        item.kind == "multiply"
        and ({ROW, COLUMN} <= found or any(_is_form(program, kinds, c) for c in item.children if kinds.of[c] == SCALAR))
    )


def _multipliers(program: Program, kinds: Kinds, index: int) -> Iterator[int]:
    """The letters without a declaration that are numbers before the one column of this term."""
    factors = list(_factors(program, index))
    if [kinds.of[c] for c in factors if kinds.of[c] != SCALAR] == [COLUMN]:
        items = program.items
        yield from (
            c for c in factors if kinds.of[c] == SCALAR and items[c].kind == "variable" and items[c].bare is not None
        )


def _factors(program: Program, index: int) -> Iterator[int]:
    item = program.items[index]
    if item.kind not in ("negate", "multiply"):
        yield index
    else:
        for child in item.children:
            yield from _factors(program, child)


def _beside_products(program: Program, kinds: Kinds) -> Iterator[tuple[int, int]]:
    """Products of matrices, each with a letter of scalars or vectors that is a term of the same sum."""
    items = program.items
    for index, item in enumerate(items):
        if item.kind != "add" or kinds.of[index] != MATRIX:
            continue
        products = [c for c in item.children if _is_product(program, kinds, c)]
        letters = [c for c in item.children if items[c].kind == "variable" and items[c].bare is not None]
        yield from ((products[0], c) for c in letters if products and program.usual(items[c].data) != MATRIX)


def _is_product(program: Program, kinds: Kinds, index: int) -> bool:
    """A product of two matrices, perhaps with a sign or a number before it."""
    item = program.items[index]
    while kinds.of[index] == MATRIX and item.kind in ("negate", "multiply"):
        matrices = [c for c in item.children if kinds.of[c] == MATRIX]
        if len(matrices) == 2:
            return True
        if len(matrices) == 0:
            return False
        index = matrices[0]
        item = program.items[index]
    return False


def _question(program: Program, shapes: Shapes, product: int, child: int) -> MatcalcError:
    display = display_names(program, shapes, [shapes.resolved(product)])
    rows, cols = (d.substitute(display) for d in shapes.resolved(product))
    name, source = program.source(child), program.source(product)
    return ShapeError(
        f"{name} is added to {source}, a matrix ({rows} x {cols}): to every row, to every column, or is it a matrix?",
        code="bias",
        text=program.text,
        span=program.span(child),
        related=program.span(product),
        hint=_hint(program, child, rows, cols, _as_vector(program, shapes, product)),
    )


def _as_vector(program: Program, shapes: Shapes, product: int) -> list[str]:
    """W of X W as a column: then the letter beside the product is one, too."""
    item = program.items[product]
    last = program.items[item.children[-1]]
    if item.kind != "multiply" or last.kind != "variable" or last.bare is None or program.letters[last.bare].face:
        return []
    size = shapes.resolved(item.children[-1])[0]
    length = size.substitute(display_names(program, shapes, [shapes.resolved(item.children[-1])]))
    return [f"{program.letters[last.bare].name}: vector({length})"]


def _hint(program: Program, child: int, rows: Dim, cols: Dim, vectors: Sequence[str]) -> Hint | None:
    name = program.source(child)
    letter = program.letters[program.items[child].data]
    place = whole(program.text, program.span(child))
    name = program.text[slice(*place)]
    offers = [(f"ones({rows}) {name}^T", "for every row"), (f"{name} ones({cols})^T", "for every column")]
    if rows == cols:
        offers.append((f"{name} I", "for a multiple of the identity"))
    of_vectors = vectors if letter.usual == COLUMN else ()
    declarations = [*of_vectors, f"{letter.name}: matrix({rows}, {cols})", f"{letter.name}: scalar"]
    return either(write(place, *offers), declare(program.text, *declarations))
