"""Compilation: an evaluation plan with everything shared, and its text in a language or array library."""

from matcalc.compiling.compiler import compile_outputs
from matcalc.compiling.function import ArgumentError, CompiledFunction

__all__ = ["ArgumentError", "CompiledFunction", "compile_outputs"]
