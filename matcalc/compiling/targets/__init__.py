"""Targets: one small table for each language or library."""

from matcalc.compiling.emitter import Target
from matcalc.compiling.targets.numpy import NUMPY

__all__ = ["TARGETS"]

TARGETS: dict[str, Target] = {target.name: target for target in (NUMPY,)}
