"""Claims: what a person writes as the derivative, in any form that `diff` prints.

An array shaped as the variable, an operator in ``dX`` (``dF = A dX B``), or the matrix J of vec(dF) = J vec(dX).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from matcalc.calculus import is_mirrored
from matcalc.checking.checker import Formula
from matcalc.checking.claims.written import Words, parts_of_claim
from matcalc.checking.geometry import lower_entries
from matcalc.checking.values.evaluate import Array
from matcalc.checking.values.evaluate import evaluate_continued as evaluate
from matcalc.errors import MatcalcError, ShapeError
from matcalc.expr import ONE, Dim, Node, Shape, perturbation, postorder, substitute
from matcalc.expr.directions import direction_spellings
from matcalc.expr.named_powers import base_and_exponent
from matcalc.language import Declaration, Parsed, parse
from matcalc.language.clauses import shown_as
from matcalc.language.words.names import typed_name
from matcalc.notes import Note

__all__ = ["Claim", "expected_shapes", "interpret", "paired", "parse_claim", "read_claim", "read_part"]


class Claim:
    """A claimed derivative: its expression and how it is compared.

    Attributes:
        node: the claimed expression.
        form: "array", "operator", "vec" or "differential".
        notes: how its text was read, where a reader has to know.
    """

    def __init__(self, node: Node, form: str, formula: Formula) -> None:
        self.node = node
        self.form = form
        self.formula = formula
        self.notes: tuple[Note, ...] = ()


def read_claim(text: str, f: Node, wrt: Sequence[Node], words: Words) -> Claim:
    """The claim in the variables of f, of several parts the first.

    Raises MatcalcError where it cannot be read, or has no shape of a derivative.
    """
    return read_part(text, parts_of_claim(text)[0], f, wrt, words)


def read_part(text: str, part: str, f: Node, wrt: Sequence[Node], words: Words) -> Claim:
    """One of the `parts_of_claim` of the text.

    A size that it leaves open is the one that the first form of a derivative gives it.
    """
    attempts: list[tuple[Shape | None, bool]] = [
        (None, False),
        *((s, False) for s in expected_shapes(f, wrt)),
        (None, True),
    ]
    first: MatcalcError | None = None
    for shape, alone in attempts:
        try:
            with shown_as(text, part):
                parsed = _parsed(part, wrt, words, shape, alone=alone)
                claim = interpret(parsed.node, f, wrt, text)
                claim.notes = (*parsed.notes, *_layout_notes(claim.node, f, wrt, text))
                return claim
        except MatcalcError as error:
            first = error if first is None or alone else first
            if first.code != "undetermined":
                break
    assert first is not None
    if first.code == "undetermined":
        first.message += f", and the derivative is {_listed_shapes(f, wrt)}"
    raise first


def _layout_notes(node: Node, f: Node, wrt: Sequence[Node], text: str) -> Iterator[Note]:
    """A gradient that is written as a row: numerator layout."""
    axes = Axes(f, wrt)
    if axes.gradient is None or axes.open or node.linear or node.shape == axes.value or node.shape != axes.matrix:
        return
    message = "the claim is a row, as in numerator layout, and the gradient here has the shape of its variable"
    yield Note(message, code="layout", text=text, span=(0, len(text)))


def parse_claim(
    text: str,
    wrt: Sequence[Node],
    words: Words,
    shape: Shape | None = None,
    *,
    alone: bool = False,
) -> Node:
    """A claimed expression, in the variables of f and the directions dX; see `parse` for what ``alone`` means."""
    (part, *_) = parts_of_claim(text)
    return _parsed(part, wrt, words, shape, alone=alone).node


def _parsed(part: str, wrt: Sequence[Node], words: Words, shape: Shape | None, *, alone: bool) -> Parsed:
    names = {**words.defined_beside(part), **directions_by_name(wrt, words.declarations)}
    parsed = parse(_with_symbols(part, wrt), words.of_bases, names=names, shape=shape, alone=alone)
    return replace(parsed, node=words.in_powers(parsed.node))


def _with_symbols(part: str, wrt: Sequence[Node]) -> str:
    """d(sigma^2) as one name, where sigma^2 is a variable."""
    for name in {str(v.data[0]) for v in wrt}:
        if base_and_exponent(name) is not None:
            shown = r"\s*".join(map(re.escape, ("(", *re.split(r"(\^)", typed_name(name)), ")")))
            part = re.sub(rf"\bd(_\d+)?{shown}", rf"d{name}\1", part)
    return part


def directions_by_name(wrt: Sequence[Node], declarations: Mapping[str, Declaration]) -> dict[str, Node | Dim]:
    """dX, dX_1, dX_2 as names of perturbations; ``dX`` alone in a higher order is the last direction."""
    names: dict[str, Node | Dim] = {}
    for place, v in enumerate(wrt):
        for index in (0, place + 1) if len(wrt) > 1 else (0,):
            for spelling in direction_spellings(v.data[0], index, declarations.keys()):
                names[spelling] = perturbation(v, index)
    return {n: d for n, d in names.items() if n not in declarations}


class Axes:
    """What the array of a derivative is contracted with: the axes of the gradient and those of the open directions.

    Attributes:
        gradient: place of the variable by whose shape the derivative of a scalar f is shaped, or None.
        open: places of the variables whose perturbations stay in an operator.
        scalars: places of the scalar variables, which are divided out.
    """

    def __init__(self, f: Node, wrt: Sequence[Node]) -> None:
        self.f = f
        self.wrt = tuple(wrt)
        arrays = [i for i, v in enumerate(wrt) if not v.is_scalar]
        self.scalars = [i for i, v in enumerate(wrt) if v.is_scalar]
        self.gradient = arrays[0] if f.is_scalar and arrays else None
        self.open = [i for i in arrays if i != self.gradient]

    @property
    def value(self) -> Shape:
        """The shape of the array or operator."""
        return self.f.shape if self.gradient is None else self.wrt[self.gradient].shape

    @property
    def matrix(self) -> Shape | None:
        """The shape of the vec form, where one direction is open, or of the row that multiplies vec(dX)."""
        if len(self.wrt) == 1 and self.gradient is not None:
            return ONE, _entries(self.wrt[0].shape)
        return (_entries(self.value), _entries(self.wrt[self.open[0]].shape)) if len(self.open) == 1 else None


def _entries(shape: Shape) -> Dim:
    return shape[0] * shape[1]


def expected_shapes(f: Node, wrt: Sequence[Node]) -> list[Shape]:
    """The shapes that a derivative may be written in."""
    return list(dict.fromkeys((*_shapes_of_arrays(f, wrt), *_shapes_in_directions(f, wrt))))


def _shapes_of_arrays(f: Node, wrt: Sequence[Node]) -> list[Shape]:
    axes = Axes(f, wrt)
    shapes = [axes.value if not axes.open else None, axes.matrix]
    return list(dict.fromkeys(shape for shape in shapes if shape is not None))


def _shapes_in_directions(f: Node, wrt: Sequence[Node]) -> list[Shape]:
    """Those of an operator and of the differential, which hold dX."""
    axes = Axes(f, wrt)
    return list(dict.fromkeys((*([axes.value] if axes.open else []), f.shape)))


def paired(claim: Claim, wrt: Sequence[Node], convention: str) -> Formula:
    """The claim along directions; a gradient by independent entries goes with those on and below the diagonal."""
    if convention != "independent" or claim.form not in ("array", "vec") or not is_mirrored(wrt[0]):
        return claim.formula
    return lambda values, sizes, e: claim.formula(values, sizes, [lower_entries(x) for x in e])


def interpret(node: Node, f: Node, wrt: Sequence[Node], text: str) -> Claim:
    """The form of a claim, by its shape and the perturbations in it."""
    axes = Axes(f, wrt)
    found = {n: _place(n, wrt) for n in postorder(node) if n.op == "perturbation"}
    claim = _operator(node, found, axes) if found else _array(node, axes)
    if claim is None:
        raise wrong_shape(node, f, wrt, text)
    return claim


def _place(direction: Node, wrt: Sequence[Node]) -> int:
    """Which variable a perturbation is of; ``dX`` without a number is the last one of X."""
    name, number, *_ = direction.data
    return number - 1 if number else max(i for i, v in enumerate(wrt) if v.data[0] == name)


def wrong_shape(node: Node, f: Node, wrt: Sequence[Node], text: str) -> ShapeError:
    """The claim has no shape of this derivative."""
    return ShapeError(
        f"the claim is {node.rows} x {node.cols}, and the derivative is {_listed_shapes(f, wrt)}",
        code="claim-shape",
        text=text,
        span=(0, len(text)),
        hint="an operator is written in dX" if not f.is_scalar or len(wrt) > 1 else None,
    )


def _listed_shapes(f: Node, wrt: Sequence[Node]) -> str:
    arrays, operators = _shapes_of_arrays(f, wrt), _shapes_in_directions(f, wrt)
    return f"{_shown(arrays)}, or in d{wrt[-1].data[0]} {_shown(operators)}" if arrays else f"{_shown(operators)}"


def _shown(shapes: Sequence[Shape]) -> str:
    return " or ".join(f"{rows} x {cols}" for rows, cols in shapes)


Values = Mapping[str, Array]


def _operator(node: Node, found: Mapping[Node, int], axes: Axes) -> Claim | None:
    """A claim in dX: the differential, with a direction for every variable, or the operator."""
    if node.shape == axes.f.shape and len(set(found.values())) == len(axes.wrt):
        return Claim(node, "differential", _along(node, found, axes, None))
    if node.shape == (_entries(axes.f.shape), ONE) and len(axes.wrt) == 1:
        return Claim(node, "differential", _unstacked(_along(node, found, axes, None), axes.f))
    if node.shape == axes.value and axes.open:
        return Claim(_as_printed(node, found, axes), "operator", _along(node, found, axes, axes.gradient))
    return None


def _as_printed(node: Node, found: Mapping[Node, int], axes: Axes) -> Node:
    """A single open direction has no number."""
    if len(axes.open) > 1:
        return node
    return substitute(node, {d: perturbation(axes.wrt[place], 0) for d, place in found.items()})


def _along(node: Node, found: Mapping[Node, int], axes: Axes, gradient: int | None) -> Formula:
    """The operator along the directions, times those of scalars that it has divided out."""
    divided = [i for i in axes.scalars if i not in found.values()]

    def value(values: Values, sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        result = evaluate(node, values, sizes, {d: e[i] for d, i in found.items()})
        return _contracted(result, e, gradient, divided)

    return value


def _contracted(result: Array, e: Sequence[Array], gradient: int | None, scalars: Sequence[int]) -> Array:
    factor = float(np.prod([e[i].item() for i in scalars]))
    if gradient is None:
        return result * factor
    return np.sum(result * e[gradient]).reshape(1, 1) * factor


def _unstacked(formula: Formula, f: Node) -> Formula:
    def value(values: Values, sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        rows, cols = (d.evaluate(sizes) for d in f.shape)
        return formula(values, sizes, e).reshape((rows, cols), order="F")

    return value


def _array(node: Node, axes: Axes) -> Claim | None:
    """A claim without dX: an array, the matrix of a vec form, or zero."""
    if not axes.open and node.shape == axes.value:
        return Claim(
            node, "array", lambda values, s, e: _contracted(evaluate(node, values, s), e, axes.gradient, axes.scalars)
        )
    if axes.matrix is not None and node.shape in (
        axes.matrix,
        axes.matrix[::-1] if axes.gradient is not None else None,
    ):
        columns = axes.f.is_column or axes.gradient is not None
        form = "array" if columns and all(v.cols.is_one for v in axes.wrt) else "vec"
        return Claim(node, form, _of_matrix(node, axes, node.shape == axes.matrix))
    if node.is_zero and node.shape in (axes.f.shape, axes.value):
        form = "differential" if node.shape == axes.f.shape else "operator"
        return Claim(node, form, lambda values, s, e: np.zeros([d.evaluate(s) for d in axes.f.shape]))
    return None


def _of_matrix(node: Node, axes: Axes, upright: bool) -> Formula:
    """J vec(E) unstacked, or contracted with the direction of the gradient."""
    last = axes.open[0] if axes.open else 0
    gradient = axes.gradient if axes.open else None

    def value(values: Values, sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        matrix = evaluate(node, values, sizes)
        stacked = (matrix if upright else matrix.T) @ _stacked(e[last])
        if gradient is not None:
            return _contracted(stacked, [_stacked(x) for x in e], gradient, axes.scalars)
        return _contracted(stacked, e, None, [i for i in axes.scalars if i != last])

    return value if gradient is not None else _unstacked(value, axes.f)


def _stacked(x: Array) -> Array:
    return x.reshape((-1, 1), order="F")
