"""Functions by their rows: curvature and monotonicity, of numbers, of arrays, of symmetric matrices in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matcalc.convexity.composing.shares import of_log_sum_exp
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import Proof, Shape, proved
from matcalc.convexity.ranges import DOWN, UP
from matcalc.expr import Node, is_number
from matcalc.expr.facts import is_psd, is_symmetric
from matcalc.functions import row_of
from matcalc.functions.properties import DEFINITE, SYMMETRIC, Fact, Interval
from matcalc.functions.table import Function, Pieces

__all__ = ["holds_of", "of_call", "of_det", "of_logdet", "of_matrix_power", "of_numbers", "of_reciprocal", "words_at"]

#: What a function of convex bend and rising or falling values makes of an operand.
NEEDED = {("convex", 1): "convex", ("convex", -1): "concave", ("concave", 1): "concave", ("concave", -1): "convex"}


def words_at(pieces: Pieces, node: Node, at: Context) -> set[str]:
    """The words of a column that hold where the operand is."""
    return {word for fact, word in pieces if holds_of(fact, node, at)}


def holds_of(fact: Fact, node: Node, at: Context) -> bool:
    """Whether a fact is known of an operand."""
    if isinstance(fact, Interval):
        return fact.covers(at.range(node))
    if fact == SYMMETRIC:
        return is_symmetric(node)
    return fact == DEFINITE and at.is_definite(node)


def of_numbers(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """A function of numbers, applied to every entry."""
    yield from of_log_sum_exp(node, at)
    yield from _composed(node, below, at)
    yield from _by_logarithm(node, below, at)
    if node.data[0] == "log":
        yield from _of_logarithm(node, below[0])
    elif node.data[0] == "exp":
        for claim, then in (
            ("affine", "log-convex"),
            ("affine", "log-concave"),
            ("convex", "log-convex"),
            ("concave", "log-concave"),
        ):
            if (proof := below[0].proofs.get(claim)) is not None:
                yield proved(then, node, "exponential", [proof])


def _of_logarithm(node: Node, inside: Shape) -> Iterator[Proof]:
    for claim, then in (("log-convex", "convex"), ("log-concave", "concave")):
        if (proof := inside.proofs.get(claim)) is not None:
            yield proved(then, node, "log of", [proof])


def _composed(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """Convex and nondecreasing in what is convex, and so on; affine operands may go either way."""
    yield from _by_row(node, row_of(node.data[0]), node.args, below, at)


def of_reciprocal(node: Node, base: Node, at: Context) -> Iterator[Proof]:
    """1 / sinh(u) is csch(u), by its row."""
    name = row_of(base.data[0]).reciprocal if base.op == "apply" else ""
    if name:
        yield from _by_row(node, row_of(name), base.args, [at.shape(base.args[0])], at)


def _by_row(
    node: Node, row: Function, operands: Sequence[Node], below: Sequence[Shape], at: Context
) -> Iterator[Proof]:
    names = row.given(len(operands)) if row.parameters else ()
    moving = [k for k, a in enumerate(operands) if at.moves(a)]
    if not names or max(moving) >= len(names):
        return
    for shape in _bends(row, names, operands, moving, at):
        parts = [_fitting(row, names[k], operands[k], below[k], shape, at) for k in moving]
        if None not in parts:
            rule = "of affine" if all(p is not None and p.claim == "affine" for p in parts) else "composition"
            yield proved(shape, node, rule, [p for p in parts if p is not None])
    if len(moving) == 1 and (affine := below[moving[0]].get("affine")) is not None and row.linear_in(names[moving[0]]):
        yield proved("affine", node, "affine", [affine])


def _by_logarithm(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """A function whose logarithm bends, of one operand: log(f(u)) goes up and down with f(u)."""
    row = row_of(node.data[0])
    moving = [k for k, a in enumerate(node.args) if at.moves(a)]
    if not row.logarithm or len(moving) != 1:
        return
    (k,) = moving
    name = row.parameters[k]
    for bend in sorted(words_at(row.logarithm[name], node.args[k], at)):
        if (part := _fitting(row, name, node.args[k], below[k], bend, at)) is not None:
            yield proved(f"log-{bend}", node, "log of values", [part])


def _bends(
    row: Function, names: Sequence[str], operands: Sequence[Node], moving: Sequence[int], at: Context
) -> set[str]:
    """The words "convex" and "concave" that are true of all operands that move, together."""
    if len(moving) > 1:
        every = len(moving) == len(names)
        return {row.jointly} & {"convex", "concave"} if every else set()
    k = moving[0]
    words = words_at(row.curvature.get(names[k], ()), operands[k], at)
    return {"convex", "concave"} if "affine" in words and row.continuous else words & {"convex", "concave"}


def _fitting(row: Function, name: str, operand: Node, shape: Shape, bend: str, at: Context) -> Proof | None:
    """The proof that an operand has the shape that a bend and the side to which its values rise ask for."""
    affine = shape.get("affine")
    if affine is not None:
        return affine
    words = words_at(row.monotone.get(name, ()), operand, at)
    rising = 1 if words & UP else -1 if words & DOWN else 0
    return shape.get(NEEDED[bend, rising]) if rising else None


# --- matrices -----------------------------------------------------------------------------------


def of_call(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """A function of arrays: entry by entry, or in the order of symmetric matrices."""
    yield from of_log_sum_exp(node, at)
    yield from _composed(node, below, at)
    yield from _by_logarithm(node, below, at)
    row = row_of(node.data[0])
    if node.data[0] == "prod":
        yield from _of_product(node, below[0])
    if row.in_order and len(node.args) == 1:
        yield from in_order(node, node.args[0], below[0], row, at)


def _of_product(node: Node, entries: Shape) -> Iterator[Proof]:
    """The product of all entries: the exponential of the sum of their logarithms."""
    for claim in ("log-convex", "log-concave"):
        if (proof := entries.get(claim)) is not None:
            yield proved(claim, node, "log-convex", [proof])


def in_order(
    node: Node, matrix: Node, below: Shape, row: Function, at: Context, rule: str = "loewner"
) -> Iterator[Proof]:
    """Convex and monotone in the order of Loewner, of a matrix of which the facts of the row hold."""
    if not is_symmetric(matrix):
        return
    words = words_at(row.in_order.get(row.parameters[0], ()), matrix, at)
    bends = words | words_at(row.curvature.get(row.parameters[0], ()), matrix, at)
    for bend in sorted(bends & {"convex", "concave"}):
        rising = 1 if words & UP else -1 if words & DOWN else 0
        inside = below.get("affine") or (below.get(f"order {NEEDED[bend, rising]}") if rising else None)
        if inside is not None:
            yield proved(f"order {bend}", node, rule, [inside])


def of_matrix_power(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """S^-1 in order; S^2 = S S."""
    matrix, exponent = node.args
    e = is_number(exponent)
    if at.moves(exponent) or e is None or not is_symmetric(matrix):
        return
    affine = below[0].get("affine")
    if e == -1:
        yield from in_order(node, matrix, below[0], row_of("inv"), at)
    elif e == 2 and affine is not None:
        yield proved("gram", node, "gram", [affine])


def of_logdet(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    yield from in_order(node, node.args[0], below[0], row_of("logdet"), at, "logdet")


def of_det(node: Node, below: Sequence[Shape], at: Context) -> Iterator[Proof]:
    """det = exp(log det)"""
    inside = below[0].get("order concave")
    if inside is not None and is_psd(node.args[0]) and at.is_definite(node.args[0]):
        yield proved("log-concave", node, "logdet", [inside])
