"""Logistic regression on more rows than a worker's memory holds: array-API code on Dask arrays, by Newton's method.

The data is made in blocks when it is needed; gradient and Hessian are sums over the blocks, formed by the workers.
"""

from __future__ import annotations

import sys

import dask.array as da
import numpy as np
from dask.distributed import Client, LocalCluster

import matcalc as mc

COLUMNS = 20


def fit(rows: int, block: int, steps: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """The weights that made the labels, and those that were found."""
    f = mc.parse("sum(softplus(-(y .* (A x)))) where A: matrix(m, n), x: vector(n), y: vector(m)")
    newton = mc.compile([mc.gradient(f, "x"), mc.hessian(f, "x")], target="array-api")
    made = np.linspace(-1, 1, COLUMNS)
    A = da.random.default_rng(0).standard_normal((rows, COLUMNS), chunks=(block, COLUMNS))
    y = da.sign(A @ made + da.random.default_rng(1).logistic(size=rows, chunks=block))
    x = np.zeros(COLUMNS)
    for _ in range(steps):
        gradient, hessian = newton(A=A, y=y, x=da.from_array(x))
        gradient, hessian = da.compute(gradient, hessian)
        x = x - np.linalg.solve(hessian, gradient)
    return made, x


def main(rows: int = 6_000_000, block: int = 100_000, memory: str = "500MB") -> None:
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, memory_limit=memory, dashboard_address=None)
    with cluster, Client(cluster):
        made, found = fit(rows, block)
    size = rows * COLUMNS * 8 / 1e6
    print(f"{size:.0f} MB in blocks on two workers of {memory}: error of the weights {np.abs(made - found).max():.3f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
