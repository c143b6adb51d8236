"""Compiled functions that PyTorch and JAX differentiate by what was derived here.

In come expressions, out go functions of the library's arrays: each `Operation` knows its own cotangents and tangents as further
operations, so that derivatives of derivatives are derived, too. A library is imported by what is made for it alone.
"""

from matcalc.compiling.differentiable.functions import DifferentiableFunction, compile_differentiable

__all__ = ["DifferentiableFunction", "compile_differentiable"]
