"""Targets: one small table for each language or library."""

from matcalc.compiling.emitting.target import Target
from matcalc.compiling.targets.array_api import ARRAY_API
from matcalc.compiling.targets.jax import JAX
from matcalc.compiling.targets.julia import JULIA
from matcalc.compiling.targets.latex import LATEX
from matcalc.compiling.targets.matlab import MATLAB
from matcalc.compiling.targets.numpy import NUMPY
from matcalc.compiling.targets.scipy import SCIPY, default_target
from matcalc.compiling.targets.torch import TORCH

__all__ = ["TARGETS", "default_target"]

TARGETS: dict[str, Target] = {
    target.name: target for target in (NUMPY, SCIPY, ARRAY_API, JAX, TORCH, JULIA, MATLAB, LATEX)
}
