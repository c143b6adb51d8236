"""The array API standard: one source for every library that implements it."""

from __future__ import annotations

from matcalc.compiling.targets import conversions, python
from matcalc.compiling.targets.conversions import Conversions
from matcalc.compiling.targets.helpers import HELPERS, MATRIX_FUNCTIONS, filled
from matcalc.compiling.targets.python import RESERVED, ROWS, PythonTarget
from matcalc.compiling.targets.shifts import PYTHON_HELPERS, SHIFTS
from matcalc.compiling.targets.special_helpers import SPECIAL_FUNCTIONS

__all__ = ["ARRAY_API"]

FUNCTIONS = {
    **python.FUNCTIONS,
    "erf": "_erf({0}, xp)",
    "erfc": "_erfc({0}, xp)",
    "lgamma": "_lgamma({0}, xp)",
    "gamma": "_gamma({0}, xp)",
    "digamma": "_polygamma(0, {0}, xp)",
    "trigamma": "_polygamma(1, {0}, xp)",
    "polygamma": "_polygamma({0}, {1}, xp)",
}

CALLS = {
    **python.CALLS,
    "expm": "_expm({0}, xp)",
    "sqrtm": "_sqrtm({0}, xp)",
    "logm": "_logm({0}, xp)",
    "sylvester": "_sylvester({0}, {1}, {2}, xp)",
    "frechet_adj": "_frechet_adj({args}, xp=xp)",
    "frechet_expm": "_frechet(_expm, {args}, xp=xp)",
    "frechet_logm": "_frechet(_logm, {args}, xp=xp)",
    **{name: f"_{name}({{0}}, xp)" for name in ("sinm", "cosm", "signm")},
    **{f"frechet_{name}": f"_frechet(_{name}, {{args}}, xp=xp)" for name in ("sinm", "cosm", "signm")},
    **{name: f"_{name}({{args}}, xp=xp)" for name in SHIFTS},
    "frechet_matpow": "_frechet_power({args}, xp=xp)",
}

NAMESPACE = """def _namespace(x):
    if hasattr(x, "__array_namespace__"):
        return x.__array_namespace__()
    if isinstance(x, (int, float)):
        import numpy

        return numpy
    from array_api_compat import array_namespace

    return array_namespace(x)
"""


ALL_HELPERS = {**HELPERS, **MATRIX_FUNCTIONS, **SPECIAL_FUNCTIONS, **PYTHON_HELPERS}

ARRAY_API = PythonTarget(
    name="array-api",
    module="xp",
    rows=ROWS,
    given_determinants=frozenset({"adjugate", "frechet_adj"}),
    functions=FUNCTIONS,
    calls=CALLS,
    helpers={
        "_namespace": NAMESPACE,
        **conversions.HELPERS["array-api"],
        **filled(ALL_HELPERS, "xp", ", xp", dtype=True),
    },
    imports=python.IMPORTS,
    reserved=RESERVED | {"xp", "dtype", "itertools", "math", "_namespace", "_real", *ALL_HELPERS},
    options={"dtype": ", dtype=dtype", "also": ", xp"},
    convert=Conversions(
        "{name} = _real({name}, xp)", "{name} = xp.astype(_real({name}, xp), dtype)", "{name} = _real({name}, xp)"
    ),
    common_type="xp.result_type({names})",
    namespace="xp = _namespace({name})",
)
