"""Notes on signs that mean two things of a matrix: exp, log and sqrt entry by entry, numbers added to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcalc.errors import Hint
from matcalc.language.choices.bar_notes import (
    WITH_POWERS,
    entries_in_bars,
    is_of_columns_elsewhere,
    length_in_bars,
    lone_determinant,
    norm_of_entries,
    of_all_entries,
    spectral_norm,
)
from matcalc.language.evidence.matrix_functions_in_traces import OF_MATRICES, of_matrix
from matcalc.language.kinds.kinds import COLUMN, MATRIX, SCALAR
from matcalc.language.latex.latex_places import whole
from matcalc.language.meaning.items import Program
from matcalc.language.mends.hints import either, unbracketed, write
from matcalc.language.sizes.shapes import Shapes
from matcalc.language.sizes.sizes import is_unknown
from matcalc.notes import Note
from matcalc.patterns import pattern

__all__ = ["OF_SQUARES", "on_functions"]

_FIRST_AXIS = pattern(r",\s*((?:\\\w+\{)?axis\}?\s*=\s*1)\s*(?:\\\w+)?\)\Z")
#: Functions whose derivative is 0 without being constant.
_STEPS = frozenset(("floor", "ceil", "round"))
#: Divided by n here, and by n - 1 in R, MATLAB and books on samples.
_SPREADS = frozenset(("var", "std", "cov"))
#: Functions of square matrices.
OF_SQUARES = frozenset(("tr", "det", "logdet", "inv", "adj"))


def on_functions(program: Program, shapes: Shapes) -> Iterator[Note]:
    """The notes of an expression whose shapes are known."""
    for index, item in enumerate(program.items):
        if item.kind == "call" and item.node.value in OF_MATRICES and _may_be_square(program, shapes, index):
            if _is_used_as_matrix(program, shapes, index) or _is_scaled_alone(program, shapes, index):
                yield _entry_by_entry(program, index)
        elif item.kind == "call" and item.node.value == "exp" and shapes.kinds[index] == COLUMN:
            if _is_alone(program, shapes, index) or _is_multiplied_behind(program, index):
                yield from _of_counted(program, index)
        elif item.kind == "add":
            yield from _beside_identity(program, shapes, index)
            yield from _beside_matrix(program, shapes, index)
        elif item.kind == "power" and program.items[item.children[0]].kind == "variable":
            yield from _mark_or_power(program, shapes, index)
        elif item.kind == "bars" and shapes.kinds[index] == MATRIX:
            yield entries_in_bars(program, index)
        elif item.kind == "bars" and (shapes.kinds[index], shapes.kinds[item.children[0]]) == (SCALAR, COLUMN):
            yield length_in_bars(program, index)
        elif item.kind == "bars" and (shapes.kinds[index], shapes.kinds[item.children[0]]) == (SCALAR, MATRIX):
            yield from lone_determinant(program, index)
        elif item.is_dot and [shapes.kinds[c] for c in item.children] == [COLUMN, COLUMN]:
            yield from _inner_product(program, index)
        elif item.kind == "exponential" and shapes.kinds[index] != SCALAR:
            yield (_of_matrix if shapes.kinds[index] == MATRIX else _of_column)(program, index)
        elif item.kind in ("norm", "call") and is_of_columns_elsewhere(program, shapes, index):
            yield of_all_entries(program, index)
        elif item.kind == "call" and item.node.value in WITH_POWERS and shapes.kinds[item.children[0]] == MATRIX:
            yield from norm_of_entries(program, index)
        elif item.kind == "call" and item.node.value in _SPREADS:
            yield from _of_spread(program, shapes, index)
        elif item.kind == "call" and item.node.value == "mean" and shapes.kinds[item.children[0]] == SCALAR:
            yield _of_one_number(program, index)
        elif item.kind == "call" and item.node.value in _STEPS and not item.constant:
            yield _of_steps(program, index)
        elif item.kind == "call" and (found := _first_axis(program, index)) is not None:
            yield _of_columns(program, item.node.span[0] + found.start(1), item.node.span[0] + found.end(1))
        elif item.kind == "norm" and item.node.value == "2" and shapes.kinds[item.children[0]] == MATRIX:
            parent = program.parents.get(index)
            if parent is not None and program.items[parent].kind == "power":
                yield spectral_norm(program, index)


def _mark_or_power(program: Program, shapes: Shapes, index: int) -> Iterator[Note]:
    """W^0 and W^1: nobody types these powers, but names of layers and of steps."""
    base, exponent = (program.items[c] for c in program.items[index].children)
    if exponent.kind != "number" or exponent.node.value not in (0, 1):
        return
    span = whole(program.text, program.items[index].node.span)
    typed, value = program.text[slice(*span)], program.source(program.items[index].children[0])
    if exponent.node.value == 0:
        value = "1" if shapes.kinds[index] == SCALAR else "the identity"
    hint = f"write {program.text[slice(*base.node.span)]}_{exponent.node.value} for a name"
    yield Note(
        f"{typed} is read as a power, {value}", hint, "trivial-power", program.text, program.items[index].node.span
    )


def _of_one_number(program: Program, index: int) -> Note:
    """mean((d - w^T x)^2): of data it is a mean over the rows of X."""
    message = f"{program.source(index)} is the mean of one number, which is that number"
    hint = "write the data as a matrix X with a row for each sample, as in mean((y - X w).^2)"
    return Note(message, hint, "mean", program.text, program.items[index].node.span)


def _of_one_column(program: Program, index: int) -> Note:
    """cov(x) of a column is a number, and that of a random vector a matrix."""
    message = f"{program.source(index)} is the variance of the entries, one number"
    hint = "the covariance matrix of a random vector has a name of its own, such as Sigma"
    return Note(message, hint, "spread", program.text, program.items[index].node.span)


def _of_spread(program: Program, shapes: Shapes, index: int) -> Iterator[Note]:
    """Which of two variances it is; of one number it says nothing, and the covariance of one column is a number."""
    item = program.items[index]
    name = item.node.value
    if name != "cov":
        yield _of_variance(program, shapes, index)
    elif shapes.kinds[item.children[0]] == COLUMN:
        yield _of_one_column(program, index)


def _of_variance(program: Program, shapes: Shapes, index: int) -> Note:
    item = program.items[index]
    name = item.node.value
    if shapes.kinds[item.children[0]] == SCALAR:
        message = f"{name} is that of the entries, and that of one number is 0"
        hint = "of a random x with the covariance S, the variance of w^T x is w^T S w"
    else:
        message = f"{name} is divided by the number of entries, n"
        hint = "multiply by n / (n - 1) for a sample" if name == "var" else "multiply by sqrt(n / (n - 1)) for a sample"
    return Note(message, hint, "spread", program.text, item.node.span)


def _of_steps(program: Program, index: int) -> Note:
    node = program.items[index].node
    message = f"{node.value} is constant between its steps: its derivative is 0 wherever it has one"
    return Note(message, "", "steps", program.text, node.span)


def _of_columns(program: Program, start: int, end: int) -> Note:
    message = "axis=1 is taken as in sum(X, 1): down the columns, one value for each"
    hint = "write axis=2 for the rows, which are axis=1 in NumPy"
    return Note(message, hint, "axis", program.text, (start, end))


def _may_be_square(program: Program, shapes: Shapes, index: int) -> bool:
    """Whether the matrix is square, or a sum of multiples of names of which nothing says that they are not: t A."""
    rows, cols = shapes.resolved(index)
    is_open = any(is_unknown(n) for n in rows.names) and any(is_unknown(n) for n in cols.names)
    argument = program.items[index].children[0]
    return shapes.kinds[index] == MATRIX and (rows == cols or (is_open and _is_combination(program, shapes, argument)))


def _is_combination(program: Program, shapes: Shapes, index: int) -> bool:
    """A, t A and a X + b Y"""
    pending = [index]
    while pending:
        index = pending.pop()
        item = program.items[index]
        if shapes.kinds[index] == MATRIX and item.kind != "variable":
            if item.kind not in ("add", "negate", "multiply", "divide"):
                return False
            if sum(shapes.kinds[c] == MATRIX for c in item.children) > 1 and item.kind != "add":
                return False
            pending += item.children
    return True


def _is_scaled_alone(program: Program, shapes: Shapes, index: int) -> bool:
    """Whether exp(t A) is the whole expression, t a letter: entry by entry it is hardly meant. In LaTeX, exp(A) too."""
    if not _is_alone(program, shapes, index):
        return False
    below = program.items[program.items[index].children[0]]
    terms = [below, *(program.items[c] for c in below.children)] if below.kind in ("add", "negate") else [below]
    factors = [c for term in terms if term.kind in ("multiply", "divide", "negate") for c in term.children]
    scaled = any(shapes.kinds[c] == SCALAR and program.items[c].bare is not None for c in factors)
    return scaled or ("\\" in program.text and below.kind == "variable" and isinstance(below.data, int))


def _is_alone(program: Program, shapes: Shapes, index: int) -> bool:
    """Whether an item is the whole expression of a mathematician, but for numbers in front."""
    while (parent := program.parents.get(index)) is not None:
        item = program.items[parent]
        if item.kind not in ("negate", "multiply", "divide") or (item.kind == "divide" and item.children[1] == index):
            return False
        if any(shapes.kinds[c] != SCALAR for c in item.children if c != index):
            return False
        index = parent
    return index == program.root and not program.code


def _is_multiplied_behind(program: Program, index: int) -> bool:
    """Whether a factor follows, as in c^T exp(A t) b."""
    parent = program.parents.get(index)
    if parent is not None and program.items[parent].kind == "multiply" and program.items[parent].children[1] == index:
        index, parent = parent, program.parents.get(parent)
    return (
        parent is not None and program.items[parent].kind == "multiply" and program.items[parent].children[0] == index
    )


def _of_counted(program: Program, index: int) -> Iterator[Note]:
    """exp(A t) of a column t, which is rather a number."""
    product = program.items[program.items[index].children[0]]
    if product.kind != "multiply":
        return
    matrix, last = (program.items[c] for c in product.children)
    names = [i.data for i in (matrix, last) if i.kind == "variable" and isinstance(i.data, int)]
    if len(names) == 2 and program.usual(names[0]) == MATRIX and program.letters[names[1]].may_count:
        name = program.undeclared[names[1]]
        hint = f"declare {name}: scalar if it is a number"
        yield Note(f"{name} is read as a column", hint, "against-letter", program.text, last.node.span)


def _first_axis(program: Program, index: int) -> re.Match[str] | None:
    """The first axis that a call names at its end."""
    text = program.text[slice(*program.span(index))]
    return _FIRST_AXIS.search(text) if "axis" in text else None


def _is_used_as_matrix(program: Program, shapes: Shapes, index: int) -> bool:
    """Whether it stands, perhaps in a sum, under a trace, a determinant, a product of arrays or a power."""
    start = index
    while (parent := program.parents.get(index)) is not None:
        item = program.items[parent]
        match item.kind:
            case "call":
                return item.node.value in OF_SQUARES
            case "power":
                return item.children[0] == index
            case "norm":
                return str(program.items[start].node.value) == "log"
            case "bars":
                return shapes.kinds[parent] == SCALAR
            case "multiply" if all(shapes.kinds[c] != SCALAR for c in item.children):
                return True
            case "multiply" | "divide" | "negate" | "transpose" | "add":
                index = parent
            case _:
                return False
    return False


def _entry_by_entry(program: Program, index: int) -> Note:
    item = program.items[index]
    name, (argument,) = item.node.value, item.children
    command = rf"\operatorname{{{of_matrix(name)}}}" if "\\" in program.text else of_matrix(name)
    written = f"{command}({unbracketed(program.source(argument))})"
    purpose = "for the function of the matrix"
    place = program.place(index)
    is_raised = "^" in program.text[place[0] : program.place(argument)[0]]  # \\log^2 X
    hint = f"write {written} {purpose}" if is_raised else write(place, (written, purpose))
    return Note(f"{name} of a matrix is taken of its entries", hint, "entrywise", program.text, item.node.span)


def _beside_identity(program: Program, shapes: Shapes, index: int) -> Iterator[Note]:
    """I + x^T x adds the number to every entry."""
    terms = program.items[index].children
    if not any(program.items[c].kind == "identity" for c in terms):
        return
    for child in terms:
        if shapes.kinds[child] == SCALAR and shapes.kinds[index] == MATRIX and not program.items[child].constant:
            source = program.source(child)
            message = f"{source}, a number, is added to every entry of the identity"
            hint = write(program.place(child), (f"({source}) I", "for a multiple of it"))
            yield Note(message, hint, "beside-identity", program.text, program.span(child))


def _beside_matrix(program: Program, shapes: Shapes, index: int) -> Iterator[Note]:
    """X + 1 under a determinant, and the A - λ of v^T (A - λ) v: the number may stand for a multiple of the identity."""
    terms = program.items[index].children
    if shapes.kinds[index] != MATRIX or any(program.items[c].kind == "identity" for c in terms):
        return
    rows, cols = shapes.resolved(index)
    if rows != cols or not _is_used_as_matrix(program, shapes, index):
        return
    for child in terms:
        item, source = program.items[child], program.source(child)
        product = f"{source} I"
        if item.kind in ("number", "constant"):
            product = "I" if source == "1" else product
            yield _note_on_number(program, child, f"{source} is added to every entry of the matrix", product)
        elif item.kind == "variable" and isinstance(item.data, int) and program.usual(item.data) == SCALAR:
            if shapes.kinds[child] == MATRIX:
                yield _note_on_number(program, child, f"{program.undeclared[item.data]} is read as a matrix", product)
        elif shapes.kinds[child] == SCALAR and not item.constant and not program.code:
            message = f"{source}, a number, is added to every entry of the matrix"
            yield _note_on_number(program, child, message, product if item.kind == "variable" else f"({source}) I")


def _note_on_number(program: Program, child: int, message: str, product: str) -> Note:
    purpose = "for a multiple of the identity" if product != "I" else "for the identity"
    hint: Hint | None = write(program.place(child), (product, purpose))
    name = program.items[child].data
    if isinstance(name, int):
        hint = either(f"declare {program.undeclared[name]}: scalar if it is one", hint, joint=", or ")
    return Note(message, hint, "beside-matrix", program.text, program.span(child))


def _inner_product(program: Program, index: int) -> Iterator[Note]:
    """x · σ(x) of letters that are not set as vectors may be meant entry by entry."""
    left, right = (program.items[c] for c in program.items[index].children)
    names = [i for i in (left, right) if i.kind == "variable" and isinstance(i.data, int)]
    called = [i for i in (left, right) if i.kind in ("call", "open")]
    if names and called and program.letters[names[0].data].face is None:
        hint = (
            r"write \odot for the products of the entries"
            if "\\" in program.text
            else "write .* for the products of the entries"
        )
        message = "the dot is read as an inner product"
        yield Note(message, hint, "dot", program.text, program.span(index))


def _of_matrix(program: Program, index: int) -> Note:
    source = _exponent(program, index)
    hint = rf"\exp({source}) is that of each entry" if "\\" in program.text else None
    message = f"e raised to {source}, a matrix, is the exponential of the matrix"
    return Note(message, hint, "euler", program.text, program.span(index))


def _of_column(program: Program, index: int) -> Note:
    source = _exponent(program, index)
    message = f"e raised to {source}, a vector, is the exponential of each entry"
    written = rf"\exp({source})" if "\\" in program.text else f"exp({source})"
    return Note(message, f"{written} says the same", "euler", program.text, program.span(index))


def _exponent(program: Program, index: int) -> str:
    """What e is raised to, with the braces that it needs."""
    place = whole(program.text, program.span(program.items[index].children[0]))
    return unbracketed(" ".join(program.text[slice(*place)].split()))
