"""Compilation: an evaluation plan with everything shared, and its text in a language or array library."""

from matcalc.compiling.compiler import compile_map, compile_outputs, program_after
from matcalc.compiling.function import ArgumentError, CompiledFunction
from matcalc.compiling.hessians import LinearMap
from matcalc.compiling.maps import CompiledMap
from matcalc.compiling.objectives import Objective
from matcalc.compiling.stages import STAGES

__all__ = [
    "STAGES",
    "ArgumentError",
    "CompiledFunction",
    "CompiledMap",
    "LinearMap",
    "Objective",
    "compile_map",
    "compile_outputs",
    "program_after",
]
