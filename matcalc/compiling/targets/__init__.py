"""Targets: one small table for each language or library."""

from matcalc.compiling.targets.jax import JAX
from matcalc.compiling.targets.numpy import NUMPY
from matcalc.compiling.targets.python import ARRAY_API, PythonTarget
from matcalc.compiling.targets.torch import TORCH

__all__ = ["TARGETS"]

TARGETS: dict[str, PythonTarget] = {target.name: target for target in (NUMPY, ARRAY_API, JAX, TORCH)}
