"""Random complex arrays, and derivatives of functions of NumPy by differences alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

WHERE = (
    "s: complex scalar, z: complex vector(n), a: complex vector(n), b: complex vector(n), y: complex vector(m), "
    "Z: complex matrix(n, n), A: complex matrix(n, n), B: complex matrix(n, n), C: complex matrix(m, n), "
    "Y: complex matrix(n, k), S: hermitian(n), R: hpd(n)"
)
N, M, K = 3, 4, 2
SHAPES = {"s": (), "z": (N,), "a": (N,), "b": (N,), "y": (M,), "Z": (N, N), "A": (N, N), "B": (N, N), "C": (M, N), "Y": (N, K), "S": (N, N), "R": (N, N)}  # fmt: skip


def where_of(names: str) -> str:
    """The declarations of these names alone: "z R"."""
    parts = {
        part.partition(":")[0].strip(): part.strip()
        for part in WHERE.replace("), ", ");").replace("r, ", "r;").split(";")
    }
    return ", ".join(parts[n] for n in names.split())


def point(seed: int = 0) -> dict[str, Any]:
    """A value for every name."""
    rng = np.random.default_rng(seed)
    found = {n: (rng.standard_normal(s) + 1j * rng.standard_normal(s)) * 0.7 for n, s in SHAPES.items()}
    found["S"] = (found["S"] + found["S"].conj().T) / 2
    found["R"] = found["R"] @ found["R"].conj().T + np.eye(N)
    found["Z"] = found["Z"] + 2 * np.eye(N)
    return found


def partials(f: Callable[..., Any], values: Mapping[str, Any], name: str, step: float = 1e-3) -> tuple[Any, Any]:
    """∂f/∂Z and ∂f/∂Z^* of a number f by central differences of fourth order in the real and imaginary part of each entry."""
    z = np.asarray(values[name], complex)
    by_x, by_y = np.zeros(z.shape, complex), np.zeros(z.shape, complex)
    for place in np.ndindex(z.shape):
        for direction, found in ((1, by_x), (1j, by_y)):
            e = np.zeros(z.shape, complex)
            e[place] = direction
            one, two = (
                f(**{**values, name: z + k * step * e}) - f(**{**values, name: z - k * step * e}) for k in (1, 2)
            )
            found[place] = (8 * one - two) / (12 * step)
    return (by_x - 1j * by_y) / 2, (by_x + 1j * by_y) / 2
