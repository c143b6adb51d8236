"""The array API standard: one source for every library that implements it."""

from __future__ import annotations

from matcalc.compiling.emitting.libraries import Conversions, PythonTarget
from matcalc.compiling.emitting.source import python_source
from matcalc.compiling.targets.in_python import conversions, python
from matcalc.compiling.targets.in_python.helpers import HELPERS, MATRIX_FUNCTIONS, filled
from matcalc.compiling.targets.in_python.python import MADE, RESERVED, ROWS
from matcalc.compiling.targets.in_python.special_helpers import SPECIAL_FUNCTIONS
from matcalc.compiling.targets.shifts import PYTHON_HELPERS

__all__ = ["ARRAY_API"]

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
    write=python_source,
    module="xp",
    rows=ROWS,
    given_determinants=frozenset({"adjugate", "frechet_adj"}),
    made=MADE,
    helpers={
        "_namespace": NAMESPACE,
        **conversions.HELPERS["array-api"],
        **filled(ALL_HELPERS, "xp", ", xp", dtype=True),
    },
    imports=python.IMPORTS,
    reserved=RESERVED | {"xp", "dtype", "itertools", "math", "_namespace", "_real", *ALL_HELPERS},
    options={"dtype": ", dtype=dtype", "also": ", xp", "named": ", xp=xp"},
    convert=Conversions(
        "{name} = _real({name}, xp)", "{name} = xp.astype(_real({name}, xp), dtype)", "{name} = _real({name}, xp)"
    ),
    common_type="xp.result_type({names})",
    namespace="xp = _namespace({name})",
)
