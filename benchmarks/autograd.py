"""Value and gradient in PyTorch and JAX: by derived backward code, and by the library's own differentiation of the typed function.

``python benchmarks/autograd.py`` prints one line for each function, size and library: microseconds, and their ratio to the
library's own. The variable's gradient is taken, as in training; results are compared before anything is timed.
"""

from __future__ import annotations

import os

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

from collections.abc import Callable
from time import perf_counter, process_time
from types import SimpleNamespace
from typing import Any

import numpy as np
from functions import CASES, Case

import matcalc as mc

Call = Callable[[], Any]


def of_torch(case: Case, data: dict[str, Any]) -> tuple[Call, Call]:
    """(derived, as typed): each the gradient after a forward and a backward pass."""
    import torch

    torch.set_num_threads(1)
    ops = SimpleNamespace(
        sum=torch.sum, tanh=torch.tanh, softplus=torch.nn.functional.softplus, slogdet=torch.linalg.slogdet,
        inv=torch.linalg.inv, trace=torch.trace, logsumexp=lambda u: torch.logsumexp(u, 0),
    )  # fmt: skip
    arrays = {n: torch.as_tensor(v, dtype=torch.float64) for n, v in data.items()}
    moving = arrays[case.variable].requires_grad_(True)
    derived = mc.compile(case.text, target="torch", differentiable=True)
    return (
        lambda: torch.autograd.grad(derived(**arrays), moving)[0],
        lambda: torch.autograd.grad(case.value(ops, *arrays.values()), moving)[0],
    )


def of_jax(case: Case, data: dict[str, Any]) -> tuple[Call, Call]:
    """(derived, as typed): each ``jax.jit(jax.grad(…))``, compiled before."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    ops = SimpleNamespace(
        sum=jnp.sum, tanh=jnp.tanh, softplus=lambda u: jnp.logaddexp(0, u), slogdet=jnp.linalg.slogdet,
        inv=jnp.linalg.inv, trace=jnp.trace, logsumexp=jax.nn.logsumexp,
    )  # fmt: skip
    arrays = [jnp.asarray(v) for v in data.values()]
    place = list(data).index(case.variable)
    derived = mc.compile(case.text, target="jax", differentiable=True)
    own = jax.jit(jax.grad(lambda *a: derived(**dict(zip(data, a, strict=True))), place))
    typed = jax.jit(jax.grad(lambda *a: case.value(ops, *a), place))
    return lambda: own(*arrays).block_until_ready(), lambda: typed(*arrays).block_until_ready()


def timed(calls: tuple[Call, ...], seconds: float = 0.4) -> list[float]:
    """The median processor time of each, taken in turns: the machine may have other work."""
    taken: list[list[float]] = [[] for _ in calls]
    end = perf_counter() + seconds * len(calls)
    while perf_counter() < end or len(taken[0]) < 5:
        for call, times in zip(calls, taken, strict=True):
            start = process_time()
            call()
            times.append(process_time() - start)
    return [float(np.median(times)) for times in taken]


def main() -> None:
    print("| function | n | library | derived | as typed | ratio |\n|---|--:|---|--:|--:|--:|")
    for case in CASES:
        for n in case.sizes:
            for library, make in (("PyTorch", of_torch), ("JAX", of_jax)):
                if case.name == "d inv(X)":
                    continue  # no number
                calls = make(case, case.data(n))
                assert np.allclose(*(np.asarray(call()) for call in calls), rtol=1e-6)
                own, typed = timed(calls)
                print(
                    f"| {case.name} | {n} | {library} | {own * 1e6:.0f} µs | {typed * 1e6:.0f} µs | {own / typed:.2f} |"
                )


if __name__ == "__main__":
    main()
