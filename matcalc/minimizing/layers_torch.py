"""A minimiser as an autograd.Function of PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from matcalc.minimizing.argmin import Minimiser

__all__ = ["solved"]


class _Argmin(torch.autograd.Function):
    """Forward solves in NumPy; backward is the adjoint of its conditions."""

    @staticmethod
    def forward(ctx: Any, minimiser: Minimiser, names: tuple[str, ...], *values: Any) -> Any:
        tensors = [v for v in values if isinstance(v, torch.Tensor)]
        data = {
            n: v.detach().cpu().numpy() if isinstance(v, torch.Tensor) else v
            for n, v in zip(names, values, strict=True)
        }
        x, ctx.state = minimiser.solve({n: _double(v) for n, v in data.items()})
        ctx.minimiser, ctx.names = minimiser, names
        ctx.kinds = [v if isinstance(v, torch.Tensor) else None for v in values]
        like = tensors[0] if tensors else torch.zeros((), dtype=torch.float64)
        return torch.as_tensor(np.array(x), dtype=like.dtype, device=like.device)

    @staticmethod
    def backward(ctx: Any, *slopes: Any) -> Any:
        (slope,) = slopes
        wanted = [n for n, needed in zip(ctx.names, ctx.needs_input_grad[2:], strict=True) if needed]
        found = ctx.minimiser.pull(ctx.state, slope.detach().cpu().double().numpy(), wanted)
        by_name = dict(zip(wanted, found, strict=True))
        given = [
            None if n not in by_name else torch.as_tensor(np.array(by_name[n]), dtype=v.dtype, device=v.device)
            for n, v in zip(ctx.names, ctx.kinds, strict=True)
        ]
        return (None, None, *given)


def _double(value: Any) -> Any:
    return value.astype(float) if isinstance(value, np.ndarray) else value


def solved(minimiser: Minimiser, data: Mapping[str, Any]) -> Any:
    """The minimiser as a tensor, of the type of the first tensor among the data."""
    return _Argmin.apply(minimiser, tuple(data), *data.values())  # type: ignore[no-untyped-call]
