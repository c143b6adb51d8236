"""Functions of matrices that the language writes with others: their definitions as they stand, evaluated like what is typed.

Singular and negative matrices inside of them are noted where they are met.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from matcalc.functions import FUNCTIONS
from matcalc.functions.rows.matrix_functions import FORMS
from matcalc.language import Typed

__all__ = ["DEFINED", "defined_value"]

Array = np.ndarray[Any, np.dtype[Any]]
#: (typed tree, values of names, sizes) -> value
Evaluate = Callable[[Typed, dict[str, Array], dict[str, int]], Array]

DEFINED = ("sinhm", "coshm", "tanhm", "tanm", *(f"{name}m" for name in FORMS))


@cache
def _definition(name: str) -> Typed:
    from matcalc.language import parse

    return parse(FUNCTIONS[name].definition[0], "X: matrix(n, n)", trust=True).tree


def defined_value(name: str, args: list[Array], evaluate: Evaluate) -> Array:
    """The value of a function in `DEFINED`."""
    return evaluate(_definition(name), {"X": args[0]}, {"n": len(args[0])})
