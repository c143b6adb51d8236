"""Operations as functions of JAX arrays, by `jax.custom_vjp` or `jax.custom_jvp`.

Cotangents are operations with derived cotangents of their own, and tangents with tangents, so that every order is derived.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from matcalc.compiling.differentiable.operations import Operation

__all__ = ["jax_function"]


def jax_function(operation: Operation, moving: Sequence[str], single: bool, mode: str) -> Callable[..., Any]:
    """The function of arrays, or of what becomes one; ``moving`` inputs have derivatives."""
    by_mode = {"vjp": _with_cotangents, "jvp": _with_tangents}
    names = tuple(moving)

    def function(*arguments: Any) -> Any:
        count = len(operation.inputs)
        sizes = tuple(map(int, arguments[count:]))
        outputs = by_mode[mode](operation, names, sizes)(*map(_real, arguments[:count]))
        return outputs[0] if single else outputs

    return function


def _real(x: Any) -> Any:
    x = jnp.asarray(x)
    if jnp.iscomplexobj(x):
        raise TypeError("an argument is an array of real numbers")
    return x if jnp.issubdtype(x.dtype, jnp.floating) else x.astype(float)


@cache
def _with_cotangents(operation: Operation, moving: tuple[str, ...], sizes: tuple[int, ...]) -> Callable[..., Any]:
    """From inputs to outputs, with derived cotangents."""

    @jax.custom_vjp
    def function(*values: Any) -> Any:
        return operation.run((*values, *sizes))

    def forward(*values: Any) -> Any:
        return function(*values), values  # the value is differentiated again, and its code may have loops

    def backward(values: Any, cotangents: Any) -> Any:
        derived = operation.pulled(moving)
        pulled = _with_cotangents(derived, tuple(filter(derived.moves, derived.inputs)), sizes)(*values, *cotangents)
        found = dict(zip(moving, pulled, strict=True))
        return tuple(_typed(found.get(n), v) for n, v in zip(operation.inputs, values, strict=True))

    function.defvjp(forward, backward)
    return function


@cache
def _with_tangents(operation: Operation, moving: tuple[str, ...], sizes: tuple[int, ...]) -> Callable[..., Any]:
    """From inputs to outputs, with derived tangents, which JAX transposes for cotangents."""

    @jax.custom_jvp
    def function(*values: Any) -> Any:
        return operation.run((*values, *sizes))

    @function.defjvp
    def forward(values: Any, tangents: Any) -> Any:
        derived = operation.pushed(moving)
        given = [t for n, t in zip(operation.inputs, tangents, strict=True) if n in moving]
        pushed = _with_tangents(derived, tuple(filter(derived.moves, derived.inputs)), sizes)(*values, *given)
        outputs = function(*values)
        return outputs, tuple(_typed(t, v) for t, v in zip(pushed, outputs, strict=True))

    return function


def _typed(derivative: Any, value: Any) -> Any:
    """In the type of what it belongs to; None is no change."""
    return np.zeros(value.shape, value.dtype) if derivative is None else derivative.astype(value.dtype)
