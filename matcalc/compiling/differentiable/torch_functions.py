"""Operations as functions of PyTorch tensors, by `torch.autograd.Function`.

Where the derivatives are recorded (``create_graph``, `torch.func`), they are operations themselves, with derived cotangents and
tangents of their own. Else the gradient of a number is computed beside its value, and only scaled on the way back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch

from matcalc.compiling.differentiable.operations import Operation

__all__ = ["torch_function"]


def torch_function(operation: Operation, moving: Sequence[str], single: bool) -> Callable[..., Any]:
    """The function of tensors, or of what becomes one; ``moving`` inputs have derivatives."""
    places = [operation.inputs.index(name) for name in moving]

    def function(*arguments: Any) -> Any:
        values = _tensors(arguments, len(operation.inputs))
        outputs = _applied(operation, values, places)
        return outputs[0] if single else outputs

    return function


def _tensors(arguments: Sequence[Any], count: int) -> list[Any]:
    """Inputs as tensors, numbers in the type of the arrays beside them; sizes as they are."""
    found = [_real(a) for a in arguments[:count]]
    first = next((v for v in found if v.ndim), None)
    if first is not None:
        found = [v if v.ndim else v.to(dtype=first.dtype, device=first.device) for v in found]
    return [*found, *arguments[count:]]


def _real(x: Any) -> Any:
    if "Masked" in type(x).__name__:
        raise TypeError("an argument is an array of real numbers")
    x = torch.as_tensor(x)
    if x.is_complex():
        raise TypeError("an argument is an array of real numbers")
    return x if x.is_floating_point() else x.to(torch.get_default_dtype())


def _applied(operation: Operation, values: Sequence[Any], places: Sequence[int]) -> tuple[Any, ...]:
    """The outputs, which PyTorch differentiates by the inputs at these places."""
    moving = tuple(operation.inputs[k] for k in places if values[k].requires_grad)
    if moving and operation.is_number and torch.is_grad_enabled():
        return (_with_slopes(operation, moving).apply(*values)[0],)
    found: tuple[Any, ...] = _recorded(operation).apply(*values)
    return found


class _Derived(torch.autograd.Function):
    """A function with derived tangents, also under `torch.func.vmap`."""

    generate_vmap_rule = True
    operation: Operation

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        _keep(ctx, inputs)

    @classmethod
    def pulled(cls, ctx: Any, cotangents: Sequence[Any]) -> tuple[Any, ...]:
        """The cotangents of all inputs, by a function that has derivatives of its own."""
        operation, needed = cls.operation, ctx.needs_input_grad
        names = tuple(name for name, is_needed in zip(operation.inputs, needed, strict=False) if is_needed)
        if not names:
            return (None,) * len(needed)
        values = _behind(operation, ctx.saved_tensors, cotangents, ctx.sizes)
        found = dict(zip(names, _recorded(operation.pulled(names)).apply(*values), strict=True))
        return tuple(found.get(name) for name in operation.inputs) + (None,) * len(ctx.sizes)

    @classmethod
    def pushed(cls, ctx: Any, tangents: Sequence[Any]) -> tuple[Any, ...]:
        """The tangents of all outputs."""
        operation = cls.operation
        given = {n: t for n, t in zip(operation.inputs, tangents, strict=False) if t is not None and operation.moves(n)}
        values = _behind(operation, ctx.saved_tensors, tuple(given.values()), ctx.sizes)
        found: tuple[Any, ...] = _recorded(operation.pushed(tuple(given))).apply(*values)
        return found


def _keep(ctx: Any, inputs: Sequence[Any], *more: Any) -> None:
    """Inputs for the way back and forth, and more tensors behind them."""
    tensors = [v for v in inputs if isinstance(v, torch.Tensor)]
    ctx.sizes = tuple(inputs[len(tensors) :])
    ctx.save_for_backward(*tensors, *more)
    ctx.save_for_forward(*tensors, *more)


def _behind(operation: Operation, saved: Sequence[Any], more: Sequence[Any], sizes: Sequence[Any]) -> tuple[Any, ...]:
    """The inputs that were kept, further ones, and the sizes last."""
    return (*saved[: len(operation.inputs)], *more, *sizes)


@cache
def _recorded(operation: Operation) -> Any:
    """Of any outputs: both ways are operations."""

    class Recorded(_Derived):
        @staticmethod
        def forward(*values: Any) -> Any:
            return operation.run(values)

        @staticmethod
        def backward(ctx: Any, *cotangents: Any) -> Any:
            return Recorded.pulled(ctx, cotangents)

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            return Recorded.pushed(ctx, tangents)

    Recorded.operation = operation
    return Recorded


@cache
def _with_slopes(operation: Operation, moving: tuple[str, ...]) -> Any:
    """Of a number: its gradients by the ``moving`` inputs are computed beside it, and kept."""
    whole, places = operation.with_slopes(moving), [operation.inputs.index(name) for name in moving]

    class Number(_Derived):
        @staticmethod
        def forward(*values: Any) -> Any:
            return whole.run(values)

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
            ctx.mark_non_differentiable(*output[1:])
            _keep(ctx, inputs, *output[1:])

        @staticmethod
        def backward(ctx: Any, cotangent: Any, *_: Any) -> Any:
            if torch.is_grad_enabled():
                return Number.pulled(ctx, (cotangent,))
            slopes = ctx.saved_tensors[len(operation.inputs) :]
            found = {k: cotangent * slope for k, slope in zip(places, slopes, strict=True)}
            return tuple(map(found.get, range(len(ctx.needs_input_grad))))

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            return (*Number.pushed(ctx, tangents), *(None for _ in moving))

    Number.operation = operation
    return Number
