"""Compiled second derivatives that are given as linear maps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from matcalc.compiling.calling.forms import Layout
from matcalc.compiling.calling.function import CodeFunction, CompiledFunction
from matcalc.compiling.calling.hessians import LinearMap, Part

__all__ = ["CompiledMap", "projected"]

#: structure of the variable, or of its members -> the projection of a direction onto it
PROJECTIONS: dict[str, Callable[[Any], Any]] = {
    "symmetric": lambda v: (v + np.swapaxes(v, -1, -2)) / 2,
    "skew": lambda v: (v - np.swapaxes(v, -1, -2)) / 2,
    "diagonal": lambda v: v * np.eye(v.shape[-1]),
    "lower": np.tril,
    "upper": np.triu,
}


def projected(structure: str | None, v: Any) -> Any:
    """A direction in the linear space of its variable, one matrix or several below each other."""
    project = PROJECTIONS.get(structure or "")
    return v if project is None else project(v.reshape(-1, v.shape[-1], v.shape[-1])).reshape(v.shape)


class CompiledMap:
    """Code for a second derivative; call it with the variables to get it as a `LinearMap` at that point.

    Attributes:
        source: the code that is executed.
        parameters: the names of the arguments it needs.
        notes: how the text was read, where a reader has to know.
    """

    def __init__(
        self,
        setup: CompiledFunction,
        rank: int,
        structure: str | None,
        sizes: int = 0,
        product: CodeFunction | None = None,
        layout: Layout | None = None,
    ) -> None:
        self._setup = setup
        self._rank = rank
        self._structure = structure
        self._sizes = sizes
        self._product = product
        self._layout = layout
        self.source = setup.source + (f"\n\n{product.source}" if product is not None else "")
        self.parameters = setup.parameters
        self.notes = setup.notes

    def __call__(self, *args: Any, **kwargs: Any) -> LinearMap:
        values = self._setup(*args, **kwargs)
        arrays, shape = values[: -self._rank], tuple(int(s) for s in values[-self._rank :])
        symmetric = self._structure is not None
        if self._layout is not None:
            parts = [Part(kind, tuple(None if k is None else arrays[k] for k in at)) for kind, at in self._layout]
            return LinearMap(parts, shape, None, symmetric)
        ready = arrays[: len(arrays) - self._sizes]
        sizes = [int(s) for s in arrays[len(arrays) - self._sizes :]]
        return LinearMap((), shape, partial(_product, self._product, self._structure, (*ready, *sizes)), symmetric)

    def __repr__(self) -> str:
        return f"<Hessian function ({', '.join(self.parameters)})>"


def _product(code: CodeFunction | None, structure: str | None, ready: Sequence[Any], v: Any) -> Any:
    assert code is not None
    return code(projected(structure, v), *ready)
