"""Random arrays and plain NumPy functions for the meanings of `meanings.txt`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.linalg
import scipy.special

__all__ = ["NUMPY", "SIZES", "drawn", "gradient"]

Array = np.ndarray[Any, np.dtype[Any]]
#: The sizes of all rows, pairwise different.
SIZES = {"n": 4, "m": 5, "k": 3, "p": 6, "q": 2, "d": 7, "T": 5, "K": 3, "N": 4}


def drawn(kind: str, rng: np.random.Generator) -> Any:
    """A value for what stands in the brackets of a name: sizes and flags, ``=5`` or the kinds of a function."""
    if kind.startswith("="):
        return float(kind[1:])
    if kind == "fun" or "->" in kind:
        return open_function(kind, int(rng.integers(1 << 30)))
    lengths, *flags = kind.split() if kind.split(" ")[0] not in ("", *_FLAGS) else ["", *kind.split()]
    shape = tuple(SIZES.get(s) or int(s) for s in lengths.split(",") if s)
    value = rng.normal(0, 0.8, shape)
    for flag in flags:
        value = _FLAGS[flag](value)
    return value if shape else float(value)


def _definite(x: Array) -> Array:
    return np.asarray(x @ x.T + 0.5 * np.eye(len(x)))


#: What the flags of a name make of normal values.
_FLAGS: dict[str, Callable[[Array], Array]] = {
    "pos": lambda x: np.abs(x) + 0.3,
    "unit": lambda x: 0.1 + 0.8 / (1 + np.exp(-x)),
    "spd": _definite,
    "sym": lambda x: x + x.T,
    "tiny": lambda x: x / 20,
    "big": lambda x: np.abs(x) + 3,
}


def open_function(kind: str, seed: int) -> Callable[..., Any]:
    """A smooth function that nobody defined: entrywise ("fun"), or "vector->scalar", "scalar->spd:n" and the like."""

    def value(*args: Any) -> Any:
        if kind == "fun":
            return sum(
                np.sin((1.1 + i) * np.asarray(a) + seed % 7) + 0.1 * np.asarray(a) ** 2 for i, a in enumerate(args)
            )
        rng = np.random.default_rng(seed)
        inputs = np.concatenate([np.ravel(a) for a in args])
        structure, _, size = kind.split("->")[1].partition(":")
        length = SIZES[size] if size else len(inputs)
        shape = {"scalar": (), "vector": (length,)}.get(structure, (length, length))
        summed = np.tensordot(rng.normal(0, 0.5, (*shape, len(inputs))), inputs, 1)
        return _definite(np.sin(summed + 1)) if structure == "spd" else np.sin(summed + 1) + 0.1 * summed**2

    return value


def gradient(f: Callable[..., Any], x: Array, step: float = 1e-4) -> Array:
    """∇f(x) of a function of one vector, by differences."""
    steps = step * np.eye(len(x))
    return np.array([(np.sum(f(x + s.reshape(x.shape))) - np.sum(f(x - s.reshape(x.shape)))) / 2 / step for s in steps])


def _maximum(x: Any, y: Any = None) -> Any:
    return np.max(x) if y is None else np.maximum(x, y)


#: The names that meanings may use.
NUMPY: dict[str, Any] = {
    "np": np,
    "special": scipy.special,
    **{
        name: getattr(np, name)
        for name in (
            "abs",
            "exp",
            "log",
            "sqrt",
            "sin",
            "cos",
            "tanh",
            "cosh",
            "sign",
            "arctan",
            "arcsin",
            "cbrt",
            "array",
        )
    },
    **{
        name: getattr(np, name)
        for name in ("sum", "mean", "var", "std", "prod", "maximum", "where", "kron", "outer", "eye")
    },
    **SIZES,
    "pi": math.pi,
    "max": _maximum,
    "grad": gradient,
    "ones": np.ones,
    "diag": np.diag,
    "tr": np.trace,
    "det": np.linalg.det,
    "logdet": lambda x: np.linalg.slogdet(x)[1],
    "inv": np.linalg.inv,
    "pinv": np.linalg.pinv,
    "solve": np.linalg.solve,
    "norm": lambda x: np.sqrt(np.sum(np.square(x))),
    "fro": lambda x: np.sqrt(np.sum(np.square(x))),
    "spec": lambda x: np.linalg.norm(x, 2),
    "nuc": lambda x: np.linalg.norm(x, "nuc"),
    "eigmax": lambda x: np.max(np.linalg.eigvalsh(x)),
    "vec": lambda x: x.flatten("F"),
    "sigmoid": scipy.special.expit,
    "gammafn": scipy.special.gamma,
    "softmax": lambda z: scipy.special.softmax(z, axis=-1),
    "expm": scipy.linalg.expm,
    "logm": lambda x: scipy.linalg.logm(x).real,
    "sqrtm": lambda x: scipy.linalg.sqrtm(x).real,
    "std1": lambda x: np.std(x, ddof=1),
}
