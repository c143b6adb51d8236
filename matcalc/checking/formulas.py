"""The forms of a derivative as functions of a point and directions: what a check compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from matcalc.calculus import Derived, Reading, has_determinants
from matcalc.checking.geometry import PAIRINGS
from matcalc.checking.sampling import refuse_too_large
from matcalc.checking.values.evaluate import Array, evaluate, has_singular
from matcalc.expr import Node, perturbation, postorder

__all__ = ["Formula", "array_formula", "formulas_of", "vec_formula", "within_limits"]

#: (values of variables, sizes, directions) -> what D^k f[E_1, …, E_k] should be
Formula = Callable[[Mapping[str, Array], Mapping[str, int], Sequence[Array]], Array]


def formulas_of(reading: Reading) -> list[Formula]:
    """Each form of a derivative as a function of a point and directions.

    Where a determinant in f is 0 the printed forms are not defined, and all of them stand for one that is.
    """
    result = [within_limits(array_formula(reading.operator, reading), reading.operator)]
    if reading.directions and reading.matrix is not None:
        result.append(within_limits(vec_formula(reading.matrix, reading), reading.matrix))
    result.append(within_limits(differential_formula(reading.differential, reading.wrt), reading.differential))
    return [_continued(formula, reading) for formula in result] if has_determinants(reading.f) else result


def _continued(formula: Formula, reading: Reading) -> Formula:
    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        if not has_singular(reading.f, values, sizes):
            return formula(values, sizes, e)
        convention = "independent" if reading.pairing == "independent" else "structured"
        geometry = None if reading.pairing in ("frobenius", "independent") else reading.pairing
        node = Derived(reading.f, reading.wrt, convention, geometry).node
        return array_formula(node, reading)(values, sizes, e)

    return value


def within_limits(formula: Formula, node: Node) -> Formula:
    """The formula of a node; it raises LimitError instead of computing an array that is too large."""
    shapes = {n.shape for n in postorder(node)}

    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        refuse_too_large(shapes, sizes)
        return formula(values, sizes, e)

    return value


def gradient_place(reading: Reading) -> int | None:
    """The place of the variable by whose shape the derivative of a scalar function is shaped."""
    if not reading.f.is_scalar:
        return None
    return next((i for i, v in enumerate(reading.wrt) if not v.is_scalar), None)


def array_formula(node: Node, reading: Reading) -> Formula:
    """The array or operator contracted with one direction for each variable."""
    axis = gradient_place(reading)
    pairing = PAIRINGS[reading.pairing]

    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        env: dict[Node, Array] = {}
        open_ = iter(reading.directions)
        factor = 1.0
        for i, v in enumerate(reading.wrt):
            if v.is_scalar:
                factor *= float(e[i].item())
            elif i != axis:
                env[next(open_)] = e[i]
        result = evaluate(node, values, sizes, env) * factor
        if axis is None:
            return result
        return np.array([[pairing.product(values[reading.wrt[axis].data[0]], result, e[axis])]])

    return value


def vec_formula(matrix: Node, reading: Reading) -> Formula:
    """J vec(E) unstacked, contracted with the direction of the gradient axis where there is one."""
    axis = gradient_place(reading)

    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        factor, step = 1.0, None
        for i, v in enumerate(reading.wrt):
            if v.is_scalar:
                factor *= float(e[i].item())
            elif i != axis:
                step = e[i]
        assert step is not None
        stacked = evaluate(matrix, values, sizes) @ step.reshape((-1, 1), order="F") * factor
        if axis is not None:
            return np.sum(stacked * e[axis].reshape((-1, 1), order="F")).reshape(1, 1)
        rows, cols = (d.evaluate(sizes) for d in reading.f.shape)
        return stacked.reshape((rows, cols), order="F")

    return value


def differential_formula(node: Node, wrt: Sequence[Node]) -> Formula:
    """A differential with each perturbation replaced by its direction."""
    places = {perturbation(v, i + 1 if len(wrt) > 1 else 0): i for i, v in enumerate(wrt)}

    def value(values: Mapping[str, Array], sizes: Mapping[str, int], e: Sequence[Array]) -> Array:
        return evaluate(node, values, sizes, {d: e[i] for d, i in places.items()})

    return value
