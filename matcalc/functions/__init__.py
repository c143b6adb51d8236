"""The table of functions, by family; importing the package fills it."""

from matcalc.functions.rows import (
    circular,
    exponentials,
    linear,
    matrix_functions,
    norms,
    piecewise,
    products,
    reductions,
    shifts,
    special,
    spectral,
    statistics,
)
from matcalc.functions.table import FUNCTIONS, Function, find

__all__ = [
    "FUNCTIONS",
    "Function",
    "circular",
    "exponentials",
    "find",
    "linear",
    "matrix_functions",
    "norms",
    "piecewise",
    "products",
    "reductions",
    "shifts",
    "special",
    "spectral",
    "statistics",
]
