"""Differentials, and the derivatives that are read from them."""

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.derivative import Reading, array_axes, derive, derive_unstructured
from matcalc.calculus.differential import differential
from matcalc.calculus.structure import linear_structure, project, unstructured
from matcalc.calculus.vecform import vec_form

__all__ = [
    "Reading",
    "adjoint",
    "array_axes",
    "derive",
    "derive_unstructured",
    "differential",
    "linear_structure",
    "project",
    "unstructured",
    "vec_form",
]
