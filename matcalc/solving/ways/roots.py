"""All ways to solve one equation for one unknown, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from matcalc.errors import LimitError, MatcalcError
from matcalc.expr import diag, diagonal, substitute, variable
from matcalc.simplify import simplify
from matcalc.solving.ways.directions import by_direction
from matcalc.solving.ways.entrywise import by_inverse_functions, by_powers
from matcalc.solving.ways.equations import Affine, Equation, Root, holds
from matcalc.solving.ways.exponentials import by_exponentials
from matcalc.solving.ways.matrices.inverses import by_multiplying
from matcalc.solving.ways.matrices.matrix_powers import by_matrix_powers
from matcalc.solving.ways.matrices.quadratics import by_square_roots
from matcalc.solving.ways.matrices.riccati import by_completing
from matcalc.solving.ways.operators import preimage
from matcalc.solving.ways.parts import by_clearing, by_dropping, by_part, by_separating

__all__ = ["roots"]

Way = Callable[[Equation], Iterator[Root]]


def _affine(equation: Equation) -> Iterator[Root]:
    affine = Affine.of(equation)
    root = None if affine is None else preimage(affine, equation.structure)
    if root is not None:
        yield root


def _of_diagonal(equation: Equation) -> Iterator[Root]:
    """X = diag(v), solved for v."""
    if equation.structure != "diagonal":
        return
    x = equation.unknown
    entries = variable(f"{x.data[0]}__diagonal", (x.rows, 1), [t for t in x.data[1] if t == "positive"])
    residual = simplify(diagonal(substitute(equation.residual, {x: diag(entries)})))
    for root in roots(Equation(residual, entries)):
        yield Root(simplify(diag(root.value)), f"{x.data[0]} = diag(v), and {root.way}")


def _rewritten(equation: Equation) -> Iterator[Root]:
    """Ways that end in other equations."""
    for way in (by_separating, by_exponentials, by_clearing, by_part, by_direction, by_dropping):
        found = list(way(equation, roots))
        if found:
            yield from found
            return


WAYS: tuple[Way, ...] = (
    _affine,
    by_inverse_functions,
    by_powers,
    by_matrix_powers,
    by_multiplying,
    by_square_roots,
    by_completing,
    _of_diagonal,
    _rewritten,
)


def _tried(way: Way, equation: Equation) -> list[Root]:
    """What a way finds, until it divides by 0."""
    found: list[Root] = []
    try:
        for root in way(equation):
            found.append(root)
    except LimitError:
        raise
    except (ZeroDivisionError, MatcalcError):
        pass
    return found


def roots(equation: Equation) -> list[Root]:
    """The candidates of the first way that finds any: they are not verified."""
    for way in WAYS:
        found = [root for root in _tried(way, equation) if not holds(root.value, equation.unknown)]
        if found:
            return found
    return []
