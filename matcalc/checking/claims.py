"""Claims: what a person writes as the derivative, in any form that `diff` prints.

An array shaped as the variable, an operator in ``dX`` (``dF = A dX B``), or the matrix J of vec(dF) = J vec(dX).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from matcalc.calculus import array_axes
from matcalc.checking.checker import Formula
from matcalc.checking.evaluate import Array, evaluate
from matcalc.errors import MatcalcError, ShapeError
from matcalc.expr import ONE, Dim, Node, Shape, perturbation, postorder
from matcalc.language import Declaration, parse

__all__ = ["Claim", "expected_shapes", "interpret", "parse_claim", "read_claim"]


class Claim:
    """A claimed derivative: its expression and how it is compared.

    Attributes:
        node: the claimed expression.
        form: "array", "operator", "vec" or "differential".
    """

    def __init__(self, node: Node, form: str, formula: Formula) -> None:
        self.node = node
        self.form = form
        self.formula = formula


def right_side(text: str) -> str:
    """What stands after ``df =``, ``dG =``, ``grad f =`` …"""
    body, word, rest = text.partition(" where ")
    found = re.match(r"[^=<>]*?=(.*)$", body, re.DOTALL)
    return (found.group(1) if found else body).strip() + word + rest


def read_claim(text: str, f: Node, wrt: Sequence[Node], declarations: Mapping[str, Declaration]) -> Claim:
    """The claim in the variables of f. Raises MatcalcError where it cannot be read, or has no shape of a derivative."""
    first: MatcalcError | None = None
    for shape in (None, *expected_shapes(f, wrt)):
        try:
            return interpret(parse_claim(text, wrt, declarations, shape), f, wrt, text)
        except MatcalcError as error:
            first = first or error
            if error.code != "undetermined":
                break
    assert first is not None
    raise first


def parse_claim(
    text: str, wrt: Sequence[Node], declarations: Mapping[str, Declaration], shape: Shape | None = None
) -> Node:
    """The claimed expression, in the variables of f and the directions dX."""
    names = directions_by_name(wrt, declarations)
    return parse(right_side(text), declarations, names=names, shape=shape).node


def directions_by_name(wrt: Sequence[Node], declarations: Mapping[str, Declaration]) -> dict[str, Node | Dim]:
    """dX, dX_1, dX_2 as names of perturbations; ``dX`` alone in a higher order is the last direction."""
    names: dict[str, Node | Dim] = {}
    for place, v in enumerate(wrt):
        name = v.data[0]
        names[f"d{name}"] = perturbation(v, 0)
        if len(wrt) > 1:
            names[f"d{name}_{place + 1}"] = perturbation(v, place + 1)
    return {n: d for n, d in names.items() if n not in declarations}


def expected_shapes(f: Node, wrt: Sequence[Node]) -> list[Shape]:
    """The shapes that a derivative may be written in."""
    sizes = [v.rows * v.cols for v in wrt]
    value = f.rows * f.cols
    if len(wrt) == 1:
        return [wrt[0].shape, (value, sizes[0]), f.shape] if f.is_scalar else [(value, sizes[0]), f.shape]
    if f.is_scalar and len(wrt) == 2:
        return [(sizes[0], sizes[1]), wrt[0].shape, (ONE, ONE)]
    return [f.shape]


def interpret(node: Node, f: Node, wrt: Sequence[Node], text: str) -> Claim:
    """The form of a claim, by its shape and the perturbations in it."""
    found = {n for n in postorder(node) if n.op == "perturbation"}
    arrays = [v for v in wrt if not v.is_scalar]
    if found:
        claim = _operator(node, found, f, wrt)
    elif not arrays:
        claim = Claim(node, "array", _scalars(node)) if node.shape == f.shape else None
    else:
        claim = _array(node, f, wrt)
    if claim is None:
        raise wrong_shape(node, f, wrt, text)
    return claim


def wrong_shape(node: Node, f: Node, wrt: Sequence[Node], text: str) -> ShapeError:
    """The claim has no shape of this derivative."""
    wanted = " or ".join(dict.fromkeys(f"{r} x {c}" for r, c in expected_shapes(f, wrt)))
    axes = [d for v in ((f,) if not f.is_scalar else ()) for d in array_axes(v.shape)]
    hint = "an operator is written in dX" if axes or len(wrt) > 1 else None
    return ShapeError(
        f"the claim is {node.rows} x {node.cols}, and the derivative is {wanted}",
        code="claim-shape",
        text=text,
        span=(0, len(text)),
        hint=hint,
    )


Values = Mapping[str, Array]


def _scalars(node: Node) -> Formula:
    def value(values: Values, sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        return evaluate(node, values, sizes) * float(np.prod([x.item() for x in e]))

    return value


def _operator(node: Node, found: set[Node], f: Node, wrt: Sequence[Node]) -> Claim | None:
    numbered = {d.data[1] for d in found} != {0}
    places = {perturbation(v, i + 1 if numbered else 0): i for i, v in enumerate(wrt)}
    if node.shape == f.shape and (numbered or len(wrt) == 1):
        return Claim(node, "differential", _with_directions(node, places, None))
    if len(wrt) == 1 and node.shape == (f.rows * f.cols, ONE):
        return Claim(node, "differential", _unstacked(_with_directions(node, places, None), f))
    if len(wrt) == 2 and f.is_scalar and node.shape == wrt[0].shape:
        return Claim(node, "operator", _with_directions(node, {perturbation(wrt[1], 0): 1}, 0))
    return None


def _with_directions(node: Node, places: Mapping[Node, int], axis: int | None) -> Formula:
    def value(values: Values, sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        result = evaluate(node, values, sizes, {d: e[i] for d, i in places.items()})
        return np.sum(result * e[axis]).reshape(1, 1) if axis is not None else result

    return value


def _unstacked(formula: Formula, f: Node) -> Formula:
    def value(values: Values, sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        rows, cols = (d.evaluate(sizes) for d in f.shape)
        return formula(values, sizes, e).reshape((rows, cols), order="F")

    return value


def _array(node: Node, f: Node, wrt: Sequence[Node]) -> Claim | None:
    sizes = [v.rows * v.cols for v in wrt]
    if len(wrt) == 1 and f.is_scalar and node.shape == wrt[0].shape:
        return Claim(node, "array", lambda values, s, e: np.sum(evaluate(node, values, s) * e[0]).reshape(1, 1))
    if len(wrt) == 1 and node.shape == (f.rows * f.cols, sizes[0]):
        form = "array" if f.is_column and wrt[0].is_column else "vec"
        return Claim(node, form, _unstacked(lambda values, s, e: evaluate(node, values, s) @ _stacked(e[0]), f))
    if len(wrt) == 2 and f.is_scalar and node.shape == (sizes[0], sizes[1]):
        form = "array" if all(v.is_column for v in wrt) else "vec"
        return Claim(node, form, lambda values, s, e: _stacked(e[0]).T @ evaluate(node, values, s) @ _stacked(e[1]))
    if len(wrt) == 2 and f.is_scalar and node.shape == (sizes[1], sizes[0]):
        return Claim(node, "vec", lambda values, s, e: _stacked(e[1]).T @ evaluate(node, values, s) @ _stacked(e[0]))
    return None


def _stacked(x: Array) -> Array:
    return x.reshape((-1, 1), order="F")
