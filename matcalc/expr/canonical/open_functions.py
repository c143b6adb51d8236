"""Functions that nobody defined, with their derivatives of any order: the operator ``open``.

D^k f(x) is an array with one leg for the value of f and one for each of the k arguments that moved. A node fills all
legs but those that make up its own shape: D^k f(x)[E_1, …, E_k] leaves the value's leg free, a gradient an argument's,
a Jacobian both. Legs are named by what they belong to: `OUT` or the number of the argument. A leg of a scalar is no leg:
the direction of a scalar is a factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from matcalc.errors import UnsupportedError
from matcalc.expr.canonical import invariants, powers, products, sums, transposition
from matcalc.expr.leaves import LINEAR_STRUCTURES, zeros
from matcalc.expr.node import Node, Shape, ShapeMismatch, make
from matcalc.records import dataclass

__all__ = ["OUT", "OpenFunction", "along_directions", "fillings_of", "open_value", "opened", "operands_of", "tags_of"]

#: The leg of the value of the function.
OUT = -1

#: One leg, or two that are rows and columns of a matrix.
Legs = tuple[int, ...]
Filling = tuple[Legs, Node]


@dataclass(frozen=True, slots=True)
class OpenFunction:
    """What is known of a function that nobody defined.

    Attributes:
        name: its canonical name.
        arguments: the structure of each argument, such as ("symmetric",).
        result: the structure of its value.
        entrywise: it is one of scalars, applied to every entry.
    """

    name: str
    arguments: tuple[tuple[str, ...], ...] = ((),)
    result: tuple[str, ...] = ()
    entrywise: bool = True


def open_value(function: OpenFunction, args: Sequence[Node], shape: Shape | None = None) -> Node:
    """f(x, …): of an entrywise function in the shape of its arguments."""
    if function.entrywise:
        return opened(function, args, shape or _common_shape(args))
    assert shape is not None
    return opened(function, args, shape, free=() if _is_scalar(shape) else (OUT,))


def _common_shape(args: Sequence[Node]) -> Shape:
    shape = next((a.shape for a in args if not a.is_scalar), args[0].shape)
    if any(a.shape != shape and not a.is_scalar for a in args):
        raise ShapeMismatch(f"entrywise: shapes {[str(a.shape) for a in args]}")
    return shape


def _is_scalar(shape: Shape) -> bool:
    return shape[0].is_one and shape[1].is_one


def operands_of(node: Node) -> tuple[Node, ...]:
    """The arguments of the function."""
    return node.args[: len(node.data[0].arguments)]


def fillings_of(node: Node) -> tuple[Filling, ...]:
    """What its legs are filled with."""
    return tuple(zip(node.data[3], node.args[len(node.data[0].arguments) :], strict=True))


def tags_of(node: Node) -> tuple[str, ...]:
    """The structure of its free leg: that of the value of f, or of the argument of a gradient."""
    function, partials, free, legs = node.data
    is_value = not partials and not legs and free in ((), (OUT,))
    if is_value or len(free) != 1:
        return function.result if is_value else ()
    tags = function.result if free[0] == OUT else function.arguments[free[0]]
    return tuple(LINEAR_STRUCTURES[t] for t in tags if t in LINEAR_STRUCTURES)


def opened(
    function: OpenFunction,
    args: Sequence[Node],
    shape: Shape,
    partials: Iterable[int] = (),
    free: Legs = (),
    fillings: Iterable[Filling] = (),
) -> Node:
    """A derivative of an open function: by the scalar arguments ``partials``, with its legs filled but for the free ones.

    Directions are factored out as far as a product says the same: J_f(x) dx, dx^T ∇²f(x) dx.
    """
    if function.entrywise and shape[0].is_one and not shape[1].is_one:
        flipped = [transposition.transpose(a) if a.is_row else a for a in args]
        return transposition.transpose(opened(function, flipped, (shape[1], shape[0]), partials))
    if len(free) == 2 and free[0] > free[1]:
        turned = opened(function, args, (shape[1], shape[0]), partials, (free[1], free[0]), fillings)
        return transposition.transpose(turned)
    scalars: list[Node] = []
    kept: list[Filling] = []
    for legs, filling in fillings:
        if filling.is_zero:
            return zeros(*shape)
        factor, primitive = powers.split_scalar(filling)
        scalars.append(factor)
        kept.append(_oriented(legs, primitive))
    kept.sort(key=lambda pair: (pair[0], pair[1].key))
    if sum(len(legs) == 2 for legs, _ in kept) > 1:
        raise UnsupportedError(f"this derivative of {function.name} has no notation")
    parts = _Parts(function, tuple(args), tuple(sorted(partials)))
    found = parts.product(shape, free, kept) or parts.node(shape, free, kept)
    return sums.scale(powers.hadamard(*scalars), found) if scalars else found


def along_directions(segment: Sequence[Node]) -> Node | None:
    """D^2 f(x)[u] v = D^2 f(x)[u, v] in a product that ends in a column or begins with a row, else None."""
    for i, factor in enumerate(segment):
        if factor.upright.op == "open" and len(factor.upright.data[2]) == 2 and _has_direction(factor.upright):
            if segment[-1].is_column and i + 1 < len(segment):
                filled = _filled(factor, products.matmul(*segment[i + 1 :]))
                return products.matmul(*segment[:i], filled)
            if segment[0].rows.is_one and i:
                row = products.matmul(*segment[:i])
                filled = _filled(transposition.transpose(factor), transposition.transpose(row))
                return products.matmul(transposition.transpose(filled), *segment[i + 1 :])
    return None


def _has_direction(node: Node) -> bool:
    return any(len(legs) == 1 and legs[0] != OUT for legs in node.data[3])


def _filled(matrix: Node, column: Node) -> Node:
    """The product of a derivative with two free legs, or its transpose, and a column: one leg is left."""
    node = matrix.upright
    function, partials, free, _ = node.data
    rows, cols = free if matrix is node else free[::-1]
    fillings = [*fillings_of(node), ((cols,), column)]
    return opened(function, operands_of(node), (matrix.rows, column.cols), partials, (rows,), fillings)


def _oriented(legs: Legs, filling: Node) -> Filling:
    """The legs of a matrix in ascending order."""
    if len(legs) == 2 and legs[0] > legs[1]:
        return (legs[1], legs[0]), transposition.transpose(filling)
    return legs, filling


@dataclass(frozen=True)
class _Parts:
    """A function at a point, differentiated by scalars."""

    function: OpenFunction
    args: tuple[Node, ...]
    partials: tuple[int, ...]

    def node(self, shape: Shape, free: Legs, kept: Sequence[Filling]) -> Node:
        data = (self.function, self.partials, free, tuple(legs for legs, _ in kept))
        return make("open", (*self.args, *(x for _, x in kept)), data, shape)

    def product(self, shape: Shape, free: Legs, kept: list[Filling]) -> Node | None:
        """The value as a product with fillings that need not stand in brackets, or None."""
        slots = [pair for pair in kept if len(pair[0]) == 1 and pair[0] != (OUT,)]
        if not free:
            return self._scalar(kept, slots)
        if len(free) == 2 or not shape[1].is_one:
            return None
        values = [pair for pair in kept if pair[0] == (OUT,)] if len(kept) == 1 else []
        for candidates in (slots, values):
            if len(candidates) == 1 and candidates[0][1].is_column:
                legs, x = candidates[0]
                rest = [pair for pair in kept if pair is not candidates[0]]
                matrix = opened(self.function, self.args, (shape[0], x.rows), self.partials, (free[0], legs[0]), rest)
                return products.matmul(matrix, x)
        return None

    def _scalar(self, kept: list[Filling], slots: list[Filling]) -> Node | None:
        """A number: a gradient or the like times a direction."""
        others = [pair for pair in kept if pair not in slots]
        pair = kept if len(slots) == 1 and len(kept) == 2 and others[0][0] == (OUT,) else slots
        if len(pair) == 2 and all(x.is_column for _, x in pair):
            (first, a), (second, b) = pair
            others = others if pair is slots else []
            shape = (a.rows, b.rows)
            matrix = opened(self.function, self.args, shape, self.partials, (*first, *second), others)
            return products.multiply(transposition.transpose(a), products.multiply(matrix, b))
        outside = slots if len(slots) == 1 else [p for p in others if p[0] == (OUT,)] if slots else others
        if len(outside) != 1:
            return None
        legs, x = outside[0]
        rest = [pair for pair in kept if pair is not outside[0]]
        inside = opened(self.function, self.args, x.shape, self.partials, legs, rest)
        return invariants.trace(products.multiply(transposition.transpose(x), inside))
