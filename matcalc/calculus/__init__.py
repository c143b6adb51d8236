"""Differentials, and the derivatives that are read from them."""

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.derivative import Reading, array_axes, derive
from matcalc.calculus.differential import differential
from matcalc.calculus.structure import linear_structure, project
from matcalc.calculus.vecform import vec_form

__all__ = [
    "Reading",
    "adjoint",
    "array_axes",
    "derive",
    "differential",
    "linear_structure",
    "project",
    "vec_form",
]
