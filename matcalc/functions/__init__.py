"""The table of functions, by family; importing the package fills it."""

from matcalc.functions.rows import (
    elementwise,
    linear,
    matrix_functions,
    norms,
    products,
    reductions,
    shifts,
    spectral,
    statistics,
)
from matcalc.functions.table import FUNCTIONS, Function, find

__all__ = [
    "FUNCTIONS",
    "Function",
    "elementwise",
    "find",
    "linear",
    "matrix_functions",
    "norms",
    "products",
    "reductions",
    "shifts",
    "spectral",
    "statistics",
]
