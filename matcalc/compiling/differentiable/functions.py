"""What `compile(…, differentiable=…)` gives: a compiled function that its library differentiates by derived code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matcalc.compiling.calling.function import CompiledFunction
from matcalc.compiling.compiler import compile_outputs
from matcalc.compiling.differentiable.operations import Operation
from matcalc.compiling.targets import TARGETS
from matcalc.errors import UnsupportedError
from matcalc.objects.derivatives import Derivative
from matcalc.objects.expressions import Expr, with_fixed_directions

__all__ = ["MODES", "DifferentiableFunction", "compile_differentiable"]

#: For each library how its derivatives may be handed over, the first one by default.
MODES = {"torch": ("vjp",), "jax": ("vjp", "jvp")}


def _of_tensors(operation: Operation, moving: Sequence[str], single: bool, mode: str) -> Callable[..., Any]:
    from matcalc.compiling.differentiable.torch_functions import torch_function

    return torch_function(operation, moving, single)


def _of_jax(operation: Operation, moving: Sequence[str], single: bool, mode: str) -> Callable[..., Any]:
    from matcalc.compiling.differentiable.jax_functions import jax_function

    return jax_function(operation, moving, single, mode)


#: How a function of the library's arrays is made of an operation; the library is imported there.
MAKERS = {"torch": _of_tensors, "jax": _of_jax}


class DifferentiableFunction(CompiledFunction):
    """A function of tensors whose derivatives in their library are the derived ones, of any order.

    Attributes:
        mode: "vjp", where cotangents are derived, or "jvp", where tangents are.
        derivative_source: the code of the cotangents, or of the tangents, of all inputs at once.
    """

    def __init__(self, outputs: Sequence[Expr], target: str, single: bool, batch: Any, checks: bool, mode: str) -> None:
        self.mode = mode
        self._own = (tuple(outputs), target, single, batch, checks, mode)
        plain = compile_outputs(outputs, target=target, single=single, batch=batch, checks=checks)
        parameters, arguments = plain._signature.parameters, plain._arguments
        summed = (False,) * len(outputs)
        batched = frozenset(plain._signature.batched)
        self._operation = Operation(tuple(outputs), arguments.required, arguments.sizes, target, batched, summed)
        self._moving = tuple(name for name in arguments.required if name in parameters and self._operation.moves(name))
        signature, sizes, values = plain._signature, arguments.sizes, plain._plan
        super().__init__(
            plain.__name__, plain.source, TARGETS[target], signature, arguments.required, sizes, values, plain.notes
        )

    @property
    def derivative_source(self) -> str:
        operation = self._operation
        derived = operation.pulled(self._moving) if self.mode == "vjp" else operation.pushed(self._moving)
        return derived.function.source

    def _executed(self) -> Callable[..., Any] | None:
        plain = super()._executed()
        if plain is None:
            return None
        return MAKERS[self.target](self._operation, self._moving, self._own[2], self.mode)

    def __reduce__(self) -> tuple[Callable[..., CompiledFunction], tuple[Any, ...]]:
        return DifferentiableFunction, self._own


def compile_differentiable(
    outputs: Sequence[Expr | Derivative],
    *,
    target: str,
    single: bool = True,
    batch: str | Sequence[str] = (),
    checks: bool = True,
    mode: bool | str = True,
) -> DifferentiableFunction:
    """A function of all outputs that PyTorch or JAX differentiates by what is derived here.

    ``mode`` is True for the library's first one, "vjp" or "jvp".

    Raises UnsupportedError for another target or mode, a derivative without an array in matrix notation, or an open function.
    """
    modes = MODES.get(target, ())
    chosen = modes[0] if mode is True and modes else mode
    if chosen not in modes:
        choices = " or ".join(f'target="{t}", differentiable="{m}"' for t, ms in MODES.items() for m in ms)
        raise UnsupportedError(f"differentiable={mode!r} is not there for the target {target}", hint=choices)
    expressions = [_differentiated_further(output) for output in outputs]
    return DifferentiableFunction(expressions, target, single, batch, checks, str(chosen))


def _differentiated_further(output: Expr | Derivative) -> Expr:
    """The output as an expression whose array is that of the output."""
    found = output.expr if isinstance(output, Derivative) and output.form == "array" else output
    if found is None or isinstance(found, Derivative) or found.shape != output.shape:
        raise UnsupportedError(
            f"{output.name if isinstance(output, Derivative) else 'it'} is no array in matrix notation",
            code="differentiable",
            hint="compile the function itself, differentiable: its second derivatives are derived, too",
        )
    functions = [d.name for d in found.declarations.values() if d.is_function]
    if functions:
        raise UnsupportedError(
            f"{functions[0]} is a function that nobody defined, and its derivatives are none of the library's",
            code="differentiable",
            hint=f"define it: where {functions[0]}(t) = …",
        )
    return with_fixed_directions(found)
