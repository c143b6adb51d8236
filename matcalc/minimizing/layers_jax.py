"""A minimiser as a function of JAX with a custom_vjp; inside of `jit` and `vmap` the host solves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

if TYPE_CHECKING:
    from matcalc.minimizing.argmin import Minimiser

__all__ = ["solved"]


def solved(minimiser: Minimiser, data: Mapping[str, Any]) -> Any:
    """The minimiser as an array, differentiable in all data that are arrays of floating-point numbers or numbers."""
    names = [n for n, v in data.items() if not isinstance(v, int)]
    fixed = {n: v for n, v in data.items() if n not in names}
    values = [jnp.asarray(data[n], dtype=float) for n in names]
    return _function(minimiser, tuple(names), fixed)(*values)


def _function(minimiser: Minimiser, names: tuple[str, ...], fixed: Mapping[str, Any]) -> Any:
    def known(values: Any) -> dict[str, Any]:
        return {**fixed, **{n: np.asarray(v, dtype=float) for n, v in zip(names, values, strict=True)}}

    def forward(*values: Any) -> Any:
        shape = minimiser.shape({**fixed, **dict(zip(names, values, strict=True))})
        like = jax.ShapeDtypeStruct(shape, values[0].dtype)  # type: ignore[no-untyped-call]
        return jax.pure_callback(
            lambda *v: minimiser.solve(known(v))[0].astype(like.dtype), like, *values, vmap_method="sequential"
        )

    def backward(kept: Any, g: Any) -> Any:
        like = tuple(jax.ShapeDtypeStruct(v.shape, v.dtype) for v in kept)  # type: ignore[no-untyped-call]
        return jax.pure_callback(pulled, like, g, *kept, vmap_method="sequential")

    def pulled(g: Any, *values: Any) -> Any:
        _, state = minimiser.solve(known(values))
        found = minimiser.pull(state, np.asarray(g, dtype=float), names)
        return tuple(np.asarray(p, dtype=v.dtype) for p, v in zip(found, values, strict=True))

    function = jax.custom_vjp(forward)
    function.defvjp(lambda *values: (forward(*values), values), backward)
    return function
