"""JAX: pure functions, compiled by ``jax.jit`` on their first call."""

from __future__ import annotations

from matcalc.compiling.emitter import PRODUCT, UNARY, Emitter, Text
from matcalc.compiling.program import Value
from matcalc.compiling.targets import python
from matcalc.compiling.targets.python import PythonTarget

__all__ = ["JAX"]

FUNCTIONS = {
    **python.FUNCTIONS,
    "relu": "jnp.maximum({0}, 0)",
    "cbrt": "jnp.cbrt({0})",
    "erf": "jax.scipy.special.erf({0})",
    "erfc": "jax.scipy.special.erfc({0})",
    "lgamma": "jax.scipy.special.gammaln({0})",
    "digamma": "jax.scipy.special.digamma({0})",
    "trigamma": "jax.scipy.special.polygamma(1, {0})",
    "polygamma": "jax.scipy.special.polygamma({0}, {1})",
}

CALLS = {
    **python.CALLS,
    "expm": "jax.scipy.linalg.expm({0})",
    "frechet_expm": "_frechet_expm({args})",
    "sylvester": "_sylvester({0}, {1}, {2})",
}

HELPERS = python.filled(python.HELPERS, "jnp", "", dtype=False) | {
    "_frechet_expm": """def _frechet_expm(x, *directions):
    n = x.shape[-1]
    shape = jnp.broadcast_shapes(x.shape, *(e.shape for e in directions))
    x = jnp.broadcast_to(x, shape).reshape(-1, n, n)
    for e in directions:
        size = x.shape[-1]
        e = jnp.broadcast_to(e, shape).reshape(-1, 1, n, 1, n)
        corner = (jnp.eye(size // n)[:, None, :, None] * e).reshape(-1, size, size)
        upper = jnp.concatenate([x, corner], axis=-1)
        lower = jnp.concatenate([jnp.zeros_like(x), x], axis=-1)
        x = jnp.concatenate([upper, lower], axis=-2)
    return jax.scipy.linalg.expm(x)[:, :n, -n:].reshape(shape)
""",
    "_sylvester": """def _sylvester(a, b, c):
    m, n = c.shape[-2:]
    system = jnp.kron(jnp.eye(n), a) + jnp.kron(b.T, jnp.eye(m))
    right = jnp.swapaxes(c, -1, -2).reshape(-1, m * n)
    solved = jnp.linalg.solve(system, right.T).T.reshape(*c.shape[:-2], n, m)
    return jnp.swapaxes(solved, -1, -2)
""",
}


def _matmul(e: Emitter, v: Value, args: list[Text]) -> Text:
    """x A for A^T x: XLA does not move the matrix then."""
    left, right = v.args
    if left.op == "permute" and left.rank == 2 and right.rank == 1:
        return Text(f"{args[1].at(PRODUCT)} @ {e.texts[left.args[0]].at(UNARY)}", PRODUCT)
    return python.ROWS["matmul"](e, v, args)


JAX = PythonTarget(
    name="jax",
    module="jnp",
    rows={**python.ROWS, "matmul": _matmul},
    functions=FUNCTIONS,
    calls=CALLS,
    helpers=HELPERS,
    imports={
        "math": "import math",
        "partial": "from functools import partial",
        "jax": "import jax",
        "jnp": "import jax.numpy as jnp",
    },
    reserved=python.RESERVED | {"jax", "jnp", "math", "partial", *HELPERS},
    decorator="@jax.jit",
    static_decorator="@partial(jax.jit, static_argnames=({static}))",
    convert=(("{name} = jnp.asarray({name})",), ("{name} = jnp.asarray({name})",)),
)
