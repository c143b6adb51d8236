"""Reference values of functions of arrays, each from its own definition, with how far a point is from where it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from matcalc.checking.oracles.dual_kernels import numeric
from matcalc.checking.values.evaluate import Array, logdet
from matcalc.checking.values.margins import Margin
from matcalc.checking.values.statistics import STATISTICS

__all__ = [
    "FUNCTIONS",
    "KINKS",
    "det",
    "entrywise_power",
    "euclidean",
    "inverse",
    "kinked",
    "matrix_function",
    "multiply",
]


Args = list[Array]


def multiply(a: Array, b: Array) -> Array:
    return a * b if a.shape == (1, 1) or b.shape == (1, 1) else a @ b


def inverse(x: Array, margin: Margin | None) -> Array:
    if margin is not None:
        margin.inverted(x)
    return np.linalg.inv(x)


def entrywise_power(args: Args, margin: Margin | None) -> Array:
    base, exponent = args
    if margin is not None and exponent.size > 1 and np.any((base.real < 0) & (exponent == 0)):
        margin.condition = np.inf  # 1 by the structure of the exponent, but not differentiable by it
    e = exponent if exponent.size > 1 else exponent.item()
    if np.ndim(e) == 0 and float(np.real(e)).is_integer() and np.imag(e) == 0:
        return base ** int(np.real(e))
    power: Array = base**e
    return power


def euclidean(x: Array, margin: Margin | None) -> Array:
    if margin is not None and not np.any(x):
        margin.vanishes = True
    norm: Array = np.sqrt(np.sum(x * x)).reshape(1, 1)
    return norm


KINKS: dict[str, Callable[..., Any]] = {
    "abs": lambda x: x,
    "sign": lambda x: x,
    "relu": lambda x: x,
    "step": lambda x: x,
    "cbrt": lambda x: x,
    "floor": lambda x: x - np.round(x),
    "ceil": lambda x: x - np.round(x),
    "round": lambda x: x - np.floor(x) - 0.5,
    "atan2": lambda y, x: np.where(x < 0, y, np.hypot(x, y)),
    "huber": lambda x, c: np.minimum(np.abs(np.abs(x) - c), np.maximum(c, 0)),
    "norm1": lambda x: x,
    **dict.fromkeys(["greater", "at_least", "equals", "differs"], lambda a, b: a - b),
}


def kinked(name: str, args: Args, margin: Margin | None) -> Array:
    if margin is not None:
        margin.near_in_entries(np.asarray(KINKS[name](*[a.real for a in args])))
    if name in ("abs", "norm1"):
        x = args[0] * np.sign(args[0].real)
        return x if name == "abs" else x.sum().reshape(1, 1)
    if name == "cbrt":
        x = args[0]
        return np.cbrt(x) if not np.iscomplexobj(x) else np.sign(x.real) * (x * np.sign(x.real)) ** (1 / 3)
    return numeric(name, *args)


def _whole(args: Args, place: int) -> int:
    """An optional integer argument, 0 where it is missing."""
    return int(args[place].item().real) if len(args) > place else 0


def _extreme(sign: int) -> Callable[[Args, Margin | None], Array]:
    """max (sign 1) or min (sign -1), of one array or of two."""

    def value(args: Args, margin: Margin | None) -> Array:
        if len(args) == 2:
            a, b = np.broadcast_arrays(*args)
            if margin is not None:
                margin.near_in_entries(a.real - b.real)
            return np.where(sign * a.real >= sign * b.real, a, b)
        flat = args[0].ravel()
        order = np.argsort(-sign * flat.real)
        if margin is not None and flat.size > 1:
            margin.near(flat.real[order[:1]] - flat.real[order[1:2]])
        return flat[order[0]].reshape(1, 1)

    return value


def _eigenvalues(args: Args, margin: Margin | None) -> Array:
    (s,) = args
    values = np.linalg.eigvalsh((s + s.T) / 2)
    if margin is not None and values.size > 1:
        margin.near(np.diff(values))
    return values[:, None]


def _singular_values(args: Args, margin: Margin | None) -> Array:
    values = np.linalg.svd(args[0], compute_uv=False)
    if margin is not None:
        margin.near(np.diff(values))
        margin.near(values)
    return values[:, None]


def _p_norm(args: Args, margin: Margin | None) -> Array:
    if len(args) == 1:
        return euclidean(args[0], margin)
    x, p = args[0], args[1].item()
    if margin is not None and p != 2:
        margin.near_in_entries(x.real)
    total = np.sum((x * np.sign(x.real)) ** p).reshape(1, 1)
    norm: Array = total ** (1 / p)
    return norm


def _largest_entry(args: Args, margin: Margin | None) -> Array:
    return _extreme(1)([kinked("abs", args, margin)], margin)


def _axis_sum(args: Args, margin: Margin | None) -> Array:
    if len(args) == 1:
        return args[0].sum().reshape(1, 1)
    return args[0].sum(axis=int(args[1].item().real) - 1, keepdims=True)


def _axis_mean(args: Args, margin: Margin | None) -> Array:
    if len(args) == 1:
        return args[0].mean().reshape(1, 1)
    return args[0].mean(axis=int(args[1].item().real) - 1, keepdims=True)


def _soft(logarithm: bool) -> Callable[[Args, Margin | None], Array]:
    def value(args: Args, margin: Margin | None) -> Array:
        x = args[0]
        axis = int(args[1].item()) - 1 if len(args) > 1 else (0 if x.shape[1] == 1 else 1)
        shifted = x - x.real.max(axis=axis, keepdims=True)
        total = np.exp(shifted).sum(axis=axis, keepdims=True)
        return shifted - np.log(total) if logarithm else np.exp(shifted) / total

    return value


def _logdet(args: Args, margin: Margin | None) -> Array:
    if margin is not None:
        margin.inverted(args[0])
    return logdet(args[0])


def det(args: Args, margin: Margin | None) -> Array:
    if margin is not None:
        margin.of_determinant(args[0])
    return np.linalg.det(args[0]).reshape(1, 1)


def _adjugate(args: Args, margin: Margin | None) -> Array:
    (x,) = args
    if margin is not None:
        margin.of_determinant(x)
    if len(x) == 1:
        return 0 * x + 1
    places = range(len(x))
    return np.block([[_cofactor(x, j, i) for j in places] for i in places])


def _cofactor(x: Array, i: int, j: int) -> Array:
    """The determinant without row i and column j, with its sign."""
    rows, cols = ([k for k in range(len(x)) if k != left_out] for left_out in (i, j))
    return (-1) ** (i + j) * np.linalg.det(x[rows][:, cols]).reshape(1, 1)


def _diag(args: Args, margin: Margin | None) -> Array:
    (x,) = args
    return np.diag(x[:, 0]) if x.shape[1] == 1 else np.diag(x)[:, None]


def _vech(args: Args, margin: Margin | None) -> Array:
    (x,) = args
    n = len(x)
    places = [(i, j) for j in range(n) for i in range(j, n)]
    return x[[i for i, _ in places], [j for _, j in places]][:, None]


def _pinv(args: Args, margin: Margin | None) -> Array:
    (x,) = args
    if margin is not None:
        margin.pseudoinverted(x)
    return numeric("pinv", x)


def _sign_of_matrix(args: Args, margin: Margin | None) -> Array:
    """Away from eigenvalues on the imaginary axis."""
    if margin is not None:
        margin.near(np.linalg.eigvals(args[0].real).real)
    return numeric("signm", *args)


def matrix_function(name: str) -> Callable[[Args, Margin | None], Array]:
    """logm and sqrtm stay away from the negative real axis."""

    def value(args: Args, margin: Margin | None) -> Array:
        if margin is not None:
            margin.inverted(args[0])
            eigenvalues = np.linalg.eigvals(args[0].real)
            if np.any((eigenvalues.real <= 0) & (np.abs(eigenvalues.imag) < 1e-6)):
                margin.condition = np.inf
        return numeric(name, *args)

    return value


# fmt: off
#: functions that are more than an entrywise one -> their value
FUNCTIONS: dict[str, Callable[[Args, Margin | None], Array]] = {
    **STATISTICS,
    "hypot":      lambda args, margin: np.sqrt(args[0] * args[0] + args[1] * args[1]),
    "max":        _extreme(1),
    "min":        _extreme(-1),
    "tr":         lambda args, margin: np.trace(args[0]).reshape(1, 1),
    "vec":        lambda args, margin: args[0].reshape((-1, 1), order="F"),
    "vech":       _vech,
    "diag":       _diag,
    "sum":        _axis_sum,
    "mean":       _axis_mean,
    "inner":      lambda args, margin: np.sum(args[0] * args[1]).reshape(1, 1),
    "outer":      lambda args, margin: args[0] @ args[1].T,
    "kron":       lambda args, margin: np.kron(*args),
    "sym":        lambda args, margin: (args[0] + args[0].T) / 2,
    "skew":       lambda args, margin: (args[0] - args[0].T) / 2,
    "triu":       lambda args, margin: np.triu(args[0], _whole(args, 1)),
    "tril":       lambda args, margin: np.tril(args[0], _whole(args, 1)),
    "tril_half":  lambda args, margin: np.tril(args[0]) - np.diag(np.diag(args[0])) / 2,
    "inv":        lambda args, margin: inverse(args[0], margin),
    "solve":      lambda args, margin: inverse(args[0], margin) @ args[1],
    "det":        det,
    "logdet":     _logdet,
    "adj":        _adjugate,
    "pinv":       _pinv,
    "quad":       lambda args, margin: args[0].T @ args[1] @ args[0],
    "norm2":      lambda args, margin: euclidean(args[0], margin),
    "norm":       _p_norm,
    "norm_inf":   _largest_entry,
    "norm_nuc":   lambda args, margin: _singular_values(args, margin).sum().reshape(1, 1),
    "norm_spec":  lambda args, margin: _singular_values(args, margin)[:1],
    "normalize":  lambda args, margin: args[0] / euclidean(args[0], margin),
    "eigvals":    _eigenvalues,
    "eigmax":     lambda args, margin: _eigenvalues(args, margin)[-1:],
    "eigmin":     lambda args, margin: _eigenvalues(args, margin)[:1],
    "svdvals":    _singular_values,
    "logm":       matrix_function("logm"),
    "sqrtm":      matrix_function("sqrtm"),
    "signm":      _sign_of_matrix,
    "softmax":    _soft(False),
    "logsoftmax": _soft(True),
    "entropy":    lambda args, margin: -np.sum(args[0] * np.log(args[0])).reshape(1, 1),
    "kl":         lambda args, margin: np.sum(args[0] * np.log(args[0] / args[1])).reshape(1, 1),
    "sqrt":       lambda args, margin: np.sqrt(args[0]),
    "log":        lambda args, margin: np.log(args[0]),
    "log2":       lambda args, margin: np.log(args[0]) / np.log(2),
    "log10":      lambda args, margin: np.log(args[0]) / np.log(10),
    "exp2":       lambda args, margin: 2.0 ** args[0],
    "sec":        lambda args, margin: 1 / np.cos(args[0]),
    "csc":        lambda args, margin: 1 / np.sin(args[0]),
    "cot":        lambda args, margin: 1 / np.tan(args[0]),
    "sech":       lambda args, margin: 1 / np.cosh(args[0]),
    "csch":       lambda args, margin: 1 / np.sinh(args[0]),
    "coth":       lambda args, margin: 1 / np.tanh(args[0]),
    "factorial":  lambda args, margin: numeric("gamma", args[0] + 1),
    "silu":       lambda args, margin: args[0] * numeric("sigmoid", args[0]),
    "gelu":       lambda args, margin: args[0] * (1 + numeric("erf", args[0] / np.sqrt(2))) / 2,
    "pow":        lambda args, margin: entrywise_power(args, margin),
}
# fmt: on
