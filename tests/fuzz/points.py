"""Points: plain ones, all of them large or small, and singular ones with zeros."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

__all__ = ["SORTS", "drawn_point", "projected"]

#: sort of a point -> how often it is drawn
SORTS = {"plain": 10, "scaled": 2, "zeros": 2}
#: Powers of ten by which all values of a scaled point are multiplied.
SCALES = (-6, -4, -3, -2, 2, 3, 4, 6)


def drawn_point(
    kinds: Mapping[str, str], shapes: Mapping[str, tuple[int, ...]], sort: str, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """A value of each variable, by the kind and the shape of its name."""
    values = {name: _value(kind, shapes[name], rng) for name, kind in kinds.items()}
    if sort == "scaled":
        factor = 10.0 ** rng.choice(SCALES)
        return {n: x if kinds[n] in ("integer", "orthogonal") else factor * x for n, x in values.items()}
    if sort == "zeros":
        return {n: _with_zeros(kinds[n], x, rng) for n, x in values.items()}
    return values


def _value(kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    x = rng.standard_normal(shape) * 0.7
    n = shape[0]
    match kind:
        case "integer":
            return rng.integers(2, 5, shape).astype(float)
        case "positive":
            return np.exp(x / 2)
        case "spd" | "psd":
            return x @ x.T / n + np.diag(rng.uniform(0.5, 1.5, n))
        case "symmetric":
            return (x + x.T) / 2
        case "skew":
            return (x - x.T) / 2
        case "diagonal":
            return np.diag(rng.uniform(0.5, 1.5, n))
        case "lower":
            return np.tril(x, -1) + np.diag(rng.uniform(0.5, 1.5, n))
        case "upper":
            return np.triu(x, 1) + np.diag(rng.uniform(0.5, 1.5, n))
        case "orthogonal":
            return np.linalg.qr(x)[0]
        case "invertible":
            return x * 0.6 + 1.5 * np.eye(n)
    return x


def projected(kind: str, e: np.ndarray) -> np.ndarray:
    """The part of an array within the linear space of a structured variable, its last two axes."""
    flipped = np.swapaxes(e, -1, -2)
    match kind:
        case "symmetric" | "spd" | "psd":
            return (e + flipped) / 2
        case "skew":
            return (e - flipped) / 2
        case "diagonal":
            return e * np.eye(e.shape[-1])
        case "lower":
            return np.tril(e)
        case "upper":
            return np.triu(e)
    return e


def _with_zeros(kind: str, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """All zeros, a smaller rank, or some entries that are 0, as far as the kind allows it."""
    if kind not in ("matrix", "symmetric", "skew", "lower", "upper"):
        return x
    choice = rng.random()
    if choice < 0.25:
        return np.zeros_like(x)
    if choice < 0.6 and min(x.shape) > 1:
        if kind == "matrix":
            v = rng.standard_normal(x.shape[1])
            return x - np.outer(x @ v, v) / (v @ v)
        if kind == "symmetric":
            return x - np.linalg.eigvalsh(x)[0] * np.eye(len(x))
    return projected(kind, x * (rng.random(x.shape) < 0.6))
