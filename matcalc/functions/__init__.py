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
from matcalc.functions.table import FUNCTIONS, UNDEFINED, Function, find, matrix_function, row_of

__all__ = [
    "FUNCTIONS",
    "UNDEFINED",
    "Function",
    "circular",
    "exponentials",
    "find",
    "linear",
    "matrix_function",
    "matrix_functions",
    "norms",
    "piecewise",
    "products",
    "reductions",
    "row_of",
    "shifts",
    "special",
    "spectral",
    "statistics",
]
