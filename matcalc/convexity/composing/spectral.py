"""tr f(S): functions of the eigenvalues of a symmetric matrix, by what the function of numbers is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import reduce

from matcalc.convexity.by_derivatives.numbers import bend_of
from matcalc.convexity.composing.calls import NEEDED
from matcalc.convexity.context import Context
from matcalc.convexity.proofs import Proof, Shape, proved
from matcalc.convexity.ranges import DOWN, UP
from matcalc.expr import Node, apply, hadamard, inverse, is_number, power, terms, trace, variable
from matcalc.expr.facts import is_psd, is_symmetric
from matcalc.functions import find, row_of
from matcalc.functions.properties import ABOVE_0, AT_LEAST_0, Interval

__all__ = ["of_elementary", "of_relative_entropy", "of_trace_of_function", "of_trace_of_functions"]

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


def of_trace_of_functions(node: Node, product: Node, at: Context) -> Iterator[Proof]:
    """The trace of a product of functions of one symmetric matrix, as tr(S logm(S)): t log(t) of its eigenvalues."""
    pairs = [_of_matrix(part) for part in product.args]
    matrices = {matrix for matrix, _ in pairs}
    if len(matrices) != 1:
        return
    (matrix,) = matrices
    affine = at.shape(matrix).get("affine") if is_symmetric(matrix) and at.moves(matrix) else None
    if affine is None or any(map(at.moves, (e for part in product.args for e in part.args[1:] if part.op == "matpow"))):
        return
    t = variable("t", (1, 1), ("positive",) if at.is_definite(matrix) or is_psd(matrix) else ())
    found = bend_of(reduce(hadamard, [of(t) for _, of in pairs]), t, at)
    if found is not None:
        yield proved(found[0], node, "trace function", [affine], shown=found[1])


def of_relative_entropy(node: Node, product: Node, at: Context) -> Iterator[Proof]:
    """tr(X (logm(X) - logm(Y))) with X and Y affine and definite."""
    if len(product.args) != 2:
        return
    for x, rest in (product.args, product.args[::-1]):
        logarithms = {t.args[0]: c for t, c in terms(rest) if t.op == "call" and t.data[0] == "logm"}
        if len(terms(rest)) != 2 or len(logarithms) != 2 or x not in logarithms:
            continue
        (y,) = logarithms.keys() - {x}
        affine = [at.shape(m).get("affine") for m in (x, y) if at.is_definite(m)]
        if logarithms[y] == -logarithms[x] and len(affine) == 2 and None not in affine:
            claim = "convex" if logarithms[x] > 0 else "concave"
            yield proved(claim, node, "relative entropy", [p for p in affine if p is not None])


def of_elementary(node: Node, at: Context) -> Iterator[Proof]:
    """logdet(S) + log(tr(S^-1)) is the logarithm of the sum of all products of n - 1 eigenvalues, beside other terms."""
    pairs = terms(node)
    for term, c in pairs:
        partner = apply("log", trace(inverse(term.args[0]))) if term.op == "logdet" else None
        d = next((k for other, k in pairs if other is partner), Fraction(0))
        if partner is None or not (0 < d <= c or c <= d < 0) or not at.is_definite(term.args[0]):
            continue
        claim, turned = ("concave", "convex") if c > 0 else ("convex", "concave")
        wanted = [at.shape(t).get(claim if k > 0 else turned) for t, k in pairs if t not in (term, partner)]
        wanted.append(at.shape(term.args[0]).get("affine"))
        if None not in wanted:
            yield proved(claim, node, "elementary", [p for p in wanted if p is not None])


def _of_matrix(part: Node) -> tuple[Node, Callable[[Node], Node]]:
    """The matrix of which a part is a function, and that function of a number."""
    if part.op == "matpow":
        return part.args[0], lambda t: power(t, part.args[1])
    primary = row_of(part.data[0]).primary if part.op == "call" else ""
    if primary and find(primary) is not None:
        return part.args[0], lambda t: power(t, Fraction(1, 2)) if primary == "sqrt" else apply(primary, t)
    return part, lambda t: t


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
