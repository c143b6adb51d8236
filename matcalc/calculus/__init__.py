"""Differentials, and the derivatives that are read from them."""

from matcalc.calculus.adjoint import adjoint
from matcalc.calculus.derivative import (
    Derived,
    Reading,
    array_axes,
    derive,
    derive_unstructured,
    derived_of,
    has_removable_quotients,
)
from matcalc.calculus.determinants import has_determinants, without_inverses
from matcalc.calculus.differential import differential
from matcalc.calculus.stand_ins import divided_entries, with_shares, without_shares
from matcalc.calculus.structure import (
    is_mirrored,
    linear_structure,
    project,
    refuse_unknown_convention,
    structure_of,
    unstructured,
)
from matcalc.calculus.vecform import vec_form

__all__ = [
    "Derived",
    "Reading",
    "adjoint",
    "array_axes",
    "derive",
    "derive_unstructured",
    "derived_of",
    "differential",
    "divided_entries",
    "has_determinants",
    "has_removable_quotients",
    "is_mirrored",
    "linear_structure",
    "project",
    "refuse_unknown_convention",
    "structure_of",
    "unstructured",
    "vec_form",
    "with_shares",
    "without_inverses",
    "without_shares",
]
