"""Compilation: an evaluation plan with everything shared, and its text in a language or array library."""

from matcalc.compiling.calling.function import ArgumentError, CompiledFunction
from matcalc.compiling.calling.hessians import LinearMap
from matcalc.compiling.calling.maps import CompiledMap
from matcalc.compiling.compiler import compile_map, compile_outputs, program_after
from matcalc.compiling.objectives.of_one import Objective
from matcalc.compiling.objectives.of_several import JointObjective
from matcalc.compiling.stages import STAGES

__all__ = [
    "STAGES",
    "ArgumentError",
    "CompiledFunction",
    "CompiledMap",
    "JointObjective",
    "LinearMap",
    "Objective",
    "compile_map",
    "compile_outputs",
    "program_after",
]
