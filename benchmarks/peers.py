"""The derivatives of other libraries, ready to be called: each takes a case, its order and data, and gives a function."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
from functions import Case

__all__ = ["PEERS", "Call"]

Call = Callable[[], Any]
Arrays = dict[str, Any]


def jax_jit(case: Case, order: int, data: Arrays) -> Call:
    """``jax.jit`` of ``jax.grad``, ``jax.jacobian`` or ``jax.hessian``."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    ops = SimpleNamespace(
        sum=jnp.sum,
        tanh=jnp.tanh,
        softplus=lambda u: jnp.logaddexp(0, u),
        slogdet=jnp.linalg.slogdet,
        inv=jnp.linalg.inv,
        trace=jnp.trace,
        logsumexp=jax.nn.logsumexp,
    )
    place = list(data).index(case.variable)
    make = jax.hessian if order == 2 else jax.jacobian if case.name == "d inv(X)" else jax.grad
    function = jax.jit(make(lambda *arrays: case.value(ops, *arrays), argnums=place))
    arrays = [jnp.asarray(x) for x in data.values()]
    return lambda: function(*arrays).block_until_ready()


def torch_func(case: Case, order: int, data: Arrays) -> Call:
    """``torch.func.grad``, ``jacrev`` or ``hessian``, eager."""
    import torch

    torch.set_num_threads(1)
    ops = SimpleNamespace(
        sum=torch.sum,
        tanh=torch.tanh,
        softplus=torch.nn.functional.softplus,
        slogdet=torch.linalg.slogdet,
        inv=torch.linalg.inv,
        trace=torch.trace,
        logsumexp=lambda u: torch.logsumexp(u, 0),
    )
    place = list(data).index(case.variable)
    make: Any = torch.func.hessian if order == 2 else torch.func.jacrev if case.name == "d inv(X)" else torch.func.grad
    function = make(lambda *arrays: case.value(ops, *arrays), argnums=place)
    arrays = [torch.as_tensor(x, dtype=torch.float64) for x in data.values()]
    return lambda: function(*arrays)


def hips_autograd(case: Case, order: int, data: Arrays) -> Call:
    """HIPS autograd's ``grad``, ``jacobian`` or ``hessian``."""
    import autograd
    import autograd.numpy as anp
    from autograd.scipy.special import logsumexp

    ops = SimpleNamespace(
        sum=anp.sum,
        tanh=anp.tanh,
        softplus=lambda u: anp.logaddexp(0, u),
        slogdet=anp.linalg.slogdet,
        inv=anp.linalg.inv,
        trace=anp.trace,
        logsumexp=logsumexp,
    )
    place = list(data).index(case.variable)
    make = autograd.hessian if order == 2 else autograd.jacobian if case.name == "d inv(X)" else autograd.grad
    function = make(lambda *arrays: case.value(ops, *arrays), place)
    arrays = list(data.values())
    return lambda: function(*arrays)


def sympy_lambdify(case: Case, order: int, data: Arrays) -> Call | None:
    """SymPy's derivative of matrix expressions by ``lambdify``, where it has one."""
    import sympy

    if case.sympy is None or (order == 2 and case.name != "quad"):
        return None
    symbols = [_symbol(sympy, name, np.shape(x)) for name, x in data.items()]
    place = list(data).index(case.variable)
    expression = case.sympy(sympy, *symbols)
    for _ in range(order):
        expression = expression.diff(symbols[place])
    function = sympy.lambdify(symbols, expression.doit(), "numpy")
    arrays = [x[:, None] if np.ndim(x) == 1 else x for x in data.values()]
    return lambda: function(*arrays)


def _symbol(sympy: Any, name: str, shape: tuple[int, ...]) -> Any:
    return sympy.MatrixSymbol(name, *(*shape, 1)[:2]) if shape else sympy.Symbol(name)


#: heading of the column -> the derivative of a library
PEERS: dict[str, Callable[[Case, int, Arrays], Call | None]] = {
    "JAX": jax_jit,
    "PyTorch": torch_func,
    "autograd": hips_autograd,
    "SymPy": sympy_lambdify,
}
