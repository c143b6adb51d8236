"""JAX: pure functions, compiled by ``jax.jit`` on their first call."""

from __future__ import annotations

from matcalc.compiling.emitting.emitter import Emitter
from matcalc.compiling.emitting.libraries import Conversions, PythonTarget
from matcalc.compiling.emitting.source import python_source
from matcalc.compiling.emitting.static import is_static
from matcalc.compiling.emitting.target import MATRICES, PRODUCT, UNARY, Text
from matcalc.compiling.planning.program import Value
from matcalc.compiling.targets.in_python import conversions, helpers, python, special_helpers
from matcalc.compiling.targets.in_python.helpers import filled
from matcalc.compiling.targets.in_python.python_arrays import accumulated_row, chain_row, cumulative_row
from matcalc.compiling.targets.shifts import PYTHON_HELPERS

__all__ = ["JAX"]

HELPERS = (
    conversions.HELPERS["jax"]
    | filled(
        {**helpers.HELPERS, **special_helpers.SPECIAL_FUNCTIONS, **helpers.MATRIX_FUNCTIONS, **PYTHON_HELPERS},
        "jnp",
        "",
        dtype=True,
    )
    | {
        "_cumulative": """def _cumulative(x, axis, backward, without):
    if backward:
        return jnp.flip(_cumulative(jnp.flip(x, axis), axis, False, without), axis)
    if without:
        zero, others = jnp.zeros_like(jnp.take(x, jnp.asarray([0]), axis=axis)), jnp.delete(x, -1, axis=axis)
        x = jnp.concatenate([zero, others], axis=axis)
    return jnp.cumsum(x, axis=axis)
""",
        "_expm": """def _expm(x):
    return jax.scipy.linalg.expm(x)
""",
        "_length": """def _length(x):
    # divided by its largest entry first: its square may be no number
    top = jax.lax.stop_gradient(jnp.max(jnp.abs(x)))
    scale = jnp.where((top > 0) & (top < jnp.inf), top, 1.0)
    return scale * jnp.sqrt(jnp.sum((x / scale) ** 2))
""",
        "_adjugate": """def _adjugate(x):
    # a pivot 0 gives way to one of the size of the rounding errors
    lu, pivots = jax.scipy.linalg.lu_factor(x)
    least = jnp.finfo(x.dtype).eps * jnp.max(jnp.abs(x), axis=(-2, -1))[..., None]
    diagonal = jnp.diagonal(lu, axis1=-2, axis2=-1)
    added = jnp.where(
        jnp.abs(diagonal) <= jnp.finfo(x.dtype).eps * least,
        least + jnp.finfo(x.dtype).tiny,
        0.0,
    )
    sign = jnp.prod(jnp.where(pivots == jnp.arange(x.shape[-1]), 1.0, -1.0), axis=-1)
    size = sign * jnp.prod(diagonal + added, axis=-1)
    eye = jnp.eye(x.shape[-1], dtype=x.dtype)
    inverse = jax.scipy.linalg.lu_solve(
        (lu + added[..., None] * eye, pivots), jnp.broadcast_to(eye, x.shape)
    )
    return size[..., None, None] * inverse
""",
        "_frechet_adj": """def _frechet_adj(x, size, *directions):
    # the derivatives of a polynomial: by the inverse where that loses few digits
    inverse = jnp.linalg.inv(x)
    lost = jnp.sum(x * x, axis=(-2, -1)) * jnp.sum(inverse * inverse, axis=(-2, -1))
    limit = (1e-11 / jnp.finfo(x.dtype).eps) ** (2 / len(directions))

    def regular():
        return size[..., None, None] * _regular_frechet_adj(inverse, *directions)

    return jax.lax.cond(
        jnp.all(lost < limit), regular, lambda: _singular_frechet_adj(x, *directions)
    )
""",
        "_sqrtm": """def _sqrtm(x):
    # the product form of the Denman–Beavers iteration, scaled by determinants
    n, eye = x.shape[-1], jnp.eye(x.shape[-1])

    def step(k, state):
        root, rest = state
        size = jnp.abs(jnp.linalg.det(rest))[..., None, None]
        scale = jnp.where(k < 6, size ** (-0.5 / n), 1.0)
        inverse = jnp.linalg.inv(rest)
        root = (scale / 2 * root) @ (eye + inverse / scale**2)
        return root, (eye + (scale**2 * rest + inverse / scale**2) / 2) / 2

    return jax.lax.fori_loop(0, 20, step, (x, x))[0]
""",
        "_frechet_power": """def _frechet_power(x, *rest):
    # squares of x + sum(e_i) with e_i e_i = 0: a part for each set of directions
    *directions, exponent = rest
    exponent = jnp.round(exponent).astype(int)
    sets = range(2 ** len(directions))
    zero = sum((0 * e for e in directions), 0 * x)
    parts = [x + zero] + [zero] * (len(sets) - 1)
    for i, e in enumerate(directions):
        parts[1 << i] = e + zero

    def product(a, b, s, least):
        return sum(a[t] @ b[s ^ t] for t in sets if t & s == t and t >= least)

    def inverted(a):
        result = [jnp.linalg.inv(a[0])]
        for s in sets[1:]:
            result.append(-result[0] @ product(a, result, s, 1))
        return result

    def step(state):
        left, power, parts = state
        longer = [product(power, parts, s, 0) for s in sets]
        power = [jnp.where(left % 2 == 1, a, b) for a, b in zip(longer, power)]
        return left // 2, power, [product(parts, parts, s, 0) for s in sets]

    parts = jax.lax.cond(exponent < 0, inverted, lambda a: a, parts)
    one = [jnp.eye(x.shape[-1]) + zero] + [zero] * (len(sets) - 1)
    state = (jnp.abs(exponent), one, parts)
    return jax.lax.while_loop(lambda state: state[0] > 0, step, state)[1][-1]
""",
        "_logm": """def _logm(x):
    # square roots until the series of 2 artanh((x - 1) / (x + 1)) is short
    eye = jnp.eye(x.shape[-1])

    def is_far(state):
        norm = jnp.max(jnp.sum(jnp.abs(state[0] - eye), axis=-2))
        return (norm > 0.2) & (state[1] < 1e15)

    def halved(state):
        return _sqrtm(state[0]), 2 * state[1]

    x, scale = jax.lax.while_loop(is_far, halved, (x, 2.0))
    z = jnp.linalg.solve(x + eye, x - eye)
    square, series = z @ z, eye / 21
    for k in range(19, 0, -2):
        series = series @ square + eye / k
    return scale * z @ series
""",
    }
)


def _matmul(e: Emitter, v: Value, args: list[Text]) -> Text:
    """x A for A^T x: XLA does not move the matrix then."""
    left, right = v.args
    if left.op == "permute" and left.rank == 2 and right.rank == 1:
        return Text(f"{args[1].at(PRODUCT)} @ {e.texts[left.args[0]].at(UNARY)}", MATRICES)
    return python.ROWS["matmul"](e, v, args)


def _integer_power(e: Emitter, v: Value, args: list[Text]) -> Text:
    """The exponent may be an argument, which jit does not know."""
    if is_static(v.args[1]):
        return python.ROWS["integer_power"](e, v, args)
    return Text(f"_frechet_power({args[0].text}, {args[1].text})")


JAX = PythonTarget(
    name="jax",
    write=python_source,
    traces=True,
    module="jnp",
    rows={
        **python.ROWS,
        "matmul": _matmul,
        "integer_power": _integer_power,
        "chain": chain_row,
        "cumulative": cumulative_row,
        "log_cumulative": accumulated_row("jax.lax.cumlogsumexp({0})"),
    },
    made=python.MADE,
    helpers=HELPERS,
    imports={
        "itertools": "import itertools",
        "math": "import math",
        "partial": "from functools import partial",
        "jax": "import jax",
        "jnp": "import jax.numpy as jnp",
    },
    reserved=python.RESERVED | {"itertools", "jax", "jnp", "math", "partial", "dtype", *HELPERS},
    decorator="@jax.jit",
    static_decorator="@partial(jax.jit, static_argnames=({static}))",
    fuses=True,
    options={"dtype": ", dtype=dtype"},
    default_type="float",
    common_type="jnp.result_type({names})",
    convert=Conversions("{name} = _real({name})", "{name} = _real({name})", "{name} = _real({name})"),
)
