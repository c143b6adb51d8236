"""tr f(S): functions of the eigenvalues of a symmetric matrix, by what the function of numbers is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from matcalc.convexity.composing.calls import NEEDED
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import Proof, Shape, proved
from matcalc.convexity.ranges import DOWN, UP
from matcalc.expr import Node, is_number
from matcalc.expr.facts import is_psd, is_symmetric
from matcalc.functions import row_of
from matcalc.functions.properties import ABOVE_0, AT_LEAST_0, Interval

__all__ = ["of_trace_of_function"]

REALS = Interval()


def of_trace_of_function(node: Node, inside: Node, at: Context) -> Iterator[Proof]:
    """The trace of a function of a symmetric matrix that is affine, or monotone of what is convex or concave."""
    if inside.op not in ("call", "matpow") or not inside.args or not is_symmetric(inside.args[0]):
        return
    matrix = inside.args[0]
    if not at.moves(matrix) or any(map(at.moves, inside.args[1:])):
        return
    spectrum = ABOVE_0 if at.is_definite(matrix) else AT_LEAST_0 if is_psd(matrix) else REALS
    words = _power_words(is_number(inside.args[1]), spectrum) if inside.op == "matpow" else _words(inside, spectrum)
    yield from _composed(node, at.shape(matrix), words)
    if inside.op == "call" and row_of(inside.data[0]).primary == "exp":
        shape = at.shape(matrix)
        if (proof := shape.get("order convex")) is not None:
            yield proved("log-convex", node, "log tr exp", [proof])


def _composed(node: Node, shape: Shape, words: set[str]) -> Iterator[Proof]:
    rising = 1 if words & UP else -1 if words & DOWN else 0
    for bend in sorted(words & {"convex", "concave"}):
        proof = shape.get("affine") or (shape.get(f"order {NEEDED[bend, rising]}") if rising else None)
        if proof is not None:
            yield proved(bend, node, "trace function", [proof])


def _words(inside: Node, spectrum: Interval) -> set[str]:
    """What the function of numbers is on the spectrum."""
    primary = row_of(inside.data[0]).primary
    if not primary:
        return set()
    row = row_of(primary)
    columns: tuple[Mapping[str, tuple[tuple[object, str], ...]], ...] = (row.monotone, row.curvature)
    pieces = [piece for column in columns for piece in column.get(row.parameters[0], ())]
    return {word for place, word in pieces if isinstance(place, Interval) and place.covers(spectrum)}


def _power_words(e: Fraction | None, spectrum: Interval) -> set[str]:
    """Of t^e: even powers on all numbers, odd ones on those that are not negative, reciprocals on positive ones."""
    if e is None:
        return set()
    if e > 0 and AT_LEAST_0.covers(spectrum):
        return {"convex", "increasing"}
    if e < 0 and ABOVE_0.covers(spectrum):
        return {"convex", "decreasing"}
    return {"convex"} if e > 0 and e % 2 == 0 else set()
