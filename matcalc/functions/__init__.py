"""The table of functions, by family; importing the package fills it."""

from matcalc.functions import elementwise, linear, norms, products, reductions, spectral, statistics
from matcalc.functions.table import FUNCTIONS, Function, find

__all__ = [
    "FUNCTIONS",
    "Function",
    "elementwise",
    "find",
    "linear",
    "norms",
    "products",
    "reductions",
    "spectral",
    "statistics",
]
